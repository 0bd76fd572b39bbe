/* What every key does: one table for the dispatcher, the hints and the help, and what a user has bound otherwise.
 * Knows no terminal. */
#ifndef TUI_KEYS_H
#define TUI_KEYS_H

#include <stddef.h>

#include "command.h"

/* A key is the code point it types, or one of these. */
enum {
    PRESS_CTRL_A = 0x01,
    PRESS_CTRL_B = 0x02,
    PRESS_CTRL_C = 0x03,
    PRESS_CTRL_D = 0x04,
    PRESS_CTRL_E = 0x05,
    PRESS_CTRL_F = 0x06,
    PRESS_CTRL_K = 0x0B,
    PRESS_CTRL_L = 0x0C,
    PRESS_CTRL_N = 0x0E,
    PRESS_CTRL_P = 0x10,
    PRESS_CTRL_R = 0x12,
    PRESS_CTRL_U = 0x15,
    PRESS_CTRL_W = 0x17,
    PRESS_CTRL_Z = 0x1A,
    PRESS_ENTER = '\r',
    PRESS_TAB = '\t',
    PRESS_ESCAPE = 0x1B,
    PRESS_BACKSPACE = 0x7F,
    PRESS_UP = 0x110000, /* behind Unicode */
    PRESS_DOWN,
    PRESS_LEFT,
    PRESS_RIGHT,
    PRESS_HOME,
    PRESS_END,
    PRESS_PAGE_UP,
    PRESS_PAGE_DOWN,
    PRESS_DELETE,
    PRESS_F1, /* to F12: PRESS_F1 + 11 */
    PRESS_F12 = PRESS_F1 + 11,
    PRESS_BACKTAB,
    PRESS_MOUSE, /* pointer.h says what */
    PRESS_CTRL_LEFT,
    PRESS_CTRL_RIGHT,
    PRESS_PASTE_BEGIN, /* what comes until the end is text from elsewhere: no newline, no control character */
    PRESS_PASTE_END
};

enum { KEYS_A_ROW = 6 };

/* One line of the help: keys that belong together. */
struct key_row {
    unsigned contexts;
    enum section section;
    const char *hint; /* on the status line, after the first `hinted` keys; NULL: not there */
    size_t hinted;
    const char *what;
    const char *argument; /* of each of the commands; "": none */
    struct {
        int key;
        enum command command;
    } keys[KEYS_A_ROW]; /* ended by a key 0 */
};

/* Within a section the order is the help's, over the whole table the hints'. */
extern const struct key_row key_table[];
extern const size_t key_rows;

/* ---- names: `w`, `Left`, `PgDn`, `Space`, `F2`, `^R` ---- */

enum { KEY_NAME = 16 };

char *key_text(char out[KEY_NAME], int key);
/* The key of a name (words in any case); IFL_INVALID: it is none. */
enum ifl_status key_parse(const char *name, int *key, struct ifl_error *error);
/* The k-th key that has a word for a name; NULL behind the last. */
const char *key_word(size_t k);

/* ---- what holds ---- */

/* What is bound other than in the table: the last one that fits a key counts. Zeroed, the table alone holds. */
enum { BINDINGS_MOST = 128 };
struct bindings {
    size_t count;
    struct bound {
        int key;
        unsigned contexts;
        struct command_line line; /* DO_NOTHING: the key does nothing */
    } items[BINDINGS_MOST];
};

/* `KEY COMMAND [ARGUMENT]`, as the command `bind` has it. KEY counts wherever the command has a meaning, `list:KEY` and
 * `plots:KEY` only there. IFL_INVALID says what is wrong. */
enum ifl_status bindings_bind(struct bindings *bindings, const char *text, struct ifl_error *error);
/* KEY, `list:KEY` or `plots:KEY` does nothing any more. */
enum ifl_status bindings_unbind(struct bindings *bindings, const char *text, struct ifl_error *error);

struct binding {
    enum command command;
    const char *argument; /* "": none; valid until the bindings change */
};

/* What a key does in one context; DO_NOTHING where it does nothing. */
struct binding bindings_find(const struct bindings *bindings, int key, unsigned context);

/* The keys that now do what the first `most` keys of a row do by the table, as text: "w W", "Home End"; the others that
 * do so too behind them. "" where all have been taken away. `out` holds `size` bytes. */
char *bindings_text(const struct bindings *bindings, const struct key_row *row, size_t most, char *out, size_t size);

/* Whether bound[k] still counts somewhere; whether some row of the table shows it. */
bool bindings_holds(const struct bindings *bindings, size_t k);
bool bindings_in_table(const struct bindings *bindings, size_t k);

#endif
