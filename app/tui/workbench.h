/* The whole state of the program while it runs, what keys do to it, and how it looks on a canvas. Knows no terminal,
 * no clock and no signals: the loop (tui.c) brings them. */
#ifndef TUI_WORKBENCH_H
#define TUI_WORKBENCH_H

#include <engine/engine.h>

#include "layout.h"
#include "opened.h"
#include "prompt.h"
#include "runs.h"
#include "settings.h"
#include "tui.h"

enum workbench_screen { SCREEN_LIST, SCREEN_RUN };

struct workbench {
    char *database;
    int threads;
    struct store *store;   /* NULL: there is no database yet */
    struct engine *engine; /* NULL until the first run is opened */

    struct runs runs;
    struct opened opened; /* while screen is SCREEN_RUN */
    struct settings settings;

    enum workbench_screen screen;
    enum panel panel;
    bool zoomed;
    bool on_strip; /* the focus */
    bool help;
    int help_top;
    struct prompt prompt;
    bool pasting; /* what comes is text from elsewhere: for a prompt, and for nothing else */
    char message[512]; /* until the next key; "" */
    bool alarm;        /* it says what went wrong */
    int columns, rows; /* of the screen */
    int page;          /* rows of the list on screen */

    bool ask; /* the estimates are not of these parameters: ask for them before the next painting */
    bool canceled;
    uint64_t ticket;
    struct engine_progress progress;
    int64_t stale_since[PANELS]; /* milliseconds; 0: a panel shows what the parameters say */
    bool stale[PANELS];          /* for long enough to be marked: an answer that comes at once shall not flicker */

    bool playing;
    int64_t play_at; /* milliseconds: when the next step is due; 0: at once */

    /* for the loop, which puts them back to false */
    bool changed, redraw, suspend;
    bool quit;
};

/* Opens the database, reads the runs and opens options->run. A database that is missing is an empty list. */
enum ifl_status workbench_new(struct workbench **out, const struct tui_options *options, struct ifl_error *error);
void workbench_free(struct workbench *workbench);

void workbench_resize(struct workbench *workbench, int columns, int rows);
void workbench_key(struct workbench *workbench, int key);
/* Readable when workbench_news has something to do; -1 while there is nothing to wait for. */
int workbench_fd(const struct workbench *workbench);
void workbench_news(struct workbench *workbench);
/* What is due at `now` (milliseconds): asks for estimates, plays on. Returns how long it is until something is due
 * again, -1: never. */
int workbench_settle(struct workbench *workbench, int64_t now);

/* The shorter of two such times. */
static inline int workbench_sooner(int a, int b)
{
    return a < 0 ? b : b < 0 || a < b ? a : b;
}

/* Fills the canvas, which has the size last given to workbench_resize. */
void workbench_draw(struct workbench *workbench, struct canvas *canvas);

/* ---- between the files of this folder ---- */

void workbench_say(struct workbench *workbench, bool alarm, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void workbench_open(struct workbench *workbench, int64_t run);
void workbench_close_run(struct workbench *workbench);
struct layout workbench_layout(const struct workbench *workbench);
/* Whether the estimates of the newest request are on their way. */
bool workbench_busy(const struct workbench *workbench);

#endif
