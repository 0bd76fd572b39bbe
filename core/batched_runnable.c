#include "batched_kernel.h"

const struct batched_kernel *batched_runnable(size_t k)
{
    const struct batched_kernel *kernels[3];
    size_t count = 0;
#if BATCHED_X86
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq"))
        kernels[count++] = &batched_avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        kernels[count++] = &batched_avx2;
#endif
    kernels[count++] = &batched_portable;
    return k < count ? kernels[k] : NULL;
}
