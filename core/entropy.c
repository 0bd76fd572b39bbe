#include <float.h>
#include <math.h>

#include "elementary.h"
#include "infoflow/entropy.h"
#include "simd.h"

/* 0 where none is positive and normal. What is smaller than those counts as 0 everywhere: beside a trace of 1 it is
 * nothing. Positive doubles are in the order of their bits, and of integers the compiler makes SIMD code. */
IFL_CLONES
static double largest(const double *eigenvalues, size_t n)
{
    uint64_t max = 0;
    for (size_t k = 0; k < n; k++) {
        uint64_t bits = bits_of(choose(eigenvalues[k] >= DBL_MIN, eigenvalues[k], 0));
        max = bits > max ? bits : max;
    }
    return of_bits(max);
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

/* The eigenvalue, or where it counts as 0, a 1: whose logarithm is. */
static inline double or_one(double eigenvalue)
{
    return choose(eigenvalue >= DBL_MIN, eigenvalue, 1);
}

IFL_CLONES
static double von_neumann(const double *eigenvalues, size_t n)
{
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t k = 0; k < n; k++) {
        double x = or_one(eigenvalues[k]);
        sum += x * log_normal(x);
    }
    return -sum / log(2);
}

/* With sum lambda = 1, sum lambda^alpha = 1 + sum lambda (lambda^(alpha-1) - 1): the small difference from 1 that
 * the logarithm lives on is summed by itself. */
IFL_CLONES
static double near_one(const double *eigenvalues, size_t n, double alpha)
{
    double difference = 0;
#pragma omp simd reduction(+ : difference)
    for (size_t k = 0; k < n; k++) {
        double x = or_one(eigenvalues[k]);
        difference += x * expm1_bounded((alpha - 1) * log_normal(x));
    }
    return log1p(difference) / ((1 - alpha) * log(2));
}

/* Relative to the largest, so that no power underflows for large alpha. Below alpha = 1 powers lift rounding noise up
 * to where it counts, so what the rank does not count is left out there too. */
IFL_CLONES
static double far_from_one(const double *eigenvalues, size_t n, double alpha, double max)
{
    double sum = 0, least = alpha < 1 ? rank_threshold(n, max) : DBL_MIN * fmax(max, 1);
#pragma omp simd reduction(+ : sum)
    for (size_t k = 0; k < n; k++) {
        int counts = eigenvalues[k] > least;
        double x = choose(counts, eigenvalues[k], max) / max;
        sum += choose(counts, exp_or_zero(alpha * log_normal(x)), 0);
    }
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
    else if (alpha > 0.9 && alpha < 1.1) /* 1 - 0.9 is below 0.1 in doubles */
        bits = near_one(eigenvalues, n, alpha);
    else
        bits = far_from_one(eigenvalues, n, alpha, max);
    return bits > 0 ? bits : 0;
}
