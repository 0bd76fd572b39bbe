/* Keys by name, and what holds of the table once a user has bound some otherwise. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <base/text.h>
#include <base/text_width.h>

#include "keys.h"

/* ---- names ---- */

static const struct {
    int key;
    const char *name;
} named[] = {{PRESS_ENTER, "Enter"},     {PRESS_TAB, "Tab"},     {PRESS_BACKTAB, "S-Tab"}, {PRESS_ESCAPE, "Esc"},
             {PRESS_UP, "Up"},           {PRESS_DOWN, "Down"},   {PRESS_LEFT, "Left"},     {PRESS_RIGHT, "Right"},
             {PRESS_HOME, "Home"},       {PRESS_END, "End"},     {PRESS_PAGE_UP, "PgUp"},  {PRESS_PAGE_DOWN, "PgDn"},
             {PRESS_BACKSPACE, "BkSpc"}, {PRESS_DELETE, "Del"},  {' ', "Space"},           {PRESS_F1, "F1"},
             {PRESS_F1 + 1, "F2"},       {PRESS_F1 + 2, "F3"},   {PRESS_F1 + 3, "F4"},     {PRESS_F1 + 4, "F5"},
             {PRESS_F1 + 5, "F6"},       {PRESS_F1 + 6, "F7"},   {PRESS_F1 + 7, "F8"},     {PRESS_F1 + 8, "F9"},
             {PRESS_F1 + 9, "F10"},      {PRESS_F1 + 10, "F11"}, {PRESS_F12, "F12"}};

const char *key_word(size_t k)
{
    return k < sizeof named / sizeof *named ? named[k].name : NULL;
}

char *key_text(char out[KEY_NAME], int key)
{
    for (size_t k = 0; k < sizeof named / sizeof *named; k++)
        if (named[k].key == key) {
            snprintf(out, KEY_NAME, "%s", named[k].name);
            return out;
        }
    if (key >= 0 && key < ' ')
        snprintf(out, KEY_NAME, "^%c", key + '@');
    else if (key > ' ' && key < PRESS_UP)
        text_encode((unsigned)key, out);
    else
        snprintf(out, KEY_NAME, "?");
    return out;
}

enum ifl_status key_parse(const char *name, int *key, struct ifl_error *error)
{
    unsigned codepoint;
    int length = text_decode(name, &codepoint);
    if (length > 0 && name[length] == '\0' && codepoint != ' ' && text_codepoint_width(codepoint) >= 0) {
        *key = (int)codepoint;
        return IFL_OK;
    }
    if (name[0] == '^' && isalpha((unsigned char)name[1]) && name[2] == '\0') {
        *key = name[1] & 0x1F;
        return IFL_OK;
    }
    for (size_t k = 0; k < sizeof named / sizeof *named; k++)
        if (strcasecmp(named[k].name, name) == 0) {
            *key = named[k].key;
            return IFL_OK;
        }
    return ifl_fail(error, IFL_INVALID, "`%.32s` is no key: a character, ^R, F2, or Enter, Space, Left, PgDn...", name);
}

/* ---- binding ---- */

/* `KEY`, `list:KEY`, `plots:KEY`; *contexts is narrowed. */
static enum ifl_status parse_place(const char *text, int *key, unsigned *contexts, struct ifl_error *error)
{
    static const struct {
        const char *prefix;
        unsigned contexts;
    } places[] = {{"list:", ON_LISTS}, {"plots:", ON_PLOTS}};
    for (size_t k = 0; k < 2; k++) {
        size_t length = strlen(places[k].prefix);
        if (strncmp(text, places[k].prefix, length) == 0 && text[length] != '\0') {
            text += length;
            *contexts &= places[k].contexts;
            break;
        }
    }
    return key_parse(text, key, error);
}

/* What was bound to the same key in the same places is forgotten; what holds in some of them still, stays. */
static enum ifl_status put(struct bindings *bindings, const struct bound *bound, struct ifl_error *error)
{
    size_t kept = 0;
    for (size_t k = 0; k < bindings->count; k++) {
        const struct bound *old = &bindings->items[k];
        if (old->key != bound->key || (old->contexts & ~bound->contexts) != 0)
            kept++;
    }
    if (kept == BINDINGS_MOST)
        return ifl_fail(error, IFL_INVALID, "%d keys are bound already, which is all there is room for", BINDINGS_MOST);
    kept = 0;
    for (size_t k = 0; k < bindings->count; k++) {
        const struct bound *old = &bindings->items[k];
        if (old->key != bound->key || (old->contexts & ~bound->contexts) != 0)
            bindings->items[kept++] = *old;
    }
    bindings->items[kept] = *bound;
    bindings->count = kept + 1;
    return IFL_OK;
}

enum ifl_status bindings_bind(struct bindings *bindings, const char *text, struct ifl_error *error)
{
    char key[KEY_NAME + 8];
    struct bound bound;
    text += strspn(text, " \t");
    size_t length = strcspn(text, " \t");
    if (length == 0 || length >= sizeof key)
        return ifl_fail(error, IFL_INVALID, "bind: first the key, then the command: bind F5 play");
    snprintf(key, sizeof key, "%.*s", (int)length, text);
    enum ifl_status status = command_parse(text + length, &bound.line, error);
    if (status == IFL_OK && bound.line.command == DO_NOTHING)
        status = ifl_fail(error, IFL_INVALID, "what shall %s do? bind %s COMMAND, or unbind %s", key, key, key);
    if (status == IFL_OK) {
        bound.contexts = command_table[bound.line.command].contexts;
        status = parse_place(key, &bound.key, &bound.contexts, error);
    }
    if (status == IFL_OK && bound.contexts == 0)
        status = ifl_fail(error, IFL_INVALID, "%s has no meaning there", command_table[bound.line.command].name);
    if (status == IFL_OK)
        status = put(bindings, &bound, error);
    if (status != IFL_OK)
        ifl_error_prefix(error, "bind");
    return status;
}

enum ifl_status bindings_unbind(struct bindings *bindings, const char *text, struct ifl_error *error)
{
    struct bound bound = {.contexts = EVERYWHERE};
    enum ifl_status status = parse_place(text, &bound.key, &bound.contexts, error);
    if (status == IFL_OK)
        status = put(bindings, &bound, error);
    if (status != IFL_OK)
        ifl_error_prefix(error, "unbind");
    return status;
}

/* ---- what holds ---- */

/* Which of the bound counts for a key, or `count`. */
static size_t bound_to(const struct bindings *bindings, int key, unsigned context)
{
    for (size_t k = bindings->count; k > 0; k--)
        if (bindings->items[k - 1].key == key && (bindings->items[k - 1].contexts & context))
            return k - 1;
    return bindings->count;
}

struct binding bindings_find(const struct bindings *bindings, int key, unsigned context)
{
    size_t at = bound_to(bindings, key, context);
    if (at < bindings->count)
        return (struct binding){bindings->items[at].line.command, bindings->items[at].line.argument};
    for (size_t row = 0; key != 0 && row < key_rows; row++) {
        const struct key_row *r = &key_table[row];
        for (int k = 0; k < KEYS_A_ROW && r->keys[k].key != 0 && (r->contexts & context); k++)
            if (r->keys[k].key == key)
                return (struct binding){r->keys[k].command, r->argument};
    }
    return (struct binding){DO_NOTHING, ""};
}

/* Whether a key does this in one of the contexts, each tried by itself. */
static bool does(const struct bindings *bindings, int key, unsigned contexts, enum command command,
                 const char *argument)
{
    for (unsigned context = ON_LIST; context <= ON_PLOTS; context <<= 1) {
        if (!(contexts & context))
            continue;
        struct binding binding = bindings_find(bindings, key, context);
        if (binding.command == command && strcmp(binding.argument, argument) == 0)
            return true;
    }
    return false;
}

bool bindings_holds(const struct bindings *bindings, size_t k)
{
    const struct bound *bound = &bindings->items[k];
    for (unsigned context = ON_LIST; context <= ON_PLOTS; context <<= 1)
        if ((bound->contexts & context) && bound_to(bindings, bound->key, context) == k)
            return bound->line.command != DO_NOTHING;
    return false;
}

static bool in_row(const struct bindings *bindings, size_t at, const struct key_row *row, enum command command)
{
    const struct bound *bound = &bindings->items[at];
    return bound->line.command == command && does(bindings, bound->key, row->contexts, command, row->argument);
}

bool bindings_in_table(const struct bindings *bindings, size_t at)
{
    for (size_t row = 0; row < key_rows; row++)
        for (int k = 0; k < KEYS_A_ROW && key_table[row].keys[k].key != 0; k++)
            if (in_row(bindings, at, &key_table[row], key_table[row].keys[k].command))
                return true;
    return false;
}

struct key_list {
    int keys[KEYS_A_ROW + BINDINGS_MOST];
    size_t count;
};

static bool add_key(struct key_list *list, int key)
{
    for (size_t k = 0; k < list->count; k++)
        if (list->keys[k] == key)
            return false;
    list->keys[list->count++] = key;
    return true;
}

/* The keys bound to a command of the row: one of them, or all. */
static void add_bound(struct key_list *list, const struct bindings *bindings, const struct key_row *row,
                      enum command command, bool all)
{
    for (size_t k = bindings->count; k > 0; k--)
        if (in_row(bindings, k - 1, row, command) && add_key(list, bindings->items[k - 1].key) && !all)
            return;
}

char *bindings_text(const struct bindings *bindings, const struct key_row *row, size_t most, char *out, size_t size)
{
    struct key_list list = {.count = 0};
    for (size_t k = 0; k < most && k < KEYS_A_ROW && row->keys[k].key != 0; k++) {
        if (does(bindings, row->keys[k].key, row->contexts, row->keys[k].command, row->argument))
            add_key(&list, row->keys[k].key);
        else
            add_bound(&list, bindings, row, row->keys[k].command, false);
    }
    for (size_t k = 0; k < KEYS_A_ROW && most >= KEYS_A_ROW && row->keys[k].key != 0; k++)
        add_bound(&list, bindings, row, row->keys[k].command, true);

    size_t used = 0;
    out[0] = '\0';
    for (size_t k = 0; k < list.count; k++) {
        char name[KEY_NAME];
        size_t length = strlen(key_text(name, list.keys[k]));
        if (used + (used > 0) + length >= size)
            break;
        used += (size_t)snprintf(out + used, size - used, "%s%s", used > 0 ? " " : "", name);
    }
    return out;
}
