#include <float.h>
#include <math.h>
#include <string.h>

#include "exponential.h"
#include "kernel.h"
#include "simd.h"
#include "subset.h"
#include "widths.h"

bool delta_blocks(const struct ifl_subset *subset, const struct ifl_params *params)
{
    return subset_labels(subset) && params->h_label == 0;
}

/* e += weight * d; false where a distance is negative or not finite. */
IFL_CLONES
static bool add_f32(double *restrict e, const float *restrict d, double weight, size_t count)
{
    unsigned bad = 0;
    for (size_t k = 0; k < count; k++) {
        bad |= (unsigned)!(d[k] >= 0) | (unsigned)!(d[k] <= FLT_MAX);
        e[k] += weight * (double)d[k];
    }
    return bad == 0;
}

IFL_CLONES
static bool add_f64(double *restrict e, const double *restrict d, double weight, size_t count)
{
    unsigned bad = 0;
    for (size_t k = 0; k < count; k++) {
        bad |= (unsigned)!(d[k] >= 0) | (unsigned)!(d[k] <= DBL_MAX);
        e[k] += weight * d[k];
    }
    return bad == 0;
}

static bool add_selected(double *e, const struct ifl_variable *variable, const void *d, double weight,
                         const struct selection *selection)
{
    bool good = true;
    for (size_t k = 0; k < selection->count; k++) {
        double distance = distance_at(variable, d, selection->pair[k]);
        good = good && distance >= 0 && distance <= DBL_MAX;
        e[k] += weight * distance;
    }
    return good;
}

static bool add_distances(double *e, const struct ifl_variable *variable, const void *d, double weight,
                          const struct selection *selection)
{
    if (selection->pair != NULL)
        return add_selected(e, variable, d, weight, selection);
    return variable->real == IFL_F32 ? add_f32(e, d, weight, selection->count) : add_f64(e, d, weight, selection->count);
}

struct accumulation {
    const struct widths *widths;
    const struct selection *selection;
    double *exponents;
    struct ifl_error *error;
};

static enum ifl_status add_term(void *context, const struct term *term)
{
    struct accumulation *a = context;
    const void *distances = term_array(term);
    if (distances == NULL)
        return ifl_fail(a->error, IFL_INVALID, "layer %d: the distances of map %d are not loaded", (int)term->layer,
                        (int)term->map);
    if (!add_distances(a->exponents, term->variable, distances, widths_weight(a->widths, term), a->selection))
        return ifl_fail(a->error, IFL_REFUSED, "layer %d: a squared distance of map %d is negative or not finite",
                        (int)term->layer, (int)term->map);
    return IFL_OK;
}

/* Y's RBF on one-hot rows: rows of two classes are sqrt(2) apart. All pairs. */
static void add_labels(const struct ifl_snapshot *snapshot, double h_label, double *exponents)
{
    double sigma = ifl_silverman(h_label, snapshot->n, (double)snapshot->classes);
    double apart = 1 / (sigma * sigma);
    for (size_t i = 0; i < snapshot->n; i++)
        for (size_t j = i + 1; j < snapshot->n; j++)
            *exponents++ += snapshot->labels[i] == snapshot->labels[j] ? 0 : apart;
}

enum ifl_status kernel_pairs(const struct ifl_snapshot *snapshot, const struct ifl_params *params,
                             const struct widths *widths, const struct ifl_subset *subset,
                             const struct selection *selection, double *kernel, struct ifl_error *error)
{
    memset(kernel, 0, selection->count * sizeof *kernel);
    struct accumulation a = {widths, selection, kernel, error};
    enum ifl_status status = subset_terms(snapshot, subset, params, add_term, &a);
    if (status != IFL_OK)
        return status;
    if (subset_labels(subset) && params->h_label > 0)
        add_labels(snapshot, params->h_label, kernel);
    exp_negative(kernel, selection->count);
    return IFL_OK;
}

IFL_CLONES
static double sum_of_squares(const double *v, size_t count)
{
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t k = 0; k < count; k++)
        sum += v[k] * v[k];
    return sum;
}

double kernel_entropy_2(const double *pairs, size_t count, size_t n)
{
    double size = (double)n, bits = log2(size * size / (size + 2 * sum_of_squares(pairs, count)));
    return bits > 0 ? bits : 0;
}

enum ifl_status ifl_kernel(const struct ifl_snapshot *snapshot, const struct ifl_params *params,
                           const struct ifl_subset *subset, double *kernel, struct ifl_error *error)
{
    enum ifl_status status = ifl_params_check(params, error);
    if (status == IFL_OK)
        status = samples_check(snapshot, error);
    if (status == IFL_OK)
        status = subset_check(snapshot, subset, params, error);
    if (status != IFL_OK)
        return status;
    size_t n = snapshot->n;
    /* The packed pairs wait at the end of the square. Row by row each is read from beyond where it is written. */
    struct widths widths;
    status = widths_init(&widths, snapshot, params, subset, 1, NULL, error);
    if (status != IFL_OK)
        return status;
    struct selection all = {.count = ifl_pair_count(n)};
    status = kernel_pairs(snapshot, params, &widths, subset, &all, kernel + (n * n - all.count), error);
    widths_release(&widths);
    if (status != IFL_OK)
        return status;
    const double *packed = kernel + (n * n - ifl_pair_count(n));
    for (size_t i = 0; i < n; i++) {
        double *row = kernel + i * n;
        for (size_t j = i + 1; j < n; j++) {
            bool apart = delta_blocks(subset, params) && snapshot->labels[i] != snapshot->labels[j];
            row[j] = apart ? 0 : *packed;
            packed++;
        }
    }
    for (size_t i = 0; i < n; i++) {
        kernel[i * n + i] = 1;
        for (size_t j = 0; j < i; j++)
            kernel[i * n + j] = kernel[j * n + i];
    }
    return IFL_OK;
}
