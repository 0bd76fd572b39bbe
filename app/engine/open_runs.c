#include <stdlib.h>

#include <engine/open_runs.h>

#define MOST 256 /* some kilobytes each, distances apart */

static void unlink_age(struct open_runs *runs, struct open_run *run)
{
    *(run->newer ? &run->newer->older : &runs->newest) = run->older;
    *(run->older ? &run->older->newer : &runs->oldest) = run->newer;
}

static void link_newest(struct open_runs *runs, struct open_run *run)
{
    run->newer = NULL;
    run->older = runs->newest;
    *(runs->newest ? &runs->newest->newer : &runs->oldest) = run;
    runs->newest = run;
}

static void run_free(struct open_run *run)
{
    estimator_release(&run->estimator);
    store_snapshots_free(run->snapshots, run->count);
    free(run);
}

static void close_run(struct open_runs *runs, struct open_run *run)
{
    unlink_age(runs, run);
    runs->count--;
    run_free(run);
}

void open_runs_release(struct open_runs *runs)
{
    for (struct open_run *run = runs->newest, *older; run != NULL; run = older) {
        older = run->older;
        run_free(run);
    }
    pending_release(&runs->pending);
}

enum ifl_status open_runs_look(struct open_runs *runs, struct ifl_error *error)
{
    return store_stamp(runs->store, &runs->stamp, error);
}

static struct open_run *find(const struct open_runs *runs, int64_t id)
{
    struct open_run *run = runs->newest;
    while (run != NULL && run->run != id)
        run = run->older;
    return run;
}

static enum ifl_status read_run(struct open_runs *runs, int64_t id, struct open_run **out, struct ifl_error *error)
{
    struct open_run *run = ifl_alloc(1, sizeof *run);
    if (run == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for a run");
    run->run = id;
    run->stamp = runs->stamp;
    enum ifl_status status = store_list_snapshots(runs->store, id, &run->snapshots, &run->count, error);
    if (status == IFL_OK)
        status =
            estimator_init(&run->estimator, runs->store, runs->cache, &runs->arrays, run->snapshots, run->count, error);
    if (status != IFL_OK) {
        run_free(run);
        return status;
    }
    run->estimator.pending = &runs->pending;
    *out = run;
    return IFL_OK;
}

/* Snapshots are listed in one order both times. */
static void take_over_arrays(struct open_run *to, struct open_run *from)
{
    size_t k = 0;
    for (size_t old = 0; old < from->count; old++) {
        size_t at = k;
        while (at < to->count && to->snapshots[at].id != from->snapshots[old].id)
            at++;
        if (at == to->count)
            continue; /* deleted */
        loaded_take_over(&to->estimator.loaded[at], &from->estimator.loaded[old]);
        k = at + 1;
    }
}

enum ifl_status open_runs_get(struct open_runs *runs, int64_t id, struct open_run **out, struct ifl_error *error)
{
    struct open_run *run = find(runs, id), *fresh = NULL;
    if (run != NULL && run->stamp == runs->stamp) {
        unlink_age(runs, run);
        link_newest(runs, run);
        *out = run;
        return IFL_OK;
    }
    enum ifl_status status = read_run(runs, id, &fresh, error);
    if (run != NULL) {
        if (status == IFL_OK)
            take_over_arrays(fresh, run);
        close_run(runs, run);
    }
    if (status != IFL_OK)
        return status;
    link_newest(runs, fresh);
    if (++runs->count > MOST)
        close_run(runs, runs->oldest);
    *out = fresh;
    return IFL_OK;
}
