/* A hash table of spectra with the entries in one list by age. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <engine/cache.h>
#include <infoflow/entropy.h>

/* A key as bytes without padding, so that it can be hashed and compared as such. */
struct packed_key {
    int64_t snapshot;
    uint64_t h, h_error, h_label; /* the doubles' bits */
    int32_t layer, i, j;
    uint8_t of, with, width, composition;
};

struct entry {
    struct packed_key key;
    struct entry *next_in_slot;
    struct entry *newer, *older;
    double alpha, entropy; /* the last one asked for; alpha < 0: none yet */
    size_t n;
    double eigenvalues[];
};

struct spectrum_cache {
    pthread_mutex_t lock;
    struct entry **slots; /* a power of two of them */
    size_t n_slots, n_entries;
    size_t bytes, limit;
    struct entry *newest, *oldest;
};

struct store_spectrum_key spectrum_key(int64_t snapshot, const struct ifl_snapshot *shape,
                                       const struct ifl_subset *subset, const struct ifl_params *params)
{
    return (struct store_spectrum_key){snapshot, *subset, ifl_subset_params(shape, subset, params)};
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static struct packed_key pack(const struct store_spectrum_key *key)
{
    struct packed_key p;
    memset(&p, 0, sizeof p);
    p.snapshot = key->snapshot;
    p.h = bits_of(key->params.h);
    p.h_error = bits_of(key->params.h_error);
    p.h_label = bits_of(key->params.h_label);
    p.layer = key->subset.layer;
    p.i = key->subset.i;
    p.j = key->subset.j;
    p.of = (uint8_t)key->subset.of;
    p.with = (uint8_t)key->subset.with;
    p.width = (uint8_t)key->params.width;
    p.composition = (uint8_t)key->params.composition;
    return p;
}

/* Eight bytes at a time, multiplied by the golden ratio, with a last mix: keys differ in a few low bits. */
static size_t hash(const struct packed_key *key)
{
    uint64_t words[sizeof *key / 8], h = 0xcbf29ce484222325u;
    memcpy(words, key, sizeof words);
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        h = (h ^ words[k]) * 0x9e3779b97f4a7c15u;
    return (size_t)(h ^ h >> 29);
}

enum ifl_status spectrum_cache_new(struct spectrum_cache **out, size_t bytes, struct ifl_error *error)
{
    struct spectrum_cache *cache = ifl_alloc(1, sizeof *cache);
    if (cache == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for a cache of spectra");
    cache->n_slots = 1024;
    cache->limit = bytes;
    cache->slots = ifl_alloc(cache->n_slots, sizeof *cache->slots);
    if (cache->slots == NULL || pthread_mutex_init(&cache->lock, NULL) != 0) {
        free(cache->slots);
        free(cache);
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for a cache of spectra");
    }
    *out = cache;
    return IFL_OK;
}

void spectrum_cache_free(struct spectrum_cache *cache)
{
    if (cache == NULL)
        return;
    for (struct entry *e = cache->newest, *older; e != NULL; e = older) {
        older = e->older;
        free(e);
    }
    free(cache->slots);
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

static struct entry **find(struct spectrum_cache *cache, const struct packed_key *key)
{
    struct entry **at = &cache->slots[hash(key) & (cache->n_slots - 1)];
    while (*at != NULL && memcmp(&(*at)->key, key, sizeof *key) != 0)
        at = &(*at)->next_in_slot;
    return at;
}

static void unlink_age(struct spectrum_cache *cache, struct entry *e)
{
    *(e->newer ? &e->newer->older : &cache->newest) = e->older;
    *(e->older ? &e->older->newer : &cache->oldest) = e->newer;
}

static void link_newest(struct spectrum_cache *cache, struct entry *e)
{
    e->newer = NULL;
    e->older = cache->newest;
    *(cache->newest ? &cache->newest->newer : &cache->oldest) = e;
    cache->newest = e;
}

static size_t entry_bytes(size_t n)
{
    return sizeof(struct entry) + n * sizeof(double);
}

/* e: the oldest. */
static void drop(struct spectrum_cache *cache, struct entry *e)
{
    struct entry **at = find(cache, &e->key);
    *at = e->next_in_slot;
    cache->oldest = e->newer;
    *(e->newer ? &e->newer->older : &cache->newest) = NULL;
    cache->bytes -= entry_bytes(e->n);
    cache->n_entries--;
    free(e);
}

static void grow(struct spectrum_cache *cache)
{
    struct entry **slots = ifl_alloc(2 * cache->n_slots, sizeof *slots);
    if (slots == NULL)
        return; /* longer chains, nothing worse */
    free(cache->slots);
    cache->slots = slots;
    cache->n_slots *= 2;
    for (struct entry *e = cache->newest; e != NULL; e = e->older) {
        struct entry **slot = &slots[hash(&e->key) & (cache->n_slots - 1)];
        e->next_in_slot = *slot;
        *slot = e;
    }
}

bool cache_get(struct spectrum_cache *cache, const struct store_spectrum_key *key, size_t n, double *out)
{
    struct packed_key packed = pack(key);
    pthread_mutex_lock(&cache->lock);
    struct entry *e = *find(cache, &packed);
    bool found = e != NULL && e->n == n;
    if (found) {
        memcpy(out, e->eigenvalues, n * sizeof *out);
        unlink_age(cache, e);
        link_newest(cache, e);
    }
    pthread_mutex_unlock(&cache->lock);
    return found;
}

bool cache_entropy(struct spectrum_cache *cache, const struct store_spectrum_key *key, size_t n, double alpha,
                   double *entropy)
{
    struct packed_key packed = pack(key);
    pthread_mutex_lock(&cache->lock);
    struct entry *e = *find(cache, &packed);
    bool found = e != NULL && e->n == n;
    if (found) {
        if (e->alpha != alpha) {
            e->entropy = ifl_entropy(e->eigenvalues, n, alpha);
            e->alpha = alpha;
        }
        *entropy = e->entropy;
        unlink_age(cache, e);
        link_newest(cache, e);
    }
    pthread_mutex_unlock(&cache->lock);
    return found;
}

bool cache_has(struct spectrum_cache *cache, const struct store_spectrum_key *key)
{
    struct packed_key packed = pack(key);
    pthread_mutex_lock(&cache->lock);
    bool found = *find(cache, &packed) != NULL;
    pthread_mutex_unlock(&cache->lock);
    return found;
}

void cache_put(struct spectrum_cache *cache, const struct store_spectrum_key *key, size_t n, const double *eigenvalues)
{
    struct entry *e = malloc(entry_bytes(n));
    if (e == NULL)
        return;
    e->key = pack(key);
    e->alpha = -1;
    e->n = n;
    memcpy(e->eigenvalues, eigenvalues, n * sizeof *eigenvalues);

    pthread_mutex_lock(&cache->lock);
    struct entry **at = find(cache, &e->key);
    if (*at == NULL && entry_bytes(n) <= cache->limit) {
        e->next_in_slot = NULL;
        *at = e;
        link_newest(cache, e);
        cache->bytes += entry_bytes(n);
        cache->n_entries++;
        e = NULL;
        while (cache->bytes > cache->limit && cache->oldest != NULL)
            drop(cache, cache->oldest);
        if (cache->n_entries > cache->n_slots)
            grow(cache);
    }
    pthread_mutex_unlock(&cache->lock);
    free(e);
}
