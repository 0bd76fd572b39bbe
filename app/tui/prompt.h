/* One line being typed. */
#ifndef TUI_PROMPT_H
#define TUI_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

enum prompt_use { PROMPT_CLOSED, PROMPT_VALUE, PROMPT_SEARCH };
enum prompt_event { PROMPT_GOES_ON, PROMPT_DONE, PROMPT_LEFT };

struct prompt {
    enum prompt_use use;
    char label[32];
    char text[120];        /* UTF-8 */
    size_t length, cursor; /* bytes */
};

void prompt_open(struct prompt *prompt, enum prompt_use use, const char *label);
/* PROMPT_DONE: Enter, the text is to be read; PROMPT_LEFT: Esc. The prompt is closed by both. */
enum prompt_event prompt_key(struct prompt *prompt, int key);

/* The place of the character behind the one at byte `at`. */
size_t prompt_behind(const struct prompt *prompt, size_t at);

#endif
