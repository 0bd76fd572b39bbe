/* Which feature maps of a wide layer are kept one by one. Of the others only their part in the layer's sum is. */
#ifndef BASE_MAPS_H
#define BASE_MAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many of a variable's `maps` are kept under a limit; 0: no limit. */
static inline size_t maps_kept(size_t maps, size_t limit)
{
    return limit == 0 || maps <= limit ? maps : limit;
}

/* Which they are, into out[kept], ascending: a sample without replacement from a fixed seed, so that it is the same in
 * every snapshot, for T and delta, and on every machine. */
void maps_sample(int32_t *out, size_t maps, size_t kept);

/* Whether `map` is one of them. */
bool maps_holds(size_t maps, size_t kept, size_t map);

#endif
