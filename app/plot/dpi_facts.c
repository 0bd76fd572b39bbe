#include <math.h>
#include <stdio.h>

#include <base/text.h>

#include "dpi.h"

/* A bound more than this many times the largest value is named, not drawn. */
static const double bound_reach = 6;

bool dpi_shows(const struct plot_dpi *data, enum dpi_chain chain)
{
    return data->chains == 0 || (data->chains & 1U << chain) != 0;
}

bool dpi_is_overlay(const struct plot_dpi *data)
{
    return data->subjects > 1;
}

size_t dpi_in_order(const struct plot_dpi *data, size_t k)
{
    size_t front = data->look.front > 0 && (size_t)data->look.front < data->subjects ? (size_t)data->look.front : 0;
    return k + 1 == data->subjects ? front : k < front ? k : k + 1;
}

uint8_t dpi_ink(const struct plot_dpi *data, size_t subject, enum dpi_chain chain)
{
    return data->look.stale ? INK_DIM : (uint8_t)(INK_SERIES + (dpi_is_overlay(data) ? (int)subject : (int)chain));
}

double dpi_value(const struct plot_dpi *data, size_t subject, enum dpi_chain chain, size_t layer)
{
    const struct plot_dpi_subject *s = &data->subject[subject];
    double value = (chain == DPI_FORWARD ? s->forward : s->backward)[layer];
    return value_usable(value) ? value : NAN;
}

double dpi_deviation(const struct plot_dpi *data, size_t subject, enum dpi_chain chain, size_t layer)
{
    const struct plot_dpi_subject *s = &data->subject[subject];
    const double *deviations = chain == DPI_FORWARD ? s->forward_deviation : s->backward_deviation;
    return deviations != NULL && value_usable(deviations[layer]) && deviations[layer] > 0 ? deviations[layer] : NAN;
}

double dpi_bound(const struct plot_dpi *data, size_t subject)
{
    double bound = data->subject[subject].bound;
    return value_usable(bound) ? bound : NAN;
}

size_t dpi_next(const struct plot_dpi *data, size_t subject, enum dpi_chain chain, size_t layer)
{
    do
        layer++;
    while (layer < data->layers && isnan(dpi_value(data, subject, chain, layer)));
    return layer;
}

int dpi_own_layer(const struct plot_dpi *data, size_t subject, size_t layer)
{
    const int32_t *own = data->subject[subject].own;
    return own == NULL ? (int)layer : own[layer];
}

size_t dpi_neighbour(const struct plot_dpi *data, size_t subject, size_t layer)
{
    do
        layer++;
    while (layer < data->layers && dpi_own_layer(data, subject, layer) < 0);
    return layer;
}

bool dpi_rises(const struct plot_dpi *data, size_t subject, enum dpi_chain chain, size_t first, size_t second)
{
    double rise = dpi_value(data, subject, chain, second) - dpi_value(data, subject, chain, first);
    /* The backward chain runs from the second to the first. */
    return (chain == DPI_FORWARD ? rise : -rise) > fmax(data->tolerance, 0);
}

/* ---- what the data ask of the axes ---- */

static void add_bits(const struct plot_dpi *data, struct range *bits, double value)
{
    if (!data->look.log || value > 0)
        range_add(bits, value);
}

static void study_chain(struct dpi_facts *facts, const struct plot_dpi *data, size_t subject, enum dpi_chain chain)
{
    struct dpi_counts *counts = &facts->of[subject];
    for (size_t layer = 0; layer < data->layers; layer++) {
        double value = dpi_value(data, subject, chain, layer), deviation = dpi_deviation(data, subject, chain, layer);
        if (isnan(value))
            continue;
        add_bits(data, &facts->bits, value);
        if (!isnan(deviation)) {
            add_bits(data, &facts->bits, value + deviation);
            if (value > deviation) /* information does not fall below nothing */
                add_bits(data, &facts->bits, value - deviation);
        }
        counts->values[chain]++;
        size_t next = dpi_next(data, subject, chain, layer);
        if (next < data->layers)
            counts->rises[chain] += dpi_rises(data, subject, chain, layer, next);
    }
}

static void study_bounds(struct dpi_facts *facts, const struct plot_dpi *data)
{
    const double for_the_eye = 5e-3;
    struct range bounds = range_empty();
    for (size_t s = 0; s < data->subjects; s++)
        add_bits(data, &bounds, dpi_bound(data, s));
    facts->has_bound = !range_is_empty(bounds);
    facts->one_bound = bounds.hi - bounds.lo <= for_the_eye * fabs(bounds.hi);
    facts->bound_in_range =
        facts->has_bound && (!facts->any || data->look.log || bounds.hi <= bound_reach * facts->bits.hi);
    if (facts->bound_in_range) {
        range_add(&facts->bits, bounds.lo);
        range_add(&facts->bits, bounds.hi);
    }
}

static void study_layers(struct dpi_facts *facts, const struct plot_dpi *data)
{
    bool asked = range_is_asked(data->look.x);
    facts->layers = asked ? data->look.x : (struct range){-0.5, (double)data->layers - 0.5};
    while (facts->first < data->layers && dpi_place(facts, facts->first) < 0)
        facts->first++;
    facts->end = facts->first;
    while (facts->end < data->layers && dpi_place(facts, facts->end) <= 1)
        facts->end++;
}

struct dpi_facts dpi_study(const struct plot_dpi *data)
{
    struct dpi_facts facts = {.bits = range_empty()};
    for (size_t s = 0; s < data->subjects; s++)
        for (int chain = 0; chain < DPI_CHAINS; chain++)
            if (dpi_shows(data, (enum dpi_chain)chain))
                study_chain(&facts, data, s, (enum dpi_chain)chain);
    facts.any = !range_is_empty(facts.bits);
    study_bounds(&facts, data);
    if (!data->look.log && (facts.any || facts.bound_in_range))
        range_add(&facts.bits, 0); /* bits are measured from nothing */
    facts.bits = data->look.log ? range_settle_log(facts.bits) : range_settle(facts.bits);
    study_layers(&facts, data);
    return facts;
}

struct plot_extent plot_dpi_extent(const struct plot_dpi *data)
{
    struct dpi_facts facts = dpi_study(data);
    if (!facts.any)
        return (struct plot_extent){.x = range_empty(), .y = range_empty()};
    return (struct plot_extent){.x = {-0.5, (double)data->layers - 0.5}, .y = facts.bits};
}

struct axis dpi_axis(const struct plot_dpi *data, const struct dpi_facts *facts, struct axis_room room)
{
    room.log = data->look.log;
    return axis_show(data->look.y, facts->bits, room);
}

double dpi_place(const struct dpi_facts *facts, size_t layer)
{
    return ((double)layer - facts->layers.lo) / (facts->layers.hi - facts->layers.lo);
}

/* ---- words ---- */

char *dpi_verdict(char out[96], const struct plot_dpi *data, const struct dpi_counts *counts, enum dpi_chain chain,
                  int brevity)
{
    char tolerance[32];
    text_short(tolerance, fmax(data->tolerance, 0), 2);
    size_t rises = counts->rises[chain];
    if (counts->values[chain] == 0)
        snprintf(out, 96, brevity == 0 ? (chain == DPI_BACKWARD ? "no errors recorded" : "no values yet") : "none");
    else if (counts->values[chain] == 1)
        snprintf(out, 96, brevity == 0 ? "one value, no link" : "-");
    else if (rises == 0)
        snprintf(out, 96, brevity == 0 ? "DPI holds" : brevity == 1 ? "holds" : "ok");
    else if (brevity == 0)
        snprintf(out, 96, "%zu ! %s > %s bits", rises, rises == 1 ? "rise" : "rises", tolerance);
    else
        snprintf(out, 96, brevity == 1 ? "%zu ! > %s" : "%zu!", rises, tolerance);
    return out;
}

char *dpi_bound_text(char out[96], const struct plot_dpi *data, const struct dpi_facts *facts, size_t subject,
                     bool above)
{
    char value[32], whose[16] = "";
    if (!facts->one_bound)
        snprintf(whose, sizeof whose, "%zu ", plot_number(&data->look, subject));
    snprintf(out, 96, "%sH(X) = %s%s", whose, text_short(value, dpi_bound(data, subject), 3), above ? ", above ^" : "");
    return out;
}

const char *dpi_empty(const struct plot_dpi *data)
{
    bool has_values = false;
    for (size_t s = 0; s < data->subjects; s++)
        for (size_t layer = 0; layer < data->layers; layer++)
            for (int chain = 0; chain < DPI_CHAINS; chain++)
                has_values |=
                    dpi_shows(data, (enum dpi_chain)chain) && !isnan(dpi_value(data, s, (enum dpi_chain)chain, layer));
    return has_values ? "nothing above zero for a logarithmic axis" : plot_empty(data->look.empty);
}
