/* The parts of the screen. Each fills its rectangle of a blank canvas. */
#ifndef TUI_DRAW_H
#define TUI_DRAW_H

#include "workbench.h"

/* draw_list.c */
void draw_list(struct workbench *workbench, struct canvas *canvas, const struct layout *layout);
void draw_strip(struct workbench *workbench, struct canvas *canvas, struct rect where);

/* draw_run.c */
void draw_run_lines(const struct workbench *workbench, struct canvas *canvas, const struct layout *layout);
void draw_fields(struct canvas *canvas, struct rect where, const struct workbench *workbench, const struct run *run,
                 bool title);

/* draw_panels.c */
void draw_panel(const struct workbench *workbench, struct canvas *canvas, struct rect where, enum panel panel);

/* draw_status.c */
void draw_status(const struct workbench *workbench, struct canvas *canvas, struct rect where);
void draw_brand(struct canvas *canvas, struct rect where);

/* draw_help.c: held so that help_top stays within the text */
void draw_help(struct workbench *workbench, struct canvas *canvas);

#endif
