/* The count of changes that a list of runs would show. Private to store/. */
#ifndef STORE_STAMP_H
#define STORE_STAMP_H

#include <store/db.h>

/* Counts one more, in the transaction that makes the change. */
enum ifl_status stamp_tick(struct store *store, const char *doing, struct ifl_error *error);

#endif
