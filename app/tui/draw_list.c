/* The runs: as a table on a screen of their own, and as a strip beside the plots. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <base/text.h>

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
    if (!w->listed || w->in_bin) {
        lines[0] = w->listed ? "The bin is empty." : "Reading the runs.";
        count = 1;
    }
    int left = where.columns > 52 ? (where.columns - 50) / 2 : 1, top = (where.rows - count) / 3;
    top = top < 0 ? 0 : top;
    for (int k = 0; k < count && top + k < where.rows; k++) {
        struct pen pen = pen_at(canvas, where, top + k);
        pen_skip(&pen, left - 1);
        bool first = k == 0, command = k == 4, last = k > 0 && k == count - 1;
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

static void draw_title(const struct workbench *w, struct canvas *canvas, struct rect where)
{
    struct pen pen = pen_at(canvas, where, 0);
    draw_brand(canvas, where);
    pen_skip(&pen, 11);
    if (w->in_bin)
        pen_text(&pen, INK_WARN, CELL_BOLD, "bin: ");
    pen_printf(&pen, INK_TITLE, CELL_BOLD, "%zu run%s", w->runs.count, w->runs.count == 1 ? "" : "s");
    pen_skip(&pen, 2);
    pen_text(&pen, INK_DIM, 0, w->database);
    if (w->followed == NULL)
        return;
    pen_text(&pen, INK_CURSOR, 0, "  follows ");
    pen_text(&pen, INK_NONE, 0, w->followed);
}

void draw_list(struct workbench *w, struct canvas *canvas, const struct layout *layout)
{
    if (layout->title.rows > 0)
        draw_title(w, canvas, layout->title);
    if (!w->listed || w->runs.count == 0) {
        draw_empty(w, canvas, layout->runs);
        return;
    }
    runs_draw_table(&w->runs, canvas, layout->runs);
    w->ask |= workbench_list_lacks(w); /* only now it is known which rows are seen */
    if (layout->readout.rows > 0)
        runs_draw_readout(&w->runs, canvas, layout->readout);
    if (w->chooser.open)
        chooser_draw(&w->chooser, &w->runs, canvas, layout->runs);
}

void draw_strip(struct workbench *w, struct canvas *canvas, struct rect where)
{
    int64_t open[SUBJECTS_MOST];
    for (size_t s = 0; s < w->showing.count; s++)
        open[s] = w->showing.subjects[s].members[0].run.id;
    runs_draw_strip(&w->runs, canvas, where, open, w->showing.count, w->on_strip);
}
