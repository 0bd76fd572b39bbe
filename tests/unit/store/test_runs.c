/* Runs in and out, found by name, prefix and id. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fixture.h"

TestSuite(runs, .init = folder_make, .fini = folder_remove);

static void assert_same_fields(const struct field *a, const struct field *b, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        cr_assert_str_eq(a[k].key, b[k].key);
        cr_assert_eq(a[k].type, b[k].type);
        cr_assert_str_eq(a[k].text, b[k].text);
        cr_assert_eq(a[k].number, b[k].number);
    }
}

Test(runs, come_back_as_they_were)
{
    struct store *store = open_store(STORE_CREATE);
    struct run run = make_run("mnist");
    int64_t id = add_run(store, "mnist", 3, 4), before = (int64_t)time(NULL);
    struct snapshot last = make_bare_snapshot(40, 4); /* without metrics: those of step 20 are the last */
    bool added;
    assert_ok(store_add_snapshot(store, id, &last, &added, &error));

    struct store_run got;
    assert_ok(store_get_run(store, id, &got, &error));
    cr_assert_eq(got.id, id);
    cr_assert_str_eq(got.run.name, "mnist");
    cr_assert_eq(got.run.n_params, run.n_params);
    assert_same_fields(got.run.params, run.params, run.n_params);
    cr_assert_eq(got.run.n_tags, run.n_tags);
    assert_same_fields(got.run.tags, run.tags, run.n_tags);
    cr_assert_eq(got.run.n_layers, 3);
    for (size_t k = 0; k < 3; k++) {
        cr_assert_str_eq(got.run.layers[k].name, run.layers[k].name);
        cr_assert_eq(got.run.layers[k].kind, run.layers[k].kind);
        cr_assert_eq(got.run.layers[k].axes, run.layers[k].axes);
    }
    cr_assert_eq(got.snapshots, 4);
    cr_assert_eq(got.n, 4);
    cr_assert_eq(got.first_step, 0);
    cr_assert_eq(got.last_step, 40);
    cr_assert(got.maps[0] == 3 && got.maps[1] == 1 && got.maps[2] == 1);
    cr_assert_str_eq(got.note, "");
    cr_assert_eq(got.deleted, 0);
    cr_assert(got.created >= before - 60 && got.created <= before + 60);
    cr_assert_eq(got.n_metrics, 3);
    cr_assert_str_eq(got.metrics[0].name, "loss");
    cr_assert_eq(got.metrics[0].value, 1.0 / 23);
    cr_assert_eq(got.metrics[1].value, -INFINITY);
    cr_assert(isnan(got.metrics[2].value));
    store_run_release(&got);
    run_release(&run);
    store_close(store);
}

Test(runs, may_have_nothing)
{
    struct store *store = open_store(STORE_CREATE);
    struct run run = {.name = strdup("")};
    struct store_run got, *all;
    size_t count;
    int64_t id;
    assert_ok(store_list_runs(store, &all, &count, &error));
    cr_assert_eq(count, 0);
    store_runs_free(all, count);
    assert_ok(store_add_run(store, &run, &id, &error));
    assert_ok(store_get_run(store, id, &got, &error));
    cr_assert_str_eq(got.run.name, "");
    cr_assert_eq(got.run.n_params + got.run.n_tags + got.run.n_layers + got.snapshots + got.n + got.n_metrics, 0);
    store_run_release(&got);
    run_release(&run);
    store_close(store);
}

Test(runs, are_listed_by_name)
{
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "b", 2, 4);
    add_run(store, "c", 0, 4);
    add_run(store, "a", 1, 5);
    struct store_run *runs;
    size_t count;
    assert_ok(store_list_runs(store, &runs, &count, &error));
    cr_assert_eq(count, 3);
    for (size_t k = 0; k < count; k++) {
        static const size_t snapshots[] = {1, 2, 0}, n[] = {5, 4, 0};
        cr_assert_eq(runs[k].run.name[0], 'a' + (char)k);
        cr_assert_eq(runs[k].snapshots, snapshots[k]);
        cr_assert_eq(runs[k].n, n[k]);
        cr_assert_eq(runs[k].run.n_params, 5);
        cr_assert_eq(runs[k].run.n_tags, 1);
        cr_assert_eq(runs[k].run.n_layers, 3);
        cr_assert_eq(runs[k].n_metrics, snapshots[k] > 0 ? 3 : 0);
    }
    store_runs_free(runs, count);
    store_close(store);
}

Test(runs, are_added_once_and_keep_their_fields)
{
    struct store *store = open_store(STORE_CREATE);
    int64_t first = add_run(store, "mnist", 0, 4), again = 0;
    struct run run = make_run("mnist");
    free(run.params[1].key);
    run.params[1].key = strdup("rate"); /* one that is new, and one that is missing */
    assert_ok(store_add_run(store, &run, &again, &error));
    cr_assert_eq(again, first);
    cr_assert_eq(raw_int("SELECT count(*) FROM runs"), 1);
    cr_assert_eq(raw_int("SELECT count(*) FROM params"), 5);
    cr_assert_eq(raw_int("SELECT count(*) FROM params WHERE text = '0.1'"), 1);
    run_release(&run);
    store_close(store);
}

Test(runs, with_other_params_are_refused)
{
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "mnist", 0, 4);
    int64_t id = -7;
    struct run run = make_run("mnist");
    free(run.params[1].text);
    run.params[1].text = strdup("0.2");
    assert_fails(store_add_run(store, &run, &id, &error), IFL_REFUSED,
                 "params: lr: 0.2, but 0.1 in the database's run mnist: another training of that name");
    cr_assert_eq(id, -7);
    run_release(&run);
    store_close(store);
}

Test(runs, with_other_layers_are_refused)
{
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "mnist", 0, 4);
    int64_t id = -7;
    struct run run = make_run("mnist");
    run.n_layers = 2;
    assert_fails(store_add_run(store, &run, &id, &error), IFL_REFUSED, "layers: 2, but 3 in the database's run mnist");
    run.n_layers = 3;
    run.layers[1].kind = LAYER_FC;
    assert_fails(store_add_run(store, &run, &id, &error), IFL_REFUSED,
                 "layers[1]: pool1 (fc, NHWC), but pool1 (pool, NHWC) in the database's run mnist");
    run.layers[1].kind = LAYER_POOL;
    run.layers[2].name[0] = 'F';
    assert_fails(store_add_run(store, &run, &id, &error), IFL_REFUSED, "layers[2]: Fc1 (fc, ND), but fc1");
    cr_assert_eq(id, -7);
    run_release(&run);
    store_close(store);
}

static int64_t find(struct store *store, const char *which)
{
    int64_t id = 0;
    struct ifl_error error = {.message = ""};
    enum ifl_status status = store_find_run(store, which, &id, &error);
    cr_assert_eq(status, IFL_OK, "%s", error.message);
    return id;
}

Test(runs, are_found_by_name_then_prefix_then_id)
{
    struct store *store = open_store(STORE_CREATE);
    int64_t id = -7;
    int64_t alpha = add_run(store, "alpha", 0, 4); /* 1 */
    int64_t alphabet = add_run(store, "alphabet", 0, 4);
    int64_t one = add_run(store, "1", 0, 4); /* a name that is another's id */
    int64_t twenty = add_run(store, "20-maps", 0, 4);
    cr_assert_eq(alpha, 1);
    cr_assert_eq(find(store, "alpha"), alpha, "an exact name wins over a longer one");
    cr_assert_eq(find(store, "alphab"), alphabet);
    cr_assert_eq(find(store, "1"), one, "a name wins over an id");
    cr_assert_eq(find(store, "2"), twenty, "a prefix wins over an id");
    cr_assert_eq(find(store, "3"), one);
    cr_assert_eq(find(store, "4"), twenty);
    assert_fails(store_find_run(store, "alp", &id, &error), IFL_INVALID, "alp: several runs begin so: alpha, alphabet");
    assert_fails(store_find_run(store, "ALPHA", &id, &error), IFL_NOT_FOUND, "ALPHA: no such run");
    assert_fails(store_find_run(store, "5", &id, &error), IFL_NOT_FOUND, "5: no such run");
    assert_fails(store_find_run(store, "", &id, &error), IFL_NOT_FOUND, "no such run");
    assert_fails(store_find_run(store, "-1", &id, &error), IFL_NOT_FOUND, "-1");
    assert_fails(store_find_run(store, "99999999999999999999", &id, &error), IFL_NOT_FOUND, "999");
    cr_assert_eq(id, -7);
    store_close(store);
}

Test(runs, of_strange_names_are_found)
{
    static const char *const names[] = {"50%",     "50x",      "a_b",      "axb", "it's",
                                        "\x1b[2J", "\xff\xfe", "\xff\xfd", "Ä",   "-n"};
    struct store *store = open_store(STORE_CREATE);
    size_t count = sizeof names / sizeof *names;
    int64_t ids[sizeof names / sizeof *names], id;
    for (size_t k = 0; k < count; k++)
        ids[k] = add_run(store, names[k], 0, 4);
    for (size_t k = 0; k < count; k++)
        cr_assert_eq(find(store, names[k]), ids[k]);
    cr_assert_eq(find(store, "a_"), ids[2]);
    cr_assert_eq(find(store, "it'"), ids[4]);
    cr_assert_eq(find(store, "\x1b"), ids[5]);
    cr_assert_eq(find(store, "\xc3"), ids[8], "half a character is a prefix too");
    assert_fails(store_find_run(store, "\xff", &id, &error), IFL_INVALID, "\xff: several");
    assert_fails(store_find_run(store, "%", &id, &error), IFL_NOT_FOUND, "%: no such run");
    assert_fails(store_find_run(store, "_", &id, &error), IFL_NOT_FOUND, "_: no such run");
    store_close(store);
}

Test(runs, many_candidates_are_cut)
{
    struct store *store = open_store(STORE_CREATE);
    int64_t id;
    for (char c = 'a'; c <= 'h'; c++) {
        char name[256];
        memset(name, 'r', 200);
        name[200] = c;
        name[201] = '\0';
        add_run(store, name, 0, 4);
        name[0] = 'q';
        name[1] = c;
        name[2] = '\0';
        add_run(store, name, 0, 4);
    }
    assert_fails(store_find_run(store, "q", &id, &error), IFL_INVALID, "begin so: qa, qb, qc, qd, qe, ...");
    assert_fails(store_find_run(store, "rrr", &id, &error), IFL_INVALID, "begin so: rrr");
    store_close(store);
}

/* ---- what is believed of a damaged file ---- */

/* Lists all runs and takes that one: read, or refused for that column, whichever is expected. */
static void assert_bound(struct store *store, bool within, const char *what, const char *column)
{
    char refusal[64];
    struct store_run one, *all = NULL;
    size_t count = 7;
    snprintf(refusal, sizeof refusal, "damaged database (%s)", column);
    if (within) {
        assert_ok(store_get_run(store, 1, &one, &error));
        store_run_release(&one);
        assert_ok(store_list_runs(store, &all, &count, &error));
        store_runs_free(all, count);
        return;
    }
    memset(&one, 0x5a, sizeof one);
    struct store_run untouched = one;
    assert_fails(store_get_run(store, 1, &one, &error), IFL_REFUSED, refusal);
    assert_fails(store_list_runs(store, &all, &count, &error), IFL_REFUSED, refusal);
    cr_assert(memcmp(&one, &untouched, sizeof one) == 0 && all == NULL && count == 7, "%s: untouched on failure", what);
}

/* Not all runs for the sake of one. */
Test(runs, that_are_damaged_are_left_out)
{
    struct store *store = open_store(STORE_CREATE);
    struct store_run *runs = NULL;
    struct store_left_out left_out = {.count = 7};
    size_t count = 0;
    add_run(store, "first", 1, 4);
    int64_t second = add_run(store, "second", 1, 4);
    add_run(store, "third", 1, 4);
    assert_ok(store_list_runs_among(store, STORE_ANY, &runs, &count, &left_out, &error));
    cr_assert(count == 3 && left_out.count == 0);
    store_runs_free(runs, count);

    raw("UPDATE layers SET kind = 'x' WHERE run = 2");
    assert_ok(store_list_runs_among(store, STORE_ALIVE, &runs, &count, &left_out, &error));
    cr_assert(count == 2 && strcmp(runs[0].run.name, "first") == 0 && strcmp(runs[1].run.name, "third") == 0);
    cr_assert(left_out.count == 1 && left_out.first.status == IFL_REFUSED);
    cr_assert(strstr(left_out.first.message, "runs.db: second: cannot read the run: damaged database (kind)") != NULL,
              "%s", left_out.first.message);
    store_runs_free(runs, count);
    assert_fails(store_list_runs(store, &runs, &count, &error), IFL_REFUSED, "runs.db: second: cannot read the run");
    assert_ok(store_list_runs_among(store, STORE_DELETED, &runs, &count, &left_out, &error));
    cr_assert(count == 0 && left_out.count == 0, "it is not in the bin");
    store_runs_free(runs, count);

    raw("UPDATE runs SET name = printf('%.*c', 256, id) WHERE id < 3");
    assert_ok(store_list_runs_among(store, STORE_ANY, &runs, &count, &left_out, &error));
    cr_assert(count == 1 && left_out.count == 2 && strstr(left_out.first.message, "runs.db: run 1: ") != NULL, "%s",
              left_out.first.message);
    store_runs_free(runs, count);

    assert_ok(store_purge_run(store, second, &error));
    assert_ok(store_purge_run(store, 1, &error));
    assert_ok(store_list_runs(store, &runs, &count, &error));
    cr_assert_eq(count, 1);
    store_runs_free(runs, count);
    store_close(store);
}

/* Memory follows the rows of one run. */
Test(runs, have_so_many_layers_and_fields_at_most)
{
    static const struct {
        const char *table, *row, *column;
        size_t most;
    } bounds[] = {{"params", "1, k, 'key' || k, 'null', 'null', NULL", "key", STORE_MAX_FIELDS},
                  {"tags", "1, k, 'key' || k, 'null', 'null', NULL", "key", STORE_MAX_FIELDS},
                  {"layers", "1, k, 'layer' || k, 'fc', 'ND', 1", "name", STORE_MAX_LAYERS}};
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "run", 0, 4);
    for (size_t b = 0; b < sizeof bounds / sizeof *bounds; b++) {
        for (int more = 1; more >= 0; more--) {
            char sql[256];
            snprintf(
                sql, sizeof sql,
                "DELETE FROM %s; WITH RECURSIVE rows(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM rows WHERE k < %zu)"
                " INSERT INTO %s SELECT %s FROM rows",
                bounds[b].table, bounds[b].most + (size_t)more, bounds[b].table, bounds[b].row);
            raw(sql);
            assert_bound(store, more == 0, bounds[b].table, bounds[b].column);
        }
    }
    store_close(store);
}

Test(runs, have_names_and_notes_of_so_many_bytes_at_most)
{
    static const struct {
        const char *table, *column;
        size_t most;
    } bounds[] = {{"runs", "name", STORE_MAX_NAME},   {"runs", "note", STORE_MAX_NOTE},
                  {"params", "key", STORE_MAX_NAME},  {"tags", "key", STORE_MAX_NAME},
                  {"layers", "name", STORE_MAX_NAME}, {"metrics", "name", STORE_MAX_NAME}};
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "run", 1, 4);
    for (size_t b = 0; b < sizeof bounds / sizeof *bounds; b++) {
        for (int more = 1; more >= 0; more--) {
            char sql[128];
            snprintf(sql, sizeof sql, "UPDATE %s SET %s = printf('%%.*c', %zu, 'x')", bounds[b].table, bounds[b].column,
                     bounds[b].most + (size_t)more);
            raw(sql);
            assert_bound(store, more == 0, bounds[b].table, bounds[b].column);
        }
    }
    store_close(store);
}

Test(runs, of_unknown_words_are_refused)
{
    static const char *const damages[][3] = {
        {"params", "type", "SET type = 'date'"}, {"tags", "type", "SET type = ''"},
        {"layers", "kind", "SET kind = 'lstm'"}, {"layers", "axes", "SET axes = 'CN'"},
        {"layers", "maps", "SET maps = -1"},     {"runs", "map_limit", "SET map_limit = -1"}};
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "run", 1, 4);
    for (size_t k = 0; k < sizeof damages / sizeof *damages; k++) {
        char sql[128];
        snprintf(sql, sizeof sql, "CREATE TABLE kept AS SELECT * FROM %s; UPDATE %s %s", damages[k][0], damages[k][0],
                 damages[k][2]);
        raw(sql);
        assert_bound(store, false, damages[k][2], damages[k][1]);
        snprintf(sql, sizeof sql, "UPDATE %s SET %s = (SELECT %s FROM kept LIMIT 1); DROP TABLE kept", damages[k][0],
                 damages[k][1], damages[k][1]);
        raw(sql);
        assert_bound(store, true, damages[k][2], damages[k][1]);
    }
    store_close(store);
}

/* A name that is not there where the schema says that it must be. */
Test(runs, without_what_they_must_have_are_refused)
{
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "run", 1, 4);
    raw("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'name TEXT NOT NULL', 'name TEXT')"
        " WHERE name = 'runs'");
    raw("UPDATE runs SET name = NULL");
    raw("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'name TEXT', 'name TEXT NOT NULL')"
        " WHERE name = 'runs'");
    assert_bound(store, false, "a name", "name");
    store_close(store);
}

static enum ifl_status add_named(struct store *store, const struct run *run, struct ifl_error *error)
{
    int64_t id = -7;
    enum ifl_status status = store_add_run(store, run, &id, error);
    cr_assert_eq(status == IFL_OK, id != -7);
    return status;
}

/* What would be refused when it is read is not added. */
Test(runs, with_more_layers_or_fields_than_can_be_are_not_added)
{
    static char name[] = "k", text[] = "null";
    static struct layer layers[STORE_MAX_LAYERS + 1];
    static struct field fields[STORE_MAX_FIELDS + 1];
    static char names[STORE_MAX_LAYERS + 1][8];
    struct store *store = open_store(STORE_CREATE);
    for (size_t k = 0; k <= STORE_MAX_LAYERS; k++) {
        snprintf(names[k], sizeof names[k], "%zu", k);
        layers[k] = (struct layer){.name = names[k], .kind = LAYER_FC, .axes = AXES_ND};
    }
    for (size_t k = 0; k <= STORE_MAX_FIELDS; k++)
        fields[k] = (struct field){.key = name, .text = text};
    struct run run = {.name = name, .layers = layers, .n_layers = STORE_MAX_LAYERS + 1};
    assert_fails(add_named(store, &run, &error), IFL_REFUSED, "layers: 4097 of them, more than 4096");
    run = (struct run){.name = name, .params = fields, .n_params = STORE_MAX_FIELDS + 1};
    assert_fails(add_named(store, &run, &error), IFL_REFUSED, "more than 4096");
    run = (struct run){.name = name, .tags = fields, .n_tags = STORE_MAX_FIELDS + 1};
    assert_fails(add_named(store, &run, &error), IFL_REFUSED, "more than 4096");
    run = (struct run){.name = name,
                       .layers = layers,
                       .n_layers = STORE_MAX_LAYERS,
                       .params = fields,
                       .n_params = STORE_MAX_FIELDS,
                       .tags = fields,
                       .n_tags = STORE_MAX_FIELDS};
    assert_ok(add_named(store, &run, &error));
    assert_bound(store, true, "all of them", "");
    store_close(store);
}

/* The schema lets the text of a field be NULL, infoflow always writes one. */
Test(runs, without_the_text_of_a_field_are_damaged)
{
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "run", 1, 4);
    raw("INSERT OR REPLACE INTO params VALUES(1, 0, 'lr', 'number', '0.1', NULL)");
    assert_bound(store, true, "a number that is none", "");
    raw("UPDATE params SET text = NULL");
    assert_bound(store, false, "params", "text");
    raw("UPDATE params SET text = '0.1'; INSERT OR REPLACE INTO tags VALUES(1, 0, 'a', 'text', NULL, NULL)");
    assert_bound(store, false, "tags", "text");
    store_close(store);
}
