/* Keys and the pointer, on their way to commands. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"

/* ---- prompts ---- */

/* The kind of line, and so the history, that a command's argument has. */
static enum prompt_use use_of(enum command command)
{
    switch (command) {
    case DO_SET:
        return PROMPT_VALUE;
    case DO_SEARCH:
        return PROMPT_SEARCH;
    case DO_FILTER:
        return PROMPT_FILTER;
    case DO_RENAME:
        return PROMPT_RENAME;
    case DO_TAG:
        return PROMPT_TAG;
    case DO_NOTE:
        return PROMPT_NOTE;
    case DO_EXPORT:
        return PROMPT_EXPORT;
    case DO_SAVE:
        return PROMPT_SAVE;
    case DO_LOAD:
        return PROMPT_LOAD;
    case DO_WATCH:
        return PROMPT_WATCH;
    default:
        return PROMPT_COMMAND;
    }
}

/* The k-th word of what the workbench knows. */
static const char *word(void *context, enum words kind, size_t k)
{
    const struct workbench *w = context;
    const struct subject *front = showing_front(&w->showing);
    switch (kind) {
    case WORDS_RUNS:
        return k < w->runs.count && !w->in_bin ? w->runs.items[k].run.name : NULL;
    case WORDS_DELETED:
        return k < w->runs.count && w->in_bin ? w->runs.items[k].run.name : NULL;
    case WORDS_COLUMNS:
        return k < w->runs.columns.count ? w->runs.columns.items[k].word : NULL;
    case WORDS_LAYERS:
        return front != NULL && k < subject_run(front)->n_layers ? subject_run(front)->layers[k].name : NULL;
    case WORDS_FIELDS:
        return k < w->runs.columns.count ? w->runs.columns.items[k].word : NULL;
    default:
        return NULL;
    }
}

void workbench_prompt(struct workbench *w, enum command command, const char *label, const char *text)
{
    w->vocabulary = (struct vocabulary){.contexts = workbench_context(w), .word = word, .context = w, .no_disk = true};
    w->prompt.history = &w->history;
    w->prompt.vocabulary = &w->vocabulary;
    w->asked = command;
    prompt_open(&w->prompt, use_of(command), label, text);
}

static void say_error(struct workbench *w, enum ifl_status status, const struct ifl_error *error)
{
    if (status != IFL_OK)
        workbench_say(w, true, "%s", error->message);
}

static void prompt_done(struct workbench *w)
{
    struct ifl_error error = {0};
    char text[PROMPT_TEXT];
    snprintf(text, sizeof text, "%s", w->prompt.text);
    enum command command = w->asked;
    enum ifl_status status = IFL_OK;
    if (command == DO_COMMAND)
        status = workbench_line(w, text, &error);
    else if (text[0] != '\0')
        status = workbench_do(w, command, text, &error);
    else if (command == DO_FILTER || command == DO_NOTE) /* emptied on purpose */
        status = workbench_do(w, command, "-", &error);
    else if (command == DO_SEARCH) /* the one before again */
        status = workbench_do(w, DO_SEARCH_NEXT, "", &error);
    say_error(w, status, &error);
}

/* ---- keys ---- */

static struct binding binding_of(const struct workbench *w, int key)
{
    struct binding binding = bindings_find(&w->bindings, key, workbench_context(w));
    if (binding.command == DO_NOTHING && w->on_strip)
        binding = bindings_find(&w->bindings, key, ON_PLOTS);
    return binding;
}

void workbench_key(struct workbench *w, int key)
{
    struct ifl_error error = {0};
    w->changed = w->session_touched = true;
    if (key == PRESS_PASTE_BEGIN || key == PRESS_PASTE_END) {
        w->pasting = key == PRESS_PASTE_BEGIN;
        return;
    }
    w->pasting &= key != PRESS_ESCAPE && key != PRESS_CTRL_C;
    w->pasted_at = 0;
    if (w->pasting && w->prompt.use == PROMPT_CLOSED)
        return;
    if (key == 'q' && workbench_layout(w).kind == LAYOUT_TOO_SMALL) { /* whatever may be open unseen */
        w->quit = true;
        return;
    }
    bool said = w->message[0] != '\0' && !w->says_escape;
    w->message[0] = '\0';
    if (w->prompt.use != PROMPT_CLOSED) {
        bool asked = w->prompt.asks_disk;
        if (prompt_key(&w->prompt, key) == PROMPT_DONE)
            prompt_done(w);
        else if (w->prompt.asks_disk && !asked)
            errand_candidates(w);
        return;
    }
    if (w->help.open) {
        if (!help_key(&w->help, key) && key == PRESS_CTRL_L)
            w->redraw = true;
        return;
    }
    if (w->chooser.open && w->screen == SCREEN_LIST && chooser_key(&w->chooser, &w->runs, key))
        return;
    if (key == PRESS_ESCAPE && said)
        return;
    struct binding binding = binding_of(w, key);
    w->canceled &= w->screen == SCREEN_RUN || binding.command == DO_ESCAPE;
    if (binding.command == DO_NOTHING)
        workbench_say(w, false, "no such key here: ? lists them");
    else
        say_error(w, workbench_do(w, binding.command, binding.argument, &error), &error);
}

/* ---- the pointer ---- */

static bool inside(struct rect rect, int x, int y)
{
    return x >= rect.x && x < rect.x + rect.columns && y >= rect.y && y < rect.y + rect.rows;
}

/* A click on a row goes there, a second one opens it; a click on a head sorts. */
static void click_runs(struct workbench *w, const struct pointer *pointer)
{
    struct ifl_error error = {0};
    size_t row;
    const char *column = runs_head_at(&w->runs, pointer->x, pointer->y);
    if (column != NULL && w->screen == SCREEN_LIST) {
        const char *sorted = w->runs.columns.items[runs_sorted_by(&w->runs)].word;
        bool again = w->runs.sort != NULL && strcmp(sorted, column) == 0;
        say_error(w, runs_sort(&w->runs, column, again && !w->runs.reverse, &error), &error);
    } else if (runs_at(&w->runs, pointer->x, pointer->y, &row)) {
        bool here = row == w->runs.at && w->screen == SCREEN_RUN;
        runs_move_to(&w->runs, row);
        if (pointer->kind == POINTER_DOUBLE || here)
            say_error(w, workbench_do(w, DO_OPEN, "", &error), &error);
    }
}

static void click_bar(struct workbench *w, int x)
{
    const struct subject *front = showing_front(&w->showing);
    int width = w->drawn.bar.columns - 1;
    if (front == NULL || front->timeline.count == 0 || width < 1)
        return;
    double share = (double)(x - w->drawn.bar.x) / width;
    showing_to_point(&w->showing, (size_t)lround(share * (double)(front->timeline.count - 1)));
    w->playing = false;
    w->ask = true;
}

/* On what was drawn nearest; on a title the panel alone, or all again. */
static void click_panel(struct workbench *w, const struct pointer *pointer, int row, enum panel panel)
{
    struct ifl_error error = {0};
    const struct plot_mark *mark = drawn_nearest(&w->drawn, row, panel, pointer->x, pointer->y);
    if (pointer->y == w->drawn.layout.panels[row][panel].y || pointer->kind == POINTER_DOUBLE) {
        say_error(w, workbench_do(w, (enum command)(DO_PANEL_1 + panel), "", &error), &error);
        return;
    }
    if (mark == NULL)
        return;
    if (mark->subject >= 0 && (size_t)mark->subject != w->showing.front)
        showing_to_front(&w->showing, (size_t)mark->subject);
    if (mark->layer >= 0)
        showing_to_layer(&w->showing, mark->layer);
    if (panel == PANEL_WIDTH && mark->point >= 0 && mark->point < SWEEP_WIDTHS) {
        char width[32];
        snprintf(width, sizeof width, "%.3g", w->showing.shown_sweep.widths[mark->point]);
        enum command command = w->showing.shown_sweep.chain == IFL_FORWARD ? DO_H : DO_H_ERROR;
        say_error(w, workbench_do(w, command, width, &error), &error);
    } else if (mark->point >= 0 && panel != PANEL_DPI && !(panel == PANEL_PID && w->looks.pid >= PID_OVER_TOPOLOGIES_X)) {
        showing_to_point(&w->showing, (size_t)mark->point);
        w->ask |= showing_lacks(&w->showing, PANEL_DPI);
    }
    w->playing = w->on_strip = false;
}

static void click(struct workbench *w, const struct pointer *pointer)
{
    int row;
    enum panel panel;
    if (w->screen == SCREEN_LIST) {
        click_runs(w, pointer);
    } else if (inside(w->drawn.layout.runs, pointer->x, pointer->y)) {
        w->on_strip = true;
        click_runs(w, pointer);
    } else if (inside(w->drawn.bar, pointer->x, pointer->y)) {
        click_bar(w, pointer->x);
    } else if (drawn_panel_at(&w->drawn, pointer->x, pointer->y, &row, &panel)) {
        click_panel(w, pointer, row, panel);
    }
}

/* Over a list it scrolls, over a plot it zooms. */
static void wheel(struct workbench *w, const struct pointer *pointer)
{
    bool up = pointer->kind == POINTER_UP;
    int row;
    enum panel panel;
    if (w->help.open)
        w->help.top += up ? -3 : 3;
    else if (w->screen == SCREEN_LIST || inside(w->drawn.layout.runs, pointer->x, pointer->y))
        runs_move(&w->runs, up ? -1 : 1);
    else if (inside(w->drawn.bar, pointer->x, pointer->y))
        w->ask |= showing_move_point(&w->showing, up ? -1 : 1);
    else if (drawn_panel_at(&w->drawn, pointer->x, pointer->y, &row, &panel))
        commands_zoom(w, panel, up ? 1.25 : 1 / 1.25);
}

void workbench_pointer(struct workbench *w, const struct pointer *pointer)
{
    if (!w->mouse || w->prompt.use != PROMPT_CLOSED || w->chooser.open)
        return;
    w->changed = w->session_touched = true;
    w->message[0] = '\0';
    if (pointer->kind == POINTER_UP || pointer->kind == POINTER_DOWN)
        wheel(w, pointer);
    else if (!w->help.open && (pointer->kind == POINTER_PRESS || pointer->kind == POINTER_DOUBLE))
        click(w, pointer);
}
