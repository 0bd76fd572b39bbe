#define _XOPEN_SOURCE 700 /* mkdtemp, nftw */

#include <criterion/criterion.h>
#include <ftw.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#include "fixtures.h"

void put(struct buffer *buffer, const void *data, size_t size)
{
    unsigned char *grown = realloc(buffer->data, buffer->size + size + 1);
    cr_assert(grown != NULL);
    if (size > 0)
        memcpy(grown + buffer->size, data, size);
    buffer->data = grown;
    buffer->size += size;
}

void put_text(struct buffer *buffer, const char *text)
{
    put(buffer, text, strlen(text));
}

void put_number(struct buffer *buffer, uint64_t number, size_t bytes)
{
    for (; bytes > 0; bytes--, number >>= 8) {
        unsigned char byte = (unsigned char)number;
        put(buffer, &byte, 1);
    }
}

void buffer_release(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){0};
}

void put_npy_header(struct buffer *buffer, int version, const char *dict)
{
    put(buffer, "\x93NUMPY", 6);
    put_number(buffer, (uint64_t)version, 2);
    put_number(buffer, strlen(dict), version == 1 ? 2 : 4);
    put_text(buffer, dict);
}

/* binary16 of a value that it holds exactly, from the definition. */
static uint64_t half_bits(double value)
{
    uint64_t sign = signbit(value) ? 0x8000 : 0;
    int exponent = 0;
    if (isnan(value))
        return 0x7e00;
    if (isinf(value))
        return sign | 0x7c00;
    if (value == 0)
        return sign;
    double fraction = 2 * frexp(fabs(value), &exponent) - 1; /* |value| = (1 + fraction) 2^(exponent - 1) */
    if (exponent - 1 < -14)
        return sign | (uint64_t)ldexp(fabs(value), 24);
    return sign | (uint64_t)(exponent - 1 + 15) << 10 | (uint64_t)(fraction * 1024);
}

static uint64_t value_bits(char kind, size_t width, double value)
{
    uint64_t bits = 0;
    float single = (float)value;
    uint32_t single_bits = 0;
    if (kind == 'b' && width == 2) /* bfloat16, of a value that it holds exactly */
        return value_bits('f', 4, value) >> 16;
    if (kind == 'i')
        return (uint64_t)(int64_t)value;
    if (kind == 'u' || kind == 'b')
        return (uint64_t)value;
    if (width == 2)
        return half_bits(value);
    if (width == 4) {
        memcpy(&single_bits, &single, sizeof single_bits);
        return single_bits;
    }
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static void put_value(struct buffer *buffer, const char *dtype, double value)
{
    size_t width = (size_t)(dtype[2] - '0');
    uint64_t bits = value_bits(dtype[1], width, value);
    for (size_t k = 0; k < width; k++)
        put_number(buffer, bits >> (8 * (dtype[0] == '>' ? width - 1 - k : k)), 1);
}

/* The index in C order of the element at `position` in Fortran order. */
static size_t c_index(const struct array *array, size_t position)
{
    size_t index[6] = {0}, flat = 0;
    for (size_t axis = 0; axis < array->rank; axis++) {
        index[axis] = position % array->shape[axis];
        position /= array->shape[axis];
    }
    for (size_t axis = 0; axis < array->rank; axis++)
        flat = flat * array->shape[axis] + index[axis];
    return flat;
}

void put_npy(struct buffer *buffer, const struct array *array)
{
    char dict[256];
    size_t count = 1;
    int used = snprintf(dict, sizeof dict, "{'descr': '%s', 'fortran_order': %s, 'shape': (", array->dtype,
                        array->fortran ? "True" : "False");
    for (size_t axis = 0; axis < array->rank; axis++) {
        count *= array->shape[axis];
        used += snprintf(dict + used, sizeof dict - (size_t)used, "%zu,%s", array->shape[axis],
                         axis + 1 < array->rank ? " " : "");
    }
    snprintf(dict + used, sizeof dict - (size_t)used, "), }%*s\n", 63 - (used + 4 + 10) % 64, "");
    put_npy_header(buffer, 1, dict);
    for (size_t k = 0; k < count; k++)
        put_value(buffer, array->dtype, array->values[array->fortran ? c_index(array, k) : k]);
}

/* CRC-32 as in zip: reflected, polynomial 0xedb88320. */
static uint32_t crc32_of(const struct buffer *buffer)
{
    uint32_t crc = 0xffffffff;
    for (size_t k = 0; k < buffer->size; k++) {
        crc ^= buffer->data[k];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc;
}

static void put_zip64_extra(struct buffer *buffer, uint64_t size, const uint64_t *offset)
{
    put_number(buffer, 1, 2);
    put_number(buffer, offset ? 24 : 16, 2);
    put_number(buffer, size, 8);
    put_number(buffer, size, 8);
    if (offset)
        put_number(buffer, *offset, 8);
}

/* What local and central headers share: version, flags, method, time, CRC and sizes, length of the name. */
static void put_common(struct buffer *buffer, int style, const char *name, uint32_t crc, uint64_t size)
{
    put_number(buffer, style & ZIP64 ? 45 : 20, 2);
    put_number(buffer, style & DESCRIPTORS ? 8 : 0, 2);
    put_number(buffer, 0, 2);
    put_number(buffer, 0x00210000, 4);
    put_number(buffer, crc, 4);
    put_number(buffer, style & ZIP64 ? 0xffffffff : size, 4);
    put_number(buffer, style & ZIP64 ? 0xffffffff : size, 4);
    put_number(buffer, strlen(name), 2);
}

void zip_put(struct zip_writer *zip, const char *name, const struct buffer *content, uint32_t crc_error, size_t overlap)
{
    uint64_t offset = zip->file.size - overlap;
    uint32_t crc = crc32_of(content) + crc_error;
    bool late = zip->style & DESCRIPTORS; /* CRC and sizes follow the data */

    put_text(&zip->file, "PK\3\4");
    put_common(&zip->file, zip->style, name, late ? 0 : crc, late ? 0 : content->size);
    put_number(&zip->file, zip->style & ZIP64 ? 20 : 0, 2);
    put_text(&zip->file, name);
    if (zip->style & ZIP64)
        put_zip64_extra(&zip->file, late ? 0 : content->size, NULL);
    put(&zip->file, content->data, content->size);
    if (late) {
        put_text(&zip->file, "PK\7\10");
        put_number(&zip->file, crc, 4);
        put_number(&zip->file, content->size, zip->style & ZIP64 ? 8 : 4);
        put_number(&zip->file, content->size, zip->style & ZIP64 ? 8 : 4);
    }

    put_text(&zip->directory, "PK\1\2");
    put_number(&zip->directory, zip->style & ZIP64 ? 45 : 20, 2);
    put_common(&zip->directory, zip->style, name, crc, content->size);
    put_number(&zip->directory, zip->style & ZIP64 ? 28 : 0, 2);
    put_number(&zip->directory, 0, 10); /* comment, disk, attributes */
    put_number(&zip->directory, zip->style & ZIP64 ? 0xffffffff : offset, 4);
    put_text(&zip->directory, name);
    if (zip->style & ZIP64)
        put_zip64_extra(&zip->directory, content->size, &offset);
    zip->entries++;
}

void zip_end(struct zip_writer *zip)
{
    size_t offset = zip->file.size;
    bool wide = zip->style & ZIP64;
    put(&zip->file, zip->directory.data, zip->directory.size);
    if (wide) {
        size_t end = zip->file.size;
        put_text(&zip->file, "PK\6\6");
        put_number(&zip->file, 44, 8);
        put_number(&zip->file, 45 | 45 << 16, 4);
        put_number(&zip->file, 0, 8);
        put_number(&zip->file, zip->entries, 8);
        put_number(&zip->file, zip->entries, 8);
        put_number(&zip->file, zip->directory.size, 8);
        put_number(&zip->file, offset, 8);
        put_text(&zip->file, "PK\6\7");
        put_number(&zip->file, 0, 4);
        put_number(&zip->file, end, 8);
        put_number(&zip->file, 1, 4);
    }
    put_text(&zip->file, "PK\5\6");
    put_number(&zip->file, 0, 4);
    put_number(&zip->file, wide ? 0xffff : zip->entries, 2);
    put_number(&zip->file, wide ? 0xffff : zip->entries, 2);
    put_number(&zip->file, wide ? 0xffffffff : zip->directory.size, 4);
    put_number(&zip->file, wide ? 0xffffffff : offset, 4);
    put_number(&zip->file, 0, 2);
    buffer_release(&zip->directory);
}

static void name_of(char name[256], const char *key)
{
    snprintf(name, 256, "%s.npy", key);
}

void put_npz(struct buffer *buffer, const struct item *items, size_t count, int style)
{
    struct zip_writer zip = {.style = style};
    for (size_t k = 0; k < count; k++) {
        struct buffer array = {0};
        char name[256];
        name_of(name, items[k].key);
        put_npy(&array, &items[k].array);
        zip_put(&zip, name, &array, 0, 0);
        buffer_release(&array);
    }
    zip_end(&zip);
    *buffer = zip.file;
}

void put_safetensors_header(struct buffer *buffer, const char *json, const void *data, size_t size)
{
    put_number(buffer, strlen(json), 8);
    put_text(buffer, json);
    put(buffer, data, size);
}

static const char *safetensors_dtype(const char *dtype)
{
    static const char *const names[][2] = {{"b1", "BOOL"}, {"u1", "U8"},  {"u2", "U16"}, {"u4", "U32"}, {"u8", "U64"},
                                           {"i1", "I8"},   {"i2", "I16"}, {"i4", "I32"}, {"i8", "I64"}, {"f2", "F16"},
                                           {"f4", "F32"},  {"f8", "F64"}, {"b2", "BF16"}};
    size_t k = 0;
    while (strcmp(names[k][0], dtype + 1) != 0)
        k++;
    return names[k][1];
}

/* `"KEY":{"dtype":..,"shape":[..],"data_offsets":[..]}`, and its values to `data`. */
static void put_tensor(struct buffer *json, struct buffer *data, const struct item *item)
{
    char text[512];
    size_t begin = data->size, count = 1;
    int used = snprintf(text, sizeof text, "\"%s\":{\"dtype\":\"%s\",\"shape\":[", item->key,
                        safetensors_dtype(item->array.dtype));
    for (size_t axis = 0; axis < item->array.rank; axis++) {
        count *= item->array.shape[axis];
        used +=
            snprintf(text + used, sizeof text - (size_t)used, "%s%zu", axis > 0 ? "," : "", item->array.shape[axis]);
    }
    for (size_t k = 0; k < count; k++)
        put_value(data, item->array.dtype, item->array.values[k]);
    snprintf(text + used, sizeof text - (size_t)used, "],\"data_offsets\":[%zu,%zu]}", begin, data->size);
    put_text(json, text);
}

void put_safetensors(struct buffer *buffer, const struct item *items, size_t count)
{
    struct buffer json = {0}, data = {0};
    put_text(&json, "{\"__metadata__\":{\"format\":\"pt\"}");
    for (size_t k = 0; k < count; k++) {
        put_text(&json, ",");
        put_tensor(&json, &data, &items[k]);
    }
    put(&json, "}  ", 4); /* padded, as the library does; with the string's end */
    put_safetensors_header(buffer, (const char *)json.data, data.data, data.size);
    buffer_release(&json);
    buffer_release(&data);
}

static char folder[64];

const char *folder_path(void)
{
    if (folder[0] == '\0') {
        strcpy(folder, "/tmp/test_dump_XXXXXX");
        cr_assert(mkdtemp(folder) != NULL);
    }
    return folder;
}

const char *in_folder(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder_path(), name);
    return path;
}

void write_file(const char *name, const void *data, size_t size)
{
    FILE *file = fopen(in_folder(name), "wb");
    cr_assert(file != NULL);
    cr_assert(fwrite(data, 1, size, file) == size);
    cr_assert(fclose(file) == 0);
}

void write_npz(const char *name, const struct item *items, size_t count)
{
    struct buffer npz = {0};
    put_npz(&npz, items, count, 0);
    write_file(name, npz.data, npz.size);
    buffer_release(&npz);
}

void write_deflated(const char *name, const struct item *items, size_t count)
{
    zip_t *zip = zip_open(in_folder(name), ZIP_CREATE | ZIP_TRUNCATE, NULL);
    cr_assert(zip != NULL);
    for (size_t k = 0; k < count; k++) {
        struct buffer array = {0};
        char entry[256];
        name_of(entry, items[k].key);
        put_npy(&array, &items[k].array);
        zip_source_t *source = zip_source_buffer(zip, array.data, array.size, 1);
        cr_assert(source != NULL);
        zip_int64_t index = zip_file_add(zip, entry, source, 0);
        cr_assert(index >= 0);
        cr_assert(zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_DEFLATE, 9) == 0);
    }
    cr_assert(zip_close(zip) == 0);
}

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *place)
{
    (void)about;
    (void)type;
    (void)place;
    return remove(path);
}

void remove_folder(void)
{
    if (folder[0] != '\0')
        nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    folder[0] = '\0';
}

static void take_note(void *context, const char *text)
{
    struct noted *noted = context;
    size_t used = strlen(noted->text);
    snprintf(noted->text + used, sizeof noted->text - used, "%s\n", text);
    noted->count++;
}

struct dump_notes notes_into(struct noted *noted)
{
    *noted = (struct noted){.count = 0};
    return (struct dump_notes){.note = take_note, .context = noted};
}

struct dump_input input_of(const char *path, const struct dump_limits *limits, const struct dump_notes *notes)
{
    return (struct dump_input){.path = path, .limits = limits, .notes = notes};
}

void expect_refusal(enum ifl_status status, const struct ifl_error *error, const char *parts)
{
    char copy[512];
    cr_assert_eq(status, IFL_REFUSED, "not refused (%d): %s", status, parts);
    snprintf(copy, sizeof copy, "%s", parts);
    for (char *part = strtok(copy, "|"); part != NULL; part = strtok(NULL, "|"))
        cr_expect(strstr(error->message, part) != NULL, "no \"%s\" in \"%s\"", part, error->message);
    cr_expect(strchr(error->message, '\n') == NULL);
}
