/* Many numbers of an array at once. What frameworks write is read by loops that a compiler makes SIMD code of. */
#include <math.h>
#include <string.h>

#include <dump/npy.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
enum { HOST_IS_LITTLE = 1 };
#else
enum { HOST_IS_LITTLE = 0 };
#endif

/* Whether the array's bytes are numbers as this machine has them. */
static bool is_native(const struct npy_header *header, enum npy_kind kind, size_t width)
{
    return header->kind == kind && header->width == width && header->big_endian != HOST_IS_LITTLE;
}

static double float_at(const unsigned char *bytes, size_t position)
{
    float value;
    memcpy(&value, bytes + position * sizeof value, sizeof value);
    return value;
}

static double double_at(const unsigned char *bytes, size_t position)
{
    double value;
    memcpy(&value, bytes + position * sizeof value, sizeof value);
    return value;
}

static double brain_at(const unsigned char *bytes, size_t position)
{
    uint16_t bits;
    memcpy(&bits, bytes + position * sizeof bits, sizeof bits);
    uint32_t wide = (uint32_t)bits << 16;
    float value;
    memcpy(&value, &wide, sizeof value);
    return value;
}

/* `at` is one of the above, so that it is inlined, and so are steps of 1. */
static inline void take(double (*at)(const unsigned char *, size_t), const unsigned char *bytes, size_t step,
                        size_t count, double *out, size_t apart)
{
    if (step == 1 && apart == 1)
        for (size_t k = 0; k < count; k++)
            out[k] = at(bytes, k);
    else
        for (size_t k = 0; k < count; k++)
            out[k * apart] = at(bytes, k * step);
}

void npy_numbers(const struct npy *array, size_t position, size_t step, size_t count, double *out, size_t apart)
{
    const struct npy_header *header = &array->header;
    const unsigned char *bytes = array->data + position * header->width;
    if (is_native(header, NPY_FLOAT, sizeof(float)))
        take(float_at, bytes, step, count, out, apart);
    else if (is_native(header, NPY_FLOAT, sizeof(double)))
        take(double_at, bytes, step, count, out, apart);
    else if (is_native(header, NPY_BFLOAT, sizeof(uint16_t)))
        take(brain_at, bytes, step, count, out, apart);
    else
        for (size_t k = 0; k < count; k++)
            out[k * apart] = npy_number(array, position + k * step);
}

/* Without their sign, floats are ordered as their bits are, and what is not finite comes last. */
static bool largest_float(const unsigned char *bytes, size_t count, double *out)
{
    uint32_t most = 0;
    float value;
    for (size_t k = 0; k < count; k++) {
        uint32_t bits;
        memcpy(&bits, bytes + k * sizeof bits, sizeof bits);
        bits &= 0x7fffffff;
        most = bits > most ? bits : most;
    }
    memcpy(&value, &most, sizeof value);
    if (most >= 0x7f800000)
        return false;
    *out = value;
    return true;
}

bool npy_largest(const struct npy *array, double *out)
{
    double largest = 0;
    if (is_native(&array->header, NPY_FLOAT, sizeof(float)))
        return largest_float(array->data, array->header.count, out);
    for (size_t k = 0; k < array->header.count; k++) {
        double number = fabs(npy_number(array, k));
        if (!(number < INFINITY))
            return false;
        largest = number > largest ? number : largest;
    }
    *out = largest;
    return true;
}
