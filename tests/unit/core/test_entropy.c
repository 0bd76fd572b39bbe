/* ifl_entropy against closed forms. */
#include "brute.h"

static const double alphas[] = {0,    0.01, 0.3, 0.5, 0.9, 0.95, 0.999999, 1,    1.000001, 1.01,  1.0999999,
                                1.11, 1.5,  2,   2.5, 5,   20,   100,      1000, 1e6,      1e308, INFINITY};

/* S of k equal eigenvalues is log2 k for every alpha; the rest are 0. */
static void expect_equal_eigenvalues(size_t k, size_t n)
{
    double *eigenvalues = must_alloc(n, sizeof *eigenvalues);
    for (size_t i = 0; i < k; i++)
        eigenvalues[i * (n / k)] = 1 / (double)k;
    for (size_t a = 0; a < COUNT(alphas); a++)
        expect_near(ifl_entropy(eigenvalues, n, alphas[a]), log2((double)k), 1e-12, "%zu of %zu, alpha %g", k, n,
                    alphas[a]);
    free(eigenvalues);
}

Test(entropy, of_the_identity_is_log2_n)
{
    static const size_t sizes[] = {1, 2, 3, 16, 100, 128, 1000};
    for (size_t k = 0; k < COUNT(sizes); k++)
        expect_equal_eigenvalues(sizes[k], sizes[k]);
}

Test(entropy, of_rank_one_is_zero)
{
    expect_equal_eigenvalues(1, 2);
    expect_equal_eigenvalues(1, 128);
}

Test(entropy, of_two_equal_clusters_is_one_bit)
{
    expect_equal_eigenvalues(2, 2);
    expect_equal_eigenvalues(2, 128);
}

Test(entropy, of_k_equal_eigenvalues_is_log2_k)
{
    for (size_t k = 1; k <= 128; k++)
        expect_equal_eigenvalues(k, 128);
}

Test(entropy, of_two_unequal_eigenvalues)
{
    static const double shares[] = {0.5, 0.3, 0.1, 1e-3, 1e-9};
    for (size_t s = 0; s < COUNT(shares); s++) {
        double eigenvalues[] = {shares[s], 0, 1 - shares[s]};
        /* 1 - p is rounded, and near alpha = 1 that would show */
        long double trace = (long double)eigenvalues[0] + (long double)eigenvalues[2];
        long double p = (long double)eigenvalues[0] / trace, q = (long double)eigenvalues[2] / trace;
        for (size_t a = 0; a < COUNT(alphas); a++) {
            long double alpha = (long double)alphas[a], want;
            if (p == q || alpha == 0)
                want = 1;
            else if (alpha == 1)
                want = -p * log2l(p) - q * log2l(q);
            else if (isinf(alphas[a]))
                want = -log2l(q);
            else if (alpha > 1e4) /* p^alpha is nothing beside q^alpha */
                want = alpha / (alpha - 1) * -log2l(q);
            else
                want = log2l(powl(p, alpha) + powl(q, alpha)) / (1 - alpha);
            expect_near(ifl_entropy(eigenvalues, 3, alphas[a]), (double)want, 1e-12, "p %g, alpha %g", shares[s],
                        alphas[a]);
        }
    }
}

/* A spectrum as kernels have them: falling by a factor of 0.7, normalised. */
static void falling_spectrum(double *eigenvalues, size_t n, double factor)
{
    double sum = 0, value = 1;
    for (size_t k = 0; k < n; k++, value *= factor)
        sum += value;
    value = 1;
    for (size_t k = 0; k < n; k++, value *= factor)
        eigenvalues[k] = value / sum;
}

Test(entropy, agrees_with_the_formula_in_long_double)
{
    double eigenvalues[60];
    falling_spectrum(eigenvalues, COUNT(eigenvalues), 0.7);
    for (size_t a = 0; a < COUNT(alphas); a++) {
        if (alphas[a] == 0 || (alphas[a] > 100 && isfinite(alphas[a])))
            continue; /* the plain formula underflows */
        expect_near(ifl_entropy(eigenvalues, COUNT(eigenvalues), alphas[a]),
                    brute_entropy(eigenvalues, COUNT(eigenvalues), alphas[a]), 1e-12, "alpha %g", alphas[a]);
    }
}

Test(entropy, is_continuous_at_alpha_1)
{
    double eigenvalues[128];
    falling_spectrum(eigenvalues, COUNT(eigenvalues), 0.9);
    double limit = ifl_entropy(eigenvalues, COUNT(eigenvalues), 1);
    for (int sign = -1; sign <= 1; sign += 2) {
        for (int digits = 3; digits <= 15; digits++) {
            double step = sign * pow(10, -digits), alpha = 1 + step;
            double s = ifl_entropy(eigenvalues, COUNT(eigenvalues), alpha);
            /* dS/dalpha at 1 is -ln 2 / 2 times the variance of log2 lambda, below 20 here */
            expect_near(s, limit, 20 * fabs(step) + 1e-11, "alpha 1 %+g", step);
            if (digits >= 9)
                expect_near(s, limit, 1e-6, "alpha 1 %+g", step);
        }
    }
}

/* The trace of a computed spectrum is 1 only to rounding; that must not come through 1 / (1 - alpha) times. */
Test(entropy, near_alpha_1_forgives_a_trace_off_by_rounding)
{
    double eigenvalues[128];
    falling_spectrum(eigenvalues, COUNT(eigenvalues), 0.9);
    double limit = ifl_entropy(eigenvalues, COUNT(eigenvalues), 1);
    for (size_t k = 0; k < COUNT(eigenvalues); k++)
        eigenvalues[k] *= 1 + 1e-13;
    for (double step = 1e-3; step > 1e-12; step /= 10) {
        expect_near(ifl_entropy(eigenvalues, COUNT(eigenvalues), 1 + step), limit, 20 * step + 1e-10, "1 + %g", step);
        expect_near(ifl_entropy(eigenvalues, COUNT(eigenvalues), 1 - step), limit, 20 * step + 1e-10, "1 - %g", step);
    }
}

Test(entropy, falls_with_alpha)
{
    double eigenvalues[100];
    for (double factor = 0.3; factor < 1; factor += 0.1) {
        falling_spectrum(eigenvalues, 20, factor); /* none below the rank's threshold */
        double before = INFINITY;
        for (size_t a = 0; a < COUNT(alphas); a++) {
            double s = ifl_entropy(eigenvalues, 20, alphas[a]);
            cr_expect(s <= before + 1e-12, "factor %g: S rises to %.17g from %.17g at alpha %g", factor, s, before,
                      alphas[a]);
            before = s;
        }
    }
}

Test(entropy, takes_eigenvalues_in_any_order)
{
    double up[50], down[50];
    falling_spectrum(down, 50, 0.8);
    for (size_t k = 0; k < 50; k++)
        up[k] = down[49 - k];
    for (size_t a = 0; a < COUNT(alphas); a++)
        expect_near(ifl_entropy(up, 50, alphas[a]), ifl_entropy(down, 50, alphas[a]), 1e-13, "alpha %g", alphas[a]);
}

/* Rank-deficient matrices come with eigenvalues of about -1e-16: as they are, they would be NaN. */
Test(entropy, counts_negative_noise_as_zero)
{
    double clean[128] = {0}, noisy[128];
    for (size_t k = 0; k < 128; k++) {
        clean[k] = k < 4 ? 0.25 : 0;
        noisy[k] = k < 4 ? 0.25 : -1e-16 * (double)(k % 5);
    }
    for (size_t a = 0; a < COUNT(alphas); a++)
        expect_near(ifl_entropy(noisy, 128, alphas[a]), ifl_entropy(clean, 128, alphas[a]), 1e-13, "alpha %g",
                    alphas[a]);
}

Test(entropy, alpha_0_is_the_rank_without_noise)
{
    double eigenvalues[128];
    for (size_t k = 0; k < 128; k++)
        eigenvalues[k] = k < 8 ? 0.125 : (k % 2 ? 1 : -1) * 1e-17 * (double)k / 128;
    expect_near(ifl_entropy(eigenvalues, 128, 0), 3, 1e-15, "8 of 128");
}

Test(entropy, is_never_negative_or_nan)
{
    static const double odd[][4] = {
        {0, 0, 0, 0},   {-1, -2, -3, -4},    {1 + 1e-15, -1e-15, 0, 0}, {1.1, 0, 0, 0}, {1, 1e-320, 1e-320, 1e-320},
        {NAN, 1, 0, 0}, {NAN, NAN, NAN, NAN}};
    for (size_t k = 0; k < COUNT(odd); k++) {
        for (size_t a = 0; a < COUNT(alphas); a++) {
            double s = ifl_entropy(odd[k], 4, alphas[a]);
            cr_expect(s >= 0 && isfinite(s), "row %zu, alpha %g: %g", k, alphas[a], s);
        }
    }
    for (size_t a = 0; a < COUNT(alphas); a++)
        cr_expect_eq(ifl_entropy(odd[0], 4, alphas[a]), 0);
    cr_expect_eq(ifl_entropy(NULL, 0, 1.01), 0);
}

/* A solver's noise around 0, of which small powers would make bits out of nothing. */
Test(entropy, rounding_noise_counts_for_nothing_below_alpha_1)
{
    double noisy[128];
    for (size_t k = 0; k < COUNT(noisy); k++)
        noisy[k] = k == 0 ? 1 : k % 2 ? 3e-17 : -3e-17;
    static const double small[] = {0, 0.01, 0.1, 0.5, 0.9};
    for (size_t a = 0; a < COUNT(small); a++)
        expect_near(ifl_entropy(noisy, COUNT(noisy), small[a]), 0, 1e-15, "alpha = %g", small[a]);
}

/* What entropy.h says, from the C library's functions, one eigenvalue at a time. Where ifl_entropy changes its formula
 * is not repeated here: with a trace of 1 both say the same. */
static double library_entropy(const double *eigenvalues, size_t n, double alpha)
{
    double max = 0, sum = 0;
    for (size_t k = 0; k < n; k++)
        max = fmax(max, eigenvalues[k]);
    bool near = alpha > 0.98 && alpha < 1.02; /* elsewhere the plain formula loses nothing that shows */
    for (size_t k = 0; k < n; k++) {
        double x = eigenvalues[k];
        if (!(x > (alpha <= 0.9 ? (double)n * 0x1p-52 * max : 0))) /* as the header says */
            continue;
        sum += alpha == 0   ? 1
               : alpha == 1 ? -x * log2(x)
               : near       ? x * expm1((alpha - 1) * log(x))
                            : pow(x / max, alpha);
    }
    double bits = alpha == 0     ? log2(sum)
                  : alpha == 1   ? sum
                  : isinf(alpha) ? -log2(max)
                  : near         ? log1p(sum) / ((1 - alpha) * log(2))
                                 : alpha / (1 - alpha) * log2(max) + log2(sum) / (1 - alpha);
    return fmax(bits, 0);
}

/* The SIMD loops, at every length of a remainder, on spectra with all that a solver may leave in them. */
Test(entropy, agrees_with_the_library_s_functions)
{
    static const double more[] = {1 - 1e-9, 1 + 1e-9, 0.89, 0.91, 1.09, 50};
    static const double odd[] = {0, -1e-17, 1e-300, 3e-320, -0.0, 1e-40};
    uint64_t state = 5;
    for (size_t n = 1; n <= 150; n++) {
        double eigenvalues[150], sum = 0, factor = 1 - uniform(&state) / 3;
        for (size_t k = 0; k < n; k++)
            sum += eigenvalues[k] = k % 7 == 3 ? 0 : pow(factor, (double)k) * (1 + uniform(&state));
        for (size_t k = 0; k < n; k++)
            eigenvalues[k] = k % 7 == 3 ? odd[(size_t)(uniform(&state) * COUNT(odd))] : eigenvalues[k] / sum;
        for (size_t a = 0; a < COUNT(alphas) + COUNT(more); a++) {
            double alpha = a < COUNT(alphas) ? alphas[a] : more[a - COUNT(alphas)];
            expect_near(ifl_entropy(eigenvalues, n, alpha), library_entropy(eigenvalues, n, alpha), 1e-12,
                        "n %zu, alpha %.10g", n, alpha);
        }
    }
}
