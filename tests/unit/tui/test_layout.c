#include <criterion/criterion.h>

#include <tui/layout.h>

enum { PARTS = 6 + PANELS };

static int parts_of(const struct layout *layout, struct rect parts[PARTS])
{
    const struct rect all[] = {layout->title, layout->params,  layout->runs,
                               layout->epoch, layout->readout, layout->status};
    int count = 0;
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        parts[count++] = all[k];
    for (int k = 0; k < PANELS; k++)
        parts[count++] = layout->panels[k];
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
    int count = parts_of(layout, parts);
    for (int k = 0; k < count; k++) {
        struct rect a = parts[k];
        if (is_empty(a))
            continue;
        cr_assert(a.x >= 0 && a.y >= 0 && a.columns > 0 && a.rows > 0 && a.x + a.columns <= columns &&
                      a.y + a.rows <= rows,
                  "%dx%d: part %d is outside: %d,%d %dx%d", columns, rows, k, a.x, a.y, a.columns, a.rows);
        for (int j = 0; j < k; j++)
            cr_assert(is_empty(parts[j]) || !overlap(a, parts[j]), "%dx%d: parts %d and %d overlap", columns, rows, j,
                      k);
    }
}

Test(layout, nothing_overlaps_and_nothing_is_outside)
{
    for (int columns = 1; columns <= 300; columns++)
        for (int rows = 1; rows <= 100; rows++) {
            for (int k = 0; k < 2 * PANELS; k++) {
                struct layout run = layout_run(columns, rows, (enum panel)(k % PANELS), k >= PANELS);
                check(&run, columns, rows);
            }
            struct layout list = layout_list(columns, rows);
            check(&list, columns, rows);
        }
}

Test(layout, has_a_panel_of_a_useful_size)
{
    for (int columns = LAYOUT_MIN_COLUMNS; columns <= 300; columns++)
        for (int rows = LAYOUT_MIN_ROWS; rows <= 100; rows++) {
            struct layout layout = layout_run(columns, rows, PANEL_IP, false);
            struct rect panel = layout.panels[PANEL_IP];
            cr_assert(panel.columns >= 32 && panel.rows >= 8, "%dx%d: a panel of %dx%d", columns, rows, panel.columns,
                      panel.rows);
            cr_assert_eq(layout.status.rows, 1);
        }
}

static enum layout_kind kind(int columns, int rows, bool zoomed)
{
    return layout_run(columns, rows, PANEL_DPI, zoomed).kind;
}

Test(layout, has_its_kinds)
{
    cr_expect_eq(kind(39, 50, false), LAYOUT_TOO_SMALL);
    cr_expect_eq(kind(200, 9, false), LAYOUT_TOO_SMALL);
    cr_expect_eq(kind(40, 10, false), LAYOUT_PLOT);
    cr_expect_eq(kind(79, 60, false), LAYOUT_PLOT);
    cr_expect_eq(kind(200, 23, false), LAYOUT_PLOT);
    cr_expect_eq(kind(80, 24, false), LAYOUT_ONE);
    cr_expect_eq(kind(99, 24, false), LAYOUT_ONE);
    cr_expect_eq(kind(100, 24, false), LAYOUT_ALL);
    cr_expect_eq(kind(129, 24, false), LAYOUT_ALL);
    cr_expect_eq(kind(130, 24, false), LAYOUT_STRIP);
    cr_expect_eq(kind(130, 24, true), LAYOUT_ONE);
}

Test(layout, shows_the_panel_asked_for)
{
    for (int k = 0; k < PANELS; k++) {
        struct layout layout = layout_run(80, 24, (enum panel)k, false);
        for (int j = 0; j < PANELS; j++)
            cr_expect_eq(is_empty(layout.panels[j]), j != k);
    }
    struct layout all = layout_run(120, 40, PANEL_MIP, false);
    cr_expect(!is_empty(all.panels[PANEL_DPI]) && !is_empty(all.panels[PANEL_IP]) && is_empty(all.runs));
    struct layout strip = layout_run(140, 45, PANEL_MIP, false);
    cr_expect(strip.runs.columns >= 26 && strip.runs.columns <= 30);
}
