/* distances -> spectra: the eigenvalues of every kernel matrix that a set of quantities needs. */
#ifndef INFOFLOW_SPECTRUM_H
#define INFOFLOW_SPECTRUM_H

#include <stdatomic.h>

#include "infoflow/params.h"
#include "infoflow/snapshot.h"

/* A set of variables whose joint entropy is wanted: `of`, optionally joined `with` one reference variable.
 * Two subsets of one snapshot stand for the same matrix exactly if they are equal member by member
 * (ifl_subset_normal sees to that). */
enum ifl_of { IFL_OF_X, IFL_OF_Y, IFL_OF_T, IFL_OF_DELTA };
enum ifl_with { IFL_WITH_NOTHING, IFL_WITH_X, IFL_WITH_Y, IFL_WITH_LAST_DELTA };
#define IFL_ALL_MAPS (-1)
#define IFL_NO_MAP (-2)

struct ifl_subset {
    enum ifl_of of;
    enum ifl_with with;
    int32_t layer; /* of T or delta; 0 for X and Y */
    int32_t i;     /* IFL_ALL_MAPS, or the first map */
    int32_t j;     /* the second map of a pair, i < j, or IFL_NO_MAP */
};

int ifl_subset_compare(const struct ifl_subset *a, const struct ifl_subset *b);

/* The same set in its one normal form: the map of a one-map layer and the pair of a two-map layer are the layer. */
struct ifl_subset ifl_subset_normal(const struct ifl_snapshot *snapshot, struct ifl_subset subset);

/* The parameters that the kernel matrix of `subset` depends on, with those it does not depend on (alpha, pairs,
 * seed, another variable's h) put to their defaults: equal results mean equal spectra. */
struct ifl_params ifl_subset_params(const struct ifl_snapshot *snapshot, const struct ifl_subset *subset,
                                    const struct ifl_params *params);

/* Which distance arrays `subset` reads under `params`: calls `visit` for each, with map = IFL_ALL_MAPS for a sum.
 * So a caller that keeps distances elsewhere loads just these. Stops at, and returns, the first non-OK status;
 * IFL_INVALID for a variable that the snapshot has not. */
enum ifl_status ifl_subset_arrays(const struct ifl_snapshot *snapshot, const struct ifl_subset *subset,
                                  const struct ifl_params *params,
                                  enum ifl_status (*visit)(void *context, enum ifl_of of, int32_t layer, int32_t map),
                                  void *context);

/* The widths of one snapshot's distance arrays, under the rules that follow the data: a call given them finds those that
 * it needs and are not there yet. sigma / h does not depend on h, so the next h finds all. For one call at a time, and
 * of as many layers and maps as `snapshot`, whose arrays are not read here; they are not to change. The caller's, to
 * free. IFL_NO_MEMORY. */
struct ifl_widths;
enum ifl_status ifl_widths_new(struct ifl_widths **out, const struct ifl_snapshot *snapshot, struct ifl_error *error);
void ifl_widths_free(struct ifl_widths *widths);

/* How a long computation runs and is watched. All members may be 0/NULL. */
struct ifl_control {
    int threads;               /* 0: OMP_NUM_THREADS, or as many as there are cores (1 if built without OpenMP) */
    const atomic_bool *cancel; /* raised by any thread: the computation ends soon with IFL_CANCELED */
    void (*progress)(void *context, size_t done, size_t total); /* done grows; one call at a time, from any thread */
    void *context;
    struct ifl_widths *widths; /* kept between calls on one snapshot */
};

/* Eigenvalues of the normalised kernel matrix A (Eq. 2, trace 1) of each subset.
 *
 * spectra: [count][n] doubles, row k the eigenvalues of subsets[k], in no particular order; values <= 0 by
 * rounding are given as they come. A is K/n with K = exp(-sum E), each E a squared distance matrix over its
 * 2 sigma^2; the Hadamard product of Eq. (3) is formed as that sum of exponents, so nothing underflows.
 *
 * IFL_INVALID: a parameter out of range, fewer than 2 samples, a subset whose variable or distances the snapshot lacks,
 * a rule that needs labels where there are none, or widths of another snapshot.
 * IFL_REFUSED: distances that are not finite. IFL_NO_MEMORY, IFL_FAILED (no convergence), IFL_CANCELED: `spectra`
 * is then partly written and means nothing. Thread-safe. */
enum ifl_status ifl_spectra(const struct ifl_snapshot *snapshot, const struct ifl_params *params,
                            const struct ifl_subset *subsets, size_t count, const struct ifl_control *control,
                            double *spectra, struct ifl_error *error);

/* S_alpha in bits of the same matrices, into entropies[count]: for whoever does not keep the spectra. Equal to
 * ifl_entropy of each up to rounding. Under alpha = 2 no eigenvalue problem is solved: S_2 = -log2 of the sum of the
 * squared elements of A. Errors as ifl_spectra. */
enum ifl_status ifl_entropies(const struct ifl_snapshot *snapshot, const struct ifl_params *params,
                              const struct ifl_subset *subsets, size_t count, const struct ifl_control *control,
                              double *entropies, struct ifl_error *error);

/* The matrix itself: K = exp(-E) of one subset, n x n row-major, unit diagonal. For checks and examples. IFL_INVALID,
 * IFL_REFUSED and IFL_NO_MEMORY as ifl_spectra: `kernel` is then partly written and means nothing. */
enum ifl_status ifl_kernel(const struct ifl_snapshot *snapshot, const struct ifl_params *params,
                           const struct ifl_subset *subset, double *kernel, struct ifl_error *error);

#endif
