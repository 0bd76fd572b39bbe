/* One variable of a snapshot: from an array to squared distances. */
#ifndef DUMP_VARIABLE_H
#define DUMP_VARIABLE_H

#include <dump/npy.h>

/* A variable as the header of its array announces it. */
struct layout {
    bool condensed;  /* the array holds distances (`D2/`) */
    size_t n;        /* samples; 0 where condensed */
    size_t pairs;    /* length of a row of distances where condensed, else 0 */
    size_t maps;     /* C */
    size_t dim;      /* d of one map; 0 where condensed: a key of its own says it */
    size_t map_axis; /* 0: the array is one map */
};

/* Of an array of values (n, ...), split into its maps as `axes` says; below rank 3 it is one variable always. */
enum ifl_status layout_of_values(struct layout *out, const struct npy_header *header, enum layer_axes axes,
                                 struct ifl_error *error);

/* Of an array of distances (C, n(n-1)/2). */
enum ifl_status layout_of_distances(struct layout *out, const struct npy_header *header, struct ifl_error *error);

/* The n >= 2 of n(n-1)/2 pairs, or 0. */
size_t samples_of_pairs(size_t pairs);

/* Fills variable->distances from the array, whose header is the layout's; maps, kept and dim are there. IFL_REFUSED for
 * a NaN or an infinity, a negative distance and one beyond float32. On failure `variable` is as before. `cancel` may be
 * NULL. */
enum ifl_status variable_fill(struct variable *variable, const struct layout *layout, const struct npy *array, size_t n,
                              const atomic_bool *cancel, struct ifl_error *error);

/* Whether variable_fill would take the array, most often without forming a distance. */
enum ifl_status variable_check(const struct variable *variable, const struct layout *layout, const struct npy *array,
                               size_t n, const atomic_bool *cancel, struct ifl_error *error);

/* IFL_REFUSED, naming the first index, where the array holds a NaN or an infinity. */
enum ifl_status check_finite(const struct npy *array, bool rows_are_samples, struct ifl_error *error);

#endif
