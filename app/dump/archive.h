/* The arrays of one snapshot file by their keys, whatever the file's format. Knows nothing of what the keys mean. */
#ifndef DUMP_ARCHIVE_H
#define DUMP_ARCHIVE_H

#include <dump/input.h>
#include <dump/npy.h>

struct archive;

/* The formats, told by the ending of a name. */
enum archive_format { ARCHIVE_NPZ, ARCHIVE_SAFETENSORS, ARCHIVE_FORMATS };
/* False, *out untouched, where `name` ends otherwise or has nothing before its ending. */
bool archive_format_of(const char *name, enum archive_format *out);

/* Opens the file `input->path`, or `size` bytes at `data` (which must outlive it). IFL_REFUSED where it is not sound:
 * duplicate keys, arrays that overlap. Errors are without the path; what is no array is noted and left out. */
enum ifl_status archive_open(struct archive **out, const struct dump_input *input, struct ifl_error *error);
enum ifl_status archive_open_memory(struct archive **out, enum archive_format format, const void *data, size_t size,
                                    const struct dump_input *input, struct ifl_error *error);
void archive_free(struct archive *archive);

/* Its arrays in the order of the file. Keys are owned by `archive`. */
size_t archive_count(const struct archive *archive);
const char *archive_key(const struct archive *archive, size_t index);

/* Errors start with the key. Memory is bounded by what the array's own header declares, and the header is held
 * against the bytes present before any is taken. An array that is read has the header that was given of it, if one was:
 * a file that is written to meanwhile is refused. */
enum ifl_status archive_header(struct archive *archive, size_t index, struct npy_header *out, struct ifl_error *error);
enum ifl_status archive_read(struct archive *archive, size_t index, struct npy *out, struct ifl_error *error);

#endif
