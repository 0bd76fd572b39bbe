#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clerk.h"
#include <base/text.h>
#include <base/wake.h>

enum {
    LOOK_SECONDS = 1,              /* between two looks at what other programs did to the database */
    OPEN_MILLISECONDS = 300,       /* that opening waits for a lock: it is tried again */
    PATIENCE_MILLISECONDS = 10000, /* that an errand does */
    END_MILLISECONDS = 1500        /* that those of the end do, together */
};

struct queue {
    struct errand *first, *last;
};

struct clerk {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t sent;
    struct wake wake;

    /* under the lock */
    struct queue waiting, done;
    bool at_work, changed, stop;
    struct store_deadline deadline;

    /* the thread's own */
    char *database;
    struct store *store;
    uint64_t stamp;
};

static void queue_put(struct queue *queue, struct errand *errand)
{
    errand->next = NULL;
    *(queue->last != NULL ? &queue->last->next : &queue->first) = errand;
    queue->last = errand;
}

static struct errand *queue_take(struct queue *queue)
{
    struct errand *errand = queue->first;
    if (errand == NULL)
        return NULL;
    queue->first = errand->next;
    if (queue->first == NULL)
        queue->last = NULL;
    return errand;
}

/* ---- the thread ---- */

/* Opened late where it is made late: by the first import. */
static enum ifl_status open_database(struct clerk *clerk, struct ifl_error *error)
{
    if (clerk->store != NULL)
        return IFL_OK;
    enum ifl_status status = store_open_within(&clerk->store, clerk->database, STORE_WRITE, OPEN_MILLISECONDS, NULL, error);
    if (status == IFL_OK) {
        store_set_patience(clerk->store, PATIENCE_MILLISECONDS);
        store_set_deadline(clerk->store, &clerk->deadline);
    }
    return status == IFL_NOT_FOUND ? IFL_OK : status;
}

/* Whether something was added or changed since the last look. A look that fails is made again later. */
static bool look(struct clerk *clerk)
{
    uint64_t stamp = 0;
    if (open_database(clerk, NULL) != IFL_OK || clerk->store == NULL ||
        store_stamp(clerk->store, &stamp, NULL) != IFL_OK || stamp == clerk->stamp)
        return false;
    clerk->stamp = stamp;
    return true;
}

static void run_errand(struct clerk *clerk, struct errand *errand)
{
    errand->status = open_database(clerk, &errand->error);
    if (errand->status == IFL_OK)
        errand->status = errand->run(errand, clerk->store, &errand->error);
}

static struct timespec soon(void)
{
    struct timespec at;
    clock_gettime(CLOCK_REALTIME, &at);
    at.tv_sec += LOOK_SECONDS;
    return at;
}

static void *clerk_main(void *context)
{
    struct clerk *clerk = context;
    struct timespec at = soon();
    pthread_mutex_lock(&clerk->lock);
    for (;;) {
        struct errand *errand = queue_take(&clerk->waiting);
        if (errand == NULL && clerk->stop)
            break;
        if (errand == NULL && pthread_cond_timedwait(&clerk->sent, &clerk->lock, &at) == 0)
            continue;
        clerk->at_work = errand != NULL; /* a look that finds nothing wakes nobody */
        bool skip = errand != NULL && errand->reads && clerk->stop;
        pthread_mutex_unlock(&clerk->lock);
        bool changed = false;
        if (skip) {
            errand->status = IFL_CANCELED;
        } else if (errand != NULL) {
            run_errand(clerk, errand);
        } else {
            changed = look(clerk);
            at = soon();
        }
        pthread_mutex_lock(&clerk->lock);
        clerk->at_work = false;
        clerk->changed |= changed;
        if (errand != NULL)
            queue_put(&clerk->done, errand);
        if (errand != NULL || changed)
            wake_up(&clerk->wake);
    }
    pthread_mutex_unlock(&clerk->lock);
    return NULL;
}

/* ---- the other side ---- */

static void clerk_discard(struct clerk *clerk)
{
    struct errand *errand;
    while ((errand = queue_take(&clerk->waiting)) != NULL || (errand = queue_take(&clerk->done)) != NULL)
        errand->discard(errand);
    store_close(clerk->store);
    wake_release(&clerk->wake);
    pthread_cond_destroy(&clerk->sent);
    pthread_mutex_destroy(&clerk->lock);
    free(clerk->database);
    free(clerk);
}

enum ifl_status clerk_new(struct clerk **out, const char *database, struct ifl_error *error)
{
    struct clerk *clerk = ifl_alloc(1, sizeof *clerk);
    if (clerk == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for the workbench");
    pthread_mutex_init(&clerk->lock, NULL);
    pthread_cond_init(&clerk->sent, NULL);
    clerk->database = strdup(database);
    enum ifl_status status = wake_init(&clerk->wake, error);
    if (status == IFL_OK && clerk->database == NULL)
        status = ifl_fail(error, IFL_NO_MEMORY, "no memory for the workbench");
    /* In this thread, so that what is no database of ours is refused before there is a screen. One that is locked is
     * waited for. */
    if (status == IFL_OK) {
        status = open_database(clerk, error);
        status = status == IFL_LOCKED ? IFL_OK : status;
    }
    if (status == IFL_OK) {
        look(clerk);
        status = wake_thread(&clerk->thread, clerk_main, clerk, error);
    }
    if (status != IFL_OK)
        clerk_discard(clerk);
    else
        *out = clerk;
    return status;
}

void clerk_free(struct clerk *clerk)
{
    if (clerk == NULL)
        return;
    pthread_mutex_lock(&clerk->lock);
    clerk->stop = true;
    store_deadline_set(&clerk->deadline, END_MILLISECONDS);
    pthread_cond_signal(&clerk->sent);
    pthread_mutex_unlock(&clerk->lock);
    pthread_join(clerk->thread, NULL);
    for (const struct errand *errand = clerk->done.first; errand != NULL; errand = errand->next)
        if (!errand->reads && errand->status != IFL_OK)
            text_printf(stderr, "infoflow: not done: %s\n", errand->error.message);
    clerk_discard(clerk);
}

void clerk_send(struct clerk *clerk, struct errand *errand)
{
    pthread_mutex_lock(&clerk->lock);
    queue_put(&clerk->waiting, errand);
    pthread_cond_signal(&clerk->sent);
    pthread_mutex_unlock(&clerk->lock);
}

struct errand *clerk_take(struct clerk *clerk)
{
    wake_drain(&clerk->wake);
    pthread_mutex_lock(&clerk->lock);
    struct errand *errand = queue_take(&clerk->done);
    if (clerk->done.first != NULL)
        wake_up(&clerk->wake);
    pthread_mutex_unlock(&clerk->lock);
    return errand;
}

bool clerk_changed(struct clerk *clerk)
{
    pthread_mutex_lock(&clerk->lock);
    bool changed = clerk->changed;
    clerk->changed = false;
    pthread_mutex_unlock(&clerk->lock);
    return changed;
}

bool clerk_busy(struct clerk *clerk)
{
    pthread_mutex_lock(&clerk->lock);
    bool busy = clerk->at_work || clerk->waiting.first != NULL || clerk->done.first != NULL;
    pthread_mutex_unlock(&clerk->lock);
    return busy;
}

int clerk_fd(const struct clerk *clerk)
{
    return wake_fd(&clerk->wake);
}
