/* Numbers of an array, of any type and order, as rows of doubles, one block of maps and of their numbers at a time. */
#ifndef DUMP_GATHER_H
#define DUMP_GATHER_H

#include <dump/npy.h>
#include <dump/variable.h>

struct gather {
    const struct npy *array;
    size_t n, maps, dim;
    size_t sample_stride, map_stride;
    /* The dim numbers of a map's sample: runs of `run` numbers that are `step` apart. */
    size_t run, step;
    size_t *starts; /* [dim / run], relative to the sample's map */
    size_t group;   /* maps in a block, at most */
    size_t depth;   /* numbers of each in a block, at most */
};

enum ifl_status gather_init(struct gather *out, const struct layout *layout, const struct npy *array, size_t n,
                            struct ifl_error *error);
void gather_release(struct gather *gather);

/* Doubles in the largest block. */
size_t gather_room(const struct gather *gather);

/* Numbers [from, from + depth) of maps [map, map + maps) of every sample into rows[n][maps][depth]. */
void gather_block(const struct gather *gather, size_t map, size_t maps, size_t from, size_t depth, double *rows);

#endif
