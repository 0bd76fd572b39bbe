#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <base/text.h>

#include "chart_cells.h"

enum {
    TEXT_BYTES = 256,
    PLOT_ROWS_MIN = 3,
    COUNTED_ROWS_MIN = 12,
    X_TITLED_ROWS_MIN = 10,
    LEGEND_ROWS_MIN = 14,
    FEW_POINTS = 14
};

/* ---- places ---- */

struct point chart_point(const struct chart_plot *plot, size_t panel, const struct chart_series *series, size_t point)
{
    return frame_point(&plot->panel[panel], axis_fraction(&plot->x, chart_x(series, point)),
                       axis_fraction(&plot->y[panel], series->y[point]));
}

int chart_column(const struct chart_plot *plot, double x)
{
    const double slack = 1e-9;
    double right = axis_fraction(&plot->x, x);
    if (!(right >= -slack && right <= 1 + slack))
        return -1;
    return surface_cell(&plot->panel[0].surface, frame_point(&plot->panel[0], right, 0)).x;
}

/* ---- layout ---- */

static int rows_around(const struct chart_plot *plot)
{
    return 1 + plot->legend_rows + plot->category_rows + plot->counted + plot->x_titled;
}

/* A panel's rows: its title, the plot, the x axis's line. */
static int panel_rows(const struct chart_plot *plot)
{
    return (plot->frame.where.rows - rows_around(plot)) / (int)plot->panels;
}

static void set_panels(struct chart_plot *plot)
{
    struct frame *frame = &plot->frame;
    int rows = panel_rows(plot), spare = frame->where.rows - rows_around(plot) - rows * (int)plot->panels, gutter = 0;
    int top = 1 + plot->legend_rows;
    for (size_t panel = 0; panel < plot->panels; panel++) {
        int own = rows + (panel == 0 ? spare : 0);
        plot->y[panel] = chart_y_axis(plot->chart, &plot->facts, panel, frame_y_room(own - 2));
        int wanted = frame_gutter(&plot->y[panel]);
        gutter = wanted > gutter ? wanted : gutter;
    }
    for (size_t panel = 0; panel < plot->panels; panel++) {
        int own = rows + (panel == 0 ? spare : 0);
        plot->panel[panel] = *frame;
        plot->panel[panel].where.columns -= plot->label_columns;
        frame_set_plot(&plot->panel[panel], gutter, top + 1, frame->where.rows - top - own + 1);
        top += own;
    }
    plot->x = chart_x_axis(plot->chart, &plot->facts, frame_x_room(plot->panel[0].plot.columns, gutter));
}

static void lay_out(struct chart_plot *plot)
{
    const struct chart *chart = plot->chart;
    int rows = plot->frame.where.rows;
    plot->counted = chart->n_counts > 0 && rows >= COUNTED_ROWS_MIN;
    plot->x_titled = rows >= X_TITLED_ROWS_MIN;
    plot->category_rows = 1;
    plot->panels = chart->n_panels;
    if (plot->panels > 1 && panel_rows(plot) < PLOT_ROWS_MIN + 2)
        plot->panels = 1;
    plot->label_columns = chart_label_columns(plot, panel_rows(plot) - 2);
    if (plot->label_columns == 0 && !chart->look->no_legend && rows >= LEGEND_ROWS_MIN)
        plot->legend_rows = chart_legend(plot, 0, rows / 6, false);
    set_panels(plot);
    if (chart->categories != NULL && chart_category_rows(plot) == 2 && panel_rows(plot) > PLOT_ROWS_MIN + 2) {
        plot->category_rows = 2;
        set_panels(plot);
    }
}

/* ---- axes ---- */

static void draw_title(const struct chart_plot *plot)
{
    const struct chart *chart = plot->chart;
    struct frame frame = plot->frame;
    const char *verdict = chart->verdict == NULL ? "" : chart->verdict;
    int width = (int)text_width(verdict);
    if (width > 0) {
        frame_text_right(&frame, frame.where.y, verdict, chart->warned ? INK_WARN : INK_TITLE);
        frame.where.columns -= width + 2;
    }
    if (frame.where.columns > 0)
        frame_title(&frame, chart->title, chart->look);
}

/* The title and at its right the key or the bound, in the longest words that fit; the title where none do. */
static void draw_panel_title(const struct chart_plot *plot, size_t panel)
{
    const struct chart_panel *p = &plot->chart->panels[panel];
    const struct frame *frame = &plot->frame;
    char title[TEXT_BYTES], fitted[TEXT_BYTES], bound[96];
    int y = plot->panel[panel].plot.y - 1, columns = frame->where.columns, taken = 0;
    chart_bound_text(bound, plot->chart, &plot->facts, panel);
    struct chart_heading heading;
    for (int way = 0; way < CHART_HEADINGS; way++) {
        heading = chart_heading(p, bound, way);
        axis_title(title, sizeof title, &plot->y[panel], heading.left);
        taken = (int)(text_width(title) + text_width(heading.right)) + 2;
        if (taken <= columns)
            break;
    }
    frame_text(frame, frame->where.x, y, frame_fit(frame, fitted, sizeof fitted, title, (size_t)columns), INK_NONE, 0);
    if (taken <= columns)
        frame_text_right(frame, y, heading.right, chart_ink(plot->chart, p->key != NULL ? INK_DIM : INK_BOUND));
}

/* Below the last panel: labels, counts, the axis's title. */
static void draw_x_axis(const struct chart_plot *plot)
{
    const struct chart *chart = plot->chart;
    const struct frame *frame = &plot->panel[plot->panels - 1];
    int y = frame->plot.y + frame->plot.rows + 1;
    if (chart->categories != NULL)
        chart_draw_categories(plot, y);
    else
        chart_draw_cursor_text(plot, y);
    y += plot->category_rows;
    if (plot->counted)
        chart_draw_counts(plot, y++);
    if (!plot->x_titled)
        return;
    char title[TEXT_BYTES], fitted[TEXT_BYTES];
    axis_title(title, sizeof title, &plot->x, chart->x_label == NULL ? "" : chart->x_label);
    frame_fit(frame, fitted, sizeof fitted, title, (size_t)frame->where.columns);
    int room = frame->where.columns - (int)text_width(fitted) - 2;
    frame_text_right(frame, y, fitted, INK_NONE);
    if (plot->counted && chart->counts_label != NULL && room > 0)
        frame_text(frame, frame->where.x, y, frame_fit(frame, title, sizeof title, chart->counts_label, (size_t)room),
                   INK_DIM, 0);
}

static void draw_panel_axes(const struct chart_plot *plot, size_t panel)
{
    const struct chart *chart = plot->chart;
    const struct frame *frame = &plot->panel[panel];
    draw_panel_title(plot, panel);
    frame_y_axis(frame, &plot->y[panel]);
    if (chart->categories == NULL) {
        struct axis bare = plot->x;
        frame_x_axis(frame, &bare);
        if (panel + 1 < plot->panels) /* its labels are under the last panel */
            for (int x = frame->where.x; x < frame->where.x + frame->where.columns; x++)
                canvas_put(frame->canvas, x, frame->plot.y + frame->plot.rows + 1, 0, INK_NONE, 0);
        return;
    }
    frame_x_line(frame);
    for (size_t k = 0; k < chart->n_categories; k++) {
        int column = chart_column(plot, (double)k + 0.5);
        if (column >= 0)
            frame_x_tick(frame, column);
    }
}

/* ---- lines ---- */

static struct pen series_pen(const struct chart_plot *plot, const struct chart_series *series)
{
    static const struct {
        int on, off;
    } dots[] = {{0, 0}, {4, 3}, {2, 2}}, cells[] = {{0, 0}, {2, 1}, {1, 1}};
    bool braille = plot->frame.canvas->charset == CHARSET_BRAILLE;
    return (struct pen){.ink = chart_ink(plot->chart, series->ink),
                        .on = (braille ? dots : cells)[series->dash].on,
                        .off = (braille ? dots : cells)[series->dash].off};
}

static void draw_line(const struct chart_plot *plot, size_t panel, const struct chart_series *series)
{
    struct pen pen = series_pen(plot, series);
    for (size_t k = 0; k < series->count; k++) {
        if (!chart_has(plot->chart, panel, series, k))
            continue;
        struct point at = chart_point(plot, panel, series, k);
        bool joined = k > 0 && chart_has(plot->chart, panel, series, k - 1);
        surface_line(&plot->panel[panel].surface, &pen, joined ? chart_point(plot, panel, series, k - 1) : at, at);
    }
}

static void draw_bound(const struct chart_plot *plot, size_t panel)
{
    struct chart_series bound = plot->chart->panels[panel].bound;
    const struct frame *frame = &plot->panel[panel];
    double level;
    bound.ink = INK_BOUND;
    bound.dash = CHART_DOTTED;
    if (!plot->facts.bound_in_range[panel])
        return;
    if (!chart_bound_is_level(plot->chart, panel, &level)) {
        draw_line(plot, panel, &bound);
        return;
    }
    struct pen pen = series_pen(plot, &bound);
    double up = axis_fraction(&plot->y[panel], level);
    surface_line(&frame->surface, &pen, frame_point(frame, 0, up), frame_point(frame, 1, up));
}

static void draw_whiskers(const struct chart_plot *plot, size_t panel, const struct chart_series *series)
{
    const struct frame *frame = &plot->panel[panel];
    const struct axis *y = &plot->y[panel];
    struct pen pen = {.ink = chart_ink(plot->chart, series->ink)};
    for (size_t k = 0; k < series->count && series->deviation != NULL; k++) {
        double deviation = series->deviation[k];
        if (!chart_has(plot->chart, panel, series, k) || !(deviation > 0) || !value_usable(deviation))
            continue;
        double right = axis_fraction(&plot->x, chart_x(series, k));
        double low = axis_fraction(y, series->y[k] - deviation), high = axis_fraction(y, series->y[k] + deviation);
        if (isnan(low)) /* a logarithmic axis has no end below */
            low = 0;
        surface_line(&frame->surface, &pen, frame_point(frame, right, low), frame_point(frame, right, high));
    }
}

/* Where points are near each other, a marker every few columns, and each series' elsewhere than the others', so that
 * lines that run together can be told apart. */
static int marker_gap(const struct chart_plot *plot, size_t panel, const struct chart_series *series)
{
    size_t columns = (size_t)plot->panel[panel].plot.columns, lines = plot->chart->panels[panel].count;
    if (series->count <= FEW_POINTS && series->count * 3 <= columns)
        return lines <= 2 ? 1 : 6;
    size_t gap = 2 * lines;
    return (int)(gap < 8 ? 8 : gap > columns / 2 ? columns / 2 : gap);
}

static bool is_marker(const struct chart_plot *plot, int x, int y)
{
    const struct cell *cell = canvas_at(plot->frame.canvas, x, y);
    return cell != NULL && cell->glyph < 0x80 && isalnum((int)cell->glyph);
}

/* Beside another's marker it would read as a part of it. */
static bool has_marker_near(const struct chart_plot *plot, size_t panel, struct rect at)
{
    for (int x = at.x - 1; x <= at.x + 1; x++)
        if (frame_in_plot(&plot->panel[panel], x, at.y) && is_marker(plot, x, at.y))
            return true;
    return false;
}

static void draw_markers(const struct chart_plot *plot, size_t panel, size_t index)
{
    const struct chart_series *series = &plot->chart->panels[panel].series[index];
    int gap = marker_gap(plot, panel, series), next = plot->panel[panel].plot.x;
    next += gap > 1 && series->count > FEW_POINTS ? (int)(index * 2) % gap : 0;
    for (size_t k = 0; k < series->count; k++) {
        if (!chart_shows(plot->chart, panel, &plot->x, &plot->y[panel], series, k))
            continue;
        struct rect at = surface_cell(&plot->panel[panel].surface, chart_point(plot, panel, series, k));
        frame_mark(plot->chart->look, at, series->subject, series->layer, (long)k);
        if (series->marker == 0 || at.x < next || has_marker_near(plot, panel, at))
            continue;
        canvas_put(plot->frame.canvas, at.x, at.y, (uint8_t)series->marker, chart_ink(plot->chart, series->ink),
                   CELL_BOLD);
        next = at.x + gap;
    }
}

/* The cursor's point of a series. */
static void mark_cursor(const struct chart_plot *plot, size_t panel, const struct chart_series *series)
{
    double cursor = plot->chart->cursor;
    size_t nearest = SIZE_MAX;
    for (size_t k = 0; k < series->count && series->at_cursor; k++)
        if (chart_shows(plot->chart, panel, &plot->x, &plot->y[panel], series, k) &&
            (nearest == SIZE_MAX || fabs(chart_x(series, k) - cursor) < fabs(chart_x(series, nearest) - cursor)))
            nearest = k;
    if (nearest == SIZE_MAX || chart_column(plot, chart_x(series, nearest)) != chart_column(plot, cursor))
        return;
    struct rect at = surface_cell(&plot->panel[panel].surface, chart_point(plot, panel, series, nearest));
    canvas_put(plot->frame.canvas, at.x, at.y, series->marker != 0 ? (uint8_t)series->marker : 'o', INK_CURSOR,
               CELL_BOLD | CELL_REVERSE);
}

/* ---- the chart ---- */

static void draw_panel(const struct chart_plot *plot, size_t panel)
{
    const struct chart_panel *p = &plot->chart->panels[panel];
    draw_panel_axes(plot, panel);
    draw_bound(plot, panel);
    for (int front = 0; front < 2; front++)
        for (size_t k = 0; k < p->count; k++)
            if ((p->series[k].subject == plot->chart->look->front) == front) {
                draw_whiskers(plot, panel, &p->series[k]);
                draw_line(plot, panel, &p->series[k]);
            }
    for (int front = 2; front-- > 0;) /* the first has the place */
        for (size_t k = 0; k < p->count; k++)
            if ((p->series[k].subject == plot->chart->look->front) == front)
                draw_markers(plot, panel, k);
    if (panel + 1 == plot->panels)
        chart_draw_trusted(plot, panel);
    chart_draw_cursor(plot, panel);
    for (size_t k = 0; k < p->count; k++)
        mark_cursor(plot, panel, &p->series[k]);
    chart_draw_zones(plot, panel);
    chart_draw_labels(plot, panel);
    if (!plot->facts.has[panel] && p->empty != NULL)
        frame_message(&plot->panel[panel], p->empty);
}

void chart_draw(struct canvas *canvas, struct rect where, const struct chart *chart)
{
    struct chart_plot plot = {.chart = chart};
    if (!frame_open(&plot.frame, canvas, where))
        return;
    frame_clear(&plot.frame);
    plot.facts = chart_study(chart);
    draw_title(&plot);
    if (!plot.facts.any) {
        frame_set_plot(&plot.frame, 0, 1, 0);
        frame_message(&plot.frame, plot_empty(chart->look->empty));
        return;
    }
    lay_out(&plot);
    chart_legend(&plot, plot.frame.where.y + 1, plot.legend_rows, plot.legend_rows > 0);
    for (size_t panel = 0; panel < plot.panels; panel++)
        draw_panel(&plot, panel);
    draw_x_axis(&plot);
}
