#include <errno.h>
#include <string.h>
#include <sys/types.h>

#include <dump/bytes.h>
#include <dump/file.h>

enum ifl_status bytes_read(struct bytes *bytes, void *into, size_t size, size_t *got, struct ifl_error *error)
{
    size_t done = 0;
    while (done < size) {
        size_t part = 0;
        enum ifl_status status = bytes->read(bytes->context, (char *)into + done, size - done, &part, error);
        if (status != IFL_OK)
            return status;
        if (part == 0)
            break;
        done += part;
    }
    *got = done;
    return IFL_OK;
}

static enum ifl_status memory_read(void *context, void *into, size_t size, size_t *got, struct ifl_error *error)
{
    (void)error;
    struct memory *memory = context;
    size_t part = size < memory->left ? size : memory->left;
    if (part > 0) /* an empty source may well be NULL */
        memcpy(into, memory->at, part);
    memory->at += part;
    memory->left -= part;
    *got = part;
    return IFL_OK;
}

struct bytes bytes_of_memory(struct memory *memory)
{
    return (struct bytes){.read = memory_read, .context = memory, .size = memory->left};
}

enum ifl_status source_read(const struct source *source, uint64_t offset, void *into, size_t size,
                            struct ifl_error *error)
{
    if (offset > source->size || size > source->size - offset)
        return ifl_fail(error, IFL_REFUSED, "ends too early");
    if (source->data != NULL) {
        memcpy(into, source->data + offset, size);
        return IFL_OK;
    }
    if (fseeko(source->file, (off_t)offset, SEEK_SET) != 0)
        return file_failed(error, "cannot seek", errno);
    if (fread(into, 1, size, source->file) == size)
        return IFL_OK;
    if (ferror(source->file))
        return file_failed(error, "cannot read", errno);
    return ifl_fail(error, IFL_REFUSED, "ends too early"); /* it shrank meanwhile */
}
