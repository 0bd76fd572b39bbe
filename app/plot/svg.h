/* Writing one SVG picture: shapes in inks, text sanitised and escaped. */
#ifndef PLOT_SVG_H
#define PLOT_SVG_H

#include <plot/plot.h>

#include "axis.h"
#include "strbuf.h"

enum { SVG_FONT = 12, SVG_MARGIN = 16 };

struct box {
    double x, y, width, height;
};

struct svg {
    struct strbuf out;
    double width, height;
    bool light;
    struct box plot; /* between the axes */
};

struct svg_point {
    double x, y;
};

enum svg_anchor { SVG_START, SVG_MIDDLE, SVG_END };

enum ifl_status svg_open(struct svg *svg, int width, int height, bool light, struct ifl_error *error);
enum ifl_status svg_close(struct svg *svg, char **out, struct ifl_error *error);

/* How wide a text will be, about; bold, so many times that. */
#define SVG_BOLD 1.15
double svg_text_width(const char *text);
void svg_text(struct svg *svg, double x, double y, enum svg_anchor anchor, uint8_t ink, bool bold, const char *text);
/* The same with the background around it, so that it can be read where lines cross it. */
void svg_label(struct svg *svg, double x, double y, enum svg_anchor anchor, uint8_t ink, bool bold, const char *text);
/* Turned around (x, y) by so many degrees. */
void svg_text_turned(struct svg *svg, double x, double y, double degrees, uint8_t ink, const char *text);
/* `dash` is a list of lengths or NULL. */
void svg_line(struct svg *svg, struct svg_point a, struct svg_point b, uint8_t ink, double width, const char *dash);
/* The same within svg->plot: what lies outside is cut off. */
void svg_plot_line(struct svg *svg, struct svg_point a, struct svg_point b, uint8_t ink, double width,
                   const char *dash);
/* Whether a point lies in svg->plot; false for one that is no number. */
bool svg_in_plot(const struct svg *svg, struct svg_point at);
void svg_circle(struct svg *svg, struct svg_point at, double radius, uint8_t ink);
void svg_cross(struct svg *svg, struct svg_point at, double radius, uint8_t ink);
/* Its tip at `at`, pointing along (dx, dy). */
void svg_arrow(struct svg *svg, struct svg_point at, double dx, double dy, uint8_t ink);
void svg_box(struct svg *svg, struct box box, uint8_t ink);
/* The same so thin that what is drawn over it, and the grid, can be read. */
void svg_shade(struct svg *svg, struct box box, uint8_t ink);

/* `1 name` of each subject in its ink, one after the other and broken into lines; returns how many lines. */
int svg_subjects(struct svg *svg, double y, size_t count, const char *const *names, const struct plot_look *look);

/* Title, axes, grid. svg->plot is set before them. */
/* At the left; `room` pixels at its right are somebody else's. */
void svg_title(struct svg *svg, const char *title, bool stale, double room);
struct axis_room svg_x_room(double length);
struct axis_room svg_y_room(double length);
void svg_y_axis(struct svg *svg, const struct axis *y, const char *title);
void svg_x_axis(struct svg *svg, const struct axis *x, const char *title);
void svg_x_tick(struct svg *svg, double x);
void svg_frame(struct svg *svg);

#endif
