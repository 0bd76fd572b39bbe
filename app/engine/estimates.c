/* A whole run's numbers in the caller's thread. */
#include <stdlib.h>
#include <string.h>

#include <engine/estimator.h>

#define OWN_CACHE_BYTES ((size_t)64 << 20)

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

enum ifl_status engine_estimate(struct store *store, struct spectrum_cache *cache,
                                const struct store_snapshot *snapshots, size_t count,
                                const struct estimate_options *options, struct estimates *out, struct ifl_error *error)
{
    struct spectrum_cache *own = NULL;
    struct arrays arrays = {0}; /* each snapshot is looked at once: none is kept */
    struct pending pending = {0};
    struct estimator estimator = {0};
    struct estimates estimates = {0};
    bool keeps = true; /* until the database cannot be written: no reason to withhold the numbers */
    enum ifl_status status = IFL_OK;
    if (cache == NULL) {
        status = spectrum_cache_new(&own, OWN_CACHE_BYTES, error);
        cache = own;
    }
    if (status == IFL_OK)
        status = estimator_init(&estimator, store, cache, &arrays, snapshots, count, error);
    if (status == IFL_OK)
        status = estimates_init(&estimates, snapshots, count, &options->params, options->wanted, error);
    estimator.no_store = options->no_store;
    estimator.pending = options->no_store ? NULL : &pending;
    estimator.one_alpha = true;
    for (size_t k = 0; k < count && status == IFL_OK; k++) {
        struct estimate *e = &estimates.snapshots[k];
        status = estimator_run(&estimator, k, &options->params, options->wanted, &options->control, &e->records,
                               &e->count, error);
        while (status == IFL_OK && keeps && pending.count > 0)
            keeps = pending_keep(&pending, store, cache, NULL) == IFL_OK;
        pending.count = 0;
        if (status == IFL_OK && options->each != NULL && !options->each(options->each_context, &estimates, k))
            break;
    }
    if (status == IFL_OK) {
        *out = estimates;
        estimates = (struct estimates){0};
    }
    estimates_release(&estimates);
    estimator_release(&estimator);
    pending_release(&pending);
    spectrum_cache_free(own);
    return status;
}
