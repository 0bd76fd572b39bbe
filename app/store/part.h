/* What tells a snapshot from another of the same number. Private to store/. */
#ifndef STORE_PART_H
#define STORE_PART_H

#include <store/db.h>

/* Of all that spectra are computed from, by the digests of its arrays. *n = 0: there is no such snapshot. */
enum ifl_status part_fingerprint(struct store *store, int64_t id, size_t *n, uint64_t *fingerprint,
                                 struct ifl_error *error);

/* Says that the part's snapshot is not the database's: IFL_REFUSED. */
enum ifl_status part_of_another_copy(const struct store *part, const struct store *of, int64_t snapshot,
                                     struct ifl_error *error);

#endif
