/* PID (Fig. 3): the multivariate mutual information under its bound; below it how much of the pairs' is redundancy
 * minus synergy and how much is not redundant. Over training, or over topologies. */
#ifndef PLOT_PID_H
#define PLOT_PID_H

#include <plot/canvas.h>
#include <plot/look.h>

enum pid_value { PID_MMI, PID_TRADEOFF, PID_NONREDUNDANT, PID_BOUND, PID_VALUES };

/* A layer over training, or a layer of as many topologies. */
struct plot_pid_series {
    const char *name; /* NULL: it is alone */
    size_t count;
    const double *x;                      /* [count] epochs or steps; NULL over topologies */
    const double *values[PID_VALUES];     /* [count] bits, %, %, bits; NAN: none */
    const double *deviations[PID_VALUES]; /* [count] over a group's runs, NAN: none; NULL: none at all */
    int subject, layer;                   /* layer: in the forward order of the subject's run */
};

struct plot_pid {
    const char *title;
    const char *x_label;           /* "epoch" */
    bool with_y;                   /* of the label Y instead of X */
    const char *const *categories; /* over topologies: what tells each from the others; NULL: over training */
    size_t count;
    const struct plot_pid_series *series;
    size_t cursor;         /* the point of the series in front that is under the cursor; SIZE_MAX: none */
    int layer;             /* of the series under the cursor; -1: none */
    struct plot_look look; /* x: epochs or steps, or k + 0.5 for the k-th topology; y, log: of the bits */
};

void plot_pid(struct canvas *canvas, struct rect where, const struct plot_pid *data);
/* A document (free()). IFL_INVALID outside 200..10000 pixels by 150..10000. */
enum ifl_status plot_pid_svg(const struct plot_pid *data, int width, int height, bool light, char **out,
                             struct ifl_error *error);

#endif
