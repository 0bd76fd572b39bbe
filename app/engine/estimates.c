/* A whole run's numbers in the caller's thread. */
#include <stdlib.h>
#include <string.h>

#include <engine/estimator.h>

#define OWN_CACHE_BYTES ((size_t)64 << 20)
#define ARRAYS_BYTES    ((size_t)128 << 20)

void estimates_release(struct estimates *estimates)
{
    for (size_t k = 0; estimates->snapshots != NULL && k < estimates->count; k++)
        free(estimates->snapshots[k].records);
    free(estimates->snapshots);
    memset(estimates, 0, sizeof *estimates);
}

/* Estimates of these snapshots without records yet. */
static enum ifl_status estimates_init(struct estimates *out, const struct store_snapshot *snapshots, size_t count,
                                      const struct ifl_params *params, ifl_quantity_set wanted, struct ifl_error *error)
{
    struct estimates e = {.params = *params, .wanted = wanted, .count = count};
    e.snapshots = ifl_alloc(count, sizeof *e.snapshots);
    if (e.snapshots == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for %zu snapshots", count);
    e.run = count > 0 ? snapshots[0].run : 0;
    for (size_t k = 0; k < count; k++) {
        e.snapshots[k].step = snapshots[k].step;
        e.snapshots[k].batch = snapshots[k].batch;
        e.snapshots[k].epoch = snapshots[k].epoch;
    }
    *out = e;
    return IFL_OK;
}

/* ---- one set of parameters after another ---- */

struct engine_series {
    struct store *store;
    struct spectrum_cache *cache, *own; /* own: NULL where the caller has one */
    const struct store_snapshot *snapshots;
    struct arrays arrays;
    struct pending pending;
    struct estimator estimator;
    bool once; /* no snapshot is looked at again */
};

static void series_release(struct engine_series *series)
{
    estimator_release(&series->estimator);
    pending_release(&series->pending);
    spectrum_cache_free(series->own);
}

static enum ifl_status series_init(struct engine_series *s, struct store *store, struct spectrum_cache *cache,
                                   const struct store_snapshot *snapshots, size_t count, struct ifl_error *error)
{
    *s = (struct engine_series){.store = store, .snapshots = snapshots, .arrays = {.limit = ARRAYS_BYTES}};
    enum ifl_status status = cache != NULL ? IFL_OK : spectrum_cache_new(&s->own, OWN_CACHE_BYTES, error);
    s->cache = cache != NULL ? cache : s->own;
    if (status == IFL_OK)
        status = estimator_init(&s->estimator, store, s->cache, &s->arrays, snapshots, count, error);
    s->estimator.one_alpha = true;
    if (status != IFL_OK)
        series_release(s);
    return status;
}

enum ifl_status engine_series_new(struct engine_series **out, struct store *store,
                                  const struct store_snapshot *snapshots, size_t count, struct ifl_error *error)
{
    struct engine_series *series = ifl_alloc(1, sizeof *series);
    if (series == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for %zu snapshots", count);
    enum ifl_status status = series_init(series, store, NULL, snapshots, count, error);
    if (status == IFL_OK)
        *out = series;
    else
        free(series);
    return status;
}

void engine_series_free(struct engine_series *series)
{
    if (series == NULL)
        return;
    series_release(series);
    free(series);
}

enum ifl_status engine_series_estimate(struct engine_series *s, size_t first, size_t count,
                                       const struct estimate_options *options, struct estimates *out,
                                       struct ifl_error *error)
{
    struct estimates estimates = {0};
    bool keeps = true; /* until the database cannot be written: no reason to withhold the numbers */
    const struct store_snapshot *snapshots = count > 0 ? s->snapshots + first : NULL; /* a run may have none */
    enum ifl_status status = estimates_init(&estimates, snapshots, count, &options->params, options->wanted, error);
    s->estimator.no_store = options->no_store;
    s->estimator.pending = options->no_store ? NULL : &s->pending;
    for (size_t k = 0; k < count && status == IFL_OK; k++) {
        struct estimate *e = &estimates.snapshots[k];
        status = estimator_run(&s->estimator, first + k, &options->params, options->wanted, &options->control,
                               &e->records, &e->count, error);
        if (s->once)
            loaded_drop(&s->estimator.loaded[first + k]);
        while (status == IFL_OK && keeps && s->pending.count > 0)
            keeps = pending_keep(&s->pending, s->store, s->cache, NULL) == IFL_OK;
        s->pending.count = 0;
        if (status == IFL_OK && options->each != NULL && !options->each(options->each_context, &estimates, k))
            break;
    }
    if (status == IFL_OK)
        *out = estimates;
    else
        estimates_release(&estimates);
    return status;
}

enum ifl_status engine_estimate(struct store *store, struct spectrum_cache *cache,
                                const struct store_snapshot *snapshots, size_t count,
                                const struct estimate_options *options, struct estimates *out, struct ifl_error *error)
{
    struct engine_series once;
    enum ifl_status status = series_init(&once, store, cache, snapshots, count, error);
    if (status != IFL_OK)
        return status;
    once.once = true;
    status = engine_series_estimate(&once, 0, count, options, out, error);
    series_release(&once);
    return status;
}
