/* A request at work: its tasks, what of them comes first, and what has been said already. Private to the engine, and
 * its thread's own. */
#ifndef ENGINE_WORK_H
#define ENGINE_WORK_H

#include <engine/open_runs.h>

/* A task at work. */
struct course {
    const struct engine_task *task;
    bool over;     /* it failed, or there is nothing to do */
    int64_t *ids;  /* [count] of its snapshots */
    size_t *given; /* [count] records answered so far */
    size_t count;
    size_t first, first_end;                 /* those under the cursor: first .. first_end - 1 */
    ifl_quantity_set asked_first, asked_all; /* what no pass need ask for again */
};

struct work {
    struct open_runs *runs;
    const struct engine_task *tasks;
    size_t count;
    int threads;
    const atomic_bool *cancel;
    /* Takes over answer->estimate.records. */
    enum ifl_status (*answer)(void *context, const struct engine_answer *answer, struct ifl_error *error);
    void (*progress)(void *context, size_t done, size_t total);
    void *context;

    /* zero at first */
    struct course *courses; /* [count] */
    size_t done, total;     /* spectra */
    bool counted;           /* `total` is known */
    size_t last;            /* of the snapshot at work */
    enum ifl_status failed; /* of the first task that failed */
};

/* Does it all. IFL_CANCELED; else the status of the first task that failed, after the others were done. */
enum ifl_status work_run(struct work *work, struct ifl_error *error);

#endif
