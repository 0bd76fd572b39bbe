/* From estimates to plots: which quantity goes on which axis. Several mini-batches of one step are averaged, and so are
 * several runs of one subject. */
#ifndef PLOT_VIEW_H
#define PLOT_VIEW_H

#include <base/estimate.h>
#include <base/run.h>
#include <plot/plot.h>

/* One run's estimates, by step and mini-batch. */
struct view_run {
    const struct estimate *estimates;
    size_t count;
};

/* What is shown as one: a run, or a group of runs that differ in the seed alone and are averaged. */
struct view_subject {
    const char *name;      /* what tells it from the other subjects of the plot; "" where it is alone */
    const struct run *run; /* whose layers; of a group the first's: they all have the same */
    const struct view_run *runs;
    size_t n_runs; /* >= 1 */
};

/* One run's estimates at one point of a timeline: the mini-batches of a step. count 0: the run lacks the step. */
struct timeline_batches {
    size_t first, count;
};

/* The points of training a subject can show, in order: the steps that all its runs have, or, where there is none such,
 * all steps that any has. */
struct timeline {
    size_t count;
    int64_t *steps;
    double *epochs; /* NAN: not given */
    size_t n_runs;
    struct timeline_batches *batches; /* [count][n_runs] */
};
/* Each run's estimates stand in the order of their steps. */
enum ifl_status timeline_init(struct timeline *out, const struct view_run *runs, size_t n_runs,
                              struct ifl_error *error);
void timeline_release(struct timeline *timeline);
/* A quantity of the subject at point k: the mean over each run's mini-batches, then the mean over the runs that have
 * it; NAN where none has. `deviation` (may be NULL): the sample standard deviation over those runs, NAN of fewer than
 * two. `health` (may be NULL) gathers. `layer` is in the run's forward order, -1: of the snapshot. */
double timeline_value(const struct timeline *timeline, const struct view_subject *subject, size_t k, int32_t layer,
                      enum ifl_quantity quantity, double *deviation, unsigned *health);

/* Plot data with the arrays they point into. Values are copied; the names stay the subjects' and their runs', which
 * must outlive the view. At most PLOT_SUBJECTS subjects, each with its timeline. */
struct view_dpi {
    struct plot_dpi plot;
    struct plot_dpi_subject *subjects;
    const char **names;
    int32_t *layers;
    double *values;
};
/* Of each subject its point points[k] of timelines[k]; behind the timeline's end it has no values. The layers are
 * matched by name; the plot has the union of them, in the order in which the runs have them. */
enum ifl_status view_dpi_init(struct view_dpi *out, const struct view_subject *subjects, size_t n_subjects,
                              const struct timeline *timelines, const size_t *points, double tolerance,
                              struct ifl_error *error);
void view_dpi_release(struct view_dpi *view);
/* The plot's layer that is the subject's `layer`, or -1. */
int view_dpi_layer(const struct view_dpi *view, int subject, int32_t layer);

enum plane { PLANE_IP, PLANE_MIP };

struct view_plane {
    struct plot_plane plot;
    struct plot_trajectory *trajectories;
    const char **names;
    double *values[PLOT_SUBJECTS];
};
/* IP: (I(X;T), I(T;Y)) of every layer. M-IP: (nonredundant(X), nonredundant(Y)) of every layer of C >= 2 maps. */
enum ifl_status view_plane_init(struct view_plane *out, const struct view_subject *subjects, size_t n_subjects,
                                const struct timeline *timelines, enum plane plane, struct ifl_error *error);
void view_plane_release(struct view_plane *view);
/* The trajectory of a subject's layer, or -1. */
int view_plane_trajectory(const struct view_plane *view, int subject, int32_t layer);

/* What each view needs to be estimated. */
#define VIEW_DPI_QUANTITIES (IFL_BIT(IFL_H_X) | IFL_BIT(IFL_I_XT) | IFL_BIT(IFL_I_DELTA))
#define VIEW_IP_QUANTITIES  (IFL_BIT(IFL_I_XT) | IFL_BIT(IFL_I_TY))
#define VIEW_MIP_QUANTITIES (IFL_BIT(IFL_NONREDUNDANT_X) | IFL_BIT(IFL_NONREDUNDANT_Y))

#endif
