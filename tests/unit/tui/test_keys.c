#include <criterion/criterion.h>
#include <string.h>

#include <base/text.h>
#include <tui/keys.h>
#include <tui/prompt.h>

static size_t count_of(int key, unsigned context)
{
    size_t count = 0;
    for (size_t row = 0; row < key_rows; row++)
        for (int k = 0; k < KEYS_A_ROW && key_table[row].keys[k].key != 0; k++)
            count += (key_table[row].contexts & context) && key_table[row].keys[k].key == key;
    return count;
}

Test(keys, have_one_meaning_in_one_place)
{
    static const unsigned contexts[] = {ON_LIST, ON_STRIP, ON_PLOTS};
    for (size_t c = 0; c < 3; c++)
        for (size_t row = 0; row < key_rows; row++)
            for (int k = 0; k < KEYS_A_ROW && key_table[row].keys[k].key != 0; k++) {
                int key = key_table[row].keys[k].key;
                cr_expect_leq(count_of(key, contexts[c]), 1u, "key %d in context %u", key, contexts[c]);
                if (key_table[row].contexts & contexts[c])
                    cr_expect_eq(key_command(key, contexts[c]), key_table[row].keys[k].command);
            }
}

Test(keys, do_what_they_are_known_for)
{
    cr_expect_eq(key_command('w', ON_PLOTS), DO_H_DOWN);
    cr_expect_eq(key_command('W', ON_PLOTS), DO_H_UP);
    cr_expect_eq(key_command('j', ON_LIST), DO_DOWN);
    cr_expect_eq(key_command('j', ON_PLOTS), DO_NOTHING);
    cr_expect_eq(key_command(PRESS_HOME, ON_PLOTS), DO_EPOCH_FIRST);
    cr_expect_eq(key_command(PRESS_HOME, ON_STRIP), DO_FIRST);
    cr_expect_eq(key_command('q', ON_STRIP), DO_QUIT);
    cr_expect_eq(key_command('t', ON_PLOTS), DO_NOTHING);
    cr_expect_eq(key_command(0, ON_PLOTS), DO_NOTHING);
}

Test(keys, every_command_has_a_key)
{
    for (int command = DO_NOTHING + 1; command <= DO_QUIT; command++) {
        bool found = false;
        for (size_t row = 0; row < key_rows; row++)
            for (int k = 0; k < KEYS_A_ROW && key_table[row].keys[k].key != 0; k++)
                found |= (int)key_table[row].keys[k].command == command;
        cr_expect(found, "command %d has no key", command);
    }
}

Test(keys, fit_their_places_in_the_help)
{
    for (size_t row = 0; row < key_rows; row++) {
        char text[64];
        cr_expect_leq(text_width(key_text(text, &key_table[row], KEYS_A_ROW)), 12u, "`%s`", text);
        cr_expect_leq(text_width(key_table[row].what), 27u, "`%s`", key_table[row].what);
        cr_expect_eq(key_table[row].hint != NULL, key_table[row].hinted > 0);
    }
}

/* ---- the prompt ---- */

static enum prompt_event type(struct prompt *prompt, const char *text)
{
    enum prompt_event event = PROMPT_GOES_ON;
    unsigned codepoint;
    for (int length; (length = text_decode(text, &codepoint)) > 0; text += length)
        event = prompt_key(prompt, (int)codepoint);
    return event;
}

Test(prompt, takes_a_line)
{
    struct prompt p;
    prompt_open(&p, PROMPT_VALUE, "= ");
    type(&p, "alpha 2");
    prompt_key(&p, PRESS_BACKSPACE);
    type(&p, "1.5");
    cr_expect_str_eq(p.text, "alpha 1.5");
    prompt_key(&p, PRESS_HOME);
    prompt_key(&p, PRESS_DELETE);
    prompt_key(&p, PRESS_RIGHT);
    type(&p, "\xC3\xA4"); /* a with two dots */
    cr_expect_str_eq(p.text, "l\xC3\xA4pha 1.5");
    prompt_key(&p, PRESS_LEFT);
    prompt_key(&p, PRESS_DELETE);
    cr_expect_str_eq(p.text, "lpha 1.5");
    prompt_key(&p, PRESS_END);
    prompt_key(&p, PRESS_CTRL_W);
    cr_expect_str_eq(p.text, "lpha ");
    cr_expect_eq(prompt_key(&p, PRESS_ENTER), PROMPT_DONE);
    cr_expect_eq(p.use, PROMPT_CLOSED);
    cr_expect_str_eq(p.text, "lpha ");
}

Test(prompt, is_left_by_escape)
{
    struct prompt p;
    prompt_open(&p, PROMPT_SEARCH, "/");
    type(&p, "x");
    cr_expect_eq(prompt_key(&p, PRESS_ESCAPE), PROMPT_LEFT);
    cr_expect_eq(p.use, PROMPT_CLOSED);
}

Test(prompt, takes_no_more_than_it_has_room_for_and_nothing_unseen)
{
    struct prompt p;
    prompt_open(&p, PROMPT_SEARCH, "/");
    for (int k = 0; k < 1000; k++)
        prompt_key(&p, k % 3 == 0 ? 0xE4 : k % 3 == 1 ? 0x1F680 : 'x');
    cr_expect_lt(p.length, sizeof p.text);
    cr_expect_eq(strlen(p.text), p.length);
    prompt_key(&p, PRESS_CTRL_U);
    cr_expect_str_eq(p.text, "");
    static const int unseen[] = {1, 0x1F, 0x9B, 0x202E, 0xFEFF, PRESS_UP, PRESS_F1, 0};
    for (size_t k = 0; k < sizeof unseen / sizeof *unseen; k++)
        prompt_key(&p, unseen[k]);
    cr_expect_str_eq(p.text, "");
    cr_expect_eq(p.length, 0u);
}
