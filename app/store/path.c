#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <base/reason.h>
#include <store/path.h>
#include <store/store.h>

char *path_join(const char *a, const char *b)
{
    size_t size = strlen(a) + strlen(b) + 1;
    char *joined = ifl_alloc(size, 1);
    if (joined != NULL)
        snprintf(joined, size, "%s%s", a, b);
    return joined;
}

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

char *store_default_path(void)
{
    const char *database = variable("INFOFLOW_DB");
    if (database != NULL)
        return path_join(database, "");
    const char *data = variable("XDG_DATA_HOME");
    if (data != NULL && data[0] == '/') /* a relative one is to be ignored, says its specification */
        return path_join(data, "/infoflow/runs.db");
    const char *home = variable("HOME");
    return home == NULL ? NULL : path_join(home, "/.local/share/infoflow/runs.db");
}

static enum ifl_status make_folder(const char *path, struct ifl_error *error)
{
    if (mkdir(path, 0777) == 0)
        return IFL_OK;
    int reason = errno;
    struct stat info;
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
        return IFL_OK;
    return ifl_fail(error, IFL_FAILED, "%s: cannot make the folder: %s", path, reason_of(reason).text);
}

enum ifl_status path_make_folders(const char *path, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    char *folder = path_join(path, "");
    if (folder == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "%s: out of memory", path);

    char *slash = strchr(folder + (folder[0] == '/'), '/');
    for (; slash != NULL && status == IFL_OK; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        status = make_folder(folder, error);
        *slash = '/';
    }
    free(folder);
    return status;
}
