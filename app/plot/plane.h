/* What a plane says, however it is drawn. */
#ifndef PLOT_PLANE_H
#define PLOT_PLANE_H

#include <plot/plot.h>

#include "axis.h"

struct plane_facts {
    struct range x, y; /* for the axes, settled */
    size_t longest;    /* snapshots of the longest trajectory: what time is a fraction of */
    bool any;
};

struct plane_facts plane_study(const struct plot_plane *data);

bool plane_is_overlay(const struct plot_plane *data); /* of several subjects */
/* The subject of a trajectory, 0 where it names none of the plot. */
size_t plane_subject(const struct plot_plane *data, size_t layer);
/* The subject drawn over the others. */
size_t plane_front(const struct plot_plane *data);
/* Whether two trajectories are of different subjects' layers of one name, or one. */
bool plane_same_name(const struct plot_plane *data, size_t a, size_t b);
/* Whether a trajectory is the cursor's layer, of whichever subject. */
bool plane_under_cursor(const struct plot_plane *data, size_t layer);
/* The snapshot under the cursor of a trajectory's subject, or SIZE_MAX. */
size_t plane_cursor(const struct plot_plane *data, size_t layer);
/* The first trajectory of the same name: what several subjects have in common has one letter and one place in a key. */
size_t plane_namesake(const struct plot_plane *data, size_t layer);
/* Where a trajectory's deviations are shown: at its cursor where it is the cursor's layer, or there is none such, else
 * at its end. False where it has none there. */
bool plane_deviations(const struct plot_plane *data, size_t layer, size_t *snapshot, double *dx, double *dy);
struct axis plane_x_axis(const struct plot_plane *data, const struct plane_facts *facts, struct axis_room room);
struct axis plane_y_axis(const struct plot_plane *data, const struct plane_facts *facts, struct axis_room room);
const char *plane_empty(const struct plot_plane *data);

/* Whether a trajectory has a point there that can be drawn. */
bool plane_has(const struct plot_trajectory *trajectory, size_t snapshot);
/* The first and the last snapshot with a point; false where there is none. */
bool plane_ends(const struct plot_trajectory *trajectory, size_t *first, size_t *last);
/* The step of time, 0..INK_TIME_COUNT - 1, that a snapshot belongs to. */
int plane_time(const struct plane_facts *facts, size_t snapshot);
/* Whether it is the first snapshot of its step of time. */
bool plane_time_starts(const struct plane_facts *facts, size_t snapshot);
/* The part of the way from a snapshot to the next, between two fractions of it, that lies in one step of time. */
struct plane_piece {
    double from, to;
    int time;
};

/* The pieces of the way from snapshot `to` - 1 to `to`; returns their count. */
int plane_pieces(const struct plane_facts *facts, size_t to, struct plane_piece out[INK_TIME_COUNT]);

/* Where an arrowhead shows which way a trajectory runs: so far along the way to snapshot `to`, in the direction
 * (dx, dy) in units of the eye, dy upwards. */
struct plane_arrow {
    size_t to;
    double along, dx, dy;
};

enum { PLANE_ARROWS = 2 };

/* How large a plane is and how long a trajectory must be for one and for two arrowheads, in units of the eye. */
struct plane_extent {
    double width, height, one_arrow, two_arrows;
};

int plane_arrows(const struct plot_trajectory *trajectory, const struct axis *x, const struct axis *y,
                 struct plane_extent extent, struct plane_arrow out[PLANE_ARROWS]);

/* `epoch 0 to 10`, or `snapshot 1 to 18` where the epochs are not known. */
char *plane_span(char out[96], const struct plot_plane *data, const struct plane_facts *facts);

#endif
