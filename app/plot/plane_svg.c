#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "plane.h"
#include "surface.h"
#include "svg.h"

struct plane_picture {
    struct svg svg;
    const struct plot_plane *data;
    struct plane_facts facts;
    struct axis x, y;
    struct box *labels; /* [data->count] that are placed */
    size_t n_labels;
};

/* Of time, or, where there are several, of the subject. */
static uint8_t layer_ink(const struct plane_picture *picture, size_t layer, int time)
{
    if (picture->data->look.stale)
        return INK_DIM;
    if (plane_is_overlay(picture->data))
        return (uint8_t)(INK_SERIES + plane_subject(picture->data, layer));
    return (uint8_t)(INK_TIME + time);
}

static struct svg_point place(const struct plane_picture *picture, double x, double y)
{
    struct box p = picture->svg.plot;
    return (struct svg_point){p.x + p.width * axis_fraction(&picture->x, x),
                              p.y + p.height * (1 - axis_fraction(&picture->y, y))};
}

static struct svg_point snapshot_at(const struct plane_picture *picture, size_t layer, size_t snapshot)
{
    const struct plot_trajectory *trajectory = &picture->data->trajectories[layer];
    return place(picture, trajectory->x[snapshot], trajectory->y[snapshot]);
}

static struct svg_point between(struct svg_point a, struct svg_point b, double along)
{
    return (struct svg_point){a.x + along * (b.x - a.x), a.y + along * (b.y - a.y)};
}

/* A trajectory's ends that are in view. */
static bool start_at(const struct plane_picture *picture, size_t layer, struct svg_point *at)
{
    size_t first, last;
    if (!plane_ends(&picture->data->trajectories[layer], &first, &last))
        return false;
    *at = snapshot_at(picture, layer, first);
    return svg_in_plot(&picture->svg, *at);
}

static bool end_at(const struct plane_picture *picture, size_t layer, struct svg_point *at)
{
    size_t first, last;
    if (!plane_ends(&picture->data->trajectories[layer], &first, &last))
        return false;
    *at = snapshot_at(picture, layer, last);
    return svg_in_plot(&picture->svg, *at);
}

/* ---- trajectories ---- */

static void draw_segment(struct plane_picture *picture, size_t layer, size_t to)
{
    const struct plot_trajectory *trajectory = &picture->data->trajectories[layer];
    if (to == 0 || !plane_has(trajectory, to) || !plane_has(trajectory, to - 1))
        return;
    struct svg_point a = snapshot_at(picture, layer, to - 1), b = snapshot_at(picture, layer, to);
    double width = plane_under_cursor(picture->data, layer) ? 4 : 2;
    if (plane_is_overlay(picture->data)) {
        svg_plot_line(&picture->svg, a, b, layer_ink(picture, layer, 0), width, NULL);
        return;
    }
    struct plane_piece pieces[INK_TIME_COUNT];
    int count = plane_pieces(&picture->facts, to, pieces);
    for (int k = 0; k < count; k++)
        svg_plot_line(&picture->svg, between(a, b, pieces[k].from), between(a, b, pieces[k].to),
                      layer_ink(picture, layer, pieces[k].time), width, NULL);
}

static void draw_point(struct plane_picture *picture, size_t layer, size_t snapshot)
{
    if (!plane_has(&picture->data->trajectories[layer], snapshot))
        return;
    struct svg_point at = snapshot_at(picture, layer, snapshot);
    if (svg_in_plot(&picture->svg, at))
        svg_circle(&picture->svg, at, 2.5, layer_ink(picture, layer, plane_time(&picture->facts, snapshot)));
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
                  layer_ink(picture, layer, plane_time(&picture->facts, arrows[k].to)));
    }
}

/* Error bars, a cross. */
static void draw_deviations(struct plane_picture *picture, size_t layer)
{
    const struct plot_trajectory *t = &picture->data->trajectories[layer];
    struct box p = picture->svg.plot;
    size_t at;
    double dx, dy;
    if (!plane_deviations(picture->data, layer, &at, &dx, &dy))
        return;
    struct svg_point middle = snapshot_at(picture, layer, at);
    struct svg_point low = place(picture, t->x[at] - dx, t->y[at] - dy);
    struct svg_point high = place(picture, t->x[at] + dx, t->y[at] + dy);
    low.x = isnan(low.x) ? p.x : low.x; /* a logarithmic axis never comes to nothing */
    low.y = isnan(low.y) ? p.y + p.height : low.y;
    uint8_t ink = layer_ink(picture, layer, plane_time(&picture->facts, at));
    svg_plot_line(&picture->svg, (struct svg_point){low.x, middle.y}, (struct svg_point){high.x, middle.y}, ink, 1.2,
                  NULL);
    svg_plot_line(&picture->svg, (struct svg_point){middle.x, low.y}, (struct svg_point){middle.x, high.y}, ink, 1.2,
                  NULL);
}

/* The subject in front last. */
static bool is_drawn_in(const struct plane_picture *picture, size_t layer, int round)
{
    return (plane_subject(picture->data, layer) == plane_front(picture->data)) == (round == 1);
}

static void draw_lines(struct plane_picture *picture)
{
    const struct plot_plane *data = picture->data;
    for (int round = 0; round < 2; round++)
        for (size_t snapshot = 0; snapshot < picture->facts.longest; snapshot++) {
            for (size_t layer = 0; layer < data->count; layer++)
                if (is_drawn_in(picture, layer, round))
                    draw_segment(picture, layer, snapshot);
            for (size_t layer = 0; layer < data->count; layer++)
                if (is_drawn_in(picture, layer, round))
                    draw_point(picture, layer, snapshot);
        }
}

/* ---- labels ---- */

static bool overlap(struct box a, struct box b)
{
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/* Whether a segment of a trajectory crosses the box. */
static bool is_crossed(const struct plane_picture *picture, struct box box)
{
    struct point low = {box.x, box.y}, high = {box.x + box.width, box.y + box.height};
    for (size_t layer = 0; layer < picture->data->count; layer++)
        for (size_t to = 1; to < picture->data->trajectories[layer].count; to++) {
            const struct plot_trajectory *trajectory = &picture->data->trajectories[layer];
            if (!plane_has(trajectory, to) || !plane_has(trajectory, to - 1))
                continue;
            struct svg_point a = snapshot_at(picture, layer, to - 1), b = snapshot_at(picture, layer, to);
            struct point from = {a.x, a.y}, end = {b.x, b.y};
            if (clip_line(&from, &end, low, high))
                return true;
        }
    return false;
}

/* Free of other labels and of the ends. */
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
        struct svg_point end;
        if (end_at(picture, layer, &end) && overlap(box, (struct box){end.x - 4, end.y - 4, 8, 8}))
            return false;
    }
    return true;
}

enum { LABEL_DIRECTIONS = 8, LABEL_RINGS = 12, LABEL_RINGS_CLEAR = 4 };

/* The k-th place around an end, ring by ring ever farther out. */
static struct box label_place(struct svg_point end, double width, int k)
{
    static const struct svg_point directions[LABEL_DIRECTIONS] = {{-1, -1}, {1, 1}, {1, -1}, {-1, 1},
                                                                  {0, -1},  {0, 1}, {1, 0},  {-1, 0}};
    const int ring = k / LABEL_DIRECTIONS;
    const double height = SVG_FONT + 2, reach = 7 + 12 * ring;
    struct svg_point d = directions[k % LABEL_DIRECTIONS];
    return (struct box){.x = end.x + d.x * reach - (d.x < 0 ? width : d.x == 0 ? width / 2 : 0),
                        .y = end.y + d.y * reach - (d.y < 0 ? height : d.y == 0 ? height / 2 : 0),
                        .width = width,
                        .height = height};
}

/* Near the end and crossed by no line, else wherever it is free; false: nowhere. */
static bool place_label(const struct plane_picture *picture, struct svg_point end, const char *name, struct box *out)
{
    double width = svg_text_width(name);
    for (int k = 0; k < (LABEL_RINGS_CLEAR + LABEL_RINGS) * LABEL_DIRECTIONS; k++) {
        bool clear = k < LABEL_RINGS_CLEAR * LABEL_DIRECTIONS;
        struct box box = label_place(end, width, clear ? k : k - LABEL_RINGS_CLEAR * LABEL_DIRECTIONS);
        if (!is_free(picture, box) || (clear && is_crossed(picture, box)))
            continue;
        *out = box;
        return true;
    }
    return false;
}

/* From far off a thin line leads from the end to the label. */
static void draw_leader(struct plane_picture *picture, struct svg_point end, struct box box)
{
    struct svg_point corner = {fmax(box.x, fmin(end.x, box.x + box.width)),
                               fmax(box.y, fmin(end.y, box.y + box.height))};
    if (hypot(corner.x - end.x, corner.y - end.y) > 14)
        svg_line(&picture->svg, end, corner, INK_DIM, 0.7, NULL);
}

static void draw_end(struct plane_picture *picture, size_t layer)
{
    const struct plot_plane *data = picture->data;
    struct svg_point end;
    if (!end_at(picture, layer, &end))
        return;
    bool overlay = plane_is_overlay(data);
    char text[256];
    const char *name = data->trajectories[layer].name == NULL ? "" : data->trajectories[layer].name;
    if (overlay)
        snprintf(text, sizeof text, "%zu %s", plane_subject(data, layer) + 1, name);
    else
        snprintf(text, sizeof text, "%s", name);
    struct box box;
    bool placed = place_label(picture, end, text, &box);
    if (placed)
        draw_leader(picture, end, box);
    uint8_t ink = layer_ink(picture, layer, INK_TIME_COUNT - 1);
    size_t first, last;
    if (!overlay && plane_ends(&data->trajectories[layer], &first, &last))
        ink = layer_ink(picture, layer, plane_time(&picture->facts, last));
    svg_circle(&picture->svg, end, 5, ink);
    if (!placed)
        return;
    picture->labels[picture->n_labels++] = box;
    svg_label(&picture->svg, box.x + box.width / 2, box.y + SVG_FONT - 1, SVG_MIDDLE, overlay ? ink : INK_NONE,
              plane_under_cursor(data, layer), text);
}

static void draw_start(struct plane_picture *picture, size_t layer)
{
    struct svg_point at;
    if (start_at(picture, layer, &at))
        svg_label(&picture->svg, at.x, at.y + SVG_FONT / 3.0, SVG_MIDDLE,
                  plane_is_overlay(picture->data) ? layer_ink(picture, layer, 0) : INK_NONE, true, "S");
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
        svg_box(svg, (struct box){x + k * step, y - 9, step, 9},
                picture->data->look.stale ? INK_DIM : (uint8_t)(INK_TIME + k));
    svg_text(svg, x - 8, y, SVG_END, INK_NONE, false, "S early");
    svg_text(svg, x + INK_TIME_COUNT * step + 6, y, SVG_START, INK_NONE, false, "late");
    double end = x - 20 - svg_text_width("S early");
    if (end - svg_text_width(span) >= SVG_MARGIN)
        svg_text(svg, end, y, SVG_END, INK_DIM, false, span);
}

/* The subjects, or the scale of time; returns how many lines it takes. */
static int draw_legend(struct plane_picture *picture)
{
    const struct plot_plane *data = picture->data;
    if (data->look.no_legend)
        return 0;
    if (plane_is_overlay(data))
        return data->names == NULL
                   ? 0
                   : svg_subjects(&picture->svg, SVG_MARGIN + 32, data->subjects, data->names, &data->look);
    draw_scale(picture);
    return 1;
}

static void draw(struct plane_picture *picture)
{
    struct svg *svg = &picture->svg;
    const struct plot_plane *data = picture->data;
    int lines = draw_legend(picture);
    double top = SVG_MARGIN + 48 + 18 * lines, height = fmax(svg->height - top - 52, 1);
    picture->y = plane_y_axis(data, &picture->facts, svg_y_room(height));
    double left = SVG_MARGIN + 14 + (double)axis_label_width(&picture->y) * 7.3;
    svg->plot = (struct box){.x = left, .y = top, .width = svg->width - left - SVG_MARGIN, .height = height};
    picture->x = plane_x_axis(data, &picture->facts, svg_x_room(svg->plot.width));

    svg_y_axis(svg, &picture->y, data->y_label == NULL ? "" : data->y_label);
    svg_x_axis(svg, &picture->x, data->x_label == NULL ? "" : data->x_label);
    svg_frame(svg);
    draw_lines(picture);
    for (size_t layer = 0; layer < data->count; layer++)
        draw_deviations(picture, layer);
    for (size_t layer = 0; layer < data->count; layer++)
        draw_arrows(picture, layer);
    for (size_t layer = 0; layer < data->count; layer++)
        draw_start(picture, layer);
    for (size_t layer = 0; layer < data->count; layer++)
        draw_end(picture, layer);
}

enum ifl_status plot_plane_svg(const struct plot_plane *data, int width, int height, bool light, char **out,
                               struct ifl_error *error)
{
    struct plane_picture picture = {.data = data, .facts = plane_study(data)};
    enum ifl_status status = svg_open(&picture.svg, width, height, light, error);
    if (status != IFL_OK)
        return status;
    svg_title(&picture.svg, data->title, data->look.stale, 0);
    picture.labels = ifl_alloc(data->count, sizeof *picture.labels);
    if (picture.labels == NULL) {
        free(picture.svg.out.text);
        return ifl_fail(error, IFL_NO_MEMORY, "a plot as SVG: out of memory");
    }
    if (picture.facts.any)
        draw(&picture);
    else
        svg_text(&picture.svg, width / 2.0, height / 2.0, SVG_MIDDLE, INK_DIM, false, plane_empty(data));
    free(picture.labels);
    return svg_close(&picture.svg, out, error);
}
