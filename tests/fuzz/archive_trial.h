/* What both formats of a snapshot file have to stand. */
#ifndef TESTS_FUZZ_ARCHIVE_TRIAL_H
#define TESTS_FUZZ_ARCHIVE_TRIAL_H

#include <dump/archive.h>

#include "fuzz.h"

/* Opens it, reads each array by itself, and then the whole as a snapshot, with and without a bound on maps. */
void archive_trial(enum archive_format format, const uint8_t *data, size_t size);

#endif
