/* Spectra ahead of time: one snapshot in many sets of parameters, so that its distances are loaded once. */
#include <stdlib.h>

#include <engine/estimator.h>

#define CACHE_BYTES  ((size_t)16 << 20) /* what one set of parameters has in common with the next */
#define ARRAYS_BYTES ((size_t)256 << 20)

/* The estimates are by the way: the work is what they take. */
static enum ifl_status run(struct estimator *estimator, const struct engine_ahead *ahead,
                           const struct ifl_control *control, struct ifl_error *error)
{
    struct ifl_record *records = NULL;
    size_t count;
    enum ifl_status status =
        estimator_run(estimator, 0, &ahead->params, ahead->wanted, control, &records, &count, error);
    free(records);
    return status;
}

enum ifl_status engine_compute(struct store *store, struct store *keep, const struct store_snapshot *snapshot,
                               const struct engine_ahead *ahead, size_t count, const struct ifl_control *control,
                               struct engine_kept *out, struct ifl_error *error)
{
    struct spectrum_cache *cache = NULL;
    struct arrays arrays = {.limit = ARRAYS_BYTES};
    struct estimator estimator = {0};
    enum ifl_status status = spectrum_cache_new(&cache, CACHE_BYTES, error);
    if (status == IFL_OK)
        status = estimator_init(&estimator, store, cache, &arrays, snapshot, 1, error);
    estimator.keep = keep;
    for (size_t k = 0; k < count && status == IFL_OK; k++)
        status = run(&estimator, &ahead[k], control, error);
    out->there += estimator.found;
    out->computed += estimator.computed;
    estimator_release(&estimator);
    spectrum_cache_free(cache);
    return status;
}
