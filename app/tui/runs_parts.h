/* Between the files of the list of runs. */
#ifndef TUI_RUNS_PARTS_H
#define TUI_RUNS_PARTS_H

#include "runs.h"

/* runs_groups.c: fills groups and shares[].group of a list without groups. False without memory. */
bool runs_make_groups(struct runs *runs);

/* runs_rows.c: filters, sorts and groups anew; the cursor stays on what it is on. Without memory the rows stay as they
 * were. */
void runs_arrange(struct runs *runs);

/* What the cursor is on, for when the rows are others. */
struct runs_place {
    bool none, group;
    int64_t id;
    size_t at;
};
struct runs_place runs_place(const struct runs *runs);
void runs_return(struct runs *runs, const struct runs_place *place);

/* The item of a run's id, RUNS_NONE where there is none. */
size_t runs_item(const struct runs *runs, int64_t id);
/* The row of an item: its own, else its group's; RUNS_NONE where neither is shown. */
size_t runs_row_of(const struct runs *runs, size_t item);
/* The first item of a row. */
size_t runs_row_item(const struct runs *runs, const struct run_row *row);

/* runs_marks.c: the mark a row shows, of marks[], else RUNS_NONE. */
size_t runs_mark_of_row(const struct runs *runs, const struct run_row *row);
/* Drops from the marks what is not in a new list. */
void runs_marks_renew(struct runs *runs);
void runs_marks_release(struct runs *runs);

/* runs_search.c: whether `text` has `sought` in it, whatever the case of either; where, in *at. */
bool runs_contains(const char *text, const char *sought, size_t *at);

#endif
