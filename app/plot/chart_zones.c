#include <math.h>

#include <base/text.h>

#include "chart_cells.h"

/* ---- zones ---- */

/* The columns of a stretch; false where none is in view. */
static bool columns_of(const struct chart_plot *plot, struct range stretch, int *from, int *to)
{
    double left = axis_fraction(&plot->x, stretch.lo), right = axis_fraction(&plot->x, stretch.hi);
    int columns = plot->panel[0].plot.columns;
    *from = plot->panel[0].plot.x + (int)lround(fmax(left, 0) * (columns - 1));
    *to = plot->panel[0].plot.x + (int)lround(fmin(right, 1) * (columns - 1));
    return left <= 1 && right >= 0 && *from <= *to;
}

/* Along the first row that has room for it, or else down the zone. */
static void draw_zone_word(const struct chart_plot *plot, size_t panel, const struct chart_zone *zone, int from, int to)
{
    const struct frame *frame = &plot->panel[panel];
    int width = (int)text_width(zone->word), middle = from + (to - from + 1 - width) / 2;
    for (int y = frame->plot.y; y < frame->plot.y + frame->plot.rows && width <= to - from + 1; y++)
        for (int k = 0; k <= to - from + 1 - width; k++) {
            int x = k == 0 ? middle : from + k - 1;
            if (frame_is_free(frame, x, y, width)) {
                frame_text(frame, x, y, zone->word, INK_WARN, 0);
                return;
            }
        }
    for (int x = from; x <= to && width <= frame->plot.rows; x++) {
        int y = frame->plot.y, k = 0;
        while (k < width && frame_is_free(frame, x, y + k, 1))
            k++;
        for (int row = 0; k == width && row < width; row++)
            canvas_put(frame->canvas, x, y + row, (uint8_t)zone->word[row], INK_WARN, 0);
        if (k == width)
            return;
    }
}

static void draw_zone(const struct chart_plot *plot, size_t panel, const struct chart_zone *zone)
{
    const struct frame *frame = &plot->panel[panel];
    bool ascii = frame->canvas->charset == CHARSET_ASCII;
    int from, to;
    if (!columns_of(plot, (struct range){zone->from, zone->to}, &from, &to))
        return;
    draw_zone_word(plot, panel, zone, from, to);
    for (int y = frame->plot.y; y < frame->plot.y + frame->plot.rows; y++)
        for (int x = from; x <= to; x++)
            if (frame_is_free(frame, x, y, 1) && y % 2 == 0 && (x + y) % 4 == 0)
                canvas_put(frame->canvas, x, y, ascii ? ':' : 0xB7, INK_DIM, 0); /* a middle dot */
}

void chart_draw_zones(const struct chart_plot *plot, size_t panel)
{
    for (size_t k = 0; k < plot->chart->n_zones; k++)
        draw_zone(plot, panel, &plot->chart->zones[k]);
}

void chart_draw_trusted(const struct chart_plot *plot, size_t panel)
{
    const struct frame *frame = &plot->panel[panel];
    const struct range *trusted = plot->chart->trusted;
    bool ascii = frame->canvas->charset == CHARSET_ASCII;
    int from, to, y = frame->plot.y + frame->plot.rows;
    if (trusted == NULL || trusted->lo > trusted->hi || !columns_of(plot, *trusted, &from, &to))
        return;
    for (int x = from; x <= to; x++) {
        uint32_t glyph = canvas_at(frame->canvas, x, y)->glyph;
        bool tick = glyph != (ascii ? '-' : 0x2500);
        canvas_put(frame->canvas, x, y, tick ? glyph : ascii ? '=' : 0x2501, INK_TITLE, 0); /* a heavy line */
    }
}

/* ---- the cursor and the counts ---- */

void chart_draw_cursor(const struct chart_plot *plot, size_t panel)
{
    const struct frame *frame = &plot->panel[panel];
    int x = chart_column(plot, plot->chart->cursor);
    if (x >= 0)
        frame_x_cursor(frame, x);
    for (int y = frame->plot.y; x >= 0 && plot->chart->has_line && y < frame->plot.y + frame->plot.rows; y++)
        if (frame_is_free(frame, x, y, 1))
            canvas_put(frame->canvas, x, y, frame->canvas->charset == CHARSET_ASCII ? '|' : 0x250A, INK_CURSOR, 0);
}

void chart_draw_cursor_text(const struct chart_plot *plot, int y)
{
    const struct chart *chart = plot->chart;
    const struct frame *frame = &plot->panel[0];
    int column = chart_column(plot, chart->cursor);
    if (column < 0 || chart->cursor_text == NULL || chart->categories != NULL)
        return;
    int width = (int)text_width(chart->cursor_text), start = column - (width - 1) / 2;
    int last = frame->where.x + frame->where.columns - width;
    start = start > last ? last : start < frame->where.x ? frame->where.x : start;
    int left = start - 2, right = start + width + 1; /* a blank between */
    while (left > frame->where.x && canvas_at(frame->canvas, left, y)->glyph != 0)
        left--;
    while (right < frame->where.x + frame->where.columns - 1 && canvas_at(frame->canvas, right, y)->glyph != 0)
        right++;
    for (int x = left < frame->where.x ? frame->where.x : left; x <= right; x++)
        if (x < frame->where.x + frame->where.columns)
            canvas_put(frame->canvas, x, y, 0, INK_NONE, 0);
    frame_text(frame, start, y, chart->cursor_text, INK_CURSOR, CELL_REVERSE);
}

void chart_draw_counts(const struct chart_plot *plot, int y)
{
    const struct chart *chart = plot->chart;
    struct canvas *canvas = plot->frame.canvas;
    for (size_t k = 0; k < chart->n_counts; k++) {
        int column = chart_column(plot, chart->counts_x[k]);
        if (column < 0)
            continue;
        size_t count = chart->counts[k];
        const uint32_t glyph = count == 0 ? '.' : count < 10 ? '0' + (uint32_t)count : '+';
        struct cell *cell = canvas_at(canvas, column, y);
        if (cell->glyph >= '0' && cell->glyph <= '9' && glyph <= cell->glyph) /* the worse of two */
            continue;
        if (cell->glyph != '+')
            canvas_put(canvas, column, y, glyph, count > 0 ? INK_WARN : INK_DIM, 0);
    }
}
