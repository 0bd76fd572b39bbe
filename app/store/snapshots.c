/* One snapshot in, wholly or not at all; snapshot_list.c reads them. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <base/maps.h>
#include <store/arrays.h>
#include <store/rows.h>
#include <store/stamp.h>

static const char *const doing = "cannot add the snapshot";

enum ifl_status store_has_snapshot(struct store *store, int64_t run, int64_t step, int64_t batch, bool *has,
                                   struct ifl_error *error)
{
    struct query query = db_query(store, "cannot look up a snapshot",
                                  "SELECT 1 FROM snapshots WHERE run = ? AND step = ? AND batch = ?", error);
    db_int(&query, run);
    db_int(&query, step);
    db_int(&query, batch);
    bool found = db_row(&query);
    enum ifl_status status = db_done(&query);
    if (status == IFL_OK)
        *has = found;
    return status;
}

/* ---- checks ---- */

/* One snapshot on its way into one run. */
struct addition {
    struct store *store;
    int64_t run;
    const struct snapshot *snapshot;
    const struct store_source *source; /* where the snapshot lacks its distances */
    size_t map_limit;                  /* the run's */
    struct ifl_error *error;
};

/* `step 160: T/conv1: `, with the batch where there are several and without the variable where that is NULL. */
static enum ifl_status refuse(const struct addition *addition, const struct variable *variable, const char *why)
{
    const struct snapshot *snapshot = addition->snapshot;
    char batch[32] = "", name[256] = "";
    if (snapshot->batch != 0)
        snprintf(batch, sizeof batch, ", batch %" PRId64, snapshot->batch);
    if (variable != NULL)
        array_name(addition->store, addition->run, variable->of, variable->layer, name, sizeof name);
    return ifl_fail(addition->error, IFL_REFUSED, "step %" PRId64 "%s: %s%s%s", snapshot->step, batch, name,
                    name[0] == '\0' ? "" : ": ", why);
}

/* The number of samples in the run's snapshots, 0 where it has none, and that of its layers. IFL_REFUSED for a run in
 * the bin: another process may have put it there. */
static enum ifl_status read_run_shape(struct addition *addition, size_t *n, size_t *layers)
{
    struct query query = db_query(addition->store, doing,
                                  "SELECT (SELECT count(*) FROM layers WHERE run = runs.id),"
                                  " coalesce((SELECT n FROM snapshots WHERE run = runs.id LIMIT 1), 0),"
                                  " CASE WHEN deleted IS NOT NULL THEN name END, map_limit"
                                  " FROM runs WHERE id = ?",
                                  addition->error);
    db_int(&query, addition->run);
    bool found = db_row(&query);
    if (found) {
        *layers = db_get_count(&query, 0, INT32_MAX);
        *n = db_get_count(&query, 1, ARRAY_MAX_N);
        addition->map_limit = db_get_count(&query, 3, INT32_MAX);
    }
    char *deleted = found ? db_get_text_or_null(&query, 2) : NULL;
    enum ifl_status status = db_done(&query);
    if (status == IFL_OK && deleted != NULL)
        status = ifl_fail(addition->error, IFL_REFUSED, STORE_IN_BIN, deleted);
    free(deleted);
    if (status == IFL_OK && !found)
        return ifl_fail(addition->error, IFL_NOT_FOUND, "%s: no run with id %" PRId64, addition->store->path,
                        addition->run);
    return status;
}

static enum ifl_status check_labels(const struct addition *addition)
{
    const struct snapshot *snapshot = addition->snapshot;
    if (snapshot->labels == NULL)
        return IFL_OK;
    if (snapshot->classes > INT32_MAX)
        return refuse(addition, NULL, "Y: too many classes");
    for (size_t k = 0; k < snapshot->n; k++)
        if (snapshot->labels[k] < 0 || (size_t)snapshot->labels[k] >= snapshot->classes)
            return refuse(addition, NULL, "Y: a label outside its classes");
    return IFL_OK;
}

static size_t variable_rows(const struct variable *variable)
{
    return variable->kept + (variable->maps > 1);
}

static enum ifl_status check_distances(const struct addition *addition, const struct variable *variable,
                                       const float *distances)
{
    size_t count;
    if (!ifl_size_mul(variable_rows(variable), ifl_pair_count(addition->snapshot->n), &count))
        return refuse(addition, variable, "a shape that cannot be");
    if (array_first_bad(distances, count) < count)
        return refuse(addition, variable, "distances that are not finite");
    return IFL_OK;
}

/* The variable by itself. */
static enum ifl_status check_variable(const struct addition *addition, const struct variable *variable, size_t layers)
{
    bool of_layer = variable->of == IFL_OF_T || variable->of == IFL_OF_DELTA;
    size_t places = of_layer ? layers : 1;
    if (variable->of == IFL_OF_Y || variable->layer < 0 || (size_t)variable->layer >= places)
        return refuse(addition, variable, "not a variable of this run");
    if (variable->maps < 1 || variable->maps > (of_layer ? INT32_MAX : 1) || variable->dim < 1 ||
        variable->dim > INT64_MAX)
        return refuse(addition, variable, "a shape that cannot be");

    char why[96];
    size_t kept = maps_kept(variable->maps, addition->map_limit);
    if (variable->kept != kept) {
        snprintf(why, sizeof why, "%zu single maps, where the run keeps %zu", variable->kept, kept);
        return refuse(addition, variable, why);
    }
    if (variable->distances == NULL)
        return addition->source != NULL ? IFL_OK : refuse(addition, variable, "no distances");
    return check_distances(addition, variable, variable->distances);
}

/* The variable against the same one in any snapshot before: a shape that changes means another network. */
static enum ifl_status compare_variable(const struct addition *addition, const struct variable *variable)
{
    struct query query = db_query(addition->store, doing,
                                  "SELECT variables.maps, variables.dim FROM snapshots"
                                  " JOIN variables ON variables.snapshot = snapshots.id"
                                  " WHERE snapshots.run = ? AND variables.role = ? AND variables.layer = ? LIMIT 1",
                                  addition->error);
    db_int(&query, addition->run);
    db_text(&query, role_names[variable->of]);
    db_int(&query, variable->layer);
    size_t maps = variable->maps, dim = variable->dim;
    if (db_row(&query)) {
        maps = db_get_count(&query, 0, SIZE_MAX);
        dim = db_get_count(&query, 1, SIZE_MAX);
    }
    enum ifl_status status = db_done(&query);
    if (status != IFL_OK || (maps == variable->maps && dim == variable->dim))
        return status;

    char why[128];
    if (maps != variable->maps)
        snprintf(why, sizeof why, "%zu maps, but %zu in the snapshots before", variable->maps, maps);
    else
        snprintf(why, sizeof why, "dim %zu, but %zu in the snapshots before", variable->dim, dim);
    return refuse(addition, variable, why);
}

static enum ifl_status check(struct addition *addition)
{
    const struct snapshot *snapshot = addition->snapshot;
    size_t n = 0, layers = 0;
    enum ifl_status status = read_run_shape(addition, &n, &layers);
    if (status != IFL_OK)
        return status;

    char why[128];
    if (snapshot->n < 2 || snapshot->n > ARRAY_MAX_N) {
        snprintf(why, sizeof why, "n = %zu, but 2 to %zu samples can be kept", snapshot->n, ARRAY_MAX_N);
        return refuse(addition, NULL, why);
    }
    if (n != 0 && n != snapshot->n) {
        snprintf(why, sizeof why, "n = %zu, but %zu in the snapshots before", snapshot->n, n);
        return refuse(addition, NULL, why);
    }
    status = check_labels(addition);
    for (size_t k = 0; k < snapshot->n_variables && status == IFL_OK; k++) {
        status = check_variable(addition, &snapshot->variables[k], layers);
        if (status == IFL_OK)
            status = compare_variable(addition, &snapshot->variables[k]);
    }
    return status;
}

/* ---- writing ---- */

static enum ifl_status insert_metrics(const struct addition *addition, int64_t id)
{
    enum ifl_status status = IFL_OK;
    for (size_t k = 0; k < addition->snapshot->n_metrics && status == IFL_OK; k++) {
        struct query query =
            db_query(addition->store, doing, "INSERT INTO metrics(snapshot, position, name, value) VALUES(?, ?, ?, ?)",
                     addition->error);
        db_int(&query, id);
        db_int(&query, (int64_t)k);
        db_text(&query, addition->snapshot->metrics[k].name);
        db_real(&query, addition->snapshot->metrics[k].value);
        status = db_run(&query);
    }
    return status;
}

/* The row of a variable; `array` says which. */
static enum ifl_status insert_variable(const struct addition *addition, int64_t snapshot, const struct array *array,
                                       int64_t *id)
{
    struct query query =
        db_query(addition->store, doing,
                 "INSERT INTO variables(snapshot, role, layer, maps, dim) VALUES(?, ?, ?, ?, ?)", addition->error);
    db_int(&query, snapshot);
    db_text(&query, role_names[array->of]);
    db_int(&query, array->layer);
    db_int(&query, (int64_t)array->maps);
    db_int(&query, (int64_t)array->dim);
    enum ifl_status status = db_run(&query);
    *id = sqlite3_last_insert_rowid(addition->store->db);
    return status;
}

static enum ifl_status insert_labels(const struct addition *addition, int64_t id, struct array array,
                                     unsigned char *scratch)
{
    const struct snapshot *snapshot = addition->snapshot;
    if (snapshot->labels == NULL)
        return IFL_OK;
    array.of = IFL_OF_Y;
    array.maps = 1;
    array.dim = snapshot->classes;
    int64_t variable;
    enum ifl_status status = insert_variable(addition, id, &array, &variable);
    if (status == IFL_OK)
        status = array_insert(addition->store, variable, &array, snapshot->labels, scratch, addition->error);
    return status;
}

/* A list of runs shows the layers' maps. */
static enum ifl_status note_maps(const struct addition *addition, const struct variable *variable)
{
    if (variable->of != IFL_OF_T)
        return IFL_OK;
    struct query query =
        db_query(addition->store, doing, "UPDATE layers SET maps = ?1 WHERE run = ?2 AND position = ?3 AND maps <> ?1",
                 addition->error);
    db_int(&query, (int64_t)variable->maps);
    db_int(&query, addition->run);
    db_int(&query, variable->layer);
    return db_run(&query);
}

static enum ifl_status insert_rows(const struct addition *addition, int64_t owner, struct array array,
                                   const struct variable *variable, const float *distances, unsigned char *scratch)
{
    size_t rows = variable_rows(variable), pairs = ifl_pair_count(array.n);
    int32_t *kept = ifl_alloc(variable->kept, sizeof *kept);
    if (kept == NULL)
        return ifl_fail(addition->error, IFL_NO_MEMORY, "%s: %s: out of memory", addition->store->path, doing);
    maps_sample(kept, variable->maps, variable->kept);
    enum ifl_status status = IFL_OK;
    for (size_t k = 0; k < rows && status == IFL_OK; k++) {
        array.map = k < variable->kept ? kept[k] : IFL_ALL_MAPS;
        status = array_insert(addition->store, owner, &array, distances + k * pairs, scratch, addition->error);
    }
    free(kept);
    return status;
}

static enum ifl_status insert_distances(const struct addition *addition, int64_t id, struct array array, size_t index,
                                        unsigned char *scratch)
{
    const struct variable *variable = &addition->snapshot->variables[index];
    float *loaded = NULL;
    int64_t owner;
    array.of = variable->of;
    array.layer = variable->layer;
    array.maps = variable->maps;
    array.dim = variable->dim;
    enum ifl_status status = insert_variable(addition, id, &array, &owner);
    if (status == IFL_OK)
        status = note_maps(addition, variable);
    if (status == IFL_OK && variable->distances == NULL && addition->source != NULL) {
        status = addition->source->load(addition->source->context, index, &loaded, addition->error);
        if (status == IFL_OK)
            status = check_distances(addition, variable, loaded);
    }
    if (status == IFL_OK)
        status = insert_rows(addition, owner, array, variable, loaded != NULL ? loaded : variable->distances, scratch);
    free(loaded);
    return status;
}

static enum ifl_status insert_arrays(const struct addition *addition, int64_t id)
{
    const struct snapshot *snapshot = addition->snapshot;
    struct array array = {.step = snapshot->step, .batch = snapshot->batch, .n = snapshot->n};
    size_t labels = 4 * snapshot->n, distances = array_bytes(&array);
    unsigned char *scratch = ifl_alloc(labels > distances ? labels : distances, 1);
    if (scratch == NULL)
        return ifl_fail(addition->error, IFL_NO_MEMORY, "%s: %s: out of memory", addition->store->path, doing);

    enum ifl_status status = insert_labels(addition, id, array, scratch);
    for (size_t k = 0; k < snapshot->n_variables && status == IFL_OK; k++)
        status = insert_distances(addition, id, array, k, scratch);
    free(scratch);
    return status;
}

static enum ifl_status insert(const struct addition *addition)
{
    const struct snapshot *snapshot = addition->snapshot;
    struct query query =
        db_query(addition->store, doing, "INSERT INTO snapshots(run, step, batch, epoch, n) VALUES(?, ?, ?, ?, ?)",
                 addition->error);
    db_int(&query, addition->run);
    db_int(&query, snapshot->step);
    db_int(&query, snapshot->batch);
    db_real(&query, snapshot->epoch);
    db_int(&query, (int64_t)snapshot->n);
    enum ifl_status status = db_run(&query);
    int64_t id = sqlite3_last_insert_rowid(addition->store->db);
    if (status == IFL_OK)
        status = insert_metrics(addition, id);
    return status == IFL_OK ? insert_arrays(addition, id) : status;
}

enum ifl_status store_add_snapshot_from(struct store *store, int64_t run, const struct snapshot *snapshot,
                                        const struct store_source *source, bool *added, struct ifl_error *error)
{
    struct addition addition = {.store = store, .run = run, .snapshot = snapshot, .source = source, .error = error};
    bool there = false;
    enum ifl_status status = db_begin_write(store, doing, error);
    if (status != IFL_OK)
        return status;
    status = store_has_snapshot(store, run, snapshot->step, snapshot->batch, &there, error);
    if (status == IFL_OK && !there)
        status = check(&addition);
    if (status == IFL_OK && !there)
        status = insert(&addition);
    if (status == IFL_OK && !there)
        status = stamp_tick(store, doing, error);
    status = db_end(store, doing, status, error);
    if (status == IFL_OK)
        *added = !there;
    return status;
}

enum ifl_status store_add_snapshot(struct store *store, int64_t run, const struct snapshot *snapshot, bool *added,
                                   struct ifl_error *error)
{
    return store_add_snapshot_from(store, run, snapshot, NULL, added, error);
}
