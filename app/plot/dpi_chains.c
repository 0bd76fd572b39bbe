#include <math.h>
#include <string.h>

#include "dpi_cells.h"

static const uint8_t marker[DPI_CHAINS] = {'o', 'x'};
static const uint8_t marker_of_both = '@';

static uint8_t marker_of(const struct plot_dpi *data, size_t subject, enum dpi_chain chain)
{
    return dpi_is_overlay(data) ? (uint8_t)plot_digit(&data->look, subject) : marker[chain];
}

bool dpi_is_crowded(const struct dpi_plot *plot)
{
    return plot->frame.plot.columns < 2 * (plot->facts.layers.hi - plot->facts.layers.lo);
}

/* Several subjects stand beside each other where a layer has the columns for it, so that equal values are all seen;
 * in dots. */
static double shift(const struct dpi_plot *plot, size_t subject)
{
    size_t subjects = plot->data->subjects;
    double slot = plot->frame.plot.columns / (plot->facts.layers.hi - plot->facts.layers.lo);
    if (slot < (double)subjects + 1)
        return 0;
    return ((double)subject - ((double)subjects - 1) / 2) * plot->frame.surface.dots_x;
}

/* No number where there is no value, or one that the axis does not know. */
static struct point point_at(const struct dpi_plot *plot, size_t subject, size_t layer, double bits)
{
    struct point at = frame_point(&plot->frame, dpi_place(&plot->facts, layer), axis_fraction(&plot->y, bits));
    at.x += shift(plot, subject);
    return at;
}

static struct point value_point(const struct dpi_plot *plot, size_t subject, enum dpi_chain chain, size_t layer)
{
    return point_at(plot, subject, layer, dpi_value(plot->data, subject, chain, layer));
}

/* ---- lines ---- */

/* Solid forward, dashed backward, of several subjects each in its own rhythm. */
static struct pen chain_pen(const struct dpi_plot *plot, size_t subject, enum dpi_chain chain)
{
    static const struct {
        int on, off;
    } ascii[PLOT_SUBJECTS] = {{2, 1}, {1, 1}, {3, 1}, {1, 2}},
      braille[PLOT_SUBJECTS] = {{4, 2}, {2, 2}, {6, 2}, {1, 2}};
    struct pen pen = {.ink = dpi_ink(plot->data, subject, chain)};
    if (chain == DPI_FORWARD)
        return pen;
    bool in_braille = plot->frame.canvas->charset == CHARSET_BRAILLE;
    pen.on = (in_braille ? braille : ascii)[subject].on;
    pen.off = (in_braille ? braille : ascii)[subject].off;
    return pen;
}

static void draw_line(const struct dpi_plot *plot, size_t subject, enum dpi_chain chain)
{
    const struct plot_dpi *data = plot->data;
    struct pen pen = chain_pen(plot, subject, chain);
    for (size_t layer = 0, next; layer < data->layers; layer = next) {
        next = dpi_neighbour(data, subject, layer);
        if (next < data->layers && !isnan(dpi_value(data, subject, chain, layer)) &&
            !isnan(dpi_value(data, subject, chain, next)))
            surface_line(&plot->frame.surface, &pen, value_point(plot, subject, chain, layer),
                         value_point(plot, subject, chain, next));
    }
}

/* ---- deviations ---- */

static void draw_whisker(const struct dpi_plot *plot, size_t subject, enum dpi_chain chain, size_t layer)
{
    const struct surface *surface = &plot->frame.surface;
    double value = dpi_value(plot->data, subject, chain, layer);
    double deviation = dpi_deviation(plot->data, subject, chain, layer);
    struct point middle = value_point(plot, subject, chain, layer);
    if (isnan(deviation) || !surface_has(surface, (struct point){middle.x, 0}))
        return;
    struct pen pen = {.ink = dpi_ink(plot->data, subject, chain)};
    struct point low = point_at(plot, subject, layer, value - deviation);
    struct point high = point_at(plot, subject, layer, value + deviation);
    low.y = isnan(low.y) ? surface_height(surface) : low.y; /* a logarithmic axis never comes to nothing */
    surface_line(surface, &pen, low, high);
    for (int end = 0; end < 2 && surface->dots_x > 1; end++) {
        struct point cap = end == 0 ? low : high;
        surface_line(surface, &pen, (struct point){cap.x - 1, cap.y}, (struct point){cap.x + 1, cap.y});
    }
}

static void draw_whiskers(const struct dpi_plot *plot, size_t subject, enum dpi_chain chain)
{
    for (size_t layer = plot->facts.first; layer < plot->facts.end && !dpi_is_crowded(plot); layer++)
        draw_whisker(plot, subject, chain, layer);
}

/* ---- markers ---- */

static bool is_under_cursor(const struct plot_dpi *data, size_t layer)
{
    return data->cursor >= 0 && layer == (size_t)data->cursor;
}

/* Where layers are nearer than markers, only the cursor's and those without neighbours have one. */
static bool is_marked(const struct dpi_plot *plot, size_t subject, enum dpi_chain chain, size_t layer)
{
    const struct plot_dpi *data = plot->data;
    bool alone = (layer == 0 || isnan(dpi_value(data, subject, chain, layer - 1))) &&
                 (layer + 1 == data->layers || isnan(dpi_value(data, subject, chain, layer + 1)));
    return !dpi_is_crowded(plot) || alone || is_under_cursor(data, layer);
}

static void draw_marker(struct dpi_plot *plot, size_t subject, enum dpi_chain chain, size_t layer, struct point point)
{
    const struct plot_dpi *data = plot->data;
    struct rect at = surface_cell(&plot->frame.surface, point);
    const struct cell *cell = canvas_at(plot->frame.canvas, at.x, at.y);
    bool both = !dpi_is_overlay(data) && chain == DPI_FORWARD && cell->glyph == marker[DPI_BACKWARD];
    plot->both |= both;
    bool under_cursor = is_under_cursor(data, layer);
    canvas_put(plot->frame.canvas, at.x, at.y, both ? marker_of_both : marker_of(data, subject, chain),
               under_cursor ? INK_CURSOR : dpi_ink(data, subject, chain),
               under_cursor ? CELL_BOLD | CELL_REVERSE : CELL_BOLD);
}

static void draw_markers(struct dpi_plot *plot, size_t subject, enum dpi_chain chain)
{
    for (size_t layer = plot->facts.first; layer < plot->facts.end; layer++) {
        struct point point = value_point(plot, subject, chain, layer);
        if (!surface_has(&plot->frame.surface, point))
            continue;
        frame_mark(&plot->data->look, surface_cell(&plot->frame.surface, point), (int)subject,
                   dpi_own_layer(plot->data, subject, layer), -1);
        if (is_marked(plot, subject, chain, layer))
            draw_marker(plot, subject, chain, layer, point);
    }
}

/* ---- violations ---- */

static void draw_rise(const struct dpi_plot *plot, struct point a, struct point b)
{
    struct point between = {(a.x + b.x) / 2, (a.y + b.y) / 2};
    if (!surface_has(&plot->frame.surface, between))
        return;
    struct rect middle = surface_cell(&plot->frame.surface, between);
    static const int tries[] = {-1, 1, -2, 2};
    int y = middle.y;
    for (size_t k = 0; k < sizeof tries / sizeof *tries; k++)
        if (frame_is_free(&plot->frame, middle.x, middle.y + tries[k], 1)) {
            y = middle.y + tries[k];
            break;
        }
    canvas_put(plot->frame.canvas, middle.x, y, '!', INK_WARN, CELL_BOLD);
}

static void draw_rises(const struct dpi_plot *plot, size_t subject, enum dpi_chain chain)
{
    const struct plot_dpi *data = plot->data;
    for (size_t layer = 0; layer < data->layers; layer++) {
        size_t next = dpi_next(data, subject, chain, layer);
        if (next < data->layers && dpi_rises(data, subject, chain, layer, next))
            draw_rise(plot, value_point(plot, subject, chain, layer), value_point(plot, subject, chain, next));
    }
}

/* ---- bound ---- */

static uint8_t bound_ink(const struct dpi_plot *plot, size_t subject)
{
    return plot->data->look.stale ? INK_DIM : plot->facts.one_bound ? INK_BOUND : (uint8_t)(INK_SERIES + subject);
}

/* How far up a subject's bound lies; one that is drawn lies in 0..1. NAN: it has none, or one that a logarithmic axis
 * does not know. */
static double bound_up(const struct dpi_plot *plot, size_t subject)
{
    double bound = dpi_bound(plot->data, subject);
    return isnan(bound) ? NAN : axis_fraction(&plot->y, bound);
}

/* Those that are the same are one. */
static bool bound_counts(const struct dpi_plot *plot, size_t subject)
{
    if (isnan(bound_up(plot, subject)))
        return false;
    for (size_t s = 0; s < subject && plot->facts.one_bound; s++)
        if (!isnan(bound_up(plot, s)))
            return false;
    return true;
}

static void draw_bound(const struct dpi_plot *plot, size_t subject)
{
    double up = bound_up(plot, subject);
    if (!bound_counts(plot, subject) || !(up >= 0 && up <= 1))
        return;
    bool braille = plot->frame.canvas->charset == CHARSET_BRAILLE;
    struct pen pen = {.ink = bound_ink(plot, subject), .on = braille ? 2 : 1, .off = braille ? 2 : 1};
    surface_line(&plot->frame.surface, &pen, frame_point(&plot->frame, 0, up), frame_point(&plot->frame, 1, up));
}

/* Above or below its line, at either side; false where none of these is free. */
static bool place_bound_label(const struct dpi_plot *plot, size_t subject, int width, struct rect *at)
{
    const struct frame *frame = &plot->frame;
    int line = surface_cell(&frame->surface, frame_point(frame, 0, bound_up(plot, subject))).y;
    int left = frame->plot.x + 1, right = frame->where.x + frame->where.columns - width;
    const struct rect places[] = {{.x = right, .y = line - 1},
                                  {.x = left, .y = line - 1},
                                  {.x = right, .y = line + 1},
                                  {.x = left, .y = line + 1}};
    for (size_t k = 0; k < sizeof places / sizeof *places && line > frame->plot.y; k++)
        if (frame_is_free(frame, places[k].x, places[k].y, width)) {
            *at = places[k];
            return true;
        }
    return false;
}

/* Whether the bound's row of labels above the plot, from column x on, is still free. */
static bool unit_row_is_free(const struct frame *frame, int x, int width)
{
    for (int k = 0; k < width; k++) {
        const struct cell *cell = canvas_at(frame->canvas, x + k, frame->plot.y - 1);
        if (cell == NULL || cell->glyph != 0)
            return false;
    }
    return true;
}

static void draw_bound_label(const struct dpi_plot *plot, size_t subject)
{
    const struct frame *frame = &plot->frame;
    double up = bound_up(plot, subject);
    if (!bound_counts(plot, subject) || up < 0)
        return;
    char text[96];
    dpi_bound_text(text, plot->data, &plot->facts, subject, up > 1);
    int width = (int)strlen(text);
    struct rect at = {.x = frame->where.x + frame->where.columns - width, .y = frame->plot.y - 1};
    bool placed = up <= 1 && place_bound_label(plot, subject, width, &at);
    if (placed || subject == 0 || unit_row_is_free(frame, at.x, width))
        frame_text(frame, at.x, at.y, text, bound_ink(plot, subject), 0);
}

/* ---- all of it ---- */

/* Its markers, its name and the tick between them: a line through the plot would cost a slow terminal more at each step
 * than all that. */
static void draw_cursor(const struct dpi_plot *plot)
{
    const struct plot_dpi *data = plot->data;
    if (data->cursor < 0 || (size_t)data->cursor < plot->facts.first || (size_t)data->cursor >= plot->facts.end)
        return;
    struct names names = dpi_names(plot);
    frame_x_cursor(&plot->frame, names_column(&names, (size_t)data->cursor));
}

typedef void draw_subject_chain(const struct dpi_plot *plot, size_t subject, enum dpi_chain chain);

static void draw_each(const struct dpi_plot *plot, draw_subject_chain *draw)
{
    for (size_t k = 0; k < plot->data->subjects; k++)
        for (int chain = DPI_CHAINS; chain-- > 0;)
            if (dpi_shows(plot->data, (enum dpi_chain)chain))
                draw(plot, dpi_in_order(plot->data, k), (enum dpi_chain)chain);
}

void dpi_draw_data(struct dpi_plot *plot)
{
    const struct plot_dpi *data = plot->data;
    for (size_t s = 0; s < data->subjects; s++)
        draw_bound(plot, s);
    draw_each(plot, draw_line);
    draw_each(plot, draw_whiskers);
    for (size_t k = 0; k < data->subjects; k++)
        for (int chain = DPI_CHAINS; chain-- > 0;)
            if (dpi_shows(data, (enum dpi_chain)chain))
                draw_markers(plot, dpi_in_order(data, k), (enum dpi_chain)chain);
    draw_each(plot, draw_rises);
    for (size_t s = 0; s < data->subjects; s++)
        draw_bound_label(plot, s);
    draw_cursor(plot);
}
