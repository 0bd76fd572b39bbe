/* What the keys of one snapshot file mean, before anything is read. */
#ifndef DUMP_CONTENTS_H
#define DUMP_CONTENTS_H

#include <dump/archive.h>

enum { ABSENT = -1 };

/* Where one variable's arrays are: indices in the archive, or ABSENT. At most one of `raw` and `condensed` is there. */
struct place {
    ptrdiff_t raw;       /* `X`, `T/<layer>`, `delta/<layer>` */
    ptrdiff_t condensed; /* `D2/` and that */
    ptrdiff_t dim;       /* `dim/` and that */
};

struct contents {
    ptrdiff_t step, batch, epoch, labels;
    size_t *metrics; /* indices of `metrics/<name>` */
    size_t n_metrics;
    struct place *places; /* X, then T, then delta of each layer in forward order */
    size_t n_places;
};

/* Sorts the keys of `archive`; unknown ones are noted. IFL_REFUSED for a layer that `run` does not have, for a variable
 * that is there twice, and where X or step is missing. */
enum ifl_status contents_find(struct contents *out, const struct archive *archive, const struct run *run,
                              const struct dump_input *input, struct ifl_error *error);
void contents_release(struct contents *contents);

enum ifl_of contents_of(const struct contents *contents, size_t place);
int32_t contents_layer(const struct contents *contents, size_t place);

/* The index of the variable's own array. */
static inline ptrdiff_t place_array(const struct place *place)
{
    return place->raw != ABSENT ? place->raw : place->condensed;
}

/* What follows `prefix` in `key`, or NULL. */
const char *key_after(const char *key, const char *prefix);

#endif
