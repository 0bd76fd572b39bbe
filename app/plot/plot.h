/* Plots as pure functions: numbers and a rectangle in, cells out. */
#ifndef PLOT_H
#define PLOT_H

#include <plot/canvas.h>

/* ---- DPI: one point a layer, forward and backward chain (Fig. 1) ---- */

struct plot_dpi {
    const char *title; /* e.g. "DPI  lenet5  epoch 3" */
    size_t layers;
    const char *const *names; /* [layers], forward order */
    const double *forward;    /* [layers] I(X;T_k), NAN: none */
    const double *backward;   /* [layers] I(delta_K;delta_k), NAN: none (always for the last) */
    double bound;             /* H(X), the dashed line; NAN: none */
    double tolerance;         /* bits a link may rise by */
    int cursor;               /* layer under the cursor, or -1 */
    bool stale;
    const char *empty;        /* what to say where there is nothing to draw; NULL: nothing to show yet */
};

/* ---- planes: one trajectory a layer (Fig. 4) ---- */

struct plot_trajectory {
    const char *name;
    size_t count;
    const double *x, *y; /* [count], NAN breaks the line */
};

struct plot_plane {
    const char *title;
    const char *x_label, *y_label; /* with units: "I(X;T) [bits]" */
    size_t count;
    const struct plot_trajectory *trajectories;
    const double *epochs; /* [the longest count] for the time scale; NAN: unknown, then steps are counted */
    size_t cursor;        /* index of the snapshot under the cursor, or SIZE_MAX */
    int layer;            /* the trajectory under the cursor, or -1 */
    bool stale;
    bool digits; /* 1 (early) to 8 (late) along the trajectories, for terminals that cannot show time by colour; in
                  * ASCII they are always there */
    const char *empty; /* as in plot_dpi */
};

/* The text of `empty`, or the usual one. */
static inline const char *plot_empty(const char *empty)
{
    return empty != NULL ? empty : "nothing to show yet";
}

void plot_dpi(struct canvas *canvas, struct rect where, const struct plot_dpi *data);
void plot_plane(struct canvas *canvas, struct rect where, const struct plot_plane *data);

/* ---- the same as SVG documents (free()) ---- */

enum ifl_status plot_dpi_svg(const struct plot_dpi *data, int width_px, int height_px, bool light, char **out,
                             struct ifl_error *error);
enum ifl_status plot_plane_svg(const struct plot_plane *data, int width_px, int height_px, bool light, char **out,
                               struct ifl_error *error);

/* The same as an SVG picture (free()). IFL_INVALID outside 200..10000 pixels by 150..10000. */
enum ifl_status plot_dpi_svg(const struct plot_dpi *data, int width, int height, bool light, char **out,
                             struct ifl_error *error);
enum ifl_status plot_plane_svg(const struct plot_plane *data, int width, int height, bool light, char **out,
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
