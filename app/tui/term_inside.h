/* The terminal's own: what its files share. */
#ifndef TUI_TERM_INSIDE_H
#define TUI_TERM_INSIDE_H

#define NCURSES_WIDECHAR 1

#include <curses.h>

#include <plot/plot.h>

#include "term.h"

struct term {
    SCREEN *screen;
    FILE *output;
    enum charset charset;
    enum plot_colors able;   /* of the terminal, or what the user wishes where that is less */
    enum plot_colors colors; /* under the theme */
    bool erases_in_color;    /* what it erases takes the background in force (bce) */

    struct canvas sent; /* what curses was last told, blanks in the ink they took; no cells: nothing yet */
    cchar_t *row;       /* [sent.columns] */
};

#endif
