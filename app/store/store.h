/* The run database: runs, their snapshots as squared distances, cached spectra. The only folder that knows SQLite.
 *
 * A `struct store` is one connection and belongs to one thread at a time; open another for another thread. */
#ifndef STORE_H
#define STORE_H

#include <base/filter.h>
#include <stdatomic.h>

#include <base/run.h>
#include <infoflow/params.h>

struct store;

enum store_mode {
    STORE_READ,  /* must exist; nothing is written, cached spectra neither */
    STORE_WRITE, /* must exist */
    STORE_CREATE /* is made, with its folders, where it is missing */
};

/* Opens and, for a database of an older schema, migrates (never down). In every mode, what a killed process left half
 * done is undone. IFL_NOT_FOUND: no such file. IFL_REFUSED: not an infoflow database, or of a newer one. IFL_LOCKED,
 * IFL_FAILED: I/O. STORE_WRITE falls back to reading where the file is read-only; writes then fail by name. */
enum ifl_status store_open(struct store **out, const char *path, enum store_mode mode, struct ifl_error *error);
void store_close(struct store *store);
const char *store_path(const struct store *store);

/* How long this connection waits for a lock that another holds, at most; at first STORE_PATIENCE. */
#define STORE_PATIENCE 10000
void store_set_patience(struct store *store, int milliseconds);
/* The same from when it is opened on. Once `cancel` (may be NULL, must outlive the connection) is raised, by any thread or a
 * signal, what is under way and all that is asked later ends soon with IFL_CANCELED; nothing of it is stored. */
enum ifl_status store_open_within(struct store **out, const char *path, enum store_mode mode, int milliseconds,
                                  const atomic_bool *cancel, struct ifl_error *error);

/* The end of all waiting, for a connection that another thread wants to end: a lock is not waited for beyond it. Any
 * thread may set it; the connections that look at it may be several. Zeroed, there is none. */
struct store_deadline {
    atomic_llong at; /* milliseconds of CLOCK_MONOTONIC; 0: none */
};
void store_deadline_set(struct store_deadline *deadline, int milliseconds_from_now);
/* `deadline` must outlive the connection. */
void store_set_deadline(struct store *store, struct store_deadline *deadline);

/* A number that changes when anyone, in any process, adds, deletes, restores, renames, tags or annotates a run or adds a
 * snapshot, and does not when spectra are kept: what a list of runs shows is as old as its stamp. Costs one row. */
enum ifl_status store_stamp(struct store *store, uint64_t *stamp, struct ifl_error *error);

/* Where the database is when nobody says: $INFOFLOW_DB, else $XDG_DATA_HOME/infoflow/runs.db, else
 * ~/.local/share/infoflow/runs.db. A new string, or NULL without memory or a home. */
char *store_default_path(void);

/* ---- runs ---- */

/* A run that was deleted stays in the bin, with all it has, until it is restored or purged. Its name stays taken. */
enum store_among { STORE_ALIVE, STORE_DELETED, STORE_ANY };

/* Adds the run if none of that name is there; if one is, its layers and the params that both have must agree
 * (IFL_REFUSED names the first that does not) and its params, tags and map_limit are kept as they are. IFL_REFUSED too where it is in the bin. */
enum ifl_status store_add_run(struct store *store, const struct run *run, int64_t *id, struct ifl_error *error);

/* How many single maps of a layer the run keeps at most; 0: all. IFL_NOT_FOUND: no such run. */
enum ifl_status store_map_limit(struct store *store, int64_t id, size_t *limit, struct ifl_error *error);

/* Adds one snapshot wholly or not at all, in one transaction. *added = false where (step, batch) is there already.
 * IFL_REFUSED where the run is in the bin, its n differs from the run's other snapshots, a variable's shape from theirs, or a number is not
 * finite: `step 160: T/conv1: ...`, without a path, for the caller knows the file at fault. */
enum ifl_status store_add_snapshot(struct store *store, int64_t run, const struct snapshot *snapshot, bool *added,
                                   struct ifl_error *error);

/* The same of a snapshot whose variables lack their distances: `load` is asked for those of one variable after the
 * other, as new memory, while the snapshot is being added. What it fails with is what adding fails with. It must not use
 * the store. */
struct store_source {
    enum ifl_status (*load)(void *context, size_t variable, float **distances, struct ifl_error *error);
    void *context;
};
enum ifl_status store_add_snapshot_from(struct store *store, int64_t run, const struct snapshot *snapshot,
                                        const struct store_source *source, bool *added, struct ifl_error *error);

/* Whether (step, batch) is there. */
enum ifl_status store_has_snapshot(struct store *store, int64_t run, int64_t step, int64_t batch, bool *has,
                                   struct ifl_error *error);

/* Finds a run that is not deleted, or one among those named, by exact name, unique prefix of a name, or numeric id (in
 * this order). IFL_NOT_FOUND names it; IFL_INVALID: an ambiguous prefix, with the first candidates. */
enum ifl_status store_find_run(struct store *store, const char *which, int64_t *id, struct ifl_error *error);
enum ifl_status store_find_run_among(struct store *store, enum store_among among, const char *which, int64_t *id,
                                     struct ifl_error *error);

/* The run of just this name, deleted or not; *id = 0 where there is none. */
enum ifl_status store_find_named(struct store *store, const char *name, int64_t *id, struct ifl_error *error);

/* A run as a list shows it. */
struct store_run {
    int64_t id;
    struct run run;
    size_t snapshots;
    size_t n; /* samples in a snapshot; 0 without snapshots */
    int64_t first_step, last_step;
    struct metric *metrics; /* of the last snapshot that has any */
    size_t n_metrics;
    size_t *maps;    /* [run.n_layers]; 0: not known before a snapshot has that layer */
    char *note;      /* "" without one */
    int64_t created; /* seconds since the epoch */
    int64_t deleted; /* the same; 0: it is not */
};
void store_run_release(struct store_run *run);
/* What a filter sees of it; dpi is not known here (NAN). Points into `run`. */
struct filter_row store_run_row(const struct store_run *run);

/* The first field of the filter that none of the runs [count] has: most likely a slip of the pen. NULL: none, or no
 * runs. Belongs to the filter. */
const char *store_runs_lack(const struct store_run *runs, size_t count, const struct filter *filter);
/* A run of any kind, deleted too. */
enum ifl_status store_get_run(struct store *store, int64_t id, struct store_run *out, struct ifl_error *error);
/* Its name alone, a new string, however damaged the rest is. */
enum ifl_status store_run_name(struct store *store, int64_t id, char **name, struct ifl_error *error);

/* Runs that a list lacks, since they are damaged. */
struct store_left_out {
    size_t count;
    struct ifl_error first; /* which one, and why; nothing where there is none */
};
/* All runs that are not deleted, or those named, by name. *out is freed with store_runs_free. A damaged one is left out;
 * where `left_out` is NULL, it is IFL_REFUSED. */
enum ifl_status store_list_runs(struct store *store, struct store_run **out, size_t *count, struct ifl_error *error);
enum ifl_status store_list_runs_among(struct store *store, enum store_among among, struct store_run **out,
                                      size_t *count, struct store_left_out *left_out, struct ifl_error *error);
void store_runs_free(struct store_run *runs, size_t count);

/* ---- runs changed after the fact; IFL_NOT_FOUND: no run of that id ---- */

/* Into the bin, at once whatever the run's size, and out of it. Done already: IFL_OK. */
enum ifl_status store_delete_run(struct store *store, int64_t id, struct ifl_error *error);
enum ifl_status store_restore_run(struct store *store, int64_t id, struct ifl_error *error);
/* Deletes the run, in the bin or not, with all it has, for good. */
enum ifl_status store_purge_run(struct store *store, int64_t id, struct ifl_error *error);

/* Bytes at most; a name and a tag's key have at least 1. Longer ones are IFL_INVALID. */
#define STORE_MAX_NAME 255
#define STORE_MAX_TAG  4096
#define STORE_MAX_NOTE 65536

/* IFL_REFUSED: another run, deleted or not, has the name. */
enum ifl_status store_rename_run(struct store *store, int64_t id, const char *name, struct ifl_error *error);
/* Sets a tag, which keeps its place if it is there and else comes last; `value` NULL removes it. What reads as a finite
 * number becomes a FIELD_NUMBER of that text, anything else a FIELD_TEXT. */
enum ifl_status store_set_tag(struct store *store, int64_t id, const char *key, const char *value,
                              struct ifl_error *error);
/* "" removes it. */
enum ifl_status store_set_note(struct store *store, int64_t id, const char *note, struct ifl_error *error);

/* ---- snapshots ---- */

/* What is believed of a run, since memory follows: its layers, its params and its tags, and the feature maps of a
 * snapshot's variables in all. A database that claims more is damaged. */
#define STORE_MAX_LAYERS ((size_t)4096)
#define STORE_MAX_FIELDS ((size_t)4096)
#define STORE_MAX_MAPS   ((size_t)1 << 20)

/* A snapshot without its arrays: what a plan needs. Owns what it points to. */
struct store_snapshot {
    int64_t id;
    int64_t run;
    int64_t step, batch;
    double epoch; /* NAN: not given */
    size_t n;
    size_t layers; /* of the run */
    int32_t *labels; /* [n] or NULL */
    size_t classes;
    size_t x_dim;
    struct store_shape {
        size_t maps; /* 0: not there */
        size_t kept; /* of them one by one: maps_sample */
        size_t dim;
    } *t, *delta; /* [layers] each */
    struct metric *metrics;
    size_t n_metrics;
};
void store_snapshots_free(struct store_snapshot *snapshots, size_t count);

/* All snapshots of a run, by step and batch. */
enum ifl_status store_list_snapshots(struct store *store, int64_t run, struct store_snapshot **out, size_t *count,
                                     struct ifl_error *error);

/* One packed distance array, [ifl_pair_count(n)] floats, into `out`: map = IFL_ALL_MAPS for the sum. IFL_INVALID: the
 * snapshot has no such array. IFL_NOT_FOUND: it was deleted since it was listed. IFL_REFUSED: missing, of the wrong
 * size, not finite or not what was stored: the database is damaged; `out` then means nothing. */
enum ifl_status store_load_distances(struct store *store, const struct store_snapshot *snapshot, enum ifl_of of,
                                     int32_t layer, int32_t map, float *out, struct ifl_error *error);

/* ---- cached spectra ---- */

/* A spectrum's full name: a subset of a snapshot under the parameters that matter for it (ifl_subset_params). */
struct store_spectrum_key {
    int64_t snapshot;
    struct ifl_subset subset;
    struct ifl_params params;
};

/* Calls `visit` for each kept spectrum of the snapshot under these widths (h, h_error, h_label, width, composition of
 * `params` as ifl_subset_params gave them); the key's subset and the n eigenvalues. Stops where visit is false. `visit`
 * must not use the store. Damaged spectra are passed over. Never waits for a lock but while another process commits. */
enum ifl_status store_visit_spectra(struct store *store, int64_t snapshot, const struct ifl_params *params, size_t n,
                                    bool (*visit)(void *context, const struct ifl_subset *subset,
                                                  const double *eigenvalues),
                                    void *context, struct ifl_error *error);

/* Keeps spectra (rows of n doubles) in one transaction, dropping the least recently used beyond the bound: all of a
 * snapshot under one set of widths at once. One that is there is written over; those of a snapshot deleted meanwhile
 * are passed over. Keys of equal widths are best given next to each other. A read-only database keeps nothing and says
 * IFL_OK. Where another process is writing it does not wait: IFL_LOCKED, and the spectra are not kept. */
enum ifl_status store_keep_spectra(struct store *store, const struct store_spectrum_key *keys,
                                   const double *const *spectra, size_t count, size_t n, struct ifl_error *error);

/* The bound in bytes; 256 MiB at first. A spectrum counts 8 n + 64. */
void store_set_cache_limit(struct store *store, int64_t bytes);

/* From now on the spectra that this connection keeps are there to stay: none are dropped for them, the file's own bound
 * grows instead, and they are waited for like an import, whose failure is one. */
void store_keep_ahead(struct store *store);

/* ---- integrity ---- */

/* Something that is not as it was stored. */
struct store_damage {
    const char *run; /* "": none of a run's snapshots, but the file itself */
    int64_t step, batch;
    const char *what; /* `T/conv1`, `spectra`, a table */
    const char *how;
};

struct store_verifier {
    void (*damage)(void *context, const struct store_damage *damage);
    void (*progress)(void *context, size_t done, size_t total); /* snapshots; may be NULL */
    void *context;
};

struct store_verified {
    size_t snapshots, arrays, spectra; /* looked at; in the bin, too */
    size_t damages;
};

/* Looks at all there is: what SQLite says of the file, rows that belong to nothing, every array and spectrum against its
 * digest, labels within their classes, that no array is missing and that every run can be listed. IFL_OK whatever was
 * found. Others may go on writing; what is deleted meanwhile is passed over. */
enum ifl_status store_verify(struct store *store, const struct store_verifier *verifier, struct store_verified *out,
                             struct ifl_error *error);

/* ---- parts: spectra that other processes compute ---- */

/* A part is a file of spectra of one database's snapshots: read and kept in it as in a run database, from which it takes
 * those of the snapshots named by store_part_add alone. It says which database it is of. STORE_CREATE makes it where it
 * is missing, STORE_READ does not. It is canceled with the database. IFL_REFUSED: not a part, of another database, or of another version of its tables. */
enum ifl_status store_open_part(struct store **out, const char *path, struct store *of, enum store_mode mode,
                                struct ifl_error *error);
/* Names a snapshot of the database, so that its spectra can be kept in the part. */
enum ifl_status store_part_add(struct store *part, struct store *of, int64_t snapshot, struct ifl_error *error);

struct store_merged {
    size_t snapshots, spectra; /* in the part */
    size_t kept;               /* spectra that were not there, or damaged */
    size_t gone;               /* snapshots that have been deleted since */
    size_t damaged;            /* spectra passed over */
};
/* Keeps what the part at `path` has, as store_keep_ahead does. To merge a part twice changes nothing. IFL_REFUSED as
 * store_open_part, and where a snapshot is no longer what it was; nothing was kept then. `progress` (may be NULL) counts
 * snapshots. */
enum ifl_status store_merge(struct store *store, const char *path,
                            void (*progress)(void *context, size_t done, size_t total), void *context,
                            struct store_merged *out, struct ifl_error *error);

#endif
