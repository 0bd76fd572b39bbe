/* The columns of the table of runs: which there are, which are shown, how wide they are and what is in them. */
#ifndef TUI_COLUMNS_H
#define TUI_COLUMNS_H

#include <store/store.h>

enum column_kind {
    COLUMN_NAME,
    COLUMN_PARAM,
    COLUMN_TAG,
    COLUMN_METRIC,
    COLUMN_NOTE,
    COLUMN_LAYERS,
    COLUMN_N,
    COLUMN_SNAPSHOTS,
    COLUMN_STEP,
    COLUMN_AGE,
    COLUMN_DPI_FORWARD,
    COLUMN_DPI_BACKWARD,
    COLUMN_KINDS
};

struct column {
    enum column_kind kind;
    const char *key; /* of a param, tag or metric; the runs' own; else NULL */
    char *word;      /* its name in a command: one word */
    bool shown;
    bool shared;  /* all runs have the same there: it tells nothing */
    bool numeric; /* numbers, aligned at their decimal points */
    bool fixed;   /* a metric, printed with `decimals` */
    int decimals;
    int width;        /* of head and contents, within reason */
    int content;      /* of the contents alone */
    int before;       /* of these, columns before the decimal point */
    double low, high; /* of the numbers; low > high: there are none */
};

/* The name first, then as they are read: what tells runs apart and how well they do before what they share. */
struct columns {
    struct column *items;
    size_t count;
};

/* All columns of these runs, at most some hundreds. `spread`: there are groups, so means need room for deviations.
 * False without memory, *out untouched. The runs must outlive them. */
bool columns_make(struct columns *out, const struct store_run *runs, size_t count, bool spread);
void columns_release(struct columns *columns);

/* The column of a name as people type it: a word (`param.lr`), a built-in, or the key of a param, a metric or a tag, in
 * this order. Returns columns->count where there is none. */
size_t columns_find(const struct columns *columns, const char *name);

/* Whether this column shows the run's param (tag, metric) of that key. */
const struct column *columns_of_key(const struct columns *columns, enum column_kind kind, const char *key);

const char *column_head(const struct column *column);
/* `param`, `metric`; "" for what every run has. */
const char *column_kind_name(enum column_kind kind);
/* `param.`, `metric.`, before a key; the whole word of a built-in. */
const char *column_kind_word(enum column_kind kind);

/* ---- the user's own choice ---- */

/* Columns by name, in the user's order. Zeroed: the order and the choice of columns_make. */
struct column_choice {
    struct wanted_column {
        char *word;
        bool shown;
    } * items;
    size_t count;
};

/* Notes which columns are shown now, and in which order. False without memory, *choice untouched. */
bool column_choice_keep(struct column_choice *choice, const struct columns *columns);
/* Brings the columns into that order; those it does not name are hidden behind it. */
void column_choice_apply(const struct column_choice *choice, struct columns *columns);
void column_choice_release(struct column_choice *choice);

/* ---- words ---- */

/* A name as one word of ASCII, `%XX` for the bytes that would break a line or a word apart; a new string, or NULL
 * without memory. */
char *word_encode(const char *prefix, const char *name);
/* Undoes it, in place. */
void word_decode(char *word);

/* Whether a metric says how well the network does on what it has not seen: what runs are told apart by. */
bool metric_is_unseen(const char *name);
/* The metric of that name, or NULL. */
const struct metric *metric_find(const struct metric *metrics, size_t count, const char *name);

#endif
