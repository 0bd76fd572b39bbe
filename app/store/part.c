/* Parts: spectra of a database's snapshots in a file of their own, for processes that only read the database. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <store/bytes.h>
#include <store/part.h>
#include <store/schema.h>

static const char *const doing = "cannot open";
static const char *const adding = "cannot add a snapshot";

static enum ifl_status read_identity(struct store *store, char **out, struct ifl_error *error)
{
    struct query query = db_query(store, doing, "SELECT identity FROM about", error);
    char *identity = db_row(&query) ? db_get_text(&query, 0) : NULL;
    enum ifl_status status = db_done(&query);
    if (status == IFL_OK && identity == NULL)
        status = ifl_fail(error, IFL_REFUSED, "%s: damaged database (it has no identity)", store->path);
    if (status == IFL_OK)
        *out = identity;
    else
        free(identity);
    return status;
}

/* ---- snapshots ---- */

static enum ifl_status read_n(struct store *store, int64_t id, size_t *n, struct ifl_error *error)
{
    struct query query = db_query(store, "cannot look up a snapshot", "SELECT n FROM snapshots WHERE id = ?", error);
    db_int(&query, id);
    *n = db_row(&query) ? db_get_count(&query, 0, INT32_MAX) : 0;
    return db_done(&query);
}

enum ifl_status part_fingerprint(struct store *store, int64_t id, size_t *n, uint64_t *fingerprint,
                                 struct ifl_error *error)
{
    enum ifl_status status = read_n(store, id, n, error);
    if (status != IFL_OK || *n == 0)
        return status;
    struct query query = db_query(store, "cannot look up a snapshot",
                                  "SELECT digest FROM variables CROSS JOIN arrays ON arrays.variable = variables.id"
                                  " WHERE snapshot = ? ORDER BY role, layer, kind, map",
                                  error);
    db_int(&query, id);
    uint64_t digest = digest_word(0, *n);
    while (db_row(&query))
        digest = digest_word(digest, (uint64_t)db_get_int(&query, 0));
    status = db_done(&query);
    if (status == IFL_OK)
        *fingerprint = digest;
    return status;
}

/* A copy of the database that went its own way has the same identity, and other snapshots under the same numbers. */
enum ifl_status part_of_another_copy(const struct store *part, const struct store *of, int64_t snapshot,
                                     struct ifl_error *error)
{
    return ifl_fail(error, IFL_REFUSED, "%s: its snapshot %" PRId64 " is not that of %s: a part of another copy",
                    part->path, snapshot, of->path);
}

/* Notes it, unless the part has it already; *there is what the part then has. */
static enum ifl_status note_snapshot(struct store *part, int64_t snapshot, uint64_t fingerprint, uint64_t *there,
                                     struct ifl_error *error)
{
    struct query query =
        db_query(part, adding, "INSERT INTO snapshots(id, fingerprint) VALUES(?, ?) ON CONFLICT DO NOTHING", error);
    db_int(&query, snapshot);
    db_int(&query, (int64_t)fingerprint);
    enum ifl_status status = db_run(&query);
    if (status != IFL_OK)
        return status;
    query = db_query(part, adding, "SELECT fingerprint FROM snapshots WHERE id = ?", error);
    db_int(&query, snapshot);
    *there = db_row(&query) ? (uint64_t)db_get_int(&query, 0) : ~fingerprint;
    return db_done(&query);
}

enum ifl_status store_part_add(struct store *part, struct store *of, int64_t snapshot, struct ifl_error *error)
{
    size_t n;
    uint64_t fingerprint, there = 0;
    enum ifl_status status = part_fingerprint(of, snapshot, &n, &fingerprint, error);
    if (status == IFL_OK && n == 0)
        status = ifl_fail(error, IFL_NOT_FOUND, "%s: a snapshot is no longer there", of->path);
    if (status == IFL_OK)
        status = db_begin_write(part, adding, error);
    if (status != IFL_OK)
        return status;
    status = db_end(part, adding, note_snapshot(part, snapshot, fingerprint, &there, error), error);
    if (status == IFL_OK && there != fingerprint)
        status = part_of_another_copy(part, of, snapshot, error);
    return status;
}

/* ---- opening ---- */

static enum ifl_status make_tables(struct store *part, const char *identity, struct ifl_error *error)
{
    enum ifl_status status = schema_take_step(part, schema_part, SCHEMA_PART_ID, schema_n_steps, error);
    if (status != IFL_OK)
        return status;
    struct query query = db_query(part, doing, "INSERT INTO about(id, identity) VALUES(1, ?)", error);
    db_text(&query, identity);
    return db_run(&query);
}

static enum ifl_status make(struct store *part, const char *identity, struct ifl_error *error)
{
    struct schema_header header;
    enum ifl_status status = db_begin_write(part, doing, error);
    if (status != IFL_OK)
        return status;
    status = schema_read_header(part, &header, error); /* another process may have come first */
    if (status == IFL_OK && header.blank)
        status = make_tables(part, identity, error);
    return db_end(part, doing, status, error);
}

static enum ifl_status check_header(const struct store *part, const struct schema_header *header,
                                    struct ifl_error *error)
{
    if (header->application == SCHEMA_APPLICATION_ID)
        return ifl_fail(error, IFL_REFUSED, "%s: a run database, not a part of one", part->path);
    if (header->application != SCHEMA_PART_ID)
        return ifl_fail(error, IFL_REFUSED, "%s: not a part of a run database%s", part->path,
                        header->blank ? " (it is empty)" : "");
    if (header->version != (int64_t)schema_n_steps)
        return ifl_fail(error, IFL_REFUSED,
                        "%s: made by another infoflow (schema version %" PRId64 ", the database's is %zu)", part->path,
                        header->version, schema_n_steps);
    return IFL_OK;
}

static enum ifl_status check_identity(struct store *part, const struct store *of, const char *identity,
                                      struct ifl_error *error)
{
    char *own;
    enum ifl_status status = read_identity(part, &own, error);
    if (status != IFL_OK)
        return status;
    if (strcmp(own, identity) != 0)
        status = ifl_fail(error, IFL_REFUSED, "%s: a part of another database than %s", part->path, of->path);
    free(own);
    return status;
}

static enum ifl_status prepare(struct store *part, const struct store *of, const char *identity, enum store_mode mode,
                               struct ifl_error *error)
{
    struct schema_header header;
    enum ifl_status status = schema_read_header(part, &header, error);
    if (status == IFL_OK && header.blank && mode == STORE_CREATE) {
        status = make(part, identity, error);
        if (status == IFL_OK)
            status = schema_read_header(part, &header, error);
    }
    if (status == IFL_OK)
        status = check_header(part, &header, error);
    if (status == IFL_OK)
        status = schema_check(part, &(schema_step){schema_part}, 1, error);
    if (status == IFL_OK)
        status = check_identity(part, of, identity, error);
    if (status == IFL_OK && mode == STORE_READ)
        status = db_read_only(part, error);
    return status;
}

enum ifl_status store_open_part(struct store **out, const char *path, struct store *of, enum store_mode mode,
                                struct ifl_error *error)
{
    struct store *part = NULL;
    char *identity;
    enum ifl_status status = read_identity(of, &identity, error);
    if (status != IFL_OK)
        return status;
    status = db_open(&part, path, mode, STORE_PATIENCE, of->cancel, error);
    if (status == IFL_OK)
        status = prepare(part, of, identity, mode, error);
    free(identity);
    if (status == IFL_OK) {
        store_keep_ahead(part);
        *out = part;
    } else {
        store_close(part);
    }
    return status;
}
