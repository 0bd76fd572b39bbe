/* infoflow plot width */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <base/changed.h>
#include <cli/interrupt.h>
#include <cli/plot_more.h>
#include <cli/plot_out.h>
#include <cli/run.h>
#include <plot/view_width.h>

/* A run's estimates over a grid of h. */
struct sweep {
    const struct arguments *arguments;
    enum ifl_chain chain;
    double h[VIEW_WIDTH_COUNT];
    struct estimated run; /* without estimates */
    struct estimates estimates[VIEW_WIDTH_COUNT];
    struct view_run at[VIEW_WIDTH_COUNT];
    struct view_width view;
    char title[640];
};

static void sweep_release(struct sweep *s)
{
    view_width_release(&s->view);
    for (size_t k = 0; k < VIEW_WIDTH_COUNT; k++)
        estimates_release(&s->estimates[k]);
    estimated_release(&s->run);
}

static double current_h(const struct sweep *s)
{
    const struct ifl_params *params = &s->arguments->params;
    return s->chain == IFL_BACKWARD ? params->h_error : params->h;
}

/* That --step names one step and no list of them. */
static enum ifl_status check_step(const struct sweep *s, struct ifl_error *error)
{
    struct timeline timeline;
    size_t point;
    enum ifl_status status = timeline_init(&timeline, &s->at[0], 1, error);
    if (status != IFL_OK)
        return status;
    status = plot_find_point(&timeline, s->arguments->step, &point, error);
    timeline_release(&timeline);
    return status;
}

static enum ifl_status estimate_widths(struct sweep *s, struct engine_series *series, struct ifl_error *error)
{
    static char computing[] = "computing spectra";
    struct estimate_options options = {.params = s->arguments->params,
                                       .wanted = VIEW_WIDTH_QUANTITIES(s->chain),
                                       .no_store = s->arguments->no_cache,
                                       .control = {.threads = s->arguments->threads,
                                                   .cancel = &interrupted,
                                                   .progress = progress_step,
                                                   .context = computing}};
    enum ifl_status status = IFL_OK;
    view_width_around(&options.params, s->chain, s->h);
    for (size_t k = 0; k < VIEW_WIDTH_COUNT && status == IFL_OK; k++) {
        *(s->chain == IFL_BACKWARD ? &options.params.h_error : &options.params.h) = s->h[k];
        status = engine_series_estimate(series, 0, s->run.chosen, &options, &s->estimates[k], error);
        progress_end();
        s->at[k] = (struct view_run){s->estimates[k].snapshots, s->estimates[k].count};
        if (status == IFL_OK && k == 0)
            status = check_step(s, error);
    }
    return status;
}

static enum ifl_status estimate(struct sweep *s, struct store *store, struct ifl_error *error)
{
    struct engine_series *series = NULL;
    const char *step = s->arguments->step != NULL ? s->arguments->step : "last";
    enum ifl_status status = estimated_find(&s->run, store, s->arguments, s->arguments->words[1], step, error);
    if (status == IFL_OK)
        status = engine_series_new(&series, store, s->run.snapshots, s->run.chosen, error);
    if (status == IFL_OK)
        status = estimate_widths(s, series, error);
    engine_series_free(series);
    return status;
}

static enum ifl_status make_view(struct sweep *s, struct ifl_error *error)
{
    const struct run *run = &s->run.run.run;
    struct view_width_options options = {
        .chain = s->chain,
        .current = current_h(s),
        .tolerance = s->arguments->tolerance,
        .share = s->arguments->share,
    };
    enum ifl_status status = plot_find_layer(run, s->arguments, &options.layer, error);
    if (status == IFL_OK)
        status = view_width_init(&s->view, run, s->h, s->at, VIEW_WIDTH_COUNT, &options, error);
    if (status != IFL_OK)
        return status;
    char point[96] = "", changed[CHANGED_BYTES];
    struct ifl_params params = s->arguments->params;
    ifl_params_set_width(&params, params.width); /* the plot goes through h: it is no parameter of it */
    if (s->run.chosen > 0)
        plot_point_text(point, &s->run.snapshots[0]);
    snprintf(s->title, sizeof s->title, "width  %.300s%s%s", run->name, point, changed_text(changed, &params));
    s->view.plot.title = s->title;
    if (s->chain == IFL_BACKWARD)
        s->view.plot.look.empty = "no errors recorded";
    return IFL_OK;
}

static enum ifl_status print(const struct sweep *s, struct ifl_error *error)
{
    struct canvas canvas;
    enum plot_colors colors;
    enum ifl_status status = plot_canvas_init(&canvas, s->arguments, &colors, error);
    if (status != IFL_OK)
        return status;
    plot_width(&canvas, (struct rect){0, 0, canvas.columns, canvas.rows}, &s->view.plot);
    status = plot_canvas_print(&canvas, colors, error);
    canvas_release(&canvas);
    return status;
}

static enum ifl_status write_svg(const struct sweep *s, struct ifl_error *error)
{
    char *text;
    enum ifl_status status =
        plot_width_svg(&s->view.plot, plot_svg_width(s->arguments), plot_svg_height(s->arguments), true, &text, error);
    if (status != IFL_OK)
        return status;
    status = plot_write(s->arguments->svg, text, error);
    free(text);
    return status;
}

enum ifl_status plot_width_run(struct store *store, const struct arguments *arguments, struct ifl_error *error)
{
    if (arguments->n_words > 2)
        return ifl_fail(error, IFL_INVALID, "plot width: one RUN at a time");
    struct sweep *s = ifl_alloc(1, sizeof *s);
    if (s == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for a sweep");
    s->arguments = arguments;
    s->chain = arguments->chain == IFL_BACKWARD ? IFL_BACKWARD : IFL_FORWARD;
    enum ifl_status status = estimate(s, store, error);
    if (status == IFL_OK)
        status = make_view(s, error);
    if (status == IFL_OK)
        status = arguments->svg != NULL ? write_svg(s, error) : print(s, error);
    sweep_release(s);
    free(s);
    return status;
}
