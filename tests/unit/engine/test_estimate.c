/* engine_estimate: the core's numbers, and where the spectra behind them come from. */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

TestSuite(estimate, .init = folder_make, .fini = folder_remove, .timeout = 120);

static struct estimate_options all_quantities(void)
{
    return (struct estimate_options){.params = ifl_params_default(), .wanted = IFL_ALL_QUANTITIES};
}

/* Estimates the whole run with a connection of its own, checks it against the core, and forgets it. */
static void check_estimate(const struct made *made, struct spectrum_cache *cache,
                           const struct estimate_options *options)
{
    struct estimates estimates;
    struct store *store = open_store(STORE_WRITE);
    assert_ok(engine_estimate(store, cache, made->stored, made->count, options, &estimates, &error));
    store_close(store);
    assert_core_values(&estimates, made);
    estimates_release(&estimates);
}

static struct spectrum_cache *new_cache(size_t bytes)
{
    struct spectrum_cache *cache = NULL;
    assert_ok(spectrum_cache_new(&cache, bytes, &error));
    return cache;
}

#define MIB ((size_t)1 << 20)

/* ---- numbers ---- */

Test(estimate, equals_the_core_bit_for_bit)
{
    struct made made = make_run("run", &small);
    struct estimate_options options = all_quantities();
    check_estimate(&made, NULL, &options);
    options.params.composition = IFL_TENSOR;
    check_estimate(&made, NULL, &options);
    options.params.composition = IFL_GEOMETRIC;
    check_estimate(&made, NULL, &options);
    options.params = (struct ifl_params){.alpha = 2.5, .h = 1.7, .h_error = 0.5, .h_label = 2, .pairs = 2, .seed = 7};
    check_estimate(&made, NULL, &options);
    options.params.alpha = INFINITY;
    check_estimate(&made, NULL, &options);
    made_release(&made);
}

Test(estimate, equals_the_core_under_every_width_rule)
{
    struct made made = make_run("run", &small);
    struct estimate_options options = all_quantities();
    struct spectrum_cache *cache = new_cache(MIB); /* rules must not be taken for each other */
    for (int rule = 0; rule < IFL_WIDTH_RULES; rule++) {
        for (int composition = 0; composition < IFL_COMPOSITIONS; composition++) {
            options.params.width = (enum ifl_width_rule)rule;
            options.params.composition = (enum ifl_composition)composition;
            check_estimate(&made, cache, &options);
            check_estimate(&made, NULL, &options);
        }
    }
    spectrum_cache_free(cache);
    made_release(&made);
}

Test(estimate, keeps_step_batch_and_epoch)
{
    struct made made = make_run("run", &small);
    struct estimate_options options = all_quantities();
    struct estimates estimates;
    struct store *store = open_store(STORE_WRITE);
    assert_ok(engine_estimate(store, NULL, made.stored + 1, 2, &options, &estimates, &error));
    cr_assert_eq(estimates.count, 2);
    cr_assert_eq(estimates.run, made.id);
    cr_assert_eq(estimates.wanted, IFL_ALL_QUANTITIES);
    for (size_t k = 0; k < 2; k++) {
        cr_assert_eq(estimates.snapshots[k].step, made.snapshots[k + 1].step);
        cr_assert_eq(estimates.snapshots[k].epoch, made.snapshots[k + 1].epoch);
    }
    estimates_release(&estimates);
    store_close(store);
    made_release(&made);
}

Test(estimate, does_without_labels_errors_and_snapshots)
{
    struct estimate_options options = all_quantities();
    struct shape shape = small;
    shape.no_labels = true;
    struct made unlabelled = make_run("unlabelled", &shape);
    check_estimate(&unlabelled, NULL, &options);
    shape.no_errors = true;
    struct made bare = make_run("bare", &shape);
    check_estimate(&bare, NULL, &options);
    shape.snapshots = 0;
    struct made empty = make_run("empty", &shape);
    struct estimates estimates;
    struct store *store = open_store(STORE_WRITE);
    assert_ok(engine_estimate(store, NULL, empty.stored, 0, &options, &estimates, &error));
    cr_assert_eq(estimates.count, 0);
    estimates_release(&estimates);
    store_close(store);
    made_release(&empty);
    made_release(&bare);
    made_release(&unlabelled);
}

Test(estimate, more_spectra_than_are_computed_at_once)
{
    struct shape wide = {.n = 8, .layers = 1, .maps = {40}, .snapshots = 1}; /* 780 pairs */
    struct made made = make_run("wide", &wide);
    struct estimate_options options = all_quantities();
    cr_assert_gt(count_subsets(&made, 0, &options.params, false), 2000);
    check_estimate(&made, NULL, &options);
    spoil_distances(&made);
    check_estimate(&made, NULL, &options); /* all of them were kept */
    made_release(&made);
}

Test(estimate, a_tiny_cache_gives_the_same_numbers)
{
    struct made made = make_run("run", &small);
    struct estimate_options options = all_quantities();
    for (size_t bytes = 0; bytes <= 4096; bytes = bytes ? 4 * bytes : 256) {
        struct spectrum_cache *cache = new_cache(bytes);
        options.no_store = true;
        check_estimate(&made, cache, &options);
        check_estimate(&made, cache, &options);
        options.no_store = false;
        check_estimate(&made, cache, &options);
        check_estimate(&made, cache, &options);
        spectrum_cache_free(cache);
    }
    made_release(&made);
}

/* ---- where spectra come from ---- */

Test(estimate, takes_spectra_from_the_database)
{
    struct made made = make_run("run", &small);
    struct estimate_options options = all_quantities();
    struct estimates estimates = {.count = 77};
    check_estimate(&made, NULL, &options);
    spoil_distances(&made);
    check_estimate(&made, NULL, &options);
    options.params.alpha = 2; /* another order of the same spectra */
    check_estimate(&made, NULL, &options);

    options.no_store = true;
    struct store *store = open_store(STORE_WRITE);
    assert_fails(engine_estimate(store, NULL, made.stored, made.count, &options, &estimates, &error), IFL_REFUSED,
                 "runs.db");
    cr_assert_eq(estimates.count, 77);
    store_close(store);
    made_release(&made);
}

Test(estimate, takes_spectra_from_memory_alone)
{
    struct made made = make_run("run", &small);
    struct estimate_options options = all_quantities();
    struct spectrum_cache *cache = new_cache(MIB);
    options.no_store = true;
    check_estimate(&made, cache, &options);
    spoil_distances(&made);
    check_estimate(&made, cache, &options);
    spectrum_cache_free(cache);
    made_release(&made);
}

/* At order 2 no spectrum is needed, so none is made, nor kept; but what there is serves. */
Test(estimate, alpha_2_takes_no_spectra)
{
    struct made made = make_run("run", &small);
    struct estimate_options options = all_quantities();
    uint64_t before = file_hash(database);
    options.params.alpha = 2;
    check_estimate(&made, NULL, &options);
    cr_assert_eq(file_hash(database), before);
    options.params.alpha = 1.01;
    check_estimate(&made, NULL, &options);
    cr_assert_neq(file_hash(database), before);
    spoil_distances(&made);
    options.params.alpha = 2;
    check_estimate(&made, NULL, &options);
    made_release(&made);
}

Test(estimate, no_store_writes_nothing)
{
    struct made made = make_run("run", &small);
    struct estimate_options options = all_quantities();
    uint64_t before = file_hash(database);
    options.no_store = true;
    check_estimate(&made, NULL, &options);
    cr_assert_eq(file_hash(database), before);
    options.no_store = false;
    check_estimate(&made, NULL, &options);
    cr_assert_neq(file_hash(database), before);
    made_release(&made);
}

Test(estimate, a_read_only_database_still_estimates)
{
    struct made made = make_run("run", &small);
    cr_assert_eq(chmod(database, 0444), 0);
    uint64_t before = file_hash(database);
    pid_t child = fork();
    if (child == 0) {
        struct estimate_options options = all_quantities();
        become_nobody();
        check_estimate(&made, NULL, &options);
        check_estimate(&made, NULL, &options);
        _exit(7);
    }
    int status;
    cr_assert(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 7);
    cr_assert_eq(file_hash(database), before);
    made_release(&made);
}

/* What a disk that is full comes to. */
static void limit_files(rlim_t bytes)
{
    struct rlimit limit = {bytes, bytes};
    signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
        _exit(1);
}

Test(estimate, a_full_disk_still_estimates)
{
    struct made made = make_run("run", &small);
    struct stat before, after;
    cr_assert_eq(stat(database, &before), 0);
    pid_t child = fork();
    if (child == 0) {
        struct estimate_options options = all_quantities();
        limit_files((rlim_t)before.st_size);
        check_estimate(&made, NULL, &options);
        _exit(7);
    }
    int status;
    cr_assert(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 7);
    cr_assert_eq(stat(database, &after), 0);
    cr_assert_eq(after.st_size, before.st_size);
    struct estimate_options options = all_quantities();
    check_estimate(&made, NULL, &options); /* and once there is room again */
    made_release(&made);
}

/* ---- progress and cancel ---- */

/* What the progress of one snapshot's estimate told. */
struct watch {
    size_t calls, first, done, total; /* first: what was found at once */
    atomic_bool *cancel;
    size_t cancel_at;
};

static void watch_progress(void *context, size_t done, size_t total)
{
    struct watch *watch = context;
    cr_assert_leq(done, total);
    cr_assert_geq(done, watch->done);
    if (watch->calls++ == 0)
        watch->first = done;
    watch->done = done;
    watch->total = total;
    if (watch->cancel != NULL && done >= watch->cancel_at)
        atomic_store(watch->cancel, true);
}

static struct watch watched(const struct made *made, struct spectrum_cache *cache, struct estimate_options options)
{
    struct watch watch = {0};
    struct estimates estimates;
    struct store *store = open_store(STORE_WRITE);
    options.control = (struct ifl_control){.progress = watch_progress, .context = &watch};
    assert_ok(engine_estimate(store, cache, made->stored, 1, &options, &estimates, &error));
    cr_assert_eq(watch.done, watch.total);
    estimates_release(&estimates);
    store_close(store);
    return watch;
}

Test(estimate, a_width_recomputes_what_it_touches_and_alpha_nothing)
{
    struct made made = make_run("run", &small);
    struct estimate_options options = all_quantities();
    struct spectrum_cache *cache = new_cache(MIB);
    options.no_store = true;
    size_t all = count_subsets(&made, 0, &options.params, false);
    size_t errors = count_subsets(&made, 0, &options.params, true);
    cr_assert(errors > 0 && errors < all);
    cr_assert_eq(watched(&made, cache, options).total, all);
    cr_assert_eq(watched(&made, cache, options).calls, 0);
    options.params.h_error = 0.3;
    cr_assert_eq(watched(&made, cache, options).total, errors);
    options.params.alpha = 2;
    cr_assert_eq(watched(&made, cache, options).calls, 0);
    options.params.h = 2;
    cr_assert_eq(watched(&made, cache, options).total, all - errors - 1); /* H(Y) has no width of its own */
    options.params.h = 5;
    options.params.h_error = 0.1;
    cr_assert_eq(watched(&made, cache, options).calls, 0);
    spectrum_cache_free(cache);
    made_release(&made);
}

Test(estimate, a_width_finds_its_spectra_in_the_database)
{
    struct made made = make_run("run", &small);
    struct estimate_options options = all_quantities();
    size_t errors = count_subsets(&made, 0, &options.params, true);
    watched(&made, NULL, options);
    options.params.h_error = 0.3;
    struct watch watch = watched(&made, NULL, options);
    cr_assert_eq(watch.total - watch.first, errors); /* all else is found at once */
    made_release(&made);
}

/* The numbers of each width are the core's, from distances that were read for the first. */
static void check_series(struct store *store, const struct made *made, enum ifl_width_rule rule)
{
    struct estimate_options options = {.wanted = IFL_ALL_QUANTITIES, .no_store = true};
    struct engine_series *series = NULL;
    struct estimates estimates;
    options.params = ifl_params_default();
    ifl_params_set_width(&options.params, rule);
    assert_ok(engine_series_new(&series, store, made->stored, made->count, &error));
    for (size_t k = 0; k < 3; k++, options.params.h *= 0.7, options.params.h_error *= 2) {
        assert_ok(engine_series_estimate(series, 0, made->count, &options, &estimates, &error));
        assert_core_values(&estimates, made);
        estimates_release(&estimates);
        if (k == 0)
            lose_distances(made);
    }
    assert_fails(engine_estimate(store, NULL, made->stored, made->count, &options, &estimates, &error), IFL_REFUSED,
                 "");
    engine_series_free(series);
}

Test(estimate, a_series_reads_distances_once)
{
    static const enum ifl_width_rule rules[] = {IFL_WIDTH_SILVERMAN, IFL_WIDTH_ALIGNMENT};
    for (size_t k = 0; k < sizeof rules / sizeof *rules; k++) {
        struct made made = make_run("run", &small);
        struct store *store = open_store(STORE_WRITE);
        check_series(store, &made, rules[k]);
        store_close(store);
        made_release(&made);
        cr_assert_eq(remove(database), 0);
    }
    engine_series_free(NULL);
}

Test(estimate, a_series_gives_the_snapshots_it_is_asked_for)
{
    struct made made = make_run("run", &small);
    struct store *store = open_store(STORE_READ);
    struct estimate_options options = all_quantities();
    struct engine_series *series = NULL;
    options.no_store = true;
    assert_ok(engine_series_new(&series, store, made.stored, made.count, &error));
    for (size_t k = 0; k < made.count; k++) {
        struct estimates one;
        assert_ok(engine_series_estimate(series, k, 1, &options, &one, &error));
        struct estimate core = core_estimate(&made, k, &options.params, options.wanted);
        cr_assert_eq(one.count, 1);
        assert_same_estimate(&one.snapshots[0], &core, 0);
        free(core.records);
        estimates_release(&one);
    }
    engine_series_free(series);
    store_close(store);
    made_release(&made);
}

static void check_canceled(const struct made *made, atomic_bool *cancel, struct watch *watch)
{
    struct estimate_options options = all_quantities();
    struct estimates estimates = {.count = 77};
    struct store *store = open_store(STORE_WRITE);
    options.control =
        (struct ifl_control){.threads = 1, .cancel = cancel, .progress = watch_progress, .context = watch};
    assert_fails(engine_estimate(store, NULL, made->stored, 1, &options, &estimates, &error), IFL_CANCELED, "");
    cr_assert_eq(estimates.count, 77);
    store_close(store);
}

Test(estimate, cancel)
{
    struct made made = make_run("run", &small);
    atomic_bool cancel;
    struct watch watch = {0};
    atomic_init(&cancel, true);
    check_canceled(&made, &cancel, &watch);
    cr_assert_eq(watch.done, 0);

    atomic_store(&cancel, false);
    watch = (struct watch){.cancel = &cancel, .cancel_at = 5};
    check_canceled(&made, &cancel, &watch);
    cr_assert_lt(watch.done, watch.total);

    struct estimate_options options = all_quantities();
    check_estimate(&made, NULL, &options); /* nothing half-kept */
    made_release(&made);
}

Test(estimate, impossible_parameters)
{
    struct made made = make_run("run", &small);
    struct estimate_options options = all_quantities();
    struct estimates estimates = {.count = 77};
    struct store *store = open_store(STORE_WRITE);
    options.params.h = -1;
    assert_fails(engine_estimate(store, NULL, made.stored, 1, &options, &estimates, &error), IFL_INVALID, "h");
    cr_assert_eq(estimates.count, 77);
    store_close(store);
    made_release(&made);
}
