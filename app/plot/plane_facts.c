#include <math.h>
#include <stdio.h>
#include <string.h>

#include <base/text.h>

#include "plane.h"
#include "surface.h"

bool plane_has(const struct plot_trajectory *trajectory, size_t snapshot)
{
    return snapshot < trajectory->count && value_usable(trajectory->x[snapshot]) &&
           value_usable(trajectory->y[snapshot]);
}

bool plane_ends(const struct plot_trajectory *trajectory, size_t *first, size_t *last)
{
    size_t from = 0, to = trajectory->count;
    while (from < to && !plane_has(trajectory, from))
        from++;
    while (to > from && !plane_has(trajectory, to - 1))
        to--;
    if (from == to)
        return false;
    *first = from;
    *last = to - 1;
    return true;
}

/* ---- whose a trajectory is ---- */

bool plane_is_overlay(const struct plot_plane *data)
{
    return data->subjects > 1;
}

size_t plane_subject(const struct plot_plane *data, size_t layer)
{
    int subject = data->trajectories[layer].subject;
    return plane_is_overlay(data) && subject > 0 && (size_t)subject < data->subjects ? (size_t)subject : 0;
}

size_t plane_front(const struct plot_plane *data)
{
    return data->look.front > 0 && (size_t)data->look.front < data->subjects ? (size_t)data->look.front : 0;
}

bool plane_same_name(const struct plot_plane *data, size_t a, size_t b)
{
    const char *first = data->trajectories[a].name, *second = data->trajectories[b].name;
    return a == b || (plane_is_overlay(data) && plane_subject(data, a) != plane_subject(data, b) && first != NULL &&
                      second != NULL && strcmp(first, second) == 0);
}

bool plane_under_cursor(const struct plot_plane *data, size_t layer)
{
    return data->layer >= 0 && (size_t)data->layer < data->count && plane_same_name(data, (size_t)data->layer, layer);
}

size_t plane_cursor(const struct plot_plane *data, size_t layer)
{
    return data->cursor[plane_subject(data, layer)];
}

size_t plane_namesake(const struct plot_plane *data, size_t layer)
{
    size_t k = plane_is_overlay(data) ? 0 : layer;
    while (k < layer && !plane_same_name(data, k, layer))
        k++;
    return k;
}

static double usable_deviation(const double *deviations, size_t snapshot)
{
    return deviations != NULL && value_usable(deviations[snapshot]) && deviations[snapshot] > 0 ? deviations[snapshot]
                                                                                                : 0;
}

bool plane_deviations(const struct plot_plane *data, size_t layer, size_t *snapshot, double *dx, double *dy)
{
    const struct plot_trajectory *t = &data->trajectories[layer];
    size_t first, at = data->layer < 0 || plane_under_cursor(data, layer) ? plane_cursor(data, layer) : SIZE_MAX;
    if (!plane_has(t, at) && !plane_ends(t, &first, &at))
        return false;
    *dx = usable_deviation(t->x_deviation, at);
    *dy = usable_deviation(t->y_deviation, at);
    *snapshot = at;
    return *dx > 0 || *dy > 0;
}

/* ---- axes ---- */

/* For the names above ends and beside them. */
static const double x_pad = 0.04, y_pad = 0.08;

/* A logarithmic plane has the points that are above zero on both axes. */
static bool can_be_drawn(const struct plot_plane *data, const struct plot_trajectory *trajectory, size_t snapshot)
{
    return plane_has(trajectory, snapshot) &&
           (!data->look.log || (trajectory->x[snapshot] > 0 && trajectory->y[snapshot] > 0));
}

struct plane_facts plane_study(const struct plot_plane *data)
{
    struct plane_facts facts = {.x = range_empty(), .y = range_empty()};
    for (size_t k = 0; k < data->count; k++) {
        const struct plot_trajectory *trajectory = &data->trajectories[k];
        facts.longest = trajectory->count > facts.longest ? trajectory->count : facts.longest;
        for (size_t snapshot = 0; snapshot < trajectory->count; snapshot++)
            if (can_be_drawn(data, trajectory, snapshot)) {
                range_add(&facts.x, trajectory->x[snapshot]);
                range_add(&facts.y, trajectory->y[snapshot]);
            }
    }
    facts.any = !range_is_empty(facts.x);
    facts.x = data->look.log ? range_settle_log(facts.x) : range_settle(facts.x);
    facts.y = data->look.log ? range_settle_log(facts.y) : range_settle(facts.y);
    return facts;
}

struct axis plane_x_axis(const struct plot_plane *data, const struct plane_facts *facts, struct axis_room room)
{
    room.log = data->look.log;
    room.pad = x_pad;
    return axis_show(data->look.x, facts->x, room);
}

struct axis plane_y_axis(const struct plot_plane *data, const struct plane_facts *facts, struct axis_room room)
{
    room.log = data->look.log;
    room.pad = y_pad;
    return axis_show(data->look.y, facts->y, room);
}

struct plot_extent plot_plane_extent(const struct plot_plane *data)
{
    struct plane_facts facts = plane_study(data);
    if (!facts.any)
        return (struct plot_extent){.x = range_empty(), .y = range_empty()};
    return (struct plot_extent){.x = range_pad(facts.x, x_pad, data->look.log),
                                .y = range_pad(facts.y, y_pad, data->look.log)};
}

const char *plane_empty(const struct plot_plane *data)
{
    size_t first, last;
    for (size_t k = 0; k < data->count; k++)
        if (plane_ends(&data->trajectories[k], &first, &last))
            return "nothing above zero for logarithmic axes";
    return plot_empty(data->look.empty);
}

/* ---- time ---- */

/* In steps, where a step k reaches from k - 0.5 to k + 0.5. */
static double time_of(const struct plane_facts *facts, size_t snapshot)
{
    if (facts->longest < 2)
        return 0;
    return (double)snapshot / (double)(facts->longest - 1) * (INK_TIME_COUNT - 1);
}

int plane_time(const struct plane_facts *facts, size_t snapshot)
{
    return (int)lround(time_of(facts, snapshot));
}

bool plane_time_starts(const struct plane_facts *facts, size_t snapshot)
{
    return snapshot == 0 || plane_time(facts, snapshot) != plane_time(facts, snapshot - 1);
}

int plane_pieces(const struct plane_facts *facts, size_t to, struct plane_piece out[INK_TIME_COUNT])
{
    double start = time_of(facts, to - 1), end = time_of(facts, to);
    int first = plane_time(facts, to - 1), last = plane_time(facts, to);
    for (int time = first; time <= last; time++)
        out[time - first] = (struct plane_piece){
            .from = time == first ? 0 : (time - 0.5 - start) / (end - start),
            .to = time == last ? 1 : (time + 0.5 - start) / (end - start),
            .time = time,
        };
    return last - first + 1;
}

/* ---- arrowheads ---- */

/* The part of the way to a snapshot that lies in view, in units of the eye. */
struct stretch {
    double dx, dy, length;
    double from, to; /* fractions of the way */
};

static bool in_view(const struct plot_trajectory *trajectory, size_t to, const struct axis *x, const struct axis *y,
                    struct plane_extent extent, struct stretch *out)
{
    if (!plane_has(trajectory, to) || !plane_has(trajectory, to - 1))
        return false;
    struct point a = {axis_fraction(x, trajectory->x[to - 1]), axis_fraction(y, trajectory->y[to - 1])};
    struct point b = {axis_fraction(x, trajectory->x[to]), axis_fraction(y, trajectory->y[to])}, from = a, end = b;
    double whole = hypot(b.x - a.x, b.y - a.y);
    if (!clip_line(&from, &end, (struct point){0, 0}, (struct point){1, 1}))
        return false;
    double dx = (end.x - from.x) * extent.width, dy = (end.y - from.y) * extent.height;
    double start = whole > 0 ? hypot(from.x - a.x, from.y - a.y) / whole : 0;
    double stop = whole > 0 ? hypot(end.x - a.x, end.y - a.y) / whole : 1;
    *out = (struct stretch){.dx = dx, .dy = dy, .length = hypot(dx, dy), .from = start, .to = stop};
    return true;
}

int plane_arrows(const struct plot_trajectory *trajectory, const struct axis *x, const struct axis *y,
                 struct plane_extent extent, struct plane_arrow out[PLANE_ARROWS])
{
    double total = 0, walked = 0;
    struct stretch s;
    for (size_t to = 1; to < trajectory->count; to++)
        if (in_view(trajectory, to, x, y, extent, &s))
            total += s.length;
    int wanted = total < extent.one_arrow ? 0 : total < extent.two_arrows ? 1 : 2, count = 0;
    for (size_t to = 1; to < trajectory->count && count < wanted; to++) {
        if (!in_view(trajectory, to, x, y, extent, &s))
            continue;
        for (double next; count < wanted && s.length > 0; count++) {
            next = total * (count + 1) / (wanted + 1) - walked;
            if (s.length < next)
                break;
            out[count] = (struct plane_arrow){
                .to = to, .along = s.from + (s.to - s.from) * next / s.length, .dx = s.dx, .dy = s.dy};
        }
        walked += s.length;
    }
    return count;
}

char *plane_span(char out[96], const struct plot_plane *data, const struct plane_facts *facts)
{
    size_t last = facts->longest > 0 ? facts->longest - 1 : 0;
    char from[32], to[32];
    if (data->epochs != NULL && facts->longest > 0 && isfinite(data->epochs[0]) && isfinite(data->epochs[last]))
        snprintf(out, 96, "epoch %s to %s", text_short(from, data->epochs[0], 3),
                 text_short(to, data->epochs[last], 3));
    else
        snprintf(out, 96, "snapshot 1 to %zu", last + 1);
    return out;
}
