/* Status codes, error messages and checked sizes.
 *
 * Every function that can fail returns an ifl_status and, through its last parameter, says what went
 * wrong and where. On failure out-parameters are untouched and nothing is left allocated. */
#ifndef INFOFLOW_STATUS_H
#define INFOFLOW_STATUS_H

#include <stdbool.h>
#include <stddef.h>

#define IFL_STATUS_LIST(X)                                                                                             \
    X(OK, "ok")                                                                                                        \
    X(NO_MEMORY, "out of memory")                                                                                      \
    X(INVALID, "invalid argument")    /* the caller's request makes no sense: a parameter, a name, a flag */           \
    X(REFUSED, "input refused")       /* data from outside break their contract; nothing of them was kept */           \
    X(FAILED, "failed")               /* the machine or a library failed: I/O, database, eigenvalue solver */          \
    X(CANCELED, "canceled")           /* the cancel flag was raised */                                                 \
    X(NOT_FOUND, "not found")                                                                                          \
    X(LOCKED, "locked")               /* another process holds it: it may do later */

enum ifl_status {
#define X(name, text) IFL_##name,
    IFL_STATUS_LIST(X)
#undef X
};

/* The text of a status, static. */
const char *ifl_status_text(enum ifl_status status);

/* What went wrong: the code and one line, `PATH: KEY: reason` as far as they are known. */
struct ifl_error {
    enum ifl_status status;
    char message[1024];
};

#if defined(__GNUC__)
#define IFL_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define IFL_PRINTF(text, first)
#endif

/* Fills `error` (may be NULL) and returns `status`, so that a caller can write `return ifl_fail(...)`. */
enum ifl_status ifl_fail(struct ifl_error *error, enum ifl_status status, const char *format, ...) IFL_PRINTF(3, 4);

/* So that it is seen to return what it was given wherever it is called, and not only in the file that defines it. */
static inline enum ifl_status ifl_as_given(enum ifl_status status, enum ifl_status returned)
{
    (void)returned;
    return status;
}
#define ifl_fail(error, status, ...) ifl_as_given(status, ifl_fail(error, status, __VA_ARGS__))

/* Puts "text: " before the message of `error` (may be NULL); for callers that know the file or the key. */
void ifl_error_prefix(struct ifl_error *error, const char *format, ...) IFL_PRINTF(2, 3);

/* *out = a * b, or false and *out untouched where that overflows. */
static inline bool ifl_size_mul(size_t a, size_t b, size_t *out)
{
    if (b != 0 && a > (size_t)-1 / b)
        return false;
    *out = a * b;
    return true;
}

/* calloc with a checked product: zeroed memory for `count` items of `size` bytes (at least one byte, so that
 * NULL always means failure). Freed with free(). */
void *ifl_alloc(size_t count, size_t size);

#endif
