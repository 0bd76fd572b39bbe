/* The arrays of a variable: squared distances, labels. Private to store/. */
#ifndef STORE_ARRAYS_H
#define STORE_ARRAYS_H

#include <store/db.h>

/* As many samples as are read of a dump. Nothing in the file is larger than their distances: SQLite is told so. */
#define ARRAY_MAX_N     ((size_t)4096)
#define ARRAY_MAX_BYTES (4 * ARRAY_MAX_N * (ARRAY_MAX_N - 1) / 2)

/* What an array is. All of it goes into the digest: a step, a dim or a map that changed is found like a number that
 * did. */
struct array {
    int64_t step, batch;
    size_t n;
    enum ifl_of of; /* Y: labels, [n] int32; else distances, [ifl_pair_count(n)] float */
    int32_t layer;
    size_t maps, dim;
    int32_t map; /* -1: the sum */
};

size_t array_bytes(const struct array *array);

/* Writes one array of the variable of that id. `scratch` holds array_bytes(). */
enum ifl_status array_insert(struct store *store, int64_t variable, const struct array *array, const void *numbers,
                             unsigned char *scratch, struct ifl_error *error);

/* The array from a row's columns `column` (digest) and `column + 1` (data) into `numbers`. False where it is damaged:
 * `numbers` is then as it was. */
bool array_read(struct query *query, int column, const struct array *array, void *numbers);

/* Says that an array which ought to be there is `how`: IFL_REFUSED, `PATH: RUN/STEP: ARRAY: how`. IFL_NOT_FOUND where
 * its snapshot was deleted since it was listed. */
enum ifl_status array_refuse(struct store *store, const struct store_snapshot *snapshot, const struct array *array,
                             const char *how, struct ifl_error *error);

/* The index of the first number that is not finite, or `count`. */
size_t array_first_bad(const float *distances, size_t count);

/* `X`, `Y`, `T/conv1`, `delta/fc1` into `out`; the layer's number where its name cannot be read. Returns `out`. */
char *array_name(struct store *store, int64_t run, enum ifl_of of, int32_t layer, char *out, size_t size);

#endif
