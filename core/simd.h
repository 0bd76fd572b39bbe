/* Lets the compiler make one clone of a hot loop per instruction set, chosen when the library is loaded. */
#ifndef CORE_SIMD_H
#define CORE_SIMD_H

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) &&              \
    !defined(__SANITIZE_THREAD__)
#define IFL_CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define IFL_CLONES
#endif

#endif
