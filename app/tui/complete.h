/* What a line being typed may go on with. */
#ifndef TUI_COMPLETE_H
#define TUI_COMPLETE_H

#include "command.h"

/* Words that only the data know. */
enum words {
    WORDS_RUNS,
    WORDS_DELETED, /* runs of the bin */
    WORDS_COLUMNS, /* of the list of runs */
    WORDS_LAYERS,  /* of the open run */
    WORDS_FIELDS,  /* what a filter can ask for: params, tags, metrics, name ... */
    WORDS_TAGS,    /* keys of tags */
    WORDS_VIEWS    /* saved ones */
};

struct vocabulary {
    unsigned contexts; /* where the line is typed: only commands with a meaning there are offered; 0: all */
    /* The k-th word, valid until the next call; NULL behind the last. It may have any bytes. */
    const char *(*word)(void *context, enum words kind, size_t k);
    void *context;
    bool no_disk; /* what only the disk knows (files, saved views) is not looked for */
};

struct candidate {
    char *text;       /* what the word becomes; of a folder with a slash behind it */
    const char *what; /* what a command does; NULL: no command */
};

struct completion {
    size_t start, end; /* the bytes of the line that a candidate takes the place of; `end` is the cursor */
    struct candidate *items;
    size_t count; /* sorted, each once */
    bool disk;    /* it was not looked for, and would be all of them */
};

/* A line of the command language: names of commands, then their arguments. `vocabulary` may be NULL. Without memory
 * there are fewer candidates. */
void complete_command(struct completion *out, const char *line, size_t cursor, const struct vocabulary *vocabulary);

/* A line that is one argument. */
void complete_argument(struct completion *out, enum argument kind, const char *line, size_t cursor,
                       const struct vocabulary *vocabulary);

void completion_release(struct completion *completion);

/* How many bytes all candidates begin with alike. */
size_t completion_common(const struct completion *completion);

#endif
