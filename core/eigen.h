/* The one place that knows LAPACKE. Private to the core. */
#ifndef CORE_EIGEN_H
#define CORE_EIGEN_H

#include "infoflow/status.h"

struct eigen_workspace; /* of one thread */

/* For symmetric matrices up to n x n. */
enum ifl_status eigen_new(struct eigen_workspace **out, size_t n, struct ifl_error *error);
void eigen_free(struct eigen_workspace *workspace);

/* The m x m matrix to fill before eigen_solve: column-major, only its lower triangle (row >= column) is read. */
double *eigen_matrix(struct eigen_workspace *workspace);

/* The m eigenvalues of the matrix filled in (destroyed), ascending, into `eigenvalues`. m <= n of eigen_new. */
enum ifl_status eigen_solve(struct eigen_workspace *workspace, size_t m, double *eigenvalues,
                            struct ifl_error *error);

#endif
