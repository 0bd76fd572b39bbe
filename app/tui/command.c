#include <stdio.h>
#include <string.h>

#include <infoflow/params.h>

#include <base/nearest.h>
#include <base/text.h>
#include <base/text_width.h>

#include "command.h"

const struct command_info command_table[] = {{"", SECTION_ALWAYS, ARGUMENT_NONE, "", 0, ""},
#define X(id, name, section, argument, shown, contexts, what)                                                          \
    {name, SECTION_##section, ARGUMENT_##argument, shown, contexts, what},
                                             COMMAND_LIST(X)
#undef X
};

const char *section_name(enum section section)
{
    static const char *const names[SECTIONS] = {"Parameters", "Training", "View", "Runs", "Always"};
    return names[section];
}

/* ---- arguments out of a few words ---- */

static const char *rule_word(size_t k)
{
    return k < IFL_WIDTH_RULES ? ifl_width_rule_name((enum ifl_width_rule)k) : NULL;
}

static const char *composition_word(size_t k)
{
    return k < IFL_COMPOSITIONS ? ifl_composition_name((enum ifl_composition)k) : NULL;
}

const char *argument_word(enum argument kind, size_t k)
{
    enum { WORDS_MOST = 7 };
    static const char *const views[WORDS_MOST] = {"dpi", "ip", "mip", "pid", "width", "all"};
    static const char *const themes[WORDS_MOST] = {"dark", "light", "mono", "auto"};
    static const char *const chains[WORDS_MOST] = {"forward", "backward", "both"};
    static const char *const abouts[WORDS_MOST] = {"x", "y", "topologies-x", "topologies-y"};
    static const char *const switches[WORDS_MOST] = {"on", "off"};
    if (k >= WORDS_MOST)
        return NULL;
    switch (kind) {
    case ARGUMENT_RULE:
        return rule_word(k);
    case ARGUMENT_COMPOSITION:
        return composition_word(k);
    case ARGUMENT_VIEW:
        return views[k];
    case ARGUMENT_THEME:
        return themes[k];
    case ARGUMENT_CHAIN:
        return chains[k];
    case ARGUMENT_ABOUT:
        return abouts[k];
    case ARGUMENT_SWITCH:
        return switches[k];
    default:
        return NULL;
    }
}

static enum ifl_status check_argument(const struct command_info *info, const char *argument, struct ifl_error *error)
{
    const char *word = argument_word(info->argument, 0);
    if (argument[0] == '\0' && info->shown[0] != '[' && info->shown[0] != '\0')
        return ifl_fail(error, IFL_INVALID, "%s: something is missing: %s %s", info->name, info->name, info->shown);
    if (argument[0] != '\0' && info->argument == ARGUMENT_NONE)
        return ifl_fail(error, IFL_INVALID, "%s takes no argument: `%s`", info->name, argument);
    if (argument[0] == '\0' || word == NULL)
        return IFL_OK;
    char words[128] = "";
    size_t used = 0;
    for (size_t k = 0; (word = argument_word(info->argument, k)) != NULL; k++) {
        if (strcmp(word, argument) == 0)
            return IFL_OK;
        used += (size_t)snprintf(words + used, sizeof words - used, "%s%s", k > 0 ? ", " : "", word);
    }
    return ifl_fail(error, IFL_INVALID, "%s: `%s` is none of %s", info->name, argument, words);
}

/* ---- names ---- */

size_t command_name_length(const char *text)
{
    return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");
}

static bool begins(enum command command, const char *name, size_t length)
{
    return strncmp(command_table[command].name, name, length) == 0;
}

enum command command_find(const char *name, size_t length)
{
    enum command found = DO_NOTHING;
    int count = 0;
    for (int k = DO_NOTHING + 1; length > 0 && k < COMMANDS; k++) {
        if (!begins((enum command)k, name, length))
            continue;
        if (command_table[k].name[length] == '\0')
            return (enum command)k;
        found = (enum command)k;
        count++;
    }
    return count == 1 ? found : DO_NOTHING;
}

/* ---- the name that was meant ---- */

static const char *nearest(const char *typed, size_t length)
{
    const char *names[COMMANDS];
    size_t count = 0;
    for (int k = DO_NOTHING + 1; k < COMMANDS; k++)
        names[count++] = command_table[k].name;
    return nearest_name(names, count, typed, length);
}

/* No name, or the beginning of several. */
static enum ifl_status no_command(const char *typed, size_t length, struct ifl_error *error)
{
    char names[128] = "";
    size_t used = 0, count = 0;
    for (int k = DO_NOTHING + 1; length > 0 && k < COMMANDS; k++)
        if (begins((enum command)k, typed, length) && ++count <= 4)
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", count > 1 ? ", " : "",
                                     command_table[k].name);
    if (count > 0)
        return ifl_fail(error, IFL_INVALID, "`%.*s` may be %s%s", (int)length, typed, names, count > 4 ? "..." : "");
    size_t word = strcspn(typed, " \t=");
    word = word < NEAREST_MOST ? word : NEAREST_MOST;
    const char *meant = nearest(typed, word);
    if (meant != NULL)
        return ifl_fail(error, IFL_INVALID, "no command `%.*s`: %s?", (int)word, typed, meant);
    return ifl_fail(error, IFL_INVALID, "no command `%.*s`: help lists them", (int)word, typed);
}

/* ---- lines ---- */

static const char blanks[] = " \t";

bool can_be_typed(const char *text)
{
    unsigned codepoint;
    for (int length; (length = text_decode(text, &codepoint)) != 0; text += length)
        if (length < 0 || (codepoint != '\t' && text_codepoint_width(codepoint) < 0))
            return false;
    return true;
}

/* `NAME=V`, and `NAME = V` where the value cannot begin with a `=` itself. */
static const char *argument_of(const struct command_info *info, const char *behind_name)
{
    const char *argument = behind_name + strspn(behind_name, blanks);
    bool numeric = info->argument == ARGUMENT_NUMBER;
    if (argument[0] == '=' && (argument == behind_name || numeric))
        argument++;
    /* what is left reads the same when it is said again */
    return argument + strspn(argument, numeric ? " \t=" : blanks);
}

enum ifl_status command_parse(const char *line, struct command_line *out, struct ifl_error *error)
{
    line += strspn(line, blanks);
    if (line[0] == '\0' || line[0] == '#') {
        *out = (struct command_line){.command = DO_NOTHING};
        return IFL_OK;
    }
    if (!can_be_typed(line)) /* lines come from files and from other programs' clipboards */
        return ifl_fail(error, IFL_INVALID, "a line with bytes that nobody can type");
    size_t length = command_name_length(line);
    bool ends = strchr(" \t=", line[length]) != NULL; /* the NUL is found too */
    enum command command = ends ? command_find(line, length) : DO_NOTHING;
    if (command == DO_NOTHING)
        return no_command(line, ends ? length : 0, error);

    const struct command_info *info = &command_table[command];
    const char *argument = argument_of(info, line + length);
    size_t end = strlen(argument);
    while (end > 0 && strchr(blanks, argument[end - 1]) != NULL)
        end--;
    if (end >= COMMAND_ARGUMENT)
        return ifl_fail(error, IFL_INVALID, "%s: an argument of more than %d bytes", info->name, COMMAND_ARGUMENT - 1);
    struct command_line parsed = {.command = command};
    memcpy(parsed.argument, argument, end);
    enum ifl_status status = check_argument(info, parsed.argument, error);
    if (status == IFL_OK)
        *out = parsed;
    return status;
}
