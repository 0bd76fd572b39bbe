/* What a part has into the database. The part is read by a connection of its own, never attached, so that a file from
 * another machine reaches no further than its own tables, and every spectrum is held against its digest on the way. */
#include <stdlib.h>

#include <store/part.h>
#include <store/rows.h>

#define BATCH_BYTES ((size_t)4 << 20) /* of spectra in one transaction: others may be waiting to write */

static const char *const doing = "cannot merge";

struct merge {
    struct store *store, *part;
    struct ifl_error *error;
    struct listed {
        int64_t id;
        uint64_t fingerprint;
        size_t n; /* 0: gone */
    } * snapshots;
    size_t n_snapshots;
    struct ifl_params *sets; /* widths that the snapshot has spectra under */
    size_t n_sets;
    struct store_merged merged;
    /* those to be kept together: of one snapshot */
    struct store_spectrum_key key; /* whose subset changes */
    struct store_spectrum_key *keys;
    double *rows;
    const double **row;
    size_t count, room, n;
    enum ifl_status status; /* of what was kept */
};

static void merge_release(struct merge *m)
{
    free(m->snapshots);
    free(m->sets);
    free(m->keys);
    free(m->rows);
    free(m->row);
}

/* ---- the part's snapshots ---- */

static enum ifl_status list_snapshots(struct merge *m)
{
    struct query query = db_query(m->part, doing, "SELECT id, fingerprint FROM snapshots ORDER BY id", m->error);
    while (db_row(&query)) {
        struct listed *grown = rows_add(&query, m->snapshots, m->n_snapshots, sizeof *grown);
        if (grown == NULL)
            break;
        m->snapshots = grown;
        grown[m->n_snapshots++] =
            (struct listed){.id = db_get_int(&query, 0), .fingerprint = (uint64_t)db_get_int(&query, 1)};
    }
    return db_done(&query);
}

static enum ifl_status compare_snapshots(struct merge *m)
{
    enum ifl_status status = IFL_OK;
    for (size_t k = 0; k < m->n_snapshots && status == IFL_OK; k++) {
        struct listed *s = &m->snapshots[k];
        uint64_t fingerprint = 0;
        status = part_fingerprint(m->store, s->id, &s->n, &fingerprint, m->error);
        m->merged.gone += status == IFL_OK && s->n == 0;
        if (status == IFL_OK && s->n > 0 && fingerprint != s->fingerprint)
            status = part_of_another_copy(m->part, m->store, s->id, m->error);
    }
    return status;
}

static enum ifl_status count_spectra(struct merge *m, size_t *count)
{
    struct query query = db_query(m->part, doing, "SELECT count(*) FROM spectra", m->error);
    *count = db_row(&query) ? db_get_count(&query, 0, SIZE_MAX / 2) : 0;
    return db_done(&query);
}

/* ---- one snapshot's spectra ---- */

/* A width that is none is a damaged file's: its spectra are not found, and count as damaged. */
static enum ifl_status list_sets(struct merge *m, int64_t snapshot)
{
    struct query query = db_query(m->part, doing,
                                  "SELECT width, composition, h, h_error, h_label FROM spectrum_sets WHERE snapshot = ?"
                                  " ORDER BY used",
                                  m->error);
    db_int(&query, snapshot);
    m->n_sets = 0;
    while (db_row(&query)) {
        struct ifl_params params = {
            .h = db_get_real(&query, 2), .h_error = db_get_real(&query, 3), .h_label = db_get_real(&query, 4)};
        char *width = db_get_text(&query, 0), *composition = db_get_text(&query, 1);
        if (width != NULL && composition != NULL && ifl_width_rule_parse(width, &params.width) &&
            ifl_composition_parse(composition, &params.composition)) {
            struct ifl_params *grown = rows_add(&query, m->sets, m->n_sets, sizeof *grown);
            if (grown != NULL) {
                m->sets = grown;
                grown[m->n_sets++] = params;
            }
        }
        free(width);
        free(composition);
    }
    return db_done(&query);
}

static void keep_batch(struct merge *m)
{
    if (m->status == IFL_OK)
        m->status = store_keep_spectra(m->store, m->keys, m->row, m->count, m->n, m->error);
    m->count = 0;
}

static bool take(void *context, const struct ifl_subset *subset, const double *eigenvalues)
{
    struct merge *m = context;
    m->keys[m->count] = m->key;
    m->keys[m->count].subset = *subset;
    for (size_t k = 0; k < m->n; k++)
        m->rows[m->count * m->n + k] = eigenvalues[k];
    m->merged.spectra++;
    if (++m->count == m->room)
        keep_batch(m);
    return m->status == IFL_OK;
}

/* Room for a batch of spectra of n numbers. */
static enum ifl_status make_room(struct merge *m, size_t n)
{
    if (m->n == n)
        return IFL_OK;
    size_t room = BATCH_BYTES / (8 * n) + 1, values;
    free(m->keys);
    free(m->rows);
    free(m->row);
    m->n = 0;
    m->keys = ifl_alloc(room, sizeof *m->keys);
    m->row = ifl_alloc(room, sizeof *m->row);
    m->rows = ifl_size_mul(room, n, &values) ? ifl_alloc(values, sizeof *m->rows) : NULL;
    if (m->keys == NULL || m->row == NULL || m->rows == NULL)
        return ifl_fail(m->error, IFL_NO_MEMORY, "%s: %s: out of memory", m->store->path, doing);
    for (size_t k = 0; k < room; k++)
        m->row[k] = m->rows + k * n;
    m->room = room;
    m->n = n;
    return IFL_OK;
}

static enum ifl_status merge_snapshot(struct merge *m, const struct listed *s)
{
    enum ifl_status status = make_room(m, s->n);
    if (status == IFL_OK)
        status = list_sets(m, s->id);
    for (size_t k = 0; k < m->n_sets && status == IFL_OK && m->status == IFL_OK; k++) {
        m->key = (struct store_spectrum_key){.snapshot = s->id, .params = m->sets[k]};
        status = store_visit_spectra(m->part, s->id, &m->sets[k], s->n, take, m, m->error);
    }
    if (status == IFL_OK)
        keep_batch(m);
    return status == IFL_OK ? m->status : status;
}

/* ---- the whole ---- */

static enum ifl_status count_gone(struct merge *m, size_t *spectra)
{
    *spectra = 0;
    enum ifl_status status = IFL_OK;
    for (size_t k = 0; k < m->n_snapshots && status == IFL_OK; k++) {
        if (m->snapshots[k].n > 0)
            continue;
        struct query query =
            db_query(m->part, doing,
                     "SELECT count(*) FROM spectrum_sets JOIN spectra ON spectrum_set = spectrum_sets.id"
                     " WHERE snapshot = ?",
                     m->error);
        db_int(&query, m->snapshots[k].id);
        *spectra += db_row(&query) ? db_get_count(&query, 0, SIZE_MAX / 2) : 0;
        status = db_done(&query);
    }
    return status;
}

static enum ifl_status merge_part(struct merge *m, void (*progress)(void *context, size_t done, size_t total),
                                  void *context)
{
    size_t all = 0, gone = 0;
    enum ifl_status status = list_snapshots(m);
    if (status == IFL_OK)
        status = compare_snapshots(m);
    if (status == IFL_OK)
        status = count_spectra(m, &all);
    if (status == IFL_OK)
        status = count_gone(m, &gone);
    for (size_t k = 0; k < m->n_snapshots && status == IFL_OK; k++) {
        if (progress != NULL)
            progress(context, k, m->n_snapshots);
        if (m->snapshots[k].n > 0)
            status = merge_snapshot(m, &m->snapshots[k]);
    }
    m->merged.snapshots = m->n_snapshots;
    size_t sound = gone + m->merged.spectra;
    m->merged.damaged = sound < all ? all - sound : 0;
    m->merged.spectra = all;
    return status;
}

enum ifl_status store_merge(struct store *store, const char *path,
                            void (*progress)(void *context, size_t done, size_t total), void *context,
                            struct store_merged *out, struct ifl_error *error)
{
    struct merge m = {.store = store, .error = error};
    size_t before = store->kept;
    enum ifl_status status = store_open_part(&m.part, path, store, STORE_READ, error);
    if (status != IFL_OK)
        return status;
    bool ahead = store->ahead;
    store->ahead = true;
    status = db_begin_read(m.part, doing, error);
    if (status == IFL_OK)
        status = db_end(m.part, doing, merge_part(&m, progress, context), error);
    store->ahead = ahead;
    if (status == IFL_OK) {
        *out = m.merged;
        out->kept = store->kept - before;
    }
    merge_release(&m);
    store_close(m.part);
    return status;
}
