#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "workbench.h"

/* milliseconds */
static const int64_t play_pause = 150;  /* from snapshot to snapshot */
static const int64_t stale_pause = 200; /* until plots of old parameters are marked */
static const int64_t busy_pause = 200;  /* until it is said that something is being computed */

void workbench_say(struct workbench *w, bool alarm, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(w->message, sizeof w->message, format, arguments);
    va_end(arguments);
    w->alarm = alarm;
    w->says_escape = false;
    w->changed = true;
}

enum ifl_chain looks_chain(const struct looks *looks)
{
    return looks->chains == IFL_BIT(IFL_BACKWARD) ? IFL_BACKWARD : IFL_FORWARD;
}

/* ---- life ---- */

/* One line of a session, a saved view or the configuration. */
static enum ifl_status do_line(struct workbench *w, const char *line, struct ifl_error *error)
{
    enum ifl_status status = runs_view_read(&w->runs, line, error);
    return status == IFL_NOT_FOUND ? workbench_line(w, line, error) : status;
}

static enum ifl_status take_config_line(void *context, const char *line, struct ifl_error *error)
{
    return do_line(context, line, error);
}

/* A config file that is wrong in places is obeyed in the others. */
static void read_config(struct workbench *w)
{
    struct ifl_error error = {0};
    char *path = config_path();
    if (path != NULL && config_read(path, take_config_line, w, &error) != IFL_OK && error.status != IFL_NOT_FOUND)
        workbench_say(w, true, "%s", error.message);
    free(path);
}

/* What to open once the list is there: the runs asked for, else what a session that did not end had open. */
static void plan_start(struct workbench *w, const struct tui_options *options)
{
    char line[32 * TUI_RUNS_MOST] = "compare";
    for (size_t k = 0, used = strlen(line); k < options->n_runs && k < TUI_RUNS_MOST; k++)
        used += (size_t)snprintf(line + used, sizeof line - used, " #%" PRId64, options->runs[k]);
    if (options->n_runs > 0) {
        w->start = strdup(line);
    } else if (!w->no_session) {
        w->start = session_left(w);
        if (w->start != NULL) {
            workbench_say(w, false, "goes on where it was cut off; Esc: the runs");
            w->says_escape = true;
        }
    }
}

enum ifl_status workbench_new(struct workbench **out, const struct tui_options *options, struct ifl_error *error)
{
    struct workbench *w = ifl_alloc(1, sizeof *w);
    if (w == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for the workbench");
    w->threads = options->threads;
    w->theme = options->theme;
    w->mouse = true;
    w->looks.tolerance = IFL_DPI_TOLERANCE;
    w->no_session = options->no_session;
    w->database = strdup(options->database);
    settings_init(&w->settings, &options->params);
    enum ifl_status status =
        w->database == NULL ? ifl_fail(error, IFL_NO_MEMORY, "no memory for the workbench") : IFL_OK;
    if (status == IFL_OK)
        status = clerk_new(&w->clerk, w->database, error);
    if (status != IFL_OK) {
        workbench_free(w);
        return status;
    }
    read_config(w);
    char *path = history_path();
    if (path != NULL)
        history_read(&w->history, path);
    free(path);
    plan_start(w, options);
    errand_list(w);
    if (options->watch != NULL)
        errand_watch(w, options->watch);
    *out = w;
    return IFL_OK;
}

void workbench_free(struct workbench *w)
{
    if (w == NULL)
        return;
    char *path = history_path();
    if (path != NULL)
        history_write(&w->history, path);
    free(path);
    follower_free(w->follower);
    if (!w->quit && w->clerk != NULL)
        session_leave(w);
    clerk_free(w->clerk); /* edits under way are done */
    if (w->quit)
        session_end(w);
    requests_release(w);
    engine_free(w->engine);
    showing_release(&w->showing);
    sheets_release(&w->sheets);
    runs_release(&w->runs);
    history_release(&w->history);
    drawn_release(&w->drawn);
    prompt_close(&w->prompt);
    for (size_t k = 0; k < w->n_deletions; k++)
        free(w->deletions[k].ids);
    free(w->followed);
    free(w->refused);
    free(w->start);
    free(w->saved);
    free(w->database);
    free(w);
}

/* ---- what is where ---- */

void workbench_resize(struct workbench *w, int columns, int rows)
{
    w->columns = columns;
    w->rows = rows;
    w->changed = true;
    if (w->screen == SCREEN_RUN && workbench_layout(w).kind != LAYOUT_STRIP)
        w->on_strip = false;
}

struct layout workbench_layout(const struct workbench *w)
{
    if (w->screen == SCREEN_LIST)
        return layout_list(w->columns, w->rows);
    struct layout_wish wish = {.panel = w->panel,
                               .zoomed = w->zoomed || w->panel >= PANELS_ABREAST,
                               .no_strip = w->no_strip,
                               .rows = 1};
    bool rows_help = w->panel < PANELS_ABREAST || w->panel == PANEL_PID; /* widths are of one subject */
    if (w->in_rows && rows_help)
        wish.rows = w->showing.count < PLOT_SUBJECTS ? (int)w->showing.count : PLOT_SUBJECTS;
    return layout_run(w->columns, w->rows, &wish);
}

unsigned workbench_context(const struct workbench *w)
{
    if (w->screen == SCREEN_LIST)
        return ON_LIST;
    return w->on_strip ? ON_STRIP : ON_PLOTS;
}

/* ---- opening and closing ---- */

static const struct member *find_member(const struct showing *showing, int64_t run)
{
    for (size_t s = 0; s < showing->count; s++)
        for (size_t m = 0; m < showing->subjects[s].n_members; m++)
            if (showing->subjects[s].members[m].run.id == run)
                return &showing->subjects[s].members[m];
    return NULL;
}

static bool same_shape(const struct showing *a, const struct showing *b)
{
    bool same = a->count == b->count;
    for (size_t s = 0; s < a->count && same; s++)
        same = a->subjects[s].n_members == b->subjects[s].n_members;
    return same;
}

/* Whether every run of one is shown by the other: some may have been deleted since. */
static bool all_shown(const struct showing *showing, const struct showing *by)
{
    for (size_t s = 0; s < showing->count; s++)
        for (size_t m = 0; m < showing->subjects[s].n_members; m++)
            if (find_member(by, showing->subjects[s].members[m].run.id) == NULL)
                return false;
    return true;
}

/* What panels show goes over to the same runs, so that nothing blinks while training goes on. */
static void keep_shown(struct showing *to, struct showing *from)
{
    for (size_t s = 0; s < to->count; s++)
        for (size_t m = 0; m < to->subjects[s].n_members; m++) {
            struct member *member = &to->subjects[s].members[m];
            const struct member *before = find_member(from, member->run.id);
            for (int p = 0; p < PANELS && before != NULL; p++)
                sheet_hold(&member->shown[p], before->shown[p]);
        }
    if (!same_shape(to, from))
        return;
    to->shown_sweep = from->shown_sweep;
    from->shown_sweep = (struct sweep){0};
}

void workbench_show(struct workbench *w, struct showing *fresh, bool again)
{
    bool same = w->screen == SCREEN_RUN && all_shown(fresh, &w->showing);
    if (again && !same) { /* something else was opened meanwhile */
        showing_release(fresh);
        return;
    }
    if (w->screen == SCREEN_RUN)
        showing_follow(fresh, &w->showing);
    if (same)
        keep_shown(fresh, &w->showing);
    else
        w->playing = false;
    requests_release(w);
    showing_release(&w->showing);
    w->showing = *fresh;
    w->on_strip &= w->screen == SCREEN_RUN;
    w->screen = SCREEN_RUN;
    w->canceled = false;
    w->ask = w->changed = w->session_touched = true;
}

void workbench_close_run(struct workbench *w)
{
    requests_cancel(w);
    showing_release(&w->showing);
    w->screen = SCREEN_LIST;
    w->on_strip = w->playing = w->canceled = false;
    w->ask = w->changed = true;
    errand_list(w);
}

void workbench_deleted(struct workbench *w, const int64_t *ids, size_t count)
{
    int64_t *copy = ifl_alloc(count, sizeof *copy);
    if (copy == NULL)
        return; /* the bin still has them */
    memcpy(copy, ids, count * sizeof *ids);
    if (w->n_deletions == DELETIONS) {
        free(w->deletions[0].ids);
        memmove(w->deletions, w->deletions + 1, --w->n_deletions * sizeof *w->deletions);
    }
    w->deletions[w->n_deletions++] = (struct deletion){copy, count};
}

/* The last deletion of just these runs. */
void workbench_restored(struct workbench *w, const int64_t *ids, size_t count)
{
    for (size_t k = w->n_deletions; k-- > 0;) {
        struct deletion *deletion = &w->deletions[k];
        if (deletion->count != count || count == 0 || memcmp(deletion->ids, ids, count * sizeof *ids) != 0)
            continue;
        free(deletion->ids);
        memmove(deletion, deletion + 1, (--w->n_deletions - k) * sizeof *deletion);
        return;
    }
}

/* ---- news ---- */

bool workbench_busy(const struct workbench *w)
{
    return !w->canceled && (w->ask || w->progress.busy) && (w->screen == SCREEN_RUN || w->engine != NULL);
}

bool workbench_waits(struct workbench *w)
{
    return clerk_busy(w->clerk) || w->list_wanted || (w->engine != NULL && workbench_busy(w));
}

size_t workbench_fds(const struct workbench *w, struct pollfd out[WORKBENCH_FDS])
{
    size_t count = 0;
    out[count++] = (struct pollfd){.fd = clerk_fd(w->clerk), .events = POLLIN};
    if (w->engine != NULL)
        out[count++] = (struct pollfd){.fd = engine_fd(w->engine), .events = POLLIN};
    if (w->follower != NULL)
        out[count++] = (struct pollfd){.fd = follower_fd(w->follower), .events = POLLIN};
    return count;
}

static void clerk_news(struct workbench *w)
{
    struct errand *errand;
    while ((errand = clerk_take(w->clerk)) != NULL) {
        if (errand->done != NULL)
            errand->done(errand, w, errand->status, &errand->error);
        errand->discard(errand);
        w->changed = true;
    }
    if (clerk_changed(w->clerk)) {
        errand_list(w);
        if (w->screen == SCREEN_RUN)
            requests_reopen(w);
    }
}

/* What goes on by itself does not take away what went wrong before somebody has seen it. */
void workbench_told(struct workbench *w, const struct follower_news *news)
{
    bool error = news->kind == FOLLOWER_ERROR;
    if (error || !w->alarm || w->message[0] == '\0')
        workbench_say(w, error, "%s", news->text);
}

static void follower_news(struct workbench *w)
{
    struct follower_news news;
    while (w->follower != NULL && follower_take(w->follower, &news))
        workbench_told(w, &news);
}

void workbench_queue(struct workbench *w, char *lines)
{
    free(w->start);
    w->start = lines;
    w->changed = true;
}

/* As many of the lines that wait as can be done: those behind one that opens something wait for it. What is wrong in
 * one is said, and the others are done. */
static void do_lines(struct workbench *w)
{
    struct ifl_error error = {0}, failed;
    char *lines = w->start, *at = lines;
    if (lines == NULL || !w->listed)
        return;
    w->start = NULL;
    while (at != NULL && *at != '\0' && w->opening == 0) {
        char *end = strchr(at, '\n');
        if (end != NULL)
            *end = '\0';
        if (do_line(w, at, &failed) != IFL_OK && error.message[0] == '\0')
            error = failed;
        at = end != NULL ? end + 1 : NULL;
    }
    if (at != NULL && *at != '\0' && w->start == NULL)
        w->start = strdup(at);
    free(lines);
    if (error.message[0] != '\0')
        workbench_say(w, true, "%s", error.message);
    w->changed = w->session_touched = true;
}

void workbench_news(struct workbench *w)
{
    clerk_news(w);
    if (w->opening == 0)
        do_lines(w);
    follower_news(w);
    requests_news(w);
}

/* ---- time ---- */

/* How long until another panel has to be marked as stale, -1: none. */
static int mark_stale(struct workbench *w, int64_t now)
{
    int wait = -1;
    for (int k = 0; k < PANELS; k++) {
        bool stale = w->screen == SCREEN_RUN && showing_stale(&w->showing, (enum panel)k);
        int64_t *since = &w->stale_since[k];
        *since = !stale ? 0 : *since == 0 ? now : *since;
        bool mark = stale && now - *since >= stale_pause;
        w->changed |= mark != w->stale[k];
        w->stale[k] = mark;
        if (stale && !mark)
            wait = workbench_sooner(wait, (int)(*since + stale_pause - now));
    }
    return wait;
}

/* What is there before one has looked is not worth a line that comes and goes. */
static int show_busy(struct workbench *w, int64_t now)
{
    bool busy = w->screen == SCREEN_RUN && workbench_busy(w);
    w->busy_since = !busy ? 0 : w->busy_since == 0 ? now : w->busy_since;
    bool show = busy && now - w->busy_since >= busy_pause;
    w->changed |= show != w->busy_shown;
    w->busy_shown = show;
    return busy && !show ? (int)(w->busy_since + busy_pause - now) : -1;
}

static int play_on(struct workbench *w, int64_t now)
{
    if (!w->playing)
        return -1;
    if (now >= w->play_at) {
        bool first = w->play_at == 0;
        w->play_at = now + play_pause;
        if (!first)
            w->playing = showing_move_point(&w->showing, 1);
        w->changed = w->session_touched = true;
    }
    return w->playing ? (int)(w->play_at - now) : -1;
}

bool workbench_list_lacks(struct workbench *w)
{
    int64_t id;
    return w->screen == SCREEN_LIST && w->listed && !w->in_bin && !w->canceled && !w->progress.busy &&
           w->engine != NULL && runs_wanting_share(&w->runs, &id, 1) > 0;
}

/* A list that could not be read is tried again each second. */
static int list_again(struct workbench *w, int64_t now)
{
    if (!w->list_failed || w->list_wanted) {
        w->list_failed_at = 0;
        return -1;
    }
    if (w->list_failed_at == 0)
        w->list_failed_at = now;
    if (now < w->list_failed_at + 1000)
        return (int)(w->list_failed_at + 1000 - now);
    errand_list(w);
    return -1;
}

/* The end of a paste can get lost; a pause is as good. */
static void end_paste(struct workbench *w, int64_t now)
{
    if (w->pasting && w->pasted_at == 0)
        w->pasted_at = now;
    else if (w->pasting && now > w->pasted_at + 1000)
        w->pasting = false;
}

int workbench_settle(struct workbench *w, int64_t now)
{
    end_paste(w, now);
    if (w->ask && w->engine != NULL)
        requests_ask(w);
    int wait = workbench_sooner(play_on(w, now), mark_stale(w, now));
    wait = workbench_sooner(wait, show_busy(w, now));
    wait = workbench_sooner(wait, list_again(w, now));
    return workbench_sooner(wait, session_keep(w, now));
}
