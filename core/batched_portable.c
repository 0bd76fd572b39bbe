/* The batched kernel of every machine. */
#include <stdint.h>

#include "batched_kernel.h"

#define WIDTH           2
#define GROUPS          4
#define COLUMNS_READ    2
#define COLUMNS_WRITTEN 2
#define MOST            160
#define TARGET
#define KERNEL         batched_portable
#define IN_REGISTER(v) (void)(v)

typedef double vec __attribute__((vector_size(WIDTH * 8), may_alias));
typedef long long bits __attribute__((vector_size(WIDTH * 8)));

#define fma_add(a, b, c) ((a) * (b) + (c))
#define fma_sub(a, b, c) ((c) - (a) * (b))

static inline vec square_root(vec a)
{
    for (size_t k = 0; k < WIDTH; k++)
        a[k] = __builtin_sqrt(a[k]);
    return a;
}

static inline vec larger(vec a, vec b)
{
    bits mask = (bits)(a > b);
    return (vec)(((bits)a & mask) | ((bits)b & ~mask));
}

static inline vec magnitude(vec a)
{
    return (vec)((bits)a & INT64_MAX);
}

static inline vec with_sign(vec a, vec b)
{
    return (vec)((bits)a | ((bits)b & INT64_MIN));
}

static inline vec gathered(const double *const *p, size_t i)
{
    vec v;
    for (size_t k = 0; k < WIDTH; k++)
        v[k] = p[k][i];
    return v;
}

#include "batched_template.h"
