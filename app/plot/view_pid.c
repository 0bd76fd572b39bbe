#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/text.h>
#include <plot/view_pid.h>

enum { LABEL_BYTES = 96 };

static const enum ifl_quantity quantities[2][PID_VALUES] = {
    {IFL_I_XT, IFL_TRADEOFF_PCT_X, IFL_NONREDUNDANT_PCT_X, IFL_H_X},
    {IFL_I_TY, IFL_TRADEOFF_PCT_Y, IFL_NONREDUNDANT_PCT_Y, IFL_H_Y}};

/* ---- layers ---- */

static bool has_quantity(const struct timeline *timeline, const struct view_subject *subject, int32_t layer,
                         enum ifl_quantity quantity)
{
    for (size_t k = 0; k < timeline->count; k++)
        if (isfinite(timeline_value(timeline, subject, k, layer, quantity, NULL, NULL)))
            return true;
    return false;
}

/* Whether a layer has two maps: it has pairs then. While no layer has any, those that may. */
struct chosen {
    bool by_pairs;
    bool with_y;
};

static struct chosen choose(const struct timeline *timeline, const struct view_subject *subject, bool with_y)
{
    struct chosen chosen = {.with_y = with_y};
    for (size_t l = 0; l < subject->run->n_layers && !chosen.by_pairs; l++)
        chosen.by_pairs = has_quantity(timeline, subject, (int32_t)l, quantities[with_y][PID_NONREDUNDANT]);
    return chosen;
}

static bool is_chosen(struct chosen chosen, const struct timeline *timeline, const struct view_subject *subject,
                      int32_t layer)
{
    return chosen.by_pairs ? has_quantity(timeline, subject, layer, quantities[chosen.with_y][PID_NONREDUNDANT])
                           : subject->run->layers[layer].kind != LAYER_FC;
}

static int32_t first_chosen(struct chosen chosen, const struct timeline *timeline, const struct view_subject *subject)
{
    for (size_t l = 0; l < subject->run->n_layers; l++)
        if (is_chosen(chosen, timeline, subject, (int32_t)l))
            return (int32_t)l;
    return -1;
}

/* The subject's layer that is the first subject's `layer`: of the same name. */
static int32_t same_layer(const struct view_subject *subjects, size_t subject, int32_t layer)
{
    if (layer < 0 || (size_t)layer >= subjects[0].run->n_layers)
        return -1;
    return subject == 0 ? layer : run_layer(subjects[subject].run, subjects[0].run->layers[layer].name);
}

/* ---- arrays ---- */

/* Rows of `points`: x, then the values and the deviations of each series. */
static enum ifl_status allocate(struct view_pid *v, size_t series, size_t points, struct ifl_error *error)
{
    size_t rows, values;
    v->series = ifl_alloc(series, sizeof *v->series);
    if (ifl_size_mul(series, 2 * PID_VALUES + 1, &rows) && ifl_size_mul(rows, points, &values))
        v->values = ifl_alloc(values, sizeof *v->values);
    if (v->series == NULL || v->values == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for a plot");
    v->plot.series = v->series;
    v->plot.cursor = SIZE_MAX;
    v->plot.layer = -1;
    return IFL_OK;
}

/* The next series, with its rows; returns its x. */
static double *add_series(struct view_pid *v, size_t points, size_t count)
{
    double *x = v->values + v->plot.count * (2 * PID_VALUES + 1) * points;
    struct plot_pid_series *s = &v->series[v->plot.count++];
    *s = (struct plot_pid_series){.count = count};
    for (size_t q = 0; q < PID_VALUES; q++) {
        s->values[q] = x + (1 + q) * points;
        s->deviations[q] = x + (1 + PID_VALUES + q) * points;
    }
    return x;
}

static void fill(double *x, size_t points, size_t at, const struct timeline *timeline,
                 const struct view_subject *subject, size_t k, int32_t layer, bool with_y)
{
    for (size_t q = 0; q < PID_VALUES; q++) {
        double *value = x + (1 + q) * points + at, *deviation = x + (1 + PID_VALUES + q) * points + at;
        int32_t of = q == PID_BOUND ? -1 : layer;
        *value = *deviation = NAN;
        if (k < timeline->count && layer >= 0)
            *value = timeline_value(timeline, subject, k, of, quantities[with_y][q], deviation, NULL);
    }
}

void view_pid_release(struct view_pid *view)
{
    free(view->series);
    free(view->values);
    free(view->categories);
    free(view->labels);
    memset(view, 0, sizeof *view);
}

/* ---- over training ---- */

static bool epochs_known(const struct timeline *timelines, size_t count)
{
    for (size_t s = 0; s < count; s++)
        for (size_t k = 0; k < timelines[s].count; k++)
            if (!isfinite(timelines[s].epochs[k]))
                return false;
    return true;
}

static void add_training(struct view_pid *v, size_t points, const struct timeline *timeline,
                         const struct view_subject *subject, int32_t layer, bool epochs)
{
    double *x = add_series(v, points, timeline->count);
    struct plot_pid_series *s = &v->series[v->plot.count - 1];
    s->x = x;
    s->layer = layer;
    for (size_t k = 0; k < timeline->count; k++) {
        x[k] = epochs ? timeline->epochs[k] : (double)timeline->steps[k];
        fill(x, points, k, timeline, subject, k, layer, v->plot.with_y);
    }
}

enum ifl_status view_pid_training_init(struct view_pid *out, const struct view_subject *subjects, size_t n_subjects,
                                       const struct timeline *timelines, int32_t layer, bool with_y,
                                       struct ifl_error *error)
{
    struct view_pid v = {.plot = {.title = "PID", .with_y = with_y}};
    bool alone = n_subjects == 1, epochs = epochs_known(timelines, n_subjects);
    size_t points = 0, series = n_subjects == 0 ? 0 : alone ? subjects[0].run->n_layers : n_subjects;
    for (size_t s = 0; s < n_subjects; s++)
        points = timelines[s].count > points ? timelines[s].count : points;
    enum ifl_status status = allocate(&v, series, points, error);
    if (status != IFL_OK) {
        view_pid_release(&v);
        return status;
    }
    v.plot.x_label = epochs ? "epoch" : "step";
    struct chosen chosen = n_subjects > 0 ? choose(&timelines[0], &subjects[0], with_y) : (struct chosen){0};
    if (layer < 0 && n_subjects > 1)
        layer = first_chosen(chosen, &timelines[0], &subjects[0]);
    for (size_t k = 0; k < series; k++) {
        int32_t own = alone ? (int32_t)k : same_layer(subjects, k, layer);
        if (own < 0 || (alone && !is_chosen(chosen, &timelines[0], &subjects[0], own)))
            continue;
        size_t s = alone ? 0 : k;
        add_training(&v, points, &timelines[s], &subjects[s], own, epochs);
        v.series[v.plot.count - 1].subject = (int)s;
        v.series[v.plot.count - 1].name = alone ? subjects[0].run->layers[own].name : subjects[s].name;
    }
    v.plot.layer = alone ? layer : -1;
    *out = v;
    return IFL_OK;
}

/* ---- over topologies ---- */

/* By the number of maps; subjects of equal numbers stay in their order. */
static void order_by_maps(size_t *order, size_t count, const size_t *maps)
{
    for (size_t k = 0; k < count; k++) {
        size_t at = k;
        for (; at > 0 && maps[order[at - 1]] > maps[k]; at--)
            order[at] = order[at - 1];
        order[at] = k;
    }
}

/* The number of maps; where it is not the only one of that number its name too; the name alone where it lacks the
 * layer. */
static void make_label(char out[LABEL_BYTES], const struct view_pid *v, const struct view_subject *subjects,
                       size_t count, const size_t *maps, size_t k)
{
    size_t own = maps[v->order[k]];
    bool shared = (k > 0 && maps[v->order[k - 1]] == own) || (k + 1 < count && maps[v->order[k + 1]] == own);
    const char *name = subjects[v->order[k]].name;
    bool named = name != NULL && name[0] != '\0';
    if (own == 0 && named)
        snprintf(out, LABEL_BYTES, "%.64s", name);
    else if (shared && named)
        snprintf(out, LABEL_BYTES, "%zu %.64s", own, name);
    else
        snprintf(out, LABEL_BYTES, "%zu", own);
}

enum ifl_status view_pid_topologies_init(struct view_pid *out, const struct view_subject *subjects, size_t n_subjects,
                                         const struct timeline *timelines, const size_t *points, const size_t *maps,
                                         int32_t layer, bool with_y, struct ifl_error *error)
{
    struct view_pid v = {.plot = {.title = "PID", .with_y = with_y, .x_label = "feature maps"}};
    if (n_subjects > PID_TOPOLOGIES_MAX)
        return ifl_fail(error, IFL_INVALID, "%zu topologies: at most %d", n_subjects, PID_TOPOLOGIES_MAX);
    enum ifl_status status = allocate(&v, 1, n_subjects, error);
    v.categories = ifl_alloc(n_subjects, sizeof *v.categories);
    v.labels = ifl_alloc(n_subjects, LABEL_BYTES);
    if (status == IFL_OK && (v.categories == NULL || v.labels == NULL))
        status = ifl_fail(error, IFL_NO_MEMORY, "no memory for a plot");
    if (status != IFL_OK) {
        view_pid_release(&v);
        return status;
    }
    if (layer < 0 && n_subjects > 0)
        layer = first_chosen(choose(&timelines[0], &subjects[0], with_y), &timelines[0], &subjects[0]);
    order_by_maps(v.order, n_subjects, maps);
    double *x = add_series(&v, n_subjects, n_subjects);
    v.series[0].layer = layer;
    for (size_t k = 0; k < n_subjects; k++) {
        size_t s = v.order[k];
        fill(x, n_subjects, k, &timelines[s], &subjects[s], points[s], same_layer(subjects, s, layer), with_y);
        v.categories[k] = v.labels + k * LABEL_BYTES;
        make_label(v.labels + k * LABEL_BYTES, &v, subjects, n_subjects, maps, k);
    }
    v.plot.categories = v.categories;
    *out = v;
    return IFL_OK;
}
