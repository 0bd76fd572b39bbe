/* A grid of character cells with meanings for colours, and lines drawn into it. Knows no terminal. */
#ifndef PLOT_CANVAS_H
#define PLOT_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <infoflow/status.h>

/* What a cell's colour means; a palette (palette.h) says what it looks like. */
enum ink {
    INK_NONE, /* the terminal's own foreground */
    INK_DIM,  /* axes, grid, what recedes */
    INK_TITLE,
    INK_WARN,  /* violations, unhealthy values */
    INK_BOUND, /* upper bounds */
    INK_CURSOR,
    INK_SERIES, /* INK_SERIES + k, k < INK_SERIES_COUNT: the k-th series */
    INK_SERIES_COUNT = 8,
    INK_TIME = INK_SERIES + INK_SERIES_COUNT, /* INK_TIME + k, k < INK_TIME_COUNT: early to late */
    INK_TIME_COUNT = 8,
    INK_COUNT = INK_TIME + INK_TIME_COUNT
};

enum { CELL_BOLD = 1, CELL_REVERSE = 2 };

struct cell {
    uint32_t glyph; /* a code point one column wide; 0 reads as a space */
    uint8_t ink;
    uint8_t attributes;
};

enum charset { CHARSET_ASCII, CHARSET_BRAILLE };

/* Zeroed cells are blank. */
struct canvas {
    int columns, rows;
    enum charset charset;
    struct cell *cells; /* [rows][columns] */
};

struct rect {
    int x, y, columns, rows;
};

/* IFL_INVALID outside 1..2000 by 1..1000. */
enum ifl_status canvas_init(struct canvas *canvas, int columns, int rows, enum charset charset,
                            struct ifl_error *error);
void canvas_release(struct canvas *canvas);
void canvas_clear(struct canvas *canvas);

/* All drawing is clipped to the canvas. */
struct cell *canvas_at(struct canvas *canvas, int x, int y); /* NULL outside */
void canvas_put(struct canvas *canvas, int x, int y, uint32_t glyph, uint8_t ink, uint8_t attributes);
/* Sanitised UTF-8, cut at `columns` (< 0: at the edge); returns the columns written. */
int canvas_text(struct canvas *canvas, int x, int y, int columns, const char *text, uint8_t ink, uint8_t attributes);

#endif
