#include <stdio.h>
#include <string.h>

#include <base/changed.h>
#include <base/text.h>

struct words {
    char *out;
    size_t used;
};

static void add(struct words *words, const char *name, const char *value)
{
    int more = snprintf(words->out + words->used, CHANGED_BYTES - words->used, "  %s%s%s", name,
                        name[0] == '\0' ? "" : " ", value);
    words->used += more > 0 && (size_t)more < CHANGED_BYTES - words->used ? (size_t)more : 0;
    words->out[words->used] = '\0'; /* whole ones only */
}

static void add_number(struct words *words, const char *name, double value, double usual)
{
    char number[32];
    if (value != usual)
        add(words, name, text_short(number, value, 6));
}

char *changed_text(char out[CHANGED_BYTES], const struct ifl_params *params)
{
    struct ifl_params usual = ifl_params_default();
    struct words words = {.out = out};
    char number[32];
    out[0] = '\0';
    if (params->width != usual.width)
        add(&words, "", ifl_width_rule_name(params->width));
    ifl_params_set_width(&usual, params->width);
    add_number(&words, "h", params->h, usual.h);
    add_number(&words, "h-error", params->h_error, usual.h_error);
    add_number(&words, "h-label", params->h_label, usual.h_label);
    add_number(&words, "alpha", params->alpha, usual.alpha);
    if (params->composition != usual.composition)
        add(&words, "", ifl_composition_name(params->composition));
    snprintf(number, sizeof number, "%zu", params->pairs);
    if (params->pairs != 0)
        add(&words, "pairs", number);
    snprintf(number, sizeof number, "%llu", (unsigned long long)params->seed);
    if (params->pairs != 0 && params->seed != 0)
        add(&words, "seed", number);
    return out;
}
