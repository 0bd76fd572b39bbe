#include <criterion/criterion.h>
#include <float.h>
#include <math.h>
#include <string.h>

#include "failing_memory.h"
#include "fixtures.h"

static enum ifl_status parse(struct npy *out, const struct buffer *buffer, struct ifl_error *error)
{
    struct dump_limits limits = dump_limits_default();
    struct memory memory = {buffer->data, buffer->size};
    struct bytes bytes = bytes_of_memory(&memory);
    return npy_read(out, &bytes, &limits, error);
}

static void expect_values(const struct array *wanted, size_t count)
{
    struct buffer buffer = {0};
    struct npy array;
    struct ifl_error error;
    put_npy(&buffer, wanted);
    cr_assert_eq(parse(&array, &buffer, &error), IFL_OK, "%s: %s", wanted->dtype, error.message);
    cr_expect_eq(array.header.rank, wanted->rank);
    cr_expect_eq(array.header.count, count);
    cr_expect_eq(array.header.fortran, wanted->fortran);
    for (size_t axis = 0; axis < wanted->rank; axis++)
        cr_expect_eq(array.header.shape[axis], wanted->shape[axis]);
    for (size_t k = 0; k < count; k++) {
        double value = npy_number_at_index(&array, k);
        cr_expect(value == wanted->values[k] || (isnan(value) && isnan(wanted->values[k])), "%s[%zu]: %g, not %g",
                  wanted->dtype, k, value, wanted->values[k]);
    }
    npy_release(&array);
    buffer_release(&buffer);
}

/* Values that the type holds exactly, its extremes among them, in every byte order and both orders of axes. */
static void expect_type(const char *type, const double values[12])
{
    for (const char *order = type[1] == '1' ? "|<>" : "<>"; *order != '\0'; order++)
        for (int fortran = 0; fortran < 2; fortran++) {
            char dtype[4] = {*order, type[0], type[1], '\0'};
            expect_values(&(struct array){dtype, fortran, 3, {2, 3, 2}, values}, 12);
            expect_values(&(struct array){dtype, fortran, 1, {12}, values}, 12);
            expect_values(&(struct array){dtype, fortran, 0, {0}, values}, 1);
        }
}

Test(npy, reads_every_type_in_every_order)
{
    static const struct {
        const char *type;
        double values[12];
    } types[] = {
        {"b1", {0, 1, 1, 0, 0, 0, 1, 1, 1, 0, 1, 0}},
        {"i1", {0, 1, -1, 127, -128, 5, 6, 7, -8, -9, 10, 11}},
        {"u1", {0, 1, 2, 127, 128, 255, 6, 7, 8, 9, 10, 11}},
        {"i2", {0, 1, -1, 32767, -32768, 258, 6, 7, -8, -9, 10, 11}},
        {"u2", {0, 1, 2, 32768, 65535, 258, 6, 7, 8, 9, 10, 11}},
        {"i4", {0, 1, -1, 2147483647.0, -2147483648.0, 66051, 6, 7, -8, -9, 10, 11}},
        {"u4", {0, 1, 2, 2147483648.0, 4294967295.0, 66051, 6, 7, 8, 9, 10, 11}},
        {"i8", {0, 1, -1, 0x1p62, -0x1p63, 0x1p52 + 1, 6, 7, -8, -9, 10, 11}},
        {"u8", {0, 1, 2, 0x1p63, 0x1p52 + 1, 5, 6, 7, 8, 9, 10, 11}},
        {"f2", {0, 1, -1.5, 65504, -65504, 0x1p-14, 0x1p-24, 0x1.ff8p-15, INFINITY, -INFINITY, NAN, 0.333251953125}},
        {"f4", {0, 1, -1.5, FLT_MAX, -FLT_MAX, FLT_MIN, 0x1p-149, 0x1.abcdp-3, INFINITY, -INFINITY, NAN, 7}},
        {"f8", {0, 1, -1.5, DBL_MAX, -DBL_MAX, DBL_MIN, 0x1p-1074, 0.1, INFINITY, -INFINITY, NAN, 7}},
    };
    for (size_t k = 0; k < COUNT(types); k++)
        expect_type(types[k].type, types[k].values);
}

static void expect_header(int version, const char *dict, const char *data, size_t size, const char *refusal)
{
    struct buffer buffer = {0};
    struct npy array;
    struct ifl_error error = {.message = ""};
    put_npy_header(&buffer, version, dict);
    put(&buffer, data, size);
    enum ifl_status status = parse(&array, &buffer, &error);
    if (refusal != NULL)
        expect_refusal(status, &error, refusal);
    else
        cr_expect_eq(status, IFL_OK, "%s: %s", dict, error.message);
    if (status == IFL_OK)
        npy_release(&array);
    buffer_release(&buffer);
}

Test(npy, reads_every_version_and_spelling)
{
    for (int version = 1; version <= 3; version++)
        expect_header(version, "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }   \n", "ab", 2, NULL);
    expect_header(1, "{\"shape\":(1,2,),\"descr\":\"|u1\",\"fortran_order\":True}", "ab", 2, NULL);
    expect_header(1, " { 'shape' : ( 2 , ) , 'fortran_order' : True , 'descr' : '|u1' } ", "ab", 2, NULL);
    expect_header(1, "{'descr': '|u1', 'fortran_order': False, 'shape': ()}", "a", 1, NULL);
    expect_header(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 0)}", "", 0, NULL);
}

Test(npy, refuses_what_is_no_header)
{
    static const struct {
        const char *dict;
        const char *refusal;
    } cases[] = {
        {"", "'{' expected"},
        {"[]", "'{' expected"},
        {"{", "a key expected"},
        {"{}", "no 'descr'"},
        {"{'descr': '|u1', 'shape': (1,)}", "no 'fortran_order'"},
        {"{'descr': '|u1', 'fortran_order': False}", "no 'shape'"},
        {"{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (1,)}", "duplicate|'descr'"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (1,), 'more': 1}", "unknown|'more'"},
        {"{'descr': '|u1' 'fortran_order': False, 'shape': (1,)}", "',' or '}' expected"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (1,)} x", "nothing after '}'"},
        {"{'descr': '|u1', 'fortran_order': 0, 'shape': (1,)}", "True or False"},
        {"{'descr': '|u1', 'fortran_order': Tru", "True or False"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (1)}", "a tuple"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': 1}", "a tuple"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (,)}", "a size"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (1 2)}", "',' or ')'"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (1.0,)}", "',' or ')'"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (-1,)}", "negative"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999999999,)}", "overflows"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (18446744073709551616,)}", "overflows"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (4294967296, 4294967296)}", "overflows"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904,)}", "overflows"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1)}", "more than 8 axes"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (1099511627776,)}", "1099511627776 bytes, more than"},
        {"{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "Python objects"},
        {"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", "structured"},
        {"{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}", "dtype '<c8'"},
        {"{'descr': '<U1', 'fortran_order': False, 'shape': (1,)}", "dtype '<U1'"},
        {"{'descr': '<f16', 'fortran_order': False, 'shape': (1,)}", "dtype '<f16'"},
        {"{'descr': '|f4', 'fortran_order': False, 'shape': (1,)}", "dtype '|f4'"},
        {"{'descr': 'f4', 'fortran_order': False, 'shape': (1,)}", "dtype 'f4'"},
        {"{'descr': '', 'fortran_order': False, 'shape': (1,)}", "dtype ''"},
        {"{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (1,)}", "dtype '<M8[ns]'"},
        {"{'descr': '\\x7cu1', 'fortran_order': False, 'shape': (1,)}", "a dtype expected"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (2,)}", "1 bytes of data where the shape needs 2"},
        {"{'descr': '|u1', 'fortran_order': False, 'shape': (0,)}", "1 trailing bytes"},
    };
    for (size_t k = 0; k < COUNT(cases); k++)
        expect_header(1, cases[k].dict, "a", 1, cases[k].refusal);
    expect_header(4, "{'descr': '|u1', 'fortran_order': False, 'shape': (1,)}", "a", 1, "version 4.0");
    expect_header(0, "{'descr': '|u1', 'fortran_order': False, 'shape': (1,)}", "a", 1, "version 0.0");
}

Test(npy, refuses_a_header_length_bomb)
{
    static const char start[] = "\x93NUMPY\2\0\xff\xff\xff\xff{";
    struct buffer buffer = {0};
    struct npy array;
    struct ifl_error error;
    put(&buffer, start, sizeof start - 1);
    expect_refusal(parse(&array, &buffer, &error), &error, "header of 4294967295 bytes|65536");
    buffer_release(&buffer);
    put_text(&buffer, "PK\3\4 no array at all");
    expect_refusal(parse(&array, &buffer, &error), &error, "not a .npy");
    buffer_release(&buffer);
}

/* Whatever a caller allows, there is room for so many. */
Test(npy, has_room_for_32_axes)
{
    struct dump_limits limits = dump_limits_default();
    struct npy array;
    struct ifl_error error;
    limits.rank = NPY_RANK_MAX + 1;
    for (size_t rank = NPY_RANK_MAX; rank <= limits.rank; rank++) {
        struct buffer dict = {0}, buffer = {0};
        put_text(&dict, "{'descr': '|u1', 'fortran_order': False, 'shape': (");
        for (size_t axis = 0; axis < rank; axis++)
            put_text(&dict, "1,");
        put(&dict, ")}", 3);
        put_npy_header(&buffer, 1, (const char *)dict.data);
        put_text(&buffer, "a");
        struct memory memory = {buffer.data, buffer.size};
        struct bytes bytes = bytes_of_memory(&memory);
        enum ifl_status status = npy_read(&array, &bytes, &limits, &error);
        if (rank > NPY_RANK_MAX) {
            expect_refusal(status, &error, "more than 32 axes");
        } else {
            cr_assert_eq(status, IFL_OK, "%s", error.message);
            npy_release(&array);
        }
        buffer_release(&dict);
        buffer_release(&buffer);
    }
}

Test(npy, refuses_every_prefix)
{
    static const double values[6] = {1, 2, 3, 4, 5, 6};
    struct buffer buffer = {0};
    put_npy(&buffer, &(struct array){"<f4", false, 2, {2, 3}, values});
    for (size_t size = 0; size < buffer.size; size++) {
        /* a copy of just that size, so that a sanitiser sees each byte too many */
        struct buffer prefix = {0};
        struct npy array;
        struct ifl_error error;
        put(&prefix, buffer.data, size);
        expect_refusal(parse(&array, &prefix, &error), &error, size < 10 ? "ends" : "");
        buffer_release(&prefix);
    }
    buffer_release(&buffer);
}

/* What a source claims is one thing, what it gives another. */
Test(npy, trusts_no_claimed_size)
{
    static const double values[6] = {1, 2, 3, 4, 5, 6};
    struct dump_limits limits = dump_limits_default();
    struct buffer buffer = {0};
    struct npy array;
    struct ifl_error error;
    put_npy(&buffer, &(struct array){"<f4", false, 2, {2, 3}, values});
    for (int extra = -1; extra <= 1; extra += 2) {
        struct memory memory = {buffer.data, buffer.size + (size_t)extra};
        struct bytes bytes = bytes_of_memory(&memory);
        bytes.size = buffer.size;
        expect_refusal(npy_read(&array, &bytes, &limits, &error), &error, extra < 0 ? "23 bytes" : "trailing");
    }
    buffer_release(&buffer);
}

/* Less than its header, that is there; in unsigned numbers what is left of it is huge. */
Test(npy, trusts_no_claim_of_less_than_the_header)
{
    static const double values[1] = {1};
    struct dump_limits limits = dump_limits_default();
    struct buffer buffer = {0};
    struct npy array;
    struct ifl_error error;
    put_npy(&buffer, &(struct array){"<f4", false, 1, {1}, values});
    struct memory memory = {buffer.data, buffer.size};
    struct bytes bytes = bytes_of_memory(&memory);
    bytes.size = 5;
    expect_refusal(npy_read(&array, &bytes, &limits, &error), &error, "0 bytes of data where the shape needs 4");
    buffer_release(&buffer);
}

/* A shape of 1 GiB that few bytes follow. */
Test(npy, takes_no_memory_for_what_is_not_there)
{
    static const char dict[] = "{'descr': '<f4', 'fortran_order': False, 'shape': (268435456,)}";
    struct buffer buffer = {0};
    struct npy array;
    struct ifl_error error;
    put_npy_header(&buffer, 1, dict);
    put(&buffer, dict, 4);
    memory_fail(2, true); /* all but the header's */
    enum ifl_status status = parse(&array, &buffer, &error);
    memory_end();
    expect_refusal(status, &error, "4 bytes of data where the shape needs 1073741824");
    buffer_release(&buffer);
}

Test(npy, says_what_is_an_integer)
{
    static const struct {
        const char *dtype;
        double value;
        bool integer;
    } cases[] = {
        {"<f8", 3, true},    {"<f8", -0x1p63, true},   {"<f8", 0x1p63, false}, {"<f8", 0.5, false},
        {"<f8", NAN, false}, {"<f4", INFINITY, false}, {"<f2", 7, true},       {">u8", 0x1p63, false},
        {">u8", 9, true},    {"|i1", -3, true},        {"|b1", 1, true},       {">i8", -0x1p63, true},
    };
    for (size_t k = 0; k < COUNT(cases); k++) {
        struct buffer buffer = {0};
        struct npy array;
        struct ifl_error error;
        int64_t integer = 0;
        put_npy(&buffer, &(struct array){cases[k].dtype, false, 0, {0}, &cases[k].value});
        cr_assert_eq(parse(&array, &buffer, &error), IFL_OK);
        cr_expect_eq(npy_integer(&array, 0, &integer), cases[k].integer, "case %zu", k);
        cr_expect(!cases[k].integer || (double)integer == cases[k].value, "case %zu", k);
        npy_release(&array);
        buffer_release(&buffer);
    }
}

Test(npy, finds_the_first_number_that_is_not_finite)
{
    double values[12] = {0};
    values[5] = values[7] = NAN;
    values[10] = INFINITY;
    for (int fortran = 0; fortran < 2; fortran++) {
        struct buffer buffer = {0};
        struct npy array;
        struct ifl_error error;
        size_t index = 0;
        put_npy(&buffer, &(struct array){">f4", fortran, 3, {2, 3, 2}, values});
        cr_assert_eq(parse(&array, &buffer, &error), IFL_OK);
        cr_expect(npy_not_finite(&array, &index));
        cr_expect_eq(index, 5);
        npy_release(&array);
        buffer_release(&buffer);
    }
}

/* Against the definition; NaN and infinity are what they are. */
Test(npy, reads_every_half)
{
    for (uint32_t bits = 0; bits < 0x10000; bits++) {
        unsigned char bytes[2] = {(unsigned char)bits, (unsigned char)(bits >> 8)};
        struct npy array = {.header = {.kind = NPY_FLOAT, .width = 2, .rank = 0, .count = 1}, .data = bytes};
        int exponent = (int)(bits >> 10 & 0x1f), fraction = (int)(bits & 0x3ff);
        double wanted = exponent == 0 ? ldexp(fraction, -24) : ldexp(fraction + 0x400, exponent - 25), number, several;
        number = npy_number(&array, 0);
        npy_numbers(&array, 0, 1, 1, &several, 1);
        if (exponent < 0x1f)
            cr_assert_eq(number, bits & 0x8000 ? -wanted : wanted, "%x", bits);
        else if (fraction == 0)
            cr_assert_eq(number, bits & 0x8000 ? -INFINITY : INFINITY);
        else
            cr_assert(isnan(number));
        cr_assert(number == several || isnan(number));
    }
}
