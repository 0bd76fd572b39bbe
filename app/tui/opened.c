#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "opened.h"
#include "settings.h"

/* ---- answers ---- */

static void answer_drop(struct answer *answer)
{
    if (answer == NULL || --answer->holders > 0)
        return;
    timeline_release(&answer->timeline);
    estimates_release(&answer->estimates);
    free(answer);
}

static void answer_hold(struct answer **place, struct answer *answer)
{
    if (answer != NULL)
        answer->holders++;
    answer_drop(*place);
    *place = answer;
}

struct view_run answer_run(const struct answer *answer)
{
    return (struct view_run){.estimates = answer->estimates.snapshots, .count = answer->estimates.count};
}

/* Takes over `estimates`, in failure too. */
static enum ifl_status answer_new(struct answer **out, struct estimates *estimates, struct ifl_error *error)
{
    struct answer *answer = ifl_alloc(1, sizeof *answer);
    if (answer == NULL) {
        estimates_release(estimates);
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for the estimates");
    }
    answer->holders = 1;
    answer->estimates = *estimates;
    struct view_run run = answer_run(answer);
    enum ifl_status status = timeline_init(&answer->timeline, &run, 1, error);
    if (status != IFL_OK)
        answer_drop(answer);
    else
        *out = answer;
    return status;
}

ifl_quantity_set panel_quantities(enum panel panel)
{
    static const ifl_quantity_set quantities[PANELS] = {VIEW_DPI_QUANTITIES | IFL_BIT(IFL_H_T), VIEW_IP_QUANTITIES,
                                                        VIEW_MIP_QUANTITIES};
    return quantities[panel];
}

ifl_quantity_set opened_quantities(void)
{
    return panel_quantities(PANEL_DPI) | panel_quantities(PANEL_IP) | panel_quantities(PANEL_MIP);
}

/* Whether the panel's own quantities are there for one snapshot. Those a run does not have (no labels, no maps) are
 * never there: such a panel is complete only when nothing more will come. */
static bool snapshot_has(const struct estimate *estimate, enum panel panel)
{
    static const enum ifl_quantity mark[PANELS] = {IFL_I_XT, IFL_I_TY, IFL_NONREDUNDANT_Y};
    for (size_t k = 0; k < estimate->count && estimate->records != NULL; k++)
        if (estimate->records[k].quantity == mark[panel])
            return true;
    return false;
}

static bool point_has(const struct answer *answer, enum panel panel, size_t point)
{
    if (point >= answer->timeline.count)
        return false;
    struct timeline_batches batches = answer->timeline.batches[point];
    for (size_t k = batches.first; k < batches.first + batches.count; k++)
        if (!snapshot_has(&answer->estimates.snapshots[k], panel))
            return false;
    return true;
}

static bool all_has(const struct answer *answer, enum panel panel)
{
    for (size_t k = 0; k < answer->estimates.count; k++)
        if (!snapshot_has(&answer->estimates.snapshots[k], panel))
            return false;
    return answer->estimates.count > 0;
}

const struct answer *opened_answer(const struct opened *opened, enum panel panel)
{
    const struct answer *newest = opened->newest, *kept = opened->kept[panel];
    if (kept == NULL || newest == NULL)
        return newest == NULL ? kept : newest;
    /* A chain is one epoch's and can change at once; half of a plane's trajectories would be neither here nor there. */
    if (panel == PANEL_DPI && point_has(newest, panel, opened->point))
        return newest;
    return kept;
}

bool opened_stale(const struct opened *opened, enum panel panel, const struct ifl_params *params)
{
    const struct answer *answer = opened_answer(opened, panel);
    return answer != NULL && !params_equal(&answer->estimates.params, params);
}

double opened_value(const struct opened *opened, enum panel panel, int32_t layer, enum ifl_quantity quantity,
                    unsigned *health)
{
    const struct answer *answer = opened_answer(opened, panel);
    if (answer == NULL || opened->point >= answer->timeline.count)
        return NAN;
    struct view_run run = answer_run(answer);
    struct view_subject subject = {.name = "", .run = &opened->run.run, .runs = &run, .n_runs = 1};
    return timeline_value(&answer->timeline, &subject, opened->point, layer, quantity, NULL, health);
}

/* ---- snapshots ---- */

static enum ifl_status timeline_of(struct timeline *out, const struct store_snapshot *snapshots, size_t count,
                                   struct ifl_error *error)
{
    struct estimate *bare = ifl_alloc(count, sizeof *bare);
    if (bare == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for %zu snapshots", count);
    for (size_t k = 0; k < count; k++)
        bare[k] =
            (struct estimate){.step = snapshots[k].step, .batch = snapshots[k].batch, .epoch = snapshots[k].epoch};
    struct view_run run = {.estimates = bare, .count = count};
    enum ifl_status status = timeline_init(out, &run, 1, error);
    free(bare);
    return status;
}

static enum ifl_status load_snapshots(struct opened *opened, struct store *store, int64_t run, struct ifl_error *error)
{
    struct store_snapshot *snapshots;
    size_t count;
    struct timeline timeline;
    enum ifl_status status = store_list_snapshots(store, run, &snapshots, &count, error);
    if (status != IFL_OK)
        return status;
    status = timeline_of(&timeline, snapshots, count, error);
    if (status != IFL_OK) {
        store_snapshots_free(snapshots, count);
        return status;
    }
    store_snapshots_free(opened->snapshots, opened->n_snapshots);
    timeline_release(&opened->timeline);
    opened->snapshots = snapshots;
    opened->n_snapshots = count;
    opened->timeline = timeline;
    opened_move_point(opened, 0); /* back to where there is something */
    return IFL_OK;
}

enum ifl_status opened_init(struct opened *out, struct store *store, int64_t run, struct ifl_error *error)
{
    struct opened opened = {0};
    enum ifl_status status = store_get_run(store, run, &opened.run, error);
    if (status != IFL_OK)
        return status;
    status = load_snapshots(&opened, store, run, error);
    if (status != IFL_OK) {
        store_run_release(&opened.run);
        return status;
    }
    opened.growing.run = run;
    opened.point = opened.timeline.count > 0 ? opened.timeline.count - 1 : 0;
    *out = opened;
    return IFL_OK;
}

void opened_release(struct opened *opened)
{
    estimates_release(&opened->growing);
    answer_drop(opened->newest);
    for (int k = 0; k < PANELS; k++)
        answer_drop(opened->kept[k]);
    timeline_release(&opened->timeline);
    store_snapshots_free(opened->snapshots, opened->n_snapshots);
    store_run_release(&opened->run);
    *opened = (struct opened){0};
}

/* ---- what comes of a request ---- */

void opened_ask(struct opened *opened, const struct ifl_params *params, ifl_quantity_set wanted)
{
    estimates_release(&opened->growing);
    opened->growing = (struct estimates){.run = opened->run.id, .params = *params, .wanted = wanted};
}

static enum ifl_status grow_to(struct opened *opened, struct store *store, size_t count, struct ifl_error *error)
{
    struct estimates *growing = &opened->growing;
    if (growing->count == count)
        return IFL_OK;
    if (opened->n_snapshots != count) {
        enum ifl_status status = load_snapshots(opened, store, opened->run.id, error);
        if (status != IFL_OK)
            return status;
        if (opened->n_snapshots != count) /* grown once more since the request */
            return ifl_fail(error, IFL_FAILED, "the run has changed: press R");
    }
    struct estimate *bare = ifl_alloc(count, sizeof *bare);
    if (bare == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for the estimates");
    for (size_t k = 0; k < count; k++)
        bare[k] = (struct estimate){.step = opened->snapshots[k].step,
                                    .batch = opened->snapshots[k].batch,
                                    .epoch = opened->snapshots[k].epoch};
    growing->snapshots = bare;
    growing->count = count;
    return IFL_OK;
}

static enum ifl_status copy_estimates(struct estimates *out, const struct estimates *from, struct ifl_error *error)
{
    struct estimates copy = *from;
    copy.snapshots = ifl_alloc(from->count, sizeof *copy.snapshots);
    bool ok = copy.snapshots != NULL;
    for (size_t k = 0; k < from->count && ok; k++) {
        const struct estimate *e = &from->snapshots[k];
        copy.snapshots[k] = *e;
        if (e->records == NULL)
            continue;
        copy.snapshots[k].records = ifl_alloc(e->count, sizeof *e->records);
        ok = copy.snapshots[k].records != NULL;
        if (ok)
            memcpy(copy.snapshots[k].records, e->records, e->count * sizeof *e->records);
    }
    if (!ok) {
        estimates_release(&copy);
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for the estimates");
    }
    *out = copy;
    return IFL_OK;
}

enum ifl_status opened_grow(struct opened *opened, struct store *store, struct engine_answer *answers, size_t count,
                            struct estimates *out, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    for (size_t k = 0; k < count && status == IFL_OK; k++) {
        status = grow_to(opened, store, answers[k].of, error);
        if (status != IFL_OK)
            break;
        struct estimate *place = &opened->growing.snapshots[answers[k].index];
        free(place->records);
        *place = answers[k].estimate;
        answers[k].estimate.records = NULL;
    }
    return status == IFL_OK ? copy_estimates(out, &opened->growing, error) : status;
}

enum ifl_status opened_take(struct opened *opened, struct store *store, struct estimates *estimates, bool complete,
                            struct ifl_error *error)
{
    struct answer *answer = NULL;
    enum ifl_status status = answer_new(&answer, estimates, error);
    if (status != IFL_OK)
        return status;
    answer_drop(opened->newest);
    opened->newest = answer;
    for (int k = 0; k < PANELS; k++)
        if (complete || all_has(answer, (enum panel)k))
            answer_hold(&opened->kept[k], answer);
    if (answer->estimates.count != opened->n_snapshots)
        return load_snapshots(opened, store, opened->run.id, error);
    return IFL_OK;
}

void opened_complete(struct opened *opened)
{
    for (int k = 0; opened->newest != NULL && k < PANELS; k++)
        answer_hold(&opened->kept[k], opened->newest);
}

/* ---- cursors ---- */

bool opened_move_point(struct opened *opened, long by)
{
    size_t last = opened->timeline.count > 0 ? opened->timeline.count - 1 : 0, old = opened->point;
    if (by < 0)
        opened->point = old > (size_t)-by ? old - (size_t)-by : 0;
    else
        opened->point = last > old && last - old > (size_t)by ? old + (size_t)by : last;
    return opened->point != old;
}

bool opened_move_layer(struct opened *opened, int by)
{
    int32_t next = opened->layer + by;
    if (next < 0 || (size_t)next >= opened->run.run.n_layers)
        return false;
    opened->layer = next;
    return true;
}
