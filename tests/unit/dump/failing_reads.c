#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>

#include "failing_reads.h"

#define FIND_NEXT(name)                                                                                                \
    __typeof__(&(name)) next;                                                                                          \
    *(void **)&next = dlsym(RTLD_NEXT, #name)

static long fail_at, operations;
static bool fail_on, watched;

void reads_fail(long at, bool on)
{
    fail_at = at;
    fail_on = on;
    operations = 0;
    watched = true;
}

long reads_end(void)
{
    watched = false;
    return operations;
}

static bool fails(void)
{
    if (!watched)
        return false;
    operations++;
    bool failing = fail_at != 0 && (fail_on ? operations >= fail_at : operations == fail_at);
    if (failing)
        errno = EIO;
    return failing;
}

int stat(const char *restrict path, struct stat *restrict about)
{
    FIND_NEXT(stat);
    return fails() ? -1 : next(path, about);
}

int fstat(int descriptor, struct stat *about)
{
    FIND_NEXT(fstat);
    return fails() ? -1 : next(descriptor, about);
}

int open(const char *path, int flags, ...)
{
    FIND_NEXT(open);
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return fails() ? -1 : next(path, flags, mode);
}

FILE *fdopen(int descriptor, const char *mode)
{
    FIND_NEXT(fdopen);
    return fails() ? NULL : next(descriptor, mode);
}

int fseeko(FILE *file, off_t offset, int whence)
{
    FIND_NEXT(fseeko);
    return fails() ? -1 : next(file, offset, whence);
}

off_t ftello(FILE *file)
{
    FIND_NEXT(ftello);
    return fails() ? -1 : next(file);
}

size_t fread(void *restrict into, size_t size, size_t count, FILE *restrict file)
{
    FIND_NEXT(fread);
    if (!fails())
        return next(into, size, count, file);
    size_t part = fail_on ? next(into, size, count / 2, file) : 0; /* as a disk may read up to what is broken */
    fputc(0, file);                                                /* a file opened to read notes it as an error */
    errno = EIO;
    return part;
}
