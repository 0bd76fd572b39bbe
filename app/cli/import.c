/* infoflow import: dumps into the run database. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include <base/text.h>
#include <cli/cli.h>
#include <dump/dump.h>

/* Distances held in memory between the check of a run and its storing; what is beyond is read a second time. */
#define HELD_BYTES ((size_t)256 << 20)

struct import {
    struct store *store;
    struct dump_limits limits;
    struct dump_notes notes;
};

static void note(void *context, const char *text)
{
    (void)context;
    say("%s", text);
}

/* A run being imported. */
struct intake {
    struct import *import;
    struct dump_run dump;
    struct snapshot *held; /* [n_files], those read and kept; n == 0: not held */
    struct progress progress;
};

static size_t snapshot_bytes(const struct snapshot *s)
{
    size_t arrays = 0;
    for (size_t k = 0; k < s->n_variables; k++)
        arrays += s->variables[k].maps + (s->variables[k].maps > 1);
    return arrays * ifl_pair_count(s->n) * sizeof(float);
}

static enum ifl_status read_file(struct intake *in, size_t k, struct snapshot *out, struct ifl_error *error)
{
    return dump_read(out, &in->dump.run, in->dump.files[k], &in->import->limits, &in->import->notes, error);
}

static const struct variable *find_variable(const struct snapshot *s, const struct variable *like)
{
    for (size_t k = 0; k < s->n_variables; k++)
        if (s->variables[k].of == like->of && s->variables[k].layer == like->layer)
            return &s->variables[k];
    return NULL;
}

/* The snapshots of a run must be alike, or it would be found out only after some of them were stored. `seen` holds
 * what is known of the files before: step, batch and n, and the variables of the first. */
static enum ifl_status check_alike(const struct intake *in, size_t k, const struct snapshot *s,
                                   const struct snapshot *seen, struct ifl_error *error)
{
    const char *file = in->dump.files[k], *first = in->dump.files[0];
    for (size_t j = 0; j < k; j++)
        if (seen[j].step == s->step && seen[j].batch == s->batch)
            return ifl_fail(error, IFL_REFUSED, "%s: step: step %lld, batch %lld is in %s as well", file,
                            (long long)s->step, (long long)s->batch, in->dump.files[j]);
    if (k > 0 && seen[0].n != s->n)
        return ifl_fail(error, IFL_REFUSED, "%s: n: %zu samples, but %zu in %s", file, s->n, seen[0].n, first);
    for (size_t v = 0; k > 0 && v < s->n_variables; v++) {
        const struct variable *here = &s->variables[v], *before = find_variable(&seen[0], here);
        if (before != NULL && (before->maps != here->maps || before->dim != here->dim)) {
            static const char *const keys[] = {[IFL_OF_X] = "X", [IFL_OF_T] = "T/", [IFL_OF_DELTA] = "delta/"};
            const char *layer = here->of == IFL_OF_X ? "" : in->dump.run.layers[here->layer].name;
            return ifl_fail(error, IFL_REFUSED, "%s: %s%s: %zu maps of %zu, but %zu of %zu in %s", file,
                            keys[here->of], layer, here->maps, here->dim, before->maps, before->dim, first);
        }
    }
    return IFL_OK;
}

/* Remembers of file k what check_alike needs. */
static enum ifl_status remember(struct snapshot *seen, size_t k, const struct snapshot *s, struct ifl_error *error)
{
    seen[k] = (struct snapshot){.step = s->step, .batch = s->batch, .n = s->n};
    if (k > 0)
        return IFL_OK;
    seen[k].variables = ifl_alloc(s->n_variables, sizeof *s->variables);
    if (seen[k].variables == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for %zu variables", s->n_variables);
    seen[k].n_variables = s->n_variables;
    for (size_t v = 0; v < s->n_variables; v++) {
        seen[k].variables[v] = s->variables[v];
        seen[k].variables[v].distances = NULL;
    }
    return IFL_OK;
}

static enum ifl_status check_file(struct intake *in, size_t k, struct snapshot *seen, size_t *held_bytes,
                                  struct ifl_error *error)
{
    struct snapshot s = {0};
    enum ifl_status status = read_file(in, k, &s, error);
    if (status == IFL_OK)
        status = check_alike(in, k, &s, seen, error);
    if (status == IFL_OK)
        status = remember(seen, k, &s, error);
    *held_bytes += snapshot_bytes(&s);
    if (status == IFL_OK && *held_bytes <= HELD_BYTES)
        in->held[k] = s;
    else
        snapshot_release(&s);
    return status;
}

/* Reads every file once, so that nothing is stored of a run that has a bad one. */
static enum ifl_status check_files(struct intake *in, struct ifl_error *error)
{
    size_t files = in->dump.n_files, bytes = 0;
    struct snapshot *seen = ifl_alloc(files, sizeof *seen);
    if (seen == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for %zu snapshots", files);
    enum ifl_status status = IFL_OK;
    for (size_t k = 0; k < files && status == IFL_OK; k++) {
        progress_step(&in->progress, k, files);
        status = check_file(in, k, seen, &bytes, error);
    }
    snapshot_release(&seen[0]);
    free(seen);
    return status;
}

static enum ifl_status store_files(struct intake *in, int64_t run, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    for (size_t k = 0; k < in->dump.n_files && status == IFL_OK; k++) {
        bool added;
        if (in->held[k].n == 0)
            status = read_file(in, k, &in->held[k], error);
        if (status == IFL_OK)
            status = store_add_snapshot(in->import->store, run, &in->held[k], &added, error);
        snapshot_release(&in->held[k]);
    }
    return status;
}

static enum ifl_status report(struct intake *in, int64_t run, struct ifl_error *error)
{
    struct store_run stored;
    enum ifl_status status = store_get_run(in->import->store, run, &stored, error);
    if (status != IFL_OK)
        return status;
    char line[512];
    snprintf(line, sizeof line, "%.400s: %zu snapshots, %zu layers, n = %zu", stored.run.name, stored.snapshots,
             stored.run.n_layers, stored.n);
    text_printf(stdout, "%s\n", line);
    store_run_release(&stored);
    return IFL_OK;
}

static enum ifl_status import_run(struct import *import, const char *path, struct ifl_error *error)
{
    struct intake in = {.import = import, .progress = {.what = "reading"}};
    int64_t run;
    enum ifl_status status = dump_open(&in.dump, path, &import->limits, &import->notes, error);
    if (status != IFL_OK)
        return status;
    in.held = ifl_alloc(in.dump.n_files, sizeof *in.held);
    if (in.held == NULL) {
        status = ifl_fail(error, IFL_NO_MEMORY, "%s: no memory for its snapshots", path);
        goto out;
    }
    status = check_files(&in, error);
    progress_end(&in.progress);
    if (status == IFL_OK)
        status = store_add_run(import->store, &in.dump.run, &run, error);
    if (status == IFL_OK)
        status = store_files(&in, run, error);
    if (status == IFL_OK)
        status = report(&in, run, error);

out:
    for (size_t k = 0; in.held != NULL && k < in.dump.n_files; k++)
        snapshot_release(&in.held[k]);
    free(in.held);
    dump_close(&in.dump);
    return status;
}

/* ---- a folder of runs ---- */

static int run_folder(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Imports each run below `path`; the code of the worst. */
static int import_folder(struct import *import, const char *path)
{
    struct dirent **entries;
    struct ifl_error error;
    int count = scandir(path, &entries, run_folder, alphasort), code = EXIT_DONE, runs = 0;
    for (int k = 0; k < count; k++) {
        char below[4096];
        int length = snprintf(below, sizeof below, "%s/%s", path, entries[k]->d_name);
        if (length > 0 && (size_t)length < sizeof below && dump_is_run(below)) {
            runs++;
            if (import_run(import, below, &error) != IFL_OK) {
                int failed = fail(&error);
                code = failed > code ? failed : code;
            }
        }
        free(entries[k]);
    }
    if (count >= 0)
        free(entries);
    if (runs == 0) {
        ifl_fail(&error, IFL_REFUSED, "%s: neither a run nor a folder of runs", path);
        return fail(&error);
    }
    return code;
}

static bool is_folder(const char *path)
{
    DIR *folder = opendir(path);
    if (folder != NULL)
        closedir(folder);
    return folder != NULL;
}

int command_import(struct arguments *arguments)
{
    struct import import = {.limits = dump_limits_default(), .notes = {.note = note}};
    struct ifl_error error;
    int code = EXIT_DONE;
    if (arguments->n_words == 0) {
        say("import: needs a PATH (infoflow import --help)");
        return EXIT_USAGE;
    }
    if (open_database(&import.store, arguments, STORE_CREATE, &error) != IFL_OK)
        return fail(&error);
    for (int k = 0; k < arguments->n_words; k++) {
        const char *path = arguments->words[k];
        int failed = EXIT_DONE;
        if (is_folder(path) && !dump_is_run(path)) {
            failed = import_folder(&import, path);
        } else if (import_run(&import, path, &error) != IFL_OK) {
            if (error.status == IFL_NOT_FOUND)
                error.status = IFL_REFUSED;
            failed = fail(&error);
        }
        code = failed > code ? failed : code;
    }
    store_close(import.store);
    return code;
}
