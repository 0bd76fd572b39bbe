/* A background thread and the file descriptor by which it says that there is news. */
#ifndef BASE_WAKE_H
#define BASE_WAKE_H

#include <pthread.h>

#include <infoflow/status.h>

struct wake {
    int pipe[2];
};

enum ifl_status wake_init(struct wake *wake, struct ifl_error *error);
/* Of what wake_init has opened, or of a zeroed one. */
void wake_release(struct wake *wake);

/* Makes the descriptor readable. From any thread or signal handler; never waits. */
void wake_up(struct wake *wake);
/* Takes that back; to be done before looking what news there is, so that none is missed. */
void wake_drain(struct wake *wake);
int wake_fd(const struct wake *wake);

/* Starts a thread that leaves all signals but those of a fault to the thread that owns the terminal. */
enum ifl_status wake_thread(pthread_t *out, void *(*run)(void *), void *context, struct ifl_error *error);

#endif
