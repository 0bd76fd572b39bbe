/* From estimates over a grid of h to a width plot. */
#ifndef PLOT_VIEW_WIDTH_H
#define PLOT_VIEW_WIDTH_H

#include <infoflow/trust.h>
#include <plot/view.h>
#include <plot/width.h>

/* What a sweep over h is looked at for. */
struct view_width_options {
    enum ifl_chain chain; /* IFL_BACKWARD: the estimates' h_error was swept */
    int32_t layer;        /* whose saturation and collapse make an h unfit; -1: any layer's */
    double current;       /* the h in force; NAN: none */
    double tolerance;     /* bits a link may rise by */
    double share;         /* of the links that may be violated where an h is trusted, 0..1 */
};

/* Plot data with the arrays they point into. Values are copied; names stay the run's, which must outlive the view. */
struct view_width {
    struct plot_width plot;
    struct plot_width_layer *layers;
    double *values;
    unsigned *health;
    size_t *violations;          /* [count] */
    struct ifl_width_seen *seen; /* [count] of the layers that are looked at; the point is one snapshot */
    bool *fit;                   /* [count] */
};

/* at[k]: what was estimated at h[k] (rising) for one point of training: its mini-batches, of one run or of a group's,
 * which are averaged. Where nothing is estimated (yet) there are no values. */
enum ifl_status view_width_init(struct view_width *out, const struct run *run, const double *h,
                                const struct view_run *at, size_t count, const struct view_width_options *options,
                                struct ifl_error *error);
void view_width_release(struct view_width *view);

/* `count` values from `from` to `to`, equal factors apart; 0 < from < to. */
void view_width_grid(double from, double to, size_t count, double *out);

/* The widths to look at: three decades around the usual h of the rule (h_error where backward), so that a step of h finds
 * them as they were; moved by whole decades where the h in force is elsewhere. */
enum { VIEW_WIDTH_COUNT = 37 };
void view_width_around(const struct ifl_params *params, enum ifl_chain chain, double out[VIEW_WIDTH_COUNT]);

#define VIEW_WIDTH_QUANTITIES(chain)                                                                                   \
    ((chain) == IFL_BACKWARD ? (IFL_BIT(IFL_H_DELTA) | IFL_BIT(IFL_I_DELTA))                                           \
                             : (IFL_BIT(IFL_H_X) | IFL_BIT(IFL_H_T) | IFL_BIT(IFL_I_XT)))

#endif
