/* The distance arrays in memory: no more than their bound, however many a snapshot has. */
#include <engine/estimator.h>
#include <stdlib.h>

#include "fixture.h"

TestSuite(arrays, .init = folder_make, .fini = folder_remove, .timeout = 120);

static const struct shape wide = {.n = 12, .layers = 4, .maps = {30, 20, 1, 25}, .snapshots = 2};

struct watch {
    const struct arrays *arrays;
    size_t most;
};

/* Between chunks, and in each: when all that it reads is there. */
static void watch_arrays(void *context, size_t done, size_t total)
{
    struct watch *watch = context;
    (void)done;
    (void)total;
    watch->most = watch->arrays->bytes > watch->most ? watch->arrays->bytes : watch->most;
}

/* The most bytes of distances at any time, where the bound is `limit`. The numbers are the core's. */
static size_t most_bytes(const struct made *made, const struct ifl_params *params, size_t limit)
{
    struct store *store = open_store(STORE_READ);
    struct arrays arrays = {.limit = limit};
    struct watch watch = {.arrays = &arrays};
    struct ifl_control control = {.threads = 2, .progress = watch_arrays, .context = &watch};
    struct spectrum_cache *cache = NULL;
    struct estimator estimator;
    assert_ok(spectrum_cache_new(&cache, 1, &error));
    assert_ok(estimator_init(&estimator, store, cache, &arrays, made->stored, made->count, &error));
    estimator.no_store = true;
    for (size_t round = 0; round < 2; round++) {
        for (size_t k = 0; k < made->count; k++) {
            struct estimate got = {.step = made->stored[k].step}, core;
            assert_ok(estimator_run(&estimator, k, params, IFL_ALL_QUANTITIES, &control, &got.records, &got.count,
                                    &error));
            core = core_estimate(made, k, params, IFL_ALL_QUANTITIES);
            got.batch = core.batch;
            got.epoch = core.epoch;
            assert_same_estimate(&got, &core, 0);
            cr_assert_leq(arrays.bytes, limit);
            free(got.records);
            free(core.records);
        }
    }
    estimator_release(&estimator);
    cr_assert_eq(arrays.bytes, 0);
    spectrum_cache_free(cache);
    store_close(store);
    return watch.most;
}

/* Beyond the bound there is what one subset more reads: under a rule that gives each map its sigma a layer's maps and the
 * last layer's, where that is of the errors. */
Test(arrays, keep_within_their_bound)
{
    struct made made = make_run("run", &wide);
    size_t array = ifl_pair_count(wide.n) * sizeof(float);
    for (int rule = 0; rule < IFL_WIDTH_RULES; rule++) {
        struct ifl_params params = ifl_params_default();
        ifl_params_set_width(&params, (enum ifl_width_rule)rule);
        size_t one = rule == IFL_WIDTH_SILVERMAN || rule == IFL_WIDTH_FIXED ? 3 : 30 + 25;
        cr_expect_gt(most_bytes(&made, &params, 1000 * array), 75 * array, "all of one snapshot");
        for (size_t arrays = 0; arrays <= 40; arrays += 20) {
            size_t most = most_bytes(&made, &params, arrays * array);
            cr_expect_leq(most, (arrays + one) * array, "rule %d, %zu arrays: %zu", rule, arrays, most / array);
        }
    }
    made_release(&made);
}
