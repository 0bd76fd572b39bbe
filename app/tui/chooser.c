#include <stdio.h>
#include <string.h>

#include <base/text.h>

#include "chooser.h"
#include "keys.h"
#include "pen.h"

void chooser_open(struct chooser *chooser)
{
    *chooser = (struct chooser){.open = true};
}

static size_t count_of(const struct runs *runs)
{
    return runs->columns.count > 0 ? runs->columns.count - 1 : 0;
}

static void move(struct chooser *chooser, const struct runs *runs, long by)
{
    size_t last = count_of(runs) > 0 ? count_of(runs) - 1 : 0;
    long to = (long)chooser->at + by;
    chooser->at = to < 0 ? 0 : (size_t)to > last ? last : (size_t)to;
}

bool chooser_key(struct chooser *chooser, struct runs *runs, int key)
{
    size_t column = chooser->at + 1;
    long page = chooser->page > 1 ? (long)chooser->page - 1 : 1;
    if (key == PRESS_ENTER || key == PRESS_ESCAPE || key == 'q' || key == 'o')
        chooser->open = false;
    else if (key == 'j' || key == PRESS_DOWN)
        move(chooser, runs, 1);
    else if (key == 'k' || key == PRESS_UP)
        move(chooser, runs, -1);
    else if (key == 'g' || key == PRESS_HOME)
        chooser->at = 0;
    else if (key == 'G' || key == PRESS_END)
        move(chooser, runs, (long)count_of(runs));
    else if (key == PRESS_PAGE_DOWN || key == PRESS_PAGE_UP)
        move(chooser, runs, key == PRESS_PAGE_DOWN ? page : -page);
    else if (key == ' ')
        runs_toggle_column(runs, column, NULL);
    else if ((key == 'J' || key == 'K') && column < runs->columns.count)
        chooser->at = runs_move_column(runs, column, key == 'J' ? 1 : -1) - 1;
    else if (key == 'r')
        runs_set_columns(runs, "", NULL);
    else
        return false;
    return true;
}

/* ---- the box ---- */

enum { WIDEST = 64, BORDER = 2 };

static void draw_border(struct canvas *canvas, struct rect box)
{
    static const uint32_t ascii[] = {'-', '|', '+', '+', '+', '+'};
    static const uint32_t lines[] = {0x2500, 0x2502, 0x250C, 0x2510, 0x2514, 0x2518};
    const uint32_t *glyphs = canvas->charset == CHARSET_ASCII ? ascii : lines;
    int right = box.x + box.columns - 1, bottom = box.y + box.rows - 1;
    for (int y = box.y; y <= bottom; y++)
        for (int x = box.x; x <= right; x++) {
            bool row = y == box.y || y == bottom, column = x == box.x || x == right;
            uint32_t corner = glyphs[2 + (x == right) + 2 * (y == bottom)];
            canvas_put(canvas, x, y, row && column ? corner : row ? glyphs[0] : column ? glyphs[1] : ' ', INK_DIM, 0);
        }
}

/* What the runs have there, as far as it is known without looking at them all. */
static void print_values(char out[96], const struct column *column, const struct runs *runs)
{
    char low[32], high[32], value[64] = "";
    const struct store_run *run = &runs->items[0];
    const struct field *field = column->kind == COLUMN_PARAM ? run_param(&run->run, column->key) : NULL;
    for (size_t k = 0; column->kind == COLUMN_TAG && k < run->run.n_tags; k++)
        if (strcmp(run->run.tags[k].key, column->key) == 0)
            field = &run->run.tags[k];
    out[0] = '\0';
    if (column->shared && field != NULL)
        snprintf(out, 96, "%s in all", text_fit(value, sizeof value, field->text, 16));
    else if (column->low < column->high)
        snprintf(out, 96, "%s to %s", text_short(low, column->low, 4), text_short(high, column->high, 4));
    else if (column->low == column->high)
        snprintf(out, 96, "%s in all%s", text_short(low, column->low, 4), column->shared ? "" : " that have it");
    else if (column->shared)
        snprintf(out, 96, "the same in all");
}

static void draw_column(const struct runs *runs, struct canvas *canvas, struct rect inner, int row, size_t k)
{
    char values[96], head[128];
    const struct column *column = &runs->columns.items[k];
    struct pen pen = pen_at(canvas, inner, row);
    uint8_t ink = column->shown ? INK_NONE : INK_DIM;
    int head_width = inner.columns >= 48 ? 24 : 16;
    pen_text(&pen, column->shown ? INK_TITLE : INK_DIM, column->shown ? CELL_BOLD : 0, column->shown ? "[x] " : "[ ] ");
    int x = pen.x;
    pen_text(&pen, ink, 0, text_fit(head, sizeof head, column_head(column), (size_t)head_width));
    pen.x = x + head_width + 1;
    pen_text(&pen, INK_DIM, 0, column_kind_name(column->kind));
    pen.x = x + head_width + 8;
    print_values(values, column, runs);
    pen_text(&pen, INK_DIM, 0, values);
}

static struct rect box_in(struct rect where, size_t count)
{
    int columns = where.columns < WIDEST ? where.columns : WIDEST, most = (int)(count < 1000 ? count : 1000) + BORDER;
    int rows = most < where.rows ? most : where.rows;
    rows = rows < BORDER + 1 ? BORDER + 1 : rows;
    return (struct rect){where.x + (where.columns - columns) / 2, where.y + (where.rows - rows) / 2, columns, rows};
}

void chooser_draw(struct chooser *chooser, const struct runs *runs, struct canvas *canvas, struct rect where)
{
    size_t count = count_of(runs);
    if (where.rows < BORDER + 1 || where.columns < 12 || runs->count == 0)
        return;
    if (chooser->at >= count)
        chooser->at = count - 1; /* a new list has fewer */
    struct rect box = box_in(where, count), inner = {box.x + 1, box.y + 1, box.columns - 2, box.rows - BORDER};
    draw_border(canvas, box);
    struct pen title = pen_at(canvas, box, 0), keys = pen_at(canvas, box, box.rows - 1);
    title.end--;
    keys.end--;
    pen_skip(&title, 1);
    pen_printf(&title, INK_TITLE, CELL_BOLD, " Columns %zu/%zu ", chooser->at + 1, count);
    pen_skip(&keys, 1);
    pen_text(&keys, INK_DIM, 0,
             box.columns >= 60 ? " Space show  J K move  r as at first  Enter close " : " Space J K r Enter ");
    chooser->page = (size_t)inner.rows;
    chooser->top = scrolled(chooser->top, chooser->at, count, chooser->page);
    for (size_t k = 0; k < chooser->page && chooser->top + k < count; k++) {
        draw_column(runs, canvas, inner, (int)k, chooser->top + k + 1);
        if (chooser->top + k == chooser->at)
            row_attributes(canvas, inner, (int)k, CELL_REVERSE);
    }
}
