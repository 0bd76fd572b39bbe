/* The descriptor that a terminal is sent bytes through, without ever being held up by one that takes none. */
#ifndef TUI_OUTLET_H
#define TUI_OUTLET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One of our own that does not block, for the flags of `fd` are shared with the shell and whoever else has it; where
 * there is none to be had, `fd` itself. */
int outlet_open(int fd);
void outlet_close(int outlet, int fd);

/* Sends all, or false: as soon as it has to wait while something is readable from `interrupt` (-1: nothing is), or has
 * waited for so many milliseconds (-1: for ever). To a terminal that is gone everything has been sent.
 * Async-signal-safe. */
bool outlet_send(int outlet, const char *bytes, size_t length, int interrupt, int milliseconds);
/* Lets go on what ^S has stopped, where it is. The same. */
void outlet_resume(int outlet);

#endif
