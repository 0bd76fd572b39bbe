/* The snapshots of a run without their distances. */
#include <inttypes.h>
#include <stdlib.h>

#include <base/maps.h>
#include <store/arrays.h>
#include <store/rows.h>

static const char *const doing = "cannot list the snapshots";

/* By step and batch; every query gives its rows in that order, so one walk puts them where they belong. */
struct list {
    struct store *store;
    struct ifl_error *error;
    int64_t run;
    size_t layers;
    size_t map_limit;
    struct store_snapshot *snapshots;
    size_t count;
};

void store_snapshots_free(struct store_snapshot *snapshots, size_t count)
{
    for (size_t k = 0; snapshots != NULL && k < count; k++) {
        free(snapshots[k].labels);
        free(snapshots[k].t);
        free(snapshots[k].delta);
        metrics_free(snapshots[k].metrics, snapshots[k].n_metrics);
    }
    free(snapshots);
}

static enum ifl_status read_run(struct list *list)
{
    struct query query = db_query(
        list->store, doing,
        "SELECT (SELECT count(*) FROM layers WHERE run = runs.id), map_limit FROM runs WHERE id = ?", list->error);
    db_int(&query, list->run);
    bool found = db_row(&query);
    if (found) {
        list->layers = db_get_count(&query, 0, STORE_MAX_LAYERS);
        list->map_limit = db_get_count(&query, 1, INT32_MAX);
    }
    enum ifl_status status = db_done(&query);
    if (status == IFL_OK && !found)
        status = ifl_fail(list->error, IFL_NOT_FOUND, "%s: no run with id %" PRId64, list->store->path, list->run);
    return status;
}

static void read_snapshot(struct query *query, struct list *list)
{
    struct store_snapshot *grown = rows_add(query, list->snapshots, list->count, sizeof *grown);
    if (grown == NULL)
        return;
    list->snapshots = grown;
    struct store_snapshot *snapshot = &grown[list->count++];
    snapshot->id = db_get_int(query, 0);
    snapshot->run = list->run;
    snapshot->step = db_get_int(query, 1);
    snapshot->batch = db_get_int(query, 2);
    snapshot->epoch = db_get_real(query, 3);
    snapshot->n = db_get_count(query, 4, ARRAY_MAX_N);
    if (snapshot->n < 2)
        db_damaged(query, 4);
    snapshot->layers = list->layers;
    snapshot->t = ifl_alloc(list->layers, sizeof *snapshot->t);
    snapshot->delta = ifl_alloc(list->layers, sizeof *snapshot->delta);
    if (snapshot->t == NULL || snapshot->delta == NULL)
        db_no_memory(query);
}

static enum ifl_status read_snapshots(struct list *list)
{
    struct query query =
        db_query(list->store, doing,
                 "SELECT id, step, batch, epoch, n FROM snapshots WHERE run = ? ORDER BY step, batch", list->error);
    db_int(&query, list->run);
    while (db_row(&query))
        read_snapshot(&query, list);
    return db_done(&query);
}

static void read_metric(struct query *query, const struct list *list, struct store_snapshot *snapshot)
{
    (void)list;
    rows_metric(query, 1, &snapshot->metrics, &snapshot->n_metrics);
}

static void read_labels(struct query *query, struct store_snapshot *snapshot)
{
    struct array array = {.step = snapshot->step,
                          .batch = snapshot->batch,
                          .n = snapshot->n,
                          .of = IFL_OF_Y,
                          .maps = 1,
                          .dim = snapshot->classes};
    snapshot->labels = ifl_alloc(snapshot->n, sizeof *snapshot->labels);
    if (snapshot->labels == NULL) {
        db_no_memory(query);
        return;
    }
    bool sound = array_read(query, 5, &array, snapshot->labels);
    for (size_t k = 0; k < snapshot->n && sound; k++)
        sound = snapshot->labels[k] >= 0 && (size_t)snapshot->labels[k] < snapshot->classes;
    if (!sound)
        query->status = array_refuse(query->store, snapshot, &array, "damaged", query->error);
}

static void read_variable(struct query *query, const struct list *list, struct store_snapshot *snapshot)
{
    enum ifl_of of = (enum ifl_of)rows_name(query, 1, role_names, ROLES);
    bool of_layer = of == IFL_OF_T || of == IFL_OF_DELTA;
    size_t layer = db_get_count(query, 2, INT32_MAX);
    size_t maps = db_get_count(query, 3, of_layer ? STORE_MAX_MAPS : 1);
    size_t dim = db_get_count(query, 4, of == IFL_OF_Y ? INT32_MAX : INT64_MAX);
    if (maps == 0 || dim == 0)
        db_damaged(query, maps == 0 ? 3 : 4);
    if (layer >= (of_layer ? snapshot->layers : 1))
        db_damaged(query, 2);
    if (query->status != IFL_OK)
        return;

    struct store_shape shape = {.maps = maps, .kept = maps_kept(maps, list->map_limit), .dim = dim};
    if (of == IFL_OF_X)
        snapshot->x_dim = dim;
    else if (of == IFL_OF_T)
        snapshot->t[layer] = shape;
    else if (of == IFL_OF_DELTA)
        snapshot->delta[layer] = shape;
    else if (snapshot->labels == NULL) {
        snapshot->classes = dim;
        read_labels(query, snapshot);
    }
}

/* Rows that belong to snapshots: their first column is the snapshot's id. */
static const struct part {
    const char *sql;
    void (*read)(struct query *query, const struct list *list, struct store_snapshot *snapshot);
} parts[] = {
    {"SELECT metrics.snapshot, metrics.name, metrics.value FROM snapshots"
     " CROSS JOIN metrics ON metrics.snapshot = snapshots.id"
     " WHERE snapshots.run = ? ORDER BY snapshots.step, snapshots.batch, metrics.position",
     read_metric},
    {"SELECT variables.snapshot, variables.role, variables.layer, variables.maps, variables.dim,"
     " labels.digest, labels.data FROM snapshots"
     " CROSS JOIN variables ON variables.snapshot = snapshots.id"
     " LEFT JOIN arrays AS labels ON variables.role = 'Y' AND labels.variable = variables.id"
     " AND labels.kind = 'labels' AND labels.map = 0"
     " WHERE snapshots.run = ? ORDER BY snapshots.step, snapshots.batch",
     read_variable},
};

static enum ifl_status read_part(struct list *list, const struct part *part)
{
    struct query query = db_query(list->store, doing, part->sql, list->error);
    db_int(&query, list->run);
    for (size_t k = 0; db_row(&query);) {
        int64_t owner = db_get_int(&query, 0);
        while (k < list->count && list->snapshots[k].id != owner)
            k++;
        if (k < list->count)
            part->read(&query, list, &list->snapshots[k]);
    }
    return db_done(&query);
}

/* Arrays of single maps that a snapshot has. */
static enum ifl_status count_arrays(const struct list *list, const struct store_snapshot *snapshot, size_t *count)
{
    struct query query = db_query(list->store, doing,
                                  "SELECT count(*) FROM variables CROSS JOIN arrays ON arrays.variable = variables.id"
                                  " WHERE snapshot = ? AND map >= 0",
                                  list->error);
    db_int(&query, snapshot->id);
    *count = db_row(&query) ? db_get_count(&query, 0, SIZE_MAX / 2) : 0;
    return db_done(&query);
}

/* A plan takes memory for each map, and for each pair of those that are kept: of many it is first seen that they are
 * there. */
static enum ifl_status check_maps(const struct list *list, const struct store_snapshot *snapshot)
{
    const size_t many = 4096;
    size_t maps = 0, kept = 0, arrays = 0;
    for (size_t k = 0; k < snapshot->layers; k++) {
        maps += snapshot->t[k].maps + snapshot->delta[k].maps;
        kept += snapshot->t[k].kept + snapshot->delta[k].kept;
    }
    if (maps > STORE_MAX_MAPS)
        return ifl_fail(list->error, IFL_REFUSED,
                        "%s: damaged database (step %" PRId64 ": %zu feature maps, more than %zu)", list->store->path,
                        snapshot->step, maps, STORE_MAX_MAPS);
    enum ifl_status status = kept > many ? count_arrays(list, snapshot, &arrays) : IFL_OK;
    if (status == IFL_OK && kept > many && arrays < kept)
        status =
            ifl_fail(list->error, IFL_REFUSED, "%s: damaged database (step %" PRId64 ": %zu of %zu arrays missing)",
                     list->store->path, snapshot->step, kept - arrays, kept);
    return status;
}

static enum ifl_status read_list(struct list *list)
{
    enum ifl_status status = read_run(list);
    if (status == IFL_OK)
        status = read_snapshots(list);
    for (size_t k = 0; k < sizeof parts / sizeof *parts && status == IFL_OK; k++)
        status = read_part(list, &parts[k]);
    for (size_t k = 0; k < list->count && status == IFL_OK; k++)
        status = check_maps(list, &list->snapshots[k]);
    return status;
}

enum ifl_status store_list_snapshots(struct store *store, int64_t run, struct store_snapshot **out, size_t *count,
                                     struct ifl_error *error)
{
    struct list list = {.store = store, .error = error, .run = run};
    enum ifl_status status = db_begin_read(store, doing, error);
    if (status == IFL_OK)
        status = db_end(store, doing, read_list(&list), error);
    if (status != IFL_OK) {
        store_snapshots_free(list.snapshots, list.count);
        return status;
    }
    *out = list.snapshots;
    *count = list.count;
    return IFL_OK;
}
