/* The background thread: works on the newest request, publishes what it has after every snapshot. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <engine/estimator.h>

#define CACHE_BYTES ((size_t)256 << 20)
#define ARRAYS_BYTES ((size_t)128 << 20)

struct engine {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t asked;
    int news[2]; /* a pipe: a byte waits in it while there is something to look at */
    int threads;

    /* under the lock */
    struct engine_request request;
    uint64_t ticket;
    uint64_t canceled; /* the ticket engine_cancel was called for */
    bool stop;
    bool fresh; /* `estimates` changed since the last engine_take */
    struct estimates estimates;
    struct engine_progress progress;

    atomic_bool cancel; /* raised by a newer request, engine_cancel and the end */

    /* the thread's own */
    struct store *store;
    struct spectrum_cache *cache;
    int64_t run;
    struct store_snapshot *snapshots;
    size_t n_snapshots;
    struct estimator estimator;
};

/* A request while it is worked on. */
struct work {
    struct engine *engine;
    struct engine_request request;
    uint64_t ticket;
    size_t done; /* spectra of the snapshots behind us */
    size_t last; /* of the one at work */
};

static void announce(struct engine *engine)
{
    ssize_t written = write(engine->news[1], "", 1);
    (void)written; /* a full pipe says there is news as well */
}

/* ---- the thread ---- */

static void work_progress(void *context, size_t done, size_t total)
{
    (void)total;
    struct work *work = context;
    struct engine *engine = work->engine;
    pthread_mutex_lock(&engine->lock);
    work->last = done;
    bool current = engine->progress.ticket == work->ticket;
    if (current)
        engine->progress.done = work->done + done;
    pthread_mutex_unlock(&engine->lock);
    if (current && done % 16 == 0)
        announce(engine);
}

/* Puts a snapshot's records where engine_take finds them; they are gone if a newer request came. */
static void publish(struct work *work, size_t k, struct ifl_record *records, size_t count)
{
    struct engine *engine = work->engine;
    pthread_mutex_lock(&engine->lock);
    bool current = engine->ticket == work->ticket;
    if (current) {
        struct estimate *e = &engine->estimates.snapshots[k];
        free(e->records);
        e->records = records;
        e->count = count;
        engine->fresh = true;
    }
    pthread_mutex_unlock(&engine->lock);
    if (current)
        announce(engine);
    else
        free(records);
}

static enum ifl_status one_snapshot(struct work *work, size_t k, ifl_quantity_set wanted, struct ifl_error *error)
{
    struct engine *engine = work->engine;
    struct ifl_control control = {
        .threads = engine->threads, .cancel = &engine->cancel, .progress = work_progress, .context = work};
    struct ifl_record *records;
    size_t count;
    if (wanted == 0)
        return IFL_OK;
    if (atomic_load(&engine->cancel))
        return ifl_fail(error, IFL_CANCELED, "canceled");
    work->last = 0;
    enum ifl_status status = estimator_run(&engine->estimator, k, &work->request.params, wanted, &control, &records,
                                           &count, error);
    if (status != IFL_OK)
        return status;
    work->done += work->last;
    publish(work, k, records, count);
    return IFL_OK;
}

static enum ifl_status all_snapshots(struct work *work, ifl_quantity_set wanted, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    for (size_t k = 0; k < work->engine->n_snapshots && status == IFL_OK; k++)
        status = one_snapshot(work, k, wanted, error);
    return status;
}

/* What is looked at before what is not, and the cheap (whole layers) before the dear (pairs of maps). Each pass finds
 * the spectra of the one before in memory. */
static enum ifl_status all_passes(struct work *work, struct ifl_error *error)
{
    const struct engine_request *r = &work->request;
    ifl_quantity_set soon = (r->soon & r->wanted) != 0 ? r->soon & r->wanted : r->wanted;
    ifl_quantity_set cheap = soon & ~(ifl_quantity_set)IFL_PAIR_QUANTITIES;
    enum ifl_status status = IFL_OK;
    if (r->first < work->engine->n_snapshots) {
        status = one_snapshot(work, r->first, cheap, error);
        if (status == IFL_OK && soon != cheap)
            status = one_snapshot(work, r->first, soon, error);
    }
    if (status == IFL_OK && cheap != soon)
        status = all_snapshots(work, cheap, error);
    if (status == IFL_OK && soon != r->wanted)
        status = all_snapshots(work, soon, error);
    return status == IFL_OK ? all_snapshots(work, r->wanted, error) : status;
}

static void forget_run(struct engine *engine)
{
    estimator_release(&engine->estimator);
    store_snapshots_free(engine->snapshots, engine->n_snapshots);
    engine->snapshots = NULL;
    engine->n_snapshots = 0;
    engine->run = 0;
}

static bool same_snapshots(const struct engine *engine, const struct store_snapshot *snapshots, size_t count)
{
    bool same = engine->n_snapshots == count;
    for (size_t k = 0; k < count && same; k++)
        same = engine->snapshots[k].id == snapshots[k].id;
    return same;
}

/* Asks the database each time: another process may have imported snapshots since the last request. */
static enum ifl_status open_run(struct engine *engine, int64_t run, struct ifl_error *error)
{
    struct store_snapshot *snapshots;
    size_t count;
    enum ifl_status status = store_list_snapshots(engine->store, run, &snapshots, &count, error);
    if (status != IFL_OK)
        return status;
    if (engine->run == run && same_snapshots(engine, snapshots, count)) {
        store_snapshots_free(snapshots, count);
        return IFL_OK;
    }
    forget_run(engine);
    engine->snapshots = snapshots;
    engine->n_snapshots = count;
    status = estimator_init(&engine->estimator, engine->store, engine->cache, engine->snapshots, engine->n_snapshots,
                            error);
    if (status != IFL_OK) {
        forget_run(engine);
        return status;
    }
    engine->estimator.arrays_limit = ARRAYS_BYTES;
    engine->run = run;
    return IFL_OK;
}

/* Empty estimates and the size of the job, before the first number is there. */
static enum ifl_status prepare(struct work *work, struct ifl_error *error)
{
    struct engine *engine = work->engine;
    size_t total = 0, missing;
    enum ifl_status status = open_run(engine, work->request.run, error);
    for (size_t k = 0; k < engine->n_snapshots && status == IFL_OK; k++) {
        status = estimator_missing(&engine->estimator, k, &work->request.params, work->request.wanted, &missing, error);
        total += status == IFL_OK ? missing : 0;
    }
    struct estimates estimates = {0};
    if (status == IFL_OK)
        status = estimates_init(&estimates, engine->snapshots, engine->n_snapshots, &work->request.params,
                                work->request.wanted, error);
    if (status != IFL_OK)
        return status;
    pthread_mutex_lock(&engine->lock);
    if (engine->ticket == work->ticket) {
        estimates_release(&engine->estimates);
        engine->estimates = estimates;
        engine->progress.total = total;
        engine->fresh = engine->n_snapshots == 0;
    } else {
        estimates_release(&estimates);
        status = IFL_CANCELED;
    }
    pthread_mutex_unlock(&engine->lock);
    return status;
}

static void finish(struct work *work, enum ifl_status status, const struct ifl_error *error)
{
    struct engine *engine = work->engine;
    pthread_mutex_lock(&engine->lock);
    if (engine->ticket == work->ticket) {
        engine->progress.busy = false;
        engine->progress.failed = status != IFL_OK && status != IFL_CANCELED;
        if (engine->progress.failed)
            engine->progress.error = *error;
    }
    pthread_mutex_unlock(&engine->lock);
    announce(engine);
}

static void serve(struct work *work)
{
    struct ifl_error error = {0};
    enum ifl_status status = prepare(work, &error);
    if (status == IFL_OK)
        status = all_passes(work, &error);
    finish(work, status, &error);
    /* The user has the numbers: a database that cannot be written must not take them away, and a new request does not
     * wait for the writing. What is dropped here is still in memory. */
    struct estimator *estimator = &work->engine->estimator;
    while (status == IFL_OK && estimator->n_pending > 0 && !atomic_load(&work->engine->cancel))
        status = estimator_keep(estimator, NULL);
    estimator->n_pending = 0;
}

static void *engine_main(void *context)
{
    struct engine *engine = context;
    uint64_t served = 0;
    pthread_mutex_lock(&engine->lock);
    while (!engine->stop) {
        if (engine->ticket == served) {
            pthread_cond_wait(&engine->asked, &engine->lock);
            continue;
        }
        struct work work = {.engine = engine, .request = engine->request, .ticket = engine->ticket};
        served = work.ticket;
        atomic_store(&engine->cancel, engine->canceled == work.ticket);
        pthread_mutex_unlock(&engine->lock);
        serve(&work);
        pthread_mutex_lock(&engine->lock);
    }
    pthread_mutex_unlock(&engine->lock);
    return NULL;
}

/* ---- the other side ---- */

static enum ifl_status start_thread(struct engine *engine, struct ifl_error *error)
{
    /* Signals are for the thread that owns the terminal, but for those of a fault, which must reach its handler from
     * here too. */
    static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
    sigset_t others, before;
    sigfillset(&others);
    for (size_t k = 0; k < sizeof faults / sizeof *faults; k++)
        sigdelset(&others, faults[k]);
    pthread_sigmask(SIG_SETMASK, &others, &before);
    int failed = pthread_create(&engine->thread, NULL, engine_main, engine);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed ? ifl_fail(error, IFL_FAILED, "cannot start a thread: %s", strerror(failed)) : IFL_OK;
}

static enum ifl_status open_pipe(struct engine *engine, struct ifl_error *error)
{
    if (pipe(engine->news) != 0)
        return ifl_fail(error, IFL_FAILED, "cannot make a pipe: %s", strerror(errno));
    for (int k = 0; k < 2; k++) {
        fcntl(engine->news[k], F_SETFL, O_NONBLOCK);
        fcntl(engine->news[k], F_SETFD, FD_CLOEXEC);
    }
    return IFL_OK;
}

/* Everything but the thread. */
static void engine_discard(struct engine *engine)
{
    forget_run(engine);
    estimates_release(&engine->estimates);
    spectrum_cache_free(engine->cache);
    store_close(engine->store);
    for (int k = 0; k < 2; k++)
        if (engine->news[k] >= 0)
            close(engine->news[k]);
    pthread_cond_destroy(&engine->asked);
    pthread_mutex_destroy(&engine->lock);
    free(engine);
}

enum ifl_status engine_new(struct engine **out, const char *database, int threads, struct ifl_error *error)
{
    struct engine *engine = ifl_alloc(1, sizeof *engine);
    if (engine == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for the engine");
    engine->threads = threads;
    engine->news[0] = engine->news[1] = -1;
    atomic_init(&engine->cancel, false);
    pthread_mutex_init(&engine->lock, NULL);
    pthread_cond_init(&engine->asked, NULL);
    enum ifl_status status = store_open(&engine->store, database, STORE_WRITE, error);
    if (status == IFL_OK)
        status = spectrum_cache_new(&engine->cache, CACHE_BYTES, error);
    if (status == IFL_OK)
        status = open_pipe(engine, error);
    if (status == IFL_OK)
        status = start_thread(engine, error);
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
    atomic_store(&engine->cancel, true);
    pthread_cond_signal(&engine->asked);
    pthread_mutex_unlock(&engine->lock);
    pthread_join(engine->thread, NULL);
    engine_discard(engine);
}

uint64_t engine_ask(struct engine *engine, const struct engine_request *request)
{
    pthread_mutex_lock(&engine->lock);
    engine->request = *request;
    uint64_t ticket = ++engine->ticket;
    engine->progress = (struct engine_progress){.ticket = ticket, .busy = true};
    engine->fresh = false;
    atomic_store(&engine->cancel, true);
    pthread_cond_signal(&engine->asked);
    pthread_mutex_unlock(&engine->lock);
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
    return engine->news[0];
}

static bool copy_estimates(struct estimates *out, const struct estimates *from)
{
    struct estimates copy = *from;
    copy.snapshots = ifl_alloc(from->count, sizeof *copy.snapshots);
    if (copy.snapshots == NULL)
        return false;
    for (size_t k = 0; k < from->count; k++) {
        copy.snapshots[k] = from->snapshots[k];
        copy.snapshots[k].records = NULL;
    }
    for (size_t k = 0; k < from->count; k++) {
        const struct estimate *e = &from->snapshots[k];
        if (e->records == NULL)
            continue;
        copy.snapshots[k].records = ifl_alloc(e->count, sizeof *e->records);
        if (copy.snapshots[k].records == NULL) {
            estimates_release(&copy);
            return false;
        }
        memcpy(copy.snapshots[k].records, e->records, e->count * sizeof *e->records);
    }
    *out = copy;
    return true;
}

bool engine_take(struct engine *engine, struct estimates *out, uint64_t *ticket)
{
    char drained[64];
    while (read(engine->news[0], drained, sizeof drained) > 0)
        continue;
    pthread_mutex_lock(&engine->lock);
    bool taken = engine->fresh && copy_estimates(out, &engine->estimates);
    if (taken) {
        engine->fresh = false;
        *ticket = engine->ticket;
    }
    pthread_mutex_unlock(&engine->lock);
    return taken;
}
