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

static enum ifl_status read_label(int32_t *out, const struct npy *array, size_t sample, struct ifl_error *error)
{
    int64_t label = 0;
    size_t position = sample * npy_stride(&array->header, 0);
    if (!npy_integer(array, position, &label))
        return ifl_fail(error, IFL_REFUSED, "%g at index %zu is not an integer", npy_number(array, position), sample);
    if (label < 0)
        return ifl_fail(error, IFL_REFUSED, "negative label %lld at index %zu", (long long)label, sample);
    if (label > INT32_MAX)
        return ifl_fail(error, IFL_REFUSED, "label %lld at index %zu is too large", (long long)label, sample);
    *out = (int32_t)label;
    return IFL_OK;
}

static enum ifl_status read_one_hot(int32_t *out, const struct npy *array, size_t sample, struct ifl_error *error)
{
    const struct npy_header *header = &array->header;
    size_t row = sample * npy_stride(header, 0), column = npy_stride(header, 1), ones = 0;
    for (size_t label = 0; label < header->shape[1]; label++) {
        double number = npy_number(array, row + label * column);
        if (number == 1 && label <= INT32_MAX) {
            *out = (int32_t)label;
            ones++;
        } else if (number != 0) {
            ones = 2; /* as wrong as two ones */
        }
    }
    if (ones != 1)
        return ifl_fail(error, IFL_REFUSED, "row %zu is not one-hot: one 1, the rest 0", sample);
    return IFL_OK;
}

enum ifl_status labels_read(int32_t **out, size_t *classes, const struct npy *array, struct ifl_error *error)
{
    const struct npy_header *header = &array->header;
    bool one_hot = header->rank == 2 && header->shape[1] > 1;
    int32_t largest = 0;
    int32_t *labels = ifl_alloc(header->shape[0], sizeof *labels);
    if (labels == NULL)
        return dump_no_memory(error);
    for (size_t sample = 0; sample < header->shape[0]; sample++) {
        enum ifl_status status = one_hot ? read_one_hot(&labels[sample], array, sample, error)
                                         : read_label(&labels[sample], array, sample, error);
        if (status != IFL_OK) {
            free(labels);
            return status;
        }
        if (labels[sample] > largest)
            largest = labels[sample];
    }
    *out = labels;
    *classes = (size_t)largest + 1;
    return IFL_OK;
}
