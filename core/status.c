#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "infoflow/status.h"

const char *ifl_status_text(enum ifl_status status)
{
    static const char *const texts[] = {
#define X(name, text) [IFL_##name] = (text),
        IFL_STATUS_LIST(X)
#undef X
    };
    size_t count = sizeof texts / sizeof *texts;
    return (size_t)status < count ? texts[status] : "unknown status";
}

enum ifl_status(ifl_fail)(struct ifl_error *error, enum ifl_status status, const char *format, ...)
{
    if (error != NULL) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(error->message, sizeof error->message, format, arguments);
        va_end(arguments);
        error->status = status;
    }
    return status;
}

void ifl_error_prefix(struct ifl_error *error, const char *format, ...)
{
    if (error == NULL)
        return;
    char prefix[sizeof error->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(prefix, sizeof prefix, format, arguments);
    va_end(arguments);

    char joined[2 * sizeof error->message + 2];
    snprintf(joined, sizeof joined, "%s: %s", prefix, error->message);
    memcpy(error->message, joined, sizeof error->message - 1);
    error->message[sizeof error->message - 1] = '\0';
}

void *ifl_alloc(size_t count, size_t size)
{
    if (count == 0 || size == 0)
        count = size = 1;
    return calloc(count, size); /* checks the product itself (C11 7.22.3.2; glibc does) */
}
