/* Choosing the columns of the table of runs, in a box over it. */
#ifndef TUI_CHOOSER_H
#define TUI_CHOOSER_H

#include "runs.h"

struct chooser {
    bool open;
    size_t at, top; /* of the columns besides the name */
    size_t page;
};

void chooser_open(struct chooser *chooser);

/* Space shows or hides, J and K move a column, r the columns as at first, Enter, q, o and Esc close. False: no key of
 * the chooser's. */
bool chooser_key(struct chooser *chooser, struct runs *runs, int key);

/* Over what is drawn, within `where`. */
void chooser_draw(struct chooser *chooser, const struct runs *runs, struct canvas *canvas, struct rect where);

#endif
