/* Memory that runs out at any allocation, libzip's, zlib's and jansson's too: the status says so, nothing is kept. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <dump/dump.h>

#include "failing_memory.h"
#include "fixtures.h"

enum { N = 4 };

static const double numbers[N * 12] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
static const double classes[N] = {0, 2, 1, 0};
static const struct item items[] = {
    {"X", {"<f4", false, 2, {N, 5}, numbers}},          {"Y", {"<i8", false, 1, {N}, classes}},
    {"T/conv", {"<f8", true, 4, {N, 3, 2, 2}, numbers}}, {"T/fc", {"<f4", false, 2, {N, 3}, numbers}},
    {"delta/fc", {"<f4", false, 2, {N, 3}, numbers}},   {"step", SCALAR("<i8", 7)},
    {"epoch", SCALAR("<f8", 0.5)},                      {"metrics/loss", SCALAR("<f8", 2)},
};
static const char manifest[] = "{\"format\": \"infoflow-run\", \"version\": 1, \"name\": \"r\","
                               " \"params\": {\"lr\": 0.1, \"note\": \"text\", \"flag\": true, \"none\": null,"
                               " \"list\": [1, 2]}, \"tags\": {\"a\": \"b\"}, \"layers\": ["
                               "{\"name\": \"conv\", \"kind\": \"conv\", \"axes\": \"NCHW\"},"
                               "{\"name\": \"fc\", \"kind\": \"fc\", \"axes\": \"ND\"}]}";

TestSuite(memory, .fini = remove_folder);

static void make_folder(const char *snapshot)
{
    struct buffer file = {0};
    if (strstr(snapshot, "deflated") != NULL) {
        write_deflated(snapshot, items, COUNT(items));
    } else if (strstr(snapshot, ".safetensors") != NULL) {
        put_safetensors(&file, items, COUNT(items));
        write_file(snapshot, file.data, file.size);
    } else {
        write_npz(snapshot, items, COUNT(items));
    }
    buffer_release(&file);
}

/* What is said to be read is there. */
static void expect_all_of_it(const struct snapshot *s)
{
    bool whole = s->step == 7 && s->epoch == 0.5 && s->labels != NULL && s->classes == 3 && s->n_variables == 4 &&
                 s->n_metrics == 1 && s->metrics[0].name != NULL;
    for (size_t k = 0; whole && k < s->n_variables; k++)
        whole = s->variables[k].distances != NULL;
    if (!whole)
        abort();
}

/* Whatever fails now, the message names the file. */
static void expect_named(struct dump_reader *reader, const char *path)
{
    struct ifl_error error = {.message = ""};
    if (dump_reader_check(reader, 1, &error) == IFL_OK || strncmp(error.message, path, strlen(path)) != 0)
        abort();
}

/* Each way to read a file. */
static enum ifl_status read_file(const struct dump_run *run, const struct dump_limits *limits, struct ifl_error *error)
{
    static atomic_bool cancel;
    const struct dump_notes notes = {.cancel = &cancel};
    struct snapshot untouched, whole;
    memset(&untouched, 0x5a, sizeof untouched);
    whole = untouched;
    struct dump_reader *reader = NULL;
    float *distances = NULL;
    int64_t step = -7, batch = -7;
    enum ifl_status status = dump_peek(&step, &batch, &run->run, run->files[0], limits, error);
    if (status == IFL_OK)
        status = dump_read(&whole, &run->run, run->files[0], limits, NULL, error);
    if (status == IFL_OK)
        expect_all_of_it(&whole);
    if (memcmp(&whole, &untouched, sizeof whole) != 0)
        snapshot_release(&whole);
    else if (status == IFL_OK)
        abort();
    if (status == IFL_OK)
        status = dump_reader_new(&reader, &run->run, run->files[0], limits, &notes, error);
    if (status == IFL_OK)
        status = dump_reader_check(reader, 1, error);
    if (status == IFL_OK)
        status = dump_reader_distances(reader, 1, &distances, error);
    if (status == IFL_OK && distances == NULL)
        abort();
    atomic_store(&cancel, true);
    if (reader != NULL)
        expect_named(reader, run->files[0]);
    atomic_store(&cancel, false);
    free(distances);
    dump_reader_free(reader);
    return status;
}

static void expect_whole(const struct run *run)
{
    bool whole = run->name != NULL && run->n_layers == 2;
    for (size_t k = 0; k < run->n_layers; k++)
        whole = whole && run->layers[k].name != NULL;
    for (size_t k = 0; k < run->n_params; k++)
        whole = whole && run->params[k].key != NULL && run->params[k].text != NULL;
    if (!whole)
        abort();
}

static enum ifl_status use(const char *path, struct ifl_error *error)
{
    struct dump_limits limits = dump_limits_default();
    struct dump_run run = {0};
    enum ifl_status status = dump_open(&run, path, &limits, NULL, error);
    if (status != IFL_OK)
        return status;
    expect_whole(&run.run);
    status = read_file(&run, &limits, error);
    dump_close(&run);
    return status;
}

const char *__lsan_default_suppressions(void); /* asked by the sanitizer; the counts below are stricter */
const char *__lsan_default_suppressions(void)
{
    return "leak:libzip.so";
}

/* Fails each allocation, and all after it if `on`, until none is left to fail. libzip 1.7.3 loses one block of its own
 * where one of its allocations fails (zip_source_window.c). */
static void run_out(const char *path, bool on)
{
    struct ifl_error error = {.message = ""};
    enum ifl_status status = use(path, &error); /* what a library makes once is made */
    cr_assert_eq(status, IFL_OK, "%s", error.message);
    for (long at = 1;; at++) {
        error.message[0] = '\0';
        tzset(); /* which libzip asks for, and the C library keeps */
        memory_fail(at, on);
        status = use(path, &error);
        struct memory_use use = memory_end();
        cr_assert(use.kept <= 0 && use.kept_aside <= 1, "allocation %ld%s: %ld and %ld blocks are left (%s)", at,
                  on ? " and on" : "", use.kept, use.kept_aside, error.message);
        if (use.allocations < at) {
            cr_assert(status == IFL_OK && use.kept_aside == 0 && at > 100, "%ld: %s", at, error.message);
            return;
        }
        cr_assert(status == IFL_NO_MEMORY || status == IFL_OK, "allocation %ld%s: %s: %s", at, on ? " and on" : "",
                  ifl_status_text(status), error.message);
        cr_assert(status == IFL_OK || strstr(error.message, "memory") != NULL, "%s", error.message);
    }
}

static void run_out_of(const char *snapshot, bool described)
{
    make_folder(snapshot);
    if (described)
        write_file(DUMP_MANIFEST, manifest, sizeof manifest - 1);
    memory_set_aside("libzip.so");
    for (int on = 0; on < 2; on++) {
        run_out(folder_path(), on != 0);
        run_out(in_folder(snapshot), on != 0);
    }
}

Test(memory, of_a_deflated_npz, .timeout = 600)
{
    run_out_of("deflated.npz", true);
}

Test(memory, of_an_npz_alone, .timeout = 600)
{
    run_out_of("step.npz", false);
}

Test(memory, of_a_safetensors, .timeout = 600)
{
    run_out_of("step.safetensors", true);
}

Test(memory, of_a_safetensors_alone, .timeout = 600)
{
    run_out_of("step.safetensors", false);
}
