/* The cache of spectra. Private to store/. */
#ifndef STORE_SPECTRA_H
#define STORE_SPECTRA_H

#include <store/db.h>

/* Writes down which sets were visited since the last write, if the file can be written at once; says nothing if not. */
void spectra_flush_use(struct store *store);

#endif
