/* Text from left to right in one row of a canvas, each piece in its own ink. */
#ifndef TUI_PEN_H
#define TUI_PEN_H

#include <plot/canvas.h>

struct pen {
    struct canvas *canvas;
    int x, y, end; /* the first column that is not ours */
};

/* At the left of row `row` of `where`, one column in. */
struct pen pen_at(struct canvas *canvas, struct rect where, int row);
int pen_room(const struct pen *pen);
/* What does not fit is cut, with a `~` for it. */
void pen_text(struct pen *pen, uint8_t ink, uint8_t attributes, const char *text);
void pen_printf(struct pen *pen, uint8_t ink, uint8_t attributes, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* `name value  `, the name (may be empty) in the background; left out as a whole where it does not fit (false). */
bool pen_pair(struct pen *pen, const char *name, const char *value, uint8_t ink, uint8_t attributes);
void pen_skip(struct pen *pen, int columns);

/* Sets attributes on a whole row of `where`, text and blanks alike. */
void row_attributes(struct canvas *canvas, struct rect where, int row, uint8_t attributes);

#endif
