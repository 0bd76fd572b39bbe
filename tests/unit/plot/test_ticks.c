#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <plot/axis.h>

/* All labels of lo..hi, as `0 2 4 e-3`. */
static const char *labels(double lo, double hi, double target)
{
    static char out[512];
    struct ticks ticks = ticks_choose(lo, hi, target, NULL, NULL);
    struct tick_format format = tick_format(&ticks);
    out[0] = '\0';
    for (int k = 0; k < ticks.count; k++) {
        char text[32];
        tick_text(text, &ticks, k, format);
        strcat(strcat(out, k > 0 ? " " : ""), text);
    }
    if (format.exponent != 0)
        sprintf(out + strlen(out), " e%d", format.exponent);
    return out;
}

Test(ticks, label_as_the_paper_does)
{
    cr_expect_str_eq(labels(8.1, 14.1, 4), "8 10 12 14"); /* the example of the R package `labeling` */
    cr_expect_str_eq(labels(0, 1, 5), "0.00 0.25 0.50 0.75 1.00");
    cr_expect_str_eq(labels(0, 10, 5), "0.0 2.5 5.0 7.5 10.0");
    cr_expect_str_eq(labels(0, 100, 6), "0 20 40 60 80 100");
    cr_expect_str_eq(labels(1995, 2010, 4), "1995 2000 2005 2010");
    cr_expect_str_eq(labels(0, 6.13, 5), "0 2 4 6");
    cr_expect_str_eq(labels(-3, 3, 4), "-2.5 0.0 2.5");
}

Test(ticks, divide_out_powers_of_ten)
{
    cr_expect_str_eq(labels(0, 3.7e-8, 5), "0 1 2 3 4 e-8");
    cr_expect_str_eq(labels(0, 4e6, 5), "0 1 2 3 4 e6");
    cr_expect_str_eq(labels(0.0005, 0.002, 4), "0.0005 0.0010 0.0015 0.0020");
    cr_expect_str_eq(labels(0, 1e300, 3), "0.0 0.5 1.0 e300");
    cr_expect_str_eq(labels(-1e-280, 1e-280, 3), "-1 0 1 e-280");
}

static double random_value(void)
{
    double mantissa = 2.0 * rand() / RAND_MAX - 1;
    return mantissa * pow(10, rand() % 20 - 10);
}

Test(ticks, cover_the_range_evenly_and_do_not_collide)
{
    srand(3);
    for (int round = 0; round < 3000; round++) {
        struct range seen = range_empty();
        range_add(&seen, random_value());
        range_add(&seen, random_value());
        struct range range = range_settle(seen);
        cr_assert_leq(range.lo, fmin(seen.lo, seen.hi));
        cr_assert_geq(range.hi, seen.hi);
        struct axis_room room = {.length = 10 + rand() % 150, .before = 5, .spacing = 12, .gap = 2, .digit = 1};
        struct axis axis = axis_make(range, room);
        if (axis.ticks.count == 0) {
            cr_assert_lt(room.length, 30, "no labels on %g columns", room.length);
            continue;
        }
        double end = -INFINITY, last = tick_value(&axis.ticks, axis.ticks.count - 1), step = axis.ticks.step;
        cr_assert_geq(axis.ticks.count, 2);
        cr_assert(axis.view.lo <= range.lo && axis.view.hi >= range.hi);
        cr_assert(axis.ticks.first >= axis.view.lo && last <= axis.view.hi + 1e-9 * step);
        cr_assert(axis.ticks.first < range.lo + (range.hi - range.lo) * 0.75 &&
                  last > range.hi - 0.75 * (range.hi - range.lo));
        for (int k = 0; k < axis.ticks.count; k++) {
            char text[32];
            int length = axis_label(text, &axis, k);
            double start = axis_label_start(&axis, room, k, length);
            cr_assert(start >= end + room.gap && start >= -room.before);
            end = start + length;
            double said = strtod(text, NULL) * pow(10, axis.format.exponent);
            cr_assert(fabs(said - tick_value(&axis.ticks, k)) <= 1e-3 * step, "%s for %.17g", text,
                      tick_value(&axis.ticks, k));
        }
        cr_assert_leq(end, room.length + 1e-9);
    }
}

Test(axis, settles_what_has_no_width)
{
    struct range range = range_settle(range_empty());
    cr_expect(range.lo == 0 && range.hi == 1);
    static const double alone[] = {0, 5, -5, 1e-30, 1e300, -1e300, 1e-299, NAN, INFINITY};
    for (size_t k = 0; k < sizeof alone / sizeof *alone; k++) {
        range = range_empty();
        range_add(&range, alone[k]);
        range = range_settle(range);
        cr_expect(isfinite(range.hi - range.lo) && range.hi > range.lo, "%g", alone[k]);
        if (value_usable(alone[k]))
            cr_expect(range.lo <= alone[k] && alone[k] <= range.hi);
    }
}

Test(axis, puts_the_power_of_ten_into_the_unit)
{
    char out[64];
    struct axis axis = {.format = {.exponent = -5}};
    cr_expect_str_eq(axis_title(out, sizeof out, &axis, "I(X;T) [bits]"), "I(X;T) [1e-5 bits]");
    cr_expect_str_eq(axis_title(out, sizeof out, &axis, "x"), "x [1e-5]");
    axis.format.exponent = 0;
    cr_expect_str_eq(axis_title(out, sizeof out, &axis, "I(X;T) [bits]"), "I(X;T) [bits]");
}

/* All labels of a logarithmic axis, as `1 10 100`. */
static const char *log_labels(double lo, double hi, double columns)
{
    static char out[512];
    struct axis_room room = {.length = columns, .before = 5, .spacing = 12, .gap = 2, .digit = 1, .log = true};
    struct axis axis = axis_make((struct range){lo, hi}, room);
    out[0] = '\0';
    for (int k = 0; k < axis.ticks.count; k++) {
        char text[32];
        axis_label(text, &axis, k);
        strcat(strcat(out, k > 0 ? " " : ""), text);
    }
    return out;
}

Test(axis, labels_decades)
{
    cr_expect_str_eq(log_labels(0.1, 100, 80), "0.1 0.2 0.5 1 2 5 10 20 50 100");
    cr_expect_str_eq(log_labels(0.1, 100, 24), "0.1 1 10 100");
    cr_expect_str_eq(log_labels(0.3, 30, 60), "0.5 1 2 5 10 20");
    cr_expect_str_eq(log_labels(1e-7, 1e7, 24), "0.0001 1 10000");
    cr_expect_str_eq(log_labels(3, 5, 60), "3.0 3.5 4.0 4.5 5.0");
    cr_expect_str_eq(log_labels(1e-300, 1e300, 40), "1e-256 1e-128 1 1e128 1e256");
    cr_expect_str_eq(log_labels(0, 100, 40), "0.1 1 10 100"); /* zero is three decades down */
}

Test(axis, log_places_are_in_proportion)
{
    struct axis_room room = {.length = 60, .spacing = 12, .gap = 2, .digit = 1, .log = true};
    struct axis axis = axis_make((struct range){0.1, 100}, room);
    cr_expect_float_eq(axis_fraction(&axis, 0.1), 0, 1e-12);
    cr_expect_float_eq(axis_fraction(&axis, 1), 1 / 3.0, 1e-12);
    cr_expect_float_eq(axis_fraction(&axis, 1000), 4 / 3.0, 1e-12);
    cr_expect(isnan(axis_fraction(&axis, 0)) && isnan(axis_fraction(&axis, -1)) && isnan(axis_fraction(&axis, NAN)));
}

Test(axis, minor_ticks_thin_out)
{
    struct axis_room room = {.length = 60, .spacing = 12, .gap = 2, .digit = 1, .log = true};
    struct axis axis = axis_make((struct range){1, 100}, room);
    double value;
    cr_expect(axis_minor(&axis, 0, 0.01, &value) && value == 2);
    cr_expect(axis_minor(&axis, 15, 0.01, &value) && fabs(value - 90) < 1e-9);
    cr_expect(axis_minor(&axis, 1, 0.1, &value) && value == 5);
    cr_expect_not(axis_minor(&axis, 0, 0.2, &value));
    cr_expect_not(axis_minor(&axis, 1000, 0.01, &value));
    axis = axis_make((struct range){1, 100}, (struct axis_room){.length = 60, .spacing = 12, .digit = 1});
    cr_expect_not(axis_minor(&axis, 0, 0.01, &value));
}

Test(axis, exact_to_the_last_value)
{
    struct axis_room room = {.length = 60, .spacing = 12, .gap = 2, .digit = 1, .pad = 0.1, .exact = true};
    struct axis axis = axis_make((struct range){0.13, 9.7}, room);
    cr_expect(axis.view.lo == 0.13 && axis.view.hi == 9.7);
    cr_assert_geq(axis.ticks.count, 2);
    cr_expect(tick_value(&axis.ticks, 0) >= 0.13 && tick_value(&axis.ticks, axis.ticks.count - 1) <= 9.7);
}

Test(axis, one_label_at_zero)
{
    struct ticks ticks = {.first = -5, .step = 5, .count = 3};
    ticks_clip(&ticks, -0.1, 0.1);
    cr_assert_eq(ticks.count, 1);
    struct tick_format format = tick_format(&ticks);
    char text[32];
    tick_text(text, &ticks, 0, format);
    cr_expect_str_eq(text, "0");
}

Test(axis, settles_what_has_no_decades)
{
    static const double alone[] = {0, 5, -5, 1e-30, 1e300, -1e300, 1e-299, NAN, INFINITY};
    for (size_t k = 0; k < sizeof alone / sizeof *alone; k++) {
        struct range range = range_empty();
        range_add(&range, alone[k]);
        range = range_settle_log(range);
        cr_expect(range.lo > 0 && range.hi > 1.9 * range.lo && isfinite(range.hi), "%g", alone[k]);
    }
}
