/* The engine's thread: what it answers, in what order, and how it is interrupted. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "background.h"

TestSuite(background, .init = folder_make, .fini = folder_remove, .timeout = 120);

static const struct shape busy_shape = {.n = 48, .layers = 3, .maps = {8, 6, 1}, .snapshots = 4};

Test(background, answers_what_engine_estimate_answers)
{
    struct made made = make_run("run", &small);
    struct engine *engine = new_engine();
    struct engine_task request = task_all(made.id);
    struct taken taken = {0};
    uint64_t ticket = ask(engine, &taken, &request, 1);
    struct engine_progress progress = wait_idle(engine, &taken);
    cr_assert(!progress.failed, "%s", progress.error.message);
    cr_assert_eq(progress.ticket, ticket);
    cr_assert_eq(taken.ticket, ticket);
    cr_assert_eq(progress.done, progress.total);
    cr_assert_eq(progress.total, 3 * count_subsets(&made, 0, &request.params, false));
    assert_core_values(&taken.estimates[0], &made);

    struct estimates mine;
    cr_assert(!take(engine, &taken)); /* nothing new since */
    struct store *store = open_store(STORE_WRITE);
    struct estimate_options options = {.params = request.params, .wanted = request.wanted};
    assert_ok(engine_estimate(store, NULL, made.stored, made.count, &options, &mine, &error));
    store_close(store);
    for (size_t k = 0; k < made.count; k++)
        assert_same_estimate(&taken.estimates[0].snapshots[k], &mine.snapshots[k], 0);
    estimates_release(&mine);
    taken_release(&taken);
    engine_free(engine);
    made_release(&made);
}

Test(background, alpha_takes_no_new_spectrum)
{
    struct made made = make_run("run", &small);
    struct engine *engine = new_engine();
    struct engine_task request = task_all(made.id);
    struct taken taken = {0};
    ask(engine, &taken, &request, 1);
    wait_idle(engine, &taken);
    request.params.alpha = 2;
    ask(engine, &taken, &request, 1);
    struct engine_progress progress = wait_idle(engine, &taken);
    cr_assert_eq(progress.total, 0);
    cr_assert_eq(taken.estimates[0].params.alpha, 2);
    assert_core_values(&taken.estimates[0], &made);
    taken_release(&taken);
    engine_free(engine);
    made_release(&made);
}

/* ---- order ---- */

static bool pairs_of(const struct heard *heard)
{
    return (heard->quantities & IFL_PAIR_QUANTITIES) != 0;
}

/* The snapshot under the cursor first, whole layers before pairs, what is on screen of all before the rest of any. */
static void check_order(const struct taken *taken, size_t index, ifl_quantity_set soon)
{
    size_t count = taken->estimates[0].count, whole = 0, on_screen = 0;
    ifl_quantity_set cheap = soon & ~(ifl_quantity_set)IFL_PAIR_QUANTITIES, given[16] = {0};
    cr_assert_eq(taken->log[0].index, index, "another snapshot came first");
    for (size_t k = 0; k < taken->n_log; k++) {
        const struct heard *heard = &taken->log[k];
        cr_assert(!pairs_of(heard) || heard->index == index || whole == count, "pairs before whole layers");
        cr_assert((heard->quantities & ~soon) == 0 || on_screen == count, "what nobody looks at came first");
        whole += (given[heard->index] & cheap) != cheap && (heard->quantities & cheap) == cheap;
        on_screen += (given[heard->index] & soon) != soon && (heard->quantities & soon) == soon;
        whole = cheap == 0 ? count : whole;
        given[heard->index] = heard->quantities;
    }
}

static void check_request_order(struct engine_task request, const struct made *made, size_t index)
{
    struct taken taken = {0};
    struct engine *engine = new_engine();
    request.first = made->snapshots[index].step;
    ask(engine, &taken, &request, 1);
    struct engine_progress progress = wait_idle(engine, &taken);
    cr_assert(!progress.failed, "%s", progress.error.message);
    cr_assert_eq(progress.done, progress.total);
    check_order(&taken, index, request.soon != 0 ? request.soon : request.wanted);
    assert_core_values(&taken.estimates[0], made);
    taken_release(&taken);
    engine_free(engine);
}

Test(background, the_snapshot_under_the_cursor_and_what_is_on_screen_come_first)
{
    struct made made = make_run("run", &busy_shape);
    struct engine_task request = task_all(made.id);
    request.soon = IFL_BIT(IFL_H_T) | IFL_BIT(IFL_I_XT);
    check_request_order(request, &made, 2);
    request.params.h = 2;
    request.soon = IFL_BIT(IFL_I_XT) | IFL_BIT(IFL_NONREDUNDANT_X);
    check_request_order(request, &made, 3);
    request.params.h = 3;
    request.soon = IFL_BIT(IFL_NONREDUNDANT_X);
    check_request_order(request, &made, 3);
    made_release(&made);
}

Test(background, nothing_on_screen)
{
    struct made made = make_run("run", &busy_shape);
    struct engine_task request = task_all(made.id);
    request.soon = 0;
    check_request_order(request, &made, 3);
    made_release(&made);
}

Test(background, a_cursor_behind_the_end)
{
    struct made made = make_run("run", &small);
    struct engine *engine = new_engine();
    struct engine_task request = task_all(made.id);
    struct taken taken = {0};
    request.first = 1000;
    ask(engine, &taken, &request, 1);
    wait_idle(engine, &taken);
    cr_assert_eq(taken.log[0].index, 2); /* the nearest */
    assert_core_values(&taken.estimates[0], &made);
    taken_release(&taken);
    engine_free(engine);
    made_release(&made);
}

/* ---- interruptions ---- */

Test(background, a_newer_request_replaces_an_older)
{
    struct made made = make_run("run", &busy_shape);
    struct engine *engine = new_engine();
    struct engine_task request = task_all(made.id);
    struct taken taken = {0};
    uint64_t ticket = 0;
    for (int k = 0; k < 20; k++) {
        request.params.h = 2 + 0.25 * k;
        uint64_t next = ask(engine, &taken, &request, 1);
        cr_assert_gt(next, ticket);
        ticket = next;
        struct engine_progress progress;
        engine_watch(engine, &progress);
        cr_assert_eq(progress.ticket, ticket);
        cr_assert(progress.busy || progress.done == progress.total);
        if (k % 3 == 0)
            take(engine, &taken); /* sees to it that they are of this ticket */
    }
    struct engine_progress progress = wait_idle(engine, &taken);
    cr_assert_eq(progress.ticket, ticket);
    cr_assert_eq(progress.done, progress.total);
    cr_assert_eq(taken.ticket, ticket);
    cr_assert_eq(taken.estimates[0].params.h, request.params.h);
    assert_core_values(&taken.estimates[0], &made);
    taken_release(&taken);
    engine_free(engine);
    made_release(&made);
}

Test(background, another_run)
{
    struct made made = make_run("run", &busy_shape), other = make_run("other", &small);
    struct engine *engine = new_engine();
    struct engine_task request = task_all(made.id);
    struct taken taken = {0};
    ask(engine, &taken, &request, 1);
    request.run = other.id;
    ask(engine, &taken, &request, 1);
    wait_idle(engine, &taken);
    assert_core_values(&taken.estimates[0], &other);
    request.run = made.id;
    ask(engine, &taken, &request, 1);
    wait_idle(engine, &taken);
    assert_core_values(&taken.estimates[0], &made);
    taken_release(&taken);
    engine_free(engine);
    made_release(&other);
    made_release(&made);
}

Test(background, cancel_ends_the_work)
{
    struct shape heavy = {.n = 96, .layers = 2, .maps = {32, 32}, .snapshots = 6};
    struct made made = make_run("heavy", &heavy);
    struct engine *engine = new_engine();
    struct engine_task request = task_all(made.id);
    struct taken taken = {0};
    engine_cancel(engine); /* nothing to cancel yet */
    ask(engine, &taken, &request, 1);
    engine_cancel(engine);
    struct engine_progress progress = wait_idle(engine, &taken);
    cr_assert(!progress.failed);

    request.params.h = 3;
    ask(engine, &taken, &request, 1);
    progress = wait_busy(engine, &taken);
    engine_cancel(engine);
    progress = wait_idle(engine, &taken);
    cr_assert(!progress.failed);
    cr_assert_lt(progress.done, progress.total);

    request.wanted = IFL_BIT(IFL_H_X); /* and it works on */
    ask(engine, &taken, &request, 1);
    progress = wait_idle(engine, &taken);
    cr_assert(!progress.failed && progress.done == progress.total);
    assert_core_values(&taken.estimates[0], &made);
    taken_release(&taken);
    engine_free(engine);
    made_release(&made);
}

Test(background, free_does_not_wait_for_the_work)
{
    struct shape heavy = {.n = 128, .layers = 2, .maps = {40, 40}, .snapshots = 8}; /* minutes */
    struct made made = make_run("heavy", &heavy);
    struct engine *engine = new_engine();
    struct engine_task request = task_all(made.id);
    struct taken taken = {0};
    engine_free(engine); /* idle */
    engine = new_engine();
    ask(engine, &taken, &request, 1);
    engine_free(engine); /* just asked */
    engine = new_engine();
    ask(engine, &taken, &request, 1);
    wait_busy(engine, &taken);
    double start = seconds();
    engine_free(engine);
    cr_assert_lt(seconds() - start, 5);
    taken_release(&taken);
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
    struct engine_task request = task_all(made.id);
    struct taken taken = {0};
    uint64_t ticket = ask(engine, &taken, &request, 1);
    struct engine_progress progress = wait_idle(engine, &taken);
    cr_assert(!progress.failed);
    cr_assert_eq(progress.total, 0);
    cr_assert_eq(progress.ticket, ticket);
    cr_assert_eq(taken.times, 0);
    taken_release(&taken);
    engine_free(engine);
    made_release(&made);
}

Test(background, an_unknown_run)
{
    struct made made = make_run("run", &small);
    struct engine *engine = new_engine();
    struct engine_task request = task_all(made.id + 5);
    struct taken taken = {0};
    ask(engine, &taken, &request, 1);
    struct engine_progress progress = wait_idle(engine, &taken);
    cr_assert(progress.failed);
    cr_assert_eq(progress.error.status, IFL_NOT_FOUND);
    cr_assert(strstr(progress.error.message, "no run") != NULL, "%s", progress.error.message);
    cr_assert_eq(taken.times, 0);

    request.run = made.id;
    ask(engine, &taken, &request, 1);
    progress = wait_idle(engine, &taken);
    cr_assert(!progress.failed);
    assert_core_values(&taken.estimates[0], &made);
    taken_release(&taken);
    engine_free(engine);
    made_release(&made);
}

Test(background, a_snapshot_that_came_since)
{
    struct made made = make_run("run", &small);
    struct engine *engine = new_engine();
    struct engine_task request = task_all(made.id);
    struct taken taken = {0};
    ask(engine, &taken, &request, 1);
    wait_idle(engine, &taken);
    cr_assert_eq(taken.estimates[0].count, 3);

    bool added = false;
    struct snapshot snapshot = next_snapshot(&small, 5); /* between the first two */
    struct store *store = open_store(STORE_WRITE);
    assert_ok(store_add_snapshot(store, made.id, &snapshot, &added, &error));
    store_close(store);
    snapshot_release(&snapshot);
    ask(engine, &taken, &request, 1);
    struct engine_progress progress = wait_idle(engine, &taken);
    cr_assert(!progress.failed, "%s", progress.error.message);
    cr_assert_eq(progress.total, count_subsets(&made, 0, &request.params, false));
    cr_assert_eq(taken.estimates[0].count, 4);
    cr_assert_eq(taken.estimates[0].snapshots[1].step, 5);
    cr_assert_gt(taken.estimates[0].snapshots[1].count, 0);
    taken_release(&taken);
    engine_free(engine);
    made_release(&made);
}

Test(background, damaged_distances)
{
    struct made made = make_run("run", &small);
    spoil_distances(&made);
    struct engine *engine = new_engine();
    struct engine_task request = task_all(made.id);
    struct taken taken = {0};
    ask(engine, &taken, &request, 1);
    struct engine_progress progress = wait_idle(engine, &taken);
    cr_assert(progress.failed);
    cr_assert_eq(progress.error.status, IFL_REFUSED);
    taken_release(&taken);
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
    struct engine_task request = task_all(made.id);
    struct taken taken = {0};
    request.params.h = 3; /* so that the errors' spectra are not of one set with the others */
    request.params.h_error = 0.3;
    ask(engine, &taken, &request, 1);
    wait_idle(engine, &taken);
    taken_release(&taken);

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
        struct engine_task request = task_all(made.id);
        struct taken taken = {0};
        ask(engine, &taken, &request, 1);
        struct engine_progress progress = wait_idle(engine, &taken);
        cr_assert(!progress.failed, "%s", progress.error.message);
        assert_core_values(&taken.estimates[0], &made);
        taken_release(&taken);
        engine_free(engine);
        _exit(7);
    }
    int status;
    cr_assert(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 7);
    cr_assert_eq(file_hash(database), before);
    made_release(&made);
}
