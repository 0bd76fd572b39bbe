/* The runs: as a table on a screen of their own, and as a strip beside the plots. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <base/text.h>

#include "draw.h"
#include "pen.h"

size_t scrolled(size_t top, size_t at, size_t count, size_t rows)
{
    if (rows == 0)
        return 0;
    if (at < top)
        top = at;
    if (at >= top + rows)
        top = at - rows + 1;
    size_t most = count > rows ? count - rows : 0;
    return top < most ? top : most;
}

/* ---- which columns have room ---- */

enum { COLUMNS_MOST = 64, GAP = 2 };

struct shown_columns {
    size_t index[COLUMNS_MOST];
    size_t count;
};

/* The highest rank that still fits, and of that rank as many from the left as fit. */
static struct shown_columns choose_columns(const struct runs *runs, int room)
{
    bool chosen[COLUMNS_MOST] = {false};
    size_t n = runs->n_columns < COLUMNS_MOST ? runs->n_columns : COLUMNS_MOST;
    int used = 0;
    for (int rank = 0; rank <= COLUMN_RANK_LAST; rank++)
        for (size_t k = 0; k < n; k++) {
            int width = runs->columns[k].width + GAP;
            if (runs->columns[k].rank != rank || (used + width > room && rank > 0))
                continue;
            chosen[k] = true;
            used += width;
        }
    struct shown_columns shown = {0};
    for (size_t k = 0; k < n; k++)
        if (chosen[k])
            shown.index[shown.count++] = k;
    return shown;
}

static bool to_the_right(const struct column *column)
{
    return column->kind == COLUMN_SNAPSHOTS || column->kind == COLUMN_STEP || column->kind == COLUMN_METRIC;
}

static void draw_cell(struct pen *pen, const struct column *column, const char *text, uint8_t ink, uint8_t attributes)
{
    char fitted[512];
    struct pen cell = *pen;
    text_fit(fitted, sizeof fitted, text, (size_t)column->width);
    if (cell.x + column->width < cell.end)
        cell.end = cell.x + column->width;
    if (to_the_right(column))
        pen_skip(&cell, column->width - (int)text_width(fitted));
    pen_text(&cell, ink, attributes, fitted);
    pen_skip(pen, column->width + GAP);
}

static void draw_head(const struct runs *runs, const struct shown_columns *shown, struct pen pen)
{
    for (size_t k = 0; k < shown->count; k++) {
        const struct column *column = &runs->columns[shown->index[k]];
        bool sorted = shown->index[k] == runs->sort;
        draw_cell(&pen, column, column_head(column), sorted ? INK_TITLE : INK_DIM, sorted ? CELL_BOLD : 0);
        if (sorted && pen.x - GAP < pen.end)
            canvas_put(pen.canvas, pen.x - GAP, pen.y, runs->reverse ? 'v' : '^', INK_TITLE, CELL_BOLD);
    }
}

static void draw_row(const struct runs *runs, const struct shown_columns *shown, struct pen pen,
                     const struct store_run *run)
{
    for (size_t k = 0; k < shown->count; k++) {
        char text[128];
        const struct column *column = &runs->columns[shown->index[k]];
        draw_cell(&pen, column, column_text(text, column, run), INK_NONE, 0);
    }
}

static void draw_table(struct workbench *w, struct canvas *canvas, struct rect where)
{
    struct runs *runs = &w->runs;
    struct shown_columns shown = choose_columns(runs, where.columns - 1);
    draw_head(runs, &shown, pen_at(canvas, where, 0));
    w->page = where.rows - 1;
    runs->top = scrolled(runs->top, runs->at, runs->count, (size_t)w->page);
    for (int row = 0; row < w->page && runs->top + (size_t)row < runs->count; row++) {
        size_t at = runs->top + (size_t)row;
        draw_row(runs, &shown, pen_at(canvas, where, row + 1), &runs->items[runs->order[at]]);
        if (at == runs->at)
            row_attributes(canvas, where, row + 1, CELL_REVERSE);
    }
}

/* ---- without runs ---- */

static void draw_empty(const struct workbench *w, struct canvas *canvas, struct rect where)
{
    const char *lines[] = {"No runs yet.",
                           "",
                           "Import what your training wrote, then come back:",
                           "",
                           "    infoflow import PATH",
                           "",
                           "PATH is a run folder (run.json and step-*.npz),",
                           "or a folder of such folders.",
                           "",
                           w->database};
    int count = (int)(sizeof lines / sizeof *lines);
    int left = where.columns > 52 ? (where.columns - 50) / 2 : 1, top = (where.rows - count) / 3;
    top = top < 0 ? 0 : top;
    for (int k = 0; k < count && top + k < where.rows; k++) {
        struct pen pen = pen_at(canvas, where, top + k);
        pen_skip(&pen, left - 1);
        bool first = k == 0, command = k == 4, last = k == count - 1;
        if (last)
            pen_text(&pen, INK_DIM, 0, "database ");
        pen_text(&pen,
                 first || command ? INK_TITLE
                 : last           ? INK_DIM
                                  : INK_NONE,
                 first || command ? CELL_BOLD : 0, lines[k]);
    }
}

/* ---- the screen and the strip ---- */

void draw_list(struct workbench *w, struct canvas *canvas, const struct layout *layout)
{
    if (layout->title.rows > 0) {
        struct pen pen = pen_at(canvas, layout->title, 0);
        draw_brand(canvas, layout->title);
        pen_skip(&pen, 11);
        pen_printf(&pen, INK_TITLE, CELL_BOLD, "%zu run%s", w->runs.count, w->runs.count == 1 ? "" : "s");
        pen_skip(&pen, 2);
        pen_text(&pen, INK_DIM, 0, w->database);
    }
    if (w->runs.count == 0) {
        draw_empty(w, canvas, layout->runs);
        return;
    }
    draw_table(w, canvas, layout->runs);
    if (layout->readout.rows > 0)
        draw_fields(canvas, layout->readout, w, &runs_current(&w->runs)->run, false);
}

static void draw_strip_row(const struct workbench *w, struct canvas *canvas, struct rect where, int row, size_t at)
{
    const struct store_run *run = &w->runs.items[w->runs.order[at]];
    bool open = run->id == w->opened.run.id;
    struct pen pen = pen_at(canvas, where, row);
    canvas_put(canvas, where.x, pen.y, open ? '>' : ' ', INK_CURSOR, CELL_BOLD);
    pen_text(&pen, open ? INK_TITLE : INK_NONE, open ? CELL_BOLD : 0, run->run.name);
    if (at == w->runs.at && w->on_strip)
        row_attributes(canvas, where, row, CELL_REVERSE);
}

void draw_strip(struct workbench *w, struct canvas *canvas, struct rect where)
{
    struct runs *runs = &w->runs;
    struct pen head = pen_at(canvas, where, 0);
    pen_printf(&head, w->on_strip ? INK_CURSOR : INK_TITLE, CELL_BOLD, "Runs");
    pen_printf(&head, INK_DIM, 0, "  %zu of %zu", runs->at + 1, runs->count);
    w->page = where.rows - 1;
    runs->top = scrolled(runs->top, runs->at, runs->count, (size_t)w->page);
    struct rect inner = where;
    inner.columns--; /* the line to the plots */
    for (int row = 0; row < w->page && runs->top + (size_t)row < runs->count; row++)
        draw_strip_row(w, canvas, inner, row + 1, runs->top + (size_t)row);
    uint32_t line = canvas->charset == CHARSET_ASCII ? '|' : 0x2502;
    for (int row = 0; row < where.rows; row++)
        canvas_put(canvas, where.x + where.columns - 1, where.y + row, line, INK_DIM, 0);
}
