/* A snapshot as .safetensors. */
#include "archive_trial.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    archive_trial(ARCHIVE_SAFETENSORS, data, size);
    return 0;
}

/* The length of the JSON object that begins at `data`; 0 where it does not end. */
static size_t object_length(const uint8_t *data, size_t size)
{
    size_t depth = 0;
    for (size_t k = 0; k < size; k++) {
        depth += data[k] == '{';
        if (data[k] == '}' && depth > 0 && --depth == 0)
            return k + 1;
    }
    return 0;
}

/* A header that has become longer or shorter is mostly given its length again: else nothing behind it is reached. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    size = LLVMFuzzerMutate(data, size, most);
    size_t length = size > 8 ? object_length(data + 8, size - 8) : 0;
    for (size_t k = 0; k < 8 && length > 0 && seed % 4 != 0; k++)
        data[k] = (uint8_t)((uint64_t)length >> 8 * k);
    return size;
}
