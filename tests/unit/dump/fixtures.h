/* Inputs made in memory and files made in a folder of the test's own. */
#ifndef TESTS_DUMP_FIXTURES_H
#define TESTS_DUMP_FIXTURES_H

#include <dump/input.h>
#include <dump/npy.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct buffer {
    unsigned char *data;
    size_t size;
};
void put(struct buffer *buffer, const void *data, size_t size);
void put_text(struct buffer *buffer, const char *text);
void put_number(struct buffer *buffer, uint64_t number, size_t bytes); /* little-endian */
void buffer_release(struct buffer *buffer);

/* An .npy header around any dict, well formed or not. */
void put_npy_header(struct buffer *buffer, int version, const char *dict);

/* An array as it is meant: `values` in C order; written with the byte order and width of `dtype` (such as "<f4"),
 * first axis fastest where `fortran`. */
struct array {
    const char *dtype;
    bool fortran;
    size_t rank;
    size_t shape[6];
    const double *values;
};
void put_npy(struct buffer *buffer, const struct array *array);

/* One entry of an npz. */
struct item {
    const char *key;
    struct array array;
};
#define SCALAR(dtype_, value)                                                                                          \
    {                                                                                                                  \
        .dtype = (dtype_), .values = (const double[])                                                                  \
        {                                                                                                              \
            value                                                                                                      \
        }                                                                                                              \
    }

/* A zip written by hand, for what libzip does not write. */
enum { ZIP64 = 1, DESCRIPTORS = 2 };
struct zip_writer {
    struct buffer file;
    struct buffer directory;
    size_t entries;
    int style; /* set of the above */
};
/* `crc_error` is added to the right CRC; `overlap` moves the offset back over the bytes before it. */
void zip_put(struct zip_writer *zip, const char *name, const struct buffer *content, uint32_t crc_error,
             size_t overlap);
void zip_end(struct zip_writer *zip); /* `file` is then whole */

void put_npz(struct buffer *buffer, const struct item *items, size_t count, int style);

/* A file of one header, well formed or not, and `size` bytes of data. */
void put_safetensors_header(struct buffer *buffer, const char *json, const void *data, size_t size);
/* The same items as a .safetensors; "<b2" is bfloat16 and Fortran order is passed over. */
void put_safetensors(struct buffer *buffer, const struct item *items, size_t count);

/* The folder, a path in it (valid until the next call), a file written whole. */
const char *folder_path(void); /* made at the first call */
const char *in_folder(const char *name);
void write_file(const char *name, const void *data, size_t size);
void write_npz(const char *name, const struct item *items, size_t count);
/* The same by libzip, which deflates. */
void write_deflated(const char *name, const struct item *items, size_t count);
void remove_folder(void);

/* The notes of one call, a line each. */
struct noted {
    char text[4096];
    size_t count;
};
struct dump_notes notes_into(struct noted *noted);
struct dump_input input_of(const char *path, const struct dump_limits *limits, const struct dump_notes *notes);

/* That it was refused with a message that holds each of the `|`-separated parts, in one line. */
void expect_refusal(enum ifl_status status, const struct ifl_error *error, const char *parts);

#endif
