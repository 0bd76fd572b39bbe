#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <dump/input.h>
#include <dump/npy.h>

/* Holds what the source claims against what the header declares, before any memory is taken. */
static enum ifl_status check_size(const struct npy_header *header, size_t size, const struct bytes *bytes,
                                  struct ifl_error *error)
{
    uint64_t present = bytes->size < header->length ? 0 : bytes->size - header->length;
    if (present < size)
        return ifl_fail(error, IFL_REFUSED, "%llu bytes of data where the shape needs %zu", (unsigned long long)present,
                        size);
    if (present > size)
        return ifl_fail(error, IFL_REFUSED, "%llu trailing bytes", (unsigned long long)(present - size));
    return IFL_OK;
}

static enum ifl_status read_data(unsigned char *data, size_t size, struct bytes *bytes, struct ifl_error *error)
{
    size_t got = 0;
    unsigned char extra;
    enum ifl_status status = bytes_read(bytes, data, size, &got, error);
    if (status != IFL_OK)
        return status;
    if (got < size)
        return ifl_fail(error, IFL_REFUSED, "%zu bytes of data where the shape needs %zu", got, size);
    /* asking beyond the end also lets a zip entry check its CRC */
    status = bytes_read(bytes, &extra, 1, &got, error);
    if (status == IFL_OK && got > 0)
        status = ifl_fail(error, IFL_REFUSED, "trailing bytes");
    return status;
}

enum ifl_status npy_read(struct npy *out, struct bytes *bytes, const struct dump_limits *limits,
                         struct ifl_error *error)
{
    struct npy array = {0};
    enum ifl_status status = npy_read_header(&array.header, bytes, limits, error);
    if (status != IFL_OK)
        return status;
    size_t size = array.header.count * array.header.width; /* checked with the header */
    status = check_size(&array.header, size, bytes, error);
    if (status != IFL_OK)
        return status;
    array.data = ifl_alloc(size, 1);
    if (array.data == NULL)
        return dump_no_memory(error);
    status = read_data(array.data, size, bytes, error);
    if (status != IFL_OK) {
        npy_release(&array);
        return status;
    }
    *out = array;
    return IFL_OK;
}

void npy_release(struct npy *array)
{
    free(array->data);
    array->data = NULL;
}

size_t npy_stride(const struct npy_header *header, size_t axis)
{
    size_t stride = 1;
    size_t from = header->fortran ? 0 : axis + 1;
    size_t to = header->fortran ? axis : header->rank;
    for (size_t k = from; k < to; k++)
        stride *= header->shape[k];
    return stride;
}

static uint64_t load_bits(const struct npy *array, size_t position)
{
    size_t width = array->header.width;
    const unsigned char *bytes = array->data + position * width;
    uint64_t bits = 0;
    if (array->header.big_endian)
        for (size_t k = 0; k < width; k++)
            bits = bits << 8 | bytes[k];
    else
        for (size_t k = width; k-- > 0;)
            bits = bits << 8 | bytes[k];
    return bits;
}

static int64_t sign_extended(uint64_t bits, size_t width)
{
    /* NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): a width is 1, 2, 4 or 8 */
    uint64_t sign = (uint64_t)1 << (8 * width - 1);
    int64_t value;
    bits = (bits ^ sign) - sign;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* IEEE 754 binary16: 1 sign bit, 5 of exponent (bias 15), 10 of fraction. Put where binary32 has them they mean 2^112
 * times less, whether normal or not. */
static double half(uint64_t bits)
{
    uint32_t moved = (uint32_t)(bits & 0x7fff) << 13;
    float value;
    if ((bits & 0x7c00) == 0x7c00)
        moved |= 0x7f800000; /* infinity and NaN stay so */
    memcpy(&value, &moved, sizeof value);
    double exact = (bits & 0x7c00) == 0x7c00 ? value : value * 0x1p112;
    return bits & 0x8000 ? -exact : exact;
}

static double real(uint64_t bits, enum npy_kind kind, size_t width)
{
    bool brain = kind == NPY_BFLOAT; /* the upper half of a binary32 */
    uint32_t low = (uint32_t)bits << (brain ? 16 : 0);
    float single_value;
    double double_value;
    switch (brain ? 4 : width) {
    case 2:
        return half(bits);
    case 4:
        memcpy(&single_value, &low, sizeof single_value);
        return single_value;
    default:
        memcpy(&double_value, &bits, sizeof double_value);
        return double_value;
    }
}

double npy_number(const struct npy *array, size_t position)
{
    uint64_t bits = load_bits(array, position);
    switch (array->header.kind) {
    case NPY_BOOL:
        return bits != 0;
    case NPY_INT:
        return (double)sign_extended(bits, array->header.width);
    case NPY_UINT:
        return (double)bits;
    default:
        return real(bits, array->header.kind, array->header.width);
    }
}

bool npy_integer(const struct npy *array, size_t position, int64_t *out)
{
    uint64_t bits = load_bits(array, position);
    double number;
    switch (array->header.kind) {
    case NPY_BOOL:
        *out = bits != 0;
        return true;
    case NPY_INT:
        *out = sign_extended(bits, array->header.width);
        return true;
    case NPY_UINT:
        if (bits > INT64_MAX)
            return false;
        *out = (int64_t)bits;
        return true;
    default:
        number = real(bits, array->header.kind, array->header.width);
        if (!(number >= -0x1p63 && number < 0x1p63) || number != trunc(number))
            return false;
        *out = (int64_t)number;
        return true;
    }
}

/* Goes from a position to its index in C order (`to_index`), or back, by taking it apart along the axes. */
static size_t reorder(const struct npy_header *header, size_t from, bool to_index)
{
    if (!header->fortran)
        return from;
    struct npy_header c_order = *header;
    c_order.fortran = false;
    const struct npy_header *source = to_index ? header : &c_order;
    const struct npy_header *target = to_index ? &c_order : header;
    size_t to = 0;
    for (size_t axis = 0; axis < header->rank; axis++)
        to += from / npy_stride(source, axis) % header->shape[axis] * npy_stride(target, axis);
    return to;
}

bool npy_not_finite(const struct npy *array, size_t *index)
{
    double largest;
    size_t first = array->header.count;
    if (npy_largest(array, &largest))
        return false;
    for (size_t position = 0; position < array->header.count; position++) {
        if (isfinite(npy_number(array, position)))
            continue;
        size_t candidate = reorder(&array->header, position, true);
        if (candidate < first)
            first = candidate;
        if (!array->header.fortran)
            break;
    }
    *index = first;
    return true;
}

double npy_number_at_index(const struct npy *array, size_t index)
{
    return npy_number(array, reorder(&array->header, index, false));
}
