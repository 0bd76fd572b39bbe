/* The workbench: runs, and DPI, IP and M-IP side by side, in a terminal. The only folder that knows curses. */
#ifndef TUI_H
#define TUI_H

#include <stddef.h>
#include <stdint.h>

#include <base/capability.h>
#include <infoflow/params.h>
#include <plot/plot.h>

enum { TUI_RUNS_MOST = 16 };

struct tui_options {
    const char *database;
    const int64_t *runs;      /* opened at once, to be compared where there are several; none: the list */
    size_t n_runs;            /* at most TUI_RUNS_MOST */
    const char *watch;        /* a folder to follow, or NULL */
    struct ifl_params params; /* to start with */
    int charset;              /* enum charset, or -1: by the locale */
    int colors;               /* enum plot_colors, or -1: by the terminal and NO_COLOR */
    int threads;              /* of the estimates; 0: all cores */
    enum theme theme;
    bool no_session;          /* neither goes on with what was left, nor keeps what there is */
};

/* Runs until the user quits. *signal is the number of the signal that ended it, or 0. The terminal is as it was. */
enum ifl_status tui_run(const struct tui_options *options, int *signal, struct ifl_error *error);

#endif
