/* A stored snapshot as the core sees it, its distance arrays loaded when they are needed. Private to the engine. */
#ifndef ENGINE_LOADED_H
#define ENGINE_LOADED_H

#include <store/store.h>

struct loaded {
    const struct store_snapshot *stored;
    struct ifl_snapshot core;       /* what ifl_plan_new and ifl_spectra take */
    struct ifl_variable *variables; /* t, then delta */
    const void **maps;              /* pointers of every map of every variable, one after the other */
    size_t n_maps;
    size_t bytes; /* of the arrays loaded */
};

/* The shape alone. `stored` must outlive it. */
enum ifl_status loaded_init(struct loaded *out, const struct store_snapshot *stored, struct ifl_error *error);
void loaded_release(struct loaded *loaded);

/* Gives back the arrays, keeping the shape. */
void loaded_drop(struct loaded *loaded);

/* Loads what the kernel matrix of `subset` reads and is not there yet. */
enum ifl_status loaded_need(struct loaded *loaded, struct store *store, const struct ifl_subset *subset,
                            const struct ifl_params *params, struct ifl_error *error);

#endif
