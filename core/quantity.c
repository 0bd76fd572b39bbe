#include <stdio.h>
#include <string.h>

#include "infoflow/quantity.h"

static const char *const names[IFL_QUANTITIES] = {
#define X(id, name) [IFL_##id] = (name),
    IFL_QUANTITY_LIST(X)
#undef X
};

const char *ifl_quantity_name(enum ifl_quantity quantity)
{
    return names[quantity];
}

bool ifl_quantity_parse(const char *name, enum ifl_quantity *out)
{
    for (int q = 0; q < IFL_QUANTITIES; q++) {
        if (strcmp(names[q], name) == 0) {
            *out = (enum ifl_quantity)q;
            return true;
        }
    }
    return false;
}

const char *ifl_quantity_unit(enum ifl_quantity quantity)
{
    return strchr(names[quantity], '%') != NULL ? "%" : "bits";
}

const char *ifl_estimator_name(enum ifl_estimator estimator)
{
    return estimator == IFL_ESTIMATOR_RENYI ? "renyi" : "unknown";
}

void ifl_health_text(unsigned health, char out[IFL_HEALTH_TEXT])
{
    static const struct {
        unsigned bit;
        const char *text;
    } words[] = {{IFL_CONSTANT, "constant"},   {IFL_COLLAPSED, "collapsed"}, {IFL_SATURATED, "saturated"},
                 {IFL_UNDEFINED, "undefined"}, {IFL_DEAD_MAPS, "dead maps"}, {IFL_SAMPLED_MAPS, "sampled maps"}};
    out[0] = '\0';
    for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
        if (health & words[k].bit) {
            size_t used = strlen(out);
            snprintf(out + used, IFL_HEALTH_TEXT - used, "%s%s", used ? "," : "", words[k].text);
        }
    }
}

const struct ifl_record *ifl_record_find(const struct ifl_record *records, size_t count, int32_t layer,
                                         enum ifl_quantity quantity)
{
    for (size_t k = 0; k < count; k++)
        if (records[k].layer == layer && records[k].quantity == quantity)
            return &records[k];
    return NULL;
}
