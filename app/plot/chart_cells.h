/* A chart in cells, half drawn: what chart.c, chart_labels.c and chart_zones.c share. */
#ifndef PLOT_CHART_CELLS_H
#define PLOT_CHART_CELLS_H

#include "chart.h"
#include "frame.h"

struct chart_plot {
    struct frame frame; /* all of it */
    const struct chart *chart;
    struct chart_facts facts;
    struct axis x, y[CHART_PANELS];
    struct frame panel[CHART_PANELS]; /* without the columns of the labels at the right */
    size_t panels;                    /* as many as there are rows for */
    int label_columns;                /* of the labels at the lines' ends; 0: there are none */
    int legend_rows, category_rows;
    bool counted, x_titled;
};

struct point chart_point(const struct chart_plot *plot, size_t panel, const struct chart_series *series, size_t point);
/* The column of an x in view, -1 for another. */
int chart_column(const struct chart_plot *plot, double x);

/* Columns the labels at the ends would take; 0 where there are too few columns, or rows a panel, for them. */
int chart_label_columns(const struct chart_plot *plot, int rows);
void chart_draw_labels(const struct chart_plot *plot, size_t panel);
/* The legend from row `y`; without `draw` it counts its rows, `most` at most. */
int chart_legend(const struct chart_plot *plot, int y, int most, bool draw);
/* The rows that the categories' labels need: 1, or 2 where they would meet on one. */
int chart_category_rows(const struct chart_plot *plot);
void chart_draw_categories(const struct chart_plot *plot, int y);

/* At the x axis, and where the chart asks for it a line over blank cells of a panel. */
void chart_draw_cursor(const struct chart_plot *plot, size_t panel);
/* On the line of a panel's x axis; the last panel's says it for all, a step of the cursor may change it. */
void chart_draw_trusted(const struct chart_plot *plot, size_t panel);
/* Over blank cells of a panel. */
void chart_draw_zones(const struct chart_plot *plot, size_t panel);
/* The x under the cursor, in place of the labels it meets in row `y`. */
void chart_draw_cursor_text(const struct chart_plot *plot, int y);
void chart_draw_counts(const struct chart_plot *plot, int y);

#endif
