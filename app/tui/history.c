/* A line of the file is `KIND<TAB>TEXT`, the newest last. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/text.h>

#include "config.h"
#include "history.h"

static const char *const names[HISTORY_KINDS] = {
#define X(id, name) name,
    HISTORY_KIND_LIST(X)
#undef X
};

void history_release(struct history *history)
{
    for (size_t kind = 0; kind < HISTORY_KINDS; kind++)
        for (size_t k = 0; k < history->kinds[kind].count; k++)
            free(history->kinds[kind].items[k].text);
    *history = (struct history){.kinds = {{.count = 0}}};
}

static void drop(struct history_lines *lines, size_t at)
{
    free(lines->items[at].text);
    lines->count--;
    memmove(lines->items + at, lines->items + at + 1, (lines->count - at) * sizeof *lines->items);
}

static void add(struct history *history, enum history_kind kind, const char *text, bool ours)
{
    struct history_lines *lines = &history->kinds[kind];
    char clean[3 * HISTORY_LINE];
    if (text[0] == '\0' || strlen(text) >= HISTORY_LINE)
        return;
    text_clean(clean, sizeof clean, text, false);
    char *copy = strlen(clean) < HISTORY_LINE ? strdup(clean) : NULL;
    if (copy == NULL)
        return;
    for (size_t k = 0; k < lines->count; k++)
        if (strcmp(lines->items[k].text, copy) == 0)
            drop(lines, k--);
    if (lines->count == HISTORY_LINES)
        drop(lines, 0);
    lines->items[lines->count++] = (struct history_line){copy, ours};
}

void history_add(struct history *history, enum history_kind kind, const char *text)
{
    add(history, kind, text, true);
}

const char *history_line(const struct history *history, enum history_kind kind, size_t k)
{
    const struct history_lines *lines = &history->kinds[kind];
    return k < lines->count ? lines->items[lines->count - 1 - k].text : NULL;
}

/* ---- the file ---- */

static enum ifl_status take_line(void *context, const char *line, struct ifl_error *error)
{
    (void)error; /* what is not ours to read, is passed over */
    const char *tab = strchr(line, '\t');
    for (int kind = 0; tab != NULL && kind < HISTORY_KINDS; kind++)
        if (strlen(names[kind]) == (size_t)(tab - line) && memcmp(names[kind], line, (size_t)(tab - line)) == 0)
            add(context, (enum history_kind)kind, tab + 1, false);
    return IFL_OK;
}

static void append(struct history *to, const struct history *from, bool all)
{
    for (size_t kind = 0; kind < HISTORY_KINDS; kind++)
        for (size_t k = 0; k < from->kinds[kind].count; k++) {
            const struct history_line *line = &from->kinds[kind].items[k];
            if (all || line->ours)
                add(to, (enum history_kind)kind, line->text, line->ours);
        }
}

bool history_read(struct history *history, const char *path)
{
    struct history read = {.kinds = {{.count = 0}}};
    enum ifl_status status = config_read(path, take_line, &read, NULL);
    append(&read, history, true);
    history_release(history);
    *history = read;
    return status == IFL_OK;
}

/* Where to begin so that every kind has its share of what config_read reads. */
static size_t first_to_write(const struct history_lines *lines, size_t name)
{
    size_t first = lines->count, bytes = 0;
    while (first > 0) {
        bytes += name + 2 + strlen(lines->items[first - 1].text);
        if (bytes > CONFIG_BYTES / HISTORY_KINDS)
            break;
        first--;
    }
    return first;
}

static char *to_text(const struct history *history)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL)
        return NULL;
    for (size_t kind = 0; kind < HISTORY_KINDS; kind++) {
        const struct history_lines *lines = &history->kinds[kind];
        for (size_t k = first_to_write(lines, strlen(names[kind])); k < lines->count; k++)
            fprintf(stream, "%s\t%s\n", names[kind], lines->items[k].text);
    }
    bool failed = ferror(stream) != 0;
    if (fclose(stream) == 0 && !failed)
        return text;
    free(text);
    return NULL;
}

bool history_write(struct history *history, const char *path)
{
    struct history merged = {.kinds = {{.count = 0}}};
    enum ifl_status status = config_read(path, take_line, &merged, NULL);
    if (status != IFL_OK && status != IFL_NOT_FOUND) {
        history_release(&merged); /* whatever it is, it is not ours to replace */
        return false;
    }
    append(&merged, history, false);
    char *text = to_text(&merged);
    bool written = text != NULL && config_write(path, text, NULL) == IFL_OK;
    free(text);
    if (!written) {
        history_release(&merged);
        return false;
    }
    for (size_t kind = 0; kind < HISTORY_KINDS; kind++)
        for (size_t k = 0; k < merged.kinds[kind].count; k++)
            merged.kinds[kind].items[k].ours = false;
    history_release(history);
    *history = merged;
    return true;
}
