/* One line being typed. */
#ifndef TUI_PROMPT_H
#define TUI_PROMPT_H

#include "complete.h"
#include "history.h"

/* What it is for: each has a history of its own. */
enum prompt_use {
    PROMPT_CLOSED,
#define X(id, name) PROMPT_##id,
    HISTORY_KIND_LIST(X)
#undef X
};

enum prompt_event { PROMPT_GOES_ON, PROMPT_DONE, PROMPT_LEFT };

enum { PROMPT_TEXT = HISTORY_LINE };

/* Zeroed, it is closed. */
struct prompt {
    /* The holder's, to be set once; NULL: none. */
    struct history *history;
    const struct vocabulary *vocabulary;

    enum prompt_use use;
    char label[32];
    char text[PROMPT_TEXT]; /* UTF-8; stays when the prompt is closed */
    size_t length, cursor;  /* bytes */

    size_t back;             /* which line of the history is shown; 0: what is typed */
    char typed[PROMPT_TEXT]; /* kept meanwhile */

    struct completion completion; /* on show while it has candidates */
    bool chosen;                  /* one of them stands in the line: */
    size_t choice;
    bool asks_disk; /* Tab was pressed where only the disk knows how to go on: the holder calls prompt_candidates
                       elsewhere, and then prompt_take */
};

/* `text` is there to begin with (sanitised, cut where there is no room); NULL: nothing. */
void prompt_open(struct prompt *prompt, enum prompt_use use, const char *label, const char *text);
void prompt_close(struct prompt *prompt);
/* PROMPT_DONE: Enter, the text is to be read, and is in the history; PROMPT_LEFT: Esc, ^C. The prompt is closed by
 * both. */
enum prompt_event prompt_key(struct prompt *prompt, int key);

/* What a line for `use` may go on with at the cursor; needs no prompt. */
void prompt_candidates(struct completion *out, enum prompt_use use, const char *text, size_t cursor,
                       const struct vocabulary *vocabulary);
/* Does what Tab asked for, with what the disk had; takes over the candidates. Nothing happens where keys have been
 * pressed since. */
void prompt_take(struct prompt *prompt, struct completion *candidates);

/* The place of the character behind the one at byte `at`. */
size_t prompt_behind(const struct prompt *prompt, size_t at);

#endif
