#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>

#include "fixture.h"

char folder[64];
char database[96];

void folder_make(void)
{
    /* in memory where that can be: some of these tests wait for a disk ten thousand times */
    const char *root = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(folder, sizeof folder, "%s/infoflow-store-XXXXXX", root);
    cr_assert(mkdtemp(folder) != NULL);
    cr_assert_eq(chmod(folder, 0777), 0);
    snprintf(database, sizeof database, "%s/runs.db", folder);
}

void folder_remove(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    cr_assert_eq(system(command), 0);
}

struct store *open_store(enum store_mode mode)
{
    struct store *store = NULL;
    assert_ok(store_open(&store, database, mode, &error));
    return store;
}

static int first_column(void *out, int columns, char **values, char **names)
{
    (void)names;
    if (columns > 0 && values[0] != NULL)
        *(int64_t *)out = strtoll(values[0], NULL, 10);
    return 0;
}

int64_t raw_int(const char *sql)
{
    sqlite3 *db = NULL;
    int64_t out = 0;
    char *message = NULL;
    cr_assert_eq(sqlite3_open(database, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(db, sql, first_column, &out, &message), SQLITE_OK, "%s: %s", sql, message);
    sqlite3_close(db);
    return out;
}

void raw(const char *sql)
{
    raw_int(sql);
}

void assert_whole(void)
{
    if (file_size(database) <= 0)
        return;
    int64_t wrong =
        raw_int("WITH counts(r, s) AS (SELECT (SELECT count(*) FROM runs), (SELECT count(*) FROM snapshots))"
                " SELECT abs((SELECT count(*) FROM params) - 5 * r)"
                " + abs((SELECT count(*) FROM layers) - 3 * r)"
                " + abs((SELECT count(*) FROM metrics) - 3 * s)"
                " + abs((SELECT count(*) FROM variables) - 8 * s)"
                " + abs((SELECT count(*) FROM arrays) - 14 * s)"
                " + (SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok')"
                " FROM counts");
    cr_assert_eq(wrong, 0);
}

static sqlite3 *holder;

void raw_hold(void)
{
    cr_assert_eq(sqlite3_open(database, &holder), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(holder, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
}

void raw_held(const char *sql)
{
    cr_assert_eq(sqlite3_exec(holder, sql, NULL, NULL, NULL), SQLITE_OK, "%s", sql);
}

void raw_let_go(void)
{
    sqlite3_close(holder);
}

uint64_t file_hash(const char *path)
{
    FILE *file = fopen(path, "rb");
    cr_assert(file != NULL, "%s", path);
    uint64_t hash = UINT64_C(14695981039346656037);
    for (int byte; (byte = getc(file)) != EOF;)
        hash = (hash ^ (uint64_t)byte) * UINT64_C(1099511628211);
    fclose(file);
    return hash;
}

long file_size(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 ? (long)info.st_size : -1;
}

/* ---- made-up runs ---- */

static void set_field(struct field *field, const char *key, enum field_type type, const char *text, double number)
{
    *field = (struct field){.key = strdup(key), .type = type, .text = strdup(text), .number = number};
}

struct run make_run(const char *name)
{
    static const char *const layers[] = {"conv1", "pool1", "fc1"};
    struct run run = {.name = strdup(name)};
    run.n_params = 5;
    run.params = ifl_alloc(run.n_params, sizeof *run.params);
    set_field(&run.params[0], "topology", FIELD_TEXT, "6-12", 0);
    set_field(&run.params[1], "lr", FIELD_NUMBER, "0.1", 0.1);
    set_field(&run.params[2], "augment", FIELD_BOOL, "true", 0);
    set_field(&run.params[3], "decay", FIELD_NULL, "null", 0);
    set_field(&run.params[4], "maps", FIELD_JSON, "[6,12]", 0);
    run.n_tags = 1;
    run.tags = ifl_alloc(run.n_tags, sizeof *run.tags);
    set_field(&run.tags[0], "note", FIELD_TEXT, "a \x1b[31m 'note' \xff", 0);
    run.n_layers = 3;
    run.layers = ifl_alloc(run.n_layers, sizeof *run.layers);
    for (size_t k = 0; k < run.n_layers; k++) {
        run.layers[k].name = strdup(layers[k]);
        run.layers[k].kind = (enum layer_kind)k;
        run.layers[k].axes = (enum layer_axes)k;
    }
    return run;
}

struct snapshot make_bare_snapshot(int64_t step, size_t n)
{
    return (struct snapshot){.step = step, .epoch = NAN, .n = n};
}

static void set_variable(struct variable *variable, enum ifl_of of, int32_t layer, size_t maps, size_t n, int64_t step)
{
    size_t count = (maps + (maps > 1)) * ifl_pair_count(n);
    *variable = (struct variable){.of = of, .layer = layer, .maps = maps, .kept = maps, .dim = 10 * (size_t)layer + 7};
    variable->distances = ifl_alloc(count, sizeof *variable->distances);
    for (size_t k = 0; k < count; k++)
        variable->distances[k] = (float)k + 0.125F * (float)step + 1000.0F * (float)of + 100.0F * (float)layer;
}

struct snapshot make_snapshot(int64_t step, int64_t batch, size_t n)
{
    static const size_t maps[] = {3, 1, 1};
    struct snapshot snapshot = {.step = step, .batch = batch, .epoch = (double)step / 469, .n = n, .classes = 10};
    snapshot.labels = ifl_alloc(n, sizeof *snapshot.labels);
    for (size_t k = 0; k < n; k++)
        snapshot.labels[k] = (int32_t)((k * 7 + (size_t)step) % 10);
    snapshot.n_metrics = 3;
    snapshot.metrics = ifl_alloc(3, sizeof *snapshot.metrics);
    snapshot.metrics[0] = (struct metric){strdup("loss"), 1.0 / (double)(step + 3)};
    snapshot.metrics[1] = (struct metric){strdup("accuracy"), -INFINITY};
    snapshot.metrics[2] = (struct metric){strdup("broken"), NAN};
    snapshot.n_variables = 7;
    snapshot.variables = ifl_alloc(7, sizeof *snapshot.variables);
    set_variable(&snapshot.variables[0], IFL_OF_X, 0, 1, n, step);
    for (int32_t k = 0; k < 3; k++) {
        set_variable(&snapshot.variables[1 + k], IFL_OF_T, k, maps[k], n, step);
        set_variable(&snapshot.variables[4 + k], IFL_OF_DELTA, k, maps[k], n, step);
    }
    return snapshot;
}

int64_t add_run(struct store *store, const char *name, size_t snapshots, size_t n)
{
    int64_t id = 0;
    struct run run = make_run(name);
    assert_ok(store_add_run(store, &run, &id, &error));
    run_release(&run);
    for (size_t k = 0; k < snapshots; k++) {
        struct snapshot snapshot = make_snapshot(10 * (int64_t)k, 0, n);
        bool added = false;
        assert_ok(store_add_snapshot(store, id, &snapshot, &added, &error));
        cr_assert(added);
        snapshot_release(&snapshot);
    }
    return id;
}

void put_array(struct store *store, const struct array *array, const void *numbers)
{
    static const char *const roles[] = {"X", "Y", "T", "delta"};
    unsigned char *scratch = ifl_alloc(array_bytes(array), 1);
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT id FROM variables WHERE role = '%s' AND layer = %d", roles[array->of],
             (int)array->layer);
    int64_t variable = raw_int(sql);
    snprintf(sql, sizeof sql, "DELETE FROM arrays WHERE variable = %d", (int)variable);
    raw(sql);
    assert_ok(array_insert(store, variable, array, numbers, scratch, &error));
    free(scratch);
}
