/* The last line: what is being typed, what went wrong, how far the estimates are, which keys there are. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <base/text.h>

#include "draw.h"
#include "draw_help.h"
#include "draw_prompt.h"
#include "pen.h"

void draw_brand(struct canvas *canvas, struct rect where)
{
    canvas_text(canvas, where.x, where.y, where.columns, " infoflow ", INK_TITLE, CELL_BOLD | CELL_REVERSE);
}

static void draw_typed(const struct workbench *w, struct canvas *canvas, struct rect where)
{
    static const char hint[] = "or NAME VALUE: h h-error h-label alpha width composition pairs seed";
    struct rect above = {where.x, 0, where.columns, where.y + where.rows};
    draw_prompt(canvas, above, &w->prompt, w->prompt.use == PROMPT_VALUE ? hint : NULL);
}

static bool any_stale(const struct workbench *w)
{
    for (int k = 0; k < PANELS; k++)
        if (w->stale[k])
            return true;
    return false;
}

static void draw_progress(const struct workbench *w, struct pen *pen)
{
    if (w->screen != SCREEN_RUN)
        return;
    if (workbench_busy(w)) {
        if (!w->busy_shown)
            return;
        /* In steps of five, and of one width: each change is sent, and all behind it if it moves. */
        size_t total = w->progress.total, percent = total > 0 ? 100 * w->progress.done / total / 5 * 5 : 0;
        pen_printf(pen, INK_CURSOR, 0, "computing %3zu %%", percent);
        pen_text(pen, INK_DIM, 0, "  Esc cancels");
        pen_skip(pen, 3);
    } else if (w->progress.failed) {
        pen_text(pen, INK_WARN, CELL_BOLD, w->progress.error.message);
        pen_skip(pen, 3);
    } else if (w->canceled) {
        pen_text(pen, INK_WARN, 0, any_stale(w) ? "canceled: the plots are of the old parameters" : "canceled");
        pen_skip(pen, 3);
    }
}

/* Where the plot is all there is, the last line says what it is of. */
static void draw_summary(const struct workbench *w, struct pen *pen)
{
    char h[32], alpha[32];
    const struct subject *front = showing_front(&w->showing);
    if (front == NULL || front->timeline.count == 0)
        return;
    parameter_text(h, &w->settings.now.params, PARAMETER_H);
    parameter_text(alpha, &w->settings.now.params, PARAMETER_ALPHA);
    pen_pair(pen, "h", h, INK_NONE, 0);
    pen_pair(pen, "alpha", alpha, INK_NONE, 0);
    char at[48];
    double epoch = front->timeline.epochs[front->point];
    if (isnan(epoch))
        snprintf(at, sizeof at, "%zu/%zu", front->point + 1, front->timeline.count);
    pen_pair(pen, isnan(epoch) ? "snapshot" : "epoch", isnan(epoch) ? at : text_short(at, epoch, 4), INK_NONE, 0);
    if ((size_t)w->showing.layer < subject_run(front)->n_layers) {
        pen_text(pen, INK_CURSOR, CELL_BOLD, subject_run(front)->layers[w->showing.layer].name);
        pen_skip(pen, 2);
    }
}

void draw_status(const struct workbench *w, struct canvas *canvas, struct rect where)
{
    struct pen pen = pen_at(canvas, where, 0);
    if (w->prompt.use != PROMPT_CLOSED) {
        draw_typed(w, canvas, where);
        return;
    }
    if (w->message[0] != '\0') {
        pen_text(&pen, w->alarm ? INK_WARN : INK_NONE, w->alarm ? CELL_BOLD : 0, w->message);
        return;
    }
    draw_progress(w, &pen);
    if (w->screen == SCREEN_RUN && workbench_layout(w).kind == LAYOUT_PLOT)
        draw_summary(w, &pen);
    draw_hints(&pen, &w->bindings, workbench_context(w));
}
