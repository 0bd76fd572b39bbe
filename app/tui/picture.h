/* What a panel shows, ready to be drawn in cells or as SVG. */
#ifndef TUI_PICTURE_H
#define TUI_PICTURE_H

#include <plot/view_pid.h>
#include <plot/view_width.h>

#include "workbench.h"

/* Subjects as the views take them. */
struct cast {
    size_t first, count; /* of showing->subjects */
    struct view_subject subjects[SUBJECTS_MOST];
    struct timeline timelines[SUBJECTS_MOST];
    size_t points[SUBJECTS_MOST]; /* under the cursor */
    size_t maps[SUBJECTS_MOST];   /* of the layer under the cursor */
    struct view_run *runs;
};

struct picture {
    enum panel panel;
    struct cast cast;
    union {
        struct view_dpi dpi;
        struct view_plane plane;
        struct view_pid pid;
        struct view_width width;
    } view;
    struct estimate *swept; /* what `width` was made from */
    char title[512];        /* its own: a row's, or of what leaves the screen */
    bool any;               /* there is something to draw */
};

/* Planes and chains have room for some of the subjects: among them the one in front. Their number, from *first on. */
size_t picture_subjects(const struct workbench *workbench, enum panel panel, size_t *first);

/* `row`: of the subjects in rows of their own, -1: all of them together. The picture points into the workbench. */
enum ifl_status picture_init(struct picture *out, const struct workbench *workbench, enum panel panel, int row,
                             struct ifl_error *error);
void picture_release(struct picture *picture);

struct plot_look *picture_look(struct picture *picture);
void picture_draw(const struct picture *picture, struct canvas *canvas, struct rect where);
enum ifl_status picture_svg(const struct picture *picture, int width, int height, char **out,
                            struct ifl_error *error);

/* Has the plot say all that it needs where no screen is around it: the run, the step, the parameters. */
void picture_stand_alone(struct picture *picture, const struct workbench *workbench);

/* `1 DPI`, ... */
const char *picture_title(enum panel panel);
/* Why there is nothing to draw. */
const char *picture_reason(const struct workbench *workbench, enum panel panel);

/* A quantity of the subject, layer (-1: of the snapshot) and step under the cursor, from what `panel` shows; NAN: none. */
double picture_value(const struct workbench *workbench, enum panel panel, int32_t layer, enum ifl_quantity quantity,
                     double *deviation, unsigned *health);

#endif
