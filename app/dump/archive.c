#include <stdlib.h>
#include <string.h>

#include <dump/archive_inside.h>

static const struct {
    const char *ending;
    enum ifl_status (*open)(struct archive **out, const void *data, size_t size, const struct dump_input *input,
                            struct ifl_error *error);
} formats[ARCHIVE_FORMATS] = {
    [ARCHIVE_NPZ] = {".npz", npz_open},
    [ARCHIVE_SAFETENSORS] = {".safetensors", safetensors_open},
};

bool archive_format_of(const char *name, enum archive_format *out)
{
    size_t length = strlen(name);
    for (int k = 0; k < ARCHIVE_FORMATS; k++) {
        size_t ending = strlen(formats[k].ending);
        if (length <= ending || strcmp(name + length - ending, formats[k].ending) != 0)
            continue;
        *out = (enum archive_format)k;
        return true;
    }
    return false;
}

enum ifl_status archive_open(struct archive **out, const struct dump_input *input, struct ifl_error *error)
{
    enum archive_format format;
    if (!archive_format_of(input->path, &format))
        return ifl_fail(error, IFL_REFUSED, "neither a .npz nor a .safetensors file");
    return formats[format].open(out, NULL, 0, input, error);
}

enum ifl_status archive_open_memory(struct archive **out, enum archive_format format, const void *data, size_t size,
                                    const struct dump_input *input, struct ifl_error *error)
{
    return formats[format].open(out, data, size, input, error);
}

void archive_free(struct archive *archive)
{
    if (archive == NULL)
        return;
    for (size_t k = 0; k < archive->count; k++)
        free(archive->keys[k]);
    free(archive->keys);
    free(archive->given);
    archive->operations->free(archive);
}

size_t archive_count(const struct archive *archive)
{
    return archive->count;
}

const char *archive_key(const struct archive *archive, size_t index)
{
    return archive->keys[index];
}

enum ifl_status archive_header(struct archive *archive, size_t index, struct npy_header *out, struct ifl_error *error)
{
    if (archive->given == NULL)
        archive->given = ifl_alloc(archive->count, sizeof *archive->given);
    enum ifl_status status =
        archive->given == NULL ? dump_no_memory(error) : archive->operations->header(archive, index, out, error);
    if (status != IFL_OK)
        ifl_error_prefix(error, "%s", archive_key(archive, index));
    else
        archive->given[index] = *out;
    return status;
}

static bool same_header(const struct npy_header *a, const struct npy_header *b)
{
    bool same = a->kind == b->kind && a->width == b->width && a->big_endian == b->big_endian &&
                a->fortran == b->fortran && a->rank == b->rank;
    for (size_t axis = 0; same && axis < a->rank; axis++)
        same = a->shape[axis] == b->shape[axis];
    return same;
}

enum ifl_status archive_read(struct archive *archive, size_t index, struct npy *out, struct ifl_error *error)
{
    const struct npy_header *given = archive->given != NULL ? &archive->given[index] : NULL;
    struct npy array;
    enum ifl_status status = archive->operations->read(archive, index, &array, error);
    if (status == IFL_OK && given != NULL && given->width > 0 && !same_header(given, &array.header)) {
        npy_release(&array);
        status = ifl_fail(error, IFL_REFUSED, "changed while the file was read");
    }
    if (status == IFL_OK)
        *out = array;
    else
        ifl_error_prefix(error, "%s", archive_key(archive, index));
    return status;
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum ifl_status archive_check_duplicates(const struct archive *archive, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    const char **keys = ifl_alloc(archive->count, sizeof *keys);
    if (keys == NULL)
        return dump_no_memory(error);
    for (size_t k = 0; k < archive->count; k++)
        keys[k] = archive->keys[k];
    qsort(keys, archive->count, sizeof *keys, compare_keys);
    for (size_t k = 1; k < archive->count && status == IFL_OK; k++)
        if (strcmp(keys[k - 1], keys[k]) == 0)
            status = ifl_fail(error, IFL_REFUSED, "%s: duplicate key", keys[k]);
    free(keys);
    return status;
}
