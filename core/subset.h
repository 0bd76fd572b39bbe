/* A subset's kernel matrix as a sum of exponents: which distance arrays, times what. Private to the core. */
#ifndef CORE_SUBSET_H
#define CORE_SUBSET_H

#include "infoflow/spectrum.h"

/* One term of E: a distance array over 2 sigma^2, times a share (1, or 1/C under the geometric composition). */
struct term {
    const struct ifl_variable *variable;
    enum ifl_of of;
    int32_t layer;
    int32_t map; /* IFL_ALL_MAPS: the sum */
    double h;
    double dim;
    double share;
};

/* Calls `visit` for each term until it returns non-OK. Labels are no term: see subset_labels. */
enum ifl_status subset_terms(const struct ifl_snapshot *snapshot, const struct ifl_subset *subset,
                             const struct ifl_params *params,
                             enum ifl_status (*visit)(void *context, const struct term *term), void *context);

/* The term's packed distances; NULL: not loaded. */
const void *term_array(const struct term *term);

/* One distance of such an array. */
static inline double distance_at(const struct ifl_variable *variable, const void *array, size_t pair)
{
    return variable->real == IFL_F32 ? (double)((const float *)array)[pair] : ((const double *)array)[pair];
}

/* How many of a variable's maps are there one by one, and which the k-th is. */
static inline size_t kept_count(const struct ifl_variable *variable)
{
    return variable->kept != NULL ? variable->n_kept : variable->maps;
}
static inline int32_t kept_map(const struct ifl_variable *variable, size_t k)
{
    return variable->kept != NULL ? variable->kept[k] : (int32_t)k;
}

/* Whether the kernel of the whole variable is made of single maps and not of their sum. */
bool subset_by_maps(const struct ifl_variable *variable, const struct ifl_params *params);

/* Whether Y is a member, as itself or joined. */
bool subset_labels(const struct ifl_subset *subset);

/* The last layer that has errors: K of the backward chain; -1: none. */
int32_t last_delta(const struct ifl_snapshot *snapshot);

/* IFL_INVALID where there are fewer than the two samples that a distance takes. */
enum ifl_status samples_check(const struct ifl_snapshot *snapshot, struct ifl_error *error);

/* IFL_INVALID where the snapshot lacks a member, or the composition does not define the subset. */
enum ifl_status subset_check(const struct ifl_snapshot *snapshot, const struct ifl_subset *subset,
                             const struct ifl_params *params, struct ifl_error *error);

#endif
