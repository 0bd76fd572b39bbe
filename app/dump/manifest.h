/* run.json: a run's name, params, tags and layers. */
#ifndef DUMP_MANIFEST_H
#define DUMP_MANIFEST_H

#include <dump/input.h>

/* Parses `size` bytes of JSON. Errors are without the path: `KEY: reason`, or `line N: reason` for broken JSON. */
enum ifl_status manifest_parse(struct run *out, const char *text, size_t size, const struct dump_input *input,
                               struct ifl_error *error);

/* The same from the file `input->path`. */
enum ifl_status manifest_read(struct run *out, const struct dump_input *input, struct ifl_error *error);

#endif
