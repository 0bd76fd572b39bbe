/* What the plots say, apart from how they look. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include <plot/dpi.h>
#include <plot/plane.h>

#include "sample_plots.h"

Test(dpi, counts_rises_in_the_direction_of_each_chain)
{
    static const double forward[] = {5, NAN, 4, 4.00005, 4.2, NAN}, backward[] = {1, 2, NAN, 1.5, 3, NAN};
    struct plot_dpi_subject subject = {.forward = forward, .backward = backward, .bound = NAN};
    struct plot_dpi data = sample_dpi();
    data.subject = &subject;
    struct dpi_facts facts = dpi_study(&data);
    cr_expect_eq(facts.of[0].values[DPI_FORWARD], 4);
    cr_expect_eq(facts.of[0].rises[DPI_FORWARD], 1);  /* 4.00005 -> 4.2; 4 -> 4.00005 is within the tolerance */
    cr_expect_eq(facts.of[0].rises[DPI_BACKWARD], 1); /* 1.5 -> 2, over a layer without a value */
    cr_expect(dpi_rises(&data, 0, DPI_BACKWARD, 1, 3));
    cr_expect_not(dpi_rises(&data, 0, DPI_BACKWARD, 3, 4));
    char text[96];
    cr_expect_str_eq(dpi_verdict(text, &data, &facts.of[0], DPI_FORWARD, 0), "1 ! rise > 0.0001 bits");
    data.tolerance = 1;
    facts = dpi_study(&data);
    cr_expect_str_eq(dpi_verdict(text, &data, &facts.of[0], DPI_FORWARD, 0), "DPI holds");
}

Test(dpi, draws_the_bound_unless_it_is_far_off)
{
    struct plot_dpi data = sample_dpi();
    struct plot_dpi_subject subject = sample_subject;
    data.subject = &subject;
    struct dpi_facts facts = dpi_study(&data);
    cr_expect(facts.bound_in_range && facts.bits.lo == 0 && facts.bits.hi == sample_bound);
    subject.bound = 100;
    facts = dpi_study(&data);
    cr_expect(facts.has_bound && !facts.bound_in_range && facts.bits.hi < 10);
    subject.bound = NAN;
    cr_expect_not(dpi_study(&data).has_bound);
}

Test(plane, divides_time_into_steps)
{
    struct plane_facts facts = {.longest = 7};
    static const int expected[] = {0, 1, 2, 4, 5, 6, 7};
    for (size_t k = 0; k < 7; k++) {
        cr_expect_eq(plane_time(&facts, k), expected[k]);
        cr_expect(plane_time_starts(&facts, k));
    }
    facts.longest = 100;
    int starts = 0;
    for (size_t k = 0; k < 100; k++)
        starts += plane_time_starts(&facts, k);
    cr_expect_eq(starts, INK_TIME_COUNT);
    cr_expect_eq(plane_time(&facts, 99), INK_TIME_COUNT - 1);
    facts.longest = 1;
    cr_expect_eq(plane_time(&facts, 0), 0);
}

Test(plane, pieces_make_up_the_way)
{
    for (size_t longest = 2; longest < 40; longest++) {
        struct plane_facts facts = {.longest = longest};
        for (size_t to = 1; to < longest; to++) {
            struct plane_piece pieces[INK_TIME_COUNT];
            int count = plane_pieces(&facts, to, pieces);
            cr_assert(count >= 1 && count <= INK_TIME_COUNT);
            cr_assert(pieces[0].from == 0 && pieces[count - 1].to == 1);
            cr_assert_eq(pieces[0].time, plane_time(&facts, to - 1));
            cr_assert_eq(pieces[count - 1].time, plane_time(&facts, to));
            for (int k = 1; k < count; k++)
                cr_assert(fabs(pieces[k].from - pieces[k - 1].to) < 1e-12 && pieces[k].to >= pieces[k].from);
        }
    }
}

Test(plane, arrowheads_point_along_the_trajectory)
{
    static const double x[] = {0, 1, 1}, y[] = {0, 0, -1};
    struct plot_trajectory trajectory = {.name = "fc1", .count = 3, .x = x, .y = y};
    struct axis ax = {.view = {0, 1}}, ay = {.view = {-1, 0}};
    struct plane_extent extent = {.width = 30, .height = 30, .one_arrow = 5, .two_arrows = 20};
    struct plane_arrow arrows[PLANE_ARROWS];
    cr_assert_eq(plane_arrows(&trajectory, &ax, &ay, extent, arrows), 2);
    cr_expect(arrows[0].to == 1 && arrows[0].dx > 0 && arrows[0].dy == 0);
    cr_expect_float_eq(arrows[0].along, 2.0 / 3, 1e-9);
    cr_expect(arrows[1].to == 2 && arrows[1].dx == 0 && arrows[1].dy < 0);
    extent.two_arrows = 1000;
    cr_expect_eq(plane_arrows(&trajectory, &ax, &ay, extent, arrows), 1);
    extent.one_arrow = 1000;
    cr_expect_eq(plane_arrows(&trajectory, &ax, &ay, extent, arrows), 0);
}

Test(colors, grow_lighter_with_time_and_differ)
{
    for (int ink = 0; ink < INK_COUNT; ink++)
        cr_expect_eq(plot_color((uint8_t)ink, PLOT_MONO, false), -1);
    static const int dark[] = {24, 60, 30, 36, 42, 113, 184, 220};
    for (int k = 0; k < INK_TIME_COUNT; k++)
        cr_expect_eq(plot_color((uint8_t)(INK_TIME + k), PLOT_256, false), dark[k]);
    for (int a = 0; a < INK_SERIES_COUNT; a++)
        for (int b = 0; b < a; b++)
            for (int light = 0; light < 2; light++)
                cr_expect_neq(plot_color((uint8_t)(INK_SERIES + a), PLOT_256, light),
                              plot_color((uint8_t)(INK_SERIES + b), PLOT_256, light));
}

Test(to_text, cuts_blanks_and_colors_what_is_there)
{
    struct canvas canvas;
    cr_assert_eq(canvas_init(&canvas, 6, 2, CHARSET_ASCII, NULL), IFL_OK);
    canvas_text(&canvas, 1, 0, -1, "ab", INK_WARN, CELL_BOLD);
    char *text;
    cr_assert_eq(plot_to_text(&canvas, PLOT_MONO, false, &text, NULL), IFL_OK);
    cr_expect_str_eq(text, " ab\n\n");
    free(text);
    cr_assert_eq(plot_to_text(&canvas, PLOT_8, false, &text, NULL), IFL_OK);
    cr_expect_str_eq(text, " \033[0;1;31mab\033[0m\n\n");
    free(text);
    canvas_release(&canvas);
}

Test(canvas, writes_clean_text_of_one_column_a_cell)
{
    struct canvas canvas;
    cr_assert_eq(canvas_init(&canvas, 8, 1, CHARSET_BRAILLE, NULL), IFL_OK);
    cr_expect_eq(canvas_text(&canvas, 0, 0, -1, "a\x1b\xc3\xa4u\xcc\x88\xe5\xb1\xa4z", INK_NONE, 0), 7);
    static const uint32_t expected[] = {'a', 0xFFFD, 0xE4, 'u', 0xFFFD, 0xFFFD, 'z', 0};
    for (int x = 0; x < 8; x++)
        cr_expect_eq(canvas_at(&canvas, x, 0)->glyph, expected[x]);
    cr_expect_eq(canvas_text(&canvas, 6, 0, -1, "abc", INK_NONE, 0), 2);
    cr_expect_eq(canvas_text(&canvas, 0, 0, 1, "abc", INK_NONE, 0), 1);
    cr_expect_eq(canvas_text(&canvas, -1, 0, -1, "ab", INK_NONE, 0), 2);
    cr_expect_null(canvas_at(&canvas, 8, 0));
    canvas_put(&canvas, -1, 5, 'x', INK_NONE, 0);
    canvas_release(&canvas);
}

/* Whatever a cell was given. */
Test(canvas, prints_no_glyph_that_a_terminal_obeys)
{
    static const uint32_t glyphs[] = {'a', 0x1b, 0x07, 0x9b, 0x202e, 0xd800, 'z'};
    struct canvas canvas;
    char *text;
    cr_assert_eq(canvas_init(&canvas, 7, 1, CHARSET_BRAILLE, NULL), IFL_OK);
    for (int x = 0; x < 7; x++)
        canvas_put(&canvas, x, 0, glyphs[x], INK_NONE, 0);
    cr_assert_eq(plot_to_text(&canvas, PLOT_MONO, false, &text, NULL), IFL_OK);
    for (const char *at = text; *at != '\0'; at++)
        cr_expect((unsigned char)*at >= ' ' || *at == '\n', "%s", text);
    cr_expect(text[0] == 'a' && strstr(text, "\xef\xbf\xbd") == text + 1 && strchr(text, 'z') != NULL, "%s", text);
    cr_expect_null(strstr(text, "\xc2\x9b"));
    cr_expect_null(strstr(text, "\xe2\x80\xae"));
    free(text);
    canvas_release(&canvas);
}

Test(svg, escapes_names)
{
    struct plot_dpi data = sample_dpi();
    data.title = "<a & \"b\">\x1b";
    char *text;
    cr_assert_eq(plot_dpi_svg(&data, 800, 500, true, &text, NULL), IFL_OK);
    cr_expect_not_null(strstr(text, "&lt;a &amp; &quot;b&quot;&gt;\xef\xbf\xbd"));
    cr_expect(strncmp(text, "<svg ", 5) == 0 && strstr(text, "</svg>\n") != NULL);
    cr_expect_not_null(strstr(text, "H(X) = 6.13"));
    free(text);
}
