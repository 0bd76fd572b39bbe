/* The runs that were looked at last, with their snapshots and what of their distances is in memory: comparing some and
 * coming back to one reads nothing again. Private to the engine, and its thread's own. */
#ifndef ENGINE_OPEN_RUNS_H
#define ENGINE_OPEN_RUNS_H

#include <engine/estimator.h>

struct open_run {
    int64_t run;
    uint64_t stamp; /* of the database, at which `snapshots` are all there are */
    struct store_snapshot *snapshots;
    size_t count;
    struct estimator estimator;
    struct open_run *newer, *older;
};

/* Set store, cache and arrays.limit; the rest is zero. */
struct open_runs {
    struct store *store;
    struct spectrum_cache *cache;
    struct arrays arrays;   /* one bound for all runs */
    struct pending pending; /* spectra of all runs */
    uint64_t stamp;
    struct open_run *newest, *oldest;
    size_t count;
};
void open_runs_release(struct open_runs *runs);

/* Whether the database has changed: to be asked for at the beginning of a request, within which a run's snapshots then
 * stay the same. */
enum ifl_status open_runs_look(struct open_runs *runs, struct ifl_error *error);

/* The run, opened if it was not, its snapshots listed again if the database has changed. *out stays open until another
 * is opened. */
enum ifl_status open_runs_get(struct open_runs *runs, int64_t id, struct open_run **out, struct ifl_error *error);

#endif
