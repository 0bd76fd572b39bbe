/* What the commands do that are about parameters and training, and the way to all others. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <base/text.h>

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
        char label[32];
        snprintf(label, sizeof label, "value of %s: ", parameter_name(w->settings.touched));
        workbench_prompt(w, DO_SET, label, "");
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

/* As the line of the epoch shows both, they are the same. */
static bool reads_alike(double a, double b)
{
    char one[32], other[32];
    return strcmp(text_short(one, a, 5), text_short(other, b, 5)) == 0;
}

/* To the snapshot nearest to an epoch or step; where there is none, that is said. */
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
    char at[32];
    const struct timeline *timeline = &front->timeline;
    if (!epoch && best != 0)
        workbench_say(w, false, "no snapshot at step %s: at %" PRId64, argument, timeline->steps[nearest]);
    else if (epoch && !reads_alike(wanted, timeline->epochs[nearest]))
        workbench_say(w, false, "no snapshot at epoch %s: at %s", argument, text_short(at, timeline->epochs[nearest], 5));
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
        *status = commands_switch(argument, &w->mouse, error);
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
        commands_view(w, command, argument, &status, error) || commands_files(w, command, argument, &status, error) ||
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
