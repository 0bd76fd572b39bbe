#include <errno.h>
#include <signal.h>
#include <stdatomic.h>

#include <base/wake.h>

#include "signals.h"

#ifndef SIGWINCH /* POSIX.1-2024; the older name needs more than POSIX */
#define SIGWINCH 28
#endif

static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP, SIGCONT};
enum { NUMBERS = sizeof numbers / sizeof *numbers };

static struct {
    struct wake wake;
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
    wake_up(&state.wake);
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
    enum ifl_status status = wake_init(&state.wake, error);
    if (status != IFL_OK)
        return status;
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
    wake_release(&state.wake);
}

int signals_fd(void)
{
    return wake_fd(&state.wake);
}

struct signals signals_take(void)
{
    wake_drain(&state.wake);
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
