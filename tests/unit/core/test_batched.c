/* The batched eigenvalues, against closed forms and Jacobi's method. */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "../../../core/batched.h"
#include "kernels.h"

#define TOLERANCE 1e-13 /* of the largest eigenvalue */

static const size_t sizes[] = {1, 2, 3, 4, 5, 7, 8, 16, 31, 32, 33, 64, 100, 128};
#define SIZES (sizeof sizes / sizeof *sizes)

/* Of one size: a matrix a lane, and what is expected of each. */
struct trial {
    size_t n, lanes;
    struct batched *batched;
    double **pairs, **diagonals, **expected, **got;
};

static double *numbers(size_t count)
{
    double *p = ifl_alloc(count, sizeof *p);
    cr_assert_not_null(p);
    return p;
}

static double **number_rows(size_t rows, size_t count)
{
    double **p = ifl_alloc(rows, sizeof *p);
    cr_assert_not_null(p);
    for (size_t k = 0; k < rows; k++)
        p[k] = numbers(count);
    return p;
}

static void free_rows(double **p, size_t rows)
{
    for (size_t k = 0; k < rows; k++)
        free(p[k]);
    free(p);
}

static struct trial trial_new(size_t n)
{
    struct trial t = {.n = n, .lanes = batched_lanes()};
    t.pairs = number_rows(t.lanes, n * (n - 1) / 2);
    t.diagonals = number_rows(t.lanes, n);
    t.expected = number_rows(t.lanes, n);
    t.got = number_rows(t.lanes, n);
    cr_assert_eq(batched_new(&t.batched, n, NULL), IFL_OK);
    return t;
}

static void trial_free(struct trial *t)
{
    free_rows(t->pairs, t->lanes);
    free_rows(t->diagonals, t->lanes);
    free_rows(t->expected, t->lanes);
    free_rows(t->got, t->lanes);
    batched_free(t->batched);
}

static enum ifl_status trial_solve(struct trial *t, size_t used, double scale)
{
    for (size_t l = 0; l < t->lanes; l++)
        for (size_t i = 0; i < t->n; i++)
            t->got[l][i] = -77;
    return batched_solve(t->batched, t->n, used, (const double *const *)t->pairs, (const double *const *)t->diagonals, scale,
                         t->got, NULL);
}

/* The dense n x n matrix into one lane. */
static void pack(struct trial *t, size_t lane, const double *matrix)
{
    size_t n = t->n, next = 0;
    for (size_t i = 0; i < n; i++) {
        t->diagonals[lane][i] = matrix[i * n + i];
        for (size_t j = i + 1; j < n; j++)
            t->pairs[lane][next++] = matrix[i * n + j];
    }
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void check(const struct trial *t, size_t lane, double scale)
{
    size_t n = t->n;
    double largest = 0;
    qsort(t->expected[lane], n, sizeof(double), ascending);
    for (size_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(t->expected[lane][i] * scale));
    for (size_t i = 0; i < n; i++) {
        double expected = t->expected[lane][i] * scale, got = t->got[lane][i];
        cr_assert(fabs(got - expected) <= TOLERANCE * largest,
                  "n %zu, lane %zu of %zu, eigenvalue %zu: %.17g, not %.17g", n, lane, t->lanes, i, got, expected);
        cr_assert(i == 0 || got >= t->got[lane][i - 1]);
    }
}

/* In [-1, 1). */
static double uniform(void)
{
    static unsigned long long state = 88172645463325252ull;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return 2 * ((double)(state >> 11) * 0x1p-53) - 1;
}

/* Jacobi's method: plane rotations that annul one element each, in cycles, until none is left. */
static void jacobi(size_t n, const double *matrix, double *eigenvalues)
{
    double *a = numbers(n * n), norm = 0;
    memcpy(a, matrix, n * n * sizeof *a);
    for (size_t k = 0; k < n * n; k++)
        norm = fmax(norm, fabs(a[k]));
    bool rotated = true;
    for (int cycle = 0; cycle < 60 && rotated; cycle++) {
        rotated = false;
        for (size_t p = 0; p < n; p++)
            for (size_t q = p + 1; q < n; q++) {
                double off = a[p * n + q];
                if (!(fabs(off) > 1e-18 * norm))
                    continue;
                rotated = true;
                double theta = (a[q * n + q] - a[p * n + p]) / (2 * off);
                double tangent = copysign(1, theta) / (fabs(theta) + sqrt(theta * theta + 1));
                double c = 1 / sqrt(tangent * tangent + 1), s = tangent * c;
                for (size_t k = 0; k < n; k++) {
                    if (k == p || k == q)
                        continue;
                    double x = a[p * n + k], y = a[q * n + k];
                    a[p * n + k] = a[k * n + p] = c * x - s * y;
                    a[q * n + k] = a[k * n + q] = s * x + c * y;
                }
                a[p * n + p] -= tangent * off;
                a[q * n + q] += tangent * off;
                a[p * n + q] = a[q * n + p] = 0;
            }
    }
    cr_assert(!rotated);
    for (size_t i = 0; i < n; i++)
        eigenvalues[i] = a[i * n + i];
    free(a);
}

/* matrix = Q diag(eigenvalues) Q', Q a product of random reflectors. */
static void with_spectrum(size_t n, const double *eigenvalues, double *matrix)
{
    double *u = numbers(n);
    memset(matrix, 0, n * n * sizeof *matrix);
    for (size_t i = 0; i < n; i++)
        matrix[i * n + i] = eigenvalues[i];
    for (int k = 0; k < 3; k++) {
        double square = 0;
        for (size_t i = 0; i < n; i++) {
            u[i] = uniform();
            square += u[i] * u[i];
        }
        for (int side = 0; side < 2; side++)
            for (size_t i = 0; i < n; i++) { /* rows, then columns */
                size_t start = side == 0 ? i * n : i, step = side == 0 ? 1 : n;
                double dot = 0;
                for (size_t j = 0; j < n; j++)
                    dot += matrix[start + j * step] * u[j];
                for (size_t j = 0; j < n; j++)
                    matrix[start + j * step] -= 2 * dot / square * u[j];
            }
    }
    free(u);
}

enum {
    RANDOM,
    CLUSTERED,
    GRADED,
    GRADED_UP,
    RANK_ONE,
    BLOCKS,
    GRAM,
    GRAM_NARROW,
    ZERO,
    HUGE_ONE,
    TINY_ONE,
    INDEFINITE,
    KINDS
};

static void gram(size_t n, double width, double *matrix)
{
    double *x = numbers(3 * n);
    for (size_t k = 0; k < 3 * n; k++)
        x[k] = uniform();
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double square = 0;
            for (size_t k = 0; k < 3; k++)
                square += (x[3 * i + k] - x[3 * j + k]) * (x[3 * i + k] - x[3 * j + k]);
            matrix[i * n + j] = exp(-square / (2 * width * width));
        }
    free(x);
}

/* A matrix of a kind and its eigenvalues. */
static void make(struct trial *t, size_t lane, int kind)
{
    size_t n = t->n;
    double *matrix = numbers(n * n), *known = t->expected[lane], factor = 1;
    bool solved = false;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i; j < n; j++)
            matrix[i * n + j] = matrix[j * n + i] = uniform();
    switch (kind) {
    case CLUSTERED:
    case INDEFINITE:
        for (size_t i = 0; i < n; i++)
            known[i] = kind == CLUSTERED ? (double)(i % 3) + 1e-10 * uniform() : (i % 2 == 0 ? 1.0 : -1.0);
        with_spectrum(n, known, matrix);
        solved = true;
        break;
    case GRADED:
    case GRADED_UP:
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++) {
                double steps = kind == GRADED ? (double)(i + j) : (double)(2 * n - 2 - i - j);
                matrix[i * n + j] *= pow(10, -20 * steps / (2 * (double)n));
            }
        break;
    case RANK_ONE:
        for (size_t i = 0; i < n; i++)
            known[i] = 0;
        for (size_t i = 0; i < n; i++)
            known[0] += matrix[i] * matrix[i];
        for (size_t i = n; i-- > 0;) /* row 0 last: the others are made of it */
            for (size_t j = n; j-- > 0;)
                matrix[i * n + j] = i == 0 ? matrix[j] : matrix[i] * matrix[j];
        for (size_t j = n; j-- > 0;)
            matrix[j] *= matrix[0];
        for (size_t j = 1; j < n; j++)
            matrix[j] = matrix[j * n];
        solved = true;
        break;
    case BLOCKS:
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                if (i / 3 != j / 3)
                    matrix[i * n + j] = 0;
        break;
    case GRAM:
        gram(n, 0.5, matrix);
        break;
    case GRAM_NARROW: /* elements down to denormal ones and 0 */
        gram(n, 0.03, matrix);
        break;
    case ZERO:
        memset(matrix, 0, n * n * sizeof *matrix);
        break;
    case HUGE_ONE:
        factor = 0x1p1010;
        break;
    case TINY_ONE:
        factor = 0x1p-900;
        break;
    default:
        break;
    }
    if (!solved)
        jacobi(n, matrix, known);
    for (size_t k = 0; k < n * n; k++)
        matrix[k] *= factor;
    for (size_t i = 0; i < n; i++)
        known[i] *= factor;
    pack(t, lane, matrix);
    free(matrix);
}

KERNEL_TEST(batched, closed_forms)
{
    for (size_t s = 0; s < SIZES; s++) {
        struct trial t = trial_new(sizes[s]);
        size_t n = t.n;
        double *matrix = numbers(n * n), pi = acos(-1);
        for (size_t l = 0; l < t.lanes; l++) {
            memset(matrix, 0, n * n * sizeof *matrix);
            for (size_t i = 0; i < n; i++) {
                double *diagonal = &matrix[i * n + i];
                switch (l % 4) {
                case 0:
                    *diagonal = t.expected[l][i] = 1;
                    break;
                case 1:
                    *diagonal = t.expected[l][i] = uniform();
                    break;
                case 2: /* all ones */
                    t.expected[l][i] = i == 0 ? (double)n : 0;
                    for (size_t j = 0; j < n; j++)
                        matrix[i * n + j] = 1;
                    break;
                default:
                    t.expected[l][i] = 2 - 2 * cos((double)(i + 1) * pi / (double)(n + 1));
                    *diagonal = 2;
                    if (i + 1 < n)
                        diagonal[1] = -1;
                }
            }
            pack(&t, l, matrix);
        }
        cr_assert_eq(trial_solve(&t, t.lanes, 0.125), IFL_OK);
        for (size_t l = 0; l < t.lanes; l++)
            check(&t, l, 0.125);
        free(matrix);
        trial_free(&t);
    }
}

/* Each size with matrices of every kind side by side, so that no two lanes go the same way. */
KERNEL_TEST(batched, all_kinds)
{
    for (size_t s = 0; s < SIZES; s++) {
        struct trial t = trial_new(sizes[s]);
        for (size_t first = 0; first < KINDS; first += t.lanes) {
            for (size_t l = 0; l < t.lanes; l++) {
                if (l < KINDS || t.n <= 33) {
                    make(&t, l, (int)((first + l) % KINDS));
                    continue;
                }
                memcpy(t.pairs[l], t.pairs[l % KINDS], t.n * (t.n - 1) / 2 * sizeof(double));
                memcpy(t.diagonals[l], t.diagonals[l % KINDS], t.n * sizeof(double));
                memcpy(t.expected[l], t.expected[l % KINDS], t.n * sizeof(double));
            }
            cr_assert_eq(trial_solve(&t, t.lanes, 1), IFL_OK);
            for (size_t l = 0; l < t.lanes; l++)
                check(&t, l, 1);
        }
        trial_free(&t);
    }
}

KERNEL_TEST(batched, fewer_than_lanes)
{
    struct trial t = trial_new(16);
    for (size_t l = 0; l < t.lanes; l++)
        make(&t, l, (int)(l % KINDS));
    for (size_t used = 0; used <= t.lanes; used++) {
        cr_assert_eq(trial_solve(&t, used, 3), IFL_OK);
        for (size_t l = 0; l < used; l++)
            check(&t, l, 3);
        for (size_t l = used; l < t.lanes; l++)
            for (size_t i = 0; i < t.n; i++)
                cr_assert_eq(t.got[l][i], -77);
    }
    cr_assert_eq(trial_solve(&t, t.lanes + 1, 1), IFL_INVALID);
    trial_free(&t);
}

KERNEL_TEST(batched, unit_diagonal_by_default)
{
    struct trial t = trial_new(9);
    for (size_t l = 0; l < t.lanes; l++)
        for (size_t k = 0; k < 36; k++)
            t.pairs[l][k] = 1;
    cr_assert_eq(batched_solve(t.batched, t.n, t.lanes, (const double *const *)t.pairs, NULL, 1 / 9.0, t.got, NULL), IFL_OK);
    for (size_t l = 0; l < t.lanes; l++)
        for (size_t i = 0; i < t.n; i++)
            cr_assert_float_eq(t.got[l][i], i == 8 ? 1 : 0, 1e-15);
    trial_free(&t);
}

KERNEL_TEST(batched, not_a_number_fails)
{
    static const size_t orders[] = {1, 2, 5, 16, 33, 64};
    for (size_t s = 0; s < sizeof orders / sizeof *orders; s++) {
        struct trial t = trial_new(orders[s]);
        size_t n = t.n, pairs = n * (n - 1) / 2;
        for (size_t l = 0; l < t.lanes; l++)
            make(&t, l, RANDOM);
        for (int k = 0; k < 8; k++) {
            size_t lane = (size_t)k % t.lanes;
            double *diagonal = &t.diagonals[lane][(size_t)k / 4 * (n - 1)];
            double *where = pairs == 0 || k % 4 == 0 ? diagonal : &t.pairs[lane][(pairs - 1) * (size_t)(k % 4 - 1) / 2];
            double was = *where;
            *where = k % 2 == 0 ? (double)NAN : (double)-INFINITY;
            struct ifl_error error = {0};
            cr_assert_eq(batched_solve(t.batched, t.n, t.lanes, (const double *const *)t.pairs,
                                       (const double *const *)t.diagonals, 1, t.got, &error),
                         IFL_FAILED, "n %zu, k %d", n, k);
            cr_assert_eq(error.status, IFL_FAILED);
            *where = was;
        }
        cr_assert_eq(trial_solve(&t, t.lanes, 1), IFL_OK);
        for (size_t l = 0; l < t.lanes; l++)
            check(&t, l, 1);
        trial_free(&t);
    }
}

KERNEL_TEST(batched, denormals_are_back_afterwards)
{
    struct trial t = trial_new(8);
    for (size_t l = 0; l < t.lanes; l++)
        make(&t, l, RANDOM);
    cr_assert_eq(trial_solve(&t, t.lanes, 1), IFL_OK);
    volatile double small = DBL_MIN;
    small /= 4;
    cr_assert(small > 0);
    trial_free(&t);
}

KERNEL_TEST(batched, refuses_more_than_there_is_room_for)
{
    struct trial t = trial_new(8);
    struct batched *none = NULL;
    cr_assert_eq(batched_solve(t.batched, 9, 1, (const double *const *)t.pairs, NULL, 1, t.got, NULL), IFL_INVALID);
    cr_assert_eq(batched_new(&none, SIZE_MAX / 64, NULL), IFL_NO_MEMORY);
    cr_assert_null(none);
    trial_free(&t);
}

/* The same number of a run must come out whatever else is asked for, whatever the threads: to the last bit. */
KERNEL_TEST(batched, neighbours_do_not_matter_by_a_bit)
{
    static const size_t orders[] = {2, 5, 33, 128};
    for (size_t s = 0; s < sizeof orders / sizeof *orders; s++) {
        struct trial t = trial_new(orders[s]);
        size_t bytes = t.n * sizeof(double);
        for (size_t l = 0; l < t.lanes; l++)
            make(&t, l, (int)(l % KINDS));
        cr_assert_eq(trial_solve(&t, t.lanes, 1), IFL_OK);
        for (size_t l = 0; l < t.lanes; l++) {
            double *alone = numbers(t.n);
            cr_assert_eq(batched_solve(t.batched, t.n, 1, (const double *const *)&t.pairs[l],
                                       (const double *const *)&t.diagonals[l], 1, &alone, NULL),
                         IFL_OK);
            cr_assert(memcmp(alone, t.got[l], bytes) == 0, "n %zu: lane %zu has other eigenvalues when alone", t.n, l);
            free(alone);
        }
        trial_free(&t);
    }
}
