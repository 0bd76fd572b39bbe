/* What the fuzzers share: the function that libFuzzer calls (and replay.c, for each file of a corpus), and claims that
 * must hold of whatever it is given. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <dump/input.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Changes an input in a way that libFuzzer's own mutations do not find; LLVMFuzzerMutate is its own. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);

#define REQUIRE(claim)                                                                                                 \
    do {                                                                                                               \
        if (!(claim)) {                                                                                                \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #claim);                                 \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

/* That it was refused, and says why in a message that ends. */
void require_refusal(enum ifl_status status, enum ifl_status expected, const struct ifl_error *error);

/* Limits that an input of a few KiB can break: memory beyond what they allow is then seen by -malloc_limit_mb. */
struct dump_limits small_limits(void);

/* The input as a string, cut at its first NUL; free(). */
char *text_of(const uint8_t *data, size_t size);

#endif
