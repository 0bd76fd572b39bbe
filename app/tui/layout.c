#include "layout.h"

enum {
    FULL_COLUMNS = 80,
    FULL_ROWS = 24,
    ALL_COLUMNS = 100,
    STRIP_COLUMNS = 130,
    WIDE_READOUT = 150, /* from here the readout takes one line */
    GAP = 1,            /* between panels */
    LIST_ROWS = 14      /* from here the list of runs has lines around it */
};

static enum layout_kind kind_of(int columns, int rows, bool zoomed)
{
    if (columns < LAYOUT_MIN_COLUMNS || rows < LAYOUT_MIN_ROWS)
        return LAYOUT_TOO_SMALL;
    if (columns < FULL_COLUMNS || rows < FULL_ROWS)
        return LAYOUT_PLOT;
    if (columns < ALL_COLUMNS || zoomed)
        return LAYOUT_ONE;
    return columns < STRIP_COLUMNS ? LAYOUT_ALL : LAYOUT_STRIP;
}

static struct rect take_top(struct rect *from, int rows)
{
    struct rect top = {from->x, from->y, from->columns, rows};
    from->y += rows;
    from->rows -= rows;
    return top;
}

static struct rect take_bottom(struct rect *from, int rows)
{
    from->rows -= rows;
    return (struct rect){from->x, from->y + from->rows, from->columns, rows};
}

static struct rect take_left(struct rect *from, int columns)
{
    struct rect left = {from->x, from->y, columns, from->rows};
    from->x += columns;
    from->columns -= columns;
    return left;
}

static int strip_width(int columns)
{
    int width = columns / 6;
    return width < 26 ? 26 : width > 30 ? 30 : width;
}

static void split_panels(struct layout *layout, struct rect body)
{
    for (int k = 0; k < PANELS; k++) {
        int left = PANELS - k;
        layout->panels[k] = take_left(&body, (body.columns - GAP * (left - 1)) / left);
        if (left > 1)
            take_left(&body, GAP);
    }
}

struct layout layout_run(int columns, int rows, enum panel panel, bool zoomed)
{
    struct layout layout = {.kind = kind_of(columns, rows, zoomed)};
    struct rect body = {0, 0, columns, rows};
    if (layout.kind == LAYOUT_TOO_SMALL)
        return layout;
    layout.status = take_bottom(&body, 1);
    if (layout.kind == LAYOUT_PLOT) {
        layout.panels[panel] = body;
        return layout;
    }
    layout.title = take_top(&body, 1);
    layout.params = take_top(&body, 1);
    layout.readout = take_bottom(&body, columns < WIDE_READOUT ? 2 : 1);
    layout.epoch = take_bottom(&body, 1);
    if (layout.kind == LAYOUT_ONE) {
        layout.panels[panel] = body;
        return layout;
    }
    if (layout.kind == LAYOUT_STRIP) {
        layout.runs = take_left(&body, strip_width(columns));
        take_left(&body, GAP);
    }
    split_panels(&layout, body);
    return layout;
}

struct layout layout_list(int columns, int rows)
{
    struct layout layout = {.kind = kind_of(columns, rows, true)};
    struct rect body = {0, 0, columns, rows};
    if (layout.kind == LAYOUT_TOO_SMALL)
        return layout;
    layout.status = take_bottom(&body, 1);
    if (rows >= LIST_ROWS) {
        layout.title = take_top(&body, 1);
        layout.readout = take_bottom(&body, 1);
    }
    layout.runs = body;
    return layout;
}
