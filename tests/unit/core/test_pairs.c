/* The pairs of feature maps that a plan samples, and what a sample's means are worth. */
#include <time.h>

#include "support.h"

struct pair_list {
    int32_t (*at)[2];
    size_t count;
};

static struct pair_list pairs_of(const struct ifl_snapshot *snapshot, const struct ifl_params *params)
{
    struct ifl_plan *plan = plan_of(snapshot, params, IFL_PAIR_QUANTITIES_X);
    size_t count;
    const struct ifl_subset *subsets = ifl_plan_subsets(plan, &count);
    struct pair_list list = {must_alloc(count, sizeof *list.at), 0};
    for (size_t k = 0; k < count; k++) {
        if (subsets[k].of == IFL_OF_T && subsets[k].with == IFL_WITH_NOTHING && subsets[k].j != IFL_NO_MAP) {
            list.at[list.count][0] = subsets[k].i;
            list.at[list.count++][1] = subsets[k].j;
        }
    }
    ifl_plan_free(plan);
    return list;
}

static size_t pairs_in_common(const struct pair_list *a, const struct pair_list *b)
{
    size_t common = 0;
    for (size_t k = 0; k < a->count; k++)
        for (size_t m = 0; m < b->count; m++)
            common += memcmp(a->at[k], b->at[m], sizeof *a->at) == 0;
    return common;
}

Test(pairs, are_sampled_to_the_count_and_distinct)
{
    static const size_t maps = 30;
    struct shape s;
    shape_init(&s, 1, &maps, NULL);
    struct ifl_params params = ifl_params_default();
    static const size_t asked[] = {0, 1, 2, 100, 434, 435, 436, 100000};
    static const size_t given[] = {435, 1, 2, 100, 434, 435, 435, 435};
    for (size_t k = 0; k < COUNT(asked); k++) {
        params.pairs = asked[k];
        for (params.seed = 0; params.seed < 20; params.seed++) {
            struct pair_list list = pairs_of(&s.snapshot, &params), again = pairs_of(&s.snapshot, &params);
            cr_expect_eq(list.count, given[k]);
            cr_expect_eq(pairs_in_common(&list, &list), list.count, "a pair stands twice");
            cr_expect(list.count == again.count && memcmp(list.at, again.at, list.count * sizeof *list.at) == 0,
                      "the same seed gave other pairs");
            for (size_t p = 0; p < list.count; p++)
                cr_expect(list.at[p][0] >= 0 && list.at[p][0] < list.at[p][1] && list.at[p][1] < 30);
            free(again.at);
            free(list.at);
        }
    }
}

Test(pairs, change_with_the_seed_and_the_layer)
{
    static const size_t maps[] = {30, 30};
    struct shape s;
    shape_init(&s, 1, maps, NULL);
    struct ifl_params params = ifl_params_default();
    params.pairs = 50;
    struct pair_list zero = pairs_of(&s.snapshot, &params);
    for (params.seed = 1; params.seed < 20; params.seed++) {
        struct pair_list other = pairs_of(&s.snapshot, &params);
        size_t common = pairs_in_common(&zero, &other); /* 5.7 are expected by chance */
        cr_expect(common < 20, "seed %d has %zu of 50 pairs in common with seed 0", (int)params.seed, common);
        free(other.at);
    }
    params.seed = 0;
    shape_init(&s, 2, maps, NULL);
    struct pair_list both = pairs_of(&s.snapshot, &params);
    cr_assert_eq(both.count, 100);
    struct pair_list second = {both.at + 50, 50};
    cr_expect(pairs_in_common(&zero, &second) < 20, "the second layer samples the pairs of the first");
    free(both.at);
    free(zero.at);
}

/* Over many seeds every pair must come up about equally often. */
Test(pairs, are_sampled_evenly)
{
    enum { MAPS = 10, SEEDS = 4500, SAMPLE = 9 };
    static const size_t maps = MAPS;
    struct shape s;
    shape_init(&s, 1, &maps, NULL);
    struct ifl_params params = ifl_params_default();
    params.pairs = SAMPLE;
    size_t hits[MAPS][MAPS] = {{0}};
    for (params.seed = 0; params.seed < SEEDS; params.seed++) {
        struct pair_list list = pairs_of(&s.snapshot, &params);
        for (size_t p = 0; p < list.count; p++)
            hits[list.at[p][0]][list.at[p][1]]++;
        free(list.at);
    }
    for (size_t i = 0; i < MAPS; i++) /* 900 +- 27 each */
        for (size_t j = i + 1; j < MAPS; j++)
            expect_near((double)hits[i][j], 900, 140, "pair %zu %zu", i, j);
}

Test(pairs, sampled_average_is_near_that_of_all)
{
    static const size_t maps[] = {24};
    struct world_spec spec = network_spec(6, 24, 1, maps);
    struct world *w = world_new(&spec);
    struct ifl_params params = ifl_params_default();
    struct records all = estimate(&w->snapshot, &params, IFL_PAIR_QUANTITIES_X);
    params.pairs = 100;
    for (params.seed = 0; params.seed < 5; params.seed++) {
        struct records some = estimate(&w->snapshot, &params, IFL_PAIR_QUANTITIES_X);
        for (size_t k = 0; k < all.count; k++) {
            expect_near(some.at[k].value, all.at[k].value, 0.03 * fabs(all.at[k].value), "%s",
                        ifl_quantity_name(all.at[k].quantity));
            cr_expect_neq(some.at[k].value, all.at[k].value);
            cr_expect(some.at[k].pairs == 100 && some.at[k].sampled && some.at[k].error > 0);
            cr_expect(all.at[k].pairs == 276 && !all.at[k].sampled && all.at[k].error == 0);
        }
        records_free(&some);
    }
    records_free(&all);
    world_free(w);
}

/* The four quantities of one pair. */
static void pair_values(const struct ifl_snapshot *snapshot, const struct ifl_params *params, const int32_t at[2],
                        bool y, double values[4])
{
    enum ifl_with with = y ? IFL_WITH_Y : IFL_WITH_X;
    double reference = subset_entropy(snapshot, params, y ? subset_y() : subset_x()), single = 0;
    for (int k = 0; k < 2; k++)
        single += reference + subset_entropy(snapshot, params, subset_t(0, at[k], IFL_NO_MAP, IFL_WITH_NOTHING)) -
                  subset_entropy(snapshot, params, subset_t(0, at[k], IFL_NO_MAP, with));
    double both = reference + subset_entropy(snapshot, params, subset_t(0, at[0], at[1], IFL_WITH_NOTHING)) -
                  subset_entropy(snapshot, params, subset_t(0, at[0], at[1], with));
    values[0] = single - both;
    values[1] = 2 * both - single;
    values[2] = 100 * values[0] / both;
    values[3] = 100 * values[1] / both;
}

static void check_error(const struct ifl_snapshot *snapshot, const struct ifl_params *params, bool y, size_t all)
{
    struct pair_list list = pairs_of(snapshot, params);
    struct records r = estimate(snapshot, params, y ? IFL_PAIR_QUANTITIES_Y : IFL_PAIR_QUANTITIES_X);
    double(*values)[4] = must_alloc(list.count, sizeof *values), count = (double)list.count;
    for (size_t p = 0; p < list.count; p++)
        pair_values(snapshot, params, list.at[p], y, values[p]);
    for (size_t q = 0; q < 4; q++) {
        long double mean = 0, squares = 0;
        for (size_t p = 0; p < list.count; p++)
            mean += (long double)values[p][q] / count;
        for (size_t p = 0; p < list.count; p++)
            squares += ((long double)values[p][q] - mean) * ((long double)values[p][q] - mean);
        double want = (double)sqrtl(squares / (count - 1) / count * ((double)all - count) / (double)all);
        expect_near(r.at[q].value, (double)mean, 1e-9, "%s", ifl_quantity_name(r.at[q].quantity));
        expect_near(r.at[q].error, list.count == all ? 0 : want, 1e-9, "%zu pairs, error of %s", list.count,
                    ifl_quantity_name(r.at[q].quantity));
        cr_expect_eq(r.at[q].sampled, list.count < all);
    }
    free(values);
    records_free(&r);
    free(list.at);
}

Test(pairs, the_error_is_that_of_a_mean_of_a_finite_population)
{
    static const size_t maps[] = {8}, counts[] = {2, 3, 10, 27, 28};
    struct world_spec spec = network_spec(6, 20, 1, maps);
    struct world *w = world_new(&spec);
    struct ifl_params params = ifl_params_default();
    for (size_t k = 0; k < COUNT(counts); k++) {
        params.pairs = counts[k];
        params.seed = k;
        check_error(&w->snapshot, &params, false, 28);
        check_error(&w->snapshot, &params, true, 28);
    }
    world_free(w);
}

Test(pairs, one_pair_tells_nothing_of_the_others)
{
    static const size_t maps[] = {3};
    struct world_spec spec = network_spec(6, 12, 1, maps);
    struct world *w = world_new(&spec);
    struct ifl_params params = ifl_params_default();
    params.pairs = 1;
    struct records r = estimate(&w->snapshot, &params, IFL_ALL_QUANTITIES);
    for (size_t k = 0; k < r.count; k++)
        cr_expect(r.at[k].pairs == 1 ? r.at[k].sampled && isinf(r.at[k].error)
                                     : !r.at[k].sampled && r.at[k].error == 0);
    records_free(&r);
    world_free(w);
}

/* Over many samples the squared error predicted is that made. */
Test(pairs, the_error_is_honest)
{
    enum { SEEDS = 400 };
    static const size_t maps[] = {12};
    struct world_spec spec = network_spec(8, 16, 1, maps);
    struct world *w = world_new(&spec);
    struct ifl_params params = ifl_params_default();
    struct records all = estimate(&w->snapshot, &params, IFL_PAIR_QUANTITIES_X);
    double made[4] = {0}, predicted[4] = {0};
    params.pairs = 33; /* of 66 */
    for (params.seed = 0; params.seed < SEEDS; params.seed++) {
        struct records some = estimate(&w->snapshot, &params, IFL_PAIR_QUANTITIES_X);
        for (size_t q = 0; q < 4; q++) {
            made[q] += pow(some.at[q].value - all.at[q].value, 2);
            predicted[q] += pow(some.at[q].error, 2);
        }
        records_free(&some);
    }
    for (size_t q = 0; q < 4; q++)
        expect_near(made[q] / predicted[q], 1, 0.25, "%s", ifl_quantity_name(all.at[q].quantity));
    records_free(&all);
    world_free(w);
}

Test(pairs, of_512_maps_are_planned_fast)
{
    static const size_t maps[] = {512};
    struct shape s;
    shape_init(&s, 1, maps, NULL);
    struct ifl_params params = ifl_params_default();
    clock_t start = clock();
    struct ifl_plan *plan = plan_of(&s.snapshot, &params, IFL_ALL_QUANTITIES);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    size_t count;
    ifl_plan_subsets(plan, &count);
    cr_expect_eq(count, 2 + 3 * (1 + 512 + ifl_pair_count(512)));
    ifl_plan_free(plan);
    cr_expect(seconds < 3, "%g s", seconds);
}
