/* Colours by what the eye makes of them: contrast as WCAG 2 has it, lightness as CIE L*. */
#include <criterion/criterion.h>
#include <math.h>

#include <plot/palette.h>
#include <plot/plot.h>

static double linear(unsigned channel)
{
    double value = channel / 255.0;
    return value <= 0.03928 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static double luminance(uint32_t rgb)
{
    return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8 & 0xFF) + 0.0722 * linear(rgb & 0xFF);
}

static double contrast(uint32_t a, uint32_t b)
{
    double brighter = fmax(luminance(a), luminance(b)), darker = fmin(luminance(a), luminance(b));
    return (brighter + 0.05) / (darker + 0.05);
}

static double lightness(uint8_t ink, bool light)
{
    double y = luminance(palette_rgb(ink, light));
    return y > 0.008856 ? 116 * cbrt(y) - 16 : 903.3 * y;
}

Test(palette, knows_contrast)
{
    cr_expect_float_eq(contrast(0x000000, 0xFFFFFF), 21, 1e-9);
    cr_expect_float_eq(contrast(0x767676, 0xFFFFFF), 4.54, 0.005);
}

/* Solarized's light background is about as dark as a light one gets, and this grey as light as a dark one. */
Test(palette, is_readable)
{
    static const uint32_t dark[] = {0x000000, 0x121212, 0x1E1E1E}, light[] = {0xFFFFFF, 0xFDF6E3};
    cr_expect_geq(contrast(palette_background(false), palette_background(true)), 15);
    for (uint8_t ink = INK_NONE; ink < INK_TIME; ink++) {
        for (size_t k = 0; k < sizeof dark / sizeof *dark; k++)
            cr_expect_geq(contrast(palette_rgb(ink, false), dark[k]), 3, "ink %d on %06x", ink, dark[k]);
        for (size_t k = 0; k < sizeof light / sizeof *light; k++)
            cr_expect_geq(contrast(palette_rgb(ink, true), light[k]), 3, "ink %d on %06x", ink, light[k]);
    }
}

Test(palette, grows_lighter_with_time)
{
    for (int light = 0; light < 2; light++)
        for (uint8_t ink = INK_TIME + 1; ink < INK_COUNT; ink++)
            cr_expect_gt(lightness(ink, light), lightness(ink - 1, light), "ink %d, light %d", ink, light);
}

/* The latest steps are what is looked for, the earliest ones crowd near the origin. */
Test(palette, shows_time_on_its_background)
{
    for (uint8_t ink = INK_TIME; ink < INK_COUNT; ink++) {
        cr_expect_geq(contrast(palette_rgb(ink, true), palette_background(true)), 3, "ink %d", ink);
        cr_expect_geq(contrast(palette_rgb(ink, false), palette_background(false)), ink == INK_TIME ? 2.5 : 3, "ink %d",
                      ink);
    }
}

/* What is said by ink alone: the warning is nothing else's colour, and no two series or steps are alike. */
Test(palette, tells_inks_apart)
{
    for (int light = 0; light < 2; light++) {
        for (uint8_t a = INK_SERIES; a < INK_TIME; a++)
            for (uint8_t b = INK_SERIES; b < a; b++)
                cr_expect_neq(palette_rgb(a, light), palette_rgb(b, light), "series %d and %d, light %d", a, b, light);
        for (uint8_t ink = 0; ink < INK_COUNT; ink++)
            if (ink != INK_WARN)
                cr_expect_neq(palette_rgb(ink, light), palette_rgb(INK_WARN, light), "ink %d, light %d", ink, light);
    }
}

/* ---- eyes that lack a kind of cone ---- */

enum { EYES = 4 };

/* What of linear red, green and blue is left to see: all; without red's, green's, blue's cones (Machado et al. 2009). */
static const double eyes[EYES][3][3] = {
    {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
    {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
    {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
    {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}};

static double lab_root(double t)
{
    return t > 0.008856 ? cbrt(t) : 7.787 * t + 16.0 / 116;
}

static void see(uint32_t rgb, int eye, double lab[3])
{
    const double linear_rgb[] = {linear(rgb >> 16), linear(rgb >> 8 & 0xFF), linear(rgb & 0xFF)};
    double seen[3] = {0};
    for (int row = 0; row < 3; row++) {
        for (int column = 0; column < 3; column++)
            seen[row] += eyes[eye][row][column] * linear_rgb[column];
        seen[row] = fmin(fmax(seen[row], 0), 1);
    }
    double x = lab_root((0.4124 * seen[0] + 0.3576 * seen[1] + 0.1805 * seen[2]) / 0.95047);
    double y = lab_root(0.2126 * seen[0] + 0.7152 * seen[1] + 0.0722 * seen[2]);
    double z = lab_root((0.0193 * seen[0] + 0.1192 * seen[1] + 0.9505 * seen[2]) / 1.08883);
    lab[0] = 116 * y - 16;
    lab[1] = 500 * (x - y);
    lab[2] = 200 * (y - z);
}

/* How unlike two inks are to that one of all eyes to which they are most alike, in CIE L*a*b*. */
static double apart(uint8_t a, uint8_t b, bool light)
{
    double least = INFINITY;
    for (int eye = 0; eye < EYES; eye++) {
        double one[3], other[3], sum = 0;
        see(palette_rgb(a, light), eye, one);
        see(palette_rgb(b, light), eye, other);
        for (int k = 0; k < 3; k++)
            sum += (one[k] - other[k]) * (one[k] - other[k]);
        least = fmin(least, sqrt(sum));
    }
    return least;
}

/* Four subjects can be compared, the first four series; more only where each line has its name beside it. */
Test(palette, tells_series_apart_to_the_colour_blind)
{
    for (int light = 0; light < 2; light++)
        for (uint8_t a = INK_SERIES; a < INK_TIME; a++)
            for (uint8_t b = INK_SERIES; b < a; b++)
                cr_expect_geq(apart(a, b, light), a < INK_SERIES + 4 ? 25 : 17, "series %d and %d, light %d",
                              a - INK_SERIES, b - INK_SERIES, light);
}

Test(palette, shows_the_colour_blind_each_step_of_time)
{
    for (uint8_t ink = INK_TIME + 1; ink < INK_COUNT; ink++)
        cr_expect_geq(apart(ink, ink - 1, true), 7.5, "step %d", ink - INK_TIME);
}

/* Yellow and cyan on white, and black on black, are not to be seen, whatever a terminal makes of its 8 colours. */
Test(palette, avoids_what_eight_colors_hide)
{
    for (uint8_t ink = 0; ink < INK_COUNT; ink++) {
        int on_light = plot_color(ink, PLOT_8, true);
        cr_expect(on_light != 3 && on_light != 6 && on_light != 7, "ink %d", ink);
        cr_expect_neq(plot_color(ink, PLOT_8, false), 0, "ink %d", ink);
        cr_expect_eq(plot_color(ink, PLOT_MONO, false), -1);
    }
}
