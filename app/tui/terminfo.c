#define NCURSES_WIDECHAR 1

#include <curses.h>
#include <string.h>

#include "terminfo.h"

const char *terminfo(const char *name)
{
    const char *text = tigetstr(name);
    return text == (const char *)-1 ? NULL : text; /* NOLINT(performance-no-int-to-ptr): how curses says it */
}

bool terminfo_flag(const char *name)
{
    return tigetflag(name) > 0;
}

size_t terminfo_copy(char *out, size_t room, const char *text)
{
    size_t length = 0;
    while (text != NULL && *text != '\0' && length < room) {
        const char *end = text[0] == '$' && text[1] == '<' ? strchr(text, '>') : NULL;
        if (end != NULL)
            text = end + 1;
        else
            out[length++] = *text++;
    }
    return length;
}
