/* JSON from outside, by jansson, whose reader nobody else calls. */
#ifndef DUMP_JSON_H
#define DUMP_JSON_H

#include <jansson.h>

#include <infoflow/status.h>

/* Parses one JSON value of at most `most` bytes, nested at most `depth` deep, without duplicate keys. *out is released
 * with json_decref. IFL_REFUSED: `line N: reason`. */
enum ifl_status json_load_limited(json_t **out, const char *text, size_t size, size_t most, size_t depth,
                                  struct ifl_error *error);

#endif
