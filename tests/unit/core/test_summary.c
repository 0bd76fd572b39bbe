/* Means and standard deviations over estimates, against the two-pass formula. */
#include "support.h"

#include "infoflow/summary.h"

static struct ifl_record record(int32_t layer, enum ifl_quantity quantity, double value, unsigned health)
{
    return (struct ifl_record){.layer = layer, .quantity = quantity, .value = value, .health = health};
}

Test(summary, is_the_mean_and_the_sample_deviation)
{
    enum { SETS = 7 };
    struct ifl_record records[SETS][2];
    struct ifl_record_set sets[SETS];
    double values[SETS], mean = 0, squares = 0;
    uint64_t state = 3;
    for (size_t k = 0; k < SETS; k++) {
        values[k] = 1e6 + uniform(&state); /* a mean that a one-pass sum of squares would drown in */
        mean += values[k] / SETS;
        records[k][0] = record(-1, IFL_H_X, values[k], 0);
        records[k][1] = record(2, IFL_I_XT, -values[k], k == 3 ? IFL_SATURATED : 0);
        sets[k] = (struct ifl_record_set){records[k], 2};
    }
    for (size_t k = 0; k < SETS; k++)
        squares += (values[k] - mean) * (values[k] - mean);
    struct ifl_summary *out = NULL;
    size_t count = 0;
    cr_assert_eq(ifl_summarise(sets, SETS, &out, &count, NULL), IFL_OK);
    cr_assert_eq(count, 2);
    cr_expect_eq(out[0].layer, -1);
    cr_expect_eq(out[1].quantity, IFL_I_XT);
    cr_expect_eq(out[0].count, SETS);
    expect_near(out[0].mean, mean, 1e-9, "mean");
    expect_near(out[1].mean, -mean, 1e-9, "mean of the other");
    expect_near(out[0].deviation, sqrt(squares / (SETS - 1)), 1e-9, "deviation");
    cr_expect_eq(out[0].health, 0u);
    cr_expect_eq(out[1].health, (unsigned)IFL_SATURATED, "one unhealthy estimate is enough");
    free(out);
}

Test(summary, counts_only_the_estimates_that_have_the_quantity)
{
    struct ifl_record first[] = {record(0, IFL_H_T, 1, 0)};
    struct ifl_record second[] = {record(0, IFL_H_T, 3, 0), record(1, IFL_H_T, 5, 0)};
    struct ifl_record_set sets[] = {{first, 1}, {second, 2}, {NULL, 0}};
    struct ifl_summary *out = NULL;
    size_t count = 0;
    cr_assert_eq(ifl_summarise(sets, COUNT(sets), &out, &count, NULL), IFL_OK);
    cr_assert_eq(count, 2);
    cr_expect_eq(out[0].count, 2);
    expect_near(out[0].mean, 2, 0, "of two");
    expect_near(out[0].deviation, sqrt(2), 1e-15, "of two");
    cr_expect_eq(out[1].count, 1);
    expect_near(out[1].mean, 5, 0, "of one");
    expect_near(out[1].deviation, 0, 0, "of one");
    free(out);
}
