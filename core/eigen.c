#include <limits.h>
#include <pthread.h>
#include <stdlib.h>

#include <cblas.h>
#include <lapacke.h>

#include "eigen.h"

struct eigen_workspace {
    size_t n;
    double *matrix;
    double *off_diagonal; /* [n] of the tridiagonal matrix */
    double *reflectors;   /* [n] their factors */
    double *work;
    lapack_int work_size;
};

/* Batches are parallel over matrices; threads of OpenBLAS's own would only fight over the same cores. */
static void one_blas_thread(void)
{
    openblas_set_num_threads(1);
}

enum ifl_status eigen_new(struct eigen_workspace **out, size_t n, struct ifl_error *error)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, one_blas_thread);

    size_t square;
    if (n > INT_MAX / 64 || !ifl_size_mul(n, n, &square))
        return ifl_fail(error, IFL_INVALID, "%zu samples are more than LAPACK can take", n);
    struct eigen_workspace *w = ifl_alloc(1, sizeof *w);
    if (w == NULL)
        goto no_memory;
    w->n = n;
    w->work_size = (lapack_int)(32 * n + 1); /* dsytrd's best block is 32 */
    w->matrix = ifl_alloc(square, sizeof *w->matrix);
    w->off_diagonal = ifl_alloc(n, sizeof *w->off_diagonal);
    w->reflectors = ifl_alloc(n, sizeof *w->reflectors);
    w->work = ifl_alloc((size_t)w->work_size, sizeof *w->work);
    if (w->matrix == NULL || w->off_diagonal == NULL || w->reflectors == NULL || w->work == NULL)
        goto no_memory;
    *out = w;
    return IFL_OK;

no_memory:
    eigen_free(w);
    return ifl_fail(error, IFL_NO_MEMORY, "no memory for a %zu x %zu matrix", n, n);
}

void eigen_free(struct eigen_workspace *workspace)
{
    if (workspace == NULL)
        return;
    free(workspace->matrix);
    free(workspace->off_diagonal);
    free(workspace->reflectors);
    free(workspace->work);
    free(workspace);
}

double *eigen_matrix(struct eigen_workspace *workspace)
{
    return workspace->matrix;
}

/* What dsyevd does, less its scaling: a kernel matrix over n has no elements it would be needed for. */
enum ifl_status eigen_solve(struct eigen_workspace *w, size_t m, double *eigenvalues, struct ifl_error *error)
{
    lapack_int order = (lapack_int)m;
    lapack_int info = LAPACKE_dsytrd_work(LAPACK_COL_MAJOR, 'L', order, w->matrix, order, eigenvalues, w->off_diagonal,
                                          w->reflectors, w->work, w->work_size);
    if (info == 0)
        info = LAPACKE_dsterf_work(order, eigenvalues, w->off_diagonal);
    if (info != 0)
        return ifl_fail(error, IFL_FAILED, "the eigenvalue solver did not converge (dsterf: %d)", (int)info);
    return IFL_OK;
}
