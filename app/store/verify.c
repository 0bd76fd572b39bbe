/* The integrity of the whole file. SQLite's own check knows nothing of the numbers in a blob: the digests do. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/maps.h>
#include <store/arrays.h>
#include <store/rows.h>
#include <store/spectra.h>

static const char *const doing = "cannot verify";

struct place { /* a snapshot, for its name */
    int64_t id, run;
    char *name; /* the run's */
    int64_t step, batch;
    size_t n, layers, map_limit;
};

/* A variable of one, as its row has it. */
struct listed {
    int64_t id;
    struct array array; /* but for the map */
};

struct verify {
    struct store *store;
    const struct store_verifier *verifier;
    struct store_verified found;
    struct place *places;
    size_t n_places;
    const struct place *here; /* NULL: the file itself */
    struct listed *variables; /* of this snapshot */
    size_t n_variables;
    void *numbers; /* room for the largest array and spectrum of a snapshot of n */
    size_t n;
};

static void verify_release(struct verify *v)
{
    for (size_t k = 0; k < v->n_places; k++)
        free(v->places[k].name);
    free(v->places);
    free(v->variables);
    free(v->numbers);
}

static void report(struct verify *v, const char *what, const char *how)
{
    struct store_damage damage = {.run = "", .what = what, .how = how};
    if (v->here != NULL) {
        damage.run = v->here->name;
        damage.step = v->here->step;
        damage.batch = v->here->batch;
    }
    v->found.damages++;
    v->verifier->damage(v->verifier->context, &damage);
}

/* What cannot be read for damage is damage found; any other failure ends the work. */
static enum ifl_status settle(struct verify *v, const char *what, enum ifl_status status, struct ifl_error *error)
{
    if (status != IFL_REFUSED)
        return status;
    report(v, what, db_after_path(v->store, error->message));
    return IFL_OK;
}

/* ---- the file ---- */

static enum ifl_status check_file(struct verify *v, struct ifl_error *error)
{
    struct query query = db_query(v->store, doing, "PRAGMA integrity_check(100)", error);
    while (db_row(&query)) {
        char *text = db_get_text(&query, 0);
        if (text != NULL && strcmp(text, "ok") != 0)
            report(v, "file", text);
        free(text);
    }
    return db_done(&query);
}

static enum ifl_status check_references(struct verify *v, struct ifl_error *error)
{
    struct query query = db_query(v->store, doing, "PRAGMA foreign_key_check", error);
    while (db_row(&query)) {
        char *table = db_get_text(&query, 0), *parent = db_get_text(&query, 2), how[256];
        snprintf(how, sizeof how, "row %" PRId64 " belongs to nothing in %.100s", db_get_int(&query, 1),
                 parent != NULL ? parent : "?");
        if (table != NULL)
            report(v, table, how);
        free(table);
        free(parent);
    }
    return db_done(&query);
}

/* The one row of a table. */
static enum ifl_status check_single(struct verify *v, const char *table, const char *sql, struct ifl_error *error)
{
    struct query query = db_query(v->store, doing, sql, error);
    bool there = db_row(&query);
    enum ifl_status status = db_done(&query);
    if (status == IFL_OK && !there)
        report(v, table, "its row is missing or damaged");
    return status;
}

/* What a list of runs shows of one. */
static enum ifl_status check_run(struct verify *v, int64_t id, struct ifl_error *error)
{
    struct store_run run;
    char *name = NULL;
    enum ifl_status status = store_get_run(v->store, id, &run, error);
    if (status == IFL_OK)
        store_run_release(&run);
    if (status != IFL_REFUSED)
        return status == IFL_NOT_FOUND ? IFL_OK : status; /* deleted meanwhile */
    bool named = store_run_name(v->store, id, &name, NULL) == IFL_OK && name[0] != '\0';
    status = settle(v, named ? name : "runs", status, error);
    free(name);
    return status;
}

static enum ifl_status check_runs(struct verify *v, struct ifl_error *error)
{
    int64_t id = 0;
    enum ifl_status status = IFL_OK;
    do {
        status = rows_next_run(v->store, doing, STORE_ANY, &id, error);
        if (status == IFL_OK && id != 0)
            status = check_run(v, id, error);
    } while (status == IFL_OK && id != 0);
    return status;
}

static enum ifl_status list_places(struct verify *v, struct ifl_error *error)
{
    struct query query =
        db_query(v->store, doing,
                 "SELECT snapshots.id, run, coalesce(name, '?'), step, batch, n,"
                 " (SELECT count(*) FROM layers WHERE layers.run = snapshots.run), coalesce(map_limit, 0)"
                 " FROM snapshots LEFT JOIN runs ON runs.id = snapshots.run ORDER BY snapshots.run, step, batch",
                 error);
    while (db_row(&query)) {
        struct place *grown = rows_add(&query, v->places, v->n_places, sizeof *grown);
        if (grown == NULL)
            break;
        v->places = grown;
        struct place *place = &grown[v->n_places++];
        place->id = db_get_int(&query, 0);
        place->run = db_get_int(&query, 1);
        place->name = db_get_text(&query, 2);
        place->step = db_get_int(&query, 3);
        place->batch = db_get_int(&query, 4);
        int64_t n = db_get_int(&query, 5); /* of this snapshot alone, if it is none */
        place->n = n >= 2 && n <= (int64_t)ARRAY_MAX_N ? (size_t)n : 0;
        place->layers = db_get_count(&query, 6, INT32_MAX);
        int64_t limit = db_get_int(&query, 7);
        place->map_limit = limit > 0 && limit <= INT32_MAX ? (size_t)limit : 0;
    }
    if (v->n_places > 0 && v->places[v->n_places - 1].name == NULL)
        v->n_places--;
    return db_done(&query);
}

/* ---- arrays ---- */

static const char *name_of(struct verify *v, const struct array *array, char out[256])
{
    return array_name(v->store, v->here->run, array->of, array->layer, out, 256);
}

/* `damaged`, `map 3: damaged`. */
static void report_array(struct verify *v, const struct array *array, const char *how)
{
    char name[256], text[64];
    if (array->maps == 1)
        snprintf(text, sizeof text, "%s", how);
    else if (array->map == IFL_ALL_MAPS)
        snprintf(text, sizeof text, "sum: %s", how);
    else
        snprintf(text, sizeof text, "map %" PRId32 ": %s", array->map, how);
    report(v, name_of(v, array, name), text);
}

/* Rows whose values no variable has are damage; each is named as far as can be. */
static void list_variable(struct verify *v, struct query *query)
{
    struct ifl_error why = {.message = ""};
    struct query quiet = *query;
    quiet.error = &why;
    enum ifl_of of = (enum ifl_of)rows_name(&quiet, 1, role_names, ROLES);
    bool of_layer = of == IFL_OF_T || of == IFL_OF_DELTA;
    struct array array = {.step = v->here->step, .batch = v->here->batch, .n = v->here->n, .of = of};
    array.layer = (int32_t)db_get_count(&quiet, 2, INT32_MAX);
    array.maps = db_get_count(&quiet, 3, of_layer ? INT32_MAX : 1);
    array.dim = db_get_count(&quiet, 4, of == IFL_OF_Y ? INT32_MAX : INT64_MAX);
    if (quiet.status == IFL_OK && (size_t)array.layer >= (of_layer ? v->here->layers : 1))
        db_damaged(&quiet, 2);
    if (quiet.status == IFL_OK && (array.maps == 0 || array.dim == 0))
        db_damaged(&quiet, array.maps == 0 ? 3 : 4);
    if (quiet.status == IFL_NO_MEMORY) {
        db_no_memory(query);
    } else if (quiet.status != IFL_OK) {
        report(v, "variables", strstr(why.message, "damaged") != NULL ? strstr(why.message, "damaged") : "damaged");
    } else {
        struct listed *grown = rows_add(query, v->variables, v->n_variables, sizeof *grown);
        if (grown == NULL)
            return;
        v->variables = grown;
        grown[v->n_variables++] = (struct listed){db_get_int(query, 0), array};
    }
}

static enum ifl_status list_variables(struct verify *v, struct ifl_error *error)
{
    struct query query =
        db_query(v->store, doing, "SELECT id, role, layer, maps, dim FROM variables WHERE snapshot = ?", error);
    db_int(&query, v->here->id);
    v->n_variables = 0;
    while (db_row(&query))
        list_variable(v, &query);
    return db_done(&query);
}

/* The numbers that a sound array may hold. */
static bool are_sound(const struct array *array, const void *numbers)
{
    if (array->of != IFL_OF_Y)
        return array_first_bad(numbers, ifl_pair_count(array->n)) == ifl_pair_count(array->n);
    const int32_t *labels = numbers;
    for (size_t k = 0; k < array->n; k++)
        if (labels[k] < 0 || (size_t)labels[k] >= array->dim)
            return false;
    return true;
}

/* One row of arrays; true where it is one that the variable ought to have. */
static bool check_array(struct verify *v, struct query *query, struct array array)
{
    char *kind = db_get_text(query, 0);
    int64_t map = db_get_int(query, 1);
    bool known = kind != NULL && strcmp(kind, array.of == IFL_OF_Y ? "labels" : "d2") == 0;
    known = known && ((map >= 0 && maps_holds(array.maps, maps_kept(array.maps, v->here->map_limit), (size_t)map)) ||
                      (map == IFL_ALL_MAPS && array.maps > 1));
    free(kind);
    if (query->status != IFL_OK)
        return false;
    v->found.arrays++;
    array.map = (int32_t)map;
    if (!known)
        report_array(v, &array, "not an array of this variable");
    else if (!array_read(query, 2, &array, v->numbers))
        report_array(v, &array, "damaged");
    else if (query->status == IFL_OK && !are_sound(&array, v->numbers))
        report_array(v, &array, array.of == IFL_OF_Y ? "a label outside its classes" : "not finite");
    return known;
}

static enum ifl_status check_arrays(struct verify *v, const struct listed *variable, struct ifl_error *error)
{
    struct query query =
        db_query(v->store, doing, "SELECT kind, map, digest, data FROM arrays WHERE variable = ?", error);
    db_int(&query, variable->id);
    size_t there = 0, maps = variable->array.maps, ought = maps_kept(maps, v->here->map_limit) + (maps > 1);
    while (db_row(&query))
        there += check_array(v, &query, variable->array);
    enum ifl_status status = db_done(&query);
    if (status == IFL_OK && there < ought) {
        char name[256], how[64];
        snprintf(how, sizeof how, "%zu of %zu arrays missing", ought - there, ought);
        report(v, name_of(v, &variable->array, name), how);
    }
    return status;
}

/* ---- spectra ---- */

static enum ifl_status check_spectra(struct verify *v, struct ifl_error *error)
{
    struct query query =
        db_query(v->store, doing,
                 "SELECT spectrum_sets.id, variable, joined, layer, i, j, digest, data FROM spectrum_sets"
                 " CROSS JOIN spectra ON spectrum_set = spectrum_sets.id WHERE snapshot = ?",
                 error);
    db_int(&query, v->here->id);
    size_t damaged = 0, all = 0;
    for (struct ifl_subset subset; db_row(&query); all++)
        damaged += !spectra_read(&query, v->here->n, &subset, v->numbers);
    enum ifl_status status = db_done(&query);
    v->found.spectra += all;
    if (damaged > 0) {
        char how[96];
        snprintf(how, sizeof how, "%zu of %zu damaged; they will be computed again", damaged, all);
        report(v, "spectra", how);
    }
    return status;
}

/* ---- snapshots ---- */

static enum ifl_status check_metrics(struct verify *v, struct ifl_error *error)
{
    struct metric *metrics = NULL;
    size_t count = 0;
    struct query query = db_query(v->store, doing, "SELECT name, value FROM metrics WHERE snapshot = ?", error);
    db_int(&query, v->here->id);
    while (db_row(&query))
        rows_metric(&query, 0, &metrics, &count);
    metrics_free(metrics, count);
    return db_done(&query);
}

static enum ifl_status make_room(struct verify *v, struct ifl_error *error)
{
    size_t n = v->here->n, pairs = 4 * ifl_pair_count(n); /* n <= ARRAY_MAX_N: no overflow */
    if (v->n == n)
        return IFL_OK;
    free(v->numbers);
    v->n = 0;
    v->numbers = ifl_alloc(pairs > 8 * n ? pairs : 8 * n, 1);
    if (v->numbers == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "%s: %s: out of memory", v->store->path, doing);
    v->n = n;
    return IFL_OK;
}

static enum ifl_status is_there(struct verify *v, bool *there, struct ifl_error *error)
{
    struct query query = db_query(v->store, doing, "SELECT 1 FROM snapshots WHERE id = ?", error);
    db_int(&query, v->here->id);
    *there = db_row(&query);
    return db_done(&query);
}

/* In one transaction, so that nobody deletes half of what is looked at; a transaction each, so that others can write.
 */
static enum ifl_status check_snapshot(struct verify *v, struct ifl_error *error)
{
    bool there = false;
    enum ifl_status status = is_there(v, &there, error);
    if (status != IFL_OK || !there)
        return status;
    v->found.snapshots++;
    if (v->here->n == 0)
        report(v, "snapshot", "a number of samples that cannot be");
    status = v->here->n > 0 ? make_room(v, error) : IFL_OK;
    if (status != IFL_OK || v->here->n == 0)
        return status;
    status = settle(v, "metrics", check_metrics(v, error), error);
    if (status == IFL_OK)
        status = settle(v, "variables", list_variables(v, error), error);
    for (size_t k = 0; k < v->n_variables && status == IFL_OK; k++) {
        char name[256];
        status = check_arrays(v, &v->variables[k], error);
        if (status == IFL_REFUSED)
            status = settle(v, name_of(v, &v->variables[k].array, name), status, error);
    }
    if (status == IFL_OK)
        status = settle(v, "spectra", check_spectra(v, error), error);
    return status;
}

static enum ifl_status check_snapshots(struct verify *v, struct ifl_error *error)
{
    enum ifl_status status = settle(v, "snapshots", list_places(v, error), error);
    for (size_t k = 0; k < v->n_places && status == IFL_OK; k++) {
        if (v->verifier->progress != NULL)
            v->verifier->progress(v->verifier->context, k, v->n_places);
        v->here = &v->places[k];
        status = db_begin_read(v->store, doing, error);
        if (status == IFL_OK)
            status = settle(v, "snapshot", db_end(v->store, doing, check_snapshot(v, error), error), error);
    }
    v->here = NULL;
    return status;
}

enum ifl_status store_verify(struct store *store, const struct store_verifier *verifier, struct store_verified *out,
                             struct ifl_error *error)
{
    struct ifl_error why; /* is read even where the caller's is NULL */
    struct verify v = {.store = store, .verifier = verifier};
    enum ifl_status status = settle(&v, "file", check_file(&v, &why), &why);
    if (status == IFL_OK)
        status = settle(&v, "references", check_references(&v, &why), &why);
    if (status == IFL_OK)
        status = settle(&v, "about", check_single(&v, "about", "SELECT 1 FROM about WHERE length(identity) = 32", &why),
                        &why);
    if (status == IFL_OK)
        status = settle(&v, "changes", check_single(&v, "changes", "SELECT 1 FROM changes", &why), &why);
    if (status == IFL_OK)
        status = settle(&v, "runs", check_runs(&v, &why), &why);
    if (status == IFL_OK)
        status = check_snapshots(&v, &why);
    if (status == IFL_OK)
        *out = v.found;
    else if (error != NULL)
        *error = why;
    verify_release(&v);
    return status;
}
