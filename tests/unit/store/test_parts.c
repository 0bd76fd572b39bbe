/* Parts: spectra that other processes computed, and how they come into the database. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <store/schema.h>

#include "fixture.h"

#define N 8

TestSuite(parts, .init = folder_make, .fini = folder_remove);

static char part_path[96];

static struct store *open_part(struct store *of, const char *name, enum store_mode mode)
{
    struct store *part = NULL;
    snprintf(part_path, sizeof part_path, "%s/%s", folder, name);
    assert_ok(store_open_part(&part, part_path, of, mode, &error));
    return part;
}

/* Keeps spectra of maps 0 .. count - 1, whose numbers are base, base + 1, ... */
static void keep(struct store *store, int64_t snapshot, double h, size_t count, double base)
{
    double numbers[16 * N];
    const double *rows[16];
    struct store_spectrum_key keys[16];
    for (size_t k = 0; k < count; k++) {
        keys[k] = (struct store_spectrum_key){
            snapshot, {.of = IFL_OF_T, .layer = 0, .i = (int32_t)k, .j = IFL_NO_MAP}, {.h = h, .h_error = 0.1}};
        rows[k] = numbers + k * N;
        for (size_t n = 0; n < N; n++)
            numbers[k * N + n] = base + (double)(k * N + n);
    }
    assert_ok(store_keep_spectra(store, keys, rows, count, N, &error));
}

static struct store_merged merge(struct store *store)
{
    struct store_merged merged = {0};
    assert_ok(store_merge(store, part_path, NULL, NULL, &merged, &error));
    return merged;
}

static void copy(const char *from, const char *to)
{
    char command[320];
    snprintf(command, sizeof command, "cp '%s' '%s'", from, to);
    cr_assert_eq(system(command), 0);
}

/* All there is of spectra, whatever their ids and ages. */
static int64_t sum_of_spectra(void)
{
    return raw_int("SELECT coalesce(sum(h * 1000 + snapshot + i * 7 + digest % 1000003), 0)"
                   " FROM spectrum_sets JOIN spectra ON spectrum_set = spectrum_sets.id");
}

Test(parts, are_merged_and_merging_again_changes_nothing)
{
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "run", 3, N);
    keep(store, 1, 5, 3, 100);
    keep(store, 2, 5, 3, 200);
    keep(store, 2, 6, 2, 300);
    int64_t want = sum_of_spectra();
    raw("DELETE FROM spectrum_sets; DELETE FROM spectra");

    struct store *part = open_part(store, "a.part", STORE_CREATE);
    assert_ok(store_part_add(part, store, 1, &error));
    assert_ok(store_part_add(part, store, 2, &error));
    keep(part, 1, 5, 3, 100);
    keep(part, 2, 5, 3, 200);
    keep(part, 2, 6, 2, 300);
    keep(part, 3, 5, 1, 400); /* was not added: passed over */
    store_close(part);

    struct store_merged merged = merge(store);
    cr_assert(merged.snapshots == 2 && merged.spectra == 8 && merged.kept == 8);
    cr_assert(merged.gone == 0 && merged.damaged == 0);
    cr_assert_eq(sum_of_spectra(), want);
    for (int k = 0; k < 2; k++) {
        cr_assert_eq(merge(store).kept, 0);
        cr_assert_eq(sum_of_spectra(), want);
        cr_assert_eq(raw_int("SELECT count(*) FROM spectra"), 8);
    }
    store_close(store);
}

Test(parts, are_taken_up_again)
{
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "run", 2, N);
    struct store *part = open_part(store, "a.part", STORE_CREATE);
    assert_ok(store_part_add(part, store, 1, &error));
    keep(part, 1, 5, 3, 100);
    store_close(part);
    part = open_part(store, "a.part", STORE_CREATE);
    assert_ok(store_part_add(part, store, 1, &error));
    assert_ok(store_part_add(part, store, 2, &error));
    keep(part, 2, 5, 1, 100);
    assert_fails(store_part_add(part, store, 99, &error), IFL_NOT_FOUND, "no longer there");
    store_close(part);
    cr_assert_eq(merge(store).spectra, 4);
    store_close(store);
}

Test(parts, of_other_files_are_refused)
{
    struct store *store = open_store(STORE_CREATE), *part = NULL;
    struct store_merged merged;
    add_run(store, "run", 1, N);
    assert_fails(store_merge(store, database, NULL, NULL, &merged, &error), IFL_REFUSED, "a run database, not a part");
    assert_fails(store_open_part(&part, database, store, STORE_CREATE, &error), IFL_REFUSED, "a run database");
    snprintf(part_path, sizeof part_path, "%s/none", folder);
    assert_fails(store_merge(store, part_path, NULL, NULL, &merged, &error), IFL_NOT_FOUND, "none");
    cr_assert_eq(access(part_path, F_OK), -1);
    FILE *file = fopen(part_path, "w");
    fclose(file);
    assert_fails(store_merge(store, part_path, NULL, NULL, &merged, &error), IFL_REFUSED, "it is empty");
    file = fopen(part_path, "w");
    fputs("a letter, long enough to be no header of a database, and from somebody who never saw one, neither\n", file);
    fclose(file);
    assert_fails(store_merge(store, part_path, NULL, NULL, &merged, &error), IFL_REFUSED, "none");

    store_close(open_part(store, "a.part", STORE_CREATE));
    assert_fails(store_open(&part, part_path, STORE_WRITE, &error), IFL_REFUSED, "a part of a run database");
    snprintf(database, sizeof database, "%s/other.db", folder);
    struct store *other = open_store(STORE_CREATE);
    assert_fails(store_merge(other, part_path, NULL, NULL, &merged, &error), IFL_REFUSED, "a part of another database");
    assert_fails(store_open_part(&part, part_path, other, STORE_CREATE, &error), IFL_REFUSED, "of another database");
    store_close(other);

    strcpy(database, part_path);
    raw("PRAGMA user_version = 2");
    assert_fails(store_merge(store, part_path, NULL, NULL, &merged, &error), IFL_REFUSED,
                 "made by another infoflow (schema version 2, the database's is 4)");
    raw("PRAGMA user_version = 4; CREATE INDEX harm ON spectra(abs(data))");
    assert_fails(store_merge(store, part_path, NULL, NULL, &merged, &error), IFL_REFUSED,
                 "a.part: index `harm`: infoflow did not make it");
    cr_assert(part == NULL);
    store_close(store);
}

Test(parts, of_what_has_no_identity_are_refused)
{
    char kept[96];
    struct store *store = open_store(STORE_CREATE), *part = NULL;
    struct store_merged merged;
    store_close(open_part(store, "a.part", STORE_CREATE));
    strcpy(kept, database);
    strcpy(database, part_path);
    raw("DELETE FROM about");
    strcpy(database, kept);
    assert_fails(store_merge(store, part_path, NULL, NULL, &merged, &error), IFL_REFUSED, "it has no identity");
    raw("DELETE FROM about");
    assert_fails(store_open_part(&part, part_path, store, STORE_CREATE, &error), IFL_REFUSED, "it has no identity");
    cr_assert(part == NULL);
    store_close(store);
}

/* Makes an empty part, half a second after it has said through `ready` that it holds the file. */
static void make_slowly(int ready)
{
    alarm(20);
    strcpy(database, part_path);
    raw_hold();
    cr_assert_eq(write(ready, "", 1), 1);
    nanosleep(&(struct timespec){.tv_nsec = 500000000}, NULL);
    for (const char *const *sql = schema_part; *sql != NULL; sql++)
        raw_held(*sql);
    raw_held("INSERT INTO about(id, identity) VALUES(1, 'this one'); PRAGMA application_id = 0x49464c50;"
             "PRAGMA user_version = 4; COMMIT");
    raw_let_go();
    _exit(7);
}

/* One process sees a blank file, and waits to make a part of it while another does. */
Test(parts, may_be_made_by_several)
{
    int status, ready[2];
    char byte;
    struct store *store = open_store(STORE_CREATE);
    raw("UPDATE about SET identity = 'this one'");
    snprintf(part_path, sizeof part_path, "%s/a.part", folder);
    cr_assert_eq(pipe(ready), 0);
    if (fork() == 0)
        make_slowly(ready[1]);
    cr_assert_eq(read(ready[0], &byte, 1), 1);
    store_close(open_part(store, "a.part", STORE_CREATE));
    cr_assert(wait(&status) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 7);
    store_close(store);
}

/* A copy has the identity of what it was copied from. */
Test(parts, of_a_copy_that_went_its_own_way_are_refused)
{
    char kept[96];
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "run", 1, N);
    store_close(store);
    snprintf(kept, sizeof kept, "%s/copy.db", folder);
    copy(database, kept);
    store = open_store(STORE_WRITE);
    add_run(store, "here", 1, N + 1);
    struct store *part = open_part(store, "a.part", STORE_CREATE);
    assert_ok(store_part_add(part, store, 1, &error));
    assert_ok(store_part_add(part, store, 2, &error));
    keep(part, 1, 5, 1, 100);
    keep(part, 2, 5, 1, 100);
    store_close(part);
    store_close(store);

    strcpy(database, kept);
    store = open_store(STORE_WRITE);
    struct store_merged merged = merge(store);
    cr_assert(merged.snapshots == 2 && merged.gone == 1 && merged.kept == 1 && merged.damaged == 0);
    raw("UPDATE snapshots SET n = n + 1");
    assert_fails(store_merge(store, part_path, NULL, NULL, &merged, &error), IFL_REFUSED, "snapshot 1 is not that of");
    raw("UPDATE snapshots SET n = n - 1");
    add_run(store, "there", 1, N + 1);
    raw("UPDATE arrays SET digest = digest + 1 WHERE variable = (SELECT max(id) FROM variables)");
    assert_fails(store_merge(store, part_path, NULL, NULL, &merged, &error), IFL_REFUSED, "snapshot 2 is not that of");
    part = open_part(store, "a.part", STORE_CREATE);
    assert_fails(store_part_add(part, store, 2, &error), IFL_REFUSED, "a part of another copy");
    store_close(part);
    store_close(store);
}

Test(parts, that_are_damaged_give_what_is_sound)
{
    char kept[96];
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "run", 1, N);
    struct store *part = open_part(store, "a.part", STORE_CREATE);
    assert_ok(store_part_add(part, store, 1, &error));
    keep(part, 1, 5, 4, 100);
    keep(part, 1, 6, 2, 100);
    store_close(part);
    strcpy(kept, database);
    strcpy(database, part_path);
    raw("UPDATE spectra SET data = zeroblob(length(data)) WHERE i = 2");
    raw("UPDATE spectrum_sets SET width = 'gold' WHERE h = 6");
    strcpy(database, kept);
    part = open_part(store, "a.part", STORE_WRITE);
    keep(part, 1, 6, 3, 100); /* another set, which the one of no width is not taken for */
    store_close(part);
    struct store_merged merged = merge(store);
    cr_assert(merged.spectra == 9 && merged.kept == 6 && merged.damaged == 3);
    store_close(store);
}

Test(parts, heal_damaged_spectra)
{
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "run", 1, N);
    struct store *part = open_part(store, "a.part", STORE_CREATE);
    assert_ok(store_part_add(part, store, 1, &error));
    keep(part, 1, 5, 4, 100);
    store_close(part);
    merge(store);
    int64_t want = sum_of_spectra();
    raw("UPDATE spectra SET digest = 7, data = zeroblob(length(data)) WHERE i = 2");
    cr_assert_eq(merge(store).kept, 1);
    cr_assert_eq(sum_of_spectra(), want);
    store_close(store);
}

/* ---- there to stay ---- */

Test(parts, merged_spectra_are_not_dropped_for_others)
{
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "run", 2, N);
    struct store *part = open_part(store, "a.part", STORE_CREATE);
    assert_ok(store_part_add(part, store, 1, &error));
    keep(part, 1, 5, 10, 100);
    store_close(part);
    store_set_cache_limit(store, 3 * (8 * N + 64));
    merge(store);
    keep(store, 2, 7, 3, 100); /* what the bound has room for */
    cr_assert_eq(raw_int("SELECT count(*) FROM spectra"), 13);
    keep(store, 2, 8, 3, 100);
    cr_assert_leq(raw_int("SELECT count(*) FROM spectra"), 13);
    store_close(store);
}

Test(parts, what_is_kept_ahead_is_waited_for)
{
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "run", 1, N);
    store_close(store);
    store = open_store(STORE_READ);
    store_keep_ahead(store);
    double row[N] = {0};
    const double *rows = row;
    struct store_spectrum_key key = {.snapshot = 1, .params = {.h = 5}};
    assert_fails(store_keep_spectra(store, &key, &rows, 1, N, &error), IFL_FAILED, "read-only");
    store_close(store);

    store = open_store(STORE_WRITE);
    store_keep_ahead(store);
    store_set_patience(store, 1);
    raw_hold();
    assert_fails(store_keep_spectra(store, &key, &rows, 1, N, &error), IFL_LOCKED, "locked");
    raw_let_go();
    assert_ok(store_keep_spectra(store, &key, &rows, 1, N, &error));
    store_close(store);
}
