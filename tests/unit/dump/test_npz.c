#include <criterion/criterion.h>
#include <string.h>
#include <zip.h>

#include <dump/archive.h>

#include "fixtures.h"

static const double numbers[6] = {1, 2, 3, 4, 5, 6};
static const struct item items[] = {
    {"X", {"<f4", false, 2, {2, 3}, numbers}},
    {"T/a/b", {"<f8", true, 2, {3, 2}, numbers}},
    {"step", SCALAR("<i8", 7)},
};

TestSuite(npz, .fini = remove_folder);

static enum ifl_status open_bytes(struct archive **out, const struct buffer *buffer, struct noted *noted,
                                  struct ifl_error *error)
{
    static struct dump_limits limits; /* must outlive the npz */
    struct dump_notes notes = notes_into(noted);
    limits = dump_limits_default();
    struct dump_input input = input_of("a.npz", &limits, &notes);
    return archive_open_memory(out, ARCHIVE_NPZ, buffer->data, buffer->size, &input, error);
}

static enum ifl_status read_all(struct archive *npz, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    for (size_t k = 0; k < archive_count(npz) && status == IFL_OK; k++) {
        struct npy array;
        status = archive_read(npz, k, &array, error);
        if (status == IFL_OK)
            npy_release(&array);
    }
    return status;
}

static void expect_items(struct archive *npz)
{
    struct ifl_error error;
    cr_assert_eq(archive_count(npz), COUNT(items));
    for (size_t k = 0; k < COUNT(items); k++) {
        struct npy array;
        struct npy_header header;
        cr_expect_str_eq(archive_key(npz, k), items[k].key);
        cr_assert_eq(archive_header(npz, k, &header, &error), IFL_OK, "%s", error.message);
        cr_assert_eq(archive_read(npz, k, &array, &error), IFL_OK, "%s", error.message);
        cr_expect_eq(header.count, array.header.count);
        for (size_t index = 0; index < header.count; index++)
            cr_expect_eq(npy_number_at_index(&array, index), items[k].array.values[index]);
        npy_release(&array);
    }
}

Test(npz, reads_stored_zip64_and_descriptors)
{
    for (int style = 0; style <= (ZIP64 | DESCRIPTORS); style++) {
        struct buffer buffer = {0};
        struct archive *npz = NULL;
        struct noted noted;
        struct ifl_error error;
        put_npz(&buffer, items, COUNT(items), style);
        cr_assert_eq(open_bytes(&npz, &buffer, &noted, &error), IFL_OK, "style %d: %s", style, error.message);
        expect_items(npz);
        cr_expect_eq(noted.count, 0);
        archive_free(npz);
        buffer_release(&buffer);
    }
}

Test(npz, reads_deflated_files)
{
    struct dump_limits limits = dump_limits_default();
    struct archive *npz = NULL;
    struct ifl_error error;
    write_deflated("a.npz", items, COUNT(items));
    struct dump_input input = input_of(in_folder("a.npz"), &limits, NULL);
    cr_assert_eq(archive_open(&npz, &input, &error), IFL_OK, "%s", error.message);
    expect_items(npz);
    archive_free(npz);
}

Test(npz, refuses_every_prefix)
{
    for (int style = 0; style <= (ZIP64 | DESCRIPTORS); style++) {
        struct buffer buffer = {0};
        put_npz(&buffer, items, COUNT(items), style);
        for (size_t size = 1; size < buffer.size; size++) {
            struct buffer prefix = {0};
            struct archive *npz = NULL;
            struct noted noted;
            struct ifl_error error;
            put(&prefix, buffer.data, size);
            expect_refusal(open_bytes(&npz, &prefix, &noted, &error), &error, "zip");
            buffer_release(&prefix);
        }
        buffer_release(&buffer);
    }
}

/* Whichever byte is changed: read as it was, or refused. */
Test(npz, survives_every_changed_byte)
{
    struct buffer buffer = {0};
    put_npz(&buffer, items, COUNT(items), ZIP64);
    for (size_t k = 0; k < buffer.size; k++) {
        struct archive *npz = NULL;
        struct noted noted;
        struct ifl_error error;
        buffer.data[k] ^= 0x5a;
        enum ifl_status status = open_bytes(&npz, &buffer, &noted, &error);
        if (status == IFL_OK)
            status = read_all(npz, &error);
        cr_expect(status == IFL_OK || status == IFL_REFUSED, "byte %zu: %s", k, error.message);
        archive_free(npz);
        buffer.data[k] ^= 0x5a;
    }
    buffer_release(&buffer);
}

static void put_array(struct buffer *buffer)
{
    put_npy(buffer, &items[0].array);
}

static void expect_zip_refusal(struct zip_writer *zip, const char *refusal)
{
    struct archive *npz = NULL;
    struct noted noted;
    struct ifl_error error;
    zip_end(zip);
    enum ifl_status status = open_bytes(&npz, &zip->file, &noted, &error);
    if (status == IFL_OK)
        status = read_all(npz, &error);
    expect_refusal(status, &error, refusal);
    archive_free(npz);
    buffer_release(&zip->file);
}

Test(npz, refuses_duplicate_keys_by_name)
{
    struct zip_writer zip = {0};
    struct buffer array = {0};
    put_array(&array);
    zip_put(&zip, "X.npy", &array, 0, 0);
    zip_put(&zip, "Y.npy", &array, 0, 0);
    zip_put(&zip, "X.npy", &array, 0, 0);
    expect_zip_refusal(&zip, "X: duplicate key");
    buffer_release(&array);
}

/* Those that are no arrays too: whoever has two of a name is opened without the check of local headers. */
Test(npz, refuses_two_entries_of_a_name)
{
    struct zip_writer zip = {0};
    struct buffer array = {0};
    put_array(&array);
    zip_put(&zip, "X.npy", &array, 0, 0);
    zip_put(&zip, "readme.txt", &array, 0, 0);
    zip_put(&zip, "readme.txt", &array, 0, 0);
    expect_zip_refusal(&zip, "zip: two entries of the same name");
    buffer_release(&array);
}

Test(npz, refuses_a_wrong_crc)
{
    struct zip_writer zip = {0};
    struct buffer array = {0};
    put_array(&array);
    zip_put(&zip, "X.npy", &array, 1, 0);
    expect_zip_refusal(&zip, "X: |CRC");
    buffer_release(&array);
}

Test(npz, refuses_one_local_entry_under_two_names)
{
    struct zip_writer zip = {0};
    struct buffer array = {0};
    put_array(&array);
    zip_put(&zip, "X.npy", &array, 0, 0);
    zip_put(&zip, "Y.npy", &array, 0, 30 + 5 + array.size); /* the local header of X */
    expect_zip_refusal(&zip, "zip");
    buffer_release(&array);
}

/* An entry within the data of another: each has a local header that agrees, but together they are larger than the
 * file. */
Test(npz, refuses_overlapping_entries)
{
    struct zip_writer inner = {0}, outer = {0};
    struct buffer array = {0};
    put_array(&array);
    zip_put(&inner, "Y.npy", &array, 0, 0);
    size_t local = inner.file.size;
    zip_put(&outer, "X.npy", &inner.file, 0, 0);

    /* the directory's second entry points into the first one's content */
    size_t place = outer.file.size - local;
    for (size_t k = 0; k < 4; k++)
        inner.directory.data[42 + k] = (unsigned char)(place >> (8 * k));
    put(&outer.directory, inner.directory.data, inner.directory.size);
    outer.entries++;
    expect_zip_refusal(&outer, "overlaps");
    buffer_release(&inner.file);
    buffer_release(&inner.directory);
    buffer_release(&array);
}

/* The central directory may lie about sizes: neither memory nor time follow it. */
Test(npz, refuses_sizes_that_cannot_be)
{
    struct zip_writer zip = {0};
    struct buffer array = {0};
    put_array(&array);
    zip_put(&zip, "X.npy", &array, 0, 0);
    for (size_t header = 0; header < 2; header++) {
        unsigned char *size = header == 0 ? zip.file.data + 22 : zip.directory.data + 24; /* uncompressed */
        size[3] = 0x7f;
    }
    expect_zip_refusal(&zip, "X: |bytes|present");
    buffer_release(&array);
}

Test(npz, refuses_other_compressions)
{
    struct zip_writer zip = {0};
    struct buffer array = {0};
    put_array(&array);
    zip_put(&zip, "X.npy", &array, 0, 0);
    zip.file.data[8] = zip.directory.data[10] = 12; /* bzip2 */
    expect_zip_refusal(&zip, "X: compression method 12");
    zip = (struct zip_writer){0};
    zip_put(&zip, "X.npy", &array, 0, 0);
    zip.file.data[6] = zip.directory.data[8] = 1; /* encrypted */
    expect_zip_refusal(&zip, "X: encrypted");
    buffer_release(&array);
}

Test(npz, notes_entries_that_are_no_arrays)
{
    struct zip_writer zip = {0};
    struct buffer array = {0}, empty = {0};
    struct archive *npz = NULL;
    struct noted noted;
    struct ifl_error error;
    put_array(&array);
    zip_put(&zip, "readme.txt", &array, 0, 0);
    zip_put(&zip, "T/", &empty, 0, 0);
    zip_put(&zip, ".npy", &array, 0, 0);
    zip_put(&zip, "X.npy", &array, 0, 0);
    zip_end(&zip);
    cr_assert_eq(open_bytes(&npz, &zip.file, &noted, &error), IFL_OK, "%s", error.message);
    cr_expect_eq(archive_count(npz), 1);
    cr_expect_str_eq(archive_key(npz, 0), "X");
    cr_expect_eq(noted.count, 3);
    cr_expect(strstr(noted.text, "a.npz: readme.txt: not a .npy array, ignored\n") != NULL, "%s", noted.text);
    archive_free(npz);
    buffer_release(&zip.file);
    buffer_release(&array);
}

Test(npz, holds_the_limit_of_entries)
{
    struct dump_limits limits = dump_limits_default();
    struct buffer buffer = {0};
    struct archive *npz = NULL;
    struct ifl_error error;
    put_npz(&buffer, items, COUNT(items), 0);
    limits.entries = COUNT(items) - 1;
    struct dump_input input = input_of("a.npz", &limits, NULL);
    expect_refusal(archive_open_memory(&npz, ARCHIVE_NPZ, buffer.data, buffer.size, &input, &error), &error,
                   "3 entries|2");
    buffer_release(&buffer);
}

/* Written anew in place between the look at its headers and the reading. It is long enough that no buffer still holds
 * what was there. */
Test(npz, refuses_an_array_that_is_not_what_its_header_was)
{
    static const double zeros[20000] = {0};
    static const struct {
        struct array array;
        bool same;
    } before[] = {{{"<f4", false, 2, {100, 200}, zeros}, true},  {{"<f4", false, 2, {200, 100}, zeros}, false},
                  {{"<f4", true, 2, {100, 200}, zeros}, false},  {{"<i4", false, 2, {100, 200}, zeros}, false},
                  {{">f4", false, 2, {100, 200}, zeros}, false}, {{"<f2", false, 2, {100, 200}, zeros}, false},
                  {{"<f4", false, 1, {20000}, zeros}, false}};
    struct item after[] = {{"X", {"<f4", false, 2, {100, 200}, zeros}}, {"step", SCALAR("<i8", 7)}};
    struct dump_limits limits = dump_limits_default();
    for (size_t k = 0; k < COUNT(before); k++) {
        struct archive *npz = NULL;
        struct npy_header header;
        struct npy array;
        struct ifl_error error;
        struct buffer old = {0}, file = {0};
        put_npy(&old, &before[k].array);
        put_npz(&file, after, COUNT(after), 0);
        size_t at = 30 + strlen("X.npy");
        cr_assert_eq(memcmp(file.data + at, old.data, 6), 0);
        unsigned char kept[128];
        memcpy(kept, file.data + at, sizeof kept);
        memcpy(file.data + at, old.data, sizeof kept);
        write_file("a.npz", file.data, file.size);
        struct dump_input input = input_of(in_folder("a.npz"), &limits, NULL);
        cr_assert_eq(archive_open(&npz, &input, &error), IFL_OK, "%s", error.message);
        for (size_t j = 0; j < 2; j++)
            cr_assert_eq(archive_header(npz, j, &header, &error), IFL_OK, "%s", error.message);
        memcpy(file.data + at, kept, sizeof kept);
        write_file("a.npz", file.data, file.size);
        enum ifl_status status = archive_read(npz, 0, &array, &error);
        if (before[k].same) {
            cr_assert_eq(status, IFL_OK, "%s", error.message);
            npy_release(&array);
        } else {
            expect_refusal(status, &error, "X: |changed while the file was read");
        }
        archive_free(npz);
        buffer_release(&old);
        buffer_release(&file);
    }
}
