#include <stdio.h>
#include <string.h>

#include <base/text.h>

#include "keys.h"

#define LISTS      (ON_LIST | ON_STRIP)
#define EVERYWHERE (ON_LIST | ON_STRIP | ON_PLOTS)

/* Within a section the order is the help's, over the whole table the hints'. */
const struct key_row key_table[] = {
    {EVERYWHERE, SECTION_ALWAYS, "help", 1, "this help", {{'?', DO_HELP}, {PRESS_F1, DO_HELP}}},
    {EVERYWHERE, SECTION_ALWAYS, "quit", 1, "quit; here: close the help", {{'q', DO_QUIT}}},

    {LISTS, SECTION_RUNS, "open", 1, "open the run", {{PRESS_ENTER, DO_OPEN}}},
    {LISTS,
     SECTION_RUNS,
     "move",
     2,
     "down, up",
     {{'j', DO_DOWN}, {'k', DO_UP}, {PRESS_DOWN, DO_DOWN}, {PRESS_UP, DO_UP}}},
    {LISTS, SECTION_RUNS, NULL, 0, "a page", {{PRESS_PAGE_DOWN, DO_PAGE_DOWN}, {PRESS_PAGE_UP, DO_PAGE_UP}}},
    {LISTS,
     SECTION_RUNS,
     NULL,
     0,
     "first, last",
     {{'g', DO_FIRST}, {'G', DO_LAST}, {PRESS_HOME, DO_FIRST}, {PRESS_END, DO_LAST}}},
    {LISTS, SECTION_RUNS, "search", 1, "search names, parameters", {{'/', DO_SEARCH}}},
    {LISTS, SECTION_RUNS, NULL, 0, "next, previous match", {{'n', DO_SEARCH_NEXT}, {'N', DO_SEARCH_PREVIOUS}}},
    {ON_LIST, SECTION_RUNS, "sort", 1, "sort: next column, reverse", {{'s', DO_SORT}, {'S', DO_SORT_REVERSE}}},

    {ON_PLOTS, SECTION_PARAMETERS, "h", 2, "h / and x 1.05", {{'w', DO_H_DOWN}, {'W', DO_H_UP}}},
    {ON_PLOTS,
     SECTION_PARAMETERS,
     "h-error",
     2,
     "h-error / and x 1.05",
     {{'d', DO_H_ERROR_DOWN}, {'D', DO_H_ERROR_UP}}},
    {ON_PLOTS, SECTION_PARAMETERS, "alpha", 2, "alpha - and + 0.01", {{'a', DO_ALPHA_DOWN}, {'A', DO_ALPHA_UP}}},
    {ON_PLOTS,
     SECTION_TRAINING,
     "epoch",
     2,
     "a snapshot back, on",
     {{'[', DO_EPOCH_PREVIOUS}, {']', DO_EPOCH_NEXT}, {',', DO_EPOCH_PREVIOUS}, {'.', DO_EPOCH_NEXT}}},
    {ON_PLOTS, SECTION_TRAINING, NULL, 0, "ten back, on", {{'{', DO_EPOCH_BACK}, {'}', DO_EPOCH_FORWARD}}},
    {ON_PLOTS, SECTION_TRAINING, NULL, 0, "first, last", {{PRESS_HOME, DO_EPOCH_FIRST}, {PRESS_END, DO_EPOCH_LAST}}},
    {ON_PLOTS,
     SECTION_VIEW,
     "layer",
     2,
     "layer back, on",
     {{PRESS_LEFT, DO_LAYER_PREVIOUS}, {PRESS_RIGHT, DO_LAYER_NEXT}}},
    {ON_PLOTS,
     SECTION_VIEW,
     "panel",
     3,
     "DPI, IP, M-IP alone, or all",
     {{'1', DO_PANEL_1}, {'2', DO_PANEL_2}, {'3', DO_PANEL_3}}},
    {ON_PLOTS, SECTION_TRAINING, "play", 1, "play through training, stop", {{'p', DO_PLAY}}},
    {ON_PLOTS, SECTION_PARAMETERS, "type", 1, "type VALUE or NAME VALUE", {{'=', DO_TYPE}}},
    {ON_PLOTS, SECTION_PARAMETERS, "width", 1, "next width rule", {{'r', DO_WIDTH_RULE}}},
    {ON_PLOTS, SECTION_PARAMETERS, "compose", 1, "compose the maps otherwise", {{'m', DO_COMPOSITION}}},
    {ON_PLOTS, SECTION_PARAMETERS, "undo", 1, "undo", {{'u', DO_UNDO}}},
    {ON_PLOTS, SECTION_PARAMETERS, "default", 1, "all parameters to default", {{'0', DO_DEFAULTS}}},
    {ON_STRIP | ON_PLOTS, SECTION_VIEW, "pane", 1, "next pane: runs, plots", {{PRESS_TAB, DO_PANE}}},
    {EVERYWHERE, SECTION_VIEW, NULL, 0, "cancel; back to the runs", {{PRESS_ESCAPE, DO_ESCAPE}}},

    {EVERYWHERE, SECTION_ALWAYS, NULL, 0, "paint the screen anew", {{PRESS_CTRL_L, DO_REDRAW}}},
    {EVERYWHERE, SECTION_ALWAYS, NULL, 0, "suspend (fg comes back)", {{PRESS_CTRL_Z, DO_SUSPEND}}},
};
const size_t key_rows = sizeof key_table / sizeof *key_table;

const char *section_name(enum section section)
{
    static const char *const names[SECTIONS] = {"Parameters", "Training", "View", "Runs", "Always"};
    return names[section];
}

enum command key_command(int key, unsigned context)
{
    for (size_t row = 0; row < key_rows; row++) {
        if (!(key_table[row].contexts & context))
            continue;
        for (int k = 0; k < KEYS_A_ROW && key_table[row].keys[k].key != 0; k++)
            if (key_table[row].keys[k].key == key)
                return key_table[row].keys[k].command;
    }
    return DO_NOTHING;
}

static const char *name_of(int key, char typed[5])
{
    static const struct {
        int key;
        const char *name;
    } names[] = {{PRESS_ENTER, "Enter"}, {PRESS_TAB, "Tab"},      {PRESS_ESCAPE, "Esc"},     {PRESS_UP, "Up"},
                 {PRESS_DOWN, "Down"},   {PRESS_LEFT, "Left"},    {PRESS_RIGHT, "Right"},    {PRESS_HOME, "Home"},
                 {PRESS_END, "End"},     {PRESS_PAGE_UP, "PgUp"}, {PRESS_PAGE_DOWN, "PgDn"}, {PRESS_F1, "F1"}};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (names[k].key == key)
            return names[k].name;
    if (key < ' ') {
        memcpy(typed, (char[]){'^', (char)(key + '@'), '\0'}, 3);
        return typed;
    }
    text_encode((unsigned)key, typed);
    return typed;
}

char *key_text(char out[64], const struct key_row *row, size_t most)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t k = 0; k < most && k < KEYS_A_ROW && row->keys[k].key != 0; k++) {
        char typed[5];
        used += (size_t)snprintf(out + used, 64 - used, "%s%s", k > 0 ? " " : "", name_of(row->keys[k].key, typed));
    }
    return out;
}
