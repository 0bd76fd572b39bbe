#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <base/reason.h>
#include <dump/dump.h>
#include <intake/files.h>

struct stamp stamp_of(const struct stat *about)
{
    return (struct stamp){.size = about->st_size,
                          .modified = about->st_mtim.tv_sec,
                          .modified_ns = about->st_mtim.tv_nsec,
                          .changed = about->st_ctim.tv_sec,
                          .changed_ns = about->st_ctim.tv_nsec,
                          .inode = about->st_ino};
}

bool stamp_same(const struct stamp *a, const struct stamp *b)
{
    return a->size == b->size && a->modified == b->modified && a->modified_ns == b->modified_ns &&
           a->changed == b->changed && a->changed_ns == b->changed_ns && a->inode == b->inode;
}

void files_release(struct files *files)
{
    for (size_t k = 0; k < files->count; k++)
        free(files->items[k].name);
    free(files->items);
    *files = (struct files){0};
}

static int has_snapshot_name(const struct dirent *entry)
{
    return dump_is_snapshot_name(entry->d_name);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* Moves what is known of the file of this name, *next being the first that is not behind it, over to `file`. */
static bool take_known(struct file *file, const char *name, struct files *known, size_t *next)
{
    while (*next < known->count && strcmp(known->items[*next].name, name) < 0)
        (*next)++;
    if (*next == known->count || strcmp(known->items[*next].name, name) != 0)
        return false;
    *file = known->items[*next];
    known->items[*next].name = NULL; /* the name is the new file's; *next goes past it */
    (*next)++;
    return true;
}

/* The entries that are files, with what `known` knows of them, which is emptied. */
static enum ifl_status merge(struct files *out, struct files *known, int folder, struct dirent *const *entries,
                             size_t count, struct ifl_error *error)
{
    size_t next = 0;
    struct files files = {.items = ifl_alloc(count, sizeof *files.items)};
    if (files.items == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for %zu files", count);
    for (size_t k = 0; k < count; k++) {
        struct stat about;
        struct file *file = &files.items[files.count];
        const char *name = entries[k]->d_name;
        if (fstatat(folder, name, &about, 0) != 0 || !S_ISREG(about.st_mode))
            continue;
        struct stamp stamp = stamp_of(&about);
        if (!take_known(file, name, known, &next) && (file->name = strdup(name)) == NULL)
            break; /* what follows is found at the next look */
        if (!stamp_same(&file->stamp, &stamp))
            file->mark = FILE_NEW;
        file->stamp = stamp;
        files.count++;
    }
    files_release(known);
    *out = files;
    return IFL_OK;
}

enum ifl_status files_list(struct files *files, const char *folder, struct ifl_error *error)
{
    struct dirent **entries = NULL;
    enum ifl_status status = IFL_OK;
    int count = -1, descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0)
        count = scandir(folder, &entries, has_snapshot_name, by_name);
    if (count < 0) {
        int code = errno;
        status = ifl_fail(error, code == ENOENT || code == ENOTDIR ? IFL_NOT_FOUND : IFL_FAILED, "%s: cannot list: %s",
                          folder, reason_of(code).text);
    } else {
        struct files before = *files;
        status = merge(files, &before, descriptor, entries, (size_t)count, error);
    }
    for (int k = 0; k < count; k++)
        free(entries[k]);
    free(entries);
    if (descriptor >= 0)
        close(descriptor);
    return status;
}

void files_renew(struct files *files, unsigned marks)
{
    for (size_t k = 0; k < files->count; k++)
        if (marks >> files->items[k].mark & 1)
            files->items[k].mark = FILE_NEW;
}

bool file_is_due(const struct file *file, int64_t now, bool slow)
{
    return file->mark == FILE_NEW || (file->mark == FILE_UNSETTLED && now >= file->look_at) ||
           (file->mark == FILE_FAILED && slow);
}

int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* 64-bit FNV-1a. */
uint64_t text_hash(const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return hash;
}
