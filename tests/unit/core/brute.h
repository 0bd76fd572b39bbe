/* The same mathematics written again in the plainest way, so that the core is held against something that is not
 * itself. */
#ifndef TEST_CORE_BRUTE_H
#define TEST_CORE_BRUTE_H

#include "support.h"

/* K of a subset, n x n: a product of one RBF a map, in long double. */
void brute_kernel(const struct ifl_snapshot *snapshot, const struct ifl_params *params, const struct ifl_subset *subset,
                  double *kernel);

/* Eigenvalues of a symmetric matrix (destroyed) by Jacobi's rotations, ascending. */
void jacobi_eigenvalues(double *matrix, size_t n, double *eigenvalues);

/* Eq. (2) as it stands, in long double, from eigenvalues above 0. */
double brute_entropy(const double *eigenvalues, size_t n, double alpha);

void sort_ascending(double *values, size_t n);

#endif
