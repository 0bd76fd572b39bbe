/* Hundreds of maps in one layer: the paper's Hadamard product of them comes to the identity, whatever they hold. */
#include "support.h"

/* 512 maps of 4 x 4 with values about [0, 1], in clusters by class. */
static struct world *wide_layer(void)
{
    struct world_spec spec = {.seed = 9,
                              .n = 100,
                              .classes = 10,
                              .x = {1, 64, DATA_CLASSES, 0.2, 0.5},
                              .layers = 1,
                              .t = {{512, 16, DATA_CLASSES, 0.2, 0.5}}};
    return world_new(&spec);
}

static void expect_health(const struct ifl_snapshot *snapshot, enum ifl_width_rule width,
                          enum ifl_composition composition, bool saturated)
{
    struct ifl_params params = ifl_params_default();
    ifl_params_set_width(&params, width);
    params.composition = composition;
    struct records r = estimate(snapshot, &params, IFL_BIT(IFL_H_T) | IFL_BIT(IFL_I_XT));
    double share = value_of(&r, 0, IFL_H_T) / log2((double)snapshot->n);
    const char *rule = ifl_width_rule_name(width), *name = ifl_composition_name(composition);
    cr_expect(saturated ? share > 0.99 : share > 0.02 && share < 0.9, "%s, %s: %g of log2 n", rule, name, share);
    for (size_t k = 0; k < r.count; k++)
        cr_expect_eq(r.at[k].health, saturated ? IFL_SATURATED : IFL_HEALTHY, "%s, %s: %s is %u", rule, name,
                     ifl_quantity_name(r.at[k].quantity), r.at[k].health);
    records_free(&r);
}

Test(saturation, of_the_hadamard_product_of_512_maps)
{
    struct world *w = wide_layer();
    expect_health(&w->snapshot, IFL_WIDTH_SILVERMAN, IFL_HADAMARD, true);
    expect_health(&w->snapshot, IFL_WIDTH_SCALED, IFL_HADAMARD, true);
    expect_health(&w->snapshot, IFL_WIDTH_MEDIAN, IFL_HADAMARD, true);
    expect_health(&w->snapshot, IFL_WIDTH_KNN, IFL_HADAMARD, true);
    world_free(w);
}

Test(saturation, is_none_under_the_other_compositions)
{
    struct world *w = wide_layer();
    expect_health(&w->snapshot, IFL_WIDTH_SILVERMAN, IFL_GEOMETRIC, false);
    for (int rule = IFL_WIDTH_MEDIAN; rule <= IFL_WIDTH_KNN; rule++) {
        expect_health(&w->snapshot, (enum ifl_width_rule)rule, IFL_TENSOR, false);
        expect_health(&w->snapshot, (enum ifl_width_rule)rule, IFL_GEOMETRIC, false);
    }
    world_free(w);
}
