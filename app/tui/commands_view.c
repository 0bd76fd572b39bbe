/* What the commands do that are about the view: panels, looks, layers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"

/* ---- panels ---- */

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

enum ifl_status commands_switch(const char *argument, bool *value, struct ifl_error *error)
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
    enum ifl_status status = commands_switch(argument, &value, error);
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

/* A layer by its name, or by its number, as the DPI has it where names do not fit. */
static enum ifl_status go_to_layer(struct workbench *w, const char *argument, struct ifl_error *error)
{
    const struct subject *front = showing_front(&w->showing);
    int32_t layer = front != NULL ? run_layer(subject_run(front), argument) : -1;
    char *end;
    long number = strtol(argument, &end, 10);
    if (layer < 0 && front != NULL && end != argument && *end == '\0' && number >= 1 &&
        (size_t)number <= subject_run(front)->n_layers)
        layer = (int32_t)number - 1;
    if (layer < 0 && front != NULL)
        return ifl_fail(error, IFL_INVALID, "layer: there is no `%s` among the %zu", argument,
                        subject_run(front)->n_layers);
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
        *status = commands_switch(argument, &legend, error);
        w->looks.no_legend = !legend;
    } else if (command == DO_CHAIN)
        *status = choose_chain(w, argument, error);
    else if (command == DO_ROWS)
        *status = commands_switch(argument, &w->in_rows, error);
    else if (command == DO_STRIP) {
        bool strip = !w->no_strip;
        *status = commands_switch(argument, &strip, error);
        if (strip && w->screen == SCREEN_RUN && w->columns < LAYOUT_STRIP_COLUMNS)
            workbench_say(w, false, "the runs beside the plots need %d columns", LAYOUT_STRIP_COLUMNS);
        w->no_strip = !strip;
        w->on_strip &= strip;
    } else
        return false;
    return true;
}

bool commands_view(struct workbench *w, enum command command, const char *argument, enum ifl_status *status,
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
