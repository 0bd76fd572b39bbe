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
