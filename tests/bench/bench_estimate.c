/* The core at work on whole snapshots of made-up data: what an alpha costs beside an h, two threads beside one, exp
 * beside a copy, and how time grows. Prints a JSON line a finding: ratios of shortest times, taken in turns within this
 * run.
 *
 *     bench_estimate [snapshot|alpha|exp|growth|large]...    all of them without a word */
#include <math.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>

#include <cblas.h>
#include <lapacke.h>

#include <infoflow/infoflow.h>

#include "../../core/exponential.h"
#include "../../core/simd.h"
#include "bench.h"

#define MAX_LAYERS 8
#define CLASSES    10

/* ---- snapshots ---- */

struct network {
    struct ifl_snapshot snapshot;
    struct ifl_variable t[MAX_LAYERS], delta[MAX_LAYERS];
};

static const struct {
    size_t maps, dim;
} lenet[] = {{6, 576}, {6, 144}, {12, 64}, {12, 16}, {1, 120}, {1, 84}, {1, 10}};

/* Rows about a centre for each class, as activations are. */
static struct ifl_variable variable(size_t n, size_t maps, size_t dim, double scale)
{
    size_t pairs = ifl_pair_count(n);
    double *rows = allocated(n * dim, sizeof *rows), *centres = allocated(CLASSES * dim, sizeof *centres);
    double *sum = allocated(pairs, sizeof *sum);
    const void **map = allocated(maps, sizeof *map);
    for (size_t m = 0; m < maps; m++) {
        double *distances = allocated(pairs, sizeof *distances);
        for (size_t k = 0; k < CLASSES * dim; k++)
            centres[k] = scale * uniform();
        for (size_t k = 0; k < n * dim; k++)
            rows[k] = centres[k / dim % CLASSES * dim + k % dim] + scale * uniform();
        ifl_squared_distances(rows, n, dim, dim, distances);
        for (size_t k = 0; k < pairs; k++)
            sum[k] += distances[k];
        map[m] = distances;
    }
    free(rows);
    free(centres);
    return (struct ifl_variable){.maps = maps, .dim = dim, .real = IFL_F64, .sum = sum, .map = map};
}

static struct network *network_new(size_t n, size_t layers)
{
    struct network *w = allocated(1, sizeof *w);
    int32_t *labels = allocated(n, sizeof *labels);
    for (size_t k = 0; k < n; k++)
        labels[k] = (int32_t)(k % CLASSES);
    w->snapshot = (struct ifl_snapshot){.n = n,
                                        .layers = layers,
                                        .x = variable(n, 1, 784, 1),
                                        .labels = labels,
                                        .classes = CLASSES,
                                        .t = w->t,
                                        .delta = w->delta};
    return w;
}

static struct network *lenet_new(size_t n)
{
    size_t layers = sizeof lenet / sizeof *lenet;
    struct network *w = network_new(n, layers);
    for (size_t k = 0; k < layers; k++) {
        w->t[k] = variable(n, lenet[k].maps, lenet[k].dim, 1);
        w->delta[k] = variable(n, lenet[k].maps, lenet[k].dim, 0.01);
    }
    return w;
}

/* X, labels and one layer. */
static struct network *layer_new(size_t n, size_t maps, size_t dim)
{
    struct network *w = network_new(n, 1);
    w->t[0] = variable(n, maps, dim, 0.2);
    return w;
}

static void variable_free(struct ifl_variable *v)
{
    for (size_t m = 0; m < v->maps; m++)
        free((void *)v->map[m]);
    free((void *)v->map);
    free((void *)v->sum);
}

static void network_free(struct network *w)
{
    variable_free(&w->snapshot.x);
    for (size_t k = 0; k < w->snapshot.layers; k++) {
        variable_free(&w->t[k]);
        variable_free(&w->delta[k]);
    }
    free((void *)w->snapshot.labels);
    free(w);
}

/* ---- what is timed ---- */

static void check(enum ifl_status status, const struct ifl_error *error)
{
    if (status == IFL_OK)
        return;
    fprintf(stderr, "%s\n", error->message);
    exit(1);
}

static double estimate_time(const struct network *w, const struct ifl_params *params, ifl_quantity_set wanted,
                            int threads)
{
    struct ifl_control control = {.threads = threads};
    struct ifl_record *records;
    struct ifl_error error;
    size_t count;
    double start = seconds();
    check(ifl_estimate(&w->snapshot, params, wanted, &control, &records, &count, &error), &error);
    double taken = seconds() - start;
    free(records);
    return taken;
}

static double shortest_estimate(const struct network *w, const struct ifl_params *params, ifl_quantity_set wanted,
                                int rounds)
{
    double shortest = HUGE_VAL;
    for (int round = 0; round < rounds; round++)
        shortest = shorter(shortest, estimate_time(w, params, wanted, 1));
    return shortest;
}

static void bench_snapshot(void)
{
    struct network *w = lenet_new(128);
    struct ifl_params params = ifl_params_default(), order_2 = params;
    double one = HUGE_VAL, two = HUGE_VAL, frobenius = HUGE_VAL;
    order_2.alpha = 2;
    for (int round = 0; round < 15; round++) {
        one = shorter(one, estimate_time(w, &params, IFL_ALL_QUANTITIES, 1));
        two = shorter(two, estimate_time(w, &params, IFL_ALL_QUANTITIES, 2));
        frobenius = shorter(frobenius, estimate_time(w, &order_2, IFL_ALL_QUANTITIES, 1));
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("{\"bench\": \"snapshot\", \"shape\": \"LeNet 6-12\", \"n\": 128, \"two_threads_times_faster\": %.2f, "
           "\"alpha_2_times_faster\": %.1f, \"seconds\": %.4f, \"peak_mib\": %.1f}\n",
           one / two, one / frobenius, one, (double)usage.ru_maxrss / 1024);
    network_free(w);
}

/* Moving alpha against moving h: the same subsets' entropies from spectra, and those spectra from distances. */
static void bench_alpha(void)
{
    static const double alphas[] = {0.5, 1, 1.01, 2, 5, INFINITY};
    struct network *w = lenet_new(128);
    struct ifl_params params = ifl_params_default();
    struct ifl_control control = {.threads = 1};
    struct ifl_error error;
    struct ifl_plan *plan;
    size_t count, n = w->snapshot.n;
    check(ifl_plan_new(&plan, &w->snapshot, &params, IFL_ALL_QUANTITIES, &error), &error);
    const struct ifl_subset *subsets = ifl_plan_subsets(plan, &count);
    double *spectra = allocated(count * n, sizeof *spectra), *entropies = allocated(count, sizeof *entropies);
    struct ifl_record *records = allocated(ifl_plan_records(plan), sizeof *records);
    double of_h = HUGE_VAL, of_alpha[sizeof alphas / sizeof *alphas];
    for (int round = 0; round < 10; round++) {
        double start = seconds();
        check(ifl_spectra(&w->snapshot, &params, subsets, count, &control, spectra, &error), &error);
        of_h = shorter(of_h, seconds() - start);
        for (size_t a = 0; a < sizeof alphas / sizeof *alphas; a++) {
            start = seconds();
            for (size_t k = 0; k < count; k++)
                entropies[k] = ifl_entropy(spectra + k * n, n, alphas[a]);
            ifl_plan_evaluate(plan, entropies, records);
            double taken = seconds() - start;
            of_alpha[a] = round == 0 ? taken : shorter(of_alpha[a], taken);
        }
    }
    for (size_t a = 0; a < sizeof alphas / sizeof *alphas; a++)
        printf("{\"bench\": \"alpha\", \"alpha\": \"%g\", \"subsets\": %zu, \"n\": %zu, \"h_over_alpha\": %.0f, "
               "\"us_an_entropy\": %.2f}\n",
               alphas[a], count, n, of_h / of_alpha[a], of_alpha[a] / (double)count * 1e6);
    free(records);
    free(entropies);
    free(spectra);
    ifl_plan_free(plan);
    network_free(w);
}

/* ---- exp ---- */

/* As many multiply-adds an element as the series of exp, and nothing else. */
IFL_CLONES
static void polynomial(double *v, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        double p = v[i];
        for (int k = 0; k < 14; k++)
            p = p * v[i] + 0.25;
        v[i] = p;
    }
}

static void bench_exp(void)
{
    size_t count = ifl_pair_count(128);
    double *from = allocated(count, sizeof *from), *to = allocated(count, sizeof *to);
    double copy = HUGE_VAL, exponential = HUGE_VAL, series = HUGE_VAL, library = HUGE_VAL;
    for (size_t k = 0; k < count; k++)
        from[k] = 20 * uniform();
    for (int round = 0; round < 2000; round++) {
        double start = seconds();
        memcpy(to, from, count * sizeof *to);
        double copied = seconds();
        exp_negative(to, count);
        double done = seconds();
        copy = shorter(copy, copied - start);
        exponential = shorter(exponential, done - copied);
        for (size_t k = 0; k < count; k++)
            to[k] = from[k] / 40;
        start = seconds();
        polynomial(to, count);
        series = shorter(series, seconds() - start);
        start = seconds();
        for (size_t k = 0; k < count; k++)
            to[k] = exp(-from[k]);
        library = shorter(library, seconds() - start);
    }
    printf("{\"bench\": \"exp\", \"elements\": %zu, \"over_a_copy\": %.1f, \"over_its_polynomial\": %.2f, "
           "\"times_faster_than_libm\": %.1f, \"ns_an_element\": %.2f}\n",
           count, exponential / copy, exponential / series, library / exponential, exponential / (double)count * 1e9);
    free(from);
    free(to);
}

/* ---- growth ---- */

/* The exponent p of time ~ size^p by least squares on logarithms. */
static void print_growth(const char *over, const char *of, const double *sizes, const double *times, size_t count)
{
    double x = 0, y = 0, xx = 0, xy = 0;
    printf("{\"bench\": \"growth\", \"of\": \"%s\", \"over\": \"%s\", \"times\": {", of, over);
    for (size_t k = 0; k < count; k++) {
        double log_size = log(sizes[k]), log_time = log(times[k]);
        x += log_size / (double)count;
        y += log_time / (double)count;
        xx += log_size * log_size / (double)count;
        xy += log_size * log_time / (double)count;
        printf("%s\"%g\": %.3g", k == 0 ? "" : ", ", sizes[k], times[k] / times[0]);
    }
    printf("}, \"exponent\": %.2f}\n", (xy - x * y) / (xx - x * x));
}

static void growth_over_maps(void)
{
    static const double maps[] = {4, 16, 64, 256, 512};
    double times[5];
    struct ifl_params params = ifl_params_default();
    for (size_t k = 0; k < 5; k++) {
        struct network *w = layer_new(128, (size_t)maps[k], 16);
        times[k] = shortest_estimate(w, &params, IFL_BIT(IFL_I_XT) | IFL_BIT(IFL_I_TY), 100);
        network_free(w);
    }
    print_growth("maps", "a layer's I(X;T) and I(T;Y)", maps, times, 5);
}

static void growth_over_pairs(void)
{
    static const double pairs[] = {50, 100, 200, 400, 496};
    double times[5];
    struct ifl_params params = ifl_params_default();
    struct network *w = layer_new(128, 32, 16);
    for (size_t k = 0; k < 5; k++) {
        params.pairs = (size_t)pairs[k];
        times[k] = shortest_estimate(w, &params, IFL_PAIR_QUANTITIES, 4);
    }
    network_free(w);
    print_growth("pairs", "the pair quantities of 32 maps", pairs, times, 5);
}

static void growth_over_snapshots(void)
{
    enum { MOST = 8 };
    static const double counts[] = {1, 2, 4, 8};
    double times[4];
    struct network *networks[MOST];
    struct ifl_params params = ifl_params_default();
    for (size_t k = 0; k < MOST; k++)
        networks[k] = lenet_new(64);
    for (size_t c = 0; c < 4; c++) {
        times[c] = HUGE_VAL;
        for (int round = 0; round < 8; round++) {
            double sum = 0;
            for (size_t k = 0; k < (size_t)counts[c]; k++)
                sum += estimate_time(networks[k], &params, IFL_ALL_QUANTITIES, 1);
            times[c] = shorter(times[c], sum);
        }
    }
    for (size_t k = 0; k < MOST; k++)
        network_free(networks[k]);
    print_growth("snapshots", "LeNet 6-12, n = 64", counts, times, 4);
}

static void growth_over_n(void)
{
    static const double sizes[] = {32, 64, 128, 256, 512, 1024};
    double times[6];
    struct ifl_params params = ifl_params_default();
    for (size_t k = 0; k < 6; k++) {
        struct network *w = layer_new((size_t)sizes[k], 6, 16);
        times[k] = shortest_estimate(w, &params, IFL_ALL_QUANTITIES, sizes[k] > 300 ? 2 : 10);
        network_free(w);
    }
    print_growth("n", "a layer of 6 maps", sizes, times, 6);
}

static void bench_growth(void)
{
    growth_over_maps();
    growth_over_pairs();
    growth_over_snapshots();
    growth_over_n();
}

/* ---- large n ---- */

enum route { DSYEVD, DSYEVR, DSTERF, ROUTES };

/* Seconds of one route's eigenvalues of a copy of `kernel`. */
static double lapack_time(enum route route, const double *kernel, size_t n, double *matrix, double *eigenvalues)
{
    lapack_int order = (lapack_int)n, found, info;
    double *off = allocated(n, sizeof *off), *tau = allocated(n, sizeof *tau);
    lapack_int *support = allocated(2 * n, sizeof *support);
    memcpy(matrix, kernel, n * n * sizeof *matrix);
    double start = seconds();
    if (route == DSYEVD)
        info = LAPACKE_dsyevd(LAPACK_COL_MAJOR, 'N', 'L', order, matrix, order, eigenvalues);
    else if (route == DSYEVR)
        info = LAPACKE_dsyevr(LAPACK_COL_MAJOR, 'N', 'A', 'L', order, matrix, order, 0, 0, 0, 0, 0, &found, eigenvalues,
                              NULL, order, support);
    else {
        info = LAPACKE_dsytrd(LAPACK_COL_MAJOR, 'L', order, matrix, order, eigenvalues, off, tau);
        info = info == 0 ? LAPACKE_dsterf(order, eigenvalues, off) : info;
    }
    double taken = seconds() - start;
    if (info != 0) {
        fprintf(stderr, "LAPACK: %d\n", (int)info);
        exit(1);
    }
    free(off);
    free(tau);
    free(support);
    return taken;
}

/* Distances to spectrum by the core; LAPACK has the matrix given. */
static void large(size_t n, int rounds)
{
    struct network *w = layer_new(n, 1, 16);
    struct ifl_params params = ifl_params_default();
    struct ifl_subset subset = {.of = IFL_OF_T, .i = IFL_ALL_MAPS, .j = IFL_NO_MAP};
    struct ifl_control control = {.threads = 1};
    struct ifl_error error;
    double *kernel = allocated(n * n, sizeof *kernel), *matrix = allocated(n * n, sizeof *matrix);
    double *spectrum = allocated(n, sizeof *spectrum), *eigenvalues = allocated(n, sizeof *eigenvalues);
    double ours = HUGE_VAL, theirs[ROUTES] = {HUGE_VAL, HUGE_VAL, HUGE_VAL}, best = HUGE_VAL;
    check(ifl_kernel(&w->snapshot, &params, &subset, kernel, &error), &error);
    for (int round = 0; round < rounds; round++) {
        double start = seconds();
        check(ifl_spectra(&w->snapshot, &params, &subset, 1, &control, spectrum, &error), &error);
        ours = shorter(ours, seconds() - start);
        for (int route = 0; route < ROUTES; route++)
            theirs[route] = shorter(theirs[route], lapack_time((enum route)route, kernel, n, matrix, eigenvalues));
    }
    for (int route = 0; route < ROUTES; route++)
        best = shorter(best, theirs[route]);
    printf("{\"bench\": \"large\", \"n\": %zu, \"over_lapacks_best\": %.2f, \"dsyevd\": %.2f, \"dsyevr\": %.2f, "
           "\"dsytrd_dsterf\": %.2f}\n",
           n, ours / best, ours / theirs[DSYEVD], ours / theirs[DSYEVR], ours / theirs[DSTERF]);
    free(kernel);
    free(matrix);
    free(spectrum);
    free(eigenvalues);
    network_free(w);
}

static void bench_large(void)
{
    large(1000, 5);
    large(2000, 3);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } parts[] = {{"snapshot", bench_snapshot},
                 {"alpha", bench_alpha},
                 {"exp", bench_exp},
                 {"growth", bench_growth},
                 {"large", bench_large}};
    openblas_set_num_threads(1);
    for (size_t p = 0; p < sizeof parts / sizeof *parts; p++) {
        bool asked = argc < 2;
        for (int k = 1; k < argc; k++)
            asked = asked || strcmp(argv[k], parts[p].name) == 0;
        if (asked)
            parts[p].run();
        fflush(stdout);
    }
    return 0;
}
