#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "settings.h"
#include "columns.h"
#include "showing.h"

/* ---- subjects ---- */

void members_free(struct member *members, size_t count)
{
    for (size_t k = 0; members != NULL && k < count; k++) {
        struct member *member = &members[k];
        sheet_hold(&member->asked, NULL);
        for (int p = 0; p < PANELS; p++)
            sheet_hold(&member->shown[p], NULL);
        store_snapshots_free(member->snapshots, member->count);
        store_run_release(&member->run);
    }
    free(members);
}

static void subject_release(struct subject *subject)
{
    timeline_release(&subject->timeline);
    members_free(subject->members, subject->n_members);
    free(subject->name);
}

static void sweep_release(struct sweep *sweep)
{
    for (size_t k = 0; sweep->sheets != NULL && k < SWEEP_WIDTHS * sweep->n_members; k++)
        sheet_hold(&sweep->sheets[k], NULL);
    free(sweep->sheets);
    *sweep = (struct sweep){0};
}

void showing_release(struct showing *showing)
{
    sweep_release(&showing->sweep);
    sweep_release(&showing->shown_sweep);
    for (size_t k = 0; k < showing->count; k++)
        subject_release(&showing->subjects[k]);
    free(showing->subjects);
    *showing = (struct showing){0};
}

/* The timeline of a subject's snapshots, before anything is estimated. */
static enum ifl_status timeline_of(struct timeline *out, const struct member *members, size_t n_members,
                                   struct ifl_error *error)
{
    enum ifl_status status = IFL_NO_MEMORY;
    struct view_run *runs = ifl_alloc(n_members, sizeof *runs);
    size_t made = 0;
    for (; runs != NULL && made < n_members; made++) {
        const struct member *member = &members[made];
        struct estimate *bare = ifl_alloc(member->count, sizeof *bare);
        if (bare == NULL)
            break;
        for (size_t k = 0; k < member->count; k++)
            bare[k] = (struct estimate){.step = member->snapshots[k].step,
                                        .batch = member->snapshots[k].batch,
                                        .epoch = member->snapshots[k].epoch};
        runs[made] = (struct view_run){bare, member->count};
    }
    if (made == n_members)
        status = timeline_init(out, runs, n_members, error);
    else
        ifl_fail(error, status, "no memory for the snapshots");
    for (size_t k = 0; k < made; k++)
        free((void *)runs[k].estimates);
    free(runs);
    return status;
}

enum ifl_status showing_add(struct showing *showing, char *name, struct member *members, size_t n_members,
                            struct ifl_error *error)
{
    struct subject subject = {.name = name, .members = members, .n_members = n_members};
    enum ifl_status status = timeline_of(&subject.timeline, members, n_members, error);
    struct subject *grown = NULL;
    if (status == IFL_OK && showing->count < SUBJECTS_MOST)
        grown = realloc(showing->subjects, (showing->count + 1) * sizeof *grown);
    if (status == IFL_OK && grown == NULL)
        status = ifl_fail(error, IFL_NO_MEMORY, "no room for another run");
    if (status != IFL_OK) {
        subject_release(&subject);
        return status;
    }
    showing->subjects = grown;
    showing->subjects[showing->count++] = subject;
    if (subject.timeline.count > 0)
        showing->subjects[showing->count - 1].point = subject.timeline.count - 1;
    return IFL_OK;
}

bool showing_differs(const struct showing *showing, const char *key)
{
    if (strcmp(key, "seed") == 0)
        return false;
    const struct field *first = run_param(subject_run(&showing->subjects[0]), key);
    for (size_t s = 1; s < showing->count; s++) {
        const struct field *other = run_param(subject_run(&showing->subjects[s]), key);
        if ((first == NULL) != (other == NULL) || (first != NULL && strcmp(first->text, other->text) != 0))
            return true;
    }
    return false;
}

/* The values of the params that differ, as long as there is room for them. */
static void label(const struct showing *showing, struct subject *subject)
{
    const struct run *run = subject_run(subject);
    size_t used = 0, room = sizeof subject->label;
    subject->label[0] = '\0';
    for (size_t k = 0; k < run->n_params && used < room; k++)
        if (showing_differs(showing, run->params[k].key))
            used += (size_t)snprintf(subject->label + used, room - used, "%s%s", used > 0 ? " " : "",
                                     run->params[k].text);
}

/* Where two would be called the same, or one nothing, their names must do. */
static bool labels_tell(const struct showing *showing)
{
    for (size_t s = 0; s < showing->count; s++) {
        if (showing->subjects[s].label[0] == '\0' || strlen(showing->subjects[s].label) > 24)
            return false;
        for (size_t other = 0; other < s; other++)
            if (strcmp(showing->subjects[s].label, showing->subjects[other].label) == 0)
                return false;
    }
    return true;
}

void showing_label(struct showing *showing)
{
    for (size_t s = 0; s < showing->count; s++)
        label(showing, &showing->subjects[s]);
    showing->labeled = labels_tell(showing);
    for (size_t s = 0; s < showing->count && !showing->labeled; s++)
        snprintf(showing->subjects[s].label, sizeof showing->subjects[s].label, "%s", showing->subjects[s].name);
}

struct subject *showing_front(const struct showing *showing)
{
    return showing->front < showing->count ? &showing->subjects[showing->front] : NULL;
}

const struct run *subject_run(const struct subject *subject)
{
    return &subject->members[0].run.run;
}

size_t subject_maps(const struct subject *subject, int32_t layer)
{
    const struct member *member = &subject->members[0];
    if (layer < 0 || (size_t)layer >= member->run.run.n_layers)
        return 0;
    for (size_t k = 0; k < member->count; k++)
        if (member->snapshots[k].t[layer].maps > 0)
            return member->snapshots[k].t[layer].maps;
    return 0;
}

int32_t showing_layer(const struct showing *showing, const struct subject *subject)
{
    const struct subject *front = showing_front(showing);
    size_t layers = subject_run(subject)->n_layers;
    if (front == NULL || (size_t)showing->layer >= subject_run(front)->n_layers)
        return -1;
    int32_t named = run_layer(subject_run(subject), subject_run(front)->layers[showing->layer].name);
    return named >= 0 ? named : (size_t)showing->layer < layers ? showing->layer : -1;
}

const struct store_snapshot *showing_snapshot(const struct showing *showing, size_t m)
{
    const struct subject *front = showing_front(showing);
    if (front == NULL || front->timeline.count == 0)
        return NULL;
    const struct member *member = &front->members[m];
    for (size_t k = 0; k < member->count; k++)
        if (member->snapshots[k].step == front->timeline.steps[front->point])
            return &member->snapshots[k];
    return NULL;
}

bool showing_metric(const struct showing *showing, size_t m, const char *name, double *out)
{
    const struct store_snapshot *snapshot = showing_snapshot(showing, m);
    const struct metric *metric =
        snapshot != NULL ? metric_find(snapshot->metrics, snapshot->n_metrics, name) : NULL;
    if (metric == NULL)
        return false;
    *out = metric->value;
    return true;
}

/* ---- cursor ---- */

/* The last point at or before the step, else the first. */
static size_t point_at(const struct timeline *timeline, int64_t step)
{
    size_t point = 0;
    for (size_t k = 0; k < timeline->count && timeline->steps[k] <= step; k++)
        point = k;
    return point;
}

/* The other subjects go along with the front one. */
static void align(struct showing *showing)
{
    const struct subject *front = showing_front(showing);
    if (front == NULL || front->timeline.count == 0)
        return;
    int64_t step = front->timeline.steps[front->point];
    for (size_t k = 0; k < showing->count; k++)
        if (k != showing->front)
            showing->subjects[k].point = point_at(&showing->subjects[k].timeline, step);
}

void showing_to_point(struct showing *showing, size_t point)
{
    struct subject *front = showing_front(showing);
    if (front == NULL)
        return;
    size_t last = front->timeline.count > 0 ? front->timeline.count - 1 : 0;
    front->point = point < last ? point : last;
    align(showing);
}

bool showing_move_point(struct showing *showing, long by)
{
    const struct subject *front = showing_front(showing);
    if (front == NULL)
        return false;
    size_t old = front->point, back = (size_t)-by;
    showing_to_point(showing, by < 0 ? (old > back ? old - back : 0) : old + (size_t)by);
    return front->point != old;
}

void showing_to_layer(struct showing *showing, int32_t layer)
{
    const struct subject *front = showing_front(showing);
    if (front != NULL && layer >= 0 && (size_t)layer < subject_run(front)->n_layers)
        showing->layer = layer;
}

bool showing_move_layer(struct showing *showing, int by)
{
    int32_t old = showing->layer;
    showing_to_layer(showing, old + by);
    return showing->layer != old;
}

void showing_to_front(struct showing *showing, size_t subject)
{
    if (subject >= showing->count)
        return;
    int32_t layer = showing_layer(showing, &showing->subjects[subject]);
    showing->front = subject;
    showing->layer = layer >= 0 ? layer : 0;
    align(showing);
}

static bool same_subject(const struct subject *a, const struct subject *b)
{
    return a->n_members == b->n_members && a->members[0].run.id == b->members[0].run.id;
}

void showing_follow(struct showing *showing, const struct showing *before)
{
    const struct subject *old = showing_front(before);
    if (old == NULL)
        return;
    for (size_t k = 0; k < showing->count; k++)
        if (same_subject(&showing->subjects[k], old))
            showing->front = k;
    const struct subject *front = showing_front(showing);
    if (front == NULL)
        return;
    int32_t layer = -1;
    if ((size_t)before->layer < subject_run(old)->n_layers)
        layer = run_layer(subject_run(front), subject_run(old)->layers[before->layer].name);
    showing_to_layer(showing, layer);
    /* Who looks at the end of training goes on looking at its end while it grows. */
    bool at_end = old->timeline.count == 0 || old->point + 1 == old->timeline.count;
    if (front->timeline.count > 0 && !at_end)
        showing_to_point(showing, point_at(&front->timeline, old->timeline.steps[old->point]));
    else if (front->timeline.count > 0)
        showing_to_point(showing, front->timeline.count - 1);
}

/* ---- estimates ---- */

ifl_quantity_set panel_quantities(enum panel panel)
{
    static const ifl_quantity_set quantities[PANELS] = {
        [PANEL_DPI] = VIEW_DPI_QUANTITIES | IFL_BIT(IFL_H_T),
        [PANEL_IP] = VIEW_IP_QUANTITIES,
        [PANEL_MIP] = VIEW_MIP_QUANTITIES,
        [PANEL_PID] = VIEW_PID_QUANTITIES_X | VIEW_PID_QUANTITIES_Y,
    };
    return quantities[panel];
}

enum ifl_status showing_want(struct showing *showing, struct sheets *sheets, const struct ifl_params *params,
                             struct ifl_error *error)
{
    for (size_t s = 0; s < showing->count; s++)
        for (size_t m = 0; m < showing->subjects[s].n_members; m++) {
            struct member *member = &showing->subjects[s].members[m];
            struct sheet *sheet = sheets_get(sheets, member->snapshots, member->count, params, NULL);
            if (sheet == NULL)
                return ifl_fail(error, IFL_NO_MEMORY, "no memory for the estimates");
            sheet_hold(&member->asked, sheet);
        }
    return IFL_OK;
}

static bool same_widths(const struct sweep *a, const struct sweep *b)
{
    size_t k = 0;
    while (k < SWEEP_WIDTHS && a->widths[k] == b->widths[k])
        k++;
    return k == SWEEP_WIDTHS;
}

static bool same_sweep(const struct sweep *a, const struct sweep *b)
{
    return a->n_members == b->n_members && a->chain == b->chain && a->step == b->step && a->subject == b->subject &&
           params_equal(&a->params, &b->params) && same_widths(a, b);
}

static enum ifl_status fill_sweep(struct sweep *sweep, const struct subject *subject, struct sheets *sheets)
{
    sweep->sheets = ifl_alloc(SWEEP_WIDTHS * subject->n_members, sizeof(struct sheet *));
    if (sweep->sheets == NULL)
        return IFL_NO_MEMORY;
    for (size_t w = 0; w < SWEEP_WIDTHS; w++)
        for (size_t m = 0; m < subject->n_members; m++) {
            struct ifl_params params = sweep->params;
            *(sweep->chain == IFL_FORWARD ? &params.h : &params.h_error) = sweep->widths[w];
            struct sheet *sheet = sheets_get(sheets, subject->members[m].snapshots, subject->members[m].count, &params,
                                             &sweep->step);
            if (sheet == NULL)
                return IFL_NO_MEMORY;
            sheet_hold(&sweep->sheets[w * subject->n_members + m], sheet);
        }
    return IFL_OK;
}

enum ifl_status showing_want_sweep(struct showing *showing, struct sheets *sheets, const struct ifl_params *params,
                                   enum ifl_chain chain, struct ifl_error *error)
{
    const struct subject *front = showing_front(showing);
    if (front == NULL || front->timeline.count == 0)
        return IFL_OK;
    struct sweep sweep = {.chain = chain,
                          .params = *params,
                          .step = front->timeline.steps[front->point],
                          .subject = showing->front,
                          .n_members = front->n_members};
    view_width_around(params, chain, sweep.widths);
    *(chain == IFL_FORWARD ? &sweep.params.h : &sweep.params.h_error) = 1; /* whatever it is, the sweep is the same */
    if (showing->sweep.sheets != NULL && same_sweep(&sweep, &showing->sweep))
        return IFL_OK;
    if (fill_sweep(&sweep, front, sheets) != IFL_OK) {
        sweep_release(&sweep);
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for the estimates");
    }
    sweep_release(&showing->sweep);
    showing->sweep = sweep;
    return IFL_OK;
}

/* The quantity that tells that a panel has what it needs. Where a run does not have it (no labels, no maps) the panel
 * is complete only when nothing more will come. */
static enum ifl_quantity mark_of(enum panel panel)
{
    static const enum ifl_quantity marks[PANELS] = {[PANEL_DPI] = IFL_I_XT,
                                                    [PANEL_IP] = IFL_I_TY,
                                                    [PANEL_MIP] = IFL_NONREDUNDANT_Y,
                                                    [PANEL_PID] = IFL_TRADEOFF_PCT_Y};
    return marks[panel];
}

/* The estimates of a sheet that are of the subject's point. */
static void find_point(const struct subject *subject, const struct sheet *sheet, size_t *from, size_t *to)
{
    int64_t step = subject->timeline.count > 0 ? subject->timeline.steps[subject->point] : 0;
    *from = 0;
    while (*from < sheet->count && sheet->estimates[*from].step < step)
        ++*from;
    for (*to = *from; *to < sheet->count && sheet->estimates[*to].step == step;)
        ++*to;
}

/* `point`: at the cursor alone. */
static bool member_has(const struct subject *subject, const struct member *member, enum panel panel, bool point)
{
    const struct sheet *sheet = member->asked;
    if (sheet == NULL)
        return false;
    if ((panel_quantities(panel) & ~sheet->done) == 0 || sheet->count == 0)
        return true;
    size_t from = 0, to = sheet->count;
    if (point)
        find_point(subject, sheet, &from, &to);
    return from == to || sheet_has(sheet, from, to, mark_of(panel));
}

static bool subjects_have(const struct showing *showing, enum panel panel, bool point)
{
    for (size_t s = 0; s < showing->count; s++)
        for (size_t m = 0; m < showing->subjects[s].n_members; m++)
            if (!member_has(&showing->subjects[s], &showing->subjects[s].members[m], panel, point))
                return false;
    return true;
}

static bool width_has(const struct sweep *sweep, size_t width)
{
    enum ifl_quantity mark = sweep->chain == IFL_BACKWARD ? IFL_I_DELTA : IFL_I_XT;
    for (size_t m = 0; m < sweep->n_members; m++) {
        const struct sheet *sheet = sweep->sheets[width * sweep->n_members + m];
        if ((VIEW_WIDTH_QUANTITIES(sweep->chain) & ~sheet->done) != 0 && sheet->count > 0 &&
            !sheet_has(sheet, 0, sheet->count, mark))
            return false;
    }
    return true;
}

size_t sweep_missing(const struct sweep *sweep)
{
    size_t missing = 0;
    for (size_t k = 0; k < SWEEP_WIDTHS; k++)
        missing += sweep->sheets == NULL || !width_has(sweep, k);
    return missing;
}

static bool sweep_has(const struct sweep *sweep)
{
    return sweep_missing(sweep) == 0;
}

static void settle_sweep(struct showing *showing)
{
    struct sweep *from = &showing->sweep, *to = &showing->shown_sweep;
    if (!sweep_has(from) || (to->sheets != NULL && same_sweep(from, to)))
        return;
    sweep_release(to);
    struct sheet **sheets = ifl_alloc(SWEEP_WIDTHS * from->n_members, sizeof *sheets);
    if (sheets == NULL)
        return; /* the old one stays */
    *to = *from;
    to->sheets = sheets;
    for (size_t k = 0; k < SWEEP_WIDTHS * from->n_members; k++)
        sheet_hold(&to->sheets[k], from->sheets[k]);
}

void showing_settle(struct showing *showing)
{
    for (int p = 0; p < PANELS; p++) {
        if (p == PANEL_WIDTH || !subjects_have(showing, (enum panel)p, false))
            continue;
        for (size_t s = 0; s < showing->count; s++)
            for (size_t m = 0; m < showing->subjects[s].n_members; m++) {
                struct member *member = &showing->subjects[s].members[m];
                sheet_hold(&member->shown[p], member->asked);
            }
    }
    settle_sweep(showing);
}

/* A chain is one step's and can change as soon as that is there; half of a plane's trajectories would be neither here
 * nor there. */
static bool shows_asked(const struct showing *showing, enum panel panel)
{
    return panel == PANEL_DPI && subjects_have(showing, panel, true);
}

const struct sheet *showing_sheet(const struct showing *showing, enum panel panel, const struct member *member)
{
    return member->shown[panel] == NULL || shows_asked(showing, panel) ? member->asked : member->shown[panel];
}

bool showing_stale(const struct showing *showing, enum panel panel)
{
    if (panel == PANEL_WIDTH)
        return showing->shown_sweep.sheets != NULL && !same_sweep(&showing->sweep, &showing->shown_sweep);
    for (size_t s = 0; s < showing->count && !shows_asked(showing, panel); s++)
        for (size_t m = 0; m < showing->subjects[s].n_members; m++) {
            const struct member *member = &showing->subjects[s].members[m];
            if (member->shown[panel] != NULL && member->asked != NULL &&
                !params_equal(&member->shown[panel]->params, &member->asked->params))
                return true;
        }
    return false;
}

bool showing_lacks(const struct showing *showing, enum panel panel)
{
    return panel == PANEL_WIDTH ? !sweep_has(&showing->sweep) : !subjects_have(showing, panel, false);
}
