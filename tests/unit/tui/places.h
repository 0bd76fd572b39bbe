/* A home folder of a test's own. */
#ifndef TESTS_TUI_PLACES_H
#define TESTS_TUI_PLACES_H

/* Makes it, and has $HOME say so; $XDG_CONFIG_HOME and $XDG_STATE_HOME are unset. Removed at exit. Once made, it is the
 * same one. */
const char *places_home(void);
/* `home`/`name`, in one of a few buffers. */
const char *places_in_home(const char *name);
void places_write(const char *path, const void *bytes, size_t length);
/* The whole of a file as a string (free()). */
char *places_read(const char *path);

#endif
