#include <stdio.h>

#include "draw.h"
#include "draw_help.h"
#include "pen.h"

static void draw_too_small(struct canvas *canvas)
{
    struct rect all = {-1, 0, canvas->columns + 1, canvas->rows};
    struct pen pen = pen_at(canvas, all, 0);
    pen_printf(&pen, INK_WARN, CELL_BOLD, "%dx%d", canvas->columns, canvas->rows);
    pen_printf(&pen, INK_NONE, 0, " is too small: %dx%d", LAYOUT_MIN_COLUMNS, LAYOUT_MIN_ROWS);
    pen = pen_at(canvas, all, 1);
    pen_text(&pen, INK_DIM, 0, "q quits");
}

static void draw_run(struct workbench *w, struct canvas *canvas, const struct layout *layout)
{
    draw_run_lines(w, canvas, layout);
    if (layout->runs.columns > 0)
        draw_strip(w, canvas, layout->runs);
    draw_panels(w, canvas, layout);
}

void workbench_draw(struct workbench *w, struct canvas *canvas)
{
    struct layout layout = workbench_layout(w);
    canvas_clear(canvas);
    drawn_forget(&w->drawn, &layout);
    if (layout.kind == LAYOUT_TOO_SMALL) {
        draw_too_small(canvas);
        return;
    }
    if (w->help.open) {
        draw_help(canvas, &w->bindings, &w->help);
        return;
    }
    if (w->screen == SCREEN_LIST)
        draw_list(w, canvas, &layout);
    else
        draw_run(w, canvas, &layout);
    draw_status(w, canvas, layout.status);
}
