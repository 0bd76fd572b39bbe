/* A plane in cells, half drawn: what plane.c and plane_labels.c share. */
#ifndef PLOT_PLANE_CELLS_H
#define PLOT_PLANE_CELLS_H

#include "frame.h"
#include "plane.h"

/* At the ends: the layers' names; letters, where names find no room, with a key; or only the layer's under the
 * cursor, where there is no room for a key either. */
enum labels { LABELS_NAMES, LABELS_LETTERS, LABELS_CURSOR };

struct plane_plot {
    struct frame frame;
    const struct plot_plane *data;
    struct plane_facts facts;
    struct axis x, y;
    bool digits;
    enum labels labels;
    int scale;              /* enum scale */
    bool scale_below_title; /* in a row of its own, else beside the y axis's title */
    int key_rows;
};

struct rect plane_cell(const struct plane_plot *plot, size_t layer, size_t snapshot);
/* Whether a glyph is a piece of a trajectory's line, over which marks may go. */
bool plane_is_line(uint32_t glyph);

/* Labels at the trajectories' ends, as plot->labels asks for; false where a name has found no room. */
bool plane_draw_labels(const struct plane_plot *plot);
/* The rows that a key of the letters takes, at most `most`. */
int plane_key_rows(const struct plane_plot *plot, int most);
void plane_draw_key(const struct plane_plot *plot, int y);

#endif
