/* The batched kernel of x86-64 with AVX2 and FMA. */
#include "batched_kernel.h"

#if BATCHED_X86
#include <immintrin.h>

#define WIDTH           4
#define GROUPS          4
#define COLUMNS_READ    4
#define COLUMNS_WRITTEN 2
#define MOST            512
#define TARGET          __attribute__((target("avx2,fma")))
#define KERNEL          batched_avx2

typedef __m256d vec;
typedef long long bits __attribute__((vector_size(32)));

#define fma_add(a, b, c) _mm256_fmadd_pd(a, b, c)
#define fma_sub(a, b, c) _mm256_fnmadd_pd(a, b, c)
#define square_root(a)   _mm256_sqrt_pd(a)
#define larger(a, b)     _mm256_max_pd(a, b)
#define magnitude(a)     _mm256_andnot_pd(_mm256_set1_pd(-0.0), a)
#define with_sign(a, b)  _mm256_or_pd(a, _mm256_and_pd(_mm256_set1_pd(-0.0), b))
#define IN_REGISTER(v)   __asm__("" : "+v"(v))
#define gathered(p, i)   _mm256_set_pd((p)[3][i], (p)[2][i], (p)[1][i], (p)[0][i])

#include "batched_template.h"
#else
typedef int batched_avx2_unused;
#endif
