/* The connection, and SQL whose errors stick: one failed call makes those after it do nothing, so that a caller looks
 * at the end. Private to store/. */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <sqlite3.h>

#include <store/store.h>

/* Visited sets of spectra whose clock is not yet written; beyond this many the oldest are forgotten. */
#define STORE_TOUCHED 1024

struct db_statement {
    const char *sql; /* compared as a pointer: every text is a literal of ours */
    sqlite3_stmt *prepared;
};

/* What is said of a run in the bin that more is to be added to. */
#define STORE_IN_BIN "run %s was deleted; restore it or delete it for good"

struct store {
    sqlite3 *db;
    char *path;
    bool read_only;
    int64_t cache_limit;
    bool ahead;   /* what is kept was asked for: it drops nothing, and is waited for */
    size_t kept;  /* spectra that were new, or not what was there */
    int patience; /* milliseconds */
    int waits;    /* the same of what is under way: at most `patience` */
    int64_t waits_since;
    struct store_deadline *deadline; /* NULL: none */
    const atomic_bool *cancel;       /* NULL: never */
    struct db_statement *statements; /* prepared once, kept for the connection's life */
    size_t n_statements;
    int64_t touched[STORE_TOUCHED]; /* a ring of set ids, see spectra.c */
    size_t n_touched;
};

/* Opens the file whatever its tables are; IFL_NOT_FOUND, IFL_REFUSED, IFL_LOCKED, IFL_FAILED as store_open has it. */
enum ifl_status db_open(struct store **out, const char *path, enum store_mode mode, int milliseconds,
                        const atomic_bool *cancel, struct ifl_error *error);
/* A database of its own in memory, which fails in the name of `like`. */
enum ifl_status db_open_memory(struct store **out, const struct store *like, struct ifl_error *error);
/* From now on it only reads. */
enum ifl_status db_read_only(struct store *store, struct ifl_error *error);

/* Whether nothing more is to be done. */
bool db_canceled(const struct store *store);

/* One execution of a statement. Ended by db_done or db_run, whatever happened. */
struct query {
    struct store *store;
    const char *doing; /* what fails if this does: "cannot add the run" */
    sqlite3_stmt *statement;
    int bound; /* parameters so far */
    enum ifl_status status;
    struct ifl_error *error;
};

struct query db_query(struct store *store, const char *doing, const char *sql, struct ifl_error *error);

/* Bind the next parameter. Text and blobs must live until db_done; a NULL is bound as NULL, a NAN too. */
void db_int(struct query *query, int64_t value);
void db_real(struct query *query, double value);
void db_text(struct query *query, const char *value);
void db_blob(struct query *query, const void *bytes, size_t size);

/* True while there is a row and nothing has failed. */
bool db_row(struct query *query);
/* Ends the execution; the statement may be used again. */
enum ifl_status db_done(struct query *query);
/* Runs a statement whose rows do not matter, and ends it. */
enum ifl_status db_run(struct query *query);

/* A column of the current row. db_get_real: NAN for NULL. db_get_text: a new string, NULL only if the query failed: a
 * NULL in the file is damage, unless _or_null; so are more bytes than `most` of db_get_bounded. db_get_count: 0 .. max,
 * anything else is damage. db_get_blob: valid until the next row. */
int64_t db_get_int(struct query *query, int column);
double db_get_real(struct query *query, int column);
char *db_get_text(struct query *query, int column);
char *db_get_text_or_null(struct query *query, int column);
char *db_get_bounded(struct query *query, int column, size_t most);
size_t db_get_count(struct query *query, int column, size_t max);
const void *db_get_blob(struct query *query, int column, size_t *size);

/* Makes a failure of the caller's own stick: no memory, or a value that this column of ours cannot have. */
void db_no_memory(struct query *query);
void db_damaged(struct query *query, int column);

/* SQL without parameters, run once and not kept; several statements are allowed. */
enum ifl_status db_script(struct store *store, const char *doing, const char *sql, struct ifl_error *error);

/* Reading in one transaction sees one state of the file. Writing takes the lock at once (IMMEDIATE): a deferred
 * transaction that finds it taken when it comes to write fails without waiting. */
enum ifl_status db_begin_read(struct store *store, const char *doing, struct ifl_error *error);
enum ifl_status db_begin_write(struct store *store, const char *doing, struct ifl_error *error);
/* Commits if `status` is IFL_OK, else rolls back and passes `status` on. */
enum ifl_status db_end(struct store *store, const char *doing, enum ifl_status status, struct ifl_error *error);

/* Rows that the last INSERT, UPDATE or DELETE of this connection changed. */
size_t db_changes(const struct store *store);

/* What a message says behind `PATH: `. */
const char *db_after_path(const struct store *store, const char *message);

/* `PATH: doing: what SQLite says`, with the status that code stands for. */
enum ifl_status db_fail(struct store *store, const char *doing, int code, struct ifl_error *error);

#endif
