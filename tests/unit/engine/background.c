#include <poll.h>
#include <stdlib.h>

#include "background.h"

struct engine *new_engine(void)
{
    struct engine *engine = NULL;
    assert_ok(engine_new(&engine, database, 2, &error));
    return engine;
}

struct engine_task task_all(int64_t run)
{
    return (struct engine_task){
        .run = run, .params = ifl_params_default(), .wanted = IFL_ALL_QUANTITIES, .soon = IFL_ALL_QUANTITIES};
}

void taken_release(struct taken *taken)
{
    for (size_t t = 0; t < TASKS; t++)
        estimates_release(&taken->estimates[t]);
    taken->tasks = taken->n_log = taken->times = 0;
}

uint64_t ask(struct engine *engine, struct taken *taken, const struct engine_task *tasks, size_t count)
{
    taken_release(taken);
    taken->tasks = count;
    for (size_t t = 0; t < count; t++) {
        taken->asked[t] = tasks[t];
        taken->estimates[t] =
            (struct estimates){.run = tasks[t].run, .params = tasks[t].params, .wanted = tasks[t].wanted};
    }
    return taken->ticket = engine_ask(engine, tasks, count);
}

static ifl_quantity_set quantities_of(const struct estimate *estimate)
{
    ifl_quantity_set set = 0;
    for (size_t k = 0; k < estimate->count; k++)
        set |= IFL_BIT(estimate->records[k].quantity);
    return set;
}

/* An answer replaces an earlier one that had less. */
static void place(struct taken *taken, struct engine_answer *answer)
{
    cr_assert_lt(answer->task, taken->tasks);
    cr_assert_lt(answer->index, answer->of);
    struct estimates *estimates = &taken->estimates[answer->task];
    if (estimates->snapshots == NULL) {
        estimates->snapshots = ifl_alloc(answer->of, sizeof *estimates->snapshots);
        estimates->count = answer->of;
    }
    cr_assert_eq(estimates->count, answer->of);
    struct estimate *old = &estimates->snapshots[answer->index];
    cr_assert_gt(answer->estimate.count, old->count, "an answer without anything new");
    cr_assert_eq(quantities_of(old) & ~quantities_of(&answer->estimate), 0);
    free(old->records);
    *old = answer->estimate;
    answer->estimate.records = NULL;
    cr_assert_lt(taken->n_log, LOG);
    taken->log[taken->n_log++] = (struct heard){answer->task, answer->index, old->step, quantities_of(old)};
}

bool take(struct engine *engine, struct taken *taken)
{
    struct engine_answer *answers;
    size_t count;
    uint64_t ticket;
    if (!engine_take(engine, &answers, &count, &ticket))
        return false;
    cr_assert_eq(ticket, taken->ticket);
    cr_assert_gt(count, 0);
    for (size_t k = 0; k < count; k++)
        place(taken, &answers[k]);
    engine_answers_free(answers, count);
    taken->times++;
    return true;
}

struct engine_progress wait_news(struct engine *engine, struct taken *taken)
{
    struct engine_progress progress;
    struct pollfd news = {.fd = engine_fd(engine), .events = POLLIN};
    cr_assert_eq(poll(&news, 1, (int)(1000 * PATIENCE)), 1, "no news from the engine");
    take(engine, taken); /* clears the news: what comes after that is new again */
    engine_watch(engine, &progress);
    cr_assert_leq(progress.done, progress.total);
    if (!progress.busy)
        take(engine, taken); /* what came in between */
    return progress;
}

struct engine_progress wait_idle(struct engine *engine, struct taken *taken)
{
    struct engine_progress progress;
    double start = seconds();
    do {
        progress = wait_news(engine, taken);
        cr_assert_lt(seconds() - start, PATIENCE);
    } while (progress.busy);
    return progress;
}

struct engine_progress wait_busy(struct engine *engine, struct taken *taken)
{
    struct engine_progress progress;
    do
        progress = wait_news(engine, taken);
    while (progress.done == 0);
    cr_assert(progress.busy);
    return progress;
}
