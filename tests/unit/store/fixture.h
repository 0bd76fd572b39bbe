/* What the tests of store/ share: a folder of their own, made-up runs, SQLite behind the store's back. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <criterion/criterion.h>
#include <store/arrays.h>

/* TestSuite(..., .init = folder_make, .fini = folder_remove): every test has an empty folder and a database path. */
void folder_make(void);
void folder_remove(void);
extern char folder[64];
extern char database[96];

/* Opens `database` or fails the test. */
struct store *open_store(enum store_mode mode);

/* The statement must succeed (raw), its first column is returned (raw_int). */
void raw(const char *sql);
int64_t raw_int(const char *sql);

/* The file is sound, and of make_run's runs and make_snapshot's snapshots it holds whole ones only. */
void assert_whole(void);

/* Takes the lock that one writer holds, as another process would, and gives it back. */
void raw_hold(void);
void raw_held(const char *sql); /* a statement of whoever has it */
void raw_let_go(void);

/* 64-bit FNV-1a of a file's bytes, and its size. */
uint64_t file_hash(const char *path);
long file_size(const char *path);

/* Layers conv1 (3 maps), pool1 (1 map), fc1; with params and tags of every type. */
struct run make_run(const char *name);
/* X, T and delta of each layer, labels and metrics; numbers that follow from step, variable and map. */
struct snapshot make_snapshot(int64_t step, int64_t batch, size_t n);
/* n, nothing else. */
struct snapshot make_bare_snapshot(int64_t step, size_t n);

/* Adds the run and its snapshots of steps 0, 10, ...; returns its id. */
int64_t add_run(struct store *store, const char *name, size_t snapshots, size_t n);

/* Puts these numbers, whatever they are, in the place of a one-map array of the database's one snapshot, under the
 * digest that is theirs. */
void put_array(struct store *store, const struct array *array, const void *numbers);

/* Both macros declare the `error` that the call writes `&error` for. */
#define assert_ok(call)                                                                                                \
    do {                                                                                                               \
        struct ifl_error error = {.message = ""};                                                                      \
        enum ifl_status status_ = (call);                                                                              \
        cr_assert_eq(status_, IFL_OK, "%s: %s", #call, error.message);                                                 \
    } while (0)

/* The call fails with this status and a message of one line that holds `part`. */
#define assert_fails(call, expected, part)                                                                             \
    do {                                                                                                               \
        struct ifl_error error = {.message = ""};                                                                      \
        enum ifl_status status_ = (call);                                                                              \
        cr_assert_eq(status_, expected, "%s: %d %s", #call, (int)status_, error.message);                              \
        cr_assert_eq(error.status, expected);                                                                          \
        cr_assert(strstr(error.message, part) != NULL, "%s", error.message);                                           \
        cr_assert(strchr(error.message, '\n') == NULL, "%s", error.message);                                           \
    } while (0)

#endif
