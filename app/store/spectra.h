/* The cache of spectra. Private to store/. */
#ifndef STORE_SPECTRA_H
#define STORE_SPECTRA_H

#include <store/db.h>

/* Writes down which sets were visited since the last write, if the file can be written at once; says nothing if not. */
void spectra_flush_use(struct store *store);

/* The row's spectrum, its columns from the second on: variable, joined, layer, i, j, digest, data. False: a damaged one is
 * as good as none, it will be computed and kept again. */
bool spectra_read(struct query *query, size_t n, struct ifl_subset *subset, double *eigenvalues);

#endif
