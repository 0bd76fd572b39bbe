#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include <store/store.h>

#include "database.h"

static char folder[64];

static void remove_files(void)
{
    static const char *const names[] = {"a.db", "b.db", "a.db-journal", "b.db-journal"};
    char path[96];
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[k]);
        unlink(path);
    }
    rmdir(folder);
}

static const char *path_of(const char *name)
{
    static char paths[2][96];
    char *path = paths[name[0] == 'b'];
    if (folder[0] == '\0') {
        /* in memory where there is such a place: thousands of files are written a second */
        snprintf(folder, sizeof folder, "%s/infoflow-fuzz-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
        REQUIRE(mkdtemp(folder) != NULL);
        atexit(remove_files);
    }
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

const char *put_file(const char *name, const struct image *image)
{
    const char *path = path_of(name);
    FILE *file = fopen(path, "wb");
    REQUIRE(file != NULL && fwrite(image->data, 1, image->size, file) == image->size && fclose(file) == 0);
    return path;
}

struct image get_file(const char *path)
{
    struct image image = {0};
    FILE *file = fopen(path, "rb");
    REQUIRE(file != NULL && fseek(file, 0, SEEK_END) == 0);
    image.size = (size_t)ftell(file);
    image.data = malloc(image.size + 1);
    rewind(file);
    REQUIRE(image.data != NULL && fread(image.data, 1, image.size, file) == image.size);
    fclose(file);
    return image;
}

/* ---- sound ones ---- */

static void run_sql(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    REQUIRE(sqlite3_open(path, &db) == SQLITE_OK && sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(db);
}

static void add_run(struct store *store)
{
    enum { N = 4, PAIRS = 6 };
    char name[] = "run", c[] = "c", f[] = "f", key[] = "lr", text[] = "0.1", loss[] = "loss";
    struct field param = {key, FIELD_NUMBER, text, 0.1}, tag = {f, FIELD_TEXT, c, 0};
    struct layer layers[] = {{c, LAYER_CONV, AXES_NCHW}, {f, LAYER_FC, AXES_ND}};
    struct run run = {name, &param, 1, &tag, 1, layers, 2, 0};
    float numbers[4 * PAIRS];
    int32_t labels[N] = {0, 1, 0, 1};
    struct metric metric = {loss, 1.5};
    for (int k = 0; k < 4 * PAIRS; k++)
        numbers[k] = (float)(1 + k % 5);
    struct variable variables[] = {{IFL_OF_X, 0, 1, 1, 3, numbers},
                                   {IFL_OF_T, 0, 3, 3, 2, numbers},
                                   {IFL_OF_T, 1, 1, 1, 5, numbers},
                                   {IFL_OF_DELTA, 0, 3, 3, 2, numbers},
                                   {IFL_OF_DELTA, 1, 1, 1, 5, numbers}};
    int64_t id = 0;
    bool added = false;
    REQUIRE(store_add_run(store, &run, &id, NULL) == IFL_OK);
    for (int64_t step = 0; step < 2; step++) {
        struct snapshot snapshot = {step, 0, 0.5, N, labels, 2, &metric, 1, variables, 5};
        REQUIRE(store_add_snapshot(store, id, &snapshot, &added, NULL) == IFL_OK);
    }
}

static void keep_spectra(struct store *store, int64_t snapshot)
{
    double numbers[4] = {0.7, 0.2, 0.1, 0};
    const double *rows[] = {numbers, numbers};
    struct ifl_params params = ifl_params_default();
    struct store_spectrum_key keys[2] = {{snapshot, {IFL_OF_X, IFL_WITH_NOTHING, 0, IFL_ALL_MAPS, IFL_NO_MAP}, params},
                                         {snapshot, {IFL_OF_T, IFL_WITH_X, 0, 0, 1}, params}};
    REQUIRE(store_keep_spectra(store, keys, rows, 2, 4, NULL) == IFL_OK);
}

static struct image made[2]; /* the database, its part */

/* Of small pages, so that they are small files, and of an identity and a time that are always the same. */
static void make_sound(void)
{
    struct store *store = NULL, *part = NULL;
    const char *path = path_of("a.db"), *path_part = path_of("b.db");
    REQUIRE(store_open(&store, path, STORE_CREATE, NULL) == IFL_OK);
    add_run(store);
    store_close(store);
    run_sql(path, "PRAGMA page_size = 512; VACUUM; UPDATE about SET identity = '0123456789abcdef0123456789abcdef';"
                  "UPDATE runs SET created = 1");
    made[0] = get_file(path);
    REQUIRE(store_open(&store, path, STORE_WRITE, NULL) == IFL_OK);
    REQUIRE(store_open_part(&part, path_part, store, STORE_CREATE, NULL) == IFL_OK);
    for (int64_t snapshot = 1; snapshot <= 2; snapshot++) {
        REQUIRE(store_part_add(part, store, snapshot, NULL) == IFL_OK);
        keep_spectra(part, snapshot);
        keep_spectra(store, snapshot);
    }
    store_close(part);
    store_close(store);
    run_sql(path_part, "PRAGMA page_size = 512; VACUUM");
    made[1] = get_file(path_part);
    free(made[0].data);
    made[0] = get_file(path);
    remove_files();
    folder[0] = '\0';
}

const struct image *sound_database(void)
{
    if (made[0].data == NULL)
        make_sound();
    return &made[0];
}

const struct image *sound_part(void)
{
    sound_database();
    return &made[1];
}
