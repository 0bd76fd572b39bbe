/* The columns of the table of runs. */
#ifndef TUI_COLUMNS_H
#define TUI_COLUMNS_H

#include <store/store.h>

enum column_kind { COLUMN_NAME, COLUMN_PARAM, COLUMN_SNAPSHOTS, COLUMN_STEP, COLUMN_METRIC };

/* Which columns give way first where the screen is narrow: the last. */
enum {
    RANK_NAME,
    RANK_SNAPSHOTS,
    RANK_FIRST_METRIC,
    RANK_VARYING, /* params the runs differ in */
    RANK_MORE,
    RANK_SHARED,
    COLUMN_RANK_LAST = RANK_SHARED
};

struct column {
    enum column_kind kind;
    const char *key; /* of a param or metric; the runs' own */
    int width;       /* that its head and its widest text take, within reason */
    int rank;
};

/* All columns of these runs: *out is freed with free(). False without memory. */
bool columns_make(struct column **out, size_t *n_out, const struct store_run *runs, size_t count);

/* A cell, not sanitised; "" where the run has no such thing. */
char *column_text(char out[128], const struct column *column, const struct store_run *run);
const char *column_head(const struct column *column);

/* Whether a metric says how well the network does on what it has not seen: what runs are told apart by. */
bool metric_is_unseen(const char *name);
/* The metric of that name, or NULL. */
const struct metric *metric_find(const struct metric *metrics, size_t count, const char *name);

#endif
