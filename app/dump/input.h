/* What every reader is given beside its bytes. */
#ifndef DUMP_INPUT_H
#define DUMP_INPUT_H

#include <dump/dump.h>

struct dump_input {
    const char *path; /* for notes; errors are given it by whoever opened the file */
    const struct dump_limits *limits;
    const struct dump_notes *notes; /* may be NULL */
};

/* One line to the notes: `PATH: KEY: what`. */
void dump_note(const struct dump_input *input, const char *key, const char *format, ...) IFL_PRINTF(3, 4);

/* The flag that the caller raises to cancel, or NULL; and IFL_CANCELED where it is raised. */
const atomic_bool *dump_cancel(const struct dump_input *input);
enum ifl_status dump_check_cancel(const atomic_bool *cancel, struct ifl_error *error);

static inline enum ifl_status dump_no_memory(struct ifl_error *error)
{
    return ifl_fail(error, IFL_NO_MEMORY, "%s", ifl_status_text(IFL_NO_MEMORY));
}

#endif
