/* A .safetensors file: eight bytes that say how long the header is, a JSON object of dtype, shape and place of each
 * tensor, and the tensors' bytes, little-endian in C order, one after the other without a gap. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dump/archive_inside.h>
#include <dump/bytes.h>
#include <dump/file.h>
#include <dump/json.h>

enum { LENGTH_BYTES = 8 };

struct tensor {
    struct npy_header header;
    uint64_t begin, end; /* in the file */
    const char *key;     /* for messages; owned by the archive */
};

struct safetensors {
    struct archive archive;
    struct source source;
    struct tensor *tensors; /* [archive.count] */
};

static void safetensors_free(struct archive *archive)
{
    struct safetensors *file = (struct safetensors *)archive;
    if (file->source.file != NULL)
        fclose(file->source.file);
    free(file->tensors);
    free(file);
}

/* ---- one entry of the header ---- */

static enum ifl_status parse_dtype(struct npy_header *header, const json_t *dtype, struct ifl_error *error)
{
    static const struct {
        const char *name;
        enum npy_kind kind;
        size_t width;
    } types[] = {
        {"BOOL", NPY_BOOL, 1},   {"U8", NPY_UINT, 1},   {"I8", NPY_INT, 1},    {"U16", NPY_UINT, 2},
        {"I16", NPY_INT, 2},     {"U32", NPY_UINT, 4},  {"I32", NPY_INT, 4},   {"U64", NPY_UINT, 8},
        {"I64", NPY_INT, 8},     {"F16", NPY_FLOAT, 2}, {"F32", NPY_FLOAT, 4}, {"F64", NPY_FLOAT, 8},
        {"BF16", NPY_BFLOAT, 2},
    };
    const char *name = json_string_value(dtype);
    if (name == NULL)
        return ifl_fail(error, IFL_REFUSED, "no dtype");
    for (size_t k = 0; k < sizeof types / sizeof *types; k++) {
        if (strcmp(name, types[k].name) != 0)
            continue;
        header->kind = types[k].kind;
        header->width = types[k].width;
        return IFL_OK;
    }
    return ifl_fail(error, IFL_REFUSED, "dtype '%.40s' is not supported", name);
}

/* A size or an offset: jansson has refused what does not fit 64 bits. */
static bool take_size(uint64_t *out, const json_t *number)
{
    if (!json_is_integer(number) || json_integer_value(number) < 0)
        return false;
    *out = (uint64_t)json_integer_value(number);
    return true;
}

static enum ifl_status parse_shape(struct npy_header *header, const json_t *shape, const struct dump_limits *limits,
                                   struct ifl_error *error)
{
    size_t most = limits->rank < NPY_RANK_MAX ? limits->rank : NPY_RANK_MAX;
    if (!json_is_array(shape))
        return ifl_fail(error, IFL_REFUSED, "no shape");
    header->rank = json_array_size(shape);
    if (header->rank > most)
        return ifl_fail(error, IFL_REFUSED, "more than %zu axes", most);
    for (size_t axis = 0; axis < header->rank; axis++) {
        uint64_t size;
        if (!take_size(&size, json_array_get(shape, axis)))
            return ifl_fail(error, IFL_REFUSED, "axis %zu of its shape is no size", axis);
        header->shape[axis] = (size_t)size;
    }
    return npy_count(header, limits, error);
}

/* Where its bytes are; `data` is where all tensors begin in the file, `size` how many bytes they have. */
static enum ifl_status parse_offsets(struct tensor *tensor, const json_t *offsets, uint64_t data, uint64_t size,
                                     struct ifl_error *error)
{
    uint64_t begin, end, bytes = (uint64_t)tensor->header.count * tensor->header.width; /* checked with the shape */
    if (json_array_size(offsets) != 2 || !take_size(&begin, json_array_get(offsets, 0)) ||
        !take_size(&end, json_array_get(offsets, 1)) || end < begin)
        return ifl_fail(error, IFL_REFUSED, "data_offsets are no begin and end");
    if (end > size)
        return ifl_fail(error, IFL_REFUSED, "ends at byte %llu of %llu", (unsigned long long)end,
                        (unsigned long long)size);
    if (end - begin != bytes)
        return ifl_fail(error, IFL_REFUSED, "%llu bytes of data where the shape needs %llu",
                        (unsigned long long)(end - begin), (unsigned long long)bytes);
    tensor->begin = data + begin;
    tensor->end = data + end;
    return IFL_OK;
}

static enum ifl_status parse_tensor(struct tensor *tensor, const json_t *object, uint64_t data, uint64_t size,
                                    const struct dump_limits *limits, struct ifl_error *error)
{
    static const char *const members[] = {"dtype", "shape", "data_offsets"};
    size_t known = 0;
    for (size_t k = 0; k < sizeof members / sizeof *members; k++)
        known += json_object_get(object, members[k]) != NULL;
    if (!json_is_object(object) || known != json_object_size(object))
        return ifl_fail(error, IFL_REFUSED, "not an object of dtype, shape and data_offsets");
    enum ifl_status status = parse_dtype(&tensor->header, json_object_get(object, members[0]), error);
    if (status == IFL_OK)
        status = parse_shape(&tensor->header, json_object_get(object, members[1]), limits, error);
    if (status == IFL_OK)
        status = parse_offsets(tensor, json_object_get(object, members[2]), data, size, error);
    return status;
}

/* ---- all of them ---- */

static enum ifl_status parse_tensors(struct safetensors *file, json_t *root, uint64_t data,
                                     const struct dump_limits *limits, struct ifl_error *error)
{
    const char *key;
    json_t *object;
    json_object_foreach(root, key, object)
    {
        if (strcmp(key, "__metadata__") == 0)
            continue;
        char *copy = strdup(key);
        if (copy == NULL)
            return dump_no_memory(error);
        struct tensor *tensor = &file->tensors[file->archive.count];
        tensor->key = copy;
        file->archive.keys[file->archive.count++] = copy;
        enum ifl_status status = parse_tensor(tensor, object, data, file->source.size - data, limits, error);
        if (status != IFL_OK) {
            ifl_error_prefix(error, "%s", copy);
            return status;
        }
    }
    return IFL_OK;
}

static int compare_places(const void *a, const void *b)
{
    const struct tensor *x = *(const struct tensor *const *)a, *y = *(const struct tensor *const *)b;
    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    return (x->end > y->end) - (x->end < y->end);
}

/* Every byte of the data belongs to just one tensor. */
static enum ifl_status check_places(const struct safetensors *file, uint64_t data, struct ifl_error *error)
{
    size_t count = file->archive.count;
    enum ifl_status status = IFL_OK;
    const struct tensor **sorted = ifl_alloc(count, sizeof *sorted);
    if (sorted == NULL)
        return dump_no_memory(error);
    for (size_t k = 0; k < count; k++)
        sorted[k] = &file->tensors[k];
    qsort(sorted, count, sizeof *sorted, compare_places);
    for (size_t k = 0; k < count && status == IFL_OK; k++) {
        if (sorted[k]->begin != data)
            status = ifl_fail(error, IFL_REFUSED, "%s: %s", sorted[k]->key,
                              sorted[k]->begin < data ? "overlaps the tensor before it"
                                                      : "bytes before it that belong to no tensor");
        data = sorted[k]->end;
    }
    if (status == IFL_OK && data != file->source.size)
        status = ifl_fail(error, IFL_REFUSED, "%llu trailing bytes", (unsigned long long)(file->source.size - data));
    free(sorted);
    return status;
}

static enum ifl_status parse_header(struct safetensors *file, const char *text, size_t size, uint64_t data,
                                    const struct dump_limits *limits, struct ifl_error *error)
{
    json_t *root = NULL;
    enum ifl_status status = json_load_limited(&root, text, size, limits->json, limits->json_depth, error);
    if (status != IFL_OK) {
        ifl_error_prefix(error, "header");
        return status;
    }
    size_t count = json_object_size(root);
    if (!json_is_object(root) || *text != '{')
        status = ifl_fail(error, IFL_REFUSED, "header: not a JSON object");
    else if (count > limits->entries)
        status = ifl_fail(error, IFL_REFUSED, "%zu tensors, more than %zu", count, limits->entries);
    if (status == IFL_OK) {
        file->archive.keys = ifl_alloc(count, sizeof *file->archive.keys);
        file->tensors = ifl_alloc(count, sizeof *file->tensors);
        if (file->archive.keys == NULL || file->tensors == NULL)
            status = dump_no_memory(error);
    }
    if (status == IFL_OK)
        status = parse_tensors(file, root, data, limits, error);
    json_decref(root);
    return status == IFL_OK ? check_places(file, data, error) : status;
}

static enum ifl_status read_length(uint64_t *out, const struct source *source, const struct dump_limits *limits,
                                   struct ifl_error *error)
{
    unsigned char bytes[LENGTH_BYTES];
    uint64_t length = 0;
    enum ifl_status status = source_read(source, 0, bytes, sizeof bytes, error);
    if (status != IFL_OK) {
        ifl_error_prefix(error, "header");
        return status;
    }
    for (size_t k = sizeof bytes; k-- > 0;)
        length = length << 8 | bytes[k];
    if (length > limits->json)
        return ifl_fail(error, IFL_REFUSED, "header: %llu bytes, more than %zu", (unsigned long long)length,
                        limits->json);
    if (length > source->size - LENGTH_BYTES)
        return ifl_fail(error, IFL_REFUSED, "header: %llu bytes, but only %llu are present", (unsigned long long)length,
                        (unsigned long long)(source->size - LENGTH_BYTES));
    *out = length;
    return IFL_OK;
}

static enum ifl_status read_all(struct safetensors *file, const struct dump_limits *limits, struct ifl_error *error)
{
    uint64_t length = 0;
    enum ifl_status status = read_length(&length, &file->source, limits, error);
    if (status != IFL_OK)
        return status;
    char *text = ifl_alloc((size_t)length, 1);
    if (text == NULL)
        return dump_no_memory(error);
    status = source_read(&file->source, LENGTH_BYTES, text, (size_t)length, error);
    if (status == IFL_OK)
        status = parse_header(file, text, (size_t)length, LENGTH_BYTES + length, limits, error);
    free(text);
    return status;
}

/* ---- as an archive ---- */

static enum ifl_status tensor_header(struct archive *archive, size_t index, struct npy_header *out,
                                     struct ifl_error *error)
{
    (void)error;
    *out = ((struct safetensors *)archive)->tensors[index].header;
    return IFL_OK;
}

static enum ifl_status tensor_read(struct archive *archive, size_t index, struct npy *out, struct ifl_error *error)
{
    const struct safetensors *file = (struct safetensors *)archive;
    const struct tensor *tensor = &file->tensors[index];
    size_t size = (size_t)(tensor->end - tensor->begin);
    enum ifl_status status = IFL_OK;
    struct npy array = {.header = tensor->header, .data = ifl_alloc(size, 1)};
    if (array.data == NULL)
        return dump_no_memory(error);
    for (size_t done = 0; done < size && status == IFL_OK; done += PIECE_BYTES) {
        size_t piece = size - done < PIECE_BYTES ? size - done : PIECE_BYTES;
        status = dump_check_cancel(archive->cancel, error);
        if (status == IFL_OK)
            status = source_read(&file->source, tensor->begin + done, array.data + done, piece, error);
    }
    if (status != IFL_OK) {
        npy_release(&array);
        return status;
    }
    *out = array;
    return IFL_OK;
}

static const struct archive_operations operations = {tensor_header, tensor_read, safetensors_free};

enum ifl_status safetensors_open(struct archive **out, const void *data, size_t size, const struct dump_input *input,
                                 struct ifl_error *error)
{
    struct source source = {.data = data, .size = size};
    enum ifl_status status = data != NULL ? IFL_OK : file_open(&source.file, &source.size, input->path, error);
    if (status != IFL_OK)
        return status;
    struct safetensors *file = ifl_alloc(1, sizeof *file);
    if (file == NULL) {
        if (source.file != NULL)
            fclose(source.file);
        return dump_no_memory(error);
    }
    file->archive = (struct archive){.operations = &operations, .limits = input->limits, .cancel = dump_cancel(input)};
    file->source = source;
    status = read_all(file, input->limits, error);
    if (status != IFL_OK) {
        archive_free(&file->archive);
        return status;
    }
    *out = &file->archive;
    return IFL_OK;
}
