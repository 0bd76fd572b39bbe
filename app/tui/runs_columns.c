/* Which columns the table shows, and the view of the list as command lines. */
#include <stdlib.h>
#include <string.h>

#include <base/nearest.h>

#include "runs_parts.h"

bool runs_differ(const struct runs *runs, const char *key)
{
    const struct column *column = columns_of_key(&runs->columns, COLUMN_PARAM, key);
    return column != NULL && !column->shared;
}

void runs_scroll(struct runs *runs, int by)
{
    if (by < 0)
        runs->left = runs->left > (size_t)-by ? runs->left - (size_t)-by : 0;
    else
        runs->left += (size_t)by; /* what is too far is put right in drawing */
}

enum ifl_status runs_toggle_column(struct runs *runs, size_t column, struct ifl_error *error)
{
    if (column == 0 || column >= runs->columns.count)
        return IFL_OK;
    runs->columns.items[column].shown ^= true;
    if (!column_choice_keep(&runs->choice, &runs->columns)) {
        runs->columns.items[column].shown ^= true;
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for the columns");
    }
    return IFL_OK;
}

size_t runs_move_column(struct runs *runs, size_t column, int by)
{
    struct column *items = runs->columns.items;
    bool last = by < 0 ? column <= 1 : column + 1 >= runs->columns.count;
    if (column == 0 || column >= runs->columns.count || last)
        return column;
    size_t to = by < 0 ? column - 1 : column + 1;
    struct column moved = items[column];
    items[column] = items[to];
    items[to] = moved;
    if (column_choice_keep(&runs->choice, &runs->columns))
        return to;
    items[to] = items[column];
    items[column] = moved;
    return column;
}

/* ---- by name ---- */

static enum ifl_status default_columns(struct runs *runs, struct ifl_error *error)
{
    struct columns fresh;
    if (!columns_make(&fresh, runs->items, runs->count, runs->n_groups > 0))
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for the columns");
    columns_release(&runs->columns);
    runs->columns = fresh;
    column_choice_release(&runs->choice);
    return IFL_OK;
}

/* The next word of *at, a new string, decoded where it is the key of no column; NULL at the end or without memory. */
static char *next_word(const struct runs *runs, const char **at)
{
    static const char between[] = " \t,";
    *at += strspn(*at, between);
    size_t length = strcspn(*at, between);
    char *word = length > 0 ? strndup(*at, length) : NULL;
    *at += length;
    size_t column = word != NULL ? columns_find(&runs->columns, word) : runs->columns.count;
    if (column < runs->columns.count) {
        free(word);
        word = strdup(runs->columns.items[column].word);
    }
    return word;
}

static enum ifl_status no_column(const struct columns *columns, const char *typed, struct ifl_error *error)
{
    const char **names = ifl_alloc(columns->count, sizeof *names), *meant = NULL;
    for (size_t k = 0; names != NULL && k < columns->count; k++)
        names[k] = columns->items[k].key != NULL ? columns->items[k].key : columns->items[k].word;
    if (names != NULL)
        meant = nearest_name(names, columns->count, typed, strlen(typed));
    enum ifl_status status =
        meant != NULL ? ifl_fail(error, IFL_INVALID, "columns: there is no `%s`: %s?", typed, meant)
                      : ifl_fail(error, IFL_INVALID, "columns: there is no `%s`: o shows which there are", typed);
    free(names);
    return status;
}

enum ifl_status runs_check_columns(const struct runs *runs, const char *names, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    for (char *word; runs->count > 0 && status == IFL_OK && (word = next_word(runs, &names)) != NULL; free(word))
        if (columns_find(&runs->columns, word) == runs->columns.count)
            status = no_column(&runs->columns, word, error);
    return status;
}

enum ifl_status runs_set_columns(struct runs *runs, const char *names, struct ifl_error *error)
{
    struct column_choice choice = {.items = ifl_alloc(strlen(names) / 2 + 1, sizeof *choice.items)};
    if (choice.items == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for the columns");
    for (char *word; (word = next_word(runs, &names)) != NULL;)
        choice.items[choice.count++] = (struct wanted_column){word, true};
    if (choice.count == 0) {
        free(choice.items);
        return default_columns(runs, error);
    }
    column_choice_release(&runs->choice);
    runs->choice = choice;
    column_choice_apply(&runs->choice, &runs->columns);
    return IFL_OK;
}

/* ---- command lines ---- */

static bool is_line(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            return false;
    return true;
}

/* A group by its first run, which, unlike its name, is one word and stays. */
static void write_unfolded(const struct runs *runs, FILE *file)
{
    for (size_t g = 0; g < runs->n_groups; g++)
        if (runs->groups[g].unfolded && runs->groups[g].count > 0) {
            char *word = word_encode("", runs->items[runs->members[runs->groups[g].first]].run.name);
            if (word != NULL)
                fprintf(file, "unfold %s\n", word);
            free(word);
        }
}

void runs_view_write(const struct runs *runs, FILE *file)
{
    if (runs->filter_text != NULL && is_line(runs->filter_text))
        fprintf(file, "filter %s\n", runs->filter_text);
    if (runs->sort != NULL && runs->sort[0] != '\0')
        fprintf(file, "sort %s\n", runs->sort);
    if (runs->reverse)
        fprintf(file, "sort-reverse\n");
    if (runs->choice.count > 0) {
        fprintf(file, "columns");
        for (size_t k = 0; k < runs->choice.count; k++)
            if (runs->choice.items[k].shown)
                fprintf(file, " %s", runs->choice.items[k].word);
        fprintf(file, "\n");
    }
    if (runs->flat)
        fprintf(file, "group off\n");
    write_unfolded(runs, file);
}

void runs_view_reset(struct runs *runs)
{
    struct ifl_error ignored;
    free(runs->sort);
    runs->sort = NULL;
    runs->reverse = runs->flat = false;
    for (size_t g = 0; g < runs->n_groups; g++)
        runs->groups[g].unfolded = false;
    runs_filter(runs, "", &ignored);
    default_columns(runs, &ignored);
}

/* "" where the line is just the word; NULL where it starts with another. */
static const char *argument_of(const char *line, const char *word)
{
    size_t length = strlen(word);
    if (strncmp(line, word, length) != 0 || (line[length] != '\0' && line[length] != ' '))
        return NULL;
    return line + length + strspn(line + length, " ");
}

static enum ifl_status set_grouped(struct runs *runs, const char *argument, struct ifl_error *error)
{
    if (strcmp(argument, "on") != 0 && strcmp(argument, "off") != 0)
        return ifl_fail(error, IFL_INVALID, "group: on or off, not %s", argument);
    runs_set_grouped(runs, strcmp(argument, "on") == 0);
    return IFL_OK;
}

/* A run that is not there any more has no group to unfold: no mistake of the line's. */
static enum ifl_status unfold(struct runs *runs, const char *argument, struct ifl_error *error)
{
    char *name = strdup(argument);
    if (name == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory to unfold %s", argument);
    word_decode(name);
    for (size_t k = 0; k < runs->count; k++)
        if (strcmp(runs->items[k].run.name, name) == 0 && runs->shares[k].group != RUNS_NONE)
            runs->groups[runs->shares[k].group].unfolded = true;
    free(name);
    runs_arrange(runs);
    return IFL_OK;
}

enum ifl_status runs_view_read(struct runs *runs, const char *line, struct ifl_error *error)
{
    const char *argument;
    if ((argument = argument_of(line, "filter")) != NULL)
        return runs_filter(runs, argument, error);
    if ((argument = argument_of(line, "sort")) != NULL)
        return runs_sort(runs, argument, false, error);
    if (argument_of(line, "sort-reverse") != NULL) {
        runs_sort_reverse(runs);
        return IFL_OK;
    }
    if ((argument = argument_of(line, "columns")) != NULL)
        return runs_set_columns(runs, argument, error);
    if ((argument = argument_of(line, "group")) != NULL)
        return set_grouped(runs, argument, error);
    if ((argument = argument_of(line, "unfold")) != NULL)
        return unfold(runs, argument, error);
    return ifl_fail(error, IFL_NOT_FOUND, "not of the list of runs: %s", line);
}
