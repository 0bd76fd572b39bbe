/* infoflow plot pid */
#include <stdlib.h>
#include <string.h>

#include <base/changed.h>
#include <cli/plot_more.h>
#include <cli/plot_out.h>
#include <cli/plot_subject.h>
#include <plot/view_pid.h>

/* The subjects that are drawn, and what of them. */
struct drawn {
    const struct arguments *arguments;
    const char **which; /* [count] as the command line names them */
    size_t count;
    struct plot_subject *drawn;
    struct view_subject *subjects;
    struct timeline *timelines; /* those of drawn, in a row */
    size_t *points, *maps;
    int32_t layer; /* of the first run; -1: none looked at */
    bool over_topologies;
    struct view_pid view;
    char title[640];
};

static void drawn_release(struct drawn *d)
{
    view_pid_release(&d->view);
    for (size_t k = 0; k < d->count && d->drawn != NULL; k++)
        plot_subject_release(&d->drawn[k]);
    free(d->drawn);
    free(d->subjects);
    free(d->timelines);
    free(d->points);
    free(d->maps);
}

static enum ifl_status allocate(struct drawn *d, struct ifl_error *error)
{
    d->drawn = ifl_alloc(d->count, sizeof *d->drawn);
    d->subjects = ifl_alloc(d->count, sizeof *d->subjects);
    d->timelines = ifl_alloc(d->count, sizeof *d->timelines);
    d->points = ifl_alloc(d->count, sizeof *d->points);
    d->maps = ifl_alloc(d->count, sizeof *d->maps);
    bool done = d->drawn != NULL && d->subjects != NULL && d->timelines != NULL && d->points != NULL && d->maps != NULL;
    return done ? IFL_OK : ifl_fail(error, IFL_NO_MEMORY, "no memory for a plot");
}

/* ---- what to draw ---- */

static int32_t first_of_two_maps(const struct store_snapshot *snapshot)
{
    for (size_t l = 0; l < snapshot->layers; l++)
        if (snapshot->t[l].maps >= 2)
            return (int32_t)l;
    return -1;
}

/* How many maps a run's layer of this name has, or (NULL: set then) the first one of two maps. */
static enum ifl_status count_maps(struct store *store, const char *which, char **name, size_t *maps,
                                  struct ifl_error *error)
{
    struct store_run run = {0};
    struct store_snapshot *snapshots = NULL;
    size_t count = 0;
    int64_t id;
    enum ifl_status status = store_find_run(store, which, &id, error);
    if (status == IFL_OK)
        status = store_get_run(store, id, &run, error);
    if (status == IFL_OK)
        status = store_list_snapshots(store, id, &snapshots, &count, error);
    if (status == IFL_OK && *name == NULL && count > 0) {
        int32_t first = first_of_two_maps(&snapshots[0]);
        *name = first >= 0 ? strdup(run.run.layers[first].name) : NULL;
    }
    int32_t layer = status == IFL_OK && *name != NULL ? run_layer(&run.run, *name) : -1;
    *maps = layer >= 0 && count > 0 ? snapshots[0].t[layer].maps : 0;
    store_snapshots_free(snapshots, count);
    store_run_release(&run);
    return status;
}

/* Several subjects whose layer has unequal numbers of maps are topologies. */
static enum ifl_status settle(struct drawn *d, struct store *store, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    char *name = d->arguments->layer == NULL ? NULL : strdup(d->arguments->layer);
    bool differ = false;
    for (size_t k = 0; k < d->count && status == IFL_OK; k++) {
        char *first = plot_subject_first(d->which[k]);
        status = first == NULL ? ifl_fail(error, IFL_NO_MEMORY, "no memory for a plot")
                               : count_maps(store, first, &name, &d->maps[k], error);
        free(first);
        differ |= d->maps[k] != d->maps[0];
    }
    free(name);
    d->over_topologies = d->arguments->over >= 0 ? d->arguments->over == OVER_TOPOLOGIES : differ;
    size_t most = d->over_topologies ? PID_TOPOLOGIES_MAX : PLOT_SUBJECTS;
    if (status == IFL_OK && d->count > most)
        return ifl_fail(error, IFL_INVALID, "plot pid: %zu runs over %s; at most %zu", d->count,
                        d->over_topologies ? "topologies" : "training", most);
    return status;
}

static enum ifl_status estimate_subject(struct drawn *d, struct store *store, size_t k, struct ifl_error *error)
{
    const struct arguments *a = d->arguments;
    const char *steps = !d->over_topologies ? "all" : a->step != NULL ? a->step : "last";
    enum ifl_status status = plot_subject_init(&d->drawn[k], store, a, d->which[k], steps,
                                               a->with_y ? VIEW_PID_QUANTITIES_Y : VIEW_PID_QUANTITIES_X, error);
    if (status != IFL_OK)
        return status;
    d->subjects[k] = plot_subject_view(&d->drawn[k]);
    d->timelines[k] = d->drawn[k].timeline;
    if (d->over_topologies || (k == 0 && a->step != NULL))
        status = plot_find_point(&d->timelines[k], a->step, &d->points[k], error);
    return status;
}

static void make_title(struct drawn *d)
{
    const struct view_subject *first = &d->subjects[0];
    const char *layer = d->layer >= 0 ? first->run->layers[d->layer].name : "";
    char changed[CHANGED_BYTES];
    snprintf(d->title, sizeof d->title, "PID%s%.100s%s%.200s%s", d->layer >= 0 ? "  " : "", layer,
             d->count == 1 ? "  " : "", d->count == 1 ? first->name : "",
             changed_text(changed, &d->arguments->params));
}

static const char *empty_reason(const struct drawn *d)
{
    const struct estimated *first = &d->drawn[0].estimated[0];
    if (first->count > 0 && d->arguments->with_y && first->snapshots[0].labels == NULL)
        return "these snapshots have no labels";
    return d->view.plot.count == 0 ? "no layer has two feature maps" : NULL;
}

static enum ifl_status make_view(struct drawn *d, struct ifl_error *error)
{
    bool with_y = d->arguments->with_y;
    const struct estimated *first = &d->drawn[0].estimated[0];
    enum ifl_status status = plot_find_layer(&first->run.run, d->arguments, &d->layer, error);
    if (status == IFL_OK && d->layer < 0 && d->count > 1 && first->count > 0)
        d->layer = first_of_two_maps(&first->snapshots[0]);
    if (status == IFL_OK)
        status = d->over_topologies
                     ? view_pid_topologies_init(&d->view, d->subjects, d->count, d->timelines, d->points, d->maps,
                                                d->layer, with_y, error)
                     : view_pid_training_init(&d->view, d->subjects, d->count, d->timelines, d->layer, with_y, error);
    if (status != IFL_OK)
        return status;
    if (d->arguments->step != NULL && !d->over_topologies)
        d->view.plot.cursor = d->points[0];
    make_title(d);
    d->view.plot.title = d->title;
    d->view.plot.look.empty = empty_reason(d);
    return IFL_OK;
}

/* ---- drawing ---- */

static enum ifl_status print(const struct drawn *d, struct ifl_error *error)
{
    struct canvas canvas;
    enum plot_colors colors;
    enum ifl_status status = plot_canvas_init(&canvas, d->arguments, &colors, error);
    if (status != IFL_OK)
        return status;
    plot_pid(&canvas, (struct rect){0, 0, canvas.columns, canvas.rows}, &d->view.plot);
    status = plot_canvas_print(&canvas, colors, error);
    canvas_release(&canvas);
    return status;
}

static enum ifl_status write_svg(const struct drawn *d, struct ifl_error *error)
{
    char *text;
    enum ifl_status status =
        plot_pid_svg(&d->view.plot, plot_svg_width(d->arguments), plot_svg_height(d->arguments), true, &text, error);
    if (status != IFL_OK)
        return status;
    status = plot_write(d->arguments->svg, text, error);
    free(text);
    return status;
}

enum ifl_status plot_pid_runs(struct store *store, const struct arguments *arguments, struct ifl_error *error)
{
    struct drawn d = {
        .arguments = arguments, .which = arguments->words + 1, .count = (size_t)arguments->n_words - 1, .layer = -1};
    enum ifl_status status = allocate(&d, error);
    if (status == IFL_OK)
        status = settle(&d, store, error);
    for (size_t k = 0; k < d.count && status == IFL_OK; k++)
        status = estimate_subject(&d, store, k, error);
    if (status == IFL_OK)
        status = make_view(&d, error);
    if (status == IFL_OK)
        status = arguments->svg != NULL ? write_svg(&d, error) : print(&d, error);
    drawn_release(&d);
    return status;
}
