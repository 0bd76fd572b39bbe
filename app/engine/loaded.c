#include <stdlib.h>
#include <string.h>

#include <base/maps.h>
#include <engine/loaded.h>

struct counts {
    size_t maps, kept;
};

static void count_shape(struct counts *counts, const struct store_shape *shape)
{
    counts->maps += shape->maps;
    counts->kept += shape->kept;
}

static struct counts count_maps(const struct store_snapshot *stored)
{
    struct counts counts = {0};
    for (size_t k = 0; k < stored->layers; k++) {
        count_shape(&counts, &stored->t[k]);
        count_shape(&counts, &stored->delta[k]);
    }
    return counts;
}

/* What is left of the common arrays. */
struct room {
    const void **maps;
    int32_t *kept;
};

/* One variable's shape, its map pointers and the list of its maps taken from the common arrays. */
static void shape_variable(struct ifl_variable *out, const struct store_shape *shape, struct room *room)
{
    *out = (struct ifl_variable){.maps = shape->maps, .dim = shape->dim, .real = IFL_F32, .map = room->maps};
    room->maps += shape->maps;
    if (shape->kept == shape->maps)
        return;
    maps_sample(room->kept, shape->maps, shape->kept);
    out->kept = room->kept;
    out->n_kept = shape->kept;
    room->kept += shape->kept;
}

enum ifl_status loaded_init(struct loaded *out, const struct store_snapshot *stored, struct arrays *arrays,
                            struct ifl_error *error)
{
    struct counts counts = count_maps(stored);
    struct loaded l = {.stored = stored, .arrays = arrays, .n_maps = counts.maps};
    l.variables = ifl_alloc(stored->layers, 2 * sizeof *l.variables);
    l.maps = ifl_alloc(l.n_maps, sizeof *l.maps);
    l.kept = ifl_alloc(counts.kept, sizeof *l.kept);
    if (l.variables == NULL || l.maps == NULL || l.kept == NULL) {
        loaded_release(&l);
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for a snapshot");
    }
    struct room room = {l.maps, l.kept};
    for (size_t k = 0; k < stored->layers; k++) {
        shape_variable(&l.variables[k], &stored->t[k], &room);
        shape_variable(&l.variables[stored->layers + k], &stored->delta[k], &room);
    }
    l.core = (struct ifl_snapshot){.n = stored->n,
                                   .layers = stored->layers,
                                   .x = {.maps = 1, .dim = stored->x_dim, .real = IFL_F32},
                                   .labels = stored->labels,
                                   .classes = stored->classes,
                                   .t = l.variables,
                                   .delta = l.variables + stored->layers};
    enum ifl_status status = ifl_widths_new(&l.widths, &l.core, error);
    if (status != IFL_OK)
        loaded_release(&l);
    else
        *out = l;
    return status;
}

/* ---- by age ---- */

static void unlink_age(struct loaded *loaded)
{
    struct arrays *arrays = loaded->arrays;
    *(loaded->newer ? &loaded->newer->older : &arrays->newest) = loaded->older;
    *(loaded->older ? &loaded->older->newer : &arrays->oldest) = loaded->newer;
    loaded->newer = loaded->older = NULL;
}

static void link_newest(struct loaded *loaded)
{
    struct arrays *arrays = loaded->arrays;
    loaded->newer = NULL;
    loaded->older = arrays->newest;
    *(arrays->newest ? &arrays->newest->newer : &arrays->oldest) = loaded;
    arrays->newest = loaded;
}

static void count_bytes(struct loaded *loaded, size_t bytes)
{
    if (loaded->bytes == 0)
        link_newest(loaded);
    loaded->bytes += bytes;
    loaded->arrays->bytes += bytes;
}

bool loaded_fits(struct loaded *loaded)
{
    struct arrays *arrays = loaded->arrays;
    if (loaded->bytes > 0) {
        unlink_age(loaded);
        link_newest(loaded);
    }
    while (arrays->bytes > arrays->limit && arrays->oldest != loaded)
        loaded_drop(arrays->oldest);
    return arrays->bytes <= arrays->limit;
}

void loaded_settle(struct loaded *loaded)
{
    if (!loaded_fits(loaded))
        loaded_drop(loaded);
}

void loaded_drop(struct loaded *loaded)
{
    size_t layers = loaded->stored->layers;
    for (size_t k = 0; loaded->maps != NULL && k < loaded->n_maps; k++) {
        free((void *)loaded->maps[k]);
        loaded->maps[k] = NULL;
    }
    for (size_t k = 0; loaded->variables != NULL && k < 2 * layers; k++) {
        free((void *)loaded->variables[k].sum);
        loaded->variables[k].sum = NULL;
    }
    free((void *)loaded->core.x.sum);
    loaded->core.x.sum = NULL;
    if (loaded->bytes > 0)
        unlink_age(loaded);
    loaded->arrays->bytes -= loaded->bytes;
    loaded->bytes = 0;
}

void loaded_take_over(struct loaded *to, struct loaded *from)
{
    const struct store_snapshot *stored = to->stored;
    size_t bytes = from->bytes;
    if (bytes > 0)
        unlink_age(from);
    loaded_release(to);
    *to = *from;
    *from = (struct loaded){0};
    to->stored = stored;
    to->core.labels = stored->labels;
    if (bytes > 0)
        link_newest(to);
}

void loaded_release(struct loaded *loaded)
{
    if (loaded->stored == NULL)
        return;
    loaded_drop(loaded);
    ifl_widths_free(loaded->widths);
    free(loaded->variables);
    free(loaded->maps);
    free(loaded->kept);
    memset(loaded, 0, sizeof *loaded);
}

struct need {
    struct loaded *loaded;
    struct store *store;
    struct ifl_error *error;
};

static enum ifl_status need_array(void *context, enum ifl_of of, int32_t layer, int32_t map)
{
    struct need *need = context;
    struct loaded *l = need->loaded;
    struct ifl_variable *variable = of == IFL_OF_X   ? &l->core.x
                                    : of == IFL_OF_T ? &l->variables[layer]
                                                     : &l->variables[l->stored->layers + (size_t)layer];
    bool whole = map == IFL_ALL_MAPS || variable->maps == 1;
    const void **slot = whole ? &variable->sum : &((const void **)variable->map)[map];
    if (*slot != NULL)
        return IFL_OK;
    size_t pairs = ifl_pair_count(l->stored->n);
    float *array = ifl_alloc(pairs, sizeof *array);
    if (array == NULL)
        return ifl_fail(need->error, IFL_NO_MEMORY, "no memory for the distances of a snapshot");
    enum ifl_status status =
        store_load_distances(need->store, l->stored, of, layer, whole ? IFL_ALL_MAPS : map, array, need->error);
    if (status != IFL_OK) {
        free(array);
        return status;
    }
    *slot = array;
    count_bytes(l, pairs * sizeof *array);
    return IFL_OK;
}

enum ifl_status loaded_need(struct loaded *loaded, struct store *store, const struct ifl_subset *subset,
                            const struct ifl_params *params, struct ifl_error *error)
{
    struct need need = {loaded, store, error};
    return ifl_subset_arrays(&loaded->core, subset, params, need_array, &need);
}
