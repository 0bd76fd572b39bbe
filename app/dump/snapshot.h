/* A snapshot out of an open archive, wherever its bytes are. */
#ifndef DUMP_SNAPSHOT_H
#define DUMP_SNAPSHOT_H

#include <dump/archive.h>

/* dump_read behind the opening of the file. Errors are without the path. */
enum ifl_status snapshot_from_archive(struct snapshot *out, struct archive *archive, const struct run *run,
                                      const struct dump_input *input, struct ifl_error *error);

#endif
