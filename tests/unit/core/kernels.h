/* Every kernel of the batched solver that this machine can run, not only the one that the core takes. */
#ifndef TEST_CORE_KERNELS_H
#define TEST_CORE_KERNELS_H

#include <criterion/criterion.h>

/* Calls `check` once for each, the fastest first, with which the core then computes. */
void with_each_kernel(void (*check)(void));

#define KERNEL_TEST(suite, name)                                                                                       \
    static void suite##_##name(void);                                                                                  \
    Test(suite, name)                                                                                                  \
    {                                                                                                                  \
        with_each_kernel(suite##_##name);                                                                              \
    }                                                                                                                  \
    static void suite##_##name(void)

#endif
