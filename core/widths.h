/* Kernel widths from distances. Private to the core. */
#ifndef CORE_WIDTHS_H
#define CORE_WIDTHS_H

#include "subset.h"

/* The sigma of every distance array that a batch of subsets reads, each found once. */
struct widths {
    const struct ifl_snapshot *snapshot;
    enum ifl_width_rule rule;
    struct ifl_widths *table; /* NULL under a uniform rule */
    bool own;                 /* it goes with the batch */
};

/* Finds the widths of all terms of `subsets`, those that `control->widths` has not. IFL_INVALID: a rule that needs
 * labels without them, distances that are not loaded, or widths of another shape. IFL_CANCELED. */
enum ifl_status widths_init(struct widths *out, const struct ifl_snapshot *snapshot, const struct ifl_params *params,
                            const struct ifl_subset *subsets, size_t count, const struct ifl_control *control,
                            struct ifl_error *error);
void widths_release(struct widths *widths);

/* The weight of a term's distances in E: share / (2 sigma^2), finite. Any thread may ask. */
double widths_weight(const struct widths *widths, const struct term *term);

/* Whether all maps of a layer have one sigma, so that the product of their kernels is one exp of their sum. */
bool uniform_width(enum ifl_width_rule rule);

#endif
