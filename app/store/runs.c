/* Runs in, and found; run_list.c reads them, edit.c changes them. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <store/rows.h>
#include <store/stamp.h>

/* ---- adding ---- */

static const char *const adding = "cannot add the run";

/* A run of just this name, in the bin or not. */
struct named {
    int64_t id; /* 0: there is none */
    bool deleted;
};

static enum ifl_status find_name(struct store *store, const char *doing, const char *name, struct named *out,
                                 struct ifl_error *error)
{
    struct query query = db_query(store, doing, "SELECT id, deleted IS NOT NULL FROM runs WHERE name = ?", error);
    db_text(&query, name);
    struct named found = {0};
    if (db_row(&query)) {
        found.id = db_get_int(&query, 0);
        found.deleted = db_get_int(&query, 1) != 0;
    }
    enum ifl_status status = db_done(&query);
    if (status == IFL_OK)
        *out = found;
    return status;
}

static enum ifl_status insert_fields(struct store *store, const char *sql, int64_t run, const struct field *fields,
                                     size_t count, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    for (size_t k = 0; k < count && status == IFL_OK; k++) {
        struct query query = db_query(store, adding, sql, error);
        db_int(&query, run);
        db_int(&query, (int64_t)k);
        db_text(&query, fields[k].key);
        db_text(&query, field_type_names[fields[k].type]);
        db_text(&query, fields[k].text);
        if (fields[k].type == FIELD_NUMBER)
            db_real(&query, fields[k].number);
        status = db_run(&query);
    }
    return status;
}

static enum ifl_status insert_layers(struct store *store, int64_t run, const struct layer *layers, size_t count,
                                     struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    for (size_t k = 0; k < count && status == IFL_OK; k++) {
        struct query query =
            db_query(store, adding, "INSERT INTO layers(run, position, name, kind, axes) VALUES(?, ?, ?, ?, ?)", error);
        db_int(&query, run);
        db_int(&query, (int64_t)k);
        db_text(&query, layers[k].name);
        db_text(&query, layer_kind_name(layers[k].kind));
        db_text(&query, layer_axes_name(layers[k].axes));
        status = db_run(&query);
    }
    return status;
}

static enum ifl_status insert_run(struct store *store, const struct run *run, int64_t *id, struct ifl_error *error)
{
    struct query query = db_query(store, adding, "INSERT INTO runs(name, created, map_limit) VALUES(?, ?, ?)", error);
    db_text(&query, run->name);
    db_int(&query, (int64_t)time(NULL));
    db_int(&query, run->map_limit > INT32_MAX ? 0 : (int64_t)run->map_limit);
    enum ifl_status status = db_run(&query);
    int64_t added = sqlite3_last_insert_rowid(store->db);
    if (status == IFL_OK)
        status =
            insert_fields(store, "INSERT INTO params(run, position, key, type, text, number) VALUES(?, ?, ?, ?, ?, ?)",
                          added, run->params, run->n_params, error);
    if (status == IFL_OK)
        status =
            insert_fields(store, "INSERT INTO tags(run, position, key, type, text, number) VALUES(?, ?, ?, ?, ?, ?)",
                          added, run->tags, run->n_tags, error);
    if (status == IFL_OK)
        status = insert_layers(store, added, run->layers, run->n_layers, error);
    if (status == IFL_OK)
        status = stamp_tick(store, adding, error);
    if (status == IFL_OK)
        *id = added;
    return status;
}

/* The row of one stored layer against the same layer of the run that comes. */
static void compare_layer(struct query *query, const struct run *run, size_t position)
{
    char *name = db_get_text(query, 0);
    char *kind = db_get_text(query, 1);
    char *axes = db_get_text(query, 2);
    const struct layer *layer = &run->layers[position];
    if (name != NULL && kind != NULL && axes != NULL &&
        (strcmp(name, layer->name) != 0 || strcmp(kind, layer_kind_name(layer->kind)) != 0 ||
         strcmp(axes, layer_axes_name(layer->axes)) != 0))
        query->status = ifl_fail(
            query->error, IFL_REFUSED, "layers[%zu]: %s (%s, %s), but %s (%s, %s) in the database's run %s", position,
            layer->name, layer_kind_name(layer->kind), layer_axes_name(layer->axes), name, kind, axes, run->name);
    free(name);
    free(kind);
    free(axes);
}

static enum ifl_status check_layers(struct store *store, int64_t id, const struct run *run, struct ifl_error *error)
{
    struct query query =
        db_query(store, adding, "SELECT name, kind, axes FROM layers WHERE run = ? ORDER BY position", error);
    db_int(&query, id);
    size_t stored = 0;
    for (; db_row(&query); stored++)
        if (stored < run->n_layers)
            compare_layer(&query, run, stored);
    enum ifl_status status = db_done(&query);
    if (status == IFL_OK && stored != run->n_layers)
        status = ifl_fail(error, IFL_REFUSED, "layers: %zu, but %zu in the database's run %s", run->n_layers, stored,
                          run->name);
    return status;
}

/* The row of one stored param against that of the run that comes; one that only either has is no contradiction. */
static void compare_param(struct query *query, const struct run *run)
{
    char *key = db_get_text(query, 0);
    char *text = db_get_text(query, 1);
    const struct field *param = key == NULL ? NULL : run_param(run, key);
    if (param != NULL && text != NULL && strcmp(param->text, text) != 0)
        query->status = ifl_fail(query->error, IFL_REFUSED,
                                 "params: %s: %s, but %s in the database's run %s: another training of that name", key,
                                 param->text, text, run->name);
    free(key);
    free(text);
}

static enum ifl_status check_params(struct store *store, int64_t id, const struct run *run, struct ifl_error *error)
{
    struct query query = db_query(store, adding, "SELECT key, text FROM params WHERE run = ? ORDER BY position", error);
    db_int(&query, id);
    while (db_row(&query))
        compare_param(&query, run);
    return db_done(&query);
}

/* Whether what comes is the run that is there. */
static enum ifl_status check_same(struct store *store, int64_t id, const struct run *run, struct ifl_error *error)
{
    enum ifl_status status = check_params(store, id, run, error);
    return status == IFL_OK ? check_layers(store, id, run, error) : status;
}

/* What could not be read again is not written. */
static enum ifl_status check_counts(const struct run *run, struct ifl_error *error)
{
    if (run->n_layers > STORE_MAX_LAYERS)
        return ifl_fail(error, IFL_REFUSED, "layers: %zu of them, more than %zu", run->n_layers, STORE_MAX_LAYERS);
    if (run->n_params > STORE_MAX_FIELDS || run->n_tags > STORE_MAX_FIELDS)
        return ifl_fail(error, IFL_REFUSED, "%s: more than %zu", run->n_params > run->n_tags ? "params" : "tags",
                        STORE_MAX_FIELDS);
    return IFL_OK;
}

enum ifl_status store_add_run(struct store *store, const struct run *run, int64_t *id, struct ifl_error *error)
{
    struct named found = {0};
    enum ifl_status status = check_counts(run, error);
    if (status == IFL_OK)
        status = db_begin_write(store, adding, error);
    if (status != IFL_OK)
        return status;
    status = find_name(store, adding, run->name, &found, error);
    if (status == IFL_OK && found.deleted)
        status = ifl_fail(error, IFL_REFUSED, STORE_IN_BIN, run->name);
    if (status == IFL_OK)
        status = found.id != 0 ? check_same(store, found.id, run, error) : insert_run(store, run, &found.id, error);
    status = db_end(store, adding, status, error);
    if (status == IFL_OK)
        *id = found.id;
    return status;
}

enum ifl_status store_map_limit(struct store *store, int64_t id, size_t *limit, struct ifl_error *error)
{
    struct query query = db_query(store, "cannot look up the run", "SELECT map_limit FROM runs WHERE id = ?", error);
    db_int(&query, id);
    bool found = db_row(&query);
    size_t value = found ? db_get_count(&query, 0, INT32_MAX) : 0;
    enum ifl_status status = db_done(&query);
    if (status == IFL_OK && !found)
        return ifl_fail(error, IFL_NOT_FOUND, "%s: no run with id %" PRId64, store->path, id);
    if (status == IFL_OK)
        *limit = value;
    return status;
}

/* ---- finding ---- */

#define CANDIDATES 5

static const char *const finding = "cannot look up the run";

/* What a prefix fits: the first id, and a list of names for a person. */
struct matches {
    int64_t id;
    size_t count;
    char names[640];
};

static void add_match(struct query *query, struct matches *matches)
{
    char *name = db_get_text(query, 1);
    if (name == NULL)
        return;
    size_t used = strlen(matches->names);
    if (matches->count == 0)
        matches->id = db_get_int(query, 0);
    snprintf(matches->names + used, sizeof matches->names - used, "%s%s", matches->count == 0 ? "" : ", ",
             matches->count < CANDIDATES ? name : "...");
    matches->count++;
    free(name);
}

/* Binds what `deleted IS NOT NULL BETWEEN` takes. */
static void bind_among(struct query *query, enum store_among among)
{
    db_int(query, among == STORE_DELETED);
    db_int(query, among != STORE_ALIVE);
}

/* Bytes are compared, not characters: LIKE knows wildcards and folds case, and a name need not be valid UTF-8. */
static enum ifl_status find_prefix(struct store *store, enum store_among among, const char *prefix,
                                   struct matches *matches, struct ifl_error *error)
{
    struct query query = db_query(store, finding,
                                  "SELECT id, name FROM runs"
                                  " WHERE substr(CAST(name AS BLOB), 1, length(?1)) = ?1"
                                  " AND (deleted IS NOT NULL) BETWEEN ?2 AND ?3 ORDER BY name LIMIT ?4",
                                  error);
    db_blob(&query, prefix, strlen(prefix));
    bind_among(&query, among);
    db_int(&query, CANDIDATES + 1);
    while (db_row(&query))
        add_match(&query, matches);
    return db_done(&query);
}

/* 0 where `text` is no id or no run has it. */
static enum ifl_status find_id(struct store *store, enum store_among among, const char *text, int64_t *id,
                               struct ifl_error *error)
{
    if (text[0] == '\0' || strlen(text) > 18 || text[strspn(text, "0123456789")] != '\0')
        return IFL_OK;
    struct query query =
        db_query(store, finding, "SELECT id FROM runs WHERE id = ? AND (deleted IS NOT NULL) BETWEEN ? AND ?", error);
    db_int(&query, strtoll(text, NULL, 10));
    bind_among(&query, among);
    if (db_row(&query))
        *id = db_get_int(&query, 0);
    return db_done(&query);
}

static enum ifl_status no_such_run(struct store *store, const char *which, bool elsewhere, enum store_among among,
                                   struct ifl_error *error)
{
    const char *but = !elsewhere ? "" : among == STORE_ALIVE ? " (it was deleted)" : " (it is not deleted)";
    return ifl_fail(error, IFL_NOT_FOUND, "%s: %s: no such %srun%s", store->path, which,
                    among == STORE_DELETED ? "deleted " : "", but);
}

static enum ifl_status find_run(struct store *store, enum store_among among, const char *which, int64_t *id,
                                struct ifl_error *error)
{
    struct named named = {0};
    struct matches matches = {0};
    int64_t found = 0;
    enum ifl_status status = find_name(store, finding, which, &named, error);
    bool fits = among == STORE_ANY || named.deleted == (among == STORE_DELETED);
    if (named.id != 0 && fits)
        found = named.id;
    if (status == IFL_OK && found == 0 && which[0] != '\0')
        status = find_prefix(store, among, which, &matches, error);
    if (matches.count == 1)
        found = matches.id;
    if (status == IFL_OK && found == 0)
        status = find_id(store, among, which, &found, error);
    if (status != IFL_OK)
        return status;
    if (found == 0 && matches.count > 1)
        return ifl_fail(error, IFL_INVALID, "%s: %s: several runs begin so: %s", store->path, which, matches.names);
    if (found == 0)
        return no_such_run(store, which, named.id != 0, among, error);
    *id = found;
    return IFL_OK;
}

enum ifl_status store_find_run_among(struct store *store, enum store_among among, const char *which, int64_t *id,
                                     struct ifl_error *error)
{
    enum ifl_status status = db_begin_read(store, finding, error);
    if (status != IFL_OK)
        return status;
    int64_t found = 0;
    status = find_run(store, among, which, &found, error);
    status = db_end(store, finding, status, error);
    if (status == IFL_OK)
        *id = found;
    return status;
}

enum ifl_status store_find_run(struct store *store, const char *which, int64_t *id, struct ifl_error *error)
{
    return store_find_run_among(store, STORE_ALIVE, which, id, error);
}

enum ifl_status store_find_named(struct store *store, const char *name, int64_t *id, struct ifl_error *error)
{
    struct named named;
    enum ifl_status status = find_name(store, finding, name, &named, error);
    if (status == IFL_OK)
        *id = named.id;
    return status;
}
