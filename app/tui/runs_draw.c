/* The runs as a table. */
#include <stdio.h>
#include <string.h>

#include <base/text.h>

#include "entry.h"
#include "pen.h"
#include "runs_draw.h"

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

enum { GAP = 2, MORE = 5 /* `+12>` and a blank */, NAME_LEAST = 14, NAME_MOST = 60 };

/* The shown columns but the name, from the one that is scrolled to. */
struct fit {
    size_t shown[SPANS_MOST]; /* of columns.items */
    size_t count, after;      /* on screen; beyond the right edge */
};

static bool beside_name(const struct runs *runs, size_t k)
{
    return k > 0 && runs->columns.items[k].shown;
}

static size_t count_shown(const struct runs *runs)
{
    size_t count = 0;
    for (size_t k = 0; k < runs->columns.count; k++)
        count += beside_name(runs, k);
    return count;
}

/* Those that fit from the `left`-th on; one at least, cut, where none does. */
static struct fit fit_from(const struct runs *runs, size_t left, int room)
{
    struct fit fit = {0};
    int used = 0;
    size_t nth = 0, shown = count_shown(runs);
    for (size_t k = 0; k < runs->columns.count && fit.count < SPANS_MOST; k++) {
        if (!beside_name(runs, k) || nth++ < left)
            continue;
        int width = runs->columns.items[k].width + GAP;
        int spare = nth < shown ? MORE : 0; /* for what tells of the others */
        if (fit.count > 0 && used + width > room - spare + GAP)
            break;
        used += width;
        fit.shown[fit.count++] = k;
    }
    fit.after = shown > left + fit.count ? shown - left - fit.count : 0;
    return fit;
}

static bool has_column(const struct fit *fit, size_t column)
{
    for (size_t k = 0; k < fit->count; k++)
        if (fit->shown[k] == column)
            return true;
    return false;
}

/* Scrolls as little as it takes to show the column by which the list was just sorted. */
static void reveal(struct runs *runs, int room)
{
    size_t sorted = runs_sorted_by(runs), nth = 0;
    runs->reveal = false;
    if (!beside_name(runs, sorted))
        return;
    for (size_t k = 0; k < sorted; k++)
        nth += beside_name(runs, k);
    if (nth < runs->left)
        runs->left = nth;
    for (struct fit fit = fit_from(runs, runs->left, room); runs->left < nth && !has_column(&fit, sorted);)
        fit = fit_from(runs, ++runs->left, room);
}

/* Not further to the right than it takes to show the last column. */
static struct fit fit_columns(struct runs *runs, int room)
{
    size_t shown = count_shown(runs);
    if (runs->left >= shown)
        runs->left = shown > 0 ? shown - 1 : 0;
    if (runs->reveal)
        reveal(runs, room);
    struct fit fit = fit_from(runs, runs->left, room);
    while (runs->left > 0 && fit.after == 0) {
        struct fit wider = fit_from(runs, runs->left - 1, room);
        if (wider.after > 0)
            break;
        runs->left--;
        fit = wider;
    }
    return fit;
}

/* Of ` x10` behind the names of groups. */
static int size_width(const struct runs *runs)
{
    size_t most = 0;
    char text[32];
    for (size_t k = 0; k < runs->n_groups; k++)
        most = runs->groups[k].all > most ? runs->groups[k].all : most;
    return snprintf(text, sizeof text, " x%zu", most);
}

static int name_width(const struct runs *runs, int columns)
{
    int most = columns < 80 ? columns / 2 : columns * 2 / 5;
    most = most < NAME_LEAST ? NAME_LEAST : most > NAME_MOST ? NAME_MOST : most;
    int width = runs->columns.items[0].width + runs_gutter(runs) - 2;
    width += runs_gutter(runs) > 2 ? size_width(runs) : 0;
    return width < most ? width : most;
}

/* ---- text ---- */

/* What was sought stands out of its line, also out of the one under the cursor. */
static void highlight(struct canvas *canvas, int x, int y, int columns, const char *shown, const char *sought)
{
    size_t at;
    if (sought[0] == '\0' || !runs_contains(shown, sought, &at))
        return;
    char before[256];
    snprintf(before, sizeof before, "%.*s", (int)(at < 255 ? at : 255), shown);
    int from = (int)text_width(before);
    for (int k = from; k < from + (int)text_width(sought) && k < columns; k++) {
        struct cell *cell = canvas_at(canvas, x + k, y);
        if (cell != NULL)
            cell->attributes |= CELL_BOLD | CELL_REVERSE;
    }
}

/* Cut in the middle: names of runs differ at their ends. */
static void fit_name(char *out, size_t size, const char *name, int columns)
{
    char clean[1024];
    text_clean(clean, sizeof clean, name, false);
    int width = (int)text_width(clean);
    if (width <= columns || columns < 8) {
        text_fit(out, size, clean, (size_t)columns);
        return;
    }
    const char *tail = clean;
    unsigned glyph;
    for (int left = width; left > columns / 2 && *tail != '\0';) {
        tail += text_decode(tail, &glyph);
        left = (int)text_width(tail);
    }
    text_fit(out, size, clean, (size_t)(columns - (int)text_width(tail)));
    size_t used = strlen(out);
    snprintf(out + used, size - used, "%s", tail);
}

static void draw_name(const struct runs *runs, struct pen *pen, const char *name, int columns, uint8_t ink,
                      uint8_t attributes)
{
    char fitted[1100];
    int x = pen->x;
    if (columns > pen_room(pen))
        columns = pen_room(pen);
    fit_name(fitted, sizeof fitted, name, columns);
    pen_text(pen, ink, attributes, fitted);
    highlight(pen->canvas, x, pen->y, columns, fitted, runs->sought);
}

/* ---- the name ---- */

int runs_gutter(const struct runs *runs)
{
    return runs->n_groups > 0 && !runs->flat ? 4 : 2;
}

static void draw_mark(const struct runs *runs, struct canvas *canvas, int x, int y, const struct run_row *row)
{
    size_t mark = runs_mark_of_row(runs, row);
    if (mark != RUNS_NONE)
        canvas_put(canvas, x, y, mark < 9 ? (uint32_t)('1' + mark) : '*', INK_CURSOR, CELL_BOLD);
}

static void draw_fold(struct canvas *canvas, int x, int y, const struct run_group *group)
{
    bool ascii = canvas->charset == CHARSET_ASCII;
    uint32_t glyph = ascii ? (group->unfolded ? '-' : '+') : group->unfolded ? 0x25BE : 0x25B8;
    canvas_put(canvas, x, y, glyph, INK_DIM, 0);
}

/* ` x10`, ` x3/10` where the filter leaves three. */
static int print_size(char out[64], const struct run_group *group)
{
    if (group->count == group->all)
        return snprintf(out, 64, " x%zu", group->all);
    return snprintf(out, 64, " x%zu/%zu", group->count, group->all);
}

void runs_draw_row_name(const struct runs *runs, struct pen pen, int columns, const struct run_row *row, uint8_t ink,
                        uint8_t attributes)
{
    int end = pen.x + columns, gutter = runs_gutter(runs);
    draw_mark(runs, pen.canvas, pen.x - 1, pen.y, row);
    if (row->item != RUNS_NONE) {
        pen_skip(&pen, gutter - 2 + (gutter > 2 && row->group != RUNS_NONE ? 2 : 0));
        draw_name(runs, &pen, runs->items[row->item].run.name, end - pen.x, ink, attributes);
        return;
    }
    char size[64];
    const struct run_group *group = &runs->groups[row->group];
    int width = print_size(size, group);
    if (pen_room(&pen) > 0)
        draw_fold(pen.canvas, pen.x, pen.y, group);
    pen_skip(&pen, gutter - 2);
    draw_name(runs, &pen, group->name, end - width - pen.x, ink, attributes | CELL_BOLD);
    pen_text(&pen, INK_DIM, 0, size);
}

/* ---- rows ---- */

static void draw_entry(const struct runs *runs, struct pen pen, const struct column *column, const struct entry *entry)
{
    char fitted[512];
    text_fit(fitted, sizeof fitted, entry->text, (size_t)column->width);
    int width = (int)text_width(fitted), skip = 0, room = column->width;
    bool words = column->kind == COLUMN_PARAM || column->kind == COLUMN_TAG || column->kind == COLUMN_NOTE;
    if (column->numeric)
        skip = room - column->content + column->before - entry->before;
    else if (!words)
        skip = room - width;
    skip = skip > room - width ? room - width : skip < 0 ? 0 : skip;
    pen_skip(&pen, skip);
    int x = pen.x;
    pen_text(&pen, entry->dim ? INK_DIM : INK_NONE, 0, fitted);
    if (words)
        highlight(pen.canvas, x, pen.y, room, fitted, runs->sought);
}

static void draw_row(const struct runs *runs, struct canvas *canvas, struct rect where, int y, size_t at, int name)
{
    const struct run_row *row = &runs->rows[at];
    struct pen pen = pen_at(canvas, where, y - where.y);
    runs_draw_row_name(runs, pen, name, row, INK_NONE, 0);
    for (size_t k = 0; k < runs->drawn.n_spans; k++) {
        struct entry entry;
        const struct column_span *span = &runs->drawn.spans[k];
        const struct column *column = &runs->columns.items[span->column];
        if (span->column == 0)
            continue;
        if (row->item != RUNS_NONE)
            entry_of_run(&entry, runs, column, row->item);
        else
            entry_of_group(&entry, runs, column, &runs->groups[row->group], canvas->charset == CHARSET_ASCII);
        pen.x = span->x;
        draw_entry(runs, pen, column, &entry);
    }
}

/* ---- head ---- */

static void draw_head(const struct runs *runs, struct canvas *canvas, struct rect where, int y, const struct fit *fit)
{
    struct pen pen = pen_at(canvas, where, y - where.y);
    size_t sorted = runs_sorted_by(runs);
    for (size_t k = 0; k < runs->drawn.n_spans; k++) {
        const struct column_span *span = &runs->drawn.spans[k];
        const struct column *column = &runs->columns.items[span->column];
        bool by = span->column == sorted, left = column->kind == COLUMN_NAME || column->kind == COLUMN_NOTE ||
                                                 (!column->numeric && column->key != NULL);
        char head[256];
        text_fit(head, sizeof head, column_head(column), (size_t)column->width);
        pen.x = span->x + (left ? 0 : column->width - (int)text_width(head));
        pen_text(&pen, by ? INK_TITLE : INK_DIM, by ? CELL_BOLD : 0, head);
        if (by && pen_room(&pen) > 0)
            canvas_put(canvas, pen.x, pen.y, runs->reverse ? 'v' : '^', INK_TITLE, CELL_BOLD);
        if (k == 0 && runs->left > 0) {
            pen_skip(&pen, 2);
            pen_printf(&pen, INK_CURSOR, 0, "<%zu", runs->left);
        }
    }
    char more[32];
    int width = snprintf(more, sizeof more, "+%zu>", fit->after);
    if (fit->after > 0 && width < where.columns)
        canvas_text(canvas, where.x + where.columns - width, y, width, more, INK_CURSOR, 0);
}

static void place_columns(struct runs *runs, struct rect where, int name, const struct fit *fit)
{
    struct runs_drawn *drawn = &runs->drawn;
    int x = where.x + 1;
    drawn->n_spans = 0;
    drawn->spans[drawn->n_spans++] = (struct column_span){x + runs_gutter(runs) - 2, name, 0};
    x += name + GAP;
    for (size_t k = 0; k < fit->count && drawn->n_spans < SPANS_MOST; k++) {
        int width = runs->columns.items[fit->shown[k]].width;
        drawn->spans[drawn->n_spans++] = (struct column_span){x, width, fit->shown[k]};
        x += width + GAP;
    }
}

static void draw_filter(const struct runs *runs, struct canvas *canvas, struct rect where)
{
    char count[64];
    struct pen pen = pen_at(canvas, where, 0);
    int width = snprintf(count, sizeof count, "%zu of %zu runs", runs->passing, runs->count);
    pen_text(&pen, INK_DIM, 0, "filter: ");
    int end = pen.end;
    pen.end -= width + GAP;
    pen_text(&pen, INK_TITLE, CELL_BOLD, runs->filter_text);
    pen.end = end;
    pen_skip(&pen, GAP);
    pen_text(&pen, runs->passing > 0 ? INK_NONE : INK_WARN, 0, count);
}

void runs_reverse(struct canvas *canvas, struct rect where, int row)
{
    for (int x = where.x; x < where.x + where.columns; x++) {
        struct cell *cell = canvas_at(canvas, x, where.y + row);
        if (cell != NULL)
            cell->attributes ^= CELL_REVERSE;
    }
}

void runs_turn(struct runs *runs, struct rect where, int head)
{
    if (runs->stale)
        runs_arrange(runs);
    runs->drawn.rows = where;
    runs->drawn.head = head;
    runs->page = where.rows > 0 ? (size_t)where.rows : 0;
    runs->top = scrolled(runs->top, runs->at, runs->n_rows, runs->page);
}

static void draw_rows(struct runs *runs, struct canvas *canvas, struct rect where, int name)
{
    for (size_t k = 0; k < runs->page && runs->top + k < runs->n_rows; k++) {
        draw_row(runs, canvas, where, where.y + (int)k, runs->top + k, name);
        if (runs->top + k == runs->at)
            runs_reverse(canvas, where, (int)k);
    }
}

void runs_draw_table(struct runs *runs, struct canvas *canvas, struct rect where)
{
    if (runs->columns.count == 0 || where.rows <= 0)
        return;
    if (runs->filter_text != NULL && where.rows > 3) {
        draw_filter(runs, canvas, where);
        where.y++;
        where.rows--;
    }
    int name = name_width(runs, where.columns);
    struct fit fit = fit_columns(runs, where.columns - 1 - name - GAP);
    place_columns(runs, where, name, &fit);
    struct rect rows = {where.x, where.y + 1, where.columns, where.rows - 1};
    runs_turn(runs, rows, where.y);
    draw_head(runs, canvas, where, where.y, &fit);
    draw_rows(runs, canvas, rows, name);
    if (runs->n_rows == 0 && runs->count > 0 && rows.rows > 0) {
        struct pen pen = pen_at(canvas, rows, 0);
        pen_text(&pen, INK_DIM, 0, "no run passes the filter");
    }
}

/* ---- the pointer ---- */

bool runs_at(const struct runs *runs, int x, int y, size_t *row)
{
    struct rect r = runs->drawn.rows;
    size_t at = runs->top + (size_t)(y - r.y);
    if (x < r.x || x >= r.x + r.columns || y < r.y || y >= r.y + r.rows || at >= runs->n_rows)
        return false;
    *row = at;
    return true;
}

const char *runs_head_at(const struct runs *runs, int x, int y)
{
    for (size_t k = 0; y == runs->drawn.head && k < runs->drawn.n_spans; k++) {
        const struct column_span *span = &runs->drawn.spans[k];
        if (x >= span->x && x <= span->x + span->columns && span->column < runs->columns.count)
            return runs->columns.items[span->column].word;
    }
    return NULL;
}
