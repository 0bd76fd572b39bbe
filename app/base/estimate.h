/* The numbers of one snapshot: what engine/ computes and plot/ draws. */
#ifndef BASE_ESTIMATE_H
#define BASE_ESTIMATE_H

#include <infoflow/quantity.h>

struct estimate {
    int64_t step, batch;
    double epoch;               /* NAN: not given */
    struct ifl_record *records; /* NULL: not computed (yet) */
    size_t count;
};

#endif
