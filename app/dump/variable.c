#include <float.h>
#include <math.h>
#include <stdlib.h>

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

/* Where each of the `dim` numbers of a map's sample lies relative to its first: the axes that are neither samples
 * nor maps, last one fastest. */
static void find_offsets(size_t *offsets, const struct layout *layout, const struct npy_header *header)
{
    for (size_t k = 0; k < layout->dim; k++) {
        size_t rest = k;
        offsets[k] = 0;
        for (size_t axis = header->rank; axis-- > 1;) {
            if (axis == layout->map_axis)
                continue;
            offsets[k] += rest % header->shape[axis] * npy_stride(header, axis);
            rest /= header->shape[axis];
        }
    }
}

/* The distances of one map after the other, as doubles. */
struct maps {
    const struct layout *layout;
    const struct npy *array;
    const atomic_bool *cancel;
    size_t n;
    size_t *offsets; /* [dim]; values only */
    double *rows;    /* [n][dim] of the current map; values only */
    double *pairs;   /* [ifl_pair_count(n)] of the current map */
    double *sum;     /* of the maps so far */
};

static enum ifl_status maps_init(struct maps *maps, struct ifl_error *error)
{
    const struct layout *layout = maps->layout;
    size_t size = 0, count = ifl_pair_count(maps->n);
    maps->pairs = ifl_alloc(count, sizeof *maps->pairs);
    maps->sum = ifl_alloc(count, sizeof *maps->sum);
    if (maps->pairs == NULL || maps->sum == NULL)
        return dump_no_memory(error);
    if (layout->condensed)
        return IFL_OK;
    if (!ifl_size_mul(maps->n, layout->dim, &size))
        return ifl_fail(error, IFL_REFUSED, "the shape overflows");
    maps->offsets = ifl_alloc(layout->dim, sizeof *maps->offsets);
    maps->rows = ifl_alloc(size, sizeof *maps->rows);
    if (maps->offsets == NULL || maps->rows == NULL)
        return dump_no_memory(error);
    find_offsets(maps->offsets, layout, &maps->array->header);
    return IFL_OK;
}

static void maps_release(struct maps *maps)
{
    free(maps->offsets);
    free(maps->rows);
    free(maps->pairs);
    free(maps->sum);
}

static void measure(struct maps *maps, size_t map)
{
    const struct layout *layout = maps->layout;
    const struct npy_header *header = &maps->array->header;
    size_t start = layout->map_axis == 0 ? 0 : map * npy_stride(header, layout->map_axis);
    size_t stride = npy_stride(header, 0);
    double *at = maps->rows;
    for (size_t sample = 0; sample < maps->n; sample++)
        for (size_t k = 0; k < layout->dim; k++)
            *at++ = npy_number(maps->array, start + sample * stride + maps->offsets[k]);
    ifl_squared_distances(maps->rows, maps->n, layout->dim, layout->dim, maps->pairs);
}

static enum ifl_status take_over(struct maps *maps, size_t map, struct ifl_error *error)
{
    const struct npy_header *header = &maps->array->header;
    size_t row = npy_stride(header, 0), column = npy_stride(header, 1);
    for (size_t k = 0; k < maps->layout->pairs; k++) {
        double distance = npy_number(maps->array, map * row + k * column);
        if (distance < 0)
            return ifl_fail(error, IFL_REFUSED, "negative squared distance %g at index %zu", distance,
                            map * maps->layout->pairs + k);
        maps->pairs[k] = distance;
    }
    return IFL_OK;
}

/* Refuses all above FLT_MAX, where C leaves the conversion undefined. */
static enum ifl_status round_to_float(float *out, const double *distances, size_t count, struct ifl_error *error)
{
    for (size_t k = 0; k < count; k++) {
        if (!(distances[k] <= FLT_MAX))
            return ifl_fail(error, IFL_REFUSED, "squared distance %g at pair %zu is beyond float32", distances[k], k);
        out[k] = (float)distances[k];
    }
    return IFL_OK;
}

static enum ifl_status fill_maps(float *distances, struct maps *maps, struct ifl_error *error)
{
    size_t count = ifl_pair_count(maps->n);
    for (size_t map = 0; map < maps->layout->maps; map++) {
        enum ifl_status status = dump_check_cancel(maps->cancel, error);
        if (status != IFL_OK)
            return status;
        if (maps->layout->condensed)
            status = take_over(maps, map, error);
        else
            measure(maps, map);
        if (status == IFL_OK)
            status = round_to_float(distances + map * count, maps->pairs, count, error);
        if (status != IFL_OK)
            return status;
        for (size_t k = 0; k < count; k++)
            maps->sum[k] += maps->pairs[k];
    }
    if (maps->layout->maps == 1)
        return IFL_OK;
    return round_to_float(distances + maps->layout->maps * count, maps->sum, count, error);
}

enum ifl_status variable_fill(struct variable *variable, const struct layout *layout, const struct npy *array, size_t n,
                              const atomic_bool *cancel, struct ifl_error *error)
{
    struct maps maps = {.layout = layout, .array = array, .cancel = cancel, .n = n};
    size_t arrays = layout->maps + (layout->maps > 1), size = 0;
    float *distances = NULL;
    enum ifl_status status = check_finite(array, !layout->condensed, error);
    if (status != IFL_OK)
        return status;
    if (!ifl_size_mul(arrays, ifl_pair_count(n), &size))
        return ifl_fail(error, IFL_REFUSED, "the shape overflows");

    status = maps_init(&maps, error);
    if (status != IFL_OK)
        goto out;
    distances = ifl_alloc(size, sizeof *distances);
    if (distances == NULL) {
        status = dump_no_memory(error);
        goto out;
    }
    status = fill_maps(distances, &maps, error);
    if (status != IFL_OK)
        goto out;
    variable->maps = layout->maps;
    variable->dim = layout->dim;
    variable->distances = distances;
    distances = NULL;
out:
    free(distances);
    maps_release(&maps);
    return status;
}
