#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <base/reason.h>

#include "config.h"

/* ---- reading ---- */

struct contents {
    char *bytes; /* ended by a NUL */
    size_t length;
};

static enum ifl_status read_all(int file, const char *path, struct contents *out, struct ifl_error *error)
{
    char *bytes = ifl_alloc(CONFIG_BYTES + 2, 1);
    size_t length = 0;
    if (bytes == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "%s: out of memory", path);
    ssize_t got;
    while ((got = read(file, bytes + length, CONFIG_BYTES + 1 - length)) != 0) {
        if (got > 0) {
            length += (size_t)got;
        } else if (errno != EINTR) {
            int reason = errno;
            free(bytes);
            return ifl_fail(error, IFL_FAILED, "%s: cannot be read: %s", path, reason_of(reason).text);
        }
    }
    if (length > CONFIG_BYTES) {
        free(bytes);
        return ifl_fail(error, IFL_REFUSED, "%s: more than %d KiB", path, CONFIG_BYTES >> 10);
    }
    *out = (struct contents){bytes, length};
    return IFL_OK;
}

static enum ifl_status load(const char *path, struct contents *out, struct ifl_error *error)
{
    /* Without blocking: a FIFO nobody writes to must not stop us. */
    int file = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    int reason = errno;
    if (file < 0 && (reason == ENOENT || reason == ENOTDIR))
        return ifl_fail(error, IFL_NOT_FOUND, "%s: no such file", path);
    if (file < 0)
        return ifl_fail(error, IFL_FAILED, "%s: cannot be read: %s", path, reason_of(reason).text);
    struct stat info;
    enum ifl_status status;
    if (fstat(file, &info) != 0 || !S_ISREG(info.st_mode))
        status = ifl_fail(error, IFL_REFUSED, "%s: not a plain file", path);
    else
        status = read_all(file, path, out, error);
    close(file);
    return status;
}

/* One line of `length` bytes, at whose end a NUL may be put. */
static enum ifl_status take_line(char *line, size_t length, config_line *take, void *context, struct ifl_error *error)
{
    if (memchr(line, '\0', length) != NULL)
        return ifl_fail(error, IFL_REFUSED, "a NUL byte: this is not text");
    if (length > 0 && line[length - 1] == '\r')
        length--;
    line[length] = '\0';
    return take(context, line, error);
}

enum ifl_status config_read(const char *path, config_line *take, void *context, struct ifl_error *error)
{
    struct contents contents = {NULL, 0};
    struct ifl_error first = {.status = IFL_OK};
    enum ifl_status status = load(path, &contents, error);
    if (status != IFL_OK)
        return status;
    size_t number = 0, failed = 0;
    for (char *line = contents.bytes, *end = line + contents.length; line < end;) {
        char *stop = memchr(line, '\n', (size_t)(end - line));
        size_t length = stop != NULL ? (size_t)(stop - line) : (size_t)(end - line);
        struct ifl_error why = {.status = IFL_OK};
        number++;
        if (take_line(line, length, take, context, &why) != IFL_OK && ++failed == 1) {
            first = why;
            ifl_error_prefix(&first, "%s:%zu", path, number);
        }
        line += length + 1;
    }
    free(contents.bytes);
    if (failed == 0)
        return IFL_OK;
    if (failed > 1)
        return ifl_fail(error, first.status, "%s (and %zu more)", first.message, failed - 1);
    return ifl_fail(error, first.status, "%s", first.message);
}

/* ---- writing ---- */

static enum ifl_status make_folders(char *path, struct ifl_error *error)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        int failed = mkdir(path, 0700), reason = errno;
        struct stat info;
        bool there = failed == 0 || (stat(path, &info) == 0 && S_ISDIR(info.st_mode));
        if (!there)
            return ifl_fail(error, IFL_FAILED, "%s: cannot make the folder: %s", path, reason_of(reason).text);
        *slash = '/';
    }
    return IFL_OK;
}

static bool write_all(int file, const char *text)
{
    size_t length = strlen(text);
    while (length > 0) {
        ssize_t put = write(file, text, length);
        if (put < 0 && errno != EINTR)
            return false;
        text += put > 0 ? put : 0;
        length -= put > 0 ? (size_t)put : 0;
    }
    return fsync(file) == 0;
}

/* `.NAME.PID` beside `path`: on the same file system, and no name of a view. */
static char *temporary_beside(const char *path)
{
    size_t length = strlen(path), folder = length, room = length + 32;
    while (folder > 0 && path[folder - 1] != '/')
        folder--;
    char *name = ifl_alloc(room, 1);
    if (name != NULL)
        snprintf(name, room, "%.*s.%s.%ld", (int)folder, path, path + folder, (long)getpid());
    return name;
}

/* A file that nobody else has; one of that name is what a process of our number left behind. */
static int open_new(const char *path, mode_t mode)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (file >= 0 || errno != EEXIST || unlink(path) != 0)
        return file;
    return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
}

/* A temporary file in the place of `path`, which is no link; of the mode that the file there has. */
static enum ifl_status replace_file(const char *path, const char *text, mode_t mode, bool folders,
                                    struct ifl_error *error)
{
    struct stat info;
    bool there = stat(path, &info) == 0;
    if (there && !S_ISREG(info.st_mode)) /* a rename would put a file in the place of a device */
        return ifl_fail(error, IFL_REFUSED, "%s: not a plain file", path);
    char *temporary = temporary_beside(path);
    if (temporary == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "%s: out of memory", path);
    enum ifl_status status = folders ? make_folders(temporary, error) : IFL_OK;
    if (status != IFL_OK)
        goto out;
    int file = open_new(temporary, there ? info.st_mode & 0777 : mode);
    if (file >= 0 && there)
        (void)fchmod(file, info.st_mode & 0777); /* what the umask took; it stays narrower where this fails */
    bool written = file >= 0 && write_all(file, text);
    int reason = errno;
    if (file >= 0 && close(file) != 0 && written) {
        written = false;
        reason = errno;
    }
    if (written && rename(temporary, path) != 0) {
        written = false;
        reason = errno;
    }
    if (file >= 0 && !written)
        unlink(temporary);
    if (!written)
        status = ifl_fail(error, IFL_FAILED, "%s: cannot be written: %s", path, reason_of(reason).text);
out:
    free(temporary);
    return status;
}

/* Where `path` is a link, what it leads to is replaced. */
static enum ifl_status replace(const char *path, const char *text, mode_t mode, bool folders, struct ifl_error *error)
{
    char *real = realpath(path, NULL);
    enum ifl_status status = replace_file(real != NULL ? real : path, text, mode, folders, error);
    free(real);
    return status;
}

enum ifl_status config_write(const char *path, const char *text, struct ifl_error *error)
{
    return replace(path, text, 0600, true, error);
}

enum ifl_status config_export(const char *path, const char *text, struct ifl_error *error)
{
    return replace(path, text, 0666, false, error);
}
