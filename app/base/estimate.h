/* The numbers of one snapshot: what engine/ computes and plot/ draws. */
#ifndef BASE_ESTIMATE_H
#define BASE_ESTIMATE_H

#include <infoflow/quantity.h>

struct estimate {
    int64_t step, batch;
    double epoch;               /* NAN: not given */
    struct ifl_record *records; /* NULL: not computed (yet) */
    size_t count;
    struct estimate_index *index; /* of the records, for whoever looks for many; NULL: none, they are searched */
};

/* Makes the index anew: after the records have changed, before they are looked for. Without memory there is none. */
void estimate_index(struct estimate *estimate);
/* What records and index take. */
size_t estimate_bytes(const struct estimate *estimate);
/* Frees records and index. */
void estimate_clear(struct estimate *estimate);
/* The quantities of which there is a record of any layer. */
ifl_quantity_set estimate_quantities(const struct estimate *estimate);
/* The record of (layer, quantity), or NULL. */
const struct ifl_record *estimate_find(const struct estimate *estimate, int32_t layer, enum ifl_quantity quantity);

#endif
