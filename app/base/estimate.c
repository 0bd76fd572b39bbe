#include <stdlib.h>

#include "estimate.h"

/* Where the record of each layer (-1 first) and quantity is, plus one; 0: there is none. */
struct estimate_index {
    size_t rows;
    ifl_quantity_set quantities;
    uint32_t place[][IFL_QUANTITIES];
};

ifl_quantity_set estimate_quantities(const struct estimate *estimate)
{
    ifl_quantity_set quantities = 0;
    if (estimate->index != NULL)
        return estimate->index->quantities;
    for (size_t k = 0; estimate->records != NULL && k < estimate->count; k++)
        quantities |= IFL_BIT(estimate->records[k].quantity);
    return quantities;
}

/* Layer -1 is no layer. */
static size_t row_of(int32_t layer)
{
    return (size_t)((int64_t)layer + 1);
}

void estimate_index(struct estimate *estimate)
{
    size_t rows = 1, bytes;
    free(estimate->index);
    estimate->index = NULL;
    for (size_t k = 0; k < estimate->count; k++) {
        size_t row = row_of(estimate->records[k].layer);
        rows = row >= rows ? row + 1 : rows;
    }
    if (!ifl_size_mul(rows, sizeof estimate->index->place[0], &bytes) || estimate->count > UINT32_MAX - 1)
        return;
    struct estimate_index *index = ifl_alloc(1, sizeof *index + bytes);
    if (index == NULL)
        return;
    index->rows = rows;
    index->quantities = estimate_quantities(estimate);
    for (size_t k = estimate->count; k-- > 0;) /* the first of equals stays */
        index->place[row_of(estimate->records[k].layer)][estimate->records[k].quantity] = (uint32_t)k + 1;
    estimate->index = index;
}

size_t estimate_bytes(const struct estimate *estimate)
{
    const struct estimate_index *index = estimate->index;
    size_t bytes = estimate->records != NULL ? estimate->count * sizeof *estimate->records : 0;
    return bytes + (index != NULL ? sizeof *index + index->rows * sizeof index->place[0] : 0);
}

void estimate_clear(struct estimate *estimate)
{
    free(estimate->records);
    free(estimate->index);
    estimate->records = NULL;
    estimate->index = NULL;
    estimate->count = 0;
}

const struct ifl_record *estimate_find(const struct estimate *estimate, int32_t layer, enum ifl_quantity quantity)
{
    const struct estimate_index *index = estimate->index;
    if (estimate->records == NULL)
        return NULL;
    if (index == NULL)
        return ifl_record_find(estimate->records, estimate->count, layer, quantity);
    size_t row = row_of(layer);
    uint32_t place = row < index->rows ? index->place[row][quantity] : 0;
    return place > 0 ? &estimate->records[place - 1] : NULL;
}
