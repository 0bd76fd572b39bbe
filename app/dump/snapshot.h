/* A snapshot out of an open archive, wherever its bytes are. */
#ifndef DUMP_SNAPSHOT_H
#define DUMP_SNAPSHOT_H

#include <dump/archive.h>

/* dump_reader_new behind the opening of the file: takes `archive` over, whatever comes of it. */
enum ifl_status reader_from_archive(struct dump_reader **out, struct archive *archive, const struct run *run,
                                    const struct dump_input *input, struct ifl_error *error);

#endif
