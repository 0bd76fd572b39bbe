/* Regular files, and nothing else that a path can name. */
#ifndef DUMP_FILE_H
#define DUMP_FILE_H

#include <stdint.h>
#include <stdio.h>

#include <infoflow/status.h>

/* Opens a regular file (after following links) for reading; never waits on a FIFO or a device. IFL_NOT_FOUND,
 * IFL_REFUSED where it is no regular file, IFL_FAILED. The messages are without the path. */
enum ifl_status file_open(FILE **out, uint64_t *size, const char *path, struct ifl_error *error);

/* The whole of a file of at most `limit` bytes, as new memory (free()). */
enum ifl_status file_read(char **out, size_t *size, const char *path, size_t limit, struct ifl_error *error);

/* ifl_fail with the text of an errno, `what` before it. */
enum ifl_status file_failed(struct ifl_error *error, const char *what, int code);

#endif
