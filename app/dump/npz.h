/* A .npz file: a zip of .npy arrays, read by its central directory. Knows keys and arrays, not what they mean. */
#ifndef DUMP_NPZ_H
#define DUMP_NPZ_H

#include <dump/input.h>
#include <dump/npy.h>

struct npz;

/* Opens the file `input->path`, or `size` bytes at `data` (which must outlive it). IFL_REFUSED where it is no sound
 * zip: inconsistent or overlapping entries, duplicate keys. Errors are without the path; entries that are no .npy
 * arrays are noted and left out. */
enum ifl_status npz_open(struct npz **out, const struct dump_input *input, struct ifl_error *error);
enum ifl_status npz_open_memory(struct npz **out, const void *data, size_t size, const struct dump_input *input,
                                struct ifl_error *error);
void npz_free(struct npz *npz);

/* Its arrays in the order of the file. Keys are owned by `npz`. */
size_t npz_count(const struct npz *npz);
const char *npz_key(const struct npz *npz, size_t index);

/* Errors start with the key. Memory is bounded by what the array's own header declares, and the header is held
 * against the bytes present before any is taken. */
enum ifl_status npz_header(struct npz *npz, size_t index, struct npy_header *out, struct ifl_error *error);
enum ifl_status npz_read(struct npz *npz, size_t index, struct npy *out, struct ifl_error *error);

#endif
