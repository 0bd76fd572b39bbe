#include <stdlib.h>

#include <engine/work.h>

/* ---- what a pass asks for ---- */

enum extent { CHEAP, SOON, WANTED };

/* What is on screen before what is not, and the cheap (whole layers) before the dear (pairs of maps). */
static ifl_quantity_set pass_quantities(const struct engine_task *task, enum extent extent)
{
    ifl_quantity_set soon = (task->soon & task->wanted) != 0 ? task->soon & task->wanted : task->wanted;
    if (extent == WANTED)
        return task->wanted;
    return extent == SOON ? soon : soon & ~(ifl_quantity_set)IFL_PAIR_QUANTITIES;
}

static bool canceled(const struct work *work)
{
    return atomic_load(work->cancel);
}

/* ---- progress ---- */

/* Once they are counted. There are more than that where some were pushed out of memory meanwhile. */
static void report(void *context, size_t done, size_t total)
{
    struct work *work = context;
    work->last = done;
    if (!work->counted)
        return;
    if (work->total < work->done + total)
        work->total = work->done + total;
    work->progress(work->context, work->done + done, work->total);
}

/* ---- one task ---- */

static void course_release(struct course *course)
{
    free(course->ids);
    free(course->given);
}

/* The snapshots of the step under the cursor: of the nearest one before it where the run has no such step, of its first
 * step where there is none. */
static void find_first(struct course *course, const struct open_run *run)
{
    size_t first = 0;
    for (size_t k = 1; k < run->count && run->snapshots[k].step <= course->task->first; k++)
        if (run->snapshots[k].step != run->snapshots[first].step)
            first = k;
    course->first = course->first_end = first;
    while (course->first_end < run->count && run->snapshots[course->first_end].step == run->snapshots[first].step)
        course->first_end++;
}

static enum ifl_status course_init(struct course *course, const struct open_run *run, struct ifl_error *error)
{
    find_first(course, run);
    size_t from = course->task->only_first ? course->first : 0;
    size_t count = (course->task->only_first ? course->first_end : run->count) - from;
    course->ids = ifl_alloc(count, sizeof *course->ids);
    course->given = ifl_alloc(count, sizeof *course->given);
    if (course->ids == NULL || course->given == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for %zu snapshots", count);
    for (size_t k = 0; k < count; k++)
        course->ids[k] = run->snapshots[from + k].id;
    course->count = count;
    course->first -= from;
    course->first_end -= from;
    course->over = count == 0;
    return IFL_OK;
}

/* Where the run has the task's snapshot k now. A run that was closed in between may have grown; one without it is
 * taken for deleted. */
static enum ifl_status find_snapshot(const struct open_run *run, const struct course *course, size_t k, size_t *at,
                                     struct ifl_error *error)
{
    for (size_t s = 0; s < run->count; s++) {
        size_t guess = (s + k) % run->count;
        if (run->snapshots[guess].id == course->ids[k]) {
            *at = guess;
            return IFL_OK;
        }
    }
    return ifl_fail(error, IFL_NOT_FOUND, "a snapshot was deleted meanwhile");
}

static enum ifl_status answer(struct work *work, struct course *course, const struct store_snapshot *snapshot, size_t k,
                              struct ifl_record *records, size_t count, struct ifl_error *error)
{
    struct engine_answer a = {.task = (size_t)(course - work->courses), .index = k, .of = course->count};
    a.estimate = (struct estimate){
        .step = snapshot->step, .batch = snapshot->batch, .epoch = snapshot->epoch, .records = records, .count = count};
    course->given[k] = count;
    return work->answer(work->context, &a, error);
}

/* Snapshot k of the task; nothing where that would say nothing new: a run has no pairs, or no labels. */
static enum ifl_status one_snapshot(struct work *work, struct course *course, struct open_run *run, size_t k,
                                    ifl_quantity_set quantities, struct ifl_error *error)
{
    struct ifl_control control = {
        .threads = work->threads, .cancel = work->cancel, .progress = report, .context = work};
    const struct ifl_params *params = &course->task->params;
    const struct ifl_plan *plan;
    struct ifl_record *records;
    size_t at = 0, count;
    if (canceled(work))
        return ifl_fail(error, IFL_CANCELED, "canceled");
    enum ifl_status status = find_snapshot(run, course, k, &at, error);
    if (status == IFL_OK)
        status = estimator_plan(&run->estimator, at, params, quantities, &plan, error);
    if (status != IFL_OK || ifl_plan_records(plan) <= course->given[k])
        return status;
    bool drop = course->task->passing && run->estimator.loaded[at].bytes == 0;
    work->last = 0;
    status = estimator_run(&run->estimator, at, params, quantities, &control, &records, &count, error);
    work->done += work->last;
    if (drop)
        loaded_drop(&run->estimator.loaded[at]);
    return status == IFL_OK ? answer(work, course, &run->snapshots[at], k, records, count, error) : status;
}

static enum ifl_status open_course(struct work *work, struct course *course, struct open_run **run,
                                   struct ifl_error *error)
{
    enum ifl_status status = open_runs_get(work->runs, course->task->run, run, error);
    if (status == IFL_OK && course->ids == NULL)
        status = course_init(course, *run, error);
    return status;
}

static enum ifl_status pass_task(struct work *work, struct course *course, bool only_first, enum extent extent,
                                 struct ifl_error *error)
{
    ifl_quantity_set quantities = pass_quantities(course->task, extent);
    ifl_quantity_set *asked = only_first || course->task->only_first ? &course->asked_first : &course->asked_all;
    if ((quantities & ~*asked) == 0)
        return IFL_OK;
    struct open_run *run;
    enum ifl_status status = open_course(work, course, &run, error);
    size_t k = only_first ? course->first : 0, end = only_first ? course->first_end : course->count;
    for (; k < end && status == IFL_OK; k++)
        status = one_snapshot(work, course, run, k, quantities, error);
    *asked |= quantities;
    return status;
}

/* The spectra that are not in memory. */
static enum ifl_status count_task(struct work *work, struct course *course, struct ifl_error *error)
{
    struct open_run *run;
    enum ifl_status status = open_course(work, course, &run, error);
    for (size_t k = 0, at = 0, missing; k < course->count && status == IFL_OK; k++) {
        if (canceled(work))
            return ifl_fail(error, IFL_CANCELED, "canceled");
        status = find_snapshot(run, course, k, &at, error);
        if (status == IFL_OK)
            status =
                estimator_missing(&run->estimator, at, &course->task->params, course->task->wanted, &missing, error);
        if (status == IFL_OK)
            work->total += missing;
    }
    return status;
}

/* ---- all tasks ---- */

/* A task that fails is left out from then on; `error` is that of the first. */
static enum ifl_status settle(struct work *work, struct course *course, enum ifl_status status,
                              const struct ifl_error *own, struct ifl_error *error)
{
    if (status == IFL_OK)
        return IFL_OK;
    course->over = true;
    if (work->failed == IFL_OK || status == IFL_CANCELED)
        *error = *own;
    if (status == IFL_CANCELED)
        return status;
    if (work->failed == IFL_OK)
        work->failed = status;
    return IFL_OK;
}

static enum ifl_status pass(struct work *work, bool only_first, enum extent extent, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    for (size_t t = 0; t < work->count && status == IFL_OK; t++) {
        struct course *course = &work->courses[t];
        struct ifl_error own = {0};
        if (!course->over)
            status = settle(work, course, pass_task(work, course, only_first, extent, &own), &own, error);
    }
    return status;
}

/* How much there is to do: after the layers under the cursor, which do not wait for it. */
static enum ifl_status count_all(struct work *work, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    work->total = work->done;
    for (size_t t = 0; t < work->count && status == IFL_OK; t++) {
        struct course *course = &work->courses[t];
        struct ifl_error own = {0};
        if (!course->over)
            status = settle(work, course, count_task(work, course, &own), &own, error);
    }
    work->counted = true;
    work->progress(work->context, work->done, work->total);
    return status;
}

static enum ifl_status all_passes(struct work *work, struct ifl_error *error)
{
    enum ifl_status status = pass(work, true, CHEAP, error);
    if (status == IFL_OK)
        status = count_all(work, error);
    if (status == IFL_OK)
        status = pass(work, true, SOON, error);
    for (enum extent extent = CHEAP; extent <= WANTED && status == IFL_OK; extent++)
        status = pass(work, false, extent, error);
    return status;
}

enum ifl_status work_run(struct work *work, struct ifl_error *error)
{
    work->courses = ifl_alloc(work->count, sizeof *work->courses);
    if (work->courses == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for %zu tasks", work->count);
    for (size_t t = 0; t < work->count; t++)
        work->courses[t].task = &work->tasks[t];
    enum ifl_status status = open_runs_look(work->runs, error);
    if (status == IFL_OK)
        status = all_passes(work, error);
    if (status == IFL_OK)
        status = work->failed;
    if (status == IFL_OK) /* what several tasks need was counted for each */
        work->progress(work->context, work->total, work->total);
    for (size_t t = 0; t < work->count; t++)
        course_release(&work->courses[t]);
    free(work->courses);
    return status;
}
