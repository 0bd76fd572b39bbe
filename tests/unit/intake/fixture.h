/* What the tests of intake/ share: dump files in a folder of their own, and a follower that is listened to. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <criterion/criterion.h>
#include <intake/intake.h>

/* TestSuite(..., .init = make, .fini = remove_folder). Paths below are in the test's folder. */
void make(void);
extern char database[96];
extern char root[96]; /* `all`, which is not made */

void make_folder(const char *path);
void move(const char *from, const char *to);
void remove_all(const char *path);
void write_text(const char *path, const char *text);
/* A run.json with one layer of this name. */
void write_manifest(const char *path, const char *name, const char *layer);
/* A snapshot of that layer with n = `samples`, written under another name and renamed into place. */
void write_snapshot(const char *path, int step, const char *layer, size_t samples);
extern bool noted; /* it has a key that is noted by whoever reads it whole */
/* The folder, its run.json and snapshots of steps 0, 1, ... */
void write_run(const char *path, const char *name, int snapshots);

/* Without a safety net, so that only notifications (or, with `poll`, looks every few milliseconds) can help. */
struct follower_options quick(bool poll);
struct follower *follow(const struct follower_options *options);

/* The next piece of news, waited for; it must be of this kind and hold `part`. */
struct follower_news expect_news(struct follower *follower, enum follower_kind kind, const char *part);
/* Takes news until the run has this many snapshots; all must be of it. How many they say were added. */
size_t expect_growth(struct follower *follower, const char *run, size_t snapshots);
void expect_silence(struct follower *follower); /* no news waits now */

size_t stored_runs(void);
size_t stored_snapshots(const char *run);

#define assert_ok(call)                                                                                                \
    do {                                                                                                               \
        struct ifl_error error = {.message = ""};                                                                      \
        enum ifl_status status_ = (call);                                                                              \
        cr_assert_eq(status_, IFL_OK, "%s: %s", #call, error.message);                                                 \
    } while (0)

#endif
