/* Asking the engine's thread as a screen would, and keeping what it answers. */
#ifndef BACKGROUND_H
#define BACKGROUND_H

#include "fixture.h"

#define PATIENCE 100.0 /* seconds; only a hang takes so long */
#define TASKS    300
#define LOG      4096

/* The answers to the newest request: the last of each snapshot, task by task, and all in the order in which they
 * came. */
struct taken {
    uint64_t ticket;
    size_t times; /* that there were some */
    struct engine_task asked[TASKS];
    size_t tasks;
    struct estimates estimates[TASKS];
    struct heard {
        size_t task, index;
        int64_t step;
        ifl_quantity_set quantities;
    } log[LOG];
    size_t n_log;
};

struct engine *new_engine(void);

/* Everything of the run. */
struct engine_task task_all(int64_t run);

/* Forgets what was taken, and asks. */
uint64_t ask(struct engine *engine, struct taken *taken, const struct engine_task *tasks, size_t count);

bool take(struct engine *engine, struct taken *taken);

/* Waits until something happens, and takes what there is. */
struct engine_progress wait_news(struct engine *engine, struct taken *taken);

/* Waits until there is nothing to do any more. */
struct engine_progress wait_idle(struct engine *engine, struct taken *taken);

/* Until it is in the middle of the work. */
struct engine_progress wait_busy(struct engine *engine, struct taken *taken);

void taken_release(struct taken *taken);

#endif
