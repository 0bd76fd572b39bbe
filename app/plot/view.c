#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <plot/view.h>

#include "layers.h"

static bool is_group(const struct view_subject *subject)
{
    return subject->n_runs > 1;
}

/* ---- DPI ---- */

/* Values and deviations of a chain in the order of the union; NAN where there is none. */
static void fill_chain(double *values, double *deviations, const struct view_subject *subject,
                       const struct timeline *timeline, size_t point, enum ifl_quantity quantity,
                       const struct layers *layers, const int32_t *own)
{
    for (size_t l = 0; l < layers->count; l++) {
        values[l] = deviations[l] = NAN;
        if (own[l] >= 0 && point < timeline->count)
            values[l] = timeline_value(timeline, subject, point, own[l], quantity, &deviations[l], NULL);
    }
}

/* `values` has room for two chains and their deviations. */
static void fill_subject(struct plot_dpi_subject *out, double *values, const struct view_subject *subject,
                         const struct timeline *timeline, size_t point, const struct layers *layers, const int32_t *own)
{
    size_t n = layers->count;
    double *forward = values, *backward = values + n, *deviations = values + 2 * n;
    fill_chain(forward, deviations, subject, timeline, point, IFL_I_XT, layers, own);
    fill_chain(backward, deviations + n, subject, timeline, point, IFL_I_DELTA, layers, own);
    *out = (struct plot_dpi_subject){.name = subject->name,
                                     .forward = forward,
                                     .backward = backward,
                                     .forward_deviation = is_group(subject) ? deviations : NULL,
                                     .backward_deviation = is_group(subject) ? deviations + n : NULL,
                                     .own = own,
                                     .bound = NAN};
    if (point < timeline->count)
        out->bound = timeline_value(timeline, subject, point, -1, IFL_H_X, NULL, NULL);
}

enum ifl_status view_dpi_init(struct view_dpi *out, const struct view_subject *subjects, size_t n_subjects,
                              const struct timeline *timelines, const size_t *points, double tolerance,
                              struct ifl_error *error)
{
    struct view_dpi v = {0};
    struct layers layers;
    size_t count;
    enum ifl_status status = layers_init(&layers, subjects, n_subjects, error);
    if (status != IFL_OK)
        return status;
    v.names = layers.names;
    v.layers = layers.own;
    v.subjects = ifl_alloc(n_subjects, sizeof *v.subjects);
    if (ifl_size_mul(layers.count, 4 * n_subjects, &count))
        v.values = ifl_alloc(count, sizeof *v.values);
    if (v.subjects == NULL || v.values == NULL) {
        view_dpi_release(&v);
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for a plot");
    }
    for (size_t s = 0; s < n_subjects; s++)
        fill_subject(&v.subjects[s], v.values + 4 * layers.count * s, &subjects[s], &timelines[s], points[s], &layers,
                     layers.own + layers.room * s);
    v.plot = (struct plot_dpi){.title = "DPI",
                               .layers = layers.count,
                               .names = v.names,
                               .subjects = n_subjects,
                               .subject = v.subjects,
                               .tolerance = tolerance,
                               .cursor = -1};
    *out = v;
    return IFL_OK;
}

void view_dpi_release(struct view_dpi *view)
{
    free(view->subjects);
    free(view->names);
    free(view->layers);
    free(view->values);
    memset(view, 0, sizeof *view);
}

int view_dpi_layer(const struct view_dpi *view, int subject, int32_t layer)
{
    if (layer < 0 || subject < 0 || (size_t)subject >= view->plot.subjects)
        return -1;
    for (size_t l = 0; l < view->plot.layers; l++)
        if (view->subjects[subject].own[l] == layer)
            return (int)l;
    return -1;
}

/* ---- planes ---- */

struct plane_axes {
    const char *title, *x_label, *y_label;
    enum ifl_quantity x, y;
};

static const struct plane_axes axes_of[] = {
    [PLANE_IP] = {"IP", "I(X;T) [bits]", "I(T;Y) [bits]", IFL_I_XT, IFL_I_TY},
    [PLANE_MIP] = {"M-IP", "non-redundant X [bits]", "non-redundant Y [bits]", IFL_NONREDUNDANT_X, IFL_NONREDUNDANT_Y}};

/* Of a trajectory: x and y, and of a group their deviations. */
static size_t series_of(const struct view_subject *subject)
{
    return is_group(subject) ? 4 : 2;
}

static void fill_trajectory(struct plot_trajectory *out, double *values, const struct timeline *timeline,
                            const struct view_subject *subject, int32_t layer, const struct plane_axes *axes)
{
    size_t points = timeline->count;
    double *x = values, *y = x + points, *x_deviation = NULL, *y_deviation = NULL;
    if (is_group(subject)) {
        x_deviation = y + points;
        y_deviation = x_deviation + points;
    }
    for (size_t k = 0; k < points; k++) {
        x[k] = timeline_value(timeline, subject, k, layer, axes->x, is_group(subject) ? &x_deviation[k] : NULL, NULL);
        y[k] = timeline_value(timeline, subject, k, layer, axes->y, is_group(subject) ? &y_deviation[k] : NULL, NULL);
    }
    *out = (struct plot_trajectory){.name = subject->run->layers[layer].name,
                                    .count = points,
                                    .x = x,
                                    .y = y,
                                    .x_deviation = x_deviation,
                                    .y_deviation = y_deviation,
                                    .layer = layer};
}

/* A layer that has no point at all (fc layers in the M-IP) is no trajectory. */
static bool has_points(const struct plot_trajectory *trajectory)
{
    for (size_t k = 0; k < trajectory->count; k++)
        if (isfinite(trajectory->x[k]) && isfinite(trajectory->y[k]))
            return true;
    return false;
}

/* The subject's trajectories behind those that are there; `values` has the epochs first. */
static void add_subject(struct view_plane *v, size_t s, const struct view_subject *subject,
                        const struct timeline *timeline, const struct plane_axes *axes)
{
    size_t points = timeline->count;
    double *free_values = v->values[s] + points;
    if (points > 0)
        memcpy(v->values[s], timeline->epochs, points * sizeof *timeline->epochs);
    for (size_t l = 0; l < subject->run->n_layers; l++) {
        struct plot_trajectory *t = &v->trajectories[v->plot.count];
        fill_trajectory(t, free_values, timeline, subject, (int32_t)l, axes);
        if (!has_points(t))
            continue;
        t->subject = (int)s;
        free_values += series_of(subject) * points;
        v->plot.count++;
    }
}

static bool allocate(struct view_plane *v, const struct view_subject *subjects, size_t n_subjects,
                     const struct timeline *timelines)
{
    size_t layers = 0;
    for (size_t s = 0; s < n_subjects; s++) {
        size_t count, series = series_of(&subjects[s]) * subjects[s].run->n_layers + 1;
        if (ifl_size_mul(series, timelines[s].count, &count))
            v->values[s] = ifl_alloc(count, sizeof **v->values);
        if (v->values[s] == NULL)
            return false;
        layers += subjects[s].run->n_layers;
    }
    v->names = ifl_alloc(n_subjects, sizeof *v->names);
    v->trajectories = ifl_alloc(layers + 1, sizeof *v->trajectories);
    return v->names != NULL && v->trajectories != NULL;
}

enum ifl_status view_plane_init(struct view_plane *out, const struct view_subject *subjects, size_t n_subjects,
                                const struct timeline *timelines, enum plane plane, struct ifl_error *error)
{
    struct view_plane v = {0};
    const struct plane_axes *axes = &axes_of[plane];
    if (n_subjects > PLOT_SUBJECTS)
        return ifl_fail(error, IFL_INVALID, "%zu in one plot: at most %d", n_subjects, PLOT_SUBJECTS);
    if (!allocate(&v, subjects, n_subjects, timelines)) {
        view_plane_release(&v);
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for a plot");
    }
    v.plot = (struct plot_plane){.title = axes->title,
                                 .x_label = axes->x_label,
                                 .y_label = axes->y_label,
                                 .subjects = n_subjects,
                                 .names = v.names,
                                 .trajectories = v.trajectories,
                                 .cursor = PLOT_NO_CURSOR,
                                 .layer = -1};
    size_t longest = 0;
    for (size_t s = 0; s < n_subjects; s++) {
        v.names[s] = subjects[s].name;
        add_subject(&v, s, &subjects[s], &timelines[s], axes);
        if (v.plot.epochs == NULL || timelines[s].count > longest) {
            v.plot.epochs = v.values[s];
            longest = timelines[s].count;
        }
    }
    *out = v;
    return IFL_OK;
}

void view_plane_release(struct view_plane *view)
{
    free(view->trajectories);
    free(view->names);
    for (size_t s = 0; s < PLOT_SUBJECTS; s++)
        free(view->values[s]);
    memset(view, 0, sizeof *view);
}

int view_plane_trajectory(const struct view_plane *view, int subject, int32_t layer)
{
    for (size_t k = 0; k < view->plot.count; k++)
        if (view->trajectories[k].subject == subject && view->trajectories[k].layer == layer)
            return (int)k;
    return -1;
}
