/* What the commands do that are about parameters, training and the view, and the way to all others. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"

/* ---- parameters ---- */

static void step(struct workbench *w, enum parameter parameter, int direction)
{
    char value[32];
    if (settings_step(&w->settings, parameter, direction))
        w->ask = true;
    else
        workbench_say(w, false, "%s stays %s: it goes no further", parameter_name(parameter),
                      parameter_text(value, &w->settings.now.params, parameter));
}

static enum ifl_status set(struct workbench *w, enum parameter parameter, const char *value, struct ifl_error *error)
{
    if (value[0] == '\0')
        return ifl_fail(error, IFL_INVALID, "%s: needs a value", parameter_name(parameter));
    enum ifl_status status = settings_set(&w->settings, parameter, value, error);
    w->ask |= status == IFL_OK;
    return status;
}

static enum ifl_status type_setting(struct workbench *w, const char *argument, struct ifl_error *error)
{
    if (argument[0] == '\0') {
        workbench_prompt(w, DO_SET, "= ", "");
        return IFL_OK;
    }
    enum ifl_status status = settings_type(&w->settings, argument, error);
    w->ask |= status == IFL_OK;
    return status;
}

static enum ifl_status set_tolerance(struct workbench *w, const char *argument, struct ifl_error *error)
{
    char *end;
    double bits = strtod(argument, &end);
    if (end == argument || *end != '\0' || !(bits >= 0) || isinf(bits))
        return ifl_fail(error, IFL_INVALID, "tolerance: `%s` is no number of bits", argument);
    w->looks.tolerance = bits;
    runs_forget_shares(&w->runs);
    w->ask |= w->screen == SCREEN_LIST;
    return IFL_OK;
}

static void undo(struct workbench *w)
{
    if (w->screen == SCREEN_LIST)
        commands_restore_last(w);
    else if (settings_undo(&w->settings))
        w->ask = true;
    else
        workbench_say(w, false, "nothing to undo");
}

static void redo(struct workbench *w)
{
    if (settings_redo(&w->settings))
        w->ask = true;
    else
        workbench_say(w, false, "nothing was undone");
}

static bool do_steps(struct workbench *w, enum command command)
{
    static const struct {
        enum command command;
        enum parameter parameter;
        int direction;
    } steps[] = {{DO_H_DOWN, PARAMETER_H, -1},         {DO_H_UP, PARAMETER_H, 1},
                 {DO_H_ERROR_DOWN, PARAMETER_H_ERROR, -1}, {DO_H_ERROR_UP, PARAMETER_H_ERROR, 1},
                 {DO_ALPHA_DOWN, PARAMETER_ALPHA, -1}, {DO_ALPHA_UP, PARAMETER_ALPHA, 1}};
    for (size_t k = 0; k < sizeof steps / sizeof *steps; k++)
        if (steps[k].command == command) {
            step(w, steps[k].parameter, steps[k].direction);
            return true;
        }
    return false;
}

static bool do_parameters(struct workbench *w, enum command command, const char *argument, enum ifl_status *status,
                          struct ifl_error *error)
{
    static const struct {
        enum command command;
        enum parameter parameter;
    } values[] = {{DO_H, PARAMETER_H},         {DO_H_ERROR, PARAMETER_H_ERROR}, {DO_H_LABEL, PARAMETER_H_LABEL},
                  {DO_ALPHA, PARAMETER_ALPHA}, {DO_PAIRS, PARAMETER_PAIRS},     {DO_SEED, PARAMETER_SEED},
                  {DO_WIDTH, PARAMETER_WIDTH}, {DO_COMPOSITION, PARAMETER_COMPOSITION}};
    if (do_steps(w, command))
        return true;
    for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
        if (values[k].command != command)
            continue;
        bool next = argument[0] == '\0' && (command == DO_WIDTH || command == DO_COMPOSITION);
        if (next)
            step(w, values[k].parameter, 1);
        else
            *status = set(w, values[k].parameter, argument, error);
        return true;
    }
    if (command == DO_SET)
        *status = type_setting(w, argument, error);
    else if (command == DO_TOLERANCE)
        *status = set_tolerance(w, argument, error);
    else if (command == DO_UNDO)
        undo(w);
    else if (command == DO_REDO)
        redo(w);
    else if (command == DO_DEFAULTS) {
        settings_default(&w->settings);
        w->looks.tolerance = IFL_DPI_TOLERANCE;
        runs_forget_shares(&w->runs);
        w->ask = true;
    } else
        return false;
    return true;
}

/* ---- training ---- */

/* What is at the new place comes first, if it is not there yet. */
static void moved(struct workbench *w)
{
    w->playing = false;
    bool widths = workbench_layout(w).panels[0][PANEL_WIDTH].columns > 0;
    w->ask |= widths || (workbench_busy(w) && showing_lacks(&w->showing, PANEL_DPI));
}

static void move_point(struct workbench *w, long by)
{
    if (showing_move_point(&w->showing, by))
        moved(w);
    else
        w->playing = false;
}

static void play(struct workbench *w)
{
    const struct subject *front = showing_front(&w->showing);
    w->playing = !w->playing && front != NULL && front->timeline.count > 1;
    w->play_at = 0;
    if (w->playing && front->point + 1 >= front->timeline.count)
        showing_to_point(&w->showing, 0);
}

/* To the snapshot nearest to an epoch or step. */
static enum ifl_status go_to(struct workbench *w, bool epoch, const char *argument, struct ifl_error *error)
{
    char *end;
    double wanted = strtod(argument, &end), best = INFINITY;
    const struct subject *front = showing_front(&w->showing);
    if (end == argument || *end != '\0' || !isfinite(wanted))
        return ifl_fail(error, IFL_INVALID, "`%s` is not a number", argument);
    size_t nearest = SIZE_MAX;
    for (size_t k = 0; front != NULL && k < front->timeline.count; k++) {
        double here = epoch ? front->timeline.epochs[k] : (double)front->timeline.steps[k];
        if (fabs(here - wanted) < best) {
            best = fabs(here - wanted);
            nearest = k;
        }
    }
    if (nearest == SIZE_MAX)
        return ifl_fail(error, IFL_INVALID, "there are no %s to go to", epoch ? "epochs" : "steps");
    showing_to_point(&w->showing, nearest);
    moved(w);
    return IFL_OK;
}

static bool do_training(struct workbench *w, enum command command, const char *argument, enum ifl_status *status,
                        struct ifl_error *error)
{
    static const struct {
        enum command command;
        long by;
    } moves[] = {{DO_EPOCH_PREVIOUS, -1}, {DO_EPOCH_NEXT, 1},          {DO_EPOCH_BACK, -10},
                 {DO_EPOCH_FORWARD, 10},  {DO_EPOCH_FIRST, -INT32_MAX}, {DO_EPOCH_LAST, INT32_MAX}};
    for (size_t k = 0; k < sizeof moves / sizeof *moves; k++)
        if (moves[k].command == command) {
            move_point(w, moves[k].by);
            return true;
        }
    if (command == DO_EPOCH || command == DO_STEP)
        *status = go_to(w, command == DO_EPOCH, argument, error);
    else if (command == DO_PLAY)
        play(w);
    else
        return false;
    return true;
}

/* ---- view ---- */

static const char *const panel_words[PANELS] = {"dpi", "ip", "mip", "pid", "width"};

const char *panel_word(enum panel panel)
{
    return panel_words[panel];
}

static bool room_for_all(const struct workbench *w)
{
    struct layout_wish wish = {.panel = PANEL_DPI, .rows = 1};
    enum layout_kind kind = layout_run(w->columns, w->rows, &wish).kind;
    return kind == LAYOUT_ALL || kind == LAYOUT_STRIP;
}

static void show_panel(struct workbench *w, enum panel panel, bool alone)
{
    w->panel = panel;
    w->zoomed = alone;
    w->on_strip &= !alone;
    w->ask |= w->screen == SCREEN_RUN && showing_lacks(&w->showing, panel);
}

static bool is_alone(const struct workbench *w, enum panel panel)
{
    return w->panel == panel && (w->zoomed || panel >= PANELS_ABREAST);
}

/* Where all panels have room the key shows one alone, and all again; else it chooses the one on screen. */
static void choose_panel(struct workbench *w, enum panel panel)
{
    if (room_for_all(w) && is_alone(w, panel))
        show_panel(w, panel < PANELS_ABREAST ? panel : PANEL_DPI, false);
    else
        show_panel(w, panel, true);
}

static enum ifl_status choose_view(struct workbench *w, const char *argument, struct ifl_error *error)
{
    if (argument[0] == '\0' || strcmp(argument, "all") == 0) {
        show_panel(w, w->panel < PANELS_ABREAST ? w->panel : PANEL_DPI, false);
        return IFL_OK;
    }
    for (int p = 0; p < PANELS; p++)
        if (strcmp(argument, panel_words[p]) == 0) {
            show_panel(w, (enum panel)p, true);
            return IFL_OK;
        }
    return ifl_fail(error, IFL_INVALID, "view: `%s` is none of dpi, ip, mip, pid, width, all", argument);
}

static void next_pane(struct workbench *w)
{
    if (workbench_layout(w).kind == LAYOUT_STRIP)
        w->on_strip = !w->on_strip;
    else
        show_panel(w, (enum panel)((w->panel + 1) % PANELS), true);
}

/* `on`, `off`, or the other way round. */
static enum ifl_status read_switch(const char *argument, bool *value, struct ifl_error *error)
{
    bool off = strcmp(argument, "off") == 0;
    if (argument[0] == '\0')
        *value = !*value;
    else if (off || strcmp(argument, "on") == 0)
        *value = !off;
    else
        return ifl_fail(error, IFL_INVALID, "`%s` is neither on nor off", argument);
    return IFL_OK;
}

/* The panels abreast are zoomed and made logarithmic together: the cursor is one on all of them. Which they are is so in
 * the list of runs too, for the lines of a saved view. */
static bool is_chosen(const struct workbench *w, int panel)
{
    bool abreast = !w->zoomed && w->panel < PANELS_ABREAST && room_for_all(w);
    return abreast ? panel < PANELS_ABREAST : panel == (int)w->panel;
}

static void zoom_to(struct workbench *w, int panel, double zoom)
{
    const double most = 64;
    w->looks.zoom[panel] = fmin(fmax(zoom, 1), most);
}

/* By a factor; 0: back to all that is there. */
static void zoom_by(struct workbench *w, double factor)
{
    for (int p = 0; p < PANELS; p++)
        if (is_chosen(w, p))
            zoom_to(w, p, fmax(w->looks.zoom[p], 1) * factor);
}

void commands_zoom(struct workbench *w, enum panel panel, double factor)
{
    zoom_to(w, (int)panel, fmax(w->looks.zoom[panel], 1) * factor);
}

static enum ifl_status set_zoom(struct workbench *w, const char *argument, struct ifl_error *error)
{
    char *end;
    double zoom = strtod(argument, &end);
    if (end == argument || *end != '\0' || !(zoom >= 1) || isinf(zoom))
        return ifl_fail(error, IFL_INVALID, "magnify: `%s` is no factor of at least 1", argument);
    for (int p = 0; p < PANELS; p++)
        if (is_chosen(w, p))
            zoom_to(w, p, zoom);
    return IFL_OK;
}

static enum ifl_status set_log(struct workbench *w, const char *argument, struct ifl_error *error)
{
    bool value = w->looks.log[is_chosen(w, PANEL_DPI) ? PANEL_DPI : w->panel];
    enum ifl_status status = read_switch(argument, &value, error);
    for (int p = 0; p < PANELS && status == IFL_OK; p++)
        if (is_chosen(w, p))
            w->looks.log[p] = value;
    return status;
}

static enum ifl_status choose_about(struct workbench *w, const char *argument, struct ifl_error *error)
{
    static const char *const said[PID_KINDS] = {"about X, over training", "about Y, over training",
                                                "about X, over topologies", "about Y, over topologies"};
    const char *word;
    if (argument[0] == '\0')
        w->looks.pid = (w->looks.pid + 1) % PID_KINDS;
    for (size_t k = 0; (word = argument_word(ARGUMENT_ABOUT, k)) != NULL && argument[0] != '\0'; k++)
        if (strcmp(word, argument) == 0) {
            w->looks.pid = (int)k;
            return IFL_OK;
        }
    if (argument[0] != '\0')
        return ifl_fail(error, IFL_INVALID, "about: `%s` is none of x, y, topologies-x, topologies-y", argument);
    workbench_say(w, false, "%s", said[w->looks.pid]);
    return IFL_OK;
}

/* The chains of the DPI; in the view of pairs, what it shows. */
static enum ifl_status next_chain(struct workbench *w, struct ifl_error *error)
{
    if (is_alone(w, PANEL_PID))
        return choose_about(w, "", error);
    unsigned forward = IFL_BIT(IFL_FORWARD), backward = IFL_BIT(IFL_BACKWARD);
    w->looks.chains = w->looks.chains == 0 ? forward : w->looks.chains == forward ? backward : 0;
    w->ask |= is_alone(w, PANEL_WIDTH);
    return IFL_OK;
}

static enum ifl_status choose_chain(struct workbench *w, const char *argument, struct ifl_error *error)
{
    if (argument[0] == '\0')
        return next_chain(w, error);
    if (strcmp(argument, "forward") == 0)
        w->looks.chains = IFL_BIT(IFL_FORWARD);
    else if (strcmp(argument, "backward") == 0)
        w->looks.chains = IFL_BIT(IFL_BACKWARD);
    else if (strcmp(argument, "both") == 0)
        w->looks.chains = 0;
    else
        return ifl_fail(error, IFL_INVALID, "chain: `%s` is none of forward, backward, both", argument);
    w->ask |= w->screen == SCREEN_RUN && is_alone(w, PANEL_WIDTH);
    return IFL_OK;
}

static enum ifl_status go_to_layer(struct workbench *w, const char *argument, struct ifl_error *error)
{
    const struct subject *front = showing_front(&w->showing);
    int32_t layer = front != NULL ? run_layer(subject_run(front), argument) : -1;
    if (layer < 0)
        return ifl_fail(error, IFL_INVALID, "layer: there is no `%s`", argument);
    showing_to_layer(&w->showing, layer);
    return IFL_OK;
}

static void front(struct workbench *w)
{
    if (w->showing.count < 2)
        workbench_say(w, false, "there is one run alone: Space marks runs in the list, c compares them");
    else
        showing_to_front(&w->showing, (w->showing.front + 1) % w->showing.count);
    w->ask |= workbench_layout(w).panels[0][PANEL_WIDTH].columns > 0;
}

static void escape(struct workbench *w)
{
    if (w->screen == SCREEN_LIST && w->in_bin) {
        w->in_bin = false;
        errand_list(w);
    } else if (w->screen == SCREEN_LIST) {
        w->canceled = w->progress.busy; /* the shares on their way; the next key has them come again */
        if (w->canceled)
            requests_cancel(w);
    } else if (workbench_busy(w)) {
        if (w->engine != NULL)
            engine_cancel(w->engine);
        w->canceled = true;
        w->ask = w->playing = false;
        workbench_say(w, false, "canceled");
    } else if (w->playing || w->on_strip) {
        w->playing = w->on_strip = false;
    } else {
        workbench_close_run(w);
    }
}

static bool do_layers(struct workbench *w, enum command command, const char *argument, enum ifl_status *status,
                      struct ifl_error *error)
{
    if (command == DO_LAYER_PREVIOUS)
        showing_move_layer(&w->showing, -1);
    else if (command == DO_LAYER_NEXT)
        showing_move_layer(&w->showing, 1);
    else if (command == DO_LAYER)
        *status = go_to_layer(w, argument, error);
    else if (command == DO_FRONT)
        front(w);
    else
        return false;
    return true;
}

static bool do_looks(struct workbench *w, enum command command, const char *argument, enum ifl_status *status,
                     struct ifl_error *error)
{
    if (command == DO_ZOOM_IN)
        zoom_by(w, 1.5);
    else if (command == DO_ZOOM_OUT)
        zoom_by(w, 1 / 1.5);
    else if (command == DO_FIT)
        zoom_by(w, 0);
    else if (command == DO_MAGNIFY)
        *status = set_zoom(w, argument, error);
    else if (command == DO_ABOUT)
        *status = choose_about(w, argument, error);
    else if (command == DO_LOG)
        *status = set_log(w, argument, error);
    else if (command == DO_LEGEND) {
        bool legend = !w->looks.no_legend;
        *status = read_switch(argument, &legend, error);
        w->looks.no_legend = !legend;
    } else if (command == DO_CHAIN)
        *status = choose_chain(w, argument, error);
    else if (command == DO_ROWS)
        *status = read_switch(argument, &w->in_rows, error);
    else if (command == DO_STRIP) {
        bool strip = !w->no_strip;
        *status = read_switch(argument, &strip, error);
        if (strip && w->screen == SCREEN_RUN && w->columns < LAYOUT_STRIP_COLUMNS)
            workbench_say(w, false, "the runs beside the plots need %d columns", LAYOUT_STRIP_COLUMNS);
        w->no_strip = !strip;
        w->on_strip &= strip;
    } else
        return false;
    return true;
}

static bool do_view(struct workbench *w, enum command command, const char *argument, enum ifl_status *status,
                    struct ifl_error *error)
{
    if (command >= DO_PANEL_1 && command <= DO_PANEL_5)
        choose_panel(w, (enum panel)(command - DO_PANEL_1));
    else if (command == DO_VIEW)
        *status = choose_view(w, argument, error);
    else if (command == DO_PANE)
        next_pane(w);
    else if (command == DO_ESCAPE)
        escape(w);
    else
        return do_layers(w, command, argument, status, error) || do_looks(w, command, argument, status, error);
    return true;
}

/* ---- always ---- */

static enum ifl_status choose_theme(struct workbench *w, const char *argument, struct ifl_error *error)
{
    enum theme theme = (enum theme)((w->theme + 1) % THEMES);
    if (argument[0] != '\0' && !theme_parse(argument, &theme))
        return ifl_fail(error, IFL_INVALID, "theme: `%s` is none of auto, dark, light, mono", argument);
    w->theme = theme;
    w->theme_changed = true;
    return IFL_OK;
}

static bool do_always(struct workbench *w, enum command command, const char *argument, enum ifl_status *status,
                      struct ifl_error *error)
{
    if (command == DO_HELP)
        help_open(&w->help, workbench_context(w));
    else if (command == DO_COMMAND)
        workbench_prompt(w, DO_COMMAND, ":", argument);
    else if (command == DO_THEME)
        *status = choose_theme(w, argument, error);
    else if (command == DO_MOUSE)
        *status = read_switch(argument, &w->mouse, error);
    else if (command == DO_BIND)
        *status = bindings_bind(&w->bindings, argument, error);
    else if (command == DO_UNBIND)
        *status = bindings_unbind(&w->bindings, argument, error);
    else if (command == DO_REDRAW)
        w->redraw = true;
    else if (command == DO_SUSPEND)
        w->suspend = true;
    else if (command == DO_QUIT)
        w->quit = true;
    else
        return false;
    return true;
}

/* ---- all ---- */

enum ifl_status workbench_do(struct workbench *w, enum command command, const char *argument, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    if (command == DO_NOTHING)
        return IFL_OK;
    if (!(command_table[command].contexts & (workbench_context(w) | (w->on_strip ? ON_PLOTS : 0))))
        return ifl_fail(error, IFL_INVALID, "%s: not here, %s", command_table[command].name,
                        w->screen == SCREEN_LIST ? "where no run is open" : "but in the list of runs");
    if (do_parameters(w, command, argument, &status, error) || do_training(w, command, argument, &status, error) ||
        do_view(w, command, argument, &status, error) || commands_files(w, command, argument, &status, error) ||
        commands_runs(w, command, argument, &status, error) || do_always(w, command, argument, &status, error))
        w->changed = true;
    return status;
}

enum ifl_status workbench_line(struct workbench *w, const char *line, struct ifl_error *error)
{
    struct command_line read;
    enum ifl_status status = command_parse(line, &read, error);
    return status == IFL_OK ? workbench_do(w, read.command, read.argument, error) : status;
}
