/* Runs as a list shows them: one query for each kind of row, however many runs there are. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <store/rows.h>

static const char *const listing = "cannot list the runs";
static const char *const reading = "cannot read the run";

/* The runs of ids first .. last, by id. Every query gives its rows in the same order, so one walk puts them where
 * they belong. */
struct list {
    struct store *store;
    const char *doing;
    struct ifl_error *error;
    int64_t first, last;
    enum store_among among;
    struct store_run *runs;
    size_t count;
};

void store_run_release(struct store_run *run)
{
    run_release(&run->run);
    metrics_free(run->metrics, run->n_metrics);
    free(run->maps);
    free(run->note);
    memset(run, 0, sizeof *run);
}

struct filter_row store_run_row(const struct store_run *run)
{
    return (struct filter_row){.run = &run->run,
                               .note = run->note,
                               .metrics = run->metrics,
                               .n_metrics = run->n_metrics,
                               .snapshots = run->snapshots,
                               .step = run->last_step,
                               .n = run->n,
                               .dpi_forward = NAN,
                               .dpi_backward = NAN};
}

const char *store_runs_lack(const struct store_run *runs, size_t count, const struct filter *filter)
{
    const char *field;
    for (size_t step = 0; count > 0 && (field = filter_next_field(filter, &step)) != NULL;) {
        bool found = false;
        for (size_t k = 0; k < count && !found; k++) {
            struct filter_row row = store_run_row(&runs[k]);
            found = filter_has_field(field, &row);
        }
        if (!found)
            return field;
    }
    return NULL;
}

void store_runs_free(struct store_run *runs, size_t count)
{
    for (size_t k = 0; runs != NULL && k < count; k++)
        store_run_release(&runs[k]);
    free(runs);
}

static void read_run(struct query *query, struct list *list)
{
    struct store_run *grown = rows_add(query, list->runs, list->count, sizeof *grown);
    if (grown == NULL)
        return;
    list->runs = grown;
    struct store_run *run = &grown[list->count++];
    run->id = db_get_int(query, 0);
    run->run.name = db_get_bounded(query, 1, STORE_MAX_NAME);
    run->note = db_get_bounded(query, 2, STORE_MAX_NOTE);
    run->created = db_get_int(query, 3);
    run->deleted = db_get_int(query, 4);
    run->snapshots = db_get_count(query, 5, SIZE_MAX);
    run->n = db_get_count(query, 6, INT32_MAX);
    run->first_step = db_get_int(query, 7);
    run->last_step = db_get_int(query, 8);
    run->run.map_limit = db_get_count(query, 9, INT32_MAX);
}

static enum ifl_status read_runs(struct list *list)
{
    struct query query =
        db_query(list->store, list->doing,
                 "SELECT id, name, note, created, deleted,"
                 " (SELECT count(*) FROM snapshots WHERE run = runs.id) AS snapshots,"
                 " coalesce((SELECT n FROM snapshots WHERE run = runs.id ORDER BY step, batch LIMIT 1), 0) AS n,"
                 " (SELECT min(step) FROM snapshots WHERE run = runs.id),"
                 " (SELECT max(step) FROM snapshots WHERE run = runs.id),"
                 " map_limit"
                 " FROM runs WHERE id BETWEEN ? AND ? AND (deleted IS NOT NULL) BETWEEN ? AND ? ORDER BY id",
                 list->error);
    db_int(&query, list->first);
    db_int(&query, list->last);
    db_int(&query, list->among == STORE_DELETED);
    db_int(&query, list->among != STORE_ALIVE);
    while (db_row(&query))
        read_run(&query, list);
    return db_done(&query);
}

static void read_field(struct query *query, struct field **fields, size_t *count)
{
    if (*count == STORE_MAX_FIELDS) {
        db_damaged(query, 1);
        return;
    }
    struct field *grown = rows_add(query, *fields, *count, sizeof *grown);
    if (grown == NULL)
        return;
    *fields = grown;
    struct field *field = &grown[(*count)++];
    field->key = db_get_bounded(query, 1, STORE_MAX_NAME);
    field->type = (enum field_type)rows_name(query, 2, field_type_names, FIELD_TYPES);
    field->text = db_get_text(query, 3);
    if (field->type == FIELD_NUMBER)
        field->number = db_get_real(query, 4);
}

static void read_param(struct query *query, struct store_run *run)
{
    read_field(query, &run->run.params, &run->run.n_params);
}

static void read_tag(struct query *query, struct store_run *run)
{
    read_field(query, &run->run.tags, &run->run.n_tags);
}

static void read_layer(struct query *query, struct store_run *run)
{
    if (run->run.n_layers == STORE_MAX_LAYERS) {
        db_damaged(query, 1);
        return;
    }
    struct layer *grown = rows_add(query, run->run.layers, run->run.n_layers, sizeof *grown);
    if (grown == NULL)
        return;
    run->run.layers = grown;
    size_t *maps = rows_add(query, run->maps, run->run.n_layers, sizeof *maps);
    if (maps == NULL)
        return;
    run->maps = maps;
    maps[run->run.n_layers] = db_get_count(query, 4, INT32_MAX);
    struct layer *layer = &grown[run->run.n_layers++];
    layer->name = db_get_bounded(query, 1, STORE_MAX_NAME);
    char *kind = db_get_text(query, 2);
    char *axes = db_get_text(query, 3);
    if (kind == NULL || !layer_kind_parse(kind, &layer->kind))
        db_damaged(query, 2);
    if (axes == NULL || !layer_axes_parse(axes, &layer->axes))
        db_damaged(query, 3);
    free(kind);
    free(axes);
}

static void read_metric(struct query *query, struct store_run *run)
{
    rows_metric(query, 1, &run->metrics, &run->n_metrics);
}

/* Rows that belong to runs: their first column is the run's id, by which they are sorted. */
static const struct part {
    const char *sql;
    void (*read)(struct query *query, struct store_run *run);
} parts[] = {
    {"SELECT run, key, type, text, number FROM params WHERE run BETWEEN ? AND ? ORDER BY run, position", read_param},
    {"SELECT run, key, type, text, number FROM tags WHERE run BETWEEN ? AND ? ORDER BY run, position", read_tag},
    {"SELECT run, name, kind, axes, maps FROM layers WHERE run BETWEEN ? AND ? ORDER BY run, position", read_layer},
    {"SELECT runs.id, metrics.name, metrics.value FROM runs CROSS JOIN metrics ON metrics.snapshot ="
     " (SELECT id FROM snapshots WHERE run = runs.id"
     "  AND EXISTS(SELECT 1 FROM metrics AS any WHERE any.snapshot = snapshots.id)"
     "  ORDER BY step DESC, batch DESC LIMIT 1)"
     " WHERE runs.id BETWEEN ? AND ? ORDER BY runs.id, metrics.position",
     read_metric},
};

static enum ifl_status read_part(struct list *list, const struct part *part)
{
    struct query query = db_query(list->store, list->doing, part->sql, list->error);
    db_int(&query, list->first);
    db_int(&query, list->last);
    for (size_t k = 0; db_row(&query);) {
        int64_t owner = db_get_int(&query, 0);
        while (k < list->count && list->runs[k].id < owner)
            k++;
        if (k < list->count && list->runs[k].id == owner)
            part->read(&query, &list->runs[k]);
    }
    return db_done(&query);
}

static enum ifl_status read_list(struct list *list)
{
    enum ifl_status status = db_begin_read(list->store, list->doing, list->error);
    if (status != IFL_OK)
        return status;
    status = read_runs(list);
    for (size_t k = 0; k < sizeof parts / sizeof *parts && status == IFL_OK; k++)
        status = read_part(list, &parts[k]);
    return db_end(list->store, list->doing, status, list->error);
}

enum ifl_status store_get_run(struct store *store, int64_t id, struct store_run *out, struct ifl_error *error)
{
    struct list list = {.store = store, .doing = reading, .error = error, .first = id, .last = id, .among = STORE_ANY};
    enum ifl_status status = read_list(&list);
    if (status == IFL_OK && list.count == 0)
        status = ifl_fail(error, IFL_NOT_FOUND, "%s: no run with id %" PRId64, store->path, id);
    if (status == IFL_OK) {
        *out = list.runs[0];
        free(list.runs);
        return IFL_OK;
    }
    store_runs_free(list.runs, list.count);
    return status;
}

enum ifl_status store_run_name(struct store *store, int64_t id, char **name, struct ifl_error *error)
{
    struct query query = db_query(store, reading, "SELECT name FROM runs WHERE id = ?", error);
    db_int(&query, id);
    char *found = db_row(&query) ? db_get_bounded(&query, 0, STORE_MAX_NAME) : NULL;
    enum ifl_status status = db_done(&query);
    if (status == IFL_OK && found == NULL)
        status = ifl_fail(error, IFL_NOT_FOUND, "%s: no run with id %" PRId64, store->path, id);
    if (status == IFL_OK)
        *name = found;
    else
        free(found);
    return status;
}

/* ---- where some are damaged ---- */

/* `why`, and of which run: `PATH: NAME: why`. */
static void leave_out(struct store *store, int64_t id, const struct ifl_error *why, struct store_left_out *left_out)
{
    char *name = NULL;
    const char *reason = db_after_path(store, why->message);
    if (left_out->count++ > 0)
        return;
    if (store_run_name(store, id, &name, NULL) == IFL_OK)
        ifl_fail(&left_out->first, why->status, "%s: %s: %s", store->path, name, reason);
    else
        ifl_fail(&left_out->first, why->status, "%s: run %" PRId64 ": %s", store->path, id, reason);
    free(name);
}

/* Adds the run, or leaves it out; one that is gone meanwhile is nobody's. */
static enum ifl_status add_sound(struct list *list, int64_t id, struct store_left_out *left_out)
{
    struct ifl_error why;
    struct store_run *grown = rows_grow(list->runs, list->count, sizeof *grown);
    if (grown == NULL)
        return ifl_fail(list->error, IFL_NO_MEMORY, "%s: %s: out of memory", list->store->path, listing);
    list->runs = grown;
    enum ifl_status status = store_get_run(list->store, id, &grown[list->count], &why);
    list->count += status == IFL_OK;
    if (status == IFL_REFUSED)
        leave_out(list->store, id, &why, left_out);
    if (status == IFL_OK || status == IFL_REFUSED || status == IFL_NOT_FOUND)
        return IFL_OK;
    return ifl_fail(list->error, status, "%s", why.message);
}

/* One by one, so that only what is damaged is lacking. */
static enum ifl_status list_sound(struct list *list, struct store_left_out *left_out)
{
    int64_t id = 0;
    enum ifl_status status = IFL_OK;
    do {
        status = rows_next_run(list->store, listing, list->among, &id, list->error);
        if (status == IFL_OK && id != 0)
            status = add_sound(list, id, left_out);
    } while (status == IFL_OK && id != 0);
    return status;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const struct store_run *)a)->run.name, ((const struct store_run *)b)->run.name);
}

enum ifl_status store_list_runs(struct store *store, struct store_run **out, size_t *count, struct ifl_error *error)
{
    return store_list_runs_among(store, STORE_ALIVE, out, count, NULL, error);
}

enum ifl_status store_list_runs_among(struct store *store, enum store_among among, struct store_run **out,
                                      size_t *count, struct store_left_out *left_out, struct ifl_error *error)
{
    struct store_left_out damaged = {0};
    struct list list = {
        .store = store, .doing = listing, .error = error, .first = INT64_MIN, .last = INT64_MAX, .among = among};
    enum ifl_status status = read_list(&list);
    if (status == IFL_REFUSED) {
        store_runs_free(list.runs, list.count);
        list.runs = NULL;
        list.count = 0;
        status = list_sound(&list, &damaged);
    }
    if (status == IFL_OK && left_out == NULL && damaged.count > 0)
        status = ifl_fail(error, IFL_REFUSED, "%s", damaged.first.message);
    if (status != IFL_OK) {
        store_runs_free(list.runs, list.count);
        return status;
    }
    if (list.count > 1)
        qsort(list.runs, list.count, sizeof *list.runs, compare_names);
    *out = list.runs;
    *count = list.count;
    if (left_out != NULL)
        *left_out = damaged;
    return IFL_OK;
}
