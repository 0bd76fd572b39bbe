#include <stdlib.h>

#include <dump/contents.h>
#include <dump/labels.h>
#include <dump/scalars.h>
#include <dump/snapshot.h>
#include <dump/variable.h>

/* One snapshot file on its way to a struct snapshot: first the shapes of all its arrays, from their headers alone;
 * then, once they agree, the data of one array at a time. */
struct reader {
    const struct dump_input *input;
    const struct run *run;
    struct archive *archive;
    struct contents contents;
    struct layout *layouts; /* [contents.n_places], zeroed (maps == 0) where there is no variable */
    const char *n_from;     /* the key that n was learnt from */
    struct snapshot snapshot;
};

static const char *key_at(const struct reader *reader, ptrdiff_t index)
{
    return archive_key(reader->archive, (size_t)index);
}

static enum ifl_status agree_on_samples(struct reader *reader, size_t n, const char *key, struct ifl_error *error)
{
    size_t limit = reader->input->limits->samples;
    if (reader->n_from == NULL && n < 2)
        return ifl_fail(error, IFL_REFUSED, "%s: n = %zu, at least 2 samples are needed", key, n);
    if (reader->n_from == NULL && n > limit)
        return ifl_fail(error, IFL_REFUSED, "%s: n = %zu, at most %zu samples are read", key, n, limit);
    if (reader->n_from != NULL && n != reader->snapshot.n)
        return ifl_fail(error, IFL_REFUSED, "%s: n = %zu, but %s has n = %zu", key, n, reader->n_from,
                        reader->snapshot.n);
    if (reader->n_from == NULL) {
        reader->n_from = key;
        reader->snapshot.n = n;
    }
    return IFL_OK;
}

static enum layer_axes axes_of(const struct reader *reader, size_t place)
{
    const struct contents *contents = &reader->contents;
    if (contents_of(contents, place) == IFL_OF_X)
        return AXES_ND;
    return reader->run->layers[contents_layer(contents, place)].axes;
}

static enum ifl_status lay_out_values(struct reader *reader, size_t place, struct ifl_error *error)
{
    ptrdiff_t index = reader->contents.places[place].raw;
    struct layout *layout = &reader->layouts[place];
    struct npy_header header;
    if (index == ABSENT)
        return IFL_OK;
    enum ifl_status status = archive_header(reader->archive, (size_t)index, &header, error);
    if (status != IFL_OK)
        return status;
    status = layout_of_values(layout, &header, axes_of(reader, place), error);
    if (status != IFL_OK) {
        ifl_error_prefix(error, "%s", key_at(reader, index));
        return status;
    }
    return agree_on_samples(reader, layout->n, key_at(reader, index), error);
}

static enum ifl_status lay_out_labels(struct reader *reader, struct ifl_error *error)
{
    ptrdiff_t index = reader->contents.labels;
    struct npy_header header;
    size_t n = 0;
    if (index == ABSENT)
        return IFL_OK;
    enum ifl_status status = archive_header(reader->archive, (size_t)index, &header, error);
    if (status != IFL_OK)
        return status;
    status = labels_layout(&n, &header, error);
    if (status != IFL_OK) {
        ifl_error_prefix(error, "%s", key_at(reader, index));
        return status;
    }
    return agree_on_samples(reader, n, key_at(reader, index), error);
}

/* Comes after the values, which know n; where there are none, it follows from the number of pairs. */
static enum ifl_status lay_out_distances(struct reader *reader, size_t place, struct ifl_error *error)
{
    ptrdiff_t index = reader->contents.places[place].condensed;
    struct layout *layout = &reader->layouts[place];
    struct npy_header header;
    int64_t dim = 0;
    if (index == ABSENT)
        return IFL_OK;
    const char *key = key_at(reader, index);
    enum ifl_status status = archive_header(reader->archive, (size_t)index, &header, error);
    if (status != IFL_OK)
        return status;
    status = layout_of_distances(layout, &header, error);
    if (status != IFL_OK) {
        ifl_error_prefix(error, "%s", key);
        return status;
    }
    size_t n = samples_of_pairs(layout->pairs);
    if (n == 0)
        return ifl_fail(error, IFL_REFUSED, "%s: %zu pairs, which is n(n-1)/2 for no n >= 2", key, layout->pairs);
    status = agree_on_samples(reader, n, key, error);
    if (status != IFL_OK)
        return status;
    if (place == 0 && layout->maps != 1)
        return ifl_fail(error, IFL_REFUSED, "%s: %zu maps, where the input is one", key, layout->maps);
    status = scalar_integer(&dim, reader->archive, (size_t)reader->contents.places[place].dim, 1, error);
    layout->dim = (size_t)dim;
    return status;
}

/* delta is the gradient with respect to T, so that it has its shape. */
static enum ifl_status check_errors(const struct reader *reader, struct ifl_error *error)
{
    size_t layers = reader->run->n_layers;
    for (size_t k = 1; k <= layers; k++) {
        const struct layout *t = &reader->layouts[k], *delta = &reader->layouts[k + layers];
        if (t->maps == 0 || delta->maps == 0 || (t->maps == delta->maps && t->dim == delta->dim))
            continue;
        ptrdiff_t index = place_array(&reader->contents.places[k + layers]);
        return ifl_fail(error, IFL_REFUSED, "%s: %zu maps of %zu numbers, but T has %zu of %zu", key_at(reader, index),
                        delta->maps, delta->dim, t->maps, t->dim);
    }
    return IFL_OK;
}

static enum ifl_status check_total(const struct reader *reader, struct ifl_error *error)
{
    size_t map = ifl_pair_count(reader->snapshot.n) * sizeof(float); /* n is within its limit */
    size_t left = reader->input->limits->snapshot;
    for (size_t k = 0; k < reader->contents.n_places; k++) {
        size_t maps = reader->layouts[k].maps, size = 0;
        bool fits = maps < INT32_MAX && ifl_size_mul(maps + (maps > 1), map, &size) && size <= left;
        if (!fits)
            return ifl_fail(error, IFL_REFUSED, "%s: with it the distances take more than %zu bytes",
                            key_at(reader, place_array(&reader->contents.places[k])), reader->input->limits->snapshot);
        left -= size;
    }
    return IFL_OK;
}

static enum ifl_status lay_out(struct reader *reader, struct ifl_error *error)
{
    size_t count = reader->contents.n_places;
    enum ifl_status status = IFL_OK;
    reader->layouts = ifl_alloc(count, sizeof *reader->layouts);
    if (reader->layouts == NULL)
        return dump_no_memory(error);
    for (size_t k = 0; k < count && status == IFL_OK; k++)
        status = lay_out_values(reader, k, error);
    if (status == IFL_OK)
        status = lay_out_labels(reader, error);
    for (size_t k = 0; k < count && status == IFL_OK; k++)
        status = lay_out_distances(reader, k, error);
    if (status == IFL_OK)
        status = check_errors(reader, error);
    if (status == IFL_OK)
        status = check_total(reader, error);
    return status;
}

static enum ifl_status read_labels(struct reader *reader, struct ifl_error *error)
{
    ptrdiff_t index = reader->contents.labels;
    struct npy array;
    if (index == ABSENT)
        return IFL_OK;
    enum ifl_status status = archive_read(reader->archive, (size_t)index, &array, error);
    if (status != IFL_OK)
        return status;
    status = labels_read(&reader->snapshot.labels, &reader->snapshot.classes, &array, error);
    npy_release(&array);
    if (status != IFL_OK)
        ifl_error_prefix(error, "%s", key_at(reader, index));
    return status;
}

/* Appends the variable, for which there is room. */
static enum ifl_status read_variable(struct reader *reader, size_t place, struct ifl_error *error)
{
    ptrdiff_t index = place_array(&reader->contents.places[place]);
    struct variable variable = {.of = contents_of(&reader->contents, place),
                                .layer = contents_layer(&reader->contents, place)};
    struct npy array;
    if (index == ABSENT)
        return IFL_OK;
    enum ifl_status status = archive_read(reader->archive, (size_t)index, &array, error);
    if (status != IFL_OK)
        return status;
    status = variable_fill(&variable, &reader->layouts[place], &array, reader->snapshot.n, dump_cancel(reader->input),
                           error);
    npy_release(&array);
    if (status != IFL_OK) {
        ifl_error_prefix(error, "%s", key_at(reader, index));
        return status;
    }
    reader->snapshot.variables[reader->snapshot.n_variables++] = variable;
    return IFL_OK;
}

static enum ifl_status read_variables(struct reader *reader, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    reader->snapshot.variables = ifl_alloc(reader->contents.n_places, sizeof *reader->snapshot.variables);
    if (reader->snapshot.variables == NULL)
        return dump_no_memory(error);
    for (size_t k = 0; k < reader->contents.n_places && status == IFL_OK; k++)
        status = read_variable(reader, k, error);
    return status;
}

static enum ifl_status read_archive(struct reader *reader, struct ifl_error *error)
{
    enum ifl_status status = contents_find(&reader->contents, reader->archive, reader->run, reader->input, error);
    if (status == IFL_OK)
        status = scalars_read(&reader->snapshot, &reader->contents, reader->archive, reader->input, error);
    if (status == IFL_OK)
        status = lay_out(reader, error);
    if (status == IFL_OK)
        status = read_labels(reader, error);
    if (status == IFL_OK)
        status = read_variables(reader, error);
    return status;
}

enum ifl_status snapshot_from_archive(struct snapshot *out, struct archive *archive, const struct run *run,
                                      const struct dump_input *input, struct ifl_error *error)
{
    struct reader reader = {.input = input, .run = run, .archive = archive};
    enum ifl_status status = read_archive(&reader, error);
    free(reader.layouts);
    contents_release(&reader.contents);
    if (status == IFL_OK)
        *out = reader.snapshot;
    else
        snapshot_release(&reader.snapshot);
    return status;
}

enum ifl_status dump_read(struct snapshot *out, const struct run *run, const char *path,
                          const struct dump_limits *limits, const struct dump_notes *notes, struct ifl_error *error)
{
    struct dump_input input = {.path = path, .limits = limits, .notes = notes};
    struct archive *archive = NULL;
    enum ifl_status status = archive_open(&archive, &input, error);
    if (status == IFL_OK)
        status = snapshot_from_archive(out, archive, run, &input, error);
    archive_free(archive);
    if (status != IFL_OK)
        ifl_error_prefix(error, "%s", path);
    return status;
}

enum ifl_status dump_peek(int64_t *step, int64_t *batch, const struct run *run, const char *path,
                          const struct dump_limits *limits, struct ifl_error *error)
{
    struct dump_input input = {.path = path, .limits = limits};
    struct archive *archive = NULL;
    struct contents contents = {0};
    struct snapshot scalars = {0};
    enum ifl_status status = archive_open(&archive, &input, error);
    if (status == IFL_OK)
        status = contents_find(&contents, archive, run, &input, error);
    if (status == IFL_OK)
        status = scalars_read(&scalars, &contents, archive, &input, error);
    if (status == IFL_OK) {
        *step = scalars.step;
        *batch = scalars.batch;
    } else {
        ifl_error_prefix(error, "%s", path);
    }
    snapshot_release(&scalars);
    contents_release(&contents);
    archive_free(archive);
    return status;
}
