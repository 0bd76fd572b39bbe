#include <stdlib.h>
#include <string.h>

#include <base/text.h>

#include <plot/canvas.h>

enum { COLUMNS_MAX = 2000, ROWS_MAX = 1000 };

enum ifl_status canvas_init(struct canvas *canvas, int columns, int rows, enum charset charset, struct ifl_error *error)
{
    if (columns < 1 || columns > COLUMNS_MAX || rows < 1 || rows > ROWS_MAX)
        return ifl_fail(error, IFL_INVALID, "a canvas of %dx%d: must be 1x1 to %dx%d", columns, rows, COLUMNS_MAX,
                        ROWS_MAX);
    struct cell *cells = ifl_alloc((size_t)columns * (size_t)rows, sizeof *cells);
    if (cells == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "a canvas of %dx%d: out of memory", columns, rows);
    *canvas = (struct canvas){.columns = columns, .rows = rows, .charset = charset, .cells = cells};
    return IFL_OK;
}

void canvas_release(struct canvas *canvas)
{
    free(canvas->cells);
    *canvas = (struct canvas){0};
}

void canvas_clear(struct canvas *canvas)
{
    memset(canvas->cells, 0, (size_t)canvas->columns * (size_t)canvas->rows * sizeof *canvas->cells);
}

struct cell *canvas_at(struct canvas *canvas, int x, int y)
{
    if (x < 0 || x >= canvas->columns || y < 0 || y >= canvas->rows)
        return NULL;
    return &canvas->cells[(size_t)y * (size_t)canvas->columns + (size_t)x];
}

void canvas_put(struct canvas *canvas, int x, int y, uint32_t glyph, uint8_t ink, uint8_t attributes)
{
    struct cell *cell = canvas_at(canvas, x, y);
    if (cell != NULL)
        *cell = (struct cell){.glyph = glyph, .ink = ink, .attributes = attributes};
}

int canvas_text(struct canvas *canvas, int x, int y, int columns, const char *text, uint8_t ink, uint8_t attributes)
{
    if (columns < 0 || columns > canvas->columns - x)
        columns = canvas->columns - x;
    char clean[4 * COLUMNS_MAX];
    text_clean(clean, sizeof clean, text, canvas->charset == CHARSET_ASCII);

    int written = 0;
    unsigned glyph;
    for (const char *at = clean; *at != '\0';) {
        char one[5] = {0};
        int length = text_decode(at, &glyph);
        memcpy(one, at, (size_t)length);
        at += length;
        /* A cell holds one code point of one column: marks that combine are left out, wide ones are stood in for. */
        int width = (int)text_width(one);
        if (written + width > columns)
            break;
        for (int k = 0; k < width; k++)
            canvas_put(canvas, x + written++, y, width == 1 ? glyph : 0xFFFD, ink, attributes);
    }
    return written;
}
