/* The numbers of one run, snapshot by snapshot: the part that the command line and the background thread share.
 * Private to the engine. */
#ifndef ENGINE_ESTIMATOR_H
#define ENGINE_ESTIMATOR_H

#include <engine/loaded.h>
#include <engine/pending.h>

/* Belongs to one thread. */
struct estimator {
    struct store *store;
    struct spectrum_cache *cache;
    struct pending *pending;                /* NULL: what is computed is not to be written */
    const struct store_snapshot *snapshots; /* of one run */
    struct loaded *loaded;                  /* [count] */
    size_t count;
    struct store *keep; /* not NULL: each chunk of spectra is kept there at once, and looked for too; that is then part
                         * of the work, and its failure one */
    size_t found, computed; /* spectra that came from a database, and from distances */
    bool no_store;          /* nothing is read from the database but distances */
    bool one_alpha;         /* no other will be asked for: under alpha = 2 there are then no spectra to compute */
    struct planned {
        struct ifl_plan *plan;
        struct ifl_params params;
        ifl_quantity_set wanted;
        size_t snapshot;
    } planned; /* the last plan: a run's snapshots are mostly of one shape */
};

/* What is given must outlive it; `pending`, `keep`, no_store and one_alpha are set afterwards. */
enum ifl_status estimator_init(struct estimator *out, struct store *store, struct spectrum_cache *cache,
                               struct arrays *arrays, const struct store_snapshot *snapshots, size_t count,
                               struct ifl_error *error);
void estimator_release(struct estimator *estimator);

/* The plan of snapshot k; until the next call for this estimator. */
enum ifl_status estimator_plan(struct estimator *estimator, size_t k, const struct ifl_params *params,
                               ifl_quantity_set wanted, const struct ifl_plan **out, struct ifl_error *error);

/* The wanted quantities of snapshot k. `control->progress` counts the spectra that were not in memory. *records is
 * the caller's, to free(). */
enum ifl_status estimator_run(struct estimator *estimator, size_t k, const struct ifl_params *params,
                              ifl_quantity_set wanted, const struct ifl_control *control, struct ifl_record **records,
                              size_t *count, struct ifl_error *error);

/* How many spectra of snapshot k are not in memory. */
enum ifl_status estimator_missing(struct estimator *estimator, size_t k, const struct ifl_params *params,
                                  ifl_quantity_set wanted, size_t *missing, struct ifl_error *error);

#endif
