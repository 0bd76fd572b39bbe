/* The parts of the screen. Each fills its rectangle of a blank canvas. */
#ifndef TUI_DRAW_H
#define TUI_DRAW_H

#include "workbench.h"

/* draw_list.c */
void draw_list(struct workbench *workbench, struct canvas *canvas, const struct layout *layout);
void draw_strip(struct workbench *workbench, struct canvas *canvas, struct rect where);

/* draw_panels.c */
void draw_panels(struct workbench *workbench, struct canvas *canvas, const struct layout *layout);

/* draw_run.c */
void draw_run_lines(struct workbench *workbench, struct canvas *canvas, const struct layout *layout);

/* draw_status.c */
void draw_status(const struct workbench *workbench, struct canvas *canvas, struct rect where);
void draw_brand(struct canvas *canvas, struct rect where);

#endif
