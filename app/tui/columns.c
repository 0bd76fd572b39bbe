#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "columns.h"

const struct metric *metric_find(const struct metric *metrics, size_t count, const char *name)
{
    for (size_t k = 0; k < count; k++)
        if (strcmp(metrics[k].name, name) == 0)
            return &metrics[k];
    return NULL;
}

bool metric_is_unseen(const char *name)
{
    return strstr(name, "test") != NULL || strstr(name, "val") != NULL;
}

/* ---- names ---- */

static const struct {
    const char *word, *head, *kind;
} names[COLUMN_KINDS] = {
    [COLUMN_NAME] = {"name", "run", ""},
    [COLUMN_PARAM] = {"param.", NULL, "param"},
    [COLUMN_TAG] = {"tag.", NULL, "tag"},
    [COLUMN_METRIC] = {"metric.", NULL, "metric"},
    [COLUMN_NOTE] = {"note", "note", ""},
    [COLUMN_LAYERS] = {"layers", "layers", ""},
    [COLUMN_N] = {"n", "n", ""},
    [COLUMN_SNAPSHOTS] = {"snapshots", "snaps", ""},
    [COLUMN_STEP] = {"step", "step", ""},
    [COLUMN_AGE] = {"age", "age", ""},
    [COLUMN_DPI_FORWARD] = {"dpi", "dpi fwd", ""},
    [COLUMN_DPI_BACKWARD] = {"dpi-backward", "dpi bwd", ""},
};

const char *column_head(const struct column *column)
{
    return column->key != NULL ? column->key : names[column->kind].head;
}

const char *column_kind_name(enum column_kind kind)
{
    return names[kind].kind;
}

const char *column_kind_word(enum column_kind kind)
{
    return names[kind].word;
}

const struct column *columns_of_key(const struct columns *columns, enum column_kind kind, const char *key)
{
    for (size_t k = 0; k < columns->count; k++)
        if (columns->items[k].kind == kind && strcmp(columns->items[k].key, key) == 0)
            return &columns->items[k];
    return NULL;
}

size_t columns_find(const struct columns *columns, const char *name)
{
    static const enum column_kind keyed[] = {COLUMN_PARAM, COLUMN_METRIC, COLUMN_TAG};
    for (size_t k = 0; k < columns->count; k++)
        if (strcmp(columns->items[k].word, name) == 0 || strcmp(column_head(&columns->items[k]), name) == 0)
            if (columns->items[k].key == NULL)
                return k;
    for (size_t k = 0; k < columns->count; k++)
        if (strcmp(columns->items[k].word, name) == 0)
            return k;
    for (size_t j = 0; j < sizeof keyed / sizeof *keyed; j++) {
        const struct column *column = columns_of_key(columns, keyed[j], name);
        if (column != NULL)
            return (size_t)(column - columns->items);
    }
    return columns->count;
}

void columns_release(struct columns *columns)
{
    for (size_t k = 0; k < columns->count; k++)
        free(columns->items[k].word);
    free(columns->items);
    *columns = (struct columns){0};
}

/* ---- words ---- */

char *word_encode(const char *prefix, const char *name)
{
    size_t length = strlen(prefix), size = 0;
    if (!ifl_size_mul(strlen(name), 3, &size))
        return NULL;
    char *word = ifl_alloc(length + size + 1, 1), *at = word;
    if (word == NULL)
        return NULL;
    at += snprintf(at, length + 1, "%s", prefix);
    for (; *name != '\0'; name++) {
        unsigned char byte = (unsigned char)*name;
        bool letter = byte < 0x80 && isalnum(byte);
        if (letter || strchr("_-.()@+:/=<>", byte) != NULL)
            *at++ = *name;
        else
            at += sprintf(at, "%%%02X", (unsigned)byte);
    }
    return word;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

void word_decode(char *word)
{
    char *out = word;
    for (; *word != '\0'; word++, out++) {
        int high = *word == '%' ? hex_digit(word[1]) : -1, low = high >= 0 ? hex_digit(word[2]) : -1;
        bool byte = low >= 0 && (high > 0 || low > 0);
        *out = *word;
        if (byte) {
            *out = (char)(high << 4 | low);
            word += 2;
        }
    }
    *out = '\0';
}

/* ---- the user's own choice ---- */

void column_choice_release(struct column_choice *choice)
{
    for (size_t k = 0; k < choice->count; k++)
        free(choice->items[k].word);
    free(choice->items);
    *choice = (struct column_choice){0};
}

bool column_choice_keep(struct column_choice *choice, const struct columns *columns)
{
    struct column_choice fresh = {.items = ifl_alloc(columns->count, sizeof *fresh.items)};
    bool failed = fresh.items == NULL;
    for (; !failed && fresh.count < columns->count; fresh.count++) {
        const struct column *column = &columns->items[fresh.count];
        fresh.items[fresh.count] = (struct wanted_column){strdup(column->word), column->shown};
        failed = fresh.items[fresh.count].word == NULL;
    }
    if (failed) {
        column_choice_release(&fresh);
        return false;
    }
    column_choice_release(choice);
    *choice = fresh;
    return true;
}

void column_choice_apply(const struct column_choice *choice, struct columns *columns)
{
    if (choice->count == 0)
        return;
    size_t placed = 1; /* the name stays first */
    for (size_t k = 1; k < columns->count; k++)
        columns->items[k].shown = false;
    for (size_t k = 0; k < choice->count; k++) {
        size_t from = columns_find(columns, choice->items[k].word);
        if (from < placed || from == columns->count)
            continue;
        struct column column = columns->items[from];
        memmove(&columns->items[placed + 1], &columns->items[placed], (from - placed) * sizeof column);
        column.shown = choice->items[k].shown;
        columns->items[placed++] = column;
    }
}
