/* A subset's exponents, as packed pairs. Private to the core. */
#ifndef CORE_KERNEL_H
#define CORE_KERNEL_H

#include "infoflow/spectrum.h"
#include "widths.h"

/* Which pairs (i < j) of the samples, as packed positions. */
struct selection {
    size_t count;
    const size_t *pair; /* [count]; NULL: the first `count`, so all of them */
};

/* K = exp(-E) of the selected pairs into `kernel` (selection->count doubles). Under the delta kernel for Y labels are
 * not applied: pairs of different classes are to be taken as 0 (delta_blocks says so). */
enum ifl_status kernel_pairs(const struct ifl_snapshot *snapshot, const struct ifl_params *params,
                             const struct widths *widths, const struct ifl_subset *subset,
                             const struct selection *selection, double *kernel, struct ifl_error *error);

/* S_2 in bits of K / n: -log2 of the sum of its squared elements, so without eigenvalues. The pairs not among `count` are
 * 0. */
double kernel_entropy_2(const double *pairs, size_t count, size_t n);

/* Whether the matrix is block diagonal by class. */
bool delta_blocks(const struct ifl_subset *subset, const struct ifl_params *params);

#endif
