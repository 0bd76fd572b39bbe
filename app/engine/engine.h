/* From what is wanted on screen to numbers: finds the spectra that are missing, lets the core compute them, in the
 * caller's thread or in the background, and keeps them in memory and in the run database. */
#ifndef ENGINE_H
#define ENGINE_H

#include <base/estimate.h>
#include <store/store.h>

/* Spectra kept in memory, shared by all estimates of a program; bounded, least recently used out first. Locked
 * inside: any thread may use it. */
struct spectrum_cache;
enum ifl_status spectrum_cache_new(struct spectrum_cache **out, size_t bytes, struct ifl_error *error);
void spectrum_cache_free(struct spectrum_cache *cache);

/* A run's estimates in one set of parameters, snapshot by snapshot. Owns its arrays. */
struct estimates {
    int64_t run;
    struct ifl_params params;
    ifl_quantity_set wanted;
    struct estimate *snapshots;
    size_t count;
};
void estimates_release(struct estimates *estimates);

struct estimate_options {
    struct ifl_params params;
    ifl_quantity_set wanted;
    bool no_store; /* neither read nor keep spectra in the database */
    struct ifl_control control;
    /* Told of each snapshot as soon as its records are there; false: the others stay without. NULL: nobody is. */
    bool (*each)(void *context, const struct estimates *so_far, size_t snapshot);
    void *each_context;
};

/* Every snapshot of `snapshots` (of one run), in order. `cache` may be NULL. Spectra that the database does not take
 * (locked, disk full) are not kept; the numbers come all the same. */
enum ifl_status engine_estimate(struct store *store, struct spectrum_cache *cache,
                                const struct store_snapshot *snapshots, size_t count,
                                const struct estimate_options *options, struct estimates *out, struct ifl_error *error);

/* One run's snapshots in one set of parameters after another: distances stay in memory, up to a bound, and so does what
 * kernel widths follow from, which is not h. Belongs to one thread. */
struct engine_series;
/* The snapshots must outlive it. */
enum ifl_status engine_series_new(struct engine_series **out, struct store *store,
                                  const struct store_snapshot *snapshots, size_t count, struct ifl_error *error);
void engine_series_free(struct engine_series *series);
/* As engine_estimate, of the snapshots first .. first + count - 1. */
enum ifl_status engine_series_estimate(struct engine_series *series, size_t first, size_t count,
                                       const struct estimate_options *options, struct estimates *out,
                                       struct ifl_error *error);

/* ---- ahead of time ---- */

/* The spectra that some quantities take in one set of parameters. */
struct engine_ahead {
    struct ifl_params params;
    ifl_quantity_set wanted;
};

struct engine_kept {
    size_t there;    /* spectra that were in the database, or in the part */
    size_t computed; /* those that were not: now they are */
};

/* Computes what is missing of one snapshot's spectra and keeps it in `keep`: `store` itself or a part of it (store_part_add
 * has the snapshot), and looks in both first. `keep` is best told store_keep_ahead. What was kept before a failure stays.
 * Adds to *out. */
enum ifl_status engine_compute(struct store *store, struct store *keep, const struct store_snapshot *snapshot,
                               const struct engine_ahead *ahead, size_t count, const struct ifl_control *control,
                               struct engine_kept *out, struct ifl_error *error);

/* ---- in the background ---- */

/* A worker thread with a database connection of its own, that works on the newest request only. Spectra are written to
 * the database while there is nothing else to do. */
struct engine;

/* One run in one set of parameters. A request is a list of these. */
struct engine_task {
    int64_t run;
    struct ifl_params params;
    ifl_quantity_set wanted;
    ifl_quantity_set soon; /* what is on screen: before the rest of `wanted`; 0: all of it */
    int64_t first;   /* the step whose snapshots come first: under the cursor; a run without that step: its nearest
                      * one before it, else its first */
    bool only_first; /* no other snapshots than those (a sweep of widths) */
    bool passing;    /* many runs are gone through: its distances are not kept in memory afterwards */
};

enum ifl_status engine_new(struct engine **out, const char *database, int threads, struct ifl_error *error);
void engine_free(struct engine *engine);

/* Replaces whatever is being worked on. The tasks are copied. In turn for all tasks, in their order: the snapshots
 * under the cursor with what of `soon` needs no pairs of maps; those with `soon`; all snapshots with the first; with
 * `soon`; with `wanted`. What gives nothing new is left out. Returns the ticket of the request; 0 without memory, and
 * nothing is replaced. */
uint64_t engine_ask(struct engine *engine, const struct engine_task *tasks, size_t count);
void engine_cancel(struct engine *engine);

/* How far the newest request is. */
struct engine_progress {
    uint64_t ticket;
    size_t done, total; /* spectra of all tasks that were not in memory; 0 until they are counted, which the layers
                         * under the cursor do not wait for */
    bool busy;
    bool failed;            /* a task did: the others were done all the same */
    struct ifl_error error; /* of the first task that failed */
};
void engine_watch(struct engine *engine, struct engine_progress *out);

/* A file descriptor that becomes readable when there is news (an answer, progress, an end). engine_take clears it, so
 * take first and watch after: news that come in between make it readable again. */
int engine_fd(const struct engine *engine);

/* One snapshot's numbers. A later answer of the same task and snapshot has more quantities and replaces it. */
struct engine_answer {
    size_t task;      /* index into the request */
    size_t index, of; /* the snapshot's place among the task's snapshots, by step and batch, and how many these are */
    struct estimate estimate;
};

/* All answers to the newest request that have not been taken yet, in the order in which they came: the caller's, to
 * engine_answers_free. A task whose run has no snapshots gives none. False, the out-parameters untouched: there are
 * none. *ticket is the request's. */
bool engine_take(struct engine *engine, struct engine_answer **out, size_t *count, uint64_t *ticket);

/* With the records that are still there: who keeps an estimate's records puts NULL in their place. */
void engine_answers_free(struct engine_answer *answers, size_t count);

#endif
