#include "elementary.h"
#include "exponential.h"
#include "simd.h"

IFL_CLONES
void exp_negative(double *v, size_t count)
{
    for (size_t i = 0; i < count; i++)
        v[i] = exp_or_zero(-v[i]);
}
