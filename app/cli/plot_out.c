/* Where plots go: the terminal or a file. */
#include <errno.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cli/plot_out.h>

static void find_size(const struct arguments *arguments, int *columns, int *rows)
{
    struct winsize size;
    *columns = 80;
    *rows = 24;
    if (arguments->columns > 0) {
        *columns = arguments->columns;
        *rows = arguments->rows;
    } else if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 1) {
        *columns = size.ws_col;
        *rows = size.ws_row - 1; /* the prompt's line */
    }
}

static enum charset find_charset(const struct arguments *arguments)
{
    if (arguments->charset >= 0)
        return (enum charset)arguments->charset;
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0 ? CHARSET_BRAILLE : CHARSET_ASCII;
}

static enum plot_colors find_colors(const struct arguments *arguments)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    if (arguments->color == COLOR_NEVER)
        return PLOT_MONO;
    if (arguments->color == COLOR_AUTO && (!isatty(STDOUT_FILENO) || (no_color != NULL && *no_color != '\0') ||
                                           term == NULL || strcmp(term, "dumb") == 0))
        return PLOT_MONO;
    return arguments->color == COLOR_ALWAYS || strstr(term, "256") != NULL ? PLOT_256 : PLOT_8;
}

enum ifl_status plot_canvas_init(struct canvas *out, const struct arguments *arguments, enum plot_colors *colors,
                                 struct ifl_error *error)
{
    int columns, rows;
    find_size(arguments, &columns, &rows);
    *colors = find_colors(arguments);
    return canvas_init(out, columns, rows, find_charset(arguments), error);
}

enum ifl_status plot_canvas_print(const struct canvas *canvas, enum plot_colors colors, struct ifl_error *error)
{
    char *text;
    enum ifl_status status = plot_to_text(canvas, colors, false, &text, error);
    if (status != IFL_OK)
        return status;
    fputs(text, stdout);
    free(text);
    return IFL_OK;
}

enum ifl_status plot_write(const char *path, const char *text, struct ifl_error *error)
{
    if (strcmp(path, "-") == 0) {
        fputs(text, stdout);
        return IFL_OK;
    }
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return ifl_fail(error, IFL_FAILED, "%s: %s", path, strerror(errno));
    bool written = fputs(text, file) >= 0;
    if (fclose(file) != 0 || !written)
        return ifl_fail(error, IFL_FAILED, "%s: %s", path, strerror(errno));
    return IFL_OK;
}
