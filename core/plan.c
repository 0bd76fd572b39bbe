#include <stdlib.h>
#include <string.h>

#include "plan.h"
#include "subset.h"
#include "widths.h"

/* ---- the set of subsets ---- */

static uint64_t mix(uint64_t x)
{
    x ^= x >> 31;
    x *= 0x7fb5d329728ea185u;
    x ^= x >> 27;
    x *= 0x81dadef4bc2dd44du;
    return x ^ x >> 33;
}

static uint64_t subset_hash(const struct ifl_subset *s)
{
    uint64_t h = mix((uint64_t)s->of << 48 ^ (uint64_t)s->with << 40 ^ (uint32_t)s->layer);
    return mix(h ^ ((uint64_t)(uint32_t)s->i << 32 | (uint32_t)s->j));
}

/* The slot that holds `subset`, or the empty one where it belongs. */
static size_t find_slot(const struct ifl_plan *plan, const struct ifl_subset *subset)
{
    size_t slot = (size_t)subset_hash(subset) & (plan->n_slots - 1);
    while (plan->slots[slot] != NO_SUBSET && ifl_subset_compare(&plan->subsets[plan->slots[slot]], subset) != 0)
        slot = (slot + 1) & (plan->n_slots - 1);
    return slot;
}

static bool grow(struct ifl_plan *plan)
{
    size_t room = plan->subset_room ? 2 * plan->subset_room : 64, bytes;
    if (!ifl_size_mul(room, sizeof *plan->subsets, &bytes))
        return false;
    struct ifl_subset *subsets = realloc(plan->subsets, bytes);
    if (subsets == NULL)
        return false;
    plan->subsets = subsets;
    size_t *slots = ifl_alloc(2 * room, sizeof *slots);
    if (slots == NULL)
        return false;
    free(plan->slots);
    plan->slots = slots;
    plan->n_slots = 2 * room;
    plan->subset_room = room;
    for (size_t k = 0; k < plan->n_slots; k++)
        slots[k] = NO_SUBSET;
    for (size_t k = 0; k < plan->n_subsets; k++)
        slots[find_slot(plan, &subsets[k])] = k;
    return true;
}

/* The index of `subset`, added if it is new; false without memory. */
static bool intern(struct ifl_plan *plan, const struct ifl_snapshot *snapshot, struct ifl_subset subset, size_t *index)
{
    if (plan->n_subsets == plan->subset_room && !grow(plan))
        return false;
    subset = ifl_subset_normal(snapshot, subset);
    size_t slot = find_slot(plan, &subset);
    if (plan->slots[slot] == NO_SUBSET) {
        plan->subsets[plan->n_subsets] = subset;
        plan->slots[slot] = plan->n_subsets++;
    }
    *index = plan->slots[slot];
    return true;
}

/* ---- what each quantity takes ---- */

static bool wants(const struct ifl_plan *plan, ifl_quantity_set any_of)
{
    return (plan->wanted & any_of) != 0;
}

/* `subset` alone, with X if that is wanted, with Y if that is. */
static bool intern_joint(struct ifl_plan *plan, const struct ifl_snapshot *snapshot, struct ifl_subset subset,
                         bool with_x, bool with_y, struct joint *out)
{
    *out = (struct joint){NO_SUBSET, NO_SUBSET, NO_SUBSET};
    if (!intern(plan, snapshot, subset, &out->alone))
        return false;
    subset.with = IFL_WITH_X;
    if (with_x && !intern(plan, snapshot, subset, &out->with_x))
        return false;
    subset.with = IFL_WITH_Y;
    return !with_y || intern(plan, snapshot, subset, &out->with_y);
}

/* splitmix64: the sample of pairs must be the same on every machine and for every snapshot of a run. */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* Takes each pair of the maps that are there with the probability that fills the sample exactly (selection sampling).
 */
static void sample_pairs(struct layer_plan *layer, const struct ifl_variable *variable, size_t wanted, uint64_t seed)
{
    size_t left = ifl_pair_count(layer->n_kept), taken = 0;
    uint64_t state = seed;
    for (size_t i = 0; i < layer->n_kept; i++)
        for (size_t j = i + 1; j < layer->n_kept; j++, left--)
            if (next_random(&state) % left < wanted - taken)
                layer->pairs[taken++] = (struct pair){.i = kept_map(variable, i), .j = kept_map(variable, j)};
    layer->n_pairs = taken;
}

/* Room for a layer's single maps. Under a rule whose sigma follows the data each map's own entropy is wanted as well: a
 * dead map's sigma is 0, and that is to be said. */
static bool plan_maps(struct ifl_plan *plan, const struct ifl_snapshot *snapshot, const struct ifl_params *params,
                      int32_t k)
{
    struct layer_plan *layer = &plan->layers[k];
    const struct ifl_variable *variable = &snapshot->t[k];
    size_t maps = variable->maps;
    layer->maps = ifl_alloc(maps, sizeof *layer->maps);
    if (layer->maps == NULL)
        return false;
    layer->n_maps = maps;
    layer->n_kept = kept_count(variable);
    for (size_t m = 0; m < maps; m++)
        layer->maps[m] = (struct joint){NO_SUBSET, NO_SUBSET, NO_SUBSET};
    struct ifl_subset subset = {.of = IFL_OF_T, .layer = k, .j = IFL_NO_MAP};
    for (size_t m = 0; !uniform_width(params->width) && m < layer->n_kept; m++) {
        subset.i = kept_map(variable, m);
        if (!intern(plan, snapshot, subset, &layer->maps[subset.i].alone))
            return false;
    }
    return true;
}

static bool plan_pairs(struct ifl_plan *plan, const struct ifl_snapshot *snapshot, const struct ifl_params *params,
                       int32_t k, bool with_y)
{
    struct layer_plan *layer = &plan->layers[k];
    bool x = wants(plan, IFL_PAIR_QUANTITIES_X), y = with_y && wants(plan, IFL_PAIR_QUANTITIES_Y);
    size_t all = ifl_pair_count(layer->n_kept);
    if (!x && !y)
        return true;
    size_t wanted = params->pairs == 0 || params->pairs > all ? all : params->pairs;
    layer->pairs = ifl_alloc(wanted, sizeof *layer->pairs);
    if (layer->pairs == NULL)
        return false;
    sample_pairs(layer, &snapshot->t[k], wanted, params->seed ^ mix((uint64_t)k + 1));
    struct ifl_subset subset = {.of = IFL_OF_T, .layer = k, .j = IFL_NO_MAP};
    for (size_t p = 0; p < layer->n_pairs; p++) {
        struct pair *pair = &layer->pairs[p];
        subset.i = pair->i;
        subset.j = pair->j;
        if (!intern_joint(plan, snapshot, subset, x, y, &pair->joint))
            return false;
        subset.j = IFL_NO_MAP;
        if (!intern_joint(plan, snapshot, subset, x, y, &layer->maps[pair->i]))
            return false;
        subset.i = pair->j;
        if (!intern_joint(plan, snapshot, subset, x, y, &layer->maps[pair->j]))
            return false;
    }
    return true;
}

static bool is_sampled(const struct ifl_variable *variable, const struct ifl_params *params)
{
    return subset_by_maps(variable, params) && kept_count(variable) < variable->maps;
}

static bool plan_outputs(struct ifl_plan *plan, const struct ifl_snapshot *snapshot, const struct ifl_params *params,
                         int32_t k)
{
    bool has_y = snapshot->labels != NULL;
    bool x = wants(plan, IFL_BIT(IFL_I_XT)), y = has_y && wants(plan, IFL_BIT(IFL_I_TY));
    bool any = x || y || wants(plan, IFL_BIT(IFL_H_T));
    struct ifl_subset whole = {.of = IFL_OF_T, .layer = k, .i = IFL_ALL_MAPS, .j = IFL_NO_MAP};
    if (snapshot->t == NULL || snapshot->t[k].maps == 0)
        return true;
    if (any && !intern_joint(plan, snapshot, whole, x, y, &plan->layers[k].whole))
        return false;
    plan->layers[k].sampled_t = is_sampled(&snapshot->t[k], params);
    bool single = snapshot->t[k].maps > 1 && params->composition != IFL_TENSOR;
    if (!single || !(any || wants(plan, IFL_PAIR_QUANTITIES)))
        return true;
    return plan_maps(plan, snapshot, params, k) && plan_pairs(plan, snapshot, params, k, has_y);
}

static bool plan_errors(struct ifl_plan *plan, const struct ifl_snapshot *snapshot, const struct ifl_params *params,
                        int32_t k)
{
    bool joint = wants(plan, IFL_BIT(IFL_I_DELTA));
    struct ifl_subset subset = {.of = IFL_OF_DELTA, .layer = k, .i = IFL_ALL_MAPS, .j = IFL_NO_MAP};
    if (snapshot->delta == NULL || snapshot->delta[k].maps == 0 || (!joint && !wants(plan, IFL_BIT(IFL_H_DELTA))))
        return true;
    if (!intern(plan, snapshot, subset, &plan->layers[k].delta))
        return false;
    plan->layers[k].sampled_delta = is_sampled(&snapshot->delta[k], params);
    subset.with = IFL_WITH_LAST_DELTA;
    return !joint || k == plan->last_delta || intern(plan, snapshot, subset, &plan->layers[k].delta_joint);
}

static bool plan_references(struct ifl_plan *plan, const struct ifl_snapshot *snapshot)
{
    struct ifl_subset x = {.of = IFL_OF_X, .i = IFL_ALL_MAPS, .j = IFL_NO_MAP}, y = x;
    y.of = IFL_OF_Y;
    ifl_quantity_set takes_x = IFL_BIT(IFL_H_X) | IFL_BIT(IFL_I_XT) | IFL_PAIR_QUANTITIES_X;
    ifl_quantity_set takes_y = IFL_BIT(IFL_H_Y) | IFL_BIT(IFL_I_TY) | IFL_PAIR_QUANTITIES_Y;
    if (wants(plan, takes_x) && !intern(plan, snapshot, x, &plan->x))
        return false;
    return snapshot->labels == NULL || !wants(plan, takes_y) || intern(plan, snapshot, y, &plan->y);
}

static bool plan_all(struct ifl_plan *plan, const struct ifl_snapshot *snapshot, const struct ifl_params *params)
{
    plan->layers = ifl_alloc(snapshot->layers, sizeof *plan->layers);
    if (plan->layers == NULL)
        return false;
    plan->n_layers = snapshot->layers;
    for (size_t k = 0; k < plan->n_layers; k++)
        plan->layers[k] = (struct layer_plan){
            .whole = {NO_SUBSET, NO_SUBSET, NO_SUBSET}, .delta = NO_SUBSET, .delta_joint = NO_SUBSET};
    bool ok = plan_references(plan, snapshot);
    for (int32_t k = 0; ok && k < (int32_t)plan->n_layers; k++)
        ok = plan_outputs(plan, snapshot, params, k) && plan_errors(plan, snapshot, params, k);
    return ok;
}

enum ifl_status ifl_plan_new(struct ifl_plan **out, const struct ifl_snapshot *snapshot,
                             const struct ifl_params *params, ifl_quantity_set wanted, struct ifl_error *error)
{
    enum ifl_status status = ifl_params_check(params, error);
    if (status == IFL_OK)
        status = samples_check(snapshot, error);
    if (status != IFL_OK)
        return status;
    if (snapshot->x.maps != 1)
        return ifl_fail(error, IFL_INVALID, "X must be one variable");
    struct ifl_plan *plan = ifl_alloc(1, sizeof *plan);
    if (plan == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for a plan");
    plan->n = snapshot->n;
    plan->wanted = wanted;
    plan->x = plan->y = NO_SUBSET;
    plan->last_delta = last_delta(snapshot);
    if (!plan_all(plan, snapshot, params)) {
        ifl_plan_free(plan);
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for a plan");
    }
    plan->n_records = evaluate_count(plan);
    *out = plan;
    return IFL_OK;
}

void ifl_plan_free(struct ifl_plan *plan)
{
    if (plan == NULL)
        return;
    for (size_t k = 0; k < plan->n_layers; k++) {
        free(plan->layers[k].maps);
        free(plan->layers[k].pairs);
    }
    free(plan->layers);
    free(plan->subsets);
    free(plan->slots);
    free(plan);
}

const struct ifl_subset *ifl_plan_subsets(const struct ifl_plan *plan, size_t *count)
{
    *count = plan->n_subsets;
    return plan->subsets;
}

size_t ifl_plan_records(const struct ifl_plan *plan)
{
    return plan->n_records;
}
