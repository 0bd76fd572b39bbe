/* distances -> spectra, or straight on to entropies: chunks of subsets, in parallel. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "classes.h"
#include "infoflow/entropy.h"
#include "kernel.h"
#include "solver.h"
#include "subset.h"
#include "team.h"

/* Shared by the threads of one batch. */
struct batch {
    const struct ifl_snapshot *snapshot;
    const struct ifl_params *params;
    const struct ifl_subset *subsets;
    size_t count;
    double *spectra;   /* [count][n]; NULL: the entropies alone are wanted */
    double *entropies; /* [count], where spectra is NULL */
    const struct ifl_control *control;
    struct widths widths;
    struct classes classes;
    size_t *order; /* [count] subsets: first those of whole matrices, then the block diagonal ones */
    size_t n_whole;
    size_t chunk; /* subsets that are solved together */
    size_t n_chunks;
    atomic_size_t next;   /* chunk that nobody has begun */
    atomic_int status;    /* of the first failure */
    pthread_mutex_t lock; /* of what follows, and of its owner's progress */
    size_t done;
    struct ifl_error *error;
};

/* ---- one thread ---- */

struct scratch {
    double *pairs;          /* [chunk][ifl_pair_count(n)] packed kernels */
    double *spectra;        /* [chunk][n], where nobody keeps them */
    const double **sources; /* [chunk] */
    double **targets;       /* [chunk] */
    struct solver solver;
};

static void scratch_release(struct scratch *s)
{
    free(s->pairs);
    free(s->spectra);
    free(s->sources);
    free(s->targets);
    solver_release(&s->solver);
}

static enum ifl_status scratch_init(struct scratch *s, const struct batch *b, struct ifl_error *error)
{
    size_t doubles, pairs = ifl_pair_count(b->snapshot->n);
    memset(s, 0, sizeof *s);
    if (ifl_size_mul(pairs, b->chunk, &doubles))
        s->pairs = ifl_alloc(doubles, sizeof *s->pairs);
    if (ifl_size_mul(b->snapshot->n, b->chunk, &doubles))
        s->spectra = ifl_alloc(doubles, sizeof *s->spectra);
    s->sources = ifl_alloc(b->chunk, sizeof *s->sources);
    s->targets = ifl_alloc(b->chunk, sizeof *s->targets);
    if (s->pairs != NULL && s->spectra != NULL && s->sources != NULL && s->targets != NULL)
        return IFL_OK;
    scratch_release(s);
    return ifl_fail(error, IFL_NO_MEMORY, "no memory for the pairs of %zu samples", b->snapshot->n);
}

/* Under the delta kernel no two classes meet: the spectrum is that of the classes' blocks, at a fraction of the cost.
 * Each class's block is one batch over the chunk's subsets. */
static enum ifl_status solve_by_class(struct scratch *s, const struct batch *b, size_t count, struct ifl_error *error)
{
    double scale = 1 / (double)b->snapshot->n;
    enum ifl_status status = IFL_OK;
    for (size_t c = 0; c < b->classes.count && status == IFL_OK; c++) {
        size_t size = b->classes.size[c];
        if (size == 1)
            for (size_t k = 0; k < count; k++)
                *s->targets[k] = scale;
        else
            status = solver_solve(&s->solver, size, count, s->sources, scale, s->targets, error);
        for (size_t k = 0; k < count; k++) {
            s->sources[k] += ifl_pair_count(size);
            s->targets[k] += size;
        }
    }
    return status;
}

/* The kernels of subsets order[first] .. order[first + count - 1]. */
static enum ifl_status form_kernels(struct scratch *s, const struct batch *b, size_t first, size_t count,
                                    const struct selection *selection, struct ifl_error *error)
{
    size_t n = b->snapshot->n, pairs = ifl_pair_count(n);
    enum ifl_status status = IFL_OK;
    for (size_t k = 0; k < count && status == IFL_OK; k++) {
        size_t subset = b->order[first + k];
        s->sources[k] = s->pairs + k * pairs;
        s->targets[k] = b->spectra != NULL ? b->spectra + subset * n : s->spectra + k * n;
        status = kernel_pairs(b->snapshot, b->params, &b->widths, &b->subsets[subset], selection, s->pairs + k * pairs,
                              error);
    }
    return status;
}

/* Subsets order[first] .. order[first + count - 1], all whole or all block diagonal. */
static enum ifl_status solve_chunk(struct scratch *s, const struct batch *b, size_t first, size_t count,
                                   struct ifl_error *error)
{
    size_t n = b->snapshot->n;
    bool whole = first < b->n_whole;
    struct selection selection = {ifl_pair_count(n), NULL};
    if (!whole)
        selection = (struct selection){b->classes.n_pairs, b->classes.pair};
    enum ifl_status status = form_kernels(s, b, first, count, &selection, error);
    if (status != IFL_OK)
        return status;
    if (b->spectra == NULL && b->params->alpha == 2) {
        for (size_t k = 0; k < count; k++)
            b->entropies[b->order[first + k]] = kernel_entropy_2(s->sources[k], selection.count, n);
        return IFL_OK;
    }
    status = whole ? solver_solve(&s->solver, n, count, s->sources, 1 / (double)n, s->targets, error)
                   : solve_by_class(s, b, count, error);
    for (size_t k = 0; k < count && status == IFL_OK && b->spectra == NULL; k++)
        b->entropies[b->order[first + k]] = ifl_entropy(s->spectra + k * n, n, b->params->alpha);
    return status;
}

/* ---- all of them ---- */

static void batch_fail(struct batch *b, enum ifl_status status, const struct ifl_error *error)
{
    pthread_mutex_lock(&b->lock);
    if (atomic_load(&b->status) == IFL_OK) {
        atomic_store(&b->status, (int)status);
        if (b->error != NULL)
            *b->error = *error;
    }
    pthread_mutex_unlock(&b->lock);
}

static void batch_step(struct batch *b, struct scratch *s, size_t first, size_t count)
{
    struct ifl_error error = {0};
    enum ifl_status status;
    if (team_canceled(b->control))
        status = ifl_fail(&error, IFL_CANCELED, "canceled");
    else
        status = solve_chunk(s, b, first, count, &error);
    if (status != IFL_OK) {
        batch_fail(b, status, &error);
        return;
    }
    if (b->control->progress != NULL) {
        pthread_mutex_lock(&b->lock);
        b->done += count;
        b->control->progress(b->control->context, b->done, b->count);
        pthread_mutex_unlock(&b->lock);
    }
}

static size_t chunks_of(size_t count, size_t chunk)
{
    return (count + chunk - 1) / chunk;
}

/* Chunk `k` of those of whole matrices, then of the others: none holds both kinds. */
static void batch_chunk(struct batch *b, struct scratch *s, size_t k)
{
    size_t whole = chunks_of(b->n_whole, b->chunk);
    size_t first = k < whole ? k * b->chunk : b->n_whole + (k - whole) * b->chunk;
    size_t end = k < whole ? b->n_whole : b->count;
    batch_step(b, s, first, end - first < b->chunk ? end - first : b->chunk);
}

/* Chunk after chunk, as long as there are some. */
static void *batch_share(void *context)
{
    struct batch *b = context;
    struct scratch s;
    struct ifl_error error = {0};
    enum ifl_status status = scratch_init(&s, b, &error);
    if (status != IFL_OK) {
        batch_fail(b, status, &error);
        return NULL;
    }
    for (size_t k; atomic_load(&b->status) == IFL_OK && (k = atomic_fetch_add(&b->next, 1)) < b->n_chunks;)
        batch_chunk(b, &s, k);
    scratch_release(&s);
    return NULL;
}

static void batch_run(struct batch *b, int threads)
{
    b->n_chunks = chunks_of(b->n_whole, b->chunk) + chunks_of(b->count - b->n_whole, b->chunk);
    team_run((size_t)threads < b->n_chunks ? (size_t)threads : b->n_chunks, batch_share, b);
}

/* As many as the solver takes, but no more than leave every thread its share of the whole matrices, which are dear. */
static size_t chunk_size(size_t n, size_t count, int threads)
{
    size_t lanes = solver_lanes(n), unit = solver_unit(n), share = chunks_of(count, (size_t)threads);
    size_t wanted = chunks_of(share, unit) * unit;
    return wanted < lanes ? wanted : lanes;
}

static enum ifl_status batch_order(struct batch *b, struct ifl_error *error)
{
    b->order = ifl_alloc(b->count, sizeof *b->order);
    if (b->order == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for %zu spectra", b->count);
    for (size_t k = 0; k < b->count; k++)
        if (!delta_blocks(&b->subsets[k], b->params))
            b->order[b->n_whole++] = k;
    size_t next = b->n_whole;
    for (size_t k = 0; k < b->count; k++)
        if (delta_blocks(&b->subsets[k], b->params))
            b->order[next++] = k;
    return b->n_whole < b->count ? classes_init(&b->classes, b->snapshot, error) : IFL_OK;
}

/* Of `b` the snapshot, params, subsets, count, control, error and spectra or entropies are set; the rest is 0. */
static enum ifl_status batch_all(struct batch *b)
{
    static const struct ifl_control defaults = {0};
    size_t n = b->snapshot->n;
    enum ifl_status status = ifl_params_check(b->params, b->error);
    if (status == IFL_OK)
        status = samples_check(b->snapshot, b->error);
    if (status != IFL_OK)
        return status;
    for (size_t k = 0; k < b->count; k++) {
        status = subset_check(b->snapshot, &b->subsets[k], b->params, b->error);
        if (status != IFL_OK)
            return status;
    }
    if (b->count == 0)
        return IFL_OK;
    if (b->control == NULL)
        b->control = &defaults;
    int threads = team_size(b->control);
    atomic_init(&b->next, 0);
    atomic_init(&b->status, IFL_OK);
    status = widths_init(&b->widths, b->snapshot, b->params, b->subsets, b->count, b->control, b->error);
    if (status == IFL_OK)
        status = batch_order(b, b->error);
    if (status == IFL_OK) {
        b->chunk = chunk_size(n, b->n_whole > 0 ? b->n_whole : b->count, threads);
        pthread_mutex_init(&b->lock, NULL);
        batch_run(b, threads);
        pthread_mutex_destroy(&b->lock);
        status = (enum ifl_status)atomic_load(&b->status);
    }
    free(b->order);
    classes_release(&b->classes);
    widths_release(&b->widths);
    return status;
}

enum ifl_status ifl_spectra(const struct ifl_snapshot *snapshot, const struct ifl_params *params,
                            const struct ifl_subset *subsets, size_t count, const struct ifl_control *control,
                            double *spectra, struct ifl_error *error)
{
    struct batch b = {.snapshot = snapshot,
                      .params = params,
                      .subsets = subsets,
                      .count = count,
                      .control = control,
                      .spectra = spectra,
                      .error = error};
    return batch_all(&b);
}

enum ifl_status ifl_entropies(const struct ifl_snapshot *snapshot, const struct ifl_params *params,
                              const struct ifl_subset *subsets, size_t count, const struct ifl_control *control,
                              double *entropies, struct ifl_error *error)
{
    struct batch b = {.snapshot = snapshot,
                      .params = params,
                      .subsets = subsets,
                      .count = count,
                      .control = control,
                      .entropies = entropies,
                      .error = error};
    return batch_all(&b);
}
