/* Opening: new, foreign, newer, older, read-only files; paths. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <store/schema.h>

#include "fixture.h"

TestSuite(open, .init = folder_make, .fini = folder_remove);

static void write_file(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    cr_assert(file != NULL);
    cr_assert_eq(fwrite(bytes, 1, size, file), size);
    cr_assert_eq(fclose(file), 0);
}

Test(open, a_missing_file_is_made_only_on_request)
{
    struct store *store = NULL;
    assert_fails(store_open(&store, database, STORE_READ, &error), IFL_NOT_FOUND, "runs.db: no such database");
    assert_fails(store_open(&store, database, STORE_WRITE, &error), IFL_NOT_FOUND, "runs.db: no such database");
    cr_assert_eq(file_size(database), -1);
    snprintf(database, sizeof database, "%s/a//b/c/runs.db", folder);
    assert_ok(store_open(&store, database, STORE_CREATE, &error));
    cr_assert_str_eq(store_path(store), database);
    store_close(store);
    cr_assert_eq(raw_int("PRAGMA application_id"), 0x49464c57);
    cr_assert_eq(raw_int("PRAGMA user_version"), 4);
    store_close(NULL);
}

Test(open, paths_are_never_uris)
{
    static const char *const names[] = {":memory:", "file:x?mode=memory", "file:y", "%41", "-", "a b'c\"d"};
    cr_assert_eq(chdir(folder), 0);
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        struct store *store = NULL;
        assert_ok(store_open(&store, names[k], STORE_CREATE, &error));
        store_close(store);
        cr_assert(file_size(names[k]) > 0, "%s", names[k]);
    }
    struct store *store = NULL;
    assert_fails(store_open(&store, "", STORE_CREATE, &error), IFL_INVALID, "empty");
    assert_fails(store_open(&store, folder, STORE_CREATE, &error), IFL_REFUSED, "not a file");
    assert_fails(store_open(&store, ":memory:/x", STORE_READ, &error), IFL_NOT_FOUND, "no such");
    assert_fails(store_open(&store, ":memory:/x", STORE_CREATE, &error), IFL_FAILED, "cannot make the folder");
    cr_assert_eq(mkfifo("pipe", 0600), 0);
    assert_fails(store_open(&store, "pipe", STORE_CREATE, &error), IFL_REFUSED, "not a file");
    cr_assert(store == NULL);
}

/* No mode opens the file, and none changes it. */
static void assert_untouched(const char *message)
{
    uint64_t before = file_hash(database);
    for (int mode = STORE_READ; mode <= STORE_CREATE; mode++) {
        struct store *store = NULL;
        assert_fails(store_open(&store, database, (enum store_mode)mode, &error), IFL_REFUSED, message);
        cr_assert(store == NULL);
    }
    cr_assert_eq(file_hash(database), before);
}

Test(open, foreign_files_are_refused)
{
    char noise[5000];
    memset(noise, 'x', sizeof noise);
    write_file(database, noise, sizeof noise);
    assert_untouched("not an infoflow database");
    write_file(database, noise, 10);
    assert_untouched("not an infoflow database");
    write_file(database, "", 0);

    raw("CREATE TABLE bookmarks(url)");
    assert_untouched("not an infoflow database");
    raw("PRAGMA application_id = 1");
    assert_untouched("not an infoflow database");
    raw("PRAGMA user_version = 1");
    assert_untouched("not an infoflow database");
}

Test(open, newer_files_are_refused)
{
    store_close(open_store(STORE_CREATE));
    raw("PRAGMA user_version = 7");
    assert_untouched("made by a newer infoflow (schema version 7, this one knows 4)");
    raw("PRAGMA user_version = -1");
    assert_untouched("not an infoflow database");
}

/* What is left where the first process to write was killed. */
Test(open, an_empty_file_becomes_one)
{
    for (int mode = STORE_READ; mode <= STORE_CREATE; mode++) {
        write_file(database, "", 0);
        struct store *store = open_store((enum store_mode)mode), *other = open_store(STORE_WRITE);
        add_run(other, "run", 1, 4);
        struct store_run *runs;
        size_t count;
        assert_ok(store_list_runs(store, &runs, &count, &error));
        cr_assert_eq(count, 1);
        store_runs_free(runs, count);
        store_close(other);
        store_close(store);
    }
}

/* A database without tables is somebody's all the same, and to read one is not to make it ours. */
Test(open, a_blank_database_becomes_one_on_request)
{
    raw("CREATE TABLE bookmarks(url); DROP TABLE bookmarks");
    struct store *store = NULL;
    assert_fails(store_open(&store, database, STORE_READ, &error), IFL_REFUSED,
                 "not an infoflow database (it is empty)");
    assert_fails(store_open(&store, database, STORE_WRITE, &error), IFL_REFUSED,
                 "not an infoflow database (it is empty)");
    store = open_store(STORE_CREATE);
    add_run(store, "run", 1, 4);
    store_close(store);
}

/* A file as version 1 made it, with two runs, the second without snapshots. */
static void make_version_1(void)
{
    for (schema_step step = schema_steps[0]; *step != NULL; step++)
        raw(*step);
    raw("PRAGMA application_id = 0x49464c57");
    raw("PRAGMA user_version = 1");
    raw("INSERT INTO runs(name, created) VALUES('old', 5), ('bare', 6)");
    raw("INSERT INTO tags VALUES(1, 0, 'who', 'text', 'me', NULL)");
    raw("INSERT INTO layers VALUES(1, 0, 'conv1', 'conv', 'NCHW'), (1, 1, 'fc1', 'fc', 'ND'),"
        " (1, 2, 'fc2', 'fc', 'ND'), (2, 0, 'fc1', 'fc', 'ND')");
    raw("INSERT INTO snapshots(run, step, batch, n) VALUES(1, 0, 0, 2), (1, 10, 0, 2)");
    raw("INSERT INTO variables(snapshot, role, layer, maps, dim) VALUES(1, 'X', 0, 1, 9), (1, 'T', 0, 6, 4),"
        " (2, 'T', 0, 6, 4), (2, 'delta', 1, 7, 4), (2, 'T', 1, 1, 4), (2, 'delta', 2, 7, 4)");
}

/* ---- schemas ---- */

Test(open, foreign_schemas_are_refused)
{
    static const struct {
        const char *sql, *message;
    } schemas[] = {
        {"CREATE INDEX harm ON runs(printf('%.*c', 5000000, name))", "runs.db: index `harm`: infoflow did not make it"},
        {"CREATE TABLE theirs(a)", "runs.db: table `theirs`: infoflow did not make it"},
        {"CREATE VIEW theirs AS SELECT 1", "runs.db: view `theirs`: infoflow did not make it"},
        {"CREATE TRIGGER theirs AFTER DELETE ON runs BEGIN SELECT 1; END",
         "runs.db: trigger `theirs`: infoflow did not"},
        {"CREATE VIRTUAL TABLE theirs USING fts5(a)", "runs.db: table `theirs`: infoflow did not make it"},
        {"DROP TABLE metrics", "runs.db: table `metrics`: damaged database (it is missing)"},
        {"DROP INDEX spectrum_sets_by_use", "runs.db: index `spectrum_sets_by_use`: damaged database (it is missing)"},
        {"ALTER TABLE runs RENAME TO theirs", "runs.db: table `theirs`: infoflow did not make it"},
        {"ALTER TABLE variables RENAME COLUMN maps TO moose", "runs.db: table `variables`: damaged database"},
        {"ALTER TABLE about ADD COLUMN g TEXT AS (zeroblob(9))", "runs.db: table `about`: damaged database"},
        {"DROP TABLE metrics; CREATE VIEW metrics AS SELECT 1 AS snapshot",
         "runs.db: table `metrics`: damaged database"},
        {"DROP INDEX spectrum_sets_by_use; CREATE INDEX spectrum_sets_by_use ON spectrum_sets(abs(used))",
         "runs.db: index `spectrum_sets_by_use`: damaged database (infoflow made it otherwise)"},
        {"PRAGMA writable_schema = ON;"
         "UPDATE sqlite_schema SET sql = replace(sql, 'CHECK(id = 1)', 'CHECK(id = abs(-1))') WHERE name = 'changes'",
         "runs.db: table `changes`: damaged database"},
        {"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, ') STRICT', ')') WHERE name = "
         "'runs'",
         "runs.db: table `runs`: damaged database"},
    };
    for (size_t k = 0; k < sizeof schemas / sizeof *schemas; k++) {
        remove(database);
        store_close(open_store(STORE_CREATE));
        raw(schemas[k].sql);
        assert_untouched(schemas[k].message);
    }
}

Test(open, a_foreign_schema_of_an_older_file_is_not_migrated)
{
    make_version_1();
    raw("CREATE INDEX harm ON layers(upper(name))");
    assert_untouched("runs.db: index `harm`: infoflow did not make it");
}

/* Blanks, and what SQLite itself adds where a user asks it to. */
Test(open, the_same_schema_is_known)
{
    store_close(open_store(STORE_CREATE));
    raw("ANALYZE; VACUUM; PRAGMA writable_schema = ON;"
        "UPDATE sqlite_schema SET sql = replace(sql, '(', '(' || char(10, 9, 32)) WHERE name NOT LIKE 'sqlite%'");
    for (int mode = STORE_READ; mode <= STORE_CREATE; mode++)
        store_close(open_store((enum store_mode)mode));
}

Test(open, older_files_are_migrated_step_by_step)
{
    static const char *const next[] = {"ALTER TABLE runs ADD COLUMN extra TEXT", "UPDATE runs SET extra = 'n'", NULL};
    static const char *const after[] = {"CREATE TABLE extra(a)", "nonsense", NULL};
    const schema_step steps[] = {schema_steps[0], schema_steps[1], schema_steps[2], schema_steps[3], next, after};
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "run", 1, 4);
    assert_ok(schema_upgrade(store, steps, 5, false, &error));
    cr_assert_eq(raw_int("PRAGMA user_version"), 5);
    cr_assert_eq(raw_int("SELECT count(*) FROM runs WHERE extra = 'n'"), 1);
    assert_fails(schema_upgrade(store, steps, 6, false, &error), IFL_REFUSED, "nonsense");
    cr_assert_eq(raw_int("PRAGMA user_version"), 5);
    cr_assert_eq(raw_int("SELECT count(*) FROM sqlite_schema WHERE name = 'extra'"), 0, "wholly or not at all");
    store_close(store);
    assert_untouched("made by a newer infoflow (schema version 5");
}

Test(open, files_of_version_1_are_migrated)
{
    make_version_1();
    struct store *store = open_store(STORE_READ);
    struct store_run *runs;
    size_t count;
    assert_ok(store_list_runs(store, &runs, &count, &error));
    cr_assert_eq(count, 2);
    cr_assert_str_eq(runs[1].run.name, "old");
    cr_assert_str_eq(runs[1].run.tags[0].text, "me");
    cr_assert_eq(runs[1].snapshots, 2);
    cr_assert(runs[1].maps[0] == 6 && runs[1].maps[1] == 1 && runs[1].maps[2] == 0);
    cr_assert_eq(runs[0].maps[0], 0);
    for (size_t k = 0; k < 2; k++) {
        cr_assert_str_eq(runs[k].note, "");
        cr_assert_eq(runs[k].deleted, 0);
        cr_assert_eq(runs[k].run.map_limit, 0);
    }
    store_runs_free(runs, count);
    store_close(store);
    cr_assert_eq(raw_int("PRAGMA user_version"), 4);
    cr_assert_eq(raw_int("SELECT length(identity) FROM about"), 32);
    uint64_t before = file_hash(database);
    store_close(open_store(STORE_READ));
    cr_assert_eq(file_hash(database), before, "once");
}

Test(open, many_may_create_at_once)
{
    enum { PROCESSES = 6 };
    for (int k = 0; k < PROCESSES; k++) {
        if (fork() == 0) {
            struct store *store = NULL;
            char name[16];
            snprintf(name, sizeof name, "run%d", k);
            struct run run = {.name = name};
            int64_t id;
            bool good = store_open(&store, database, STORE_CREATE, NULL) == IFL_OK &&
                        store_add_run(store, &run, &id, NULL) == IFL_OK;
            store_close(store);
            _exit(good ? 0 : 1);
        }
    }
    for (int k = 0; k < PROCESSES; k++) {
        int status;
        cr_assert(wait(&status) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    cr_assert_eq(raw_int("SELECT count(*) FROM runs"), PROCESSES);
}

/* ---- read-only ---- */

/* Refused at once, whoever holds the lock, in these words alone. */
#define assert_read_only(call, doing)                                                                                  \
    do {                                                                                                               \
        struct ifl_error error = {.message = ""};                                                                      \
        cr_assert_eq((call), IFL_FAILED, "%s: %s", #call, error.message);                                              \
        cr_assert_str_eq(strstr(error.message, "runs.db: "), "runs.db: " doing ": read-only");                         \
    } while (0)

static void assert_browsable(struct store *store)
{
    struct store_run *runs;
    size_t count;
    int64_t id = 1;
    bool added = false;
    char name[] = "another";
    struct run run = {.name = name};
    struct snapshot snapshot = make_bare_snapshot(77, 4);
    double row[4] = {0};
    const double *rows = row;
    struct store_spectrum_key key = {.snapshot = 1, .params = {.h = 5}};
    assert_ok(store_list_runs(store, &runs, &count, &error));
    cr_assert_eq(count, 1);
    store_runs_free(runs, count);
    assert_ok(store_keep_spectra(store, &key, &rows, 1, 4, &error));
    assert_read_only(store_add_run(store, &run, &id, &error), "cannot add the run");
    assert_read_only(store_add_snapshot(store, 1, &snapshot, &added, &error), "cannot add the snapshot");
    assert_read_only(store_delete_run(store, 1, &error), "cannot delete the run");
    assert_read_only(store_purge_run(store, 1, &error), "cannot delete the run");
    assert_read_only(store_rename_run(store, 1, "x", &error), "cannot rename the run");
    assert_read_only(store_set_tag(store, 1, "x", "y", &error), "cannot tag the run");
    assert_read_only(store_set_note(store, 1, "x", &error), "cannot annotate the run");
    store_close(store);
}

/* A file that cannot be written is known for it before anything is tried. */
static void assert_known_read_only(struct store *store)
{
    assert_read_only(store_delete_run(store, 1, &error), "cannot delete the run");
    assert_browsable(store);
}

/* Root may write anything. A child that fails would wait for Criterion without end. */
static void become_nobody(void)
{
    alarm(20);
    if (geteuid() == 0)
        cr_assert_eq(setuid(65534), 0);
}

Test(open, read_mode_writes_nothing)
{
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "run", 1, 4);
    store_close(store);
    uint64_t before = file_hash(database);
    assert_known_read_only(open_store(STORE_READ));
    raw_hold();
    assert_known_read_only(open_store(STORE_READ));
    raw_let_go();
    cr_assert_eq(file_hash(database), before);

    store = open_store(STORE_READ); /* whatever statement comes */
    cr_assert_eq(sqlite3_exec(store->db, "DELETE FROM runs", NULL, NULL, NULL), SQLITE_READONLY);
    store_close(store);
}

Test(open, read_only_files_can_be_browsed)
{
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "run", 1, 4);
    store_close(store);
    cr_assert_eq(chmod(database, 0444), 0);
    uint64_t before = file_hash(database);
    if (fork() == 0) {
        become_nobody();
        assert_known_read_only(open_store(STORE_WRITE));
        _exit(7);
    }
    int status;
    cr_assert(wait(&status) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 7);
    cr_assert_eq(file_hash(database), before);
}

Test(open, read_only_folders_can_be_browsed)
{
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "run", 1, 4);
    store_close(store);
    cr_assert_eq(chmod(database, 0666), 0);
    cr_assert_eq(chmod(folder, 0555), 0);
    uint64_t before = file_hash(database);
    if (fork() == 0) {
        become_nobody();
        assert_browsable(open_store(STORE_WRITE));
        char other[128];
        snprintf(other, sizeof other, "%s/other.db", folder);
        struct store *never = NULL;
        assert_fails(store_open(&never, other, STORE_CREATE, &error), IFL_FAILED, "other.db: cannot open");
        _exit(7);
    }
    int status;
    cr_assert(wait(&status) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 7);
    cr_assert_eq(file_hash(database), before);
    cr_assert_eq(chmod(folder, 0777), 0);
}

/* An older file that cannot be migrated is not read either. */
Test(open, older_files_that_are_read_only_are_named)
{
    make_version_1();
    cr_assert_eq(chmod(database, 0444), 0);
    uint64_t before = file_hash(database);
    if (fork() == 0) {
        become_nobody();
        for (int mode = STORE_READ; mode <= STORE_CREATE; mode++) {
            struct store *never = NULL;
            assert_fails(store_open(&never, database, (enum store_mode)mode, &error), IFL_FAILED,
                         "runs.db: made by an older infoflow (schema version 1, this one works with 4), and read-only");
        }
        _exit(7);
    }
    int status;
    cr_assert(wait(&status) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 7);
    cr_assert_eq(file_hash(database), before);
}

static int write_version(void)
{
    FILE *file = fopen(database, "rb");
    cr_assert(file != NULL && fseek(file, 18, SEEK_SET) == 0);
    int version = getc(file); /* 1: a rollback journal, 2: a write-ahead log */
    fclose(file);
    return version;
}

/* A log that another program switched to. */
Test(open, a_rollback_journal_is_kept)
{
    store_close(open_store(STORE_CREATE));
    cr_assert_eq(write_version(), 1);
    raw("PRAGMA journal_mode = WAL");
    cr_assert_eq(write_version(), 2);
    struct store *store = open_store(STORE_WRITE);
    add_run(store, "run", 1, 4);
    store_close(store);
    cr_assert_eq(write_version(), 1);
    char log[128];
    snprintf(log, sizeof log, "%s-wal", database);
    cr_assert_eq(file_size(log), -1);
}

/* ---- the default path ---- */

static void assert_default(const char *expected)
{
    char *path = store_default_path();
    cr_assert(expected == NULL ? path == NULL : path != NULL && strcmp(path, expected) == 0, "%s", path);
    free(path);
}

Test(open, default_path_follows_the_environment)
{
    setenv("INFOFLOW_DB", "some/where.db", 1);
    setenv("XDG_DATA_HOME", "/data", 1);
    setenv("HOME", "/home/me", 1);
    assert_default("some/where.db");
    setenv("INFOFLOW_DB", "", 1);
    assert_default("/data/infoflow/runs.db");
    setenv("XDG_DATA_HOME", "relative", 1);
    assert_default("/home/me/.local/share/infoflow/runs.db");
    unsetenv("XDG_DATA_HOME");
    assert_default("/home/me/.local/share/infoflow/runs.db");
    unsetenv("HOME");
    assert_default(NULL);
}
