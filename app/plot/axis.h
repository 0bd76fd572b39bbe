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
/* The same for a logarithmic axis: above zero, and a factor of at least 2 wide. Of values add only those above zero. */
struct range range_settle_log(struct range range);

/* Widened by a share of its width at both ends; not below where the values start at zero. `log`: in decades. */
struct range range_pad(struct range range, double share, bool log);

/* The room there is for labels, in cells or pixels along the axis. */
struct axis_room {
    double length;
    double before, after; /* how far a label may reach out at the low and the high end */
    double spacing;       /* wanted from label to label */
    double gap;           /* needed between labels */
    double label, digit;  /* a label of n characters takes label + n * digit */
    double pad;           /* this share of the values' width is kept free around them */
    bool log;             /* decades; a range that is not above zero is settled first */
    bool exact;           /* a zoom: the view is the range, without padding and to the last value */
};

struct axis {
    struct range view; /* the values and the labels; of an exact or a logarithmic axis the labels lie within */
    bool log;
    struct ticks ticks;
    struct tick_format format;
};

struct axis axis_make(struct range range, struct axis_room room);
/* Exactly what is asked for (a look's x or y), else what the data ask for; `log` as the room says. */
struct axis axis_show(struct range asked, struct range data, struct axis_room room);
/* Whether a look asks for limits, and such that an axis can show. */
bool range_is_asked(struct range asked);
/* 0 at the low end, 1 at the high one, outside of these for a value out of view. NAN for one that a logarithmic axis
 * does not know. */
double axis_fraction(const struct axis *axis, double value);
/* Where label k (of n characters) starts along the axis, moved so that it stays in the room. */
double axis_label_start(const struct axis *axis, struct axis_room room, int k, int characters);
int axis_label(char out[32], const struct axis *axis, int k);
int axis_label_width(const struct axis *axis); /* of the widest */
/* Ticks without labels, between those of a logarithmic axis: the k-th, k < 9 for each decade; false where there is no
 * more. `spacing` is what each of the 2 .. 9 must be away from its neighbour, in fractions of the axis: where they
 * would be nearer there are only those at 2 and 5, or none. */
bool axis_minor(const struct axis *axis, int k, double spacing, double *value);
/* The title with the power of ten that was divided out of the labels: `I(X;T) [1e-5 bits]`. */
char *axis_title(char *out, size_t size, const struct axis *axis, const char *title);

#endif
