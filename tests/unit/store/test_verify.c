/* The integrity of the whole file: what is damaged is named, and nothing else. */
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <store/bytes.h>

#include "fixture.h"

#define N 12

TestSuite(verify, .init = folder_make, .fini = folder_remove);

struct seen {
    char lines[40][400]; /* `run/step: what: how` */
    size_t count;
};

static void see(void *context, const struct store_damage *damage)
{
    struct seen *seen = context;
    if (seen->count < 40 && damage->run[0] != '\0')
        snprintf(seen->lines[seen->count], sizeof *seen->lines, "%s/%d: %s: %s", damage->run, (int)damage->step,
                 damage->what, damage->how);
    else if (seen->count < 40)
        snprintf(seen->lines[seen->count], sizeof *seen->lines, "%s: %s", damage->what, damage->how);
    seen->count++;
}

static struct store_verified verify(struct seen *seen)
{
    struct store *store = open_store(STORE_READ);
    struct store_verified found;
    *seen = (struct seen){.count = 0};
    const struct store_verifier verifier = {see, NULL, seen};
    assert_ok(store_verify(store, &verifier, &found, &error));
    cr_assert_eq(found.damages, seen->count);
    store_close(store);
    return found;
}

/* One damage, and just this line. */
static void assert_damage(const char *line)
{
    struct seen seen;
    verify(&seen);
    cr_assert_eq(seen.count, 1, "%zu: %s; %s", seen.count, seen.lines[0], seen.lines[1]);
    cr_assert_str_eq(seen.lines[0], line);
}

static void keep_some(struct store *store, size_t n)
{
    double *row = ifl_alloc(n, sizeof *row);
    row[0] = 1;
    const double *rows[] = {row, row};
    struct store_spectrum_key keys[] = {{.snapshot = 1, .params = {.h = 5}}, {.snapshot = 2, .params = {.h = 5}}};
    assert_ok(store_keep_spectra(store, keys, rows, 2, n, &error));
    free(row);
}

static void make_of(size_t n)
{
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "first", 2, n);
    add_run(store, "second", 1, n);
    keep_some(store, n);
    store_close(store);
}

static void make(void)
{
    make_of(N);
}

/* Which of the rows of arrays, put together. */
#define ARRAY(step, role, layer, map)                                                                                  \
    " WHERE map = " map " AND variable = (SELECT variables.id FROM variables JOIN snapshots"                           \
    " ON snapshots.id = snapshot WHERE run = 1 AND step = " step " AND role = '" role "' AND layer = " layer ")"

Test(verify, finds_nothing_in_a_sound_database)
{
    make();
    struct seen seen;
    struct store_verified found = verify(&seen);
    cr_expect_eq(found.damages, 0, "%s", seen.lines[0]);
    cr_expect_eq(found.snapshots, 3);
    cr_expect_eq((int64_t)found.arrays, raw_int("SELECT count(*) FROM arrays"));
    cr_expect_eq(found.spectra, 2);

    struct store *store = open_store(STORE_WRITE);
    assert_ok(store_delete_run(store, 1, &error));
    store_close(store);
    cr_expect_eq(verify(&seen).snapshots, 3, "in the bin, too");
}

Test(verify, names_the_array_that_changed)
{
    make();
    raw("UPDATE arrays SET data = CAST(x'01' || substr(data, 2) AS BLOB)" ARRAY("10", "T", "0", "1"));
    assert_damage("first/10: T/conv1: map 1: damaged");
}

Test(verify, names_the_sum_of_the_maps)
{
    make();
    raw("UPDATE arrays SET data = zeroblob(length(data))" ARRAY("0", "T", "0", "-1"));
    assert_damage("first/0: T/conv1: sum: damaged");
}

Test(verify, takes_the_digest_for_part_of_the_array)
{
    make();
    raw("UPDATE arrays SET digest = digest + 1" ARRAY("0", "delta", "2", "0"));
    assert_damage("first/0: delta/fc1: damaged");
}

Test(verify, sees_what_an_array_is_of)
{
    make();
    raw("UPDATE snapshots SET step = 7 WHERE run = 1 AND step = 10");
    struct seen seen;
    struct store_verified found = verify(&seen);
    cr_expect_eq(found.damages, 14, "%s", seen.lines[0]);
    cr_expect(strncmp(seen.lines[0], "first/7: ", 9) == 0, "%s", seen.lines[0]);
}

Test(verify, misses_arrays)
{
    make();
    raw("DELETE FROM arrays" ARRAY("0", "T", "0", "2"));
    assert_damage("first/0: T/conv1: 1 of 4 arrays missing");
}

Test(verify, knows_no_other_arrays)
{
    make();
    raw("INSERT INTO arrays(variable, kind, map, digest, data)"
        " SELECT variable, kind, 9, digest, data FROM arrays" ARRAY("0", "T", "0", "2"));
    assert_damage("first/0: T/conv1: map 9: not an array of this variable");
}

/* Digests find accidents; whoever makes a file gets them right. */
Test(verify, holds_labels_against_their_classes)
{
    make();
    unsigned char bytes[4 * N] = {0};
    bytes[4] = 77;
    const uint64_t words[] = {0, 0, N, IFL_OF_Y, 0, 1, 10, 0}; /* step, batch, n, of, layer, maps, classes, map */
    uint64_t digest = 0;
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        digest = digest_word(digest, words[k]);
    char sql[512], *at = sql + snprintf(sql, sizeof sql, "UPDATE arrays SET digest = %lld, data = x'",
                                        (long long)digest_bytes(digest, bytes, sizeof bytes));
    for (size_t k = 0; k < sizeof bytes; k++)
        at += sprintf(at, "%02x", bytes[k]);
    strcpy(at, "'" ARRAY("0", "Y", "0", "0"));
    raw(sql);
    assert_damage("first/0: Y: a label outside its classes");
}

Test(verify, finds_variables_that_cannot_be)
{
    make();
    raw("UPDATE variables SET layer = 3 WHERE snapshot = 1 AND role = 'T' AND layer = 2");
    assert_damage("first/0: variables: damaged database (layer)");
    raw("UPDATE variables SET layer = 2, role = 'Z' WHERE snapshot = 1 AND role = 'T' AND layer = 3");
    assert_damage("first/0: variables: damaged database (role)");
    raw("UPDATE variables SET maps = 0, role = 'T' WHERE role = 'Z'");
    assert_damage("first/0: variables: damaged database (maps)");
    raw("UPDATE variables SET maps = 1, dim = 0 WHERE maps = 0");
    assert_damage("first/0: variables: damaged database (dim)");
}

Test(verify, finds_numbers_of_samples_that_cannot_be)
{
    make();
    for (int64_t n = 0; n <= 4097; n += n == 1 ? 4096 : 1) {
        char sql[64];
        snprintf(sql, sizeof sql, "UPDATE snapshots SET n = %d WHERE id = 1", (int)n);
        raw(sql);
        struct seen seen;
        verify(&seen);
        size_t as_well = n < 0; /* the list of runs has it too */
        cr_assert_eq(seen.count, 1 + as_well);
        cr_assert_str_eq(seen.lines[as_well], "first/0: snapshot: a number of samples that cannot be");
        cr_assert(!as_well || strcmp(seen.lines[0], "first: cannot read the run: damaged database (n)") == 0, "%s",
                  seen.lines[0]);
    }
}

/* A page that SQLite cannot read: of what is on it, that is said; the rest is looked at all the same. */
Test(verify, goes_on_behind_what_cannot_be_read)
{
    make();
    struct seen seen;
    static const char zeros[8192];
    int64_t page = raw_int("SELECT rootpage FROM sqlite_schema WHERE name = 'arrays'");
    cr_assert_eq(raw_int("PRAGMA page_size"), (int64_t)sizeof zeros);
    FILE *file = fopen(database, "r+b");
    cr_assert(file != NULL && fseek(file, (long)(page - 1) * (long)sizeof zeros, SEEK_SET) == 0);
    cr_assert(fwrite(zeros, sizeof zeros, 1, file) == 1 && fclose(file) == 0);
    struct store_verified found = verify(&seen);
    cr_assert(found.snapshots == 3 && found.spectra == 2 && found.arrays == 0 && seen.count > 3, "%zu", seen.count);
}

/* Under the right digest. */
Test(verify, finds_numbers_that_nobody_stores)
{
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "run", 1, N);
    const struct array x = {.n = N, .of = IFL_OF_X, .maps = 1, .dim = 7};
    const float distances[N * (N - 1) / 2] = {[N] = -INFINITY};
    put_array(store, &x, distances);
    assert_damage("run/0: X: not finite");
    store_close(store);
}

/* What SQLite's own check finds. */
Test(verify, finds_what_the_schema_forbids)
{
    struct store *store = open_store(STORE_CREATE);
    add_run(store, "run", 1, 4);
    store_close(store);
    raw("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'role TEXT NOT NULL', 'role TEXT')"
        " WHERE name = 'variables'");
    raw("UPDATE variables SET role = NULL WHERE role = 'X'");
    raw("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'role TEXT', 'role TEXT NOT NULL')"
        " WHERE name = 'variables'");
    struct seen seen;
    verify(&seen);
    cr_assert_str_eq(seen.lines[0], "file: NULL value in variables.role");
}

/* What no digest is of, and yet is read by every list of runs. */
Test(verify, finds_runs_that_cannot_be_read)
{
    make();
    raw("UPDATE layers SET kind = 'x' WHERE run = 1 AND position = 1");
    assert_damage("first: cannot read the run: damaged database (kind)");
    raw("UPDATE layers SET kind = 'pool' WHERE run = 1 AND position = 1");
    raw("UPDATE params SET type = 'x' WHERE run = 2");
    assert_damage("second: cannot read the run: damaged database (type)");
    raw("UPDATE params SET type = 'null' WHERE run = 2; UPDATE runs SET name = printf('%.*c', 256, 'x') WHERE id = 2");
    assert_damage("runs: cannot read the run: damaged database (name)");
    raw("UPDATE runs SET name = 'second' WHERE id = 2; UPDATE metrics SET name = printf('%.*c', 256, 'x')"
        " WHERE snapshot = 1 AND position = 0");
    assert_damage("first/0: metrics: cannot verify: damaged database (name)");
}

Test(verify, finds_rows_that_are_missing)
{
    make();
    raw("UPDATE about SET identity = 'x'");
    assert_damage("about: its row is missing or damaged");
    raw("UPDATE about SET identity = lower(hex(randomblob(16))); DELETE FROM changes");
    assert_damage("changes: its row is missing or damaged");
}

Test(verify, finds_rows_that_belong_to_nothing)
{
    make();
    raw("UPDATE metrics SET snapshot = 99 WHERE snapshot = 3 AND position = 0");
    struct seen seen;
    verify(&seen);
    cr_assert_eq(seen.count, 1, "%s", seen.lines[1]);
    cr_assert(strncmp(seen.lines[0], "metrics: row ", 13) == 0 && strstr(seen.lines[0], "nothing in snapshots") != NULL,
              "%s", seen.lines[0]);
}

Test(verify, counts_damaged_spectra)
{
    make();
    raw("UPDATE spectra SET data = zeroblob(length(data)) WHERE spectrum_set = (SELECT id FROM spectrum_sets WHERE"
        " snapshot = 2)");
    assert_damage("first/10: spectra: 1 of 1 damaged; they will be computed again");
}

/* ---- any byte ---- */

/* All that the rows of arrays hold; false where SQLite cannot read them. */
static bool hash_arrays(uint64_t *out)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *rows = NULL;
    uint64_t hash = UINT64_C(14695981039346656037);
    int code = sqlite3_open_v2(database, &db, SQLITE_OPEN_READONLY, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_prepare_v2(db, "SELECT variable, kind, map, digest, data FROM arrays ORDER BY rowid", -1, &rows,
                                  NULL);
    while (code == SQLITE_OK && (code = sqlite3_step(rows)) == SQLITE_ROW) {
        for (int column = 0; column < 5; column++) {
            const unsigned char *bytes = sqlite3_column_blob(rows, column);
            for (int k = 0; k < sqlite3_column_bytes(rows, column); k++)
                hash = (hash ^ bytes[k]) * UINT64_C(1099511628211);
        }
        code = SQLITE_OK;
    }
    sqlite3_finalize(rows);
    sqlite3_close(db);
    *out = hash;
    return code == SQLITE_DONE;
}

enum { ARRAYS = 14 }; /* of a snapshot: X, T and delta of three layers, one of them of 3 maps and their sum; labels */

/* How many arrays of the snapshot can be read. */
static size_t read_snapshot(struct store *store, const struct store_snapshot *listed, size_t n, float *out)
{
    struct snapshot sent = make_snapshot(listed->step, listed->batch, n);
    size_t pairs = ifl_pair_count(n), read = 0;
    for (size_t v = 0; v < sent.n_variables; v++) {
        const struct variable *variable = &sent.variables[v];
        for (size_t row = 0; row < variable->maps + (variable->maps > 1); row++) {
            int32_t map = row < variable->maps ? (int32_t)row : IFL_ALL_MAPS;
            if (store_load_distances(store, listed, variable->of, variable->layer, map, out, NULL) != IFL_OK)
                continue;
            read++;
            cr_assert_eq(memcmp(out, variable->distances + row * pairs, pairs * sizeof *out), 0, "believed");
        }
    }
    if (listed->labels != NULL) {
        read++;
        cr_assert_eq(memcmp(listed->labels, sent.labels, n * sizeof *sent.labels), 0, "believed");
    }
    snapshot_release(&sent);
    return read;
}

/* Whether anything is said against the file. */
static bool is_reported(void)
{
    struct store *store = NULL;
    struct seen seen = {.count = 0};
    const struct store_verifier verifier = {see, NULL, &seen};
    struct store_verified found;
    struct ifl_error error;
    enum ifl_status status = store_open(&store, database, STORE_READ, &error);
    if (status == IFL_OK)
        status = store_verify(store, &verifier, &found, &error);
    store_close(store);
    return status != IFL_OK || seen.count > 0;
}

/* Reads every array of the runs; what can be read must be as it was stored. Whether all could be. */
static bool reads_all(size_t n)
{
    struct store *store = NULL;
    struct store_snapshot *list;
    size_t count, read = 0;
    float *out = ifl_alloc(ifl_pair_count(n), sizeof *out);
    if (store_open(&store, database, STORE_READ, NULL) != IFL_OK) {
        free(out);
        return false;
    }
    for (int64_t run = 1; run <= 2; run++) {
        if (store_list_snapshots(store, run, &list, &count, NULL) != IFL_OK)
            continue;
        for (size_t k = 0; k < count; k++)
            read += list[k].n == n ? read_snapshot(store, &list[k], n, out) : 0;
        store_snapshots_free(list, count);
    }
    store_close(store);
    free(out);
    return read == 3 * ARRAYS;
}

static void write_bytes(const unsigned char *bytes, long size)
{
    FILE *file = fopen(database, "wb");
    cr_assert(file != NULL && fwrite(bytes, 1, (size_t)size, file) == (size_t)size && fclose(file) == 0);
}

Test(verify, reports_every_byte_of_an_array_that_changes, .timeout = 300)
{
    enum { FLIPS = 2000 };
    make_of(40);
    long size = file_size(database);
    unsigned char *bytes = malloc((size_t)size);
    FILE *file = fopen(database, "rb");
    cr_assert(file != NULL && fread(bytes, 1, (size_t)size, file) == (size_t)size && fclose(file) == 0);
    uint64_t sound, now = 0, random = 1;
    cr_assert(hash_arrays(&sound) && !is_reported() && reads_all(40));
    int changed = 0, reported = 0;
    for (int k = 0; k < FLIPS; k++) {
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        long at = (long)(random >> 33) % size;
        unsigned char flip = (unsigned char)(1 << (random >> 60 & 7));
        bytes[at] ^= flip;
        write_bytes(bytes, size);
        bool found = is_reported(), read = reads_all(40), legible = hash_arrays(&now);
        bool whole = legible && now == sound;
        cr_assert(found || whole, "byte %ld, bit %d: an array changed and nothing was said", at, flip);
        cr_assert(!read || !legible || whole, "byte %ld, bit %d: an array changed and was read", at, flip);
        changed += !whole;
        reported += found;
        bytes[at] ^= flip;
        char journal[128];
        snprintf(journal, sizeof journal, "%s-journal", database);
        remove(journal);
    }
    free(bytes);
    cr_assert_gt(changed, FLIPS / 10);
    cr_assert_geq(reported, changed);
}
