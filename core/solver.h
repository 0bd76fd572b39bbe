/* Eigenvalues of packed kernel matrices by whichever way is faster for their size. Private to the core. */
#ifndef CORE_SOLVER_H
#define CORE_SOLVER_H

#include "infoflow/status.h"

/* Of one thread; zeroed, it is ready. What it needs it allocates when it is first needed. */
struct solver {
    struct batched *batched;
    size_t batched_room; /* for matrices up to this size */
    struct eigen_workspace *eigen;
    size_t eigen_room;
};

void solver_release(struct solver *solver);

/* How many n x n matrices one call takes at most, and of which number it should take a multiple. */
size_t solver_lanes(size_t n);
size_t solver_unit(size_t n);

/* For each of `used` matrices scale * (1 + K + K'), K strictly upper and packed in pairs[k]: its n eigenvalues into
 * eigenvalues[k]. They do not depend on what else is in the batch. IFL_NO_MEMORY, IFL_FAILED: no convergence. */
enum ifl_status solver_solve(struct solver *solver, size_t n, size_t used, const double *const *pairs, double scale,
                             double *const *eigenvalues, struct ifl_error *error);

#endif
