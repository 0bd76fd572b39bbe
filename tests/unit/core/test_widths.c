/* The width rules: each sigma found again in the plainest way, each kernel as a product of one RBF a map. */
#include <signal.h>
#include <sys/time.h>

#include "support.h"

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double pair_at(const double *d2, size_t n, size_t i, size_t j)
{
    if (i > j)
        return pair_at(d2, n, j, i);
    size_t k = 0;
    for (size_t row = 0; row < i; row++)
        k += n - 1 - row;
    return d2[k + j - i - 1];
}

static double plain_scaled(const double *d2, size_t n, double dim)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            sum += i == j ? 0 : pair_at(d2, n, i, j);
    double variance = sum / (double)(n * (n - 1)) / 2 / dim;
    return pow((double)n, -1 / (dim + 4)) * sqrt(variance);
}

static double plain_median(const double *d2, size_t n)
{
    size_t pairs = n * (n - 1) / 2;
    double *sorted = must_alloc(pairs, sizeof *sorted);
    for (size_t k = 0; k < pairs; k++)
        sorted[k] = sqrt(d2[k]);
    qsort(sorted, pairs, sizeof *sorted, compare);
    double median = pairs % 2 ? sorted[pairs / 2] : 0.5 * (sorted[pairs / 2 - 1] + sorted[pairs / 2]);
    free(sorted);
    return median;
}

static double plain_knn(const double *d2, size_t n)
{
    double sum = 0, row[512];
    size_t taken = n < 11 ? n - 1 : 10;
    for (size_t i = 0; i < n; i++) {
        size_t others = 0;
        for (size_t j = 0; j < n; j++)
            if (j != i)
                row[others++] = sqrt(pair_at(d2, n, i, j));
        qsort(row, others, sizeof *row, compare);
        for (size_t k = 0; k < taken; k++)
            sum += row[k] / (double)taken;
    }
    return sum / (double)n;
}

static double plain_alignment(const double *d2, const struct ifl_snapshot *s, double sigma)
{
    double product = 0, kernel = 0, labels = 0;
    for (size_t i = 0; i < s->n; i++) {
        for (size_t j = 0; j < s->n; j++) {
            double k = i == j ? 1 : exp(-pair_at(d2, s->n, i, j) / (2 * sigma * sigma));
            double l = s->labels[i] == s->labels[j];
            product += k * l;
            kernel += k * k;
            labels += l * l;
        }
    }
    return product / sqrt(kernel) / sqrt(labels);
}

static double plain_sigma(const struct ifl_snapshot *s, enum ifl_width_rule rule, double h, const double *d2,
                          double dim)
{
    switch (rule) {
    case IFL_WIDTH_SILVERMAN:
        return h * pow((double)s->n, -1 / (4 + dim));
    case IFL_WIDTH_SCALED:
        return h * plain_scaled(d2, s->n, dim);
    case IFL_WIDTH_MEDIAN:
        return h * plain_median(d2, s->n);
    case IFL_WIDTH_KNN:
        return h * plain_knn(d2, s->n);
    default:
        return h;
    }
}

static struct ifl_params params_of(enum ifl_width_rule rule, enum ifl_composition composition)
{
    struct ifl_params params = ifl_params_default();
    ifl_params_set_width(&params, rule);
    params.h *= 0.8;
    params.composition = composition;
    return params;
}

static double *kernel_of(const struct ifl_snapshot *s, const struct ifl_params *params, struct ifl_subset subset)
{
    double *kernel = must_alloc(s->n * s->n, sizeof *kernel);
    struct ifl_error error = {0};
    cr_assert(ifl_kernel(s, params, &subset, kernel, &error) == IFL_OK, "%s", error.message);
    return kernel;
}

/* The layer's maps, each under its own sigma, multiplied out. */
static void expect_layer(const struct ifl_snapshot *s, const struct ifl_params *params)
{
    const struct ifl_variable *t = &s->t[0];
    double root = params->composition == IFL_GEOMETRIC ? 1.0 / (double)t->maps : 1;
    double *kernel = kernel_of(s, params, subset_t(0, IFL_ALL_MAPS, IFL_NO_MAP, IFL_WITH_NOTHING));
    for (size_t i = 0; i < s->n; i++) {
        for (size_t j = i + 1; j < s->n; j++) {
            double product = 1;
            for (size_t m = 0; m < t->maps; m++) {
                const double *d2 = t->map[m];
                double sigma = plain_sigma(s, params->width, params->h, d2, (double)t->dim);
                product *= exp(-pair_at(d2, s->n, i, j) / (2 * sigma * sigma));
            }
            expect_near(kernel[i * s->n + j], pow(product, root), 1e-12, "%s %s (%zu, %zu)",
                        ifl_width_rule_name(params->width), ifl_composition_name(params->composition), i, j);
        }
    }
    free(kernel);
}

Test(widths, a_layers_kernel_is_the_product_of_its_maps_each_under_its_own_sigma)
{
    static const enum ifl_width_rule rules[] = {IFL_WIDTH_SILVERMAN, IFL_WIDTH_SCALED, IFL_WIDTH_MEDIAN, IFL_WIDTH_KNN,
                                                IFL_WIDTH_FIXED};
    static const size_t maps[] = {3}, samples[] = {7, 24};
    for (size_t k = 0; k < COUNT(samples); k++) {
        struct world_spec spec = network_spec(11, samples[k], 1, maps);
        struct world *world = world_new(&spec);
        for (size_t r = 0; r < COUNT(rules); r++) {
            for (int c = IFL_HADAMARD; c <= IFL_GEOMETRIC; c += IFL_GEOMETRIC - IFL_HADAMARD) {
                struct ifl_params params = params_of(rules[r], (enum ifl_composition)c);
                expect_layer(&world->snapshot, &params);
            }
        }
        world_free(world);
    }
}

Test(widths, tensor_takes_the_layer_as_one_variable)
{
    static const size_t maps[] = {3};
    struct world_spec spec = network_spec(12, 20, 1, maps);
    struct world *world = world_new(&spec);
    const struct ifl_variable *t = &world->snapshot.t[0];
    struct ifl_params params = params_of(IFL_WIDTH_MEDIAN, IFL_TENSOR);
    double *kernel = kernel_of(&world->snapshot, &params, subset_t(0, IFL_ALL_MAPS, IFL_NO_MAP, IFL_WITH_NOTHING));
    double sigma = params.h * plain_median(t->sum, 20);
    expect_near(kernel[1], exp(-((const double *)t->sum)[0] / (2 * sigma * sigma)), 1e-13, "tensor, median");
    free(kernel);
    world_free(world);
}

Test(widths, alignment_finds_no_worse_sigma_than_a_fine_grid)
{
    static const size_t maps[] = {2};
    struct world_spec spec = network_spec(13, 30, 1, maps);
    struct world *world = world_new(&spec);
    const struct ifl_snapshot *s = &world->snapshot;
    const double *d2 = s->t[0].map[0];
    struct ifl_params params = ifl_params_default();
    ifl_params_set_width(&params, IFL_WIDTH_ALIGNMENT);
    double *kernel = kernel_of(s, &params, subset_t(0, 0, IFL_NO_MAP, IFL_WITH_NOTHING));
    double sigma = sqrt(-pair_at(d2, 30, 0, 1) / (2 * log(kernel[1])));
    double found = plain_alignment(d2, s, sigma);
    for (double at = sigma / 50; at < sigma * 50; at *= 1.01)
        cr_expect(plain_alignment(d2, s, at) <= found + 1e-9, "sigma %g aligns better than %g", at, sigma);
    free(kernel);
    world_free(world);
}

/* ---- the search for the best alignment, given up ---- */

static atomic_bool give_up;

static void stop_search(int number)
{
    (void)number;
    atomic_store(&give_up, true);
}

/* Finds the width of one map of 600 samples, canceled after so many seconds of processor time (0: never). */
static void search(const struct ifl_snapshot *snapshot, double cancel_after, enum ifl_status expected)
{
    struct ifl_params params = ifl_params_default();
    struct ifl_subset subset = subset_t(0, 0, IFL_NO_MAP, IFL_WITH_NOTHING);
    struct ifl_control control = {.threads = 1, .cancel = &give_up};
    struct itimerval timer = {.it_value = {.tv_usec = (suseconds_t)(1e6 * cancel_after)}};
    double entropy = -7;
    params.width = IFL_WIDTH_ALIGNMENT;
    params.alpha = 2;
    atomic_store(&give_up, false);
    setitimer(ITIMER_PROF, &timer, NULL);
    cr_expect_eq(ifl_entropies(snapshot, &params, &subset, 1, &control, &entropy, NULL), expected);
}

/* One pair of samples is nearly one. How long it takes is not looked at here. */
Test(widths, the_search_for_alignment_can_be_canceled, .timeout = 120)
{
    static const size_t maps[] = {2};
    struct world_spec spec = network_spec(13, 600, 1, maps);
    struct world *world = world_new(&spec);
    signal(SIGPROF, stop_search);
    double *d2 = must_alloc(ifl_pair_count(600), sizeof *d2);
    memcpy(d2, world->t[0].map[0], ifl_pair_count(600) * sizeof *d2);
    d2[5] = 1e-300;
    const void *map[] = {d2, d2};
    struct ifl_variable layer = world->t[0];
    layer.map = map;
    struct ifl_snapshot near = world->snapshot;
    near.t = &layer;
    search(&near, 0, IFL_OK);
    search(&near, 0.01, IFL_CANCELED);
    free(d2);
    world_free(world);
}

Test(widths, alignment_needs_labels)
{
    static const size_t maps[] = {2};
    struct world_spec spec = network_spec(14, 8, 1, maps);
    spec.classes = 0;
    struct world *world = world_new(&spec);
    struct ifl_params params = ifl_params_default();
    ifl_params_set_width(&params, IFL_WIDTH_ALIGNMENT);
    struct ifl_subset subset = subset_t(0, 0, IFL_NO_MAP, IFL_WITH_NOTHING);
    struct ifl_error error = {0};
    double spectrum[8];
    cr_expect_eq(ifl_spectra(&world->snapshot, &params, &subset, 1, NULL, spectrum, &error), IFL_INVALID);
    cr_expect(strstr(error.message, "labels") != NULL, "%s", error.message);
    world_free(world);
}

Test(widths, a_dead_map_leaves_its_layer_as_it_is)
{
    static const enum ifl_width_rule rules[] = {IFL_WIDTH_SCALED, IFL_WIDTH_MEDIAN, IFL_WIDTH_KNN, IFL_WIDTH_ALIGNMENT};
    static const size_t maps[] = {2};
    struct world_spec spec = network_spec(15, 12, 1, maps);
    struct world *world = world_new(&spec);
    double dead[66] = {0};
    const void *both[] = {dead, world->snapshot.t[0].map[1]};
    struct ifl_variable layer = {.maps = 2, .dim = world->snapshot.t[0].dim, .real = IFL_F64, .map = both};
    struct ifl_snapshot half_dead = world->snapshot;
    half_dead.t = &layer;
    for (size_t r = 0; r < COUNT(rules); r++) {
        struct ifl_params params = params_of(rules[r], IFL_HADAMARD);
        double *pair = kernel_of(&half_dead, &params, subset_t(0, 0, 1, IFL_WITH_NOTHING));
        double *map = kernel_of(&half_dead, &params, subset_t(0, 1, IFL_NO_MAP, IFL_WITH_NOTHING));
        for (size_t k = 0; k < 144; k++)
            expect_near(pair[k], map[k], 1e-15, "%s [%zu]", ifl_width_rule_name(rules[r]), k);
        free(pair);
        free(map);
    }
    world_free(world);
}

/* ---- widths kept between calls ---- */

static double entropy_with(const struct ifl_snapshot *snapshot, const struct ifl_params *params,
                           struct ifl_widths *widths)
{
    struct ifl_control control = {.widths = widths};
    struct ifl_subset subset = subset_t(0, IFL_ALL_MAPS, IFL_NO_MAP, IFL_WITH_X);
    double entropy = -1;
    cr_assert_eq(ifl_entropies(snapshot, params, &subset, 1, &control, &entropy, NULL), IFL_OK);
    return entropy;
}

Test(widths, equal_samples_count_as_such_whatever_the_sign_of_their_zero)
{
    static const enum ifl_width_rule rules[] = {IFL_WIDTH_SCALED, IFL_WIDTH_MEDIAN, IFL_WIDTH_KNN, IFL_WIDTH_ALIGNMENT};
    static const size_t maps[] = {1};
    struct world_spec spec = network_spec(16, 12, 1, maps);
    struct world *world = world_new(&spec);
    double plain[66], minus[66];
    memcpy(plain, world->snapshot.t[0].map[0], sizeof plain);
    plain[3] = plain[40] = 0;
    memcpy(minus, plain, sizeof minus);
    minus[3] = minus[40] = -0.0;
    for (size_t r = 0; r < COUNT(rules); r++) {
        struct ifl_params params = params_of(rules[r], IFL_HADAMARD);
        double *kernels[2];
        for (int k = 0; k < 2; k++) {
            const void *map[] = {k == 0 ? plain : minus};
            struct ifl_variable layer = {.maps = 1, .dim = 4, .real = IFL_F64, .sum = map[0], .map = map};
            struct ifl_snapshot snapshot = world->snapshot;
            snapshot.t = &layer;
            kernels[k] = kernel_of(&snapshot, &params, subset_t(0, 0, IFL_NO_MAP, IFL_WITH_NOTHING));
        }
        for (size_t k = 0; k < 144; k++)
            cr_expect_eq(kernels[0][k], kernels[1][k], "rule %d, entry %zu", (int)rules[r], k);
        free(kernels[0]);
        free(kernels[1]);
    }
    world_free(world);
}

Test(widths, that_are_kept_are_found_once_for_each_rule)
{
    const size_t maps[] = {3, 2};
    struct world_spec spec = network_spec(5, 24, COUNT(maps), maps);
    struct world *w = world_new(&spec);
    struct ifl_params params = ifl_params_default();
    struct ifl_widths *widths = NULL;
    cr_assert_eq(ifl_widths_new(&widths, &w->snapshot, NULL), IFL_OK);
    for (enum ifl_width_rule rule = 0; rule < IFL_WIDTH_RULES; rule++) {
        ifl_params_set_width(&params, rule);
        for (double times = 1; times < 3; times += 0.5, params.h *= times)
            cr_expect_eq(entropy_with(&w->snapshot, &params, widths), entropy_with(&w->snapshot, &params, NULL));
    }
    ifl_params_set_width(&params, IFL_WIDTH_MEDIAN);
    entropy_with(&w->snapshot, &params, widths);
    const void *x = w->snapshot.x.sum;
    w->snapshot.x.sum = w->t[1].map[0]; /* which nobody may do: shows that X is not looked at again */
    cr_expect_neq(entropy_with(&w->snapshot, &params, widths), entropy_with(&w->snapshot, &params, NULL));
    w->snapshot.x.sum = x;
    world_free(w);
    ifl_widths_free(widths);
}

Test(widths, that_were_not_found_are_looked_for_again)
{
    const size_t maps[] = {3};
    struct world_spec spec = network_spec(5, 24, COUNT(maps), maps);
    struct world *w = world_new(&spec);
    struct ifl_params params = ifl_params_default();
    struct ifl_widths *widths = NULL;
    struct ifl_subset subset = subset_t(0, IFL_ALL_MAPS, IFL_NO_MAP, IFL_WITH_X);
    atomic_bool cancel;
    double entropy;
    atomic_init(&cancel, true);
    params.width = IFL_WIDTH_KNN;
    cr_assert_eq(ifl_widths_new(&widths, &w->snapshot, NULL), IFL_OK);
    struct ifl_control control = {.cancel = &cancel, .widths = widths};
    cr_expect_eq(ifl_entropies(&w->snapshot, &params, &subset, 1, &control, &entropy, NULL), IFL_CANCELED);
    cr_expect_eq(entropy_with(&w->snapshot, &params, widths), entropy_with(&w->snapshot, &params, NULL));
    world_free(w);
    ifl_widths_free(widths);
}

Test(widths, of_another_snapshot)
{
    const size_t maps[] = {3, 2}, others[] = {3, 4};
    struct world_spec spec = network_spec(5, 24, COUNT(maps), maps);
    struct world *w = world_new(&spec);
    struct ifl_params params = ifl_params_default();
    struct ifl_subset subset = subset_x();
    params.width = IFL_WIDTH_KNN;
    for (size_t layers = 1; layers <= COUNT(others); layers++) {
        struct world_spec other = network_spec(5, 24, layers, others);
        struct world *o = world_new(&other);
        struct ifl_control control = {0};
        struct ifl_error error;
        double entropy;
        cr_assert_eq(ifl_widths_new(&control.widths, &o->snapshot, NULL), IFL_OK);
        cr_expect_eq(ifl_entropies(&w->snapshot, &params, &subset, 1, &control, &entropy, &error), IFL_INVALID);
        cr_expect(strstr(error.message, "another snapshot") != NULL, "%s", error.message);
        ifl_widths_free(control.widths);
        world_free(o);
    }
    world_free(w);
}
