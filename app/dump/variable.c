#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <base/maps.h>
#include <dump/gather.h>
#include <dump/input.h>
#include <dump/variable.h>

enum ifl_status layout_of_values(struct layout *out, const struct npy_header *header, enum layer_axes axes,
                                 struct ifl_error *error)
{
    if (header->rank == 0)
        return ifl_fail(error, IFL_REFUSED, "a scalar, where the first axis should be the samples");
    struct layout layout = {.n = header->shape[0], .maps = 1};
    if (header->rank > 2 && axes == AXES_NCHW)
        layout.map_axis = 1;
    else if (header->rank > 2 && axes == AXES_NHWC)
        layout.map_axis = header->rank - 1;
    if (layout.map_axis != 0)
        layout.maps = header->shape[layout.map_axis];

    layout.dim = 1;
    for (size_t axis = 1; axis < header->rank; axis++) {
        if (header->shape[axis] == 0)
            return ifl_fail(error, IFL_REFUSED, "axis %zu of its shape is 0", axis);
        if (axis != layout.map_axis && !ifl_size_mul(layout.dim, header->shape[axis], &layout.dim))
            return ifl_fail(error, IFL_REFUSED, "the shape overflows");
    }
    *out = layout;
    return IFL_OK;
}

enum ifl_status layout_of_distances(struct layout *out, const struct npy_header *header, struct ifl_error *error)
{
    if (header->rank != 2)
        return ifl_fail(error, IFL_REFUSED, "%zu axes, where distances have 2: maps and pairs", header->rank);
    if (header->shape[0] == 0)
        return ifl_fail(error, IFL_REFUSED, "distances of no map");
    *out = (struct layout){.condensed = true, .maps = header->shape[0], .pairs = header->shape[1]};
    return IFL_OK;
}

size_t samples_of_pairs(size_t pairs)
{
    /* n-1 < sqrt(2 pairs) < n */
    size_t n = (size_t)sqrt(2.0 * (double)pairs) + 1;
    return n >= 2 && ifl_pair_count(n) == pairs ? n : 0;
}

enum ifl_status check_finite(const struct npy *array, bool rows_are_samples, struct ifl_error *error)
{
    size_t index = 0;
    if (!npy_not_finite(array, &index))
        return IFL_OK;
    const char *what = isnan(npy_number_at_index(array, index)) ? "NaN" : "infinity";
    if (!rows_are_samples)
        return ifl_fail(error, IFL_REFUSED, "%s at index %zu", what, index);
    size_t row = array->header.count / array->header.shape[0];
    return ifl_fail(error, IFL_REFUSED, "%s at index %zu (sample %zu)", what, index, index / row);
}

/* A variable's distances on their way, as doubles until a map or the sum is whole. */
struct filling {
    const struct variable *variable;
    const struct layout *layout;
    const struct npy *array;
    const atomic_bool *cancel;
    size_t n, count;      /* samples, pairs of them */
    int32_t *kept;        /* [variable->kept] */
    size_t done;          /* of those, are in `out` */
    struct gather gather; /* values only, as the rows of a block */
    double *rows;
    double *maps; /* [gather.group][count] of the maps of a group that are kept, if any are */
    double *part; /* [count] of one block */
    double *sum;  /* [count] of the maps so far */
    float *out;   /* [kept + (maps > 1)][count]; NULL: nothing is kept of what is checked */
};

static enum ifl_status filling_init(struct filling *f, bool keep, struct ifl_error *error)
{
    const struct variable *variable = f->variable;
    enum ifl_status status = IFL_OK;
    size_t size = 0, group = 1;
    bool fits = ifl_size_mul(variable->kept + (variable->maps > 1), f->count, &size);
    f->kept = ifl_alloc(variable->kept, sizeof *f->kept);
    f->part = ifl_alloc(f->count, sizeof *f->part);
    f->sum = ifl_alloc(f->count, sizeof *f->sum);
    f->out = keep && fits ? ifl_alloc(size, sizeof *f->out) : NULL;
    if (f->kept == NULL || f->part == NULL || f->sum == NULL || (keep && f->out == NULL))
        return dump_no_memory(error);
    maps_sample(f->kept, variable->maps, variable->kept);
    if (!f->layout->condensed) {
        status = gather_init(&f->gather, f->layout, f->array, f->n, error);
        if (status != IFL_OK)
            return status;
        group = variable->kept > 0 ? f->gather.group : 0;
        f->rows = ifl_alloc(gather_room(&f->gather), sizeof *f->rows);
    }
    fits = ifl_size_mul(group, f->count, &size);
    f->maps = fits ? ifl_alloc(size, sizeof *f->maps) : NULL;
    if (f->maps == NULL || (f->rows == NULL && !f->layout->condensed))
        return dump_no_memory(error);
    return IFL_OK;
}

static void filling_release(struct filling *f)
{
    gather_release(&f->gather);
    free(f->kept);
    free(f->rows);
    free(f->maps);
    free(f->part);
    free(f->sum);
    free(f->out);
}

static void add(double *sum, const double *part, size_t count)
{
    for (size_t k = 0; k < count; k++)
        sum[k] += part[k];
}

/* Row `row` of what is kept. Refuses all above FLT_MAX, where C leaves the conversion undefined. */
static enum ifl_status round_to_float(const struct filling *f, size_t row, const double *distances,
                                      struct ifl_error *error)
{
    size_t count = f->count;
    int beyond = 0;
    for (size_t k = 0; k < count; k++)
        beyond |= !(distances[k] <= FLT_MAX);
    for (size_t k = 0; k < count && beyond; k++)
        if (!(distances[k] <= FLT_MAX))
            return ifl_fail(error, IFL_REFUSED, "squared distance %g at pair %zu is beyond float32", distances[k], k);
    for (size_t k = 0; k < count && f->out != NULL; k++)
        f->out[row * count + k] = (float)distances[k];
    return IFL_OK;
}

/* Whether `map` is the next of those that are kept, after `ahead` others. */
static bool is_kept(const struct filling *f, size_t ahead, size_t map)
{
    return f->done + ahead < f->variable->kept && (size_t)f->kept[f->done + ahead] == map;
}

/* One map's distances are whole: into the sum, and where it is kept into `out`. */
static enum ifl_status map_done(struct filling *f, const double *distances, bool kept, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    if (kept)
        status = round_to_float(f, f->done++, distances, error);
    if (f->variable->maps > 1)
        add(f->sum, distances, f->count);
    return status;
}

/* A block of maps [map, map + maps) that is in `rows`, `depth` numbers of each. Neighbours that are not kept are one
 * long vector, whose distances are the sum of theirs. */
static void measure_block(struct filling *f, size_t map, size_t maps, size_t depth)
{
    size_t stride = maps * depth;
    for (size_t m = 0, kept = 0, end; m < maps; m = end) {
        bool single = is_kept(f, kept, map + m);
        for (end = m + 1; !single && end < maps && !is_kept(f, kept, map + end);)
            end++;
        ifl_squared_distances(f->rows + m * depth, f->n, (end - m) * depth, stride, f->part);
        add(single ? f->maps + kept++ * f->count : f->sum, f->part, f->count);
    }
}

static enum ifl_status measure_group(struct filling *f, size_t map, size_t maps, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    size_t kept = 0;
    for (size_t m = 0; m < maps; m++)
        kept += is_kept(f, kept, map + m);
    memset(f->maps, 0, kept * f->count * sizeof *f->maps);
    for (size_t from = 0; from < f->gather.dim && status == IFL_OK; from += f->gather.depth) {
        size_t left = f->gather.dim - from, depth = left < f->gather.depth ? left : f->gather.depth;
        status = dump_check_cancel(f->cancel, error);
        gather_block(&f->gather, map, maps, from, depth, f->rows);
        measure_block(f, map, maps, depth);
    }
    for (size_t k = 0; k < kept && status == IFL_OK; k++)
        status = map_done(f, f->maps + k * f->count, true, error);
    return status;
}

static enum ifl_status measure(struct filling *f, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    for (size_t map = 0; map < f->gather.maps && status == IFL_OK; map += f->gather.group) {
        size_t left = f->gather.maps - map;
        status = measure_group(f, map, left < f->gather.group ? left : f->gather.group, error);
    }
    return status;
}

/* The array has the distances. */
static enum ifl_status take_over(struct filling *f, struct ifl_error *error)
{
    size_t row = npy_stride(&f->array->header, 0), column = npy_stride(&f->array->header, 1);
    enum ifl_status status = IFL_OK;
    for (size_t map = 0; map < f->variable->maps && status == IFL_OK; map++) {
        npy_numbers(f->array, map * row, column, f->count, f->maps, 1);
        for (size_t k = 0; k < f->count; k++)
            if (f->maps[k] < 0)
                return ifl_fail(error, IFL_REFUSED, "negative squared distance %g at index %zu", f->maps[k],
                                map * f->count + k);
        status = dump_check_cancel(f->cancel, error);
        if (status == IFL_OK)
            status = map_done(f, f->maps, is_kept(f, 0, map), error);
    }
    return status;
}

/* *out: the distances as new memory; NULL: they are not wanted. */
static enum ifl_status form(float **out, const struct variable *variable, const struct layout *layout,
                            const struct npy *array, size_t n, const atomic_bool *cancel, struct ifl_error *error)
{
    struct filling f = {
        .variable = variable, .layout = layout, .array = array, .cancel = cancel, .n = n, .count = ifl_pair_count(n)};
    enum ifl_status status = check_finite(array, !layout->condensed, error);
    if (status != IFL_OK)
        return status;
    status = filling_init(&f, out != NULL, error);
    if (status == IFL_OK)
        status = layout->condensed ? take_over(&f, error) : measure(&f, error);
    if (status == IFL_OK && variable->maps > 1)
        status = round_to_float(&f, variable->kept, f.sum, error);
    if (status == IFL_OK && out != NULL) {
        *out = f.out;
        f.out = NULL;
    }
    filling_release(&f);
    return status;
}

enum ifl_status variable_fill(struct variable *variable, const struct layout *layout, const struct npy *array, size_t n,
                              const atomic_bool *cancel, struct ifl_error *error)
{
    float *distances = NULL;
    enum ifl_status status = form(&distances, variable, layout, array, n, cancel, error);
    if (status == IFL_OK)
        variable->distances = distances;
    return status;
}

enum ifl_status variable_check(const struct variable *variable, const struct layout *layout, const struct npy *array,
                               size_t n, const atomic_bool *cancel, struct ifl_error *error)
{
    double largest;
    if (!layout->condensed && npy_largest(array, &largest) &&
        4 * largest * largest * (double)layout->dim * (double)layout->maps < FLT_MAX / 2)
        return IFL_OK;               /* no distance can be beyond float32 */
    struct variable sum = *variable; /* which no map's distance is above: the maps need not be looked at one by one */
    sum.kept = variable->maps > 1 ? 0 : 1;
    return form(NULL, &sum, layout, array, n, cancel, error);
}
