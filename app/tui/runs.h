/* The list of runs: groups, filter, order, marks, search, cursor. What the user chose stays with a run's id, a group's
 * members or a column's name, so that it outlives a new list. */
#ifndef TUI_RUNS_H
#define TUI_RUNS_H

#include <stdio.h>

#include <plot/canvas.h>

#include "columns.h"

struct filter;

/* A run, or the runs of a group that pass the filter. Valid until the next runs_ call on a list that is not const. */
struct run_choice {
    const char *name;
    const int64_t *ids;
    size_t count;
};

enum { SOUGHT_SIZE = 128, SPANS_MOST = 64 };
#define RUNS_NONE ((size_t)-1)

/* What the list keeps of each run besides what the store says. */
struct run_share {
    bool known, wanted;
    double forward, backward; /* share of the links of the DPI that hold, 0..1; NAN: it has none */
    size_t group;             /* RUNS_NONE: no other run differs from it in the seed alone */
};

/* Runs that differ in the seed alone: at least two. */
struct run_group {
    char *name;
    size_t all;          /* members */
    size_t first, count; /* those that pass the filter: members[first ..] in the order shown */
    bool unfolded;
};

/* A line of the list. */
struct run_row {
    size_t group; /* RUNS_NONE: a run on its own */
    size_t item;  /* RUNS_NONE: the group's own line */
};

struct run_mark {
    bool group;
    int64_t *ids; /* as they were when it was made, less those that are gone */
    size_t count;
    size_t item; /* of ids[0] */
    char *name;
};

struct runs {
    struct store_run *items; /* by name */
    size_t count;
    size_t *by_id;            /* [count] items by id */
    struct run_share *shares; /* [count] */
    struct columns columns;
    struct run_group *groups;
    size_t n_groups;

    size_t *members; /* [count] items that pass the filter, those of a group together; the groups' first */
    int64_t *ids;    /* [count] theirs */
    size_t passing;
    struct run_row *rows; /* [count + n_groups] */
    size_t n_rows;
    size_t at; /* the row under the cursor */

    struct run_mark *marks; /* in the order of marking */
    size_t n_marks;

    bool flat; /* no groups */
    struct filter *filter;
    char *filter_text; /* NULL: none */
    char *sort;        /* the column's word; NULL: by name */
    bool reverse;
    struct column_choice choice;
    char sought[SOUGHT_SIZE];
    int64_t now; /* seconds since the epoch, for ages; 0: the clock's */

    bool stale;       /* a share came by which it is sorted or filtered: put right at the next drawing */
    bool reveal;      /* scroll to the column it is sorted by at the next drawing */
    size_t top;       /* the first row on screen */
    size_t left;      /* columns scrolled out at the left, besides the name */
    size_t page;      /* rows on screen */
    struct runs_drawn /* where what was last drawn is */
    {
        struct rect rows;
        int head; /* its y; -1: none */
        struct column_span {
            int x, columns;
            size_t column;
        } spans[SPANS_MOST];
        size_t n_spans;
    } drawn;
};

/* Takes over a list as store_list_runs gives it, in failure too, which leaves the old one. Shares stay with runs that
 * have no new snapshots. */
enum ifl_status runs_take(struct runs *runs, struct store_run *items, size_t count, struct ifl_error *error);
void runs_release(struct runs *runs);

/* ---- the cursor ---- */

/* What is under the cursor; false where the list is empty. */
bool runs_choice(const struct runs *runs, struct run_choice *out);
/* The run under the cursor, of a group's line its first; NULL where the list is empty. */
const struct store_run *runs_current(const struct runs *runs);
const struct store_run *runs_find(const struct runs *runs, int64_t id);
/* To that run, or to its group where that is folded; stays where neither is shown. */
void runs_select(struct runs *runs, int64_t id);
void runs_move(struct runs *runs, long by);
/* To a row of the list, as runs_at says. */
void runs_move_to(struct runs *runs, size_t row);

/* ---- marks ---- */

/* Marks what is under the cursor; unmarks it where its line shows a mark. */
enum ifl_status runs_mark(struct runs *runs, struct ifl_error *error);
void runs_unmark_all(struct runs *runs);
/* At most `room` of what is marked, in the order of marking; returns how many there are. */
size_t runs_marked(const struct runs *runs, struct run_choice *out, size_t room);

/* ---- groups ---- */

/* Whether there are groups at all. */
void runs_set_grouped(struct runs *runs, bool grouped);
/* The group under the cursor; false where there is none or it is so already. */
bool runs_fold(struct runs *runs, bool folded);
/* All of them; where any is unfolded, all are folded. */
void runs_fold_all(struct runs *runs);

/* ---- order ---- */

/* Shows only what the expression (base/filter.h) matches; "" all. On failure the one before stays. */
enum ifl_status runs_filter(struct runs *runs, const char *expression, struct ifl_error *error);

/* The first field of the filter that no run has, of those in it; NULL: none. Valid until the next filter. */
const char *runs_filter_lacks(const struct runs *runs);
/* By a column's name (columns_find); "" by the name of the run. IFL_INVALID: no such column. Of an empty list a column's
 * word is kept for when there are runs. */
enum ifl_status runs_sort(struct runs *runs, const char *column, bool reverse, struct ifl_error *error);
/* By the next column shown. */
void runs_sort_next(struct runs *runs);
void runs_sort_reverse(struct runs *runs);
/* The column it is sorted by, of columns.items. */
size_t runs_sorted_by(const struct runs *runs);

/* To the next (direction 1) or previous (-1) line whose name, note, or `key=value` of a param or tag has the text in
 * it, round the end, into folded groups too; false where none has. From the line under the cursor itself where `here`.
 * NULL: the text sought last; "": nothing is sought, or highlighted, any more. */
bool runs_search(struct runs *runs, const char *text, int direction, bool here);

/* ---- columns ---- */

/* Shows these columns, by name, in this order, and no others; "" the choice at first. Between names are blanks or
 * commas. Names that no column has yet are kept for when it comes. */
enum ifl_status runs_set_columns(struct runs *runs, const char *names, struct ifl_error *error);
/* IFL_INVALID: one of the names is no column's. Of an empty list, whose columns are yet to come, none is. */
enum ifl_status runs_check_columns(const struct runs *runs, const char *names, struct ifl_error *error);
/* Shows or hides a column; moves it past its neighbour (by = 1, -1) and returns where it is then. */
enum ifl_status runs_toggle_column(struct runs *runs, size_t column, struct ifl_error *error);
size_t runs_move_column(struct runs *runs, size_t column, int by);
/* Sideways. */
void runs_scroll(struct runs *runs, int by);
/* Whether the runs differ in this param. */
bool runs_differ(const struct runs *runs, const char *key);

/* ---- shares of the links of the DPI that hold ---- */

/* 0..1, NAN where the run has no such link. */
void runs_set_share(struct runs *runs, int64_t run, double forward, double backward);
void runs_forget_shares(struct runs *runs);
/* Runs whose shares are shown but not known, those on screen first; all, where the list is sorted or filtered by them.
 * At most `room` ids; returns how many. */
size_t runs_wanting_share(struct runs *runs, int64_t *ids, size_t room);

/* ---- as command lines ---- */

/* `filter EXPR`, `sort COLUMN`, `sort-reverse`, `columns NAME...`, `group off`, `unfold RUN`: a line each. */
void runs_view_write(const struct runs *runs, FILE *file);
/* Back to what an empty view means. */
void runs_view_reset(struct runs *runs);
/* Does one such line. IFL_NOT_FOUND: it is another command. */
enum ifl_status runs_view_read(struct runs *runs, const char *line, struct ifl_error *error);

/* ---- on a canvas ---- */

void runs_draw_table(struct runs *runs, struct canvas *canvas, struct rect where);
/* What the table does not show of the run under the cursor. */
void runs_draw_readout(const struct runs *runs, struct canvas *canvas, struct rect where);
/* Names alone. open: the runs on screen, one a subject. */
void runs_draw_strip(struct runs *runs, struct canvas *canvas, struct rect where, const int64_t *open, size_t n_open,
                     bool focused);
/* The row of the list that was drawn there. */
bool runs_at(const struct runs *runs, int x, int y, size_t *row);
/* The column whose head was drawn there: its word, for runs_sort; NULL where there is none. */
const char *runs_head_at(const struct runs *runs, int x, int y);

/* The first row to show of `count`, so that the cursor is among the `rows` shown. */
size_t scrolled(size_t top, size_t at, size_t count, size_t rows);

#endif
