/* Logarithm and exponential against long double. */
#include <float.h>

#include "../../../core/elementary.h"
#include "support.h"

enum { POINTS = 200000 };

/* |got - want| in units of the last place of `want`. */
static double ulps(double got, long double want)
{
    return (double)(fabsl((long double)got - want) / (fabsl(want) * (long double)DBL_EPSILON));
}

static double worst_log(double from, double to)
{
    double worst = 0, ratio = log(to / from);
    for (int k = 0; k <= POINTS; k++) {
        double x = from * exp(ratio * k / POINTS);
        if (x != 1)
            worst = fmax(worst, ulps(log_normal(x), logl((long double)x)));
    }
    return worst;
}

Test(elementary, log_is_within_an_ulp)
{
    cr_expect_eq(log_normal(1), 0);
    cr_expect_leq(worst_log(1e-300, 1e300), 1);
    cr_expect_leq(worst_log(0.4, 3), 1);
    cr_expect_leq(worst_log(1 - 1e-5, 1 + 1e-5), 1);
    cr_expect_leq(worst_log(1 - 1e-13, 1 + 1e-13), 1);
    static const double ends[] = {DBL_MIN, DBL_MAX, 0x1.6a09e667f3bccp-1, 0x1.6a09e667f3bcdp-1,
                                  2,       0.5,     1 + DBL_EPSILON,      1 - DBL_EPSILON / 2};
    for (size_t k = 0; k < COUNT(ends); k++)
        cr_expect_leq(ulps(log_normal(ends[k]), logl((long double)ends[k])), 1, "log %a", ends[k]);
}

Test(elementary, exp_is_within_two_ulps)
{
    double worst = 0;
    for (int k = 0; k <= POINTS; k++) {
        double t = -706.9 + (706.9 + 708.9) * k / POINTS;
        worst = fmax(worst, ulps(exp_or_zero(t), expl((long double)t)));
    }
    cr_expect_leq(worst, 2);
    cr_expect_eq(exp_or_zero(0), 1);
}

Test(elementary, exp_of_the_very_small_is_zero)
{
    static const double small[] = {-707, -708, -745, -1e5, -1e300, -DBL_MAX, -INFINITY, NAN};
    for (size_t k = 0; k < COUNT(small); k++)
        cr_expect_eq(exp_or_zero(small[k]), 0, "exp %g", small[k]);
}

Test(elementary, expm1_loses_nothing_near_zero)
{
    double worst = 0;
    for (int sign = -1; sign <= 1; sign += 2) {
        for (int k = 0; k <= POINTS; k++) {
            double t = sign * pow(10, -300 + 302.0 * k / POINTS); /* up to 100 */
            worst = fmax(worst, ulps(expm1_bounded(t), expm1l((long double)t)));
        }
    }
    cr_expect_leq(worst, 2.5);
    cr_expect_eq(expm1_bounded(0), 0);
}
