/* Eigenvalues of many small symmetric matrices of one size, several at once: one SIMD lane each. Private to the core.
 *
 * Householder's tridiagonalisation and the square-root-free QL iteration of Pal, Walker and Kahan (as LAPACK's dsterf).
 * Eigenvalues are as accurate as LAPACK's relative to the largest; below its 1e-16th they are noise, as LAPACK's. */
#ifndef CORE_BATCHED_H
#define CORE_BATCHED_H

#include "infoflow/status.h"

struct batched; /* of one thread */

/* How many matrices one call solves at best, on this machine. */
size_t batched_lanes(void);

/* Matrices in one vector: a call costs by whole vectors. */
size_t batched_width(void);

/* Whether a batch of n x n matrices is solved faster than one by one by LAPACK, as measured. */
bool batched_wins(size_t n);

/* For matrices up to n x n. */
enum ifl_status batched_new(struct batched **out, size_t n, struct ifl_error *error);
void batched_free(struct batched *workspace);

/* For each of `used` <= batched_lanes() n x n matrices: its n eigenvalues, ascending, into eigenvalues[lane].
 *
 * A matrix is scale * (D + K + K'): K strictly upper, row by row in pairs[lane], as ifl_pair_count and kernel_pairs; D
 * diagonal, in diagonals[lane], or all ones where `diagonals` is NULL. Denormal elements may count as 0. A NaN or an
 * infinity in a matrix ends in IFL_FAILED, and then `eigenvalues` are not to be read. */
enum ifl_status batched_solve(struct batched *batched, size_t n, size_t used, const double *const *pairs,
                              const double *const *diagonals, double scale, double *const *eigenvalues,
                              struct ifl_error *error);

#endif
