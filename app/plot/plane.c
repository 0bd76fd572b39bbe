#include <stdio.h>
#include <stdlib.h>

#include <base/text.h>

#include "plane_cells.h"

enum { PLOT_ROWS_MIN = 3, ROWS_BELOW = 3, TITLE_BYTES = 256 };

/* ---- layout ---- */

/* Title, legend or scale, the y axis's title. */
static int rows_above(const struct plane_plot *plot)
{
    return 2 + plot->scale_below_title + plot->legend_rows;
}

static void lay_out(struct plane_plot *plot)
{
    struct frame *frame = &plot->frame;
    int rows = frame->where.rows, above = rows_above(plot), below = ROWS_BELOW + plot->key_rows;
    plot->y = plane_y_axis(plot->data, &plot->facts, frame_y_room(rows - above - below));
    int gutter = frame_gutter(&plot->y);
    frame_set_plot(frame, gutter, above, below);
    plot->x = plane_x_axis(plot->data, &plot->facts, frame_x_room(frame->plot.columns, gutter));
    plane_place_points(plot);
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

/* ---- the plot ---- */

/* The cells of all that is in view. */
static void tell_marks(const struct plane_plot *plot)
{
    const struct plot_plane *data = plot->data;
    for (size_t layer = 0; layer < data->count; layer++)
        for (size_t snapshot = 0; snapshot < data->trajectories[layer].count; snapshot++) {
            struct rect at;
            if (plane_cell(plot, layer, snapshot, &at))
                frame_mark(&data->look, at, data->trajectories[layer].subject, data->trajectories[layer].layer,
                           (long)snapshot);
        }
}

/* False where the layers' names found no room in the plot. */
static bool draw(struct plane_plot *plot)
{
    const struct frame *frame = &plot->frame;
    frame_clear(frame);
    lay_out(plot);
    frame_title(frame, plot->data->title, &plot->data->look);
    draw_axes(plot);
    plane_draw_scale(plot);
    plane_draw_trajectories(plot);
    if (!plane_draw_labels(plot))
        return false;
    plane_draw_arrows(plot);
    plane_draw_cursor(plot);
    return true;
}

/* A message in place of the plot. */
static void say(struct frame *frame, const struct plot_plane *data, const char *message)
{
    frame_clear(frame);
    frame_title(frame, data->title, &data->look);
    frame_set_plot(frame, 0, 1, 0);
    frame_message(frame, message);
}

void plot_plane(struct canvas *canvas, struct rect where, const struct plot_plane *data)
{
    struct plane_plot plot = {.data = data};
    if (!frame_open(&plot.frame, canvas, where))
        return;
    struct frame *frame = &plot.frame;
    plot.facts = plane_study(data);
    if (!plot.facts.any) {
        say(frame, data, plane_empty(data));
        return;
    }
    size_t points;
    if (ifl_size_mul(data->count, plot.facts.longest, &points))
        plot.points = ifl_alloc(points, sizeof *plot.points);
    if (plot.points == NULL) {
        say(frame, data, "no memory for the plot");
        return;
    }
    plot.digits = !plane_is_overlay(data) && (data->look.digits || canvas->charset == CHARSET_ASCII);
    plane_choose_scale(&plot);
    if (!draw(&plot)) {
        int spare = frame->where.rows - rows_above(&plot) - ROWS_BELOW - PLOT_ROWS_MIN;
        plot.key_rows = plane_key_rows(&plot, spare < frame->where.rows / 5 ? spare : frame->where.rows / 5);
        plot.labels = data->look.no_legend ? LABELS_FITTING : plot.key_rows > 0 ? LABELS_LETTERS : LABELS_CURSOR;
        draw(&plot);
    }
    tell_marks(&plot);
    free(plot.points);
}
