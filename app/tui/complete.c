#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "complete.h"
#include "config.h"
#include "keys.h"
#include "settings.h"

enum { CANDIDATES_MOST = 4096 };

/* ---- candidates ---- */

struct gathering {
    struct completion *out;
    const char *word; /* what is typed of it */
    size_t length;
    const char *divides; /* bytes that no candidate may have, since they would end the word */
};

static void add(struct gathering *g, const char *text, const char *what)
{
    struct completion *out = g->out;
    if (out->count == CANDIDATES_MOST || !can_be_typed(text) || strpbrk(text, g->divides) != NULL || text[0] == '\0')
        return;
    if ((out->count & (out->count - 1)) == 0) { /* full: at a power of two */
        size_t room = out->count == 0 ? 1 : 2 * out->count;
        struct candidate *grown = realloc(out->items, room * sizeof *grown);
        if (grown == NULL)
            return;
        out->items = grown;
    }
    char *copy = strdup(text);
    if (copy != NULL)
        out->items[out->count++] = (struct candidate){copy, what};
}

static void offer(struct gathering *g, const char *text, const char *what)
{
    if (strncasecmp(text, g->word, g->length) == 0)
        add(g, text, what);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(((const struct candidate *)a)->text, ((const struct candidate *)b)->text);
}

static void sort(struct completion *out)
{
    if (out->count == 0)
        return;
    qsort(out->items, out->count, sizeof *out->items, by_text);
    size_t kept = 1;
    for (size_t k = 1; k < out->count; k++) {
        if (strcmp(out->items[k].text, out->items[kept - 1].text) == 0)
            free(out->items[k].text);
        else
            out->items[kept++] = out->items[k];
    }
    out->count = kept;
}

void completion_release(struct completion *completion)
{
    for (size_t k = 0; k < completion->count; k++)
        free(completion->items[k].text);
    free(completion->items);
    *completion = (struct completion){.count = 0};
}

size_t completion_common(const struct completion *completion)
{
    if (completion->count == 0)
        return 0;
    const char *first = completion->items[0].text;
    size_t common = strlen(first);
    for (size_t k = 1; k < completion->count; k++) {
        size_t same = 0;
        while (same < common && completion->items[k].text[same] == first[same])
            same++;
        common = same;
    }
    while (common > 0 && ((unsigned char)first[common] & 0xC0) == 0x80) /* whole characters only */
        common--;
    return common;
}

/* ---- files ---- */

static bool is_folder(DIR *folder, const char *name)
{
    struct stat info;
    return fstatat(dirfd(folder), name, &info, 0) == 0 && S_ISDIR(info.st_mode);
}

/* Files in the folder the word names; hidden ones where its last part begins with a dot. */
static void offer_files(struct gathering *g, bool folders_only)
{
    char typed[COMMAND_ARGUMENT], path[2 * COMMAND_ARGUMENT];
    if (g->length >= sizeof typed)
        return;
    snprintf(typed, sizeof typed, "%.*s", (int)g->length, g->word);
    if (strcmp(typed, "~") == 0) {
        add(g, "~/", NULL);
        return;
    }
    const char *slash = strrchr(typed, '/');
    const char *leaf = slash != NULL ? slash + 1 : typed;
    int before = (int)(leaf - typed);
    snprintf(path, sizeof path, "%.*s", before, typed);
    char *expanded = path_expand(before > 0 ? path : ".");
    DIR *folder = expanded != NULL ? opendir(expanded) : NULL;
    free(expanded);
    if (folder == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL && g->out->count < CANDIDATES_MOST;) {
        const char *name = entry->d_name;
        if (strncmp(name, leaf, strlen(leaf)) != 0 || (name[0] == '.' && leaf[0] != '.') || strcmp(name, ".") == 0 ||
            strcmp(name, "..") == 0)
            continue;
        bool is = is_folder(folder, name);
        if (!is && folders_only)
            continue;
        if (snprintf(path, sizeof path, "%.*s%s%s", before, typed, name, is ? "/" : "") < (int)sizeof path)
            add(g, path, NULL);
    }
    closedir(folder);
}

/* ---- words ---- */

static void offer_data(struct gathering *g, enum words kind, const struct vocabulary *vocabulary)
{
    const char *word;
    if (vocabulary == NULL || vocabulary->word == NULL)
        return;
    for (size_t k = 0; (word = vocabulary->word(vocabulary->context, kind, k)) != NULL; k++)
        offer(g, word, NULL);
}

static void offer_commands(struct gathering *g, const struct vocabulary *vocabulary)
{
    unsigned contexts = vocabulary != NULL && vocabulary->contexts != 0 ? vocabulary->contexts : EVERYWHERE;
    for (int k = DO_NOTHING + 1; k < COMMANDS; k++)
        if (command_table[k].contexts & contexts)
            offer(g, command_table[k].name, command_table[k].what);
}

/* The first word of a setting is a parameter, the second its value. */
static void offer_setting(struct gathering *g, const char *line)
{
    if (g->word == line) {
        for (int k = 0; k < PARAMETERS; k++)
            offer(g, parameter_name((enum parameter)k), NULL);
        return;
    }
    enum command command = command_find(line, command_name_length(line));
    const char *word;
    for (size_t k = 0; (word = argument_word(command_table[command].argument, k)) != NULL; k++)
        offer(g, word, NULL);
}

static void offer_filter(struct gathering *g, const struct vocabulary *vocabulary)
{
    static const char *const words[] = {"and", "or", "not"};
    for (size_t k = 0; k < 3; k++)
        offer(g, words[k], NULL);
    offer_data(g, WORDS_FIELDS, vocabulary);
}

/* The bytes between which a word stands; "": the word is all there is before the cursor. */
static const char *divides(enum argument kind)
{
    switch (kind) {
    case ARGUMENT_COLUMNS:
        return " \t,";
    case ARGUMENT_RUNS:
        return " \t";
    case ARGUMENT_SETTING:
        return " \t=";
    case ARGUMENT_FILTER:
        return " \t()<>=!~&|,\"'";
    case ARGUMENT_TAG:
        return "=";
    default:
        return "";
    }
}

static void offer_keys(struct gathering *g)
{
    const char *word;
    for (size_t k = 0; (word = key_word(k)) != NULL; k++)
        offer(g, word, NULL);
}

static bool is_of_disk(enum argument kind)
{
    return kind == ARGUMENT_FILE || kind == ARGUMENT_FOLDER || kind == ARGUMENT_SAVED;
}

static void offer_argument(struct gathering *g, enum argument kind, const char *line,
                           const struct vocabulary *vocabulary)
{
    const char *word;
    if (vocabulary != NULL && vocabulary->no_disk && is_of_disk(kind)) {
        g->out->disk = true;
        return;
    }
    switch (kind) {
    case ARGUMENT_SETTING:
        offer_setting(g, line);
        break;
    case ARGUMENT_COLUMN:
    case ARGUMENT_COLUMNS:
        offer_data(g, WORDS_COLUMNS, vocabulary);
        break;
    case ARGUMENT_FILTER:
        offer_filter(g, vocabulary);
        break;
    case ARGUMENT_RUN:
    case ARGUMENT_RUNS:
        offer_data(g, WORDS_RUNS, vocabulary);
        break;
    case ARGUMENT_DELETED:
        offer_data(g, WORDS_DELETED, vocabulary);
        break;
    case ARGUMENT_FILE:
    case ARGUMENT_FOLDER:
        offer_files(g, kind == ARGUMENT_FOLDER);
        break;
    case ARGUMENT_LAYER:
        offer_data(g, WORDS_LAYERS, vocabulary);
        break;
    case ARGUMENT_TAG:
        if (g->word == line) /* the value behind `=` is the user's own */
            offer_data(g, WORDS_TAGS, vocabulary);
        break;
    case ARGUMENT_SAVED:
        offer_data(g, WORDS_VIEWS, vocabulary);
        break;
    case ARGUMENT_KEY:
        offer_keys(g);
        break;
    default:
        for (size_t k = 0; (word = argument_word(kind, k)) != NULL; k++)
            offer(g, word, NULL);
    }
}

static size_t blanks(const char *line, size_t at, size_t cursor)
{
    while (at < cursor && (line[at] == ' ' || line[at] == '\t'))
        at++;
    return at;
}

/* An argument that begins at byte `from`. */
static void complete_from(struct completion *out, enum argument kind, const char *line, size_t from, size_t cursor,
                          const struct vocabulary *vocabulary)
{
    struct gathering g = {out, line + from, cursor - from, divides(kind)};
    for (size_t k = from; k < cursor; k++)
        if (strchr(g.divides, line[k]) != NULL)
            g.word = line + k + 1;
    g.length = (size_t)(line + cursor - g.word);
    out->start = cursor - g.length;
    offer_argument(&g, kind, line + from, vocabulary);
}

static void complete_command_from(struct completion *out, const char *line, size_t from, size_t cursor,
                                  const struct vocabulary *vocabulary)
{
    from = blanks(line, from, cursor);
    size_t name = command_name_length(line + from);
    out->start = cursor;
    if (from + name >= cursor) {
        struct gathering g = {out, line + from, cursor - from, ""};
        out->start = from;
        offer_commands(&g, vocabulary);
        return;
    }
    enum command command = command_find(line + from, name);
    if (command == DO_NOTHING || strchr(" \t=", line[from + name]) == NULL)
        return;
    size_t argument = blanks(line, from + name + (line[from + name] == '='), cursor);
    if (command_table[command].argument != ARGUMENT_BINDING) {
        complete_from(out, command_table[command].argument, line, argument, cursor, vocabulary);
        return;
    }
    struct vocabulary bound = {.no_disk = vocabulary != NULL && vocabulary->no_disk};
    size_t key = strcspn(line + argument, " \t"); /* and behind the key, another command */
    if (argument + key >= cursor)
        complete_from(out, ARGUMENT_KEY, line, argument, cursor, vocabulary);
    else
        complete_command_from(out, line, argument + key, cursor, &bound);
}

void complete_command(struct completion *out, const char *line, size_t cursor, const struct vocabulary *vocabulary)
{
    *out = (struct completion){.end = cursor};
    complete_command_from(out, line, 0, cursor, vocabulary);
    sort(out);
}

void complete_argument(struct completion *out, enum argument kind, const char *line, size_t cursor,
                       const struct vocabulary *vocabulary)
{
    *out = (struct completion){.end = cursor};
    complete_from(out, kind, line, blanks(line, 0, cursor), cursor, vocabulary);
    sort(out);
}
