/* What a DPI plot says, however it is drawn. */
#ifndef PLOT_DPI_H
#define PLOT_DPI_H

#include <plot/plot.h>

#include "axis.h"

enum dpi_chain { DPI_FORWARD, DPI_BACKWARD, DPI_CHAINS };

struct dpi_facts {
    size_t values[DPI_CHAINS]; /* how many layers have one */
    size_t rises[DPI_CHAINS];  /* how many links violate the inequality */
    struct range bits;         /* for the axis, settled */
    bool has_bound;
    bool bound_in_range; /* else it is so far above the data that they would be flat under it */
};

struct dpi_facts dpi_study(const struct plot_dpi *data);

/* The value of a layer; NAN where there is none that can be drawn. */
double dpi_value(const struct plot_dpi *data, enum dpi_chain chain, size_t layer);
/* The next layer behind `layer` with a value, or data->layers. */
size_t dpi_next(const struct plot_dpi *data, enum dpi_chain chain, size_t layer);
/* Whether the link between two layers (first < second in forward order) rises in the direction of its chain. */
bool dpi_rises(const struct plot_dpi *data, enum dpi_chain chain, size_t first, size_t second);
/* `DPI holds`, `2 ! rises > 0.0001 bits`, ... the shorter the higher the `brevity`, 0..2 */
char *dpi_verdict(char out[96], const struct plot_dpi *data, const struct dpi_facts *facts, enum dpi_chain chain,
                  int brevity);
bool dpi_has_values(const struct dpi_facts *facts);
/* `H(X) = 6.13`, and `above ^` where it is out of range. */
char *dpi_bound_text(char out[64], const struct plot_dpi *data, const struct dpi_facts *facts);
/* A layer's place on an axis of 0..1: the middle of its slot. */
double dpi_place(const struct plot_dpi *data, size_t layer);

#endif
