#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <sys/stat.h>

#include <base/reason.h>
#include <store/arrays.h>
#include <store/path.h>
#include <store/schema.h>
#include <store/spectra.h>

#define CACHE_BYTES (INT64_C(256) << 20)
#define ROW_BYTES   (2 << 20) /* of a row beside an array; a text of run.json is shorter */

#define PROGRESS_STEPS 1000 /* of SQLite's machine, some microseconds, between two looks whether it is to end */

static const char *const doing = "cannot open";

/* Whether there is a file, and that it is one: a FIFO or a device is not even to be opened. */
static enum ifl_status check_file(const char *path, enum store_mode mode, struct ifl_error *error)
{
    if (path[0] == '\0')
        return ifl_fail(error, IFL_INVALID, "the path of the database is empty");
    struct stat info;
    if (stat(path, &info) == 0)
        return S_ISREG(info.st_mode) ? IFL_OK : ifl_fail(error, IFL_REFUSED, "%s: not a file", path);
    if (errno != ENOENT && errno != ENOTDIR)
        return ifl_fail(error, IFL_FAILED, "%s: cannot open: %s", path, reason_of(errno).text);
    return mode == STORE_CREATE ? path_make_folders(path, error)
                                : ifl_fail(error, IFL_NOT_FOUND, "%s: no such database", path);
}

/* A file from outside may hold any schema at all: it must not reach further than its own tables. Ours has no triggers
 * and no views, so none may run. */
static int harden(sqlite3 *db)
{
    static const struct {
        int option, value;
    } options[] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0}, {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, {SQLITE_DBCONFIG_ENABLE_VIEW, 0},    {SQLITE_DBCONFIG_DQS_DDL, 0},
        {SQLITE_DBCONFIG_DQS_DML, 0},        {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    };
    int code = SQLITE_OK;
    for (size_t k = 0; k < sizeof options / sizeof *options && code == SQLITE_OK; k++)
        code = sqlite3_db_config(db, options[k].option, options[k].value, NULL);

    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, (int)ARRAY_MAX_BYTES + ROW_BYTES);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, 100000);
    sqlite3_limit(db, SQLITE_LIMIT_COLUMN, 100);
    sqlite3_limit(db, SQLITE_LIMIT_EXPR_DEPTH, 50);
    sqlite3_limit(db, SQLITE_LIMIT_COMPOUND_SELECT, 10);
    sqlite3_limit(db, SQLITE_LIMIT_VDBE_OP, 25000);
    sqlite3_limit(db, SQLITE_LIMIT_FUNCTION_ARG, 8);
    sqlite3_limit(db, SQLITE_LIMIT_VARIABLE_NUMBER, 32);
    sqlite3_limit(db, SQLITE_LIMIT_TRIGGER_DEPTH, 16);
    return code;
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* SQLite's busy handler: called while a lock is held by another, `count` times so far; 0 gives up. */
static int wait_for_lock(void *context, int count)
{
    struct store *store = context;
    int64_t now = now_ms(), end = store->deadline != NULL ? atomic_load(&store->deadline->at) : 0;
    if (count == 0)
        store->waits_since = now;
    if (now - store->waits_since >= store->waits || (end != 0 && now >= end) || db_canceled(store))
        return 0;
    struct timespec pause = {.tv_nsec = count < 10 ? 1000000 : 10000000};
    nanosleep(&pause, NULL);
    return 1;
}

/* SQLite's progress handler: other than 0 ends the statement. */
static int ends_statement(void *store)
{
    return db_canceled(store);
}

void store_deadline_set(struct store_deadline *deadline, int milliseconds_from_now)
{
    atomic_store(&deadline->at, now_ms() + milliseconds_from_now);
}

/* Opened for writing even to read, where the file allows it: only a writer can undo what a killed process left half
 * done. Debian's SQLite takes `file:...` for a URI and `:memory:` for no file at all; a path with a slash is safe. */
static enum ifl_status connect(struct store *store, const char *path, enum store_mode mode, struct ifl_error *error)
{
    char *plain = path_join(path[0] == '/' ? "" : "./", path);
    if (plain == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "%s: out of memory", path);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    int code = sqlite3_open_v2(plain, &store->db, flags | (mode == STORE_CREATE ? SQLITE_OPEN_CREATE : 0), NULL);
    free(plain);
    if (code == SQLITE_OK)
        code = sqlite3_busy_handler(store->db, wait_for_lock, store);
    if (store->cancel != NULL)
        sqlite3_progress_handler(store->db, PROGRESS_STEPS, ends_statement, store);
    if (code == SQLITE_OK)
        code = harden(store->db);
    if (code != SQLITE_OK)
        return db_fail(store, doing, code, error);
    store->read_only = sqlite3_db_readonly(store->db, "main") == 1;

    /* page_size is for a new file: several spectra or a fair part of an array to a page */
    return db_script(store, doing,
                     "PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON; PRAGMA synchronous = FULL;"
                     "PRAGMA secure_delete = FAST; PRAGMA page_size = 8192",
                     error);
}

enum ifl_status db_open(struct store **out, const char *path, enum store_mode mode, int milliseconds,
                        const atomic_bool *cancel, struct ifl_error *error)
{
    enum ifl_status status = check_file(path, mode, error);
    if (status != IFL_OK)
        return status;
    struct store *store = ifl_alloc(1, sizeof *store);
    if (store == NULL || (store->path = path_join(path, "")) == NULL) {
        status = ifl_fail(error, IFL_NO_MEMORY, "%s: out of memory", path);
        goto done;
    }
    store->cache_limit = CACHE_BYTES;
    store->patience = store->waits = milliseconds;
    store->cancel = cancel;
    status = connect(store, path, mode, error);
    if (status == IFL_OK) {
        *out = store;
        store = NULL;
    }
done:
    store_close(store);
    return status;
}

enum ifl_status db_open_memory(struct store **out, const struct store *like, struct ifl_error *error)
{
    struct store *store = ifl_alloc(1, sizeof *store);
    if (store == NULL || (store->path = path_join(like->path, "")) == NULL) {
        store_close(store);
        return ifl_fail(error, IFL_NO_MEMORY, "%s: out of memory", like->path);
    }
    store->cancel = like->cancel;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    int code = sqlite3_open_v2(":memory:", &store->db, flags, NULL);
    if (code == SQLITE_OK) {
        *out = store;
        return IFL_OK;
    }
    enum ifl_status status = db_fail(store, doing, code, error);
    store_close(store);
    return status;
}

enum ifl_status db_read_only(struct store *store, struct ifl_error *error)
{
    store->read_only = true;
    return db_script(store, doing, "PRAGMA query_only = ON", error);
}

/* A write-ahead log needs all its processes on one host, and leaves files beside the database: one that another program has
 * switched to it is switched back, now or when nobody else has it open. */
static enum ifl_status leave_log(struct store *store, struct ifl_error *error)
{
    struct query query = db_query(store, doing, "PRAGMA journal_mode", error);
    char *mode = db_row(&query) ? db_get_text(&query, 0) : NULL;
    enum ifl_status status = db_done(&query);
    store->waits = 0;
    if (status == IFL_OK && mode != NULL && strcmp(mode, "wal") == 0)
        sqlite3_exec(store->db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
    store->waits = store->patience;
    free(mode);
    return status;
}

enum ifl_status store_open(struct store **out, const char *path, enum store_mode mode, struct ifl_error *error)
{
    return store_open_within(out, path, mode, STORE_PATIENCE, NULL, error);
}

enum ifl_status store_open_within(struct store **out, const char *path, enum store_mode mode, int milliseconds,
                                  const atomic_bool *cancel, struct ifl_error *error)
{
    struct store *store;
    enum ifl_status status = db_open(&store, path, mode, milliseconds, cancel, error);
    if (status != IFL_OK)
        return status;
    status = schema_upgrade(store, schema_steps, schema_n_steps, mode == STORE_CREATE, error);
    if (status == IFL_OK && mode == STORE_READ)
        status = db_read_only(store, error);
    else if (status == IFL_OK && !store->read_only)
        status = leave_log(store, error);
    if (status == IFL_OK)
        *out = store;
    else
        store_close(store);
    return status;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    spectra_flush_use(store);
    for (size_t k = 0; k < store->n_statements; k++)
        sqlite3_finalize(store->statements[k].prepared);
    free(store->statements);
    sqlite3_close(store->db);
    free(store->path);
    free(store);
}

const char *store_path(const struct store *store)
{
    return store->path;
}

void store_set_cache_limit(struct store *store, int64_t bytes)
{
    store->cache_limit = bytes;
}

void store_set_patience(struct store *store, int milliseconds)
{
    store->patience = store->waits = milliseconds < 0 ? 0 : milliseconds;
}

void store_set_deadline(struct store *store, struct store_deadline *deadline)
{
    store->deadline = deadline;
}
