/* A plane in cells, half drawn: what plane.c and plane_labels.c share. */
#ifndef PLOT_PLANE_CELLS_H
#define PLOT_PLANE_CELLS_H

#include "frame.h"
#include "plane.h"

/* At the ends: the layers' names; letters, where names find no room, with a key; or only the layer's under the
 * cursor, where there is no room for a key either; or the names that find room, where no key is wanted. */
enum labels { LABELS_NAMES, LABELS_LETTERS, LABELS_CURSOR, LABELS_FITTING };

struct plane_plot {
    struct frame frame;
    const struct plot_plane *data;
    struct plane_facts facts;
    struct axis x, y;
    struct point *points; /* [layer][facts.longest] where each snapshot is on the surface; NAN: nowhere */
    bool digits;
    enum labels labels;
    int scale;              /* enum scale */
    bool scale_below_title; /* in a row of its own, else beside the y axis's title */
    int legend_rows;        /* of several subjects, below the title */
    int key_rows;
};

/* Fills `points`, once the axes are known. */
void plane_place_points(struct plane_plot *plot);
/* The cell of a snapshot; false where it is out of view. */
bool plane_cell(const struct plane_plot *plot, size_t layer, size_t snapshot, struct rect *out);
/* Whether a glyph is a piece of a trajectory's line, over which marks may go. */
bool plane_is_line(uint32_t glyph);
/* The ink of a trajectory at a snapshot: of time, or, where there are several, of the subject. */
uint8_t plane_ink(const struct plane_plot *plot, size_t layer, size_t snapshot);

/* Which rows the scale of time or the legend of the subjects takes, and what they say. */
void plane_choose_scale(struct plane_plot *plot);
void plane_draw_scale(const struct plane_plot *plot);
/* A trajectory's glyph at its end: of several subjects its subject's digit; where those of two end in one cell it is
 * PLANE_END again. */
enum { PLANE_START = 'S', PLANE_END = '*' };
uint8_t plane_end_glyph(const struct plane_plot *plot, size_t layer);

/* Lines, starts, ends and deviations. */
void plane_draw_trajectories(const struct plane_plot *plot);
/* Behind the labels, from which they keep away. */
void plane_draw_arrows(const struct plane_plot *plot);
void plane_draw_cursor(const struct plane_plot *plot);

/* Labels at the trajectories' ends, as plot->labels asks for; false where a name has found no room. */
bool plane_draw_labels(const struct plane_plot *plot);
/* The rows that a key of the letters takes, at most `most`. */
int plane_key_rows(const struct plane_plot *plot, int most);
void plane_draw_key(const struct plane_plot *plot, int y);

#endif
