/* ifl_squared_distances against a sum in long double. */
#include "support.h"

static double worst_relative_error(const double *rows, size_t n, size_t d, size_t stride)
{
    double *got = must_alloc(ifl_pair_count(n), sizeof *got), worst = 0;
    ifl_squared_distances(rows, n, d, stride, got);
    const double *at = got;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = i + 1; j < n; j++, at++) {
            long double want = 0;
            for (size_t k = 0; k < d; k++) {
                long double difference = (long double)rows[i * stride + k] - (long double)rows[j * stride + k];
                want += difference * difference;
            }
            double error = want == 0 ? fabs(*at) : (double)(fabsl((long double)*at - want) / want);
            worst = error > worst || isnan(error) ? error : worst;
        }
    }
    free(got);
    return worst;
}

static double *bell_rows(size_t count, uint64_t seed, double scale, double offset)
{
    double *rows = must_alloc(count, sizeof *rows);
    for (size_t k = 0; k < count; k++)
        rows[k] = offset + scale * bell(&seed);
    return rows;
}

Test(distances, of_any_shape)
{
    static const struct {
        size_t n, d, stride;
    } shapes[] = {{2, 1, 1},   {2, 3, 3},    {3, 1, 1},       {3, 2, 5},   {17, 7, 7},
                  {16, 8, 13}, {100, 1, 40}, {128, 784, 784}, {65, 33, 64}};
    for (size_t k = 0; k < COUNT(shapes); k++) {
        double *rows = bell_rows(shapes[k].n * shapes[k].stride, k, 1, 0);
        double worst = worst_relative_error(rows, shapes[k].n, shapes[k].d, shapes[k].stride);
        cr_expect(worst < 1e-13, "%zu x %zu: off by %g", shapes[k].n, shapes[k].d, worst);
        free(rows);
    }
}

/* |x|^2 + |y|^2 - 2xy would be all noise here. */
Test(distances, of_near_equal_rows_far_from_the_origin)
{
    static const double offsets[] = {0, 100, 1e6, -1e6, 1e12};
    static const double scales[] = {1, 1e-3, 1e-6};
    for (size_t o = 0; o < COUNT(offsets); o++) {
        for (size_t s = 0; s < COUNT(scales); s++) {
            double *rows = bell_rows(40 * 50, 9, scales[s], offsets[o]);
            double worst = worst_relative_error(rows, 40, 50, 50);
            cr_expect(worst < 1e-12, "scale %g at %g: off by %g", scales[s], offsets[o], worst);
            free(rows);
        }
    }
}

Test(distances, of_equal_rows_are_zero)
{
    double rows[3 * 5], got[3];
    for (size_t k = 0; k < COUNT(rows); k++)
        rows[k] = 0.1 * (double)(k % 5) + 1e6;
    ifl_squared_distances(rows, 3, 5, 5, got);
    for (size_t k = 0; k < COUNT(got); k++)
        cr_expect_eq(got[k], 0);
}

Test(distances, come_in_the_order_of_the_upper_triangle)
{
    static const double rows[] = {0, 1, 3, 7};
    static const double want[] = {1, 9, 49, 4, 36, 16};
    double got[COUNT(want)];
    ifl_squared_distances(rows, 4, 1, 1, got);
    for (size_t k = 0; k < COUNT(want); k++)
        cr_expect_eq(got[k], want[k]);
}

Test(distances, of_fewer_than_two_rows_are_none)
{
    double row[] = {1, 2}, untouched = 42;
    ifl_squared_distances(row, 1, 2, 2, &untouched);
    ifl_squared_distances(row, 0, 2, 2, &untouched);
    cr_expect_eq(untouched, 42);
}

Test(distances, pair_count)
{
    static const size_t want[] = {0, 0, 1, 3, 6, 10};
    for (size_t n = 0; n < COUNT(want); n++)
        cr_expect_eq(ifl_pair_count(n), want[n]);
    cr_expect_eq(ifl_pair_count(128), 8128);
    cr_expect_eq(ifl_pair_count((size_t)1 << 32), ((size_t)1 << 31) * (((size_t)1 << 32) - 1));
}

/* Around the sizes of the blocks in which the work is done. */
Test(distances, at_every_edge_of_a_block)
{
    static const size_t samples[] = {0, 1, 2, 3, 15, 16, 17, 31, 32, 33, 34, 50},
                        dims[] = {1, 2, 127, 128, 129, 256, 300};
    for (size_t s = 0; s < COUNT(samples); s++) {
        for (size_t d = 0; d < COUNT(dims); d++) {
            size_t stride = dims[d] + 3;
            double *rows = bell_rows(samples[s] * stride, s * 10 + d, 1, 5);
            double error = worst_relative_error(rows, samples[s], dims[d], stride);
            cr_expect_leq(error, 1e-13, "n %zu, d %zu: %g", samples[s], dims[d], error);
            free(rows);
        }
    }
}

Test(distances, of_rows_without_values_are_0)
{
    double out[3] = {7, 7, 7}, rows[3] = {1, 2, 3};
    ifl_squared_distances(rows, 3, 0, 1, out);
    for (size_t k = 0; k < 3; k++)
        cr_expect_eq(out[k], 0);
}
