/* The one language of the workbench: what a key, the `:` line, the config file, a saved view and the session file say.
 * Knows what can be said, not what it does. */
#ifndef TUI_COMMAND_H
#define TUI_COMMAND_H

#include <stddef.h>

#include <infoflow/status.h>

/* Where a command has a meaning: the screen of runs, the strip of runs beside the plots while it has the focus, the
 * plots (also while the strip has the focus, for the keys it has no use for). */
enum { ON_LIST = 1, ON_STRIP = 2, ON_PLOTS = 4, ON_LISTS = ON_LIST | ON_STRIP, EVERYWHERE = ON_LISTS | ON_PLOTS };

enum section { SECTION_PARAMETERS, SECTION_TRAINING, SECTION_VIEW, SECTION_RUNS, SECTION_ALWAYS, SECTIONS };

/* What an argument is: what it is completed from. */
enum argument {
    ARGUMENT_NONE,
    ARGUMENT_NUMBER,
    ARGUMENT_RULE,
    ARGUMENT_COMPOSITION,
    ARGUMENT_SETTING, /* NAME VALUE of a parameter */
    ARGUMENT_COLUMN,
    ARGUMENT_COLUMNS, /* several, between blanks or commas */
    ARGUMENT_FILTER,
    ARGUMENT_RUN,
    ARGUMENT_RUNS, /* several, between blanks */
    ARGUMENT_DELETED, /* a run of the bin */
    ARGUMENT_FILE,
    ARGUMENT_FOLDER,
    ARGUMENT_VIEW,
    ARGUMENT_THEME,
    ARGUMENT_LAYER,
    ARGUMENT_TEXT,
    ARGUMENT_TAG,     /* KEY=VALUE */
    ARGUMENT_SAVED,   /* the name of a saved view */
    ARGUMENT_KEY,     /* as key_parse (keys.h) reads it */
    ARGUMENT_BINDING, /* KEY COMMAND [ARGUMENT] */
    ARGUMENT_CHAIN,
    ARGUMENT_ABOUT, /* X or Y, over training or over topologies */
    ARGUMENT_SWITCH
};

/* X(DO_ id, name, section, kind of argument, the argument as the help shows it (in brackets where it may be left out),
 * contexts, what it does). A command that stands for a state takes it as its argument, so that a file can say it;
 * without one it goes to the next. */
#define COMMAND_LIST(X)                                                                                                \
    X(H_DOWN, "h-down", PARAMETERS, NONE, "", ON_PLOTS, "h / 1.05")                                                    \
    X(H_UP, "h-up", PARAMETERS, NONE, "", ON_PLOTS, "h x 1.05")                                                        \
    X(H_ERROR_DOWN, "h-error-down", PARAMETERS, NONE, "", ON_PLOTS, "h-error / 1.05")                                  \
    X(H_ERROR_UP, "h-error-up", PARAMETERS, NONE, "", ON_PLOTS, "h-error x 1.05")                                      \
    X(ALPHA_DOWN, "alpha-down", PARAMETERS, NONE, "", ON_PLOTS, "alpha - 0.01")                                        \
    X(ALPHA_UP, "alpha-up", PARAMETERS, NONE, "", ON_PLOTS, "alpha + 0.01")                                            \
    X(H, "h", PARAMETERS, NUMBER, "V", EVERYWHERE, "width factor of X, T")                                             \
    X(H_ERROR, "h-error", PARAMETERS, NUMBER, "V", EVERYWHERE, "that of the errors")                                   \
    X(H_LABEL, "h-label", PARAMETERS, NUMBER, "V", EVERYWHERE, "of labels, or delta")                                  \
    X(ALPHA, "alpha", PARAMETERS, NUMBER, "V", EVERYWHERE, "Renyi order, or inf")                                      \
    X(PAIRS, "pairs", PARAMETERS, NUMBER, "N", EVERYWHERE, "of maps, or all")                                          \
    X(SEED, "seed", PARAMETERS, NUMBER, "N", EVERYWHERE, "of that sample")                                             \
    X(WIDTH, "width", PARAMETERS, RULE, "[RULE]", EVERYWHERE, "width rule; the next")                                  \
    X(COMPOSITION, "composition", PARAMETERS, COMPOSITION, "[C]", EVERYWHERE, "of the maps; the next")                 \
    X(TOLERANCE, "tolerance", PARAMETERS, NUMBER, "BITS", EVERYWHERE, "a link may rise by")                            \
    X(SET, "set", PARAMETERS, SETTING, "[NAME VALUE]", EVERYWHERE, "type a parameter")                                 \
    X(DEFAULTS, "defaults", PARAMETERS, NONE, "", EVERYWHERE, "all to default")                                        \
    X(UNDO, "undo", PARAMETERS, NONE, "", EVERYWHERE, "undo a change")                                                 \
    X(REDO, "redo", PARAMETERS, NONE, "", EVERYWHERE, "and do it again")                                               \
                                                                                                                       \
    X(EPOCH_PREVIOUS, "epoch-previous", TRAINING, NONE, "", ON_PLOTS, "a snapshot back")                               \
    X(EPOCH_NEXT, "epoch-next", TRAINING, NONE, "", ON_PLOTS, "a snapshot on")                                         \
    X(EPOCH_BACK, "epoch-back", TRAINING, NONE, "", ON_PLOTS, "ten back")                                              \
    X(EPOCH_FORWARD, "epoch-forward", TRAINING, NONE, "", ON_PLOTS, "ten on")                                          \
    X(EPOCH_FIRST, "epoch-first", TRAINING, NONE, "", ON_PLOTS, "the first snapshot")                                  \
    X(EPOCH_LAST, "epoch-last", TRAINING, NONE, "", ON_PLOTS, "the last snapshot")                                     \
    X(EPOCH, "epoch", TRAINING, NUMBER, "E", ON_PLOTS, "go to this epoch")                                             \
    X(STEP, "step", TRAINING, NUMBER, "S", ON_PLOTS, "go to this step")                                                \
    X(PLAY, "play", TRAINING, NONE, "", ON_PLOTS, "play, stop")                                                        \
                                                                                                                       \
    X(VIEW, "view", VIEW, VIEW, "[VIEW]", EVERYWHERE, "show one, or all")                                              \
    X(PANEL_1, "panel-1", VIEW, NONE, "", ON_PLOTS, "DPI alone, or all")                                               \
    X(PANEL_2, "panel-2", VIEW, NONE, "", ON_PLOTS, "IP alone, or all")                                                \
    X(PANEL_3, "panel-3", VIEW, NONE, "", ON_PLOTS, "M-IP alone, or all")                                              \
    X(PANEL_4, "panel-4", VIEW, NONE, "", ON_PLOTS, "PID alone, or all")                                               \
    X(PANEL_5, "panel-5", VIEW, NONE, "", ON_PLOTS, "widths alone, or all")                                            \
    X(LAYER_PREVIOUS, "layer-previous", VIEW, NONE, "", ON_PLOTS, "a layer back")                                      \
    X(LAYER_NEXT, "layer-next", VIEW, NONE, "", ON_PLOTS, "a layer on")                                                \
    X(LAYER, "layer", VIEW, LAYER, "NAME", ON_PLOTS, "go to this layer")                                               \
    X(ZOOM_IN, "zoom-in", VIEW, NONE, "", ON_PLOTS, "closer")                                                          \
    X(ZOOM_OUT, "zoom-out", VIEW, NONE, "", ON_PLOTS, "farther away")                                                  \
    X(FIT, "fit", VIEW, NONE, "", ON_PLOTS, "all that is there")                                                       \
    X(MAGNIFY, "magnify", VIEW, NUMBER, "FACTOR", EVERYWHERE, "so many times closer")                                  \
    X(LOG, "log", VIEW, SWITCH, "[on|off]", EVERYWHERE, "logarithmic axis")                                            \
    X(LEGEND, "legend", VIEW, SWITCH, "[on|off]", EVERYWHERE, "show the legend")                                       \
    X(CHAIN, "chain", VIEW, CHAIN, "[CHAIN]", EVERYWHERE, "forward, backward...")                                      \
    X(ABOUT, "about", VIEW, ABOUT, "[WHAT]", EVERYWHERE, "PID about X, Y...")                                          \
    X(FRONT, "front", VIEW, NONE, "", ON_PLOTS, "next run in front")                                                   \
    X(ROWS, "rows", VIEW, SWITCH, "[on|off]", EVERYWHERE, "a row for each run")                                        \
    X(PANE, "pane", VIEW, NONE, "", ON_STRIP | ON_PLOTS, "next pane")                                                  \
    X(STRIP, "strip", VIEW, SWITCH, "[on|off]", EVERYWHERE, "runs beside the plots")                                   \
    X(ESCAPE, "escape", VIEW, NONE, "", EVERYWHERE, "cancel; go back")                                                 \
                                                                                                                       \
    X(DOWN, "down", RUNS, NONE, "", ON_LISTS, "a row down")                                                            \
    X(UP, "up", RUNS, NONE, "", ON_LISTS, "a row up")                                                                  \
    X(PAGE_DOWN, "page-down", RUNS, NONE, "", ON_LISTS, "a page down")                                                 \
    X(PAGE_UP, "page-up", RUNS, NONE, "", ON_LISTS, "a page up")                                                       \
    X(FIRST, "first", RUNS, NONE, "", ON_LISTS, "the first row")                                                       \
    X(LAST, "last", RUNS, NONE, "", ON_LISTS, "the last row")                                                          \
    X(OPEN, "open", RUNS, RUN, "[RUN]", EVERYWHERE, "open this run")                                                   \
    X(SEARCH, "search", RUNS, TEXT, "[TEXT]", ON_LISTS, "names, parameters")                                           \
    X(SEARCH_NEXT, "search-next", RUNS, NONE, "", ON_LISTS, "next match")                                              \
    X(SEARCH_PREVIOUS, "search-previous", RUNS, NONE, "", ON_LISTS, "previous match")                                  \
    X(SORT, "sort", RUNS, COLUMN, "[COLUMN]", EVERYWHERE, "sort; the next column")                                     \
    X(SORT_REVERSE, "sort-reverse", RUNS, NONE, "", ON_LISTS, "turn the order")                                        \
    X(FILTER, "filter", RUNS, FILTER, "[EXPR]", EVERYWHERE, "show such runs only")                                     \
    X(COLUMNS, "columns", RUNS, COLUMNS, "[NAMES]", EVERYWHERE, "choose columns")                                      \
    X(GROUP, "group", RUNS, SWITCH, "[on|off]", EVERYWHERE, "fold groups, or none")                                    \
    X(FOLD, "fold", RUNS, NONE, "", ON_LISTS, "fold this group")                                                       \
    X(UNFOLD, "unfold", RUNS, NONE, "", ON_LISTS, "unfold it")                                                         \
    X(MARK, "mark", RUNS, NONE, "", ON_LISTS, "mark, or no more")                                                      \
    X(UNMARK, "unmark", RUNS, NONE, "", ON_LISTS, "mark none")                                                         \
    X(COMPARE, "compare", RUNS, RUNS, "[RUNS]", EVERYWHERE, "these, or the marked")                                    \
    X(RENAME, "rename", RUNS, TEXT, "[NAME]", EVERYWHERE, "rename the run")                                            \
    X(TAG, "tag", RUNS, TAG, "[KEY=VALUE]", EVERYWHERE, "tag the run")                                                 \
    X(NOTE, "note", RUNS, TEXT, "[TEXT]", EVERYWHERE, "note on the run")                                               \
    X(DELETE, "delete", RUNS, NONE, "", ON_LISTS, "put it into the bin")                                               \
    X(RESTORE, "restore", RUNS, DELETED, "[RUN]", EVERYWHERE, "out of the bin again")                                  \
    X(BIN, "bin", RUNS, NONE, "", EVERYWHERE, "the deleted runs")                                                      \
                                                                                                                       \
    X(HELP, "help", ALWAYS, NONE, "", EVERYWHERE, "this help")                                                         \
    X(COMMAND, "command", ALWAYS, NONE, "", EVERYWHERE, "type a command")                                              \
    X(EXPORT, "export", ALWAYS, FILE, "[FILE]", EVERYWHERE, "csv json svg txt")                                        \
    X(SAVE, "save", ALWAYS, SAVED, "[NAME]", EVERYWHERE, "save this view")                                             \
    X(LOAD, "load", ALWAYS, SAVED, "[NAME]", EVERYWHERE, "a saved view")                                               \
    X(WATCH, "watch", ALWAYS, FOLDER, "[DIR]", EVERYWHERE, "follow a folder")                                          \
    X(THEME, "theme", ALWAYS, THEME, "[THEME]", EVERYWHERE, "dark, light, mono...")                                    \
    X(MOUSE, "mouse", ALWAYS, SWITCH, "[on|off]", EVERYWHERE, "use the mouse")                                         \
    X(BIND, "bind", ALWAYS, BINDING, "KEY COMMAND", EVERYWHERE, "what a key does")                                     \
    X(UNBIND, "unbind", ALWAYS, KEY, "KEY", EVERYWHERE, "nothing any more")                                            \
    X(REDRAW, "redraw", ALWAYS, NONE, "", EVERYWHERE, "paint the screen anew")                                         \
    X(SUSPEND, "suspend", ALWAYS, NONE, "", EVERYWHERE, "fg comes back")                                               \
    X(QUIT, "quit", ALWAYS, NONE, "", EVERYWHERE, "quit")

enum command {
    DO_NOTHING,
#define X(id, name, section, argument, shown, contexts, what) DO_##id,
    COMMAND_LIST(X)
#undef X
        COMMANDS
};

struct command_info {
    const char *name;
    enum section section;
    enum argument argument;
    const char *shown; /* the argument: "V", "[RULE]", "" */
    unsigned contexts;
    const char *what;
};

/* [COMMANDS], by command. */
extern const struct command_info command_table[];

const char *section_name(enum section section);

/* The k-th word an argument of this kind may be, NULL behind the last; kinds that are not of a few words have none. */
const char *argument_word(enum argument kind, size_t k);

enum { COMMAND_ARGUMENT = 2048 }; /* the session names each run of a comparison of groups */

struct command_line {
    enum command command;
    char argument[COMMAND_ARGUMENT]; /* "" where there is none */
};

/* Reads `NAME`, `NAME ARGUMENT` or `NAME=ARGUMENT`, the name as far as it is unambiguous. Blank lines and those that
 * begin with `#` are DO_NOTHING. IFL_INVALID says what is wrong with it; values are left for those who take them, words
 * out of a few are checked. */
enum ifl_status command_parse(const char *line, struct command_line *out, struct ifl_error *error);

/* Whether a text is one that keys can type: valid UTF-8 and nothing that text.h would replace, but for tabs. */
bool can_be_typed(const char *text);

/* The command of a name or of its beginning, of `length` bytes; DO_NOTHING: it is none, or not one. */
enum command command_find(const char *name, size_t length);

/* The bytes from the start of `text` that a name can be made of. */
size_t command_name_length(const char *text);

#endif
