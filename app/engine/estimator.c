#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <engine/estimator.h>
#include <infoflow/entropy.h>

/* Spectra computed at once, at most: enough to keep every core busy, little enough to hold in memory for any layer
 * width. */
#define CHUNK 512

/* A dump without X is never imported: the row is lost. */
static enum ifl_status check_input(const struct store *store, const struct store_snapshot *snapshot,
                                   struct ifl_error *error)
{
    if (snapshot->x_dim > 0)
        return IFL_OK;
    return ifl_fail(error, IFL_REFUSED, "%s: step %" PRId64 ": X: missing", store_path(store), snapshot->step);
}

enum ifl_status estimator_init(struct estimator *out, struct store *store, struct spectrum_cache *cache,
                               struct arrays *arrays, const struct store_snapshot *snapshots, size_t count,
                               struct ifl_error *error)
{
    struct estimator e = {.store = store, .cache = cache, .snapshots = snapshots};
    e.loaded = ifl_alloc(count, sizeof *e.loaded);
    if (e.loaded == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for %zu snapshots", count);
    for (; e.count < count; e.count++) {
        enum ifl_status status = check_input(store, &snapshots[e.count], error);
        if (status == IFL_OK)
            status = loaded_init(&e.loaded[e.count], &snapshots[e.count], arrays, error);
        if (status != IFL_OK) {
            estimator_release(&e);
            return status;
        }
    }
    *out = e;
    return IFL_OK;
}

void estimator_release(struct estimator *estimator)
{
    for (size_t k = 0; k < estimator->count; k++)
        loaded_release(&estimator->loaded[k]);
    free(estimator->loaded);
    ifl_plan_free(estimator->planned.plan);
    memset(estimator, 0, sizeof *estimator);
}

/* ---- plans ---- */

static int compare_widths(const struct ifl_params *a, const struct ifl_params *b)
{
    const double left[] = {a->h, a->h_error, a->h_label, (double)a->width, (double)a->composition};
    const double right[] = {b->h, b->h_error, b->h_label, (double)b->width, (double)b->composition};
    for (size_t k = 0; k < sizeof left / sizeof *left; k++)
        if (left[k] != right[k])
            return left[k] < right[k] ? -1 : 1;
    return 0;
}

static bool same_shapes(const struct store_shape *a, const struct store_shape *b, size_t layers)
{
    for (size_t k = 0; k < layers; k++)
        if (a[k].maps != b[k].maps || a[k].kept != b[k].kept || a[k].dim != b[k].dim)
            return false;
    return true;
}

static bool same_shape(const struct store_snapshot *a, const struct store_snapshot *b)
{
    return a->n == b->n && a->layers == b->layers && a->x_dim == b->x_dim && a->classes == b->classes &&
           (a->labels == NULL) == (b->labels == NULL) && same_shapes(a->t, b->t, a->layers) &&
           same_shapes(a->delta, b->delta, a->layers);
}

static bool plan_holds(const struct estimator *e, size_t k, const struct ifl_params *params, ifl_quantity_set wanted)
{
    const struct planned *p = &e->planned;
    return p->plan != NULL && p->wanted == wanted && compare_widths(&p->params, params) == 0 &&
           p->params.alpha == params->alpha && p->params.pairs == params->pairs && p->params.seed == params->seed &&
           same_shape(&e->snapshots[p->snapshot], &e->snapshots[k]);
}

enum ifl_status estimator_plan(struct estimator *e, size_t k, const struct ifl_params *params, ifl_quantity_set wanted,
                               const struct ifl_plan **out, struct ifl_error *error)
{
    if (!plan_holds(e, k, params, wanted)) {
        struct ifl_plan *plan;
        enum ifl_status status = ifl_plan_new(&plan, &e->loaded[k].core, params, wanted, error);
        if (status != IFL_OK)
            return status;
        ifl_plan_free(e->planned.plan);
        e->planned = (struct planned){plan, *params, wanted, k};
    }
    *out = e->planned.plan;
    return IFL_OK;
}

/* ---- one snapshot at work ---- */

struct job {
    struct estimator *estimator;
    struct loaded *loaded;
    const struct ifl_params *params;
    const struct ifl_control *control;
    const struct ifl_plan *plan;
    const struct ifl_subset *subsets;
    size_t count;
    double *entropies; /* [count] */
    size_t *missing;   /* indices of subsets without an entropy yet, in the plan's order: layer by layer */
    size_t n_missing;
    size_t done, total; /* for the caller's progress */
    double *rows;       /* [CHUNK][n] */
    struct ifl_subset *chunk;
};

static struct store_spectrum_key job_key(const struct job *job, size_t k)
{
    return spectrum_key(job->loaded->stored->id, &job->loaded->core, &job->subsets[k], job->params);
}

static void job_progress(struct job *job, size_t done)
{
    if (job->control != NULL && job->control->progress != NULL)
        job->control->progress(job->control->context, done, job->total);
}

static bool canceled(const struct job *job)
{
    return job->control != NULL && job->control->cancel != NULL && atomic_load(job->control->cancel);
}

static void take_spectrum(struct job *job, size_t k, const double *eigenvalues)
{
    job->entropies[k] = ifl_entropy(eigenvalues, job->loaded->stored->n, job->params->alpha);
}

/* What memory has; the rest becomes `missing`. */
static enum ifl_status from_memory(struct job *job, struct ifl_error *error)
{
    size_t n = job->loaded->stored->n;
    for (size_t k = 0; k < job->count; k++) {
        struct store_spectrum_key key = job_key(job, k);
        if (canceled(job))
            return ifl_fail(error, IFL_CANCELED, "canceled");
        if (!cache_entropy(job->estimator->cache, &key, n, job->params->alpha, &job->entropies[k]))
            job->missing[job->n_missing++] = k;
    }
    job->total = job->n_missing;
    return IFL_OK;
}

/* A spectrum the database is asked for. */
struct sought {
    struct store_spectrum_key key;
    size_t index; /* of its subset */
    bool found;
};

/* By widths, then by subset. */
static int compare_sought(const void *a, const void *b)
{
    const struct store_spectrum_key *left = &((const struct sought *)a)->key, *right = &((const struct sought *)b)->key;
    int order = compare_widths(&left->params, &right->params);
    return order != 0 ? order : ifl_subset_compare(&left->subset, &right->subset);
}

/* Those of one set of widths, sorted, while the database hands out what it has. */
struct offer {
    struct job *job;
    struct sought *sought;
    size_t count;
};

static bool take_stored(void *context, const struct ifl_subset *subset, const double *eigenvalues)
{
    struct offer *o = context;
    struct sought like = {.key = o->sought->key};
    like.key.subset = *subset;
    struct sought *s = bsearch(&like, o->sought, o->count, sizeof *s, compare_sought);
    if (s != NULL) {
        take_spectrum(o->job, s->index, eigenvalues);
        cache_put(o->job->estimator->cache, &s->key, o->job->loaded->stored->n, eigenvalues);
        s->found = true;
    }
    return true;
}

/* Asks the database once for each set of widths among the sorted. */
static enum ifl_status visit_widths(struct job *job, struct store *store, struct sought *sought, size_t count,
                                    struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    const struct store_snapshot *stored = job->loaded->stored;
    for (size_t first = 0, end; first < count && status == IFL_OK; first = end) {
        const struct ifl_params *widths = &sought[first].key.params;
        for (end = first + 1; end < count && compare_widths(widths, &sought[end].key.params) == 0; end++)
            continue;
        struct offer o = {job, sought + first, end - first};
        status = store_visit_spectra(store, stored->id, widths, stored->n, take_stored, &o, error);
    }
    return status;
}

static int compare_indices(const void *a, const void *b)
{
    size_t left = *(const size_t *)a, right = *(const size_t *)b;
    return (left > right) - (left < right);
}

/* What the database or a part has; `missing` shrinks to the rest. */
static enum ifl_status from_store(struct job *job, struct store *store, struct ifl_error *error)
{
    size_t count = job->n_missing;
    if (count == 0)
        return IFL_OK;
    struct sought *sought = ifl_alloc(count, sizeof *sought);
    if (sought == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for %zu spectra", count);
    for (size_t k = 0; k < count; k++)
        sought[k] = (struct sought){job_key(job, job->missing[k]), job->missing[k], false};
    qsort(sought, count, sizeof *sought, compare_sought);
    enum ifl_status status = visit_widths(job, store, sought, count, error);
    if (status == IFL_OK) {
        job->n_missing = 0;
        for (size_t k = 0; k < count; k++)
            if (!sought[k].found)
                job->missing[job->n_missing++] = sought[k].index;
        qsort(job->missing, job->n_missing, sizeof *job->missing, compare_indices);
        job->done += count - job->n_missing;
        job->estimator->found += count - job->n_missing;
        job_progress(job, job->done);
    }
    free(sought);
    return status;
}

static enum ifl_status from_stores(struct job *job, struct ifl_error *error)
{
    struct estimator *e = job->estimator;
    enum ifl_status status = e->no_store ? IFL_OK : from_store(job, e->store, error);
    if (status == IFL_OK && e->keep != NULL && e->keep != e->store)
        status = from_store(job, e->keep, error);
    return status;
}

static void chunk_progress(void *context, size_t done, size_t total)
{
    (void)total;
    struct job *job = context;
    job_progress(job, job->done + done);
}

/* The entropies of a chunk without its spectra. */
static enum ifl_status compute_entropies(struct job *job, size_t first, size_t count, const struct ifl_control *control,
                                         struct ifl_error *error)
{
    enum ifl_status status =
        ifl_entropies(&job->loaded->core, job->params, job->chunk, count, control, job->rows, error);
    for (size_t k = 0; k < count && status == IFL_OK; k++)
        job->entropies[job->missing[first + k]] = job->rows[k];
    return status;
}

/* The spectra of a chunk into the database or part that was asked to have them. */
static enum ifl_status keep_chunk(const struct job *job, size_t first, size_t count, struct ifl_error *error)
{
    size_t n = job->loaded->stored->n;
    struct store_spectrum_key *keys = ifl_alloc(count, sizeof *keys);
    const double **rows = ifl_alloc(count, sizeof *rows);
    enum ifl_status status = IFL_OK;
    if (keys == NULL || rows == NULL)
        status = ifl_fail(error, IFL_NO_MEMORY, "no memory for %zu spectra", count);
    for (size_t k = 0; k < count && status == IFL_OK; k++) {
        keys[k] = job_key(job, job->missing[first + k]);
        rows[k] = job->rows + k * n;
    }
    if (status == IFL_OK)
        status = store_keep_spectra(job->estimator->keep, keys, rows, count, n, error);
    free(keys);
    free(rows);
    return status;
}

/* The same from its spectra, which are kept. */
static enum ifl_status compute_spectra(struct job *job, size_t first, size_t count, const struct ifl_control *control,
                                       struct ifl_error *error)
{
    struct estimator *e = job->estimator;
    enum ifl_status status = ifl_spectra(&job->loaded->core, job->params, job->chunk, count, control, job->rows, error);
    for (size_t k = 0; k < count && status == IFL_OK; k++) {
        size_t n = job->loaded->stored->n, index = job->missing[first + k];
        struct store_spectrum_key key = job_key(job, index);
        take_spectrum(job, index, job->rows + k * n);
        cache_put(e->cache, &key, n, job->rows + k * n);
        if (e->pending != NULL)
            pending_add(e->pending, &key, n);
    }
    if (status == IFL_OK && e->keep != NULL)
        status = keep_chunk(job, first, count, error);
    return status;
}

/* Takes the missing subsets from `first` on, up to `most` of them, into a chunk, with the distances that they read:
 * *count of them, until the arrays are beyond their bound, but one at least. */
static enum ifl_status fill_chunk(struct job *job, size_t first, size_t most, size_t *count, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    bool fits = true;
    size_t k = 0;
    for (; k < most && fits && status == IFL_OK; k++) {
        job->chunk[k] = job->subsets[job->missing[first + k]];
        status = canceled(job)
                     ? ifl_fail(error, IFL_CANCELED, "canceled")
                     : loaded_need(job->loaded, job->estimator->store, &job->chunk[k], job->params, error);
        fits = loaded_fits(job->loaded);
    }
    *count = k;
    return status;
}

/* Computes missing entropies from `first` on, *count of them. */
static enum ifl_status compute_chunk(struct job *job, size_t first, size_t *count, struct ifl_error *error)
{
    struct estimator *e = job->estimator;
    size_t left = job->n_missing - first;
    enum ifl_status status = fill_chunk(job, first, left < CHUNK ? left : CHUNK, count, error);
    if (status != IFL_OK)
        return status;
    struct ifl_control control = {.progress = chunk_progress, .context = job, .widths = job->loaded->widths};
    if (job->control != NULL) {
        control.threads = job->control->threads;
        control.cancel = job->control->cancel;
    }
    status = e->one_alpha && job->params->alpha == 2 ? compute_entropies(job, first, *count, &control, error)
                                                     : compute_spectra(job, first, *count, &control, error);
    if (status == IFL_OK) {
        job->done += *count;
        e->computed += *count;
    }
    loaded_settle(job->loaded);
    return status;
}

static enum ifl_status from_distances(struct job *job, struct ifl_error *error)
{
    size_t room = job->n_missing < CHUNK ? job->n_missing : CHUNK, values;
    if (room == 0)
        return IFL_OK;
    job->chunk = ifl_alloc(room, sizeof *job->chunk);
    if (ifl_size_mul(room, job->loaded->stored->n, &values))
        job->rows = ifl_alloc(values, sizeof *job->rows);
    if (job->rows == NULL || job->chunk == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for %zu spectra", room);
    enum ifl_status status = IFL_OK;
    for (size_t first = 0, count; first < job->n_missing && status == IFL_OK; first += count)
        status = compute_chunk(job, first, &count, error);
    return status;
}

static void job_release(struct job *job)
{
    free(job->entropies);
    free(job->missing);
    free(job->rows);
    free(job->chunk);
}

static enum ifl_status job_init(struct job *job, struct estimator *e, size_t k, const struct ifl_params *params,
                                ifl_quantity_set wanted, const struct ifl_control *control, struct ifl_error *error)
{
    *job = (struct job){.estimator = e, .loaded = &e->loaded[k], .params = params, .control = control};
    enum ifl_status status = estimator_plan(e, k, params, wanted, &job->plan, error);
    if (status != IFL_OK)
        return status;
    job->subsets = ifl_plan_subsets(job->plan, &job->count);
    job->entropies = ifl_alloc(job->count, sizeof *job->entropies);
    job->missing = ifl_alloc(job->count, sizeof *job->missing);
    if (job->entropies != NULL && job->missing != NULL)
        return IFL_OK;
    job_release(job);
    return ifl_fail(error, IFL_NO_MEMORY, "no memory for %zu spectra", job->count);
}

enum ifl_status estimator_run(struct estimator *e, size_t k, const struct ifl_params *params, ifl_quantity_set wanted,
                              const struct ifl_control *control, struct ifl_record **records, size_t *count,
                              struct ifl_error *error)
{
    struct job job;
    enum ifl_status status = job_init(&job, e, k, params, wanted, control, error);
    if (status != IFL_OK)
        return status;
    status = from_memory(&job, error);
    if (status == IFL_OK)
        status = from_stores(&job, error);
    if (status == IFL_OK)
        status = from_distances(&job, error);
    loaded_settle(job.loaded);
    if (status == IFL_OK) {
        struct ifl_record *found = ifl_alloc(ifl_plan_records(job.plan), sizeof *found);
        if (found == NULL) {
            status = ifl_fail(error, IFL_NO_MEMORY, "no memory for the results");
        } else {
            ifl_plan_evaluate(job.plan, job.entropies, found);
            *records = found;
            *count = ifl_plan_records(job.plan);
        }
    }
    job_release(&job);
    return status;
}

enum ifl_status estimator_missing(struct estimator *e, size_t k, const struct ifl_params *params,
                                  ifl_quantity_set wanted, size_t *missing, struct ifl_error *error)
{
    const struct ifl_plan *plan;
    enum ifl_status status = estimator_plan(e, k, params, wanted, &plan, error);
    if (status != IFL_OK)
        return status;
    size_t count, absent = 0;
    const struct ifl_subset *subsets = ifl_plan_subsets(plan, &count);
    for (size_t s = 0; s < count; s++) {
        struct store_spectrum_key key = spectrum_key(e->snapshots[k].id, &e->loaded[k].core, &subsets[s], params);
        absent += !cache_has(e->cache, &key);
    }
    *missing = absent;
    return IFL_OK;
}
