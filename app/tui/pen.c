#include <stdarg.h>
#include <stdio.h>

#include <base/text.h>

#include "pen.h"

struct pen pen_at(struct canvas *canvas, struct rect where, int row)
{
    return (struct pen){canvas, where.x + 1, where.y + row, where.x + where.columns};
}

int pen_room(const struct pen *pen)
{
    return pen->end > pen->x ? pen->end - pen->x : 0;
}

void pen_skip(struct pen *pen, int columns)
{
    pen->x += columns;
}

void pen_text(struct pen *pen, uint8_t ink, uint8_t attributes, const char *text)
{
    char fitted[2048];
    if (pen_room(pen) == 0)
        return;
    text_fit(fitted, sizeof fitted, text, (size_t)pen_room(pen));
    pen->x += canvas_text(pen->canvas, pen->x, pen->y, pen_room(pen), fitted, ink, attributes);
}

void pen_printf(struct pen *pen, uint8_t ink, uint8_t attributes, const char *format, ...)
{
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    pen_text(pen, ink, attributes, text);
}

bool pen_pair(struct pen *pen, const char *name, const char *value, uint8_t ink, uint8_t attributes)
{
    size_t name_width = text_width(name), width = name_width + (name_width > 0) + text_width(value);
    if (width > (size_t)pen_room(pen))
        return false;
    pen_text(pen, INK_DIM, 0, name);
    pen_skip(pen, name_width > 0);
    pen_text(pen, ink, attributes, value);
    pen_skip(pen, 2);
    return true;
}

void row_attributes(struct canvas *canvas, struct rect where, int row, uint8_t attributes)
{
    for (int x = where.x; x < where.x + where.columns; x++) {
        struct cell *cell = canvas_at(canvas, x, where.y + row);
        if (cell != NULL)
            cell->attributes |= attributes;
    }
}
