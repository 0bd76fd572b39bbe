#include <stdlib.h>
#include <string.h>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "eigen.h"
#include "kernel.h"
#include "subset.h"

/* What one thread needs. */
struct scratch {
    double *pairs;  /* packed kernel */
    size_t *members; /* samples of one class */
    struct eigen_workspace *eigen;
};

static void scratch_release(struct scratch *s)
{
    free(s->pairs);
    free(s->members);
    eigen_free(s->eigen);
}

static enum ifl_status scratch_init(struct scratch *s, size_t n, struct ifl_error *error)
{
    memset(s, 0, sizeof *s);
    s->pairs = ifl_alloc(ifl_pair_count(n), sizeof *s->pairs);
    s->members = ifl_alloc(n, sizeof *s->members);
    enum ifl_status status = s->pairs == NULL || s->members == NULL
                                 ? ifl_fail(error, IFL_NO_MEMORY, "no memory for the pairs of %zu samples", n)
                                 : eigen_new(&s->eigen, n, error);
    if (status != IFL_OK)
        scratch_release(s);
    return status;
}

/* Where the pairs (i, i+1), (i, i+2) ... of row i begin. */
static const double *pair_row(const double *pairs, size_t n, size_t i)
{
    return pairs + i * (n - 1) - i * (i - 1) / 2;
}

/* Eigenvalues of the kernel among `count` samples, given ascending, over n: a principal submatrix of A. */
static enum ifl_status solve_block(struct scratch *s, size_t n, const size_t *samples, size_t count,
                                   double *eigenvalues, struct ifl_error *error)
{
    double *matrix = eigen_matrix(s->eigen), scale = 1 / (double)n;
    for (size_t c = 0; c < count; c++) {
        const double *row = pair_row(s->pairs, n, samples[c]);
        matrix[c * count + c] = scale;
        for (size_t r = c + 1; r < count; r++)
            matrix[c * count + r] = scale * row[samples[r] - samples[c] - 1];
    }
    return eigen_solve(s->eigen, count, eigenvalues, error);
}

/* Under the delta kernel no two classes meet: the spectrum is that of the classes' blocks, at a fraction of the
 * cost. Only the first sample of a class gathers its block. */
static enum ifl_status solve_by_class(struct scratch *s, const struct ifl_snapshot *snapshot, double *eigenvalues,
                                      struct ifl_error *error)
{
    size_t n = snapshot->n, done = 0;
    const int32_t *labels = snapshot->labels;
    for (size_t first = 0; first < n; first++) {
        size_t count = 0;
        bool seen = false;
        for (size_t k = 0; k < first && !seen; k++)
            seen = labels[k] == labels[first];
        for (size_t k = first; k < n && !seen; k++)
            if (labels[k] == labels[first])
                s->members[count++] = k;
        if (count == 0)
            continue;
        enum ifl_status status = solve_block(s, n, s->members, count, eigenvalues + done, error);
        if (status != IFL_OK)
            return status;
        done += count;
    }
    return IFL_OK;
}

static enum ifl_status one_spectrum(struct scratch *s, const struct ifl_snapshot *snapshot,
                                    const struct ifl_params *params, const struct widths *widths,
                                    const struct ifl_subset *subset, double *eigenvalues, struct ifl_error *error)
{
    enum ifl_status status = kernel_pairs(snapshot, params, widths, subset, s->pairs, error);
    if (status != IFL_OK)
        return status;
    if (delta_blocks(subset, params))
        return solve_by_class(s, snapshot, eigenvalues, error);
    for (size_t k = 0; k < snapshot->n; k++)
        s->members[k] = k;
    return solve_block(s, snapshot->n, s->members, snapshot->n, eigenvalues, error);
}

/* Shared by the threads of one batch. */
struct batch {
    const struct ifl_snapshot *snapshot;
    const struct ifl_params *params;
    const struct widths *widths;
    const struct ifl_subset *subsets;
    size_t count;
    double *spectra;
    const struct ifl_control *control;
    atomic_int status; /* of the first failure */
    size_t done;
    struct ifl_error *error;
};

static void batch_fail(struct batch *b, enum ifl_status status, const struct ifl_error *error)
{
#pragma omp critical(infoflow_batch)
    {
        if (atomic_load(&b->status) == IFL_OK) {
            atomic_store(&b->status, (int)status);
            if (b->error != NULL)
                *b->error = *error;
        }
    }
}

static void batch_step(struct batch *b, struct scratch *s, size_t k)
{
    struct ifl_error error = {0};
    enum ifl_status status;
    if (b->control->cancel != NULL && atomic_load(b->control->cancel))
        status = ifl_fail(&error, IFL_CANCELED, "canceled");
    else
        status = one_spectrum(s, b->snapshot, b->params, b->widths, &b->subsets[k], b->spectra + k * b->snapshot->n,
                              &error);
    if (status != IFL_OK) {
        batch_fail(b, status, &error);
        return;
    }
    if (b->control->progress != NULL) {
#pragma omp critical(infoflow_batch)
        b->control->progress(b->control->context, ++b->done, b->count);
    }
}

static void batch_run(struct batch *b)
{
#ifdef _OPENMP
    int threads = b->control->threads > 0 ? b->control->threads : omp_get_max_threads();
    if ((size_t)threads > b->count)
        threads = (int)b->count;
#pragma omp parallel num_threads(threads) if (threads > 1)
#endif
    {
        struct scratch s;
        struct ifl_error error = {0};
        enum ifl_status status = scratch_init(&s, b->snapshot->n, &error);
        if (status != IFL_OK)
            batch_fail(b, status, &error);
#pragma omp for schedule(dynamic, 1)
        for (size_t k = 0; k < b->count; k++)
            if (atomic_load(&b->status) == IFL_OK)
                batch_step(b, &s, k);
        if (status == IFL_OK)
            scratch_release(&s);
    }
}

enum ifl_status ifl_spectra(const struct ifl_snapshot *snapshot, const struct ifl_params *params,
                            const struct ifl_subset *subsets, size_t count, const struct ifl_control *control,
                            double *spectra, struct ifl_error *error)
{
    static const struct ifl_control defaults = {0};
    enum ifl_status status = ifl_params_check(params, error);
    if (status != IFL_OK)
        return status;
    if (snapshot->n < 2)
        return ifl_fail(error, IFL_INVALID, "%zu samples are too few: at least 2", snapshot->n);
    for (size_t k = 0; k < count; k++) {
        status = subset_check(snapshot, &subsets[k], params, error);
        if (status != IFL_OK)
            return status;
    }
    if (count == 0)
        return IFL_OK;
    struct widths widths;
    status = widths_init(&widths, snapshot, params, subsets, count, error);
    if (status != IFL_OK)
        return status;
    struct batch b = {.snapshot = snapshot,
                      .params = params,
                      .widths = &widths,
                      .subsets = subsets,
                      .count = count,
                      .spectra = spectra,
                      .control = control == NULL ? &defaults : control,
                      .error = error};
    atomic_init(&b.status, IFL_OK);
    batch_run(&b);
    widths_release(&widths);
    return (enum ifl_status)atomic_load(&b.status);
}
