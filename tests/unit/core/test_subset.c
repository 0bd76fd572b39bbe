/* Subsets: their normal forms, and what each depends on. */
#include <stdarg.h>

#include "support.h"

Test(subset, normal_forms)
{
    static const size_t maps[] = {1, 2, 3};
    struct shape s;
    shape_init(&s, COUNT(maps), maps, maps);
    static const struct {
        int32_t layer, i, j, normal_i, normal_j;
    } cases[] = {
        {0, 0, IFL_NO_MAP, IFL_ALL_MAPS, IFL_NO_MAP},
        {0, IFL_ALL_MAPS, IFL_NO_MAP, IFL_ALL_MAPS, IFL_NO_MAP},
        {1, 0, 1, IFL_ALL_MAPS, IFL_NO_MAP},
        {1, 0, IFL_NO_MAP, 0, IFL_NO_MAP},
        {1, 1, IFL_NO_MAP, 1, IFL_NO_MAP},
        {1, IFL_ALL_MAPS, IFL_NO_MAP, IFL_ALL_MAPS, IFL_NO_MAP},
        {2, 0, 1, 0, 1},
        {2, 2, IFL_NO_MAP, 2, IFL_NO_MAP},
        {2, IFL_ALL_MAPS, 1, IFL_ALL_MAPS, IFL_NO_MAP},
    };
    for (size_t k = 0; k < COUNT(cases); k++) {
        struct ifl_subset subset = subset_t(cases[k].layer, cases[k].i, cases[k].j, IFL_WITH_X);
        struct ifl_subset want = subset_t(cases[k].layer, cases[k].normal_i, cases[k].normal_j, IFL_WITH_X);
        for (enum ifl_of of = IFL_OF_T; of <= IFL_OF_DELTA; of++) {
            subset.of = want.of = of;
            struct ifl_subset got = ifl_subset_normal(&s.snapshot, subset);
            cr_expect_eq(ifl_subset_compare(&got, &want), 0, "case %zu", k);
        }
    }
    struct ifl_subset odd_x = {.of = IFL_OF_X, .layer = 2, .i = 0, .j = 1}, x = subset_x();
    struct ifl_subset odd_y = {.of = IFL_OF_Y, .layer = 1, .i = 0, .j = IFL_NO_MAP}, y = subset_y();
    odd_x = ifl_subset_normal(&s.snapshot, odd_x);
    odd_y = ifl_subset_normal(&s.snapshot, odd_y);
    cr_expect_eq(ifl_subset_compare(&odd_x, &x), 0);
    cr_expect_eq(ifl_subset_compare(&odd_y, &y), 0);
}

/* What the normal form puts together must have the same matrix. */
Test(subset, normal_forms_have_the_same_spectrum)
{
    static const size_t maps[] = {1, 2};
    struct world_spec spec = network_spec(3, 20, COUNT(maps), maps);
    struct world *w = world_new(&spec);
    struct ifl_params params = ifl_params_default();
    for (params.composition = IFL_HADAMARD; params.composition < IFL_COMPOSITIONS; params.composition++) {
        for (enum ifl_with with = IFL_WITH_NOTHING; with <= IFL_WITH_Y; with++) {
            expect_near(subset_entropy(&w->snapshot, &params, subset_t(0, 0, IFL_NO_MAP, with)),
                        subset_entropy(&w->snapshot, &params, subset_t(0, IFL_ALL_MAPS, IFL_NO_MAP, with)), 1e-12,
                        "one map");
            if (params.composition != IFL_TENSOR)
                expect_near(subset_entropy(&w->snapshot, &params, subset_t(1, 0, 1, with)),
                            subset_entropy(&w->snapshot, &params, subset_t(1, IFL_ALL_MAPS, IFL_NO_MAP, with)), 1e-12,
                            "two maps, %s", ifl_composition_name(params.composition));
        }
    }
    world_free(w);
}

struct visits {
    size_t count;
    struct {
        enum ifl_of of;
        int32_t layer, map;
    } at[8];
    enum ifl_status answer;
};

static enum ifl_status note_visit(void *context, enum ifl_of of, int32_t layer, int32_t map)
{
    struct visits *v = context;
    cr_assert_lt(v->count, COUNT(v->at));
    v->at[v->count].of = of;
    v->at[v->count].layer = layer;
    v->at[v->count++].map = map;
    return v->answer;
}

static void expect_visits(const struct ifl_snapshot *snapshot, struct ifl_subset subset, size_t count, ...)
{
    struct ifl_params params = ifl_params_default();
    struct visits v = {0};
    va_list list;
    va_start(list, count);
    cr_expect_eq(ifl_subset_arrays(snapshot, &subset, &params, note_visit, &v), IFL_OK);
    cr_assert_eq(v.count, count);
    for (size_t k = 0; k < count; k++) {
        int of = va_arg(list, int), layer = va_arg(list, int), map = va_arg(list, int);
        cr_expect((int)v.at[k].of == of && v.at[k].layer == layer && v.at[k].map == map, "array %zu", k);
    }
    va_end(list);
}

Test(subset, names_the_arrays_it_reads)
{
    static const size_t t[] = {3, 2, 1}, delta[] = {3, 2, 0};
    struct shape s;
    shape_init(&s, COUNT(t), t, delta);
    const struct ifl_snapshot *n = &s.snapshot;
    expect_visits(n, subset_x(), 1, IFL_OF_X, 0, IFL_ALL_MAPS);
    expect_visits(n, subset_y(), 0);
    expect_visits(n, subset_t(0, IFL_ALL_MAPS, IFL_NO_MAP, IFL_WITH_Y), 1, IFL_OF_T, 0, IFL_ALL_MAPS);
    expect_visits(n, subset_t(0, 1, 2, IFL_WITH_X), 3, IFL_OF_T, 0, 1, IFL_OF_T, 0, 2, IFL_OF_X, 0, IFL_ALL_MAPS);
    expect_visits(n, subset_t(1, 1, IFL_NO_MAP, IFL_WITH_NOTHING), 1, IFL_OF_T, 1, 1);
    expect_visits(n, subset_delta(0, IFL_WITH_LAST_DELTA), 2, IFL_OF_DELTA, 0, IFL_ALL_MAPS, IFL_OF_DELTA, 1,
                  IFL_ALL_MAPS);

    struct visits v = {.answer = IFL_NOT_FOUND};
    struct ifl_subset pair = subset_t(0, 1, 2, IFL_WITH_X);
    struct ifl_params params = ifl_params_default();
    cr_expect_eq(ifl_subset_arrays(n, &pair, &params, note_visit, &v), IFL_NOT_FOUND);
    cr_expect_eq(v.count, 1, "went on after a failure");

    const struct ifl_subset foreign[] = {subset_t(3, IFL_ALL_MAPS, IFL_NO_MAP, IFL_WITH_X),
                                         subset_t(-1, 0, 1, IFL_WITH_NOTHING)};
    for (size_t k = 0; k < COUNT(foreign); k++) {
        v = (struct visits){.answer = IFL_OK};
        cr_expect_eq(ifl_subset_arrays(n, &foreign[k], &params, note_visit, &v), IFL_INVALID);
        cr_expect_eq(v.count, 0);
    }
}

static bool same_params(const struct ifl_params *a, const struct ifl_params *b)
{
    return a->alpha == b->alpha && a->h == b->h && a->h_error == b->h_error && a->h_label == b->h_label &&
           a->width == b->width && a->composition == b->composition && a->pairs == b->pairs && a->seed == b->seed;
}

/* Each parameter in turn: a spectrum moves if and only if the subset's own parameters do. */
static void expect_params_tell(const struct ifl_snapshot *snapshot, struct ifl_subset subset)
{
    struct ifl_params base = ifl_params_default(), changed[8];
    base.alpha = 2;
    base.pairs = 3;
    for (size_t k = 0; k < COUNT(changed); k++)
        changed[k] = base;
    changed[0].alpha = 3;
    changed[1].h = 2;
    changed[2].h_error = 0.3;
    changed[3].h_label = 0.7;
    changed[4].composition = IFL_GEOMETRIC;
    changed[5].pairs = 9;
    changed[6].seed = 9;
    changed[7].composition = IFL_TENSOR;
    base.alpha = 2;
    for (size_t k = 0; k < COUNT(changed); k++) {
        if (changed[k].composition == IFL_TENSOR && subset.j != IFL_NO_MAP)
            continue;
        struct ifl_params a = ifl_subset_params(snapshot, &subset, &base);
        struct ifl_params b = ifl_subset_params(snapshot, &subset, &changed[k]);
        struct ifl_params same_alpha = changed[k];
        same_alpha.alpha = base.alpha;
        double before = subset_entropy(snapshot, &base, subset), after = subset_entropy(snapshot, &same_alpha, subset);
        cr_expect_eq(same_params(&a, &b), before == after, "of %d with %d maps %d %d: change %zu: %.17g, %.17g",
                     (int)subset.of, (int)subset.with, (int)subset.i, (int)subset.j, k, before, after);
    }
}

Test(subset, names_the_parameters_it_depends_on)
{
    static const size_t maps[] = {3, 1};
    struct world_spec spec = network_spec(8, 16, COUNT(maps), maps);
    struct world *w = world_new(&spec);
    expect_params_tell(&w->snapshot, subset_x());
    expect_params_tell(&w->snapshot, subset_y());
    for (enum ifl_with with = IFL_WITH_NOTHING; with <= IFL_WITH_LAST_DELTA; with++) {
        expect_params_tell(&w->snapshot, subset_t(0, IFL_ALL_MAPS, IFL_NO_MAP, with));
        expect_params_tell(&w->snapshot, subset_t(0, 1, IFL_NO_MAP, with));
        expect_params_tell(&w->snapshot, subset_t(0, 0, 2, with));
        expect_params_tell(&w->snapshot, subset_t(1, IFL_ALL_MAPS, IFL_NO_MAP, with));
        expect_params_tell(&w->snapshot, subset_delta(0, with));
    }
    world_free(w);
}
