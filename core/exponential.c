#include <stdint.h>
#include <string.h>

#include "exponential.h"
#include "simd.h"

/* exp(t) = 2^k exp(r), k = round(t / ln 2), |r| <= ln 2 / 2, exp(r) by its series to r^13 (error under 5e-18). No
 * branch (what is too small is masked out, before and after) and no call, so that the loop becomes SIMD code. Adding
 * 1.5 * 2^52 rounds to an integer that then stands in the low bits of the sum. */
IFL_CLONES
void exp_negative(double *v, size_t count)
{
    const double shifter = 6755399441055744.0;
    const double inverse_ln2 = 1.4426950408889634074;
    const double ln2_high = 0x1.62e42fefa0000p-1, ln2_low = 0x1.cf79abc9e3b3ap-40;
    for (size_t i = 0; i < count; i++) {
        double t = -v[i];
        uint64_t mask = (uint64_t)0 - (uint64_t)(t > -707.0), bits, scale;
        memcpy(&bits, &t, sizeof bits);
        bits &= mask;
        memcpy(&t, &bits, sizeof t);
        double shifted = t * inverse_ln2 + shifter;
        double k = shifted - shifter;
        double r = (t - k * ln2_high) - k * ln2_low;
        double p = 1.0 / 6227020800.0;
        p = p * r + 1.0 / 479001600.0;
        p = p * r + 1.0 / 39916800.0;
        p = p * r + 1.0 / 3628800.0;
        p = p * r + 1.0 / 362880.0;
        p = p * r + 1.0 / 40320.0;
        p = p * r + 1.0 / 5040.0;
        p = p * r + 1.0 / 720.0;
        p = p * r + 1.0 / 120.0;
        p = p * r + 1.0 / 24.0;
        p = p * r + 1.0 / 6.0;
        p = p * r + 0.5;
        p = p * r + 1.0;
        p = p * r + 1.0;
        memcpy(&scale, &shifted, sizeof scale);
        memcpy(&bits, &p, sizeof bits);
        bits = (bits + (scale << 52)) & mask; /* k into the exponent */
        memcpy(&v[i], &bits, sizeof bits);
    }
}
