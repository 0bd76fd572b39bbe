#include <base/maps.h>

/* splitmix64 */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* Visits the sample in order: each map is taken with the probability that fills it exactly (selection sampling). */
struct sampling {
    uint64_t state;
    size_t map, taken;
};

/* The next map of the sample; `maps` at its end. */
static size_t next_map(struct sampling *s, size_t maps, size_t kept)
{
    while (s->map < maps && s->taken < kept) {
        size_t map = s->map++;
        if (next_random(&s->state) % (maps - map) < kept - s->taken) {
            s->taken++;
            return map;
        }
    }
    return maps;
}

void maps_sample(int32_t *out, size_t maps, size_t kept)
{
    struct sampling s = {0};
    for (size_t k = 0; k < kept; k++)
        out[k] = (int32_t)next_map(&s, maps, kept);
}

bool maps_holds(size_t maps, size_t kept, size_t map)
{
    struct sampling s = {0};
    if (map >= maps || kept >= maps)
        return map < maps;
    size_t at = next_map(&s, maps, kept);
    while (at < map)
        at = next_map(&s, maps, kept);
    return at == map;
}
