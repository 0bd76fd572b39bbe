/* Plans: which subsets they ask for, which records they give and in which order. */
#include "support.h"

static size_t subset_count(const struct ifl_snapshot *snapshot, const struct ifl_params *params,
                           ifl_quantity_set wanted)
{
    struct ifl_plan *plan = plan_of(snapshot, params, wanted);
    size_t count;
    ifl_plan_subsets(plan, &count);
    ifl_plan_free(plan);
    return count;
}

static int compare_subsets(const void *a, const void *b)
{
    return ifl_subset_compare(a, b);
}

static void expect_distinct_and_normal(const struct ifl_snapshot *snapshot, const struct ifl_params *params,
                                       ifl_quantity_set wanted)
{
    struct ifl_plan *plan = plan_of(snapshot, params, wanted);
    size_t count;
    const struct ifl_subset *subsets = ifl_plan_subsets(plan, &count);
    struct ifl_subset *sorted = must_alloc(count, sizeof *sorted);
    for (size_t k = 0; k < count; k++) {
        sorted[k] = ifl_subset_normal(snapshot, subsets[k]);
        cr_expect_eq(ifl_subset_compare(&sorted[k], &subsets[k]), 0, "subset %zu is not in its normal form", k);
    }
    qsort(sorted, count, sizeof *sorted, compare_subsets);
    for (size_t k = 1; k < count; k++)
        cr_expect_lt(ifl_subset_compare(&sorted[k - 1], &sorted[k]), 0, "a subset stands twice");
    free(sorted);
    ifl_plan_free(plan);
}

static const size_t lenet[] = {6, 6, 12, 12, 1, 1};

Test(plan, asks_for_each_subset_once)
{
    static const size_t small[] = {1, 2, 3, 4};
    struct ifl_params params = ifl_params_default();
    struct shape s;
    shape_init(&s, COUNT(lenet), lenet, lenet);
    expect_distinct_and_normal(&s.snapshot, &params, IFL_ALL_QUANTITIES);
    shape_init(&s, COUNT(small), small, small);
    for (ifl_quantity_set wanted = 0; wanted <= IFL_ALL_QUANTITIES; wanted += 37)
        expect_distinct_and_normal(&s.snapshot, &params, wanted);
}

/* A layer of C maps takes itself alone, with X and with Y; and for C >= 3 as much for each map and each pair. The pair
 * of a two-map layer is the layer. */
static size_t layer_subsets(size_t maps)
{
    return 3 + (maps < 2 ? 0 : maps == 2 ? 3 * 2 : 3 * (maps + ifl_pair_count(maps)));
}

Test(plan, asks_for_as_many_subsets_as_the_layout_takes)
{
    struct ifl_params params = ifl_params_default();
    for (size_t maps = 1; maps < 20; maps++) {
        struct shape s;
        shape_init(&s, 1, &maps, NULL);
        cr_expect_eq(subset_count(&s.snapshot, &params, IFL_ALL_QUANTITIES), 2 + layer_subsets(maps), "%zu maps", maps);
    }
    struct shape s;
    shape_init(&s, COUNT(lenet), lenet, lenet);
    size_t want = 2 + 2 * COUNT(lenet) - 1;
    for (size_t k = 0; k < COUNT(lenet); k++)
        want += layer_subsets(lenet[k]);
    cr_expect_eq(subset_count(&s.snapshot, &params, IFL_ALL_QUANTITIES), want);
    cr_expect_eq(subset_count(&s.snapshot, &params, 0), 0);
    cr_expect_eq(subset_count(&s.snapshot, &params, IFL_BIT(IFL_H_X)), 1);
    cr_expect_eq(subset_count(&s.snapshot, &params, IFL_BIT(IFL_I_XT)), 1 + 2 * COUNT(lenet));
    cr_expect_eq(subset_count(&s.snapshot, &params, IFL_BIT(IFL_H_DELTA)), COUNT(lenet));
    cr_expect_eq(subset_count(&s.snapshot, &params, IFL_BIT(IFL_I_DELTA)), 2 * COUNT(lenet) - 1);
}

/* ---- wanted ---- */

static void expect_part_of(const struct records *full, const struct records *part, ifl_quantity_set wanted)
{
    size_t at = 0;
    for (size_t k = 0; k < full->count; k++) {
        if (!(wanted & IFL_BIT(full->at[k].quantity)))
            continue;
        cr_assert_lt(at, part->count, "wanted %#x: a record is missing", (unsigned)wanted);
        const struct ifl_record *a = &full->at[k], *b = &part->at[at++];
        cr_expect(a->layer == b->layer && a->quantity == b->quantity && a->health == b->health &&
                      a->pairs == b->pairs && memcmp(&a->value, &b->value, sizeof a->value) == 0,
                  "wanted %#x: layer %d %s differs", (unsigned)wanted, (int)a->layer, ifl_quantity_name(a->quantity));
    }
    cr_expect_eq(at, part->count, "wanted %#x: %zu records too many", (unsigned)wanted, part->count - at);
}

Test(plan, gives_what_is_wanted_and_no_more)
{
    static const size_t maps[] = {3, 2, 1};
    struct world_spec spec = network_spec(5, 20, COUNT(maps), maps);
    struct world *w = world_new(&spec);
    struct ifl_params params = ifl_params_default();
    struct records full = estimate(&w->snapshot, &params, IFL_ALL_QUANTITIES);
    uint64_t state = 1;
    for (int k = 0; k < 100; k++) {
        ifl_quantity_set wanted = k < IFL_QUANTITIES ? IFL_BIT(k) : (ifl_quantity_set)splitmix64(&state);
        struct records part = estimate(&w->snapshot, &params, wanted);
        expect_part_of(&full, &part, wanted);
        records_free(&part);
    }
    struct records none = estimate(&w->snapshot, &params, 0);
    cr_expect_eq(none.count, 0);
    records_free(&none);
    records_free(&full);
    world_free(w);
}

static ifl_quantity_set quantities_of(const struct ifl_snapshot *snapshot, const struct ifl_params *params)
{
    struct records r = estimate(snapshot, params, IFL_ALL_QUANTITIES);
    ifl_quantity_set set = 0;
    for (size_t k = 0; k < r.count; k++)
        set |= IFL_BIT(r.at[k].quantity);
    records_free(&r);
    return set;
}

Test(plan, leaves_out_what_is_not_there)
{
    static const size_t maps[] = {3, 2, 1};
    const ifl_quantity_set of_y = IFL_BIT(IFL_H_Y) | IFL_BIT(IFL_I_TY) | IFL_PAIR_QUANTITIES_Y;
    const ifl_quantity_set of_delta = IFL_BIT(IFL_H_DELTA) | IFL_BIT(IFL_I_DELTA);
    struct world_spec spec = network_spec(5, 20, COUNT(maps), maps);
    struct world *w = world_new(&spec);
    struct ifl_params params = ifl_params_default();
    cr_expect_eq(quantities_of(&w->snapshot, &params), IFL_ALL_QUANTITIES);

    params.composition = IFL_TENSOR;
    cr_expect_eq(quantities_of(&w->snapshot, &params), IFL_ALL_QUANTITIES & ~IFL_PAIR_QUANTITIES);
    params.composition = IFL_GEOMETRIC;
    cr_expect_eq(quantities_of(&w->snapshot, &params), IFL_ALL_QUANTITIES);

    struct ifl_snapshot part = w->snapshot;
    part.labels = NULL;
    cr_expect_eq(quantities_of(&part, &params), IFL_ALL_QUANTITIES & ~of_y);
    part.delta = NULL;
    cr_expect_eq(quantities_of(&part, &params), IFL_ALL_QUANTITIES & ~of_y & ~of_delta);
    part.t = NULL;
    cr_expect_eq(quantities_of(&part, &params), IFL_BIT(IFL_H_X));
    part.layers = 0;
    cr_expect_eq(quantities_of(&part, &params), IFL_BIT(IFL_H_X));
    world_free(w);
}

/* ---- order ---- */

struct expected {
    int32_t layer;
    enum ifl_quantity quantity;
};

static void expect_order(const struct ifl_snapshot *snapshot, const struct expected *want, size_t count)
{
    struct ifl_params params = ifl_params_default();
    struct records r = estimate(snapshot, &params, IFL_ALL_QUANTITIES);
    cr_assert_eq(r.count, count, "%zu records, expected %zu", r.count, count);
    for (size_t k = 0; k < count; k++)
        cr_expect(r.at[k].layer == want[k].layer && r.at[k].quantity == want[k].quantity,
                  "record %zu: layer %d %s, expected layer %d %s", k, (int)r.at[k].layer,
                  ifl_quantity_name(r.at[k].quantity), (int)want[k].layer, ifl_quantity_name(want[k].quantity));
    records_free(&r);
}

Test(plan, records_come_in_order)
{
    static const size_t maps[] = {2, 1};
    static const struct expected want[] = {
        {-1, IFL_H_X},
        {-1, IFL_H_Y},
        {0, IFL_H_T},
        {0, IFL_I_XT},
        {0, IFL_I_TY},
        {0, IFL_TRADEOFF_X},
        {0, IFL_NONREDUNDANT_X},
        {0, IFL_TRADEOFF_PCT_X},
        {0, IFL_NONREDUNDANT_PCT_X},
        {0, IFL_TRADEOFF_Y},
        {0, IFL_NONREDUNDANT_Y},
        {0, IFL_TRADEOFF_PCT_Y},
        {0, IFL_NONREDUNDANT_PCT_Y},
        {1, IFL_H_T},
        {1, IFL_I_XT},
        {1, IFL_I_TY},
        {1, IFL_H_DELTA},
        {0, IFL_H_DELTA},
        {0, IFL_I_DELTA},
    };
    struct world_spec spec = network_spec(5, 16, COUNT(maps), maps);
    struct world *w = world_new(&spec);
    expect_order(&w->snapshot, want, COUNT(want));
    world_free(w);
}

/* delta_K is that of the last layer that has errors. */
Test(plan, the_backward_chain_begins_at_the_last_layer_with_errors)
{
    static const size_t maps[] = {1, 1, 1, 1, 1};
    static const struct expected want[] = {
        {-1, IFL_H_X},    {2, IFL_H_T},     {2, IFL_I_XT},    {3, IFL_H_DELTA},
        {1, IFL_H_DELTA}, {1, IFL_I_DELTA}, {0, IFL_H_DELTA}, {0, IFL_I_DELTA},
    };
    struct world_spec spec = network_spec(5, 16, COUNT(maps), maps);
    spec.classes = 0;
    for (size_t k = 0; k < COUNT(maps); k++)
        spec.t[k].maps = k == 2;
    spec.delta[2].maps = spec.delta[4].maps = 0;
    struct world *w = world_new(&spec);
    expect_order(&w->snapshot, want, COUNT(want));

    struct ifl_params params = ifl_params_default();
    struct records r = estimate(&w->snapshot, &params, IFL_BIT(IFL_I_DELTA));
    double want_bits = subset_entropy(&w->snapshot, &params, subset_delta(3, IFL_WITH_NOTHING)) +
                       subset_entropy(&w->snapshot, &params, subset_delta(0, IFL_WITH_NOTHING)) -
                       subset_entropy(&w->snapshot, &params, subset_delta(0, IFL_WITH_LAST_DELTA));
    expect_near(value_of(&r, 0, IFL_I_DELTA), want_bits, 1e-13, "I(deltaK;delta) of layer 0");
    records_free(&r);
    world_free(w);
}
