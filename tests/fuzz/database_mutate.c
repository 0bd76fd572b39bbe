/* Byte by byte, a fuzzer hardly gets past SQLite's own checks. These changes leave the file a sound database of unsound
 * rows, and mostly mend the digests, as whoever made such a file on purpose would. */
#include <string.h>

#include <sqlite3.h>

#include <store/bytes.h>

#include "database.h"

static const char *const values[] = {"-1",
                                     "0",
                                     "1",
                                     "2",
                                     "3",
                                     "4",
                                     "127",
                                     "4096",
                                     "4097",
                                     "1048576",
                                     "2147483647",
                                     "2147483648",
                                     "4294967296",
                                     "9223372036854775807",
                                     "(-9223372036854775807 - 1)",
                                     "1e308",
                                     "-1e308",
                                     "9e999",
                                     "-9e999",
                                     "NULL",
                                     "''",
                                     "'x'",
                                     "char(27) || '[31m' || char(10) || char(155)",
                                     "cast(x'fffe80' AS TEXT)",
                                     "replace(hex(zeroblob(3000)), '0', 'a')",
                                     "zeroblob(0)",
                                     "zeroblob(24)",
                                     "zeroblob(32)",
                                     "zeroblob(9000)",
                                     "CAST(random() AS BLOB)",
                                     "random()",
                                     "x'0000c07f0000c07f0000c07f0000c07f0000c07f0000c07f'",
                                     "x'000080bf000080bf000080bf000080bf000080bf000080bf'",
                                     "'X'",
                                     "'Y'",
                                     "'T'",
                                     "'delta'",
                                     "'d2'",
                                     "'labels'",
                                     "'null'",
                                     "'number'",
                                     "'json'",
                                     "'pool'",
                                     "'NHWC'",
                                     "'median'",
                                     "'tensor'",
                                     "5.0"};

/* %s is the table. What needs a schema read anew shows at the next change. */
static const char *const schemas[] = {
    "UPDATE sqlite_schema SET sql = replace(sql, ' STRICT', '') WHERE name = '%s'",
    "UPDATE sqlite_schema SET sql = replace(sql, 'NOT NULL', '') WHERE name = '%s'",
    "UPDATE sqlite_schema SET sql = replace(sql, 'INTEGER', 'TEXT') WHERE name = '%s'",
    "UPDATE sqlite_schema SET sql = replace(sql, 'ON DELETE CASCADE', '') WHERE name = '%s'",
    "UPDATE sqlite_schema SET type = 'view', rootpage = 0, sql = 'CREATE VIEW %s AS SELECT 1 AS id' WHERE name = '%s'",
    "CREATE TRIGGER t AFTER UPDATE ON %s BEGIN SELECT load_extension('x'); END",
    "CREATE TRIGGER i BEFORE INSERT ON %s BEGIN SELECT abs(-9223372036854775807 - 1); END",
    "ALTER TABLE %s ADD COLUMN g TEXT AS (zeroblob(9)) VIRTUAL",
    "CREATE INDEX x ON %s(lower(1))",
    "DELETE FROM %s",
    "DELETE FROM %s WHERE random() %% 2",
    "DROP TABLE %s",
    "PRAGMA user_version = 3",
    "PRAGMA application_id = 0",
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static unsigned next(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* ---- functions for SQL ---- */

/* digest(data, word...): as arrays.c and spectra.c make them. */
static void digest(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    uint64_t result = 0;
    for (int k = 1; k < count; k++)
        result = digest_word(result, (uint64_t)sqlite3_value_int64(arguments[k]));
    const unsigned char *data = sqlite3_value_blob(arguments[0]);
    if (data != NULL) /* NULL: of no bytes */
        result = digest_bytes(result, data, (size_t)sqlite3_value_bytes(arguments[0]));
    sqlite3_result_int64(context, (sqlite3_int64)result);
}

/* random(), in place of SQLite's own: a change is then told by its seed. */
static void from_state(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    (void)count;
    (void)arguments;
    sqlite3_result_int64(context, next(sqlite3_user_data(context)));
}

static void mend_digests(sqlite3 *db)
{
    static const char sql[] = "UPDATE arrays SET digest = (SELECT digest(arrays.data, step, batch, n,"
                              "  instr('X,Y,T,delta', role) / 2, layer, maps, dim, map) FROM variables"
                              "  JOIN snapshots ON snapshots.id = snapshot WHERE variables.id = variable);"
                              "UPDATE spectra SET digest = digest(data, variable, joined, layer, i, j);";
    sqlite3_exec(db, sql, NULL, NULL, NULL);
}

/* ---- changes ---- */

/* One of the columns that the file's tables have; false where there is none. */
static bool pick_column(sqlite3 *db, char table[64], char column[64])
{
    static const char sql[] =
        "SELECT tables.name, columns.name FROM sqlite_schema AS tables,"
        " pragma_table_info(tables.name) AS columns WHERE tables.type = 'table' ORDER BY random()";
    sqlite3_stmt *statement = NULL;
    bool found = false;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW) {
        sqlite3_snprintf(64, table, "%s", sqlite3_column_text(statement, 0));
        sqlite3_snprintf(64, column, "%s", sqlite3_column_text(statement, 1));
        found = true;
    }
    sqlite3_finalize(statement);
    return found;
}

/* A value in a column, or a schema. */
static void change(sqlite3 *db, unsigned *state)
{
    char table[64], column[64], sql[512];
    if (!pick_column(db, table, column))
        return;
    if (next(state) % 6 == 0) {
        sqlite3_exec(db, "PRAGMA writable_schema = ON", NULL, NULL, NULL);
        sqlite3_snprintf(sizeof sql, sql, schemas[next(state) % COUNT(schemas)], table, table);
    } else {
        sqlite3_snprintf(sizeof sql, sql, "UPDATE OR IGNORE \"%w\" SET \"%w\" = %s%s", table, column,
                         values[next(state) % COUNT(values)], next(state) % 2 ? " WHERE random() % 3 = 0" : "");
    }
    sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static sqlite3 *open_image(const struct image *image)
{
    sqlite3 *db = NULL;
    unsigned char *copy = sqlite3_malloc64(image->size);
    REQUIRE(copy != NULL && sqlite3_open(":memory:", &db) == SQLITE_OK);
    memcpy(copy, image->data, image->size);
    if (sqlite3_deserialize(db, "main", copy, (sqlite3_int64)image->size, (sqlite3_int64)image->size,
                            SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE) == SQLITE_OK)
        return db;
    sqlite3_close(db);
    return NULL;
}

bool change_by_sql(struct image *image, unsigned seed)
{
    unsigned state = seed;
    sqlite3_int64 size = 0;
    sqlite3 *db = open_image(image);
    if (db == NULL)
        return false;
    sqlite3_create_function(db, "digest", -1, SQLITE_UTF8, NULL, digest, NULL, NULL);
    sqlite3_create_function(db, "random", 0, SQLITE_UTF8, &state, from_state, NULL, NULL);
    for (unsigned k = next(&state) % 3 + 1; k > 0; k--)
        change(db, &state);
    if (next(&state) % 4 != 0)
        mend_digests(db);
    unsigned char *changed = sqlite3_serialize(db, "main", &size, 0);
    if (changed != NULL && size > 0) {
        free(image->data);
        image->data = malloc((size_t)size);
        REQUIRE(image->data != NULL);
        memcpy(image->data, changed, (size_t)size);
        image->size = (size_t)size;
    }
    sqlite3_free(changed);
    sqlite3_close(db);
    return changed != NULL && size > 0;
}
