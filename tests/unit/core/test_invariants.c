/* What must hold of every estimate, whatever the data. */
#include "brute.h"

static const size_t shapes[][4] = {{1, 1, 1, 1}, {6, 6, 12, 1}, {2, 2, 3, 1}, {8, 1, 5, 2}};
static const size_t sizes[] = {2, 3, 10, 33, 100};

/* Calls `check` for networks of several sizes and shapes, under each composition. */
static void each_network(void (*check)(const struct world_spec *spec, const struct ifl_params *params))
{
    struct ifl_params params = ifl_params_default();
    for (size_t s = 0; s < COUNT(shapes); s++) {
        struct world_spec spec = network_spec(100 + s, sizes[s + 1], COUNT(shapes[s]), shapes[s]);
        for (params.composition = IFL_HADAMARD; params.composition < IFL_COMPOSITIONS; params.composition++)
            check(&spec, &params);
    }
    params.composition = IFL_HADAMARD;
    struct world_spec two = network_spec(7, 2, COUNT(shapes[1]), shapes[1]);
    check(&two, &params);
}

/* I(R;{Ti,Tj}) averaged over all pairs, from single spectra. */
static double mean_pair_information(const struct ifl_snapshot *snapshot, const struct ifl_params *params, int32_t layer,
                                    bool y)
{
    double sum = 0, reference = subset_entropy(snapshot, params, y ? subset_y() : subset_x());
    int32_t maps = (int32_t)snapshot->t[layer].maps;
    for (int32_t i = 0; i < maps; i++)
        for (int32_t j = i + 1; j < maps; j++)
            sum += reference + subset_entropy(snapshot, params, subset_t(layer, i, j, IFL_WITH_NOTHING)) -
                   subset_entropy(snapshot, params, subset_t(layer, i, j, y ? IFL_WITH_Y : IFL_WITH_X));
    return sum / (double)ifl_pair_count((size_t)maps);
}

static void check_pair_sums(const struct world_spec *spec, const struct ifl_params *params)
{
    struct world *w = world_new(spec);
    struct records r = estimate(&w->snapshot, params, IFL_ALL_QUANTITIES);
    for (int32_t k = 0; k < (int32_t)spec->layers; k++) {
        if (isnan(value_of(&r, k, IFL_TRADEOFF_X)))
            continue;
        expect_near(value_of(&r, k, IFL_TRADEOFF_X) + value_of(&r, k, IFL_NONREDUNDANT_X),
                    mean_pair_information(&w->snapshot, params, k, false), 1e-11, "n %zu layer %d: X", spec->n, (int)k);
        expect_near(value_of(&r, k, IFL_TRADEOFF_Y) + value_of(&r, k, IFL_NONREDUNDANT_Y),
                    mean_pair_information(&w->snapshot, params, k, true), 1e-11, "n %zu layer %d: Y", spec->n, (int)k);
        expect_near(value_of(&r, k, IFL_TRADEOFF_PCT_X) + value_of(&r, k, IFL_NONREDUNDANT_PCT_X), 100, 1e-9,
                    "n %zu layer %d: X%%", spec->n, (int)k);
        expect_near(value_of(&r, k, IFL_TRADEOFF_PCT_Y) + value_of(&r, k, IFL_NONREDUNDANT_PCT_Y), 100, 1e-9,
                    "n %zu layer %d: Y%%", spec->n, (int)k);
    }
    records_free(&r);
    world_free(w);
}

Test(invariants, tradeoff_and_nonredundant_sum_to_the_pairs_information)
{
    each_network(check_pair_sums);
}

static void check_bounds(const struct world_spec *spec, const struct ifl_params *params)
{
    struct world *w = world_new(spec);
    struct records r = estimate(&w->snapshot, params, IFL_ALL_QUANTITIES);
    double most = log2((double)spec->n), x = value_of(&r, -1, IFL_H_X), y = value_of(&r, -1, IFL_H_Y);
    const double slack = 1e-9;
    for (size_t k = 0; k < r.count; k++)
        cr_expect(isfinite(r.at[k].value));
    cr_expect(x >= 0 && x <= most + slack && y >= 0 && y <= most + slack);
    for (int32_t k = 0; k < (int32_t)spec->layers; k++) {
        double t = value_of(&r, k, IFL_H_T), xt = value_of(&r, k, IFL_I_XT), ty = value_of(&r, k, IFL_I_TY);
        cr_expect(t >= 0 && t <= most + slack, "H(T) %g", t);
        cr_expect(xt >= -slack && xt <= fmin(x, t) + slack, "I(X;T) %g, H(X) %g, H(T) %g", xt, x, t);
        cr_expect(ty >= -slack && ty <= fmin(y, t) + slack, "I(T;Y) %g, H(Y) %g, H(T) %g", ty, y, t);
        cr_expect(value_of(&r, k, IFL_H_DELTA) <= most + slack);
    }
    records_free(&r);
    world_free(w);
}

Test(invariants, information_lies_between_0_and_the_entropies)
{
    each_network(check_bounds);
}

/* Runs `spec` as it is and with `change` made, and expects the same numbers. */
static void expect_no_change(const struct world_spec *spec, const struct world_spec *change,
                             const struct ifl_params *params)
{
    struct world *a = world_new(spec), *b = world_new(change);
    struct records want = estimate(&a->snapshot, params, IFL_ALL_QUANTITIES);
    struct records got = estimate(&b->snapshot, params, IFL_ALL_QUANTITIES);
    expect_records_near(&got, &want, 1e-10, 1e-7);
    records_free(&got);
    records_free(&want);
    world_free(b);
    world_free(a);
}

static void check_sample_order(const struct world_spec *spec, const struct ifl_params *params)
{
    size_t *order = must_alloc(spec->n, sizeof *order);
    uint64_t state = 3;
    for (size_t i = 0; i < spec->n; i++) { /* Fisher and Yates, from inside out */
        size_t j = (size_t)(splitmix64(&state) % (i + 1));
        order[i] = order[j];
        order[j] = i;
    }
    struct world_spec shuffled = *spec;
    shuffled.order = order;
    expect_no_change(spec, &shuffled, params);
    free(order);
}

Test(invariants, the_order_of_samples_does_not_matter)
{
    each_network(check_sample_order);
}

static void check_map_order(const struct world_spec *spec, const struct ifl_params *params)
{
    struct world_spec reversed = *spec;
    reversed.reverse_maps = true;
    expect_no_change(spec, &reversed, params);
}

Test(invariants, the_order_of_maps_does_not_matter)
{
    each_network(check_map_order);
}

/* Labels stand for classes; their numbers mean nothing. */
Test(invariants, the_names_of_classes_do_not_matter)
{
    struct world_spec spec = network_spec(4, 40, COUNT(shapes[2]), shapes[2]);
    struct world *w = world_new(&spec);
    struct ifl_params params = ifl_params_default();
    for (int rbf = 0; rbf < 2; rbf++) {
        params.h_label = rbf ? 0.8 : 0;
        struct records want = estimate(&w->snapshot, &params, IFL_ALL_QUANTITIES);
        for (size_t i = 0; i < spec.n; i++)
            w->labels[i] = 4 - w->labels[i];
        struct records got = estimate(&w->snapshot, &params, IFL_ALL_QUANTITIES);
        expect_records_near(&got, &want, 1e-12, 1e-9);
        records_free(&got);
        records_free(&want);
    }
    world_free(w);
}

static struct records estimate_threads(const struct ifl_snapshot *snapshot, const struct ifl_params *params,
                                       int threads)
{
    struct ifl_control control = {.threads = threads};
    struct records r = {0};
    cr_assert_eq(ifl_estimate(snapshot, params, IFL_ALL_QUANTITIES, &control, &r.at, &r.count, NULL), IFL_OK);
    return r;
}

static void expect_identical(const struct records *got, const struct records *want)
{
    cr_assert_eq(got->count, want->count);
    for (size_t k = 0; k < want->count; k++)
        cr_expect(got->at[k].layer == want->at[k].layer && got->at[k].quantity == want->at[k].quantity &&
                  got->at[k].health == want->at[k].health &&
                  memcmp(&got->at[k].value, &want->at[k].value, sizeof(double)) == 0);
}

Test(invariants, threads_change_no_bit)
{
    struct world_spec spec = network_spec(4, 60, COUNT(shapes[1]), shapes[1]);
    struct world *w = world_new(&spec);
    struct ifl_params params = ifl_params_default();
    struct records want = estimate_threads(&w->snapshot, &params, 1);
    static const int threads[] = {1, 2, 3, 8, 0};
    for (size_t k = 0; k < COUNT(threads); k++) {
        struct records got = estimate_threads(&w->snapshot, &params, threads[k]);
        expect_identical(&got, &want);
        records_free(&got);
    }
    records_free(&want);
    world_free(w);
}

/* A layer that stands twice has the same values twice. */
Test(invariants, equal_layers_have_equal_values)
{
    static const size_t maps[] = {4, 4};
    struct world_spec spec = network_spec(4, 30, COUNT(maps), maps);
    struct world *w = world_new(&spec);
    struct ifl_variable twice[] = {w->t[0], w->t[0]}, errors[] = {w->delta[0], w->delta[0]};
    struct ifl_snapshot snapshot = w->snapshot;
    snapshot.t = twice;
    snapshot.delta = errors;
    struct ifl_params params = ifl_params_default();
    struct records r = estimate(&snapshot, &params, IFL_ALL_QUANTITIES);
    for (int q = IFL_H_T; q <= IFL_H_DELTA; q++)
        cr_expect_eq(value_of(&r, 0, (enum ifl_quantity)q), value_of(&r, 1, (enum ifl_quantity)q));
    records_free(&r);
    world_free(w);
}

/* One of a layer's maps dead: said of all the layer's values, also where no pairs are asked for if sigma follows the
 * data (a dead map's sigma is 0 then). */
Test(invariants, a_dead_map_is_named)
{
    static const size_t maps[] = {3, 2};
    struct world_spec spec = network_spec(6, 30, COUNT(maps), maps);
    struct world *w = world_new(&spec);
    size_t pairs = ifl_pair_count(30);
    double *dead = must_alloc(pairs, sizeof *dead);
    const void *some_dead[] = {w->snapshot.t[0].map[0], dead, w->snapshot.t[0].map[2]};
    const void *const *alive = w->t[0].map;
    w->t[0].map = some_dead;
    for (int rule = 0; rule < IFL_WIDTH_RULES; rule++) {
        struct ifl_params params = ifl_params_default();
        ifl_params_set_width(&params, (enum ifl_width_rule)rule);
        bool follows = rule != IFL_WIDTH_SILVERMAN && rule != IFL_WIDTH_FIXED;
        struct records all = estimate(&w->snapshot, &params, IFL_ALL_QUANTITIES);
        struct records whole = estimate(&w->snapshot, &params, IFL_BIT(IFL_I_XT));
        for (size_t k = 0; k < all.count; k++) {
            bool said = (all.at[k].health & IFL_DEAD_MAPS) != 0, error = all.at[k].quantity >= IFL_H_DELTA;
            cr_expect_eq(said, all.at[k].layer == 0 && !error, "%s, layer %d, %s",
                         ifl_width_rule_name(params.width), all.at[k].layer, ifl_quantity_name(all.at[k].quantity));
        }
        cr_expect_eq((whole.at[0].health & IFL_DEAD_MAPS) != 0, follows, "%s", ifl_width_rule_name(params.width));
        records_free(&all);
        records_free(&whole);
    }
    w->t[0].map = alive;
    free(dead);
    world_free(w);
}

/* Its pairs are wholly redundant by convention. */
Test(invariants, a_constant_layer_carries_no_information)
{
    static const size_t maps[] = {3};
    struct world_spec spec = network_spec(4, 30, COUNT(maps), maps);
    spec.t[0].kind = DATA_CONSTANT;
    struct world *w = world_new(&spec);
    struct ifl_params params = ifl_params_default();
    struct records r = estimate(&w->snapshot, &params, IFL_ALL_QUANTITIES);
    for (size_t k = 0; k < r.count; k++) {
        const struct ifl_record *record = &r.at[k];
        if (record->quantity < IFL_H_T || record->quantity > IFL_NONREDUNDANT_PCT_Y)
            continue;
        bool percent = strcmp(ifl_quantity_unit(record->quantity), "%") == 0;
        bool redundant = record->quantity == IFL_TRADEOFF_PCT_X || record->quantity == IFL_TRADEOFF_PCT_Y;
        expect_near(record->value, redundant ? 100 : 0, 1e-11, "%s", ifl_quantity_name(record->quantity));
        unsigned expected = IFL_CONSTANT | IFL_COLLAPSED | IFL_DEAD_MAPS | (percent ? IFL_UNDEFINED : 0);
        cr_expect_eq(record->health, expected, "%s: health %u", ifl_quantity_name(record->quantity), record->health);
    }
    records_free(&r);
    world_free(w);
}

/* 100 (I(X;Ti) + I(X;Tj) - I(X;{Ti,Tj})) / I(X;{Ti,Tj}) from single spectra. */
static double pair_tradeoff_percent(const struct ifl_snapshot *snapshot, const struct ifl_params *params, int32_t i,
                                    int32_t j)
{
    double x = subset_entropy(snapshot, params, subset_x());
    double both = x + subset_entropy(snapshot, params, subset_t(0, i, j, IFL_WITH_NOTHING)) -
                  subset_entropy(snapshot, params, subset_t(0, i, j, IFL_WITH_X));
    double single = 2 * x + subset_entropy(snapshot, params, subset_t(0, i, IFL_NO_MAP, IFL_WITH_NOTHING)) -
                    subset_entropy(snapshot, params, subset_t(0, i, IFL_NO_MAP, IFL_WITH_X)) +
                    subset_entropy(snapshot, params, subset_t(0, j, IFL_NO_MAP, IFL_WITH_NOTHING)) -
                    subset_entropy(snapshot, params, subset_t(0, j, IFL_NO_MAP, IFL_WITH_X));
    return 100 * (single - both) / both;
}

/* The share of a pair of two dead maps would be 0 / 0: it counts as 100 %. */
Test(invariants, dead_maps_do_not_make_noise_of_the_percentages)
{
    static const size_t maps[] = {5};
    struct world_spec spec = network_spec(4, 40, 1, maps);
    struct world *w = world_new(&spec);
    double *zeros = must_alloc(ifl_pair_count(spec.n), sizeof *zeros);
    const void *with_dead[5];
    memcpy(with_dead, w->t[0].map, sizeof with_dead);
    with_dead[1] = with_dead[3] = zeros;
    struct ifl_variable layer = w->t[0];
    layer.map = with_dead;
    struct ifl_snapshot snapshot = w->snapshot;
    snapshot.t = &layer;
    snapshot.delta = NULL;
    struct ifl_params params = ifl_params_default();
    struct records r = estimate(&snapshot, &params, IFL_PAIR_QUANTITIES);
    double percent = 0;
    for (int32_t i = 0; i < 5; i++)
        for (int32_t j = i + 1; j < 5; j++)
            percent += (i == 1 && j == 3 ? 100 : pair_tradeoff_percent(&snapshot, &params, i, j)) / 10;
    expect_near(value_of(&r, 0, IFL_TRADEOFF_PCT_X), percent, 1e-8, "10 pairs");
    expect_near(value_of(&r, 0, IFL_TRADEOFF_PCT_X) + value_of(&r, 0, IFL_NONREDUNDANT_PCT_X), 100, 1e-9, "sum");
    cr_expect_eq(ifl_record_find(r.at, r.count, 0, IFL_TRADEOFF_PCT_X)->health & IFL_UNDEFINED, 0);
    records_free(&r);
    free(zeros);
    world_free(w);
}

/* The information of a variable with a copy of itself, at alpha = 2: S(A) + S(A) - S(A o A). */
Test(invariants, x_with_itself)
{
    struct world_spec spec = {.seed = 2, .n = 30, .x = {1, 5, DATA_BELL, 3, 0}, .layers = 1};
    spec.t[0] = spec.x;
    struct world *w = world_new(&spec);
    struct ifl_variable copy = w->snapshot.x;
    w->snapshot.t = &copy;
    struct ifl_params params = ifl_params_default();
    params.alpha = 2;
    struct records r = estimate(&w->snapshot, &params, IFL_ALL_QUANTITIES);
    double *k = must_alloc(30 * 30, sizeof *k), single = 0, joint = 0;
    struct ifl_subset x = subset_x();
    brute_kernel(&w->snapshot, &params, &x, k);
    for (size_t e = 0; e < 30 * 30; e++) { /* the sum of squared eigenvalues is the squared Frobenius norm */
        single += k[e] * k[e] / 900;
        joint += k[e] * k[e] * k[e] * k[e] / 900;
    }
    expect_near(value_of(&r, 0, IFL_H_T), -log2(single), 1e-12, "H(T)");
    expect_near(value_of(&r, 0, IFL_I_XT), -2 * log2(single) + log2(joint), 1e-12, "I(X;T)");
    free(k);
    records_free(&r);
    world_free(w);
}
