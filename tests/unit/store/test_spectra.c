/* The cache of spectra: keys, damage, age and bound. */
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

#define N         8
#define ROW_BYTES (8 * N + 64) /* what one spectrum counts against the bound */

TestSuite(spectra, .init = folder_make, .fini = folder_remove);

/* What the store does not keep apart: alpha, pairs, seed. */
static struct ifl_params params_of(double h)
{
    return (struct ifl_params){.alpha = h + 1, .h = h, .h_error = 0.1, .pairs = 3, .seed = (uint64_t)h};
}

static struct ifl_subset subset_of(int32_t layer, int32_t i)
{
    return (struct ifl_subset){.of = IFL_OF_T, .with = IFL_WITH_Y, .layer = layer, .i = i, .j = IFL_NO_MAP};
}

/* Keeps spectra of (0, 0) .. (0, count - 1), whose numbers are base, base + 1, ... */
static enum ifl_status keep(struct store *store, int64_t snapshot, double h, size_t count, double base,
                            struct ifl_error *error)
{
    struct store_spectrum_key *keys = ifl_alloc(count, sizeof *keys);
    const double **rows = ifl_alloc(count, sizeof *rows);
    double *numbers = ifl_alloc(count * N, sizeof *numbers);
    for (size_t k = 0; k < count * N; k++)
        numbers[k] = base + (double)k;
    for (size_t k = 0; k < count; k++) {
        keys[k] = (struct store_spectrum_key){snapshot, subset_of(0, (int32_t)k), params_of(h)};
        rows[k] = numbers + k * N;
    }
    enum ifl_status status = store_keep_spectra(store, keys, rows, count, N, error);
    free(keys);
    free(rows);
    free(numbers);
    return status;
}

struct seen {
    size_t count;
    double first; /* number of the spectrum of (0, 0) */
    size_t stop;
};

static bool see(void *context, const struct ifl_subset *subset, const double *eigenvalues)
{
    struct seen *seen = context;
    seen->count++;
    cr_assert_eq(subset->of, IFL_OF_T);
    cr_assert_eq(subset->with, IFL_WITH_Y);
    if (subset->i == 0)
        seen->first = eigenvalues[0];
    cr_assert_eq(eigenvalues[N - 1], eigenvalues[0] + N - 1);
    return seen->count != seen->stop;
}

static struct seen look(struct store *store, int64_t snapshot, double h)
{
    struct seen seen = {.first = NAN};
    struct ifl_params params = params_of(h);
    assert_ok(store_visit_spectra(store, snapshot, &params, N, see, &seen, &error));
    return seen;
}

Test(spectra, come_back_by_snapshot_and_widths)
{
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "run", 2, 4);
    assert_ok(keep(store, 1, 5, 3, 100, &error));
    assert_ok(keep(store, 1, nextafter(5, 6), 2, 200, &error));
    assert_ok(keep(store, 2, 5, 1, 300, &error));
    store_close(store);

    store = open_store(STORE_READ);
    cr_assert_eq(look(store, 1, 5).count, 3);
    cr_assert_eq(look(store, 1, 5).first, 100);
    cr_assert_eq(look(store, 1, nextafter(5, 6)).count, 2);
    cr_assert_eq(look(store, 2, 5).first, 300);
    cr_assert_eq(look(store, 2, 6).count, 0);
    cr_assert_eq(look(store, 3, 5).count, 0);

    struct seen seen = {.stop = 2};
    struct ifl_params params = params_of(5);
    assert_ok(store_visit_spectra(store, 1, &params, N, see, &seen, &error));
    cr_assert_eq(seen.count, 2, "stops where visit says so");
    params.composition = IFL_GEOMETRIC;
    assert_ok(store_visit_spectra(store, 1, &params, N, see, &seen, &error));
    params = params_of(5);
    params.h_error = 0.2;
    assert_ok(store_visit_spectra(store, 1, &params, N, see, &seen, &error));
    params = params_of(5);
    params.h_label = 5;
    assert_ok(store_visit_spectra(store, 1, &params, N, see, &seen, &error));
    cr_assert_eq(seen.count, 2, "another width is another spectrum");
    store_close(store);
}

Test(spectra, of_mixed_sets_are_kept_in_one_go)
{
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "run", 1, 4);
    double row[N] = {0, 1, 2, 3, 4, 5, 6, 7};
    struct store_spectrum_key keys[] = {
        {1, subset_of(0, 0), params_of(5)}, {1, subset_of(0, 1), params_of(6)},
        {1, subset_of(0, 2), params_of(5)}, {99, subset_of(0, 0), params_of(5)}, /* deleted meanwhile: passed over */
        {1, subset_of(1, 0), params_of(6)},
    };
    const double *rows[] = {row, row, row, row, row};
    assert_ok(store_keep_spectra(store, keys, rows, 5, N, &error));
    cr_assert_eq(look(store, 1, 5).count, 2);
    cr_assert_eq(look(store, 1, 6).count, 2);
    cr_assert_eq(raw_int("SELECT count(*) FROM spectra"), 4);
    cr_assert_eq(raw_int("SELECT sum(bytes) FROM spectrum_sets"), 4 * ROW_BYTES);
    store_close(store);
}

Test(spectra, are_replaced)
{
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "run", 1, 4);
    assert_ok(keep(store, 1, 5, 2, 100, &error));
    assert_ok(keep(store, 1, 5, 3, 200, &error));
    cr_assert_eq(look(store, 1, 5).count, 3);
    cr_assert_eq(look(store, 1, 5).first, 200);
    cr_assert_eq(raw_int("SELECT bytes FROM spectrum_sets"), 3 * ROW_BYTES);
    store_close(store);
}

Test(spectra, damaged_ones_are_as_good_as_none)
{
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "run", 1, 4);
    assert_ok(keep(store, 1, 5, 10, 100, &error));
    raw("UPDATE spectra SET data = CAST(x'00' || substr(data, 2) AS BLOB) WHERE i = 0"); /* 100.0 begins with 00: as it
                                                                                            was */
    raw("UPDATE spectra SET data = CAST(x'01' || substr(data, 2) AS BLOB) WHERE i = 1");
    raw("UPDATE spectra SET data = substr(data, 9) WHERE i = 2");
    raw("UPDATE spectra SET layer = 4294967296 WHERE i = 3");
    raw("UPDATE spectra SET variable = 77 WHERE i = 4");
    raw("UPDATE spectra SET variable = variable + 4294967296 WHERE i = 5"); /* in 32 bits what it was */
    raw("UPDATE spectra SET joined = joined + 4294967296 WHERE i = 6");
    raw("UPDATE spectra SET data = CAST(data || x'0000000000000000' AS BLOB) WHERE i = 7");
    raw("UPDATE spectra SET j = j + 4294967296 WHERE i = 8");
    cr_assert_eq(look(store, 1, 5).count, 2);
    assert_ok(keep(store, 1, 5, 3, 100, &error));
    cr_assert_eq(look(store, 1, 5).count, 4, "and healed by keeping them again");

    double bad[N] = {NAN};
    const double *row = bad;
    struct store_spectrum_key key = {1, subset_of(0, 0), params_of(9)};
    assert_ok(store_keep_spectra(store, &key, &row, 1, N, &error));
    cr_assert_eq(look(store, 1, 9).count, 0, "not finite");
    store_close(store);
}

/* A damaged clock is not turned on, and damaged sizes are not added up. */
Test(spectra, of_damaged_sets_do_not_overflow)
{
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "run", 1, 4);
    assert_ok(keep(store, 1, 5, 1, 100, &error));
    assert_ok(keep(store, 1, 6, 1, 100, &error));
    raw("UPDATE spectrum_sets SET bytes = 9223372036854775807");
    assert_ok(keep(store, 1, 7, 1, 100, &error));
    cr_assert_eq(look(store, 1, 7).count, 1, "the others made room");
    raw("UPDATE spectrum_sets SET used = 9223372036854775807");
    assert_fails(keep(store, 1, 8, 1, 100, &error), IFL_REFUSED, "damaged database (max(used))");
    store_close(store);
}

Test(spectra, least_recently_used_go_first)
{
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "run", 1, 4);
    store_set_cache_limit(store, 6 * ROW_BYTES);
    for (int h = 1; h <= 3; h++)
        assert_ok(keep(store, 1, h, 2, h, &error));
    cr_assert_eq(look(store, 1, 1).count, 2, "room for all three; 1 is now the youngest");
    assert_ok(keep(store, 1, 4, 1, 4, &error));
    cr_assert_eq(look(store, 1, 2).count, 0, "2 was the oldest");
    cr_assert_eq(look(store, 1, 3).count, 2);
    cr_assert_eq(look(store, 1, 1).count, 2);
    cr_assert_eq(look(store, 1, 4).count, 1);
    store_close(store);

    store = open_store(STORE_WRITE); /* the visits, 3 first, were written when the store was closed */
    store_set_cache_limit(store, 4 * ROW_BYTES);
    assert_ok(keep(store, 1, 5, 1, 5, &error));
    cr_assert_eq(look(store, 1, 3).count, 0);
    cr_assert_eq(look(store, 1, 1).count, 2);
    cr_assert_eq(look(store, 1, 4).count, 1);
    cr_assert_eq(look(store, 1, 5).count, 1);

    store_set_cache_limit(store, 0);
    assert_ok(keep(store, 1, 6, 2, 6, &error));
    cr_assert_eq(raw_int("SELECT count(*) FROM spectra"), 0);
    store_close(store);
}

Test(spectra, go_with_their_run)
{
    struct store *store = open_store(STORE_CREATE);
    int64_t id = add_run(store, "run", 1, 4);
    assert_ok(keep(store, 1, 5, 3, 100, &error));
    assert_ok(store_purge_run(store, id, &error));
    cr_assert_eq(raw_int("SELECT count(*) FROM spectra"), 0);
    cr_assert_eq(raw_int("SELECT count(*) FROM spectrum_sets"), 0);
    assert_ok(keep(store, 1, 5, 3, 100, &error));
    cr_assert_eq(raw_int("SELECT count(*) FROM spectrum_sets"), 0);
    store_close(store);
}

Test(spectra, reading_writes_nothing_before_the_end)
{
    struct store *store = open_store(STORE_CREATE), *other = open_store(STORE_READ);
    add_run(store, "run", 1, 4);
    assert_ok(keep(store, 1, 5, 3, 100, &error));
    uint64_t before = file_hash(database);
    for (size_t k = 0; k < 3000; k++) /* more visits than are noted */
        cr_assert_eq(look(store, 1, 5).count, 3);
    cr_assert_eq(look(other, 1, 5).count, 3);
    assert_ok(keep(other, 1, 6, 3, 100, &error)); /* keeps nothing */
    store_close(other);
    cr_assert_eq(file_hash(database), before);
    store_close(store);
    cr_assert_neq(file_hash(database), before);
}

Test(spectra, reading_waits_for_no_writer, .timeout = 5)
{
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "run", 1, 4);
    assert_ok(keep(store, 1, 5, 3, 100, &error));
    sqlite3 *writer;
    cr_assert_eq(sqlite3_open(database, &writer), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(writer, "BEGIN IMMEDIATE; DELETE FROM spectra", NULL, NULL, NULL), SQLITE_OK);
    cr_assert_eq(look(store, 1, 5).count, 3);
    store_close(store);
    sqlite3_close(writer);
}

Test(spectra, an_impatient_connection_does_not_wait, .timeout = 5)
{
    struct store *store = open_store(STORE_CREATE);
    struct run run = make_run("mnist");
    int64_t id;
    sqlite3 *other;
    cr_assert_eq(sqlite3_open(database, &other), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    store_set_patience(store, 10);
    assert_fails(store_add_run(store, &run, &id, &error), IFL_LOCKED, "locked");
    cr_assert_eq(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    assert_ok(store_add_run(store, &run, &id, &error));
    run_release(&run);
    sqlite3_close(other);
    store_close(store);
}

/* An import may hold the lock for long; what can be computed again is not worth the wait. */
Test(spectra, keeping_waits_for_no_writer, .timeout = 5)
{
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "mnist", 1, N);
    double row[N] = {0};
    const double *rows[] = {row};
    struct store_spectrum_key key = {.snapshot = 1, .params = ifl_params_default()};
    sqlite3 *other;
    cr_assert_eq(sqlite3_open(database, &other), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_fails(store_keep_spectra(store, &key, rows, 1, N, &error), IFL_LOCKED, "locked");
    cr_assert_eq(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    assert_ok(store_keep_spectra(store, &key, rows, 1, N, &error));
    sqlite3_close(other);
    store_close(store);
}
