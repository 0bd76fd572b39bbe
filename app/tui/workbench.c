#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "workbench.h"

/* milliseconds */
static const int64_t play_pause = 150;  /* from snapshot to snapshot */
static const int64_t stale_pause = 200; /* until plots of old parameters are marked */

void workbench_say(struct workbench *workbench, bool alarm, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(workbench->message, sizeof workbench->message, format, arguments);
    va_end(arguments);
    workbench->alarm = alarm;
    workbench->changed = true;
}

/* ---- life ---- */

static enum ifl_status load_runs(struct workbench *workbench, struct ifl_error *error)
{
    struct store_run *items;
    size_t count;
    enum ifl_status status = store_list_runs(workbench->store, &items, &count, error);
    return status == IFL_OK ? runs_take(&workbench->runs, items, count, error) : status;
}

static enum ifl_status load(struct workbench *workbench, const struct tui_options *options, struct ifl_error *error)
{
    workbench->database = strdup(options->database);
    if (workbench->database == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for the workbench");
    enum ifl_status status = store_open(&workbench->store, options->database, STORE_READ, error);
    if (status == IFL_NOT_FOUND && options->run == 0)
        return IFL_OK;
    if (status == IFL_OK)
        status = load_runs(workbench, error);
    if (status != IFL_OK || options->run == 0)
        return status;
    runs_select(&workbench->runs, options->run);
    workbench_open(workbench, options->run);
    if (workbench->screen != SCREEN_RUN)
        return ifl_fail(error, IFL_FAILED, "%s", workbench->message);
    return IFL_OK;
}

enum ifl_status workbench_new(struct workbench **out, const struct tui_options *options, struct ifl_error *error)
{
    struct workbench *workbench = ifl_alloc(1, sizeof *workbench);
    if (workbench == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for the workbench");
    workbench->threads = options->threads;
    settings_init(&workbench->settings, &options->params);
    enum ifl_status status = load(workbench, options, error);
    if (status != IFL_OK)
        workbench_free(workbench);
    else
        *out = workbench;
    return status;
}

void workbench_free(struct workbench *workbench)
{
    if (workbench == NULL)
        return;
    engine_free(workbench->engine);
    opened_release(&workbench->opened);
    runs_release(&workbench->runs);
    store_close(workbench->store);
    free(workbench->database);
    free(workbench);
}

void workbench_resize(struct workbench *workbench, int columns, int rows)
{
    workbench->columns = columns;
    workbench->rows = rows;
    workbench->changed = true;
    if (workbench->screen == SCREEN_RUN && workbench_layout(workbench).kind != LAYOUT_STRIP)
        workbench->on_strip = false;
}

struct layout workbench_layout(const struct workbench *workbench)
{
    if (workbench->screen == SCREEN_LIST)
        return layout_list(workbench->columns, workbench->rows);
    return layout_run(workbench->columns, workbench->rows, workbench->panel, workbench->zoomed);
}

/* ---- opening and closing ---- */

void workbench_open(struct workbench *workbench, int64_t run)
{
    struct ifl_error error = {0};
    struct opened fresh;
    enum ifl_status status = IFL_OK;
    if (workbench->engine == NULL)
        status = engine_new(&workbench->engine, workbench->database, workbench->threads, &error);
    if (status == IFL_OK)
        status = opened_init(&fresh, workbench->store, run, &error);
    if (status != IFL_OK) {
        workbench_say(workbench, true, "cannot open the run: %s", error.message);
        return;
    }
    bool again = workbench->screen == SCREEN_RUN;
    if (again) {
        while (fresh.layer < workbench->opened.layer && opened_move_layer(&fresh, 1))
            ;
        opened_release(&workbench->opened);
    }
    workbench->opened = fresh;
    workbench->screen = SCREEN_RUN;
    workbench->on_strip &= again;
    workbench->playing = workbench->canceled = false;
    workbench->ask = true;
}

void workbench_close_run(struct workbench *workbench)
{
    struct ifl_error error = {0};
    engine_cancel(workbench->engine);
    opened_release(&workbench->opened);
    workbench->screen = SCREEN_LIST;
    workbench->on_strip = workbench->playing = workbench->ask = false;
    workbench->progress = (struct engine_progress){0};
    if (load_runs(workbench, &error) != IFL_OK)
        workbench_say(workbench, true, "cannot read the runs again: %s", error.message);
}

/* ---- estimates ---- */

bool workbench_busy(const struct workbench *workbench)
{
    return workbench->screen == SCREEN_RUN && !workbench->canceled && (workbench->ask || workbench->progress.busy);
}

/* Whole layers are cheap, and the readout shows them; pairs of maps are dear. */
static ifl_quantity_set on_screen(const struct workbench *workbench)
{
    ifl_quantity_set quantities = panel_quantities(PANEL_DPI) | panel_quantities(PANEL_IP);
    if (workbench_layout(workbench).panels[PANEL_MIP].columns > 0)
        quantities |= panel_quantities(PANEL_MIP);
    return quantities;
}

static void ask(struct workbench *workbench)
{
    const struct opened *opened = &workbench->opened;
    struct engine_request request = {.run = opened->run.id,
                                     .params = workbench->settings.now.params,
                                     .wanted = opened_quantities(),
                                     .soon = on_screen(workbench)};
    if (opened->timeline.count > 0)
        request.first = opened->timeline.first[opened->point];
    workbench->ticket = engine_ask(workbench->engine, &request);
    workbench->progress = (struct engine_progress){.ticket = workbench->ticket, .busy = true};
    workbench->ask = workbench->canceled = false;
}

int workbench_fd(const struct workbench *workbench)
{
    return workbench->engine != NULL ? engine_fd(workbench->engine) : -1;
}

/* All there is of the newest request, and whether more will come. Taking clears the news, so it is done before looking
 * how far the engine is, lest its last word be lost; and again after that, lest its last estimates be. */
static bool take(struct workbench *workbench, struct estimates *out)
{
    struct estimates last;
    uint64_t ticket = 0;
    bool taken = engine_take(workbench->engine, out, &ticket);
    engine_watch(workbench->engine, &workbench->progress);
    if (!workbench->progress.busy && engine_take(workbench->engine, &last, &ticket)) {
        if (taken)
            estimates_release(out);
        *out = last;
        taken = true;
    }
    if (taken && (workbench->screen != SCREEN_RUN || ticket != workbench->ticket)) {
        estimates_release(out);
        taken = false;
    }
    return taken;
}

void workbench_news(struct workbench *workbench)
{
    struct ifl_error error = {0};
    struct estimates estimates;
    bool taken = take(workbench, &estimates);
    const struct engine_progress *progress = &workbench->progress;
    bool complete = !progress->busy && !progress->failed && !workbench->canceled &&
                    progress->ticket == workbench->ticket;
    workbench->changed |= workbench->screen == SCREEN_RUN;
    if (taken && opened_take(&workbench->opened, workbench->store, &estimates, complete, &error) != IFL_OK)
        workbench_say(workbench, true, "%s", error.message);
    if (!taken && complete && workbench->screen == SCREEN_RUN) /* the end came after the last estimates */
        opened_complete(&workbench->opened);
}

/* How long until another panel has to be marked as stale, -1: none. */
static int mark_stale(struct workbench *workbench, int64_t now)
{
    int wait = -1;
    for (int k = 0; k < PANELS; k++) {
        bool stale = opened_stale(&workbench->opened, (enum panel)k, &workbench->settings.now.params);
        int64_t *since = &workbench->stale_since[k];
        *since = !stale ? 0 : *since == 0 ? now : *since;
        bool mark = stale && now - *since >= stale_pause;
        workbench->changed |= mark != workbench->stale[k];
        workbench->stale[k] = mark;
        if (stale && !mark)
            wait = workbench_sooner(wait, (int)(*since + stale_pause - now));
    }
    return wait;
}

static int play_on(struct workbench *workbench, int64_t now)
{
    if (!workbench->playing)
        return -1;
    if (now >= workbench->play_at) {
        bool first = workbench->play_at == 0;
        workbench->play_at = now + play_pause;
        if (!first)
            workbench->playing = opened_move_point(&workbench->opened, 1);
        workbench->changed = true;
    }
    return workbench->playing ? (int)(workbench->play_at - now) : -1;
}

int workbench_settle(struct workbench *workbench, int64_t now)
{
    if (workbench->screen != SCREEN_RUN)
        return -1;
    if (workbench->ask)
        ask(workbench);
    int wait = play_on(workbench, now);
    return workbench_sooner(wait, mark_stale(workbench, now));
}
