/* Where an axis is labelled and what the labels say. */
#ifndef PLOT_TICKS_H
#define PLOT_TICKS_H

#include <stdbool.h>

enum { TICKS_MAX = 64 };

/* Labels at first + k * step, k < count; count = 0: none. Logarithmic ones count places instead of values: decades, or
 * the 1, 2 and 5 of each. */
struct ticks {
    double first, step;
    int count;
    int per_decade; /* 0: linear; 1: at 10^place; 3: at {1, 2, 5}[place % 3] * 10^(place / 3) */
};

/* All labels of an axis have the same number of decimals and, divided out, the same power of ten. */
struct tick_format {
    int decimals;
    int exponent; /* a label says value / 10^exponent */
};

/* Whether labels can be told apart on an axis that shows them. */
typedef bool ticks_legible(const struct ticks *ticks, const void *context);

/* The best labelling of lo..hi (lo < hi, within 1e-290 and 1e301) with about `target` labels, after Talbot, Lin and
 * Hanrahan, "An Extension of Wilkinson's Algorithm for Positioning Tick Labels on Axes" (2010). Labels may lie a
 * little outside of lo..hi. `legible` may be NULL. */
struct ticks ticks_choose(double lo, double hi, double target, ticks_legible *legible, const void *context);

/* Those of lo..hi (0 < lo < hi), none outside: 1, 2, 5 of every decade, or decades, the fewer the less room there is.
 * Where the range is too narrow to hold two, linear ones. `legible` may be NULL. */
struct ticks ticks_choose_log(double lo, double hi, double target, ticks_legible *legible, const void *context);
/* Leaves out the labels outside of lo..hi. */
void ticks_clip(struct ticks *ticks, double lo, double hi);

double tick_value(const struct ticks *ticks, int k);
struct tick_format tick_format(const struct ticks *ticks);
/* Returns the length. */
int tick_text(char out[32], const struct ticks *ticks, int k, struct tick_format format);

#endif
