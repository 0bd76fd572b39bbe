#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/text.h>

#include "settings.h"

static const double width_step = 1.05, alpha_step = 0.01;
static const double width_min = 1e-6, width_max = 1e6;

static const char *const names[PARAMETERS] = {"h", "h-error", "h-label", "alpha", "width", "composition", "pairs", "seed"};

const char *parameter_name(enum parameter parameter)
{
    return names[parameter];
}

static char *number_text(char out[32], double value)
{
    if (!isinf(value))
        return text_short(out, value, 4);
    snprintf(out, 32, "inf");
    return out;
}

char *parameter_text(char out[32], const struct ifl_params *params, enum parameter parameter)
{
    switch (parameter) {
    case PARAMETER_H:
        return number_text(out, params->h);
    case PARAMETER_H_ERROR:
        return number_text(out, params->h_error);
    case PARAMETER_H_LABEL:
        if (params->h_label > 0)
            return number_text(out, params->h_label);
        snprintf(out, 32, "delta");
        return out;
    case PARAMETER_ALPHA:
        return number_text(out, params->alpha);
    case PARAMETER_WIDTH:
        snprintf(out, 32, "%s", ifl_width_rule_name(params->width));
        return out;
    case PARAMETER_COMPOSITION:
        snprintf(out, 32, "%s", ifl_composition_name(params->composition));
        return out;
    case PARAMETER_SEED:
        snprintf(out, 32, "%" PRIu64, params->seed);
        return out;
    default:
        snprintf(out, 32, "%zu", params->pairs);
        if (params->pairs == 0)
            snprintf(out, 32, "all");
        return out;
    }
}

static bool same(const struct ifl_params *a, const struct ifl_params *b, enum parameter parameter)
{
    switch (parameter) {
    case PARAMETER_H:
        return a->h == b->h;
    case PARAMETER_H_ERROR:
        return a->h_error == b->h_error;
    case PARAMETER_H_LABEL:
        return a->h_label == b->h_label;
    case PARAMETER_ALPHA:
        return a->alpha == b->alpha;
    case PARAMETER_WIDTH:
        return a->width == b->width;
    case PARAMETER_COMPOSITION:
        return a->composition == b->composition;
    case PARAMETER_SEED: /* of a sample: where there is none it says nothing */
        return a->seed == b->seed || (a->pairs == 0 && b->pairs == 0);
    default:
        return a->pairs == b->pairs;
    }
}

bool parameter_is_default(const struct ifl_params *params, enum parameter parameter)
{
    struct ifl_params standard = ifl_params_default();
    if (parameter == PARAMETER_H || parameter == PARAMETER_H_ERROR)
        ifl_params_set_width(&standard, params->width);
    return same(params, &standard, parameter);
}

bool params_equal(const struct ifl_params *a, const struct ifl_params *b)
{
    for (int k = 0; k < PARAMETERS; k++)
        if (!same(a, b, (enum parameter)k))
            return false;
    return true;
}

/* ---- changes ---- */

static struct setting setting_of(const struct ifl_params *params)
{
    return (struct setting){.params = *params, .h = {params->h, 0}, .h_error = {params->h_error, 0}};
}

void settings_init(struct settings *settings, const struct ifl_params *params)
{
    *settings = (struct settings){.now = setting_of(params)};
}

static void push(struct setting stack[SETTINGS_UNDO], size_t *count, const struct setting *setting)
{
    if (*count == SETTINGS_UNDO)
        memmove(stack, stack + 1, --*count * sizeof *stack);
    stack[(*count)++] = *setting;
}

static void change(struct settings *settings, const struct setting *next)
{
    push(settings->past, &settings->n_past, &settings->now);
    settings->n_undone = 0;
    settings->now = *next;
}

static bool step_width(struct width_grid *grid, double *width, int direction)
{
    double next = grid->anchor * pow(width_step, grid->steps + direction);
    if (next < width_min || next > width_max)
        return false;
    grid->steps += direction;
    *width = next;
    return true;
}

static bool step_alpha(double *alpha, int direction)
{
    /* Rounded, so that ten steps from 1.01 to 1.11 are 1.11 and one down is exactly 1. */
    double next = round((*alpha + direction * alpha_step) * 1e9) / 1e9;
    if (!isfinite(next) || (*alpha <= 0 && direction < 0))
        return false;
    *alpha = next > 0 ? next : 0;
    return true;
}

/* Each rule has its usual h: what is usual under one says nothing under another. */
static void set_width_rule(struct setting *setting, enum ifl_width_rule rule)
{
    struct ifl_params params = setting->params;
    if (params.width == rule)
        return;
    ifl_params_set_width(&params, rule);
    *setting = setting_of(&params);
}

bool settings_step(struct settings *settings, enum parameter parameter, int direction)
{
    struct setting next = settings->now;
    bool moved = false;
    settings->touched = parameter;
    if (parameter == PARAMETER_H)
        moved = step_width(&next.h, &next.params.h, direction);
    else if (parameter == PARAMETER_H_ERROR)
        moved = step_width(&next.h_error, &next.params.h_error, direction);
    else if (parameter == PARAMETER_ALPHA)
        moved = step_alpha(&next.params.alpha, direction);
    else if (parameter == PARAMETER_WIDTH) {
        int rule = (int)next.params.width + direction + IFL_WIDTH_RULES;
        set_width_rule(&next, (enum ifl_width_rule)(rule % IFL_WIDTH_RULES));
        moved = true;
    } else if (parameter == PARAMETER_COMPOSITION) {
        int composition = (int)next.params.composition + direction + IFL_COMPOSITIONS;
        next.params.composition = (enum ifl_composition)(composition % IFL_COMPOSITIONS);
        moved = true;
    }
    if (moved)
        change(settings, &next);
    return moved;
}

void settings_default(struct settings *settings)
{
    struct ifl_params standard = ifl_params_default();
    struct setting next = setting_of(&standard);
    change(settings, &next);
}

bool settings_undo(struct settings *settings)
{
    if (settings->n_past == 0)
        return false;
    push(settings->undone, &settings->n_undone, &settings->now);
    settings->now = settings->past[--settings->n_past];
    return true;
}

bool settings_redo(struct settings *settings)
{
    if (settings->n_undone == 0)
        return false;
    push(settings->past, &settings->n_past, &settings->now);
    settings->now = settings->undone[--settings->n_undone];
    return true;
}

/* ---- typed values ---- */

static enum ifl_status parse_number(const char *name, const char *text, double *out, struct ifl_error *error)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || isnan(value))
        return ifl_fail(error, IFL_INVALID, "%s: `%s` is not a number", name, text);
    *out = value;
    return IFL_OK;
}

static enum ifl_status parse_pairs(const char *text, size_t *out, struct ifl_error *error)
{
    if (strcmp(text, "all") == 0) {
        *out = 0;
        return IFL_OK;
    }
    char *end;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    if (!isdigit((unsigned char)text[0]) || *end != '\0' || errno != 0 || value == 0)
        return ifl_fail(error, IFL_INVALID, "pairs: `%s` is neither `all` nor a whole number above 0", text);
    *out = value;
    return IFL_OK;
}

static enum ifl_status parse_seed(const char *text, uint64_t *out, struct ifl_error *error)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (!isdigit((unsigned char)text[0]) || *end != '\0' || errno != 0)
        return ifl_fail(error, IFL_INVALID, "seed: `%s` is not a whole number", text);
    *out = value;
    return IFL_OK;
}

static enum ifl_status parse_composition(struct setting *next, const char *text, struct ifl_error *error)
{
    if (!ifl_composition_parse(text, &next->params.composition))
        return ifl_fail(error, IFL_INVALID, "composition: `%s` is none of hadamard, tensor, geometric", text);
    return IFL_OK;
}

static enum ifl_status parse_width_rule(struct setting *next, const char *text, struct ifl_error *error)
{
    enum ifl_width_rule rule;
    if (!ifl_width_rule_parse(text, &rule))
        return ifl_fail(error, IFL_INVALID, "width: `%s` is none of silverman, scaled, median, knn, alignment, fixed",
                        text);
    set_width_rule(next, rule);
    return IFL_OK;
}

static enum ifl_status parse_value(struct setting *next, enum parameter parameter, const char *text,
                                   struct ifl_error *error)
{
    struct ifl_params *params = &next->params;
    enum ifl_status status;
    switch (parameter) {
    case PARAMETER_H:
        status = parse_number("h", text, &params->h, error);
        next->h = (struct width_grid){params->h, 0};
        break;
    case PARAMETER_H_ERROR:
        status = parse_number("h-error", text, &params->h_error, error);
        next->h_error = (struct width_grid){params->h_error, 0};
        break;
    case PARAMETER_H_LABEL:
        if (strcmp(text, "delta") == 0)
            text = "0";
        status = parse_number("h-label", text, &params->h_label, error);
        break;
    case PARAMETER_ALPHA:
        status = parse_number("alpha", text, &params->alpha, error);
        break;
    case PARAMETER_PAIRS:
        status = parse_pairs(text, &params->pairs, error);
        break;
    case PARAMETER_SEED:
        status = parse_seed(text, &params->seed, error);
        break;
    case PARAMETER_WIDTH:
        status = parse_width_rule(next, text, error);
        break;
    default:
        status = parse_composition(next, text, error);
    }
    return status == IFL_OK ? ifl_params_check(params, error) : status;
}

/* The words of a typed line, divided by blanks or `=`; how many there are (at most 3 are looked for). */
static size_t split(char *text, char *words[3])
{
    size_t count = 0;
    char *rest = NULL;
    for (char *word = strtok_r(text, " \t=", &rest); word != NULL && count < 3; word = strtok_r(NULL, " \t=", &rest))
        words[count++] = word;
    return count;
}

enum ifl_status settings_type(struct settings *settings, const char *text, struct ifl_error *error)
{
    char copy[128], *words[3];
    if (strlen(text) >= sizeof copy)
        return ifl_fail(error, IFL_INVALID, "too long for a parameter");
    snprintf(copy, sizeof copy, "%s", text);
    size_t count = split(copy, words);
    if (count == 0)
        return ifl_fail(error, IFL_INVALID, "nothing typed: NAME VALUE, or a value for %s", names[settings->touched]);
    if (count > 2)
        return ifl_fail(error, IFL_INVALID, "`%s` is too much: NAME VALUE", words[2]);

    enum parameter parameter = settings->touched;
    int k = 0;
    while (k < PARAMETERS && strcmp(words[0], names[k]) != 0)
        k++;
    if (count == 1 && k < PARAMETERS)
        return ifl_fail(error, IFL_INVALID, "%s: needs a value: %s VALUE", names[k], names[k]);
    if (count == 2) {
        if (k == PARAMETERS)
            return ifl_fail(error, IFL_INVALID,
                            "no parameter `%s`: h, h-error, h-label, alpha, width, composition, pairs, seed", words[0]);
        parameter = (enum parameter)k;
    }
    return settings_set(settings, parameter, words[count - 1], error);
}

enum ifl_status settings_set(struct settings *settings, enum parameter parameter, const char *value,
                             struct ifl_error *error)
{
    struct setting next = settings->now;
    enum ifl_status status = parse_value(&next, parameter, value, error);
    if (status != IFL_OK)
        return status;
    settings->touched = parameter;
    change(settings, &next);
    return IFL_OK;
}
