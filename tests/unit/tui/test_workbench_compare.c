/* Runs and groups on shared axes. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <tui/picture.h>

#include "fixture.h"

static struct workbench *open_marked(const char *keys, int columns, int rows)
{
    struct workbench *w = fixture_open(fixture_database(), 0, columns, rows);
    fixture_keys(w, keys);
    fixture_wait(w);
    return w;
}

Test(compare, two_runs)
{
    struct workbench *w = open_marked("  c", 140, 45);
    cr_expect_str_eq(fixture_subjects(w), "alpha beta");
    fixture_shows(w, "1 lr=0.1  2 lr=0.01\n"); /* they are told apart by what differs */
    fixture_shows(w, "1 conv1  I(X;T)");
    double first = fixture_value(w, PANEL_DPI, IFL_I_XT);
    fixture_keys(w, "z");
    fixture_shows(w, "2 conv1  I(X;T)");
    double second = fixture_value(w, PANEL_DPI, IFL_I_XT);
    cr_expect_neq(first, second);
    fixture_keys(w, "z");
    cr_expect_eq(fixture_value(w, PANEL_DPI, IFL_I_XT), first);
    fixture_keys(w, "[");
    for (size_t s = 0; s < 2; s++) /* one cursor on both */
        cr_expect_eq(w->showing.subjects[s].point, 4u);
    workbench_free(w);
}

Test(compare, a_group_with_a_run)
{
    struct workbench *w = open_marked("G gj c", 140, 45);
    cr_expect_str_eq(fixture_subjects(w), "mnist-s* beta");
    fixture_shows(w, "1 topology=2-2 lr=0.1 (mean)  2 topology=3-2 lr=0.01\n");
    double deviation = NAN, mean = picture_value(w, PANEL_DPI, 0, IFL_I_XT, &deviation, NULL);
    cr_expect(deviation > 0);
    char shown[64];
    snprintf(shown, sizeof shown, "I(X;T) %.3f+-%.3f", mean, deviation);
    fixture_shows(w, shown);

    double of[2];
    static const char *const names[] = {"open mnist-s0", "open mnist-s1"};
    for (int k = 0; k < 2; k++) {
        fixture_command(w, names[k]);
        of[k] = fixture_value(w, PANEL_DPI, IFL_I_XT);
    }
    cr_expect_float_eq(mean, (of[0] + of[1]) / 2, 1e-12);
    cr_expect_float_eq(deviation, fabs(of[0] - of[1]) / sqrt(2), 1e-12);
    workbench_free(w);
}

/* A run has one number, wherever it stands, and how many are not on the plots is said. */
Test(compare, more_runs_than_share_axes)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 140, 45);
    fixture_command(w, "group off");
    fixture_keys(w, "g     c");
    fixture_wait(w);
    fixture_shows(w, "4 of 5  1 alpha  2 beta  3 gamma");
    fixture_shows(w, "4 mnist-s0  differ in");
    fixture_shows(w, "1 alpha "); /* the legend */
    fixture_keys(w, "zzzz");
    fixture_wait(w);
    fixture_shows(w, "4 of 5  2 beta  3 gamma");
    fixture_shows(w, "5 mnist-s1  differ in");
    fixture_lacks(w, "1 alpha");
    fixture_shows(w, "5 conv1  I(X;T)");
    int x, y;
    fixture_find(w, "5 mnist-s1", 1, &x, &y); /* in the legend too */
    fixture_find(w, "5 mnist-s1", 2, &x, &y);
    fixture_find(w, "2345", 0, &x, &y); /* where their chains meet */
    workbench_free(w);
}

/* Around a mean stands nothing that is one member's alone. */
Test(compare, a_group_says_what_its_runs_have_in_common)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 200, 45);
    fixture_command(w, "compare mnist-s0,mnist-s1");
    fixture_shows(w, "mnist-s*   mean of 2  topology 2-2  lr 0.1  dataset toy");
    fixture_shows(w, "test_accuracy 0.815+-0.0071  loss 0.3833\n");
    workbench_resize(w, 80, 24);
    fixture_shows(w, "test_accuracy 0.815\n");
    struct subject *front = showing_front(&w->showing);
    front->members[1].snapshots[5].n_metrics = 1; /* the loss alone */
    fixture_shows(w, "test_accuracy 0.82\n");
    front->members[0].snapshots[5].n_metrics = 0;
    fixture_shows(w, "  loss 0.3833\n");
    front->members[0].snapshots[5].n_metrics = front->members[1].snapshots[5].n_metrics = 2;
    workbench_free(w);
}

Test(compare, in_rows_of_their_own)
{
    struct workbench *w = open_marked("  c", 140, 45);
    int x[2], y[2];
    fixture_keys(w, "v");
    fixture_find(w, "1 DPI  0.1", 0, &x[0], &y[0]);
    fixture_find(w, "1 DPI  0.01", 0, &x[1], &y[1]);
    cr_expect_eq(x[0], x[1]);
    cr_expect_lt(y[0], y[1]);
    fixture_keys(w, "4");
    fixture_wait(w);
    fixture_find(w, "4 PID  0.1", 0, &x[0], &y[0]);
    fixture_find(w, "4 PID  0.01", 0, &x[1], &y[1]);
    fixture_keys(w, "5"); /* widths are of one */
    fixture_wait(w);
    fixture_shows(w, "5 width  0.1");
    fixture_lacks(w, "5 width  0.01");
    fixture_keys(w, "`");
    fixture_command(w, "rows off");
    fixture_lacks(w, "1 DPI  0.1");
    fixture_command(w, "rows on");
    fixture_shows(w, "1 DPI  0.1");
    workbench_resize(w, 100, 24);
    fixture_shows(w, "1 DPI  0.1");
    workbench_free(w);
}

/* In rows as in one plot, axes are shared: the same value is as high. */
Test(compare, in_rows_shares_the_axes)
{
    struct workbench *w = open_marked("  c", 140, 45);
    fixture_keys(w, "v2");
    fixture_wait(w);
    int columns[2], y;
    fixture_find(w, "2.5", 0, &columns[0], &y);
    fixture_find(w, "2.5", 1, &columns[1], &y);
    cr_expect_eq(columns[0], columns[1]);
    workbench_free(w);
}

Test(compare, from_the_start)
{
    const int64_t runs[] = {2, 1};
    struct tui_options options = {.database = fixture_database(),
                                  .runs = runs,
                                  .n_runs = 2,
                                  .params = ifl_params_default(),
                                  .charset = -1,
                                  .colors = -1,
                                  .threads = 1,
                                  .no_session = true};
    struct workbench *w;
    cr_assert_eq(workbench_new(&w, &options, NULL), IFL_OK);
    workbench_resize(w, 140, 45);
    fixture_wait(w);
    cr_expect_str_eq(fixture_subjects(w), "beta alpha");
    workbench_free(w);
}

Test(compare, by_name)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 140, 45);
    static const struct {
        const char *line, *subjects;
    } lines[] = {{"compare alpha beta", "alpha beta"},
                 {"compare al \"beta\"", "alpha beta"},
                 {"compare mnist-s0,mnist-s1 alpha", "mnist-s* alpha"},
                 {"compare #3 #1", "gamma\x1B[2J\xE2\x80\xAE alpha"},
                 {"open beta", "beta"},
                 {"open #4", "mnist-s0"},
                 {"open 5", "mnist-s1"}};
    for (size_t k = 0; k < sizeof lines / sizeof *lines; k++) {
        fixture_command(w, lines[k].line);
        cr_expect_str_eq(fixture_subjects(w), lines[k].subjects, "%s: %s", lines[k].line, fixture_subjects(w));
    }
    static const struct {
        const char *line, *said;
    } wrong[] = {{"compare alpha nobody", "no run `nobody`"},
                 {"open mnist", "several runs begin with `mnist`"},
                 {"open #77", "no run `#77`"},
                 {"compare 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "more than 16 runs"}};
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        fixture_command(w, wrong[k].line);
        fixture_shows(w, wrong[k].said);
        cr_expect_str_eq(fixture_subjects(w), "mnist-s1");
    }
    workbench_free(w);
}

/* A run may be called like another one's number. */
Test(compare, knows_a_number_from_a_name)
{
    const char *database = fixture_database();
    fixture_add("2024-01-01");
    struct workbench *w = fixture_open(database, 2, 140, 45);
    cr_expect_str_eq(fixture_subjects(w), "beta");
    fixture_command(w, "open 2024");
    cr_expect_str_eq(fixture_subjects(w), "2024-01-01");
    workbench_free(w);
}

Test(compare, more_than_share_axes)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 140, 45);
    fixture_command(w, "compare alpha beta #3 mnist-s0 mnist-s1");
    for (size_t k = 0; k < 5; k++) {
        char front[48];
        snprintf(front, sizeof front, " %zu conv1  I(X;T)", k + 1);
        fixture_shows(w, front);
        fixture_keys(w, "z");
    }
    fixture_keys(w, "v");
    fixture_shows(w, " 1 conv1");
    workbench_free(w);
}
