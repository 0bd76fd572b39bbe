/* Slips of the fingers: the name that was meant. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

enum { NEAREST_MOST = 24 };

/* The one of `names` [count] that is nearest to the `length` bytes typed (those beyond NEAREST_MOST do not count), or
 * to whose beginning they are nearest: as many insertions, deletions, replacements and exchanges of neighbours away as
 * half of them at most. NULL: none is near. */
const char *nearest_name(const char *const *names, size_t count, const char *typed, size_t length);

#endif
