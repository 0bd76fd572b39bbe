/* The terminal's description, by the names of terminfo(5). Needs newterm. */
#ifndef TUI_TERMINFO_H
#define TUI_TERMINFO_H

#include <stdbool.h>
#include <stddef.h>

/* NULL: the terminal has no such capability. */
const char *terminfo(const char *name);
bool terminfo_flag(const char *name);

/* Copies a capability's text without its padding, `$<5>`: no terminal has needed that for long. At most `room` bytes,
 * without a NUL; returns how many. `text` may be NULL. */
size_t terminfo_copy(char *out, size_t room, const char *text);

#endif
