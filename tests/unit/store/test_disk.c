/* A disk that fails at any change, once or for good, and a cancel, under a connection that goes on: all or nothing, and then
 * it works. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <store/schema.h>

#include "failing_disk.h"
#include "fixture.h"

#define N 12

TestSuite(disk, .init = folder_make, .fini = folder_remove);

/* What can be changed, each in one step. */

static enum ifl_status add_another(struct store *store, struct ifl_error *error)
{
    struct run run = make_run("another");
    int64_t id = -7;
    enum ifl_status status = store_add_run(store, &run, &id, error);
    cr_assert_eq(id == -7, status != IFL_OK);
    run_release(&run);
    return status;
}

static enum ifl_status add_snapshot(struct store *store, struct ifl_error *error)
{
    struct snapshot snapshot = make_snapshot(500, 0, N);
    bool added = false;
    enum ifl_status status = store_add_snapshot(store, 1, &snapshot, &added, error);
    cr_assert_eq(added, status == IFL_OK);
    snapshot_release(&snapshot);
    return status;
}

static enum ifl_status keep(struct store *store, struct ifl_error *error)
{
    double row[N] = {0};
    const double *rows = row;
    struct store_spectrum_key key = {.snapshot = 1, .params = {.h = 5}};
    return store_keep_spectra(store, &key, &rows, 1, N, error);
}

static enum ifl_status rename_it(struct store *store, struct ifl_error *error)
{
    return store_rename_run(store, 1, "renamed", error);
}

static enum ifl_status tag(struct store *store, struct ifl_error *error)
{
    return store_set_tag(store, 1, "key", "value", error);
}

static enum ifl_status annotate(struct store *store, struct ifl_error *error)
{
    return store_set_note(store, 1, "a note", error);
}

static enum ifl_status put_in_bin(struct store *store, struct ifl_error *error)
{
    return store_delete_run(store, 1, error);
}

static enum ifl_status purge(struct store *store, struct ifl_error *error)
{
    return store_purge_run(store, 1, error);
}

/* To the next version, in two steps. */
static enum ifl_status migrate(struct store *store, struct ifl_error *error)
{
    static const char *const one[] = {"ALTER TABLE runs ADD COLUMN extra TEXT", NULL};
    static const char *const two[] = {"CREATE TABLE extra(a)", "INSERT INTO extra VALUES(1)", NULL};
    schema_step steps[16] = {NULL};
    memcpy(steps, schema_steps, schema_n_steps * sizeof *steps);
    steps[schema_n_steps] = one;
    steps[schema_n_steps + 1] = two;
    return schema_upgrade(store, steps, schema_n_steps + 2, false, error);
}

static const struct change {
    const char *name;
    enum ifl_status (*make)(struct store *store, struct ifl_error *error);
} changes[] = {{"add a run", add_another}, {"add a snapshot", add_snapshot}, {"keep spectra", keep},
               {"rename", rename_it},      {"tag", tag},                     {"annotate", annotate},
               {"delete", put_in_bin},     {"purge", purge},                 {"migrate", migrate}};

/* Tells a change made from one that is not. */
static int64_t state(void)
{
    return raw_int("SELECT 1000 * count + 100 * (SELECT count(*) FROM spectra)"
                   " + 10 * (SELECT user_version FROM pragma_user_version)"
                   " + (SELECT count(*) FROM sqlite_schema WHERE sql LIKE '%extra%') FROM changes");
}

/* The database that every change begins with. */
static struct store *begin(void)
{
    remove(database);
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "run", 2, N);
    return store;
}

/* Lets the change meet a failure, then none. False where it met none the first time. */
static bool meet(const struct change *change, long at, int code, bool on)
{
    struct store *store = begin();
    struct ifl_error error = {.message = ""};
    int64_t before = state();
    disk_fail(at, code, on);
    enum ifl_status status = change->make(store, &error);
    bool hit = disk_changes() >= at;
    disk_fail(0, 0, false);
    if (status != IFL_OK) {
        cr_assert_eq(status, IFL_FAILED, "%s, change %ld: %d %s", change->name, at, (int)status, error.message);
        cr_assert(strstr(error.message, "runs.db: cannot ") != NULL && strchr(error.message, '\n') == NULL, "%s",
                  error.message);
        cr_assert_eq(state(), before, "%s, change %ld: half done", change->name, at);
        cr_assert(sqlite3_get_autocommit(store->db), "%s, change %ld: a transaction was left", change->name, at);
        status = change->make(store, &error);
        cr_assert_eq(status, IFL_OK, "%s, again after change %ld: %s", change->name, at, error.message);
    }
    cr_assert_neq(state(), before);
    assert_whole();
    store_close(store);
    return hit;
}

static void fail_everywhere(int code, bool on)
{
    disk_install();
    for (size_t k = 0; k < sizeof changes / sizeof *changes; k++) {
        long at = 1;
        while (meet(&changes[k], at, code, on))
            at++;
        cr_assert_gt(at, 4, "%s: %ld changes", changes[k].name, at - 1);
    }
}

Test(disk, may_be_full_once, .timeout = 600)
{
    fail_everywhere(SQLITE_FULL, false);
}

Test(disk, may_be_full_for_good, .timeout = 600)
{
    fail_everywhere(SQLITE_FULL, true);
}

Test(disk, may_fail_once, .timeout = 600)
{
    fail_everywhere(SQLITE_IOERR_WRITE, false);
}

Test(disk, may_fail_for_good, .timeout = 600)
{
    fail_everywhere(SQLITE_IOERR_FSYNC, true);
}

/* As some network file systems do. */
Test(disk, may_know_no_locks)
{
    store_close(begin());
    disk_install();
    struct store *store = NULL;
    disk_fail_locks(1, SQLITE_IOERR_RDLOCK);
    assert_fails(store_open(&store, database, STORE_WRITE, &error), IFL_FAILED, "its file system cannot lock files");
    store = open_store(STORE_WRITE);
    disk_fail_locks(1, SQLITE_IOERR_LOCK);
    assert_fails(tag(store, &error), IFL_FAILED, "cannot tag the run: its file system cannot lock files");
    assert_ok(tag(store, &error));
    store_close(store);
}

/* ---- canceled ---- */

static atomic_bool canceled;

/* Raises the flag in the middle of a transaction. */
static enum ifl_status load_and_cancel(void *context, size_t variable, float **distances, struct ifl_error *error)
{
    const struct snapshot *whole = context;
    const struct variable *from = &whole->variables[variable];
    size_t count = (from->kept + (from->maps > 1)) * ifl_pair_count(whole->n);
    float *copy = ifl_alloc(count, sizeof *copy);
    (void)error;
    memcpy(copy, from->distances, count * sizeof *copy);
    *distances = copy;
    if (variable == 3)
        atomic_store(&canceled, true);
    return IFL_OK;
}

Test(disk, what_is_canceled_leaves_nothing)
{
    store_close(begin());
    struct store *store = NULL;
    assert_ok(store_open_within(&store, database, STORE_WRITE, 10, &canceled, &error));
    struct snapshot whole = make_snapshot(500, 0, N), bare = make_snapshot(500, 0, N);
    for (size_t k = 0; k < bare.n_variables; k++) {
        free(bare.variables[k].distances);
        bare.variables[k].distances = NULL;
    }
    const struct store_source source = {load_and_cancel, &whole};
    bool added = false;
    int64_t before = state();
    assert_fails(store_add_snapshot_from(store, 1, &bare, &source, &added, &error), IFL_CANCELED, "canceled");
    cr_assert(!added && sqlite3_get_autocommit(store->db));
    for (size_t k = 0; k + 1 < sizeof changes / sizeof *changes; k++)
        assert_fails(changes[k].make(store, &error), IFL_CANCELED, "canceled");
    cr_assert_eq(state(), before);
    assert_whole();
    atomic_store(&canceled, false);
    assert_ok(add_snapshot(store, &error));
    store_close(store);
    snapshot_release(&whole);
    snapshot_release(&bare);
}
