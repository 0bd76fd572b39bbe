/* Where plots go: the terminal or a file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <base/reason.h>
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

int plot_svg_width(const struct arguments *arguments)
{
    return arguments->columns > 0 ? 10 * arguments->columns : 800;
}

int plot_svg_height(const struct arguments *arguments)
{
    return arguments->columns > 0 ? 20 * arguments->rows : 560;
}

static enum charset find_charset(const struct arguments *arguments)
{
    if (arguments->charset >= 0)
        return (enum charset)arguments->charset;
    return capability_unicode() ? CHARSET_BRAILLE : CHARSET_ASCII;
}

static enum plot_colors find_colors(const struct arguments *arguments)
{
    return plot_colors_of(capability_colors(arguments->color, isatty(STDOUT_FILENO), -1));
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
    bool known;
    char *text;
    enum ifl_status status = plot_to_text(canvas, colors, capability_light(&known), &text, error);
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
        return ifl_fail(error, IFL_FAILED, "%s: %s", path, reason_of(errno).text);
    bool written = fputs(text, file) >= 0;
    if (fclose(file) != 0 || !written)
        return ifl_fail(error, IFL_FAILED, "%s: %s", path, reason_of(errno).text);
    return IFL_OK;
}
