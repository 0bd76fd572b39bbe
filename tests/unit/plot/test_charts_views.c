/* From estimates to charts: which numbers go where. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#include <plot/view_pid.h>
#include <plot/view_width.h>

/* ---- width ---- */

/* A run owns its names, which are therefore not constant. */
static char conv1[] = "conv1", conv2[] = "conv2", fc1[] = "fc1", run_name[] = "run";

enum { GRID = 7, CHAIN_LAYERS = 3 };

static struct layer chain_layers[CHAIN_LAYERS] = {
    {conv1, LAYER_CONV, AXES_NCHW}, {conv2, LAYER_CONV, AXES_NCHW}, {fc1, LAYER_FC, AXES_ND}};
static const struct run chain_run = {.name = run_name, .layers = chain_layers, .n_layers = CHAIN_LAYERS};

/* I(X;T) of the three layers at each h; conv2 is saturated at the first two h and collapsed at the last. */
static const double informations[GRID][CHAIN_LAYERS] = {{5, 4, 3}, {5, 4, 3},   {5, 4, 3},  {4, 4, 2},
                                                        {4, 3, 1}, {3, 3.5, 1}, {1, 0.1, 0}};

struct sweep {
    double h[GRID];
    struct ifl_record records[GRID][1 + 2 * CHAIN_LAYERS];
    struct estimate estimates[GRID];
    struct view_run at[GRID];
};

static void make_sweep(struct sweep *s)
{
    view_width_grid(0.1, 100, GRID, s->h);
    for (int k = 0; k < GRID; k++) {
        s->records[k][0] = (struct ifl_record){.layer = -1, .quantity = IFL_H_X, .value = 6 - k};
        for (int l = 0; l < CHAIN_LAYERS; l++) {
            unsigned health = l != 1 ? 0 : k < 2 ? IFL_SATURATED : k == 6 ? IFL_COLLAPSED : 0;
            s->records[k][1 + 2 * l] = (struct ifl_record){
                .layer = l, .quantity = IFL_H_T, .value = 7 - k, .health = l == 0 ? IFL_DEAD_MAPS : health};
            s->records[k][2 + 2 * l] =
                (struct ifl_record){.layer = l, .quantity = IFL_I_XT, .value = informations[k][l]};
        }
        s->estimates[k] = (struct estimate){.records = s->records[k], .count = 1 + 2 * CHAIN_LAYERS};
        s->at[k] = (struct view_run){&s->estimates[k], 1};
    }
}

static struct view_width make_width(const struct sweep *s, int32_t layer, double share)
{
    struct view_width view;
    struct view_width_options options = {
        .chain = IFL_FORWARD, .layer = layer, .current = 5, .tolerance = 1e-4, .share = share};
    cr_assert_eq(view_width_init(&view, &chain_run, s->h, s->at, GRID, &options, NULL), IFL_OK);
    return view;
}

Test(view_width, trusts_what_is_fit_and_holds_the_inequalities)
{
    struct sweep s;
    make_sweep(&s);
    struct view_width view = make_width(&s, 1, 0);
    cr_expect_float_eq(view.plot.bound[2], 4, 1e-12);
    cr_expect_float_eq(view.plot.layer[1].information[5], 3.5, 1e-12);
    cr_expect(view.plot.violations[5] == 1 && view.plot.violations[4] == 0);
    cr_expect(view.plot.trusted.lo == s.h[2] && view.plot.trusted.hi == s.h[4]);
    view_width_release(&view);

    view = make_width(&s, 1, 0.5); /* one of two links may rise */
    cr_expect(view.plot.trusted.lo == s.h[2] && view.plot.trusted.hi == s.h[5]);
    view_width_release(&view);

    view = make_width(&s, 0, 0); /* dead maps do not make an h unfit; the longest stretch counts */
    cr_expect(view.plot.trusted.lo == s.h[0] && view.plot.trusted.hi == s.h[4]);
    view_width_release(&view);

    view = make_width(&s, -1, 0); /* of any layer */
    cr_expect(view.plot.trusted.lo == s.h[2] && view.plot.trusted.hi == s.h[4]);
    view_width_release(&view);
}

Test(view_width, trusts_nothing_that_is_not_estimated)
{
    struct sweep s;
    make_sweep(&s);
    for (int k = 0; k < GRID; k++)
        s.estimates[k].records = NULL;
    struct view_width view = make_width(&s, 1, 0);
    cr_expect_gt(view.plot.trusted.lo, view.plot.trusted.hi);
    cr_expect(isnan(view.plot.bound[0]) && isnan(view.plot.layer[0].entropy[0]));
    view_width_release(&view);
}

Test(view_width, averages_mini_batches)
{
    struct sweep s;
    make_sweep(&s);
    struct estimate batches[2] = {s.estimates[0], s.estimates[4]};
    s.at[3] = (struct view_run){batches, 2};
    struct view_width view = make_width(&s, 1, 0);
    cr_expect_float_eq(view.plot.layer[0].information[3], 4.5, 1e-12);
    cr_expect_eq(view.plot.health[3], IFL_SATURATED, "of any of them");
    view_width_release(&view);
}

Test(view_width, grids_are_logarithmic)
{
    double h[4];
    view_width_grid(0.1, 100, 4, h);
    for (int k = 0; k < 4; k++)
        cr_expect_float_eq(h[k], pow(10, k - 1), 1e-9);
}

static void expect_around(double h, enum ifl_width_rule rule, enum ifl_chain chain, double middle)
{
    struct ifl_params params = ifl_params_default();
    double out[VIEW_WIDTH_COUNT];
    ifl_params_set_width(&params, rule);
    *(chain == IFL_FORWARD ? &params.h : &params.h_error) = h;
    view_width_around(&params, chain, out);
    cr_expect_float_eq(out[VIEW_WIDTH_COUNT / 2], middle, middle * 1e-9);
    cr_expect_float_eq(out[VIEW_WIDTH_COUNT - 1] / out[0], 1000, 1e-6);
    cr_expect(out[0] < h && h < out[VIEW_WIDTH_COUNT - 1]);
}

Test(view_width, looks_around_the_usual_width)
{
    for (double h = 0.2; h < 150; h *= 1.5)
        expect_around(h, IFL_WIDTH_SILVERMAN, IFL_FORWARD, 5);
    expect_around(1000, IFL_WIDTH_SILVERMAN, IFL_FORWARD, 50);
    expect_around(0.01, IFL_WIDTH_SILVERMAN, IFL_FORWARD, 0.05);
    expect_around(0.3, IFL_WIDTH_SILVERMAN, IFL_BACKWARD, 0.1);
    expect_around(0.3, IFL_WIDTH_MEDIAN, IFL_BACKWARD, 1);
}

/* ---- PID ---- */

enum { STEPS = 3, RECORDS = 8 };

struct trained {
    struct layer layers[2];
    struct run run;
    struct ifl_record records[STEPS][RECORDS];
    struct estimate estimates[STEPS];
    struct view_run view_run;
    struct view_subject subject;
    struct timeline timeline;
};

/* conv1 (two maps) and fc1; I(X;T) is 10 * step + the layer + `offset`. */
static void make_trained(struct trained *t, const char *name, double offset, bool epochs)
{
    *t = (struct trained){.layers = {{conv1, LAYER_CONV, AXES_NCHW}, {fc1, LAYER_FC, AXES_ND}}};
    t->run = (struct run){.name = run_name, .layers = t->layers, .n_layers = 2};
    for (int k = 0; k < STEPS; k++) {
        const struct ifl_record records[RECORDS] = {
            {.layer = -1, .quantity = IFL_H_X, .value = 6},
            {.layer = -1, .quantity = IFL_H_Y, .value = 3},
            {.layer = 0, .quantity = IFL_I_XT, .value = 10 * k + offset},
            {.layer = 0, .quantity = IFL_I_TY, .value = 20},
            {.layer = 0, .quantity = IFL_TRADEOFF_PCT_X, .value = 30 + offset},
            {.layer = 0, .quantity = IFL_NONREDUNDANT_PCT_X, .value = 70 - offset},
            {.layer = 0, .quantity = IFL_NONREDUNDANT_PCT_Y, .value = 44},
            {.layer = 1, .quantity = IFL_I_XT, .value = 10 * k + 1 + offset}};
        for (int r = 0; r < RECORDS; r++)
            t->records[k][r] = records[r];
        t->estimates[k] = (struct estimate){
            .step = 100 * k, .epoch = epochs ? k / 2.0 : NAN, .records = t->records[k], .count = RECORDS};
    }
    t->view_run = (struct view_run){t->estimates, STEPS};
    t->subject = (struct view_subject){.name = name, .run = &t->run, .runs = &t->view_run, .n_runs = 1};
    cr_assert_eq(timeline_init(&t->timeline, &t->view_run, 1, NULL), IFL_OK);
}

Test(view_pid, has_the_layers_of_two_maps)
{
    struct trained t;
    struct view_pid view;
    make_trained(&t, "", 0, true);
    cr_assert_eq(view_pid_training_init(&view, &t.subject, 1, &t.timeline, 1, false, NULL), IFL_OK);
    cr_assert_eq(view.plot.count, 1);
    const struct plot_pid_series *s = &view.plot.series[0];
    cr_expect_str_eq(s->name, "conv1");
    cr_expect_str_eq(view.plot.x_label, "epoch");
    cr_expect(s->count == STEPS && s->x[1] == 0.5 && s->layer == 0 && view.plot.layer == 1);
    cr_expect(s->values[PID_MMI][2] == 20 && s->values[PID_TRADEOFF][2] == 30);
    cr_expect(s->values[PID_NONREDUNDANT][0] == 70 && s->values[PID_BOUND][1] == 6);
    view_pid_release(&view);

    cr_assert_eq(view_pid_training_init(&view, &t.subject, 1, &t.timeline, -1, true, NULL), IFL_OK);
    s = &view.plot.series[0];
    cr_expect(s->values[PID_MMI][0] == 20 && s->values[PID_NONREDUNDANT][0] == 44 && s->values[PID_BOUND][0] == 3);
    cr_expect(isnan(s->values[PID_TRADEOFF][0]));
    view_pid_release(&view);
    timeline_release(&t.timeline);
}

Test(view_pid, compares_one_layer_of_several_runs)
{
    struct trained t[2];
    struct view_pid view;
    make_trained(&t[0], "one", 0, true);
    make_trained(&t[1], "two", 1, false);
    /* In the second run conv1 is the second layer. */
    struct layer swapped = t[1].layers[0];
    t[1].layers[0] = t[1].layers[1];
    t[1].layers[1] = swapped;
    struct view_subject subjects[2] = {t[0].subject, t[1].subject};
    struct timeline timelines[2] = {t[0].timeline, t[1].timeline};
    cr_assert_eq(view_pid_training_init(&view, subjects, 2, timelines, -1, false, NULL), IFL_OK);
    cr_assert_eq(view.plot.count, 2);
    cr_expect_str_eq(view.plot.series[1].name, "two");
    cr_expect_str_eq(view.plot.x_label, "step"); /* one has no epochs */
    cr_expect(view.plot.series[0].x[2] == 200 && view.plot.series[1].subject == 1);
    cr_expect(view.plot.series[0].layer == 0 && view.plot.series[1].layer == 1);
    cr_expect(view.plot.series[0].values[PID_MMI][1] == 10 && view.plot.series[1].values[PID_MMI][1] == 12);
    view_pid_release(&view);
    timeline_release(&t[0].timeline);
    timeline_release(&t[1].timeline);
}

Test(view_pid, orders_topologies_by_their_maps)
{
    enum { RUNS = 4 };
    struct trained t[RUNS];
    static const char *const names[RUNS] = {"relu", "big", "sigmoid", "small"};
    static const size_t maps[RUNS] = {6, 32, 6, 2}, points[RUNS] = {2, 1, 0, 9};
    struct view_subject subjects[RUNS];
    struct timeline timelines[RUNS];
    struct view_pid view;
    for (int k = 0; k < RUNS; k++) {
        make_trained(&t[k], names[k], k, true);
        subjects[k] = t[k].subject;
        timelines[k] = t[k].timeline;
    }
    cr_assert_eq(view_pid_topologies_init(&view, subjects, RUNS, timelines, points, maps, -1, false, NULL), IFL_OK);
    static const char *const labels[RUNS] = {"2", "6 relu", "6 sigmoid", "32"};
    static const size_t order[RUNS] = {3, 0, 2, 1};
    for (int k = 0; k < RUNS; k++) {
        cr_expect_str_eq(view.plot.categories[k], labels[k]);
        cr_expect_eq(view.order[k], order[k]);
    }
    const double *mmi = view.plot.series[0].values[PID_MMI];
    cr_expect(isnan(mmi[0]) && mmi[1] == 20 && mmi[2] == 2 && mmi[3] == 11); /* behind its end `small` has none */
    view_pid_release(&view);

    struct ifl_error error;
    cr_expect_eq(
        view_pid_topologies_init(&view, subjects, PID_TOPOLOGIES_MAX + 1, timelines, points, maps, -1, false, &error),
        IFL_INVALID);
    for (int k = 0; k < RUNS; k++)
        timeline_release(&t[k].timeline);
}
