/* Everything a handler needs is prepared beforehand: in it only what is async-signal-safe is called. */
#define NCURSES_WIDECHAR 1

#include "crash.h"

#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <curses.h>

static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
enum { CRASHES = sizeof crashes / sizeof *crashes };

static struct {
    int output, input;
    struct termios modes;
    bool has_modes;
    char bytes[256]; /* what the terminal is sent */
    size_t length;
    struct sigaction before[CRASHES];
    volatile sig_atomic_t armed;
} state;

/* A stack of its own, for a crash by too deep a recursion. */
static char handler_stack[1 << 16];

static void on_crash(int number)
{
    if (state.armed) {
        state.armed = 0;
        size_t sent = 0;
        ssize_t written;
        while (sent < state.length && (written = write(state.output, state.bytes + sent, state.length - sent)) > 0)
            sent += (size_t)written;
        if (state.has_modes)
            tcsetattr(state.input, TCSANOW, &state.modes);
    }
    for (int k = 0; k < CRASHES; k++)
        if (crashes[k] == number)
            sigaction(number, &state.before[k], NULL);
    raise(number); /* waits until the handler returns */
}

void crash_remember(int output, int input)
{
    state.output = output;
    state.input = input;
    state.has_modes = tcgetattr(input, &state.modes) == 0;
    state.length = 0;
}

/* A capability without its padding, `$<5>`. */
static void append(const char *capability)
{
    const char *text = tigetstr(capability);
    if (text == NULL || text == (const char *)-1)
        return;
    while (*text != '\0' && state.length < sizeof state.bytes) {
        const char *end = text[0] == '$' && text[1] == '<' ? strchr(text, '>') : NULL;
        if (end != NULL)
            text = end + 1;
        else
            state.bytes[state.length++] = *text++;
    }
}

void crash_arm(void)
{
    if (state.length == 0) {
        append("sgr0");
        append("rmkx");
        append("cnorm");
        append("rmcup");
    }
    stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof handler_stack};
    sigaltstack(&stack, NULL);
    struct sigaction action = {.sa_handler = on_crash, .sa_flags = SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    if (!state.armed)
        for (int k = 0; k < CRASHES; k++)
            sigaction(crashes[k], &action, &state.before[k]);
    state.armed = 1;
}

void crash_disarm(void)
{
    if (!state.armed)
        return;
    state.armed = 0;
    for (int k = 0; k < CRASHES; k++)
        sigaction(crashes[k], &state.before[k], NULL);
    stack_t none = {.ss_flags = SS_DISABLE};
    sigaltstack(&none, NULL);
}
