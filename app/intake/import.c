/* Import of what is there: all files of a run are read and checked before the first is stored. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <intake/alike.h>
#include <intake/intake.h>
#include <intake/passage.h>
#include <intake/told_notes.h>

struct import {
    struct store *store;
    struct dump_limits limits;
    const struct intake_listener *listener;
    const struct intake_options *options;
};

/* A run being imported. */
struct incoming {
    struct import *import;
    struct dump_run dump;
    struct snapshot *held; /* [n_files], those read and kept; n == 0: not held */
    bool *passed;          /* [n_files], not to be stored: in the database already, or bad */
    size_t bad;            /* of those */
    int64_t run;           /* in the database; 0: not there yet */
    struct dump_notes notes;
    struct told_notes told;
    char *waiting[TOLD_NOTES_MOST]; /* the first told.count: what its reader noted */
    const char *reading;            /* the path of what is being read */
};

/* Waits until the run is stored: of one that is refused there is one thing to be said. */
static void take_note(void *context, const char *text)
{
    struct incoming *in = context;
    if (told_notes_add(&in->told, text, in->reading))
        in->waiting[in->told.count - 1] = strdup(text); /* without memory there is no note */
}

static void pass_notes(const struct incoming *in)
{
    const struct intake_listener *listener = in->import->listener;
    for (size_t k = 0; k < in->told.count && listener->note != NULL; k++)
        if (in->waiting[k] != NULL)
            listener->note(listener->context, in->waiting[k]);
}

/* What became of a file: one that is refused is passed over, if it may be, unless it is the last and none was good. */
static enum ifl_status settle(struct incoming *in, size_t k, enum ifl_status status, const struct ifl_error *error)
{
    const struct intake_listener *listener = in->import->listener;
    if (status != IFL_REFUSED || !in->import->options->skip_bad || in->bad + 1 == in->dump.n_files)
        return status;
    in->passed[k] = true;
    in->bad++;
    if (listener->note != NULL) {
        char text[sizeof error->message + 16];
        snprintf(text, sizeof text, "%s; left out", error->message);
        listener->note(listener->context, text);
    }
    return IFL_OK;
}

static enum ifl_status open_file(struct incoming *in, size_t k, struct passage *out, struct ifl_error *error)
{
    in->reading = in->dump.files[k];
    return passage_open(out, &in->dump.run, in->reading, &in->import->limits, &in->notes, error);
}

/* `held_bytes`: of all snapshots that are held. */
static enum ifl_status check_file(struct incoming *in, size_t k, struct seen *seen, size_t *held_bytes,
                                  struct ifl_error *error)
{
    struct passage passage;
    enum ifl_status status = open_file(in, k, &passage, error);
    if (status != IFL_OK)
        return status;
    status = passage_check(&passage, HELD_BYTES - *held_bytes, error);
    if (status == IFL_OK)
        status = seen_add(seen, k, passage_snapshot(&passage), error);
    if (status == IFL_OK && passage.held.n > 0) {
        *held_bytes += passage_bytes(&passage);
        in->held[k] = passage.held;
        passage.held = (struct snapshot){0};
    }
    passage_release(&passage);
    return status;
}

/* Marks the files whose snapshots the database has. */
static enum ifl_status find_stored(struct incoming *in, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    for (size_t k = 0; k < in->dump.n_files && status == IFL_OK; k++) {
        int64_t step, batch;
        status = dump_peek(&step, &batch, &in->dump.run, in->dump.files[k], &in->import->limits, error);
        if (status == IFL_OK)
            status = store_has_snapshot(in->import->store, in->run, step, batch, &in->passed[k], error);
        status = settle(in, k, status, error);
    }
    return status;
}

/* Reads every new file once, so that nothing is stored of a run that has a bad one, or nothing of that one. */
static enum ifl_status check_files(struct incoming *in, struct ifl_error *error)
{
    const struct intake_listener *listener = in->import->listener;
    size_t files = in->dump.n_files, bytes = 0;
    struct seen seen = {0};
    enum ifl_status status = seen_init(&seen, &in->dump, error);
    if (status != IFL_OK)
        return status;
    if (in->run != 0)
        status = seen_add_stored(&seen, in->import->store, in->run, error);
    for (size_t k = 0; k < files && status == IFL_OK; k++) {
        if (listener->progress != NULL)
            listener->progress(listener->context, k, files);
        if (!in->passed[k])
            status = settle(in, k, check_file(in, k, &seen, &bytes, error), error);
    }
    if (listener->progress_end != NULL)
        listener->progress_end(listener->context);
    seen_release(&seen);
    return status;
}

static enum ifl_status add_run(struct incoming *in, const char *path, struct ifl_error *error)
{
    enum ifl_status status = store_add_run(in->import->store, &in->dump.run, &in->run, error);
    if (status == IFL_REFUSED)
        ifl_error_prefix(error, "%s", path);
    return status;
}

/* A file that was not held is read again. */
static enum ifl_status store_file(struct incoming *in, size_t k, struct ifl_error *error)
{
    struct passage passage = {.held = in->held[k]};
    enum ifl_status status = IFL_OK;
    bool added;
    in->held[k] = (struct snapshot){0};
    if (passage.held.n == 0)
        status = open_file(in, k, &passage, error);
    if (status == IFL_OK)
        status = passage_store(&passage, in->import->store, in->run, in->dump.files[k], &added, error);
    passage_release(&passage);
    return status;
}

static enum ifl_status store_files(struct incoming *in, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    for (size_t k = 0; k < in->dump.n_files && status == IFL_OK; k++)
        if (!in->passed[k])
            status = store_file(in, k, error);
    return status;
}

static enum ifl_status report(struct incoming *in, struct ifl_error *error)
{
    const struct intake_listener *listener = in->import->listener;
    struct store_run stored;
    pass_notes(in);
    if (listener->imported == NULL)
        return IFL_OK;
    enum ifl_status status = store_get_run(in->import->store, in->run, &stored, error);
    if (status != IFL_OK)
        return status;
    listener->imported(listener->context, &stored);
    store_run_release(&stored);
    return IFL_OK;
}

/* A run that is there stays with the maps it has; who asked for others is told. */
static enum ifl_status settle_maps(struct incoming *in, const char *path, struct ifl_error *error)
{
    const struct import *import = in->import;
    size_t maps = import->options->maps, asked = 0, *limit = &in->dump.run.map_limit;
    enum ifl_status status = find_map_limit(import->store, in->run, maps, limit, error);
    if (status != IFL_OK || maps == 0)
        return status;
    status = find_map_limit(import->store, 0, maps, &asked, error);
    if (status == IFL_OK && asked != *limit && import->listener->note != NULL) {
        char text[1024], number[32] = "all";
        if (*limit != 0)
            snprintf(number, sizeof number, "%zu", *limit);
        snprintf(text, sizeof text, "%.800s: stays with %s feature maps of a layer, as it is in the database", path,
                 number);
        import->listener->note(import->listener->context, text);
    }
    return status;
}

static enum ifl_status import_opened(struct incoming *in, const char *path, struct ifl_error *error)
{
    enum ifl_status status = store_find_named(in->import->store, in->dump.run.name, &in->run, error);
    if (status == IFL_OK)
        status = settle_maps(in, path, error);
    if (status == IFL_OK && in->run != 0)
        status = add_run(in, path, error); /* nothing is added, but its layers are compared */
    if (status == IFL_OK && in->run != 0)
        status = find_stored(in, error);
    if (status == IFL_OK)
        status = check_files(in, error);
    if (status == IFL_OK && in->run == 0)
        status = add_run(in, path, error);
    if (status == IFL_OK)
        status = store_files(in, error);
    return status == IFL_OK ? report(in, error) : status;
}

static enum ifl_status import_run(struct import *import, const char *path, struct ifl_error *error)
{
    struct incoming in = {.import = import, .reading = path};
    in.notes = (struct dump_notes){.note = take_note, .context = &in, .cancel = import->options->cancel};
    enum ifl_status status = dump_open(&in.dump, path, &import->limits, &in.notes, error);
    if (status != IFL_OK)
        goto out;
    in.held = ifl_alloc(in.dump.n_files, sizeof *in.held);
    in.passed = ifl_alloc(in.dump.n_files, sizeof *in.passed);
    if (in.held == NULL || in.passed == NULL)
        status = ifl_fail(error, IFL_NO_MEMORY, "%s: no memory for its snapshots", path);
    else
        status = import_opened(&in, path, error);
out:
    for (size_t k = 0; in.held != NULL && k < in.dump.n_files; k++)
        snapshot_release(&in.held[k]);
    free(in.held);
    free(in.passed);
    for (size_t k = 0; k < in.told.count; k++)
        free(in.waiting[k]);
    dump_close(&in.dump);
    return status;
}

/* ---- a folder of runs ---- */

static int run_folder(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Imports `folder/name` where that is a run; whether it is. */
static bool import_below(struct import *import, const char *folder, const char *name)
{
    char below[4096];
    struct ifl_error error;
    int length = snprintf(below, sizeof below, "%s/%s", folder, name);
    if (length < 0 || (size_t)length >= sizeof below || !dump_is_run(below))
        return false;
    const struct intake_listener *listener = import->listener;
    if (import_run(import, below, &error) != IFL_OK && listener->failed != NULL)
        listener->failed(listener->context, &error);
    return true;
}

static enum ifl_status import_folder(struct import *import, const char *path, struct ifl_error *error)
{
    struct dirent **entries;
    int count = scandir(path, &entries, run_folder, alphasort), runs = 0;
    bool end = false;
    for (int k = 0; k < count; k++) {
        end = import->options->cancel != NULL && atomic_load(import->options->cancel);
        runs += !end && import_below(import, path, entries[k]->d_name);
        free(entries[k]);
    }
    if (count >= 0)
        free(entries);
    if (end)
        return ifl_fail(error, IFL_CANCELED, "canceled");
    return runs > 0 ? IFL_OK : ifl_fail(error, IFL_REFUSED, "%s: neither a run nor a folder of runs", path);
}

static bool is_folder(const char *path)
{
    DIR *folder = opendir(path);
    if (folder != NULL)
        closedir(folder);
    return folder != NULL;
}

enum ifl_status intake_import(struct store *store, const char *path, const struct intake_options *options,
                              const struct intake_listener *listener, struct ifl_error *error)
{
    struct ifl_error why; /* is read even where the caller's is NULL */
    if (error == NULL)
        error = &why;
    struct import import = {.store = store, .limits = dump_limits_default(), .listener = listener, .options = options};
    if (is_folder(path) && !dump_is_run(path))
        return import_folder(&import, path, error);
    enum ifl_status status = import_run(&import, path, error);
    if (status == IFL_NOT_FOUND) {
        status = IFL_REFUSED;
        error->status = status;
    }
    return status;
}

char *intake_summary(char *out, size_t size, const struct store_run *run)
{
    snprintf(out, size, "%.400s: %zu snapshots, %zu layers, n = %zu", run->run.name, run->snapshots, run->run.n_layers,
             run->n);
    return out;
}
