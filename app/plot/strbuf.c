#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strbuf.h"

void strbuf_add(struct strbuf *buffer, const char *text)
{
    size_t length = strlen(text);
    if (buffer->failed)
        return;
    if (buffer->room - buffer->length <= length) {
        size_t room = 2 * buffer->room + length + 256;
        char *grown = realloc(buffer->text, room);
        if (grown == NULL) {
            buffer->failed = true;
            return;
        }
        buffer->text = grown;
        buffer->room = room;
    }
    memcpy(buffer->text + buffer->length, text, length + 1);
    buffer->length += length;
}

void strbuf_printf(struct strbuf *buffer, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    strbuf_add(buffer, text);
}

enum ifl_status strbuf_take(struct strbuf *buffer, char **out, const char *what, struct ifl_error *error)
{
    strbuf_add(buffer, ""); /* so that an empty one is a string too */
    if (buffer->failed) {
        free(buffer->text);
        *buffer = (struct strbuf){0};
        return ifl_fail(error, IFL_NO_MEMORY, "%s: out of memory", what);
    }
    *out = buffer->text;
    *buffer = (struct strbuf){0};
    return IFL_OK;
}
