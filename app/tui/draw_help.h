/* What keys and commands there are: the help, and the hints of the status line. Both are the table of keys itself, with
 * the bindings that hold. */
#ifndef TUI_DRAW_HELP_H
#define TUI_DRAW_HELP_H

#include "keys.h"
#include "pen.h"

struct help {
    bool open;
    unsigned context; /* where it was asked for: its own keys come first */
    int top;          /* the line of it that is shown first */
    int page;         /* lines on screen when it was drawn last */
};

/* Opens it at its beginning. */
void help_open(struct help *help, unsigned context);
/* Keys that scroll; those that close it (q ? Esc F1) leave open == false. False where a key is neither. */
bool help_key(struct help *help, int key);

/* Fills the canvas; `help->top` is held within the text. */
void draw_help(struct canvas *canvas, const struct bindings *bindings, struct help *help);

/* Hints as far as they fit, each as a whole. */
void draw_hints(struct pen *pen, const struct bindings *bindings, unsigned context);

#endif
