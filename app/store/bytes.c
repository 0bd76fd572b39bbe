#include <string.h>

#include <store/bytes.h>

/* Compilers make one plain load or store of each of these where the machine is little-endian. */
static uint32_t load32(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static uint64_t load64(const unsigned char *bytes)
{
    return (uint64_t)load32(bytes + 4) << 32 | load32(bytes);
}

static void store32(unsigned char *bytes, uint32_t word)
{
    bytes[0] = (unsigned char)word;
    bytes[1] = (unsigned char)(word >> 8);
    bytes[2] = (unsigned char)(word >> 16);
    bytes[3] = (unsigned char)(word >> 24);
}

static void store64(unsigned char *bytes, uint64_t word)
{
    store32(bytes, (uint32_t)word);
    store32(bytes + 4, (uint32_t)(word >> 32));
}

void bytes_put32(unsigned char *bytes, const void *numbers, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        uint32_t word;
        memcpy(&word, (const char *)numbers + 4 * k, 4);
        store32(bytes + 4 * k, word);
    }
}

void bytes_get32(void *numbers, const unsigned char *bytes, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        uint32_t word = load32(bytes + 4 * k);
        memcpy((char *)numbers + 4 * k, &word, 4);
    }
}

void bytes_put64(unsigned char *bytes, const void *numbers, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        uint64_t word;
        memcpy(&word, (const char *)numbers + 8 * k, 8);
        store64(bytes + 8 * k, word);
    }
}

void bytes_get64(void *numbers, const unsigned char *bytes, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        uint64_t word = load64(bytes + 8 * k);
        memcpy((char *)numbers + 8 * k, &word, 8);
    }
}

uint64_t digest_bytes(uint64_t digest, const unsigned char *bytes, size_t size)
{
    digest = digest_word(digest, size);
    for (; size >= 8; size -= 8, bytes += 8)
        digest = digest_word(digest, load64(bytes));
    unsigned char rest[8] = {0};
    memcpy(rest, bytes, size);
    return digest_word(digest, load64(rest));
}
