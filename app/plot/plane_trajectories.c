#include <math.h>
#include <string.h>

#include "plane_cells.h"

enum { ARROWS_MAX = 64 };

/* ---- lines ---- */

void plane_place_points(struct plane_plot *plot)
{
    struct point *point = plot->points;
    for (size_t layer = 0; layer < plot->data->count; layer++)
        for (size_t snapshot = 0; snapshot < plot->facts.longest; snapshot++) {
            const struct plot_trajectory *trajectory = &plot->data->trajectories[layer];
            *point++ = plane_has(trajectory, snapshot)
                           ? frame_point(&plot->frame, axis_fraction(&plot->x, trajectory->x[snapshot]),
                                         axis_fraction(&plot->y, trajectory->y[snapshot]))
                           : (struct point){NAN, NAN};
        }
}

/* No number where there is no point, or one that the axes do not know. */
static struct point snapshot_point(const struct plane_plot *plot, size_t layer, size_t snapshot)
{
    return snapshot < plot->facts.longest ? plot->points[layer * plot->facts.longest + snapshot]
                                          : (struct point){NAN, NAN};
}

bool plane_cell(const struct plane_plot *plot, size_t layer, size_t snapshot, struct rect *out)
{
    struct point point = snapshot_point(plot, layer, snapshot);
    if (!surface_has(&plot->frame.surface, point))
        return false;
    *out = surface_cell(&plot->frame.surface, point);
    return true;
}

static struct point between(struct point a, struct point b, double along)
{
    return (struct point){a.x + along * (b.x - a.x), a.y + along * (b.y - a.y)};
}

/* The line from the snapshot before, in the colours of the times between; a dot where there is none before. */
static void draw_segment(const struct plane_plot *plot, size_t layer, size_t to)
{
    struct point a = to == 0 ? (struct point){NAN, NAN} : snapshot_point(plot, layer, to - 1);
    struct point b = snapshot_point(plot, layer, to);
    struct pen pen = {.ink = plane_ink(plot, layer, to)};
    if (isnan(a.x) || isnan(a.y) || isnan(b.x) || isnan(b.y)) {
        surface_line(&plot->frame.surface, &pen, b, b);
        return;
    }
    if (plane_is_overlay(plot->data)) {
        surface_line(&plot->frame.surface, &pen, a, b);
        return;
    }
    struct plane_piece pieces[INK_TIME_COUNT];
    int count = plane_pieces(&plot->facts, to, pieces);
    for (int k = 0; k < count; k++) {
        pen.ink = plot->data->look.stale ? INK_DIM : (uint8_t)(INK_TIME + pieces[k].time);
        surface_line(&plot->frame.surface, &pen, between(a, b, pieces[k].from), between(a, b, pieces[k].to));
    }
}

/* Which trajectories lie over which: the front subject's over the others'. Not the layer's under the cursor, so that no
 * line changes when the cursor moves. */
enum depth { DEPTH_BACK, DEPTH_FRONT, DEPTHS };

static bool lies_at(const struct plane_plot *plot, size_t layer, enum depth depth)
{
    const struct plot_plane *data = plot->data;
    return (plane_subject(data, layer) == plane_front(data)) == (depth == DEPTH_FRONT);
}

/* Snapshot by snapshot, so that where a subject's trajectories meet the later time is seen. */
static void draw_lines(const struct plane_plot *plot)
{
    for (int depth = 0; depth < DEPTHS; depth++)
        for (size_t snapshot = 0; snapshot < plot->facts.longest; snapshot++)
            for (size_t layer = 0; layer < plot->data->count; layer++)
                if (lies_at(plot, layer, (enum depth)depth))
                    draw_segment(plot, layer, snapshot);
}

/* A cross of the deviations, under all marks. */
static void draw_deviations(const struct plane_plot *plot, size_t layer)
{
    const struct plot_trajectory *t = &plot->data->trajectories[layer];
    const struct surface *surface = &plot->frame.surface;
    size_t at;
    double dx, dy;
    if (!plane_deviations(plot->data, layer, &at, &dx, &dy))
        return;
    struct point middle = snapshot_point(plot, layer, at);
    struct point low =
        frame_point(&plot->frame, axis_fraction(&plot->x, t->x[at] - dx), axis_fraction(&plot->y, t->y[at] - dy));
    struct point high =
        frame_point(&plot->frame, axis_fraction(&plot->x, t->x[at] + dx), axis_fraction(&plot->y, t->y[at] + dy));
    low.x = isnan(low.x) ? 0 : low.x; /* a logarithmic axis never comes to nothing */
    low.y = isnan(low.y) ? surface_height(surface) - 1 : low.y;
    struct pen pen = {.ink = plane_ink(plot, layer, at)};
    surface_line(surface, &pen, (struct point){low.x, middle.y}, (struct point){high.x, middle.y});
    surface_line(surface, &pen, (struct point){middle.x, low.y}, (struct point){middle.x, high.y});
}

/* ---- marks on them ---- */

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
        for (size_t layer = 0; layer < plot->data->count; layer++) {
            struct rect at;
            if (plane_time_starts(&plot->facts, snapshot) && plane_cell(plot, layer, snapshot, &at))
                put_mark(plot, at, (uint8_t)('1' + plane_time(&plot->facts, snapshot)),
                         plane_ink(plot, layer, snapshot), 0);
        }
}

static void draw_end(const struct plane_plot *plot, size_t layer, size_t snapshot, uint8_t glyph)
{
    struct rect at;
    if (plane_cell(plot, layer, snapshot, &at))
        canvas_put(plot->frame.canvas, at.x, at.y, glyph, plane_ink(plot, layer, snapshot), CELL_BOLD);
}

static void draw_starts(const struct plane_plot *plot)
{
    size_t first, last;
    for (int depth = 0; depth < DEPTHS; depth++)
        for (size_t layer = 0; layer < plot->data->count; layer++)
            if (lies_at(plot, layer, (enum depth)depth) && plane_ends(&plot->data->trajectories[layer], &first, &last))
                draw_end(plot, layer, first, PLANE_START);
}

/* Whether a trajectory of another subject ends in the same cell. */
static bool shares_end(const struct plane_plot *plot, size_t layer, struct rect at)
{
    for (size_t k = 0; k < plot->data->count; k++) {
        size_t first, last;
        struct rect other;
        if (plane_subject(plot->data, k) != plane_subject(plot->data, layer) &&
            plane_ends(&plot->data->trajectories[k], &first, &last) && plane_cell(plot, k, last, &other) &&
            other.x == at.x && other.y == at.y)
            return true;
    }
    return false;
}

static void draw_ends(const struct plane_plot *plot)
{
    size_t first, last;
    for (int depth = 0; depth < DEPTHS; depth++)
        for (size_t layer = 0; layer < plot->data->count; layer++) {
            struct rect at;
            if (!lies_at(plot, layer, (enum depth)depth) ||
                !plane_ends(&plot->data->trajectories[layer], &first, &last) || !plane_cell(plot, layer, last, &at))
                continue;
            draw_end(plot, layer, last, shares_end(plot, layer, at) ? PLANE_END : plane_end_glyph(plot, layer));
        }
}

void plane_draw_trajectories(const struct plane_plot *plot)
{
    draw_lines(plot);
    for (size_t layer = 0; layer < plot->data->count; layer++)
        draw_deviations(plot, layer);
    draw_starts(plot);
    draw_ends(plot);
    draw_digits(plot);
}

/* ---- arrowheads ---- */

/* A cell is about twice as high as it is wide: distances are in columns. */
static double distance(struct rect a, struct rect b)
{
    return hypot(a.x - b.x, 2.0 * (a.y - b.y));
}

/* Whether a point of the surface, in dots, is nearer than `near` columns to the line between two others. False where
 * one of them is no number. */
static bool is_near(const struct surface *surface, struct point point, struct point a, struct point b, double near)
{
    double x = 1.0 / surface->dots_x, y = 2.0 / surface->dots_y;
    double px = (point.x - a.x) * x, py = (point.y - a.y) * y, qx = (point.x - b.x) * x, qy = (point.y - b.y) * y;
    if ((px > near && qx > near) || (px < -near && qx < -near) || (py > near && qy > near) ||
        (py < -near && qy < -near))
        return false; /* most lines by far */
    double dx = px - qx, dy = py - qy;
    double length = dx * dx + dy * dy, along = length > 0 ? (px * dx + py * dy) / length : 0;
    along = along < 0 ? 0 : along > 1 ? 1 : along;
    px -= along * dx;
    py -= along * dy;
    return px * px + py * py < near * near;
}

/* Whether no other trajectory passes near a point: where several run together an arrowhead is noise. */
static bool is_apart(const struct plane_plot *plot, size_t layer, struct point point)
{
    static const double near = 2.5;
    for (size_t k = 0; k < plot->data->count; k++)
        for (size_t to = 1; to < plot->facts.longest && k != layer; to++)
            if (is_near(&plot->frame.surface, point, snapshot_point(plot, k, to - 1), snapshot_point(plot, k, to),
                        near))
                return false;
    return true;
}

struct arrows {
    struct rect items[ARROWS_MAX];
    size_t count;
};

/* Whether a head may stand there: on a line or a blank, no mark beside it and no other head near. */
static bool has_room(const struct plane_plot *plot, const struct arrows *arrows, struct rect at)
{
    static const double spacing = 8;
    for (int x = at.x - 1; x <= at.x + 1; x++) {
        const struct cell *cell = canvas_at(plot->frame.canvas, x, at.y);
        if (cell != NULL && frame_in_plot(&plot->frame, x, at.y) && cell->glyph != 0 && !plane_is_line(cell->glyph))
            return false;
    }
    for (size_t k = 0; k < arrows->count; k++)
        if (distance(arrows->items[k], at) < spacing)
            return false;
    return arrows->count < ARROWS_MAX;
}

/* Where it belongs, or near there; not at all where neither will do. */
static void draw_arrow(const struct plane_plot *plot, size_t layer, const struct plane_arrow *arrow, bool alone,
                       struct arrows *arrows)
{
    uint8_t glyph = fabs(arrow->dx) >= fabs(arrow->dy) ? (arrow->dx > 0 ? '>' : '<') : (arrow->dy > 0 ? '^' : 'v');
    struct point a = snapshot_point(plot, layer, arrow->to - 1), b = snapshot_point(plot, layer, arrow->to);
    static const double shifts[] = {0, 0.12, -0.12, 0.25, -0.25};
    for (size_t k = 0; k < sizeof shifts / sizeof *shifts; k++) {
        struct point point = between(a, b, fmax(0, fmin(1, arrow->along + shifts[k])));
        struct rect at = surface_cell(&plot->frame.surface, point);
        if (!surface_has(&plot->frame.surface, point) || !has_room(plot, arrows, at) ||
            (alone && !is_apart(plot, layer, point)))
            continue;
        canvas_put(plot->frame.canvas, at.x, at.y, glyph, plane_ink(plot, layer, arrow->to), 0);
        arrows->items[arrows->count++] = at;
        return;
    }
}

static void draw_arrows_of(const struct plane_plot *plot, size_t layer, bool alone, struct arrows *arrows)
{
    /* Of several subjects there are too many lines for two each. */
    struct plane_extent extent = {.width = plot->frame.plot.columns,
                                  .height = 2 * plot->frame.plot.rows,
                                  .one_arrow = plane_is_overlay(plot->data) ? 12 : 6,
                                  .two_arrows = plane_is_overlay(plot->data) ? INFINITY : 30};
    struct plane_arrow heads[PLANE_ARROWS];
    int count = plane_arrows(&plot->data->trajectories[layer], &plot->x, &plot->y, extent, heads);
    for (int k = 0; k < count; k++)
        draw_arrow(plot, layer, &heads[k], alone, arrows);
}

/* On trajectories where they run alone; where none does, on the first that has room. */
void plane_draw_arrows(const struct plane_plot *plot)
{
    struct arrows arrows = {.count = 0};
    for (size_t layer = 0; layer < plot->data->count; layer++)
        draw_arrows_of(plot, layer, true, &arrows);
    for (size_t layer = 0; layer < plot->data->count && arrows.count == 0; layer++)
        draw_arrows_of(plot, layer, false, &arrows);
}

/* ---- the cursor ---- */

static void mark_cursor(const struct plane_plot *plot, size_t layer, bool reversed)
{
    struct rect at;
    if (!plane_cell(plot, layer, plane_cursor(plot->data, layer), &at))
        return;
    struct cell *cell = canvas_at(plot->frame.canvas, at.x, at.y);
    if (reversed && plane_is_overlay(plot->data) && cell->glyph != PLANE_END)
        cell->glyph = plane_end_glyph(plot, layer);
    else if (cell->glyph == 0 || plane_is_line(cell->glyph))
        cell->glyph = 'o';
    cell->ink = INK_CURSOR;
    cell->attributes = reversed ? CELL_BOLD | CELL_REVERSE : 0;
}

/* The layer under the cursor has a mark in reverse, over the others' plain ones; of several subjects the others have
 * none, they would be too many. */
void plane_draw_cursor(const struct plane_plot *plot)
{
    const struct plot_plane *data = plot->data;
    bool all = data->layer < 0;
    for (size_t layer = 0; layer < data->count && !all && !plane_is_overlay(data); layer++)
        mark_cursor(plot, layer, false);
    for (int depth = 0; depth < DEPTHS; depth++)
        for (size_t layer = 0; layer < data->count; layer++)
            if (lies_at(plot, layer, (enum depth)depth) && (all || plane_under_cursor(data, layer)))
                mark_cursor(plot, layer, true);
}
