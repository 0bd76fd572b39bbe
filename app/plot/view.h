/* From estimates to plots: which quantity goes on which axis. Several mini-batches of one step are averaged. */
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

/* The points of training a plot can show: the distinct steps of the estimates, in order. */
struct timeline {
    size_t count;
    int64_t *steps;
    double *epochs; /* NAN: not given */
    size_t *first;  /* [count + 1] estimates first[k] .. first[k+1]-1 are the mini-batches of step k */
};
enum ifl_status timeline_init(struct timeline *out, const struct estimate *estimates, size_t count,
                              struct ifl_error *error);
void timeline_release(struct timeline *timeline);
/* The mean of a quantity over the mini-batches of point k; NAN where none has it. `health` (may be NULL) gathers. */
double timeline_value(const struct timeline *timeline, const struct estimate *estimates, size_t k, int32_t layer,
                      enum ifl_quantity quantity, unsigned *health);

/* Plot data with the arrays they point into. Values are copied; the names stay the run's, which must outlive the
 * view. */
struct view_dpi {
    struct plot_dpi plot;
    const char **names;
    double *values; /* forward, backward */
};
enum ifl_status view_dpi_init(struct view_dpi *out, const struct run *run, const struct timeline *timeline,
                              const struct estimate *estimates, size_t k, double tolerance, struct ifl_error *error);
void view_dpi_release(struct view_dpi *view);

enum plane { PLANE_IP, PLANE_MIP };

struct view_plane {
    struct plot_plane plot;
    struct plot_trajectory *trajectories;
    double *values;
};
/* IP: (I(X;T), I(T;Y)) of every layer. M-IP: (nonredundant(X), nonredundant(Y)) of every layer of C >= 2 maps. */
enum ifl_status view_plane_init(struct view_plane *out, const struct run *run, const struct timeline *timeline,
                                const struct estimate *estimates, enum plane plane, struct ifl_error *error);
void view_plane_release(struct view_plane *view);
/* The trajectory of a layer of `run`, or -1. */
int view_plane_trajectory(const struct view_plane *view, const struct run *run, int32_t layer);

/* What each view needs to be estimated. */
#define VIEW_DPI_QUANTITIES (IFL_BIT(IFL_H_X) | IFL_BIT(IFL_I_XT) | IFL_BIT(IFL_I_DELTA))
#define VIEW_IP_QUANTITIES  (IFL_BIT(IFL_I_XT) | IFL_BIT(IFL_I_TY))
#define VIEW_MIP_QUANTITIES (IFL_BIT(IFL_NONREDUNDANT_X) | IFL_BIT(IFL_NONREDUNDANT_Y))

#endif
