/* Batched eigenvalues against LAPACKE_dsyevd, same random RBF Gram matrices, in turns. Prints a JSON line per n: how
 * many times faster (shortest times of many), and how far apart the eigenvalues lie, relative to the largest.
 *
 *     bench_spectra [WIDTH [ROUNDS [N...]]]    kernel exp(-|x - y|^2 / (2 WIDTH^2)) of points in 10 dimensions
 *
 * With BENCH_MICROSECONDS set, the times themselves go to stderr. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cblas.h>
#include <lapacke.h>

#include "../../core/batched.h"
#include "bench.h"

#define DIMENSIONS 10

static void gram(size_t n, double width, double *pairs)
{
    double *x = allocated(n * DIMENSIONS, sizeof(double));
    for (size_t k = 0; k < n * DIMENSIONS; k++)
        x[k] = 2 * uniform() - 1;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            double sum = 0;
            for (size_t k = 0; k < DIMENSIONS; k++) {
                double by = x[i * DIMENSIONS + k] - x[j * DIMENSIONS + k];
                sum += by * by;
            }
            *pairs++ = exp(-sum / (2 * width * width));
        }
    free(x);
}

/* As core/spectra.c fills it: the lower triangle, column-major. */
static void fill(size_t n, const double *pairs, double scale, double *matrix)
{
    for (size_t c = 0; c < n; c++) {
        matrix[c * n + c] = scale;
        for (size_t r = c + 1; r < n; r++)
            matrix[c * n + r] = scale * *pairs++;
    }
}

static void compare(size_t n, double width, int rounds)
{
    size_t lanes = batched_lanes(), count = n * (n - 1) / 2;
    double *pairs = allocated(lanes * count, sizeof(double)), *expected = allocated(lanes * n, sizeof(double)),
           *got = allocated(lanes * n, sizeof(double));
    double *matrix = allocated(n * n, sizeof(double)), *work = allocated(40 * n + 1, sizeof(double));
    const double **sources = allocated(lanes, sizeof(double));
    double **targets = allocated(lanes, sizeof(double));
    struct batched *batched;
    struct ifl_error error;
    if (batched_new(&batched, n, &error) != IFL_OK) {
        fprintf(stderr, "%s\n", error.message);
        exit(1);
    }
    for (size_t l = 0; l < lanes; l++) {
        sources[l] = pairs + l * count;
        targets[l] = got + l * n;
        gram(n, width, pairs + l * count);
    }
    double lapack = HUGE_VAL, batch = HUGE_VAL, scale = 1 / (double)n;
    for (int round = 0; round < rounds; round++) {
        double sum = 0, start;
        for (size_t l = 0; l < lanes; l++) {
            lapack_int integers, order = (lapack_int)n;
            start = seconds();
            fill(n, pairs + l * count, scale, matrix);
            LAPACKE_dsyevd_work(LAPACK_COL_MAJOR, 'N', 'L', order, matrix, order, expected + l * n, work,
                                (lapack_int)(40 * n + 1), &integers, 1);
            sum = seconds() - start;
            lapack = sum < lapack ? sum : lapack;
        }
        start = seconds();
        if (batched_solve(batched, n, lanes, sources, NULL, scale, targets, &error) != IFL_OK) {
            fprintf(stderr, "%s\n", error.message);
            exit(1);
        }
        sum = (seconds() - start) / (double)lanes;
        batch = sum < batch ? sum : batch;
    }
    double apart = 0;
    for (size_t l = 0; l < lanes; l++)
        for (size_t k = 0; k < n; k++)
            apart = fmax(apart, fabs(got[l * n + k] - expected[l * n + k]) / expected[l * n + n - 1]);
    printf("{\"n\": %zu, \"width\": %g, \"lanes\": %zu, \"times_faster\": %.2f, \"apart\": %.2e}\n", n, width, lanes,
           lapack / batch, apart);
    if (getenv("BENCH_MICROSECONDS") != NULL)
        fprintf(stderr, "n %zu: LAPACK %.1f us, batched %.1f us a matrix\n", n, lapack * 1e6, batch * 1e6);
    fflush(stdout);
    batched_free(batched);
    free(pairs);
    free(expected);
    free(got);
    free(matrix);
    free(work);
    free(sources);
    free(targets);
}

int main(int argc, char **argv)
{
    static const size_t sizes[] = {32, 64, 100, 128, 256, 512};
    double width = argc > 1 ? atof(argv[1]) : 1;
    int rounds = argc > 2 ? atoi(argv[2]) : 40;
    openblas_set_num_threads(1);
    if (argc > 3) {
        for (int k = 3; k < argc; k++)
            compare((size_t)strtoul(argv[k], NULL, 10), width, rounds);
        return 0;
    }
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
        compare(sizes[k], width, sizes[k] > 256 ? rounds / 10 + 1 : rounds);
    return 0;
}
