/* What the clerk does with the runs of the database: lists, opens, edits. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/group.h>

#include "errands.h"

/* ---- the engine ---- */

/* Opening a connection may wait for a lock: the clerk's thread makes the engine, the loop takes it over. */
struct engine_seat {
    char *database;
    int threads;
    struct engine *made;
};

static struct engine_seat seat_for(const struct workbench *w)
{
    struct engine_seat seat = {.threads = w->threads};
    if (w->engine == NULL)
        seat.database = strdup(w->database);
    return seat;
}

static enum ifl_status seat_run(struct engine_seat *seat, struct store *store, struct ifl_error *error)
{
    if (seat->database == NULL || store == NULL)
        return IFL_OK;
    return engine_new(&seat->made, seat->database, seat->threads, error);
}

static void seat_done(struct engine_seat *seat, struct workbench *w)
{
    if (w->engine != NULL || seat->made == NULL)
        return;
    w->engine = seat->made;
    seat->made = NULL;
}

static void seat_discard(struct engine_seat *seat)
{
    engine_free(seat->made);
    free(seat->database);
}

/* ---- the list ---- */

struct list_errand {
    struct errand errand;
    struct engine_seat seat;
    bool bin;
    struct store_run *runs;
    size_t count;
    struct store_left_out left_out;
};

static enum ifl_status list_run(struct errand *errand, struct store *store, struct ifl_error *error)
{
    struct list_errand *list = (struct list_errand *)errand;
    enum ifl_status status = seat_run(&list->seat, store, error);
    if (status != IFL_OK || store == NULL)
        return status;
    return store_list_runs_among(store, list->bin ? STORE_DELETED : STORE_ALIVE, &list->runs, &list->count,
                                 &list->left_out, error);
}

static void list_done(struct errand *errand, struct workbench *w, enum ifl_status status, const struct ifl_error *error)
{
    struct list_errand *list = (struct list_errand *)errand;
    struct ifl_error failed = {0};
    w->list_wanted = false;
    seat_done(&list->seat, w);
    w->list_failed = status != IFL_OK;
    if (status != IFL_OK) {
        workbench_say(w, true, "cannot read the runs: %s", error->message);
        return;
    }
    if (list->bin != w->in_bin) { /* another list is on its way */
        return;
    }
    status = runs_take(&w->runs, list->runs, list->count, &failed);
    list->runs = NULL;
    list->count = 0;
    if (status != IFL_OK)
        workbench_say(w, true, "%s", failed.message);
    else if (list->left_out.count > 0)
        workbench_say(w, true, "%zu damaged: %s", list->left_out.count, list->left_out.first.message);
    w->listed = true;
    w->ask |= w->screen == SCREEN_LIST;
}

static void list_discard(struct errand *errand)
{
    struct list_errand *list = (struct list_errand *)errand;
    store_runs_free(list->runs, list->count);
    seat_discard(&list->seat);
    free(list);
}

void *errand_new(struct workbench *w, size_t size, const struct errand *how)
{
    struct errand *errand = ifl_alloc(1, size);
    if (errand == NULL)
        workbench_say(w, true, "no memory for that");
    else
        *errand = *how;
    return errand;
}

void errand_list(struct workbench *w)
{
    static const struct errand how = {.run = list_run, .done = list_done, .discard = list_discard, .reads = true};
    struct list_errand *list = errand_new(w, sizeof *list, &how);
    if (list == NULL)
        return;
    list->bin = w->in_bin;
    list->seat = seat_for(w);
    w->list_wanted = true;
    clerk_send(w->clerk, &list->errand);
}

/* ---- opening ---- */

struct open_errand {
    struct errand errand;
    struct engine_seat seat;
    bool again;
    int64_t *ids;
    size_t *sizes, count;    /* subjects */
    struct member **members; /* [count], each of sizes[k] */
};

/* A run that is gone is left out: *made stays as it is. */
static enum ifl_status open_member(struct store *store, int64_t id, struct member *members, size_t *made,
                                   struct ifl_error *error)
{
    struct member *member = &members[*made];
    enum ifl_status status = store_get_run(store, id, &member->run, error);
    if (status == IFL_OK)
        status = store_list_snapshots(store, id, &member->snapshots, &member->count, error);
    if (status == IFL_OK) {
        ++*made;
        return IFL_OK;
    }
    store_run_release(&member->run);
    *member = (struct member){0};
    return status;
}

/* Runs that were deleted meanwhile are left out, unless nothing would be left of a subject asked for anew. */
static enum ifl_status open_subject(struct open_errand *open, size_t k, struct store *store, const int64_t *ids,
                                    struct ifl_error *error)
{
    size_t wanted = open->sizes[k], made = 0;
    enum ifl_status status = IFL_OK;
    open->sizes[k] = 0;
    open->members[k] = ifl_alloc(wanted, sizeof *open->members[k]);
    if (open->members[k] == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for the runs");
    for (size_t m = 0; m < wanted && (status == IFL_OK || status == IFL_NOT_FOUND); m++)
        status = open_member(store, ids[m], open->members[k], &made, error);
    open->sizes[k] = made;
    return status == IFL_NOT_FOUND && (made > 0 || open->again) ? IFL_OK : status;
}

static enum ifl_status open_run(struct errand *errand, struct store *store, struct ifl_error *error)
{
    struct open_errand *open = (struct open_errand *)errand;
    enum ifl_status status = seat_run(&open->seat, store, error);
    if (status == IFL_OK && store == NULL)
        status = ifl_fail(error, IFL_NOT_FOUND, "there is no database yet");
    const int64_t *ids = open->ids;
    for (size_t k = 0; k < open->count && status == IFL_OK; k++) {
        size_t wanted = open->sizes[k];
        status = open_subject(open, k, store, ids, error);
        ids += wanted;
    }
    return status;
}

/* What a subject is called: its run's name, or what its runs' names have in common. */
static char *subject_name(const struct member *members, size_t count)
{
    const struct run **runs = ifl_alloc(count, sizeof *runs);
    char *name = NULL;
    for (size_t m = 0; runs != NULL && m < count; m++)
        runs[m] = &members[m].run.run;
    if (runs != NULL)
        name = count == 1 ? strdup(runs[0]->name) : run_group_name(runs, count);
    free(runs);
    return name;
}

static enum ifl_status make_showing(struct showing *out, struct open_errand *open, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    for (size_t k = 0; k < open->count && status == IFL_OK; k++) {
        struct member *members = open->members[k];
        if (open->sizes[k] == 0)
            continue;
        char *name = subject_name(members, open->sizes[k]);
        if (name == NULL)
            return ifl_fail(error, IFL_NO_MEMORY, "no memory for the runs");
        open->members[k] = NULL;
        status = showing_add(out, name, members, open->sizes[k], error);
    }
    showing_label(out);
    if (status == IFL_OK && out->count == 0)
        status = ifl_fail(error, IFL_NOT_FOUND, "the run is not there any more");
    return status;
}

static void open_done(struct errand *errand, struct workbench *w, enum ifl_status status, const struct ifl_error *error)
{
    struct open_errand *open = (struct open_errand *)errand;
    struct showing fresh = {0};
    struct ifl_error failed = *error;
    seat_done(&open->seat, w);
    w->opening -= !open->again;
    if (open->again && w->screen != SCREEN_RUN)
        return;
    if (status == IFL_OK)
        status = make_showing(&fresh, open, &failed);
    if (status != IFL_OK) {
        showing_release(&fresh);
        workbench_say(w, true, "cannot open the run: %s", failed.message);
        return;
    }
    workbench_show(w, &fresh, open->again);
}

static void open_discard(struct errand *errand)
{
    struct open_errand *open = (struct open_errand *)errand;
    for (size_t k = 0; open->members != NULL && open->sizes != NULL && k < open->count; k++)
        members_free(open->members[k], open->sizes[k]);
    free(open->members);
    free(open->sizes);
    free(open->ids);
    seat_discard(&open->seat);
    free(open);
}

void errand_open(struct workbench *w, const int64_t *ids, const size_t *sizes, size_t count, bool again)
{
    static const struct errand how = {.run = open_run, .done = open_done, .discard = open_discard, .reads = true};
    struct open_errand *open = errand_new(w, sizeof *open, &how);
    size_t n = 0;
    if (open == NULL)
        return;
    for (size_t k = 0; k < count; k++)
        n += sizes[k];
    open->again = again;
    w->opening += !again;
    open->seat = seat_for(w);
    open->ids = ifl_alloc(n, sizeof *open->ids);
    open->sizes = ifl_alloc(count, sizeof *open->sizes);
    open->members = ifl_alloc(count, sizeof *open->members);
    if (open->ids == NULL || open->sizes == NULL || open->members == NULL) {
        open_discard(&open->errand);
        w->opening -= !again;
        workbench_say(w, true, "no memory for that");
        return;
    }
    open->count = count;
    memcpy(open->ids, ids, n * sizeof *ids);
    memcpy(open->sizes, sizes, count * sizeof *sizes);
    clerk_send(w->clerk, &open->errand);
}

/* ---- editing ---- */

struct edit_errand {
    struct errand errand;
    enum edit edit;
    int64_t *ids;
    size_t count;
    char *key, *text;
    char *name; /* of the run, where it is one of the list; else NULL */
    size_t edited;
};

static enum ifl_status edit_one(const struct edit_errand *edit, struct store *store, int64_t id,
                                struct ifl_error *error)
{
    switch (edit->edit) {
    case EDIT_RENAME:
        return store_rename_run(store, id, edit->text, error);
    case EDIT_TAG:
        return store_set_tag(store, id, edit->key, edit->text[0] != '\0' ? edit->text : NULL, error);
    case EDIT_NOTE:
        return store_set_note(store, id, edit->text, error);
    case EDIT_DELETE:
        return store_delete_run(store, id, error);
    default:
        return store_restore_run(store, id, error);
    }
}

static enum ifl_status edit_run(struct errand *errand, struct store *store, struct ifl_error *error)
{
    struct edit_errand *edit = (struct edit_errand *)errand;
    if (store == NULL)
        return ifl_fail(error, IFL_NOT_FOUND, "there is no database yet");
    enum ifl_status status = IFL_OK;
    if (edit->count == 0) { /* one of the bin, by its name */
        int64_t id;
        status = store_find_run_among(store, STORE_DELETED, edit->text, &id, error);
        return status == IFL_OK ? store_restore_run(store, id, error) : status;
    }
    while (edit->edited < edit->count && status == IFL_OK) {
        status = edit_one(edit, store, edit->ids[edit->edited], error);
        edit->edited += status == IFL_OK;
    }
    return status;
}

static void say_edited(struct workbench *w, const struct edit_errand *edit)
{
    static const char *const said[] = {[EDIT_RENAME] = "renamed",
                                       [EDIT_TAG] = "tagged",
                                       [EDIT_NOTE] = "noted",
                                       [EDIT_DELETE] = "in the bin",
                                       [EDIT_RESTORE] = "restored"};
    char many[32];
    snprintf(many, sizeof many, "%zu run%s", edit->count, edit->count == 1 ? "" : "s");
    const char *what = edit->count == 0 ? edit->text : edit->name != NULL ? edit->name : many;
    if (edit->edit == EDIT_DELETE)
        workbench_say(w, false, "%.200s %s: u brings %s back, :bin shows the bin", what, said[edit->edit],
                      edit->count == 1 ? "it" : "them");
    else
        workbench_say(w, false, "%.200s %s", what, said[edit->edit]);
}

static void edit_done(struct errand *errand, struct workbench *w, enum ifl_status status, const struct ifl_error *error)
{
    struct edit_errand *edit = (struct edit_errand *)errand;
    w->editing--;
    if (status != IFL_OK && edit->edited > 0)
        workbench_say(w, true, "%zu of %zu: %s", edit->edited, edit->count, error->message);
    else if (status != IFL_OK)
        workbench_say(w, true, "%s", error->message);
    else
        say_edited(w, edit);
    if (edit->edit == EDIT_DELETE && edit->edited > 0)
        workbench_deleted(w, edit->ids, edit->edited);
    if (edit->edit == EDIT_RESTORE && status == IFL_OK)
        workbench_restored(w, edit->ids, edit->count);
    errand_list(w);
}

static void edit_discard(struct errand *errand)
{
    struct edit_errand *edit = (struct edit_errand *)errand;
    free(edit->ids);
    free(edit->key);
    free(edit->text);
    free(edit->name);
    free(edit);
}

void errand_edit(struct workbench *w, enum edit what, const int64_t *ids, size_t count, const char *key,
                 const char *text)
{
    static const struct errand how = {.run = edit_run, .done = edit_done, .discard = edit_discard};
    struct edit_errand *edit = errand_new(w, sizeof *edit, &how);
    if (edit == NULL)
        return;
    const struct store_run *run = count == 1 ? runs_find(&w->runs, ids[0]) : NULL;
    edit->edit = what;
    edit->count = count;
    edit->name = run != NULL ? strdup(run->run.name) : NULL;
    edit->ids = ifl_alloc(count, sizeof *edit->ids);
    edit->key = strdup(key != NULL ? key : "");
    edit->text = strdup(text != NULL ? text : "");
    if (edit->ids == NULL || edit->key == NULL || edit->text == NULL) {
        edit_discard(&edit->errand);
        workbench_say(w, true, "no memory for that");
        return;
    }
    if (count > 0) /* else ids may be NULL */
        memcpy(edit->ids, ids, count * sizeof *ids);
    w->editing++;
    clerk_send(w->clerk, &edit->errand);
}
