/* Whatever the numbers, names, looks and rectangles are: no crash, nothing outside of the rectangle. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include <plot/plot.h>

#include "sample_charts.h"

enum { POINTS = 60, SERIES = 40 };

static const double extremes[] = {0,      -0.0,   1,     100,      6.1,       -1,  1e300, -1e300, 1.7e308,
                                  1e-300, 5e-324, 1e-30, INFINITY, -INFINITY, NAN, 2,     3};
static double values[8][POINTS];
static const char *names[POINTS];

static double any_value(int kind)
{
    if (kind == 0)
        return extremes[(size_t)rand() % (sizeof extremes / sizeof *extremes)];
    return rand() % 9 == 0 ? NAN : rand() / (double)RAND_MAX * (kind == 1 ? 7 : 100);
}

static const char *any_name(void)
{
    static const char *const some[] = {
        "conv1",    "",
        NULL,       "\x1b[31mred",
        "\xff\xfe", "\xe5\xb1\xa4\xe5\xb1\xa4",
        "a\nb",     "a very long name of a layer that fits nowhere at all, however wide it may be"};
    return some[(size_t)rand() % (sizeof some / sizeof *some)];
}

static void fill(void)
{
    int kind = rand() % 3;
    for (int k = 0; k < POINTS; k++) {
        names[k] = any_name();
        for (int row = 0; row < 8; row++)
            values[row][k] = row == 7 ? fabs(any_value(kind)) : any_value(kind);
    }
}

static struct plot_mark items[64];
static struct plot_marks marks;

static struct plot_look any_look(void)
{
    struct plot_look look = {.stale = rand() % 4 == 0,
                             .log = rand() % 2,
                             .no_legend = rand() % 3 == 0,
                             .front = rand() % 3 - 1,
                             .marks = &marks};
    if (rand() % 2)
        look.x = (struct range){any_value(rand() % 3), any_value(rand() % 3)};
    if (rand() % 2)
        look.y = (struct range){any_value(rand() % 3), any_value(rand() % 3)};
    marks = (struct plot_marks){.items = items, .room = (size_t)rand() % 64};
    return look;
}

static struct plot_pid any_pid(struct plot_pid_series *series)
{
    bool topologies = rand() % 2;
    size_t count = (size_t)rand() % POINTS;
    for (int k = 0; k < SERIES; k++)
        series[k] = (struct plot_pid_series){.name = any_name(),
                                             .count = count,
                                             .x = topologies ? NULL : values[0],
                                             .values = {values[1], values[2], values[3], values[4]},
                                             .deviations = {rand() % 2 ? values[7] : NULL},
                                             .subject = rand() % 3,
                                             .layer = k};
    return (struct plot_pid){.title = any_name(),
                             .x_label = any_name(),
                             .with_y = rand() % 2,
                             .categories = topologies ? names : NULL,
                             .count = topologies ? 1 : (size_t)rand() % SERIES,
                             .series = series,
                             .cursor = rand() % 2 ? (size_t)rand() % 70 : SIZE_MAX,
                             .layer = rand() % SERIES - 1,
                             .look = any_look()};
}

static struct plot_width any_width(struct plot_width_layer *layers, unsigned *health, size_t *violations)
{
    for (int k = 0; k < SERIES; k++)
        layers[k] = (struct plot_width_layer){any_name(), values[1 + rand() % 6], values[1 + rand() % 6]};
    for (int k = 0; k < POINTS; k++) {
        health[k] = (unsigned)rand() % 32;
        violations[k] = (size_t)rand() % 14;
    }
    return (struct plot_width){.title = any_name(),
                               .backward = rand() % 2,
                               .count = (size_t)rand() % POINTS,
                               .h = values[0],
                               .layers = (size_t)rand() % SERIES,
                               .layer = layers,
                               .bound = rand() % 2 ? values[5] : NULL,
                               .health = rand() % 4 ? health : NULL,
                               .violations = rand() % 4 ? violations : NULL,
                               .trusted = {any_value(1), any_value(1)},
                               .current = any_value(rand() % 3),
                               .cursor = rand() % SERIES - 1,
                               .look = any_look()};
}

static const uint32_t untouched = 0xE000;

static void expect_only_within(const struct canvas *canvas, struct rect where)
{
    for (int y = 0; y < canvas->rows; y++)
        for (int x = 0; x < canvas->columns; x++) {
            bool inside = x >= where.x && x < where.x + where.columns && y >= where.y && y < where.y + where.rows;
            uint32_t glyph = canvas->cells[y * canvas->columns + x].glyph;
            cr_assert(inside || glyph == untouched, "cell %d,%d", x, y);
            cr_assert(canvas->charset == CHARSET_BRAILLE || glyph < 0x7F || glyph == untouched, "U+%04X",
                      (unsigned)glyph);
        }
    for (size_t k = 0; k < marks.count; k++)
        cr_assert(items[k].x >= where.x && items[k].x < where.x + where.columns && items[k].y >= where.y &&
                  items[k].y < where.y + where.rows);
}

Test(charts_hostile, stay_within_their_rectangle)
{
    srand(1);
    for (int round = 0; round < 3000; round++) {
        struct canvas canvas;
        struct plot_pid_series series[SERIES];
        struct plot_width_layer layers[SERIES];
        unsigned health[POINTS];
        size_t violations[POINTS];
        fill();
        cr_assert_eq(canvas_init(&canvas, 1 + rand() % 130, 1 + rand() % 50, (enum charset)(rand() % 2), NULL), IFL_OK);
        for (int k = 0; k < canvas.columns * canvas.rows; k++)
            canvas.cells[k].glyph = untouched;
        struct rect where = {rand() % 20 - 3, rand() % 10 - 3, rand() % 140, rand() % 60};
        if (rand() % 2) {
            struct plot_pid pid = any_pid(series);
            plot_pid(&canvas, where, &pid);
        } else {
            struct plot_width width = any_width(layers, health, violations);
            plot_width(&canvas, where, &width);
        }
        expect_only_within(&canvas, where);
        canvas_release(&canvas);
    }
}

Test(charts_hostile, as_svg)
{
    srand(2);
    for (int round = 0; round < 600; round++) {
        struct plot_pid_series series[SERIES];
        struct plot_width_layer layers[SERIES];
        unsigned health[POINTS];
        size_t violations[POINTS];
        char *text;
        fill();
        int width = 200 + rand() % 900, height = 150 + rand() % 700;
        struct plot_pid pid = any_pid(series);
        struct plot_width sweep = any_width(layers, health, violations);
        cr_assert_eq(rand() % 2 ? plot_pid_svg(&pid, width, height, false, &text, NULL)
                                : plot_width_svg(&sweep, width, height, true, &text, NULL),
                     IFL_OK);
        cr_assert(strstr(text, "</svg>\n") != NULL && strstr(text, "\"nan") == NULL && strchr(text, 0x1B) == NULL);
        free(text);
    }
}
