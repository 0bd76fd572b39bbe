#include <sqlite3.h>
#include <stddef.h>
#include <string.h>

#include "failing_disk.h"

/* A file of ours, followed by the one it stands for. */
struct file {
    sqlite3_file base;
    sqlite3_file *real;
};

static struct {
    sqlite3_vfs vfs, *real;
    long at, changes;
    int code;
    bool on, locks;
} disk;

void disk_fail(long at, int code, bool on)
{
    disk.at = at;
    disk.changes = 0;
    disk.code = code;
    disk.on = on;
    disk.locks = false;
}

void disk_fail_locks(long at, int code)
{
    disk_fail(at, code, false);
    disk.locks = true;
}

long disk_changes(void)
{
    return disk.changes;
}

static bool fails(bool lock)
{
    if (disk.at == 0 || lock != disk.locks)
        return false;
    disk.changes++;
    return disk.on ? disk.changes >= disk.at : disk.changes == disk.at;
}

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((struct file *)file)->real;
}

#define PASS_ON(name, parameters, ...)                                                                                 \
    static int name parameters                                                                                         \
    {                                                                                                                  \
        return real_of(file)->pMethods->name(__VA_ARGS__);                                                             \
    }
#define MAY_FAIL(name, lock, parameters, ...)                                                                          \
    static int name parameters                                                                                         \
    {                                                                                                                  \
        return fails(lock) ? disk.code : real_of(file)->pMethods->name(__VA_ARGS__);                                   \
    }
#define THE_REAL real_of(file)

PASS_ON(xClose, (sqlite3_file * file), THE_REAL)
PASS_ON(xRead, (sqlite3_file * file, void *bytes, int size, sqlite3_int64 at), THE_REAL, bytes, size, at)
MAY_FAIL(xWrite, false, (sqlite3_file * file, const void *bytes, int size, sqlite3_int64 at), THE_REAL, bytes, size, at)
MAY_FAIL(xTruncate, false, (sqlite3_file * file, sqlite3_int64 size), THE_REAL, size)
MAY_FAIL(xSync, false, (sqlite3_file * file, int flags), THE_REAL, flags)
PASS_ON(xFileSize, (sqlite3_file * file, sqlite3_int64 *size), THE_REAL, size)
MAY_FAIL(xLock, true, (sqlite3_file * file, int lock), THE_REAL, lock)
PASS_ON(xUnlock, (sqlite3_file * file, int lock), THE_REAL, lock)
PASS_ON(xCheckReservedLock, (sqlite3_file * file, int *out), THE_REAL, out)
PASS_ON(xFileControl, (sqlite3_file * file, int operation, void *argument), THE_REAL, operation, argument)
PASS_ON(xSectorSize, (sqlite3_file * file), THE_REAL)
PASS_ON(xDeviceCharacteristics, (sqlite3_file * file), THE_REAL)

static const sqlite3_io_methods methods = {
    .iVersion = 1, /* no memory that is shared: no write-ahead log */
    .xClose = xClose,
    .xRead = xRead,
    .xWrite = xWrite,
    .xTruncate = xTruncate,
    .xSync = xSync,
    .xFileSize = xFileSize,
    .xLock = xLock,
    .xUnlock = xUnlock,
    .xCheckReservedLock = xCheckReservedLock,
    .xFileControl = xFileControl,
    .xSectorSize = xSectorSize,
    .xDeviceCharacteristics = xDeviceCharacteristics,
};

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *out, int flags, int *out_flags)
{
    struct file *file = (struct file *)out;
    (void)vfs;
    out->pMethods = NULL;
    if ((flags & SQLITE_OPEN_MAIN_JOURNAL) != 0 && fails(false))
        return SQLITE_CANTOPEN;
    file->real = (sqlite3_file *)(file + 1);
    int code = disk.real->xOpen(disk.real, name, file->real, flags, out_flags);
    if (code == SQLITE_OK)
        out->pMethods = &methods;
    return code;
}

static int delete_file(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    return fails(false) ? SQLITE_IOERR_DELETE : disk.real->xDelete(disk.real, name, sync);
}

void disk_install(void)
{
    disk.real = sqlite3_vfs_find(NULL);
    disk.vfs = *disk.real;
    disk.vfs.zName = "failing";
    disk.vfs.szOsFile = (int)sizeof(struct file) + disk.real->szOsFile;
    disk.vfs.xOpen = open_file;
    disk.vfs.xDelete = delete_file;
    sqlite3_vfs_register(&disk.vfs, 1);
}
