/* The plots, and what stands where there is none. */
#include <base/text.h>

#include "draw.h"
#include "pen.h"
#include "picture.h"

/* A panel without a plot: its title, and why. */
static void draw_reason(struct canvas *canvas, struct rect where, enum panel panel, const char *reason)
{
    struct pen title = pen_at(canvas, where, 0), middle = pen_at(canvas, where, where.rows / 2);
    title.x--;
    pen_text(&title, INK_TITLE, CELL_BOLD, picture_title(panel));
    int spare = pen_room(&middle) - (int)text_width(reason);
    pen_skip(&middle, spare > 0 ? spare / 2 : 0);
    pen_text(&middle, INK_DIM, 0, reason);
}

/* In rows each plot says whose it is. */
static void draw_owner(const struct workbench *w, struct canvas *canvas, struct rect where, const struct picture *p)
{
    const struct subject *subject = &w->showing.subjects[p->cast.first];
    struct pen pen = pen_at(canvas, where, 0);
    pen_skip(&pen, (int)text_width(picture_title(p->panel)) + 1);
    bool front = p->cast.first == w->showing.front;
    pen_printf(&pen, front ? INK_CURSOR : INK_DIM, front ? CELL_BOLD : 0, "%s", subject->label);
}

static void draw_panel(struct workbench *w, struct canvas *canvas, struct rect where, enum panel panel, int row)
{
    struct ifl_error error = {0};
    struct picture picture;
    struct plot_marks *marks = drawn_marks(&w->drawn, row < 0 ? 0 : row, panel);
    enum ifl_status status = picture_init(&picture, w, panel, row, &error);
    if (status != IFL_OK) {
        draw_reason(canvas, where, panel, error.message);
        return;
    }
    if (picture.any) {
        picture_look(&picture)->marks = marks;
        picture_draw(&picture, canvas, where);
        /* A mark counts subjects as the plot does; the workbench as it shows them. */
        for (size_t k = 0; marks != NULL && k < marks->count; k++)
            marks->items[k].subject += (int)picture.cast.first;
        if (row >= 0)
            draw_owner(w, canvas, where, &picture);
    } else {
        draw_reason(canvas, where, panel, picture_reason(w, panel));
    }
    picture_release(&picture);
}

void draw_panels(struct workbench *w, struct canvas *canvas, const struct layout *layout)
{
    for (int row = 0; row < layout->rows; row++)
        for (int p = 0; p < PANELS; p++)
            if (layout->panels[row][p].columns > 0)
                draw_panel(w, canvas, layout->panels[row][p], (enum panel)p, layout->rows > 1 ? row : -1);
}
