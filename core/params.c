#include <math.h>
#include <string.h>

#include "infoflow/params.h"

static const char *const width_names[IFL_WIDTH_RULES] = {"silverman", "scaled",    "median",
                                                          "knn",       "alignment", "fixed"};
static const char *const composition_names[IFL_COMPOSITIONS] = {"hadamard", "tensor", "geometric"};

struct ifl_params ifl_params_default(void)
{
    return (struct ifl_params){.alpha = 1.01, .h = 5, .h_error = 0.1};
}

void ifl_params_set_width(struct ifl_params *params, enum ifl_width_rule rule)
{
    static const struct {
        double h, h_error;
    } usual[IFL_WIDTH_RULES] = {[IFL_WIDTH_SILVERMAN] = {5, 0.1}, [IFL_WIDTH_SCALED] = {20, 20},
                                [IFL_WIDTH_MEDIAN] = {1, 1},      [IFL_WIDTH_KNN] = {1, 1},
                                [IFL_WIDTH_ALIGNMENT] = {1, 1},   [IFL_WIDTH_FIXED] = {5, 0.1}};
    params->width = rule;
    params->h = usual[rule].h;
    params->h_error = usual[rule].h_error;
}

static enum ifl_status check_width(const char *name, double h, bool zero_allowed, struct ifl_error *error)
{
    if (isfinite(h) && (h > 0 || (h == 0 && zero_allowed)))
        return IFL_OK;
    return ifl_fail(error, IFL_INVALID, "%s: must be a finite number above 0, not %g", name, h);
}

enum ifl_status ifl_params_check(const struct ifl_params *params, struct ifl_error *error)
{
    if (!(params->alpha >= 0))
        return ifl_fail(error, IFL_INVALID, "alpha: must be at least 0 (or inf), not %g", params->alpha);
    enum ifl_status status = check_width("h", params->h, false, error);
    if (status == IFL_OK)
        status = check_width("h-error", params->h_error, false, error);
    if (status == IFL_OK)
        status = check_width("h-label", params->h_label, true, error);
    if (status != IFL_OK)
        return status;
    if ((unsigned)params->width >= IFL_WIDTH_RULES)
        return ifl_fail(error, IFL_INVALID, "width: unknown rule");
    if ((unsigned)params->composition >= IFL_COMPOSITIONS)
        return ifl_fail(error, IFL_INVALID, "composition: unknown");
    return IFL_OK;
}

static int find_name(const char *const *names, int count, const char *name)
{
    for (int k = 0; k < count; k++)
        if (strcmp(names[k], name) == 0)
            return k;
    return -1;
}

const char *ifl_width_rule_name(enum ifl_width_rule rule)
{
    return width_names[rule];
}

const char *ifl_composition_name(enum ifl_composition composition)
{
    return composition_names[composition];
}

bool ifl_width_rule_parse(const char *name, enum ifl_width_rule *out)
{
    int k = find_name(width_names, IFL_WIDTH_RULES, name);
    if (k >= 0)
        *out = (enum ifl_width_rule)k;
    return k >= 0;
}

bool ifl_composition_parse(const char *name, enum ifl_composition *out)
{
    int k = find_name(composition_names, IFL_COMPOSITIONS, name);
    if (k >= 0)
        *out = (enum ifl_composition)k;
    return k >= 0;
}

double ifl_silverman(double h, size_t n, double d)
{
    return h * pow((double)n, -1.0 / (4.0 + d));
}
