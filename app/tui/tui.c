/* The loop: waits for keys, signals and estimates, and paints when something has changed. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "keys.h"
#include "signals.h"
#include "term.h"
#include "tui.h"
#include "workbench.h"

enum {
    PAINT_PAUSE = 25, /* milliseconds between two paintings: a held key and a busy engine stay below 40 a second */
    ANSWER_PAUSE = 8, /* that a painting waits for the first answer to what a key asked for, to be of both */
    KEYS_AT_ONCE = 4096,
    COLUMNS_MOST = 2000, /* of a canvas */
    ROWS_MOST = 1000
};

struct loop {
    struct workbench *workbench;
    struct term *term;
    struct canvas canvas;
    int64_t painted; /* when, in milliseconds */
    int64_t asked;   /* the same */
    int signal;      /* that ended it */
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A canvas as large as the screen. Without memory for it the old one stays: a wrong size is better than no end. */
static enum ifl_status fit(struct loop *loop, struct ifl_error *error)
{
    int columns, rows;
    struct canvas canvas;
    term_size(loop->term, &columns, &rows);
    columns = columns < COLUMNS_MOST ? columns : COLUMNS_MOST;
    rows = rows < ROWS_MOST ? rows : ROWS_MOST;
    if (loop->canvas.cells != NULL && columns == loop->canvas.columns && rows == loop->canvas.rows)
        return IFL_OK;
    enum ifl_status status = canvas_init(&canvas, columns, rows, term_charset(loop->term), error);
    if (status != IFL_OK)
        return status;
    canvas_release(&loop->canvas);
    loop->canvas = canvas;
    loop->workbench->charset = term_charset(loop->term);
    workbench_resize(loop->workbench, columns, rows);
    return IFL_OK;
}

static void paint(struct loop *loop)
{
    loop->workbench->changed = false;
    workbench_draw(loop->workbench, &loop->canvas);
    term_paint(loop->term, &loop->canvas);
    loop->painted = now_ms();
}

static void stop(struct loop *loop)
{
    term_suspend(loop->term);
    signals_stop();
}

static void resume(struct loop *loop)
{
    term_resume(loop->term);
    fit(loop, NULL);
    loop->workbench->changed = true;
}

static void take_signals(struct loop *loop)
{
    struct signals signals = signals_take();
    loop->signal = signals.ending;
    if (signals.stopped)
        stop(loop);
    if (signals.stopped || signals.continued) {
        resume(loop);
    } else if (signals.resized) {
        term_resize(loop->term);
        fit(loop, NULL);
        loop->workbench->changed = true;
    }
}

/* All that has been typed, before anything is painted. False where there will be no more keys. */
static bool take_keys(struct loop *loop, short events)
{
    int key, taken = 0;
    while (taken < KEYS_AT_ONCE && !loop->workbench->quit && (key = term_key(loop->term)) >= 0) {
        struct pointer pointer;
        if (key == PRESS_MOUSE) {
            term_pointer(loop->term, &pointer);
            workbench_pointer(loop->workbench, &pointer);
        } else {
            workbench_key(loop->workbench, key);
        }
        taken++;
    }
    loop->workbench->changed |= term_stale(loop->term);
    return taken > 0 || !(events & (POLLHUP | POLLERR | POLLNVAL));
}

static void obey(struct loop *loop)
{
    struct workbench *workbench = loop->workbench;
    if (workbench->suspend) {
        stop(loop);
        resume(loop);
    } else if (workbench->redraw) {
        term_resize(loop->term);
        fit(loop, NULL);
        workbench->changed = true;
    }
    if (workbench->theme_changed)
        term_theme(loop->term, workbench->theme);
    term_mouse(loop->term, workbench->mouse);
    workbench->few_colors = term_colors(loop->term) != PLOT_256;
    workbench->suspend = workbench->redraw = workbench->theme_changed = false;
}

static void turn(struct loop *loop)
{
    struct workbench *workbench = loop->workbench;
    int64_t now = now_ms();
    bool asks = workbench->ask;
    int wait = workbench_settle(workbench, now);
    if (asks && workbench_busy(workbench))
        loop->asked = now;
    int64_t due = loop->painted + PAINT_PAUSE;
    if (due < loop->asked + ANSWER_PAUSE)
        due = loop->asked + ANSWER_PAUSE;
    if (workbench->changed && now >= due)
        paint(loop);
    else if (workbench->changed)
        wait = workbench_sooner(wait, (int)(due - now));

    if (workbench->ask && workbench->engine != NULL) /* what was painted shows that something is lacking */
        wait = 0;
    struct pollfd fds[2 + WORKBENCH_FDS] = {{.fd = STDIN_FILENO, .events = POLLIN},
                                            {.fd = signals_fd(), .events = POLLIN}};
    size_t count = 2 + workbench_fds(workbench, fds + 2);
    if (poll(fds, count, wait) < 0 && errno != EINTR) {
        loop->signal = SIGTERM;
        return;
    }
    if (fds[1].revents != 0)
        take_signals(loop);
    if (fds[0].revents != 0 && !take_keys(loop, fds[0].revents))
        loop->signal = SIGHUP;
    for (size_t k = 2; k < count; k++)
        if (fds[k].revents != 0) {
            workbench_news(workbench);
            loop->asked = 0;
            break;
        }
    obey(loop);
}

enum ifl_status tui_run(const struct tui_options *options, int *signal, struct ifl_error *error)
{
    struct loop loop = {.painted = -PAINT_PAUSE};
    enum ifl_status status = workbench_new(&loop.workbench, options, error);
    if (status != IFL_OK)
        return status;
    status = signals_open(error);
    if (status != IFL_OK) {
        workbench_free(loop.workbench);
        return status;
    }
    status = term_new(&loop.term, stdout, stdin, options->charset, options->colors, error);
    if (status == IFL_OK) {
        term_interrupt(loop.term, signals_fd());
        term_mouse(loop.term, true);
        status = fit(&loop, error);
    }
    while (status == IFL_OK && !loop.workbench->quit && loop.signal == 0)
        turn(&loop);
    term_free(loop.term);
    signals_close();
    canvas_release(&loop.canvas);
    workbench_free(loop.workbench);
    if (status == IFL_OK)
        *signal = loop.signal;
    return status;
}
