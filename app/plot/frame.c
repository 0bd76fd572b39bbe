#include <math.h>
#include <stdio.h>
#include <string.h>

#include <base/text.h>

#include "frame.h"

enum { NAME_BYTES = 512, TITLE_ENDS = 24 };

/* ---- room ---- */

bool frame_open(struct frame *frame, struct canvas *canvas, struct rect where)
{
    int right = where.x + where.columns, bottom = where.y + where.rows;
    where.x = where.x < 0 ? 0 : where.x;
    where.y = where.y < 0 ? 0 : where.y;
    where.columns = (right < canvas->columns ? right : canvas->columns) - where.x;
    where.rows = (bottom < canvas->rows ? bottom : canvas->rows) - where.y;
    *frame = (struct frame){.canvas = canvas, .where = where};
    if (where.columns >= FRAME_COLUMNS_MIN && where.rows >= FRAME_ROWS_MIN)
        return true;
    char text[32];
    int length = snprintf(text, sizeof text, "needs %dx%d", FRAME_COLUMNS_MIN, FRAME_ROWS_MIN);
    if (where.columns >= length && where.rows >= 1)
        frame_text(frame, where.x + (where.columns - length) / 2, where.y + where.rows / 2, text, INK_DIM, 0);
    return false;
}

void frame_clear(const struct frame *frame)
{
    for (int y = 0; y < frame->where.rows; y++)
        for (int x = 0; x < frame->where.columns; x++)
            canvas_put(frame->canvas, frame->where.x + x, frame->where.y + y, 0, INK_NONE, 0);
}

void frame_set_plot(struct frame *frame, int left, int above, int below)
{
    frame->plot = (struct rect){.x = frame->where.x + left,
                                .y = frame->where.y + above,
                                .columns = frame->where.columns - left,
                                .rows = frame->where.rows - above - below};
    frame->surface = surface_make(frame->canvas, frame->plot);
}

struct point frame_point(const struct frame *frame, double right, double up)
{
    return (struct point){right * (surface_width(&frame->surface) - 1),
                          (1 - up) * (surface_height(&frame->surface) - 1)};
}

static bool in_rect(struct rect rect, int x, int y)
{
    return x >= rect.x && x < rect.x + rect.columns && y >= rect.y && y < rect.y + rect.rows;
}

bool frame_in_plot(const struct frame *frame, int x, int y)
{
    return in_rect(frame->plot, x, y) && canvas_at(frame->canvas, x, y) != NULL;
}

bool frame_is_free(const struct frame *frame, int x, int y, int count)
{
    for (int k = 0; k < count; k++)
        if (!frame_in_plot(frame, x + k, y) || canvas_at(frame->canvas, x + k, y)->glyph != 0)
            return false;
    return true;
}

/* ---- text ---- */

char *frame_fit(const struct frame *frame, char *out, size_t size, const char *text, size_t columns)
{
    char clean[NAME_BYTES];
    text_clean(clean, sizeof clean, text, frame->canvas->charset == CHARSET_ASCII);
    return text_fit(out, size, clean, columns);
}

int frame_text(const struct frame *frame, int x, int y, const char *text, uint8_t ink, uint8_t attributes)
{
    if (!in_rect(frame->where, x, y))
        return 0;
    return canvas_text(frame->canvas, x, y, frame->where.x + frame->where.columns - x, text, ink, attributes);
}

void frame_text_right(const struct frame *frame, int y, const char *text, uint8_t ink)
{
    frame_text(frame, frame->where.x + frame->where.columns - (int)text_width(text), y, text, ink, 0);
}

void frame_title(const struct frame *frame, const char *title, const struct plot_look *look)
{
    const char *tag = !look->stale                              ? ""
                      : look->given_up                          ? " (old)"
                      : frame->canvas->charset == CHARSET_ASCII ? " (computing...)"
                                                                : " (computing…)";
    char text[NAME_BYTES], clean[NAME_BYTES];
    if (frame->where.columns <= (int)text_width(tag))
        tag = "";
    size_t room = (size_t)frame->where.columns - text_width(tag);
    frame_fit(frame, clean, sizeof clean, title == NULL ? "" : title, sizeof clean);
    (room < TITLE_ENDS ? text_fit : text_fit_middle)(text, sizeof text, clean, room); /* a step stands behind a name */
    int written = frame_text(frame, frame->where.x, frame->where.y, text, INK_TITLE, CELL_BOLD);
    frame_text(frame, frame->where.x + written, frame->where.y, tag, INK_WARN, 0);
}

void frame_message(const struct frame *frame, const char *text)
{
    int width = (int)text_width(text);
    int x = frame->plot.x + (frame->plot.columns - width) / 2;
    frame_text(frame, x < frame->where.x ? frame->where.x : x, frame->plot.y + frame->plot.rows / 2, text, INK_DIM, 0);
}

int frame_key(const struct frame *frame, int y, int rows, size_t count, frame_entry *entry, const void *context,
              int cursor)
{
    const int gap = 2;
    bool draw = cursor != FRAME_COUNT;
    int row = 0, x = 0;
    for (size_t k = 0; k < count; k++) {
        char text[NAME_BYTES], fitted[NAME_BYTES];
        frame_fit(frame, fitted, sizeof fitted, entry(text, sizeof text, k, context), (size_t)frame->where.columns);
        int width = (int)text_width(fitted);
        if (x > 0 && x + width > frame->where.columns) {
            row++;
            x = 0;
        }
        if (row == rows) {
            if (draw)
                frame_text_right(frame, y + rows - 1, " ...", INK_DIM);
            return rows;
        }
        bool chosen = cursor >= 0 && k == (size_t)cursor;
        if (draw)
            frame_text(frame, frame->where.x + x, y + row, fitted, chosen ? INK_CURSOR : INK_DIM,
                       chosen ? CELL_REVERSE : 0);
        x += width + gap;
    }
    return row + (count > 0);
}

/* `2 name`, in `columns` at most; returns its width. */
static int subject_text(const struct frame *frame, char out[NAME_BYTES], size_t number, const char *name, int columns)
{
    char text[NAME_BYTES];
    snprintf(text, sizeof text, "%zu %s", number, name == NULL ? "" : name);
    frame_fit(frame, out, NAME_BYTES, text, (size_t)(columns < 1 ? 1 : columns));
    return (int)text_width(out);
}

int frame_subjects(const struct frame *frame, int y, int rows, size_t count, const char *const *names,
                   const struct plot_look *look, bool draw)
{
    const int gap = 2, columns = frame->where.columns;
    int row = 0, x = 0;
    for (size_t s = 0; s < count && rows > 0; s++) {
        char text[NAME_BYTES];
        size_t number = plot_number(look, s);
        int width = subject_text(frame, text, number, names[s], columns), left = (int)(count - s);
        if (x > 0 && x + width > columns && row + 1 < rows) {
            row++;
            x = 0;
        }
        if (row + 1 == rows) { /* all that are left have a share of the last row */
            int share = (columns - x - gap * (left - 1)) / left;
            width = width > share ? subject_text(frame, text, number, names[s], share) : width;
        }
        if (draw)
            frame_text(frame, frame->where.x + x, y + row, text, look->stale ? INK_DIM : (uint8_t)(INK_SERIES + s),
                       s == (size_t)look->front ? CELL_BOLD : 0);
        x += width + gap;
    }
    return rows > 0 && count > 0 ? row + 1 : 0;
}

/* ---- marks ---- */

void frame_mark(const struct plot_look *look, struct rect cell, int subject, int layer, long point)
{
    struct plot_marks *marks = look->marks;
    if (marks == NULL || marks->count >= marks->room)
        return;
    marks->items[marks->count++] =
        (struct plot_mark){.x = cell.x, .y = cell.y, .subject = subject, .layer = layer, .point = point};
}

/* ---- axes ---- */

struct glyphs {
    uint32_t vertical, y_tick, corner, horizontal, x_tick;
};

static const struct glyphs *glyphs(const struct frame *frame)
{
    static const struct glyphs ascii = {'|', '+', '+', '-', '+'};
    static const struct glyphs lines = {0x2502, 0x2524, 0x2514, 0x2500, 0x252C};
    return frame->canvas->charset == CHARSET_ASCII ? &ascii : &lines;
}

struct axis_room frame_y_room(int rows)
{
    return (struct axis_room){.length = rows, .before = 0.5, .after = 0.5, .spacing = 4, .gap = rows >= 6, .label = 1};
}

struct axis_room frame_x_room(int columns, int gutter)
{
    return (struct axis_room){.length = columns, .before = gutter, .spacing = 12, .gap = 2, .digit = 1};
}

int frame_gutter(const struct axis *y)
{
    return axis_label_width(y) + 2;
}

void frame_y_axis(const struct frame *frame, const struct axis *y)
{
    int x = frame->plot.x - 1;
    for (int row = 0; row < frame->plot.rows; row++)
        canvas_put(frame->canvas, x, frame->plot.y + row, glyphs(frame)->vertical, INK_DIM, 0);
    double minor;
    for (int k = 0; axis_minor(y, k, 1.0 / frame->plot.rows, &minor); k++)
        if (minor > y->view.lo && minor < y->view.hi)
            canvas_put(frame->canvas, x,
                       surface_cell(&frame->surface, frame_point(frame, 0, axis_fraction(y, minor))).y,
                       glyphs(frame)->y_tick, INK_DIM, 0);
    for (int k = 0; k < y->ticks.count; k++) {
        char text[32];
        int length = axis_label(text, y, k);
        double up = axis_fraction(y, tick_value(&y->ticks, k));
        int row = surface_cell(&frame->surface, frame_point(frame, 0, up)).y;
        canvas_put(frame->canvas, x, row, glyphs(frame)->y_tick, INK_DIM, 0);
        frame_text(frame, x - 1 - length, row, text, INK_DIM, 0);
    }
}

void frame_x_line(const struct frame *frame)
{
    int y = frame->plot.y + frame->plot.rows;
    canvas_put(frame->canvas, frame->plot.x - 1, y, glyphs(frame)->corner, INK_DIM, 0);
    for (int column = 0; column < frame->plot.columns; column++)
        canvas_put(frame->canvas, frame->plot.x + column, y, glyphs(frame)->horizontal, INK_DIM, 0);
}

void frame_x_tick(const struct frame *frame, int x)
{
    canvas_put(frame->canvas, x, frame->plot.y + frame->plot.rows, glyphs(frame)->x_tick, INK_DIM, 0);
}

void frame_x_cursor(const struct frame *frame, int x)
{
    canvas_put(frame->canvas, x, frame->plot.y + frame->plot.rows, glyphs(frame)->x_tick, INK_CURSOR,
               CELL_BOLD | CELL_REVERSE);
}

void frame_x_axis(const struct frame *frame, const struct axis *x)
{
    frame_x_line(frame);
    double minor;
    for (int k = 0; axis_minor(x, k, 2.0 / frame->plot.columns, &minor); k++)
        if (minor > x->view.lo && minor < x->view.hi)
            frame_x_tick(frame, surface_cell(&frame->surface, frame_point(frame, axis_fraction(x, minor), 0)).x);
    struct axis_room room = frame_x_room(frame->plot.columns, frame->plot.x - frame->where.x);
    for (int k = 0; k < x->ticks.count; k++) {
        char text[32];
        int length = axis_label(text, x, k);
        double right = axis_fraction(x, tick_value(&x->ticks, k));
        frame_x_tick(frame, surface_cell(&frame->surface, frame_point(frame, right, 0)).x);
        int start = (int)lround(axis_label_start(x, room, k, length));
        frame_text(frame, frame->plot.x + start, frame->plot.y + frame->plot.rows + 1, text, INK_DIM, 0);
    }
}
