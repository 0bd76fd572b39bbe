#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <plot/view.h>

/* ---- timeline ---- */

enum ifl_status timeline_init(struct timeline *out, const struct estimate *estimates, size_t count,
                              struct ifl_error *error)
{
    struct timeline t = {0};
    t.steps = ifl_alloc(count, sizeof *t.steps);
    t.epochs = ifl_alloc(count, sizeof *t.epochs);
    t.first = ifl_alloc(count + 1, sizeof *t.first);
    if (t.steps == NULL || t.epochs == NULL || t.first == NULL) {
        timeline_release(&t);
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for %zu snapshots", count);
    }
    for (size_t k = 0; k < count; k++) {
        if (k > 0 && estimates[k].step == estimates[k - 1].step)
            continue;
        t.steps[t.count] = estimates[k].step;
        t.epochs[t.count] = estimates[k].epoch;
        t.first[t.count++] = k;
    }
    t.first[t.count] = count;
    *out = t;
    return IFL_OK;
}

void timeline_release(struct timeline *timeline)
{
    free(timeline->steps);
    free(timeline->epochs);
    free(timeline->first);
    memset(timeline, 0, sizeof *timeline);
}

double timeline_value(const struct timeline *timeline, const struct estimate *estimates, size_t k, int32_t layer,
                      enum ifl_quantity quantity, unsigned *health)
{
    double sum = 0;
    size_t found = 0;
    for (size_t b = timeline->first[k]; b < timeline->first[k + 1]; b++) {
        const struct estimate *e = &estimates[b];
        const struct ifl_record *record =
            e->records == NULL ? NULL : ifl_record_find(e->records, e->count, layer, quantity);
        if (record == NULL)
            continue;
        sum += record->value;
        found++;
        if (health != NULL)
            *health |= record->health;
    }
    return found > 0 ? sum / (double)found : NAN;
}

/* ---- views ---- */

enum ifl_status view_dpi_init(struct view_dpi *out, const struct run *run, const struct timeline *timeline,
                              const struct estimate *estimates, size_t k, double tolerance, struct ifl_error *error)
{
    struct view_dpi v = {0};
    size_t layers = run->n_layers;
    v.names = ifl_alloc(layers, sizeof *v.names);
    v.values = ifl_alloc(layers, 2 * sizeof *v.values);
    if (v.names == NULL || v.values == NULL) {
        view_dpi_release(&v);
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for a plot");
    }
    for (size_t l = 0; l < layers; l++) {
        v.names[l] = run->layers[l].name;
        v.values[l] = timeline_value(timeline, estimates, k, (int32_t)l, IFL_I_XT, NULL);
        v.values[layers + l] = timeline_value(timeline, estimates, k, (int32_t)l, IFL_I_DELTA, NULL);
    }
    v.plot = (struct plot_dpi){.title = "DPI",
                               .layers = layers,
                               .names = v.names,
                               .forward = v.values,
                               .backward = v.values + layers,
                               .bound = timeline_value(timeline, estimates, k, -1, IFL_H_X, NULL),
                               .tolerance = tolerance,
                               .cursor = -1};
    *out = v;
    return IFL_OK;
}

void view_dpi_release(struct view_dpi *view)
{
    free(view->names);
    free(view->values);
    memset(view, 0, sizeof *view);
}

struct plane_axes {
    const char *title, *x_label, *y_label;
    enum ifl_quantity x, y;
};

static const struct plane_axes axes_of[] = {
    [PLANE_IP] = {"IP", "I(X;T) [bits]", "I(T;Y) [bits]", IFL_I_XT, IFL_I_TY},
    [PLANE_MIP] = {"M-IP", "non-redundant X [bits]", "non-redundant Y [bits]", IFL_NONREDUNDANT_X, IFL_NONREDUNDANT_Y}};

static void fill_trajectory(struct plot_trajectory *out, double *x, double *y, const struct timeline *timeline,
                            const struct estimate *estimates, int32_t layer, const struct plane_axes *axes)
{
    for (size_t k = 0; k < timeline->count; k++) {
        x[k] = timeline_value(timeline, estimates, k, layer, axes->x, NULL);
        y[k] = timeline_value(timeline, estimates, k, layer, axes->y, NULL);
    }
    *out = (struct plot_trajectory){.count = timeline->count, .x = x, .y = y};
}

/* A layer that has no point at all (fc layers in the M-IP) is no trajectory. */
static bool has_points(const struct plot_trajectory *trajectory)
{
    for (size_t k = 0; k < trajectory->count; k++)
        if (isfinite(trajectory->x[k]) && isfinite(trajectory->y[k]))
            return true;
    return false;
}

enum ifl_status view_plane_init(struct view_plane *out, const struct run *run, const struct timeline *timeline,
                                const struct estimate *estimates, enum plane plane, struct ifl_error *error)
{
    struct view_plane v = {0};
    const struct plane_axes *axes = &axes_of[plane];
    size_t points = timeline->count, values;
    v.trajectories = ifl_alloc(run->n_layers, sizeof *v.trajectories);
    if (ifl_size_mul(2 * run->n_layers + 1, points, &values))
        v.values = ifl_alloc(values, sizeof *v.values);
    if (v.trajectories == NULL || v.values == NULL) {
        view_plane_release(&v);
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for a plot");
    }
    double *epochs = v.values, *free_values = v.values + points;
    if (points > 0)
        memcpy(epochs, timeline->epochs, points * sizeof *epochs);
    v.plot = (struct plot_plane){.title = axes->title,
                                 .x_label = axes->x_label,
                                 .y_label = axes->y_label,
                                 .trajectories = v.trajectories,
                                 .epochs = epochs,
                                 .cursor = SIZE_MAX,
                                 .layer = -1};
    for (size_t l = 0; l < run->n_layers; l++) {
        struct plot_trajectory *t = &v.trajectories[v.plot.count];
        fill_trajectory(t, free_values, free_values + points, timeline, estimates, (int32_t)l, axes);
        if (!has_points(t))
            continue;
        t->name = run->layers[l].name;
        free_values += 2 * points;
        v.plot.count++;
    }
    *out = v;
    return IFL_OK;
}

void view_plane_release(struct view_plane *view)
{
    free(view->trajectories);
    free(view->values);
    memset(view, 0, sizeof *view);
}

int view_plane_trajectory(const struct view_plane *view, const struct run *run, int32_t layer)
{
    for (size_t k = 0; layer >= 0 && k < view->plot.count; k++)
        if (view->trajectories[k].name == run->layers[layer].name)
            return (int)k;
    return -1;
}
