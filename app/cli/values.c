/* The values of options, as numbers and names. A value that its option's pattern lists is one of these when it gets
 * here. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cli/options.h>
#include <intake/intake.h>

enum ifl_status read_number(const char *text, double *out, struct ifl_error *error)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || isnan(value))
        return ifl_fail(error, IFL_INVALID, "'%s' is not a number", text);
    *out = value;
    return IFL_OK;
}

enum ifl_status read_count(const char *text, unsigned long long most, unsigned long long *out, struct ifl_error *error)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || value > most)
        return ifl_fail(error, IFL_INVALID, "'%s' is not a whole number from 0 to %llu", text, most);
    *out = value;
    return IFL_OK;
}

enum ifl_status read_alpha(struct arguments *a, const char *value, struct ifl_error *error)
{
    return read_number(value, &a->params.alpha, error);
}

enum ifl_status read_h(struct arguments *a, const char *value, struct ifl_error *error)
{
    a->h_given = true;
    return read_number(value, &a->params.h, error);
}

enum ifl_status read_h_error(struct arguments *a, const char *value, struct ifl_error *error)
{
    a->h_error_given = true;
    return read_number(value, &a->params.h_error, error);
}

enum ifl_status read_h_label(struct arguments *a, const char *value, struct ifl_error *error)
{
    double h = 0;
    enum ifl_status status = read_number(value, &h, error);
    if (status == IFL_OK && !(h > 0)) /* 0 is how the core is told of the delta kernel */
        return ifl_fail(error, IFL_INVALID, "must be above 0, not %s", value);
    if (status == IFL_OK)
        a->params.h_label = h;
    return status;
}

enum ifl_status read_width(struct arguments *a, const char *value, struct ifl_error *error)
{
    return ifl_width_rule_parse(value, &a->params.width) ? IFL_OK : ifl_fail(error, IFL_INVALID, "no such rule");
}

enum ifl_status read_composition(struct arguments *a, const char *value, struct ifl_error *error)
{
    return ifl_composition_parse(value, &a->params.composition) ? IFL_OK : ifl_fail(error, IFL_INVALID, "no such one");
}

enum ifl_status read_pairs(struct arguments *a, const char *value, struct ifl_error *error)
{
    unsigned long long count = 0;
    enum ifl_status status = strcmp(value, "all") == 0 ? IFL_OK : read_count(value, SIZE_MAX, &count, error);
    if (status == IFL_OK && count == 0 && strcmp(value, "all") != 0)
        return ifl_fail(error, IFL_INVALID, "at least one pair, or all");
    if (status == IFL_OK)
        a->params.pairs = (size_t)count;
    return status;
}

enum ifl_status read_seed(struct arguments *a, const char *value, struct ifl_error *error)
{
    unsigned long long seed = 0;
    enum ifl_status status = read_count(value, UINT64_MAX, &seed, error);
    if (status == IFL_OK)
        a->params.seed = seed;
    return status;
}

enum ifl_status read_threads(struct arguments *a, const char *value, struct ifl_error *error)
{
    unsigned long long threads = 0;
    enum ifl_status status = read_count(value, 1024, &threads, error);
    if (status == IFL_OK && threads == 0)
        return ifl_fail(error, IFL_INVALID, "at least one thread");
    if (status == IFL_OK)
        a->threads = (int)threads;
    return status;
}

enum ifl_status read_csv(struct arguments *a, const char *value, struct ifl_error *error)
{
    (void)value, (void)error;
    a->format = FORMAT_CSV;
    return IFL_OK;
}

enum ifl_status read_json(struct arguments *a, const char *value, struct ifl_error *error)
{
    (void)value, (void)error;
    a->format = FORMAT_JSON;
    return IFL_OK;
}

enum ifl_status read_quantities(struct arguments *a, const char *value, struct ifl_error *error)
{
    ifl_quantity_set set = 0;
    for (const char *at = value; *at != '\0';) {
        size_t length = strcspn(at, ",");
        char name[32];
        enum ifl_quantity quantity;
        snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), at);
        if (length >= sizeof name || !ifl_quantity_parse(name, &quantity))
            return ifl_fail(error, IFL_INVALID, "'%.*s' is no quantity (infoflow estimate --help lists them)",
                            (int)length, at);
        set |= IFL_BIT(quantity);
        at += length + (at[length] == ',');
    }
    if (set == 0)
        return ifl_fail(error, IFL_INVALID, "at least one quantity");
    a->quantities = set;
    return IFL_OK;
}

enum ifl_status read_size(struct arguments *a, const char *value, struct ifl_error *error)
{
    char *end = NULL;
    long columns = strtol(value, &end, 10), rows = *end == 'x' ? strtol(end + 1, &end, 10) : 0;
    bool plain = *end == '\0' && strspn(value, "0123456789x") == strlen(value);
    if (!plain || columns < 1 || rows < 1 || columns > 2000 || rows > 1000)
        return ifl_fail(error, IFL_INVALID, "'%s' is no size such as 80x24 (at most 2000x1000)", value);
    a->columns = (int)columns;
    a->rows = (int)rows;
    return IFL_OK;
}

enum ifl_status read_charset(struct arguments *a, const char *value, struct ifl_error *error)
{
    (void)error;
    a->charset = strcmp(value, "ascii") == 0 ? CHARSET_ASCII : CHARSET_BRAILLE;
    return IFL_OK;
}

enum ifl_status read_color(struct arguments *a, const char *value, struct ifl_error *error)
{
    (void)error;
    a->color = strcmp(value, "always") == 0 ? COLOR_ALWAYS : strcmp(value, "never") == 0 ? COLOR_NEVER : COLOR_AUTO;
    return IFL_OK;
}

enum ifl_status read_chain(struct arguments *a, const char *value, struct ifl_error *error)
{
    (void)error;
    a->chain = strcmp(value, "forward") == 0 ? IFL_FORWARD : IFL_BACKWARD;
    return IFL_OK;
}

enum ifl_status read_over(struct arguments *a, const char *value, struct ifl_error *error)
{
    (void)error;
    a->over = strcmp(value, "training") == 0 ? OVER_TRAINING : OVER_TOPOLOGIES;
    return IFL_OK;
}

enum ifl_status read_with(struct arguments *a, const char *value, struct ifl_error *error)
{
    (void)error;
    a->with_y = strcmp(value, "y") == 0;
    return IFL_OK;
}

enum ifl_status read_tolerance(struct arguments *a, const char *value, struct ifl_error *error)
{
    enum ifl_status status = read_number(value, &a->tolerance, error);
    if (status == IFL_OK && !(a->tolerance >= 0))
        return ifl_fail(error, IFL_INVALID, "must be at least 0, not %s", value);
    return status;
}

enum ifl_status read_maps(struct arguments *a, const char *value, struct ifl_error *error)
{
    unsigned long long count = 0;
    if (strcmp(value, "all") == 0) {
        a->maps = INTAKE_ALL_MAPS;
        return IFL_OK;
    }
    enum ifl_status status = read_count(value, INT32_MAX, &count, error);
    if (status == IFL_OK && count < 2)
        return ifl_fail(error, IFL_INVALID, "at least 2 maps, so that there is a pair, or all");
    if (status == IFL_OK)
        a->maps = (size_t)count;
    return status;
}
