/* What batched.c and the instruction sets' kernels share. Private to them. */
#ifndef CORE_BATCHED_KERNEL_H
#define CORE_BATCHED_KERNEL_H

#include <stdbool.h>
#include <stddef.h>

#if defined(__x86_64__) && defined(__GNUC__)
#define BATCHED_X86 1
#else
#define BATCHED_X86 0
#endif

#define BATCHED_ALIGN 64 /* bytes */

/* One instruction set's kernel: a lane of a vector is a matrix. */
struct batched_kernel {
    size_t width;  /* matrices tridiagonalised at once: doubles of a vector */
    size_t groups; /* vectors that go through the QL iteration together */
    size_t most;   /* n up to which LAPACK was slower */
    /* As batched_solve; false: a lane did not converge. `work`: BATCHED_WORK_VECTORS(n, groups) vectors, aligned. */
    bool (*run)(size_t n, size_t used, const double *const *pairs, const double *const *diagonals, double scale,
                double *work, double *const *eigenvalues);
};

/* In units of a vector: the triangle, 6 vectors a row, then d and e of each group. */
#define BATCHED_ROW_VECTORS             6
#define BATCHED_WORK_VECTORS(n, groups) ((n) * ((n) + 1) / 2 + ((size_t)BATCHED_ROW_VECTORS + 2 * (groups)) * (n))

/* The kernels that this machine can run, the fastest first; NULL beyond the last. */
const struct batched_kernel *batched_runnable(size_t k);

extern const struct batched_kernel batched_portable;
#if BATCHED_X86
extern const struct batched_kernel batched_avx2;
extern const struct batched_kernel batched_avx512;
#endif

#endif
