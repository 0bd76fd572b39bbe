/* The single numbers of a snapshot file: step, batch, epoch, dims and metrics. */
#ifndef DUMP_SCALARS_H
#define DUMP_SCALARS_H

#include <dump/contents.h>

/* The array's only element as an integer >= `least`. */
enum ifl_status scalar_integer(int64_t *out, struct archive *archive, size_t index, int64_t least,
                               struct ifl_error *error);

/* step, batch, epoch and metrics of `snapshot`, which owns what it gets even where this fails. Numbers that are not
 * finite are left out, with a note unless that is how an epoch says that there is none. */
enum ifl_status scalars_read(struct snapshot *snapshot, const struct contents *contents, struct archive *archive,
                             const struct dump_input *input, struct ifl_error *error);

#endif
