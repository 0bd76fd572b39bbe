/* What the plots are of: up to sixteen subjects (runs, or groups of runs equal but for the seed), the estimates each
 * panel shows of them, and the one cursor on them all. */
#ifndef TUI_SHOWING_H
#define TUI_SHOWING_H

#include <plot/view_pid.h>
#include <plot/view_width.h>
#include <tui/tui.h>

#include "layout.h"
#include "sheets.h"

enum { SUBJECTS_MOST = TUI_RUNS_MOST, SWEEP_WIDTHS = VIEW_WIDTH_COUNT };

/* One run of a subject. */
struct member {
    struct store_run run;
    struct store_snapshot *snapshots;
    size_t count;
    struct sheet *asked;         /* of the parameters as they are set */
    struct sheet *shown[PANELS]; /* of those that a panel shows until `asked` has all it needs */
};

struct subject {
    char *name;
    char label[48];         /* what tells it from the others: params that differ, else the name */
    struct member *members; /* >= 1 */
    size_t n_members;
    struct timeline timeline; /* of the snapshots */
    size_t point;             /* of the timeline: the nearest to the cursor's step */
};

/* Estimates against the kernel width, of one subject at one step. */
struct sweep {
    enum ifl_chain chain;
    struct ifl_params params; /* but for the width */
    int64_t step;
    size_t subject;
    double widths[SWEEP_WIDTHS];
    struct sheet **sheets; /* [SWEEP_WIDTHS][n_members] */
    size_t n_members;
};

struct showing {
    struct subject *subjects; /* PLOT_SUBJECTS at a time share the axes of planes and chains */
    size_t count;
    bool labeled;  /* the labels are the values of params; else names */
    size_t front;  /* the subject the cursor is on: what is read out, and drawn over the others */
    int32_t layer; /* of its run */
    struct sweep sweep, shown_sweep;
};

/* ---- subjects ---- */

/* Takes over a subject's parts; the cursor stands on its last snapshot and the first layer. */
enum ifl_status showing_add(struct showing *showing, char *name, struct member *members, size_t n_members,
                            struct ifl_error *error);
void showing_release(struct showing *showing);
void members_free(struct member *members, size_t count);

/* After the last one: gives the subjects their labels. */
void showing_label(struct showing *showing);
/* Whether the subjects differ in a param, other than the seed. */
bool showing_differs(const struct showing *showing, const char *key);

/* Takes over the cursor of another showing, as far as this one has such a step, layer and subject. */
void showing_follow(struct showing *showing, const struct showing *before);

struct subject *showing_front(const struct showing *showing);
const struct run *subject_run(const struct subject *subject);
/* The number of maps of a layer; 0: unknown. */
size_t subject_maps(const struct subject *subject, int32_t layer);
/* The layer of a subject that the cursor means: of the same name, else at the same place; -1: none. */
int32_t showing_layer(const struct showing *showing, const struct subject *subject);
/* The snapshot under the cursor, of the front subject's member; NULL: it has none. And a metric of it; false: none. */
const struct store_snapshot *showing_snapshot(const struct showing *showing, size_t m);
bool showing_metric(const struct showing *showing, size_t m, const char *name, double *out);

/* ---- cursor ---- */

/* Moves by `by`, held at both ends; whether it moved. */
bool showing_move_point(struct showing *showing, long by);
bool showing_move_layer(struct showing *showing, int by);
void showing_to_point(struct showing *showing, size_t point);
void showing_to_layer(struct showing *showing, int32_t layer);
/* Another subject under the cursor; step and layer stay as near as they can. */
void showing_to_front(struct showing *showing, size_t subject);

/* ---- estimates ---- */

/* Quantities of a panel, and of all of them with the readout. */
ifl_quantity_set panel_quantities(enum panel panel);
#define SHOWING_QUANTITIES (IFL_ALL_QUANTITIES & ~IFL_BIT(IFL_H_DELTA))

/* From now on these parameters are asked for. IFL_NO_MEMORY: some of it may be as before. */
enum ifl_status showing_want(struct showing *showing, struct sheets *sheets, const struct ifl_params *params,
                             struct ifl_error *error);
/* The sweep of the subject and step under the cursor. */
enum ifl_status showing_want_sweep(struct showing *showing, struct sheets *sheets, const struct ifl_params *params,
                                   enum ifl_chain chain, struct ifl_error *error);

/* The number of widths of a sweep that are not all there. */
size_t sweep_missing(const struct sweep *sweep);

/* Panels take what has become complete since the last call. */
void showing_settle(struct showing *showing);

/* What a panel shows of a member: NULL where there is nothing yet. */
const struct sheet *showing_sheet(const struct showing *showing, enum panel panel, const struct member *member);
/* Whether what it shows is of other parameters than those asked for. */
bool showing_stale(const struct showing *showing, enum panel panel);
/* Whether some of the wanted estimates are missing. */
bool showing_lacks(const struct showing *showing, enum panel panel);

#endif
