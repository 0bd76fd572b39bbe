/* Plots as pure functions: numbers and a rectangle in, cells out. */
#ifndef PLOT_H
#define PLOT_H

#include <plot/canvas.h>
#include <plot/look.h>

/* ---- DPI: one point a layer, forward and backward chain (Fig. 1) ---- */

enum dpi_chain { DPI_FORWARD, DPI_BACKWARD, DPI_CHAINS };

/* One of up to PLOT_SUBJECTS that share the axes. */
struct plot_dpi_subject {
    const char *name;       /* what tells it from the others */
    const double *forward;  /* [layers] I(X;T_k), NAN: none */
    const double *backward; /* [layers] I(delta_K;delta_k), NAN: none (always for the last) */
    const double *forward_deviation,
        *backward_deviation; /* [layers] over a group's runs, NAN: none; NULL: none at all */
    const int32_t *own;      /* [layers] as its own run counts them, -1: it lacks that one; NULL: as the plot */
    double bound;            /* H(X), the dashed line; NAN: none */
};

struct plot_dpi {
    const char *title; /* e.g. "DPI  lenet5  epoch 3" */
    size_t layers;
    const char *const *names; /* [layers], forward order; of several subjects the union */
    size_t subjects;          /* 0 to PLOT_SUBJECTS */
    const struct plot_dpi_subject *subject;
    unsigned chains;       /* those shown, a bit 1 << enum dpi_chain each; 0: both */
    double tolerance;      /* bits a link may rise by */
    int cursor;            /* layer under the cursor, or -1 */
    struct plot_look look; /* x: in layers, layer k at k; y: bits; log: of the bits */
};

/* ---- planes: one trajectory a layer (Fig. 4) ---- */

struct plot_trajectory {
    const char *name;
    size_t count;
    const double *x, *y;                     /* [count], NAN breaks the line */
    const double *x_deviation, *y_deviation; /* [count] over a group's runs, NAN: none; NULL: none at all */
    int subject, layer;                      /* whose; layer: in the forward order of its run */
};

struct plot_plane {
    const char *title;
    const char *x_label, *y_label; /* with units: "I(X;T) [bits]" */
    size_t subjects;               /* up to PLOT_SUBJECTS; 0 as 1 */
    const char *const *names;      /* [subjects]; NULL where there is one */
    size_t count;
    const struct plot_trajectory *trajectories; /* a layer of a subject each, of equal names where the layers are */
    const double *epochs;         /* [the longest count] for the time scale; NAN: unknown, then steps are counted */
    size_t cursor[PLOT_SUBJECTS]; /* index of the snapshot under the cursor, or SIZE_MAX */
    int layer;                    /* the trajectory under the cursor, or -1 */
    struct plot_look look;        /* log: of both axes */
};

/* No subject has a snapshot under the cursor. */
#define PLOT_NO_CURSOR                                                                                                 \
    {                                                                                                                  \
        SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX                                                                         \
    }

/* The text of `empty`, or the usual one. */
static inline const char *plot_empty(const char *empty)
{
    return empty != NULL ? empty : "nothing to show yet";
}

/* All are clipped to the canvas and to `where`. */
void plot_dpi(struct canvas *canvas, struct rect where, const struct plot_dpi *data);
void plot_plane(struct canvas *canvas, struct rect where, const struct plot_plane *data);

/* What the data ask for, to be united with other plots' or narrowed, as look.x and look.y; lo > hi where there is
 * nothing to draw. Limits that the look itself sets are passed over; look.log matters. */
struct plot_extent {
    struct range x, y;
};
struct plot_extent plot_dpi_extent(const struct plot_dpi *data);
struct plot_extent plot_plane_extent(const struct plot_plane *data);

/* ---- the same as SVG documents (free()) ---- */

/* IFL_INVALID outside 200..10000 pixels by 150..10000. */
enum ifl_status plot_dpi_svg(const struct plot_dpi *data, int width, int height, bool light, char **out,
                             struct ifl_error *error);
enum ifl_status plot_plane_svg(const struct plot_plane *data, int width, int height, bool light, char **out,
                               struct ifl_error *error);

/* Documents of width by height each side by side in one (free()). */
enum ifl_status plot_svg_row(const char *const *documents, size_t count, int width, int height, char **out,
                             struct ifl_error *error);

/* ---- cells to bytes ---- */

enum plot_colors { PLOT_MONO, PLOT_8, PLOT_256 };

/* Of a terminal that has so many. */
static inline enum plot_colors plot_colors_of(int count)
{
    return count >= 256 ? PLOT_256 : count >= 8 ? PLOT_8 : PLOT_MONO;
}

/* The xterm-256 (or 8-colour) number of an ink on a dark or light background; -1: the terminal's own. */
int plot_color(uint8_t ink, enum plot_colors colors, bool light);

/* The canvas as lines of UTF-8 (free()), trailing blanks cut, with SGR sequences where colors is not PLOT_MONO. */
enum ifl_status plot_to_text(const struct canvas *canvas, enum plot_colors colors, bool light, char **out,
                             struct ifl_error *error);

#endif
