/* The terminal: the only part that knows curses. One at a time. */
#ifndef TUI_TERM_H
#define TUI_TERM_H

#include <stdio.h>

#include <plot/canvas.h>

struct term;

/* Takes over the terminal. charset: an enum charset, or -1 for what the locale says; colors: an enum plot_colors, or
 * -1 for what the terminal and NO_COLOR say. IFL_FAILED: it cannot show a screen. */
enum ifl_status term_new(struct term **out, FILE *output, FILE *input, int charset, int colors,
                         struct ifl_error *error);
/* Gives it back as it was. */
void term_free(struct term *term);

enum charset term_charset(const struct term *term);
void term_size(const struct term *term, int *columns, int *rows);

/* Brings the canvas on screen, sending what has changed. */
void term_paint(struct term *term, const struct canvas *canvas);
/* The next painting sends everything. */
void term_forget(struct term *term);

/* A key (keys.h) that has been typed, or -1. */
int term_key(struct term *term);

/* Asks the system for the size and takes it over. */
void term_resize(struct term *term);
/* Gives the terminal back for a while, and takes it again. */
void term_suspend(struct term *term);
void term_resume(struct term *term);

#endif
