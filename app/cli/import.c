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
    bool *stored;          /* [n_files], in the database already: not read again */
    int64_t run;           /* in the database; 0: not there yet */
};

static char reading[] = "reading"; /* for progress_step */

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

#define IN_DATABASE SIZE_MAX

/* What the files before, and the database, have shown of a run. */
struct seen {
    struct {
        int64_t step, batch;
    } *files; /* [n_files] */
    struct shape {
        struct variable variable; /* without its distances */
        size_t file;              /* the first that has it, or IN_DATABASE */
    } *shapes;                    /* [1 + 2 layers] */
    size_t n_shapes;
    size_t n;
};

static enum ifl_status seen_init(struct seen *out, const struct dump_run *dump, struct ifl_error *error)
{
    struct seen seen = {.files = ifl_alloc(dump->n_files, sizeof *seen.files),
                        .shapes = ifl_alloc(1 + 2 * dump->run.n_layers, sizeof *seen.shapes)};
    if (seen.files == NULL || seen.shapes == NULL) {
        free(seen.files);
        free(seen.shapes);
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for %zu snapshots", dump->n_files);
    }
    *out = seen;
    return IFL_OK;
}

static void seen_release(struct seen *seen)
{
    free(seen->files);
    free(seen->shapes);
}

static const struct shape *find_shape(const struct seen *seen, const struct variable *like)
{
    for (size_t k = 0; k < seen->n_shapes; k++)
        if (seen->shapes[k].variable.of == like->of && seen->shapes[k].variable.layer == like->layer)
            return &seen->shapes[k];
    return NULL;
}

/* The snapshots of a run must be alike, or it would be found out only after some of them were stored. */
static enum ifl_status check_alike(const struct intake *in, size_t k, const struct snapshot *s,
                                   const struct seen *seen, struct ifl_error *error)
{
    char **files = in->dump.files;
    for (size_t j = 0; j < k; j++)
        if (!in->stored[j] && seen->files[j].step == s->step && seen->files[j].batch == s->batch)
            return ifl_fail(error, IFL_REFUSED, "%s: step: step %lld, batch %lld is in %s as well", files[k],
                            (long long)s->step, (long long)s->batch, files[j]);
    if (seen->n != 0 && seen->n != s->n)
        return ifl_fail(error, IFL_REFUSED, "%s: n: %zu samples, but %zu in the snapshots before", files[k], s->n, seen->n);
    for (size_t v = 0; v < s->n_variables; v++) {
        const struct variable *here = &s->variables[v];
        const struct shape *before = find_shape(seen, here);
        if (before == NULL || (before->variable.maps == here->maps && before->variable.dim == here->dim))
            continue;
        static const char *const keys[] = {[IFL_OF_X] = "X", [IFL_OF_T] = "T/", [IFL_OF_DELTA] = "delta/"};
        const char *layer = here->of == IFL_OF_X ? "" : in->dump.run.layers[here->layer].name;
        return ifl_fail(error, IFL_REFUSED, "%s: %s%s: %zu maps of %zu, but %zu of %zu in %s", files[k],
                        keys[here->of], layer, here->maps, here->dim, before->variable.maps, before->variable.dim,
                        before->file == IN_DATABASE ? "the database" : files[before->file]);
    }
    return IFL_OK;
}

/* Remembers of file k what check_alike needs. */
static void remember(struct seen *seen, size_t k, const struct snapshot *s)
{
    seen->files[k].step = s->step;
    seen->files[k].batch = s->batch;
    seen->n = s->n;
    for (size_t v = 0; v < s->n_variables; v++) {
        if (find_shape(seen, &s->variables[v]) != NULL)
            continue;
        struct shape *shape = &seen->shapes[seen->n_shapes++];
        *shape = (struct shape){.variable = s->variables[v], .file = k};
        shape->variable.distances = NULL;
    }
}

static enum ifl_status check_file(struct intake *in, size_t k, struct seen *seen, size_t *held_bytes,
                                  struct ifl_error *error)
{
    struct snapshot s = {0};
    enum ifl_status status = read_file(in, k, &s, error);
    if (status == IFL_OK)
        status = check_alike(in, k, &s, seen, error);
    if (status == IFL_OK)
        remember(seen, k, &s);
    *held_bytes += snapshot_bytes(&s);
    if (status == IFL_OK && *held_bytes <= HELD_BYTES)
        in->held[k] = s;
    else
        snapshot_release(&s);
    return status;
}

/* Marks the files whose snapshots the database has. */
static enum ifl_status find_stored(struct intake *in, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    for (size_t k = 0; k < in->dump.n_files && status == IFL_OK; k++) {
        int64_t step, batch;
        status = dump_peek(&step, &batch, &in->dump.run, in->dump.files[k], &in->import->limits, error);
        if (status == IFL_OK)
            status = store_has_snapshot(in->import->store, in->run, step, batch, &in->stored[k], error);
    }
    return status;
}

static void see_shape(struct seen *seen, enum ifl_of of, int32_t layer, const struct store_shape *shape)
{
    struct variable variable = {.of = of, .layer = layer, .maps = shape->maps, .dim = shape->dim};
    if (shape->maps > 0 && find_shape(seen, &variable) == NULL)
        seen->shapes[seen->n_shapes++] = (struct shape){variable, IN_DATABASE};
}

/* The run's snapshots in the database are files before, as it were. */
static enum ifl_status see_stored(struct intake *in, struct seen *seen, struct ifl_error *error)
{
    struct store_snapshot *snapshots;
    size_t count;
    enum ifl_status status = store_list_snapshots(in->import->store, in->run, &snapshots, &count, error);
    if (status != IFL_OK)
        return status;
    for (size_t k = 0; k < count; k++) {
        struct store_shape x = {1, snapshots[k].x_dim};
        seen->n = snapshots[k].n;
        see_shape(seen, IFL_OF_X, 0, &x);
        for (size_t l = 0; l < snapshots[k].layers; l++) {
            see_shape(seen, IFL_OF_T, (int32_t)l, &snapshots[k].t[l]);
            see_shape(seen, IFL_OF_DELTA, (int32_t)l, &snapshots[k].delta[l]);
        }
    }
    store_snapshots_free(snapshots, count);
    return IFL_OK;
}

/* Reads every new file once, so that nothing is stored of a run that has a bad one. */
static enum ifl_status check_files(struct intake *in, struct ifl_error *error)
{
    size_t files = in->dump.n_files, bytes = 0;
    struct seen seen = {0};
    enum ifl_status status = seen_init(&seen, &in->dump, error);
    if (status != IFL_OK)
        return status;
    if (in->run != 0)
        status = see_stored(in, &seen, error);
    for (size_t k = 0; k < files && status == IFL_OK; k++) {
        progress_step(reading, k, files);
        if (!in->stored[k])
            status = check_file(in, k, &seen, &bytes, error);
    }
    seen_release(&seen);
    return status;
}

static enum ifl_status add_run(struct intake *in, const char *path, struct ifl_error *error)
{
    enum ifl_status status = store_add_run(in->import->store, &in->dump.run, &in->run, error);
    if (status == IFL_REFUSED)
        ifl_error_prefix(error, "%s", path);
    return status;
}

static enum ifl_status store_files(struct intake *in, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    for (size_t k = 0; k < in->dump.n_files && status == IFL_OK; k++) {
        bool added;
        if (in->stored[k])
            continue;
        if (in->held[k].n == 0)
            status = read_file(in, k, &in->held[k], error);
        if (status == IFL_OK)
            status = store_add_snapshot(in->import->store, in->run, &in->held[k], &added, error);
        if (status == IFL_REFUSED)
            ifl_error_prefix(error, "%s", in->dump.files[k]);
        snapshot_release(&in->held[k]);
    }
    return status;
}

static enum ifl_status report(struct intake *in, struct ifl_error *error)
{
    struct store_run stored;
    enum ifl_status status = store_get_run(in->import->store, in->run, &stored, error);
    if (status != IFL_OK)
        return status;
    char line[512];
    snprintf(line, sizeof line, "%.400s: %zu snapshots, %zu layers, n = %zu", stored.run.name, stored.snapshots,
             stored.run.n_layers, stored.n);
    text_printf(stdout, "%s\n", line);
    if (stored.snapshots == 0)
        say("%s: no snapshots in it yet", stored.run.name);
    store_run_release(&stored);
    return IFL_OK;
}

static enum ifl_status import_run(struct import *import, const char *path, struct ifl_error *error)
{
    struct intake in = {.import = import};
    enum ifl_status status = dump_open(&in.dump, path, &import->limits, &import->notes, error);
    if (status != IFL_OK)
        return status;
    in.held = ifl_alloc(in.dump.n_files, sizeof *in.held);
    in.stored = ifl_alloc(in.dump.n_files, sizeof *in.stored);
    if (in.held == NULL || in.stored == NULL) {
        status = ifl_fail(error, IFL_NO_MEMORY, "%s: no memory for its snapshots", path);
        goto out;
    }
    status = store_find_named(import->store, in.dump.run.name, &in.run, error);
    if (status == IFL_OK && in.run != 0)
        status = add_run(&in, path, error); /* nothing is added, but its layers are compared */
    if (status == IFL_OK && in.run != 0)
        status = find_stored(&in, error);
    if (status == IFL_OK)
        status = check_files(&in, error);
    progress_end();
    if (status == IFL_OK && in.run == 0)
        status = add_run(&in, path, error);
    if (status == IFL_OK)
        status = store_files(&in, error);
    if (status == IFL_OK)
        status = report(&in, error);

out:
    for (size_t k = 0; in.held != NULL && k < in.dump.n_files; k++)
        snapshot_release(&in.held[k]);
    free(in.held);
    free(in.stored);
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
