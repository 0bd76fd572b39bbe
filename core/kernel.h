/* A subset's exponents, as packed pairs. Private to the core. */
#ifndef CORE_KERNEL_H
#define CORE_KERNEL_H

#include "infoflow/spectrum.h"
#include "widths.h"

/* K = exp(-E) of every pair (i < j), packed, into `kernel` (ifl_pair_count(n) doubles). Under the delta kernel for Y,
 * labels are not applied: pairs of different classes must then be taken as 0 (delta_blocks says so). */
enum ifl_status kernel_pairs(const struct ifl_snapshot *snapshot, const struct ifl_params *params,
                             const struct widths *widths, const struct ifl_subset *subset, double *kernel,
                             struct ifl_error *error);

/* Whether the matrix is block diagonal by class. */
bool delta_blocks(const struct ifl_subset *subset, const struct ifl_params *params);

#endif
