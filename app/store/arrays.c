#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <base/maps.h>
#include <store/arrays.h>
#include <store/bytes.h>
#include <store/rows.h>

static size_t array_count(const struct array *array)
{
    return array->of == IFL_OF_Y ? array->n : ifl_pair_count(array->n);
}

size_t array_bytes(const struct array *array)
{
    return 4 * array_count(array); /* n <= ARRAY_MAX_N: no overflow */
}

static uint64_t array_digest(const struct array *array, const unsigned char *bytes)
{
    uint64_t digest = digest_word(0, (uint64_t)array->step);
    digest = digest_word(digest, (uint64_t)array->batch);
    digest = digest_word(digest, array->n);
    digest = digest_word(digest, array->of);
    digest = digest_word(digest, (uint64_t)array->layer);
    digest = digest_word(digest, array->maps);
    digest = digest_word(digest, array->dim);
    digest = digest_word(digest, (uint64_t)array->map);
    return digest_bytes(digest, bytes, array_bytes(array));
}

size_t array_first_bad(const float *distances, size_t count)
{
    size_t k = 0;
    while (k < count && isfinite(distances[k]))
        k++;
    return k;
}

enum ifl_status array_insert(struct store *store, int64_t variable, const struct array *array, const void *numbers,
                             unsigned char *scratch, struct ifl_error *error)
{
    bytes_put32(scratch, numbers, array_count(array));
    struct query query = db_query(store, "cannot add the snapshot",
                                  "INSERT INTO arrays(variable, kind, map, digest, data) VALUES(?, ?, ?, ?, ?)", error);
    db_int(&query, variable);
    db_text(&query, array->of == IFL_OF_Y ? "labels" : "d2");
    db_int(&query, array->map);
    db_int(&query, (int64_t)array_digest(array, scratch));
    db_blob(&query, scratch, array_bytes(array));
    return db_run(&query);
}

bool array_read(struct query *query, int column, const struct array *array, void *numbers)
{
    size_t size;
    uint64_t digest = (uint64_t)db_get_int(query, column);
    const unsigned char *bytes = db_get_blob(query, column + 1, &size);
    if (query->status != IFL_OK)
        return true; /* not damaged, failed: the query says how */
    if (bytes == NULL || size != array_bytes(array) || array_digest(array, bytes) != digest)
        return false;
    bytes_get32(numbers, bytes, array_count(array));
    return true;
}

char *array_name(struct store *store, int64_t run, enum ifl_of of, int32_t layer, char *out, size_t size)
{
    if (of == IFL_OF_X || of == IFL_OF_Y) {
        snprintf(out, size, "%s", role_names[of]);
        return out;
    }
    struct query query =
        db_query(store, "cannot read a layer", "SELECT name FROM layers WHERE run = ? AND position = ?", NULL);
    db_int(&query, run);
    db_int(&query, layer);
    char *name = db_row(&query) ? db_get_text(&query, 0) : NULL;
    db_done(&query);
    if (name != NULL)
        snprintf(out, size, "%s/%s", role_names[of], name);
    else
        snprintf(out, size, "%s/%" PRId32, role_names[of], layer);
    free(name);
    return out;
}

enum ifl_status array_refuse(struct store *store, const struct store_snapshot *snapshot, const struct array *array,
                             const char *how, struct ifl_error *error)
{
    struct query query = db_query(store, "cannot read an array",
                                  "SELECT runs.name FROM snapshots JOIN runs ON runs.id = snapshots.run"
                                  " WHERE snapshots.id = ?",
                                  error);
    db_int(&query, snapshot->id);
    char *run = db_row(&query) ? db_get_text(&query, 0) : NULL;
    enum ifl_status status = db_done(&query);
    if (status == IFL_OK && run == NULL)
        status = ifl_fail(error, IFL_NOT_FOUND, "%s: the snapshot of step %" PRId64 " is no longer there", store->path,
                          snapshot->step);

    char name[256];
    if (status == IFL_OK)
        status = ifl_fail(error, IFL_REFUSED, "%s: %s/%" PRId64 ": %s: %s", store->path, run, snapshot->step,
                          array_name(store, snapshot->run, array->of, array->layer, name, sizeof name), how);
    free(run);
    return status;
}

/* ---- loading ---- */

/* What (of, layer, map) is in this snapshot; a map of a one-map variable is its sum, kept once, as map 0. */
static bool find_array(const struct store_snapshot *snapshot, enum ifl_of of, int32_t layer, int32_t map,
                       struct array *out)
{
    struct store_shape shape = {.maps = 0};
    bool in_layers = layer >= 0 && (size_t)layer < snapshot->layers;
    if (of == IFL_OF_X && layer == 0)
        shape = (struct store_shape){.maps = snapshot->x_dim > 0, .kept = 1, .dim = snapshot->x_dim};
    else if (of == IFL_OF_T && in_layers)
        shape = snapshot->t[layer];
    else if (of == IFL_OF_DELTA && in_layers)
        shape = snapshot->delta[layer];

    if (shape.maps == 1 && map == IFL_ALL_MAPS)
        map = 0;
    *out = (struct array){.step = snapshot->step,
                          .batch = snapshot->batch,
                          .n = snapshot->n,
                          .of = of,
                          .layer = layer,
                          .maps = shape.maps,
                          .dim = shape.dim,
                          .map = map};
    return shape.maps > 0 && (map == IFL_ALL_MAPS || (map >= 0 && maps_holds(shape.maps, shape.kept, (size_t)map)));
}

enum ifl_status store_load_distances(struct store *store, const struct store_snapshot *snapshot, enum ifl_of of,
                                     int32_t layer, int32_t map, float *out, struct ifl_error *error)
{
    struct array array;
    if (!find_array(snapshot, of, layer, map, &array))
        return ifl_fail(error, IFL_INVALID, "%s: step %" PRId64 " has no such distances", store->path, snapshot->step);

    struct query query = db_query(store, "cannot load distances",
                                  "SELECT arrays.digest, arrays.data FROM variables"
                                  " JOIN arrays ON arrays.variable = variables.id"
                                  " WHERE variables.snapshot = ? AND variables.role = ? AND variables.layer = ?"
                                  " AND arrays.kind = 'd2' AND arrays.map = ?",
                                  error);
    db_int(&query, snapshot->id);
    db_text(&query, role_names[of]);
    db_int(&query, layer);
    db_int(&query, array.map);
    bool found = db_row(&query);
    bool sound = found && array_read(&query, 0, &array, out);
    enum ifl_status status = db_done(&query);
    if (status != IFL_OK)
        return status;
    if (!found)
        return array_refuse(store, snapshot, &array, "missing", error);
    size_t count = array_count(&array);
    if (!sound || array_first_bad(out, count) < count)
        return array_refuse(store, snapshot, &array, "damaged", error);
    return IFL_OK;
}
