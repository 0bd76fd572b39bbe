#include <stdio.h>
#include <string.h>

#include <base/text.h>
#include <base/text_width.h>

#include "keys.h"
#include "prompt.h"

void prompt_open(struct prompt *prompt, enum prompt_use use, const char *label)
{
    *prompt = (struct prompt){.use = use};
    snprintf(prompt->label, sizeof prompt->label, "%s", label);
}

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

static void insert(struct prompt *prompt, int key)
{
    if (key < ' ' || key >= PRESS_UP || text_codepoint_width((unsigned)key) < 0)
        return;
    char bytes[5];
    size_t length = (size_t)text_encode((unsigned)key, bytes);
    if (prompt->length + length >= sizeof prompt->text)
        return;
    memmove(prompt->text + prompt->cursor + length, prompt->text + prompt->cursor, prompt->length - prompt->cursor + 1);
    memcpy(prompt->text + prompt->cursor, bytes, length);
    prompt->length += length;
    prompt->cursor += length;
}

enum prompt_event prompt_key(struct prompt *prompt, int key)
{
    switch (key) {
    case PRESS_ENTER:
        prompt->use = PROMPT_CLOSED;
        return PROMPT_DONE;
    case PRESS_ESCAPE:
        prompt->use = PROMPT_CLOSED;
        return PROMPT_LEFT;
    case PRESS_LEFT:
        prompt->cursor = before(prompt, prompt->cursor);
        break;
    case PRESS_RIGHT:
        prompt->cursor = prompt_behind(prompt, prompt->cursor);
        break;
    case PRESS_HOME:
        prompt->cursor = 0;
        break;
    case PRESS_END:
        prompt->cursor = prompt->length;
        break;
    case PRESS_BACKSPACE:
        cut(prompt, before(prompt, prompt->cursor), prompt->cursor);
        break;
    case PRESS_DELETE:
        cut(prompt, prompt->cursor, prompt_behind(prompt, prompt->cursor));
        break;
    case PRESS_CTRL_U:
        cut(prompt, 0, prompt->cursor);
        break;
    case PRESS_CTRL_W:
        cut(prompt, word_before(prompt), prompt->cursor);
        break;
    default:
        insert(prompt, key);
    }
    return PROMPT_GOES_ON;
}
