/* Width: entropies and informations of the layers against the kernel width factor h, and which h can be trusted. */
#ifndef PLOT_WIDTH_H
#define PLOT_WIDTH_H

#include <plot/canvas.h>
#include <plot/look.h>

struct plot_width_layer {
    const char *name;
    const double *entropy;     /* [count] H(T), or H(delta); NAN: none */
    const double *information; /* [count] I(X;T), or I(delta_K;delta); NAN: none */
};

struct plot_width {
    const char *title;
    bool backward; /* the errors' chain, and h_error */
    size_t count;
    const double *h; /* [count], rising */
    size_t layers;
    const struct plot_width_layer *layer; /* forward order */
    const double *bound;                  /* [count] H(X), or H(delta_K); NAN: none */
    const unsigned *health;               /* [count] of the layer that is looked at, set of enum ifl_health */
    const size_t *violations;             /* [count] links of the chain that rise */
    size_t missing;                       /* of the h, still to come: no verdict before they are there */
    struct range trusted;                 /* the longest stretch of h without a fault; lo > hi: none */
    double current;                       /* the h in force; NAN: none */
    int cursor;                           /* layer under the cursor, or -1 */
    struct plot_look look;                /* x: h; y, log: of the bits */
};

void plot_width(struct canvas *canvas, struct rect where, const struct plot_width *data);
/* A document (free()). IFL_INVALID outside 200..10000 pixels by 150..10000. */
enum ifl_status plot_width_svg(const struct plot_width *data, int width, int height, bool light, char **out,
                               struct ifl_error *error);

/* `trusted h 2.1 .. 9.6`, `no h can be trusted`, or, while some are missing, `12 of 37 h`. */
char *width_verdict(char out[96], const struct plot_width *data);

#endif
