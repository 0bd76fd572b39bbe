/* What a DPI plot says, however it is drawn. */
#ifndef PLOT_DPI_H
#define PLOT_DPI_H

#include <plot/plot.h>

#include "axis.h"

struct dpi_counts {
    size_t values[DPI_CHAINS]; /* how many layers have one */
    size_t rises[DPI_CHAINS];  /* how many links violate the inequality */
};

struct dpi_facts {
    struct dpi_counts of[PLOT_SUBJECTS];
    bool any;            /* there is something to draw */
    struct range bits;   /* what the values ask of the axis, settled */
    bool has_bound;      /* some subject has */
    bool one_bound;      /* and all that have one have the same, for the eye */
    bool bound_in_range; /* else it is so far above the data that they would be flat under it */
    struct range layers; /* what the axis of layers shows */
    size_t first, end;   /* the layers that lie on it */
};

struct dpi_facts dpi_study(const struct plot_dpi *data);

bool dpi_shows(const struct plot_dpi *data, enum dpi_chain chain);
bool dpi_is_overlay(const struct plot_dpi *data); /* of several subjects */
/* The k-th subject to be drawn: the one in front last, over the others. */
size_t dpi_in_order(const struct plot_dpi *data, size_t k);
/* A subject's ink, or, where there is one subject, the chain's. */
uint8_t dpi_ink(const struct plot_dpi *data, size_t subject, enum dpi_chain chain);
/* The value of a layer; NAN where there is none that can be drawn. */
double dpi_value(const struct plot_dpi *data, size_t subject, enum dpi_chain chain, size_t layer);
/* Its deviation; NAN where there is none to be drawn. */
double dpi_deviation(const struct plot_dpi *data, size_t subject, enum dpi_chain chain, size_t layer);
/* A subject's bound; NAN: none. */
double dpi_bound(const struct plot_dpi *data, size_t subject);
/* The next layer behind `layer` with a value, or data->layers. */
size_t dpi_next(const struct plot_dpi *data, size_t subject, enum dpi_chain chain, size_t layer);
/* The next layer that the subject has, with a value or without, or data->layers. */
size_t dpi_neighbour(const struct plot_dpi *data, size_t subject, size_t layer);
/* A layer as the subject's own run counts them; -1: it lacks that one. */
int dpi_own_layer(const struct plot_dpi *data, size_t subject, size_t layer);
/* Whether the link between two layers (first < second in forward order) rises in the direction of its chain. */
bool dpi_rises(const struct plot_dpi *data, size_t subject, enum dpi_chain chain, size_t first, size_t second);
/* `DPI holds`, `2 ! rises > 0.0001 bits`, ... the shorter the higher the `brevity`, 0..2 */
char *dpi_verdict(char out[96], const struct plot_dpi *data, const struct dpi_counts *counts, enum dpi_chain chain,
                  int brevity);
/* `H(X) = 6.13`; `2 H(X) = 6.13` where the bounds of several subjects differ; that it lies above the axis. */
char *dpi_bound_text(char out[96], const struct plot_dpi *data, const struct dpi_facts *facts, size_t subject,
                     bool above);
/* A layer's place on an axis of 0..1: the middle of its slot. Outside of these where the look leaves it out. */
double dpi_place(const struct dpi_facts *facts, size_t layer);
/* The axis of bits. */
struct axis dpi_axis(const struct plot_dpi *data, const struct dpi_facts *facts, struct axis_room room);
const char *dpi_empty(const struct plot_dpi *data);

#endif
