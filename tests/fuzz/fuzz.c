#include <string.h>

#include "fuzz.h"

void require_refusal(enum ifl_status status, enum ifl_status expected, const struct ifl_error *error)
{
    REQUIRE(status == expected && error->status == expected);
    REQUIRE(error->message[0] != '\0' && memchr(error->message, '\0', sizeof error->message) != NULL);
}

struct dump_limits small_limits(void)
{
    struct dump_limits limits = dump_limits_default();
    limits.array = (size_t)1 << 20;
    limits.snapshot = (size_t)4 << 20;
    limits.samples = 128;
    return limits;
}

char *text_of(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    REQUIRE(text != NULL);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    return text;
}
