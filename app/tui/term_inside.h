/* The terminal's own: what its files share. */
#ifndef TUI_TERM_INSIDE_H
#define TUI_TERM_INSIDE_H

#define NCURSES_WIDECHAR 1

#include <curses.h>
#include <wchar.h>

#include <plot/plot.h>

#include "term.h"
#include "wire.h"

struct term {
    SCREEN *screen;
    WINDOW *keys; /* a pad: reading from a window would paint it */
    FILE *output;
    int outlet; /* to it (outlet.h) */
    enum charset charset;
    enum theme theme;
    enum plot_colors able;   /* of the terminal, or what the user wishes where that is less */
    enum plot_colors colors; /* under the theme */
    bool light;
    bool background_light; /* for THEME_AUTO */

    bool mouse;             /* wanted */
    bool taken;             /* the terminal is ours */
    struct pointer pointer; /* of the last PRESS_MOUSE */
    int64_t pressed;        /* when, in milliseconds; -1: nothing a second press could follow */
    mbstate_t decoding;     /* a character of which bytes are missing */
    bool pasting;
    bool answering; /* what its background is */
    char answer[32];
    size_t answered; /* bytes of it */
    bool stale;      /* what is on screen is in the wrong colours */

    struct wire wire;
    struct canvas sent; /* what is on screen; no cells: unknown */
    bool lost;          /* so is everything: the next painting begins with an empty screen */
};

/* Before anything is read; `terminal`: the input is one. */
void term_define_keys(struct term *term, bool terminal);
/* Asks the terminal for its background; the answer comes among the keys. */
void term_ask_background(struct term *term);
/* Takes the mouse and pastes, or gives them back. */
void term_take_input(struct term *term, bool on);

#endif
