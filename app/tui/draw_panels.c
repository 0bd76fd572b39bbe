/* The three plots, from what is known of them. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <base/text.h>

#include "draw.h"
#include "pen.h"

static const char *const titles[PANELS] = {"1 DPI", "2 IP", "3 M-IP"};

/* A panel without a plot: its title, and why. */
static void draw_reason(struct canvas *canvas, struct rect where, enum panel panel, const char *reason)
{
    struct pen title = pen_at(canvas, where, 0), middle = pen_at(canvas, where, where.rows / 2);
    title.x--;
    pen_text(&title, INK_TITLE, CELL_BOLD, titles[panel]);
    int spare = pen_room(&middle) - (int)text_width(reason);
    pen_skip(&middle, spare > 0 ? spare / 2 : 0);
    pen_text(&middle, INK_DIM, 0, reason);
}

static const char *no_plot(const struct workbench *w, enum panel panel)
{
    if (w->opened.timeline.count == 0)
        return "no snapshots yet";
    if (workbench_busy(w))
        return "computing";
    if (w->canceled)
        return "canceled";
    if (w->progress.failed)
        return "failed";
    if (panel == PANEL_MIP && w->settings.now.params.composition == IFL_TENSOR)
        return "tensor knows no pairs of maps: m";
    if (panel != PANEL_DPI && w->opened.snapshots[0].labels == NULL)
        return "these snapshots have no labels";
    return panel == PANEL_MIP ? "no layer has two feature maps" : "nothing to show";
}

static enum ifl_status draw_dpi(const struct workbench *w, struct canvas *canvas, struct rect where, bool *drawn,
                                struct ifl_error *error)
{
    const struct answer *answer = opened_answer(&w->opened, PANEL_DPI);
    struct view_dpi view;
    if (answer == NULL || w->opened.point >= answer->timeline.count)
        return IFL_OK;
    struct view_run run = answer_run(answer);
    struct view_subject subject = {.name = "", .run = &w->opened.run.run, .runs = &run, .n_runs = 1};
    enum ifl_status status =
        view_dpi_init(&view, &subject, 1, &answer->timeline, &w->opened.point, IFL_DPI_TOLERANCE, error);
    if (status != IFL_OK)
        return status;
    for (size_t k = 0; k < view.plot.layers; k++)
        *drawn |= !isnan(view.subjects[0].forward[k]) || !isnan(view.subjects[0].backward[k]);
    view.plot.title = titles[PANEL_DPI];
    view.plot.cursor = w->opened.layer;
    view.plot.look.stale = w->stale[PANEL_DPI];
    if (*drawn)
        plot_dpi(canvas, where, &view.plot);
    view_dpi_release(&view);
    return IFL_OK;
}

static enum ifl_status draw_plane(const struct workbench *w, struct canvas *canvas, struct rect where, enum panel panel,
                                  bool *drawn, struct ifl_error *error)
{
    const struct answer *answer = opened_answer(&w->opened, panel);
    struct view_plane view;
    if (answer == NULL)
        return IFL_OK;
    struct view_run run = answer_run(answer);
    struct view_subject subject = {.name = "", .run = &w->opened.run.run, .runs = &run, .n_runs = 1};
    enum ifl_status status =
        view_plane_init(&view, &subject, 1, &answer->timeline, panel == PANEL_IP ? PLANE_IP : PLANE_MIP, error);
    if (status != IFL_OK)
        return status;
    view.plot.title = titles[panel];
    view.plot.cursor[0] = w->opened.point;
    view.plot.layer = view_plane_trajectory(&view, 0, w->opened.layer);
    view.plot.look.stale = w->stale[panel];
    *drawn = view.plot.count > 0;
    if (*drawn)
        plot_plane(canvas, where, &view.plot);
    view_plane_release(&view);
    return IFL_OK;
}

void draw_panel(const struct workbench *w, struct canvas *canvas, struct rect where, enum panel panel)
{
    struct ifl_error error = {0};
    bool drawn = false;
    enum ifl_status status = panel == PANEL_DPI ? draw_dpi(w, canvas, where, &drawn, &error)
                                                : draw_plane(w, canvas, where, panel, &drawn, &error);
    if (!drawn)
        draw_reason(canvas, where, panel, status == IFL_OK ? no_plot(w, panel) : error.message);
}
