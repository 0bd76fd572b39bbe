#include <stdlib.h>

#include <dump/gather.h>
#include <dump/input.h>

/* A block of doubles that stays in the cache between its filling and its use; a whole array of them would double or
 * quadruple the memory that the array takes. */
enum { BLOCK = 1 << 18, GROUP = 16, DEPTH = 128 /* what ifl_squared_distances takes at a time */ };
/* Whoever measures a group keeps the distances of each of its maps: doubles for them, where one map does not take more.
 */
enum { PAIRS = 1 << 21 };

/* The longest runs that the axes which are neither samples nor maps allow, last one fastest. */
static void find_runs(struct gather *g, const struct layout *layout, const struct npy_header *header)
{
    bool together = true;
    g->run = 1;
    g->step = 1;
    for (size_t axis = header->rank; axis-- > 1 && together;) {
        if (axis == layout->map_axis || header->shape[axis] == 1)
            continue;
        if (g->run == 1)
            g->step = npy_stride(header, axis);
        together = npy_stride(header, axis) == g->run * g->step;
        if (together)
            g->run *= header->shape[axis];
    }
}

static void find_starts(struct gather *g, const struct layout *layout, const struct npy_header *header)
{
    for (size_t k = 0; k < g->dim / g->run; k++) {
        size_t rest = k * g->run;
        g->starts[k] = 0;
        for (size_t axis = header->rank; axis-- > 1;) {
            if (axis == layout->map_axis)
                continue;
            g->starts[k] += rest % header->shape[axis] * npy_stride(header, axis);
            rest /= header->shape[axis];
        }
    }
}

static size_t at_most(size_t value, size_t most)
{
    return value < most ? value : most;
}

static void choose_block(struct gather *g)
{
    size_t pairs = ifl_pair_count(g->n);
    g->group = at_most(g->maps, GROUP);
    /* NOLINTBEGIN(clang-analyzer-core.DivideZero): there are maps, and of less than 2 samples no snapshot is read */
    g->group = at_most(g->group, pairs < PAIRS ? PAIRS / pairs : 1);
    size_t depth = BLOCK / (g->n * g->group) / DEPTH * DEPTH;
    /* NOLINTEND(clang-analyzer-core.DivideZero) */
    g->depth = at_most(depth > 0 ? depth : DEPTH, g->dim);
}

enum ifl_status gather_init(struct gather *out, const struct layout *layout, const struct npy *array, size_t n,
                            struct ifl_error *error)
{
    const struct npy_header *header = &array->header;
    struct gather g = {.array = array, .n = n, .maps = layout->maps, .dim = layout->dim};
    g.sample_stride = npy_stride(header, 0);
    g.map_stride = layout->map_axis == 0 ? 0 : npy_stride(header, layout->map_axis);
    find_runs(&g, layout, header);
    g.starts = ifl_alloc(g.dim / g.run, sizeof *g.starts);
    if (g.starts == NULL)
        return dump_no_memory(error);
    find_starts(&g, layout, header);
    choose_block(&g);
    *out = g;
    return IFL_OK;
}

void gather_release(struct gather *gather)
{
    free(gather->starts);
}

size_t gather_room(const struct gather *gather)
{
    return gather->n * gather->group * gather->depth;
}

/* One map of one sample. */
static void gather_map(const struct gather *g, size_t start, size_t from, size_t depth, double *out)
{
    while (depth > 0) {
        size_t within = from % g->run, count = at_most(g->run - within, depth);
        npy_numbers(g->array, start + g->starts[from / g->run] + within * g->step, g->step, count, out, 1);
        from += count;
        out += count;
        depth -= count;
    }
}

/* Neighbouring maps of one sample where those lie nearer to each other than a map's own numbers. */
static void gather_maps(const struct gather *g, size_t start, size_t maps, size_t from, size_t depth, double *out)
{
    for (size_t k = from; k < from + depth; k++) {
        size_t at = start + g->starts[k / g->run] + k % g->run * g->step;
        npy_numbers(g->array, at, g->map_stride, maps, out + (k - from), depth);
    }
}

void gather_block(const struct gather *g, size_t map, size_t maps, size_t from, size_t depth, double *rows)
{
    for (size_t sample = 0; sample < g->n; sample++) {
        size_t start = sample * g->sample_stride + map * g->map_stride;
        double *row = rows + sample * maps * depth;
        if (g->map_stride < g->step && maps > 1)
            gather_maps(g, start, maps, from, depth, row);
        else
            for (size_t m = 0; m < maps; m++)
                gather_map(g, start + m * g->map_stride, from, depth, row + m * depth);
    }
}
