/* What the fuzzer of the run database has beside its trial: files, and mutations by SQL. */
#ifndef TESTS_FUZZ_DATABASE_H
#define TESTS_FUZZ_DATABASE_H

#include "fuzz.h"

struct image {
    uint8_t *data;
    size_t size;
};

/* A database of one run, and a part of it with spectra; made once, by the program's own functions. */
const struct image *sound_database(void);
const struct image *sound_part(void);

/* A file of that name in the trial's folder, which goes with the program. */
const char *put_file(const char *name, const struct image *image);
struct image get_file(const char *path);

/* Changes a value or the schema of a database in memory. False, the image as it was, where that cannot be done. */
bool change_by_sql(struct image *image, unsigned seed);

#endif
