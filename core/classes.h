/* The samples by class, for matrices that the labels' delta kernel makes block diagonal. Private to the core. */
#ifndef CORE_CLASSES_H
#define CORE_CLASSES_H

#include "infoflow/snapshot.h"

struct classes {
    size_t count;
    size_t *size;       /* [count] samples */
    size_t *pair;       /* [n_pairs] packed positions of the pairs within a class, class by class, each packed in turn */
    size_t n_pairs;
};

/* The snapshot must have labels. */
enum ifl_status classes_init(struct classes *out, const struct ifl_snapshot *snapshot, struct ifl_error *error);
void classes_release(struct classes *classes);

#endif
