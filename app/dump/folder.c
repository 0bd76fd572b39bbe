#define _XOPEN_SOURCE 700 /* realpath */

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <dump/contents.h>
#include <dump/file.h>
#include <dump/manifest.h>

bool dump_is_snapshot_name(const char *name)
{
    enum archive_format format;
    return name[0] != '.' && archive_format_of(name, &format);
}

/* The path's folder without the slashes at its end, as new memory; "/" stays. */
static char *without_slashes(const char *path)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    return strndup(path, length);
}

/* The folder that a file lies in, as new memory. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return strdup(".");
    return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

static char *join(const char *folder, const char *name)
{
    bool slash = folder[strlen(folder) - 1] != '/';
    size_t size = strlen(folder) + slash + strlen(name) + 1;
    char *path = ifl_alloc(size, 1);
    if (path != NULL)
        snprintf(path, size, "%s%s%s", folder, slash ? "/" : "", name);
    return path;
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int has_snapshot_name(const struct dirent *entry)
{
    return dump_is_snapshot_name(entry->d_name);
}

/* What is no regular file is taken too, so that it is refused by its name and not passed over in silence. */
static enum ifl_status take_files(struct dump_run *run, const char *folder, struct dirent *const *entries, size_t count,
                                  struct ifl_error *error)
{
    run->files = ifl_alloc(count, sizeof *run->files);
    if (run->files == NULL)
        return dump_no_memory(error);
    for (size_t k = 0; k < count; k++) {
        char *path = join(folder, entries[k]->d_name);
        if (path == NULL)
            return dump_no_memory(error);
        run->files[run->n_files++] = path;
    }
    return IFL_OK;
}

/* The snapshots in a folder, sorted: all have the folder in front, so paths sort as names do. */
static enum ifl_status list_files(struct dump_run *run, const char *folder, struct ifl_error *error)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, has_snapshot_name, NULL);
    if (count < 0)
        return file_failed(error, "cannot list", errno);
    enum ifl_status status = take_files(run, folder, entries, (size_t)count, error);
    for (int k = 0; k < count; k++)
        free(entries[k]);
    free(entries);
    if (run->n_files > 0)
        qsort(run->files, run->n_files, sizeof *run->files, compare_paths);
    return status;
}

/* Appends the layer that a key of the first file speaks of, if it is a new one. Rank 2, or distances of one map, is
 * one variable. `run` has room for it. */
static enum ifl_status guess_layer(struct run *run, struct archive *archive, size_t index,
                                   const struct dump_limits *limits, struct ifl_error *error)
{
    const char *key = archive_key(archive, index);
    const char *condensed = key_after(key, "D2/");
    const char *name = key_after(condensed != NULL ? condensed : key, "T/");
    struct npy_header header;
    if (name == NULL || run_layer(run, name) >= 0)
        return IFL_OK;
    if (*name == '\0' || strlen(name) > limits->name)
        return ifl_fail(error, IFL_REFUSED, "%s: a layer's name has 1 to %zu bytes", key, limits->name);
    if (run->n_layers == limits->layers)
        return ifl_fail(error, IFL_REFUSED, "%s: more than %zu layers", key, limits->layers);
    enum ifl_status status = archive_header(archive, index, &header, error);
    if (status != IFL_OK)
        return status;

    bool one_map = condensed != NULL ? header.rank > 0 && header.shape[0] == 1 : header.rank <= 2;
    struct layer layer = {.name = strdup(name), .kind = LAYER_OTHER, .axes = one_map ? AXES_ND : AXES_NCHW};
    if (layer.name == NULL)
        return dump_no_memory(error);
    run->layers[run->n_layers++] = layer;
    return IFL_OK;
}

static enum ifl_status guess_layers(struct run *run, const char *path, const struct dump_limits *limits,
                                    const struct dump_notes *notes, struct ifl_error *error)
{
    /* what it has to note it will note again when it is read */
    struct dump_input input = {.path = path, .limits = limits, .notes = NULL};
    struct archive *archive = NULL;
    enum ifl_status status = archive_open(&archive, &input, error);
    if (status != IFL_OK)
        goto out;
    run->layers = ifl_alloc(archive_count(archive), sizeof *run->layers);
    if (run->layers == NULL)
        status = dump_no_memory(error);
    for (size_t k = 0; status == IFL_OK && k < archive_count(archive); k++)
        status = guess_layer(run, archive, k, limits, error);
    if (status != IFL_OK)
        goto out;
    input.notes = notes;
    dump_note(&input, DUMP_MANIFEST, "missing, so the layers are taken from this file's keys");
out:
    archive_free(archive);
    if (status != IFL_OK)
        ifl_error_prefix(error, "%s", path);
    return status;
}

/* A run without a name of its own is called as its folder. */
static enum ifl_status name_by_folder(struct run *run, const char *folder, const struct dump_limits *limits,
                                      struct ifl_error *error)
{
    char *whole = realpath(folder, NULL); /* so that "." has a name too */
    if (whole == NULL)
        return file_failed(error, folder, errno);
    const char *slash = strrchr(whole, '/');
    const char *name = slash != NULL && slash[1] != '\0' ? slash + 1 : whole;
    enum ifl_status status = IFL_OK;
    if (strlen(name) > limits->name)
        status = ifl_fail(error, IFL_REFUSED, "%s: name longer than %zu bytes", folder, limits->name);
    else if ((run->name = strdup(name)) == NULL)
        status = dump_no_memory(error);
    free(whole);
    return status;
}

/* The run's own part: from run.json, or without it from the first snapshot. */
static enum ifl_status describe(struct dump_run *run, const char *folder, const struct dump_limits *limits,
                                const struct dump_notes *notes, struct ifl_error *error)
{
    char *path = join(folder, DUMP_MANIFEST);
    if (path == NULL)
        return dump_no_memory(error);
    struct dump_input input = {.path = path, .limits = limits, .notes = notes};
    enum ifl_status status = manifest_read(&run->run, &input, error);
    if (status == IFL_NOT_FOUND && run->n_files > 0) {
        status = name_by_folder(&run->run, folder, limits, error);
        if (status == IFL_OK)
            status = guess_layers(&run->run, run->files[0], limits, notes, error);
    } else if (status == IFL_NOT_FOUND) {
        ifl_fail(error, status, "%s: no run.json and no snapshots (.npz, .safetensors) in it", folder);
    } else if (status != IFL_OK) {
        ifl_error_prefix(error, "%s", path);
    }
    free(path);
    return status;
}

static enum ifl_status open_folder(struct dump_run *run, const char *path, const struct dump_limits *limits,
                                   const struct dump_notes *notes, struct ifl_error *error)
{
    char *folder = without_slashes(path);
    if (folder == NULL)
        return dump_no_memory(error);
    enum ifl_status status = list_files(run, folder, error);
    if (status != IFL_OK)
        ifl_error_prefix(error, "%s", folder);
    else
        status = describe(run, folder, limits, notes, error);
    free(folder);
    return status;
}

static enum ifl_status open_file(struct dump_run *run, const char *path, const struct dump_limits *limits,
                                 const struct dump_notes *notes, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    char *folder = folder_of(path);
    run->files = ifl_alloc(1, sizeof *run->files);
    if (folder == NULL || run->files == NULL || (run->files[0] = strdup(path)) == NULL) {
        status = dump_no_memory(error);
        goto out;
    }
    run->n_files = 1;
    status = describe(run, folder, limits, notes, error);
out:
    free(folder);
    return status;
}

enum ifl_status dump_open(struct dump_run *out, const char *path, const struct dump_limits *limits,
                          const struct dump_notes *notes, struct ifl_error *error)
{
    struct dump_run run = {0};
    struct stat about;
    enum ifl_status status;
    const char *slash = strrchr(path, '/');
    if (stat(path, &about) != 0)
        status = file_failed(error, path, errno);
    else if (S_ISDIR(about.st_mode))
        status = open_folder(&run, path, limits, notes, error);
    else if (S_ISREG(about.st_mode) && dump_is_snapshot_name(slash != NULL ? slash + 1 : path))
        status = open_file(&run, path, limits, notes, error);
    else
        status = ifl_fail(error, IFL_NOT_FOUND, "%s: neither a run folder nor a .npz or .safetensors file", path);
    if (status != IFL_OK) {
        dump_close(&run);
        return status;
    }
    *out = run;
    return IFL_OK;
}

void dump_close(struct dump_run *run)
{
    run_release(&run->run);
    for (size_t k = 0; k < run->n_files; k++)
        free(run->files[k]);
    free(run->files);
    *run = (struct dump_run){0};
}

static bool is_regular(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

static int has_run_name(const struct dirent *entry)
{
    return strcmp(entry->d_name, DUMP_MANIFEST) == 0 || dump_is_snapshot_name(entry->d_name);
}

bool dump_is_run(const char *path)
{
    bool found = false;
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, has_run_name, NULL);
    for (int k = 0; k < count; k++) {
        char *file = found ? NULL : join(path, entries[k]->d_name);
        found = found || (file != NULL && is_regular(file));
        free(file);
        free(entries[k]);
    }
    free(entries);
    return found;
}
