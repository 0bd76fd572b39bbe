/* Estimates kept at hand: a sheet is one run in one set of parameters. Sheets of parameters left behind stay for a
 * while, so that undo and a step back show at once: so many, and of so many bytes, are kept that nobody holds. */
#ifndef TUI_SHEETS_H
#define TUI_SHEETS_H

#include <engine/engine.h>

enum { SHEETS_KEPT = 400, SHEETS_BYTES = 64 << 20 };

struct sheet {
    int64_t run;
    struct ifl_params params;
    bool one_step; /* of the snapshots of `step` alone */
    int64_t step;
    struct estimate *estimates; /* [count] by step and batch; those not there yet have no records */
    size_t count;
    ifl_quantity_set done; /* nothing more will come of these: what is lacking, the run does not have */
    size_t bytes;          /* of all its estimates */
    size_t holders;
    uint64_t used;
};

struct sheets {
    struct sheet **items;
    size_t count, room;
    uint64_t clock;
};

void sheets_release(struct sheets *sheets);

/* The sheet of these snapshots (of one run) in these parameters, made if it is not there; `step`: NULL for all of
 * them. It is the sheets' own until somebody holds it. NULL without memory. */
struct sheet *sheets_get(struct sheets *sheets, const struct store_snapshot *snapshots, size_t count,
                         const struct ifl_params *params, const int64_t *step);
/* Puts a sheet (or NULL) where another (or NULL) was held. */
void sheet_hold(struct sheet **place, struct sheet *sheet);

/* Takes over the records of an answer; quantities that it lacks and the sheet has stay. False where the run has other
 * snapshots than the sheet knows of: they are to be listed again. */
bool sheet_take(struct sheet *sheet, struct engine_answer *answer);
/* Whether every estimate from..to-1 has records of this quantity. */
bool sheet_has(const struct sheet *sheet, size_t from, size_t to, enum ifl_quantity quantity);

#endif
