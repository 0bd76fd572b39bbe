#include <float.h>
#include <math.h>
#include <string.h>

#include <dump/snapshot.h>

#include "archive_trial.h"

static const struct dump_notes quiet = {.note = NULL};

static void check_array(struct archive *archive, size_t k)
{
    struct npy_header header;
    struct npy array;
    struct ifl_error error;
    enum ifl_status status = archive_header(archive, k, &header, &error);
    if (status != IFL_OK) {
        require_refusal(status, IFL_REFUSED, &error);
        REQUIRE(archive_read(archive, k, &array, &error) != IFL_OK);
        return;
    }
    status = archive_read(archive, k, &array, &error);
    if (status != IFL_OK) {
        require_refusal(status, IFL_REFUSED, &error);
        return;
    }
    REQUIRE(array.header.kind == header.kind && array.header.width == header.width && array.header.rank == header.rank);
    REQUIRE(array.header.count == header.count && memcmp(array.header.shape, header.shape, sizeof header.shape) == 0);
    if (header.count > 0)
        npy_number(&array, header.count - 1);
    npy_release(&array);
}

static void check_snapshot(const struct snapshot *snapshot)
{
    size_t pairs = ifl_pair_count(snapshot->n);
    REQUIRE(snapshot->n >= 2 && snapshot->step >= 0 && snapshot->batch >= 0 && !isinf(snapshot->epoch));
    for (size_t k = 0; snapshot->labels != NULL && k < snapshot->n; k++)
        REQUIRE(snapshot->labels[k] >= 0 && (size_t)snapshot->labels[k] < snapshot->classes);
    for (size_t k = 0; k < snapshot->n_metrics; k++)
        REQUIRE(snapshot->metrics[k].name[0] != '\0' && isfinite(snapshot->metrics[k].value));
    for (size_t k = 0; k < snapshot->n_variables; k++) {
        const struct variable *variable = &snapshot->variables[k];
        size_t count = (variable->kept + (variable->maps > 1)) * pairs;
        REQUIRE(variable->maps >= 1 && variable->dim >= 1);
        for (size_t j = 0; j < count; j++)
            REQUIRE(variable->distances[j] >= 0 && variable->distances[j] <= FLT_MAX);
    }
}

/* The reader's own two ways agree: what is checked without keeping anything is what can be read. */
static enum ifl_status check_all(struct dump_reader *reader, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    for (size_t k = 0; k < dump_reader_snapshot(reader)->n_variables && status == IFL_OK; k++)
        status = dump_reader_check(reader, k, error);
    return status;
}

static void read_snapshot(struct archive *archive, const struct run *run, const struct dump_input *input)
{
    struct dump_reader *reader = NULL;
    struct snapshot snapshot = {.step = -1};
    struct ifl_error error;
    enum ifl_status status = reader_from_archive(&reader, archive, run, input, &error);
    if (status != IFL_OK) {
        require_refusal(status, IFL_REFUSED, &error);
        REQUIRE(reader == NULL && strncmp(error.message, input->path, strlen(input->path)) == 0);
        return;
    }
    enum ifl_status checked = check_all(reader, &error);
    status = dump_reader_take(reader, &snapshot, &error);
    REQUIRE(status == checked);
    if (status == IFL_OK) {
        check_snapshot(&snapshot);
        snapshot_release(&snapshot);
    } else {
        require_refusal(status, IFL_REFUSED, &error);
        REQUIRE(snapshot.step == -1);
    }
    dump_reader_free(reader);
}

static void check_keys(const struct archive *archive)
{
    for (size_t k = 0; k < archive_count(archive) && k < 64; k++)
        for (size_t j = 0; j < k; j++)
            REQUIRE(strcmp(archive_key(archive, j), archive_key(archive, k)) != 0);
}

void archive_trial(enum archive_format format, const uint8_t *data, size_t size)
{
    char c[] = "c", p[] = "p", f[] = "f";
    struct layer layers[] = {{c, LAYER_CONV, AXES_NCHW}, {p, LAYER_POOL, AXES_NHWC}, {f, LAYER_FC, AXES_ND}};
    struct dump_limits limits = small_limits();
    struct dump_input input = {.path = "a.npz", .limits = &limits, .notes = &quiet};
    for (size_t limit = 0; limit <= 2; limit += 2) {
        struct run run = {.layers = layers, .n_layers = 3, .map_limit = limit};
        struct archive *archive = NULL;
        struct ifl_error error;
        enum ifl_status status = archive_open_memory(&archive, format, data, size, &input, &error);
        if (status != IFL_OK) {
            require_refusal(status, IFL_REFUSED, &error);
            REQUIRE(archive == NULL);
            return;
        }
        check_keys(archive);
        for (size_t k = 0; k < archive_count(archive) && limit == 0; k++)
            check_array(archive, k);
        read_snapshot(archive, &run, &input);
    }
}
