#include <stdlib.h>
#include <string.h>

#include <engine/pending.h>

#define MOST        65536 /* what memory may hold at most of n = 512 */
#define TRANSACTION 512   /* spectra: a few milliseconds, for a request may be waiting */

void pending_release(struct pending *pending)
{
    free(pending->spectra);
    memset(pending, 0, sizeof *pending);
}

static bool grow(struct pending *pending)
{
    size_t room = pending->room ? 2 * pending->room : 256, bytes;
    if (!ifl_size_mul(room, sizeof *pending->spectra, &bytes))
        return false;
    struct pending_spectrum *spectra = realloc(pending->spectra, bytes);
    if (spectra == NULL)
        return false;
    pending->spectra = spectra;
    pending->room = room;
    return true;
}

void pending_add(struct pending *pending, const struct store_spectrum_key *key, size_t n)
{
    if (pending->count == MOST || (pending->count == pending->room && !grow(pending))) {
        size_t forgotten = (pending->count + 1) / 2;
        pending->count -= forgotten;
        if (pending->count > 0)
            memmove(pending->spectra, pending->spectra + forgotten, pending->count * sizeof *pending->spectra);
    }
    if (pending->count < pending->room)
        pending->spectra[pending->count++] = (struct pending_spectrum){*key, n};
}

/* How many of the newest go into one transaction: all of one n. */
static size_t next_count(const struct pending *pending)
{
    size_t count = 1, n = pending->spectra[pending->count - 1].n;
    while (count < TRANSACTION && count < pending->count && pending->spectra[pending->count - count - 1].n == n)
        count++;
    return count;
}

enum ifl_status pending_keep(struct pending *pending, struct store *store, struct spectrum_cache *cache,
                             struct ifl_error *error)
{
    if (pending->count == 0)
        return IFL_OK;
    size_t count = next_count(pending), kept = 0, values;
    const struct pending_spectrum *spectra = pending->spectra + (pending->count - count);
    size_t n = spectra[0].n;
    enum ifl_status status = IFL_OK;
    double *rows = ifl_size_mul(count, n, &values) ? ifl_alloc(values, sizeof *rows) : NULL;
    const double **row = ifl_alloc(count, sizeof *row);
    struct store_spectrum_key *there = ifl_alloc(count, sizeof *there);
    if (rows == NULL || row == NULL || there == NULL) {
        status = ifl_fail(error, IFL_NO_MEMORY, "no memory for %zu spectra", count);
        goto out;
    }
    for (size_t k = 0; k < count; k++) {
        if (!cache_get(cache, &spectra[k].key, n, rows + kept * n))
            continue; /* pushed out meanwhile */
        there[kept] = spectra[k].key;
        row[kept] = rows + kept * n;
        kept++;
    }
    status = store_keep_spectra(store, there, row, kept, n, error);
    if (status == IFL_OK)
        pending->count -= count;

out:
    free(rows);
    free(row);
    free(there);
    return status;
}
