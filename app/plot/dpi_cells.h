/* A DPI plot in cells, half drawn: what dpi.c, dpi_chains.c and dpi_legend.c share. */
#ifndef PLOT_DPI_CELLS_H
#define PLOT_DPI_CELLS_H

#include "dpi.h"
#include "dpi_names.h"
#include "frame.h"

struct dpi_plot {
    struct frame frame;
    const struct plot_dpi *data;
    struct dpi_facts facts;
    struct axis y;
    struct names_plan names;
    int legend_rows;
    bool both; /* two markers met in a cell */
};

static inline struct names dpi_names(const struct dpi_plot *plot)
{
    return (struct names){.frame = &plot->frame, .data = plot->data, .facts = &plot->facts};
}

/* Whether layers are nearer than markers. */
bool dpi_is_crowded(const struct dpi_plot *plot);
void dpi_draw_data(struct dpi_plot *plot);

/* The rows that the legend takes in a plot of so many rows. */
int dpi_legend_rows(const struct plot_dpi *data, int rows);
void dpi_draw_legend(const struct dpi_plot *plot);

#endif
