/* Byte sources: parsers read from these and never learn whether it is a file, a zip entry or memory. */
#ifndef DUMP_BYTES_H
#define DUMP_BYTES_H

#include <stdint.h>
#include <stdio.h>

#include <infoflow/status.h>

struct bytes {
    /* Puts at most `size` bytes into `into` and their number into *got: fewer than asked for say nothing, 0 says
     * the end. */
    enum ifl_status (*read)(void *context, void *into, size_t size, size_t *got, struct ifl_error *error);
    void *context;
    uint64_t size; /* bytes in all as the source claims: good for refusing early, never for trusting */
};

/* Reads until `size` bytes are there or the source ends; *got < size only at the end. */
enum ifl_status bytes_read(struct bytes *bytes, void *into, size_t size, size_t *got, struct ifl_error *error);

struct memory {
    const unsigned char *at;
    size_t left;
};
/* Reads from `memory`, which must outlive it and is used up. */
struct bytes bytes_of_memory(struct memory *memory);

/* Bytes that can be read anywhere: of an open file, or of memory where `data` is not NULL. Neither is owned. */
struct source {
    FILE *file;
    const unsigned char *data;
    uint64_t size;
};
/* Reads exactly `size` bytes; IFL_REFUSED where the source ends before. */
enum ifl_status source_read(const struct source *source, uint64_t offset, void *into, size_t size,
                            struct ifl_error *error);

#endif
