#ifndef CORE_EXPONENTIAL_H
#define CORE_EXPONENTIAL_H

#include <stddef.h>

/* v[k] = exp(-v[k]) for v[k] >= 0, within 2 units in the last place; below 2^-1021 the result is 0. */
void exp_negative(double *v, size_t count);

#endif
