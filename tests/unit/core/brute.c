#include "brute.h"

static long double distance_at(const struct ifl_variable *variable, const void *packed, size_t k)
{
    return variable->real == IFL_F32 ? (long double)((const float *)packed)[k]
                                     : (long double)((const double *)packed)[k];
}

/* exp(-d / 2 sigma^2) of pair k, d over maps i .. i + count - 1 one factor a map. */
static long double rbf(const struct ifl_variable *variable, size_t n, double h, const int32_t *maps, size_t count,
                       size_t k, enum ifl_composition composition)
{
    long double product = 1;
    bool tensor = composition == IFL_TENSOR && count == variable->maps;
    double dim = (double)(tensor ? variable->dim * count : variable->dim);
    long double sigma = (long double)h * powl(n, -1 / (4 + (long double)dim));
    for (size_t c = 0; c < count; c++)
        product *= expl(-distance_at(variable, variable->maps == 1 ? variable->sum : variable->map[maps[c]], k) /
                        (2 * sigma * sigma));
    return composition == IFL_GEOMETRIC ? powl(product, 1 / (long double)count) : product;
}

static long double whole_rbf(const struct ifl_variable *variable, const struct ifl_snapshot *snapshot, double h,
                             const struct ifl_params *params, size_t k)
{
    int32_t *all = must_alloc(variable->maps, sizeof *all);
    for (size_t c = 0; c < variable->maps; c++)
        all[c] = (int32_t)c;
    long double value = rbf(variable, snapshot->n, h, all, variable->maps, k, params->composition);
    free(all);
    return value;
}

static long double label_kernel(const struct ifl_snapshot *snapshot, double h_label, size_t i, size_t j)
{
    if (snapshot->labels[i] == snapshot->labels[j])
        return 1;
    if (h_label == 0)
        return 0;
    long double sigma = (long double)h_label * powl(snapshot->n, -1 / (4 + (long double)snapshot->classes));
    return expl(-2 / (2 * sigma * sigma));
}

static long double of_kernel(const struct ifl_snapshot *snapshot, const struct ifl_params *params,
                             const struct ifl_subset *subset, size_t i, size_t j, size_t k)
{
    if (subset->of == IFL_OF_X)
        return whole_rbf(&snapshot->x, snapshot, params->h, params, k);
    if (subset->of == IFL_OF_Y)
        return label_kernel(snapshot, params->h_label, i, j);
    const struct ifl_variable *variable = subset->of == IFL_OF_T ? snapshot->t : snapshot->delta;
    double h = subset->of == IFL_OF_T ? params->h : params->h_error;
    variable += subset->layer;
    if (subset->i == IFL_ALL_MAPS)
        return whole_rbf(variable, snapshot, h, params, k);
    int32_t maps[2] = {subset->i, subset->j};
    return rbf(variable, snapshot->n, h, maps, subset->j == IFL_NO_MAP ? 1 : 2, k, params->composition);
}

static long double with_kernel(const struct ifl_snapshot *snapshot, const struct ifl_params *params,
                               const struct ifl_subset *subset, size_t i, size_t j, size_t k)
{
    if (subset->with == IFL_WITH_X)
        return whole_rbf(&snapshot->x, snapshot, params->h, params, k);
    if (subset->with == IFL_WITH_Y)
        return label_kernel(snapshot, params->h_label, i, j);
    if (subset->with == IFL_WITH_NOTHING)
        return 1;
    size_t last = snapshot->layers - 1;
    while (snapshot->delta[last].maps == 0)
        last--;
    return whole_rbf(&snapshot->delta[last], snapshot, params->h_error, params, k);
}

void brute_kernel(const struct ifl_snapshot *snapshot, const struct ifl_params *params, const struct ifl_subset *subset,
                  double *kernel)
{
    size_t n = snapshot->n, k = 0;
    for (size_t i = 0; i < n; i++) {
        kernel[i * n + i] = 1;
        for (size_t j = i + 1; j < n; j++, k++) {
            long double value =
                of_kernel(snapshot, params, subset, i, j, k) * with_kernel(snapshot, params, subset, i, j, k);
            kernel[i * n + j] = kernel[j * n + i] = (double)value;
        }
    }
}

/* Annihilates the element (p, q) of a symmetric matrix. */
static void rotate(double *a, size_t n, size_t p, size_t q)
{
    if (a[p * n + q] == 0)
        return;
    double theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q]);
    double t = (theta >= 0 ? 1 : -1) / (fabs(theta) + hypot(theta, 1)), c = 1 / hypot(t, 1), s = t * c;
    for (size_t k = 0; k < n; k++) {
        double kp = a[k * n + p], kq = a[k * n + q];
        a[k * n + p] = c * kp - s * kq;
        a[k * n + q] = s * kp + c * kq;
    }
    for (size_t k = 0; k < n; k++) {
        double pk = a[p * n + k], qk = a[q * n + k];
        a[p * n + k] = c * pk - s * qk;
        a[q * n + k] = s * pk + c * qk;
    }
}

void jacobi_eigenvalues(double *matrix, size_t n, double *eigenvalues)
{
    double off = 1;
    for (int sweep = 0; sweep < 60 && off > 1e-17; sweep++) {
        off = 0;
        for (size_t p = 0; p < n; p++) {
            for (size_t q = p + 1; q < n; q++) {
                off = fmax(off, fabs(matrix[p * n + q]));
                rotate(matrix, n, p, q);
            }
        }
    }
    for (size_t k = 0; k < n; k++)
        eigenvalues[k] = matrix[k * n + k];
    sort_ascending(eigenvalues, n);
}

double brute_entropy(const double *eigenvalues, size_t n, double alpha)
{
    long double sum = 0, max = 0, trace = 0;
    for (size_t k = 0; k < n; k++)
        trace += eigenvalues[k] > 0 ? (long double)eigenvalues[k] : 0;
    for (size_t k = 0; k < n; k++) {
        if (eigenvalues[k] <= 0)
            continue;
        long double p = (long double)eigenvalues[k] / trace;
        sum += alpha == 1 ? -p * log2l(p) : powl(p, (long double)alpha);
        max = fmaxl(max, p);
    }
    if (isinf(alpha))
        return (double)-log2l(max);
    return (double)(alpha == 1 ? sum : log2l(sum) / (1 - (long double)alpha));
}

static int compare_doubles(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

void sort_ascending(double *values, size_t n)
{
    qsort(values, n, sizeof *values, compare_doubles);
}
