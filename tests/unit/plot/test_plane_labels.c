/* What a plane says where trajectories meet. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "sample_plots.h"

/* Free it. */
static char *draw(const struct plot_plane *data, int columns, int rows)
{
    struct canvas canvas;
    char *text = NULL;
    cr_assert_eq(canvas_init(&canvas, columns, rows, CHARSET_BRAILLE, NULL), IFL_OK);
    plot_plane(&canvas, (struct rect){0, 0, columns, rows}, data);
    cr_assert_eq(plot_to_text(&canvas, PLOT_MONO, false, &text, NULL), IFL_OK);
    canvas_release(&canvas);
    return text;
}

static void expect_text(const struct plot_plane *data, const char *wanted)
{
    char *text = draw(data, 80, 24);
    cr_expect_not_null(strstr(text, wanted), "no %s in\n%s", wanted, text);
    free(text);
}

/* Of those that run up or to the right. */
static int count_heads(const char *text)
{
    int count = 0;
    for (; *text != '\0'; text++)
        count += *text == '>' || *text == '^';
    return count;
}

static bool is_end(char glyph)
{
    return glyph >= '1' && glyph < '1' + PLOT_SUBJECTS;
}

/* The first five layers end as one, the last elsewhere. */
static struct plot_plane plane_of_one_end(struct plot_trajectory *trajectories, int subjects)
{
    static double x[SAMPLE_IP][SAMPLE_SNAPSHOTS], y[SAMPLE_IP][SAMPLE_SNAPSHOTS];
    static const char *const names[] = {"one", "two"};
    for (int k = 0; k < SAMPLE_IP * subjects; k++) {
        int layer = k % SAMPLE_IP;
        for (int n = 0; n < SAMPLE_SNAPSHOTS; n++) {
            x[layer][n] = layer < 5 ? n : 0.3 * n;
            y[layer][n] = layer < 5 ? 0.5 * n : 0.4 * n;
        }
        trajectories[k] = (struct plot_trajectory){.name = sample_names[layer],
                                                   .count = SAMPLE_SNAPSHOTS,
                                                   .x = x[layer],
                                                   .y = y[layer],
                                                   .subject = k / SAMPLE_IP,
                                                   .layer = layer};
    }
    return (struct plot_plane){.title = "",
                               .subjects = (size_t)subjects,
                               .names = names,
                               .count = (size_t)(SAMPLE_IP * subjects),
                               .trajectories = trajectories,
                               .cursor = PLOT_NO_CURSOR,
                               .layer = -1};
}

Test(plane_labels, name_the_first_and_the_last_of_many_that_end_as_one)
{
    struct plot_trajectory trajectories[SAMPLE_IP];
    struct plot_plane data = plane_of_one_end(trajectories, 1);
    expect_text(&data, "conv1..fc1");
}

Test(plane_labels, say_where_subjects_end_as_one)
{
    struct plot_trajectory trajectories[2 * SAMPLE_IP];
    struct plot_plane data = plane_of_one_end(trajectories, 2);
    expect_text(&data, "conv1..fc1 1=2");
    expect_text(&data, "fc2 1=2");
    static double elsewhere[SAMPLE_SNAPSHOTS];
    for (int n = 0; n < SAMPLE_SNAPSHOTS; n++)
        elsewhere[n] = 0.2 * n;
    trajectories[SAMPLE_IP].y = trajectories[SAMPLE_IP + 1].y = elsewhere; /* two layers of the second */
    expect_text(&data, "conv1,pool1 1,conv2..fc1 1=2");
}

/* A layer's, and what `fc1` has before its digit. */
static bool is_letter(char glyph)
{
    return glyph >= 'a' && glyph <= 'f';
}

/* As names and as letters. */
Test(plane_labels, keep_away_from_the_subjects_digits)
{
    static const int sizes[][2] = {{80, 24}, {47, 40}, {120, 40}, {60, 30}};
    for (size_t size = 0; size < 2 * sizeof sizes / sizeof *sizes; size++) {
        struct plot_trajectory trajectories[SAMPLE_TRAJECTORIES];
        struct plot_plane data = sample_plane_overlay(trajectories, 4);
        data.names = NULL;
        data.x_label = data.y_label = data.title = "";
        data.look.no_legend = size % 2 == 0;
        char *text = draw(&data, sizes[size / 2][0], sizes[size / 2][1]);
        *strstr(text, "└") = '\0'; /* without a key */
        for (const char *at = text + 1; *at != '\0'; at++)
            cr_expect(!is_letter(at[0]) || (!is_end(at[-1]) && (!is_end(at[1]) || is_letter(at[-1]))), "%s", text);
        free(text);
    }
}

Test(plane_labels, arrowheads_are_few_where_trajectories_run_together)
{
    struct plot_trajectory trajectories[SAMPLE_IP];
    struct plot_plane data = plane_of_one_end(trajectories, 1);
    data.look.no_legend = true;
    data.count = 5; /* all along one line, some not to its end */
    static double x[SAMPLE_SNAPSHOTS], y[SAMPLE_SNAPSHOTS];
    for (int n = 0; n < SAMPLE_SNAPSHOTS; n++) {
        x[n] = 0.66 * n;
        y[n] = 0.33 * n;
    }
    trajectories[1].x = trajectories[2].x = x;
    trajectories[1].y = trajectories[2].y = y;
    char *text = draw(&data, 120, 40);
    cr_expect_eq(count_heads(text), 2, "%s", text);
    free(text);
    data.trajectories += 5;
    data.count = 1;
    text = draw(&data, 120, 40);
    cr_expect_eq(count_heads(text), 2, "%s", text);
    free(text);
}
