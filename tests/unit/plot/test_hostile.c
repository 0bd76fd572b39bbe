/* Whatever the numbers, names and rectangles are: no crash, nothing outside of the rectangle, clean text. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include <base/text.h>

#include "sample_plots.h"

static const double extremes[] = {0,        -0.0,   1,       -1,     1e-5,  6.1,      1e300,     -1e300, 1.7e308,
                                  -1.7e308, 1e-300, -1e-300, 5e-324, 1e-30, INFINITY, -INFINITY, NAN};

static double any_value(int kind)
{
    if (kind == 0)
        return extremes[(size_t)rand() % (sizeof extremes / sizeof *extremes)];
    if (rand() % 9 == 0)
        return NAN;
    double value = rand() / (double)RAND_MAX * 7;
    return kind == 1 ? value : 1e6 + 1e-6 * value;
}

static const char *any_name(void)
{
    static const char *const names[] = {"conv1",
                                        "",
                                        NULL,
                                        "\x1b[31mred\x1b[0m",
                                        "a\nb",
                                        "\xe2\x80\xae evil",
                                        "\xff\xfe\xfd",
                                        "\xe5\xb1\xa4\xe5\xb1\xa4",
                                        "features.0.conv",
                                        "a\xcc\x88\xcc\x88",
                                        "\xc2\x9b"
                                        "2J",
                                        "a very long name of a layer that fits nowhere at all, however wide the "
                                        "terminal may be, and then some more of it to be sure"};
    return names[(size_t)rand() % (sizeof names / sizeof *names)];
}

enum { COUNT_MAX = 600 };

static double values[4][COUNT_MAX];
static const char *names[COUNT_MAX];

static void fill(void)
{
    int kind = rand() % 3;
    for (int k = 0; k < COUNT_MAX; k++) {
        names[k] = any_name();
        for (int series = 0; series < 4; series++)
            values[series][k] = any_value(kind);
    }
}

static size_t any_count(void)
{
    static const size_t counts[] = {0, 1, 2, 3, 6, 13, 16, 40, 150, COUNT_MAX};
    return counts[(size_t)rand() % (sizeof counts / sizeof *counts)];
}

static struct range any_range(void)
{
    return rand() % 2 ? (struct range){0} : (struct range){any_value(rand() % 3), any_value(rand() % 3)};
}

static struct plot_mark mark_items[2000];
static struct plot_marks marks;

static struct plot_look any_look(void)
{
    marks = (struct plot_marks){.items = mark_items, .room = (size_t)rand() % 2000};
    return (struct plot_look){.stale = rand() % 4 == 0,
                              .log = rand() % 3 == 0,
                              .no_legend = rand() % 4 == 0,
                              .digits = rand() % 2,
                              .front = rand() % 7 - 1,
                              .x = any_range(),
                              .y = any_range(),
                              .marks = rand() % 2 ? &marks : NULL,
                              .empty = rand() % 2 ? "nothing" : NULL};
}

static struct plot_dpi_subject subjects[PLOT_SUBJECTS];
static int32_t own[COUNT_MAX];

static struct plot_dpi any_dpi(void)
{
    for (int k = 0; k < COUNT_MAX; k++)
        own[k] = rand() % 5 == 0 ? -1 : k;
    for (int s = 0; s < PLOT_SUBJECTS; s++)
        subjects[s] = (struct plot_dpi_subject){.name = any_name(),
                                                .forward = values[rand() % 4],
                                                .backward = values[rand() % 4],
                                                .forward_deviation = rand() % 2 ? values[rand() % 4] : NULL,
                                                .backward_deviation = rand() % 2 ? values[rand() % 4] : NULL,
                                                .own = rand() % 2 ? own : NULL,
                                                .bound = any_value(rand() % 3)};
    return (struct plot_dpi){.title = any_name(),
                             .layers = any_count(),
                             .names = names,
                             .subjects = (size_t)rand() % (PLOT_SUBJECTS + 1),
                             .subject = subjects,
                             .chains = (unsigned)rand() % 4,
                             .tolerance = any_value(rand() % 3),
                             .cursor = rand() % 610 - 5,
                             .look = any_look()};
}

static struct plot_trajectory trajectories[COUNT_MAX];

static struct plot_plane any_plane(void)
{
    size_t plot_subjects = (size_t)rand() % (PLOT_SUBJECTS + 1);
    for (int k = 0; k < COUNT_MAX; k++) {
        size_t count = rand() % 3 == 0 ? (size_t)rand() % 30 : 7;
        size_t first = (size_t)rand() % (COUNT_MAX - 30);
        trajectories[k] = (struct plot_trajectory){.name = names[k],
                                                   .count = count,
                                                   .x = values[0] + first,
                                                   .y = values[1] + first,
                                                   .x_deviation = rand() % 2 ? values[2] + first : NULL,
                                                   .y_deviation = rand() % 2 ? values[3] + first : NULL,
                                                   .subject = rand() % 6 - 1,
                                                   .layer = k};
    }
    return (struct plot_plane){.title = any_name(),
                               .x_label = any_name(),
                               .y_label = any_name(),
                               .subjects = plot_subjects,
                               .names = rand() % 4 ? names : NULL,
                               .count = any_count() % 160,
                               .trajectories = trajectories,
                               .epochs = rand() % 2 ? values[2] : NULL,
                               .cursor = {rand() % 2 ? (size_t)rand() % 40 : SIZE_MAX, (size_t)rand() % 9, SIZE_MAX, 3},
                               .layer = rand() % 20 - 2,
                               .look = any_look()};
}

/* Of a plot whose marks were wanted: each in the rectangle, and on the canvas. */
static void expect_marks_within(const struct canvas *canvas, struct rect where)
{
    cr_assert(marks.count <= marks.room);
    for (size_t k = 0; k < marks.count; k++) {
        struct plot_mark m = marks.items[k];
        cr_assert(m.x >= where.x && m.x < where.x + where.columns && m.y >= where.y && m.y < where.y + where.rows);
        cr_assert(m.x >= 0 && m.x < canvas->columns && m.y >= 0 && m.y < canvas->rows);
    }
}

static void expect_clean(const char *text)
{
    unsigned codepoint;
    for (int length; (length = text_decode(text, &codepoint)) != 0; text += length) {
        cr_assert_gt(length, 0);
        cr_assert(codepoint == '\n' || (codepoint >= 0x20 && !(codepoint >= 0x7F && codepoint < 0xA0)));
    }
}

static const uint32_t untouched = 0xE000;

static void expect_only_within(const struct canvas *canvas, struct rect where)
{
    for (int y = 0; y < canvas->rows; y++)
        for (int x = 0; x < canvas->columns; x++) {
            bool inside = x >= where.x && x < where.x + where.columns && y >= where.y && y < where.y + where.rows;
            uint32_t glyph = canvas->cells[y * canvas->columns + x].glyph;
            cr_assert(inside || glyph == untouched, "cell %d,%d", x, y);
            cr_assert(canvas->charset == CHARSET_BRAILLE || !inside || glyph < 0x7F || glyph == untouched, "U+%04X",
                      (unsigned)glyph);
        }
}

static void draw_somewhere(int columns, int rows)
{
    struct canvas canvas;
    cr_assert_eq(canvas_init(&canvas, columns + 6, rows + 6, (enum charset)(rand() % 2), NULL), IFL_OK);
    for (int k = 0; k < canvas.columns * canvas.rows; k++)
        canvas.cells[k].glyph = untouched;
    struct rect where = {rand() % 8 - 1, rand() % 8 - 1, columns, rows};
    fill();
    struct plot_dpi dpi = any_dpi();
    struct plot_plane plane = any_plane();
    if (rand() % 2)
        plot_dpi(&canvas, where, &dpi);
    else
        plot_plane(&canvas, where, &plane);
    expect_only_within(&canvas, where);
    expect_marks_within(&canvas, where);
    char *text;
    cr_assert_eq(plot_to_text(&canvas, PLOT_MONO, false, &text, NULL), IFL_OK);
    expect_clean(text);
    free(text);
    canvas_release(&canvas);
}

Test(hostile, every_size)
{
    srand(6);
    for (int rows = 1; rows <= 60; rows += rows < 12 ? 1 : 4)
        for (int columns = 1; columns <= 120; columns += columns < 24 ? 1 : 7)
            draw_somewhere(columns, rows);
}

Test(hostile, pictures)
{
    srand(7);
    for (int round = 0; round < 150; round++) {
        fill();
        struct plot_dpi dpi = any_dpi();
        struct plot_plane plane = any_plane();
        char *text;
        cr_assert_eq(plot_dpi_svg(&dpi, 200 + rand() % 900, 150 + rand() % 600, rand() % 2, &text, NULL), IFL_OK);
        expect_clean(text);
        free(text);
        cr_assert_eq(plot_plane_svg(&plane, 200 + rand() % 900, 150 + rand() % 600, rand() % 2, &text, NULL), IFL_OK);
        expect_clean(text);
        free(text);
    }
}

Test(hostile, sizes_that_are_none)
{
    struct canvas canvas;
    struct ifl_error error;
    static const int bad[][2] = {{0, 1}, {1, 0}, {-1, 5}, {2001, 1}, {1, 1001}};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        cr_expect_eq(canvas_init(&canvas, bad[k][0], bad[k][1], CHARSET_ASCII, &error), IFL_INVALID);
    struct plot_dpi dpi = sample_dpi();
    char *text = NULL;
    cr_expect_eq(plot_dpi_svg(&dpi, 10, 10, false, &text, &error), IFL_INVALID);
    cr_expect_null(text);
    cr_assert_eq(canvas_init(&canvas, 30, 10, CHARSET_ASCII, NULL), IFL_OK);
    plot_dpi(&canvas, (struct rect){5, 5, -3, -3}, &dpi);
    plot_dpi(&canvas, (struct rect){40, 40, 30, 30}, &dpi);
    plot_dpi(&canvas, (struct rect){-20, -5, 25, 10}, &dpi);
    canvas_release(&canvas);
}
