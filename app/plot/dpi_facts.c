#include <math.h>
#include <stdio.h>

#include <base/text.h>

#include "dpi.h"

/* A bound more than this many times the largest value is named, not drawn. */
static const double bound_reach = 6;

double dpi_value(const struct plot_dpi *data, enum dpi_chain chain, size_t layer)
{
    double value = (chain == DPI_FORWARD ? data->forward : data->backward)[layer];
    return value_usable(value) ? value : NAN;
}

size_t dpi_next(const struct plot_dpi *data, enum dpi_chain chain, size_t layer)
{
    do
        layer++;
    while (layer < data->layers && isnan(dpi_value(data, chain, layer)));
    return layer;
}

bool dpi_rises(const struct plot_dpi *data, enum dpi_chain chain, size_t first, size_t second)
{
    double rise = dpi_value(data, chain, second) - dpi_value(data, chain, first);
    /* The backward chain runs from the second to the first. */
    return (chain == DPI_FORWARD ? rise : -rise) > fmax(data->tolerance, 0);
}

static void study_chain(struct dpi_facts *facts, const struct plot_dpi *data, enum dpi_chain chain)
{
    for (size_t layer = 0; layer < data->layers; layer++) {
        double value = dpi_value(data, chain, layer);
        if (isnan(value))
            continue;
        range_add(&facts->bits, value);
        facts->values[chain]++;
        size_t next = dpi_next(data, chain, layer);
        if (next < data->layers)
            facts->rises[chain] += dpi_rises(data, chain, layer, next);
    }
}

struct dpi_facts dpi_study(const struct plot_dpi *data)
{
    struct dpi_facts facts = {.bits = range_empty(), .has_bound = value_usable(data->bound)};
    for (int chain = 0; chain < DPI_CHAINS; chain++)
        study_chain(&facts, data, (enum dpi_chain)chain);
    bool any = !range_is_empty(facts.bits);
    facts.bound_in_range = facts.has_bound && (!any || data->bound <= bound_reach * facts.bits.hi);
    if (facts.bound_in_range)
        range_add(&facts.bits, data->bound);
    if (any || facts.bound_in_range)
        range_add(&facts.bits, 0); /* bits are measured from nothing */
    facts.bits = range_settle(facts.bits);
    return facts;
}

char *dpi_verdict(char out[96], const struct plot_dpi *data, const struct dpi_facts *facts, enum dpi_chain chain,
                  int brevity)
{
    char tolerance[32];
    text_short(tolerance, fmax(data->tolerance, 0), 2);
    size_t rises = facts->rises[chain];
    if (facts->values[chain] == 0)
        snprintf(out, 96, brevity == 0 ? (chain == DPI_BACKWARD ? "no errors recorded" : "no values yet") : "none");
    else if (facts->values[chain] == 1)
        snprintf(out, 96, brevity == 0 ? "one value, no link" : "-");
    else if (rises == 0)
        snprintf(out, 96, brevity == 0 ? "DPI holds" : brevity == 1 ? "holds" : "ok");
    else if (brevity == 0)
        snprintf(out, 96, "%zu ! %s > %s bits", rises, rises == 1 ? "rise" : "rises", tolerance);
    else
        snprintf(out, 96, brevity == 1 ? "%zu ! > %s" : "%zu!", rises, tolerance);
    return out;
}

bool dpi_has_values(const struct dpi_facts *facts)
{
    return facts->values[DPI_FORWARD] + facts->values[DPI_BACKWARD] > 0;
}

char *dpi_bound_text(char out[64], const struct plot_dpi *data, const struct dpi_facts *facts)
{
    char value[32];
    snprintf(out, 64, "H(X) = %s%s", text_short(value, data->bound, 3), facts->bound_in_range ? "" : ", above ^");
    return out;
}

double dpi_place(const struct plot_dpi *data, size_t layer)
{
    return ((double)layer + 0.5) / (double)data->layers;
}
