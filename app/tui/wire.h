/* What goes to the terminal to change cells: cursor, style, glyphs, each in as few bytes as its description allows. */
#ifndef TUI_WIRE_H
#define TUI_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STYLE_BOLD = 1, STYLE_DIM = 2, STYLE_REVERSE = 4 };

struct style {
    int color; /* -1: the terminal's own */
    unsigned attributes;
};

static inline bool style_equal(struct style a, struct style b)
{
    return a.color == b.color && a.attributes == b.attributes;
}

struct wire {
    int fd;
    int interrupt; /* a descriptor: what is readable there ends the wait for a terminal that takes nothing; -1 */
    bool given_up; /* the painting at work, for that reason */
    const char *cup, *hpa, *cuf, *cuu, *cud, *cub1, *cud1, *cr, *el, *ech, *clear; /* NULL: not to be had */
    const char *setaf, *sgr0, *bold, *dim, *reverse;
    bool wraps_late;    /* a glyph in the last column leaves the cursor on its line */
    bool private_modes; /* those it does not know it ignores */

    int columns;
    int x, y; /* of the cursor; -1: unknown */
    struct style style;
    bool begun; /* a synchronized painting that wire_end has to end */
    size_t length;
    char bytes[1 << 14];
};

/* Needs newterm. Sends nothing. */
void wire_init(struct wire *wire, int fd);

/* A painting of a screen of so many columns. Nobody else has sent anything since the last one, or `lost` says so. */
void wire_begin(struct wire *wire, int columns, bool lost);
/* False: it was given up, and what is on screen is not known. */
bool wire_end(struct wire *wire);

void wire_clear(struct wire *wire);
void wire_move(struct wire *wire, int x, int y);
void wire_style(struct wire *wire, struct style style);
void wire_glyph(struct wire *wire, uint32_t glyph);
/* Blanks so many cells from the cursor on, which may stay before them; `tail`: these are all to the line's end. The
 * style must not be a reversed one. */
void wire_erase(struct wire *wire, int cells, bool tail);

/* A private mode (DECSET), where the terminal is of the kind that knows some. Goes at once. */
void wire_mode(struct wire *wire, int mode, bool on);
/* A question, where the terminal is of that kind. */
void wire_ask(struct wire *wire, const char *question);

#endif
