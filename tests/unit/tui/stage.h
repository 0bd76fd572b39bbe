/* A terminal that is a file: what is painted is read back from the bytes themselves, by a terminal of our own that
 * understands what infoflow may send and fails the test at anything else. */
#ifndef TESTS_TUI_STAGE_H
#define TESTS_TUI_STAGE_H

#include <stdio.h>

#include <tui/term.h>
#include <tui/wire.h>

struct stage_cell {
    uint32_t glyph; /* never 0 */
    struct style style;
};

struct stage {
    struct term *term;
    struct canvas canvas; /* to draw on: as large as the screen, of its charset */
    FILE *output;
    int input; /* what is written here is typed */

    struct stage_cell *cells; /* [rows][columns] */
    int columns, rows, x, y;
    struct style style;
    bool synchronized; /* in the midst of a painting */
    unsigned modes;    /* of enum stage_mode */
    long read;         /* bytes of the output */
    long painted;      /* of these in synchronized paintings */
};

enum stage_mode { STAGE_ALTERNATE = 1, STAGE_CURSOR = 2, STAGE_MOUSE = 4, STAGE_PASTE = 8 };

/* charset and colors as term_new has them; `terminal` is its TERM, and COLORFGBG, NO_COLOR and so on are unset. */
void stage_open_as(struct stage *stage, const char *terminal, int columns, int rows, int charset, int colors);
void stage_open(struct stage *stage, int columns, int rows, int charset, int colors);
void stage_close(struct stage *stage);

void stage_type(struct stage *stage, const char *bytes);
/* Paints the canvas; the bytes that took. */
long stage_paint(struct stage *stage);
/* Reads what has been sent without painting. */
void stage_read(struct stage *stage);

/* That the screen shows the canvas: glyphs, the colour of every ink, what is reversed. */
void stage_expect_canvas(const struct stage *stage);
/* That it is tests/golden/tui/NAME: a grid of glyphs, one of colours, one of attributes, without what is empty. */
void stage_golden(const struct stage *stage, const char *name);

#endif
