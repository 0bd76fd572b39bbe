/* What every key does: one table for the dispatcher, the hints and the help. Knows no terminal. */
#ifndef TUI_KEYS_H
#define TUI_KEYS_H

#include <stddef.h>

/* A key is the code point it types, or one of these. */
enum {
    PRESS_CTRL_L = 0x0C,
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

enum command {
    DO_NOTHING,
    DO_DOWN, /* of a list */
    DO_UP,
    DO_PAGE_DOWN,
    DO_PAGE_UP,
    DO_FIRST,
    DO_LAST,
    DO_OPEN,
    DO_SEARCH,
    DO_SEARCH_NEXT,
    DO_SEARCH_PREVIOUS,
    DO_SORT,
    DO_SORT_REVERSE,
    DO_H_DOWN,
    DO_H_UP,
    DO_H_ERROR_DOWN,
    DO_H_ERROR_UP,
    DO_ALPHA_DOWN,
    DO_ALPHA_UP,
    DO_WIDTH_RULE,
    DO_COMPOSITION,
    DO_TYPE,
    DO_DEFAULTS,
    DO_UNDO,
    DO_EPOCH_PREVIOUS,
    DO_EPOCH_NEXT,
    DO_EPOCH_BACK,
    DO_EPOCH_FORWARD,
    DO_EPOCH_FIRST,
    DO_EPOCH_LAST,
    DO_LAYER_PREVIOUS,
    DO_LAYER_NEXT,
    DO_PLAY,
    DO_PANEL_1,
    DO_PANEL_2,
    DO_PANEL_3,
    DO_PANE,
    DO_ESCAPE,
    DO_HELP,
    DO_REDRAW,
    DO_SUSPEND,
    DO_QUIT
};

/* Where a key counts: the screen of runs, the strip of runs beside the plots while it has the focus, the plots (also
 * while the strip has the focus, for the keys it has no use for). */
enum { ON_LIST = 1, ON_STRIP = 2, ON_PLOTS = 4 };

enum section { SECTION_PARAMETERS, SECTION_TRAINING, SECTION_VIEW, SECTION_RUNS, SECTION_ALWAYS, SECTIONS };

enum { KEYS_A_ROW = 6 };

struct key_row {
    unsigned contexts;
    enum section section;
    const char *hint; /* on the status line, after the first `hinted` keys; NULL: not there */
    int hinted;
    const char *what;
    struct {
        int key;
        enum command command;
    } keys[KEYS_A_ROW]; /* ended by a key 0 */
};

extern const struct key_row key_table[];
extern const size_t key_rows;

const char *section_name(enum section section);

/* The command of a key in one context, DO_NOTHING where it has none. */
enum command key_command(int key, unsigned context);

/* The first `most` keys of a row as text: "w W", "Home End". */
char *key_text(char out[64], const struct key_row *row, size_t most);

#endif
