#include <stdarg.h>
#include <stdio.h>

#include <dump/input.h>

void dump_note(const struct dump_input *input, const char *key, const char *format, ...)
{
    const struct dump_notes *notes = input->notes;
    if (notes == NULL || notes->note == NULL)
        return;
    struct ifl_error line = {.status = IFL_OK}; /* a note has the form of an error */
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line.message, sizeof line.message, format, arguments);
    va_end(arguments);
    ifl_error_prefix(&line, "%s", key);
    ifl_error_prefix(&line, "%s", input->path);
    notes->note(notes->context, line.message);
}

const atomic_bool *dump_cancel(const struct dump_input *input)
{
    return input->notes == NULL ? NULL : input->notes->cancel;
}

enum ifl_status dump_check_cancel(const atomic_bool *cancel, struct ifl_error *error)
{
    if (cancel == NULL || !atomic_load(cancel))
        return IFL_OK;
    return ifl_fail(error, IFL_CANCELED, "%s", ifl_status_text(IFL_CANCELED));
}
