/* What the tests of engine/ share: a folder of their own, a database of made-up runs, and the same floats as the core
 * sees them without the engine. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <criterion/criterion.h>
#include <engine/engine.h>
#include <infoflow/infoflow.h>

/* TestSuite(..., .init = folder_make, .fini = folder_remove): every test has an empty folder and a database path. */
void folder_make(void);
void folder_remove(void);
extern char folder[64];
extern char database[96];

struct store *open_store(enum store_mode mode);

/* A made-up run: `maps[k]` feature maps in layer k. */
struct shape {
    size_t n;
    size_t layers;
    size_t maps[4];
    size_t snapshots;
    bool no_labels, no_errors;
};
extern const struct shape small; /* 3 snapshots of 24 samples, layers of 3, 1 and 2 maps */

/* A run in `database`, and what it was made of. */
struct made {
    int64_t id;
    struct run run;
    struct snapshot *snapshots;
    struct store_snapshot *stored; /* as the database lists them */
    size_t count;
};
struct made make_run(const char *name, const struct shape *shape);
void made_release(struct made *made);
/* One more of that shape, to be added to a run. */
struct snapshot next_snapshot(const struct shape *shape, int64_t step);

/* Spoils the distances of every variable in the database file, so that none can be loaded any more. */
void spoil_distances(const struct made *made);
/* The same, and connections that are open notice that there was a change. */
void lose_distances(const struct made *made);

/* ifl_estimate on the floats the run was made of. */
struct estimate core_estimate(const struct made *made, size_t snapshot, const struct ifl_params *params,
                              ifl_quantity_set wanted);

/* How many spectra of the snapshot are of the errors, and how many there are. */
size_t count_subsets(const struct made *made, size_t snapshot, const struct ifl_params *params, bool only_errors);

/* The parameters that the spectra of the errors depend on, as the database is asked for them. */
struct ifl_params error_widths(const struct made *made, const struct ifl_params *params);

/* Every snapshot's records are the core's, bit for bit; but for rounding under alpha = 2, where the
 * core takes no spectra. */
void assert_core_values(const struct estimates *estimates, const struct made *made);
void assert_same_estimate(const struct estimate *a, const struct estimate *b, double tolerance); /* 0: bit for bit */

/* 64-bit FNV-1a of a file's bytes. */
uint64_t file_hash(const char *path);

/* Root may write anything: in a child process, be somebody who may not. */
void become_nobody(void);

double seconds(void);

#define assert_ok(call)                                                                                                \
    do {                                                                                                               \
        struct ifl_error error = {.message = ""};                                                                      \
        enum ifl_status status_ = (call);                                                                              \
        cr_assert_eq(status_, IFL_OK, "%s: %s", #call, error.message);                                                 \
    } while (0)

/* The call fails with this status and a message that holds `part`. */
#define assert_fails(call, expected, part)                                                                             \
    do {                                                                                                               \
        struct ifl_error error = {.message = ""};                                                                      \
        enum ifl_status status_ = (call);                                                                              \
        cr_assert_eq(status_, expected, "%s: %d %s", #call, (int)status_, error.message);                              \
        cr_assert(strstr(error.message, part) != NULL, "%s", error.message);                                           \
    } while (0)

#endif
