/* Where everything goes on a screen of any size: a pure function. */
#ifndef TUI_LAYOUT_H
#define TUI_LAYOUT_H

#include <plot/canvas.h>

enum panel { PANEL_DPI, PANEL_IP, PANEL_MIP, PANELS };

enum layout_kind {
    LAYOUT_TOO_SMALL, /* under 40x10: a message */
    LAYOUT_PLOT,      /* under 80x24: one panel and the status line */
    LAYOUT_ONE,       /* one panel with all lines */
    LAYOUT_ALL,       /* DPI | IP | M-IP */
    LAYOUT_STRIP      /* the same with the runs left */
};

enum { LAYOUT_MIN_COLUMNS = 40, LAYOUT_MIN_ROWS = 10 };

/* What is not shown is an empty rectangle. */
struct layout {
    enum layout_kind kind;
    struct rect title, params, runs, panels[PANELS], epoch, readout, status;
};

/* The view of a run. `panel` is the one shown where one is; `zoomed`: one also where there is room for all. */
struct layout layout_run(int columns, int rows, enum panel panel, bool zoomed);

/* The list of runs: title, runs (with its head line), readout, status. */
struct layout layout_list(int columns, int rows);

#endif
