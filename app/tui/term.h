/* The terminal: the only part that knows curses. One at a time. */
#ifndef TUI_TERM_H
#define TUI_TERM_H

#include <stdio.h>

#include <base/capability.h>
#include <plot/plot.h>

#include "pointer.h"

struct term;

/* Takes over the terminal. charset: an enum charset, or -1 for what the locale says; colors: an enum plot_colors, or
 * -1 for what the terminal and NO_COLOR say. IFL_FAILED: it cannot show a screen. */
enum ifl_status term_new(struct term **out, FILE *output, FILE *input, int charset, int colors,
                         struct ifl_error *error);
/* Gives it back as it was, within a second even where it takes nothing. */
void term_free(struct term *term);

enum charset term_charset(const struct term *term);
enum plot_colors term_colors(const struct term *term);
bool term_light(const struct term *term); /* whether the colours are those for a light background */
/* The next painting is in other colours. It begins as THEME_AUTO. */
void term_theme(struct term *term, enum theme theme);
void term_size(const struct term *term, int *columns, int *rows);

/* Brings the canvas on screen, sending what has changed. */
void term_paint(struct term *term, const struct canvas *canvas);
/* What is readable there ends a painting that a stalled terminal holds up: the loop's signals. At first there is none. */
void term_interrupt(struct term *term, int fd);
/* The next painting sends everything. */
void term_forget(struct term *term);

/* A key (keys.h) that has been typed, or -1. After PRESS_MOUSE term_pointer says what the mouse did. */
int term_key(struct term *term);
void term_pointer(const struct term *term, struct pointer *out);
/* Whether the terminal tells what the mouse does; at first it does not. Then it selects text while shift is held. */
void term_mouse(struct term *term, bool on);
/* Whether what came among the keys asks for another painting. */
bool term_stale(const struct term *term);

/* Asks the system for the size and takes it over. */
void term_resize(struct term *term);
/* Gives the terminal back for a while, and takes it again. */
void term_suspend(struct term *term);
void term_resume(struct term *term);

#endif
