/* The whole state of the program while it runs, what keys do to it, and how it looks on a canvas. Knows no terminal,
 * no clock and no signals: the loop (tui.c) brings them. */
#ifndef TUI_WORKBENCH_H
#define TUI_WORKBENCH_H

#include <poll.h>

#include <base/capability.h>
#include <engine/engine.h>
#include <intake/intake.h>

#include "chooser.h"
#include "clerk.h"
#include "command.h"
#include "complete.h"
#include "config.h"
#include "draw_help.h"
#include "history.h"
#include "keys.h"
#include "layout.h"
#include "pointer.h"
#include "prompt.h"
#include "runs.h"
#include "settings.h"
#include "showing.h"
#include "tui.h"

enum { DELETIONS = 64 };

enum workbench_screen { SCREEN_LIST, SCREEN_RUN };

/* How the panels look. */
struct looks {
    double zoom[PANELS]; /* 1 or 0: fit */
    bool log[PANELS];
    bool no_legend;
    unsigned chains; /* IFL_BIT of each enum ifl_chain shown; 0: both */
    enum { PID_OVER_TRAINING_X, PID_OVER_TRAINING_Y, PID_OVER_TOPOLOGIES_X, PID_OVER_TOPOLOGIES_Y, PID_KINDS } pid;
    double tolerance; /* bits a link may rise by */
};

/* The estimates that the engine was asked for last. */
struct request {
    struct sheet **sheets; /* [count] held, one a task */
    ifl_quantity_set *wanted;
    size_t count;
    struct tally *tallies; /* [n_tallies] behind them: runs of the list whose links are counted */
    size_t n_tallies;
    uint64_t ticket;
};

/* Where things were drawn last, for the pointer. */
struct drawn {
    struct layout layout;
    struct plot_marks marks[PLOT_SUBJECTS][PANELS]; /* by row of panels */
    struct rect bar;                                /* of epochs */
};

/* Before a painting of this layout. */
void drawn_forget(struct drawn *drawn, const struct layout *layout);
void drawn_release(struct drawn *drawn);
/* Where the plot of a row and panel puts its marks; NULL without memory. */
struct plot_marks *drawn_marks(struct drawn *drawn, int row, enum panel panel);
/* The panel there; the mark of it that is meant, or NULL. */
bool drawn_panel_at(const struct drawn *drawn, int x, int y, int *row, enum panel *panel);
const struct plot_mark *drawn_nearest(const struct drawn *drawn, int row, enum panel panel, int x, int y);

struct workbench {
    char *database;
    int threads;
    struct clerk *clerk;
    struct engine *engine;     /* NULL until a run is opened, or the list wants numbers */
    struct follower *follower; /* NULL: no folder is followed */
    char *followed;

    struct runs runs;
    int editing;       /* edits under way: until the list is there again a second one could be meant for another run */
    bool listed;       /* the list has been read once */
    bool list_failed;  /* it could not be read: it is tried again */
    int64_t list_failed_at; /* milliseconds */
    bool list_wanted;  /* it is being read again */
    bool in_bin;       /* it is of the deleted runs */
    struct showing showing; /* while screen is SCREEN_RUN */
    struct sheets sheets;
    struct settings settings;
    struct looks looks;
    struct bindings bindings;
    struct history history;
    struct prompt prompt;
    int64_t pasted_at; /* milliseconds; 0: just now */
    bool pasting; /* what comes is text from elsewhere: for a prompt, and for nothing else */
    enum command asked; /* the command that the prompt asks an argument for */
    struct vocabulary vocabulary;
    struct chooser chooser;
    enum theme theme;
    bool theme_changed, mouse;
    bool exporting;  /* the screen is drawn for a file */
    enum charset charset;
    bool few_colors; /* the terminal has fewer than 256: time is shown by digits too */

    enum workbench_screen screen;
    enum panel panel;
    bool zoomed, in_rows, no_strip;
    bool on_strip; /* the focus */
    struct help help;
    char message[512]; /* until the next key; "" */
    bool alarm;        /* it says what went wrong */
    bool says_escape;  /* it says what Esc does; else Esc takes it away, and no more */
    int columns, rows; /* of the screen */
    struct deletion {
        int64_t *ids;
        size_t count;
    } deletions[DELETIONS]; /* of runs put into the bin here, the last last: what undo brings back */
    size_t n_deletions;

    bool ask; /* the estimates are not of these parameters: ask for them before the next painting */
    bool canceled;
    struct request request;
    struct engine_progress progress;
    int64_t stale_since[PANELS]; /* milliseconds; 0: a panel shows what the parameters say */
    bool stale[PANELS];          /* for long enough to be marked: an answer that comes at once shall not flicker */
    int64_t busy_since;          /* the same of the estimates on their way */
    bool busy_shown;
    struct ifl_params shares_of; /* the parameters of the shares in the list */

    bool playing;
    int64_t play_at; /* milliseconds: when the next step is due; 0: at once */

    char *refused; /* the export that would have replaced a file */
    char *start; /* command lines still to be done, when the list is there and nothing is being opened */
    int opening; /* errands under way that will show something else */
    char *saved;            /* the session as it was last written */
    int64_t saved_at;       /* milliseconds */
    bool session_touched;   /* something that it says may have changed since it was looked at */
    bool no_session;        /* neither read nor written */

    struct drawn drawn;

    /* for the loop, which puts them back to false */
    bool changed, redraw, suspend;
    bool quit;
};

/* Reads the configuration, opens the database and has the runs listed, and options->run opened. A database that is
 * missing is an empty list. */
enum ifl_status workbench_new(struct workbench **out, const struct tui_options *options, struct ifl_error *error);
void workbench_free(struct workbench *workbench);

void workbench_resize(struct workbench *workbench, int columns, int rows);
void workbench_key(struct workbench *workbench, int key);
void workbench_pointer(struct workbench *workbench, const struct pointer *pointer);
/* Descriptors that are readable when workbench_news has something to do, at most WORKBENCH_FDS; their number. */
enum { WORKBENCH_FDS = 3 };
size_t workbench_fds(const struct workbench *workbench, struct pollfd out[WORKBENCH_FDS]);
void workbench_news(struct workbench *workbench);
/* What is due at `now` (milliseconds): asks for estimates, plays on, keeps the session. Returns how long it is until
 * something is due again, -1: never. */
int workbench_settle(struct workbench *workbench, int64_t now);
/* Whether something is under way that will change the screen. */
bool workbench_waits(struct workbench *workbench);

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
/* Says what a folder that is followed has brought. */
void workbench_told(struct workbench *workbench, const struct follower_news *news);
/* Where commands and keys count now: a set of ON_.... */
unsigned workbench_context(const struct workbench *workbench);
struct layout workbench_layout(const struct workbench *workbench);
/* Whether rows of the list have come on screen whose shares are not known. */
bool workbench_list_lacks(struct workbench *workbench);
/* Whether the estimates of the newest request are on their way. */
bool workbench_busy(const struct workbench *workbench);

/* Command lines to be done as soon as that is possible; takes over the text (free()). */
void workbench_queue(struct workbench *workbench, char *lines);

/* commands.c: does what a command says. IFL_INVALID: what is wrong with it. */
enum ifl_status workbench_do(struct workbench *workbench, enum command command, const char *argument,
                             struct ifl_error *error);
/* The same of a command line. */
enum ifl_status workbench_line(struct workbench *workbench, const char *line, struct ifl_error *error);
/* `dpi`, `ip`, ...: a panel in a command. */
const char *panel_word(enum panel panel);

/* input.c: asks for the argument of a command (of DO_COMMAND: a command line). */
void workbench_prompt(struct workbench *workbench, enum command command, const char *label, const char *text);

/* Takes over what is to be shown. `again`: what is shown already, of which there is more. */
void workbench_show(struct workbench *workbench, struct showing *fresh, bool again);
void workbench_close_run(struct workbench *workbench);
/* Remembers runs that were put into the bin. */
void workbench_deleted(struct workbench *workbench, const int64_t *ids, size_t count);
/* And forgets those that are out of it again. */
void workbench_restored(struct workbench *workbench, const int64_t *ids, size_t count);
/* The chain of the view of widths: the forward one unless the backward one alone is shown. */
enum ifl_chain looks_chain(const struct looks *looks);

/* requests.c: asks the engine for what the screen lacks; takes what has come. */
void requests_ask(struct workbench *workbench);
void requests_news(struct workbench *workbench);
void requests_release(struct workbench *workbench);
void requests_cancel(struct workbench *workbench);
/* The runs that are shown once more from the database: there are other snapshots now. */
void requests_reopen(struct workbench *workbench);

/* errands.c, errands_files.c: what the clerk does. */
void errand_list(struct workbench *workbench);
/* Shows `count` subjects, the k-th of sizes[k] runs (ids one after the other); copies its arguments. `again`: the same
 * subjects, since training goes on. */
void errand_open(struct workbench *workbench, const int64_t *ids, const size_t *sizes, size_t count, bool again);
enum edit { EDIT_RENAME, EDIT_TAG, EDIT_NOTE, EDIT_DELETE, EDIT_RESTORE };
void errand_edit(struct workbench *workbench, enum edit what, const int64_t *ids, size_t count, const char *key,
                 const char *text);
/* Writes a file, the user's own or an export, which replaces a file only where that was said again; `what` is said when
 * it is there ("" nothing). Takes over the text. */
enum write_kind { WRITE_OWN, WRITE_EXPORT, WRITE_EXPORT_AGAIN };
void errand_write(struct workbench *workbench, const char *path, char *text, enum write_kind kind, const char *what);
/* Follows a folder, and no other any more; NULL: none. */
void errand_watch(struct workbench *workbench, const char *folder);
/* Looks on the disk for what the prompt asks. */
void errand_candidates(struct workbench *workbench);
/* Reads a file of command lines and does them; `what` names it in a message. */
void errand_load(struct workbench *workbench, const char *path, const char *what);

/* session.c */
/* Command lines that bring back parameters, looks and list; with `subjects` what is open too. free(); NULL without
 * memory. */
char *session_text(const struct workbench *workbench, bool subjects);
/* Those of a session that did not end: its program was killed, or its connection was. NULL: there is none. free(). */
char *session_left(const struct workbench *workbench);
/* Writes the session where it has changed, at most once a second; how long until it is to be asked again, -1: no
 * need. */
int session_keep(struct workbench *workbench, int64_t now);
/* The last change, where somebody else has ended it. */
void session_leave(struct workbench *workbench);
/* The lines of a file, or NULL and why. free(). */
char *session_read(const char *path, struct ifl_error *error);
/* The user has ended it. */
void session_end(struct workbench *workbench);

/* export.c: what the screen shows, in the kind of file that the name's ending says. */
enum ifl_status export_screen(struct workbench *workbench, const char *path, struct ifl_error *error);

#endif
