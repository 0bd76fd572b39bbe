#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/changed.h>
#include <base/text.h>

#include "picture.h"

static const char *const titles[PANELS] = {"1 DPI", "2 IP", "3 M-IP", "4 PID", "5 width"};

/* ---- the cast ---- */

static void cast_release(struct cast *cast)
{
    for (size_t k = 0; k < cast->count; k++)
        timeline_release(&cast->timelines[k]);
    free(cast->runs);
    *cast = (struct cast){0};
}

size_t picture_subjects(const struct workbench *w, enum panel panel, size_t *first)
{
    const struct showing *showing = &w->showing;
    bool topologies = panel == PANEL_PID && w->looks.pid >= PID_OVER_TOPOLOGIES_X;
    size_t room = panel == PANEL_WIDTH ? 1 : topologies ? SUBJECTS_MOST : PLOT_SUBJECTS;
    *first = showing->front < room ? 0 : showing->front - (room - 1);
    return showing->count - *first < room ? showing->count - *first : room;
}

static void choose(const struct workbench *w, enum panel panel, int row, struct cast *cast)
{
    cast->count = picture_subjects(w, panel, &cast->first);
    if (row >= 0 && (size_t)row < cast->count) {
        cast->first += (size_t)row;
        cast->count = 1;
    }
}

/* The last point at or before the step, else the first. */
static size_t point_of(const struct timeline *timeline, const struct subject *subject)
{
    size_t point = 0;
    if (subject->timeline.count == 0)
        return 0;
    int64_t step = subject->timeline.steps[subject->point];
    for (size_t k = 0; k < timeline->count && timeline->steps[k] <= step; k++)
        point = k;
    return point;
}

static enum ifl_status cast_fill(struct cast *cast, const struct showing *showing, enum panel panel,
                                 struct ifl_error *error)
{
    size_t runs = 0, subjects = cast->count;
    for (size_t k = 0; k < subjects; k++)
        runs += showing->subjects[cast->first + k].n_members;
    cast->runs = ifl_alloc(runs, sizeof *cast->runs);
    if (cast->runs == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for a plot");
    struct view_run *free_runs = cast->runs;
    for (cast->count = 0; cast->count < subjects; cast->count++) {
        const struct subject *subject = &showing->subjects[cast->first + cast->count];
        size_t k = cast->count;
        cast->subjects[k] = (struct view_subject){.name = subjects > 1 ? subject->label : "",
                                                  .run = subject_run(subject),
                                                  .runs = free_runs,
                                                  .n_runs = subject->n_members};
        for (size_t m = 0; m < subject->n_members; m++) {
            const struct sheet *sheet = showing_sheet(showing, panel, &subject->members[m]);
            if (sheet != NULL)
                free_runs[m] = (struct view_run){sheet->estimates, sheet->count};
        }
        free_runs += subject->n_members;
        enum ifl_status status =
            timeline_init(&cast->timelines[k], cast->subjects[k].runs, cast->subjects[k].n_runs, error);
        if (status != IFL_OK)
            return status;
        cast->points[k] = point_of(&cast->timelines[k], subject);
        cast->maps[k] = subject_maps(subject, showing_layer(showing, subject));
    }
    return IFL_OK;
}

/* The subject in front, among those of the cast; the first where it is not. */
static size_t cast_front(const struct cast *cast, const struct showing *showing)
{
    return showing->front >= cast->first && showing->front < cast->first + cast->count ? showing->front - cast->first
                                                                                       : 0;
}

static int32_t cast_layer(const struct cast *cast, const struct showing *showing, size_t k)
{
    return showing_layer(showing, &showing->subjects[cast->first + k]);
}

/* ---- the views ---- */

static enum ifl_status init_dpi(struct picture *p, const struct workbench *w, struct ifl_error *error)
{
    struct cast *cast = &p->cast;
    enum ifl_status status = view_dpi_init(&p->view.dpi, cast->subjects, cast->count, cast->timelines, cast->points,
                                           w->looks.tolerance, error);
    if (status != IFL_OK)
        return status;
    struct plot_dpi *plot = &p->view.dpi.plot;
    for (size_t s = 0; s < plot->subjects; s++)
        for (size_t l = 0; l < plot->layers; l++)
            p->any |= !isnan(plot->subject[s].forward[l]) || !isnan(plot->subject[s].backward[l]);
    size_t front = cast_front(cast, &w->showing);
    plot->cursor = view_dpi_layer(&p->view.dpi, (int)front, cast_layer(cast, &w->showing, front));
    plot->chains = w->looks.chains;
    plot->title = titles[p->panel];
    return IFL_OK;
}

static enum ifl_status init_plane(struct picture *p, const struct workbench *w, struct ifl_error *error)
{
    struct cast *cast = &p->cast;
    enum ifl_status status = view_plane_init(&p->view.plane, cast->subjects, cast->count, cast->timelines,
                                             p->panel == PANEL_IP ? PLANE_IP : PLANE_MIP, error);
    if (status != IFL_OK)
        return status;
    struct plot_plane *plot = &p->view.plane.plot;
    p->any = plot->count > 0;
    size_t front = cast_front(cast, &w->showing);
    for (size_t k = 0; k < cast->count; k++)
        plot->cursor[k] = cast->points[k];
    plot->layer = view_plane_trajectory(&p->view.plane, (int)front, cast_layer(cast, &w->showing, front));
    plot->title = titles[p->panel];
    return IFL_OK;
}

static enum ifl_status init_pid(struct picture *p, const struct workbench *w, struct ifl_error *error)
{
    struct cast *cast = &p->cast;
    bool with_y = w->looks.pid == PID_OVER_TRAINING_Y || w->looks.pid == PID_OVER_TOPOLOGIES_Y;
    bool topologies = w->looks.pid >= PID_OVER_TOPOLOGIES_X;
    int32_t layer = cast_layer(cast, &w->showing, 0);
    enum ifl_status status =
        topologies ? view_pid_topologies_init(&p->view.pid, cast->subjects, cast->count, cast->timelines, cast->points,
                                              cast->maps, layer, with_y, error)
                   : view_pid_training_init(&p->view.pid, cast->subjects, cast->count, cast->timelines, layer, with_y,
                                            error);
    if (status != IFL_OK)
        return status;
    struct plot_pid *plot = &p->view.pid.plot;
    size_t front = cast_front(cast, &w->showing);
    for (size_t k = 0; k < plot->count; k++)
        p->any |= plot->series[k].count > 0;
    plot->title = titles[p->panel];
    plot->cursor = cast->points[front];
    for (size_t k = 0; topologies && k < cast->count; k++)
        if (p->view.pid.order[k] == front)
            plot->cursor = k;
    return IFL_OK;
}

/* The estimates of each width one after the other: those of a group's runs are averaged like mini-batches. */
static enum ifl_status gather_sweep(struct picture *p, const struct sweep *sweep, struct view_run at[SWEEP_WIDTHS],
                                    struct ifl_error *error)
{
    size_t total = 0, n = sweep->n_members;
    for (size_t k = 0; k < SWEEP_WIDTHS * n; k++)
        total += sweep->sheets[k]->count;
    p->swept = ifl_alloc(total, sizeof *p->swept);
    if (p->swept == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for a plot");
    struct estimate *to = p->swept;
    for (size_t k = 0; k < SWEEP_WIDTHS; k++) {
        at[k] = (struct view_run){to, 0};
        for (size_t m = 0; m < n; m++) {
            const struct sheet *sheet = sweep->sheets[k * n + m];
            for (size_t e = 0; e < sheet->count; e++) {
                p->any |= sheet->estimates[e].records != NULL;
                *to++ = sheet->estimates[e];
                at[k].count++;
            }
        }
    }
    return IFL_OK;
}

static enum ifl_status init_width(struct picture *p, const struct workbench *w, struct ifl_error *error)
{
    const struct showing *showing = &w->showing;
    const struct sweep *sweep = showing->shown_sweep.sheets != NULL ? &showing->shown_sweep : &showing->sweep;
    struct view_run at[SWEEP_WIDTHS];
    if (sweep->sheets == NULL || sweep->subject >= showing->count)
        return IFL_OK;
    enum ifl_status status = gather_sweep(p, sweep, at, error);
    if (status != IFL_OK || !p->any)
        return status;
    const struct subject *subject = &showing->subjects[sweep->subject];
    const struct ifl_params *params = &w->settings.now.params;
    struct view_width_options options = {.chain = sweep->chain,
                                         .layer = showing_layer(showing, subject),
                                         .current = sweep->chain == IFL_FORWARD ? params->h : params->h_error,
                                         .tolerance = w->looks.tolerance,
                                         .share = 0};
    status = view_width_init(&p->view.width, subject_run(subject), sweep->widths, at, SWEEP_WIDTHS, &options, error);
    if (status != IFL_OK) {
        p->any = false;
        return status;
    }
    p->view.width.plot.cursor = options.layer;
    p->view.width.plot.missing = sweep_missing(sweep);
    snprintf(p->title, sizeof p->title, "%s%s%s", titles[p->panel], showing->count > 1 ? "  " : "",
             showing->count > 1 ? subject->label : "");
    p->view.width.plot.title = p->title;
    return IFL_OK;
}

/* ---- looks ---- */

/* What the plots of all panels have. */
struct face {
    struct plot_look *look;
    const char **title;
};

static struct face face_of(struct picture *p)
{
    switch (p->panel) {
    case PANEL_DPI:
        return (struct face){&p->view.dpi.plot.look, &p->view.dpi.plot.title};
    case PANEL_PID:
        return (struct face){&p->view.pid.plot.look, &p->view.pid.plot.title};
    case PANEL_WIDTH:
        return (struct face){&p->view.width.plot.look, &p->view.width.plot.title};
    default:
        return (struct face){&p->view.plane.plot.look, &p->view.plane.plot.title};
    }
}

struct plot_look *picture_look(struct picture *p)
{
    return face_of(p).look;
}

/* The part of a range that a zoom shows, around a value as far as that can be. */
static struct range narrow(struct range range, double zoom, double at)
{
    if (!(zoom > 1) || !(range.lo < range.hi) || isnan(at))
        return range;
    double width = (range.hi - range.lo) / zoom;
    double lo = fmin(fmax(at - width / 2, range.lo), range.hi - width);
    return (struct range){lo, lo + width};
}

/* The same of a logarithmic axis. */
static struct range narrow_log(struct range range, double zoom, double at)
{
    if (!(range.lo > 0) || !(at > 0))
        return range;
    struct range decades = narrow((struct range){log10(range.lo), log10(range.hi)}, zoom, log10(at));
    return zoom > 1 ? (struct range){pow(10, decades.lo), pow(10, decades.hi)} : range;
}

static struct range narrow_axis(struct range range, double zoom, double at, bool logarithmic)
{
    return logarithmic ? narrow_log(range, zoom, at) : narrow(range, zoom, at);
}

static void zoom_dpi(struct plot_dpi *plot, const struct plot_extent *extent, double zoom, size_t front)
{
    double at = NAN;
    if (plot->cursor >= 0 && front < plot->subjects) {
        const struct plot_dpi_subject *subject = &plot->subject[front];
        at = subject->forward[plot->cursor];
        if (plot->chains == 1u << DPI_BACKWARD || isnan(at))
            at = subject->backward[plot->cursor];
        plot->look.x = narrow(extent->x, zoom, plot->cursor);
    }
    plot->look.y = narrow_axis(extent->y, zoom, at, plot->look.log);
}

static void zoom_plane(struct plot_plane *plot, const struct plot_extent *extent, double zoom)
{
    double x = NAN, y = NAN;
    if (plot->layer >= 0) {
        const struct plot_trajectory *t = &plot->trajectories[plot->layer];
        size_t at = plot->cursor[t->subject];
        if (at < t->count) {
            x = t->x[at];
            y = t->y[at];
        }
    }
    plot->look.x = narrow_axis(extent->x, zoom, x, plot->look.log);
    plot->look.y = narrow_axis(extent->y, zoom, y, plot->look.log);
}

static void zoom_pid(struct plot_pid *plot, double zoom)
{
    struct range x = {INFINITY, -INFINITY};
    double at = NAN;
    for (size_t k = 0; k < plot->count; k++)
        for (size_t j = 0; j < plot->series[k].count && plot->series[k].x != NULL; j++) {
            x.lo = fmin(x.lo, plot->series[k].x[j]);
            x.hi = fmax(x.hi, plot->series[k].x[j]);
        }
    if (plot->count > 0 && plot->series[0].x != NULL && plot->cursor < plot->series[0].count)
        at = plot->series[0].x[plot->cursor];
    if (x.lo < x.hi)
        plot->look.x = narrow(x, zoom, at);
}

static struct plot_extent extent_of(const struct picture *p)
{
    return p->panel == PANEL_DPI ? plot_dpi_extent(&p->view.dpi.plot) : plot_plane_extent(&p->view.plane.plot);
}

/* Plots in rows share the axes that all of their subjects together ask for. */
static enum ifl_status shared_extent(const struct picture *p, const struct workbench *w, int row,
                                     struct plot_extent *out, struct ifl_error *error)
{
    struct picture all;
    *out = extent_of(p);
    if (row < 0)
        return IFL_OK;
    enum ifl_status status = picture_init(&all, w, p->panel, -1, error);
    if (status != IFL_OK)
        return status;
    if (all.any) {
        struct range own = out->x;
        *out = extent_of(&all);
        if (p->panel == PANEL_DPI) /* each has its own layers */
            out->x = own;
    }
    picture_release(&all);
    return IFL_OK;
}

static enum ifl_status look(struct picture *p, const struct workbench *w, int row, struct ifl_error *error)
{
    struct plot_look *look = picture_look(p);
    double zoom = w->looks.zoom[p->panel];
    look->stale = w->stale[p->panel];
    look->given_up = w->canceled || w->progress.failed;
    look->log = w->looks.log[p->panel];
    look->no_legend = w->looks.no_legend;
    look->digits = w->few_colors || w->exporting;
    look->front = (int)cast_front(&p->cast, &w->showing);
    look->before = p->cast.first;
    if (p->panel == PANEL_WIDTH) {
        const struct plot_width *plot = &p->view.width.plot;
        if (zoom > 1)
            look->x = narrow_log((struct range){plot->h[0], plot->h[plot->count - 1]}, zoom, plot->current);
        return IFL_OK;
    }
    if (p->panel == PANEL_PID) {
        if (zoom > 1)
            zoom_pid(&p->view.pid.plot, zoom);
        return IFL_OK;
    }
    if (!(zoom > 1) && row < 0)
        return IFL_OK;
    struct plot_extent extent;
    enum ifl_status status = shared_extent(p, w, row, &extent, error);
    if (status == IFL_OK && p->panel == PANEL_DPI)
        zoom_dpi(&p->view.dpi.plot, &extent, zoom, (size_t)look->front);
    else if (status == IFL_OK)
        zoom_plane(&p->view.plane.plot, &extent, zoom);
    return status;
}

/* ---- pictures ---- */

enum ifl_status picture_init(struct picture *out, const struct workbench *w, enum panel panel, int row,
                             struct ifl_error *error)
{
    static enum ifl_status (*const inits[PANELS])(struct picture *, const struct workbench *, struct ifl_error *) = {
        init_dpi, init_plane, init_plane, init_pid, init_width};
    memset(out, 0, sizeof *out);
    out->panel = panel;
    if (w->showing.count == 0)
        return IFL_OK;
    choose(w, panel, row, &out->cast);
    enum ifl_status status = cast_fill(&out->cast, &w->showing, panel, error);
    if (status == IFL_OK)
        status = inits[panel](out, w, error);
    if (status == IFL_OK && out->any)
        status = look(out, w, row, error);
    if (status != IFL_OK)
        picture_release(out);
    return status;
}

void picture_release(struct picture *p)
{
    switch (p->panel) {
    case PANEL_DPI:
        view_dpi_release(&p->view.dpi);
        break;
    case PANEL_PID:
        view_pid_release(&p->view.pid);
        break;
    case PANEL_WIDTH:
        view_width_release(&p->view.width);
        break;
    default:
        view_plane_release(&p->view.plane);
    }
    free(p->swept);
    p->swept = NULL;
    cast_release(&p->cast);
    p->any = false;
}

void picture_draw(const struct picture *p, struct canvas *canvas, struct rect where)
{
    switch (p->panel) {
    case PANEL_DPI:
        plot_dpi(canvas, where, &p->view.dpi.plot);
        break;
    case PANEL_PID:
        plot_pid(canvas, where, &p->view.pid.plot);
        break;
    case PANEL_WIDTH:
        plot_width(canvas, where, &p->view.width.plot);
        break;
    default:
        plot_plane(canvas, where, &p->view.plane.plot);
    }
}

enum ifl_status picture_svg(const struct picture *p, int width, int height, char **out, struct ifl_error *error)
{
    switch (p->panel) {
    case PANEL_DPI:
        return plot_dpi_svg(&p->view.dpi.plot, width, height, true, out, error);
    case PANEL_PID:
        return plot_pid_svg(&p->view.pid.plot, width, height, true, out, error);
    case PANEL_WIDTH:
        return plot_width_svg(&p->view.width.plot, width, height, true, out, error);
    default:
        return plot_plane_svg(&p->view.plane.plot, width, height, true, out, error);
    }
}

/* `  step 4690  epoch 10`, where all subjects are at the same. */
static char *step_text(char *out, size_t size, const struct cast *cast)
{
    const struct timeline *first = &cast->timelines[0];
    char epoch[32] = "";
    out[0] = '\0';
    if (cast->count == 0 || first->count == 0)
        return out;
    int64_t step = first->steps[cast->points[0]];
    for (size_t k = 1; k < cast->count; k++)
        if (cast->timelines[k].count == 0 || cast->timelines[k].steps[cast->points[k]] != step)
            return out;
    double at = first->epochs[cast->points[0]];
    if (at >= 0)
        text_short(epoch, at, 4);
    snprintf(out, size, "  step %" PRId64 "%s%s", step, at >= 0 ? "  epoch " : "", epoch);
    return out;
}

void picture_stand_alone(struct picture *p, const struct workbench *w)
{
    const struct showing *showing = &w->showing;
    const char *name = p->cast.count == 1 ? showing->subjects[p->cast.first].name : "";
    struct ifl_params params = w->settings.now.params;
    char step[96] = "", changed[CHANGED_BYTES];
    if (p->panel == PANEL_DPI)
        step_text(step, sizeof step, &p->cast);
    if (p->panel == PANEL_WIDTH) {
        const struct sweep *sweep = showing->shown_sweep.sheets != NULL ? &showing->shown_sweep : &showing->sweep;
        name = showing->subjects[sweep->subject].name;
        snprintf(step, sizeof step, "  step %" PRId64, sweep->step);
        ifl_params_set_width(&params, params.width); /* the plot goes through h: it is no parameter of it */
    }
    const char *plot = titles[p->panel] + strlen("1 ");
    snprintf(p->title, sizeof p->title, "%s%s%.255s%s%s", plot, name[0] != '\0' ? "  " : "", name, step,
             changed_text(changed, &params));
    *face_of(p).title = p->title;
}

const char *picture_title(enum panel panel)
{
    return titles[panel];
}

const char *picture_reason(const struct workbench *w, enum panel panel)
{
    const struct store_snapshot *snapshot = showing_snapshot(&w->showing, 0);
    if (snapshot == NULL)
        return "no snapshots yet";
    if (workbench_busy(w))
        return "computing";
    if (w->canceled)
        return "canceled";
    if (w->progress.failed)
        return "failed";
    bool pairs = panel == PANEL_MIP || panel == PANEL_PID;
    if (pairs && w->settings.now.params.composition == IFL_TENSOR)
        return "tensor knows no pairs of maps: m";
    if ((panel == PANEL_IP || panel == PANEL_MIP) && snapshot->labels == NULL)
        return "these snapshots have no labels";
    return pairs ? "no layer has two feature maps" : "nothing to show";
}

double picture_value(const struct workbench *w, enum panel panel, int32_t layer, enum ifl_quantity quantity,
                     double *deviation, unsigned *health)
{
    struct cast cast = {.first = w->showing.front, .count = 1};
    double value = NAN;
    if (deviation != NULL)
        *deviation = NAN;
    if (w->showing.front >= w->showing.count)
        return NAN;
    if (cast_fill(&cast, &w->showing, panel, NULL) == IFL_OK && cast.timelines[0].count > 0)
        value = timeline_value(&cast.timelines[0], &cast.subjects[0], cast.points[0], layer, quantity, deviation,
                               health);
    cast_release(&cast);
    return value;
}
