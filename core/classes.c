#include <stdlib.h>
#include <string.h>

#include "classes.h"

/* A sample by its class, and by its number within it. */
struct member {
    int32_t label;
    size_t sample;
};

static int compare_members(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    if (x->label != y->label)
        return x->label < y->label ? -1 : 1;
    return x->sample < y->sample ? -1 : x->sample > y->sample;
}

/* Members m[0 .. size-1] of one class, ascending. */
static void add_class(struct classes *c, size_t n, const struct member *m, size_t size)
{
    c->size[c->count++] = size;
    for (size_t i = 0; i < size; i++)
        for (size_t j = i + 1; j < size; j++)
            c->pair[c->n_pairs++] = ifl_pair_index(n, m[i].sample, m[j].sample);
}

enum ifl_status classes_init(struct classes *out, const struct ifl_snapshot *snapshot, struct ifl_error *error)
{
    size_t n = snapshot->n;
    struct classes c = {.size = ifl_alloc(n, sizeof *c.size), .pair = ifl_alloc(ifl_pair_count(n), sizeof *c.pair)};
    struct member *members = ifl_alloc(n, sizeof *members);
    if (c.size == NULL || c.pair == NULL || members == NULL) {
        free(members);
        classes_release(&c);
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for the classes of %zu samples", n);
    }
    for (size_t k = 0; k < n; k++)
        members[k] = (struct member){snapshot->labels[k], k};
    qsort(members, n, sizeof *members, compare_members);
    for (size_t first = 0, end; first < n; first = end) {
        for (end = first + 1; end < n && members[end].label == members[first].label; end++)
            continue;
        add_class(&c, n, members + first, end - first);
    }
    free(members);
    *out = c;
    return IFL_OK;
}

void classes_release(struct classes *classes)
{
    free(classes->size);
    free(classes->pair);
    memset(classes, 0, sizeof *classes);
}
