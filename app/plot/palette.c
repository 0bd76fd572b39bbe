#include <plot/plot.h>

#include "palette.h"

/* By ink. -1 leaves a cell in the terminal's own colour. Time grows lighter from step to step; with 8 colours there are
 * too few for that and the digits carry it. Of 256, the series are told apart by the colour-blind too, the first four best
 * (tests/unit/plot/test_palette.c). */
struct palette {
    int8_t eight[INK_COUNT];
    int16_t many[INK_COUNT];
};

static const struct palette on_dark = {
    .eight = {[INK_NONE] = -1,
              [INK_DIM] = -1,
              [INK_TITLE] = -1,
              [INK_WARN] = 1,
              [INK_BOUND] = 3,
              [INK_CURSOR] = 5,
              [INK_SERIES] = 6,
              2,
              3,
              5,
              4,
              1,
              7,
              6,
              [INK_TIME] = 4,
              4,
              6,
              6,
              2,
              2,
              3,
              3},
    .many = {[INK_NONE] = -1,
             [INK_DIM] = 243,
             [INK_TITLE] = 255,
             [INK_WARN] = 203,
             [INK_BOUND] = 179,
             [INK_CURSOR] = 213,
             [INK_SERIES] = 75,
             166,
             48,
             99,
             182,
             31,
             151,
             101,
             [INK_TIME] = 24,
             60,
             30,
             36,
             42,
             113,
             184,
             220},
};

/* Later is lighter here as well, but no lighter than can be seen on white (3:1). Of 8 colours yellow and cyan cannot.
 */
static const struct palette on_light = {
    .eight = {[INK_NONE] = -1,
              [INK_DIM] = -1,
              [INK_TITLE] = -1,
              [INK_WARN] = 1,
              [INK_BOUND] = -1,
              [INK_CURSOR] = 5,
              [INK_SERIES] = 4,
              2,
              1,
              5,
              0,
              4,
              2,
              1,
              [INK_TIME] = 5,
              5,
              4,
              4,
              2,
              2,
              0,
              0},
    .many = {[INK_NONE] = -1,
             [INK_DIM] = 245,
             [INK_TITLE] = 16,
             [INK_WARN] = 160,
             [INK_BOUND] = 130,
             [INK_CURSOR] = 163,
             [INK_SERIES] = 25,
             100,
             132,
             56,
             88,
             99,
             167,
             89,
             [INK_TIME] = 53,
             54,
             24,
             60,
             30,
             64,
             100,
             136},
};

int plot_color(uint8_t ink, enum plot_colors colors, bool light)
{
    if (ink >= INK_COUNT || colors == PLOT_MONO)
        return -1;
    const struct palette *palette = light ? &on_light : &on_dark;
    return colors == PLOT_8 ? palette->eight[ink] : palette->many[ink];
}

uint32_t palette_background(bool light)
{
    return light ? 0xFFFFFF : 0x121212;
}

uint32_t palette_rgb(uint8_t ink, bool light)
{
    static const uint32_t levels[] = {0x00, 0x5F, 0x87, 0xAF, 0xD7, 0xFF};
    /* on white, in even steps of lightness, which a terminal's dark colours are too few for */
    static const uint32_t time[INK_TIME_COUNT] = {0x40003D, 0x490078, 0x222F9C, 0x024E92,
                                                  0x076687, 0x047B71, 0x03904A, 0xB38F00};
    if (light && ink >= INK_TIME && ink < INK_COUNT)
        return time[ink - INK_TIME];
    int color = plot_color(ink, PLOT_256, light);
    if (color < 16)
        return light ? 0x121212 : 0xE4E4E4;
    if (color >= 232)
        return (uint32_t)(8 + 10 * (color - 232)) * 0x010101;
    color -= 16;
    return levels[color / 36] << 16 | levels[color / 6 % 6] << 8 | levels[color % 6];
}
