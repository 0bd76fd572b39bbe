/* Which kernel widths can be trusted. Where a kernel collapses or saturates, an entropy says nothing about the data;
 * and since the network itself keeps the data-processing inequalities, a link that rises is the estimate's fault. */
#ifndef INFOFLOW_TRUST_H
#define INFOFLOW_TRUST_H

#include "infoflow/quantity.h"

/* What was seen at one width, over the layers and snapshots that are looked at. Begins zeroed. */
struct ifl_width_seen {
    size_t values;   /* entropies of layers, H(T) or H(delta); 0: nothing was estimated */
    unsigned health; /* of any of them */
    size_t links;    /* of the chain */
    size_t violated; /* of these */
};

/* Whether there is something to go by, nothing of it is constant, collapsed or saturated, and at most this share, 0..1,
 * of the links is violated. */
bool ifl_width_trusted(const struct ifl_width_seen *seen, double share);

/* The longest stretch of trusted widths among `count` neighbours, seen[*first] .. seen[*last]; the first of equals.
 * False, the out-parameters untouched: there is none. */
bool ifl_width_stretch(const struct ifl_width_seen *seen, size_t count, double share, size_t *first, size_t *last);

#endif
