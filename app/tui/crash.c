/* Everything a handler needs is prepared beforehand: in it only what is async-signal-safe is called. */
#define NCURSES_WIDECHAR 1

#include "crash.h"

#include <curses.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "outlet.h"
#include "terminfo.h"

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

static void give_back(void)
{
    enum { PATIENCE = 1000 }; /* milliseconds */
    outlet_resume(state.output);
    outlet_send(state.output, state.bytes, state.length, -1, PATIENCE);
    if (state.has_modes)
        tcsetattr(state.input, TCSANOW, &state.modes);
}

void crash_give_back(void)
{
    if (state.armed)
        give_back();
}

static void on_crash(int number)
{
    if (state.armed) {
        state.armed = 0;
        give_back();
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

static void append(const char *text)
{
    state.length += terminfo_copy(state.bytes + state.length, sizeof state.bytes - state.length, text);
}

void crash_arm(void)
{
    if (state.length == 0) {
        if (strncmp(terminfo("cup"), "\033[", 2) == 0) /* a painting, pastes, the mouse */
            append("\033[?2026l\033[?2004l\033[?1006l\033[?1000l");
        append(terminfo("sgr0"));
        append(terminfo("rmkx"));
        append(terminfo("cnorm"));
        if (terminfo("rmcup") == NULL) /* the prompt comes below what is there */
            append(tiparm(terminfo("cup"), LINES - 1, 0));
        append(terminfo("rmcup"));
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
