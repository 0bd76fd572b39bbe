/* The workbench on a terminal, to the byte. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include <tui/keys.h>

#include "fixture.h"
#include "stage.h"

static struct workbench *open_workbench(struct stage *stage, int columns, int rows, int charset, int colors)
{
    stage_open(stage, columns, rows, charset, colors);
    return fixture_open(fixture_database(), 1, columns, rows);
}

/* Paints; the bytes that took. */
static long paint(struct stage *stage, struct workbench *workbench)
{
    workbench_draw(workbench, &stage->canvas);
    long bytes = stage_paint(stage);
    stage_expect_canvas(stage);
    return bytes;
}

static void close_all(struct stage *stage, struct workbench *workbench)
{
    stage_close(stage);
    workbench_free(workbench);
}

static const int sizes[][2] = {{40, 10}, {80, 24}, {120, 40}, {200, 60}};

#define SCREEN(number)                                                                                                 \
    Test(screen, arrives_as_drawn_##number)                                                                            \
    {                                                                                                                  \
        struct stage stage;                                                                                            \
        struct workbench *workbench = open_workbench(&stage, sizes[number][0], sizes[number][1], -1, -1);              \
        paint(&stage, workbench);                                                                                      \
        fixture_wait(workbench);                                                                                       \
        paint(&stage, workbench);                                                                                      \
        fixture_keys(workbench, "www]?");                                                                              \
        paint(&stage, workbench);                                                                                      \
        fixture_keys(workbench, "?");                                                                                  \
        paint(&stage, workbench);                                                                                      \
        close_all(&stage, workbench);                                                                                  \
    }
SCREEN(0)
SCREEN(1)
SCREEN(2)
SCREEN(3)

/* Bytes for a full painting, a step of h with all panels changed, a step through training and one through the layers;
 * and for nothing, none. */
static void expect_budget(int columns, int rows, long full, long step, long epoch, long layer)
{
    struct stage stage;
    struct workbench *workbench = open_workbench(&stage, columns, rows, -1, -1);
    fixture_wait(workbench);
    long bytes = paint(&stage, workbench);
    cr_expect_leq(bytes, full, "%dx%d: a full painting takes %ld bytes", columns, rows, bytes);
    cr_expect_eq(paint(&stage, workbench), 0, "%dx%d: an idle painting takes bytes", columns, rows);

    fixture_keys(workbench, "w");
    fixture_wait(workbench);
    bytes = paint(&stage, workbench);
    cr_expect_leq(bytes, step, "%dx%d: a step of h takes %ld bytes", columns, rows, bytes);

    fixture_keys(workbench, "[");
    bytes = paint(&stage, workbench);
    cr_expect_leq(bytes, epoch, "%dx%d: a step through training takes %ld bytes", columns, rows, bytes);

    workbench_key(workbench, PRESS_RIGHT);
    bytes = paint(&stage, workbench);
    cr_expect_leq(bytes, layer, "%dx%d: a step to the next layer takes %ld bytes", columns, rows, bytes);
    close_all(&stage, workbench);
}

Test(screen, takes_few_bytes_at_80x24)
{
    expect_budget(80, 24, 3000, 2000, 600, 600);
}

Test(screen, takes_few_bytes_at_120x40)
{
    expect_budget(120, 40, 8000, 3500, 1200, 1800);
}

Test(screen, takes_few_bytes_at_200x60)
{
    expect_budget(200, 60, 15000, 6500, 1500, 2500);
}

Test(screen, is_ascii_where_it_must_be)
{
    struct stage stage;
    struct workbench *workbench = open_workbench(&stage, 80, 24, CHARSET_ASCII, PLOT_MONO);
    fixture_wait(workbench);
    paint(&stage, workbench);
    for (int k = 0; k < 80 * 24; k++)
        cr_assert_lt(stage.cells[k].glyph, 0x7Fu);
    cr_expect_eq(term_charset(stage.term), CHARSET_ASCII);
    close_all(&stage, workbench);
}

/* Nothing that comes with the data reaches the terminal as it is: the stage fails at control characters. */
Test(screen, shows_hostile_names_harmless)
{
    struct stage stage;
    struct workbench *workbench = open_workbench(&stage, 80, 24, -1, -1);
    workbench_open(workbench, 3);
    fixture_wait(workbench);
    paint(&stage, workbench);
    for (int k = 0; k < 80 * 24; k++) {
        uint32_t glyph = stage.cells[k].glyph;
        cr_assert((glyph >= 0x20 && glyph < 0x7F) || glyph >= 0xA0);
        cr_assert_neq(glyph, 0x202Eu);
    }
    close_all(&stage, workbench);
}
