/* Wide layers of which only a sample of maps is there one by one. */
#include "support.h"

enum { MAPS = 9, KEPT = 4 };
static const int32_t kept[KEPT] = {1, 2, 5, 8};

/* A snapshot of one layer of MAPS maps of which some are kept, with NULL in place of the others; the same whole; and
 * one whose layer has just the kept maps. */
struct trio {
    struct world *world;
    struct ifl_snapshot part, narrow;
    struct ifl_variable part_t[1], part_delta[1], narrow_t[1], narrow_delta[1];
    const void *part_maps[2][MAPS], *narrow_maps[2][KEPT];
    double *narrow_sum[2];
};

static void make_part(struct ifl_variable *part, const void **maps, const struct ifl_variable *whole)
{
    *part = *whole;
    memset(maps, 0, MAPS * sizeof *maps);
    for (size_t k = 0; k < KEPT; k++)
        maps[kept[k]] = whole->map[kept[k]];
    part->map = maps;
    part->kept = kept;
    part->n_kept = KEPT;
}

static void make_narrow(struct ifl_variable *narrow, const void **maps, double **sum, const struct ifl_variable *whole,
                        size_t n)
{
    *narrow = *whole;
    *sum = must_alloc(ifl_pair_count(n), sizeof **sum);
    for (size_t k = 0; k < KEPT; k++) {
        maps[k] = whole->map[kept[k]];
        for (size_t pair = 0; pair < ifl_pair_count(n); pair++)
            (*sum)[pair] += ((const double *)maps[k])[pair];
    }
    narrow->maps = KEPT;
    narrow->map = maps;
    narrow->sum = *sum;
}

static void trio_init(struct trio *t)
{
    static const size_t maps = MAPS;
    struct world_spec spec = network_spec(7, 24, 1, &maps);
    t->world = world_new(&spec);
    const struct ifl_snapshot *whole = &t->world->snapshot;
    t->part = t->narrow = *whole;
    make_part(&t->part_t[0], t->part_maps[0], &whole->t[0]);
    make_part(&t->part_delta[0], t->part_maps[1], &whole->delta[0]);
    make_narrow(&t->narrow_t[0], t->narrow_maps[0], &t->narrow_sum[0], &whole->t[0], whole->n);
    make_narrow(&t->narrow_delta[0], t->narrow_maps[1], &t->narrow_sum[1], &whole->delta[0], whole->n);
    t->part.t = t->part_t;
    t->part.delta = t->part_delta;
    t->narrow.t = t->narrow_t;
    t->narrow.delta = t->narrow_delta;
}

static void trio_release(struct trio *t)
{
    free(t->narrow_sum[0]);
    free(t->narrow_sum[1]);
    world_free(t->world);
}

static bool of_pairs(enum ifl_quantity quantity)
{
    return (IFL_BIT(quantity) & IFL_PAIR_QUANTITIES) != 0;
}

/* Whole layers are those of all maps, or, where each map has a sigma of its own, of those that are kept and said to be;
 * pairs are those of the kept maps. */
Test(kept, quantities_take_the_maps_that_are_there)
{
    struct trio t;
    trio_init(&t);
    for (int composition = 0; composition < 3; composition++)
        for (int rule = 0; rule < 6; rule++) {
            struct ifl_params params = ifl_params_default();
            params.composition = (enum ifl_composition)composition;
            params.width = (enum ifl_width_rule)rule;
            bool by_maps = params.composition != IFL_TENSOR && params.width != IFL_WIDTH_SILVERMAN &&
                           params.width != IFL_WIDTH_FIXED;
            struct records part = estimate(&t.part, &params, IFL_ALL_QUANTITIES);
            struct records whole = estimate(&t.world->snapshot, &params, IFL_ALL_QUANTITIES);
            struct records narrow = estimate(&t.narrow, &params, IFL_ALL_QUANTITIES);
            cr_assert_eq(part.count, whole.count);
            for (size_t k = 0; k < part.count; k++) {
                const struct ifl_record *r = &part.at[k];
                bool layer = r->layer >= 0 && !of_pairs(r->quantity);
                bool from_kept = of_pairs(r->quantity) || (layer && by_maps);
                expect_near(r->value, value_of(from_kept ? &narrow : &whole, r->layer, r->quantity), 1e-9,
                            "%s, rule %d, composition %d", ifl_quantity_name(r->quantity), rule, composition);
                cr_expect_eq((r->health & IFL_SAMPLED_MAPS) != 0, layer && by_maps, "%s",
                             ifl_quantity_name(r->quantity));
                cr_expect_eq(r->sampled, of_pairs(r->quantity));
                cr_expect_eq(r->pairs, of_pairs(r->quantity) ? KEPT * (KEPT - 1) / 2 : 0);
                cr_expect(of_pairs(r->quantity) ? r->error > 0 && isfinite(r->error) : r->error == 0);
            }
            records_free(&part);
            records_free(&whole);
            records_free(&narrow);
        }
    trio_release(&t);
}

Test(kept, a_sample_of_pairs_is_of_kept_maps)
{
    struct trio t;
    trio_init(&t);
    struct ifl_params params = ifl_params_default();
    struct records all = estimate(&t.part, &params, IFL_PAIR_QUANTITIES);
    params.pairs = 3;
    for (params.seed = 0; params.seed < 10; params.seed++) {
        struct records some = estimate(&t.part, &params, IFL_PAIR_QUANTITIES);
        cr_assert_eq(some.count, all.count);
        for (size_t k = 0; k < some.count; k++)
            cr_expect_eq(some.at[k].pairs, 3);
        records_free(&some);
    }
    records_free(&all);
    trio_release(&t);
}

Test(kept, maps_that_are_not_there_are_refused)
{
    struct trio t;
    trio_init(&t);
    struct ifl_params params = ifl_params_default();
    const struct ifl_subset subsets[] = {subset_t(0, 0, IFL_NO_MAP, IFL_WITH_NOTHING),
                                         subset_t(0, 1, 3, IFL_WITH_NOTHING), subset_t(0, 4, 5, IFL_WITH_X),
                                         subset_t(0, 9, IFL_NO_MAP, IFL_WITH_NOTHING)};
    double spectrum[24];
    struct ifl_error error;
    for (size_t k = 0; k < COUNT(subsets); k++)
        cr_expect_eq(ifl_spectra(&t.part, &params, &subsets[k], 1, NULL, spectrum, &error), IFL_INVALID, "%zu", k);
    for (size_t k = 0; k < KEPT; k++) {
        const struct ifl_subset there = subset_t(0, kept[k], IFL_NO_MAP, IFL_WITH_X);
        cr_expect_eq(ifl_spectra(&t.part, &params, &there, 1, NULL, spectrum, &error), IFL_OK, "%s", error.message);
    }
    trio_release(&t);
}

/* The error of a mean over the pairs of a sample of maps bounds what other samples of maps give. */
Test(kept, the_error_covers_other_samples_of_maps)
{
    enum { WIDE = 24, SAMPLE = 6, DRAWS = 60 };
    static const size_t maps = WIDE;
    struct world_spec spec = network_spec(3, 16, 1, &maps);
    struct world *world = world_new(&spec);
    struct ifl_params params = ifl_params_default();
    struct ifl_variable t = world->t[0];
    struct ifl_snapshot part = world->snapshot;
    int32_t which[SAMPLE];
    uint64_t state = 11;
    part.t = &t;
    struct records all = estimate(&world->snapshot, &params, IFL_BIT(IFL_NONREDUNDANT_X));
    double mean_square = 0, mean_error = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
        size_t taken = 0;
        for (int32_t m = 0; m < WIDE; m++)
            if (uniform(&state) * (WIDE - m) < (double)(SAMPLE - taken))
                which[taken++] = m;
        cr_assert_eq(taken, SAMPLE);
        t.kept = which;
        t.n_kept = SAMPLE;
        struct records some = estimate(&part, &params, IFL_BIT(IFL_NONREDUNDANT_X));
        double off = value_of(&some, 0, IFL_NONREDUNDANT_X) - value_of(&all, 0, IFL_NONREDUNDANT_X);
        mean_square += off * off / DRAWS;
        mean_error += some.at[0].error * some.at[0].error / DRAWS;
        records_free(&some);
    }
    cr_expect(mean_square < mean_error, "off by %g, said to be %g at most", sqrt(mean_square), sqrt(mean_error));
    cr_expect(mean_square > mean_error / 20, "off by %g, said to be %g", sqrt(mean_square), sqrt(mean_error));
    records_free(&all);
    world_free(world);
}
