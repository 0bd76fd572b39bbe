/* infoflow plot: DPI, IP and M-IP as text or SVG; plot_more.c has the others. */
#include <stdlib.h>
#include <string.h>

#include <base/changed.h>
#include <base/text.h>
#include <cli/plot_more.h>
#include <cli/plot_out.h>
#include <cli/plot_subject.h>
#include <plot/view.h>

enum { DRAW_DPI, DRAW_IP, DRAW_MIP };

/* What is drawn, of whichever kind: one subject, or several on shared axes. */
struct drawing {
    int kind;
    size_t count;
    struct plot_subject drawn[PLOT_SUBJECTS];
    struct view_subject subjects[PLOT_SUBJECTS];
    struct timeline timelines[PLOT_SUBJECTS]; /* those of drawn, in a row */
    size_t points[PLOT_SUBJECTS];             /* of the timelines */
    struct view_dpi dpi;
    struct view_plane plane;
    char title[640];
};

static const struct {
    const char *name, *title;
    ifl_quantity_set wanted;
} kinds[] = {[DRAW_DPI] = {"dpi", "DPI", VIEW_DPI_QUANTITIES},
             [DRAW_IP] = {"ip", "IP", VIEW_IP_QUANTITIES},
             [DRAW_MIP] = {"mip", "M-IP", VIEW_MIP_QUANTITIES}};

static void drawing_release(struct drawing *d)
{
    view_dpi_release(&d->dpi);
    view_plane_release(&d->plane);
    for (size_t k = 0; k < d->count; k++)
        plot_subject_release(&d->drawn[k]);
}

enum ifl_status plot_find_point(const struct timeline *timeline, const char *step, size_t *point,
                                struct ifl_error *error)
{
    if (timeline->count == 0)
        return ifl_fail(error, IFL_NOT_FOUND, "the run has no snapshots");
    *point = timeline->count - 1;
    if (step == NULL || strcmp(step, "last") == 0)
        return IFL_OK;
    char *end;
    long long wanted = strtoll(step, &end, 10);
    if (strcmp(step, "first") == 0)
        wanted = timeline->steps[0];
    else if (end == step || *end != '\0')
        return ifl_fail(error, IFL_INVALID, "--step: '%s' is not first, last or a step", step);
    for (size_t k = 0; k < timeline->count; k++) {
        if (timeline->steps[k] == wanted) {
            *point = k;
            return IFL_OK;
        }
    }
    return ifl_fail(error, IFL_NOT_FOUND, "--step: the run has no snapshot at step %lld", wanted);
}

static long long step_of(const struct drawing *d, size_t k)
{
    return (long long)d->timelines[k].steps[d->points[k]];
}

/* The step, and of several subjects in their order, where they differ; how many bytes. */
static size_t add_steps(char *out, size_t size, const struct drawing *d)
{
    double epoch = d->timelines[0].epochs[d->points[0]];
    bool alike = true;
    char number[32];
    for (size_t k = 1; k < d->count; k++)
        alike = alike && step_of(d, k) == step_of(d, 0);
    size_t used = (size_t)snprintf(out, size, "  step %lld", step_of(d, 0));
    for (size_t k = 1; k < d->count && !alike; k++)
        used += (size_t)snprintf(out + used, size - used, ", %lld", step_of(d, k));
    if (alike && epoch >= 0)
        used += (size_t)snprintf(out + used, size - used, "  epoch %s", text_short(number, epoch, 4));
    return used;
}

/* Of several subjects the legend names each. */
static void make_title(struct drawing *d, const struct ifl_params *params)
{
    char changed[CHANGED_BYTES];
    size_t used = (size_t)snprintf(d->title, sizeof d->title, "%s", kinds[d->kind].title);
    if (d->count == 1)
        used += (size_t)snprintf(d->title + used, sizeof d->title - used, "  %.300s", d->subjects[0].name);
    if (d->kind == DRAW_DPI)
        used += add_steps(d->title + used, sizeof d->title - used, d);
    snprintf(d->title + used, sizeof d->title - used, "%s", changed_text(changed, params));
}

/* Why there can be nothing to draw, whatever is computed; NULL: nothing says so. */
static const char *empty_reason(const struct drawing *d, const struct arguments *arguments)
{
    const struct estimated *first = &d->drawn[0].estimated[0];
    if (d->kind == DRAW_DPI || first->count == 0)
        return NULL;
    if (d->kind == DRAW_MIP && arguments->params.composition == IFL_TENSOR)
        return "the tensor composition knows no pairs of feature maps";
    if (first->snapshots[0].labels == NULL)
        return "these snapshots have no labels";
    return d->kind == DRAW_MIP ? "no layer has two feature maps" : NULL;
}

static enum ifl_status make_view(struct drawing *d, const struct arguments *arguments, struct ifl_error *error)
{
    enum ifl_status status;
    if (d->kind == DRAW_DPI) {
        status = view_dpi_init(&d->dpi, d->subjects, d->count, d->timelines, d->points, IFL_DPI_TOLERANCE, error);
        d->dpi.plot.title = d->title;
        return status;
    }
    status = view_plane_init(&d->plane, d->subjects, d->count, d->timelines, d->kind == DRAW_IP ? PLANE_IP : PLANE_MIP,
                             error);
    d->plane.plot.title = d->title;
    d->plane.plot.look.empty = empty_reason(d, arguments);
    for (size_t k = 0; k < d->count && arguments->step != NULL; k++)
        d->plane.plot.cursor[k] = d->points[k];
    return status;
}

/* For DPI only the step that is drawn is estimated. */
static const char *steps_of(const struct drawing *d, const struct arguments *arguments)
{
    if (d->kind != DRAW_DPI)
        return "all";
    return arguments->step != NULL ? arguments->step : "last";
}

static enum ifl_status add_subject(struct drawing *d, struct store *store, const struct arguments *arguments,
                                   const char *which, struct ifl_error *error)
{
    size_t k = d->count;
    enum ifl_status status =
        plot_subject_init(&d->drawn[k], store, arguments, which, steps_of(d, arguments), kinds[d->kind].wanted, error);
    if (status != IFL_OK)
        return status;
    d->count++;
    d->subjects[k] = plot_subject_view(&d->drawn[k]);
    d->timelines[k] = d->drawn[k].timeline;
    return plot_find_point(&d->timelines[k], arguments->step, &d->points[k], error);
}

static enum ifl_status make_drawing(struct drawing *d, struct store *store, const struct arguments *arguments,
                                    const char *const *which, size_t count, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    for (size_t k = 0; k < count && status == IFL_OK; k++)
        status = add_subject(d, store, arguments, which[k], error);
    if (status != IFL_OK)
        return status;
    make_title(d, &arguments->params);
    return make_view(d, arguments, error);
}

static enum ifl_status print_text(const struct drawing *d, const struct arguments *arguments, struct ifl_error *error)
{
    struct canvas canvas;
    enum plot_colors colors;
    enum ifl_status status = plot_canvas_init(&canvas, arguments, &colors, error);
    if (status != IFL_OK)
        return status;
    struct rect all = {0, 0, canvas.columns, canvas.rows};
    struct plot_plane plane = d->plane.plot;
    plane.look.digits = colors != PLOT_256; /* time by glyph where colours cannot show it */
    if (d->kind == DRAW_DPI)
        plot_dpi(&canvas, all, &d->dpi.plot);
    else
        plot_plane(&canvas, all, &plane);
    status = plot_canvas_print(&canvas, colors, error);
    canvas_release(&canvas);
    return status;
}

static enum ifl_status write_svg(const struct drawing *d, const struct arguments *arguments, struct ifl_error *error)
{
    int width = plot_svg_width(arguments), height = plot_svg_height(arguments);
    char *text;
    enum ifl_status status = d->kind == DRAW_DPI ? plot_dpi_svg(&d->dpi.plot, width, height, true, &text, error)
                                                 : plot_plane_svg(&d->plane.plot, width, height, true, &text, error);
    if (status != IFL_OK)
        return status;
    status = plot_write(arguments->svg, text, error);
    free(text);
    return status;
}

static enum ifl_status plot_runs(struct store *store, const struct arguments *arguments, int kind,
                                 const char *const *which, size_t count, struct ifl_error *error)
{
    struct drawing d = {.kind = kind};
    enum ifl_status status = make_drawing(&d, store, arguments, which, count, error);
    if (status == IFL_OK)
        status = arguments->svg != NULL ? write_svg(&d, arguments, error) : print_text(&d, arguments, error);
    drawing_release(&d);
    return status;
}

static int find_kind(const struct arguments *arguments)
{
    for (int k = 0; arguments->n_words > 0 && k < (int)(sizeof kinds / sizeof *kinds); k++)
        if (strcmp(kinds[k].name, arguments->words[0]) == 0)
            return k;
    return -1;
}

static bool runs_suit(const struct arguments *arguments)
{
    int runs = arguments->n_words - 1;
    if (arguments->svg != NULL && runs > 1 && !arguments->overlay)
        say("--svg: one picture of one RUN, or of several on shared axes with --overlay");
    else if (arguments->overlay && runs > PLOT_SUBJECTS)
        say("--overlay: at most %d RUNs share the axes of one plot", PLOT_SUBJECTS);
    else
        return true;
    return false;
}

int command_plot(struct arguments *arguments)
{
    struct store *store;
    struct ifl_error error;
    plot_more *more = plot_more_find(arguments);
    if (more != NULL)
        return command_plot_more(arguments, more);
    int kind = find_kind(arguments);
    if (kind < 0 || arguments->n_words < 2) {
        say("plot: needs one of dpi, ip, mip, pid, width, and a RUN (infoflow plot --help)");
        return EXIT_USAGE;
    }
    if (arguments->over >= 0 || arguments->layer != NULL || arguments->with_y) {
        say("plot %s: --over, --layer and --with are of other plots (infoflow plot --help)", arguments->words[0]);
        return EXIT_USAGE;
    }
    if (!runs_suit(arguments))
        return EXIT_USAGE;
    enum ifl_status status = open_database(&store, arguments, arguments->no_cache ? STORE_READ : STORE_WRITE, &error);
    if (status != IFL_OK)
        return fail(&error);
    int together = arguments->overlay ? arguments->n_words - 1 : 1;
    for (int k = 1; k < arguments->n_words && status == IFL_OK; k += together) {
        if (k > 1)
            putchar('\n');
        status = plot_runs(store, arguments, kind, &arguments->words[k], (size_t)together, &error);
    }
    store_close(store);
    return status == IFL_OK ? EXIT_DONE : fail(&error);
}
