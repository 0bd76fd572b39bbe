/* spectra -> entropies. */
#ifndef INFOFLOW_ENTROPY_H
#define INFOFLOW_ENTROPY_H

#include <stddef.h>

/* S_alpha in bits, Eq. (2), of a matrix of trace 1 from its n eigenvalues; those <= 0 count as 0.
 *
 * alpha = 0: log2 of the number of eigenvalues above n times the rounding unit (the rank); alpha = 1: the von
 * Neumann limit; alpha = INFINITY: -log2 of the largest; else log2(sum lambda^alpha) / (1 - alpha), formed with
 * expm1 and log1p so that nothing cancels near alpha = 1; well below 1 (alpha <= 0.9), what the rank does not count is
 * left out, since small powers lift rounding noise. Needs alpha >= 0. Never NaN, never below 0. */
double ifl_entropy(const double *eigenvalues, size_t n, double alpha);

#endif
