/* What a filter's fields are of a run. Private to the filter's files. */
#ifndef BASE_FILTER_FIELD_H
#define BASE_FILTER_FIELD_H

#include <base/filter.h>

struct field_value {
    const char *text; /* the run's own, or `written` */
    bool is_number;
    double number; /* never NAN */
    char written[32];
};

/* The field of that name; false where the run lacks it. Points into itself: not to be copied. */
bool field_find(struct field_value *out, const char *name, const struct filter_row *row);

/* Whether `text` contains `part`, letters compared without their case (Latin, Greek, Cyrillic). */
bool field_contains(const char *text, const char *part);

#endif
