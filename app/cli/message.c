/* What every command says to stderr, and how it opens the database. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <base/text.h>
#include <cli/cli.h>
#include <cli/interrupt.h>

static bool progress_shown; /* a line that has no end yet */

void say(const char *format, ...)
{
    char line[1400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (progress_shown)
        fputs("\r\033[K", stderr);
    progress_shown = false;
    text_printf(stderr, "infoflow: %s\n", line);
}

void print_lines(const char *title, const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        char *line = strndup(text, length);
        if (line != NULL)
            text_printf(stdout, "%s%s\n", title, line);
        free(line);
        text += length + (text[length] == '\n');
    }
}

int fail(const struct ifl_error *error)
{
    if (error->status != IFL_CANCELED) /* who sent the signal knows */
        say("%s", error->message);
    switch (error->status) {
    case IFL_INVALID:
    case IFL_NOT_FOUND:
        return EXIT_USAGE;
    case IFL_REFUSED:
        return EXIT_REFUSED;
    default:
        return EXIT_FAILED;
    }
}

char *database_path(const struct arguments *arguments, struct ifl_error *error)
{
    char *path = arguments->db != NULL ? strdup(arguments->db) : store_default_path();
    if (path == NULL)
        ifl_fail(error, IFL_FAILED, "no place for the run database: --db FILE, $INFOFLOW_DB or $HOME is needed");
    return path;
}

enum ifl_status open_database(struct store **out, const struct arguments *arguments, enum store_mode mode,
                              struct ifl_error *error)
{
    char *path = database_path(arguments, error);
    if (path == NULL)
        return error->status;
    interrupt_catch();
    enum ifl_status status = store_open_within(out, path, mode, STORE_PATIENCE, &interrupted, error);
    if (status == IFL_NOT_FOUND)
        status = ifl_fail(error, IFL_FAILED, "%s: no run database there yet (infoflow import PATH makes one)", path);
    free(path);
    return status;
}

void progress_step(void *what, size_t done, size_t total)
{
    if (!isatty(STDERR_FILENO))
        return;
    fprintf(stderr, "\r%s %zu/%zu\033[K", (const char *)what, done, total);
    progress_shown = true;
}

void progress_end(void)
{
    if (progress_shown)
        fputs("\r\033[K", stderr);
    progress_shown = false;
}
