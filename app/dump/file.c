#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <base/reason.h>
#include <dump/file.h>
#include <dump/input.h>

enum ifl_status file_failed(struct ifl_error *error, const char *what, int code)
{
    enum ifl_status status = code == ENOMEM                      ? IFL_NO_MEMORY
                             : code == ENOENT || code == ENOTDIR ? IFL_NOT_FOUND
                             : code == ELOOP                     ? IFL_REFUSED
                                                                 : IFL_FAILED;
    return ifl_fail(error, status, "%s: %s", what, reason_of(code).text);
}

enum ifl_status file_open(FILE **out, uint64_t *size, const char *path, struct ifl_error *error)
{
    struct stat about;
    if (stat(path, &about) != 0)
        return file_failed(error, "cannot open", errno);
    if (!S_ISREG(about.st_mode)) /* to open a device may do something */
        return ifl_fail(error, IFL_REFUSED, "not a regular file");
    /* it may have become a FIFO, which without O_NONBLOCK would wait for its writer */
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (descriptor < 0)
        return file_failed(error, "cannot open", errno);

    enum ifl_status status = IFL_OK;
    FILE *file = NULL;
    if (fstat(descriptor, &about) != 0)
        status = file_failed(error, "cannot stat", errno);
    else if (!S_ISREG(about.st_mode))
        status = ifl_fail(error, IFL_REFUSED, "not a regular file");
    else if ((file = fdopen(descriptor, "rb")) == NULL)
        status = file_failed(error, "cannot open", errno);

    if (status != IFL_OK) {
        close(descriptor);
        return status;
    }
    *out = file;
    *size = (uint64_t)about.st_size;
    return IFL_OK;
}

enum ifl_status file_read(char **out, size_t *size, const char *path, size_t limit, struct ifl_error *error)
{
    FILE *file = NULL;
    char *text = NULL;
    uint64_t length = 0;
    enum ifl_status status = file_open(&file, &length, path, error);
    if (status != IFL_OK)
        return status;
    if (length > limit) {
        status = ifl_fail(error, IFL_REFUSED, "%llu bytes, more than %zu", (unsigned long long)length, limit);
        goto out;
    }
    text = ifl_alloc((size_t)length, 1);
    if (text == NULL) {
        status = dump_no_memory(error);
        goto out;
    }
    size_t got = fread(text, 1, (size_t)length, file);
    if (ferror(file)) {
        status = file_failed(error, "cannot read", errno);
        goto out;
    }
    *out = text;
    *size = got; /* shorter where the file shrank meanwhile: its parser will say so */
    text = NULL;
out:
    free(text);
    fclose(file);
    return status;
}
