/* One line being typed. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include <base/text.h>
#include <tui/draw_prompt.h>
#include <tui/keys.h>

#include "fixture.h"

static enum prompt_event type(struct prompt *prompt, const char *text)
{
    enum prompt_event event = PROMPT_GOES_ON;
    unsigned codepoint;
    for (int length; (length = text_decode(text, &codepoint)) > 0; text += length)
        event = prompt_key(prompt, (int)codepoint);
    return event;
}

static void press(struct prompt *prompt, int key, const char *expected)
{
    cr_expect_eq(prompt_key(prompt, key), PROMPT_GOES_ON);
    cr_expect_str_eq(prompt->text, expected);
    cr_expect_eq(strlen(prompt->text), prompt->length);
    cr_expect_leq(prompt->cursor, prompt->length);
}

Test(prompt, takes_a_line)
{
    struct prompt p = {.use = PROMPT_CLOSED};
    prompt_open(&p, PROMPT_VALUE, "= ", NULL);
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
    press(&p, PRESS_DELETE, "lpha 1.5");
    prompt_key(&p, PRESS_END);
    press(&p, PRESS_CTRL_W, "lpha ");
    cr_expect_eq(prompt_key(&p, PRESS_ENTER), PROMPT_DONE);
    cr_expect_eq(p.use, PROMPT_CLOSED);
    cr_expect_str_eq(p.text, "lpha ");
}

Test(prompt, is_left_by_escape_and_by_ctrl_c)
{
    static const int keys[] = {PRESS_ESCAPE, PRESS_CTRL_C};
    for (size_t k = 0; k < 2; k++) {
        struct prompt p = {.use = PROMPT_CLOSED};
        prompt_open(&p, PROMPT_SEARCH, "/", NULL);
        type(&p, "x");
        cr_expect_eq(prompt_key(&p, keys[k]), PROMPT_LEFT);
        cr_expect_eq(p.use, PROMPT_CLOSED);
    }
}

Test(prompt, knows_the_usual_keys)
{
    struct prompt p = {.use = PROMPT_CLOSED};
    prompt_open(&p, PROMPT_COMMAND, ":", NULL);
    type(&p, "one two");
    prompt_key(&p, PRESS_CTRL_A);
    type(&p, "<");
    prompt_key(&p, PRESS_CTRL_E);
    type(&p, ">");
    cr_expect_str_eq(p.text, "<one two>");
    prompt_key(&p, PRESS_CTRL_B);
    press(&p, PRESS_CTRL_D, "<one two");
    for (int k = 0; k < 4; k++)
        prompt_key(&p, PRESS_LEFT);
    prompt_key(&p, PRESS_CTRL_F);
    press(&p, PRESS_CTRL_K, "<one ");
    press(&p, PRESS_CTRL_U, "");
    press(&p, PRESS_BACKSPACE, "");
    press(&p, PRESS_DELETE, "");
    press(&p, PRESS_CTRL_K, "");
}

Test(prompt, begins_with_what_is_there)
{
    struct prompt p = {.use = PROMPT_CLOSED};
    prompt_open(&p, PROMPT_RENAME, "name: ", "old\x1B[2J");
    cr_expect_str_eq(p.text, "old\xEF\xBF\xBD[2J");
    cr_expect_eq(p.cursor, p.length);
    char longer[2000];
    for (size_t k = 0; k + 2 < sizeof longer; k += 2)
        memcpy(longer + k, "\xC3\xA4", 3);
    prompt_open(&p, PROMPT_RENAME, "name: ", longer);
    cr_expect_eq(p.length, 510u); /* whole characters */
    press(&p, 'x', p.text);
}

Test(prompt, takes_no_more_than_it_has_room_for_and_nothing_unseen)
{
    struct prompt p = {.use = PROMPT_CLOSED};
    prompt_open(&p, PROMPT_SEARCH, "/", NULL);
    for (int k = 0; k < 1000; k++)
        prompt_key(&p, k % 3 == 0 ? 0xE4 : k % 3 == 1 ? 0x1F680 : 'x');
    cr_expect_lt(p.length, sizeof p.text);
    cr_expect_eq(strlen(p.text), p.length);
    prompt_key(&p, PRESS_CTRL_U);
    cr_expect_str_eq(p.text, "");
    static const int unseen[] = {PRESS_CTRL_L, 0x1F, 0x9B, 0x202E, 0xFEFF, PRESS_F1, PRESS_MOUSE, PRESS_PAGE_UP, 0, -1};
    for (size_t k = 0; k < sizeof unseen / sizeof *unseen; k++)
        prompt_key(&p, unseen[k]);
    cr_expect_str_eq(p.text, "");
    cr_expect_eq(p.length, 0u);
}

/* ---- history ---- */

Test(prompt, goes_through_the_history_of_its_kind)
{
    struct history h = {.kinds = {{.count = 0}}};
    struct prompt p = {.history = &h};
    history_add(&h, HISTORY_SEARCH, "sought");
    history_add(&h, HISTORY_COMMAND, "first");
    prompt_open(&p, PROMPT_COMMAND, ":", NULL);
    type(&p, "second");
    cr_expect_eq(prompt_key(&p, PRESS_ENTER), PROMPT_DONE);
    prompt_open(&p, PROMPT_COMMAND, ":", NULL);
    type(&p, "thi");
    press(&p, PRESS_UP, "second");
    press(&p, PRESS_CTRL_P, "first");
    press(&p, PRESS_UP, "first"); /* the oldest */
    press(&p, PRESS_DOWN, "second");
    press(&p, PRESS_CTRL_N, "thi"); /* what was typed is still there */
    press(&p, PRESS_DOWN, "thi");
    press(&p, 'r', "thir");
    prompt_key(&p, PRESS_UP);
    type(&p, "!");
    cr_expect_str_eq(p.text, "second!");
    prompt_key(&p, PRESS_ESCAPE);
    cr_expect_str_eq(history_line(&h, HISTORY_COMMAND, 0), "second"); /* what was left is not kept */
    prompt_open(&p, PROMPT_SEARCH, "/", NULL);
    press(&p, PRESS_UP, "sought");
    prompt_open(&p, PROMPT_NOTE, "note: ", NULL);
    press(&p, PRESS_UP, "");
    p.history = NULL;
    press(&p, PRESS_UP, "");
    history_release(&h);
}

/* ---- completion ---- */

static const char *word(void *context, enum words kind, size_t k)
{
    static const char *const runs[] = {"mnist-s1", "mnist-s2", "fashion", NULL};
    (void)context;
    return kind == WORDS_RUNS ? runs[k] : NULL;
}

static const struct vocabulary vocabulary = {.word = word};

Test(prompt, completes_what_is_one)
{
    struct prompt p = {.vocabulary = &vocabulary};
    prompt_open(&p, PROMPT_COMMAND, ":", "exp");
    press(&p, PRESS_TAB, "export "); /* it takes an argument */
    prompt_open(&p, PROMPT_COMMAND, ":", "qu");
    press(&p, PRESS_TAB, "quit");
    prompt_open(&p, PROMPT_COMMAND, ":", "open f");
    press(&p, PRESS_TAB, "open fashion");
    cr_expect_eq(p.completion.count, 0u);
    prompt_open(&p, PROMPT_COMMAND, ":", "xyz");
    press(&p, PRESS_TAB, "xyz");
    prompt_open(&p, PROMPT_VALUE, "= ", "comp");
    press(&p, PRESS_TAB, "composition");
    prompt_close(&p);
}

static struct completion from_disk(const struct prompt *p)
{
    struct completion found;
    prompt_candidates(&found, p->use, p->text, p->cursor, NULL);
    return found;
}

Test(prompt, waits_for_what_only_the_disk_knows)
{
    static const struct vocabulary far = {.word = word, .no_disk = true};
    struct prompt p = {.vocabulary = &far};
    prompt_open(&p, PROMPT_COMMAND, ":", "watch /de");
    press(&p, PRESS_TAB, "watch /de");
    cr_expect(p.asks_disk);
    struct completion found = from_disk(&p);
    prompt_take(&p, &found);
    cr_expect_str_eq(p.text, "watch /dev/");
    cr_expect_not(p.asks_disk);

    prompt_open(&p, PROMPT_COMMAND, ":", "watch /de");
    press(&p, PRESS_TAB, "watch /de");
    found = from_disk(&p);
    press(&p, 'x', "watch /dex"); /* what comes late is not wanted */
    prompt_take(&p, &found);
    cr_expect_str_eq(p.text, "watch /dex");
    cr_expect_eq(p.completion.count, 0u);

    prompt_open(&p, PROMPT_WATCH, "watch: ", "/de");
    press(&p, PRESS_TAB, "/de");
    found = from_disk(&p);
    prompt_close(&p);
    prompt_take(&p, &found);
    cr_expect_str_eq(p.text, "/de");
}

Test(prompt, goes_through_what_are_several)
{
    struct prompt p = {.vocabulary = &vocabulary};
    prompt_open(&p, PROMPT_COMMAND, ":", "open m");
    press(&p, PRESS_TAB, "open mnist-s");
    cr_expect_eq(p.completion.count, 2u);
    press(&p, PRESS_TAB, "open mnist-s1");
    press(&p, PRESS_TAB, "open mnist-s2");
    press(&p, PRESS_TAB, "open mnist-s1");
    press(&p, PRESS_BACKTAB, "open mnist-s2");
    press(&p, '!', "open mnist-s2!");
    cr_expect_eq(p.completion.count, 0u);
    prompt_open(&p, PROMPT_COMMAND, ":", "open  x");
    prompt_key(&p, PRESS_LEFT);
    press(&p, PRESS_BACKTAB, "open  x"); /* what stands behind the cursor stays there */
    press(&p, PRESS_BACKTAB, "open  mnist-s2x");
    prompt_key(&p, PRESS_ESCAPE);
    cr_expect_eq(p.completion.count, 0u);
}

Test(prompt, completes_within_its_room)
{
    struct prompt p = {.vocabulary = &vocabulary};
    prompt_open(&p, PROMPT_COMMAND, ":", "compare ");
    while (p.length + 3 < sizeof p.text)
        prompt_key(&p, p.length % 2 == 0 ? 'x' : ' ');
    type(&p, " f");
    char before[PROMPT_TEXT];
    strcpy(before, p.text);
    press(&p, PRESS_TAB, before);
    prompt_close(&p);
}

Test(prompt, survives_any_keys)
{
    struct history h = {.kinds = {{.count = 0}}};
    struct prompt p = {.history = &h, .vocabulary = &vocabulary};
    uint64_t random = 11;
    for (int k = 0; k < 20000; k++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        unsigned draw = (unsigned)(random >> 33);
        if (p.use == PROMPT_CLOSED)
            prompt_open(&p, (enum prompt_use)(1 + draw % HISTORY_KINDS), ":", draw % 5 == 0 ? "open \xC3\xA4" : NULL);
        static const int some[] = {PRESS_TAB, PRESS_BACKTAB, 0xE4, 0x5C64, PRESS_LEFT,
                                   PRESS_UP,  PRESS_DOWN,    'm',  'o',    ' '};
        int key = draw % 3 == 0 ? (int)(draw / 3 % 128) : some[draw / 3 % 10];
        prompt_key(&p, key);
        cr_assert_eq(strlen(p.text), p.length);
        cr_assert_leq(p.cursor, p.length);
    }
    prompt_close(&p);
    history_release(&h);
}

/* ---- how it looks ---- */

static char *draw(const struct prompt *prompt, int columns, int rows, const char *hint)
{
    struct canvas canvas;
    cr_assert_eq(canvas_init(&canvas, columns, rows, CHARSET_BRAILLE, NULL), IFL_OK);
    draw_prompt(&canvas, (struct rect){0, 0, columns, rows}, prompt, hint);
    char *text = fixture_text(&canvas);
    canvas_release(&canvas);
    return text;
}

static void expect_drawn(const struct prompt *prompt, int columns, int rows, const char *expected)
{
    char *text = draw(prompt, columns, rows, "nothing yet");
    cr_expect(strstr(text, expected) != NULL, "no `%s` in\n%s", expected, text);
    free(text);
}

Test(prompt, shows_its_end_where_it_is_long)
{
    struct prompt p = {.vocabulary = &vocabulary};
    prompt_open(&p, PROMPT_NOTE, "note: ", NULL);
    expect_drawn(&p, 40, 3, " note:    nothing yet");
    type(&p, "a long line that is longer than the screen has room");
    expect_drawn(&p, 40, 3, " note:  longer than the screen has room");
    prompt_key(&p, PRESS_HOME);
    expect_drawn(&p, 40, 3, " note: a long line that is longer than ~");
}

Test(prompt, shows_what_it_may_go_on_with)
{
    struct prompt p = {.vocabulary = &vocabulary};
    prompt_open(&p, PROMPT_COMMAND, ":", "zo");
    prompt_key(&p, PRESS_TAB);
    expect_drawn(&p, 60, 24, " zoom-in   closer\n zoom-out  farther away\n :zoom-");
    prompt_key(&p, PRESS_CTRL_U);
    prompt_key(&p, PRESS_TAB);
    expect_drawn(&p, 40, 10, "1-6 of");
    for (int columns = 1; columns < 100; columns += 9)
        for (int rows = 1; rows < 40; rows += 5)
            free(draw(&p, columns, rows, NULL));
    prompt_open(&p, PROMPT_COMMAND, ":", "h-l ");
    expect_drawn(&p, 60, 24, ":h-l    h-label V: of labels, or delta");
    prompt_close(&p);
}
