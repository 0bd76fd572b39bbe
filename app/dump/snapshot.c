#include <stdlib.h>
#include <string.h>

#include <base/maps.h>
#include <dump/contents.h>
#include <dump/labels.h>
#include <dump/scalars.h>
#include <dump/snapshot.h>
#include <dump/variable.h>

/* One snapshot file on its way to a struct snapshot: first the shapes of all its arrays, from their headers alone;
 * then, once they agree, the data of one array at a time. */
struct dump_reader {
    char *path;
    struct dump_input input;
    const struct run *run;
    struct archive *archive;
    struct contents contents;
    struct layout *layouts; /* [contents.n_places], zeroed (maps == 0) where there is no variable */
    size_t *places;         /* [snapshot.n_variables], of each variable */
    const char *n_from;     /* the key that n was learnt from */
    struct snapshot snapshot;
};

static const char *key_at(const struct dump_reader *reader, ptrdiff_t index)
{
    return archive_key(reader->archive, (size_t)index);
}

static enum ifl_status agree_on_samples(struct dump_reader *reader, size_t n, const char *key, struct ifl_error *error)
{
    size_t limit = reader->input.limits->samples;
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

static enum layer_axes axes_of(const struct dump_reader *reader, size_t place)
{
    const struct contents *contents = &reader->contents;
    if (contents_of(contents, place) == IFL_OF_X)
        return AXES_ND;
    return reader->run->layers[contents_layer(contents, place)].axes;
}

static enum ifl_status lay_out_values(struct dump_reader *reader, size_t place, struct ifl_error *error)
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

static enum ifl_status lay_out_labels(struct dump_reader *reader, struct ifl_error *error)
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
static enum ifl_status lay_out_distances(struct dump_reader *reader, size_t place, struct ifl_error *error)
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
static enum ifl_status check_errors(const struct dump_reader *reader, struct ifl_error *error)
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

static enum ifl_status check_total(const struct dump_reader *reader, struct ifl_error *error)
{
    size_t map = ifl_pair_count(reader->snapshot.n) * sizeof(float); /* n is within its limit */
    size_t left = reader->input.limits->snapshot, maps_left = reader->input.limits->maps;
    for (size_t k = 0; k < reader->contents.n_places; k++) {
        size_t maps = reader->layouts[k].maps, kept = maps_kept(maps, reader->run->map_limit), size = 0;
        if (maps > maps_left)
            return ifl_fail(error, IFL_REFUSED, "%s: with it there are more than %zu feature maps",
                            key_at(reader, place_array(&reader->contents.places[k])), reader->input.limits->maps);
        maps_left -= maps;
        bool fits = ifl_size_mul(kept + (maps > 1), map, &size) && size <= left;
        if (!fits)
            return ifl_fail(error, IFL_REFUSED, "%s: with it the distances take more than %zu bytes",
                            key_at(reader, place_array(&reader->contents.places[k])), reader->input.limits->snapshot);
        left -= size;
    }
    return IFL_OK;
}

static enum ifl_status lay_out(struct dump_reader *reader, struct ifl_error *error)
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

static enum ifl_status read_labels(struct dump_reader *reader, struct ifl_error *error)
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

/* The variables without their distances. */
static enum ifl_status list_variables(struct dump_reader *reader, struct ifl_error *error)
{
    struct snapshot *snapshot = &reader->snapshot;
    snapshot->variables = ifl_alloc(reader->contents.n_places, sizeof *snapshot->variables);
    reader->places = ifl_alloc(reader->contents.n_places, sizeof *reader->places);
    if (snapshot->variables == NULL || reader->places == NULL)
        return dump_no_memory(error);
    for (size_t k = 0; k < reader->contents.n_places; k++) {
        const struct layout *layout = &reader->layouts[k];
        if (layout->maps == 0)
            continue;
        reader->places[snapshot->n_variables] = k;
        snapshot->variables[snapshot->n_variables++] =
            (struct variable){.of = contents_of(&reader->contents, k),
                              .layer = contents_layer(&reader->contents, k),
                              .maps = layout->maps,
                              .kept = maps_kept(layout->maps, reader->run->map_limit),
                              .dim = layout->dim};
    }
    return IFL_OK;
}

static enum ifl_status read_all_but_variables(struct dump_reader *reader, struct ifl_error *error)
{
    enum ifl_status status = contents_find(&reader->contents, reader->archive, reader->run, &reader->input, error);
    if (status == IFL_OK)
        status = scalars_read(&reader->snapshot, &reader->contents, reader->archive, &reader->input, error);
    if (status == IFL_OK)
        status = lay_out(reader, error);
    if (status == IFL_OK)
        status = read_labels(reader, error);
    if (status == IFL_OK)
        status = list_variables(reader, error);
    return status;
}

/* The distances of variable k into *out; only checked where that is NULL. */
static enum ifl_status read_variable(struct dump_reader *reader, size_t k, float **out, struct ifl_error *error)
{
    size_t place = reader->places[k], n = reader->snapshot.n;
    ptrdiff_t index = place_array(&reader->contents.places[place]);
    const struct layout *layout = &reader->layouts[place];
    const atomic_bool *cancel = dump_cancel(&reader->input);
    struct variable variable = reader->snapshot.variables[k];
    struct npy array;
    enum ifl_status status = archive_read(reader->archive, (size_t)index, &array, error);
    if (status == IFL_OK) {
        status = out != NULL ? variable_fill(&variable, layout, &array, n, cancel, error)
                             : variable_check(&variable, layout, &array, n, cancel, error);
        npy_release(&array);
        if (status != IFL_OK)
            ifl_error_prefix(error, "%s", key_at(reader, index));
    }
    if (status != IFL_OK)
        ifl_error_prefix(error, "%s", reader->path);
    else if (out != NULL)
        *out = variable.distances;
    return status;
}

/* ---- the reader ---- */

enum ifl_status reader_from_archive(struct dump_reader **out, struct archive *archive, const struct run *run,
                                    const struct dump_input *input, struct ifl_error *error)
{
    struct dump_reader *reader = ifl_alloc(1, sizeof *reader);
    char *path = strdup(input->path);
    if (reader == NULL || path == NULL) {
        free(reader);
        free(path);
        archive_free(archive);
        return dump_no_memory(error);
    }
    *reader = (struct dump_reader){.path = path, .input = *input, .run = run, .archive = archive};
    reader->input.path = path;
    enum ifl_status status = read_all_but_variables(reader, error);
    if (status != IFL_OK) {
        ifl_error_prefix(error, "%s", path);
        dump_reader_free(reader);
        return status;
    }
    *out = reader;
    return IFL_OK;
}

enum ifl_status dump_reader_new(struct dump_reader **out, const struct run *run, const char *path,
                                const struct dump_limits *limits, const struct dump_notes *notes,
                                struct ifl_error *error)
{
    struct dump_input input = {.path = path, .limits = limits, .notes = notes};
    struct archive *archive = NULL;
    enum ifl_status status = archive_open(&archive, &input, error);
    if (status == IFL_OK)
        return reader_from_archive(out, archive, run, &input, error);
    ifl_error_prefix(error, "%s", path);
    return status;
}

void dump_reader_free(struct dump_reader *reader)
{
    if (reader == NULL)
        return;
    snapshot_release(&reader->snapshot);
    free(reader->layouts);
    free(reader->places);
    contents_release(&reader->contents);
    archive_free(reader->archive);
    free(reader->path);
    free(reader);
}

const struct snapshot *dump_reader_snapshot(const struct dump_reader *reader)
{
    return &reader->snapshot;
}

enum ifl_status dump_reader_distances(struct dump_reader *reader, size_t k, float **out, struct ifl_error *error)
{
    return read_variable(reader, k, out, error);
}

enum ifl_status dump_reader_check(struct dump_reader *reader, size_t k, struct ifl_error *error)
{
    return read_variable(reader, k, NULL, error);
}

enum ifl_status dump_reader_take(struct dump_reader *reader, struct snapshot *out, struct ifl_error *error)
{
    struct snapshot *snapshot = &reader->snapshot;
    for (size_t k = 0; k < snapshot->n_variables; k++) {
        enum ifl_status status = dump_reader_distances(reader, k, &snapshot->variables[k].distances, error);
        if (status != IFL_OK)
            return status;
    }
    *out = *snapshot;
    *snapshot = (struct snapshot){0};
    return IFL_OK;
}

enum ifl_status dump_read(struct snapshot *out, const struct run *run, const char *path,
                          const struct dump_limits *limits, const struct dump_notes *notes, struct ifl_error *error)
{
    struct dump_reader *reader = NULL;
    enum ifl_status status = dump_reader_new(&reader, run, path, limits, notes, error);
    if (status == IFL_OK)
        status = dump_reader_take(reader, out, error);
    dump_reader_free(reader);
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
