/* The screen of runs, and the strip of them beside the plots. */
#include <stdio.h>

#include "draw.h"
#include "pen.h"

/* ---- without runs ---- */

static void draw_empty(const struct workbench *w, struct canvas *canvas, struct rect where)
{
    const char *lines[] = {"No runs yet.",
                           "",
                           "Import what your training wrote, then come back:",
                           "",
                           "    infoflow import PATH",
                           "",
                           "PATH is a run folder (run.json and step-*.npz),",
                           "or a folder of such folders.",
                           "",
                           w->database};
    int count = (int)(sizeof lines / sizeof *lines);
    int left = where.columns > 52 ? (where.columns - 50) / 2 : 1, top = (where.rows - count) / 3;
    top = top < 0 ? 0 : top;
    for (int k = 0; k < count && top + k < where.rows; k++) {
        struct pen pen = pen_at(canvas, where, top + k);
        pen_skip(&pen, left - 1);
        bool first = k == 0, command = k == 4, last = k == count - 1;
        if (last)
            pen_text(&pen, INK_DIM, 0, "database ");
        pen_text(&pen,
                 first || command ? INK_TITLE
                 : last           ? INK_DIM
                                  : INK_NONE,
                 first || command ? CELL_BOLD : 0, lines[k]);
    }
}

/* ---- the screen and the strip ---- */

void draw_list(struct workbench *w, struct canvas *canvas, const struct layout *layout)
{
    if (layout->title.rows > 0) {
        struct pen pen = pen_at(canvas, layout->title, 0);
        draw_brand(canvas, layout->title);
        pen_skip(&pen, 11);
        pen_printf(&pen, INK_TITLE, CELL_BOLD, "%zu run%s", w->runs.count, w->runs.count == 1 ? "" : "s");
        pen_skip(&pen, 2);
        pen_text(&pen, INK_DIM, 0, w->database);
    }
    if (w->runs.count == 0) {
        draw_empty(w, canvas, layout->runs);
        return;
    }
    runs_draw_table(&w->runs, canvas, layout->runs);
    runs_draw_readout(&w->runs, canvas, layout->readout);
    w->page = (int)w->runs.page;
}

void draw_strip(struct workbench *w, struct canvas *canvas, struct rect where)
{
    runs_draw_strip(&w->runs, canvas, where, &w->opened.run.id, 1, w->on_strip);
    w->page = (int)w->runs.page;
}
