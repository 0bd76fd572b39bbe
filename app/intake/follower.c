/* The thread that follows a folder, and its news. */
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <base/wake.h>
#include <intake/root.h>

#define POLL_MS        2000
#define NET_MS         10000
#define SETTLE_MS      2000
#define GRACE_MS       5000
#define MISSING_MS     500 /* between two looks for a folder that is not there: nothing notifies of that */
#define PATIENCE_MS    300 /* for a database that is locked, at a time: the end must not wait long */
#define RETRY_MS       700
#define QUIET_FAILURES 5 /* in a row, before anything is said of them: locks come and go */

struct piece {
    struct follower_news news;
    struct piece *next;
};

struct follower {
    pthread_t thread;
    struct wake ready; /* while there is news */
    struct wake stop;  /* at the end */
    atomic_bool cancel;

    pthread_mutex_t lock;
    struct piece *first, **last; /* under the lock */

    /* the thread's own */
    struct follower_options options;
    struct store *store;
    struct following following;
    struct root root;
    struct notify notify;
    bool full;       /* there were not enough watches */
    int64_t slow_at; /* when everything is looked at again */
    int64_t look_at; /* when something is, though nothing happens */
    size_t failures; /* of the database or of memory, in a row */
    uint64_t said;   /* text_hash of what was last said of them */
};

/* ---- news ---- */

static void tell(void *context, const struct follower_news *news)
{
    struct follower *follower = context;
    struct piece *piece = ifl_alloc(1, sizeof *piece);
    if (piece == NULL)
        return; /* what has no room is not heard */
    piece->news = *news;
    pthread_mutex_lock(&follower->lock);
    *follower->last = piece;
    follower->last = &piece->next;
    wake_up(&follower->ready);
    pthread_mutex_unlock(&follower->lock);
}

bool follower_take(struct follower *follower, struct follower_news *out)
{
    pthread_mutex_lock(&follower->lock);
    struct piece *piece = follower->first;
    if (piece != NULL) {
        follower->first = piece->next;
        if (follower->first == NULL) {
            follower->last = &follower->first;
            wake_drain(&follower->ready);
        }
    }
    pthread_mutex_unlock(&follower->lock);
    if (piece == NULL)
        return false;
    *out = piece->news;
    free(piece);
    return true;
}

int follower_fd(const struct follower *follower)
{
    return wake_fd(&follower->ready);
}

/* ---- the thread ---- */

static void look_by(struct follower *follower, int64_t when)
{
    if (when < follower->look_at)
        follower->look_at = when;
}

/* The database or memory failed. It is tried again, and said once if that does not help. */
static void failed(struct follower *follower, const struct ifl_error *error, int64_t now)
{
    uint64_t hash = text_hash(error->message);
    look_by(follower, now + RETRY_MS);
    if (error->status == IFL_CANCELED || ++follower->failures < QUIET_FAILURES || hash == follower->said)
        return;
    tell_text(&follower->following, FOLLOWER_ERROR, error->message);
    follower->said = hash;
}

/* Looks at one folder; a failure is kept if it is the first of the pass. */
static enum ifl_status look_at(struct follower *follower, struct followed *folder, bool slow, enum ifl_status *first,
                               struct ifl_error *error)
{
    struct ifl_error another;
    folder->watch = notify_watch(&follower->notify, folder->path, folder->watch, &follower->full);
    enum ifl_status status = followed_look(folder, &follower->following, slow, *first == IFL_OK ? error : &another);
    if (*first == IFL_OK)
        *first = status;
    return status;
}

/* One pass over the folders that want it; the first failure of the database or memory. What fails for one folder does
 * not hold back the others, unless it is a lock or the end, which would for each of them. */
static enum ifl_status look_at_folders(struct follower *follower, bool slow, int64_t now, struct ifl_error *error)
{
    enum ifl_status first = IFL_OK, status = IFL_OK;
    bool looked = false;
    for (size_t k = 0; k < follower->root.n_folders; k++) {
        struct followed *folder = follower->root.folders[k];
        bool unwatched = folder->watch < 0 && follower->notify.descriptor >= 0; /* it was gone when it was looked at */
        if (slow || folder->dirty || unwatched || now >= folder->look_at) {
            looked = true;
            if (status != IFL_LOCKED && status != IFL_CANCELED)
                status = look_at(follower, folder, slow, &first, error);
            folder->dirty = status != IFL_OK;
        }
        if (!folder->dirty)
            look_by(follower, folder->look_at);
    }
    if (looked && first == IFL_OK)
        follower->failures = 0;
    return first;
}

static void look(struct follower *follower)
{
    struct ifl_error error;
    int64_t now = now_ms();
    bool slow = now >= follower->slow_at;
    follower->look_at = INT64_MAX;
    if (slow)
        follower->full = false;
    if (slow || follower->root.dirty)
        if (root_list(&follower->root, &follower->notify, &follower->following, &follower->full, &error) != IFL_OK)
            failed(follower, &error, now);
    if (look_at_folders(follower, slow, now, &error) != IFL_OK)
        failed(follower, &error, now_ms());
    bool notified = follower->notify.descriptor >= 0 && !follower->full;
    if (slow)
        follower->slow_at = now_ms() + (notified ? follower->options.net_ms : follower->options.poll_ms);
    look_by(follower, follower->slow_at);
    follower->root.dirty = follower->root.dirty || !follower->root.there;
    if (follower->root.dirty)
        look_by(follower, now + MISSING_MS);
}

static void notified(void *context, const struct notified *what)
{
    struct follower *follower = context;
    root_notified(&follower->root, what);
}

/* Until something happens, it is time to look, or the end. */
static void wait_for_more(struct follower *follower)
{
    struct pollfd fds[] = {{.fd = wake_fd(&follower->stop), .events = POLLIN},
                           {.fd = follower->notify.descriptor, .events = POLLIN}};
    int64_t left = follower->look_at - now_ms();
    if (poll(fds, 2, left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left) > 0)
        notify_take(&follower->notify, notified, follower);
}

static void *follower_main(void *context)
{
    struct follower *follower = context;
    while (!atomic_load(&follower->cancel)) {
        look(follower);
        wait_for_more(follower);
    }
    return NULL;
}

/* ---- the other side ---- */

/* Everything but the thread. */
static void follower_discard(struct follower *follower)
{
    struct follower_news news;
    while (follower_take(follower, &news))
        continue;
    notify_close(&follower->notify);
    root_release(&follower->root);
    store_close(follower->store);
    wake_release(&follower->ready);
    wake_release(&follower->stop);
    pthread_mutex_destroy(&follower->lock);
    free(follower);
}

static struct follower_options with_defaults(const struct follower_options *given)
{
    struct follower_options options = *given;
    if (options.poll_ms <= 0)
        options.poll_ms = POLL_MS;
    if (options.net_ms <= 0)
        options.net_ms = NET_MS;
    if (options.settle_ms <= 0)
        options.settle_ms = SETTLE_MS;
    if (options.grace_ms <= 0)
        options.grace_ms = GRACE_MS;
    return options;
}

static enum ifl_status check_folder(const char *folder, struct ifl_error *error)
{
    struct stat about;
    if (folder[0] == '\0')
        return ifl_fail(error, IFL_INVALID, "the name of the folder to follow is empty");
    if (stat(folder, &about) == 0 && !S_ISDIR(about.st_mode))
        return ifl_fail(error, IFL_REFUSED, "%s: not a folder", folder);
    return IFL_OK;
}

static enum ifl_status start(struct follower *follower, const char *database, const char *folder,
                             struct ifl_error *error)
{
    enum ifl_status status = check_folder(folder, error);
    if (status == IFL_OK)
        status = root_init(&follower->root, folder, error);
    if (status == IFL_OK)
        status = store_open(&follower->store, database, STORE_CREATE, error);
    if (status == IFL_OK)
        status = wake_init(&follower->ready, error);
    if (status == IFL_OK)
        status = wake_init(&follower->stop, error);
    if (status != IFL_OK)
        return status;
    store_set_patience(follower->store, PATIENCE_MS);
    notify_open(&follower->notify, !follower->options.poll);
    follower->following = (struct following){.store = follower->store,
                                             .limits = dump_limits_default(),
                                             .cancel = &follower->cancel,
                                             .settle_ms = follower->options.settle_ms,
                                             .grace_ms = follower->options.grace_ms,
                                             .maps = follower->options.maps,
                                             .tell = tell,
                                             .context = follower};
    return wake_thread(&follower->thread, follower_main, follower, error);
}

enum ifl_status follower_new(struct follower **out, const char *database, const char *folder,
                             const struct follower_options *options, struct ifl_error *error)
{
    struct follower *follower = ifl_alloc(1, sizeof *follower);
    if (follower == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "%s: no memory to follow it", folder);
    follower->options = with_defaults(options);
    follower->notify.descriptor = -1;
    follower->last = &follower->first;
    atomic_init(&follower->cancel, false);
    pthread_mutex_init(&follower->lock, NULL);
    enum ifl_status status = start(follower, database, folder, error);
    if (status != IFL_OK) {
        follower_discard(follower);
        return status;
    }
    *out = follower;
    return IFL_OK;
}

void follower_free(struct follower *follower)
{
    if (follower == NULL)
        return;
    atomic_store(&follower->cancel, true);
    wake_up(&follower->stop);
    pthread_join(follower->thread, NULL);
    follower_discard(follower);
}
