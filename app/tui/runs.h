/* The list of runs: order, search, cursor. */
#ifndef TUI_RUNS_H
#define TUI_RUNS_H

#include "columns.h"

struct runs {
    struct store_run *items;
    size_t count;
    size_t *order; /* [count] as shown */
    size_t at;     /* index into `order`: the run under the cursor */
    size_t top;    /* the first one on screen */
    struct column *columns;
    size_t n_columns;
    size_t sort; /* column */
    bool reverse;
    char sought[128];
};

/* Reads the list (anew); the cursor stays on its run, and so does the sort column. */
enum ifl_status runs_load(struct runs *runs, struct store *store, struct ifl_error *error);
void runs_release(struct runs *runs);

/* NULL where the list is empty. */
const struct store_run *runs_current(const struct runs *runs);
void runs_select(struct runs *runs, int64_t id);
void runs_move(struct runs *runs, long by);
void runs_sort(struct runs *runs, size_t column, bool reverse);

/* To the next (direction 1) or previous (-1) run whose name or `key=value` has the sought text in it, round the end;
 * false where none has. From the run under the cursor itself where `here`. */
bool runs_search(struct runs *runs, int direction, bool here);

/* Whether the runs differ in this param. */
bool runs_differ(const struct runs *runs, const char *key);

#endif
