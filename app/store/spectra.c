/* Spectra kept between sessions. They live in sets, one of each snapshot under one set of widths, which are looked up,
 * age and are dropped whole: a plot wants nearly all of a set or nothing.
 *
 * A set that is used gets the next tick of a clock. Reading must never wait for a writer, so visits are only noted, and
 * written with the next spectra that are kept, or when the store is closed. */
#include <math.h>
#include <stdlib.h>

#include <store/bytes.h>
#include <store/spectra.h>

/* The file holds these enums as numbers: where they change, a migration must empty the table. */
_Static_assert(IFL_OF_X == 0 && IFL_OF_Y == 1 && IFL_OF_T == 2 && IFL_OF_DELTA == 3, "spectra.variable");
_Static_assert(IFL_WITH_NOTHING == 0 && IFL_WITH_X == 1 && IFL_WITH_Y == 2 && IFL_WITH_LAST_DELTA == 3,
               "spectra.joined");

#define ROW_OVERHEAD 64 /* what a spectrum takes beside its numbers, keys and indices, roughly */

static const char *const keeping = "cannot keep spectra";

static uint64_t spectrum_digest(const struct ifl_subset *subset, const unsigned char *bytes, size_t n)
{
    uint64_t digest = digest_word(0, subset->of);
    digest = digest_word(digest, subset->with);
    digest = digest_word(digest, (uint64_t)subset->layer);
    digest = digest_word(digest, (uint64_t)subset->i);
    digest = digest_word(digest, (uint64_t)subset->j);
    return digest_bytes(digest, bytes, 8 * n);
}

static void bind_widths(struct query *query, int64_t snapshot, const struct ifl_params *params)
{
    db_int(query, snapshot);
    db_text(query, ifl_width_rule_name(params->width));
    db_text(query, ifl_composition_name(params->composition));
    db_real(query, params->h);
    db_real(query, params->h_error);
    db_real(query, params->h_label);
}

/* ---- visiting ---- */

/* Numbers that are no subset's are a damaged file's. */
static bool read_subset(struct query *query, struct ifl_subset *out)
{
    int64_t of = db_get_int(query, 1), with = db_get_int(query, 2), layer = db_get_int(query, 3);
    int64_t i = db_get_int(query, 4), j = db_get_int(query, 5);
    if (of < IFL_OF_X || of > IFL_OF_DELTA || with < IFL_WITH_NOTHING || with > IFL_WITH_LAST_DELTA || layer < 0 ||
        layer > INT32_MAX || i < IFL_ALL_MAPS || i > INT32_MAX || j < IFL_NO_MAP || j > INT32_MAX)
        return false;
    *out = (struct ifl_subset){
        .of = (enum ifl_of)of, .with = (enum ifl_with)with, .layer = (int32_t)layer, .i = (int32_t)i, .j = (int32_t)j};
    return true;
}

bool spectra_read(struct query *query, size_t n, struct ifl_subset *subset, double *eigenvalues)
{
    size_t size;
    uint64_t digest = (uint64_t)db_get_int(query, 6);
    const unsigned char *bytes = db_get_blob(query, 7, &size);
    if (bytes == NULL || size != 8 * n || !read_subset(query, subset) || spectrum_digest(subset, bytes, n) != digest)
        return false;
    bytes_get64(eigenvalues, bytes, n);
    size_t k = 0;
    while (k < n && isfinite(eigenvalues[k]))
        k++;
    return k == n;
}

enum ifl_status store_visit_spectra(struct store *store, int64_t snapshot, const struct ifl_params *params, size_t n,
                                    bool (*visit)(void *context, const struct ifl_subset *subset,
                                                  const double *eigenvalues),
                                    void *context, struct ifl_error *error)
{
    double *eigenvalues = ifl_alloc(n, sizeof *eigenvalues);
    if (eigenvalues == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "%s: cannot read spectra: out of memory", store->path);
    struct query query =
        db_query(store, "cannot read spectra",
                 "SELECT spectrum_sets.id, variable, joined, layer, i, j, digest, data FROM spectrum_sets"
                 " CROSS JOIN spectra ON spectrum_set = spectrum_sets.id"
                 " WHERE snapshot = ? AND width = ? AND composition = ? AND h = ? AND h_error = ? AND h_label = ?",
                 error);
    bind_widths(&query, snapshot, params);
    int64_t set = 0;
    bool more = true;
    while (more && db_row(&query)) {
        struct ifl_subset subset;
        set = db_get_int(&query, 0);
        if (spectra_read(&query, n, &subset, eigenvalues))
            more = visit(context, &subset, eigenvalues);
    }
    if (set != 0)
        store->touched[store->n_touched++ % STORE_TOUCHED] = set;
    free(eigenvalues);
    return db_done(&query);
}

/* ---- the clock ---- */

static enum ifl_status read_clock(struct store *store, int64_t *clock, struct ifl_error *error)
{
    struct query query = db_query(store, keeping, "SELECT max(used) FROM spectrum_sets", error);
    *clock = db_row(&query) ? (int64_t)db_get_count(&query, 0, INT64_MAX / 2) : 0;
    return db_done(&query);
}

/* In the order of the visits; a set that is no longer there is passed over. */
static enum ifl_status write_use(struct store *store, int64_t *clock, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    size_t first = store->n_touched > STORE_TOUCHED ? store->n_touched - STORE_TOUCHED : 0;
    for (size_t k = first; k < store->n_touched && status == IFL_OK; k++) {
        struct query query = db_query(store, keeping, "UPDATE spectrum_sets SET used = ? WHERE id = ?", error);
        db_int(&query, ++*clock);
        db_int(&query, store->touched[k % STORE_TOUCHED]);
        status = db_run(&query);
    }
    return status;
}

void store_keep_ahead(struct store *store)
{
    store->ahead = true;
}

void spectra_flush_use(struct store *store)
{
    if (store->n_touched == 0)
        return;
    store->waits = 0;
    int64_t clock;
    enum ifl_status status = db_begin_write(store, keeping, NULL);
    if (status != IFL_OK)
        return;
    status = read_clock(store, &clock, NULL);
    if (status == IFL_OK)
        status = write_use(store, &clock, NULL);
    db_end(store, keeping, status, NULL);
}

/* ---- keeping ---- */

#define KEEP_MILLISECONDS 50

/* The set that spectra are being added to. */
struct set {
    int64_t id;    /* 0: its snapshot was deleted meanwhile */
    int64_t bytes; /* added so far */
};

static enum ifl_status open_set(struct store *store, const struct store_spectrum_key *key, int64_t *clock,
                                struct set *set, struct ifl_error *error)
{
    struct query query =
        db_query(store, keeping,
                 "INSERT INTO spectrum_sets(snapshot, width, composition, h, h_error, h_label, used)"
                 " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE EXISTS(SELECT 1 FROM snapshots WHERE id = ?1)"
                 " ON CONFLICT DO UPDATE SET used = excluded.used RETURNING id",
                 error);
    bind_widths(&query, key->snapshot, &key->params);
    db_int(&query, ++*clock);
    set->id = db_row(&query) ? db_get_int(&query, 0) : 0;
    set->bytes = 0;
    return db_run(&query);
}

static enum ifl_status close_set(struct store *store, const struct set *set, struct ifl_error *error)
{
    struct query query = db_query(store, keeping, "UPDATE spectrum_sets SET bytes = bytes + ? WHERE id = ?", error);
    db_int(&query, set->bytes);
    db_int(&query, set->id);
    return db_run(&query);
}

static bool same_set(const struct store_spectrum_key *a, const struct store_spectrum_key *b)
{
    return a->snapshot == b->snapshot && a->params.width == b->params.width &&
           a->params.composition == b->params.composition && a->params.h == b->params.h &&
           a->params.h_error == b->params.h_error && a->params.h_label == b->params.h_label;
}

static enum ifl_status write_spectrum(struct store *store, const char *sql, int64_t set,
                                      const struct ifl_subset *subset, const unsigned char *bytes, size_t n,
                                      struct ifl_error *error)
{
    struct query query = db_query(store, keeping, sql, error);
    db_int(&query, set);
    db_int(&query, subset->of);
    db_int(&query, subset->with);
    db_int(&query, subset->layer);
    db_int(&query, subset->i);
    db_int(&query, subset->j);
    db_int(&query, (int64_t)spectrum_digest(subset, bytes, n));
    db_blob(&query, bytes, 8 * n);
    return db_run(&query);
}

/* A spectrum that is there already is written over: it was asked for because it was damaged, or another process
 * computed it too. */
static enum ifl_status keep_spectrum(struct store *store, struct set *set, const struct ifl_subset *subset,
                                     const unsigned char *bytes, size_t n, struct ifl_error *error)
{
    static const char insert[] = "INSERT INTO spectra(spectrum_set, variable, joined, layer, i, j, digest, data)"
                                 " VALUES(?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
    static const char update[] = "UPDATE spectra SET digest = ?7, data = ?8 WHERE spectrum_set = ?1 AND variable = ?2"
                                 " AND joined = ?3 AND layer = ?4 AND i = ?5 AND j = ?6"
                                 " AND (digest <> ?7 OR data <> ?8)";
    enum ifl_status status = write_spectrum(store, insert, set->id, subset, bytes, n, error);
    if (status != IFL_OK)
        return status;
    if (db_changes(store) == 0) {
        status = write_spectrum(store, update, set->id, subset, bytes, n, error);
        store->kept += status == IFL_OK ? db_changes(store) : 0;
        return status;
    }
    store->kept++;
    set->bytes += (int64_t)(8 * n + ROW_OVERHEAD);
    return IFL_OK;
}

/* Keys that follow each other are mostly of one set. */
static enum ifl_status keep_all(struct store *store, const struct store_spectrum_key *keys,
                                const double *const *spectra, size_t count, size_t n, int64_t *clock,
                                struct ifl_error *error)
{
    unsigned char *bytes = ifl_alloc(n, 8);
    if (bytes == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "%s: %s: out of memory", store->path, keeping);
    struct set set = {0};
    enum ifl_status status = IFL_OK;
    for (size_t k = 0; k < count && status == IFL_OK; k++) {
        if (k == 0 || !same_set(&keys[k], &keys[k - 1]))
            status = open_set(store, &keys[k], clock, &set, error);
        if (status == IFL_OK && set.id != 0) {
            bytes_put64(bytes, spectra[k], n);
            status = keep_spectrum(store, &set, &keys[k].subset, bytes, n, error);
        }
        if (status == IFL_OK && set.id != 0 && (k + 1 == count || !same_set(&keys[k], &keys[k + 1])))
            status = close_set(store, &set, error);
    }
    free(bytes);
    return status;
}

/* ---- the bound ---- */

/* The clock of the youngest set that has to go so that the rest fits, or -1. */
static enum ifl_status find_cut(struct store *store, int64_t *cut, struct ifl_error *error)
{
    /* total(), unlike sum(), does not overflow whatever a damaged file says */
    struct query query =
        db_query(store, keeping, "SELECT total(bytes) - max(?, (SELECT cache_bytes FROM about)) FROM spectrum_sets", error);
    db_int(&query, store->cache_limit);
    double excess = db_row(&query) ? db_get_real(&query, 0) : 0;
    enum ifl_status status = db_done(&query);
    *cut = -1;
    if (status != IFL_OK || !(excess > 0))
        return status;

    query = db_query(store, keeping, "SELECT used, bytes FROM spectrum_sets ORDER BY used", error);
    while (excess > 0 && db_row(&query)) {
        *cut = db_get_int(&query, 0);
        excess -= (double)db_get_int(&query, 1);
    }
    return db_done(&query);
}

static enum ifl_status evict(struct store *store, struct ifl_error *error)
{
    int64_t cut;
    enum ifl_status status = find_cut(store, &cut, error);
    if (status != IFL_OK || cut < 0)
        return status;
    struct query query = db_query(store, keeping, "DELETE FROM spectrum_sets WHERE used <= ?", error);
    db_int(&query, cut);
    return db_run(&query);
}

/* What was asked for ahead of time is there to stay: the bound grows by it, and by what is usual for the rest. */
static enum ifl_status raise_bound(struct store *store, struct ifl_error *error)
{
    struct query query =
        db_query(store, keeping,
                 "UPDATE about SET cache_bytes = max(cache_bytes, ?1"
                 " + (SELECT CAST(min(total(bytes), 4e18) AS INTEGER) FROM spectrum_sets))",
                 error);
    db_int(&query, store->cache_limit);
    return db_run(&query);
}

static enum ifl_status keep_in_one(struct store *store, const struct store_spectrum_key *keys,
                                   const double *const *spectra, size_t count, size_t n, struct ifl_error *error)
{
    int64_t clock;
    enum ifl_status status = db_begin_write(store, keeping, error);
    if (status != IFL_OK)
        return status;
    status = read_clock(store, &clock, error);
    if (status == IFL_OK)
        status = write_use(store, &clock, error);
    if (status == IFL_OK)
        status = keep_all(store, keys, spectra, count, n, &clock, error);
    if (status == IFL_OK)
        status = store->ahead ? raise_bound(store, error) : evict(store, error);
    status = db_end(store, keeping, status, error);
    if (status == IFL_OK)
        store->n_touched = 0;
    return status;
}

enum ifl_status store_keep_spectra(struct store *store, const struct store_spectrum_key *keys,
                                   const double *const *spectra, size_t count, size_t n, struct ifl_error *error)
{
    if (count == 0)
        return IFL_OK;
    /* What can be computed again is not worth waiting for behind an import. */
    if (!store->ahead && store->patience > KEEP_MILLISECONDS)
        store->waits = KEEP_MILLISECONDS;
    enum ifl_status status = keep_in_one(store, keys, spectra, count, n, error);
    store->waits = store->patience;
    return store->read_only && !store->ahead ? IFL_OK : status; /* a folder that takes no journal shows only now */
}
