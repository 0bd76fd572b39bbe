/* Spectra that were computed and are not yet in the database: by key, the numbers themselves are in memory. Private to
 * the engine. */
#ifndef ENGINE_PENDING_H
#define ENGINE_PENDING_H

#include <engine/cache.h>

/* Zeroed, it is empty. */
struct pending {
    struct pending_spectrum {
        struct store_spectrum_key key;
        size_t n;
    } * spectra; /* in the order in which they came */
    size_t count, room;
};
void pending_release(struct pending *pending);

/* Beyond its bound the older half is forgotten: those will be computed again. */
void pending_add(struct pending *pending, const struct store_spectrum_key *key, size_t n);

/* Writes some, the newest first, in one short transaction, as far as memory still has them; to be called until none is
 * left. On failure they stay. */
enum ifl_status pending_keep(struct pending *pending, struct store *store, struct spectrum_cache *cache,
                             struct ifl_error *error);

#endif
