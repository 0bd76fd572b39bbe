#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <base/reason.h>
#include <store/db.h>
#include <store/rows.h>

/* ---- errors ---- */

/* Codes by what they mean to a user. The first match counts, so extended codes stand before their primary one. */
static const struct meaning {
    int code;
    enum ifl_status status;
    const char *text;
} meanings[] = {
    {SQLITE_NOMEM, IFL_NO_MEMORY, "out of memory"},
    {SQLITE_IOERR_NOMEM, IFL_NO_MEMORY, "out of memory"},
    {SQLITE_IOERR_READ, IFL_FAILED, "read failed"},
    {SQLITE_IOERR_SHORT_READ, IFL_REFUSED, "damaged database"},
    {SQLITE_IOERR_LOCK, IFL_FAILED, "its file system cannot lock files"},
    {SQLITE_IOERR_RDLOCK, IFL_FAILED, "its file system cannot lock files"},
    {SQLITE_IOERR_CHECKRESERVEDLOCK, IFL_FAILED, "its file system cannot lock files"},
    {SQLITE_IOERR, IFL_FAILED, "disk full or write failed"}, /* what a file size limit gives */
    {SQLITE_FULL, IFL_FAILED, "disk full or write failed"},
    {SQLITE_BUSY, IFL_LOCKED, "locked by another process"},
    {SQLITE_LOCKED, IFL_LOCKED, "locked"},
    {SQLITE_READONLY, IFL_FAILED, "read-only"},
    {SQLITE_CANTOPEN, IFL_FAILED, "the file or its journal cannot be opened"},
    {SQLITE_CORRUPT, IFL_REFUSED, "damaged database"},
    {SQLITE_NOTADB, IFL_REFUSED, "not an infoflow database"},
    {SQLITE_ERROR, IFL_REFUSED, "damaged database"}, /* our SQL is fixed: the file's schema is not what it claims */
    {SQLITE_SCHEMA, IFL_REFUSED, "damaged database"},
    {SQLITE_MISMATCH, IFL_REFUSED, "damaged database"},
    {SQLITE_CONSTRAINT, IFL_REFUSED, "contradicts what is stored"},
    {SQLITE_TOOBIG, IFL_REFUSED, "too large to store"},
};

static const struct meaning *meaning_of(int code)
{
    for (size_t k = 0; k < sizeof meanings / sizeof *meanings; k++)
        if (meanings[k].code == code || meanings[k].code == (code & 0xff))
            return &meanings[k];
    return NULL;
}

/* The connection's own text names the table or the file, but only if it is about this very code; where the system failed,
 * the system's says more. */
static const char *text_of(sqlite3 *db, int code, struct reason *room)
{
    if (db == NULL || sqlite3_extended_errcode(db) != code)
        return sqlite3_errstr(code);
    bool of_system = (code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN;
    int reason = of_system ? sqlite3_system_errno(db) : 0;
    if (reason == 0)
        return sqlite3_errmsg(db);
    *room = reason_of(reason);
    return room->text;
}

bool db_canceled(const struct store *store)
{
    return store->cancel != NULL && atomic_load(store->cancel);
}

static enum ifl_status fail_canceled(const struct store *store, const char *doing, struct ifl_error *error)
{
    return ifl_fail(error, IFL_CANCELED, "%s: %s: canceled", store->path, doing);
}

enum ifl_status db_fail(struct store *store, const char *doing, int code, struct ifl_error *error)
{
    if (db_canceled(store)) /* whatever came of it: a lock is not waited for either */
        return fail_canceled(store, doing, error);
    const struct meaning *meaning = meaning_of(code);
    if ((code & 0xff) == SQLITE_READONLY)
        store->read_only = true; /* found out late where only the folder is: it takes no journal */
    struct reason room;
    const char *said = text_of(store->db, code, &room);
    if (meaning == NULL || strcmp(meaning->text, said) == 0)
        return ifl_fail(error, meaning == NULL ? IFL_FAILED : meaning->status, "%s: %s: %s", store->path, doing, said);
    return ifl_fail(error, meaning->status, "%s: %s: %s (%s)", store->path, doing, meaning->text, said);
}

const char *db_after_path(const struct store *store, const char *message)
{
    size_t path = strlen(store->path);
    bool named = strncmp(message, store->path, path) == 0 && strncmp(message + path, ": ", 2) == 0;
    return named ? message + path + 2 : message;
}

/* ---- statements ---- */

static int prepare(struct store *store, const char *sql, sqlite3_stmt **out)
{
    for (size_t k = 0; k < store->n_statements; k++) {
        if (store->statements[k].sql == sql) {
            *out = store->statements[k].prepared;
            return SQLITE_OK;
        }
    }
    struct db_statement *grown = rows_grow(store->statements, store->n_statements, sizeof *grown);
    if (grown == NULL)
        return SQLITE_NOMEM;
    store->statements = grown;
    int code = sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL);
    if (code == SQLITE_OK)
        grown[store->n_statements++] = (struct db_statement){sql, *out};
    return code;
}

/* Lets only the first failure through. */
static void stick(struct query *query, int code)
{
    if (code != SQLITE_OK && query->status == IFL_OK)
        query->status = db_fail(query->store, query->doing, code, query->error);
}

struct query db_query(struct store *store, const char *doing, const char *sql, struct ifl_error *error)
{
    struct query query = {.store = store, .doing = doing, .error = error};
    if (db_canceled(store))
        query.status = fail_canceled(store, doing, error);
    else
        stick(&query, prepare(store, sql, &query.statement));
    return query;
}

void db_int(struct query *query, int64_t value)
{
    if (query->status == IFL_OK)
        stick(query, sqlite3_bind_int64(query->statement, ++query->bound, value));
}

void db_real(struct query *query, double value)
{
    if (query->status == IFL_OK)
        stick(query, sqlite3_bind_double(query->statement, ++query->bound, value));
}

void db_text(struct query *query, const char *value)
{
    if (query->status == IFL_OK)
        stick(query, sqlite3_bind_text(query->statement, ++query->bound, value, -1, SQLITE_STATIC));
}

void db_blob(struct query *query, const void *bytes, size_t size)
{
    if (query->status == IFL_OK)
        stick(query, sqlite3_bind_blob64(query->statement, ++query->bound, bytes, size, SQLITE_STATIC));
}

bool db_row(struct query *query)
{
    if (query->status != IFL_OK)
        return false;
    int code = sqlite3_step(query->statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        stick(query, code);
    return code == SQLITE_ROW;
}

enum ifl_status db_done(struct query *query)
{
    if (query->statement != NULL) {
        sqlite3_reset(query->statement); /* gives the failure of the last step again: it stuck then */
        sqlite3_clear_bindings(query->statement);
        query->statement = NULL;
    }
    return query->status;
}

enum ifl_status db_run(struct query *query)
{
    while (db_row(query))
        ;
    return db_done(query);
}

enum ifl_status db_script(struct store *store, const char *doing, const char *sql, struct ifl_error *error)
{
    int code = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? IFL_OK : db_fail(store, doing, code, error);
}

/* ---- columns ---- */

int64_t db_get_int(struct query *query, int column)
{
    return query->status == IFL_OK ? sqlite3_column_int64(query->statement, column) : 0;
}

double db_get_real(struct query *query, int column)
{
    if (query->status != IFL_OK || sqlite3_column_type(query->statement, column) == SQLITE_NULL)
        return NAN;
    return sqlite3_column_double(query->statement, column);
}

char *db_get_text(struct query *query, int column)
{
    char *text = db_get_text_or_null(query, column);
    if (text == NULL)
        db_damaged(query, column);
    return text;
}

char *db_get_bounded(struct query *query, int column, size_t most)
{
    if (query->status == IFL_OK && (size_t)sqlite3_column_bytes(query->statement, column) > most)
        db_damaged(query, column);
    return db_get_text(query, column);
}

char *db_get_text_or_null(struct query *query, int column)
{
    if (query->status != IFL_OK || sqlite3_column_type(query->statement, column) == SQLITE_NULL)
        return NULL;
    const char *text = (const char *)sqlite3_column_text(query->statement, column);
    size_t size = text == NULL ? 0 : strlen(text) + 1; /* a NUL inside ends it */
    char *copy = text == NULL ? NULL : ifl_alloc(size, 1);
    if (copy == NULL)
        db_no_memory(query);
    else
        memcpy(copy, text, size);
    return copy;
}

size_t db_get_count(struct query *query, int column, size_t max)
{
    int64_t value = db_get_int(query, column);
    if (value >= 0 && (uint64_t)value <= max)
        return (size_t)value;
    db_damaged(query, column);
    return 0;
}

const void *db_get_blob(struct query *query, int column, size_t *size)
{
    *size = 0;
    if (query->status != IFL_OK)
        return NULL;
    const void *bytes = sqlite3_column_blob(query->statement, column);
    int length = sqlite3_column_bytes(query->statement, column);
    if (bytes == NULL && sqlite3_errcode(query->store->db) == SQLITE_NOMEM)
        db_no_memory(query);
    else if (bytes != NULL)
        *size = (size_t)length;
    return bytes;
}

void db_no_memory(struct query *query)
{
    stick(query, SQLITE_NOMEM);
}

void db_damaged(struct query *query, int column)
{
    if (query->status != IFL_OK)
        return;
    const char *name = sqlite3_column_name(query->statement, column);
    query->status = ifl_fail(query->error, IFL_REFUSED, "%s: %s: damaged database (%s)", query->store->path,
                             query->doing, name == NULL ? "?" : name);
}

/* ---- transactions ---- */

/* SQLite has rolled back by itself after some failures, a full disk for one. */
static void roll_back(struct store *store)
{
    if (!sqlite3_get_autocommit(store->db))
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
}

static enum ifl_status begin(struct store *store, const char *doing, const char *sql, struct ifl_error *error)
{
    roll_back(store); /* without memory the last one may not have got through */
    struct query query = db_query(store, doing, sql, error);
    return db_run(&query);
}

enum ifl_status db_begin_read(struct store *store, const char *doing, struct ifl_error *error)
{
    return begin(store, doing, "BEGIN", error);
}

enum ifl_status db_begin_write(struct store *store, const char *doing, struct ifl_error *error)
{
    if (store->read_only)
        return ifl_fail(error, IFL_FAILED, "%s: %s: read-only", store->path, doing);
    return begin(store, doing, "BEGIN IMMEDIATE", error);
}

enum ifl_status db_end(struct store *store, const char *doing, enum ifl_status status, struct ifl_error *error)
{
    if (status == IFL_OK) {
        struct query query = db_query(store, doing, "COMMIT", error);
        status = db_run(&query);
    }
    if (status != IFL_OK)
        roll_back(store);
    return status;
}

size_t db_changes(const struct store *store)
{
    return (size_t)sqlite3_changes(store->db);
}
