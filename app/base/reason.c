#include <stdio.h>
#include <string.h>

#include <base/reason.h>

struct reason reason_of(int code)
{
    struct reason reason;
    if (strerror_r(code, reason.text, sizeof reason.text) != 0)
        snprintf(reason.text, sizeof reason.text, "error %d", code);
    return reason;
}
