/* An array in memory, and its reader from NumPy's .npy format, versions 1.0 to 3.0. */
#ifndef DUMP_NPY_H
#define DUMP_NPY_H

#include <dump/bytes.h>
#include <dump/dump.h>

enum npy_kind { NPY_BOOL, NPY_INT, NPY_UINT, NPY_FLOAT, NPY_BFLOAT /* bfloat16: of safetensors only */ };

enum { NPY_RANK_MAX = 32 };

struct npy_header {
    enum npy_kind kind;
    size_t width; /* bytes of one element */
    bool big_endian;
    bool fortran; /* first axis fastest */
    size_t rank;
    size_t shape[NPY_RANK_MAX];
    size_t count;  /* elements: the product of `shape` */
    size_t length; /* of a .npy: bytes of the header with its magic, so the offset of the data */
};

/* `data` holds the elements as they were in the file. A position below counts elements in that order. */
struct npy {
    struct npy_header header;
    unsigned char *data;
};

/* Reads just the header; the source stands at the data afterwards. IFL_REFUSED says what is wrong with it, without
 * naming file or key. */
enum ifl_status npy_read_header(struct npy_header *out, struct bytes *bytes, const struct dump_limits *limits,
                                struct ifl_error *error);

/* Sets header->count. IFL_REFUSED where the shape overflows, or the array is larger than a limit. */
enum ifl_status npy_count(struct npy_header *header, const struct dump_limits *limits, struct ifl_error *error);

/* Reads an array that is all the source holds: memory for exactly what the header declares, and only if the source
 * claims to hold exactly that. */
enum ifl_status npy_read(struct npy *out, struct bytes *bytes, const struct dump_limits *limits,
                         struct ifl_error *error);
void npy_release(struct npy *array);

/* Positions between two neighbours along an axis. */
size_t npy_stride(const struct npy_header *header, size_t axis);

double npy_number(const struct npy *array, size_t position);

/* `count` numbers from `position` on, `step` positions apart, into out, `apart` doubles apart. */
void npy_numbers(const struct npy *array, size_t position, size_t step, size_t count, double *out, size_t apart);

/* The largest magnitude there is, 0 of nothing; false, *out untouched, where there is a NaN or an infinity. */
bool npy_largest(const struct npy *array, double *out);

/* The element as an integer, exactly; false if it is none (a fraction, NaN) or does not fit. */
bool npy_integer(const struct npy *array, size_t position, int64_t *out);

/* Whether there is a NaN or an infinity; *index is then the first one's in C order, whatever the array's. */
bool npy_not_finite(const struct npy *array, size_t *index);
double npy_number_at_index(const struct npy *array, size_t index);

#endif
