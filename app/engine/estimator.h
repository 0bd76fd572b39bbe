/* The numbers of one run, snapshot by snapshot: the part that the command line and the background thread share.
 * Private to the engine. */
#ifndef ENGINE_ESTIMATOR_H
#define ENGINE_ESTIMATOR_H

#include <engine/cache.h>
#include <engine/loaded.h>

/* Estimates of these snapshots without records yet. */
enum ifl_status estimates_init(struct estimates *out, const struct store_snapshot *snapshots, size_t count,
                               const struct ifl_params *params, ifl_quantity_set wanted, struct ifl_error *error);

/* Belongs to one thread. */
struct estimator {
    struct store *store;
    struct spectrum_cache *cache;
    const struct store_snapshot *snapshots; /* of one run */
    struct loaded *loaded;                  /* [count] */
    size_t count;
    size_t arrays_limit; /* bytes of distances kept between calls */
    size_t arrays_bytes;
    bool no_store;
    bool one_alpha; /* no other will be asked for: under alpha = 2 there are then no spectra to compute */
    struct store_spectrum_key *pending; /* computed, not yet in the database */
    size_t n_pending, pending_room;
};

enum ifl_status estimator_init(struct estimator *out, struct store *store, struct spectrum_cache *cache,
                               const struct store_snapshot *snapshots, size_t count, struct ifl_error *error);
void estimator_release(struct estimator *estimator);

/* The wanted quantities of snapshot k. `control->progress` counts the spectra that were not in memory. *records is
 * the caller's, to free(). */
enum ifl_status estimator_run(struct estimator *estimator, size_t k, const struct ifl_params *params,
                              ifl_quantity_set wanted, const struct ifl_control *control,
                              struct ifl_record **records, size_t *count, struct ifl_error *error);

/* How many spectra of snapshot k are not in memory. */
enum ifl_status estimator_missing(struct estimator *estimator, size_t k, const struct ifl_params *params,
                                  ifl_quantity_set wanted, size_t *missing, struct ifl_error *error);

/* Writes some of what is pending to the database in one transaction, as far as memory still has it; to be called until
 * n_pending is 0. On failure the rest stays pending. */
enum ifl_status estimator_keep(struct estimator *estimator, struct ifl_error *error);

#endif
