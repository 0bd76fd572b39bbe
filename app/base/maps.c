#include <base/maps.h>

/* splitmix64 */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* Takes each map with the probability that fills the sample exactly (selection sampling). */
void maps_sample(int32_t *out, size_t maps, size_t kept)
{
    uint64_t state = 0;
    size_t taken = 0;
    for (size_t map = 0; map < maps && taken < kept; map++)
        if (next_random(&state) % (maps - map) < kept - taken)
            out[taken++] = (int32_t)map;
}
