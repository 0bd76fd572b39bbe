/* A snapshot as .npz. */
#include <string.h>

#include "archive_trial.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    archive_trial(ARCHIVE_NPZ, data, size);
    return 0;
}

/* ---- checksums ---- */

static uint32_t number_at(const uint8_t *data, size_t bytes)
{
    uint32_t number = 0;
    for (size_t k = bytes; k-- > 0;)
        number = number << 8 | data[k];
    return number;
}

static uint32_t crc32_of(const uint8_t *data, size_t size)
{
    uint32_t crc = ~UINT32_C(0);
    for (size_t k = 0; k < size; k++) {
        crc ^= data[k];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xEDB88320) : 0);
    }
    return ~crc;
}

/* Gives the stored entry whose central header is at `at` the checksum of its bytes, there and in its local header. */
static void mend_entry(uint8_t *data, size_t size, size_t at)
{
    enum { CENTRAL = 46, LOCAL = 30 };
    size_t length = number_at(data + at + 20, 4), local = number_at(data + at + 42, 4);
    if (at + CENTRAL > size || local > size || size - local < LOCAL || memcmp(data + local, "PK\3\4", 4) != 0)
        return;
    size_t begin = local + LOCAL + number_at(data + local + 26, 2) + number_at(data + local + 28, 2);
    if (number_at(data + at + 10, 2) != 0 || begin > size || length > size - begin)
        return;
    uint32_t crc = crc32_of(data + begin, length);
    for (size_t k = 0; k < 4; k++)
        data[at + 16 + k] = data[local + 14 + k] = (uint8_t)(crc >> 8 * k);
}

/* Behind a checksum that fails nothing more is reached: most inputs are given right ones. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    size = LLVMFuzzerMutate(data, size, most);
    for (size_t at = 0; at + 46 <= size && seed % 4 != 0; at++)
        if (memcmp(data + at, "PK\1\2", 4) == 0)
            mend_entry(data, size, at);
    return size;
}
