#include <string.h>

#include "batched.h"
#include "eigen.h"
#include "solver.h"

void solver_release(struct solver *solver)
{
    batched_free(solver->batched);
    eigen_free(solver->eigen);
    memset(solver, 0, sizeof *solver);
}

size_t solver_lanes(size_t n)
{
    return batched_wins(n) ? batched_lanes() : 1;
}

size_t solver_unit(size_t n)
{
    return batched_wins(n) ? batched_width() : 1;
}

static enum ifl_status solve_batched(struct solver *s, size_t n, size_t used, const double *const *pairs,
                                     double scale, double *const *eigenvalues, struct ifl_error *error)
{
    if (n > s->batched_room) {
        struct batched *larger;
        enum ifl_status status = batched_new(&larger, n, error);
        if (status != IFL_OK)
            return status;
        batched_free(s->batched);
        s->batched = larger;
        s->batched_room = n;
    }
    return batched_solve(s->batched, n, used, pairs, NULL, scale, eigenvalues, error);
}

static enum ifl_status solve_one(struct solver *s, size_t n, const double *pairs, double scale, double *eigenvalues,
                                 struct ifl_error *error)
{
    if (n > s->eigen_room) {
        struct eigen_workspace *larger;
        enum ifl_status status = eigen_new(&larger, n, error);
        if (status != IFL_OK)
            return status;
        eigen_free(s->eigen);
        s->eigen = larger;
        s->eigen_room = n;
    }
    double *matrix = eigen_matrix(s->eigen);
    for (size_t column = 0; column < n; column++) {
        matrix[column * n + column] = scale;
        for (size_t row = column + 1; row < n; row++)
            matrix[column * n + row] = scale * *pairs++;
    }
    return eigen_solve(s->eigen, n, eigenvalues, error);
}

enum ifl_status solver_solve(struct solver *solver, size_t n, size_t used, const double *const *pairs, double scale,
                             double *const *eigenvalues, struct ifl_error *error)
{
    if (batched_wins(n))
        return solve_batched(solver, n, used, pairs, scale, eigenvalues, error);
    enum ifl_status status = IFL_OK;
    for (size_t k = 0; k < used && status == IFL_OK; k++)
        status = solve_one(solver, n, pairs[k], scale, eigenvalues[k], error);
    return status;
}
