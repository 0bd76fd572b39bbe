/* The way through curses, to a file in place of a terminal. */
#define NCURSES_WIDECHAR 1

#include <criterion/criterion.h>
#include <curses.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/text.h>
#include <tui/keys.h>
#include <tui/term.h>

#include "fixture.h"

struct stage {
    struct workbench *workbench;
    struct term *term;
    struct canvas canvas;
    FILE *output, *input;
};

static struct stage stage_open(int columns, int rows, int charset, int colors)
{
    struct stage stage;
    char text[16];
    setenv("TERM", "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    unsetenv("NO_COLOR");
    snprintf(text, sizeof text, "%d", columns);
    setenv("COLUMNS", text, 1);
    snprintf(text, sizeof text, "%d", rows);
    setenv("LINES", text, 1);
    stage.output = tmpfile();
    stage.input = fopen("/dev/null", "r");
    struct ifl_error error;
    cr_assert_eq(term_new(&stage.term, stage.output, stage.input, charset, colors, &error), IFL_OK, "%s",
                 error.message);
    int width, height;
    term_size(stage.term, &width, &height);
    cr_assert(width == columns && height == rows, "%dx%d", width, height);
    stage.workbench = fixture_open(fixture_database(), 1, columns, rows);
    cr_assert_eq(canvas_init(&stage.canvas, columns, rows, term_charset(stage.term), NULL), IFL_OK);
    return stage;
}

static void stage_close(struct stage *stage)
{
    term_free(stage->term);
    canvas_release(&stage->canvas);
    workbench_free(stage->workbench);
    fclose(stage->output);
    fclose(stage->input);
}

/* Paints; the bytes that took. */
static long stage_paint(struct stage *stage)
{
    fflush(stage->output);
    long before = ftell(stage->output);
    workbench_draw(stage->workbench, &stage->canvas);
    term_paint(stage->term, &stage->canvas);
    fflush(stage->output);
    return ftell(stage->output) - before;
}

/* What curses believes to be on screen is what was drawn: every glyph and attribute. */
static void expect_on_screen(const struct stage *stage)
{
    for (int y = 0; y < stage->canvas.rows; y++)
        for (int x = 0; x < stage->canvas.columns; x++) {
            const struct cell *cell = &stage->canvas.cells[y * stage->canvas.columns + x];
            cchar_t seen;
            wchar_t glyph[CCHARW_MAX + 1];
            attr_t attributes;
            short pair;
            mvwin_wch(curscr, y, x, &seen);
            getcchar(&seen, glyph, &attributes, &pair, NULL);
            wchar_t expected = cell->glyph == 0 ? L' ' : (wchar_t)cell->glyph;
            cr_assert_eq(glyph[0], expected, "at %d,%d: U+%04X, not U+%04X", x, y, (unsigned)glyph[0],
                         (unsigned)expected);
            cr_assert_eq((attributes & A_REVERSE) != 0, (cell->attributes & CELL_REVERSE) != 0);
            if (expected != L' ')
                cr_assert_eq(pair, cell->ink + 1, "at %d,%d: colour %d, not %d", x, y, pair, cell->ink + 1);
        }
}

static const int sizes[][2] = {{40, 10}, {80, 24}, {120, 40}, {200, 60}};

#define SCREEN(number)                                                                                                 \
    Test(screen, arrives_as_drawn_##number)                                                                            \
    {                                                                                                                  \
        struct stage stage = stage_open(sizes[number][0], sizes[number][1], -1, -1);                                   \
        stage_paint(&stage);                                                                                           \
        expect_on_screen(&stage);                                                                                      \
        fixture_wait(stage.workbench);                                                                                 \
        stage_paint(&stage);                                                                                           \
        expect_on_screen(&stage);                                                                                      \
        fixture_keys(stage.workbench, "www]?");                                                                        \
        stage_paint(&stage);                                                                                           \
        expect_on_screen(&stage);                                                                                      \
        stage_close(&stage);                                                                                           \
    }
SCREEN(0)
SCREEN(1)
SCREEN(2)
SCREEN(3)

/* Bytes for a full painting, a step of h with all panels changed, a step through training; and for nothing, none. On
 * real runs a step takes about two thirds of what it takes here, where every line jumps. */
static void expect_budget(int columns, int rows, long full, long step, long epoch)
{
    struct stage stage = stage_open(columns, rows, -1, -1);
    fixture_wait(stage.workbench);
    long bytes = stage_paint(&stage);
    cr_expect_leq(bytes, full, "%dx%d: a full painting takes %ld bytes", columns, rows, bytes);
    cr_expect_eq(stage_paint(&stage), 0, "%dx%d: an idle painting takes bytes", columns, rows);

    fixture_keys(stage.workbench, "w");
    fixture_wait(stage.workbench);
    bytes = stage_paint(&stage);
    cr_expect_leq(bytes, step, "%dx%d: a step of h takes %ld bytes", columns, rows, bytes);

    fixture_keys(stage.workbench, "[");
    bytes = stage_paint(&stage);
    cr_expect_leq(bytes, epoch, "%dx%d: a step through training takes %ld bytes", columns, rows, bytes);

    workbench_key(stage.workbench, PRESS_RIGHT);
    bytes = stage_paint(&stage);
    cr_expect_leq(bytes, step, "%dx%d: a step to the next layer takes %ld bytes", columns, rows, bytes);
    stage_close(&stage);
}

Test(screen, takes_few_bytes_at_80x24)
{
    expect_budget(80, 24, 3000, 2000, 600);
}

Test(screen, takes_few_bytes_at_120x40)
{
    expect_budget(120, 40, 8000, 4200, 1200);
}

Test(screen, takes_few_bytes_at_200x60)
{
    expect_budget(200, 60, 15000, 7000, 1500);
}

Test(screen, is_ascii_where_it_must_be)
{
    struct stage stage = stage_open(80, 24, CHARSET_ASCII, PLOT_MONO);
    fixture_wait(stage.workbench);
    stage_paint(&stage);
    for (int k = 0; k < 80 * 24; k++)
        cr_assert_lt(stage.canvas.cells[k].glyph, 0x7Fu);
    cr_expect_eq(term_charset(stage.term), CHARSET_ASCII);
    stage_close(&stage);
}

/* Without colour no colour is sent: every meaning has a glyph. */
Test(screen, obeys_no_color)
{
    setenv("NO_COLOR", "1", 1);
    struct stage stage = stage_open(120, 40, -1, PLOT_MONO);
    fixture_wait(stage.workbench);
    stage_paint(&stage);
    static char sent[1 << 16];
    rewind(stage.output);
    size_t length = fread(sent, 1, sizeof sent - 1, stage.output);
    sent[length] = '\0';
    cr_expect(strstr(sent, "38;5;") == NULL);
    for (const char *at = sent; (at = strstr(at, "\x1B[")) != NULL; at++) {
        int number = 0;
        char end = 0;
        cr_expect(sscanf(at + 2, "%d%c", &number, &end) != 2 || end != 'm' || number < 30 || number > 37);
    }
    stage_close(&stage);
}

/* Nothing that comes with the data reaches the terminal as it is. */
Test(screen, shows_hostile_names_harmless)
{
    struct stage stage = stage_open(80, 24, -1, -1);
    workbench_open(stage.workbench, 3);
    fixture_wait(stage.workbench);
    stage_paint(&stage);
    expect_on_screen(&stage);
    for (int k = 0; k < 80 * 24; k++) {
        uint32_t glyph = stage.canvas.cells[k].glyph;
        cr_assert(glyph == 0 || (glyph >= 0x20 && glyph < 0x7F) || glyph >= 0xA0);
        cr_assert_neq(glyph, 0x202Eu);
    }
    stage_close(&stage);
}
