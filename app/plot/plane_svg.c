#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "plane.h"
#include "svg.h"

struct plane_picture {
    struct svg svg;
    const struct plot_plane *data;
    struct plane_facts facts;
    struct axis x, y;
    struct box *labels; /* [data->count] that are placed */
    size_t n_labels;
};

static uint8_t time_ink(const struct plane_picture *picture, int time)
{
    return picture->data->stale ? INK_DIM : (uint8_t)(INK_TIME + time);
}

static struct svg_point snapshot_at(const struct plane_picture *picture, size_t layer, size_t snapshot)
{
    const struct plot_trajectory *trajectory = &picture->data->trajectories[layer];
    struct box p = picture->svg.plot;
    return (struct svg_point){p.x + p.width * axis_fraction(&picture->x, trajectory->x[snapshot]),
                              p.y + p.height * (1 - axis_fraction(&picture->y, trajectory->y[snapshot]))};
}

static struct svg_point between(struct svg_point a, struct svg_point b, double along)
{
    return (struct svg_point){a.x + along * (b.x - a.x), a.y + along * (b.y - a.y)};
}

static bool under_cursor(const struct plane_picture *picture, size_t layer)
{
    return picture->data->layer >= 0 && layer == (size_t)picture->data->layer;
}

static void draw_segment(struct plane_picture *picture, size_t layer, size_t to)
{
    const struct plot_trajectory *trajectory = &picture->data->trajectories[layer];
    if (to == 0 || !plane_has(trajectory, to) || !plane_has(trajectory, to - 1))
        return;
    struct svg_point a = snapshot_at(picture, layer, to - 1), b = snapshot_at(picture, layer, to);
    struct plane_piece pieces[INK_TIME_COUNT];
    int count = plane_pieces(&picture->facts, to, pieces);
    for (int k = 0; k < count; k++)
        svg_line(&picture->svg, between(a, b, pieces[k].from), between(a, b, pieces[k].to),
                 time_ink(picture, pieces[k].time), under_cursor(picture, layer) ? 4 : 2, NULL);
}

static void draw_points(struct plane_picture *picture, size_t snapshot)
{
    for (size_t layer = 0; layer < picture->data->count; layer++)
        if (plane_has(&picture->data->trajectories[layer], snapshot))
            svg_circle(&picture->svg, snapshot_at(picture, layer, snapshot), 2.5,
                       time_ink(picture, plane_time(&picture->facts, snapshot)));
}

static void draw_arrows(struct plane_picture *picture, size_t layer)
{
    struct plane_extent extent = {
        .width = picture->svg.plot.width, .height = picture->svg.plot.height, .one_arrow = 40, .two_arrows = 250};
    struct plane_arrow arrows[PLANE_ARROWS];
    int count = plane_arrows(&picture->data->trajectories[layer], &picture->x, &picture->y, extent, arrows);
    for (int k = 0; k < count; k++) {
        struct svg_point a = snapshot_at(picture, layer, arrows[k].to - 1);
        struct svg_point b = snapshot_at(picture, layer, arrows[k].to);
        svg_arrow(&picture->svg, between(a, b, arrows[k].along), arrows[k].dx, -arrows[k].dy,
                  time_ink(picture, plane_time(&picture->facts, arrows[k].to)));
    }
}

/* ---- labels ---- */

static bool overlap(struct box a, struct box b)
{
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

static bool is_free(const struct plane_picture *picture, struct box box)
{
    struct box p = picture->svg.plot;
    if (box.x < p.x || box.x + box.width > picture->svg.width || box.y < p.y - SVG_FONT ||
        box.y + box.height > p.y + p.height)
        return false;
    for (size_t k = 0; k < picture->n_labels; k++)
        if (overlap(box, picture->labels[k]))
            return false;
    for (size_t layer = 0; layer < picture->data->count; layer++) {
        size_t first, last;
        if (!plane_ends(&picture->data->trajectories[layer], &first, &last))
            continue;
        struct svg_point end = snapshot_at(picture, layer, last);
        if (overlap(box, (struct box){end.x - 4, end.y - 4, 8, 8}))
            return false;
    }
    return true;
}

/* Around the end, ever farther out until it is free of other labels; from far off a thin line leads to it. */
static struct box place_label(const struct plane_picture *picture, struct svg_point end, const char *name)
{
    static const struct svg_point directions[] = {{-1, -1}, {1, 1}, {1, -1}, {-1, 1}, {0, -1}, {0, 1}, {1, 0}, {-1, 0}};
    double width = svg_text_width(name), height = SVG_FONT + 2;
    struct box box = {end.x + 8, end.y - height / 2, width, height};
    for (int ring = 0; ring < 12; ring++)
        for (size_t k = 0; k < sizeof directions / sizeof *directions; k++) {
            double reach = 7 + 12 * ring, dx = directions[k].x, dy = directions[k].y;
            box.x = end.x + dx * reach - (dx < 0 ? width : dx == 0 ? width / 2 : 0);
            box.y = end.y + dy * reach - (dy < 0 ? height : dy == 0 ? height / 2 : 0);
            if (is_free(picture, box))
                return box;
        }
    return box;
}

static void draw_end(struct plane_picture *picture, size_t layer)
{
    const struct plot_trajectory *trajectory = &picture->data->trajectories[layer];
    size_t first, last;
    if (!plane_ends(trajectory, &first, &last))
        return;
    const char *name = trajectory->name == NULL ? "" : trajectory->name;
    struct svg_point end = snapshot_at(picture, layer, last);
    struct box box = place_label(picture, end, name);
    picture->labels[picture->n_labels++] = box;
    struct svg_point corner = {fmax(box.x, fmin(end.x, box.x + box.width)),
                               fmax(box.y, fmin(end.y, box.y + box.height))};
    if (hypot(corner.x - end.x, corner.y - end.y) > 14)
        svg_line(&picture->svg, end, corner, INK_DIM, 0.7, NULL);
    svg_circle(&picture->svg, end, 5, time_ink(picture, plane_time(&picture->facts, last)));
    svg_text(&picture->svg, box.x + box.width / 2, box.y + SVG_FONT - 1, SVG_MIDDLE, INK_NONE,
             under_cursor(picture, layer), name);
}

static void draw_start(struct plane_picture *picture, size_t layer)
{
    size_t first, last;
    if (!plane_ends(&picture->data->trajectories[layer], &first, &last))
        return;
    struct svg_point at = snapshot_at(picture, layer, first);
    svg_text(&picture->svg, at.x, at.y + SVG_FONT / 3.0, SVG_MIDDLE, INK_NONE, true, "S");
}

/* ---- the picture ---- */

static void draw_scale(struct plane_picture *picture)
{
    struct svg *svg = &picture->svg;
    const double step = 14, y = SVG_MARGIN + 32;
    char span[96];
    plane_span(span, picture->data, &picture->facts);
    double x = svg->width - SVG_MARGIN - INK_TIME_COUNT * step - svg_text_width("late");
    for (int k = 0; k < INK_TIME_COUNT; k++)
        svg_box(svg, (struct box){x + k * step, y - 9, step, 9}, time_ink(picture, k));
    svg_text(svg, x - 8, y, SVG_END, INK_NONE, false, "S early");
    svg_text(svg, x + INK_TIME_COUNT * step + 6, y, SVG_START, INK_NONE, false, "late");
    svg_text(svg, x - 20 - svg_text_width("S early"), y, SVG_END, INK_DIM, false, span);
}

static void draw(struct plane_picture *picture)
{
    struct svg *svg = &picture->svg;
    const struct plot_plane *data = picture->data;
    double top = SVG_MARGIN + 66, height = svg->height - top - 52;
    struct axis_room room = svg_y_room(height);
    room.pad = 0.06;
    picture->y = axis_make(picture->facts.y, room);
    double left = SVG_MARGIN + 14 + (double)axis_label_width(&picture->y) * 7.3;
    svg->plot = (struct box){.x = left, .y = top, .width = svg->width - left - SVG_MARGIN, .height = height};
    room = svg_x_room(svg->plot.width);
    room.pad = 0.04;
    picture->x = axis_make(picture->facts.x, room);

    svg_y_axis(svg, &picture->y, data->y_label == NULL ? "" : data->y_label);
    svg_x_axis(svg, &picture->x, data->x_label == NULL ? "" : data->x_label);
    svg_frame(svg);
    for (size_t snapshot = 0; snapshot < picture->facts.longest; snapshot++) {
        for (size_t layer = 0; layer < data->count; layer++)
            draw_segment(picture, layer, snapshot);
        draw_points(picture, snapshot);
    }
    for (size_t layer = 0; layer < data->count; layer++)
        draw_arrows(picture, layer);
    for (size_t layer = 0; layer < data->count; layer++)
        draw_start(picture, layer);
    for (size_t layer = 0; layer < data->count; layer++)
        draw_end(picture, layer);
    draw_scale(picture);
}

enum ifl_status plot_plane_svg(const struct plot_plane *data, int width, int height, bool light, char **out,
                               struct ifl_error *error)
{
    struct plane_picture picture = {.data = data, .facts = plane_study(data)};
    enum ifl_status status = svg_open(&picture.svg, width, height, light, error);
    if (status != IFL_OK)
        return status;
    svg_title(&picture.svg, data->title, data->stale);
    picture.labels = ifl_alloc(data->count, sizeof *picture.labels);
    if (picture.labels == NULL) {
        free(picture.svg.out.text);
        return ifl_fail(error, IFL_NO_MEMORY, "a plot as SVG: out of memory");
    }
    if (picture.facts.any)
        draw(&picture);
    else
        svg_text(&picture.svg, width / 2.0, height / 2.0, SVG_MIDDLE, INK_DIM, false, plot_empty(data->empty));
    free(picture.labels);
    return svg_close(&picture.svg, out, error);
}
