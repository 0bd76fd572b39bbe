/* Line charts stacked over one x axis, linear, logarithmic or of categories: what PID and width are drawn as. Private
 * to this folder. */
#ifndef PLOT_CHART_H
#define PLOT_CHART_H

#include <plot/plot.h>

#include "axis.h"

enum { CHART_PANELS = 2 };

enum chart_dash { CHART_SOLID, CHART_DASHED, CHART_DOTTED };

struct chart_series {
    const char *name; /* labels its end; NULL: it has none */
    size_t count;
    const double *x;         /* [count]; NULL over categories: point k belongs to the k-th */
    const double *y;         /* [count], NAN breaks the line */
    const double *deviation; /* [count], >= 0, of y; NULL or NAN: none */
    uint8_t ink;
    char marker; /* 0: none */
    enum chart_dash dash;
    bool bold;          /* of the layer under the cursor */
    bool at_cursor;     /* its point nearest to the cursor is marked, in place of a line through the plot */
    int subject, layer; /* of its marks */
};

struct chart_panel {
    const char *title, *brief;   /* of the y axis, with units; what to say where there is less room */
    const char *key, *brief_key; /* at the right of it; NULL: none, or what the bound says */
    size_t count;
    const struct chart_series *series;
    struct chart_series bound; /* what the values stay under, dashed; its count may be 0 */
    bool percent;              /* 0 to 100 at least, and never logarithmic */
    const char *empty;         /* what to say where other panels have values and it has none; NULL: nothing */
};

/* A stretch of the x axis that is shaded, and the word that says why. */
struct chart_zone {
    double from, to;
    const char *word;
};

struct chart {
    const char *title;
    const char *verdict; /* at the right of the title, never cut for it; NULL: none */
    bool warned;         /* it is a bad one */
    const struct plot_look *look;
    const char *x_label;
    bool x_log;
    const char *const *categories; /* [n_categories], their labels; NULL: x is a number */
    size_t n_categories;
    struct chart_panel panels[CHART_PANELS]; /* the first is all there is where rows are few */
    size_t n_panels;
    const struct chart_zone *zones;
    size_t n_zones;
    const struct range *trusted; /* the stretch of x that its axis stresses; NULL or lo > hi: none */
    double cursor;               /* an x, NAN: none */
    bool has_line; /* in cells too the cursor is a line through the plot: one that does not move at every step */
    const char *cursor_text;
    const double *counts_x; /* [n_counts] */
    const size_t *counts;   /* [n_counts], a row of them under the axis, `.` for none */
    size_t n_counts;
    const char *counts_label;
};

/* ---- what a chart says, however it is drawn ---- */

struct chart_facts {
    struct range x, y[CHART_PANELS];
    bool has[CHART_PANELS];            /* whether the panel has a value */
    bool bound_in_range[CHART_PANELS]; /* else it is so far above the data that they would be flat under it */
    bool any;
};

struct chart_facts chart_study(const struct chart *chart);

bool chart_is_log(const struct chart *chart, size_t panel);
double chart_x(const struct chart_series *series, size_t point);
/* Whether a series has a point there that its panel's axes know. */
bool chart_has(const struct chart *chart, size_t panel, const struct chart_series *series, size_t point);
/* The same, and it lies in view. */
bool chart_shows(const struct chart *chart, size_t panel, const struct axis *x, const struct axis *y,
                 const struct chart_series *series, size_t point);
/* What tells series k from the others without colours. */
char chart_marker(size_t k);
uint8_t chart_ink(const struct chart *chart, uint8_t ink);
/* The panel's series from the one below to the one that is over all others: of the subject in front, the bold ones. In
 * cells the bold ones lie where they are, so that no line changes when the cursor moves. */
int chart_rank(const struct chart *chart, const struct chart_series *series);
enum { CHART_RANKS = 4 };

struct axis chart_x_axis(const struct chart *chart, const struct chart_facts *facts, struct axis_room room);
struct axis chart_y_axis(const struct chart *chart, const struct chart_facts *facts, size_t panel,
                         struct axis_room room);
/* `H(X) = 6.13`, and where it is when it is not in view; "" without a bound. */
char *chart_bound_text(char out[96], const struct chart *chart, const struct chart_facts *facts, size_t panel);
/* A panel's title and what stands at its right, from the longest words (0) to the shortest. */
enum { CHART_HEADINGS = 4 };
struct chart_heading {
    const char *left, *right;
};
struct chart_heading chart_heading(const struct chart_panel *panel, const char *bound, int way);
/* Whether the bound is one number, drawn from end to end. */
bool chart_bound_is_level(const struct chart *chart, size_t panel, double *level);

/* ---- drawing ---- */

void chart_draw(struct canvas *canvas, struct rect where, const struct chart *chart);
enum ifl_status chart_svg(const struct chart *chart, int width, int height, bool light, char **out,
                          struct ifl_error *error);

#endif
