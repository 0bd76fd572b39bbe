#include <stdio.h>
#include <string.h>

#include <base/text.h>
#include <base/text_width.h>

#include "keys.h"
#include "prompt.h"

void prompt_open(struct prompt *prompt, enum prompt_use use, const char *label, const char *text)
{
    completion_release(&prompt->completion);
    *prompt = (struct prompt){.history = prompt->history, .vocabulary = prompt->vocabulary, .use = use};
    snprintf(prompt->label, sizeof prompt->label, "%s", label);
    text_clean(prompt->text, sizeof prompt->text, text != NULL ? text : "", false);
    prompt->length = prompt->cursor = strlen(prompt->text);
}

void prompt_close(struct prompt *prompt)
{
    completion_release(&prompt->completion);
    prompt->asks_disk = false;
    prompt->use = PROMPT_CLOSED;
}

/* ---- editing ---- */

static size_t before(const struct prompt *prompt, size_t at)
{
    while (at > 0 && ((unsigned char)prompt->text[--at] & 0xC0) == 0x80)
        ;
    return at;
}

size_t prompt_behind(const struct prompt *prompt, size_t at)
{
    while (at < prompt->length && ((unsigned char)prompt->text[++at] & 0xC0) == 0x80)
        ;
    return at;
}

static void cut(struct prompt *prompt, size_t from, size_t to)
{
    memmove(prompt->text + from, prompt->text + to, prompt->length - to + 1);
    prompt->length -= to - from;
    prompt->cursor = from;
}

static size_t word_before(const struct prompt *prompt)
{
    size_t at = prompt->cursor;
    while (at > 0 && prompt->text[at - 1] == ' ')
        at--;
    while (at > 0 && prompt->text[at - 1] != ' ')
        at--;
    return at;
}

/* False where there is no room: nothing of it is there then. */
static bool insert(struct prompt *prompt, const char *bytes, size_t length)
{
    if (length >= sizeof prompt->text - prompt->length)
        return false;
    memmove(prompt->text + prompt->cursor + length, prompt->text + prompt->cursor, prompt->length - prompt->cursor + 1);
    memcpy(prompt->text + prompt->cursor, bytes, length);
    prompt->length += length;
    prompt->cursor += length;
    return true;
}

static void insert_key(struct prompt *prompt, int key)
{
    char bytes[5];
    if (key >= ' ' && key < PRESS_UP && text_codepoint_width((unsigned)key) >= 0)
        insert(prompt, bytes, (size_t)text_encode((unsigned)key, bytes));
}

/* ---- history ---- */

static void set_text(struct prompt *prompt, const char *text)
{
    snprintf(prompt->text, sizeof prompt->text, "%s", text);
    prompt->length = prompt->cursor = strlen(prompt->text);
}

static enum history_kind kind_of(const struct prompt *prompt)
{
    return (enum history_kind)(prompt->use - 1);
}

static void go_back(struct prompt *prompt, int by)
{
    if (prompt->history == NULL || (by < 0 && prompt->back == 0))
        return;
    size_t back = by > 0 ? prompt->back + 1 : prompt->back - 1;
    const char *line = back > 0 ? history_line(prompt->history, kind_of(prompt), back - 1) : prompt->typed;
    if (line == NULL)
        return;
    if (prompt->back == 0)
        snprintf(prompt->typed, sizeof prompt->typed, "%s", prompt->text);
    prompt->back = back;
    set_text(prompt, line);
}

/* ---- completion ---- */

void prompt_candidates(struct completion *out, enum prompt_use use, const char *text, size_t cursor,
                       const struct vocabulary *vocabulary)
{
    static const enum argument kinds[] = {
        [PROMPT_VALUE] = ARGUMENT_SETTING, [PROMPT_SEARCH] = ARGUMENT_TEXT, [PROMPT_FILTER] = ARGUMENT_FILTER,
        [PROMPT_RENAME] = ARGUMENT_TEXT,   [PROMPT_TAG] = ARGUMENT_TAG,     [PROMPT_NOTE] = ARGUMENT_TEXT,
        [PROMPT_EXPORT] = ARGUMENT_FILE,   [PROMPT_SAVE] = ARGUMENT_SAVED,  [PROMPT_LOAD] = ARGUMENT_SAVED,
        [PROMPT_WATCH] = ARGUMENT_FOLDER,  [PROMPT_SORT] = ARGUMENT_COLUMN, [PROMPT_OPEN] = ARGUMENT_RUN};
    if (use == PROMPT_COMMAND)
        complete_command(out, text, cursor, vocabulary);
    else
        complete_argument(out, kinds[use], text, cursor, vocabulary);
}

/* Puts a text in the place of the word before the cursor. */
static void replace(struct prompt *prompt, size_t start, const char *text, size_t length)
{
    struct prompt old = *prompt;
    cut(prompt, start, prompt->cursor);
    if (!insert(prompt, text, length))
        *prompt = old;
}

static void choose(struct prompt *prompt, int by)
{
    struct completion *completion = &prompt->completion;
    size_t last = completion->count - 1, at = prompt->choice;
    if (!prompt->chosen)
        at = by > 0 ? 0 : last;
    else if (by > 0)
        at = at < last ? at + 1 : 0;
    else
        at = at > 0 ? at - 1 : last;
    prompt->chosen = true;
    prompt->choice = at;
    replace(prompt, completion->start, completion->items[at].text, strlen(completion->items[at].text));
}

/* As far as all candidates go together. */
static void go_on(struct prompt *prompt, struct completion completion)
{
    if (completion.count == 0)
        return;
    size_t common = completion_common(&completion);
    if (completion.count == 1 || common > completion.end - completion.start)
        replace(prompt, completion.start, completion.items[0].text, common);
    if (completion.count > 1) {
        prompt->completion = completion;
        prompt->chosen = false;
        return;
    }
    enum command command = command_find(completion.items[0].text, common);
    if (completion.items[0].what != NULL && command_table[command].argument != ARGUMENT_NONE &&
        prompt->cursor == prompt->length)
        insert(prompt, " ", 1);
    completion_release(&completion);
}

/* The first Tab goes on, further ones go through the candidates. */
static void tab(struct prompt *prompt, int by)
{
    if (prompt->completion.count > 0) {
        choose(prompt, by);
        return;
    }
    struct completion completion;
    prompt_candidates(&completion, prompt->use, prompt->text, prompt->cursor, prompt->vocabulary);
    prompt->asks_disk = completion.disk;
    go_on(prompt, completion);
}

void prompt_take(struct prompt *prompt, struct completion *candidates)
{
    bool asked = prompt->use != PROMPT_CLOSED && prompt->asks_disk;
    prompt->asks_disk = false;
    if (!asked || candidates->end != prompt->cursor) {
        completion_release(candidates);
        return;
    }
    go_on(prompt, *candidates);
    *candidates = (struct completion){.count = 0};
}

/* ---- keys ---- */

static void edit(struct prompt *prompt, int key)
{
    switch (key) {
    case PRESS_LEFT:
    case PRESS_CTRL_B:
        prompt->cursor = before(prompt, prompt->cursor);
        break;
    case PRESS_RIGHT:
    case PRESS_CTRL_F:
        prompt->cursor = prompt_behind(prompt, prompt->cursor);
        break;
    case PRESS_HOME:
    case PRESS_CTRL_A:
        prompt->cursor = 0;
        break;
    case PRESS_END:
    case PRESS_CTRL_E:
        prompt->cursor = prompt->length;
        break;
    case PRESS_BACKSPACE:
        cut(prompt, before(prompt, prompt->cursor), prompt->cursor);
        break;
    case PRESS_DELETE:
    case PRESS_CTRL_D:
        cut(prompt, prompt->cursor, prompt_behind(prompt, prompt->cursor));
        break;
    case PRESS_CTRL_K:
        cut(prompt, prompt->cursor, prompt->length);
        break;
    case PRESS_CTRL_U:
        cut(prompt, 0, prompt->cursor);
        break;
    case PRESS_CTRL_W:
        cut(prompt, word_before(prompt), prompt->cursor);
        break;
    default:
        insert_key(prompt, key);
    }
}

enum prompt_event prompt_key(struct prompt *prompt, int key)
{
    if (key == PRESS_TAB || key == PRESS_BACKTAB) {
        tab(prompt, key == PRESS_TAB ? 1 : -1);
        return PROMPT_GOES_ON;
    }
    completion_release(&prompt->completion);
    prompt->asks_disk = false;
    switch (key) {
    case PRESS_ENTER:
        if (prompt->history != NULL)
            history_add(prompt->history, kind_of(prompt), prompt->text);
        prompt_close(prompt);
        return PROMPT_DONE;
    case PRESS_ESCAPE:
    case PRESS_CTRL_C:
        prompt_close(prompt);
        return PROMPT_LEFT;
    case PRESS_UP:
    case PRESS_CTRL_P:
        go_back(prompt, 1);
        break;
    case PRESS_DOWN:
    case PRESS_CTRL_N:
        go_back(prompt, -1);
        break;
    default:
        edit(prompt, key);
    }
    return PROMPT_GOES_ON;
}
