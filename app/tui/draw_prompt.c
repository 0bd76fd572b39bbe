#include <stdio.h>
#include <string.h>

#include <base/text.h>

#include "draw_prompt.h"
#include "pen.h"

/* ---- the line ---- */

/* What the command that has been typed does with an argument. */
static void draw_usage(struct pen *pen, const struct prompt *prompt)
{
    size_t blanks = strspn(prompt->text, " \t"), length = command_name_length(prompt->text + blanks);
    enum command command = command_find(prompt->text + blanks, length);
    if (command == DO_NOTHING || (prompt->text[blanks + length] != ' ' && prompt->text[blanks + length] != '\0'))
        return;
    const struct command_info *info = &command_table[command];
    char usage[128];
    snprintf(usage, sizeof usage, "%s%s%s: %s", info->name, info->shown[0] != '\0' ? " " : "", info->shown, info->what);
    if ((int)text_width(usage) <= pen_room(pen))
        pen_text(pen, INK_DIM, 0, usage);
}

static void draw_typed(struct canvas *canvas, struct rect where, const struct prompt *prompt, const char *hint)
{
    struct pen pen = pen_at(canvas, where, where.rows - 1);
    char before[sizeof prompt->text];
    snprintf(before, sizeof before, "%.*s", (int)prompt->cursor, prompt->text);
    pen_text(&pen, INK_TITLE, CELL_BOLD, prompt->label);

    /* A line longer than the screen is seen from where its cursor is in sight. */
    size_t from = 0, room = pen_room(&pen) > 1 ? (size_t)pen_room(&pen) - 1 : 0;
    while (from < prompt->cursor && text_width(before + from) > room)
        from = prompt_behind(prompt, from);
    int cursor = pen.x + (int)text_width(before + from);
    pen_text(&pen, INK_NONE, 0, prompt->text + from);
    struct cell *cell = canvas_at(canvas, cursor, pen.y);
    if (cell != NULL)
        cell->attributes |= CELL_REVERSE;
    pen_skip(&pen, 3);
    if (prompt->length == 0 && hint != NULL)
        pen_text(&pen, INK_DIM, 0, hint);
    else if (prompt->use == PROMPT_COMMAND)
        draw_usage(&pen, prompt);
}

/* ---- candidates ---- */

/* Of a path the last part tells enough. */
static const char *shown_part(const char *text)
{
    size_t at = strlen(text);
    at -= at > 0;
    while (at > 0 && text[at - 1] != '/')
        at--;
    return text + at;
}

struct grid {
    int columns, rows, width, first; /* first: of the candidates on show */
};

/* In as few rows as they need, with what they do behind them where each has a row. */
static struct grid grid_of(const struct prompt *prompt, struct rect where)
{
    const struct completion *completion = &prompt->completion;
    int widest = 1, count = (int)completion->count, most = where.rows / 3;
    for (size_t k = 0; k < completion->count; k++) {
        int width = (int)text_width(shown_part(completion->items[k].text));
        widest = width > widest ? width : widest;
    }
    struct grid grid = {.columns = (where.columns - 1) / (widest + 2), .width = widest + 2};
    if (grid.columns < 1 || (count <= most && completion->items[0].what != NULL))
        grid.columns = 1;
    grid.rows = (count + grid.columns - 1) / grid.columns;
    grid.rows = grid.rows > most ? most : grid.rows;
    if (grid.rows < 1)
        return (struct grid){0};
    int page = grid.columns * grid.rows;
    grid.first = prompt->chosen ? (int)prompt->choice / page * page : 0;
    return grid;
}

static void draw_candidate(struct canvas *canvas, struct rect cell, const struct candidate *candidate, bool chosen,
                           bool alone)
{
    struct pen pen = pen_at(canvas, cell, 0);
    char text[COMMAND_ARGUMENT];
    text_fit(text, sizeof text, shown_part(candidate->text), (size_t)pen_room(&pen));
    int end = pen.x + cell.columns - 1;
    pen_text(&pen, chosen ? INK_CURSOR : INK_NONE, chosen ? CELL_REVERSE : 0, text);
    if (alone && candidate->what != NULL) {
        pen.x = end;
        pen.end = canvas->columns;
        pen_text(&pen, INK_DIM, 0, candidate->what);
    }
}

static void draw_candidates(struct canvas *canvas, struct rect where, const struct prompt *prompt)
{
    const struct completion *completion = &prompt->completion;
    struct grid grid = grid_of(prompt, where);
    int count = (int)completion->count, page = grid.columns * grid.rows;
    int top = where.y + where.rows - 1 - grid.rows;
    for (int y = top; y < top + grid.rows; y++)
        for (int x = where.x; x < where.x + where.columns; x++)
            canvas_put(canvas, x, y, 0, INK_NONE, 0);
    for (int k = 0; k < page && grid.first + k < count; k++) {
        int at = grid.first + k;
        struct rect cell = {where.x + k / grid.rows * grid.width, top + k % grid.rows,
                            grid.columns == 1 && completion->items[at].what == NULL ? where.columns : grid.width + 1,
                            1};
        draw_candidate(canvas, cell, &completion->items[at], prompt->chosen && (size_t)at == prompt->choice,
                       grid.columns == 1);
    }
    if (page > 0 && count > page) {
        char rest[32];
        int length = snprintf(rest, sizeof rest, " %d-%d of %d ", grid.first + 1,
                              grid.first + page < count ? grid.first + page : count, count);
        canvas_text(canvas, where.x + where.columns - length, top, length, rest, INK_DIM, CELL_REVERSE);
    }
}

void draw_prompt(struct canvas *canvas, struct rect where, const struct prompt *prompt, const char *hint)
{
    if (prompt->completion.count > 0)
        draw_candidates(canvas, where, prompt);
    draw_typed(canvas, where, prompt, hint);
}
