#include <stdlib.h>
#include <string.h>

#include "layers.h"

static int32_t *own(const struct layers *layers, size_t subject)
{
    return layers->own + subject * layers->room;
}

/* The place of a name that the subject has not been given yet, or layers->count. */
static size_t find(const struct layers *layers, size_t subject, const char *name)
{
    size_t k = 0;
    while (k < layers->count && (own(layers, subject)[k] >= 0 || strcmp(layers->names[k], name) != 0))
        k++;
    return k;
}

static void insert(struct layers *layers, size_t n_subjects, size_t at, const char *name)
{
    size_t behind = layers->count - at;
    memmove(layers->names + at + 1, layers->names + at, behind * sizeof *layers->names);
    layers->names[at] = name;
    for (size_t s = 0; s < n_subjects; s++) {
        int32_t *of = own(layers, s);
        memmove(of + at + 1, of + at, behind * sizeof *of);
        of[at] = -1;
    }
    layers->count++;
}

/* Where the first layers of a run go that no other has: before the first that another has too. */
static size_t first_common(const struct layers *layers, size_t subject, const struct run *run)
{
    for (size_t l = 0; l < run->n_layers; l++) {
        size_t at = find(layers, subject, run->layers[l].name);
        if (at < layers->count)
            return at;
    }
    return layers->count;
}

static void add_run(struct layers *layers, size_t n_subjects, size_t subject, const struct run *run)
{
    size_t next = first_common(layers, subject, run);
    for (size_t l = 0; l < run->n_layers; l++) {
        size_t at = find(layers, subject, run->layers[l].name);
        if (at == layers->count)
            insert(layers, n_subjects, at = next, run->layers[l].name);
        own(layers, subject)[at] = (int32_t)l;
        next = at + 1;
    }
}

enum ifl_status layers_init(struct layers *out, const struct view_subject *subjects, size_t n_subjects,
                            struct ifl_error *error)
{
    struct layers layers = {0};
    size_t places;
    if (n_subjects > PLOT_SUBJECTS)
        return ifl_fail(error, IFL_INVALID, "%zu in one plot: at most %d", n_subjects, PLOT_SUBJECTS);
    for (size_t s = 0; s < n_subjects; s++)
        layers.room += subjects[s].run->n_layers;
    layers.names = ifl_alloc(layers.room, sizeof *layers.names);
    if (ifl_size_mul(layers.room, n_subjects, &places))
        layers.own = ifl_alloc(places, sizeof *layers.own);
    if (layers.names == NULL || layers.own == NULL) {
        layers_release(&layers);
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for %zu layers", layers.room);
    }
    for (size_t s = 0; s < n_subjects; s++)
        add_run(&layers, n_subjects, s, subjects[s].run);
    *out = layers;
    return IFL_OK;
}

void layers_release(struct layers *layers)
{
    free(layers->names);
    free(layers->own);
    memset(layers, 0, sizeof *layers);
}
