/* The system's notifications of changes in folders, where it has them. Private to intake/. */
#ifndef INTAKE_NOTIFY_H
#define INTAKE_NOTIFY_H

#include <stdbool.h>

struct notify {
    int descriptor; /* readable when something happened; -1: no notifications here */
};

void notify_open(struct notify *notify, bool wanted);
void notify_close(struct notify *notify);

/* Watches the folder at `path`, in place of what `before` (-1: nothing) watches if that is another. The watch's number,
 * or -1 where it is not watched. *full is set where the system has no more watches to give. */
int notify_watch(struct notify *notify, const char *path, int before, bool *full);
void notify_unwatch(struct notify *notify, int watch);

/* What happened in a watched folder. */
struct notified {
    int watch;        /* -1: so much happened everywhere that notifications were lost */
    bool gone;        /* the folder itself was deleted or moved away */
    bool written;     /* a file that was there already was written */
    const char *name; /* of the entry, "" without one; good until the call returns */
};
/* Calls `visit` for all that happened since the last call; never waits. */
void notify_take(struct notify *notify, void (*visit)(void *context, const struct notified *notified), void *context);

#endif
