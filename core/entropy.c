#include <float.h>
#include <math.h>

#include "infoflow/entropy.h"

static double largest(const double *eigenvalues, size_t n)
{
    double max = 0;
    for (size_t k = 0; k < n; k++)
        max = fmax(max, eigenvalues[k]);
    return max;
}

/* Eigenvalues up to here are rounding noise of a solver. */
static double rank_threshold(size_t n, double max)
{
    return (double)n * DBL_EPSILON * max;
}

static double log2_rank(const double *eigenvalues, size_t n, double max)
{
    double rank = 0;
    for (size_t k = 0; k < n; k++)
        rank += eigenvalues[k] > rank_threshold(n, max);
    return log2(rank);
}

static double von_neumann(const double *eigenvalues, size_t n)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++)
        if (eigenvalues[k] > 0)
            sum -= eigenvalues[k] * log2(eigenvalues[k]);
    return sum;
}

/* With sum lambda = 1, sum lambda^alpha = 1 + sum lambda (lambda^(alpha-1) - 1): the small difference from 1 that
 * the logarithm lives on is summed by itself. */
static double near_one(const double *eigenvalues, size_t n, double alpha)
{
    double difference = 0;
    for (size_t k = 0; k < n; k++)
        if (eigenvalues[k] > 0)
            difference += eigenvalues[k] * expm1((alpha - 1) * log(eigenvalues[k]));
    return log1p(difference) / ((1 - alpha) * log(2));
}

/* Relative to the largest, so that no power underflows for large alpha. Below alpha = 1 powers lift rounding noise up to
 * where it counts, so what the rank does not count is left out there too. */
static double far_from_one(const double *eigenvalues, size_t n, double alpha, double max)
{
    double sum = 0, noise = alpha < 1 ? rank_threshold(n, max) : 0;
    for (size_t k = 0; k < n; k++)
        if (eigenvalues[k] > noise)
            sum += pow(eigenvalues[k] / max, alpha);
    return alpha / (1 - alpha) * log2(max) + log2(sum) / (1 - alpha);
}

double ifl_entropy(const double *eigenvalues, size_t n, double alpha)
{
    double max = largest(eigenvalues, n), bits;
    if (!(max > 0))
        return 0;
    if (alpha == 0)
        bits = log2_rank(eigenvalues, n, max);
    else if (alpha == 1)
        bits = von_neumann(eigenvalues, n);
    else if (isinf(alpha))
        bits = -log2(max);
    else if (fabs(alpha - 1) < 0.1)
        bits = near_one(eigenvalues, n, alpha);
    else
        bits = far_from_one(eigenvalues, n, alpha, max);
    return bits > 0 ? bits : 0;
}
