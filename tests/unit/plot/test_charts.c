/* What the charts of PID and width look like and say. */
#include <plot/chart.h>

#include "golden.h"
#include "sample_charts.h"

static const struct {
    int columns, rows;
} sizes[] = {{80, 24}, {47, 40}, {33, 30}, {120, 40}, {24, 12}, {20, 8}, {12, 3}};

static const char *const charsets[] = {"ascii", "braille"};

static void draw(struct canvas *canvas, const struct plot_pid *pid, const struct plot_width *width)
{
    struct rect all = {0, 0, canvas->columns, canvas->rows};
    if (pid != NULL)
        plot_pid(canvas, all, pid);
    else
        plot_width(canvas, all, width);
}

/* Free it. */
static char *draw_text(int columns, int rows, enum charset charset, const struct plot_pid *pid,
                       const struct plot_width *width)
{
    struct canvas canvas;
    char *text = NULL;
    cr_assert_eq(canvas_init(&canvas, columns, rows, charset, NULL), IFL_OK);
    draw(&canvas, pid, width);
    cr_assert_eq(plot_to_text(&canvas, PLOT_MONO, false, &text, NULL), IFL_OK);
    canvas_release(&canvas);
    return text;
}

static void expect_sizes(const char *name, const struct plot_pid *pid, const struct plot_width *width)
{
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        for (int charset = 0; charset < 2; charset++) {
            char file[128], *text = draw_text(sizes[k].columns, sizes[k].rows, (enum charset)charset, pid, width);
            snprintf(file, sizeof file, "%s_%dx%d_%s.txt", name, sizes[k].columns, sizes[k].rows, charsets[charset]);
            expect_golden(file, text);
            free(text);
        }
}

static void expect_one(const char *name, enum charset charset, const struct plot_pid *pid,
                       const struct plot_width *width)
{
    char *text = draw_text(80, 24, charset, pid, width);
    expect_golden(name, text);
    free(text);
}

Test(charts, pid_over_training)
{
    struct sample_pid sample;
    struct plot_pid data = sample_pid(&sample);
    expect_sizes("pid", &data, NULL);
    data.cursor = 5;
    data.layer = 1;
    data.look.log = true;
    data.look.no_legend = true;
    expect_one("pid_log_cursor.txt", CHARSET_BRAILLE, &data, NULL);
    data.look = (struct plot_look){.x = {2, 8}, .y = {1, 5}, .stale = true};
    expect_one("pid_zoom.txt", CHARSET_BRAILLE, &data, NULL);
}

Test(charts, pid_over_topologies)
{
    struct sample_pid sample;
    struct plot_pid data = sample_topologies(&sample);
    expect_sizes("topologies", &data, NULL);
}

Test(charts, width)
{
    struct sample_sweep sample;
    struct plot_width data = sample_width(&sample);
    expect_sizes("width", NULL, &data);
    data.look.x = (struct range){1, 10};
    data.look.log = true;
    data.backward = true;
    expect_one("width_zoom_log_backward.txt", CHARSET_ASCII, NULL, &data);
}

Test(charts, gaps_and_nothing)
{
    struct sample_pid sample;
    struct plot_pid data = sample_pid(&sample);
    double gap[SAMPLE_SNAPSHOTS], none[SAMPLE_SNAPSHOTS];
    for (int k = 0; k < SAMPLE_SNAPSHOTS; k++) {
        gap[k] = k == 4 ? NAN : sample_ip_x[0][k];
        none[k] = NAN;
    }
    data.count = 1;
    sample.series[0].values[PID_MMI] = gap;
    sample.series[0].values[PID_TRADEOFF] = sample.series[0].values[PID_NONREDUNDANT] = none;
    expect_one("pid_gap_no_pairs.txt", CHARSET_ASCII, &data, NULL);
    data.count = 0;
    data.look.stale = true;
    data.look.empty = "no layer has two feature maps";
    expect_one("pid_nothing.txt", CHARSET_ASCII, &data, NULL);
}

Test(charts, say_which_h_can_be_trusted)
{
    char text[96];
    struct plot_width data = {.trusted = {2.087, 9.613}};
    cr_expect_str_eq(width_verdict(text, &data), "trusted h 2.1 .. 9.6");
    data.trusted.hi = 2.087;
    cr_expect_str_eq(width_verdict(text, &data), "trusted h 2.1 alone");
    data.trusted.lo = 3;
    cr_expect_str_eq(width_verdict(text, &data), "no h can be trusted");
    data.count = 37;
    data.missing = 25;
    cr_expect_str_eq(width_verdict(text, &data), "12 of 37 h");
}

/* The verdict is what the plot is for: it stays whole when the title is cut. */
Test(charts, never_cut_the_verdict)
{
    struct sample_sweep sample;
    struct plot_width data = sample_width(&sample);
    for (int columns = 20; columns < 90; columns++) {
        char *text = draw_text(columns, 24, CHARSET_ASCII, NULL, &data);
        cr_expect(strstr(text, columns < 22 ? "trusted" : "trusted h 0.68 .. 56") != NULL, "%d:\n%s", columns, text);
        free(text);
    }
}

/* Every point in view is marked in the cell in which it was drawn. */
Test(charts, mark_points)
{
    struct sample_pid sample;
    struct plot_pid data = sample_pid(&sample);
    struct plot_mark items[200];
    struct plot_marks marks = {.items = items, .room = 200};
    data.look.marks = &marks;
    struct canvas canvas;
    cr_assert_eq(canvas_init(&canvas, 120, 40, CHARSET_ASCII, NULL), IFL_OK);
    draw(&canvas, &data, NULL);
    cr_assert_eq(marks.count, 2 * SAMPLE_PID * SAMPLE_SNAPSHOTS, "of many layers one of the two percentages");
    for (size_t k = 0; k < marks.count; k++) {
        cr_expect_neq(canvas_at(&canvas, items[k].x, items[k].y)->glyph, 0, "mark %zu", k);
        cr_expect(items[k].subject == 0 && items[k].layer < SAMPLE_PID && items[k].point < SAMPLE_SNAPSHOTS);
    }
    marks.count = 0;
    marks.room = 5;
    data.look.x = (struct range){0.9, 2.1};
    draw(&canvas, &data, NULL);
    cr_expect_eq(marks.count, 5);
    for (size_t k = 0; k < marks.count; k++)
        cr_expect(items[k].point == 2 || items[k].point == 3, "%ld is out of view", items[k].point);
    canvas_release(&canvas);
}

Test(charts, as_svg)
{
    struct sample_pid pid_sample;
    struct sample_sweep sweep;
    struct plot_pid pid = sample_topologies(&pid_sample);
    struct plot_width width = sample_width(&sweep);
    char *text;
    cr_assert_eq(plot_pid_svg(&pid, 800, 560, true, &text, NULL), IFL_OK);
    expect_golden("topologies.svg", text);
    free(text);
    cr_assert_eq(plot_width_svg(&width, 800, 560, true, &text, NULL), IFL_OK);
    expect_golden("width.svg", text);
    free(text);
    struct ifl_error error;
    cr_expect_eq(plot_width_svg(&width, 10, 10, true, &text, &error), IFL_INVALID);
}
