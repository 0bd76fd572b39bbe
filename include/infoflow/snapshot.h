/* One snapshot of a network: the squared distances of every variable over one probe mini-batch. */
#ifndef INFOFLOW_SNAPSHOT_H
#define INFOFLOW_SNAPSHOT_H

#include <stdint.h>

#include "infoflow/status.h"

/* Number of pairs of n samples: the length of a packed distance array, in the order of the row-major upper
 * triangle (0,1) (0,2) ... (0,n-1) (1,2) ... */
static inline size_t ifl_pair_count(size_t n)
{
    return n < 2 ? 0 : (n % 2 ? n * ((n - 1) / 2) : (n / 2) * (n - 1));
}

/* Where the pair (i, j) of n samples stands in a packed array. Needs i < j < n; nothing is checked. */
static inline size_t ifl_pair_index(size_t n, size_t i, size_t j)
{
    return i * (n - 1) - i * (i - 1) / 2 + (j - i - 1);
}

/* Squared Euclidean distances of n rows of d doubles each, `stride` doubles apart, into `out`
 * (ifl_pair_count(n) doubles). Formed from differences, so that near-equal rows at any offset lose nothing.
 * Thread-safe; allocates nothing. */
void ifl_squared_distances(const double *rows, size_t n, size_t d, size_t stride, double *out);

enum ifl_real { IFL_F32, IFL_F64 };

/* The squared distances of one variable: of each of its feature maps, and summed over them. The arrays are the
 * caller's and only read. A pointer may be NULL as long as no kernel that needs it is asked for, so a snapshot
 * without data can be planned on. */
struct ifl_variable {
    size_t maps;             /* C >= 1; 0: the snapshot does not have this variable */
    size_t dim;              /* d, the length of one map's vector */
    enum ifl_real real;      /* element type of the arrays */
    const void *sum;         /* packed distances summed over the maps */
    const void *const *map;  /* [maps] packed distances of each map; not read where maps == 1: `sum` serves */
    /* Of a wide layer perhaps only a sample of maps is there one by one. What needs single maps is then of those: pairs
     * and, under rules that find each map's own sigma, the whole layer. NULL: all are there. */
    const int32_t *kept; /* [n_kept] which they are, ascending */
    size_t n_kept;
};

struct ifl_snapshot {
    size_t n;              /* samples, >= 2 */
    size_t layers;         /* K */
    struct ifl_variable x; /* the input, one map */
    const int32_t *labels; /* [n] class of each sample; NULL: no labels */
    size_t classes;        /* length of a one-hot row of Y: the largest label + 1 */
    const struct ifl_variable *t;     /* [layers] outputs T_1 .. T_K in forward order */
    const struct ifl_variable *delta; /* [layers] errors delta_1 .. delta_K; NULL: none of them */
};

#endif
