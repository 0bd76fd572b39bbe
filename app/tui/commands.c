/* What each command does. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "keys.h"
#include "workbench.h"

/* ---- runs ---- */

static void open_current(struct workbench *w)
{
    const struct store_run *current = runs_current(&w->runs);
    if (current != NULL)
        workbench_open(w, current->id);
}

static void search(struct workbench *w, int direction, bool here)
{
    if (w->runs.sought[0] == '\0')
        workbench_say(w, false, "nothing to search for yet: / asks");
    else if (!runs_search(&w->runs, direction, here))
        workbench_say(w, true, "no run has `%s`", w->runs.sought);
}

static void sort(struct workbench *w, bool reverse)
{
    struct runs *runs = &w->runs;
    if (runs->count == 0)
        return;
    runs_sort(runs, reverse ? runs->sort : (runs->sort + 1) % runs->n_columns, reverse && !runs->reverse);
    workbench_say(w, false, "sorted by %s%s", column_head(&runs->columns[runs->sort]),
                  runs->reverse ? ", the greatest first" : "");
}

static bool do_runs(struct workbench *w, enum command command)
{
    long page = w->page > 1 ? w->page - 1 : 1;
    switch (command) {
    case DO_DOWN:
        runs_move(&w->runs, 1);
        break;
    case DO_UP:
        runs_move(&w->runs, -1);
        break;
    case DO_PAGE_DOWN:
        runs_move(&w->runs, page);
        break;
    case DO_PAGE_UP:
        runs_move(&w->runs, -page);
        break;
    case DO_FIRST:
        runs_move(&w->runs, -(long)w->runs.count);
        break;
    case DO_LAST:
        runs_move(&w->runs, (long)w->runs.count);
        break;
    case DO_OPEN:
        open_current(w);
        break;
    case DO_SEARCH:
        prompt_open(&w->prompt, PROMPT_SEARCH, "/");
        break;
    case DO_SEARCH_NEXT:
        search(w, 1, false);
        break;
    case DO_SEARCH_PREVIOUS:
        search(w, -1, false);
        break;
    case DO_SORT:
        sort(w, false);
        break;
    case DO_SORT_REVERSE:
        sort(w, true);
        break;
    default:
        return false;
    }
    return true;
}

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

static void undo(struct workbench *w)
{
    if (settings_undo(&w->settings))
        w->ask = true;
    else
        workbench_say(w, false, "nothing to undo");
}

static bool do_parameters(struct workbench *w, enum command command)
{
    switch (command) {
    case DO_H_DOWN:
        step(w, PARAMETER_H, -1);
        break;
    case DO_H_UP:
        step(w, PARAMETER_H, 1);
        break;
    case DO_H_ERROR_DOWN:
        step(w, PARAMETER_H_ERROR, -1);
        break;
    case DO_H_ERROR_UP:
        step(w, PARAMETER_H_ERROR, 1);
        break;
    case DO_ALPHA_DOWN:
        step(w, PARAMETER_ALPHA, -1);
        break;
    case DO_ALPHA_UP:
        step(w, PARAMETER_ALPHA, 1);
        break;
    case DO_WIDTH_RULE:
        step(w, PARAMETER_WIDTH, 1);
        break;
    case DO_COMPOSITION:
        step(w, PARAMETER_COMPOSITION, 1);
        break;
    case DO_TYPE:
        prompt_open(&w->prompt, PROMPT_VALUE, "= ");
        break;
    case DO_DEFAULTS:
        settings_default(&w->settings);
        w->ask = true;
        break;
    case DO_UNDO:
        undo(w);
        break;
    default:
        return false;
    }
    return true;
}

/* ---- training ---- */

static void move_point(struct workbench *w, long by)
{
    w->playing = false;
    /* The chain of that epoch first, if it is not there yet. */
    if (opened_move_point(&w->opened, by) && workbench_busy(w))
        w->ask |= opened_stale(&w->opened, PANEL_DPI, &w->settings.now.params) ||
                  isnan(opened_value(&w->opened, PANEL_DPI, 0, IFL_I_XT, NULL));
}

static void play(struct workbench *w)
{
    w->playing = !w->playing && w->opened.timeline.count > 1;
    w->play_at = 0;
    if (w->playing && w->opened.point + 1 >= w->opened.timeline.count)
        w->opened.point = 0;
}

static bool do_training(struct workbench *w, enum command command)
{
    long all = (long)w->opened.timeline.count;
    switch (command) {
    case DO_EPOCH_PREVIOUS:
        move_point(w, -1);
        break;
    case DO_EPOCH_NEXT:
        move_point(w, 1);
        break;
    case DO_EPOCH_BACK:
        move_point(w, -10);
        break;
    case DO_EPOCH_FORWARD:
        move_point(w, 10);
        break;
    case DO_EPOCH_FIRST:
        move_point(w, -all);
        break;
    case DO_EPOCH_LAST:
        move_point(w, all);
        break;
    case DO_PLAY:
        play(w);
        break;
    default:
        return false;
    }
    return true;
}

/* ---- view ---- */

static bool room_for_all(const struct workbench *w)
{
    enum layout_kind kind = layout_run(w->columns, w->rows, w->panel, false).kind;
    return kind == LAYOUT_ALL || kind == LAYOUT_STRIP;
}

/* Where all panels have room the key zooms one, and out again; else it chooses the one on screen. */
static void choose_panel(struct workbench *w, enum panel panel)
{
    if (room_for_all(w))
        w->zoomed = !(w->zoomed && w->panel == panel);
    w->panel = panel;
    w->on_strip &= !w->zoomed;
}

static void next_pane(struct workbench *w)
{
    enum layout_kind kind = workbench_layout(w).kind;
    if (kind == LAYOUT_STRIP)
        w->on_strip = !w->on_strip;
    else if (kind == LAYOUT_ALL)
        choose_panel(w, PANEL_DPI);
    else if (room_for_all(w) && w->panel == PANEL_MIP)
        w->zoomed = false;
    else
        w->panel = (enum panel)((w->panel + 1) % PANELS);
}

static void escape(struct workbench *w)
{
    if (w->screen == SCREEN_LIST)
        return;
    if (workbench_busy(w)) {
        engine_cancel(w->engine);
        w->canceled = true;
        w->ask = w->playing = false;
        workbench_say(w, false, "canceled");
    } else if (w->on_strip) {
        w->on_strip = false;
    } else {
        workbench_close_run(w);
    }
}

static bool do_view(struct workbench *w, enum command command)
{
    switch (command) {
    case DO_LAYER_PREVIOUS:
        opened_move_layer(&w->opened, -1);
        break;
    case DO_LAYER_NEXT:
        opened_move_layer(&w->opened, 1);
        break;
    case DO_PANEL_1:
        choose_panel(w, PANEL_DPI);
        break;
    case DO_PANEL_2:
        choose_panel(w, PANEL_IP);
        break;
    case DO_PANEL_3:
        choose_panel(w, PANEL_MIP);
        break;
    case DO_PANE:
        next_pane(w);
        break;
    case DO_ESCAPE:
        escape(w);
        break;
    case DO_HELP:
        w->help_top = 0;
        w->help = true;
        break;
    case DO_REDRAW:
        w->redraw = true;
        break;
    case DO_SUSPEND:
        w->suspend = true;
        break;
    case DO_QUIT:
        w->quit = true;
        break;
    default:
        return false;
    }
    return true;
}

/* ---- keys ---- */

static void prompt_done(struct workbench *w, enum prompt_use use)
{
    struct ifl_error error = {0};
    if (use == PROMPT_SEARCH) {
        if (w->prompt.length > 0) /* else the one before again */
            snprintf(w->runs.sought, sizeof w->runs.sought, "%s", w->prompt.text);
        search(w, 1, w->prompt.length > 0);
    } else if (settings_type(&w->settings, w->prompt.text, &error) == IFL_OK) {
        w->ask = true;
    } else {
        workbench_say(w, true, "%s", error.message);
    }
}

static void help_key(struct workbench *w, int key)
{
    int page = w->rows > 4 ? w->rows - 3 : 1;
    if (key == 'q' || key == '?' || key == PRESS_ESCAPE || key == PRESS_F1)
        w->help = false;
    else if (key == 'j' || key == PRESS_DOWN)
        w->help_top++;
    else if (key == 'k' || key == PRESS_UP)
        w->help_top--;
    else if (key == PRESS_PAGE_DOWN || key == ' ')
        w->help_top += page;
    else if (key == PRESS_PAGE_UP)
        w->help_top -= page;
    else if (key == PRESS_CTRL_L)
        w->redraw = true;
}

static enum command command_of(const struct workbench *w, int key)
{
    if (w->screen == SCREEN_LIST)
        return key_command(key, ON_LIST);
    enum command command = w->on_strip ? key_command(key, ON_STRIP) : DO_NOTHING;
    return command != DO_NOTHING ? command : key_command(key, ON_PLOTS);
}

void workbench_key(struct workbench *w, int key)
{
    w->changed = true;
    if (key == PRESS_PASTE_BEGIN || key == PRESS_PASTE_END) {
        w->pasting = key == PRESS_PASTE_BEGIN;
        return;
    }
    if (key == PRESS_MOUSE || (w->pasting && w->prompt.use == PROMPT_CLOSED))
        return;
    if (key == 'q' && workbench_layout(w).kind == LAYOUT_TOO_SMALL) { /* whatever may be open unseen */
        w->quit = true;
        return;
    }
    w->message[0] = '\0';
    enum prompt_use use = w->prompt.use;
    if (use != PROMPT_CLOSED) {
        if (prompt_key(&w->prompt, key) == PROMPT_DONE)
            prompt_done(w, use);
        return;
    }
    if (w->help) {
        help_key(w, key);
        return;
    }
    enum command command = command_of(w, key);
    bool done = do_view(w, command) || do_runs(w, command);
    if (!done && w->screen == SCREEN_RUN)
        done = do_parameters(w, command) || do_training(w, command);
    if (!done)
        workbench_say(w, false, "no such key here: ? lists them");
}
