/* What is refused, with what words, and that nothing is touched then. */
#include "support.h"

static const size_t maps[] = {3, 1};

/* One that takes sigma as it is, one that looks at the distances for it. */
static const enum ifl_width_rule rules[] = {IFL_WIDTH_SILVERMAN, IFL_WIDTH_MEDIAN};

static void expect_error(const struct ifl_snapshot *snapshot, const struct ifl_params *params, enum ifl_status want,
                         const char *in_message)
{
    struct ifl_record *records = (struct ifl_record *)&maps;
    size_t count = 12345;
    struct ifl_error error = {0};
    enum ifl_status status = ifl_estimate(snapshot, params, IFL_ALL_QUANTITIES, NULL, &records, &count, &error);
    cr_expect(status == want && error.status == want, "%s instead of %s: %s", ifl_status_text(status),
              ifl_status_text(want), error.message);
    cr_expect(strstr(error.message, in_message) != NULL, "\"%s\" does not say \"%s\"", error.message, in_message);
    cr_expect(records == (struct ifl_record *)&maps && count == 12345, "an out-parameter was touched");
    cr_expect_eq(ifl_estimate(snapshot, params, IFL_ALL_QUANTITIES, NULL, &records, &count, NULL), want);
}

/* ---- parameters ---- */

static void expect_bad_params(struct ifl_params params, const char *name)
{
    struct world_spec spec = network_spec(1, 8, COUNT(maps), maps);
    struct world *w = world_new(&spec);
    struct ifl_error error = {0};
    char prefix[32];
    snprintf(prefix, sizeof prefix, "%s:", name);
    cr_expect_eq(ifl_params_check(&params, &error), IFL_INVALID, "%s", name);
    cr_expect(strncmp(error.message, prefix, strlen(prefix)) == 0, "\"%s\" does not name %s", error.message, name);
    expect_error(&w->snapshot, &params, IFL_INVALID, prefix);
    double kernel[64], spectrum[8];
    struct ifl_subset x = subset_x();
    cr_expect_eq(ifl_kernel(&w->snapshot, &params, &x, kernel, NULL), IFL_INVALID);
    cr_expect_eq(ifl_spectra(&w->snapshot, &params, &x, 1, NULL, spectrum, NULL), IFL_INVALID);
    world_free(w);
}

Test(errors, parameters_out_of_range_are_named)
{
    static const double bad_widths[] = {0, -1, -1e-300, INFINITY, -INFINITY, NAN};
    static const double bad_alphas[] = {-1, -1e-9, -INFINITY, NAN};
    struct ifl_params p;
    for (size_t k = 0; k < COUNT(bad_alphas); k++) {
        p = ifl_params_default();
        p.alpha = bad_alphas[k];
        expect_bad_params(p, "alpha");
    }
    for (size_t k = 0; k < COUNT(bad_widths); k++) {
        p = ifl_params_default();
        p.h = bad_widths[k];
        expect_bad_params(p, "h");
        p = ifl_params_default();
        p.h_error = bad_widths[k];
        expect_bad_params(p, "h-error");
        p = ifl_params_default();
        p.h_label = bad_widths[k];
        if (p.h_label != 0) /* the delta kernel */
            expect_bad_params(p, "h-label");
    }
    p = ifl_params_default();
    p.width = IFL_WIDTH_RULES;
    expect_bad_params(p, "width");
    p = ifl_params_default();
    p.composition = IFL_COMPOSITIONS;
    expect_bad_params(p, "composition");
}

Test(errors, parameters_in_range_are_taken)
{
    static const double alphas[] = {0, 1e-300, 0.5, 1, 1.01, 100, INFINITY};
    struct ifl_params params = ifl_params_default();
    cr_expect_eq(params.alpha, 1.01);
    cr_expect_eq(params.h, 5);
    cr_expect_eq(params.h_error, 0.1);
    cr_expect_eq(params.h_label, 0);
    cr_expect_eq(params.width, IFL_WIDTH_SILVERMAN);
    cr_expect_eq(params.composition, IFL_HADAMARD);
    cr_expect_eq(params.pairs, 0);
    for (size_t k = 0; k < COUNT(alphas); k++) {
        params.alpha = alphas[k];
        cr_expect_eq(ifl_params_check(&params, NULL), IFL_OK);
    }
}

/* ---- snapshots ---- */

Test(errors, too_few_samples)
{
    double distance = 1, result = 7;
    struct ifl_subset x = subset_x();
    for (size_t n = 0; n < 2; n++) {
        struct ifl_snapshot snapshot = snapshot_of_distances(n, 1, &distance);
        for (int rule = 0; rule < IFL_WIDTH_RULES; rule++) {
            struct ifl_params params = ifl_params_default();
            struct ifl_plan *plan = NULL;
            ifl_params_set_width(&params, (enum ifl_width_rule)rule);
            expect_error(&snapshot, &params, IFL_INVALID, "samples");
            cr_expect_eq(ifl_plan_new(&plan, &snapshot, &params, IFL_ALL_QUANTITIES, NULL), IFL_INVALID);
            cr_expect_null(plan);
            cr_expect_eq(ifl_kernel(&snapshot, &params, &x, &result, NULL), IFL_INVALID);
            cr_expect_eq(ifl_spectra(&snapshot, &params, &x, 1, NULL, &result, NULL), IFL_INVALID);
            cr_expect_eq(ifl_entropies(&snapshot, &params, &x, 1, NULL, &result, NULL), IFL_INVALID);
            cr_expect_eq(result, 7, "an out-parameter was touched");
        }
    }
}

Test(errors, x_must_be_one_variable)
{
    double distance = 1;
    struct ifl_params params = ifl_params_default();
    struct ifl_snapshot snapshot = snapshot_of_distances(2, 1, &distance);
    snapshot.x.maps = 0;
    expect_error(&snapshot, &params, IFL_INVALID, "X");
    snapshot.x.maps = 2;
    expect_error(&snapshot, &params, IFL_INVALID, "X");
}

Test(errors, missing_distances)
{
    struct ifl_params params = ifl_params_default();
    struct world_spec spec = network_spec(1, 8, COUNT(maps), maps);
    for (int what = 0; what < 4; what++) {
        struct world *w = world_new(&spec);
        struct ifl_snapshot snapshot = w->snapshot;
        struct ifl_variable t[] = {w->t[0], w->t[1]};
        const void *one_missing[] = {t[0].map[0], NULL, t[0].map[2]};
        snapshot.t = t;
        if (what == 0)
            snapshot.x.sum = NULL;
        if (what == 1)
            t[1].sum = NULL;
        if (what == 2)
            t[0].map = NULL;
        if (what == 3)
            t[0].map = one_missing;
        for (size_t k = 0; k < COUNT(rules); k++) {
            ifl_params_set_width(&params, rules[k]);
            expect_error(&snapshot, &params, IFL_INVALID, "layer");
        }
        world_free(w);
    }
}

/* A caller that plans first may load just what is asked for. */
Test(errors, distances_that_no_quantity_takes_may_be_missing)
{
    struct ifl_params params = ifl_params_default();
    struct world_spec spec = network_spec(1, 8, COUNT(maps), maps);
    struct world *w = world_new(&spec);
    struct ifl_variable t[] = {w->t[0], w->t[1]};
    struct ifl_snapshot snapshot = w->snapshot;
    t[0].map = NULL;
    t[1].map = NULL;
    snapshot.t = t;
    struct records r = estimate(&snapshot, &params, IFL_ALL_QUANTITIES & ~IFL_PAIR_QUANTITIES);
    cr_expect_gt(r.count, 0);
    records_free(&r);
    world_free(w);
}

static void expect_bad_kernel(const struct ifl_snapshot *snapshot, struct ifl_params *params, bool of_x)
{
    struct ifl_subset x = subset_x();
    double kernel[64];
    for (size_t k = 0; k < COUNT(rules); k++) {
        struct ifl_error error = {0};
        ifl_params_set_width(params, rules[k]);
        cr_expect_eq(ifl_kernel(snapshot, params, &x, kernel, &error), of_x ? IFL_REFUSED : IFL_OK);
        cr_expect(!of_x || strstr(error.message, "distance") != NULL, "%s", error.message);
    }
    ifl_params_set_width(params, rules[0]);
}

static void expect_bad_distance(double bad, enum ifl_real real)
{
    static const size_t places[] = {0, 13, 27};
    struct ifl_params params = ifl_params_default();
    struct world_spec spec = network_spec(1, 8, COUNT(maps), maps);
    spec.float32 = real == IFL_F32;
    for (size_t k = 0; k < COUNT(places); k++) {
        for (int where = 0; where < 4; where++) {
            struct world *w = world_new(&spec);
            const void *array = where == 0   ? w->snapshot.x.sum
                                : where == 1 ? w->t[0].sum
                                : where == 2 ? w->t[0].map[1]
                                             : w->delta[1].sum;
            if (real == IFL_F32)
                ((float *)array)[places[k]] = (float)bad;
            else
                ((double *)array)[places[k]] = bad;
            expect_error(&w->snapshot, &params, IFL_REFUSED, "distance");
            expect_bad_kernel(&w->snapshot, &params, where == 0);
            world_free(w);
        }
    }
}

Test(errors, distances_that_are_no_numbers_are_refused)
{
    expect_bad_distance(NAN, IFL_F64);
    expect_bad_distance(NAN, IFL_F32);
}

Test(errors, negative_distances_are_refused)
{
    expect_bad_distance(-1, IFL_F64);
    expect_bad_distance(-1, IFL_F32);
    expect_bad_distance(-INFINITY, IFL_F64);
}

Test(errors, infinite_distances_are_refused)
{
    expect_bad_distance(INFINITY, IFL_F64);
    expect_bad_distance(INFINITY, IFL_F32);
}

/* A bad distance that another term of the sum would hide. */
Test(errors, a_negative_distance_in_a_joint_subset_is_refused)
{
    struct world_spec spec = network_spec(1, 8, COUNT(maps), maps);
    struct world *w = world_new(&spec);
    struct ifl_params params = ifl_params_default();
    ((double *)w->t[1].sum)[3] = -1e-3;
    struct ifl_subset joint = subset_t(1, IFL_ALL_MAPS, IFL_NO_MAP, IFL_WITH_X);
    double spectrum[8];
    cr_expect_eq(ifl_spectra(&w->snapshot, &params, &joint, 1, NULL, spectrum, NULL), IFL_REFUSED);
    world_free(w);
}

/* ---- subsets ---- */

static void expect_bad_subset(const struct ifl_snapshot *snapshot, const struct ifl_params *params,
                              struct ifl_subset subset)
{
    double spectrum[8], kernel[64];
    struct ifl_error error = {0};
    cr_expect_eq(ifl_spectra(snapshot, params, &subset, 1, NULL, spectrum, &error), IFL_INVALID,
                 "of %d with %d layer %d maps %d %d", (int)subset.of, (int)subset.with, (int)subset.layer,
                 (int)subset.i, (int)subset.j);
    cr_expect(error.status == IFL_INVALID && error.message[0] != '\0');
    cr_expect_eq(ifl_kernel(snapshot, params, &subset, kernel, &error), IFL_INVALID);
}

Test(errors, subsets_that_the_snapshot_lacks)
{
    struct world_spec spec = network_spec(1, 8, COUNT(maps), maps);
    struct world *w = world_new(&spec);
    struct ifl_snapshot snapshot = w->snapshot;
    struct ifl_params params = ifl_params_default();
    static const int32_t bad_maps[][2] = {{3, IFL_NO_MAP}, {-3, IFL_NO_MAP}, {0, 3},         {1, 1},
                                          {2, 1},          {0, -3},          {INT32_MIN, 1}, {INT32_MAX, IFL_NO_MAP}};
    for (size_t k = 0; k < COUNT(bad_maps); k++)
        expect_bad_subset(&snapshot, &params, subset_t(0, bad_maps[k][0], bad_maps[k][1], IFL_WITH_NOTHING));
    expect_bad_subset(&snapshot, &params, subset_t(2, IFL_ALL_MAPS, IFL_NO_MAP, IFL_WITH_NOTHING));
    expect_bad_subset(&snapshot, &params, subset_t(-1, IFL_ALL_MAPS, IFL_NO_MAP, IFL_WITH_NOTHING));
    expect_bad_subset(&snapshot, &params, subset_delta(2, IFL_WITH_NOTHING));
    params.composition = IFL_TENSOR;
    expect_bad_subset(&snapshot, &params, subset_t(0, 0, 1, IFL_WITH_NOTHING));

    params = ifl_params_default();
    snapshot.labels = NULL;
    snapshot.delta = NULL;
    expect_bad_subset(&snapshot, &params, subset_y());
    expect_bad_subset(&snapshot, &params, subset_delta(0, IFL_WITH_NOTHING));
    expect_bad_subset(&snapshot, &params, subset_t(0, IFL_ALL_MAPS, IFL_NO_MAP, IFL_WITH_Y));
    expect_bad_subset(&snapshot, &params, subset_t(0, IFL_ALL_MAPS, IFL_NO_MAP, IFL_WITH_LAST_DELTA));
    snapshot.x.maps = 0;
    expect_bad_subset(&snapshot, &params, subset_x());
    expect_bad_subset(&snapshot, &params, subset_t(0, IFL_ALL_MAPS, IFL_NO_MAP, IFL_WITH_X));
    world_free(w);
}

/* ---- words ---- */

Test(errors, status_texts)
{
    cr_expect_str_eq(ifl_status_text(IFL_OK), "ok");
    cr_expect_str_eq(ifl_status_text(IFL_CANCELED), "canceled");
    cr_expect_str_eq(ifl_status_text((enum ifl_status)99), "unknown status");
}

Test(errors, messages_are_prefixed_and_cut)
{
    struct ifl_error error = {0};
    cr_expect_eq(ifl_fail(&error, IFL_REFUSED, "row %d", 7), IFL_REFUSED);
    ifl_error_prefix(&error, "key %s", "X");
    ifl_error_prefix(&error, "run.npz");
    cr_expect_str_eq(error.message, "run.npz: key X: row 7");
    cr_expect_eq(error.status, IFL_REFUSED);

    char longest[3000];
    memset(longest, 'x', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    ifl_error_prefix(&error, "%s", longest);
    cr_expect_eq(strlen(error.message), sizeof error.message - 1);
    ifl_fail(&error, IFL_FAILED, "%s", longest);
    cr_expect_eq(strlen(error.message), sizeof error.message - 1);
    cr_expect_eq(ifl_fail(NULL, IFL_FAILED, "unheard"), IFL_FAILED);
    ifl_error_prefix(NULL, "unheard");
}

Test(errors, sizes_that_overflow)
{
    size_t out = 7;
    cr_expect_not(ifl_size_mul(SIZE_MAX, 2, &out));
    cr_expect_not(ifl_size_mul((size_t)1 << 32, (size_t)1 << 32, &out));
    cr_expect_eq(out, 7);
    cr_expect(ifl_size_mul(SIZE_MAX, 1, &out) && out == SIZE_MAX);
    cr_expect(ifl_size_mul(0, SIZE_MAX, &out) && out == 0);
    cr_expect(ifl_size_mul(SIZE_MAX, 0, &out) && out == 0);
}

Test(errors, allocation)
{
    void *nothing = ifl_alloc(0, 8);
    cr_expect(nothing != NULL);
    free(nothing);
    double *zeros = ifl_alloc(100, sizeof *zeros);
    for (size_t k = 0; k < 100; k++)
        cr_expect_eq(zeros[k], 0);
    free(zeros);
}
