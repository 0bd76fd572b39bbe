/* Lines in a rectangle of cells, on the braille grid (2x4 dots a cell) or, in ASCII, on the cells themselves. */
#ifndef PLOT_SURFACE_H
#define PLOT_SURFACE_H

#include <plot/canvas.h>

struct surface {
    struct canvas *canvas;
    struct rect area;
    int dots_x, dots_y; /* a cell's */
};

/* In dots from the area's top left corner. */
struct point {
    double x, y;
};

/* Zero: solid. Dashes go on from line to line. */
struct pen {
    uint8_t ink, attributes;
    int on, off; /* dots, or cells */
    int phase;
};

struct surface surface_make(struct canvas *canvas, struct rect area);
int surface_width(const struct surface *surface);
int surface_height(const struct surface *surface);

/* Liang-Barsky: cuts the line to the rectangle from low to high; false where nothing is left of it. */
bool clip_line(struct point *from, struct point *to, struct point low, struct point high);

void surface_line(const struct surface *surface, struct pen *pen, struct point from, struct point to);
/* Whether a point lies on the surface; false for one that is no number. */
bool surface_has(const struct surface *surface, struct point point);
/* The cell that a point lies in, or, outside, the nearest one; x and y are the canvas's. */
struct rect surface_cell(const struct surface *surface, struct point point);

#endif
