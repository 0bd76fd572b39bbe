/* What the engine is asked for: the sheets that the screen lacks, or the links of the runs in the list. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "workbench.h"

enum { TALLIES_AT_ONCE = 16 };

/* The links of one run's chains, counted as its snapshots come. */
struct tally {
    int64_t run;
    size_t layers;
    bool *counted; /* [of] */
    size_t of, seen;
    struct ifl_dpi dpi[2]; /* by enum ifl_chain */
};

void requests_release(struct workbench *w)
{
    struct request *r = &w->request;
    for (size_t k = 0; k < r->count; k++)
        sheet_hold(&r->sheets[k], NULL);
    for (size_t k = 0; k < r->n_tallies; k++)
        free(r->tallies[k].counted);
    free(r->sheets);
    free(r->wanted);
    free(r->tallies);
    *r = (struct request){0};
}

void requests_cancel(struct workbench *w)
{
    if (w->engine != NULL)
        engine_cancel(w->engine);
    requests_release(w);
    w->progress = (struct engine_progress){0};
    w->ask = false;
}

/* ---- what is lacking ---- */

struct collection {
    struct workbench *w;
    struct engine_task *tasks;
    size_t count, room;
    bool failed;
};

static void add(struct collection *c, struct sheet *sheet, const struct engine_task *task)
{
    struct request *r = &c->w->request;
    if ((task->wanted & ~sheet->done) == 0 || sheet->count == 0 || c->failed)
        return;
    if (c->count == c->room) {
        size_t room = 2 * c->room + 16;
        struct engine_task *tasks = realloc(c->tasks, room * sizeof *tasks);
        if (tasks != NULL)
            c->tasks = tasks;
        struct sheet **sheets = realloc(r->sheets, room * sizeof *sheets);
        if (sheets != NULL)
            r->sheets = sheets;
        ifl_quantity_set *wanted = realloc(r->wanted, room * sizeof *wanted);
        if (wanted != NULL)
            r->wanted = wanted;
        c->failed = tasks == NULL || sheets == NULL || wanted == NULL;
        if (c->failed)
            return;
        c->room = room;
    }
    c->tasks[c->count++] = *task;
    r->wanted[r->count] = task->wanted;
    r->sheets[r->count] = NULL;
    sheet_hold(&r->sheets[r->count++], sheet);
}

/* Whole layers are cheap, and the readout shows them; pairs of maps are dear. */
static ifl_quantity_set on_screen(const struct workbench *w)
{
    ifl_quantity_set quantities =
        panel_quantities(PANEL_DPI) | panel_quantities(PANEL_IP) | IFL_BIT(IFL_H_Y);
    struct layout layout = workbench_layout(w);
    for (int p = 0; p < PANELS; p++)
        if (layout.panels[0][p].columns > 0)
            quantities |= panel_quantities((enum panel)p);
    return quantities;
}

static void add_subject(struct collection *c, const struct subject *subject)
{
    if (subject->timeline.count == 0)
        return;
    struct engine_task task = {.params = c->w->settings.now.params,
                               .wanted = SHOWING_QUANTITIES,
                               .soon = on_screen(c->w),
                               .first = subject->timeline.steps[subject->point]};
    for (size_t m = 0; m < subject->n_members; m++) {
        task.run = subject->members[m].run.id;
        add(c, subject->members[m].asked, &task);
    }
}

static void add_subjects(struct collection *c)
{
    const struct showing *showing = &c->w->showing;
    add_subject(c, &showing->subjects[showing->front]);
    for (size_t s = 0; s < showing->count; s++)
        if (s != showing->front)
            add_subject(c, &showing->subjects[s]);
}

/* The coarse first, so that the curves stand early and are filled in. */
static void add_sweep(struct collection *c)
{
    const struct sweep *sweep = &c->w->showing.sweep;
    const struct subject *subject = &c->w->showing.subjects[sweep->subject];
    for (size_t stride = 8; stride > 0 && sweep->sheets != NULL; stride /= 2)
        for (size_t k = 0; k < SWEEP_WIDTHS; k += stride) {
            if (stride < 8 && k % (2 * stride) == 0)
                continue;
            for (size_t m = 0; m < sweep->n_members; m++) {
                struct sheet *sheet = sweep->sheets[k * sweep->n_members + m];
                struct engine_task task = {.run = subject->members[m].run.id,
                                           .params = sheet->params,
                                           .wanted = VIEW_WIDTH_QUANTITIES(sweep->chain),
                                           .first = sweep->step,
                                           .only_first = true};
                add(c, sheet, &task);
            }
        }
}

static bool shows_widths(const struct workbench *w)
{
    return workbench_layout(w).panels[0][PANEL_WIDTH].columns > 0;
}

static void collect_showing(struct collection *c)
{
    struct workbench *w = c->w;
    struct ifl_error error = {0};
    const struct ifl_params *params = &w->settings.now.params;
    enum ifl_status status = showing_want(&w->showing, &w->sheets, params, &error);
    if (status == IFL_OK && shows_widths(w))
        status = showing_want_sweep(&w->showing, &w->sheets, params, looks_chain(&w->looks), &error);
    if (status != IFL_OK) {
        workbench_say(w, true, "%s", error.message);
        return;
    }
    if (shows_widths(w))
        add_sweep(c);
    add_subjects(c);
}

static void collect_list(struct collection *c)
{
    struct workbench *w = c->w;
    struct request *r = &w->request;
    int64_t ids[TALLIES_AT_ONCE];
    if (!params_equal(&w->shares_of, &w->settings.now.params))
        runs_forget_shares(&w->runs);
    w->shares_of = w->settings.now.params;
    size_t count = runs_wanting_share(&w->runs, ids, TALLIES_AT_ONCE);
    r->tallies = ifl_alloc(count, sizeof *r->tallies);
    c->tasks = ifl_alloc(count, sizeof *c->tasks);
    for (size_t k = 0; k < count && r->tallies != NULL && c->tasks != NULL; k++) {
        const struct store_run *run = runs_find(&w->runs, ids[k]);
        r->tallies[r->n_tallies++] = (struct tally){.run = ids[k], .layers = run != NULL ? run->run.n_layers : 0};
        c->tasks[c->count++] = (struct engine_task){.run = ids[k],
                                                    .params = w->settings.now.params,
                                                    .wanted = IFL_BIT(IFL_I_XT) | IFL_BIT(IFL_I_DELTA),
                                                    .passing = true};
    }
}

/* ---- asking ---- */

void requests_ask(struct workbench *w)
{
    if (w->engine == NULL)
        return;
    requests_release(w);
    w->ask = w->canceled = false;
    struct collection c = {.w = w};
    if (w->screen == SCREEN_RUN && w->showing.count > 0)
        collect_showing(&c);
    else if (w->screen == SCREEN_LIST && w->listed && !w->in_bin)
        collect_list(&c);
    if (c.failed)
        workbench_say(w, true, "no memory for the estimates");
    if (c.count > 0 && !c.failed)
        w->request.ticket = engine_ask(w->engine, c.tasks, c.count);
    else
        engine_cancel(w->engine);
    w->progress = (struct engine_progress){.ticket = w->request.ticket, .busy = w->request.ticket != 0};
    free(c.tasks);
    showing_settle(&w->showing);
    w->changed = true;
}

/* ---- answers ---- */

static double share_of(const struct ifl_dpi *dpi)
{
    return dpi->links > 0 ? 1 - (double)dpi->violated / (double)dpi->links : NAN;
}

static void tell_share(struct workbench *w, const struct tally *tally)
{
    runs_set_share(&w->runs, tally->run, share_of(&tally->dpi[IFL_FORWARD]), share_of(&tally->dpi[IFL_BACKWARD]));
}

static void count_links(struct workbench *w, struct tally *tally, const struct engine_answer *answer)
{
    if (tally->counted == NULL) {
        tally->counted = ifl_alloc(answer->of, sizeof *tally->counted);
        tally->of = answer->of;
    }
    if (tally->counted == NULL || answer->of != tally->of || answer->index >= tally->of ||
        tally->counted[answer->index])
        return;
    tally->counted[answer->index] = true;
    for (int chain = 0; chain < 2; chain++)
        ifl_dpi_add(&tally->dpi[chain], answer->index, answer->estimate.records, answer->estimate.count,
                    tally->layers, (enum ifl_chain)chain, w->looks.tolerance);
    if (++tally->seen == tally->of)
        tell_share(w, tally);
}


void requests_reopen(struct workbench *w)
{
    size_t sizes[SUBJECTS_MOST], n = 0;
    for (size_t s = 0; s < w->showing.count; s++)
        n += sizes[s] = w->showing.subjects[s].n_members;
    int64_t *ids = ifl_alloc(n, sizeof *ids), *to = ids;
    for (size_t s = 0; ids != NULL && s < w->showing.count; s++)
        for (size_t m = 0; m < sizes[s]; m++)
            *to++ = w->showing.subjects[s].members[m].run.id;
    if (ids != NULL)
        errand_open(w, ids, sizes, w->showing.count, true);
    free(ids);
}

static void take_answer(struct workbench *w, struct engine_answer *answer, bool *outdated)
{
    struct request *r = &w->request;
    if (r->n_tallies > 0 && answer->task < r->n_tallies)
        count_links(w, &r->tallies[answer->task], answer);
    else if (answer->task < r->count)
        *outdated |= !sheet_take(r->sheets[answer->task], answer);
}

static void take_answers(struct workbench *w, bool *outdated)
{
    struct engine_answer *answers;
    size_t count;
    uint64_t ticket;
    while (engine_take(w->engine, &answers, &count, &ticket)) {
        for (size_t k = 0; k < count && ticket == w->request.ticket; k++)
            take_answer(w, &answers[k], outdated);
        engine_answers_free(answers, count);
    }
}

/* Nothing more will come of what was asked for. */
static void finish(struct workbench *w)
{
    struct request *r = &w->request;
    for (size_t k = 0; k < r->count; k++)
        r->sheets[k]->done |= r->wanted[k];
    for (size_t k = 0; k < r->n_tallies; k++)
        if (r->tallies[k].seen != r->tallies[k].of || r->tallies[k].of == 0)
            tell_share(w, &r->tallies[k]);
    w->ask |= r->n_tallies > 0; /* the next ones */
    requests_release(w);
}

void requests_news(struct workbench *w)
{
    if (w->engine == NULL || w->request.ticket == 0)
        return;
    bool outdated = false;
    take_answers(w, &outdated);
    engine_watch(w->engine, &w->progress);
    bool ended = !w->progress.busy && w->progress.ticket == w->request.ticket;
    if (ended) /* what came between the last taking and the end */
        take_answers(w, &outdated);
    /* A run of the list that fails (deleted meanwhile) must not hold up the others. */
    bool failed = w->progress.failed && w->request.n_tallies == 0;
    if (ended && !outdated && !failed && !w->canceled)
        finish(w);
    showing_settle(&w->showing);
    if (outdated && w->screen == SCREEN_RUN)
        requests_reopen(w);
    w->changed = true;
}
