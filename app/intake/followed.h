/* A run folder that is followed: each look takes what is new in it. Private to intake/. */
#ifndef INTAKE_FOLLOWED_H
#define INTAKE_FOLLOWED_H

#include <dump/dump.h>
#include <intake/files.h>
#include <intake/intake.h>
#include <intake/told_notes.h>

/* What the folders of one follower share. */
struct following {
    struct store *store;
    struct dump_limits limits;
    const atomic_bool *cancel;
    int settle_ms, grace_ms;
    size_t maps;
    void (*tell)(void *context, const struct follower_news *news);
    void *context;
};

struct followed {
    char *path;
    int watch;       /* for follower.c: its inotify watch, or -1 */
    bool dirty;      /* for follower.c: there was a notification */
    int64_t look_at; /* when it wants to be looked at though nothing happens; INT64_MAX: never */
    struct file manifest;
    int64_t bare_until; /* until when the first snapshots wait for a run.json; 0: none has come yet */
    bool opened;
    struct run run; /* where opened */
    int64_t id;     /* of the run in the database; 0: not there, as far as known */
    struct files files;
    uint64_t said; /* text_hash of the last complaint of the folder itself */
    struct told_notes told;
    size_t added; /* since the last news of it */
    int64_t told_at;
};

enum ifl_status followed_new(struct followed **out, const char *path, struct ifl_error *error);
void followed_free(struct followed *followed);

/* Imports what is new; `slow`: also tries again what could not be read. What is wrong with files is told, and is no
 * failure: failures are those of the database (the next look tries again), of memory, and IFL_CANCELED. */
enum ifl_status followed_look(struct followed *followed, const struct following *following, bool slow,
                              struct ifl_error *error);

void tell_text(const struct following *following, enum follower_kind kind, const char *text);

#endif
