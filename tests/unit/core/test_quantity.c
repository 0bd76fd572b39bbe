/* Names, units and the words of health. */
#include "support.h"

Test(quantity, names_are_distinct_and_parse_back)
{
    for (int q = 0; q < IFL_QUANTITIES; q++) {
        enum ifl_quantity back = IFL_QUANTITIES;
        const char *name = ifl_quantity_name((enum ifl_quantity)q);
        cr_expect(ifl_quantity_parse(name, &back) && back == (enum ifl_quantity)q, "%s", name);
    }
    enum ifl_quantity untouched = IFL_H_DELTA;
    cr_expect_not(ifl_quantity_parse("H(Z)", &untouched));
    cr_expect_not(ifl_quantity_parse("", &untouched));
    cr_expect_not(ifl_quantity_parse("H(X", &untouched));
    cr_expect_eq(untouched, IFL_H_DELTA);
}

Test(quantity, units)
{
    cr_expect_str_eq(ifl_quantity_unit(IFL_H_X), "bits");
    cr_expect_str_eq(ifl_quantity_unit(IFL_TRADEOFF_X), "bits");
    cr_expect_str_eq(ifl_quantity_unit(IFL_TRADEOFF_PCT_X), "%");
    cr_expect_str_eq(ifl_quantity_unit(IFL_NONREDUNDANT_PCT_Y), "%");
    cr_expect_str_eq(ifl_quantity_unit(IFL_I_DELTA), "bits");
}

Test(quantity, sets)
{
    cr_expect_eq(IFL_PAIR_QUANTITIES_X, IFL_BIT(IFL_TRADEOFF_X) | IFL_BIT(IFL_NONREDUNDANT_X) |
                                            IFL_BIT(IFL_TRADEOFF_PCT_X) | IFL_BIT(IFL_NONREDUNDANT_PCT_X));
    cr_expect_eq(IFL_PAIR_QUANTITIES_Y, IFL_BIT(IFL_TRADEOFF_Y) | IFL_BIT(IFL_NONREDUNDANT_Y) |
                                            IFL_BIT(IFL_TRADEOFF_PCT_Y) | IFL_BIT(IFL_NONREDUNDANT_PCT_Y));
    for (int q = 0; q < IFL_QUANTITIES; q++)
        cr_expect(IFL_ALL_QUANTITIES & IFL_BIT(q));
}

Test(quantity, health_text)
{
    char text[IFL_HEALTH_TEXT];
    ifl_health_text(IFL_HEALTHY, text);
    cr_expect_str_eq(text, "");
    ifl_health_text(IFL_SATURATED, text);
    cr_expect_str_eq(text, "saturated");
    ifl_health_text(IFL_CONSTANT | IFL_COLLAPSED | IFL_SATURATED | IFL_UNDEFINED, text);
    cr_expect_str_eq(text, "constant,collapsed,saturated,undefined");
}

Test(quantity, health_thresholds)
{
    double distance = 1;
    struct ifl_snapshot snapshot = snapshot_of_distances(1024, 1, &distance); /* log2 n = 10 */
    struct ifl_params params = ifl_params_default();
    struct ifl_plan *plan = NULL;
    cr_assert_eq(ifl_plan_new(&plan, &snapshot, &params, IFL_BIT(IFL_H_X), NULL), IFL_OK);
    static const struct {
        double entropy;
        unsigned health;
    } cases[] = {{0, IFL_CONSTANT | IFL_COLLAPSED},
                 {1e-3, IFL_COLLAPSED},
                 {0.0999, IFL_COLLAPSED},
                 {0.1001, IFL_HEALTHY},
                 {5, IFL_HEALTHY},
                 {9.8999, IFL_HEALTHY},
                 {9.9001, IFL_SATURATED},
                 {10, IFL_SATURATED}};
    for (size_t k = 0; k < COUNT(cases); k++) {
        struct ifl_record record;
        ifl_plan_evaluate(plan, &cases[k].entropy, &record);
        cr_expect_eq(record.health, cases[k].health, "S = %g: %u", cases[k].entropy, record.health);
        cr_expect_eq(record.value, cases[k].entropy);
    }
    ifl_plan_free(plan);
    ifl_plan_free(NULL);
}

/* The health of the pair quantities of X and of Y where the first of the 6 pairs of 4 maps, the first maps and X are
 * like this, in bits of 5, and all else is well. */
static void expect_pair_health(size_t pairs, double of_pairs, size_t maps, double of_maps, double of_x, unsigned with_x,
                               unsigned with_y)
{
    static const size_t layout[] = {4};
    struct shape shape;
    shape_init(&shape, COUNT(layout), layout, NULL);
    struct ifl_params params = ifl_params_default();
    struct ifl_plan *plan = plan_of(&shape.snapshot, &params, IFL_PAIR_QUANTITIES);
    size_t count, pairs_seen = 0;
    const struct ifl_subset *subsets = ifl_plan_subsets(plan, &count);
    double *entropies = must_alloc(count, sizeof *entropies);
    struct ifl_record *records = must_alloc(ifl_plan_records(plan), sizeof *records);
    for (size_t k = 0; k < count; k++) {
        bool alone = subsets[k].of == IFL_OF_T && subsets[k].with == IFL_WITH_NOTHING;
        entropies[k] = 2.5;
        if (subsets[k].of == IFL_OF_X)
            entropies[k] = of_x;
        if (alone && subsets[k].j == IFL_NO_MAP && (size_t)subsets[k].i < maps)
            entropies[k] = of_maps;
        if (alone && subsets[k].j >= 0 && pairs_seen++ < pairs)
            entropies[k] = of_pairs;
    }
    ifl_plan_evaluate(plan, entropies, records);
    for (size_t k = 0; k < ifl_plan_records(plan); k++) {
        unsigned want = IFL_BIT(records[k].quantity) & IFL_PAIR_QUANTITIES_X ? with_x : with_y;
        cr_expect_eq(records[k].health & ~(unsigned)(IFL_UNDEFINED | IFL_DEAD_MAPS), want, "%s: %u, expected %u",
                     ifl_quantity_name(records[k].quantity), records[k].health, want);
    }
    free(records);
    free(entropies);
    ifl_plan_free(plan);
}

Test(quantity, the_health_of_pairs_is_that_of_most)
{
    expect_pair_health(0, 0, 0, 0, 2.5, IFL_HEALTHY, IFL_HEALTHY);
    expect_pair_health(3, 4.99, 0, 0, 2.5, IFL_HEALTHY, IFL_HEALTHY);
    expect_pair_health(4, 4.99, 0, 0, 2.5, IFL_SATURATED, IFL_SATURATED);
    expect_pair_health(6, 0.01, 0, 0, 2.5, IFL_COLLAPSED, IFL_COLLAPSED);
    expect_pair_health(0, 0, 1, 0.01, 2.5, IFL_HEALTHY, IFL_HEALTHY);     /* in 3 pairs */
    expect_pair_health(0, 0, 2, 0.01, 2.5, IFL_COLLAPSED, IFL_COLLAPSED); /* in 5 */
    expect_pair_health(0, 0, 2, 0, 2.5, IFL_CONSTANT | IFL_COLLAPSED, IFL_CONSTANT | IFL_COLLAPSED);
    expect_pair_health(4, 4.99, 2, 0.01, 2.5, IFL_SATURATED | IFL_COLLAPSED, IFL_SATURATED | IFL_COLLAPSED);
    expect_pair_health(0, 0, 0, 0, 4.99, IFL_SATURATED, IFL_HEALTHY);
}

Test(quantity, record_find)
{
    const struct ifl_record records[] = {{.layer = -1, .quantity = IFL_H_X}, {.layer = 2, .quantity = IFL_H_T}};
    cr_expect_eq(ifl_record_find(records, 2, 2, IFL_H_T), &records[1]);
    cr_expect_eq(ifl_record_find(records, 2, -1, IFL_H_X), &records[0]);
    cr_expect_null(ifl_record_find(records, 2, 1, IFL_H_T));
    cr_expect_null(ifl_record_find(records, 0, 2, IFL_H_T));
}

Test(quantity, names_of_parameters)
{
    for (int k = 0; k < IFL_WIDTH_RULES; k++) {
        enum ifl_width_rule back = IFL_WIDTH_RULES;
        cr_expect(ifl_width_rule_parse(ifl_width_rule_name((enum ifl_width_rule)k), &back) && (int)back == k);
    }
    for (int k = 0; k < IFL_COMPOSITIONS; k++) {
        enum ifl_composition back = IFL_COMPOSITIONS;
        cr_expect(ifl_composition_parse(ifl_composition_name((enum ifl_composition)k), &back) && (int)back == k);
    }
    enum ifl_composition untouched = IFL_TENSOR;
    cr_expect_not(ifl_composition_parse("product", &untouched));
    cr_expect_eq(untouched, IFL_TENSOR);
    enum ifl_width_rule rule = IFL_WIDTH_SILVERMAN;
    cr_expect_not(ifl_width_rule_parse("", &rule));
    cr_expect_str_eq(ifl_estimator_name(IFL_ESTIMATOR_RENYI), "renyi");
}
