/* The terminal by what it sends and by what it makes of what is sent. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include <tui/keys.h>

#include "stage.h"

/* ---- painting ---- */

/* Every ink, plain, bold and reversed, as letters, dots and blanks, in a frame. */
static void draw_specimen(struct canvas *canvas)
{
    bool ascii = canvas->charset == CHARSET_ASCII;
    canvas_clear(canvas);
    for (int x = 0; x < canvas->columns; x++)
        for (int y = 0; y < canvas->rows; y += canvas->rows - 1)
            canvas_put(canvas, x, y, ascii ? '-' : 0x2500, INK_DIM, 0);
    for (int y = 0; y < canvas->rows; y++)
        for (int x = 0; x < canvas->columns; x += canvas->columns - 1)
            canvas_put(canvas, x, y, ascii ? '|' : 0x2502, INK_DIM, 0);
    for (int ink = 0; ink < INK_COUNT; ink++) {
        int x = 2 + ink / 8 * (canvas->columns / 3), y = 1 + ink % 8 * ((canvas->rows - 2) / 8);
        canvas_text(canvas, x, y, 5, "ab c", (uint8_t)ink, 0);
        canvas_text(canvas, x + 5, y, 1, "B", (uint8_t)ink, CELL_BOLD);
        canvas_put(canvas, x + 6, y, ascii ? '#' : 0x28FF, (uint8_t)ink, CELL_BOLD);
        canvas_text(canvas, x + 8, y, 1, "R", (uint8_t)ink, CELL_REVERSE);
        canvas_put(canvas, x + 9, y, ' ', (uint8_t)ink, CELL_REVERSE);
    }
}

static void expect_specimen(int columns, int rows, int charset, int colors, const char *kind)
{
    struct stage stage;
    char name[64];
    stage_open(&stage, columns, rows, charset, colors);
    draw_specimen(&stage.canvas);
    stage_paint(&stage);
    stage_expect_canvas(&stage);
    snprintf(name, sizeof name, "specimen_%dx%d_%s.txt", columns, rows, kind);
    stage_golden(&stage, name);
    stage_close(&stage);
}

#define SPECIMENS(columns, rows)                                                                                       \
    Test(term, paints_##columns##x##rows)                                                                              \
    {                                                                                                                  \
        expect_specimen(columns, rows, CHARSET_ASCII, PLOT_MONO, "ascii");                                             \
    }                                                                                                                  \
    Test(term, paints_8_colors_at_##columns##x##rows)                                                                  \
    {                                                                                                                  \
        expect_specimen(columns, rows, -1, PLOT_8, "8");                                                               \
    }                                                                                                                  \
    Test(term, paints_256_colors_at_##columns##x##rows)                                                                \
    {                                                                                                                  \
        expect_specimen(columns, rows, -1, -1, "256");                                                                 \
    }
SPECIMENS(40, 10)
SPECIMENS(80, 24)
SPECIMENS(120, 40)
SPECIMENS(200, 60)

static unsigned random_below(unsigned below)
{
    static uint64_t state = 7;
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % below;
}

static void scribble(struct canvas *canvas, unsigned cells)
{
    static const uint32_t glyphs[] = {0, ' ', 'a', 'b', 0x2502, 0x28FF, 0x2801};
    for (unsigned k = 0; k < cells; k++) {
        uint32_t glyph = glyphs[random_below(7)];
        int x = (int)random_below((unsigned)canvas->columns), y = (int)random_below((unsigned)canvas->rows);
        uint8_t ink = (uint8_t)(random_below(3) > 0 ? random_below(3) : random_below(INK_COUNT));
        for (unsigned run = 1 + random_below(6); run > 0; run--)
            canvas_put(canvas, x++, y, glyph, ink, (uint8_t)random_below(8) < 6 ? 0 : (uint8_t)random_below(4));
    }
}

/* Whatever was there before, what is painted is there after it, and nothing is sent for nothing. */
static void expect_scribbles(const char *terminal, int columns, int rows, int colors)
{
    struct stage stage;
    unsetenv("COLORFGBG");
    stage_open_as(&stage, terminal, columns, rows, -1, colors);
    for (int round = 0; round < 60; round++) {
        if (round % 7 == 6)
            canvas_clear(&stage.canvas);
        scribble(&stage.canvas, random_below((unsigned)(columns * rows) / 4 + 2));
        stage_paint(&stage);
        stage_expect_canvas(&stage);
        cr_assert_eq(stage_paint(&stage), 0);
    }
    term_forget(stage.term);
    stage_paint(&stage);
    stage_expect_canvas(&stage);
    stage_close(&stage);
}

Test(term, paints_any_change)
{
    expect_scribbles("xterm-256color", 60, 20, -1);
    expect_scribbles("xterm-256color", 1, 5, -1);
    expect_scribbles("xterm-256color", 7, 1, -1);
}

Test(term, paints_any_change_without_color)
{
    expect_scribbles("xterm-256color", 60, 20, PLOT_MONO);
}

Test(term, paints_any_change_with_few_colors)
{
    expect_scribbles("linux", 60, 20, -1);
}

/* It has neither colours nor many ways to move, and pads what it is sent. */
Test(term, paints_any_change_on_an_old_terminal)
{
    expect_scribbles("vt100", 60, 20, -1);
}

Test(term, shows_a_large_painting_at_once_and_a_small_one_without_ado)
{
    struct stage stage;
    stage_open(&stage, 80, 24, -1, -1);
    scribble(&stage.canvas, 400);
    long bytes = stage_paint(&stage);
    cr_expect_gt(bytes, 1024);
    cr_expect_eq(stage.painted, bytes, "%ld of %ld bytes are synchronized", stage.painted, bytes);
    canvas_put(&stage.canvas, 40, 12, 'x', INK_CURSOR, CELL_REVERSE);
    canvas_put(&stage.canvas, 60, 20, 'y', INK_CURSOR, CELL_REVERSE);
    cr_expect_lt(stage_paint(&stage), 60);
    cr_expect_eq(stage.painted, bytes);
    stage_close(&stage);
}

/* ---- themes ---- */

static int color_at(const struct stage *stage, int x, int y)
{
    return stage->cells[y * stage->columns + x].style.color;
}

Test(term, changes_its_theme)
{
    struct stage stage;
    stage_open(&stage, 40, 10, -1, -1);
    for (enum theme theme = THEME_AUTO; theme <= THEME_MONO; theme++) {
        draw_specimen(&stage.canvas);
        term_theme(stage.term, theme);
        stage_paint(&stage);
        stage_expect_canvas(&stage);
        enum plot_colors colors = theme == THEME_MONO ? PLOT_MONO : PLOT_256;
        cr_expect_eq(color_at(&stage, 2, 4), plot_color(INK_WARN, colors, theme == THEME_LIGHT));
    }
    stage_close(&stage);
}

Test(term, takes_the_theme_from_the_environment)
{
    struct stage stage;
    setenv("COLORFGBG", "0;15", 1);
    stage_open_as(&stage, "xterm-256color", 40, 10, -1, -1);
    cr_expect(term_light(stage.term));
    term_theme(stage.term, THEME_DARK);
    cr_expect_not(term_light(stage.term));
    stage_close(&stage);
}

Test(term, takes_the_theme_from_the_terminal)
{
    struct stage stage;
    stage_open(&stage, 40, 10, -1, -1);
    draw_specimen(&stage.canvas);
    stage_paint(&stage);
    stage_type(&stage, "a\033]11;rgb:ff");
    cr_expect_eq(term_key(stage.term), 'a');
    cr_expect_eq(term_key(stage.term), -1);
    stage_type(&stage, "ff/fafa/f0f0\033\\b");
    cr_expect_eq(term_key(stage.term), 'b');
    cr_expect(term_light(stage.term));
    cr_expect(term_stale(stage.term));
    stage_paint(&stage);
    stage_expect_canvas(&stage);
    cr_expect_not(term_stale(stage.term));

    stage_type(&stage, "\033]11;rgb:00/00/00\ac");
    cr_expect_eq(term_key(stage.term), 'c');
    cr_expect_not(term_light(stage.term));
    term_theme(stage.term, THEME_DARK);
    stage_type(&stage, "\033]11;rgb:f/f/f\ad");
    cr_expect_eq(term_key(stage.term), 'd');
    cr_expect_not(term_light(stage.term), "the user has said otherwise");
    stage_close(&stage);
}

Test(term, survives_answers_that_are_none)
{
    static const char *const answers[] = {"",        "rgb:",       "rgb:1/2",          "rgb:-1/-1/-1", "rgb:fffff/f/f",
                                          "rgb 1/2", "ffff:f/f/f", "rgb:\xC3\xA4/f/f", "#ffffff"};
    struct stage stage;
    stage_open(&stage, 40, 10, -1, -1);
    for (size_t k = 0; k < sizeof answers / sizeof *answers; k++) {
        stage_type(&stage, "\033]11;");
        stage_type(&stage, answers[k]);
        stage_type(&stage, "\ax");
        cr_expect_eq(term_key(stage.term), 'x', "answer %zu", k);
        cr_expect_not(term_light(stage.term), "answer %zu", k);
    }
    stage_type(&stage, "\033]11;0123456789012345678901234567890123456789z");
    int key, last = 0;
    while ((key = term_key(stage.term)) >= 0)
        last = key;
    cr_expect_eq(last, 'z', "an answer without an end");
    stage_close(&stage);
}

/* ---- keys ---- */

static void expect_keys(const char *typed, const int *keys, size_t count)
{
    struct stage stage;
    stage_open(&stage, 40, 10, -1, -1);
    term_mouse(stage.term, true);
    stage_type(&stage, typed);
    for (size_t k = 0; k < count; k++) {
        int key = term_key(stage.term);
        cr_expect_eq(key, keys[k], "key %zu is %#x, not %#x", k, (unsigned)key, (unsigned)keys[k]);
    }
    cr_expect_eq(term_key(stage.term), -1);
    stage_close(&stage);
}

#define EXPECT_KEYS(typed, ...) expect_keys(typed, (int[]){__VA_ARGS__}, sizeof(int[]){__VA_ARGS__} / sizeof(int))

Test(term, knows_keys)
{
    EXPECT_KEYS("a\xC3\xA4\r\n\b\x7F\t\033[Z", 'a', 0xE4, PRESS_ENTER, PRESS_ENTER, PRESS_BACKSPACE, PRESS_BACKSPACE,
                PRESS_TAB, PRESS_BACKTAB);
    EXPECT_KEYS("\033[A\033OB\033[1;5C\033[1;5D\033[5~\033[3~\033OH\033[4~", PRESS_UP, PRESS_DOWN, PRESS_CTRL_RIGHT,
                PRESS_CTRL_LEFT, PRESS_PAGE_UP, PRESS_DELETE, PRESS_HOME, PRESS_END);
    EXPECT_KEYS("\xFFx\xFE\xFE\xFEy\xC3z\xE2\x88\033[A\xC3\xA4", 'x', 'y', 'z', PRESS_UP,
                0xE4); /* bytes that are no text are nothing */
    EXPECT_KEYS("\033OP\033OQ\033[15~\033[24~", PRESS_F1, PRESS_F1 + 1, PRESS_F1 + 4, PRESS_F12);
}

Test(term, takes_pastes_for_text)
{
    EXPECT_KEYS("x\033[200~q\r\nd\t\x03\x1B\033[A\x7F"
                "e\033[200~f\033[201~\r",
                'x', PRESS_PASTE_BEGIN, 'q', ' ', ' ', 'd', ' ', 'e', 'f', PRESS_PASTE_END, PRESS_ENTER);
    EXPECT_KEYS("\033[201~a", PRESS_PASTE_END, 'a');
}

/* ---- the mouse ---- */

static void expect_pointer(struct stage *stage, const char *typed, struct pointer expected)
{
    struct pointer seen;
    stage_type(stage, typed);
    stage_type(stage, "\033[<0;1;1m"); /* a release, which is not told */
    cr_expect_eq(term_key(stage->term), PRESS_MOUSE, "%s", typed + 1);
    term_pointer(stage->term, &seen);
    cr_expect(seen.kind == expected.kind && seen.x == expected.x && seen.y == expected.y, "%s: %d at %d,%d", typed + 1,
              seen.kind, seen.x, seen.y);
    cr_expect(seen.control == expected.control && seen.shift == expected.shift, "%s", typed + 1);
    cr_expect_eq(term_key(stage->term), -1, "%s", typed + 1);
}

Test(term, knows_the_mouse)
{
    struct stage stage;
    stage_open(&stage, 300, 100, -1, -1);
    term_mouse(stage.term, true);
    expect_pointer(&stage, "\033[<0;1;1M", (struct pointer){POINTER_PRESS, 0, 0, false, false});
    expect_pointer(&stage, "\033[<0;300;100M", (struct pointer){POINTER_PRESS, 299, 99, false, false});
    expect_pointer(&stage, "\033[<64;5;6M", (struct pointer){POINTER_UP, 4, 5, false, false});
    expect_pointer(&stage, "\033[<65;5;6M", (struct pointer){POINTER_DOWN, 4, 5, false, false});
    expect_pointer(&stage, "\033[<81;5;6M", (struct pointer){POINTER_DOWN, 4, 5, true, false});
    expect_pointer(&stage, "\033[<4;5;6M", (struct pointer){POINTER_PRESS, 4, 5, false, true});
    stage_type(&stage, "\033[<2;1;1M\033[<2;1;1ma");
    cr_expect_eq(term_key(stage.term), 'a', "another button is not told");
    stage_close(&stage);
}

Test(term, knows_a_double_press)
{
    struct stage stage;
    stage_open(&stage, 80, 24, -1, -1);
    term_mouse(stage.term, true);
    expect_pointer(&stage, "\033[<0;3;4M", (struct pointer){POINTER_PRESS, 2, 3, false, false});
    expect_pointer(&stage, "\033[<0;3;4M", (struct pointer){POINTER_DOUBLE, 2, 3, false, false});
    expect_pointer(&stage, "\033[<0;3;4M", (struct pointer){POINTER_PRESS, 2, 3, false, false});
    expect_pointer(&stage, "\033[<0;4;4M", (struct pointer){POINTER_PRESS, 3, 3, false, false});
    stage_close(&stage);
}

Test(term, asks_for_no_more_than_it_gives_back)
{
    struct stage stage;
    stage_open(&stage, 80, 24, -1, -1);
    cr_expect_eq(stage.modes, STAGE_ALTERNATE | STAGE_PASTE, "the mouse is left alone at first");
    term_mouse(stage.term, true);
    stage_read(&stage);
    cr_expect_eq(stage.modes, STAGE_ALTERNATE | STAGE_PASTE | STAGE_MOUSE);
    term_suspend(stage.term);
    stage_read(&stage);
    cr_expect_eq(stage.modes, STAGE_CURSOR);
    term_resume(stage.term);
    stage_read(&stage);
    cr_expect_eq(stage.modes, STAGE_ALTERNATE | STAGE_PASTE | STAGE_MOUSE);
    draw_specimen(&stage.canvas);
    stage_paint(&stage);
    stage_expect_canvas(&stage);
    term_mouse(stage.term, false);
    stage_read(&stage);
    cr_expect_eq(stage.modes, STAGE_ALTERNATE | STAGE_PASTE);
    struct term *term = stage.term;
    stage.term = NULL;
    term_free(term);
    stage_read(&stage);
    cr_expect_eq(stage.modes, STAGE_CURSOR);
    stage_close(&stage);
}
