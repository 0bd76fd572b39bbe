/* What the clerk does with the disk: writes, loads, looks for files, follows a folder. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "errands.h"

/* ---- writing ---- */

struct write_errand {
    struct errand errand;
    char *path, *text, *what;
    enum write_kind kind;
};

static enum ifl_status write_run(struct errand *errand, struct store *store, struct ifl_error *error)
{
    (void)store;
    struct write_errand *write = (struct write_errand *)errand;
    if (write->kind == WRITE_OWN)
        return config_write(write->path, write->text, error);
    if (write->kind == WRITE_EXPORT && access(write->path, F_OK) == 0)
        return ifl_fail(error, IFL_REFUSED, "%s is there already: the same once more replaces it", write->path);
    return config_export(write->path, write->text, error);
}

static void write_done(struct errand *errand, struct workbench *w, enum ifl_status status,
                       const struct ifl_error *error)
{
    struct write_errand *write = (struct write_errand *)errand;
    if (write->kind != WRITE_OWN) {
        free(w->refused);
        w->refused = status == IFL_REFUSED ? strdup(write->path) : NULL;
    }
    if (status != IFL_OK)
        workbench_say(w, true, "%s", error->message);
    else if (write->what[0] != '\0')
        workbench_say(w, false, "%s %s", write->path, write->what);
}

static void write_discard(struct errand *errand)
{
    struct write_errand *write = (struct write_errand *)errand;
    free(write->path);
    free(write->text);
    free(write->what);
    free(write);
}

void errand_write(struct workbench *w, const char *path, char *text, enum write_kind kind, const char *what)
{
    static const struct errand how = {.run = write_run, .done = write_done, .discard = write_discard};
    struct write_errand *write = errand_new(w, sizeof *write, &how);
    if (write == NULL) {
        free(text);
        return;
    }
    write->text = text;
    write->kind = kind;
    write->path = strdup(path);
    write->what = strdup(what);
    if (write->path == NULL || write->text == NULL || write->what == NULL) {
        write_discard(&write->errand);
        workbench_say(w, true, "no memory for that");
        return;
    }
    clerk_send(w->clerk, &write->errand);
}

/* ---- loading ---- */

struct load_errand {
    struct errand errand;
    char *path, *what, *lines;
};

static enum ifl_status load_run(struct errand *errand, struct store *store, struct ifl_error *error)
{
    (void)store;
    struct load_errand *load = (struct load_errand *)errand;
    load->lines = session_read(load->path, error);
    return load->lines != NULL ? IFL_OK : error->status;
}

static void load_done(struct errand *errand, struct workbench *w, enum ifl_status status, const struct ifl_error *error)
{
    struct load_errand *load = (struct load_errand *)errand;
    if (status == IFL_NOT_FOUND) {
        workbench_say(w, true, "there is no saved view `%s`", load->what);
    } else if (status != IFL_OK) {
        workbench_say(w, true, "%s", error->message);
    } else {
        workbench_say(w, false, "view %s", load->what);
        runs_view_reset(&w->runs); /* it says what is filtered, sorted, unfolded, not what is not */
        workbench_queue(w, load->lines);
        load->lines = NULL;
    }
}

static void load_discard(struct errand *errand)
{
    struct load_errand *load = (struct load_errand *)errand;
    free(load->path);
    free(load->what);
    free(load->lines);
    free(load);
}

void errand_load(struct workbench *w, const char *path, const char *what)
{
    static const struct errand how = {.run = load_run, .done = load_done, .discard = load_discard, .reads = true};
    struct load_errand *load = errand_new(w, sizeof *load, &how);
    if (load == NULL)
        return;
    load->path = strdup(path);
    load->what = strdup(what);
    if (load->path == NULL || load->what == NULL) {
        load_discard(&load->errand);
        workbench_say(w, true, "no memory for that");
        return;
    }
    clerk_send(w->clerk, &load->errand);
}

/* ---- completing what is typed ---- */

struct candidates_errand {
    struct errand errand;
    enum prompt_use use;
    char text[PROMPT_TEXT];
    size_t cursor;
    struct view_names views;
    struct completion found;
};

static const char *view_word(void *context, enum words kind, size_t k)
{
    const struct view_names *views = context;
    return kind == WORDS_VIEWS && k < views->count ? views->items[k] : NULL;
}

static enum ifl_status candidates_run(struct errand *errand, struct store *store, struct ifl_error *error)
{
    struct candidates_errand *asked = (struct candidates_errand *)errand;
    struct vocabulary vocabulary = {.word = view_word, .context = &asked->views};
    (void)store;
    (void)error;
    view_names_read(&asked->views);
    prompt_candidates(&asked->found, asked->use, asked->text, asked->cursor, &vocabulary);
    return IFL_OK;
}

static void candidates_done(struct errand *errand, struct workbench *w, enum ifl_status status,
                            const struct ifl_error *error)
{
    struct candidates_errand *asked = (struct candidates_errand *)errand;
    (void)error;
    (void)status; /* a Tab that failed may be pressed again */
    if (asked->use == w->prompt.use && strcmp(asked->text, w->prompt.text) == 0)
        prompt_take(&w->prompt, &asked->found);
}

static void candidates_discard(struct errand *errand)
{
    struct candidates_errand *asked = (struct candidates_errand *)errand;
    view_names_release(&asked->views);
    completion_release(&asked->found);
    free(asked);
}

void errand_candidates(struct workbench *w)
{
    static const struct errand how = {
        .run = candidates_run, .done = candidates_done, .discard = candidates_discard, .reads = true};
    struct candidates_errand *asked = errand_new(w, sizeof *asked, &how);
    if (asked == NULL)
        return;
    asked->use = w->prompt.use;
    asked->cursor = w->prompt.cursor;
    memcpy(asked->text, w->prompt.text, sizeof asked->text);
    clerk_send(w->clerk, &asked->errand);
}

/* ---- following ---- */

/* A follower's start and end wait for the database: both are the clerk's. */
struct end_errand {
    struct errand errand;
    struct follower *follower;
};

static enum ifl_status end_run(struct errand *errand, struct store *store, struct ifl_error *error)
{
    struct end_errand *end = (struct end_errand *)errand;
    (void)store;
    (void)error;
    follower_free(end->follower);
    end->follower = NULL;
    return IFL_OK;
}

static void end_discard(struct errand *errand)
{
    struct end_errand *end = (struct end_errand *)errand;
    follower_free(end->follower);
    free(end);
}

static void end_follower(struct workbench *w, struct follower *follower)
{
    static const struct errand how = {.run = end_run, .discard = end_discard};
    struct end_errand *end = follower != NULL ? errand_new(w, sizeof *end, &how) : NULL;
    if (end == NULL) {
        follower_free(follower);
        return;
    }
    end->follower = follower;
    clerk_send(w->clerk, &end->errand);
}

struct watch_errand {
    struct errand errand;
    char *database, *folder; /* folder NULL: none from now on */
    struct follower *made;
};

static enum ifl_status watch_run(struct errand *errand, struct store *store, struct ifl_error *error)
{
    static const struct follower_options usual = {0};
    struct watch_errand *watch = (struct watch_errand *)errand;
    (void)store;
    return watch->folder == NULL ? IFL_OK : follower_new(&watch->made, watch->database, watch->folder, &usual, error);
}

/* The one before goes on until there is another. */
static void watch_done(struct errand *errand, struct workbench *w, enum ifl_status status,
                       const struct ifl_error *error)
{
    struct watch_errand *watch = (struct watch_errand *)errand;
    if (status != IFL_OK) {
        workbench_say(w, true, "%s", error->message);
        return;
    }
    if (watch->folder != NULL)
        workbench_say(w, false, "follows %s", watch->folder);
    else
        workbench_say(w, false, "no folder is followed any more");
    end_follower(w, w->follower);
    free(w->followed);
    w->follower = watch->made;
    w->followed = watch->folder;
    watch->made = NULL;
    watch->folder = NULL;
}

static void watch_discard(struct errand *errand)
{
    struct watch_errand *watch = (struct watch_errand *)errand;
    follower_free(watch->made);
    free(watch->database);
    free(watch->folder);
    free(watch);
}

void errand_watch(struct workbench *w, const char *folder)
{
    static const struct errand how = {.run = watch_run, .done = watch_done, .discard = watch_discard};
    struct watch_errand *watch = errand_new(w, sizeof *watch, &how);
    if (watch == NULL)
        return;
    watch->database = strdup(w->database);
    watch->folder = folder != NULL ? strdup(folder) : NULL;
    if (watch->database == NULL || (folder != NULL && watch->folder == NULL)) {
        watch_discard(&watch->errand);
        workbench_say(w, true, "no memory for that");
        return;
    }
    clerk_send(w->clerk, &watch->errand);
}
