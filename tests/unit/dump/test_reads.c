/* A disk that fails at any operation on a file, libzip's too: that is no fault of the input, and the status says so. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include <dump/dump.h>

#include "failing_reads.h"
#include "fixtures.h"

enum { N = 4 };

static const double numbers[N * 12] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
static const struct item items[] = {
    {"X", {"<f4", false, 2, {N, 5}, numbers}},
    {"T/conv", {"<f8", true, 4, {N, 3, 2, 2}, numbers}},
    {"T/fc", {"<f4", false, 2, {N, 3}, numbers}},
    {"step", SCALAR("<i8", 7)},
};
static const char manifest[] = "{\"format\": \"infoflow-run\", \"version\": 1, \"name\": \"r\", \"layers\": ["
                               "{\"name\": \"conv\", \"kind\": \"conv\", \"axes\": \"NCHW\"},"
                               "{\"name\": \"fc\", \"kind\": \"fc\", \"axes\": \"ND\"}]}";

TestSuite(reads, .fini = remove_folder);

static void write_safetensors(const char *name, const struct item *all, size_t count)
{
    struct buffer file = {0};
    put_safetensors(&file, all, count);
    write_file(name, file.data, file.size);
    buffer_release(&file);
}

static enum ifl_status read_folder(struct ifl_error *error)
{
    struct dump_limits limits = dump_limits_default();
    struct dump_run run = {0};
    struct snapshot snapshot;
    enum ifl_status status = dump_open(&run, folder_path(), &limits, NULL, error);
    if (status != IFL_OK)
        return status;
    status = dump_read(&snapshot, &run.run, run.files[0], &limits, NULL, error);
    if (status == IFL_OK)
        snapshot_release(&snapshot);
    dump_close(&run);
    return status;
}

/* Fails each operation, and all after it if `on`, until none is left to fail. */
static void fail_each(bool on)
{
    struct ifl_error first;
    cr_assert_eq(read_folder(&first), IFL_OK, "%s", first.message); /* what a library opens once is opened */
    for (long at = 1;; at++) {
        struct ifl_error error = {.message = ""};
        reads_fail(at, on);
        enum ifl_status status = read_folder(&error);
        long operations = reads_end();
        if (operations < at) {
            cr_assert(status == IFL_OK && at > 5, "%ld: %s", at, error.message);
            return;
        }
        cr_expect_eq(status, IFL_FAILED, "operation %ld%s: %s: %s", at, on ? " and on" : "", ifl_status_text(status),
                     error.message);
        cr_expect(strstr(error.message, "Input/output error") != NULL, "operation %ld%s: %s", at, on ? " and on" : "",
                  error.message);
    }
}

static void fail_under(void (*write)(const char *, const struct item *, size_t), const char *name)
{
    write(name, items, COUNT(items));
    fail_each(false);
    fail_each(true);
    write_file(DUMP_MANIFEST, manifest, sizeof manifest - 1);
    fail_each(false);
    fail_each(true);
}

Test(reads, of_an_npz)
{
    fail_under(write_npz, "step.npz");
}

Test(reads, of_a_deflated_npz)
{
    fail_under(write_deflated, "step.npz");
}

Test(reads, of_a_safetensors)
{
    fail_under(write_safetensors, "step.safetensors");
}
