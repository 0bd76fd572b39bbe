#include <stdlib.h>

#include <dump/input.h>
#include <dump/labels.h>

enum ifl_status labels_layout(size_t *n, const struct npy_header *header, struct ifl_error *error)
{
    if (header->rank != 1 && header->rank != 2)
        return ifl_fail(error, IFL_REFUSED, "%zu axes, where labels have 1, or 2 if they are one-hot", header->rank);
    if (header->rank == 2 && header->shape[1] == 0)
        return ifl_fail(error, IFL_REFUSED, "axis 1 of its shape is 0");
    *n = header->shape[0];
    return IFL_OK;
}

static enum ifl_status read_label(int64_t *out, const struct npy *array, size_t sample, struct ifl_error *error)
{
    size_t position = sample * npy_stride(&array->header, 0);
    if (!npy_integer(array, position, out))
        return ifl_fail(error, IFL_REFUSED, "%g at index %zu is not an integer", npy_number(array, position), sample);
    return IFL_OK;
}

static enum ifl_status read_one_hot(int64_t *out, const struct npy *array, size_t sample, struct ifl_error *error)
{
    const struct npy_header *header = &array->header;
    size_t row = sample * npy_stride(header, 0), column = npy_stride(header, 1), ones = 0;
    for (size_t label = 0; label < header->shape[1]; label++) {
        double number = npy_number(array, row + label * column);
        if (number == 1) {
            *out = (int64_t)label;
            ones++;
        } else if (number != 0) {
            ones = 2; /* as wrong as two ones */
        }
    }
    if (ones != 1)
        return ifl_fail(error, IFL_REFUSED, "row %zu is not one-hot: one 1, the rest 0", sample);
    return IFL_OK;
}

static int compare_labels(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Class numbers 0, 1, ... in the order of the labels, which are any integers. Sorts `sorted`, a copy of them. */
static size_t number_classes(int32_t *out, const int64_t *labels, int64_t *sorted, size_t n)
{
    size_t classes = 0;
    qsort(sorted, n, sizeof *sorted, compare_labels);
    for (size_t k = 0; k < n; k++)
        if (k == 0 || sorted[k] != sorted[classes - 1])
            sorted[classes++] = sorted[k];
    for (size_t k = 0; k < n; k++) {
        const int64_t *found = bsearch(&labels[k], sorted, classes, sizeof *sorted, compare_labels);
        out[k] = (int32_t)(found - sorted);
    }
    return classes;
}

/* Small labels are class numbers as they stand, so that the length of a one-hot row is what everybody would say; others
 * (-1 and 1, ids) are numbered. */
static size_t settle_classes(int32_t *out, const int64_t *labels, int64_t *room, size_t n)
{
    const int64_t most = 1 << 20;
    int64_t smallest = 0, largest = 0;
    for (size_t k = 0; k < n; k++) {
        smallest = labels[k] < smallest ? labels[k] : smallest;
        largest = labels[k] > largest ? labels[k] : largest;
        room[k] = labels[k];
    }
    if (smallest < 0 || largest >= most)
        return number_classes(out, labels, room, n);
    for (size_t k = 0; k < n; k++)
        out[k] = (int32_t)labels[k];
    return (size_t)largest + 1;
}

enum ifl_status labels_read(int32_t **out, size_t *classes, const struct npy *array, struct ifl_error *error)
{
    const struct npy_header *header = &array->header;
    size_t n = header->shape[0];
    bool one_hot = header->rank == 2 && header->shape[1] > 1;
    int32_t *settled = ifl_alloc(n, sizeof *settled);
    int64_t *labels = ifl_alloc(n, sizeof *labels), *room = ifl_alloc(n, sizeof *room);
    enum ifl_status status = IFL_OK;
    if (settled == NULL || labels == NULL || room == NULL)
        status = dump_no_memory(error);
    for (size_t k = 0; k < n && status == IFL_OK; k++)
        status = one_hot ? read_one_hot(&labels[k], array, k, error) : read_label(&labels[k], array, k, error);
    if (status == IFL_OK) {
        *classes = settle_classes(settled, labels, room, n);
        *out = settled;
        settled = NULL;
    }
    free(settled);
    free(labels);
    free(room);
    return status;
}
