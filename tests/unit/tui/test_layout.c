/* At every size: nothing overlaps, nothing is outside, and what is shown has the room it needs. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include <tui/layout.h>

#include "fixture.h"

enum { PARTS = 6 + PLOT_SUBJECTS * PANELS };

static int parts_of(const struct layout *layout, struct rect parts[PARTS])
{
    const struct rect lines[] = {layout->title, layout->params,  layout->runs,
                                 layout->epoch, layout->readout, layout->status};
    int count = 0;
    for (size_t k = 0; k < sizeof lines / sizeof *lines; k++)
        parts[count++] = lines[k];
    for (int row = 0; row < PLOT_SUBJECTS; row++)
        for (int p = 0; p < PANELS; p++)
            parts[count++] = layout->panels[row][p];
    return count;
}

static bool is_empty(struct rect r)
{
    return r.columns == 0 || r.rows == 0;
}

static bool overlap(struct rect a, struct rect b)
{
    return a.x < b.x + b.columns && b.x < a.x + a.columns && a.y < b.y + b.rows && b.y < a.y + a.rows;
}

static void check(const struct layout *layout, int columns, int rows)
{
    struct rect parts[PARTS];
    int count = parts_of(layout, parts), shown = 0;
    for (int k = 0; k < count; k++) {
        struct rect a = parts[k];
        if (is_empty(a))
            continue;
        shown++;
        cr_assert(a.x >= 0 && a.y >= 0 && a.columns > 0 && a.rows > 0 && a.x + a.columns <= columns &&
                      a.y + a.rows <= rows,
                  "%dx%d: part %d is outside: %d,%d %dx%d", columns, rows, k, a.x, a.y, a.columns, a.rows);
        for (int j = 0; j < k; j++)
            cr_assert(is_empty(parts[j]) || !overlap(a, parts[j]), "%dx%d: parts %d and %d overlap", columns, rows, j,
                      k);
    }
    cr_assert_eq(shown == 0, columns < LAYOUT_MIN_COLUMNS || rows < LAYOUT_MIN_ROWS, "%dx%d: %d parts", columns, rows,
                 shown);
}

/* Each of the rows has the same panels, and these have room for a plot. */
static void check_panels(const struct layout *layout, const struct layout_wish *wish, int columns, int rows)
{
    if (layout->kind == LAYOUT_TOO_SMALL)
        return;
    bool abreast = layout->kind == LAYOUT_ALL || layout->kind == LAYOUT_STRIP;
    cr_assert(layout->rows >= 1 && layout->rows <= PLOT_SUBJECTS && (layout->rows == 1 || layout->rows == wish->rows));
    cr_assert(!(abreast && wish->zoomed));
    cr_assert(layout->kind != LAYOUT_STRIP || !wish->no_strip);
    for (int row = 0; row < PLOT_SUBJECTS; row++)
        for (int p = 0; p < PANELS; p++) {
            struct rect panel = layout->panels[row][p];
            bool shown = row < layout->rows && (abreast ? p < PANELS_ABREAST : p == (int)wish->panel);
            cr_assert_eq(is_empty(panel), !shown, "%dx%d: row %d, panel %d", columns, rows, row, p);
            cr_assert(!shown || (panel.columns >= 32 && panel.rows >= 8), "%dx%d: a panel of %dx%d", columns, rows,
                      panel.columns, panel.rows);
        }
}

Test(layout, nothing_overlaps_and_nothing_is_outside)
{
    for (int columns = 1; columns <= 300; columns++)
        for (int rows = 1; rows <= 100; rows++) {
            for (int k = 0; k < PANELS * 2 * 2 * PLOT_SUBJECTS; k++) {
                struct layout_wish wish = {.panel = (enum panel)(k % PANELS),
                                           .zoomed = k / PANELS % 2,
                                           .no_strip = k / PANELS / 2 % 2,
                                           .rows = 1 + k / PANELS / 4};
                struct layout run = layout_run(columns, rows, &wish);
                check(&run, columns, rows);
                check_panels(&run, &wish, columns, rows);
            }
            struct layout list = layout_list(columns, rows);
            check(&list, columns, rows);
        }
}

static enum layout_kind kind(int columns, int rows, bool zoomed, bool no_strip)
{
    struct layout_wish wish = {.zoomed = zoomed, .no_strip = no_strip, .rows = 1};
    return layout_run(columns, rows, &wish).kind;
}

Test(layout, has_its_kinds)
{
    cr_expect_eq(kind(39, 50, false, false), LAYOUT_TOO_SMALL);
    cr_expect_eq(kind(200, 9, false, false), LAYOUT_TOO_SMALL);
    cr_expect_eq(kind(40, 10, false, false), LAYOUT_PLOT);
    cr_expect_eq(kind(79, 60, false, false), LAYOUT_PLOT);
    cr_expect_eq(kind(200, 23, false, false), LAYOUT_PLOT);
    cr_expect_eq(kind(80, 24, false, false), LAYOUT_ONE);
    cr_expect_eq(kind(99, 24, false, false), LAYOUT_ONE);
    cr_expect_eq(kind(100, 24, false, false), LAYOUT_ALL);
    cr_expect_eq(kind(129, 24, false, false), LAYOUT_ALL);
    cr_expect_eq(kind(130, 24, false, false), LAYOUT_STRIP);
    cr_expect_eq(kind(130, 24, false, true), LAYOUT_ALL);
    cr_expect_eq(kind(130, 24, true, false), LAYOUT_ONE);
}

/* ---- what is drawn ---- */

enum { GUARD = 64 };

/* Draws into cells with others before and behind, which must stay as they are. */
static void draw_guarded(struct workbench *w, int columns, int rows, enum charset charset)
{
    size_t cells = (size_t)columns * (size_t)rows;
    struct cell *room = calloc(cells + 2 * GUARD, sizeof *room);
    cr_assert_not_null(room);
    for (size_t k = 0; k < GUARD; k++)
        room[k].glyph = room[GUARD + cells + k].glyph = 0xBAD;
    struct canvas canvas = {.columns = columns, .rows = rows, .charset = charset, .cells = room + GUARD};
    workbench_resize(w, columns, rows);
    workbench_draw(w, &canvas);
    for (size_t k = 0; k < GUARD; k++)
        cr_assert(room[k].glyph == 0xBAD && room[GUARD + cells + k].glyph == 0xBAD, "%dx%d: written outside", columns,
                  rows);
    for (size_t k = 0; k < cells && charset == CHARSET_ASCII; k++) {
        uint32_t glyph = room[GUARD + k].glyph;
        cr_assert(glyph == 0 || (glyph >= ' ' && glyph < 0x7F), "%dx%d: U+%04X in ASCII", columns, rows,
                  (unsigned)glyph);
    }
    free(room);
}

static void draw_at_all_sizes(struct workbench *w)
{
    static const int widths[] = {1, 2, 39, 40, 41, 60, 79, 80, 99, 100, 129, 130, 200, 300};
    static const int heights[] = {1, 2, 9, 10, 13, 14, 23, 24, 40, 100};
    for (size_t x = 0; x < sizeof widths / sizeof *widths; x++)
        for (size_t y = 0; y < sizeof heights / sizeof *heights; y++)
            for (int charset = 0; charset < 2; charset++)
                draw_guarded(w, widths[x], heights[y], (enum charset)charset);
}

Test(layout, what_is_drawn_stays_inside)
{
    static const char *const keys[] = {"", "?", "?:h", "\x1B/", "\x1Bo", "o", "4", "5", "`v", "vt", "L"};
    struct workbench *w = fixture_open(fixture_database(), 0, 140, 45);
    draw_at_all_sizes(w);
    workbench_resize(w, 140, 45);
    fixture_command(w, "compare alpha mnist-s0,mnist-s1");
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        workbench_resize(w, 140, 45);
        fixture_keys(w, keys[k]);
        if (strchr(keys[k], ':') != NULL)
            workbench_key(w, PRESS_TAB);
        fixture_wait(w);
        draw_at_all_sizes(w);
    }
    workbench_free(w);
}
