/* Preloaded into the program under test: makes one of its file operations fail, or be the last.
 *
 *   FAULT_AT=N       the N-th operation from 1 on; all are counted over all threads
 *   FAULT_DO=WHAT    full: ENOSPC; io: EIO; short: half of it is written, then ENOSPC; kill, int, term, hup: that signal
 *                    arrives before the operation; slow: it takes 20 ms, and succeeds
 *   FAULT_ON=yes     all operations from the N-th on fail
 *   FAULT_FILE=PART  operations on files whose path holds it (all files)
 *   FAULT_READS=yes  reads are counted too
 *   FAULT_MARK=PATH  this file is made when it happens
 *
 * Counted are writes, truncations, syncs, removals and the making of files. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static atomic_long operations;
static atomic_bool marked;

static const char *setting(const char *name)
{
    const char *value = getenv(name);
    return value != NULL ? value : "";
}

static void mark(void)
{
    const char *path = setting("FAULT_MARK");
    if (path[0] != '\0' && !atomic_exchange(&marked, true))
        close(NEXT(open)(path, O_WRONLY | O_CREAT, 0644));
}

static int signal_named(const char *name)
{
    static const struct {
        const char *name;
        int number;
    } signals[] = {{"kill", SIGKILL}, {"int", SIGINT}, {"term", SIGTERM}, {"hup", SIGHUP}};
    for (size_t k = 0; k < sizeof signals / sizeof *signals; k++)
        if (strcmp(signals[k].name, name) == 0)
            return signals[k].number;
    return 0;
}

/* Whether this operation is to fail, errno being set; the signal is sent here. */
static bool fails(const char *path)
{
    long at = atol(setting("FAULT_AT"));
    if (at <= 0 || strstr(path, setting("FAULT_FILE")) == NULL)
        return false;
    long now = atomic_fetch_add(&operations, 1) + 1;
    if (now != at && (now < at || setting("FAULT_ON")[0] == '\0'))
        return false;
    mark();
    const char *what = setting("FAULT_DO");
    int number = signal_named(what);
    bool slow = strcmp(what, "slow") == 0;
    if (number != 0)
        kill(getpid(), number);
    if (slow)
        usleep(20000);
    errno = strcmp(what, "io") == 0 ? EIO : ENOSPC;
    return number == 0 && !slow;
}

static bool fails_at(int fd)
{
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return false;
    path[length] = '\0';
    int before = errno;
    bool failing = fails(path);
    if (!failing)
        errno = before;
    return failing;
}

/* How much of so many bytes is still written. */
static size_t part_of(size_t size)
{
    return strcmp(setting("FAULT_DO"), "short") == 0 ? size / 2 : 0;
}

#define WRITE_AT(name)                                                                                                 \
    ssize_t name(int fd, const void *bytes, size_t size, off_t at)                                                     \
    {                                                                                                                  \
        if (fails_at(fd)) {                                                                                            \
            size = part_of(size);                                                                                      \
            if (size == 0)                                                                                             \
                return -1;                                                                                             \
        }                                                                                                              \
        return NEXT(name)(fd, bytes, size, at);                                                                        \
    }
WRITE_AT(pwrite)
WRITE_AT(pwrite64)

ssize_t write(int fd, const void *bytes, size_t size)
{
    if (fails_at(fd)) {
        size = part_of(size);
        if (size == 0)
            return -1;
    }
    return NEXT(write)(fd, bytes, size);
}

#define READ_AT(name)                                                                                                  \
    ssize_t name(int fd, void *bytes, size_t size, off_t at)                                                           \
    {                                                                                                                  \
        if (setting("FAULT_READS")[0] != '\0' && fails_at(fd))                                                         \
            return -1;                                                                                                 \
        return NEXT(name)(fd, bytes, size, at);                                                                        \
    }
READ_AT(pread)
READ_AT(pread64)

#define ON_FILE(name, ...)                                                                                             \
    {                                                                                                                  \
        return fails_at(fd) ? -1 : NEXT(name)(__VA_ARGS__);                                                            \
    }
int ftruncate(int fd, off_t size) ON_FILE(ftruncate, fd, size)
int ftruncate64(int fd, off_t size) ON_FILE(ftruncate64, fd, size)
int fsync(int fd) ON_FILE(fsync, fd)
int fdatasync(int fd) ON_FILE(fdatasync, fd)

int unlink(const char *path)
{
    return fails(path) ? -1 : NEXT(unlink)(path);
}

#define OPEN(name)                                                                                                     \
    int name(const char *path, int flags, ...)                                                                         \
    {                                                                                                                  \
        va_list arguments;                                                                                             \
        va_start(arguments, flags);                                                                                    \
        mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;                                          \
        va_end(arguments);                                                                                             \
        if ((flags & O_CREAT) != 0 && fails(path))                                                                     \
            return -1;                                                                                                 \
        return NEXT(name)(path, flags, mode);                                                                          \
    }
OPEN(open)
OPEN(open64)
