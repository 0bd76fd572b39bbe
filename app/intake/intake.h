/* From dumps on disk into the run database: once, on request (import), or for as long as a folder grows (follow). The
 * only folder that knows both dump/ and store/. Prints nothing: what is to be said goes to callbacks or waits as news.
 */
#ifndef INTAKE_H
#define INTAKE_H

#include <store/store.h>

/* What an import says while it runs; any of them may be NULL. Texts are as the files have them: text_clean them. */
struct intake_listener {
    void (*note)(void *context, const char *text);              /* `PATH: KEY: what`, no error */
    void (*progress)(void *context, size_t done, size_t total); /* files read */
    void (*progress_end)(void *context);
    void (*imported)(void *context, const struct store_run *run); /* a run, as it now is in the database */
    void (*failed)(void *context, const struct ifl_error *error); /* a run of a folder of runs; the others go on */
    void *context;
};

/* Imports a run folder, each run in a folder of them, or one snapshot of a run folder. A run is stored once: what is
 * there already is not read again. Of a run with a bad snapshot nothing new is stored. IFL_REFUSED: the path is none of
 * these, or the run breaks the format or contradicts what is stored. */
enum ifl_status intake_import(struct store *store, const char *path, const struct intake_listener *listener,
                              struct ifl_error *error);

/* `NAME: 7 snapshots, 6 layers, n = 128`, cut where it does not fit. Returns `out`. */
char *intake_summary(char *out, size_t size, const struct store_run *run);

#endif
