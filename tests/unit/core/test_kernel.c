/* Kernel matrices: the exponential in them, their closed forms, and every kind of subset against brute force. */
#include "brute.h"

/* The h for which a squared distance over its 2 sigma^2 is, to rounding, the distance itself. */
static double unit_width(size_t n, size_t dim)
{
    return sqrt(0.5) / ifl_silverman(1, n, (double)dim);
}

static double *kernel_of(const struct ifl_snapshot *snapshot, const struct ifl_params *params, struct ifl_subset subset)
{
    double *kernel = must_alloc(snapshot->n * snapshot->n, sizeof *kernel);
    struct ifl_error error = {0};
    enum ifl_status status = ifl_kernel(snapshot, params, &subset, kernel, &error);
    cr_assert(status == IFL_OK, "%s", error.message);
    return kernel;
}

static double *spectrum_of(const struct ifl_snapshot *snapshot, const struct ifl_params *params,
                           struct ifl_subset subset)
{
    double *spectrum = must_alloc(snapshot->n, sizeof *spectrum);
    struct ifl_error error = {0};
    enum ifl_status status = ifl_spectra(snapshot, params, &subset, 1, NULL, spectrum, &error);
    cr_assert(status == IFL_OK, "%s", error.message);
    sort_ascending(spectrum, snapshot->n);
    return spectrum;
}

/* ---- the exponential ---- */

static double ulps_apart(double a, double b)
{
    return fabs(a - b) / (nextafter(b, INFINITY) - b);
}

Test(exponential, is_within_4_ulp_of_exp)
{
    enum { N = 300 };
    double *distances = must_alloc(ifl_pair_count(N), sizeof *distances), worst = 0, worst_at = 0;
    for (size_t k = 0; k < ifl_pair_count(N); k++)
        distances[k] = 706.9 * (double)k / (double)ifl_pair_count(N);
    struct ifl_snapshot snapshot = snapshot_of_distances(N, 1, distances);
    struct ifl_params params = ifl_params_default();
    params.h = unit_width(N, 1);
    double sigma = ifl_silverman(params.h, N, 1), weight = 1 / (2 * sigma * sigma);
    double *kernel = kernel_of(&snapshot, &params, subset_x());
    for (size_t i = 0, k = 0; i < N; i++) {
        for (size_t j = i + 1; j < N; j++, k++) {
            double ulps = ulps_apart(kernel[i * N + j], (double)expl(-(long double)(weight * distances[k])));
            if (!(ulps <= worst)) {
                worst = ulps;
                worst_at = distances[k];
            }
        }
    }
    cr_expect(worst <= 4, "exp(-%.17g) is off by %g ulp", worst_at, worst);
    free(kernel);
    free(distances);
}

/* exp(-E) for one E, through a matrix of two samples. */
static double exponential_of(double exponent)
{
    struct ifl_snapshot snapshot = snapshot_of_distances(2, 1, &exponent);
    struct ifl_params params = ifl_params_default();
    params.h = unit_width(2, 1);
    double *kernel = kernel_of(&snapshot, &params, subset_x()), value = kernel[1];
    free(kernel);
    return value;
}

Test(exponential, of_zero_is_exactly_1)
{
    cr_expect_eq(exponential_of(0), 1);
}

Test(exponential, of_tiny_exponents_is_1)
{
    cr_expect_eq(exponential_of(1e-300), 1);
    cr_expect_eq(exponential_of(1e-20), 1);
    expect_near(exponential_of(1e-10), 1 - 1e-10, 1e-15, "exp(-1e-10)");
}

Test(exponential, underflows_to_0)
{
    static const double exponents[] = {706, 706.99, 707, 707.01, 708, 709, 710, 745, 746, 800, 1e4, 1e100, 1e308};
    for (size_t k = 0; k < COUNT(exponents); k++) {
        double got = exponential_of(exponents[k]), want = exp(-exponents[k]);
        cr_expect(got >= 0 && fabs(got - want) < 0x1p-1019, "exp(-%g): %g", exponents[k], got);
        cr_expect(exponents[k] < 709 || got == 0, "exp(-%g): %g", exponents[k], got);
    }
}

/* ---- closed forms ---- */

Test(kernel, of_equal_samples_is_all_ones)
{
    struct world_spec spec = {.n = 64, .x = {1, 10, DATA_CONSTANT, 1, 0.3}};
    struct world *w = world_new(&spec);
    struct ifl_params params = ifl_params_default();
    double *kernel = kernel_of(&w->snapshot, &params, subset_x());
    for (size_t k = 0; k < 64 * 64; k++)
        cr_assert_eq(kernel[k], 1);
    free(kernel);

    static const double alphas[] = {1, 1.01, 1.5, 2, 100, INFINITY};
    for (size_t a = 0; a < COUNT(alphas); a++) {
        params.alpha = alphas[a];
        struct records r = estimate(&w->snapshot, &params, IFL_ALL_QUANTITIES);
        cr_assert_eq(r.count, 1);
        expect_near(r.at[0].value, 0, 1e-12, "alpha %g", alphas[a]);
        cr_expect_eq(r.at[0].health, IFL_CONSTANT | IFL_COLLAPSED, "alpha %g: health %u", alphas[a], r.at[0].health);
        records_free(&r);
    }
    world_free(w);
}

Test(kernel, of_a_tiny_width_is_the_identity)
{
    static const double widths[] = {1e-3, 1e-10, 1e-150, 1e-170, 1e-300, 5e-324};
    struct world_spec spec = {.seed = 1, .n = 64, .x = {1, 10, DATA_BELL, 1, 0}};
    struct world *w = world_new(&spec);
    struct ifl_params params = ifl_params_default();
    for (size_t k = 0; k < COUNT(widths); k++) {
        params.h = widths[k];
        struct records r = estimate(&w->snapshot, &params, IFL_BIT(IFL_H_X));
        expect_near(r.at[0].value, 6, 1e-12, "h %g", widths[k]);
        cr_expect_eq(r.at[0].health, IFL_SATURATED);
        records_free(&r);
    }
    world_free(w);
}

/* 0 * inf must not be formed: equal samples stay equal at any width. */
Test(kernel, of_a_tiny_width_keeps_equal_samples_together)
{
    struct world_spec spec = {.seed = 1, .n = 64, .x = {1, 10, DATA_DUPLICATE, 1, 0}};
    struct world *w = world_new(&spec);
    struct ifl_params params = ifl_params_default();
    params.h = 1e-200;
    struct records r = estimate(&w->snapshot, &params, IFL_BIT(IFL_H_X));
    expect_near(r.at[0].value, 5, 1e-12, "32 pairs of equal samples");
    records_free(&r);
    world_free(w);
}

Test(kernel, of_a_huge_width_is_all_ones)
{
    static const double widths[] = {1e10, 1e150, 1e200, 1e308};
    struct world_spec spec = {.seed = 1, .n = 64, .x = {1, 10, DATA_BELL, 1, 0}};
    struct world *w = world_new(&spec);
    struct ifl_params params = ifl_params_default();
    for (size_t k = 0; k < COUNT(widths); k++) {
        params.h = widths[k];
        struct records r = estimate(&w->snapshot, &params, IFL_BIT(IFL_H_X));
        expect_near(r.at[0].value, 0, 1e-12, "h %g", widths[k]);
        cr_expect(r.at[0].health & IFL_COLLAPSED);
        records_free(&r);
    }
    world_free(w);
}

/* Under the delta kernel the eigenvalues are the classes' shares, and 0. */
Test(kernel, of_labels_has_the_class_counts_as_spectrum)
{
    static const int32_t labels[] = {3, 0, 3, 3, 1, 0, 3, 1, 3, 6};
    static const double want[COUNT(labels)] = {0, 0, 0, 0, 0, 0, 0.1, 0.2, 0.2, 0.5};
    enum { N = COUNT(labels) };
    double distances[N * (N - 1) / 2] = {0};
    struct ifl_snapshot snapshot = snapshot_of_distances(N, 1, distances);
    snapshot.labels = labels;
    snapshot.classes = 7;
    struct ifl_params params = ifl_params_default();
    double *kernel = kernel_of(&snapshot, &params, subset_y()), *spectrum = spectrum_of(&snapshot, &params, subset_y());
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++)
            cr_assert_eq(kernel[i * N + j], labels[i] == labels[j] ? 1 : 0);
    for (size_t k = 0; k < N; k++)
        expect_near(spectrum[k], want[k], 1e-15, "eigenvalue %zu", k);

    params.alpha = 1;
    expect_near(subset_entropy(&snapshot, &params, subset_y()), 0.5 + 0.4 * log2(5) + 0.1 * log2(10), 1e-12, "H(Y)");
    params.alpha = 2;
    expect_near(subset_entropy(&snapshot, &params, subset_y()), -log2(0.25 + 0.04 + 0.04 + 0.01), 1e-12, "H(Y)");
    free(spectrum);
    free(kernel);
}

Test(kernel, of_labels_with_a_width_is_an_rbf_of_one_hot_rows)
{
    struct world_spec spec = {.n = 30, .classes = 6, .x = {1, 2, DATA_CONSTANT, 1, 0}};
    struct world *w = world_new(&spec);
    double one_hot[30 * 6] = {0}, distances[30 * 29 / 2];
    for (size_t i = 0; i < 30; i++)
        one_hot[i * 6 + (size_t)w->labels[i]] = 1;
    ifl_squared_distances(one_hot, 30, 6, 6, distances);
    struct ifl_snapshot rows = snapshot_of_distances(30, 6, distances);
    struct ifl_params params = ifl_params_default();
    params.h_label = params.h = 0.9;
    double *of_labels = kernel_of(&w->snapshot, &params, subset_y()), *of_rows = kernel_of(&rows, &params, subset_x());
    for (size_t k = 0; k < 30 * 30; k++)
        expect_near(of_labels[k], of_rows[k], 1e-15, "element %zu", k);
    free(of_rows);
    free(of_labels);
    world_free(w);
}

/* ---- every kind of subset against brute force ---- */

static void expect_subset(const struct world *w, const struct ifl_params *params, struct ifl_subset subset)
{
    const struct ifl_snapshot *snapshot = &w->snapshot;
    size_t n = snapshot->n;
    double *want = must_alloc(n * n, sizeof *want), *eigenvalues = must_alloc(n, sizeof *eigenvalues);
    double *got = kernel_of(snapshot, params, subset), *spectrum = spectrum_of(snapshot, params, subset);
    brute_kernel(snapshot, params, &subset, want);
    double kernel_error = 0, spectrum_error = 0;
    for (size_t k = 0; k < n * n; k++) {
        kernel_error = fmax(kernel_error, fabs(got[k] - want[k]));
        want[k] /= (double)n;
    }
    jacobi_eigenvalues(want, n, eigenvalues);
    for (size_t k = 0; k < n; k++)
        spectrum_error = fmax(spectrum_error, fabs(spectrum[k] - eigenvalues[k]));
    cr_expect(kernel_error < 2e-15 && spectrum_error < 1e-14,
              "%s, h-label %g: of %d with %d layer %d maps %d %d: kernel off by %g, spectrum by %g",
              ifl_composition_name(params->composition), params->h_label, (int)subset.of, (int)subset.with,
              (int)subset.layer, (int)subset.i, (int)subset.j, kernel_error, spectrum_error);
    free(spectrum);
    free(got);
    free(eigenvalues);
    free(want);
}

static void expect_all_subsets(const struct world *w, const struct ifl_params *params)
{
    expect_subset(w, params, subset_x());
    expect_subset(w, params, subset_y());
    for (int32_t k = 0; k < (int32_t)w->snapshot.layers; k++) {
        int32_t maps = (int32_t)w->snapshot.t[k].maps;
        for (enum ifl_with with = IFL_WITH_NOTHING; with <= IFL_WITH_Y; with++) {
            expect_subset(w, params, subset_t(k, IFL_ALL_MAPS, IFL_NO_MAP, with));
            expect_subset(w, params, subset_t(k, maps - 1, IFL_NO_MAP, with));
            if (maps > 1 && params->composition != IFL_TENSOR)
                expect_subset(w, params, subset_t(k, 0, maps - 1, with));
        }
        expect_subset(w, params, subset_delta(k, IFL_WITH_NOTHING));
        expect_subset(w, params, subset_delta(k, IFL_WITH_LAST_DELTA));
    }
}

static void expect_composition(enum ifl_composition composition, double h_label)
{
    static const size_t maps[] = {1, 2, 3, 7};
    struct world_spec spec = network_spec(11, 24, COUNT(maps), maps);
    struct world *w = world_new(&spec);
    struct ifl_params params = ifl_params_default();
    params.composition = composition;
    params.h_label = h_label;
    params.h_error = 0.2;
    expect_all_subsets(w, &params);
    world_free(w);
}

Test(kernel, hadamard_is_the_product)
{
    expect_composition(IFL_HADAMARD, 0);
    expect_composition(IFL_HADAMARD, 0.7);
}

Test(kernel, tensor_is_one_variable)
{
    expect_composition(IFL_TENSOR, 0);
}

Test(kernel, geometric_is_the_root_of_the_product)
{
    expect_composition(IFL_GEOMETRIC, 0);
    expect_composition(IFL_GEOMETRIC, 0.7);
}

/* float32 keeps 24 bits of a distance. */
Test(kernel, of_float32_distances_is_near_that_of_doubles)
{
    static const size_t maps[] = {1, 6};
    struct world_spec spec = network_spec(12, 48, COUNT(maps), maps);
    struct world *doubles = world_new(&spec);
    spec.float32 = true;
    struct world *floats = world_new(&spec);
    struct ifl_params params = ifl_params_default();
    struct records want = estimate(&doubles->snapshot, &params, IFL_ALL_QUANTITIES);
    struct records got = estimate(&floats->snapshot, &params, IFL_ALL_QUANTITIES);
    expect_records_near(&got, &want, 1e-5, 1e-2);
    records_free(&got);
    records_free(&want);
    world_free(floats);
    world_free(doubles);
}

/* What float32 can hold exactly gives bit for bit what doubles give. */
Test(kernel, of_float32_distances_is_exact_where_they_are)
{
    enum { N = 20 };
    double doubles[N * (N - 1) / 2];
    float floats[COUNT(doubles)];
    for (size_t k = 0; k < COUNT(doubles); k++)
        doubles[k] = floats[k] = (float)(k % 17) / 8;
    struct ifl_snapshot snapshot = snapshot_of_distances(N, 3, doubles);
    struct ifl_params params = ifl_params_default();
    double *want = kernel_of(&snapshot, &params, subset_x());
    snapshot.x.real = IFL_F32;
    snapshot.x.sum = floats;
    double *got = kernel_of(&snapshot, &params, subset_x());
    cr_expect(memcmp(got, want, N * N * sizeof *got) == 0);
    free(got);
    free(want);
}

/* ---- spectra by class ---- */

static void expect_blocks(size_t n, const int32_t *labels)
{
    struct world_spec spec = {.seed = n, .n = n, .x = {1, 6, DATA_BELL, 2, 0}, .layers = 1};
    spec.t[0] = (struct data_spec){3, 4, DATA_BELL, 2, 0};
    struct world *w = world_new(&spec);
    w->snapshot.labels = labels;
    w->snapshot.classes = 1000;
    struct ifl_params params = ifl_params_default();
    for (int32_t map = IFL_ALL_MAPS; map < 3; map++)
        expect_subset(w, &params, subset_t(0, map, IFL_NO_MAP, IFL_WITH_Y));
    expect_subset(w, &params, subset_t(0, 0, 2, IFL_WITH_Y));
    world_free(w);
}

Test(spectra, by_class_are_those_of_the_whole_matrix)
{
    static const int32_t one[24],
        two[2] = {5, 2}, scattered[24] = {9, 0, 9, 3, 0, 999, 3, 3, 0, 9, 9, 9, 9, 0, 7, 7, 7, 7, 7, 0, 0, 0, 8, 9};
    int32_t each[24];
    for (int32_t k = 0; k < 24; k++)
        each[k] = 23 - k;
    expect_blocks(24, one);
    expect_blocks(2, two);
    expect_blocks(2, one);
    expect_blocks(24, scattered);
    expect_blocks(24, each);
}

Test(spectra, have_trace_1)
{
    static const size_t maps[] = {4};
    for (size_t n = 2; n <= 130; n += 32) {
        struct world_spec spec = network_spec(n, n, 1, maps);
        struct world *w = world_new(&spec);
        struct ifl_params params = ifl_params_default();
        for (enum ifl_with with = IFL_WITH_NOTHING; with <= IFL_WITH_Y; with++) {
            double *spectrum = spectrum_of(&w->snapshot, &params, subset_t(0, 1, 2, with)), trace = 0;
            for (size_t k = 0; k < n; k++)
                trace += spectrum[k];
            expect_near(trace, 1, 1e-14, "n %zu with %d", n, (int)with);
            free(spectrum);
        }
        world_free(w);
    }
}

Test(spectra, of_nothing_are_nothing)
{
    double distance = 1;
    struct ifl_snapshot snapshot = snapshot_of_distances(2, 1, &distance);
    struct ifl_params params = ifl_params_default();
    cr_expect_eq(ifl_spectra(&snapshot, &params, NULL, 0, NULL, NULL, NULL), IFL_OK);
}

/* Two samples: eigenvalues (1 +- k) / 2. */
Test(spectra, of_two_samples)
{
    double distance = 2.5;
    struct ifl_snapshot snapshot = snapshot_of_distances(2, 3, &distance);
    struct ifl_params params = ifl_params_default();
    double sigma = 5 * pow(2, -1.0 / 7), k = exp(-2.5 / (2 * sigma * sigma));
    double *spectrum = spectrum_of(&snapshot, &params, subset_x());
    expect_near(spectrum[0], (1 - k) / 2, 1e-16, "the smaller");
    expect_near(spectrum[1], (1 + k) / 2, 3e-16, "the larger");
    free(spectrum);
}

Test(width, silverman)
{
    expect_near(ifl_silverman(5, 128, 784), 5 * pow(128, -1.0 / 788), 1e-14, "the paper's X");
    expect_near(ifl_silverman(1, 32, 1), 0.5, 1e-15, "32^(-1/5)");
    cr_expect_eq(ifl_silverman(0.1, 1, 10), 0.1);
}
