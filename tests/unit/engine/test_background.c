/* The engine's thread: what it answers, in what order, and how it is interrupted. */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fixture.h"

TestSuite(background, .init = folder_make, .fini = folder_remove, .timeout = 120);

#define PATIENCE 100.0 /* seconds; only a hang takes so long */

static const struct shape busy_shape = {.n = 48, .layers = 3, .maps = {8, 6, 1}, .snapshots = 4};

static struct engine *new_engine(void)
{
    struct engine *engine = NULL;
    assert_ok(engine_new(&engine, database, 2, &error));
    return engine;
}

static struct engine_request request_all(int64_t run)
{
    return (struct engine_request){
        .run = run, .params = ifl_params_default(), .wanted = IFL_ALL_QUANTITIES, .soon = IFL_ALL_QUANTITIES};
}

/* The newest estimates seen, the ticket they came with, and how often there were some. */
struct taken {
    struct estimates estimates;
    uint64_t ticket;
    size_t times;
};

static bool take(struct engine *engine, struct taken *taken)
{
    struct estimates newer;
    if (!engine_take(engine, &newer, &taken->ticket))
        return false;
    estimates_release(&taken->estimates);
    taken->estimates = newer;
    taken->times++;
    return true;
}

/* Waits for news as a screen would, looking at each with `look` (may be NULL), until the engine is idle. */
static struct engine_progress wait_idle(struct engine *engine, struct taken *taken, void (*look)(const struct taken *))
{
    struct engine_progress progress;
    double start = seconds();
    do {
        struct pollfd news = {.fd = engine_fd(engine), .events = POLLIN};
        cr_assert_eq(poll(&news, 1, (int)(1000 * PATIENCE)), 1, "no news from the engine");
        engine_watch(engine, &progress); /* first: what is taken after the end is all there is */
        cr_assert_leq(progress.done, progress.total);
        if (take(engine, taken) && look != NULL)
            look(taken);
        cr_assert_lt(seconds() - start, PATIENCE);
    } while (progress.busy);
    return progress;
}

Test(background, answers_what_engine_estimate_answers)
{
    struct made made = make_run("run", &small);
    struct engine *engine = new_engine();
    struct engine_request request = request_all(made.id);
    struct taken taken = {0};
    uint64_t ticket = engine_ask(engine, &request);
    struct engine_progress progress = wait_idle(engine, &taken, NULL);
    cr_assert(!progress.failed, "%s", progress.error.message);
    cr_assert_eq(progress.ticket, ticket);
    cr_assert_eq(taken.ticket, ticket);
    cr_assert_eq(progress.done, progress.total);
    cr_assert_eq(progress.total, 3 * count_subsets(&made, 0, &request.params, false));
    assert_core_values(&taken.estimates, &made);

    struct estimates again, mine;
    cr_assert(!engine_take(engine, &again, &ticket)); /* nothing new since */
    struct store *store = open_store(STORE_WRITE);
    struct estimate_options options = {.params = request.params, .wanted = request.wanted};
    assert_ok(engine_estimate(store, NULL, made.stored, made.count, &options, &mine, &error));
    store_close(store);
    for (size_t k = 0; k < made.count; k++)
        assert_same_estimate(&taken.estimates.snapshots[k], &mine.snapshots[k], 0);
    estimates_release(&mine);
    estimates_release(&taken.estimates);
    engine_free(engine);
    made_release(&made);
}

Test(background, alpha_takes_no_new_spectrum)
{
    struct made made = make_run("run", &small);
    struct engine *engine = new_engine();
    struct engine_request request = request_all(made.id);
    struct taken taken = {0};
    engine_ask(engine, &request);
    wait_idle(engine, &taken, NULL);
    request.params.alpha = 2;
    engine_ask(engine, &request);
    struct engine_progress progress = wait_idle(engine, &taken, NULL);
    cr_assert_eq(progress.total, 0);
    cr_assert_eq(taken.estimates.params.alpha, 2);
    assert_core_values(&taken.estimates, &made);
    estimates_release(&taken.estimates);
    engine_free(engine);
    made_release(&made);
}

/* ---- order ---- */

static size_t first_wanted;
static ifl_quantity_set soon_wanted;

static ifl_quantity_set quantities_of(const struct estimate *estimate)
{
    ifl_quantity_set set = 0;
    for (size_t k = 0; k < estimate->count && estimate->records != NULL; k++)
        set |= IFL_BIT(estimate->records[k].quantity);
    return set;
}

static void check_order(const struct taken *taken)
{
    bool any = false, beyond = false, all_soon = true;
    for (size_t k = 0; k < taken->estimates.count; k++) {
        ifl_quantity_set set = quantities_of(&taken->estimates.snapshots[k]);
        any = any || set != 0;
        beyond = beyond || (set & ~soon_wanted) != 0;
        all_soon = all_soon && (set & soon_wanted) == soon_wanted;
    }
    if (any)
        cr_assert_neq(quantities_of(&taken->estimates.snapshots[first_wanted]), 0, "another snapshot came first");
    if (beyond)
        cr_assert(all_soon, "quantities that nobody looks at came before those on screen");
}

static void check_request_order(struct engine_request request, const struct made *made)
{
    struct taken taken = {0};
    struct engine *engine = new_engine();
    first_wanted = request.first;
    soon_wanted = request.soon != 0 ? request.soon : request.wanted;
    engine_ask(engine, &request);
    struct engine_progress progress = wait_idle(engine, &taken, check_order);
    cr_assert(!progress.failed, "%s", progress.error.message);
    cr_assert_eq(progress.done, progress.total);
    assert_core_values(&taken.estimates, made);
    estimates_release(&taken.estimates);
    engine_free(engine);
}

Test(background, the_snapshot_under_the_cursor_and_what_is_on_screen_come_first)
{
    struct made made = make_run("run", &busy_shape);
    struct engine_request request = request_all(made.id);
    request.first = 2;
    request.soon = IFL_BIT(IFL_H_T) | IFL_BIT(IFL_I_XT);
    check_request_order(request, &made);
    request.params.h = 2;
    request.first = 3;
    request.soon = IFL_BIT(IFL_I_XT) | IFL_BIT(IFL_NONREDUNDANT_X);
    check_request_order(request, &made);
    request.params.h = 3;
    request.soon = IFL_BIT(IFL_NONREDUNDANT_X);
    check_request_order(request, &made);
    made_release(&made);
}

Test(background, nothing_on_screen)
{
    struct made made = make_run("run", &busy_shape);
    struct engine_request request = request_all(made.id);
    request.first = 3;
    request.soon = 0;
    check_request_order(request, &made);
    made_release(&made);
}

Test(background, a_cursor_behind_the_end)
{
    struct made made = make_run("run", &small);
    struct engine *engine = new_engine();
    struct engine_request request = request_all(made.id);
    struct taken taken = {0};
    request.first = 1000;
    engine_ask(engine, &request);
    wait_idle(engine, &taken, NULL);
    assert_core_values(&taken.estimates, &made);
    estimates_release(&taken.estimates);
    engine_free(engine);
    made_release(&made);
}

/* ---- interruptions ---- */

Test(background, a_newer_request_replaces_an_older)
{
    struct made made = make_run("run", &busy_shape);
    struct engine *engine = new_engine();
    struct engine_request request = request_all(made.id);
    struct taken taken = {0};
    uint64_t ticket = 0;
    for (int k = 0; k < 20; k++) {
        request.params.h = 2 + 0.25 * k;
        uint64_t next = engine_ask(engine, &request);
        cr_assert_gt(next, ticket);
        ticket = next;
        struct engine_progress progress;
        engine_watch(engine, &progress);
        cr_assert_eq(progress.ticket, ticket);
        cr_assert(progress.busy || progress.done == progress.total);
        if (k % 3 == 0 && take(engine, &taken)) {
            cr_assert_eq(taken.ticket, ticket);
            cr_assert_eq(taken.estimates.params.h, request.params.h);
        }
    }
    struct engine_progress progress = wait_idle(engine, &taken, NULL);
    cr_assert_eq(progress.ticket, ticket);
    cr_assert_eq(progress.done, progress.total);
    cr_assert_eq(taken.ticket, ticket);
    cr_assert_eq(taken.estimates.params.h, request.params.h);
    assert_core_values(&taken.estimates, &made);
    estimates_release(&taken.estimates);
    engine_free(engine);
    made_release(&made);
}

Test(background, another_run)
{
    struct made made = make_run("run", &busy_shape), other = make_run("other", &small);
    struct engine *engine = new_engine();
    struct engine_request request = request_all(made.id);
    struct taken taken = {0};
    engine_ask(engine, &request);
    request.run = other.id;
    engine_ask(engine, &request);
    wait_idle(engine, &taken, NULL);
    assert_core_values(&taken.estimates, &other);
    request.run = made.id;
    engine_ask(engine, &request);
    wait_idle(engine, &taken, NULL);
    assert_core_values(&taken.estimates, &made);
    estimates_release(&taken.estimates);
    engine_free(engine);
    made_release(&other);
    made_release(&made);
}

Test(background, cancel_ends_the_work)
{
    struct shape heavy = {.n = 96, .layers = 2, .maps = {32, 32}, .snapshots = 6};
    struct made made = make_run("heavy", &heavy);
    struct engine *engine = new_engine();
    struct engine_request request = request_all(made.id);
    struct taken taken = {0};
    engine_cancel(engine); /* nothing to cancel yet */
    engine_ask(engine, &request);
    engine_cancel(engine);
    struct engine_progress progress = wait_idle(engine, &taken, NULL);
    cr_assert(!progress.failed);

    request.params.h = 3;
    engine_ask(engine, &request);
    do { /* until it is in the middle */
        struct pollfd news = {.fd = engine_fd(engine), .events = POLLIN};
        cr_assert_eq(poll(&news, 1, (int)(1000 * PATIENCE)), 1);
        take(engine, &taken);
        engine_watch(engine, &progress);
    } while (progress.done == 0);
    cr_assert(progress.busy);
    engine_cancel(engine);
    progress = wait_idle(engine, &taken, NULL);
    cr_assert(!progress.failed);
    cr_assert_lt(progress.done, progress.total);

    request.wanted = IFL_BIT(IFL_H_X); /* and it works on */
    engine_ask(engine, &request);
    progress = wait_idle(engine, &taken, NULL);
    cr_assert(!progress.failed && progress.done == progress.total);
    assert_core_values(&taken.estimates, &made);
    estimates_release(&taken.estimates);
    engine_free(engine);
    made_release(&made);
}

Test(background, free_does_not_wait_for_the_work)
{
    struct shape heavy = {.n = 128, .layers = 2, .maps = {40, 40}, .snapshots = 8}; /* minutes */
    struct made made = make_run("heavy", &heavy);
    struct engine *engine = new_engine();
    struct engine_request request = request_all(made.id);
    struct engine_progress progress;
    engine_free(engine); /* idle */
    engine = new_engine();
    engine_ask(engine, &request);
    engine_free(engine); /* just asked */
    engine = new_engine();
    engine_ask(engine, &request);
    do { /* in the middle */
        struct taken taken = {0};
        struct pollfd news = {.fd = engine_fd(engine), .events = POLLIN};
        cr_assert_eq(poll(&news, 1, (int)(1000 * PATIENCE)), 1);
        take(engine, &taken);
        estimates_release(&taken.estimates);
        engine_watch(engine, &progress);
    } while (progress.done == 0);
    double start = seconds();
    engine_free(engine);
    cr_assert_lt(seconds() - start, 5);
    made_release(&made);
    engine_free(NULL);
}

/* ---- runs that give nothing ---- */

Test(background, a_run_without_snapshots)
{
    struct shape shape = small;
    shape.snapshots = 0;
    struct made made = make_run("empty", &shape);
    struct engine *engine = new_engine();
    struct engine_request request = request_all(made.id);
    struct taken taken = {0};
    uint64_t ticket = engine_ask(engine, &request);
    struct engine_progress progress = wait_idle(engine, &taken, NULL);
    cr_assert(!progress.failed);
    cr_assert_eq(progress.total, 0);
    cr_assert_eq(taken.times, 1);
    cr_assert_eq(taken.ticket, ticket);
    cr_assert_eq(taken.estimates.count, 0);
    estimates_release(&taken.estimates);
    engine_free(engine);
    made_release(&made);
}

Test(background, an_unknown_run)
{
    struct made made = make_run("run", &small);
    struct engine *engine = new_engine();
    struct engine_request request = request_all(made.id + 5);
    struct taken taken = {0};
    engine_ask(engine, &request);
    struct engine_progress progress = wait_idle(engine, &taken, NULL);
    cr_assert(progress.failed);
    cr_assert_eq(progress.error.status, IFL_NOT_FOUND);
    cr_assert(strstr(progress.error.message, "no run") != NULL, "%s", progress.error.message);
    cr_assert_eq(taken.times, 0);

    request.run = made.id;
    engine_ask(engine, &request);
    progress = wait_idle(engine, &taken, NULL);
    cr_assert(!progress.failed);
    assert_core_values(&taken.estimates, &made);
    estimates_release(&taken.estimates);
    engine_free(engine);
    made_release(&made);
}

Test(background, a_snapshot_that_came_since)
{
    struct made made = make_run("run", &small);
    struct engine *engine = new_engine();
    struct engine_request request = request_all(made.id);
    struct taken taken = {0};
    engine_ask(engine, &request);
    wait_idle(engine, &taken, NULL);
    cr_assert_eq(taken.estimates.count, 3);

    bool added = false;
    struct snapshot snapshot = next_snapshot(&small, 5); /* between the first two */
    struct store *store = open_store(STORE_WRITE);
    assert_ok(store_add_snapshot(store, made.id, &snapshot, &added, &error));
    store_close(store);
    snapshot_release(&snapshot);
    engine_ask(engine, &request);
    struct engine_progress progress = wait_idle(engine, &taken, NULL);
    cr_assert(!progress.failed, "%s", progress.error.message);
    cr_assert_eq(progress.total, count_subsets(&made, 0, &request.params, false));
    cr_assert_eq(taken.estimates.count, 4);
    cr_assert_eq(taken.estimates.snapshots[1].step, 5);
    cr_assert_gt(taken.estimates.snapshots[1].count, 0);
    estimates_release(&taken.estimates);
    engine_free(engine);
    made_release(&made);
}

Test(background, damaged_distances)
{
    struct made made = make_run("run", &small);
    spoil_distances(&made);
    struct engine *engine = new_engine();
    struct engine_request request = request_all(made.id);
    struct taken taken = {0};
    engine_ask(engine, &request);
    struct engine_progress progress = wait_idle(engine, &taken, NULL);
    cr_assert(progress.failed);
    cr_assert_eq(progress.error.status, IFL_REFUSED);
    estimates_release(&taken.estimates);
    engine_free(engine);
    made_release(&made);
}

Test(background, no_database)
{
    struct engine *engine = NULL;
    assert_fails(engine_new(&engine, database, 1, &error), IFL_NOT_FOUND, "runs.db");
    cr_assert_eq(engine, NULL);
}

/* ---- the database ---- */

static bool count_one(void *context, const struct ifl_subset *subset, const double *eigenvalues)
{
    (void)subset, (void)eigenvalues;
    ++*(size_t *)context;
    return true;
}

Test(background, keeps_its_spectra_in_the_database)
{
    struct made made = make_run("run", &small);
    struct engine *engine = new_engine();
    struct engine_request request = request_all(made.id);
    struct taken taken = {0};
    request.params.h = 3; /* so that the errors' spectra are not of one set with the others */
    request.params.h_error = 0.3;
    engine_ask(engine, &request);
    wait_idle(engine, &taken, NULL);
    estimates_release(&taken.estimates);

    /* they are written after the answer: look until they are there */
    struct ifl_params widths = error_widths(&made, &request.params);
    size_t expected = count_subsets(&made, 0, &request.params, true), kept = 0;
    struct store *store = open_store(STORE_READ);
    double start = seconds();
    while (kept < expected) {
        kept = 0;
        assert_ok(store_visit_spectra(store, made.stored[0].id, &widths, small.n, count_one, &kept, &error));
        cr_assert_lt(seconds() - start, PATIENCE);
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    }
    cr_assert_eq(kept, expected);
    store_close(store);
    engine_free(engine);
    made_release(&made);
}

Test(background, a_read_only_database)
{
    struct made made = make_run("run", &small);
    cr_assert_eq(chmod(database, 0444), 0);
    uint64_t before = file_hash(database);
    pid_t child = fork();
    if (child == 0) {
        become_nobody();
        struct engine *engine = new_engine();
        struct engine_request request = request_all(made.id);
        struct taken taken = {0};
        engine_ask(engine, &request);
        struct engine_progress progress = wait_idle(engine, &taken, NULL);
        cr_assert(!progress.failed, "%s", progress.error.message);
        assert_core_values(&taken.estimates, &made);
        estimates_release(&taken.estimates);
        engine_free(engine);
        _exit(7);
    }
    int status;
    cr_assert(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 7);
    cr_assert_eq(file_hash(database), before);
    made_release(&made);
}
