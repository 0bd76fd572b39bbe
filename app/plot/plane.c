#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/text.h>

#include "plane_cells.h"

enum { PLOT_ROWS_MIN = 3, COMFORTABLE_ROWS = 14, TITLE_BYTES = 256 };

/* ---- time scale ---- */

static const uint8_t start_glyph = 'S', end_glyph = '*';

static uint8_t time_ink(const struct plane_plot *plot, size_t snapshot)
{
    return plot->data->stale ? INK_DIM : (uint8_t)(INK_TIME + plane_time(&plot->facts, snapshot));
}

/* `epoch 0 to 10  early S12345678* late`, or less of it. */
enum scale { SCALE_WORDS, SCALE_SPAN, SCALE_BARE, SCALE_NONE };

static int scale_width(const struct plane_plot *plot, int scale)
{
    char span[96];
    int bare = 2 + INK_TIME_COUNT, with_span = bare + 2 + (int)strlen(plane_span(span, plot->data, &plot->facts));
    const int widths[] = {with_span + (int)strlen("early  late"), with_span, bare, 0};
    return widths[scale];
}

static void choose_scale(struct plane_plot *plot)
{
    const struct frame *frame = &plot->frame;
    const char *title = plot->data->y_label == NULL ? "" : plot->data->y_label;
    int taken = (int)text_width(title) + (int)strlen(" 1e-99") + 2;
    plot->scale = SCALE_WORDS;
    while (plot->scale < SCALE_NONE && taken + scale_width(plot, plot->scale) > frame->where.columns)
        plot->scale++;
    plot->scale_below_title = plot->scale >= SCALE_BARE && frame->where.rows >= COMFORTABLE_ROWS;
    if (!plot->scale_below_title)
        return;
    plot->scale = SCALE_WORDS;
    while (scale_width(plot, plot->scale) > frame->where.columns)
        plot->scale++;
}

static void draw_scale(const struct plane_plot *plot)
{
    const struct frame *frame = &plot->frame;
    if (plot->scale == SCALE_NONE)
        return;
    int x = frame->where.x + frame->where.columns - scale_width(plot, plot->scale), y = frame->where.y + 1;
    if (plot->scale <= SCALE_SPAN) {
        char span[96];
        x += frame_text(frame, x, y, plane_span(span, plot->data, &plot->facts), INK_DIM, 0) + 2;
    }
    if (plot->scale == SCALE_WORDS)
        x += frame_text(frame, x, y, "early ", INK_DIM, 0);
    canvas_put(frame->canvas, x++, y, start_glyph, INK_NONE, CELL_BOLD);
    for (uint8_t k = 0; k < INK_TIME_COUNT; k++) {
        uint32_t glyph = plot->digits ? (uint32_t)'1' + k : 0x2501; /* a heavy line */
        canvas_put(frame->canvas, x++, y, glyph, plot->data->stale ? INK_DIM : INK_TIME + k, 0);
    }
    canvas_put(frame->canvas, x++, y, end_glyph, INK_NONE, CELL_BOLD);
    if (plot->scale == SCALE_WORDS)
        frame_text(frame, x, y, " late", INK_DIM, 0);
}

/* ---- layout ---- */

static void lay_out(struct plane_plot *plot)
{
    struct frame *frame = &plot->frame;
    int rows = frame->where.rows, above = 2 + plot->scale_below_title, below = 3 + plot->key_rows;
    struct axis_room y_room = frame_y_room(rows - above - below);
    y_room.pad = 0.08; /* for the names above ends */
    plot->y = axis_make(plot->facts.y, y_room);
    int gutter = frame_gutter(&plot->y);
    frame_set_plot(frame, gutter, above, below);
    struct axis_room x_room = frame_x_room(frame->plot.columns, gutter);
    x_room.pad = 0.04;
    plot->x = axis_make(plot->facts.x, x_room);
}

static void draw_axes(const struct plane_plot *plot)
{
    const struct frame *frame = &plot->frame;
    const struct plot_plane *data = plot->data;
    char title[TITLE_BYTES], fitted[TITLE_BYTES];
    int columns = frame->where.columns, unit_row = frame->plot.y - 1;

    axis_title(title, sizeof title, &plot->y, data->y_label == NULL ? "" : data->y_label);
    frame_text(frame, frame->where.x, unit_row, frame_fit(frame, fitted, sizeof fitted, title, (size_t)columns),
               INK_NONE, 0);
    axis_title(title, sizeof title, &plot->x, data->x_label == NULL ? "" : data->x_label);
    frame_fit(frame, fitted, sizeof fitted, title, (size_t)columns);
    frame_text_right(frame, frame->plot.y + frame->plot.rows + 2, fitted, INK_NONE);
    frame_y_axis(frame, &plot->y);
    frame_x_axis(frame, &plot->x);
    if (plot->labels == LABELS_LETTERS)
        plane_draw_key(plot, frame->plot.y + frame->plot.rows + 3);
}

/* ---- trajectories ---- */

static struct point snapshot_point(const struct plane_plot *plot, size_t layer, size_t snapshot)
{
    const struct plot_trajectory *trajectory = &plot->data->trajectories[layer];
    return frame_point(&plot->frame, axis_fraction(&plot->x, trajectory->x[snapshot]),
                       axis_fraction(&plot->y, trajectory->y[snapshot]));
}

struct rect plane_cell(const struct plane_plot *plot, size_t layer, size_t snapshot)
{
    return surface_cell(&plot->frame.surface, snapshot_point(plot, layer, snapshot));
}

static uint8_t layer_attributes(const struct plane_plot *plot, size_t layer)
{
    return plot->data->layer >= 0 && layer == (size_t)plot->data->layer ? CELL_BOLD : 0;
}

static struct point between(struct point a, struct point b, double along)
{
    return (struct point){a.x + along * (b.x - a.x), a.y + along * (b.y - a.y)};
}

/* The line from the snapshot before, in the colours of the times between; a dot where there is none before. */
static void draw_segment(const struct plane_plot *plot, size_t layer, size_t to)
{
    const struct plot_trajectory *trajectory = &plot->data->trajectories[layer];
    if (!plane_has(trajectory, to))
        return;
    struct pen pen = {.ink = time_ink(plot, to), .attributes = layer_attributes(plot, layer)};
    struct point b = snapshot_point(plot, layer, to);
    if (to == 0 || !plane_has(trajectory, to - 1)) {
        surface_line(&plot->frame.surface, &pen, b, b);
        return;
    }
    struct point a = snapshot_point(plot, layer, to - 1);
    struct plane_piece pieces[INK_TIME_COUNT];
    int count = plane_pieces(&plot->facts, to, pieces);
    for (int k = 0; k < count; k++) {
        pen.ink = plot->data->stale ? INK_DIM : (uint8_t)(INK_TIME + pieces[k].time);
        surface_line(&plot->frame.surface, &pen, between(a, b, pieces[k].from), between(a, b, pieces[k].to));
    }
}

/* Snapshot by snapshot, so that where trajectories meet the later time is seen; the layer under the cursor last. */
static void draw_lines(const struct plane_plot *plot)
{
    const struct plot_plane *data = plot->data;
    for (size_t snapshot = 0; snapshot < plot->facts.longest; snapshot++)
        for (size_t layer = 0; layer < data->count; layer++)
            draw_segment(plot, layer, snapshot);
    if (data->layer >= 0 && (size_t)data->layer < data->count)
        for (size_t snapshot = 0; snapshot < plot->facts.longest; snapshot++)
            draw_segment(plot, (size_t)data->layer, snapshot);
}

bool plane_is_line(uint32_t glyph)
{
    return (glyph & ~0xFFu) == 0x2800 || (glyph != 0 && glyph < 0x80 && strchr("-|/\\.", (int)glyph) != NULL);
}

/* Over lines and blanks only. */
static bool put_mark(const struct plane_plot *plot, struct rect at, uint8_t glyph, uint8_t ink, uint8_t attributes)
{
    const struct cell *cell = canvas_at(plot->frame.canvas, at.x, at.y);
    if (cell->glyph != 0 && !plane_is_line(cell->glyph))
        return false;
    canvas_put(plot->frame.canvas, at.x, at.y, glyph, ink, attributes);
    return true;
}

static void draw_digits(const struct plane_plot *plot)
{
    for (size_t snapshot = plot->facts.longest; plot->digits && snapshot-- > 0;)
        for (size_t layer = 0; layer < plot->data->count; layer++)
            if (plane_time_starts(&plot->facts, snapshot) && plane_has(&plot->data->trajectories[layer], snapshot))
                put_mark(plot, plane_cell(plot, layer, snapshot), (uint8_t)('1' + plane_time(&plot->facts, snapshot)),
                         time_ink(plot, snapshot), layer_attributes(plot, layer));
}

static void draw_ends(const struct plane_plot *plot)
{
    for (size_t layer = 0; layer < plot->data->count; layer++) {
        size_t first, last;
        if (plane_ends(&plot->data->trajectories[layer], &first, &last)) {
            struct rect at = plane_cell(plot, layer, first);
            canvas_put(plot->frame.canvas, at.x, at.y, start_glyph, time_ink(plot, first), CELL_BOLD);
        }
    }
    for (size_t layer = 0; layer < plot->data->count; layer++) {
        size_t first, last;
        if (plane_ends(&plot->data->trajectories[layer], &first, &last)) {
            struct rect at = plane_cell(plot, layer, last);
            canvas_put(plot->frame.canvas, at.x, at.y, end_glyph, time_ink(plot, last), CELL_BOLD);
        }
    }
}

/* ---- arrowheads ---- */

/* Where it belongs, or near there where something else stands. */
static void draw_arrow(const struct plane_plot *plot, size_t layer, const struct plane_arrow *arrow)
{
    uint8_t glyph = fabs(arrow->dx) >= fabs(arrow->dy) ? (arrow->dx > 0 ? '>' : '<') : (arrow->dy > 0 ? '^' : 'v');
    struct point a = snapshot_point(plot, layer, arrow->to - 1), b = snapshot_point(plot, layer, arrow->to);
    static const double shifts[] = {0, 0.12, -0.12, 0.25, -0.25};
    for (size_t k = 0; k < sizeof shifts / sizeof *shifts; k++) {
        struct point point = between(a, b, fmax(0, fmin(1, arrow->along + shifts[k])));
        if (put_mark(plot, surface_cell(&plot->frame.surface, point), glyph, time_ink(plot, arrow->to),
                     layer_attributes(plot, layer)))
            return;
    }
}

static void draw_arrows(const struct plane_plot *plot, size_t layer)
{
    /* A cell is about twice as high as it is wide. */
    struct plane_extent extent = {
        .width = plot->frame.plot.columns, .height = 2 * plot->frame.plot.rows, .one_arrow = 6, .two_arrows = 30};
    struct plane_arrow arrows[PLANE_ARROWS];
    int count = plane_arrows(&plot->data->trajectories[layer], &plot->x, &plot->y, extent, arrows);
    for (int k = 0; k < count; k++)
        draw_arrow(plot, layer, &arrows[k]);
}

/* ---- cursor ---- */

static void draw_cursor(const struct plane_plot *plot)
{
    for (size_t layer = 0; layer < plot->data->count; layer++) {
        if (!plane_has(&plot->data->trajectories[layer], plot->data->cursor))
            continue;
        struct rect at = plane_cell(plot, layer, plot->data->cursor);
        struct cell *cell = canvas_at(plot->frame.canvas, at.x, at.y);
        if (cell->glyph == 0 || plane_is_line(cell->glyph))
            cell->glyph = 'o';
        cell->ink = INK_CURSOR;
        cell->attributes |= CELL_REVERSE;
    }
}

/* ---- the plot ---- */

/* False where the layers' names found no room in the plot. */
static bool draw(struct plane_plot *plot)
{
    const struct frame *frame = &plot->frame;
    frame_clear(frame);
    lay_out(plot);
    frame_title(frame, plot->data->title, plot->data->stale);
    draw_axes(plot);
    draw_scale(plot);
    draw_lines(plot);
    draw_ends(plot);
    draw_digits(plot);
    for (size_t layer = 0; layer < plot->data->count; layer++)
        draw_arrows(plot, layer);
    bool labelled = plane_draw_labels(plot);
    draw_cursor(plot);
    return labelled;
}

void plot_plane(struct canvas *canvas, struct rect where, const struct plot_plane *data)
{
    struct plane_plot plot = {.data = data};
    if (!frame_open(&plot.frame, canvas, where))
        return;
    struct frame *frame = &plot.frame;
    plot.facts = plane_study(data);
    if (!plot.facts.any) {
        frame_clear(frame);
        frame_title(frame, data->title, data->stale);
        frame_set_plot(frame, 0, 1, 0);
        frame_message(frame, plot_empty(data->empty));
        return;
    }
    plot.digits = data->digits || canvas->charset == CHARSET_ASCII;
    choose_scale(&plot);
    if (draw(&plot))
        return;
    int spare = frame->where.rows - 2 - plot.scale_below_title - 3 - PLOT_ROWS_MIN;
    plot.key_rows = plane_key_rows(&plot, spare < frame->where.rows / 5 ? spare : frame->where.rows / 5);
    plot.labels = plot.key_rows > 0 ? LABELS_LETTERS : LABELS_CURSOR;
    draw(&plot);
}
