/* The runs as a strip of names beside the plots, and the line of what the table does not show. */
#include <stdio.h>
#include <string.h>

#include <base/text.h>

#include "runs_draw.h"

/* ---- the strip ---- */

/* Which of what is open a line is; n_open where it is not. A group is open where one of its runs is. */
static size_t which_open(const struct runs *runs, const struct run_row *row, const int64_t *open, size_t n_open)
{
    for (size_t k = 0; k < n_open; k++) {
        size_t item = runs_item(runs, open[k]);
        if (item == RUNS_NONE)
            continue;
        if (row->item == item || (row->item == RUNS_NONE && runs->shares[item].group == row->group))
            return k;
    }
    return n_open;
}

static void draw_line(const struct runs *runs, struct canvas *canvas, struct rect where, int row, size_t at,
                      const int64_t *open, size_t n_open)
{
    struct pen pen = pen_at(canvas, where, row);
    size_t k = which_open(runs, &runs->rows[at], open, n_open);
    bool is_open = k < n_open, told = runs_mark_of_row(runs, &runs->rows[at]) == k; /* by the mark beside it */
    if (is_open)
        canvas_put(canvas, where.x, pen.y, n_open > 1 && k < 9 && !told ? (uint32_t)('1' + k) : '>', INK_CURSOR,
                   CELL_BOLD);
    pen_skip(&pen, 1);
    runs_draw_row_name(runs, pen, pen_room(&pen), &runs->rows[at], is_open ? INK_TITLE : INK_NONE,
                       is_open ? CELL_BOLD : 0);
}

void runs_draw_strip(struct runs *runs, struct canvas *canvas, struct rect where, const int64_t *open, size_t n_open,
                     bool focused)
{
    struct rect rows = {where.x, where.y + 1, where.columns - 1, where.rows - 1};
    struct pen head = pen_at(canvas, where, 0);
    runs_turn(runs, rows, -1);
    pen_text(&head, focused ? INK_CURSOR : INK_TITLE, CELL_BOLD, "Runs");
    pen_printf(&head, INK_DIM, 0, "  %zu of %zu%s", runs->n_rows > 0 ? runs->at + 1 : 0, runs->n_rows,
               runs->filter_text != NULL ? "  filtered" : "");
    for (int row = 0; row < rows.rows && runs->top + (size_t)row < runs->n_rows; row++) {
        draw_line(runs, canvas, rows, row, runs->top + (size_t)row, open, n_open);
        if (focused && runs->top + (size_t)row == runs->at)
            runs_reverse(canvas, rows, row);
    }
    uint32_t line = canvas->charset == CHARSET_ASCII ? '|' : 0x2502;
    for (int row = 0; row < where.rows; row++)
        canvas_put(canvas, where.x + where.columns - 1, where.y + row, line, INK_DIM, 0);
}

/* ---- the readout ---- */

struct readout {
    struct canvas *canvas;
    struct rect where;
    struct pen pen;
    int row;
};

/* On the next line where this one is full; false where that was the last. */
static bool put(struct readout *readout, const char *name, const char *value)
{
    char key[128], text[256];
    text_fit(key, sizeof key, name, 20);
    text_fit(text, sizeof text, value, 40);
    while (!pen_pair(&readout->pen, key, text, INK_NONE, 0)) {
        if (++readout->row >= readout->where.rows)
            return false;
        readout->pen = pen_at(readout->canvas, readout->where, readout->row);
    }
    return true;
}

static bool is_shown(const struct runs *runs, enum column_kind kind, const char *key)
{
    const struct column *column = columns_of_key(&runs->columns, kind, key);
    return column != NULL && column->shown;
}

static bool put_fields(struct readout *readout, const struct runs *runs, enum column_kind kind,
                       const struct field *fields, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (!is_shown(runs, kind, fields[k].key) && !put(readout, fields[k].key, fields[k].text))
            return false;
    return true;
}

static bool note_shown(const struct runs *runs)
{
    for (size_t k = 0; k < runs->columns.count; k++)
        if (runs->columns.items[k].kind == COLUMN_NOTE)
            return runs->columns.items[k].shown;
    return false;
}

void runs_draw_readout(const struct runs *runs, struct canvas *canvas, struct rect where)
{
    const struct store_run *run = runs_current(runs);
    if (run == NULL || where.rows <= 0)
        return;
    struct readout readout = {.canvas = canvas, .where = where, .pen = pen_at(canvas, where, 0)};
    bool one = runs->rows[runs->at].item != RUNS_NONE;
    if (one && run->note != NULL && run->note[0] != '\0' && !note_shown(runs) && !put(&readout, "note", run->note))
        return;
    if (put_fields(&readout, runs, COLUMN_PARAM, run->run.params, run->run.n_params))
        put_fields(&readout, runs, COLUMN_TAG, run->run.tags, run->run.n_tags);
}
