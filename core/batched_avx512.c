/* The batched kernel of x86-64 with AVX-512 (F and DQ). */
#include "batched_kernel.h"

#if BATCHED_X86
#include <immintrin.h>

#define WIDTH           8
#define GROUPS          4
#define COLUMNS_READ    4
#define COLUMNS_WRITTEN 4
#define MOST            512
#define TARGET          __attribute__((target("avx512f,avx512dq")))
#define KERNEL          batched_avx512

typedef __m512d vec;
typedef long long bits __attribute__((vector_size(64)));

#define fma_add(a, b, c) _mm512_fmadd_pd(a, b, c)
#define fma_sub(a, b, c) _mm512_fnmadd_pd(a, b, c)
#define square_root(a)   _mm512_sqrt_pd(a)
#define larger(a, b)     _mm512_max_pd(a, b)
#define magnitude(a)     _mm512_andnot_pd(_mm512_set1_pd(-0.0), a)
#define with_sign(a, b)  _mm512_or_pd(a, _mm512_and_pd(_mm512_set1_pd(-0.0), b))
#define IN_REGISTER(v)   __asm__("" : "+v"(v))
#define gathered(p, i)                                                                                                 \
    _mm512_set_pd((p)[7][i], (p)[6][i], (p)[5][i], (p)[4][i], (p)[3][i], (p)[2][i], (p)[1][i], (p)[0][i])

#include "batched_template.h"
#else
typedef int batched_avx512_unused;
#endif
