#include <math.h>
#include <stdio.h>

#include <base/text.h>

#include "plane.h"

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

struct plane_facts plane_study(const struct plot_plane *data)
{
    struct plane_facts facts = {.x = range_empty(), .y = range_empty()};
    for (size_t k = 0; k < data->count; k++) {
        const struct plot_trajectory *trajectory = &data->trajectories[k];
        facts.longest = trajectory->count > facts.longest ? trajectory->count : facts.longest;
        for (size_t snapshot = 0; snapshot < trajectory->count; snapshot++)
            if (plane_has(trajectory, snapshot)) {
                range_add(&facts.x, trajectory->x[snapshot]);
                range_add(&facts.y, trajectory->y[snapshot]);
            }
    }
    facts.any = !range_is_empty(facts.x);
    facts.x = range_settle(facts.x);
    facts.y = range_settle(facts.y);
    return facts;
}

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

static bool segment(const struct plot_trajectory *trajectory, const struct axis *x, const struct axis *y,
                    struct plane_extent extent, struct plane_arrow *arrow, double *length)
{
    size_t to = arrow->to;
    if (!plane_has(trajectory, to) || !plane_has(trajectory, to - 1))
        return false;
    arrow->dx = (axis_fraction(x, trajectory->x[to]) - axis_fraction(x, trajectory->x[to - 1])) * extent.width;
    arrow->dy = (axis_fraction(y, trajectory->y[to]) - axis_fraction(y, trajectory->y[to - 1])) * extent.height;
    *length = hypot(arrow->dx, arrow->dy);
    return true;
}

int plane_arrows(const struct plot_trajectory *trajectory, const struct axis *x, const struct axis *y,
                 struct plane_extent extent, struct plane_arrow out[PLANE_ARROWS])
{
    double total = 0, walked = 0, length;
    struct plane_arrow arrow;
    for (arrow.to = 1; arrow.to < trajectory->count; arrow.to++)
        if (segment(trajectory, x, y, extent, &arrow, &length))
            total += length;
    int wanted = total < extent.one_arrow ? 0 : total < extent.two_arrows ? 1 : 2, count = 0;
    for (arrow.to = 1; arrow.to < trajectory->count && count < wanted; arrow.to++) {
        if (!segment(trajectory, x, y, extent, &arrow, &length))
            continue;
        while (count < wanted && length > 0 && walked + length >= total * (count + 1) / (wanted + 1)) {
            arrow.along = (total * (count + 1) / (wanted + 1) - walked) / length;
            out[count++] = arrow;
        }
        walked += length;
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
