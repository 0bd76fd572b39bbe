#include <dump/dump.h>

#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)
#define GIB ((size_t)1 << 30)

_Static_assert(sizeof(size_t) >= 8, "the limits below count in 64 bits");

struct dump_limits dump_limits_default(void)
{
    return (struct dump_limits){
        .json = MIB,
        .json_depth = 32,
        .header = 64 * KIB,
        .rank = 8,
        .array = 4 * GIB,
        .snapshot = 8 * GIB,
        .entries = 16 * KIB,
        .layers = 4 * KIB,
        .maps = MIB,
        .fields = 4 * KIB,
        .name = 255,
        .samples = 4 * KIB, /* a spectrum takes n^3: of more than these nobody waits for */
    };
}
