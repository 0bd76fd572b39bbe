/* Progress and cancellation. */
#include "support.h"

static const size_t maps[] = {6, 3, 1};

/* The context of a progress callback: what it has seen, and when to cancel. */
struct watch {
    size_t calls, last_done, total;
    size_t calls_after; /* the cancel */
    bool in_order;
    size_t cancel_at; /* 0: never */
    atomic_bool cancel;
};

static void watch_progress(void *context, size_t done, size_t total)
{
    struct watch *w = context;
    w->in_order = w->in_order && done > w->last_done && done <= total && (w->calls == 0 || total == w->total);
    w->calls++;
    w->calls_after += atomic_load(&w->cancel);
    w->last_done = done;
    w->total = total;
    if (w->cancel_at != 0 && done >= w->cancel_at)
        atomic_store(&w->cancel, true);
}

static enum ifl_status estimate_watched(struct watch *watch, int threads, struct ifl_record **records, size_t *count,
                                        struct ifl_error *error)
{
    struct world_spec spec = network_spec(1, 32, COUNT(maps), maps);
    struct world *w = world_new(&spec);
    struct ifl_params params = ifl_params_default();
    struct ifl_control control = {
        .threads = threads, .cancel = &watch->cancel, .progress = watch_progress, .context = watch};
    watch->in_order = true;
    enum ifl_status status = ifl_estimate(&w->snapshot, &params, IFL_ALL_QUANTITIES, &control, records, count, error);
    world_free(w);
    return status;
}

Test(control, progress_runs_to_the_total)
{
    for (int threads = 1; threads <= 4; threads++) {
        struct watch watch = {0};
        struct ifl_record *records = NULL;
        size_t count = 0;
        cr_assert_eq(estimate_watched(&watch, threads, &records, &count, NULL), IFL_OK);
        cr_expect(watch.in_order);
        cr_expect_eq(watch.last_done, watch.total);
        cr_expect_leq(watch.calls, watch.total);
        cr_expect_gt(watch.calls, 1, "one step is no progress");
        cr_expect_gt(watch.total, 0);
        free(records);
    }
}

static void expect_canceled(struct watch *watch, int threads)
{
    struct ifl_record *records = NULL;
    size_t count = 12345;
    struct ifl_error error = {0};
    cr_expect_eq(estimate_watched(watch, threads, &records, &count, &error), IFL_CANCELED);
    cr_expect_eq(error.status, IFL_CANCELED);
    cr_expect(records == NULL && count == 12345, "an out-parameter was touched");
}

Test(control, cancel_raised_beforehand)
{
    for (int threads = 1; threads <= 3; threads++) {
        struct watch watch = {0};
        atomic_init(&watch.cancel, true);
        expect_canceled(&watch, threads);
        cr_expect_eq(watch.calls, 0);
    }
}

Test(control, cancel_raised_in_the_middle)
{
    for (int threads = 1; threads <= 3; threads++) {
        for (size_t at = 1; at < 16; at += 7) {
            struct watch watch = {.cancel_at = at};
            expect_canceled(&watch, threads);
            cr_expect_geq(watch.last_done, at);
            cr_expect_lt(watch.calls_after, (size_t)threads, "%zu more steps after the cancel", watch.calls_after);
        }
    }
}

Test(control, cancel_raised_after_the_last_is_too_late)
{
    struct watch watch = {0};
    struct ifl_record *records = NULL;
    size_t count = 0;
    cr_assert_eq(estimate_watched(&watch, 1, &records, &count, NULL), IFL_OK);
    free(records);
    struct watch late = {.cancel_at = watch.total};
    cr_expect_eq(estimate_watched(&late, 1, &records, &count, NULL), IFL_OK);
    free(records);
}

Test(control, may_be_empty)
{
    struct world_spec spec = network_spec(1, 8, COUNT(maps), maps);
    struct world *w = world_new(&spec);
    struct ifl_params params = ifl_params_default();
    struct ifl_control control = {0};
    struct records r = {0};
    cr_assert_eq(ifl_estimate(&w->snapshot, &params, IFL_ALL_QUANTITIES, &control, &r.at, &r.count, NULL), IFL_OK);
    records_free(&r);
    world_free(w);
}
