#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <plot/plot.h>

#include "runs_fixture.h"

/* With everything a table can show: shares, known and not, marks, an unfolded group, an order. */
static struct runs busy_list(void)
{
    struct runs runs = list_runs();
    for (int64_t id = 1; id <= 18; id++)
        runs_set_share(&runs, id, id % 4 ? .9 + .004 * (double)id : 1, id % 3 ? .8 : NAN);
    runs_select(&runs, 5);
    runs_mark(&runs, NULL);
    runs_fold(&runs, false);
    runs_move(&runs, 2);
    runs_mark(&runs, NULL);
    runs_move(&runs, 1);
    runs_sort(&runs, "test_accuracy", true, NULL);
    return runs;
}

static void expect_table(struct runs *runs, int columns, int rows, enum charset charset, const char *name)
{
    char *text = list_table(runs, columns, rows, charset);
    list_expect_golden(name, text);
    free(text);
}

Test(table, looks_as_it_should)
{
    static const int sizes[][2] = {{40, 10}, {80, 24}, {120, 40}, {200, 60}};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        struct runs runs = busy_list();
        char name[64];
        snprintf(name, sizeof name, "runs_%dx%d.txt", sizes[k][0], sizes[k][1]);
        expect_table(&runs, sizes[k][0], sizes[k][1], CHARSET_BRAILLE, name);
        snprintf(name, sizeof name, "runs_%dx%d_ascii.txt", sizes[k][0], sizes[k][1]);
        expect_table(&runs, sizes[k][0], sizes[k][1], CHARSET_ASCII, name);
        runs_release(&runs);
    }
}

Test(table, looks_as_it_should_filtered_and_scrolled)
{
    struct runs runs = busy_list();
    runs_sort(&runs, "age", false, NULL); /* which is beyond the right edge */
    expect_table(&runs, 80, 24, CHARSET_BRAILLE, "runs_80x24_by_age.txt");
    runs_scroll(&runs, 2);
    expect_table(&runs, 80, 24, CHARSET_BRAILLE, "runs_80x24_scrolled.txt");
    runs_scroll(&runs, 50);
    expect_table(&runs, 80, 24, CHARSET_BRAILLE, "runs_80x24_at_the_end.txt");
    runs_scroll(&runs, -50);
    runs_filter(&runs, "test_accuracy > .96 and not seed = 3", NULL);
    expect_table(&runs, 80, 24, CHARSET_BRAILLE, "runs_80x24_filter.txt");
    expect_table(&runs, 40, 10, CHARSET_ASCII, "runs_40x10_filter_ascii.txt");
    runs_filter(&runs, "nothing", NULL);
    expect_table(&runs, 80, 24, CHARSET_BRAILLE, "runs_80x24_none.txt");
    runs_release(&runs);
}

/* Whatever the size, nothing is drawn outside, and nothing that came with the data goes out as it is. */
Test(table, stays_within_its_rectangle_and_harmless)
{
    struct runs runs = busy_list();
    runs_fold_all(&runs);
    runs_fold_all(&runs);
    for (int columns = 1; columns < 130; columns += 3)
        for (int rows = 1; rows < 40; rows += 4) {
            struct canvas canvas;
            cr_assert_eq(canvas_init(&canvas, columns + 2, rows + 2, CHARSET_BRAILLE, NULL), IFL_OK);
            runs_move(&runs, 3);
            runs_draw_table(&runs, &canvas, (struct rect){1, 1, columns, rows});
            for (int y = 0; y < rows + 2; y++)
                for (int x = 0; x < columns + 2; x++) {
                    struct cell *cell = canvas_at(&canvas, x, y);
                    bool inside = x > 0 && x <= columns && y > 0 && y <= rows;
                    cr_assert(inside || (cell->glyph == 0 && cell->attributes == 0), "%dx%d: %d,%d", columns, rows, x,
                              y);
                    cr_assert(cell->glyph == 0 || (cell->glyph >= 0x20 && cell->glyph < 0x7F) || cell->glyph >= 0xA0);
                    cr_assert(cell->glyph != 0x202E && cell->glyph != 0x200B);
                }
            canvas_release(&canvas);
        }
    runs_release(&runs);
}

/* Where a line says what it is, the pointer finds it. */
Test(table, finds_what_is_under_the_pointer)
{
    struct runs runs = busy_list();
    struct canvas canvas;
    size_t row;
    cr_assert_eq(canvas_init(&canvas, 80, 8, CHARSET_ASCII, NULL), IFL_OK);
    runs_draw_table(&runs, &canvas, (struct rect){0, 0, 80, 8});
    cr_expect_not(runs_at(&runs, 5, 0, &row));
    cr_expect(runs_at(&runs, 5, 1, &row) && row == runs.top);
    cr_expect(runs_at(&runs, 79, 7, &row) && row == runs.top + 6);
    cr_expect_not(runs_at(&runs, 5, 8, &row));
    cr_expect_not(runs_at(&runs, 80, 3, &row));
    int heads = 0;
    const char *before = NULL;
    for (int x = 0; x < 80; x++) {
        const char *word = runs_head_at(&runs, x, 0);
        if (word != NULL && word != before) {
            heads++;
            cr_expect_eq(runs_sort(&runs, word, false, NULL), IFL_OK);
        }
        before = word;
    }
    cr_expect_geq(heads, 4);
    cr_expect_eq(runs_head_at(&runs, 5, 1), NULL);
    canvas_release(&canvas);
    runs_release(&runs);
}

/* Without colour too: what was sought stands out of its line, and of the line under the cursor. */
Test(table, shows_what_was_sought)
{
    struct runs runs = list_runs();
    struct canvas canvas;
    cr_assert_eq(canvas_init(&canvas, 80, 24, CHARSET_ASCII, NULL), IFL_OK);
    cr_assert(runs_search(&runs, "SIGMOID", 1, true));
    runs_draw_table(&runs, &canvas, (struct rect){0, 0, 80, 24});
    int under_cursor = 0, elsewhere = 0;
    for (int y = 0; y < 24; y++)
        for (int x = 0; x < 30; x++) {
            struct cell *cell = canvas_at(&canvas, x, y);
            bool cursor = (size_t)(y - 1) + runs.top == runs.at;
            bool reversed = (cell->attributes & CELL_REVERSE) != 0;
            under_cursor += cursor && !reversed;
            elsewhere += !cursor && reversed;
        }
    cr_expect_eq(under_cursor, 7);
    cr_expect_eq(elsewhere, 2 * 7);
    canvas_release(&canvas);
    runs_release(&runs);
}

static char *strip_of(const int64_t open[3])
{
    struct runs runs = busy_list();
    struct canvas canvas;
    char *text;
    cr_assert_eq(canvas_init(&canvas, 30, 18, CHARSET_BRAILLE, NULL), IFL_OK);
    runs_draw_strip(&runs, &canvas, (struct rect){0, 0, 30, 18}, open, 3, true);
    cr_assert_eq(plot_to_text(&canvas, PLOT_MONO, false, &text, NULL), IFL_OK);
    canvas_release(&canvas);
    runs_release(&runs);
    return text;
}

Test(strip, says_what_is_open)
{
    char *text = strip_of((int64_t[]){26, 7, 13});
    list_expect_golden("runs_strip_30x18.txt", text);
    free(text);
}

/* The mark beside it has the same number. */
Test(strip, does_not_number_twice)
{
    char *text = strip_of((int64_t[]){7, 26, 13});
    cr_expect_not_null(strstr(text, ">1\u25be mnist-2-2-sigmoid-s*"), "%s", text);
    free(text);
}
