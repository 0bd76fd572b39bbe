/* What was typed before, per kind of line, kept from one time to the next. */
#ifndef TUI_HISTORY_H
#define TUI_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

/* X(id, name in the file). */
#define HISTORY_KIND_LIST(X)                                                                                           \
    X(VALUE, "value")                                                                                                  \
    X(SEARCH, "search")                                                                                                \
    X(FILTER, "filter")                                                                                                \
    X(COMMAND, "command")                                                                                              \
    X(RENAME, "rename")                                                                                                \
    X(TAG, "tag")                                                                                                      \
    X(NOTE, "note")                                                                                                    \
    X(EXPORT, "export")                                                                                                \
    X(SAVE, "save")                                                                                                    \
    X(LOAD, "load")                                                                                                    \
    X(WATCH, "watch")                                                                                                  \
    X(SORT, "sort")                                                                                                    \
    X(OPEN, "open")

enum history_kind {
#define X(id, name) HISTORY_##id,
    HISTORY_KIND_LIST(X)
#undef X
        HISTORY_KINDS
};

enum { HISTORY_LINES = 200, HISTORY_LINE = 512 };

struct history_lines {
    struct history_line {
        char *text;
        bool ours; /* typed since the file was read or written */
    } items[HISTORY_LINES];
    size_t count; /* the newest last */
};

/* Zeroed, it is empty. */
struct history {
    struct history_lines kinds[HISTORY_KINDS];
};

void history_release(struct history *history);

/* The newest line of its kind; the same one from before is forgotten, and the oldest where there are too many. Empty
 * lines, those of HISTORY_LINE bytes and more, and what there is no memory for are not kept. */
void history_add(struct history *history, enum history_kind kind, const char *text);

/* The k-th line back, the newest being 0; NULL behind the oldest. */
const char *history_line(const struct history *history, enum history_kind kind, size_t k);

/* Puts the lines of a file before those of *history. False where there was none to read. */
bool history_read(struct history *history, const char *path);

/* Adds what is ours to what the file says by now (another process may have written it since), and goes on with both.
 * False where it could not be written: *history is as it was. */
bool history_write(struct history *history, const char *path);

#endif
