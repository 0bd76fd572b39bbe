/* JSON out, by jansson; strings sanitised. */
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include <jansson.h>

#include <base/run.h>

json_t *json_text(const char *text);
/* The same of a text of several lines, which stay apart. */
json_t *json_lines(const char *text);
/* A number that is a whole one as such, null for a NaN. */
json_t *json_value(double value);
json_t *json_fields(const struct field *fields, size_t count);
json_t *json_metrics(const struct metric *metrics, size_t count);
/* Prints and frees; false where memory ran out while `value` was made (NULL) or printed. That stdout cannot be
 * written is for infoflow_main to say. */
bool json_print(json_t *value);

#endif
