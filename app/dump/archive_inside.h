/* What a format gives to be an archive. Private to archive.c and the formats. */
#ifndef DUMP_ARCHIVE_INSIDE_H
#define DUMP_ARCHIVE_INSIDE_H

#include <dump/archive.h>

/* Bytes read at a time, so that a large array can be canceled. */
#define PIECE_BYTES ((size_t)4 << 20)

/* Errors are without the key; `free` frees all but the keys. */
struct archive_operations {
    enum ifl_status (*header)(struct archive *archive, size_t index, struct npy_header *out, struct ifl_error *error);
    enum ifl_status (*read)(struct archive *archive, size_t index, struct npy *out, struct ifl_error *error);
    void (*free)(struct archive *archive);
};

/* The first member of each format's own struct. */
struct archive {
    const struct archive_operations *operations;
    const struct dump_limits *limits;
    const atomic_bool *cancel;
    char **keys; /* [count], in the order of the file */
    size_t count;
    struct npy_header *given; /* archive.c's: [count] where any header was given; width 0: that one was not */
};

/* IFL_REFUSED names the key that is there twice. */
enum ifl_status archive_check_duplicates(const struct archive *archive, struct ifl_error *error);

/* npz.c, safetensors.c: from a file of the path `input->path` where `data` is NULL, else from `size` bytes there. */
enum ifl_status npz_open(struct archive **out, const void *data, size_t size, const struct dump_input *input,
                         struct ifl_error *error);
enum ifl_status safetensors_open(struct archive **out, const void *data, size_t size, const struct dump_input *input,
                                 struct ifl_error *error);

#endif
