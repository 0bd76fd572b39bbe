/* Where plots go: the terminal or a file. */
#ifndef CLI_PLOT_OUT_H
#define CLI_PLOT_OUT_H

#include <cli/cli.h>

/* In pixels: 10 and 20 of them for a column and a row of the size asked for, else 800x560. */
int plot_svg_width(const struct arguments *arguments);
int plot_svg_height(const struct arguments *arguments);

/* A canvas of the size and characters asked for, else the terminal's; the colours it will be printed in. */
enum ifl_status plot_canvas_init(struct canvas *out, const struct arguments *arguments, enum plot_colors *colors,
                                 struct ifl_error *error);
enum ifl_status plot_canvas_print(const struct canvas *canvas, enum plot_colors colors, struct ifl_error *error);
/* `-` is stdout. */
enum ifl_status plot_write(const char *path, const char *text, struct ifl_error *error);

#endif
