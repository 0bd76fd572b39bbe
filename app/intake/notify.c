#include <intake/notify.h>

#ifdef __linux__

#include <errno.h>
#include <stdalign.h>
#include <sys/inotify.h>
#include <unistd.h>

#define GONE (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT)
#define MASK (IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF)

void notify_open(struct notify *notify, bool wanted)
{
    notify->descriptor = wanted ? inotify_init1(IN_NONBLOCK | IN_CLOEXEC) : -1;
}

void notify_close(struct notify *notify)
{
    if (notify->descriptor >= 0)
        close(notify->descriptor);
}

int notify_watch(struct notify *notify, const char *path, int before, bool *full)
{
    if (notify->descriptor < 0)
        return -1;
    int watch = inotify_add_watch(notify->descriptor, path, MASK | IN_ONLYDIR);
    if (watch < 0 && errno != ENOENT && errno != ENOTDIR)
        *full = true;
    if (watch != before)
        notify_unwatch(notify, before);
    return watch;
}

void notify_unwatch(struct notify *notify, int watch)
{
    if (notify->descriptor >= 0 && watch >= 0)
        inotify_rm_watch(notify->descriptor, watch); /* fails where its folder is gone */
}

void notify_take(struct notify *notify, void (*visit)(void *context, const struct notified *notified), void *context)
{
    alignas(struct inotify_event) char buffer[16384];
    ssize_t size;
    while (notify->descriptor >= 0 && (size = read(notify->descriptor, buffer, sizeof buffer)) > 0) {
        const struct inotify_event *event;
        for (char *at = buffer; at < buffer + size; at += sizeof *event + event->len) {
            event = (const struct inotify_event *)(const void *)at;
            struct notified notified = {.watch = event->mask & IN_Q_OVERFLOW ? -1 : event->wd,
                                        .gone = event->mask & GONE,
                                        .written = event->mask & IN_CLOSE_WRITE,
                                        .name = event->len > 0 ? event->name : ""};
            visit(context, &notified);
        }
    }
}

#else

void notify_open(struct notify *notify, bool wanted)
{
    (void)wanted;
    notify->descriptor = -1;
}

void notify_close(struct notify *notify)
{
    (void)notify;
}

int notify_watch(struct notify *notify, const char *path, int before, bool *full)
{
    (void)notify, (void)path, (void)before, (void)full;
    return -1;
}

void notify_unwatch(struct notify *notify, int watch)
{
    (void)notify, (void)watch;
}

void notify_take(struct notify *notify, void (*visit)(void *context, const struct notified *notified), void *context)
{
    (void)notify, (void)visit, (void)context;
}

#endif
