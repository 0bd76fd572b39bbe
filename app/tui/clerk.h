/* The database's and the disk's side of the workbench: a thread with a connection of its own that runs errands in
 * order, so that no key ever waits for a lock or a disk. */
#ifndef TUI_CLERK_H
#define TUI_CLERK_H

#include <store/store.h>

struct clerk;
struct workbench;

/* The first member of what an errand carries. */
struct errand {
    /* In the clerk's thread. `store` is NULL as long as there is no database. */
    enum ifl_status (*run)(struct errand *errand, struct store *store, struct ifl_error *error);
    /* In the loop's thread, after it; NULL: nothing. */
    void (*done)(struct errand *errand, struct workbench *workbench, enum ifl_status status,
                 const struct ifl_error *error);
    /* Frees it, done or not. */
    void (*discard)(struct errand *errand);
    bool reads; /* nothing is lost if it is not run any more */

    /* the clerk's */
    struct errand *next;
    enum ifl_status status;
    struct ifl_error error;
};

/* A database that is missing is waited for. */
enum ifl_status clerk_new(struct clerk **out, const char *database, struct ifl_error *error);
/* Ends after the errand at work and those that wait, but for those that only read; within about two seconds, whatever
 * locks others hold. What could not be done is said on stderr. */
void clerk_free(struct clerk *clerk);

/* Takes over the errand. */
void clerk_send(struct clerk *clerk, struct errand *errand);
/* An errand that has been run, or NULL; the caller calls `done` and `discard`. */
struct errand *clerk_take(struct clerk *clerk);
/* True once after runs or snapshots were added or changed, by this program or another. */
bool clerk_changed(struct clerk *clerk);
/* Whether an errand waits, is at work or has not been taken. */
bool clerk_busy(struct clerk *clerk);
/* Readable when there is something to take. */
int clerk_fd(const struct clerk *clerk);

#endif
