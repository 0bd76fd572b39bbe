#include <math.h>
#include <stdio.h>
#include <string.h>

#include "axis.h"

static const double largest = 1e300, narrowest = 1e-290, narrowest_relative = 1e-9;

bool value_usable(double value)
{
    return fabs(value) <= largest; /* false for a NaN */
}

struct range range_empty(void)
{
    return (struct range){.lo = INFINITY, .hi = -INFINITY};
}

bool range_is_empty(struct range range)
{
    return range.lo > range.hi;
}

void range_add(struct range *range, double value)
{
    if (!value_usable(value))
        return;
    range->lo = fmin(range->lo, value);
    range->hi = fmax(range->hi, value);
}

struct range range_settle(struct range range)
{
    if (range_is_empty(range))
        return (struct range){.lo = 0, .hi = 1};
    double width = range.hi - range.lo, size = fmax(fabs(range.lo), fabs(range.hi));
    if (size < narrowest)
        return (struct range){.lo = 0, .hi = 1};
    if (width <= narrowest_relative * size) {
        range.lo -= 0.05 * size;
        range.hi += 0.05 * size;
    } else if (range.lo > 0 && range.lo < 0.3 * range.hi) {
        range.lo = 0;
    }
    return range;
}

double axis_fraction(const struct axis *axis, double value)
{
    return (value - axis->view.lo) / (axis->view.hi - axis->view.lo);
}

double axis_label_start(const struct axis *axis, struct axis_room room, int k, int characters)
{
    double extent = room.label + characters * room.digit;
    double start = axis_fraction(axis, tick_value(&axis->ticks, k)) * room.length - extent / 2;
    return fmax(fmin(start, room.length + room.after - extent), -room.before);
}

int axis_label(char out[32], const struct axis *axis, int k)
{
    return tick_text(out, &axis->ticks, k, axis->format);
}

int axis_label_width(const struct axis *axis)
{
    int widest = 0;
    for (int k = 0; k < axis->ticks.count; k++) {
        char text[32];
        int width = axis_label(text, axis, k);
        widest = width > widest ? width : widest;
    }
    return widest;
}

char *axis_title(char *out, size_t size, const struct axis *axis, const char *title)
{
    const char *unit = strchr(title, '[');
    if (axis->format.exponent == 0)
        snprintf(out, size, "%s", title);
    else if (unit == NULL)
        snprintf(out, size, "%s [1e%d]", title, axis->format.exponent);
    else
        snprintf(out, size, "%.*s[1e%d %s", (int)(unit - title), title, axis->format.exponent, unit + 1);
    return out;
}

/* Not below where the values start at zero, or with what rounding left below that. */
static struct range pad(struct range range, double share)
{
    double width = range.hi - range.lo;
    if (range.lo > 0 || range.lo < -0.01 * width)
        range.lo -= share * width;
    range.hi += share * width;
    return range;
}

struct candidate {
    struct range values; /* padded */
    struct axis_room room;
};

static struct axis label(struct range values, const struct ticks *ticks)
{
    struct axis axis = {.view = values, .ticks = *ticks, .format = tick_format(ticks)};
    if (ticks->count > 0) {
        range_add(&axis.view, tick_value(ticks, 0));
        range_add(&axis.view, tick_value(ticks, ticks->count - 1));
    }
    return axis;
}

static bool labels_apart(const struct ticks *ticks, const void *context)
{
    const struct candidate *candidate = context;
    const struct axis_room *room = &candidate->room;
    struct axis axis = label(candidate->values, ticks);
    double end = -INFINITY;
    for (int k = 0; k < ticks->count; k++) {
        char text[32];
        int characters = axis_label(text, &axis, k);
        double start = axis_label_start(&axis, *room, k, characters);
        if (start < end + room->gap)
            return false;
        end = start + room->label + characters * room->digit;
    }
    return true;
}

struct axis axis_make(struct range range, struct axis_room room)
{
    struct candidate candidate = {.values = pad(range, room.pad), .room = room};
    struct ticks ticks = ticks_choose(range.lo, range.hi, room.length / room.spacing + 1, labels_apart, &candidate);
    return label(candidate.values, &ticks);
}
