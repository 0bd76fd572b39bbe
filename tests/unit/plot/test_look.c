/* What a plot is told and tells back: limits, logarithms, marks, extents. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include <plot/axis.h>

#include "sample_plots.h"

enum { MARKS = 1000 };

static struct plot_mark items[MARKS];
static struct canvas canvas;

static void close_canvas(void)
{
    canvas_release(&canvas);
}

static struct rect open_canvas(int columns, int rows, enum charset charset)
{
    cr_assert_eq(canvas_init(&canvas, columns, rows, charset, NULL), IFL_OK);
    return (struct rect){.columns = columns, .rows = rows};
}

static const int sizes[][2] = {{80, 24}, {47, 40}, {33, 30}, {120, 40}};
enum { SIZES = sizeof sizes / sizeof *sizes };

static void expect_marks_on_cells(const struct plot_marks *marks)
{
    for (size_t k = 0; k < marks->count; k++) {
        const struct cell *cell = canvas_at(&canvas, marks->items[k].x, marks->items[k].y);
        cr_assert_not_null(cell);
        cr_expect_neq(cell->glyph, 0, "mark %zu", k);
    }
}

Test(marks, of_dpi_lie_on_markers)
{
    for (int size = 0; size < SIZES; size++)
        for (int charset = 0; charset < 2; charset++) {
            struct plot_dpi_subject subjects[PLOT_SUBJECTS];
            struct plot_dpi data = sample_overlay(subjects, 4);
            struct plot_marks marks = {.items = items, .room = MARKS};
            data.look.marks = &marks;
            data.look.front = 1;
            plot_dpi(&canvas, open_canvas(sizes[size][0], sizes[size][1], (enum charset)charset), &data);
            /* six and five values of each, the fourth lacks a layer */
            cr_expect_eq(marks.count, 3 * 11 + 9);
            expect_marks_on_cells(&marks);
            for (size_t k = 0; k < marks.count; k++) {
                struct plot_mark m = items[k];
                uint32_t glyph = canvas_at(&canvas, m.x, m.y)->glyph;
                cr_expect(glyph == '!' || (glyph >= '1' && glyph <= '4'), "%c", (int)glyph);
                cr_expect_eq(m.point, -1);
                cr_expect(m.subject != 3 || m.layer < 5, "as its own run counts them");
            }
            close_canvas();
        }
}

Test(marks, of_planes_lie_on_trajectories)
{
    for (int size = 0; size < SIZES; size++)
        for (int charset = 0; charset < 2; charset++) {
            struct plot_trajectory trajectories[SAMPLE_TRAJECTORIES];
            struct plot_plane data = sample_plane_overlay(trajectories, 4);
            struct plot_marks marks = {.items = items, .room = MARKS};
            data.look.marks = &marks;
            plot_plane(&canvas, open_canvas(sizes[size][0], sizes[size][1], (enum charset)charset), &data);
            cr_expect_eq(marks.count, SAMPLE_TRAJECTORIES * SAMPLE_SNAPSHOTS);
            expect_marks_on_cells(&marks);
            close_canvas();
        }
}

Test(marks, are_of_what_is_in_view, .fini = close_canvas)
{
    struct plot_dpi data = sample_dpi();
    struct plot_marks marks = {.items = items, .room = MARKS};
    data.look.marks = &marks;
    data.look.x = (struct range){1.5, 4.5};
    data.look.y = (struct range){5.9, 6.2};
    plot_dpi(&canvas, open_canvas(80, 24, CHARSET_ASCII), &data);
    cr_assert_eq(marks.count, 2); /* conv2 and pool2, forward */
    cr_expect(items[0].layer == 2 && items[1].layer == 3);
    marks = (struct plot_marks){.items = items, .room = 1};
    plot_dpi(&canvas, (struct rect){0, 0, 80, 24}, &data);
    cr_expect_eq(marks.count, 1);
}

/* A line from far outside to far outside crosses the plot from edge to edge where it should, and nothing else is
 * drawn. */
Test(zoom, clips_lines, .fini = close_canvas)
{
    static const double x[] = {-1e6, 1e6}, y[] = {-1e6, 1e6};
    struct plot_trajectory one = {.name = "a", .count = 2, .x = x, .y = y};
    struct plot_plane data = {.title = "IP",
                              .subjects = 1,
                              .count = 1,
                              .trajectories = &one,
                              .cursor = PLOT_NO_CURSOR,
                              .layer = -1,
                              .look = {.x = {2, 4}, .y = {2, 4}, .no_legend = true}};
    plot_plane(&canvas, open_canvas(60, 30, CHARSET_ASCII), &data);
    int drawn = 0, left = 60, right = 0;
    for (int row = 2; row < 27; row++)
        for (int column = 6; column < 60; column++) {
            uint32_t glyph = canvas_at(&canvas, column, row)->glyph;
            if (glyph == 0 || strchr("/-|<>^", (int)glyph) == NULL)
                continue;
            drawn++;
            left = column < left ? column : left;
            right = column > right ? column : right;
        }
    cr_expect_eq(right, 59);
    cr_expect_eq(drawn, right - left + 1, "%d from %d to %d", drawn, left, right);
    cr_expect_leq(left, 6);
}

Test(zoom, shows_exactly_the_limits, .fini = close_canvas)
{
    struct plot_trajectory trajectories[SAMPLE_IP];
    struct plot_plane data = sample_plane(trajectories, SAMPLE_IP);
    data.look.x = (struct range){0.33, 2.77};
    struct plot_marks marks = {.items = items, .room = MARKS};
    data.look.marks = &marks;
    plot_plane(&canvas, open_canvas(80, 24, CHARSET_BRAILLE), &data);
    size_t inside = 0;
    for (size_t k = 0; k < SAMPLE_IP; k++)
        for (size_t n = 0; n < SAMPLE_SNAPSHOTS; n++)
            inside += sample_ip_x[k][n] >= 0.33 && sample_ip_x[k][n] <= 2.77;
    cr_expect_eq(marks.count, inside);
}

Test(logarithm, leaves_out_what_is_not_above_zero, .fini = close_canvas)
{
    static const double forward[] = {4, 0, 0.01}, backward[] = {-1, NAN, NAN};
    static const char *const names[] = {"a", "b", "c"};
    struct plot_dpi_subject subject = {.forward = forward, .backward = backward, .bound = NAN};
    struct plot_marks marks = {.items = items, .room = MARKS};
    struct plot_dpi data = {.layers = 3,
                            .names = names,
                            .subjects = 1,
                            .subject = &subject,
                            .cursor = -1,
                            .look = {.log = true, .marks = &marks}};
    plot_dpi(&canvas, open_canvas(60, 20, CHARSET_ASCII), &data);
    cr_assert_eq(marks.count, 2);
    cr_expect(items[0].layer == 0 && items[1].layer == 2 && items[0].y < items[1].y);
    struct plot_extent extent = plot_dpi_extent(&data);
    cr_expect(extent.y.lo == 0.01 && extent.y.hi == 4);
}

Test(extent, asks_for_what_a_plot_shows)
{
    struct plot_trajectory trajectories[SAMPLE_IP];
    struct plot_plane plane = sample_plane(trajectories, SAMPLE_IP);
    struct plot_extent extent = plot_plane_extent(&plane);
    cr_expect(extent.x.lo == 0 || extent.x.lo < 2.8e-10);
    cr_expect(extent.x.hi > 5.7173 && extent.x.hi < 6.1 && extent.y.hi > 3.08673 && extent.y.hi < 3.5);
    plane.look.x = (struct range){1, 2};
    cr_expect_eq(plot_plane_extent(&plane).x.hi, extent.x.hi, "a zoom does not matter to it");
    plane.count = 0;
    cr_expect(range_is_empty(plot_plane_extent(&plane).x) && range_is_empty(plot_plane_extent(&plane).y));

    struct plot_dpi_subject subjects[PLOT_SUBJECTS];
    struct plot_dpi dpi = sample_overlay(subjects, 2);
    extent = plot_dpi_extent(&dpi);
    cr_expect(extent.x.lo == -0.5 && extent.x.hi == SAMPLE_LAYERS - 0.5 && extent.y.lo == 0);
    cr_expect_float_eq(extent.y.hi, 6.19385, 1e-3, "with the deviation of the first layer's");
    dpi.chains = 1U << DPI_BACKWARD;
    dpi.subjects = 0;
    cr_expect(range_is_empty(plot_dpi_extent(&dpi).y));
}

/* ---- pictures ---- */

static char *picture(const struct plot_dpi *data)
{
    char *text = NULL;
    cr_assert_eq(plot_dpi_svg(data, 400, 300, true, &text, NULL), IFL_OK);
    return text;
}

Test(svg, rows_hold_each_picture_beside_the_last)
{
    struct plot_dpi data = sample_dpi();
    char *one = picture(&data), *row = NULL;
    const char *both[] = {one, one};
    cr_assert_eq(plot_svg_row(both, 2, 400, 300, &row, NULL), IFL_OK);
    cr_expect(strncmp(row, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"800\" height=\"300\"", 64) == 0);
    cr_expect_not_null(strstr(row, "\n<svg x=\"0\" xmlns"));
    cr_expect_not_null(strstr(row, "\n<svg x=\"400\" xmlns"));
    size_t closed = 0;
    for (const char *at = row; (at = strstr(at, "</svg>")) != NULL; at++)
        closed++;
    cr_expect_eq(closed, 3);
    free(row);
    free(one);
    row = NULL;
    both[1] = "<html>";
    struct ifl_error error;
    cr_expect_eq(plot_svg_row(both + 1, 1, 400, 300, &row, &error), IFL_INVALID);
    cr_expect_null(row);
}

/* Every line of a zoomed picture lies within the picture. */
Test(svg, clips_lines_to_the_plot)
{
    struct plot_dpi data = sample_dpi();
    data.look.y = (struct range){5.99, 6};
    char *text = picture(&data);
    for (const char *at = text; (at = strstr(at, " y1=\"")) != NULL; at++) {
        double y = strtod(at + 5, NULL);
        cr_expect(y >= 0 && y <= 300, "%g", y);
    }
    free(text);
}

Test(svg, names_subjects_and_draws_deviations)
{
    struct plot_dpi_subject subjects[PLOT_SUBJECTS];
    struct plot_dpi data = sample_overlay(subjects, 2);
    char *with = picture(&data);
    cr_expect_not_null(strstr(with, ">1 6-12 relu<"));
    cr_expect_not_null(strstr(with, ">2 2-2 sigmoid"));
    subjects[1].forward_deviation = subjects[1].backward_deviation = NULL;
    char *without = picture(&data);
    cr_expect(strlen(with) > strlen(without));
    free(with);
    free(without);
}
