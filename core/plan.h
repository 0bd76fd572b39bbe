/* What a plan holds. Private to the core: plan.c makes it, evaluate.c reads it. */
#ifndef CORE_PLAN_H
#define CORE_PLAN_H

#include "infoflow/quantity.h"

#define NO_SUBSET SIZE_MAX

/* The joint entropies of one variable (or pair of maps), as indices of subsets: alone, and with each reference. */
struct joint {
    size_t alone, with_x, with_y;
};

struct pair {
    int32_t i, j;
    struct joint joint;
};

struct layer_plan {
    struct joint whole;
    struct joint *maps;            /* [n_maps] single maps, as far as they are wanted; NULL: none is */
    size_t n_maps, n_kept;         /* all, and those whose distances are there one by one */
    bool sampled_t, sampled_delta; /* the whole layer's kernel is made of those only */
    struct pair *pairs;            /* the pairs averaged over */
    size_t n_pairs;
    size_t delta, delta_joint; /* delta_k alone, and with delta_K */
};

struct ifl_plan {
    size_t n;
    ifl_quantity_set wanted;
    size_t x, y; /* subsets */
    int32_t last_delta;
    struct layer_plan *layers;
    size_t n_layers;
    struct ifl_subset *subsets;
    size_t n_subsets, subset_room;
    size_t *slots; /* hash table of subset indices, NO_SUBSET where empty; a power of two in size */
    size_t n_slots;
    size_t n_records;
};

/* The number of records that evaluation will give. */
size_t evaluate_count(const struct ifl_plan *plan);

#endif
