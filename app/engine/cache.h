/* Spectra in memory. Private to the engine; spectrum_cache_new and _free are in engine.h. */
#ifndef ENGINE_CACHE_H
#define ENGINE_CACHE_H

#include <engine/engine.h>

/* Copies the n eigenvalues kept under `key` into `out`; false where there are none. */
bool cache_get(struct spectrum_cache *cache, const struct store_spectrum_key *key, size_t n, double *out);

/* S_alpha of them, which is kept for when it is asked for again. */
bool cache_entropy(struct spectrum_cache *cache, const struct store_spectrum_key *key, size_t n, double alpha,
                   double *entropy);

/* Whether they are there, without touching their age. */
bool cache_has(struct spectrum_cache *cache, const struct store_spectrum_key *key);

/* Keeps a copy. A cache without memory keeps less: not an error. */
void cache_put(struct spectrum_cache *cache, const struct store_spectrum_key *key, size_t n, const double *eigenvalues);

/* The key of a subset: the parameters reduced to those that matter. */
struct store_spectrum_key spectrum_key(int64_t snapshot, const struct ifl_snapshot *shape,
                                       const struct ifl_subset *subset, const struct ifl_params *params);

#endif
