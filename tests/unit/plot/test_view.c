/* From estimates to plot data: steps, means, deviations, layers of several runs. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include <plot/view.h>

enum { ESTIMATES = 4, RECORDS = 4 };

/* One estimate with I(X;T) of layer 0 and I(X;T), I(T;Y) of layer 1, and H(X). */
static struct estimate estimate(struct ifl_record *records, int64_t step, double epoch, double value)
{
    static const struct {
        int32_t layer;
        enum ifl_quantity quantity;
        double times;
    } of[RECORDS] = {{-1, IFL_H_X, 4}, {0, IFL_I_XT, 1}, {1, IFL_I_XT, 2}, {1, IFL_I_TY, 3}};
    for (int k = 0; k < RECORDS; k++)
        records[k] = (struct ifl_record){
            .layer = of[k].layer, .quantity = of[k].quantity, .value = value * of[k].times, .health = 1U << k};
    return (struct estimate){.step = step, .epoch = epoch, .records = records, .count = RECORDS};
}

struct sample_run {
    struct ifl_record records[ESTIMATES][RECORDS];
    struct estimate estimates[ESTIMATES];
};

static struct view_run sample(struct sample_run *run, size_t count, const int64_t *steps, const double *values)
{
    for (size_t k = 0; k < count; k++)
        run->estimates[k] = estimate(run->records[k], steps[k], (double)steps[k] / 10, values[k]);
    return (struct view_run){.estimates = run->estimates, .count = count};
}

static char a_name[] = "a", b_name[] = "b", x_name[] = "x", y_name[] = "y", run_name[] = "run";
static struct layer ab_layers[] = {{.name = a_name}, {.name = b_name}};
static struct layer xby_layers[] = {{.name = x_name}, {.name = b_name}, {.name = y_name}};
static struct layer xy_layers[] = {{.name = x_name}, {.name = y_name}};
static const struct run run_ab = {.name = run_name, .layers = ab_layers, .n_layers = 2};
static const struct run run_xby = {.name = run_name, .layers = xby_layers, .n_layers = 3};
static const struct run run_xy = {.name = run_name, .layers = xy_layers, .n_layers = 2};

Test(timeline, means_over_mini_batches)
{
    struct sample_run run;
    struct view_run runs[] = {sample(&run, 4, (int64_t[]){0, 5, 5, 9}, (double[]){1, 2, 4, 7})};
    struct view_subject subject = {.name = "", .run = &run_ab, .runs = runs, .n_runs = 1};
    run.estimates[3].records = NULL; /* not computed yet */
    struct timeline t;
    cr_assert_eq(timeline_init(&t, runs, 1, NULL), IFL_OK);
    cr_assert_eq(t.count, 3);
    cr_expect(t.steps[0] == 0 && t.steps[1] == 5 && t.steps[2] == 9 && t.epochs[1] == 0.5);
    cr_expect(t.batches[1].first == 1 && t.batches[1].count == 2);
    unsigned health = 0;
    double deviation = 0;
    cr_expect_eq(timeline_value(&t, &subject, 1, 1, IFL_I_XT, &deviation, &health), 6);
    cr_expect(isnan(deviation) && health == 1U << 2);
    cr_expect(isnan(timeline_value(&t, &subject, 2, 1, IFL_I_XT, NULL, NULL)));
    cr_expect(isnan(timeline_value(&t, &subject, 0, 0, IFL_I_TY, NULL, NULL)));
    timeline_release(&t);
}

Test(timeline, of_a_group_has_the_steps_that_all_have)
{
    struct sample_run a, b, c;
    struct view_run runs[] = {sample(&a, 4, (int64_t[]){0, 5, 9, 12}, (double[]){1, 1, 1, 1}),
                              sample(&b, 4, (int64_t[]){0, 0, 5, 12}, (double[]){2, 4, 5, 3}),
                              sample(&c, 3, (int64_t[]){5, 9, 12}, (double[]){9, 9, 5})};
    struct view_subject subject = {.name = "", .run = &run_ab, .runs = runs, .n_runs = 3};
    struct timeline t;
    cr_assert_eq(timeline_init(&t, runs, 3, NULL), IFL_OK);
    cr_assert_eq(t.count, 2);
    cr_expect(t.steps[0] == 5 && t.steps[1] == 12);
    double deviation;
    cr_expect_eq(timeline_value(&t, &subject, 0, 0, IFL_I_XT, &deviation, NULL), 5);
    cr_expect_float_eq(deviation, 4, 1e-12);
    cr_expect_eq(timeline_value(&t, &subject, 1, 0, IFL_I_XT, &deviation, NULL), 3);
    cr_expect_float_eq(deviation, 2, 1e-12);
    c.estimates[0].records = NULL; /* a run without it does not count */
    cr_expect_eq(timeline_value(&t, &subject, 0, 0, IFL_I_XT, &deviation, NULL), 3);
    cr_expect_float_eq(deviation, sqrt(8), 1e-12);
    timeline_release(&t);
}

Test(timeline, of_a_group_weighs_runs_not_mini_batches)
{
    struct sample_run a, b;
    struct view_run runs[] = {sample(&a, 3, (int64_t[]){0, 0, 0}, (double[]){1, 2, 3}),
                              sample(&b, 1, (int64_t[]){0}, (double[]){6})};
    struct view_subject subject = {.name = "", .run = &run_ab, .runs = runs, .n_runs = 2};
    struct timeline t;
    cr_assert_eq(timeline_init(&t, runs, 2, NULL), IFL_OK);
    cr_expect_eq(timeline_value(&t, &subject, 0, 0, IFL_I_XT, NULL, NULL), 4);
    timeline_release(&t);
}

Test(timeline, without_common_steps_has_all)
{
    struct sample_run a, b;
    struct view_run runs[] = {sample(&a, 2, (int64_t[]){3, 7}, (double[]){1, 2}),
                              sample(&b, 2, (int64_t[]){1, 5}, (double[]){3, 4})};
    struct view_subject subject = {.name = "", .run = &run_ab, .runs = runs, .n_runs = 2};
    struct timeline t;
    cr_assert_eq(timeline_init(&t, runs, 2, NULL), IFL_OK);
    static const int64_t steps[] = {1, 3, 5, 7};
    static const double values[] = {3, 1, 4, 2};
    cr_assert_eq(t.count, 4);
    for (size_t k = 0; k < 4; k++) {
        double deviation;
        cr_expect(t.steps[k] == steps[k]);
        cr_expect_eq(timeline_value(&t, &subject, k, 0, IFL_I_XT, &deviation, NULL), values[k]);
        cr_expect(isnan(deviation));
    }
    timeline_release(&t);
    runs[0].count = runs[1].count = 0;
    cr_assert_eq(timeline_init(&t, runs, 2, NULL), IFL_OK);
    cr_expect_eq(t.count, 0);
    timeline_release(&t);
}

Test(view, dpi_matches_layers_by_name)
{
    struct sample_run a, b, c;
    struct view_run runs[] = {sample(&a, 1, (int64_t[]){0}, (double[]){1}),
                              sample(&b, 1, (int64_t[]){0}, (double[]){2}),
                              sample(&c, 1, (int64_t[]){0}, (double[]){4})};
    struct view_subject subjects[] = {{.name = "one", .run = &run_ab, .runs = runs, .n_runs = 1},
                                      {.name = "group", .run = &run_xby, .runs = runs + 1, .n_runs = 2}};
    struct timeline timelines[2];
    cr_assert_eq(timeline_init(&timelines[0], runs, 1, NULL), IFL_OK);
    cr_assert_eq(timeline_init(&timelines[1], runs + 1, 2, NULL), IFL_OK);
    struct view_dpi view;
    cr_assert_eq(view_dpi_init(&view, subjects, 2, timelines, (size_t[]){0, 0}, 1e-4, NULL), IFL_OK);
    static const char *const names[] = {"a", "x", "b", "y"};
    cr_assert(view.plot.layers == 4 && view.plot.subjects == 2);
    for (size_t k = 0; k < 4; k++)
        cr_expect_str_eq(view.plot.names[k], names[k]);
    const struct plot_dpi_subject *one = &view.plot.subject[0], *group = &view.plot.subject[1];
    cr_expect(one->forward[0] == 1 && one->forward[2] == 2 && isnan(one->forward[1]) && isnan(one->forward[3]));
    cr_expect(group->forward[1] == 3 && group->forward[2] == 6 && isnan(group->forward[0]));
    cr_expect_null(one->forward_deviation);
    cr_expect_float_eq(group->forward_deviation[2], sqrt(8), 1e-12);
    cr_expect(one->bound == 4 && group->bound == 12);
    cr_expect(one->own[1] == -1 && group->own[1] == 0 && group->own[2] == 1);
    cr_expect(view_dpi_layer(&view, 1, 1) == 2 && view_dpi_layer(&view, 0, 1) == 2 &&
              view_dpi_layer(&view, 0, 5) == -1);
    view_dpi_release(&view);
    cr_assert_eq(view_dpi_init(&view, subjects, 2, timelines, (size_t[]){0, 7}, 1e-4, NULL), IFL_OK);
    cr_expect(isnan(view.plot.subject[1].forward[1])); /* behind the end of its timeline */
    view_dpi_release(&view);
    for (int k = 0; k < 2; k++)
        timeline_release(&timelines[k]);
}

Test(view, layers_that_have_nothing_in_common_follow_each_other)
{
    struct view_run none = {0};
    struct view_subject subjects[] = {{.run = &run_ab, .runs = &none, .n_runs = 1},
                                      {.run = &run_xy, .runs = &none, .n_runs = 1}};
    struct timeline timelines[2] = {{.n_runs = 1}, {.n_runs = 1}};
    struct view_dpi view;
    cr_assert_eq(view_dpi_init(&view, subjects, 2, timelines, (size_t[]){0, 0}, 0, NULL), IFL_OK);
    static const char *const names[] = {"a", "b", "x", "y"};
    cr_assert_eq(view.plot.layers, 4);
    for (size_t k = 0; k < 4; k++)
        cr_expect_str_eq(view.plot.names[k], names[k]);
    view_dpi_release(&view);
}

Test(view, plane_has_the_layers_with_points_of_each_subject)
{
    struct sample_run a, b;
    struct view_run runs[] = {sample(&a, 2, (int64_t[]){0, 5}, (double[]){1, 2}),
                              sample(&b, 3, (int64_t[]){0, 5, 9}, (double[]){3, 4, 5})};
    struct view_subject subjects[] = {{.name = "one", .run = &run_ab, .runs = runs, .n_runs = 1},
                                      {.name = "two", .run = &run_ab, .runs = runs, .n_runs = 2}};
    struct timeline timelines[2];
    for (size_t k = 0; k < 2; k++)
        cr_assert_eq(timeline_init(&timelines[k], runs, k + 1, NULL), IFL_OK);
    struct view_plane view;
    cr_assert_eq(view_plane_init(&view, subjects, 2, timelines, PLANE_IP, NULL), IFL_OK);
    cr_assert_eq(view.plot.count, 2); /* layer a has no I(T;Y) */
    const struct plot_trajectory *one = &view.plot.trajectories[0], *two = &view.plot.trajectories[1];
    cr_expect(one->subject == 0 && one->layer == 1 && one->x[1] == 4 && one->y[1] == 6 && one->x_deviation == NULL);
    cr_expect(two->subject == 1 && two->layer == 1 && two->x[0] == 4 && two->y[0] == 6);
    cr_expect_float_eq(two->x_deviation[0], sqrt(8), 1e-12);
    cr_expect_float_eq(two->y_deviation[0], 3 * sqrt(2), 1e-12);
    cr_expect_str_eq(view.plot.names[1], "two");
    cr_expect(view_plane_trajectory(&view, 1, 1) == 1 && view_plane_trajectory(&view, 0, 0) == -1);
    view_plane_release(&view);
    for (int k = 0; k < 2; k++)
        timeline_release(&timelines[k]);
    struct ifl_error error;
    cr_expect_eq(view_plane_init(&view, subjects, PLOT_SUBJECTS + 1, timelines, PLANE_IP, &error), IFL_INVALID);
}
