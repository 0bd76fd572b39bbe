/* The background thread: works on the newest request, and hands over each snapshot's numbers as they come. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <base/wake.h>
#include <engine/work.h>

#define CACHE_BYTES  ((size_t)256 << 20)
#define ARRAYS_BYTES ((size_t)128 << 20)

/* milliseconds */
static const int64_t rest_pause = 250;   /* without a request until spectra are written: a key may be held down */
static const int64_t retry_pause = 5000; /* until they are tried again where the database does not take them */
static const int64_t last_words = 1000;  /* of writing at the end */

/* Answers on their way. */
struct queue {
    struct engine_answer *answers;
    size_t count, room;
};

/* That the database's locks are waited for: while it is opened, while it is used, at the end. */
enum { OPEN_MILLISECONDS = 1500, PATIENCE_MILLISECONDS = 10000, END_MILLISECONDS = 1000 };

struct engine {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t asked;
    struct wake news;
    int threads;

    /* under the lock */
    struct engine_task *tasks; /* NULL once the thread has taken them */
    size_t count;
    uint64_t ticket;
    uint64_t canceled; /* the ticket engine_cancel was called for */
    bool stop;
    struct queue queue; /* of the newest request */
    struct engine_progress progress;

    struct store_deadline deadline;
    atomic_bool cancel; /* raised by a newer request, engine_cancel and the end */

    /* the thread's own */
    struct open_runs runs;
    uint64_t served; /* the ticket at work */
    size_t told;     /* spectra done when progress was announced last */
};

static int64_t milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return 1000 * (int64_t)now.tv_sec + now.tv_nsec / 1000000;
}

void engine_answers_free(struct engine_answer *answers, size_t count)
{
    for (size_t k = 0; answers != NULL && k < count; k++)
        free(answers[k].estimate.records);
    free(answers);
}

static void queue_drop(struct queue *queue)
{
    engine_answers_free(queue->answers, queue->count);
    *queue = (struct queue){0};
}

static bool queue_add(struct queue *queue, const struct engine_answer *answer)
{
    if (queue->count == queue->room) {
        size_t room = queue->room ? 2 * queue->room : 32, bytes;
        struct engine_answer *answers =
            ifl_size_mul(room, sizeof *answers, &bytes) ? realloc(queue->answers, bytes) : NULL;
        if (answers == NULL)
            return false;
        queue->answers = answers;
        queue->room = room;
    }
    queue->answers[queue->count++] = *answer;
    return true;
}

/* ---- the thread ---- */

static void work_progress(void *context, size_t done, size_t total)
{
    struct engine *engine = context;
    pthread_mutex_lock(&engine->lock);
    bool current = engine->ticket == engine->served;
    if (current) {
        engine->progress.done = done;
        engine->progress.total = total;
    }
    pthread_mutex_unlock(&engine->lock);
    if (current && done >= engine->told + 16) {
        engine->told = done;
        wake_up(&engine->news);
    }
}

/* Puts it where engine_take finds it. It is gone if a newer request came. */
static enum ifl_status work_answer(void *context, const struct engine_answer *answer, struct ifl_error *error)
{
    struct engine *engine = context;
    enum ifl_status status = IFL_OK;
    pthread_mutex_lock(&engine->lock);
    if (engine->ticket != engine->served)
        status = ifl_fail(error, IFL_CANCELED, "canceled");
    else if (!queue_add(&engine->queue, answer))
        status = ifl_fail(error, IFL_NO_MEMORY, "no memory for the answers");
    pthread_mutex_unlock(&engine->lock);
    if (status == IFL_OK)
        wake_up(&engine->news);
    else
        free(answer->estimate.records);
    return status;
}

static void finish(struct engine *engine, enum ifl_status status, const struct ifl_error *error)
{
    pthread_mutex_lock(&engine->lock);
    if (engine->ticket == engine->served) {
        engine->progress.busy = false;
        engine->progress.failed = status != IFL_OK && status != IFL_CANCELED;
        if (engine->progress.failed)
            engine->progress.error = *error;
    }
    pthread_mutex_unlock(&engine->lock);
    wake_up(&engine->news);
}

/* Takes over `tasks`. */
static void serve(struct engine *engine, struct engine_task *tasks, size_t count)
{
    struct ifl_error error = {0};
    struct work work = {.runs = &engine->runs,
                        .tasks = tasks,
                        .count = count,
                        .threads = engine->threads,
                        .cancel = &engine->cancel,
                        .answer = work_answer,
                        .progress = work_progress,
                        .context = engine};
    engine->told = 0;
    enum ifl_status status = work_run(&work, &error);
    finish(engine, status, &error);
    free(tasks);
}

static bool keep_some(struct engine *engine)
{
    return pending_keep(&engine->runs.pending, engine->runs.store, engine->runs.cache, NULL) == IFL_OK;
}

/* Waits under the lock for the next request, or the end. What was computed is written meanwhile, a short transaction at
 * a time; a database that does not take it takes nothing from the user. */
static void rest(struct engine *engine)
{
    int64_t due = milliseconds() + rest_pause;
    while (!engine->stop && engine->ticket == engine->served) {
        if (engine->runs.pending.count == 0) {
            pthread_cond_wait(&engine->asked, &engine->lock);
            continue;
        }
        struct timespec until = {.tv_sec = (time_t)(due / 1000), .tv_nsec = (long)(due % 1000) * 1000000};
        if (pthread_cond_timedwait(&engine->asked, &engine->lock, &until) != ETIMEDOUT)
            continue;
        pthread_mutex_unlock(&engine->lock);
        if (!keep_some(engine))
            due = milliseconds() + retry_pause;
        pthread_mutex_lock(&engine->lock);
    }
}

/* The rest of what is to be written, as far as it is quick. */
static void keep_last(struct engine *engine)
{
    int64_t end = milliseconds() + last_words;
    while (engine->runs.pending.count > 0 && milliseconds() < end && keep_some(engine))
        continue;
}

static void *engine_main(void *context)
{
    struct engine *engine = context;
    pthread_mutex_lock(&engine->lock);
    while (rest(engine), !engine->stop) {
        struct engine_task *tasks = engine->tasks;
        size_t count = engine->count;
        engine->tasks = NULL;
        engine->served = engine->ticket;
        atomic_store(&engine->cancel, engine->canceled == engine->ticket);
        pthread_mutex_unlock(&engine->lock);
        serve(engine, tasks, count);
        pthread_mutex_lock(&engine->lock);
    }
    pthread_mutex_unlock(&engine->lock);
    keep_last(engine);
    return NULL;
}

/* ---- the other side ---- */

/* Everything but the thread. */
static void engine_discard(struct engine *engine)
{
    open_runs_release(&engine->runs);
    spectrum_cache_free(engine->runs.cache);
    store_close(engine->runs.store);
    queue_drop(&engine->queue);
    free(engine->tasks);
    wake_release(&engine->news);
    pthread_cond_destroy(&engine->asked);
    pthread_mutex_destroy(&engine->lock);
    free(engine);
}

static void init_locks(struct engine *engine)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&engine->lock, NULL);
    pthread_cond_init(&engine->asked, &monotonic);
    pthread_condattr_destroy(&monotonic);
    atomic_init(&engine->cancel, false);
}

enum ifl_status engine_new(struct engine **out, const char *database, int threads, struct ifl_error *error)
{
    struct engine *engine = ifl_alloc(1, sizeof *engine);
    if (engine == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for the engine");
    engine->threads = threads;
    engine->runs.arrays.limit = ARRAYS_BYTES;
    init_locks(engine);
    enum ifl_status status = store_open_within(&engine->runs.store, database, STORE_WRITE, OPEN_MILLISECONDS, NULL, error);
    if (status == IFL_OK) {
        store_set_patience(engine->runs.store, PATIENCE_MILLISECONDS);
        store_set_deadline(engine->runs.store, &engine->deadline);
    }
    if (status == IFL_OK)
        status = spectrum_cache_new(&engine->runs.cache, CACHE_BYTES, error);
    if (status == IFL_OK)
        status = wake_init(&engine->news, error);
    if (status == IFL_OK)
        status = wake_thread(&engine->thread, engine_main, engine, error);
    if (status != IFL_OK) {
        engine_discard(engine);
        return status;
    }
    *out = engine;
    return IFL_OK;
}

void engine_free(struct engine *engine)
{
    if (engine == NULL)
        return;
    pthread_mutex_lock(&engine->lock);
    engine->stop = true;
    engine->ticket++;
    store_deadline_set(&engine->deadline, END_MILLISECONDS);
    atomic_store(&engine->cancel, true);
    pthread_cond_signal(&engine->asked);
    pthread_mutex_unlock(&engine->lock);
    pthread_join(engine->thread, NULL);
    engine_discard(engine);
}

uint64_t engine_ask(struct engine *engine, const struct engine_task *tasks, size_t count)
{
    struct engine_task *copy = ifl_alloc(count, sizeof *copy);
    if (copy == NULL)
        return 0;
    for (size_t k = 0; k < count; k++)
        copy[k] = tasks[k];
    pthread_mutex_lock(&engine->lock);
    free(engine->tasks);
    engine->tasks = copy;
    engine->count = count;
    struct queue old = engine->queue;
    engine->queue = (struct queue){0};
    uint64_t ticket = ++engine->ticket;
    engine->progress = (struct engine_progress){.ticket = ticket, .busy = true};
    atomic_store(&engine->cancel, true);
    pthread_cond_signal(&engine->asked);
    pthread_mutex_unlock(&engine->lock);
    queue_drop(&old);
    return ticket;
}

void engine_cancel(struct engine *engine)
{
    pthread_mutex_lock(&engine->lock);
    engine->canceled = engine->ticket;
    atomic_store(&engine->cancel, true);
    pthread_mutex_unlock(&engine->lock);
}

void engine_watch(struct engine *engine, struct engine_progress *out)
{
    pthread_mutex_lock(&engine->lock);
    *out = engine->progress;
    pthread_mutex_unlock(&engine->lock);
}

int engine_fd(const struct engine *engine)
{
    return wake_fd(&engine->news);
}

bool engine_take(struct engine *engine, struct engine_answer **out, size_t *count, uint64_t *ticket)
{
    wake_drain(&engine->news);
    pthread_mutex_lock(&engine->lock);
    bool any = engine->queue.count > 0;
    if (any) {
        *out = engine->queue.answers;
        *count = engine->queue.count;
        *ticket = engine->ticket;
        engine->queue = (struct queue){0};
    }
    pthread_mutex_unlock(&engine->lock);
    return any;
}
