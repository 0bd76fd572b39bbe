/* The open run: its snapshots, its estimates as they come, and the cursors on it. */
#ifndef TUI_OPENED_H
#define TUI_OPENED_H

#include <engine/engine.h>
#include <plot/view.h>

#include "layout.h"

/* Estimates shown somewhere, shared by the panels that show them. */
struct answer {
    int holders;
    struct estimates estimates;
    struct timeline timeline;
};

/* The estimates as the views take them. */
struct view_run answer_run(const struct answer *answer);

struct opened {
    struct store_run run;
    struct store_snapshot *snapshots;
    size_t n_snapshots;
    struct timeline timeline; /* of the snapshots */

    size_t point; /* of the timeline: the epoch under the cursor */
    int32_t layer;

    struct estimates growing;    /* of the newest request, as far as they have come */
    struct answer *newest;       /* as far as it has come */
    struct answer *kept[PANELS]; /* the last one that had all of a panel: shown until `newest` has */
};

/* The cursors stand on the last snapshot and the first layer. On failure *out is untouched. */
enum ifl_status opened_init(struct opened *out, struct store *store, int64_t run, struct ifl_error *error);
void opened_release(struct opened *opened);

/* Quantities of a panel, and of all panels with the readout. */
ifl_quantity_set panel_quantities(enum panel panel);
ifl_quantity_set opened_quantities(void);

/* A new request: what comes from now on is of these parameters. */
void opened_ask(struct opened *opened, const struct ifl_params *params, ifl_quantity_set wanted);
/* Puts answers, whose records are taken, to what has come of the request so far; a copy of it all in *out. Where
 * training has gone on, the snapshots are read again from `store`. */
enum ifl_status opened_grow(struct opened *opened, struct store *store, struct engine_answer *answers, size_t count,
                            struct estimates *out, struct ifl_error *error);

/* Takes over `estimates`. `complete`: nothing more will come. Where training has gone on meanwhile, the snapshots are
 * read again from `store`. */
enum ifl_status opened_take(struct opened *opened, struct store *store, struct estimates *estimates, bool complete,
                            struct ifl_error *error);

/* Nothing more will come of what was taken last: what a panel lacks in it, it will not get. */
void opened_complete(struct opened *opened);

/* What a panel shows now, or NULL. */
const struct answer *opened_answer(const struct opened *opened, enum panel panel);
/* Whether what it shows is of other parameters than these. */
bool opened_stale(const struct opened *opened, enum panel panel, const struct ifl_params *params);

/* A quantity of the layer (-1: of the snapshot) and epoch under the cursors, from what `panel` shows; NAN: none. */
double opened_value(const struct opened *opened, enum panel panel, int32_t layer, enum ifl_quantity quantity,
                    unsigned *health);

/* Moves by `by`, held at both ends; whether it moved. */
bool opened_move_point(struct opened *opened, long by);
bool opened_move_layer(struct opened *opened, int by);

#endif
