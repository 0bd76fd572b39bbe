/* What the plots are of, and the one cursor on it. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tui/showing.h>

/* ---- subjects without a database ---- */

struct sample {
    int64_t id;
    const char *name, *topology, *lr;
    int seed;
    int steps; /* snapshots at 0, 10, ... */
    int layers;
};

static void add_param(struct run *run, const char *key, const char *text)
{
    run->params[run->n_params++] = (struct field){strdup(key), FIELD_TEXT, strdup(text), 0};
}

static struct member make_member(const struct sample *sample)
{
    struct member member = {.run = {.id = sample->id, .note = strdup("")}, .count = (size_t)sample->steps};
    struct run *run = &member.run.run;
    char seed[16];
    snprintf(seed, sizeof seed, "%d", sample->seed);
    run->name = strdup(sample->name);
    run->params = ifl_alloc(3, sizeof *run->params);
    add_param(run, "topology", sample->topology);
    add_param(run, "lr", sample->lr);
    add_param(run, "seed", seed);
    run->n_layers = (size_t)sample->layers;
    run->layers = ifl_alloc(run->n_layers, sizeof *run->layers);
    for (int l = 0; l < sample->layers; l++) {
        char name[16];
        snprintf(name, sizeof name, l + 1 == sample->layers ? "fc" : "conv%d", l + 1);
        run->layers[l] = (struct layer){strdup(name), LAYER_OTHER, AXES_ND};
    }
    member.snapshots = ifl_alloc(member.count, sizeof *member.snapshots);
    for (int k = 0; k < sample->steps; k++) {
        struct store_snapshot *snapshot = &member.snapshots[k];
        *snapshot = (struct store_snapshot){
            .id = k, .run = sample->id, .step = 10 * k, .epoch = k, .n = 8, .layers = run->n_layers};
        snapshot->t = ifl_alloc(run->n_layers, sizeof *snapshot->t);
        snapshot->delta = ifl_alloc(run->n_layers, sizeof *snapshot->delta);
        for (size_t l = 0; l < run->n_layers && k > 0; l++) /* the first one lacks them */
            snapshot->t[l].maps = l + 2;
    }
    return member;
}

static void add(struct showing *showing, const struct sample *samples, size_t count)
{
    struct ifl_error error;
    struct member *members = ifl_alloc(count, sizeof *members);
    for (size_t k = 0; k < count; k++)
        members[k] = make_member(&samples[k]);
    cr_assert_eq(showing_add(showing, strdup(samples[0].name), members, count, &error), IFL_OK, "%s", error.message);
}

static const struct sample alpha = {1, "alpha", "2-2", ".1", 0, 5, 3}, beta = {2, "beta", "6-12", ".1", 0, 9, 2},
                           pair[] = {{3, "s0", "2-2", ".2", 0, 5, 3}, {4, "s1", "2-2", ".2", 1, 3, 3}},
                           bare = {5, "bare", "2-2", ".1", 0, 0, 3};

/* ---- labels ---- */

Test(showing, tells_subjects_apart_by_what_differs)
{
    struct showing showing = {0};
    add(&showing, &alpha, 1);
    add(&showing, &beta, 1);
    showing_label(&showing);
    cr_expect_str_eq(showing.subjects[0].label, "2-2");
    cr_expect_str_eq(showing.subjects[1].label, "6-12");
    cr_expect(showing_differs(&showing, "topology"));
    cr_expect_not(showing_differs(&showing, "lr"));
    add(&showing, pair, 2);
    showing_label(&showing);
    cr_expect_str_eq(showing.subjects[2].label, "2-2 .2");
    cr_expect_not(showing_differs(&showing, "seed"));
    showing_release(&showing);
}

Test(showing, tells_subjects_apart_by_name_where_nothing_differs)
{
    struct showing showing = {0};
    add(&showing, &alpha, 1);
    showing_label(&showing);
    cr_expect_str_eq(showing.subjects[0].label, "alpha");
    add(&showing, &bare, 1);
    showing_label(&showing);
    cr_expect_str_eq(showing.subjects[0].label, "alpha");
    cr_expect_str_eq(showing.subjects[1].label, "bare");
    showing_release(&showing);
}

Test(showing, has_room_for_sixteen)
{
    struct showing showing = {0};
    for (int k = 0; k < SUBJECTS_MOST; k++)
        add(&showing, &alpha, 1);
    struct ifl_error error;
    struct member *member = ifl_alloc(1, sizeof *member);
    *member = make_member(&beta);
    cr_expect_neq(showing_add(&showing, strdup("one more"), member, 1, &error), IFL_OK);
    cr_expect_eq(showing.count, (size_t)SUBJECTS_MOST);
    showing_release(&showing);
}

/* ---- the cursor ---- */

Test(showing, has_the_steps_that_all_runs_of_a_group_have)
{
    struct showing showing = {0};
    add(&showing, pair, 2);
    cr_expect_eq(showing.subjects[0].timeline.count, 3u);
    cr_expect_eq(showing.subjects[0].point, 2u);
    cr_expect_eq(subject_maps(&showing.subjects[0], 1), 3u);
    cr_expect_eq(subject_maps(&showing.subjects[0], 7), 0u);
    showing_release(&showing);
}

Test(showing, moves_all_subjects_together)
{
    struct showing showing = {0};
    add(&showing, &beta, 1);
    add(&showing, &alpha, 1);
    cr_expect(showing_move_point(&showing, -2));
    cr_expect_eq(showing.subjects[0].point, 6u);
    cr_expect_eq(showing.subjects[1].point, 4u); /* it ends there */
    showing_to_point(&showing, 2);
    cr_expect_eq(showing.subjects[1].point, 2u);
    cr_expect(showing_move_point(&showing, -INT32_MAX));
    cr_expect_eq(showing.subjects[0].point, 0u);
    cr_expect_not(showing_move_point(&showing, -1));
    cr_expect(showing_move_point(&showing, INT32_MAX));
    cr_expect_eq(showing.subjects[0].point, 8u);
    cr_expect_not(showing_move_point(&showing, 1));
    cr_expect_eq(showing_snapshot(&showing, 0)->step, 80);
    showing_release(&showing);
}

Test(showing, means_the_layer_of_the_same_name)
{
    struct showing showing = {0};
    add(&showing, &alpha, 1); /* conv1 conv2 fc */
    add(&showing, &beta, 1);  /* conv1 fc */
    showing_to_layer(&showing, 2);
    cr_expect_eq(showing_layer(&showing, &showing.subjects[1]), 1);
    showing_to_front(&showing, 1);
    cr_expect_eq(showing.layer, 1);
    cr_expect_eq(showing_layer(&showing, &showing.subjects[0]), 2);
    cr_expect(showing_move_layer(&showing, -1));
    cr_expect_not(showing_move_layer(&showing, -1));
    showing_to_layer(&showing, 99);
    cr_expect_eq(showing.layer, 0);
    showing_to_front(&showing, 99);
    cr_expect_eq(showing.front, 1u);
    showing_release(&showing);
}

Test(showing, follows_what_was_shown_before)
{
    struct showing before = {0}, after = {0};
    add(&before, &alpha, 1);
    add(&before, &beta, 1);
    showing_to_front(&before, 1);
    showing_to_point(&before, 3);
    showing_to_layer(&before, 1); /* fc */
    add(&after, &beta, 1);
    add(&after, &alpha, 1);
    showing_follow(&after, &before);
    cr_expect_eq(after.front, 0u);
    cr_expect_eq(after.layer, 1);
    cr_expect_eq(after.subjects[0].point, 3u);
    cr_expect_eq(after.subjects[1].point, 3u);
    showing_release(&before);
    before = after;
    showing_to_point(&before, 8); /* the end */
    struct sample longer = beta;
    longer.steps = 12;
    after = (struct showing){0};
    add(&after, &longer, 1);
    showing_follow(&after, &before);
    cr_expect_eq(after.subjects[0].point, 11u);
    showing_release(&before);
    showing_release(&after);
}

Test(showing, stands_on_nothing_where_there_is_nothing)
{
    struct showing showing = {0}, other = {0};
    cr_expect_null(showing_front(&showing));
    cr_expect_null(showing_snapshot(&showing, 0));
    cr_expect_not(showing_move_point(&showing, 1));
    add(&showing, &bare, 1);
    cr_expect_null(showing_snapshot(&showing, 0));
    cr_expect_not(showing_move_point(&showing, 1));
    cr_expect_not(showing_move_point(&showing, -1));
    cr_expect(showing_move_layer(&showing, 1));
    showing_follow(&showing, &other);
    add(&other, &alpha, 1);
    showing_follow(&other, &showing);
    cr_expect_eq(other.subjects[0].point, 4u);
    showing_release(&showing);
    showing_release(&other);
}

/* ---- estimates ---- */

/* Records of these quantities in the k-th estimate. */
static void fill(struct sheet *sheet, size_t k, ifl_quantity_set quantities)
{
    struct estimate *e = &sheet->estimates[k];
    free(e->records);
    e->records = ifl_alloc(IFL_QUANTITIES, sizeof *e->records);
    e->count = 0;
    for (int q = 0; q < IFL_QUANTITIES; q++)
        if (quantities & IFL_BIT(q))
            e->records[e->count++] = (struct ifl_record){.quantity = (enum ifl_quantity)q, .value = 1};
}

static void want(struct showing *showing, struct sheets *sheets, double h)
{
    struct ifl_params params = ifl_params_default();
    params.h = h;
    cr_assert_eq(showing_want(showing, sheets, &params, NULL), IFL_OK);
    showing_settle(showing);
}

Test(showing, keeps_a_plane_until_the_new_one_is_whole)
{
    struct showing showing = {0};
    struct sheets sheets = {0};
    add(&showing, &alpha, 1);
    const struct member *member = &showing.subjects[0].members[0];
    want(&showing, &sheets, 5);
    const struct sheet *first = showing_sheet(&showing, PANEL_IP, member);
    cr_expect_eq(first, member->asked); /* there is nothing older to be seen */
    for (size_t k = 0; k < 5; k++)
        fill(member->asked, k, SHOWING_QUANTITIES);
    showing_settle(&showing);
    for (int p = 0; p < PANEL_WIDTH; p++)
        cr_expect_not(showing_stale(&showing, (enum panel)p) || showing_lacks(&showing, (enum panel)p));

    want(&showing, &sheets, 6);
    cr_expect_neq(member->asked, first);
    cr_expect(showing_stale(&showing, PANEL_DPI) && showing_stale(&showing, PANEL_IP));
    cr_expect_eq(showing_sheet(&showing, PANEL_IP, member), first);
    fill(member->asked, 4, panel_quantities(PANEL_DPI) | panel_quantities(PANEL_IP)); /* under the cursor */
    showing_settle(&showing);
    cr_expect_not(showing_stale(&showing, PANEL_DPI)); /* a chain is of one step */
    cr_expect_eq(showing_sheet(&showing, PANEL_DPI, member), member->asked);
    cr_expect(showing_stale(&showing, PANEL_IP));
    cr_expect_eq(showing_sheet(&showing, PANEL_IP, member), first);
    cr_expect(showing_lacks(&showing, PANEL_DPI));
    for (size_t k = 0; k < 4; k++)
        fill(member->asked, k, panel_quantities(PANEL_DPI) | panel_quantities(PANEL_IP));
    showing_settle(&showing);
    cr_expect_not(showing_stale(&showing, PANEL_IP));
    cr_expect(showing_stale(&showing, PANEL_MIP));
    member->asked->done = IFL_ALL_QUANTITIES; /* nothing more will come: there are no pairs */
    showing_settle(&showing);
    cr_expect_not(showing_stale(&showing, PANEL_MIP));

    want(&showing, &sheets, 5); /* and back at once */
    cr_expect_not(showing_stale(&showing, PANEL_IP));
    cr_expect_eq(showing_sheet(&showing, PANEL_IP, member), first);
    showing_release(&showing);
    sheets_release(&sheets);
}

/* A sweep is whole with what was asked of its chain. */
Test(showing, keeps_a_sweep_until_the_new_one_is_whole)
{
    struct showing showing = {0};
    struct sheets sheets = {0};
    struct ifl_params params = ifl_params_default();
    add(&showing, &alpha, 1);
    for (enum ifl_chain chain = IFL_FORWARD; chain <= IFL_BACKWARD; chain++) {
        cr_assert_eq(showing_want_sweep(&showing, &sheets, &params, chain, NULL), IFL_OK);
        const struct sheet *last = showing.sweep.sheets[SWEEP_WIDTHS - 1];
        for (size_t k = 0; k < SWEEP_WIDTHS; k++) {
            showing_settle(&showing);
            cr_expect(showing_lacks(&showing, PANEL_WIDTH) && showing_stale(&showing, PANEL_WIDTH) == (chain > 0));
            cr_expect_eq(sweep_missing(&showing.sweep), SWEEP_WIDTHS - k);
            fill(showing.sweep.sheets[k], 0, VIEW_WIDTH_QUANTITIES(chain));
        }
        showing_settle(&showing);
        cr_expect_not(showing_lacks(&showing, PANEL_WIDTH) || showing_stale(&showing, PANEL_WIDTH));
        cr_assert_not_null(showing.shown_sweep.sheets);
        cr_expect_eq(showing.shown_sweep.sheets[SWEEP_WIDTHS - 1], last);
    }
    showing_release(&showing);
    sheets_release(&sheets);
}

Test(showing, sweeps_three_decades_around_the_usual_width)
{
    struct showing showing = {0};
    struct sheets sheets = {0};
    struct ifl_params params = ifl_params_default();
    add(&showing, &alpha, 1);
    cr_expect(showing_lacks(&showing, PANEL_WIDTH));
    cr_assert_eq(showing_want_sweep(&showing, &sheets, &params, IFL_FORWARD, NULL), IFL_OK);
    const double *widths = showing.sweep.widths;
    cr_expect_float_eq(widths[SWEEP_WIDTHS - 1] / widths[0], 1000, 1e-6);
    cr_expect_float_eq(widths[SWEEP_WIDTHS / 2], 5, 1e-9);
    struct sheet *before = showing.sweep.sheets[0];
    params.h = 6; /* the same sweep */
    cr_assert_eq(showing_want_sweep(&showing, &sheets, &params, IFL_FORWARD, NULL), IFL_OK);
    cr_expect_eq(showing.sweep.sheets[0], before);
    params.h = 5e4; /* moved by whole decades */
    cr_assert_eq(showing_want_sweep(&showing, &sheets, &params, IFL_FORWARD, NULL), IFL_OK);
    cr_expect(showing.sweep.widths[0] < 5e4 && showing.sweep.widths[SWEEP_WIDTHS - 1] > 5e4);
    cr_assert_eq(showing_want_sweep(&showing, &sheets, &params, IFL_BACKWARD, NULL), IFL_OK);
    cr_expect_float_eq(showing.sweep.widths[SWEEP_WIDTHS / 2], .1, 1e-9);
    showing_release(&showing);
    sheets_release(&sheets);
}
