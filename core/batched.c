#include <stdint.h>
#include <stdlib.h>

#include "batched.h"
#include "batched_kernel.h"

#if BATCHED_X86
#include <xmmintrin.h>
#endif

struct batched {
    size_t n;
    const struct batched_kernel *kernel;
    void *allocated;
    double *work; /* in `allocated`, aligned */
};

size_t batched_lanes(void)
{
    const struct batched_kernel *kernel = batched_runnable(0);
    return kernel->width * kernel->groups;
}

size_t batched_width(void)
{
    return batched_runnable(0)->width;
}

bool batched_wins(size_t n)
{
    return n >= 2 && n <= batched_runnable(0)->most;
}

enum ifl_status batched_new(struct batched **out, size_t n, struct ifl_error *error)
{
    struct batched *b = ifl_alloc(1, sizeof *b);
    if (b == NULL)
        goto no_memory;
    b->n = n;
    b->kernel = batched_runnable(0);
    size_t vector = b->kernel->width * sizeof *b->work, square, bytes;
    if (n > SIZE_MAX / 64 || !ifl_size_mul(n, n + 64, &square) || !ifl_size_mul(square, vector, &bytes))
        goto no_memory;
    bytes = BATCHED_WORK_VECTORS(n, b->kernel->groups) * vector;
    b->allocated = ifl_alloc(bytes + BATCHED_ALIGN, 1);
    if (b->allocated == NULL)
        goto no_memory;
    size_t past = (uintptr_t)b->allocated % BATCHED_ALIGN;
    b->work = (double *)(void *)((char *)b->allocated + (past == 0 ? 0 : BATCHED_ALIGN - past));
    *out = b;
    return IFL_OK;

no_memory:
    batched_free(b);
    return ifl_fail(error, IFL_NO_MEMORY, "no memory for a batch of %zu x %zu matrices", n, n);
}

void batched_free(struct batched *workspace)
{
    if (workspace == NULL)
        return;
    free(workspace->allocated);
    free(workspace);
}

/* Denormals count as 0 meanwhile: they are far below the noise, and cost some processors a hundred cycles each. */
static unsigned int flush_denormals(void)
{
#if BATCHED_X86
    unsigned int before = _mm_getcsr();
    _mm_setcsr(before | 0x8040u);
    return before;
#else
    return 0;
#endif
}

static void restore_denormals(unsigned int before)
{
#if BATCHED_X86
    _mm_setcsr(before);
#else
    (void)before;
#endif
}

enum ifl_status batched_solve(struct batched *b, size_t n, size_t used, const double *const *pairs,
                              const double *const *diagonals, double scale, double *const *eigenvalues,
                              struct ifl_error *error)
{
    if (used == 0 || n == 0)
        return IFL_OK;
    if (n > b->n)
        return ifl_fail(error, IFL_INVALID, "%zu x %zu is more than there is room for", n, n);
    if (used > b->kernel->width * b->kernel->groups)
        return ifl_fail(error, IFL_INVALID, "%zu matrices are more than a batch takes", used);
    unsigned int before = flush_denormals();
    bool converged = b->kernel->run(n, used, pairs, diagonals, scale, b->work, eigenvalues);
    restore_denormals(before);
    if (!converged)
        return ifl_fail(error, IFL_FAILED, "the batched eigenvalue solver did not converge");
    return IFL_OK;
}
