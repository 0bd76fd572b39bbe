/* Logarithm and exponential without branch or call, so that a loop over them becomes SIMD code. Private to the core. */
#ifndef CORE_ELEMENTARY_H
#define CORE_ELEMENTARY_H

#include <stdint.h>
#include <string.h>

static inline uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static inline double of_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* `keep` ? x : other, by bits: of a conditional expression the compiler may make a branch. */
static inline double choose(int keep, double x, double other)
{
    uint64_t mask = (uint64_t)0 - (uint64_t)keep;
    return of_bits((bits_of(x) & mask) | (bits_of(other) & ~mask));
}

/* exp(t) = *scale + *scale * r for -707 < t < 709, *scale a power of two: t = k ln 2 + u, |u| <= ln 2 / 2, and r =
 * expm1(u) by its series to u^13 (error under 5e-18). Adding 1.5 * 2^52 rounds to an integer, which then stands in the
 * low bits of the sum. */
static inline double exp_parts(double t, double *scale)
{
    const double shifter = 6755399441055744.0;
    const double inverse_ln2 = 1.4426950408889634074;
    const double ln2_high = 0x1.62e42fefa0000p-1, ln2_low = 0x1.cf79abc9e3b3ap-40;
    double shifted = t * inverse_ln2 + shifter;
    double k = shifted - shifter;
    double u = (t - k * ln2_high) - k * ln2_low;
    double p = 1.0 / 6227020800.0;
    p = p * u + 1.0 / 479001600.0;
    p = p * u + 1.0 / 39916800.0;
    p = p * u + 1.0 / 3628800.0;
    p = p * u + 1.0 / 362880.0;
    p = p * u + 1.0 / 40320.0;
    p = p * u + 1.0 / 5040.0;
    p = p * u + 1.0 / 720.0;
    p = p * u + 1.0 / 120.0;
    p = p * u + 1.0 / 24.0;
    p = p * u + 1.0 / 6.0;
    p = p * u + 0.5;
    *scale = of_bits((bits_of(shifted) + 1023) << 52);
    return u + u * u * p;
}

/* exp(t) for t < 709; at -707 and below, and for a NaN, 0. Within 2 units in the last place. */
static inline double exp_or_zero(double t)
{
    double scale, r = exp_parts(choose(t > -707.0, t, 0), &scale);
    return choose(t > -707.0, scale + scale * r, 0);
}

/* exp(t) - 1 for -707 < t < 709, as exact for small t: there `scale` is 1. */
static inline double expm1_bounded(double t)
{
    double scale, r = exp_parts(t, &scale);
    return (scale - 1) + scale * r;
}

/* ln x of a positive normal x, within 1 unit in the last place, also near x = 1. x = 2^k (1 + f), sqrt(1/2) <= 1 + f <
 * sqrt(2); ln(1 + f) = 2 artanh(s), s = f / (2 + f), by its series to s^19 (error under 3e-17 of it), arranged so that
 * f itself, which is exact, is the leading term. */
static inline double log_normal(double x)
{
    const uint64_t half_root = 0x3fe6a09e667f3bcd; /* sqrt(1/2) */
    const double ln2_high = 0x1.62e42fee00000p-1, ln2_low = 0x1.a39ef35793c76p-33;
    uint64_t shifted = bits_of(x) + (0x3ff0000000000000 - half_root);
    double k = of_bits(shifted >> 52 | 0x4330000000000000) - (4503599627370496.0 + 1023);
    double f = of_bits((shifted & 0x000fffffffffffff) + half_root) - 1;
    double s = f / (2 + f), z = s * s, half = 0.5 * f * f;
    double p = 2.0 / 19;
    p = p * z + 2.0 / 17;
    p = p * z + 2.0 / 15;
    p = p * z + 2.0 / 13;
    p = p * z + 2.0 / 11;
    p = p * z + 2.0 / 9;
    p = p * z + 2.0 / 7;
    p = p * z + 2.0 / 5;
    p = p * z + 2.0 / 3;
    return k * ln2_high - ((half - (s * (half + p * z) + k * ln2_low)) - f);
}

#endif
