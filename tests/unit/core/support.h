/* What the tests of the core share: made-up snapshots that own their arrays, and short ways to call the core. */
#ifndef TEST_CORE_SUPPORT_H
#define TEST_CORE_SUPPORT_H

#include <criterion/criterion.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "infoflow/infoflow.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define MAX_LAYERS   8

/* Both must be finite (or the same infinity) and at most `tolerance` apart. */
#define expect_near(got, want, tolerance, ...)                                                                         \
    do {                                                                                                               \
        double got_ = (got), want_ = (want);                                                                           \
        char what_[256];                                                                                               \
        snprintf(what_, sizeof what_, __VA_ARGS__);                                                                    \
        cr_expect(got_ == want_ || fabs(got_ - want_) <= (tolerance), "%s: %.17g, expected %.17g, off by %.3g", what_, \
                  got_, want_, got_ - want_);                                                                          \
    } while (0)

void *must_alloc(size_t count, size_t size);

/* ---- numbers that are the same on every machine, and in tests/make_golden.py ---- */

uint64_t splitmix64(uint64_t *state);
double uniform(uint64_t *state); /* [0, 1), 53 bits */
double bell(uint64_t *state);    /* the sum of four of those, less 2: nearly normal, exact in any arithmetic */

/* ---- snapshots ---- */

enum data_kind {
    DATA_BELL,      /* offset + scale * bell */
    DATA_CLASSES,   /* the same around a centre for each class */
    DATA_ONE_HOT,   /* scale at the sample's number mod d, else 0 */
    DATA_DUPLICATE, /* DATA_BELL with rows 2k and 2k + 1 equal */
    DATA_CONSTANT,  /* offset */
    DATA_RANGE,     /* a power of 2 from 2^-50 to 2^50 by sample: squared distances from 1e-30 to 1e30 */
    DATA_KINDS
};

struct data_spec {
    size_t maps; /* 0: the variable is missing */
    size_t dim;
    enum data_kind kind;
    double scale, offset;
};

struct world_spec {
    uint64_t seed;
    size_t n;
    size_t classes; /* sample i has label 7 i mod classes; 0: no labels */
    struct data_spec x;
    size_t layers;
    struct data_spec t[MAX_LAYERS], delta[MAX_LAYERS];
    bool float32;        /* how the distances are stored */
    const size_t *order; /* [n]: sample i of the snapshot is sample order[i] of the data; NULL: as they are */
    bool reverse_maps;
};

struct world {
    struct ifl_snapshot snapshot;
    struct ifl_variable t[MAX_LAYERS], delta[MAX_LAYERS];
    int32_t *labels;
};

struct world *world_new(const struct world_spec *spec);
void world_free(struct world *world);

/* n samples, 5 classes, X and the outputs and errors of `layers` layers of maps[k] maps each, in clusters by class. */
struct world_spec network_spec(uint64_t seed, size_t n, size_t layers, const size_t *maps);

/* A snapshot without data: a plan reads its shape alone. */
struct shape {
    struct ifl_snapshot snapshot;
    struct ifl_variable t[MAX_LAYERS], delta[MAX_LAYERS];
};

/* n = 32, ten classes, d = 3. delta_maps NULL: no errors. */
void shape_init(struct shape *s, size_t layers, const size_t *t_maps, const size_t *delta_maps);

/* X alone, from distances given as they are. `packed` is not copied. */
struct ifl_snapshot snapshot_of_distances(size_t n, size_t dim, const double *packed);

/* ---- the core, where failure is not what is tested ---- */

struct ifl_plan *plan_of(const struct ifl_snapshot *snapshot, const struct ifl_params *params, ifl_quantity_set wanted);

struct records {
    struct ifl_record *at;
    size_t count;
};

struct records estimate(const struct ifl_snapshot *snapshot, const struct ifl_params *params, ifl_quantity_set wanted);
void records_free(struct records *records);
double value_of(const struct records *records, int32_t layer, enum ifl_quantity quantity); /* NaN: no such record */
void expect_records_near(const struct records *got, const struct records *want, double bits, double percent);

/* Subset literals. */
struct ifl_subset subset_x(void);
struct ifl_subset subset_y(void);
struct ifl_subset subset_t(int32_t layer, int32_t i, int32_t j, enum ifl_with with);
struct ifl_subset subset_delta(int32_t layer, enum ifl_with with);

/* S_alpha of a subset by ifl_spectra and ifl_entropy alone, without a plan. */
double subset_entropy(const struct ifl_snapshot *snapshot, const struct ifl_params *params, struct ifl_subset subset);

#endif
