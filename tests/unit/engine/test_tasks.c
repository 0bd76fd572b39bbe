/* Requests of several tasks. */
#include <stdio.h>
#include <stdlib.h>

#include "background.h"

TestSuite(tasks, .init = folder_make, .fini = folder_remove, .timeout = 120);

static const struct shape busy_shape = {.n = 48, .layers = 3, .maps = {8, 6, 1}, .snapshots = 4};
static const struct shape heavy = {.n = 128, .layers = 2, .maps = {40, 40}, .snapshots = 8}; /* minutes */

static struct engine_progress answer(struct engine *engine, struct taken *taken, const struct engine_task *tasks,
                                     size_t count)
{
    ask(engine, taken, tasks, count);
    return wait_idle(engine, taken);
}

static void assert_done(struct engine_progress progress)
{
    cr_assert(!progress.failed, "%s", progress.error.message);
    cr_assert_eq(progress.done, progress.total);
}

/* One snapshot more, as training makes them: another process's. */
static void add_snapshot(const struct made *made, const struct shape *shape, int64_t step, int64_t batch)
{
    bool added = false;
    struct snapshot snapshot = next_snapshot(shape, step);
    struct store *store = open_store(STORE_WRITE);
    snapshot.batch = batch;
    assert_ok(store_add_snapshot(store, made->id, &snapshot, &added, &error));
    cr_assert(added);
    store_close(store);
    snapshot_release(&snapshot);
}

static void delete_run(int64_t id)
{
    struct store *store = open_store(STORE_WRITE);
    assert_ok(store_purge_run(store, id, &error));
    store_close(store);
}

/* ---- order ---- */

/* The pass an answer is of, under wanted = soon: 0 under the cursor, 1 that with pairs, 2 the others, 3 those with
 * pairs. */
static int pass_of(const struct heard *heard, size_t under_cursor)
{
    bool pairs = (heard->quantities & IFL_PAIR_QUANTITIES) != 0;
    return (heard->index == under_cursor ? 0 : 2) + pairs;
}

Test(tasks, come_in_turn_within_each_pass)
{
    struct made made = make_run("run", &busy_shape), other = make_run("other", &small);
    struct engine_task tasks[] = {task_all(made.id), task_all(other.id), task_all(made.id)};
    struct engine *engine = new_engine();
    struct taken taken = {0};
    for (size_t t = 0; t < 3; t++)
        tasks[t].first = 10;
    tasks[2].params.h = 2;
    assert_done(answer(engine, &taken, tasks, 3));
    cr_assert_eq(taken.n_log, 2 * (4 + 3 + 4)); /* each without pairs and with them */
    for (size_t k = 1; k < taken.n_log; k++) {
        int before = pass_of(&taken.log[k - 1], 1), now = pass_of(&taken.log[k], 1);
        cr_assert_geq(now, before);
        cr_assert(now > before || taken.log[k].task >= taken.log[k - 1].task);
    }
    assert_core_values(&taken.estimates[0], &made);
    assert_core_values(&taken.estimates[1], &other);
    assert_core_values(&taken.estimates[2], &made);
    taken_release(&taken);
    engine_free(engine);
    made_release(&other);
    made_release(&made);
}

Test(tasks, nothing_is_said_twice)
{
    struct shape plain = {.n = 24, .layers = 2, .maps = {1, 1}, .snapshots = 3, .no_labels = true};
    struct made made = make_run("run", &plain);
    struct engine_task task = task_all(made.id);
    struct engine *engine = new_engine();
    struct taken taken = {0};
    assert_done(answer(engine, &taken, &task, 1));
    cr_assert_eq(taken.n_log, 3);
    task.soon = IFL_BIT(IFL_H_T);
    assert_done(answer(engine, &taken, &task, 1));
    cr_assert_eq(taken.n_log, 6);
    taken_release(&taken);
    engine_free(engine);
    made_release(&made);
}

Test(tasks, none)
{
    struct made made = make_run("run", &small);
    struct engine *engine = new_engine();
    struct taken taken = {0};
    assert_done(answer(engine, &taken, NULL, 0));
    cr_assert_eq(taken.times, 0);
    engine_free(engine);
    made_release(&made);
}

Test(tasks, another_alpha_takes_no_spectrum)
{
    struct made made = make_run("run", &small), other = make_run("other", &busy_shape);
    struct engine_task tasks[] = {task_all(made.id), task_all(other.id)};
    struct engine *engine = new_engine();
    struct taken taken = {0};
    cr_assert_gt(answer(engine, &taken, tasks, 2).total, 0);
    tasks[0].params.alpha = tasks[1].params.alpha = 3;
    cr_assert_eq(answer(engine, &taken, tasks, 2).total, 0);
    assert_core_values(&taken.estimates[0], &made);
    assert_core_values(&taken.estimates[1], &other);
    tasks[0].params.alpha = 1.01; /* and back */
    cr_assert_eq(answer(engine, &taken, tasks, 2).total, 0);
    assert_core_values(&taken.estimates[0], &made);
    taken_release(&taken);
    engine_free(engine);
    made_release(&other);
    made_release(&made);
}

/* ---- the snapshots under the cursor alone ---- */

static void assert_only(struct engine *engine, struct engine_task task, int64_t cursor, int64_t step, size_t count)
{
    struct taken taken = {0};
    task.first = cursor;
    task.only_first = true;
    assert_done(answer(engine, &taken, &task, 1));
    cr_assert_eq(taken.estimates[0].count, count);
    for (size_t k = 0; k < taken.n_log; k++)
        cr_assert_eq(taken.log[k].step, step);
    taken_release(&taken);
}

Test(tasks, only_what_is_under_the_cursor)
{
    struct made made = make_run("run", &small); /* steps 0, 10, 20 */
    add_snapshot(&made, &small, 10, 1);
    struct engine *engine = new_engine();
    assert_only(engine, task_all(made.id), 10, 10, 2);
    assert_only(engine, task_all(made.id), 19, 10, 2);
    assert_only(engine, task_all(made.id), 1000, 20, 1);
    assert_only(engine, task_all(made.id), 0, 0, 1);
    assert_only(engine, task_all(made.id), -7, 0, 1);
    engine_free(engine);
    made_release(&made);
}

Test(tasks, a_sweep_of_widths)
{
    struct made made = make_run("run", &small);
    struct engine_task tasks[9];
    struct engine *engine = new_engine();
    struct taken taken = {0};
    for (size_t t = 0; t < 9; t++) {
        tasks[t] = task_all(made.id);
        tasks[t].only_first = true;
        tasks[t].first = 20;
        tasks[t].params.h = 1 + (double)t;
    }
    assert_done(answer(engine, &taken, tasks, 9));
    for (size_t t = 0; t < 9; t++) {
        struct estimate core = core_estimate(&made, 2, &tasks[t].params, IFL_ALL_QUANTITIES);
        cr_assert_eq(taken.estimates[t].count, 1);
        assert_same_estimate(&taken.estimates[t].snapshots[0], &core, 0);
        free(core.records);
    }
    taken_release(&taken);
    engine_free(engine);
    made_release(&made);
}

/* ---- what stays in memory ---- */

Test(tasks, distances_are_kept_for_the_next_h)
{
    struct made made = make_run("run", &small);
    struct engine_task task = task_all(made.id);
    struct engine *engine = new_engine();
    struct taken taken = {0};
    assert_done(answer(engine, &taken, &task, 1));
    task.passing = true; /* goes by what is there without taking it away */
    task.params.h = 4;
    assert_done(answer(engine, &taken, &task, 1));
    lose_distances(&made);
    task.params.h = 3;
    assert_done(answer(engine, &taken, &task, 1));
    assert_core_values(&taken.estimates[0], &made);
    taken_release(&taken);
    engine_free(engine);
    made_release(&made);
}

Test(tasks, not_those_of_a_run_in_passing)
{
    struct made made = make_run("run", &small);
    struct engine_task task = task_all(made.id);
    struct engine *engine = new_engine();
    struct taken taken = {0};
    task.passing = true;
    assert_done(answer(engine, &taken, &task, 1));
    assert_core_values(&taken.estimates[0], &made);
    lose_distances(&made);
    task.params.h = 3;
    struct engine_progress progress = answer(engine, &taken, &task, 1);
    cr_assert(progress.failed);
    cr_assert_eq(progress.error.status, IFL_REFUSED);
    taken_release(&taken);
    engine_free(engine);
    made_release(&made);
}

Test(tasks, more_runs_than_stay_open)
{
    struct shape tiny = {.n = 4, .layers = 1, .maps = {2}, .snapshots = 2};
    static struct engine_task tasks[TASKS];
    static struct taken taken;
    struct engine *engine;
    for (int t = 0; t < TASKS; t++) {
        char name[16];
        snprintf(name, sizeof name, "run-%d", t);
        struct made made = make_run(name, &tiny);
        tasks[t] = task_all(made.id);
        tasks[t].passing = true;
        made_release(&made);
    }
    engine = new_engine();
    assert_done(answer(engine, &taken, tasks, TASKS));
    cr_assert_eq(taken.n_log, 4 * TASKS); /* two snapshots, without pairs and with them */
    taken_release(&taken);
    engine_free(engine);
}

/* ---- runs that change ---- */

Test(tasks, a_deleted_run_among_others)
{
    struct made made = make_run("run", &small), gone = make_run("gone", &small), other = make_run("other", &busy_shape);
    struct engine_task tasks[] = {task_all(made.id), task_all(gone.id), task_all(gone.id + 70), task_all(other.id)};
    struct engine *engine = new_engine();
    struct taken taken = {0};
    assert_done(answer(engine, &taken, &tasks[1], 1)); /* so that it is open */
    delete_run(gone.id);
    struct engine_progress progress = answer(engine, &taken, tasks, 4);
    cr_assert(progress.failed && !progress.busy);
    cr_assert_eq(progress.error.status, IFL_NOT_FOUND);
    char expected[32];
    snprintf(expected, sizeof expected, "no run with id %lld", (long long)gone.id);
    cr_assert(strstr(progress.error.message, expected) != NULL, "%s", progress.error.message);
    assert_core_values(&taken.estimates[0], &made);
    assert_core_values(&taken.estimates[3], &other);
    cr_assert_eq(taken.estimates[1].count, 0);
    cr_assert_eq(taken.estimates[2].count, 0);
    taken_release(&taken);
    engine_free(engine);
    made_release(&other);
    made_release(&gone);
    made_release(&made);
}

Test(tasks, a_run_that_is_deleted_meanwhile)
{
    struct made made = make_run("heavy", &heavy), other = make_run("other", &small);
    struct engine_task tasks[] = {task_all(made.id), task_all(other.id)};
    struct engine *engine = new_engine();
    struct taken taken = {0};
    ask(engine, &taken, tasks, 2);
    wait_busy(engine, &taken);
    delete_run(made.id);
    struct engine_progress progress = wait_idle(engine, &taken);
    cr_assert(progress.failed);
    cr_assert_eq(progress.error.status, IFL_NOT_FOUND);
    assert_core_values(&taken.estimates[1], &other);
    taken_release(&taken);
    engine_free(engine);
    made_release(&other);
    made_release(&made);
}

Test(tasks, a_run_that_grows_meanwhile)
{
    struct shape shape = busy_shape;
    shape.n = 96;
    struct made made = make_run("run", &shape);
    struct engine_task task = task_all(made.id);
    struct engine *engine = new_engine();
    struct taken taken = {0};
    ask(engine, &taken, &task, 1);
    wait_busy(engine, &taken);
    add_snapshot(&made, &shape, 15, 0);
    assert_done(wait_idle(engine, &taken));
    assert_core_values(&taken.estimates[0], &made); /* as it was when it was asked for */
    struct engine_progress progress = answer(engine, &taken, &task, 1);
    assert_done(progress);
    cr_assert_eq(progress.total, count_subsets(&made, 0, &task.params, false)); /* the new one's */
    cr_assert_eq(taken.estimates[0].count, 5);
    cr_assert_eq(taken.estimates[0].snapshots[2].step, 15);
    taken_release(&taken);
    engine_free(engine);
    made_release(&made);
}

/* ---- interruptions ---- */

Test(tasks, a_newer_request_ends_the_one_at_work)
{
    struct made made = make_run("heavy", &heavy), other = make_run("other", &small);
    struct engine_task old[] = {task_all(made.id), task_all(made.id)}, newer = task_all(other.id);
    struct engine *engine = new_engine();
    struct taken taken = {0};
    old[1].params.h = 3;
    ask(engine, &taken, old, 2);
    wait_busy(engine, &taken);
    assert_done(answer(engine, &taken, &newer, 1));
    assert_core_values(&taken.estimates[0], &other);
    taken_release(&taken);
    engine_free(engine);
    made_release(&other);
    made_release(&made);
}

static bool count_one(void *context, const struct ifl_subset *subset, const double *eigenvalues)
{
    (void)subset, (void)eigenvalues;
    ++*(size_t *)context;
    return true;
}

/* Spectra of the errors, which have a width of their own. */
static size_t count_kept(const struct made *made, const struct ifl_params *params)
{
    struct ifl_params widths = error_widths(made, params);
    struct store *store = open_store(STORE_READ);
    size_t kept = 0;
    for (size_t k = 0; k < made->count; k++)
        assert_ok(store_visit_spectra(store, made->stored[k].id, &widths, made->stored[k].n, count_one, &kept, &error));
    store_close(store);
    return kept;
}

/* Of two runs of different n, asked for so quickly that there is no time to write in between. */
Test(tasks, what_was_computed_is_written_in_the_end)
{
    struct made made = make_run("run", &small), other = make_run("other", &busy_shape);
    struct engine_task task = task_all(made.id), last = task_all(other.id);
    struct engine *engine = new_engine();
    struct taken taken = {0};
    task.params.h = last.params.h = 3; /* so that the errors' spectra are not of one set with others */
    last.params.h_error = 0.05;
    for (int k = 0; k < 5; k++) {
        task.params.h_error = 0.1 * (k + 2);
        assert_done(answer(engine, &taken, &task, 1));
    }
    assert_done(answer(engine, &taken, &last, 1));
    engine_free(engine);
    for (int k = 0; k < 5; k++) {
        task.params.h_error = 0.1 * (k + 2);
        cr_assert_eq(count_kept(&made, &task.params), 3 * count_subsets(&made, 0, &task.params, true));
    }
    cr_assert_eq(count_kept(&other, &last.params), 4 * count_subsets(&other, 0, &last.params, true));
    taken_release(&taken);
    made_release(&other);
    made_release(&made);
}
