#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <base/text.h>

#include "chart_cells.h"

enum { NAME_BYTES = 256, LABELS_MAX = 64, COLUMNS_MIN = 56 };

static bool is_named(const struct chart_series *series)
{
    return series->name != NULL && series->name[0] != '\0';
}

static char *series_label(const struct chart_plot *plot, const struct chart_series *series, char out[NAME_BYTES],
                          size_t columns)
{
    char text[NAME_BYTES];
    if (series->marker != 0)
        snprintf(text, sizeof text, "%c %.200s", series->marker, series->name);
    else
        snprintf(text, sizeof text, "%.200s", series->name);
    return frame_fit(&plot->frame, out, NAME_BYTES, text, columns);
}

static uint8_t label_ink(const struct chart_plot *plot, const struct chart_series *series)
{
    return series->bold ? INK_CURSOR : chart_ink(plot->chart, series->ink);
}

/* ---- at the lines' ends ---- */

int chart_label_columns(const struct chart_plot *plot, int rows)
{
    const struct chart *chart = plot->chart;
    int widest = 0, columns = plot->frame.where.columns;
    if (chart->look->no_legend || columns < COLUMNS_MIN)
        return 0;
    for (size_t panel = 0; panel < plot->panels; panel++) {
        int named = 0;
        for (size_t k = 0; k < chart->panels[panel].count; k++) {
            char label[NAME_BYTES];
            const struct chart_series *series = &chart->panels[panel].series[k];
            if (!is_named(series))
                continue;
            int width = (int)text_width(series_label(plot, series, label, NAME_BYTES));
            widest = width > widest ? width : widest;
            named++;
        }
        if (named > rows || named > LABELS_MAX)
            return 0;
    }
    return widest == 0 || widest > columns / 3 ? 0 : widest + 1;
}

struct end {
    const struct chart_series *series;
    double row; /* where the line ends, or leaves the view */
    int y;
};

static bool line_end(const struct chart_plot *plot, size_t panel, const struct chart_series *series, double *row)
{
    const struct surface *surface = &plot->panel[panel].surface;
    const struct point low = {-0.25, -0.25}, high = {surface_width(surface) - 0.75, surface_height(surface) - 0.75};
    for (size_t k = series->count; k-- > 0;) {
        if (!chart_has(plot->chart, panel, series, k))
            continue;
        struct point end = chart_point(plot, panel, series, k), start = end;
        if (k > 0 && chart_has(plot->chart, panel, series, k - 1))
            start = chart_point(plot, panel, series, k - 1);
        if (!clip_line(&start, &end, low, high))
            continue;
        *row = end.y;
        return true;
    }
    return false;
}

/* From the top down; series whose ends are level stay in their order. */
static void insert_end(struct end *ends, int count, struct end end)
{
    int at = count;
    for (; at > 0 && ends[at - 1].row > end.row; at--)
        ends[at] = ends[at - 1];
    ends[at] = end;
}

/* One a row: down from where they belong, then up again from the last row. */
static void spread(struct end *ends, int count, int first, int last)
{
    for (int k = 0; k < count; k++) {
        int least = k == 0 ? first : ends[k - 1].y + 1;
        ends[k].y = ends[k].y < least ? least : ends[k].y;
    }
    for (int k = count - 1; k >= 0; k--) {
        int most = k == count - 1 ? last : ends[k + 1].y - 1;
        ends[k].y = ends[k].y > most ? most : ends[k].y;
    }
}

void chart_draw_labels(const struct chart_plot *plot, size_t panel)
{
    const struct frame *frame = &plot->panel[panel];
    struct end ends[LABELS_MAX];
    int count = 0;
    for (size_t k = 0; k < plot->chart->panels[panel].count && plot->label_columns > 0; k++) {
        struct end end = {.series = &plot->chart->panels[panel].series[k]};
        if (!is_named(end.series) || !line_end(plot, panel, end.series, &end.row))
            continue;
        end.y = surface_cell(&frame->surface, (struct point){0, end.row}).y;
        insert_end(ends, count++, end);
    }
    spread(ends, count, frame->plot.y, frame->plot.y + frame->plot.rows - 1);
    for (int k = 0; k < count; k++) {
        char label[NAME_BYTES];
        series_label(plot, ends[k].series, label, (size_t)plot->label_columns - 1);
        frame_text(&plot->frame, frame->plot.x + frame->plot.columns + 1, ends[k].y, label,
                   label_ink(plot, ends[k].series), ends[k].series->bold ? CELL_REVERSE : 0);
    }
}

/* ---- legend ---- */

int chart_legend(const struct chart_plot *plot, int y, int most, bool draw)
{
    const struct frame *frame = &plot->frame;
    const struct chart_panel *panel = &plot->chart->panels[0];
    int row = 0, x = 0, columns = frame->where.columns;
    bool any = false;
    for (size_t k = 0; k < panel->count; k++) {
        char label[NAME_BYTES];
        if (!is_named(&panel->series[k]))
            continue;
        int width = (int)text_width(series_label(plot, &panel->series[k], label, (size_t)columns));
        if (x > 0 && x + width > columns) {
            row++;
            x = 0;
        }
        if (row >= most) {
            if (draw && most > 0)
                frame_text_right(frame, y + most - 1, " ...", INK_DIM);
            return most;
        }
        if (draw)
            frame_text(frame, frame->where.x + x, y + row, label, label_ink(plot, &panel->series[k]),
                       panel->series[k].bold ? CELL_REVERSE : 0);
        x += width + 2;
        any = true;
    }
    return row + any;
}

/* ---- categories ---- */

static int category_start(const struct chart_plot *plot, int column, int width)
{
    const struct frame *frame = &plot->panel[0];
    int start = column - (width - 1) / 2, last = frame->where.x + frame->where.columns - width;
    start = start > last ? last : start;
    return start < frame->where.x ? frame->where.x : start;
}

/* Puts the labels on so many rows; returns how many found no room. */
static int place_categories(const struct chart_plot *plot, int rows, int y, bool draw)
{
    const struct chart *chart = plot->chart;
    int end[2] = {INT_MIN, INT_MIN}, left_out = 0;
    for (size_t k = 0; k < chart->n_categories; k++) {
        char label[NAME_BYTES];
        int column = chart_column(plot, (double)k + 0.5), row = (int)k % rows;
        if (column < 0)
            continue;
        frame_fit(&plot->frame, label, sizeof label, chart->categories[k] == NULL ? "" : chart->categories[k],
                  (size_t)plot->frame.where.columns);
        int width = (int)text_width(label), start = category_start(plot, column, width);
        if (start <= end[row]) {
            left_out++;
            continue;
        }
        end[row] = start + width;
        bool under_cursor = floor(chart->cursor) == (double)k;
        if (draw)
            frame_text(&plot->frame, start, y + row, label, under_cursor ? INK_CURSOR : INK_NONE,
                       under_cursor ? CELL_REVERSE : 0);
    }
    return left_out;
}

int chart_category_rows(const struct chart_plot *plot)
{
    return place_categories(plot, 1, 0, false) > 0 ? 2 : 1;
}

void chart_draw_categories(const struct chart_plot *plot, int y)
{
    place_categories(plot, plot->category_rows, y, true);
}
