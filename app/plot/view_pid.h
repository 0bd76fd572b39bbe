/* From estimates to a PID plot. */
#ifndef PLOT_VIEW_PID_H
#define PLOT_VIEW_PID_H

#include <plot/pid.h>
#include <plot/view.h>

enum { PID_TOPOLOGIES_MAX = 16 };

/* Plot data with the arrays they point into. Values are copied; names stay the subjects' and their runs', which must
 * outlive the view. */
struct view_pid {
    struct plot_pid plot;
    struct plot_pid_series *series;
    double *values;
    const char **categories; /* over topologies, and what they point into */
    char *labels;
    size_t order[PID_TOPOLOGIES_MAX]; /* over topologies: category k is subjects[order[k]] */
};

/* Over training: one subject's layers of C >= 2 maps; of several subjects (PLOT_SUBJECTS at most, each with its
 * timeline) one layer, found in the others by its name. `layer` is the one under the cursor in the first subject's run,
 * -1: none, which for several means the first of C >= 2 maps. x is the epoch where all are known, else the step. With
 * `with_y` I(T;Y), H(Y) and the quantities of the pairs and Y. */
enum ifl_status view_pid_training_init(struct view_pid *out, const struct view_subject *subjects, size_t n_subjects,
                                       const struct timeline *timelines, int32_t layer, bool with_y,
                                       struct ifl_error *error);

/* Over topologies: of each subject (PID_TOPOLOGIES_MAX at most) the layer of that name at its point points[k] of
 * timelines[k], ordered by maps[k], how many maps it has there. IFL_INVALID for too many. */
enum ifl_status view_pid_topologies_init(struct view_pid *out, const struct view_subject *subjects, size_t n_subjects,
                                         const struct timeline *timelines, const size_t *points, const size_t *maps,
                                         int32_t layer, bool with_y, struct ifl_error *error);
void view_pid_release(struct view_pid *view);

#define VIEW_PID_QUANTITIES_X                                                                                          \
    (IFL_BIT(IFL_H_X) | IFL_BIT(IFL_I_XT) | IFL_BIT(IFL_TRADEOFF_PCT_X) | IFL_BIT(IFL_NONREDUNDANT_PCT_X))
#define VIEW_PID_QUANTITIES_Y                                                                                          \
    (IFL_BIT(IFL_H_Y) | IFL_BIT(IFL_I_TY) | IFL_BIT(IFL_TRADEOFF_PCT_Y) | IFL_BIT(IFL_NONREDUNDANT_PCT_Y))

#endif
