/* Full disks, lack of memory, killed and competing processes, flipped bytes: all or nothing, and never a crash. */
#include <errno.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "failing_memory.h"
#include "fixture.h"

#define N   40
#define FEW 6 /* samples, where everything is done thousands of times */

TestSuite(faults, .init = folder_make, .fini = folder_remove);

/* ---- memory ---- */

static bool stop(void *context, const struct ifl_subset *subset, const double *eigenvalues)
{
    (void)context;
    (void)subset;
    (void)eigenvalues;
    return false;
}

/* All that may be changed of a run, to the first failure. */
static enum ifl_status edit(struct store *store, int64_t id, struct ifl_error *error)
{
    uint64_t stamp;
    enum ifl_status status = store_rename_run(store, id, "renamed", error);
    if (status == IFL_OK)
        status = store_set_tag(store, id, "key", "1.5", error);
    if (status == IFL_OK)
        status = store_set_tag(store, id, "key", NULL, error);
    if (status == IFL_OK)
        status = store_set_note(store, id, "a note", error);
    if (status == IFL_OK)
        status = store_delete_run(store, id, error);
    if (status == IFL_OK)
        status = store_find_run_among(store, STORE_DELETED, "ren", &id, error);
    if (status == IFL_OK)
        status = store_restore_run(store, id, error);
    if (status == IFL_OK)
        status = store_stamp(store, &stamp, error);
    return status;
}

static void ignore(void *context, const struct store_damage *damage)
{
    (void)context;
    cr_assert_fail("%s: %s", damage->what, damage->how); /* want of memory is no damage */
}

/* A part is made, filled and merged, and the database verified, to the first failure. */
static enum ifl_status share(struct store *store, const struct store_spectrum_key *key, const double *row,
                             struct ifl_error *error)
{
    char path[128];
    struct store *part = NULL;
    struct store_merged merged;
    struct store_verified verified;
    const struct store_verifier verifier = {ignore, NULL, NULL};
    snprintf(path, sizeof path, "%s.part", database);
    remove(path);
    enum ifl_status status = store_open_part(&part, path, store, STORE_CREATE, error);
    if (status == IFL_OK)
        status = store_part_add(part, store, key->snapshot, error);
    if (status == IFL_OK)
        status = store_keep_spectra(part, key, &row, 1, FEW, error);
    store_close(part);
    if (status == IFL_OK)
        status = store_merge(store, path, NULL, NULL, &merged, error);
    if (status == IFL_OK)
        status = store_verify(store, &verifier, &verified, error);
    return status;
}

/* All that a program does, to the first failure. */
static enum ifl_status use_all(const struct run *run, const struct snapshot *snapshot, struct ifl_error *error)
{
    struct store *store = NULL;
    struct store_run *runs = NULL;
    struct store_snapshot *list = NULL;
    size_t n_runs = 0, n_list = 0;
    int64_t id = 0;
    bool added = false;
    static float out[FEW * (FEW - 1) / 2];
    static const double row[FEW];
    const double *rows = row;
    struct store_spectrum_key key = {.params = {.h = 5}};

    enum ifl_status status = store_open(&store, database, STORE_CREATE, error);
    if (status == IFL_OK)
        status = store_add_run(store, run, &id, error);
    if (status == IFL_OK)
        status = store_add_snapshot(store, id, snapshot, &added, error);
    if (status == IFL_OK)
        status = store_find_run(store, "r", &id, error);
    if (status == IFL_OK)
        status = store_list_runs(store, &runs, &n_runs, error);
    if (status == IFL_OK)
        status = store_list_snapshots(store, id, &list, &n_list, error);
    if (status == IFL_OK)
        status = store_load_distances(store, &list[0], IFL_OF_T, 0, IFL_ALL_MAPS, out, error);
    if (status == IFL_OK) {
        key.snapshot = list[0].id;
        status = store_keep_spectra(store, &key, &rows, 1, FEW, error);
    }
    if (status == IFL_OK)
        status = store_visit_spectra(store, key.snapshot, &key.params, FEW, stop, NULL, error);
    if (status == IFL_OK)
        status = share(store, &key, row, error);
    if (status == IFL_OK)
        status = edit(store, id, error);
    store_runs_free(runs, n_runs);
    store_snapshots_free(list, n_list);
    store_close(store);
    return status;
}

/* Fails the 1st, (1 + stride)th, ... allocation, SQLite's too, and all after it if `on`, until none is left to fail. */
static void run_out_of_memory(bool on, long stride)
{
    struct run run = make_run("run");
    struct snapshot snapshot = make_snapshot(0, 0, FEW);
    struct ifl_error error = {.message = ""};
    cr_assert_eq(use_all(&run, &snapshot, &error), IFL_OK, "%s", error.message); /* what a library makes once is made */
    for (long at = 1;; at += stride) {
        remove(database);
        error.message[0] = '\0';
        memory_fail(at, on);
        enum ifl_status status = use_all(&run, &snapshot, &error);
        struct memory_use use = memory_end();
        cr_assert(status == IFL_OK || status == IFL_NO_MEMORY, "allocation %ld: %d %s", at, (int)status, error.message);
        cr_assert(status == IFL_OK || strstr(error.message, "out of memory") != NULL, "%s", error.message);
        cr_assert(use.kept <= 0, "allocation %ld: %ld blocks are left (%s)", at, use.kept, error.message);
        assert_whole();
        if (use.allocations < at) { /* some that fail SQLite can do without */
            cr_assert_eq(status, IFL_OK);
            break;
        }
    }
    snapshot_release(&snapshot);
    run_release(&run);
}

#ifdef __SANITIZE_ADDRESS__
#define STRIDE 7 /* it takes four times as long, and there are eleven thousand */
#else
#define STRIDE 1
#endif

Test(faults, any_allocation_may_fail, .timeout = 600)
{
    run_out_of_memory(false, STRIDE);
}

Test(faults, memory_may_run_out, .timeout = 600)
{
    run_out_of_memory(true, 7);
}

/* ---- full disks ---- */

/* Adding a snapshot fails as long as `limit` is under what it takes, leaves nothing, and succeeds at last. */
static void fill_up(struct store *store, int64_t run, void (*set_limit)(long bytes), long size)
{
    struct snapshot snapshot = make_snapshot(100, 0, N);
    enum ifl_status status = IFL_FAILED;
    int failures = 0;
    for (long limit = size; status != IFL_OK; limit += 8192) {
        struct ifl_error error = {.message = ""};
        bool added = false;
        set_limit(limit);
        status = store_add_snapshot(store, run, &snapshot, &added, &error);
        set_limit(0);
        cr_assert(status == IFL_OK || status == IFL_FAILED, "%d %s", (int)status, error.message);
        cr_assert_eq(added, status == IFL_OK);
        cr_assert_eq(raw_int("SELECT count(*) FROM snapshots"), 1 + (status == IFL_OK));
        if (status != IFL_OK)
            cr_assert(strstr(error.message, "cannot add the snapshot: disk full or write failed") != NULL, "%s",
                      error.message);
        failures += status != IFL_OK;
        assert_whole();
    }
    cr_assert_gt(failures, 2);
    snapshot_release(&snapshot);
}

static void limit_files(long bytes)
{
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes == 0 ? limit.rlim_max : (rlim_t)bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
}

Test(faults, file_size_limit_leaves_nothing)
{
    struct store *store = open_store(STORE_CREATE);
    int64_t id = add_run(store, "run", 1, N);
    signal(SIGXFSZ, SIG_IGN);
    fill_up(store, id, limit_files, file_size(database));
    store_close(store);
}

/* The store's own connection, caught as it opens. */
static sqlite3 *caught;

static int catch_connection(sqlite3 *db, char **message, const struct sqlite3_api_routines *api)
{
    (void)message;
    (void)api;
    caught = db;
    return SQLITE_OK;
}

static void limit_pages(long bytes)
{
    char sql[64];
    snprintf(sql, sizeof sql, "PRAGMA max_page_count = %ld", bytes == 0 ? 1000000L : bytes / 8192);
    sqlite3_exec(caught, sql, NULL, NULL, NULL);
}

Test(faults, full_database_leaves_nothing)
{
    sqlite3_auto_extension((void (*)(void))catch_connection);
    struct store *store = open_store(STORE_CREATE);
    sqlite3_cancel_auto_extension((void (*)(void))catch_connection);
    int64_t id = add_run(store, "run", 1, N);
    fill_up(store, id, limit_pages, file_size(database));
    store_close(store);
}

/* ---- processes ---- */

/* Adds `count` snapshots of steps first, first + 1, ... to the run of that name; the exit code of a child. */
static int add_steps(const char *name, int64_t first, int64_t count)
{
    struct store *store = NULL;
    struct run run = make_run(name);
    int64_t id;
    bool good =
        store_open(&store, database, STORE_CREATE, NULL) == IFL_OK && store_add_run(store, &run, &id, NULL) == IFL_OK;
    for (int64_t step = first; good && step < first + count; step++) {
        struct snapshot snapshot = make_snapshot(step, 0, N);
        bool added;
        good = store_add_snapshot(store, id, &snapshot, &added, NULL) == IFL_OK && added;
        snapshot_release(&snapshot);
    }
    run_release(&run);
    store_close(store);
    return good ? 0 : 1;
}

Test(faults, processes_that_write_at_once_lose_nothing, .timeout = 600)
{
    enum { PROCESSES = 4, STEPS = 25 };
    for (int k = 0; k < PROCESSES; k++)
        if (fork() == 0)
            _exit(add_steps("shared", 1000 * k, STEPS));
    for (int k = 0; k < PROCESSES; k++) {
        int status;
        cr_assert(wait(&status) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    cr_assert_eq(raw_int("SELECT count(*) FROM runs"), 1);
    cr_assert_eq(raw_int("SELECT count(*) FROM snapshots"), PROCESSES * STEPS);
    assert_whole();
}

Test(faults, a_killed_writer_leaves_whole_snapshots, .timeout = 600)
{
    unsigned random = 12345;
    int64_t reached = 0;
    for (int k = 0; k < 40; k++) {
        pid_t child = fork();
        if (child == 0)
            _exit(add_steps("killed", reached, 1000));
        random = random * 1103515245 + 12345;
        struct timespec pause = {.tv_nsec = 1000000 + random / 65536 % 15000 * 1000};
        nanosleep(&pause, NULL);
        kill(child, SIGKILL);
        int status;
        cr_assert_eq(waitpid(child, &status, 0), child);
        cr_assert(WIFSIGNALED(status));

        struct store *store = NULL; /* even a reader undoes what was left half done */
        struct ifl_error error = {.message = ""};
        enum ifl_status opened = store_open(&store, database, STORE_READ, &error);
        if (opened == IFL_NOT_FOUND || (opened == IFL_REFUSED && file_size(database) == 0))
            continue;
        cr_assert_eq(opened, IFL_OK, "%s", error.message);
        store_close(store);
        assert_whole();
        reached = raw_int("SELECT coalesce(max(step) + 1, 0) FROM snapshots");
        cr_assert_eq(raw_int("SELECT count(*) FROM snapshots"), reached);
    }
    cr_assert_gt(reached, 0);
}

/* ---- flipped bytes ---- */

static char *read_file(long *size)
{
    *size = file_size(database);
    char *bytes = ifl_alloc((size_t)*size, 1);
    FILE *file = fopen(database, "rb");
    cr_assert_eq(fread(bytes, 1, (size_t)*size, file), (size_t)*size);
    fclose(file);
    return bytes;
}

static void write_file(const char *bytes, long size)
{
    FILE *file = fopen(database, "wb");
    cr_assert_eq(fwrite(bytes, 1, (size_t)size, file), (size_t)size);
    fclose(file);
}

/* Every distance that can be loaded is what was stored. */
static void load_all(struct store *store, const struct store_snapshot *listed)
{
    float out[N * (N - 1) / 2];
    struct snapshot sent = make_snapshot(listed->step, listed->batch, N);
    for (size_t v = 0; v < sent.n_variables && listed->n == N; v++) {
        const struct variable *variable = &sent.variables[v];
        for (size_t map = 0; map < variable->maps; map++)
            if (store_load_distances(store, listed, variable->of, variable->layer, (int32_t)map, out, NULL) == IFL_OK)
                cr_assert_eq(memcmp(out, variable->distances + map * ifl_pair_count(N), sizeof out), 0);
    }
    if (listed->labels != NULL && listed->n == N)
        cr_assert_eq(memcmp(listed->labels, sent.labels, N * sizeof *sent.labels), 0);
    snapshot_release(&sent);
}

static bool see_ones(void *context, const struct ifl_subset *subset, const double *eigenvalues)
{
    (void)subset;
    (*(int *)context)++;
    for (size_t k = 0; k < N; k++)
        cr_assert_eq(eigenvalues[k], 1.0);
    return true;
}

static void use_damaged(void)
{
    struct store *store = NULL;
    struct store_run *runs;
    struct store_snapshot *list;
    size_t count;
    int visits = 0;
    struct ifl_params params = {.h = 5};
    if (store_open(&store, database, STORE_WRITE, NULL) != IFL_OK)
        return;
    if (store_list_runs(store, &runs, &count, NULL) == IFL_OK)
        store_runs_free(runs, count);
    if (store_list_snapshots(store, 1, &list, &count, NULL) == IFL_OK) {
        for (size_t k = 0; k < count; k++)
            load_all(store, &list[k]);
        store_snapshots_free(list, count);
    }
    store_visit_spectra(store, 1, &params, N, see_ones, &visits, NULL);
    add_steps("run", 50, 1);
    store_delete_run(store, 1, NULL);
    store_purge_run(store, 1, NULL);
    store_close(store);
}

Test(faults, flipped_bytes_are_noticed_or_harmless, .timeout = 600)
{
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "run", 2, N);
    double ones[N];
    const double *row = ones;
    for (size_t k = 0; k < N; k++)
        ones[k] = 1;
    struct store_spectrum_key key = {.snapshot = 1, .params = {.h = 5}};
    assert_ok(store_keep_spectra(store, &key, &row, 1, N, &error));
    store_close(store);
    long size;
    char *bytes = read_file(&size);
    unsigned long random = 1;
    for (int k = 0; k < 300; k++) {
        random = random * 6364136223846793005UL + 1442695040888963407UL;
        long at = (long)(random >> 33) % size;
        char flip = (char)(1 << (random >> 60 & 7));
        bytes[at] ^= flip;
        write_file(bytes, size);
        use_damaged();
        bytes[at] ^= flip;
        char journal[128];
        snprintf(journal, sizeof journal, "%s-journal", database);
        remove(journal);
    }
    free(bytes);
}
