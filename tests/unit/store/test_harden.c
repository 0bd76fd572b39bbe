/* That a file from outside reaches no further than its own tables, whichever way it is opened. */
#include <stdio.h>

#include <criterion/criterion.h>
#include <sqlite3.h>

#include <store/arrays.h>

#include "fixture.h"

TestSuite(harden, .init = folder_make, .fini = folder_remove);

static int64_t pragma(struct store *store, const char *sql)
{
    sqlite3_stmt *statement;
    cr_assert_eq(sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL), SQLITE_OK);
    int64_t value = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_finalize(statement);
    return value;
}

static void expect_hardened(struct store *store, const char *how)
{
    static const struct {
        int option, value;
    } options[] = {{SQLITE_DBCONFIG_DEFENSIVE, 1},
                   {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                   {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
                   {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
                   {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
                   {SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0},
                   {SQLITE_DBCONFIG_DQS_DML, 0},
                   {SQLITE_DBCONFIG_DQS_DDL, 0},
                   {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0}};
    static const struct {
        int limit, most;
    } limits[] = {{SQLITE_LIMIT_LENGTH, 64 << 20}, {SQLITE_LIMIT_ATTACHED, 0},     {SQLITE_LIMIT_SQL_LENGTH, 100000},
                  {SQLITE_LIMIT_COLUMN, 100},      {SQLITE_LIMIT_EXPR_DEPTH, 50},  {SQLITE_LIMIT_COMPOUND_SELECT, 10},
                  {SQLITE_LIMIT_VDBE_OP, 25000},   {SQLITE_LIMIT_FUNCTION_ARG, 8}, {SQLITE_LIMIT_VARIABLE_NUMBER, 32},
                  {SQLITE_LIMIT_TRIGGER_DEPTH, 16}};
    for (size_t k = 0; k < sizeof options / sizeof *options; k++) {
        int value = -1;
        cr_assert_eq(sqlite3_db_config(store->db, options[k].option, -1, &value), SQLITE_OK);
        cr_expect_eq(value, options[k].value, "%s: option %d is %d", how, options[k].option, value);
    }
    for (size_t k = 0; k < sizeof limits / sizeof *limits; k++) {
        int most = sqlite3_limit(store->db, limits[k].limit, -1);
        cr_expect_leq(most, limits[k].most, "%s: limit %d is %d", how, limits[k].limit, most);
    }
    cr_expect_eq(pragma(store, "PRAGMA mmap_size"), 0, "%s", how);
    cr_expect_eq(pragma(store, "PRAGMA cell_size_check"), 1, "%s", how);
    cr_expect_eq(pragma(store, "PRAGMA synchronous"), 2, "%s", how);
    cr_expect_eq(pragma(store, "PRAGMA secure_delete"), 2, "%s", how);
    store_close(store);
}

/* A file that is mapped and cut by another ends the process: it is not mapped even where SQLite's default is to. */
Test(harden, every_connection)
{
    cr_assert_eq(sqlite3_config(SQLITE_CONFIG_MMAP_SIZE, (sqlite3_int64)1 << 20, (sqlite3_int64)1 << 30), SQLITE_OK);
    char part[128];
    snprintf(part, sizeof part, "%s/a.part", folder);
    expect_hardened(open_store(STORE_CREATE), "made");
    expect_hardened(open_store(STORE_WRITE), "for writing");
    expect_hardened(open_store(STORE_READ), "for reading");
    struct store *store = open_store(STORE_WRITE), *of = NULL;
    assert_ok(store_open_part(&of, part, store, STORE_CREATE, &error));
    expect_hardened(of, "a part, made");
    assert_ok(store_open_part(&of, part, store, STORE_READ, &error));
    expect_hardened(of, "a part, for reading");
    store_close(store);
}

/* The bound on what a value may take leaves room for the largest array. */
Test(harden, the_largest_array_fits)
{
    struct store *store = open_store(STORE_CREATE);
    cr_expect_geq((size_t)sqlite3_limit(store->db, SQLITE_LIMIT_LENGTH, -1), ARRAY_MAX_BYTES + 1000);
    store_close(store);
}
