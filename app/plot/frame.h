/* What every plot in cells has around its data: title, axes, keys, labels in free cells. */
#ifndef PLOT_FRAME_H
#define PLOT_FRAME_H

#include "axis.h"
#include "surface.h"

enum { FRAME_COLUMNS_MIN = 20, FRAME_ROWS_MIN = 8 };

/* `where` is all that may be written to; `plot` lies within it, between the axes, and is set by frame_set_plot(). */
struct frame {
    struct canvas *canvas;
    struct rect where, plot;
    struct surface surface;
};

/* False where there is too little room; what is needed has been printed then, if at least that fits. */
bool frame_open(struct frame *frame, struct canvas *canvas, struct rect where);
void frame_clear(const struct frame *frame);
/* The plot has `left` columns, `above` and `below` rows around it. */
void frame_set_plot(struct frame *frame, int left, int above, int below);

/* Cut at the right edge, left out where it would start outside. Returns the columns written. */
int frame_text(const struct frame *frame, int x, int y, const char *text, uint8_t ink, uint8_t attributes);
void frame_text_right(const struct frame *frame, int y, const char *text, uint8_t ink);
void frame_title(const struct frame *frame, const char *title, const struct plot_look *look);
void frame_message(const struct frame *frame, const char *text); /* in the middle of the plot */

/* How many rows and columns wide the labels of an axis may be. */
struct axis_room frame_y_room(int rows);
struct axis_room frame_x_room(int columns, int gutter);
int frame_gutter(const struct axis *y); /* columns left of the plot: labels, a space, the line */

void frame_y_axis(const struct frame *frame, const struct axis *y);
void frame_x_line(const struct frame *frame);
void frame_x_tick(const struct frame *frame, int x);
/* The tick of what is under the cursor, as a step of the cursor can afford it: two cells of the screen change. */
void frame_x_cursor(const struct frame *frame, int x);
void frame_x_axis(const struct frame *frame, const struct axis *x);

/* A point from fractions of the plot's width and height, from its bottom left corner. */
struct point frame_point(const struct frame *frame, double right, double up);
bool frame_in_plot(const struct frame *frame, int x, int y);
/* Whether `count` cells from (x, y) lie in the plot and are all blank. */
bool frame_is_free(const struct frame *frame, int x, int y, int count);

/* A key: entries one after the other, broken into rows; that of the cursor stands out. With FRAME_COUNT for the cursor
 * it only counts its rows. */
enum { FRAME_NO_ENTRY = -1, FRAME_COUNT = -2 };
typedef const char *frame_entry(char *out, size_t size, size_t k, const void *context);
int frame_key(const struct frame *frame, int y, int rows, size_t count, frame_entry *entry, const void *context,
              int cursor);

/* Tells the look's marks, if they are wanted, what was drawn where. */
void frame_mark(const struct plot_look *look, struct rect cell, int subject, int layer, long point);

/* The subjects of a plot one after the other, `1 name`, each in its ink, broken into at most `rows` rows; returns
 * how many. With `draw` false it only counts them. */
int frame_subjects(const struct frame *frame, int y, int rows, size_t count, const char *const *names,
                   const struct plot_look *look, bool draw);

/* Text as this canvas can show it, of at most `columns` columns. */
char *frame_fit(const struct frame *frame, char *out, size_t size, const char *text, size_t columns);

#endif
