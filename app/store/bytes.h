/* Numbers as the file holds them, little-endian on every machine, and the digest of such bytes. Private to store/. */
#ifndef STORE_BYTES_H
#define STORE_BYTES_H

#include <stddef.h>
#include <stdint.h>

/* `count` numbers of 4 (int32, float) or 8 (double) bytes in memory to the file's order, and back. */
void bytes_put32(unsigned char *bytes, const void *numbers, size_t count);
void bytes_get32(void *numbers, const unsigned char *bytes, size_t count);
void bytes_put64(unsigned char *bytes, const void *numbers, size_t count);
void bytes_get64(void *numbers, const unsigned char *bytes, size_t count);

/* Folds one word into a digest. A bijection of either argument for a fixed other, so that a change confined to one
 * word always changes the result. Finds accidents, not forgeries. */
static inline uint64_t digest_word(uint64_t digest, uint64_t word)
{
    digest = (digest ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return digest ^ digest >> 32;
}

/* Folds `size` bytes, eight at a step. */
uint64_t digest_bytes(uint64_t digest, const unsigned char *bytes, size_t size);

#endif
