#include <string.h>

#include <dump/bytes.h>

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
