/* A range of values, its labels, and the way from a value to a place on it. */
#ifndef PLOT_AXIS_H
#define PLOT_AXIS_H

#include <stddef.h>

#include "look.h"
#include "ticks.h"

/* Whether a value can be drawn: a number, and not one whose distance from another overflows. */
bool value_usable(double value);

struct range range_empty(void);
bool range_is_empty(struct range range);
void range_add(struct range *range, double value); /* unusable values are passed over */
/* What an axis for these values shows: zero too where it is near, and some width around equal values. */
struct range range_settle(struct range range);
/* The room there is for labels, in cells or pixels along the axis. */
struct axis_room {
    double length;
    double before, after; /* how far a label may reach out at the low and the high end */
    double spacing;       /* wanted from label to label */
    double gap;           /* needed between labels */
    double label, digit;  /* a label of n characters takes label + n * digit */
    double pad;           /* this share of the values' width is kept free around them */
};

struct axis {
    struct range view; /* the values and the labels */
    struct ticks ticks;
    struct tick_format format;
};

struct axis axis_make(struct range range, struct axis_room room);
/* 0 at the low end, 1 at the high one. */
double axis_fraction(const struct axis *axis, double value);
/* Where label k (of n characters) starts along the axis, moved so that it stays in the room. */
double axis_label_start(const struct axis *axis, struct axis_room room, int k, int characters);
int axis_label(char out[32], const struct axis *axis, int k);
int axis_label_width(const struct axis *axis); /* of the widest */
/* The title with the power of ten that was divided out of the labels: `I(X;T) [1e-5 bits]`. */
char *axis_title(char *out, size_t size, const struct axis *axis, const char *title);

#endif
