/* A stored snapshot as the core sees it, its distance arrays loaded when they are needed. Private to the engine. */
#ifndef ENGINE_LOADED_H
#define ENGINE_LOADED_H

#include <store/store.h>

/* The distance arrays of all snapshots that have some in memory, by age. Zeroed but for the limit, it is empty. */
struct arrays {
    struct loaded *newest, *oldest;
    size_t bytes, limit;
};

struct loaded {
    const struct store_snapshot *stored;
    struct arrays *arrays;
    struct loaded *newer, *older;   /* in `arrays`, while it has bytes there */
    struct ifl_snapshot core;       /* what ifl_plan_new and ifl_spectra take */
    struct ifl_variable *variables; /* t, then delta */
    const void **maps;              /* pointers of every map of every variable, one after the other */
    size_t n_maps;
    int32_t *kept; /* which maps there are of every variable that has a sample of them only, likewise */
    struct ifl_widths *widths; /* found so far; they outlive the arrays */
    size_t bytes;              /* of the arrays loaded */
};

/* The shape alone. `stored` and `arrays` must outlive it. */
enum ifl_status loaded_init(struct loaded *out, const struct store_snapshot *stored, struct arrays *arrays,
                            struct ifl_error *error);
void loaded_release(struct loaded *loaded);

/* The arrays of `from`, the same snapshot listed earlier, become those of `to`, which has none yet. */
void loaded_take_over(struct loaded *to, struct loaded *from);

/* Gives back the arrays, keeping the shape. */
void loaded_drop(struct loaded *loaded);

/* The snapshot is in use, so the newest: of the others the oldest go until all is within the limit. False where it is not
 * even so. */
bool loaded_fits(struct loaded *loaded);

/* The same, and where it takes more than the limit by itself its arrays go too. */
void loaded_settle(struct loaded *loaded);

/* Loads what the kernel matrix of `subset` reads and is not there yet. */
enum ifl_status loaded_need(struct loaded *loaded, struct store *store, const struct ifl_subset *subset,
                            const struct ifl_params *params, struct ifl_error *error);

#endif
