/* What stands in one place of the table: a run's or a group's value of a column, as a number and as text. */
#ifndef TUI_ENTRY_H
#define TUI_ENTRY_H

#include "runs.h"

enum { ENTRY_SIZE = 64 };

struct entry {
    const char *text; /* `room`, or the run's own: not sanitised, of any length */
    int before;       /* columns before the decimal point */
    bool dim;         /* more of it is on its way */
    char room[ENTRY_SIZE];
};

/* Seconds since the epoch. */
int64_t runs_now(const struct runs *runs);

/* The number by which a run is sorted in this column, and of which a group has the mean; false where it has none. */
bool entry_number(const struct runs *runs, const struct column *column, size_t item, double *out);
/* The text by which it is sorted where it has no number; NULL: it has none. */
const char *entry_text(const struct column *column, const struct store_run *run);

/* These fill `entry`, which must not be moved then. */
void entry_of_run(struct entry *entry, const struct runs *runs, const struct column *column, size_t item);
void entry_of_group(struct entry *entry, const struct runs *runs, const struct column *column,
                    const struct run_group *group, bool ascii);

#endif
