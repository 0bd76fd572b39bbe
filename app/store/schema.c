#include <inttypes.h>
#include <stdio.h>

#include <store/schema.h>

/* The spectra of one snapshot under one set of widths: they are wanted together, so they age together. A part has these
 * tables too. */
#define SPECTRUM_SETS                                                                                                  \
    "CREATE TABLE spectrum_sets("                                                                                      \
    "  id INTEGER PRIMARY KEY,"                                                                                        \
    "  snapshot INTEGER NOT NULL REFERENCES snapshots(id) ON DELETE CASCADE,"                                          \
    "  width TEXT NOT NULL,"                                                                                           \
    "  composition TEXT NOT NULL,"                                                                                     \
    "  h REAL NOT NULL,"                                                                                               \
    "  h_error REAL NOT NULL,"                                                                                         \
    "  h_label REAL NOT NULL,"                                                                                         \
    "  used INTEGER NOT NULL,"            /* a clock that ticks at each use */                                         \
    "  bytes INTEGER NOT NULL DEFAULT 0," /* of its spectra */                                                         \
    "  UNIQUE(snapshot, width, composition, h, h_error, h_label)"                                                      \
    ") STRICT"
#define SPECTRUM_SETS_BY_USE "CREATE INDEX spectrum_sets_by_use ON spectrum_sets(used, bytes)"
#define SPECTRA                                                                                                        \
    "CREATE TABLE spectra("                                                                                            \
    "  id INTEGER PRIMARY KEY,"                                                                                        \
    "  spectrum_set INTEGER NOT NULL REFERENCES spectrum_sets(id) ON DELETE CASCADE,"                                  \
    "  variable INTEGER NOT NULL," /* enum ifl_of */                                                                   \
    "  joined INTEGER NOT NULL,"   /* enum ifl_with */                                                                 \
    "  layer INTEGER NOT NULL,"                                                                                        \
    "  i INTEGER NOT NULL,"                                                                                            \
    "  j INTEGER NOT NULL,"                                                                                            \
    "  digest INTEGER NOT NULL,"                                                                                       \
    "  data BLOB NOT NULL,"                                                                                            \
    "  UNIQUE(spectrum_set, variable, joined, layer, i, j)"                                                            \
    ") STRICT"

/* Ids of runs and snapshots are never used twice (AUTOINCREMENT): one that a process still holds after another
 * deleted its run must not come to mean a new one. Fields of params and tags, layers and metrics keep the order in
 * which they came. What an array of distances is, and its digest, is written in arrays.c, a spectrum in spectra.c. */
static const char *const version_1[] = {
    "CREATE TABLE runs("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  name TEXT NOT NULL UNIQUE,"
    "  created INTEGER NOT NULL," /* seconds since the epoch */
    "  deleted INTEGER"           /* when it was put in the bin; NULL: it is not there */
    ") STRICT",

    "CREATE TABLE params("
    "  run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,"
    "  position INTEGER NOT NULL,"
    "  key TEXT NOT NULL,"
    "  type TEXT NOT NULL," /* null, bool, number, text, json */
    "  text TEXT,"
    "  number REAL,"
    "  PRIMARY KEY(run, position)"
    ") STRICT, WITHOUT ROWID",

    "CREATE TABLE tags("
    "  run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,"
    "  position INTEGER NOT NULL,"
    "  key TEXT NOT NULL,"
    "  type TEXT NOT NULL,"
    "  text TEXT,"
    "  number REAL,"
    "  PRIMARY KEY(run, position)"
    ") STRICT, WITHOUT ROWID",

    "CREATE TABLE layers("
    "  run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,"
    "  position INTEGER NOT NULL," /* 0, 1, ... in forward order */
    "  name TEXT NOT NULL,"
    "  kind TEXT NOT NULL," /* conv, pool, fc, other */
    "  axes TEXT NOT NULL," /* NCHW, NHWC, ND */
    "  PRIMARY KEY(run, position)"
    ") STRICT, WITHOUT ROWID",

    "CREATE TABLE snapshots("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  run INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,"
    "  step INTEGER NOT NULL,"
    "  batch INTEGER NOT NULL,"
    "  epoch REAL,"
    "  n INTEGER NOT NULL,"
    "  UNIQUE(run, step, batch)"
    ") STRICT",

    "CREATE TABLE metrics("
    "  snapshot INTEGER NOT NULL REFERENCES snapshots(id) ON DELETE CASCADE,"
    "  position INTEGER NOT NULL,"
    "  name TEXT NOT NULL,"
    "  value REAL," /* NULL: not a number */
    "  PRIMARY KEY(snapshot, position)"
    ") STRICT, WITHOUT ROWID",

    "CREATE TABLE variables("
    "  id INTEGER PRIMARY KEY,"
    "  snapshot INTEGER NOT NULL REFERENCES snapshots(id) ON DELETE CASCADE,"
    "  role TEXT NOT NULL,"     /* X, Y, T, delta */
    "  layer INTEGER NOT NULL," /* position of the layer; 0 for X and Y */
    "  maps INTEGER NOT NULL,"
    "  dim INTEGER NOT NULL," /* length of one map's vector; of Y: classes */
    "  UNIQUE(snapshot, role, layer)"
    ") STRICT",

    "CREATE TABLE arrays("
    "  variable INTEGER NOT NULL REFERENCES variables(id) ON DELETE CASCADE,"
    "  kind TEXT NOT NULL,"   /* d2: squared distances; labels */
    "  map INTEGER NOT NULL," /* -1: the sum over all maps, where there are several */
    "  digest INTEGER NOT NULL,"
    "  data BLOB NOT NULL,"
    "  PRIMARY KEY(variable, kind, map)"
    ") STRICT",

    SPECTRUM_SETS,
    SPECTRUM_SETS_BY_USE,
    SPECTRA,

    NULL,
};

/* The maps of a layer are those of its T in any snapshot, or 0; kept with the layer, for a list of runs must not look
 * through variables. `changes` counts what a list of runs shows, see stamp.c: a trigger might, but none may run. */
static const char count_maps[] =
    "UPDATE layers SET maps = coalesce((SELECT variables.maps FROM snapshots"
    "  CROSS JOIN variables ON variables.snapshot = snapshots.id AND role = 'T' AND layer = layers.position"
    "  WHERE snapshots.run = layers.run LIMIT 1), 0)";

static const char *const version_2[] = {
    "ALTER TABLE runs ADD COLUMN note TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE layers ADD COLUMN maps INTEGER NOT NULL DEFAULT 0",
    count_maps,
    "CREATE TABLE changes(id INTEGER PRIMARY KEY CHECK(id = 1), count INTEGER NOT NULL) STRICT",
    "INSERT INTO changes(id, count) VALUES(1, 0)",
    NULL,
};

/* What the file says of itself. The identity tells the parts of this database (part.c) from those of others; spectra
 * may take more than is usual where they were computed ahead of time. */
#define ABOUT                                                                                                          \
    "CREATE TABLE about("                                                                                              \
    "  id INTEGER PRIMARY KEY CHECK(id = 1),"                                                                          \
    "  identity TEXT NOT NULL," /* 32 digits */                                                                        \
    "  cache_bytes INTEGER NOT NULL DEFAULT 0"                                                                         \
    ") STRICT"

static const char *const version_3[] = {
    ABOUT,
    "INSERT INTO about(id, identity) VALUES(1, lower(hex(randomblob(16))))",
    NULL,
};

/* Of layers of more maps than map_limit the distances of that many single maps are kept, see base/maps.h; 0: of all, as
 * it was before. */
static const char *const version_4[] = {
    "ALTER TABLE runs ADD COLUMN map_limit INTEGER NOT NULL DEFAULT 0",
    NULL,
};

const schema_step schema_steps[] = {version_1, version_2, version_3, version_4};
const size_t schema_n_steps = sizeof schema_steps / sizeof *schema_steps;

/* A part has no runs: of a snapshot it knows what tells whether it is still the one that was computed from. */
const char *const schema_part[] = {
    ABOUT,         "CREATE TABLE snapshots(id INTEGER PRIMARY KEY, fingerprint INTEGER NOT NULL) STRICT",
    SPECTRUM_SETS, SPECTRUM_SETS_BY_USE,
    SPECTRA,       NULL,
};

static const char *const doing = "cannot open";

enum ifl_status schema_read_header(struct store *store, struct schema_header *out, struct ifl_error *error)
{
    struct query query = db_query(store, doing,
                                  "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema), page_count"
                                  " FROM pragma_application_id, pragma_user_version, pragma_page_count",
                                  error);
    struct schema_header header = {0};
    if (db_row(&query)) {
        header.application = db_get_int(&query, 0);
        header.version = db_get_int(&query, 1);
        header.blank = header.application == 0 && header.version == 0 && db_get_int(&query, 2) == 0;
        header.empty = header.blank && db_get_int(&query, 3) == 0;
    }
    enum ifl_status status = db_done(&query);
    if (status == IFL_OK)
        *out = header;
    return status;
}

static enum ifl_status check_header(struct store *store, const struct schema_header *header, size_t newest, bool create,
                                    struct ifl_error *error)
{
    if ((header->blank && create) || (header->empty && !store->read_only))
        return IFL_OK;
    if (header->application == SCHEMA_PART_ID)
        return ifl_fail(error, IFL_REFUSED, "%s: a part of a run database (infoflow merge takes it)", store->path);
    if (header->application != SCHEMA_APPLICATION_ID || header->version < 1)
        return ifl_fail(error, IFL_REFUSED, "%s: not an infoflow database%s", store->path,
                        header->blank ? " (it is empty)" : "");
    if ((uint64_t)header->version > newest)
        return ifl_fail(error, IFL_REFUSED,
                        "%s: made by a newer infoflow (schema version %" PRId64 ", this one knows %zu)", store->path,
                        header->version, newest);
    return IFL_OK;
}

enum ifl_status schema_take_step(struct store *store, schema_step step, int application, size_t version,
                                 struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    for (; *step != NULL && status == IFL_OK; step++)
        status = db_script(store, doing, *step, error);

    char marks[96];
    snprintf(marks, sizeof marks, "PRAGMA application_id = %d; PRAGMA user_version = %zu", application, version);
    if (status == IFL_OK)
        status = db_script(store, doing, marks, error);
    return status;
}

/* In one transaction, for another process may be bringing it up to date. */
static enum ifl_status look_at(struct store *store, const schema_step *steps, size_t count, bool create,
                               struct schema_header *header, struct ifl_error *error)
{
    enum ifl_status status = schema_read_header(store, header, error);
    if (status == IFL_OK)
        status = check_header(store, header, count, create, error);
    if (status == IFL_OK && header->version > 0)
        status = schema_check(store, steps, (size_t)header->version, error);
    return status;
}

/* All steps in one transaction: whatever ends it, the file is of the old version or of the new one. */
static enum ifl_status upgrade(struct store *store, const schema_step *steps, size_t count, bool create,
                               struct ifl_error *error)
{
    struct schema_header header = {0};
    enum ifl_status status = look_at(store, steps, count, create, &header, error); /* again: see there */
    for (size_t k = (size_t)header.version; k < count && status == IFL_OK; k++)
        status = schema_take_step(store, steps[k], SCHEMA_APPLICATION_ID, k + 1, error);
    return status;
}

enum ifl_status schema_upgrade(struct store *store, const schema_step *steps, size_t count, bool create,
                               struct ifl_error *error)
{
    struct schema_header header = {0};
    enum ifl_status status = db_begin_read(store, doing, error);
    if (status == IFL_OK)
        status = db_end(store, doing, look_at(store, steps, count, create, &header, error), error);
    if (status != IFL_OK || (size_t)header.version == count)
        return status;

    status = db_begin_write(store, doing, error);
    if (status == IFL_OK)
        status = db_end(store, doing, upgrade(store, steps, count, header.blank, error), error);
    if (status == IFL_FAILED && store->read_only && !header.blank)
        status = ifl_fail(error, status,
                          "%s: made by an older infoflow (schema version %" PRId64 ", this one works with %zu), and"
                          " read-only: it cannot be brought up to date",
                          store->path, header.version, count);
    return status;
}
