#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include <cli/interrupt.h>

atomic_bool interrupted;
static volatile sig_atomic_t number;

static void on_signal(int which)
{
    number = which;
    atomic_store(&interrupted, true);
}

static void handle(void (*handler)(int))
{
    static const int endings[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = handler, .sa_flags = (int)SA_RESETHAND}, before;
    sigemptyset(&action.sa_mask);
    for (size_t k = 0; k < sizeof endings / sizeof *endings; k++) {
        sigaction(endings[k], NULL, &before);
        if (before.sa_handler != SIG_IGN)
            sigaction(endings[k], &action, NULL);
    }
}

void interrupt_catch(void)
{
    handle(on_signal);
}

void interrupt_let(void)
{
    handle(SIG_DFL);
}

void interrupt_end(void)
{
    if (number == 0)
        return;
    signal(number, SIG_DFL);
    raise(number);
}
