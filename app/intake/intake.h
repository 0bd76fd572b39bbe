/* From dumps on disk into the run database: once, on request (import), or for as long as a folder grows (follow). The
 * only folder that knows both dump/ and store/. Prints nothing: what is to be said goes to callbacks or waits as news.
 */
#ifndef INTAKE_H
#define INTAKE_H

#include <store/store.h>

/* Of how many maps of a layer distances are kept one by one where nobody says, and where all are wanted. Of layers of
 * more maps it is a sample (base/maps.h). A run that is in the database stays with what it has. */
#define INTAKE_MAPS     ((size_t)128)
#define INTAKE_ALL_MAPS SIZE_MAX

/* What an import says while it runs; any of them may be NULL. Texts are as the files have them: text_clean them. */
struct intake_listener {
    /* `PATH: KEY: what`, no error; what the files of a run have in common once, when the run is stored */
    void (*note)(void *context, const char *text);
    void (*progress)(void *context, size_t done, size_t total); /* files read */
    void (*progress_end)(void *context);
    void (*imported)(void *context, const struct store_run *run); /* a run, as it now is in the database */
    void (*failed)(void *context, const struct ifl_error *error); /* a run of a folder of runs; the others go on */
    void *context;
};

struct intake_options {
    size_t maps;               /* of a layer, one by one; 0: INTAKE_MAPS */
    bool skip_bad;             /* snapshots that are refused are left out, each with a note */
    const atomic_bool *cancel; /* may be NULL; raised by any thread or a signal: reading ends soon with IFL_CANCELED */
};

/* Imports a run folder, each run in a folder of them, or one snapshot of a run folder. A run is stored once: what is
 * there already is not read again. Of a run with a bad snapshot nothing new is stored, unless they are to be skipped
 * and a good one is left. IFL_REFUSED: the path is none of these, or the run breaks the format or contradicts what is
 * stored. */
enum ifl_status intake_import(struct store *store, const char *path, const struct intake_options *options,
                              const struct intake_listener *listener, struct ifl_error *error);

/* `NAME: 7 snapshots, 6 layers, n = 128`, cut where it does not fit. Returns `out`. */
char *intake_summary(char *out, size_t size, const struct store_run *run);

/* ---- following a folder ---- */

/* A thread with a database connection of its own that imports what appears in a folder: in a run folder, or in each
 * run folder below it. It lives through half-written and bad files, folders that are deleted and made again, one that
 * is not there yet, and a database that is locked. A bad file does not hold back the good ones of its run. */
struct follower;

struct follower_options {
    bool poll;   /* never rely on the system's notifications (inotify) */
    size_t maps; /* as of struct intake_options */
    /* Milliseconds, 0: as said. */
    int poll_ms;   /* between two looks without notifications: 2000 */
    int net_ms;    /* the same with them, for file systems that forget to notify: 10000 */
    int settle_ms; /* until a file that was refused is looked at once more, and then complained of: 2000 */
    int grace_ms;  /* how long the first snapshots of a run wait for its run.json: 5000 */
};

struct follower_news {
    enum follower_kind {
        FOLLOWER_ADDED, /* snapshots were added to a run */
        FOLLOWER_NOTE,  /* something to know, no error */
        FOLLOWER_ERROR  /* something could not be taken; said once, and tried again when it changes */
    } kind;
    /* of FOLLOWER_ADDED */
    char run[256]; /* its name, cut where longer */
    int64_t run_id;
    size_t snapshots; /* added since the news before */
    char text[1024];  /* a line for people (intake_summary of the run; a note; `PATH: KEY: what`), to be text_cleaned */
};

/* Opens the database (made where it is missing) and starts following. `folder` need not be there yet. */
enum ifl_status follower_new(struct follower **out, const char *database, const char *folder,
                             const struct follower_options *options, struct ifl_error *error);
/* Ends the thread, also one that reads or waits for a lock, within a second or so. `follower` may be NULL. */
void follower_free(struct follower *follower);

/* A file descriptor that is readable while there is news. */
int follower_fd(const struct follower *follower);
/* The oldest piece of news that was not taken yet; false, *out untouched, where there is none. For one thread. */
bool follower_take(struct follower *follower, struct follower_news *out);

#endif
