/* Layers' names under an axis: whole, on two rows, cut, or as numbers with a key. */
#ifndef PLOT_DPI_NAMES_H
#define PLOT_DPI_NAMES_H

#include "dpi.h"
#include "frame.h"

/* What the names belong to. */
struct names {
    const struct frame *frame;
    const struct plot_dpi *data;
    const struct dpi_facts *facts;
};

struct names_plan {
    enum { NAMES_WHOLE, NAMES_HEAD, NAMES_TAIL, NAMES_NUMBERS } form;
    int rows;     /* of labels: 1 or 2 */
    int columns;  /* that a cut name has */
    int every;    /* numbers: the labelled ones */
    int key_rows; /* numbers: below the labels */
};

/* For the frame's plot; at most so many rows of labels (1 or 2) and of key. */
struct names_plan names_plan(const struct names *names, int rows, int key_rows);
void names_draw(const struct names *names, const struct names_plan *plan);
/* The column a layer's values are in, of several subjects the middle of their columns. */
int names_column(const struct names *names, size_t layer);

#endif
