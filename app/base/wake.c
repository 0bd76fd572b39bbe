#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <base/reason.h>
#include <base/wake.h>

enum ifl_status wake_init(struct wake *wake, struct ifl_error *error)
{
    int ends[2];
    if (pipe(ends) != 0)
        return ifl_fail(error, IFL_FAILED, "cannot make a pipe: %s", reason_of(errno).text);
    for (int k = 0; k < 2; k++) {
        fcntl(ends[k], F_SETFL, O_NONBLOCK);
        fcntl(ends[k], F_SETFD, FD_CLOEXEC);
        wake->pipe[k] = ends[k];
    }
    return IFL_OK;
}

void wake_release(struct wake *wake)
{
    if (wake->pipe[0] == wake->pipe[1]) /* zeroed */
        return;
    close(wake->pipe[0]);
    close(wake->pipe[1]);
    *wake = (struct wake){0};
}

void wake_up(struct wake *wake)
{
    ssize_t written = write(wake->pipe[1], "", 1);
    (void)written; /* a full pipe says there is news as well */
}

void wake_drain(struct wake *wake)
{
    char drained[64];
    while (read(wake->pipe[0], drained, sizeof drained) > 0)
        continue;
}

int wake_fd(const struct wake *wake)
{
    return wake->pipe[0];
}

enum ifl_status wake_thread(pthread_t *out, void *(*run)(void *), void *context, struct ifl_error *error)
{
    /* A fault's signal must reach its handler from here too. */
    static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
    sigset_t others, before;
    sigfillset(&others);
    for (size_t k = 0; k < sizeof faults / sizeof *faults; k++)
        sigdelset(&others, faults[k]);
    pthread_sigmask(SIG_SETMASK, &others, &before);
    int failed = pthread_create(out, NULL, run, context);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed ? ifl_fail(error, IFL_FAILED, "cannot start a thread: %s", reason_of(failed).text) : IFL_OK;
}
