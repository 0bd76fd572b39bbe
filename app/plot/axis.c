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

struct range range_settle_log(struct range range)
{
    const double least_factor = 2, reach_below = 1e-3;
    if (range_is_empty(range) || !(range.hi > narrowest))
        return (struct range){.lo = 1, .hi = 10};
    if (!(range.lo >= narrowest))
        range.lo = fmax(range.hi * reach_below, narrowest);
    if (range.hi < least_factor * range.lo) {
        double middle = sqrt(range.lo) * sqrt(range.hi);
        range.lo = middle / sqrt(least_factor);
        range.hi = middle * sqrt(least_factor);
    }
    return range;
}

static double decades(struct range range)
{
    return log10(range.hi) - log10(range.lo);
}

double axis_fraction(const struct axis *axis, double value)
{
    if (axis->log) /* of logarithms, as the ratio may overflow */
        return value > 0 ? (log10(value) - log10(axis->view.lo)) / decades(axis->view) : NAN;
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

bool axis_minor(const struct axis *axis, int k, double spacing, double *value)
{
    static const int few[] = {2, 5};
    if (!axis->log || axis->ticks.per_decade == 0)
        return false;
    double width = decades(axis->view), first = floor(log10(axis->view.lo));
    bool all = log10(10 / 9.0) / width >= spacing, any = log10(2) / width >= spacing;
    int per_decade = all ? 8 : 2;
    int decade = k / per_decade;
    if (!any || decade > width + 1)
        return false;
    *value = (all ? k % per_decade + 2 : few[k % per_decade]) * pow(10, first + decade);
    return true;
}

/* What rounding left below zero is no value below it. */
struct range range_pad(struct range range, double share, bool log)
{
    double width = range.hi - range.lo;
    if (log) {
        double factor = pow(10, share * decades(range));
        return (struct range){range.lo / factor, range.hi * factor};
    }
    if (range.lo > 0 || range.lo < -0.01 * width)
        range.lo -= share * width;
    range.hi += share * width;
    return range;
}

struct candidate {
    struct range values; /* padded */
    struct axis_room room;
};

static struct axis label(const struct candidate *candidate, struct ticks ticks)
{
    struct axis axis = {.view = candidate->values, .log = candidate->room.log};
    if (candidate->room.exact || axis.log)
        ticks_clip(&ticks, axis.view.lo, axis.view.hi);
    axis.ticks = ticks;
    axis.format = tick_format(&ticks);
    if (ticks.count > 0 && !axis.log) {
        range_add(&axis.view, tick_value(&ticks, 0));
        range_add(&axis.view, tick_value(&ticks, ticks.count - 1));
    }
    return axis;
}

static bool labels_apart(const struct ticks *ticks, const void *context)
{
    const struct candidate *candidate = context;
    const struct axis_room *room = &candidate->room;
    struct axis axis = label(candidate, *ticks);
    double end = -INFINITY;
    for (int k = 0; k < axis.ticks.count; k++) {
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
    if (room.log && !(range.lo > 0 && range.hi > range.lo))
        range = range_settle_log(range);
    struct candidate candidate = {.values = room.exact ? range : range_pad(range, room.pad, room.log), .room = room};
    double target = room.length / room.spacing + 1;
    struct ticks ticks =
        room.log ? ticks_choose_log(candidate.values.lo, candidate.values.hi, target, labels_apart, &candidate)
                 : ticks_choose(range.lo, range.hi, target, labels_apart, &candidate);
    return label(&candidate, ticks);
}

bool range_is_asked(struct range asked)
{
    double size = fmax(fabs(asked.lo), fabs(asked.hi));
    return value_usable(asked.lo) && value_usable(asked.hi) && size > narrowest &&
           asked.hi - asked.lo > narrowest_relative * size;
}

struct axis axis_show(struct range asked, struct range data, struct axis_room room)
{
    if (!range_is_asked(asked))
        return axis_make(data, room);
    room.exact = true;
    return axis_make(asked, room);
}
