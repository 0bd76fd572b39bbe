/* A file system for SQLite whose N-th change fails. */
#ifndef FAILING_DISK_H
#define FAILING_DISK_H

#include <stdbool.h>

/* Puts it in place for all connections opened from now on in this process. */
void disk_install(void);

/* The N-th change from now on, counted from 1, fails with that code of SQLite's; all after it, too, if `on`. 0: none. A
 * change is a write, a truncation, a sync, a removal, or the making of a file. */
void disk_fail(long at, int code, bool on);
/* The same of locks alone. */
void disk_fail_locks(long at, int code);
/* How many changes there were since. */
long disk_changes(void);

#endif
