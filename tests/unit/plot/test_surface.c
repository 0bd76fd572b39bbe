#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include <plot/surface.h>

static struct canvas canvas;

static struct surface open_surface(int columns, int rows, enum charset charset)
{
    cr_assert_eq(canvas_init(&canvas, columns, rows, charset, NULL), IFL_OK);
    return surface_make(&canvas, (struct rect){0, 0, columns, rows});
}

static uint32_t glyph_at(int x, int y)
{
    return canvas_at(&canvas, x, y)->glyph;
}

static void close_surface(void)
{
    canvas_release(&canvas);
}

Test(surface, braille_dots_are_where_unicode_has_them, .fini = close_surface)
{
    struct surface surface = open_surface(8, 1, CHARSET_BRAILLE);
    static const uint32_t bits[] = {0x01, 0x02, 0x04, 0x40, 0x08, 0x10, 0x20, 0x80};
    for (int k = 0; k < 8; k++) {
        struct pen pen = {.ink = INK_SERIES};
        struct point dot = {2 * k + k / 4, k % 4};
        surface_line(&surface, &pen, dot, dot);
        cr_expect_eq(glyph_at(k, 0), 0x2800 + bits[k]);
    }
}

Test(surface, unites_dots_and_lets_the_later_ink_win, .fini = close_surface)
{
    struct surface surface = open_surface(2, 1, CHARSET_BRAILLE);
    struct pen early = {.ink = INK_SERIES}, late = {.ink = INK_SERIES + 1};
    surface_line(&surface, &early, (struct point){0, 0}, (struct point){3, 0});
    surface_line(&surface, &late, (struct point){0, 3}, (struct point){1, 3});
    cr_expect_eq(glyph_at(0, 0), 0x2800 + 0x01 + 0x08 + 0x40 + 0x80);
    cr_expect_eq(canvas_at(&canvas, 0, 0)->ink, INK_SERIES + 1);
    cr_expect_eq(canvas_at(&canvas, 1, 0)->ink, INK_SERIES);
}

Test(surface, ascii_strokes_follow_the_slope, .fini = close_surface)
{
    struct surface surface = open_surface(5, 5, CHARSET_ASCII);
    static const struct {
        struct point from, to;
        uint32_t glyph;
    } strokes[] = {{{0, 2}, {4, 2}, '-'},  {{2, 0}, {2, 4}, '|'}, {{0, 0}, {4, 4}, '\\'},
                   {{4, 4}, {0, 0}, '\\'}, {{0, 4}, {4, 0}, '/'}, {{4, 0}, {0, 4}, '/'}};
    for (size_t k = 0; k < sizeof strokes / sizeof *strokes; k++) {
        canvas_clear(&canvas);
        struct pen pen = {.ink = INK_SERIES};
        surface_line(&surface, &pen, strokes[k].from, strokes[k].to);
        int drawn = 0;
        for (int cell = 0; cell < 25; cell++) {
            cr_expect(canvas.cells[cell].glyph == 0 || canvas.cells[cell].glyph == strokes[k].glyph);
            drawn += canvas.cells[cell].glyph != 0;
        }
        cr_expect_eq(drawn, 5);
    }
}

Test(surface, dashes_go_on_from_line_to_line, .fini = close_surface)
{
    struct surface surface = open_surface(8, 1, CHARSET_ASCII);
    struct pen pen = {.ink = INK_SERIES, .on = 2, .off = 1};
    surface_line(&surface, &pen, (struct point){0, 0}, (struct point){3, 0});
    surface_line(&surface, &pen, (struct point){4, 0}, (struct point){7, 0});
    for (int x = 0; x < 8; x++)
        cr_expect_eq(glyph_at(x, 0), x % 3 == 2 ? 0 : '-');
}

/* A line is connected, has both ends and as many dots as its longer side. */
Test(surface, lines_are_bresenhams, .fini = close_surface)
{
    struct surface surface = open_surface(40, 40, CHARSET_ASCII);
    srand(4);
    for (int round = 0; round < 2000; round++) {
        struct point from = {rand() % 40, rand() % 40}, to = {rand() % 40, rand() % 40};
        canvas_clear(&canvas);
        struct pen pen = {.ink = INK_SERIES};
        surface_line(&surface, &pen, from, to);
        double length = fmax(fabs(to.x - from.x), fabs(to.y - from.y));
        int drawn = 0;
        for (int y = 0; y < 40; y++)
            for (int x = 0; x < 40; x++) {
                if (glyph_at(x, y) == 0)
                    continue;
                drawn++;
                double along = (x - from.x) * (to.x - from.x) + (y - from.y) * (to.y - from.y);
                double across = (x - from.x) * (to.y - from.y) - (y - from.y) * (to.x - from.x);
                cr_assert(along >= 0 && fabs(across) <= 0.5 * length + 1e-9);
            }
        cr_assert_eq(drawn, (int)length + 1);
        cr_assert(glyph_at((int)from.x, (int)from.y) != 0 && glyph_at((int)to.x, (int)to.y) != 0);
    }
}

Test(clip, cuts_lines_to_the_rectangle)
{
    struct point low = {0, 0}, high = {10, 5};
    struct point a = {-5, 2}, b = {15, 2};
    cr_expect(clip_line(&a, &b, low, high));
    cr_expect(a.x == 0 && a.y == 2 && b.x == 10 && b.y == 2);
    a = (struct point){2, -3}, b = (struct point){2, 3};
    cr_expect(clip_line(&a, &b, low, high));
    cr_expect(a.x == 2 && a.y == 0 && b.x == 2 && b.y == 3);
    a = (struct point){-2, 4}, b = (struct point){2, 8};
    cr_expect_not(clip_line(&a, &b, low, high));
    a = (struct point){NAN, 0}, b = (struct point){1, 1};
    cr_expect_not(clip_line(&a, &b, low, high));
    a = (struct point){-1e308, 0}, b = (struct point){1e308, 1};
    cr_expect_not(clip_line(&a, &b, low, high));
}

Test(clip, keeps_exactly_what_is_inside)
{
    struct point low = {0, 0}, high = {10, 5};
    srand(5);
    for (int round = 0; round < 20000; round++) {
        struct point from = {rand() % 30 - 10, rand() % 20 - 8}, to = {rand() % 30 - 10, rand() % 20 - 8};
        struct point a = from, b = to;
        bool any = false, clipped = clip_line(&a, &b, low, high);
        for (int k = 0; k <= 1000; k++) {
            double x = from.x + k / 1000.0 * (to.x - from.x), y = from.y + k / 1000.0 * (to.y - from.y);
            bool inside = x >= low.x && x <= high.x && y >= low.y && y <= high.y;
            any |= inside;
            if (inside && clipped)
                cr_assert(x >= fmin(a.x, b.x) - 1e-9 && x <= fmax(a.x, b.x) + 1e-9 && y >= fmin(a.y, b.y) - 1e-9 &&
                          y <= fmax(a.y, b.y) + 1e-9);
        }
        cr_assert(clipped || !any);
        if (clipped)
            cr_assert(a.x >= -1e-9 && b.x >= -1e-9 && a.x <= 10 + 1e-9 && b.y <= 5 + 1e-9 && a.y >= -1e-9);
    }
}

/* From so far outside that the cut is lost to rounding, too. */
Test(clip, leaves_nothing_outside)
{
    struct point low = {0, 0}, high = {10, 5};
    srand(8);
    int clipped = 0;
    for (int round = 0; round < 20000; round++) {
        double far = pow(10, rand() % 20), angle = rand() / (double)RAND_MAX * 6.28;
        struct point a = {5 + far * cos(angle), 2 + far * sin(angle)}, b = {5 - far * cos(angle), 2 - far * sin(angle)};
        if (!clip_line(&a, &b, low, high))
            continue;
        clipped++;
        cr_assert(a.x >= 0 && a.x <= 10 && a.y >= 0 && a.y <= 5 && b.x >= 0 && b.x <= 10 && b.y >= 0 && b.y <= 5);
    }
    cr_expect_gt(clipped, 10000);
}
