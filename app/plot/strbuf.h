/* A growing string. After a failed allocation it takes no more, and strbuf_take() says so. */
#ifndef PLOT_STRBUF_H
#define PLOT_STRBUF_H

#include <infoflow/status.h>

/* Zeroed, it is empty. */
struct strbuf {
    char *text;
    size_t length, room;
    bool failed;
};

void strbuf_add(struct strbuf *buffer, const char *text);
void strbuf_printf(struct strbuf *buffer, const char *format, ...) IFL_PRINTF(2, 3); /* 512 bytes at most */
/* Hands the string over (free()) or fails with IFL_NO_MEMORY, naming `what`. */
enum ifl_status strbuf_take(struct strbuf *buffer, char **out, const char *what, struct ifl_error *error);

#endif
