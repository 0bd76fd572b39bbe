/* The line being typed, and what it may go on with. */
#ifndef TUI_DRAW_PROMPT_H
#define TUI_DRAW_PROMPT_H

#include <plot/canvas.h>

#include "prompt.h"

/* In the last row of `where`; candidates in the rows above, as far as a third of them. `hint` (may be NULL) is said
 * while nothing is typed yet. */
void draw_prompt(struct canvas *canvas, struct rect where, const struct prompt *prompt, const char *hint);

#endif
