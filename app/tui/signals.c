#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "signals.h"

#ifndef SIGWINCH /* POSIX.1-2024; the older name needs more than POSIX */
#define SIGWINCH 28
#endif

static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT};
enum { NUMBERS = sizeof numbers / sizeof *numbers };

static struct {
    int pipe[2];
    atomic_int ending, resized, stopped, continued; /* a handler may run in a thread of BLAS */
    struct sigaction before[NUMBERS];
} state;

static void on_signal(int number)
{
    int saved = errno;
    if (number == SIGWINCH)
        state.resized = 1;
    else if (number == SIGTSTP)
        state.stopped = 1;
    else if (number == SIGCONT)
        state.continued = 1;
    else
        state.ending = number;
    ssize_t written = write(state.pipe[1], "", 1);
    (void)written; /* a full pipe is news as well */
    errno = saved;
}

static void install(int index)
{
    /* One that ends the program ends a write to a stalled terminal, too. */
    int number = numbers[index];
    bool ends = number == SIGINT || number == SIGTERM || number == SIGHUP;
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = ends ? 0 : SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

enum ifl_status signals_open(struct ifl_error *error)
{
    if (pipe(state.pipe) != 0)
        return ifl_fail(error, IFL_FAILED, "cannot make a pipe: %s", strerror(errno));
    for (int k = 0; k < 2; k++) {
        fcntl(state.pipe[k], F_SETFL, O_NONBLOCK);
        fcntl(state.pipe[k], F_SETFD, FD_CLOEXEC);
    }
    state.ending = state.resized = state.stopped = state.continued = 0;
    for (int k = 0; k < NUMBERS; k++) {
        sigaction(numbers[k], NULL, &state.before[k]);
        /* What nohup or a shell without job control ignores stays so. */
        if (state.before[k].sa_handler != SIG_IGN)
            install(k);
    }
    return IFL_OK;
}

void signals_close(void)
{
    for (int k = 0; k < NUMBERS; k++)
        sigaction(numbers[k], &state.before[k], NULL);
    close(state.pipe[0]);
    close(state.pipe[1]);
}

int signals_fd(void)
{
    return state.pipe[0];
}

struct signals signals_take(void)
{
    char drained[64];
    while (read(state.pipe[0], drained, sizeof drained) > 0)
        continue;
    struct signals taken = {.ending = state.ending};
    taken.resized = state.resized;
    taken.stopped = state.stopped;
    taken.continued = state.continued;
    state.resized = state.stopped = state.continued = 0;
    return taken;
}

static int index_of(int number)
{
    int k = 0;
    while (numbers[k] != number)
        k++;
    return k;
}

void signals_stop(void)
{
    int stop = index_of(SIGTSTP);
    if (state.before[stop].sa_handler == SIG_IGN) /* nobody could continue it */
        return;
    struct sigaction standard = {.sa_handler = SIG_DFL};
    sigemptyset(&standard.sa_mask);
    sigaction(SIGTSTP, &standard, NULL);
    raise(SIGTSTP);
    install(stop);
    state.continued = 0; /* known */
}
