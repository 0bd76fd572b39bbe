/* Where everything goes on a screen of any size: a pure function. */
#ifndef TUI_LAYOUT_H
#define TUI_LAYOUT_H

#include <plot/canvas.h>
#include <plot/look.h>

enum panel { PANEL_DPI, PANEL_IP, PANEL_MIP, PANEL_PID, PANEL_WIDTH, PANELS };
/* The first of them, where all are shown. */
#define PANELS_ABREAST PANEL_PID

enum layout_kind {
    LAYOUT_TOO_SMALL, /* under 40x10: a message */
    LAYOUT_PLOT,      /* under 80x24: one panel and the status line */
    LAYOUT_ONE,       /* one panel with all lines */
    LAYOUT_ALL,       /* DPI | IP | M-IP */
    LAYOUT_STRIP      /* the same with the runs left */
};

enum { LAYOUT_MIN_COLUMNS = 40, LAYOUT_MIN_ROWS = 10, LAYOUT_STRIP_COLUMNS = 130 /* from here */ };

/* What is not shown is an empty rectangle. */
struct layout {
    enum layout_kind kind;
    struct rect title, params, runs, epoch, readout, status;
    struct rect panels[PLOT_SUBJECTS][PANELS];
    int rows; /* of panels: 1, or one a subject */
};

struct layout_wish {
    enum panel panel; /* shown where one is */
    bool zoomed;      /* one also where there is room for all */
    bool no_strip;    /* the runs folded away */
    int rows;         /* of panels; where they find no room there is one */
};

/* The view of runs. */
struct layout layout_run(int columns, int rows, const struct layout_wish *wish);

/* The list of runs: title, runs (with its head line), readout, status. */
struct layout layout_list(int columns, int rows);

#endif
