#include "layout.h"

enum {
    FULL_COLUMNS = 80,
    FULL_ROWS = 24,
    ALL_COLUMNS = 100,
    WIDE_READOUT = 150, /* from here the readout takes one line */
    GAP = 1,            /* between panels */
    ROWS_MIN = 8,       /* of a panel among others */
    LIST_ROWS = 14      /* from here the list of runs has lines around it */
};

static enum layout_kind kind_of(int columns, int rows, bool zoomed, bool no_strip)
{
    if (columns < LAYOUT_MIN_COLUMNS || rows < LAYOUT_MIN_ROWS)
        return LAYOUT_TOO_SMALL;
    if (columns < FULL_COLUMNS || rows < FULL_ROWS)
        return LAYOUT_PLOT;
    if (columns < ALL_COLUMNS || zoomed)
        return LAYOUT_ONE;
    return columns < LAYOUT_STRIP_COLUMNS || no_strip ? LAYOUT_ALL : LAYOUT_STRIP;
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

/* One row of panels: those abreast, or the one. */
static void split_row(struct rect *panels, struct rect row, const struct layout_wish *wish, bool abreast)
{
    if (!abreast) {
        panels[wish->panel] = row;
        return;
    }
    for (int k = 0; k < PANELS_ABREAST; k++) {
        int left = PANELS_ABREAST - k;
        panels[k] = take_left(&row, (row.columns - GAP * (left - 1)) / left);
        if (left > 1)
            take_left(&row, GAP);
    }
}

static void split_panels(struct layout *layout, struct rect body, const struct layout_wish *wish, bool abreast)
{
    layout->rows = wish->rows > PLOT_SUBJECTS ? PLOT_SUBJECTS : wish->rows;
    if (layout->rows < 1 || body.rows / layout->rows < ROWS_MIN)
        layout->rows = 1;
    for (int k = 0; k < layout->rows; k++)
        split_row(layout->panels[k], take_top(&body, body.rows / (layout->rows - k)), wish, abreast);
}

struct layout layout_run(int columns, int rows, const struct layout_wish *wish)
{
    struct layout layout = {.kind = kind_of(columns, rows, wish->zoomed, wish->no_strip)};
    struct rect body = {0, 0, columns, rows};
    if (layout.kind == LAYOUT_TOO_SMALL)
        return layout;
    layout.status = take_bottom(&body, 1);
    if (layout.kind != LAYOUT_PLOT) {
        layout.title = take_top(&body, 1);
        layout.params = take_top(&body, 1);
        layout.readout = take_bottom(&body, columns < WIDE_READOUT ? 2 : 1);
        layout.epoch = take_bottom(&body, 1);
    }
    if (layout.kind == LAYOUT_STRIP) {
        layout.runs = take_left(&body, strip_width(columns));
        take_left(&body, GAP);
    }
    split_panels(&layout, body, wish, layout.kind == LAYOUT_ALL || layout.kind == LAYOUT_STRIP);
    return layout;
}

struct layout layout_list(int columns, int rows)
{
    struct layout layout = {.kind = kind_of(columns, rows, true, true)};
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
