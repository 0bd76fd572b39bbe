#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <dump/archive.h>
#include <dump/snapshot.h>

#include "failing_memory.h"
#include "fixtures.h"

static const double numbers[6] = {1, -2, 3, 0.5, 5, 0};
static const struct item items[] = {
    {"X", {"<f4", false, 2, {2, 3}, numbers}},  {"T/a/b", {"<b2", false, 2, {3, 2}, numbers}},
    {"empty", {"<f4", false, 1, {0}, numbers}}, {"step", SCALAR("<i8", 7)},
    {"epoch", {"<f4", false, 1, {1}, numbers}},
};

TestSuite(safetensors, .fini = remove_folder);

/* Memory of just the bytes, so that a sanitizer sees every read beyond them. */
static enum ifl_status open_bytes(struct archive **out, const struct buffer *buffer, struct ifl_error *error)
{
    static struct dump_limits limits; /* must outlive the archive */
    limits = dump_limits_default();
    struct dump_input input = input_of("a.safetensors", &limits, NULL);
    return archive_open_memory(out, ARCHIVE_SAFETENSORS, buffer->data, buffer->size, &input, error);
}

static enum ifl_status read_all(struct archive *archive, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    for (size_t k = 0; k < archive_count(archive) && status == IFL_OK; k++) {
        struct npy array;
        status = archive_read(archive, k, &array, error);
        if (status == IFL_OK)
            npy_release(&array);
    }
    return status;
}

static void expect_items(struct archive *archive)
{
    struct ifl_error error;
    cr_assert_eq(archive_count(archive), COUNT(items));
    for (size_t k = 0; k < COUNT(items); k++) {
        struct npy array;
        struct npy_header header;
        cr_expect_str_eq(archive_key(archive, k), items[k].key);
        cr_assert_eq(archive_header(archive, k, &header, &error), IFL_OK, "%s", error.message);
        cr_assert_eq(archive_read(archive, k, &array, &error), IFL_OK, "%s", error.message);
        cr_expect_eq(header.count, array.header.count);
        cr_expect_eq(header.rank, items[k].array.rank);
        for (size_t index = 0; index < header.count; index++)
            cr_expect_eq(npy_number_at_index(&array, index), items[k].array.values[index], "%s, %zu", items[k].key,
                         index);
        npy_release(&array);
    }
}

Test(safetensors, reads_memory_and_files)
{
    struct dump_limits limits = dump_limits_default();
    struct buffer buffer = {0};
    struct archive *archive = NULL;
    struct ifl_error error;
    put_safetensors(&buffer, items, COUNT(items));
    cr_assert_eq(open_bytes(&archive, &buffer, &error), IFL_OK, "%s", error.message);
    expect_items(archive);
    archive_free(archive);

    write_file("a.safetensors", buffer.data, buffer.size);
    struct dump_input input = input_of(in_folder("a.safetensors"), &limits, NULL);
    cr_assert_eq(archive_open(&archive, &input, &error), IFL_OK, "%s", error.message);
    expect_items(archive);
    archive_free(archive);
    buffer_release(&buffer);
}

Test(safetensors, reads_every_dtype)
{
    static const char *const dtypes[] = {"|b1", "|u1", "|i1", "<u2", "<i2", "<u4", "<i4",
                                         "<u8", "<i8", "<f2", "<f4", "<f8", "<b2"};
    static const double ones[2] = {1, 0};
    for (size_t k = 0; k < COUNT(dtypes); k++) {
        const struct item item = {"X", {dtypes[k], false, 1, {2}, ones}};
        struct buffer buffer = {0};
        struct archive *archive = NULL;
        struct npy array;
        struct ifl_error error;
        put_safetensors(&buffer, &item, 1);
        cr_assert_eq(open_bytes(&archive, &buffer, &error), IFL_OK, "%s", error.message);
        cr_assert_eq(archive_read(archive, 0, &array, &error), IFL_OK, "%s", error.message);
        cr_expect_eq(npy_number(&array, 0), 1, "%s", dtypes[k]);
        cr_expect_eq(npy_number(&array, 1), 0, "%s", dtypes[k]);
        npy_release(&array);
        archive_free(archive);
        buffer_release(&buffer);
    }
}

Test(safetensors, reads_bfloat16)
{
    static const struct {
        uint16_t bits;
        double value;
    } cases[] = {{0x3f80, 1},        {0xbf80, -1},       {0x0000, 0},         {0x4049, 3.140625}, {0x7f7f, 0x1.fep127},
                 {0x0001, 0x1p-133}, {0x7f80, INFINITY}, {0xff80, -INFINITY}, {0x7fc0, NAN}};
    for (size_t k = 0; k < COUNT(cases); k++) {
        struct npy array = {.header = {.kind = NPY_BFLOAT, .width = 2, .rank = 1, .shape = {1}, .count = 1}};
        unsigned char bytes[2] = {(unsigned char)cases[k].bits, (unsigned char)(cases[k].bits >> 8)};
        size_t index;
        array.data = bytes;
        double value = npy_number(&array, 0);
        cr_expect(isnan(cases[k].value) ? isnan(value) : value == cases[k].value, "%zu: %g", k, value);
        cr_expect_eq(npy_not_finite(&array, &index), !isfinite(cases[k].value), "%zu", k);
    }
}

Test(safetensors, refuses_every_prefix)
{
    struct buffer buffer = {0};
    put_safetensors(&buffer, items, COUNT(items));
    for (size_t size = 1; size < buffer.size; size++) {
        struct buffer prefix = {0};
        struct archive *archive = NULL;
        struct ifl_error error;
        put(&prefix, buffer.data, size);
        expect_refusal(open_bytes(&archive, &prefix, &error), &error, "");
        write_file("a.safetensors", prefix.data, prefix.size);
        struct dump_limits limits = dump_limits_default();
        struct dump_input input = input_of(in_folder("a.safetensors"), &limits, NULL);
        expect_refusal(archive_open(&archive, &input, &error), &error, "");
        buffer_release(&prefix);
    }
    buffer_release(&buffer);
}

/* Whichever byte is changed: read, perhaps as another number, or refused. */
Test(safetensors, survives_every_changed_byte)
{
    struct buffer buffer = {0};
    put_safetensors(&buffer, items, COUNT(items));
    for (size_t k = 0; k < buffer.size; k++)
        for (unsigned flip = 1; flip < 256; flip <<= 1) {
            struct archive *archive = NULL;
            struct ifl_error error;
            buffer.data[k] ^= (unsigned char)flip;
            enum ifl_status status = open_bytes(&archive, &buffer, &error);
            if (status == IFL_OK)
                status = read_all(archive, &error);
            cr_expect(status == IFL_OK || status == IFL_REFUSED, "byte %zu: %s", k, error.message);
            archive_free(archive);
            buffer.data[k] ^= (unsigned char)flip;
        }
    buffer_release(&buffer);
}

static void expect_header_refused(const char *json, const char *refusal)
{
    static const unsigned char data[8] = {0};
    struct buffer buffer = {0};
    struct archive *archive = NULL;
    struct ifl_error error;
    put_safetensors_header(&buffer, json, data, sizeof data);
    expect_refusal(open_bytes(&archive, &buffer, &error), &error, refusal);
    buffer_release(&buffer);
}

#define X_OF(dtype, shape, offsets) "{\"X\":{\"dtype\":" dtype ",\"shape\":" shape ",\"data_offsets\":" offsets "}}"
#define TWO(first, second)                                                                                             \
    "{\"X\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":" first                                                   \
    "},\"Y\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":" second "}}"

Test(safetensors, refuses_headers)
{
    static const struct {
        const char *json, *refusal;
    } cases[] = {
        {"", "header: |line"},
        {"[]", "header: not a JSON object"},
        {" {}", "header: not a JSON object"},
        {"{}", "8 trailing bytes"},
        {"{\"X\":1}", "X: not an object of dtype"},
        {"{\"X\":{}}", "X: no dtype"},
        {"{\"X\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[0,8],\"more\":1}}", "X: not an object of dtype"},
        {"{\"X\":{\"dtype\":\"F64\",\"shape\":[]}}", "X: data_offsets"},
        {X_OF("\"F64\"", "[]", "[0,8]") "x", "header: line 1"},
        {X_OF("64", "[]", "[0,8]"), "X: no dtype"},
        {X_OF("\"F8_E4M3\"", "[8]", "[0,8]"), "X: dtype 'F8_E4M3' is not supported"},
        {X_OF("\"F64\"", "8", "[0,8]"), "X: no shape"},
        {X_OF("\"F64\"", "[-1]", "[0,8]"), "X: axis 0 of its shape is no size"},
        {X_OF("\"F64\"", "[1.0]", "[0,8]"), "X: axis 0 of its shape is no size"},
        {X_OF("\"F64\"", "[1, \"1\"]", "[0,8]"), "X: axis 1 of its shape is no size"},
        {X_OF("\"F64\"", "[99999999999999999999]", "[0,8]"), "header: line 1: too big integer"},
        {X_OF("\"F64\"", "[1e400]", "[0,8]"), "header: line 1: real number overflow"},
        {X_OF("\"F64\"", "[9223372036854775807]", "[0,8]"), "X: the shape overflows"},
        {X_OF("\"F64\"", "[4294967296, 4294967296]", "[0,8]"), "X: the shape overflows"},
        {X_OF("\"U8\"", "[4294967297]", "[0,4294967297]"), "X: an array of 4294967297 bytes, more than"},
        {X_OF("\"F64\"", "[1,1,1,1,1,1,1,1,1]", "[0,8]"), "X: more than 8 axes"},
        {X_OF("\"F64\"", "[]", "[0]"), "X: data_offsets"},
        {X_OF("\"F64\"", "[]", "[0,8,8]"), "X: data_offsets"},
        {X_OF("\"F64\"", "[]", "[-8,0]"), "X: data_offsets"},
        {X_OF("\"F64\"", "[]", "[8,0]"), "X: data_offsets"},
        {X_OF("\"F64\"", "[]", "[0.0,8.0]"), "X: data_offsets"},
        {X_OF("\"F64\"", "[1]", "[8,16]"), "X: ends at byte 16 of 8"},
        {X_OF("\"F64\"", "[1]", "[0,9223372036854775807]"), "X: ends at byte 9223372036854775807 of 8"},
        {X_OF("\"F32\"", "[1]", "[0,8]"), "X: 8 bytes of data where the shape needs 4"},
        {X_OF("\"F32\"", "[3]", "[0,8]"), "X: 8 bytes of data where the shape needs 12"},
        {X_OF("\"F32\"", "[1]", "[0,4]"), "4 trailing bytes"},
        {X_OF("\"F32\"", "[1]", "[4,8]"), "X: bytes before it that belong to no tensor"},
        {TWO("[0,4]", "[0,4]"), ": overlaps the tensor before it"},
        {TWO("[4,8]", "[2,6]"), ": bytes before it"},
        {TWO("[0,4]", "[3,7]"), "Y: overlaps the tensor before it"},
        {"{\"X\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[0,8]},"
         "\"X\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[0,8]}}",
         "header: line 1: duplicate object key|X"},
        {"{\"X\":{\"dtype\":\"F64\",\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[0,8]}}", "duplicate object key"},
        {"{\"a\\u0000b\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[0,8]}}", "header: line 1: "},
    };
    for (size_t k = 0; k < COUNT(cases); k++)
        expect_header_refused(cases[k].json, cases[k].refusal);
}

Test(safetensors, refuses_deep_and_long_headers)
{
    struct dump_limits limits = dump_limits_default();
    struct buffer deep = {0}, file = {0};
    struct archive *archive = NULL;
    struct ifl_error error;
    for (size_t k = 0; k < 100000; k++)
        put_text(&deep, "{\"\":[");
    put(&deep, "", 1);
    expect_header_refused((const char *)deep.data, "header: line 1: nested deeper than 32");
    buffer_release(&deep);

    /* a length is believed neither of a file that has it not, nor beyond the limit of one that has it */
    static const uint64_t lengths[] = {UINT64_MAX, (uint64_t)1 << 62, ((uint64_t)1 << 20) + 1, 1000};
    for (size_t k = 0; k < COUNT(lengths); k++) {
        put_number(&file, lengths[k], 8);
        put_text(&file, "{}");
        expect_refusal(open_bytes(&archive, &file, &error), &error, "header: |bytes");
        buffer_release(&file);
    }
    put_number(&file, limits.json + 1, 8);
    put_text(&file, "{}");
    while (file.size < 8 + limits.json + 1)
        put(&file, "                                                                ", 64);
    memory_fail(2, true); /* all but the archive itself: it is refused before a text of it is made */
    enum ifl_status status = open_bytes(&archive, &file, &error);
    memory_end();
    expect_refusal(status, &error, "header: 1048577 bytes, more than 1048576");
    buffer_release(&file);
}

Test(safetensors, takes_a_header_of_the_limit)
{
    struct dump_limits limits = dump_limits_default();
    struct buffer file = {0};
    struct archive *archive = NULL;
    struct ifl_error error;
    char *spaces = malloc(limits.json);
    cr_assert(spaces != NULL);
    memset(spaces, ' ', limits.json);
    memcpy(spaces, "{}", 2);
    put_number(&file, limits.json, 8);
    put(&file, spaces, limits.json);
    cr_assert_eq(open_bytes(&archive, &file, &error), IFL_OK, "%s", error.message);
    cr_expect_eq(archive_count(archive), 0);
    archive_free(archive);
    buffer_release(&file);
    free(spaces);
}

Test(safetensors, holds_its_limits)
{
    struct dump_limits limits = dump_limits_default();
    struct buffer buffer = {0};
    struct archive *archive = NULL;
    struct ifl_error error;
    put_safetensors(&buffer, items, COUNT(items));
    limits.entries = COUNT(items); /* __metadata__ counts */
    struct dump_input input = input_of("a.safetensors", &limits, NULL);
    expect_refusal(archive_open_memory(&archive, ARCHIVE_SAFETENSORS, buffer.data, buffer.size, &input, &error), &error,
                   "6 tensors, more than 5");
    limits.entries++;
    limits.array = 23;
    expect_refusal(archive_open_memory(&archive, ARCHIVE_SAFETENSORS, buffer.data, buffer.size, &input, &error), &error,
                   "X: an array of 24 bytes, more than 23");
    buffer_release(&buffer);

    limits.rank = NPY_RANK_MAX + 1; /* there is room for fewer */
    put_text(&buffer, "{\"X\":{\"dtype\":\"U8\",\"shape\":[1");
    for (size_t axis = 1; axis <= NPY_RANK_MAX; axis++)
        put_text(&buffer, ",1");
    put(&buffer, "],\"data_offsets\":[0,1]}}", sizeof "],\"data_offsets\":[0,1]}}");
    struct buffer file = {0};
    put_safetensors_header(&file, (const char *)buffer.data, "a", 1);
    expect_refusal(archive_open_memory(&archive, ARCHIVE_SAFETENSORS, file.data, file.size, &input, &error), &error,
                   "X: more than 32 axes");
    buffer_release(&file);
    buffer_release(&buffer);
}

/* Cut after it was opened, when all of it was there; long enough that no buffer holds the rest. */
Test(safetensors, notices_a_file_that_shrinks)
{
    static const unsigned char data[100000] = {0};
    struct dump_limits limits = dump_limits_default();
    struct buffer buffer = {0};
    struct archive *archive = NULL;
    struct ifl_error error;
    put_safetensors_header(&buffer, X_OF("\"U8\"", "[100000]", "[0,100000]"), data, sizeof data);
    write_file("a.safetensors", buffer.data, buffer.size);
    struct dump_input input = input_of(in_folder("a.safetensors"), &limits, NULL);
    cr_assert_eq(archive_open(&archive, &input, &error), IFL_OK, "%s", error.message);
    cr_assert_eq(truncate(in_folder("a.safetensors"), 64), 0);
    expect_refusal(read_all(archive, &error), &error, "ends too early");
    archive_free(archive);
    buffer_release(&buffer);
}

/* The snapshot of a .safetensors is that of the .npz with the same arrays. */
Test(safetensors, makes_the_snapshot_that_an_npz_makes)
{
    static char name[] = "conv";
    static struct layer layer = {name, LAYER_CONV, AXES_NCHW};
    static const struct run run = {.layers = &layer, .n_layers = 1};
    static const double values[2 * 3 * 4] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 1, 2, 3, 4, 5, 6};
    struct item whole[] = {{"X", {"<f4", false, 2, {2, 3}, numbers}},
                           {"Y", {"<i8", false, 1, {2}, values}},
                           {"T/conv", {"<f2", false, 4, {2, 3, 2, 2}, values}},
                           {"delta/conv", {"<f8", false, 4, {2, 3, 2, 2}, values}},
                           {"step", {"<i8", false, 1, {1}, (const double[]){9}}},
                           {"metrics/loss", SCALAR("<f4", 0.25)}};
    struct dump_limits limits = dump_limits_default();
    struct snapshot snapshots[2];
    struct ifl_error error;
    struct buffer buffer = {0};
    write_npz("a.npz", whole, COUNT(whole));
    whole[2].array.dtype = "<b2"; /* which holds these numbers too, and no .npz has */
    put_safetensors(&buffer, whole, COUNT(whole));
    write_file("a.safetensors", buffer.data, buffer.size);
    static const char *const names[] = {"a.npz", "a.safetensors"};
    for (size_t k = 0; k < 2; k++)
        cr_assert_eq(dump_read(&snapshots[k], &run, in_folder(names[k]), &limits, NULL, &error), IFL_OK, "%s",
                     error.message);
    cr_expect_eq(snapshots[1].step, 9);
    cr_expect_eq(snapshots[1].labels[1], 2);
    cr_expect_eq(snapshots[1].metrics[0].value, 0.25);
    cr_assert_eq(snapshots[1].n_variables, 3);
    for (size_t k = 0; k < 3; k++) {
        const struct variable *a = &snapshots[0].variables[k], *b = &snapshots[1].variables[k];
        cr_assert_eq(a->maps, b->maps);
        cr_expect_eq(a->dim, b->dim);
        cr_expect_arr_eq(a->distances, b->distances, (a->maps + (a->maps > 1)) * sizeof(float));
    }
    int64_t step, batch;
    cr_assert_eq(dump_peek(&step, &batch, &run, in_folder("a.safetensors"), &limits, &error), IFL_OK);
    cr_expect_eq(step, 9);
    snapshot_release(&snapshots[0]);
    snapshot_release(&snapshots[1]);

    put_number(&buffer, 0, 1);
    write_file("b.safetensors", buffer.data, buffer.size);
    expect_refusal(dump_read(&snapshots[0], &run, in_folder("b.safetensors"), &limits, NULL, &error), &error,
                   "/b.safetensors: 1 trailing bytes");
    buffer_release(&buffer);
}
