#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/reason.h>
#include <intake/root.h>

/* The folders that are to be followed. */
struct wanted {
    char **paths; /* by name */
    size_t count;
};

static void wanted_release(struct wanted *wanted)
{
    for (size_t k = 0; k < wanted->count; k++)
        free(wanted->paths[k]);
    free(wanted->paths);
}

enum ifl_status root_init(struct root *out, const char *path, struct ifl_error *error)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    struct root root = {.path = strndup(path, length), .watch = -1, .dirty = true};
    if (root.path == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "%s: no memory to follow it", path);
    *out = root;
    return IFL_OK;
}

void root_release(struct root *root)
{
    for (size_t k = 0; k < root->n_folders; k++)
        followed_free(root->folders[k]);
    free(root->folders);
    free(root->path);
    *root = (struct root){0};
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* `path/name` as new memory where that is a folder, or NULL. */
static char *folder_in(const char *path, const char *name)
{
    struct stat about;
    size_t size = strlen(path) + strlen(name) + 2;
    char *below = ifl_alloc(size, 1);
    if (below == NULL)
        return NULL;
    snprintf(below, size, "%s/%s", path, name);
    if (stat(below, &about) == 0 && S_ISDIR(about.st_mode))
        return below;
    free(below);
    return NULL;
}

/* As an import would: a run stands for itself, and what is below it is not looked at. */
static enum ifl_status find_wanted(struct wanted *out, const struct root *root, struct ifl_error *error)
{
    struct dirent **entries = NULL;
    struct wanted wanted = {0};
    int count = scandir(root->path, &entries, visible, by_name), code = errno;
    bool run = count >= 0 && dump_is_run(root->path);
    if (count >= 0)
        wanted.paths = ifl_alloc((size_t)count + 1, sizeof *wanted.paths);
    if (wanted.paths != NULL && run && (wanted.paths[0] = strdup(root->path)) != NULL)
        wanted.count = 1;
    for (int k = 0; k < count; k++) {
        char *below = wanted.paths == NULL || run ? NULL : folder_in(root->path, entries[k]->d_name);
        if (below != NULL)
            wanted.paths[wanted.count++] = below;
        free(entries[k]);
    }
    free(entries);
    if (count >= 0 && wanted.paths == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "%s: no memory for its %d entries", root->path, count);
    if (count >= 0) {
        *out = wanted;
        return IFL_OK;
    }
    return ifl_fail(error, code == ENOENT || code == ENOTDIR ? IFL_NOT_FOUND : IFL_FAILED, "%s: cannot list: %s",
                    root->path, reason_of(code).text);
}

static void drop(struct root *root, struct followed *folder, struct notify *notify)
{
    if (folder->watch != root->watch) /* a run has one watch with the root it is */
        notify_unwatch(notify, folder->watch);
    followed_free(folder);
}

/* The folder of this path out of those known, *next being the first that is not behind it, or a new one. */
static enum ifl_status keep_or_new(struct followed **out, struct root *root, size_t *next, const char *path,
                                   struct notify *notify, struct ifl_error *error)
{
    while (*next < root->n_folders && strcmp(root->folders[*next]->path, path) < 0)
        drop(root, root->folders[(*next)++], notify);
    if (*next == root->n_folders || strcmp(root->folders[*next]->path, path) != 0)
        return followed_new(out, path, error);
    *out = root->folders[(*next)++];
    return IFL_OK;
}

/* Makes the folders those wanted. */
static enum ifl_status merge(struct root *root, const struct wanted *wanted, struct notify *notify,
                             struct ifl_error *error)
{
    struct followed **folders = ifl_alloc(wanted->count, sizeof *folders);
    size_t count = 0, next = 0;
    enum ifl_status status = IFL_OK;
    if (folders == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "%s: no memory for its folders", root->path);
    for (size_t k = 0; k < wanted->count && status == IFL_OK; k++) {
        status = keep_or_new(&folders[count], root, &next, wanted->paths[k], notify, error);
        count += status == IFL_OK;
    }
    while (next < root->n_folders)
        drop(root, root->folders[next++], notify);
    free(root->folders);
    root->folders = folders;
    root->n_folders = count;
    return status;
}

/* Says it unless it was the last thing said. */
static void say_once(struct root *root, const struct following *following, enum follower_kind kind, const char *text)
{
    uint64_t hash = text_hash(text);
    if (hash != root->said)
        tell_text(following, kind, text);
    root->said = hash;
}

/* Nothing is there: says so, and drops what was known. */
static void not_there(struct root *root, struct notify *notify, const struct following *following)
{
    static const struct wanted none;
    char text[1024];
    struct ifl_error unheard;
    snprintf(text, sizeof text, "%.900s: %s, waiting for it", root->path, root->told ? "gone" : "not there yet");
    say_once(root, following, FOLLOWER_NOTE, text);
    merge(root, &none, notify, &unheard);
    notify_unwatch(notify, root->watch);
    root->watch = -1;
}

enum ifl_status root_list(struct root *root, struct notify *notify, const struct following *following, bool *full,
                          struct ifl_error *error)
{
    struct wanted wanted = {0};
    root->watch =
        notify_watch(notify, root->path, root->watch, full); /* first: what comes meanwhile is then notified */
    enum ifl_status status = find_wanted(&wanted, root, error);
    root->there = status != IFL_NOT_FOUND;
    if (status == IFL_NOT_FOUND)
        not_there(root, notify, following);
    else if (status == IFL_FAILED)
        say_once(root, following, FOLLOWER_ERROR, error->message);
    else if (status == IFL_OK) {
        status = merge(root, &wanted, notify, error);
        root->said = 0;
        root->told = true;
    }
    wanted_release(&wanted);
    root->dirty = status == IFL_NO_MEMORY || (root->there && root->watch < 0 && notify->descriptor >= 0 && !*full);
    return status == IFL_NO_MEMORY ? status : IFL_OK;
}

void root_notified(struct root *root, const struct notified *notified)
{
    bool everything = notified->watch < 0;
    bool of_run = dump_is_snapshot_name(notified->name) || strcmp(notified->name, DUMP_MANIFEST) == 0;
    bool own = false;
    for (size_t k = 0; k < root->n_folders; k++) {
        struct followed *folder = root->folders[k];
        if (!everything && folder->watch != notified->watch)
            continue;
        folder->dirty = folder->dirty || everything || notified->gone || of_run;
        own = own || folder->watch == root->watch;
        if (notified->gone)
            root->dirty = true;
    }
    /* in a folder of runs every entry but a log that is written may be one; a run's entries are its own affair */
    if (everything || (notified->watch == root->watch && (notified->gone || (!own && (of_run || !notified->written)))))
        root->dirty = true;
}
