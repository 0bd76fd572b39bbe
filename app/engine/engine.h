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
};

/* Every snapshot of `snapshots` (of one run), in order. `cache` may be NULL. Spectra that the database does not take
 * (locked, disk full) are not kept; the numbers come all the same. */
enum ifl_status engine_estimate(struct store *store, struct spectrum_cache *cache,
                                const struct store_snapshot *snapshots, size_t count,
                                const struct estimate_options *options, struct estimates *out,
                                struct ifl_error *error);

/* ---- in the background ---- */

/* A worker thread with a database connection of its own, that works on the newest request only. */
struct engine;

struct engine_request {
    int64_t run;
    struct ifl_params params;
    ifl_quantity_set wanted;
    size_t first;          /* index of the snapshot to compute first: the one under the cursor */
    ifl_quantity_set soon; /* what is on screen: computed for all snapshots before the rest of `wanted`; 0: all of it */
};

enum ifl_status engine_new(struct engine **out, const char *database, int threads, struct ifl_error *error);
void engine_free(struct engine *engine);

/* Replaces whatever is being worked on. The answer carries the ticket returned. */
uint64_t engine_ask(struct engine *engine, const struct engine_request *request);
void engine_cancel(struct engine *engine);

/* How far the newest request is. */
struct engine_progress {
    uint64_t ticket;
    size_t done, total; /* spectra */
    bool busy;
    bool failed;
    struct ifl_error error; /* of a request that failed */
};
void engine_watch(struct engine *engine, struct engine_progress *out);

/* A file descriptor that becomes readable when there is news (an answer, progress, an end). engine_take clears it, so
 * take first and watch after: news that come in between make it readable again. */
int engine_fd(const struct engine *engine);

/* The newest estimates of the newest request so far, as a copy in *out (estimates_release), growing snapshot by snapshot:
 * those not there yet have no records. False, *out untouched, where there is nothing new since the last call. */
bool engine_take(struct engine *engine, struct estimates *out, uint64_t *ticket);

#endif
