/* Kernel widths from distances. Private to the core. */
#ifndef CORE_WIDTHS_H
#define CORE_WIDTHS_H

#include "subset.h"

/* The sigma of every distance array that a batch of subsets reads, each found once. */
struct widths {
    const struct ifl_snapshot *snapshot;
    enum ifl_width_rule rule;
    size_t *first;  /* where a layer's slots begin: T of layer k at [k], delta at [layers + k] */
    double *factor; /* [slots] sigma / h; < 0: not asked for */
    size_t slots;
};

/* Finds the widths of all terms of `subsets`. IFL_INVALID: a rule that needs labels without them, or distances that
 * are not loaded. */
enum ifl_status widths_init(struct widths *out, const struct ifl_snapshot *snapshot, const struct ifl_params *params,
                            const struct ifl_subset *subsets, size_t count, struct ifl_error *error);
void widths_release(struct widths *widths);

/* The weight of a term's distances in E: share / (2 sigma^2), finite. Any thread may ask. */
double widths_weight(const struct widths *widths, const struct term *term);

/* Whether all maps of a layer have one sigma, so that the product of their kernels is one exp of their sum. */
bool uniform_width(enum ifl_width_rule rule);

#endif
