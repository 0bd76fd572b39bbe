/* The table of keys, and what a user binds otherwise. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include <base/text.h>
#include <plot/plot.h>
#include <tui/draw_help.h>

#include "fixture.h"

static const struct bindings none;

static const unsigned contexts[] = {ON_LIST, ON_STRIP, ON_PLOTS};

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
    for (size_t c = 0; c < 3; c++)
        for (size_t row = 0; row < key_rows; row++)
            for (int k = 0; k < KEYS_A_ROW && key_table[row].keys[k].key != 0; k++) {
                int key = key_table[row].keys[k].key;
                cr_expect_leq(count_of(key, contexts[c]), 1u, "key %d in context %u", key, contexts[c]);
                if (key_table[row].contexts & contexts[c])
                    cr_expect_eq(bindings_find(&none, key, contexts[c]).command, key_table[row].keys[k].command);
            }
}

Test(keys, have_commands_with_a_meaning_where_they_are)
{
    for (size_t row = 0; row < key_rows; row++)
        for (int k = 0; k < KEYS_A_ROW && key_table[row].keys[k].key != 0; k++) {
            const struct command_info *info = &command_table[key_table[row].keys[k].command];
            cr_expect_eq(key_table[row].contexts & ~info->contexts, 0u, "%s", info->name);
            cr_expect(key_table[row].argument[0] != '\0' || info->shown[0] == '\0' || info->shown[0] == '[', "%s",
                      info->name);
        }
}

static enum command does(int key, unsigned context)
{
    return bindings_find(&none, key, context).command;
}

Test(keys, do_what_they_are_known_for)
{
    cr_expect_eq(does('w', ON_PLOTS), DO_H_DOWN);
    cr_expect_eq(does('W', ON_PLOTS), DO_H_UP);
    cr_expect_eq(does('j', ON_LIST), DO_DOWN);
    cr_expect_eq(does('j', ON_PLOTS), DO_NOTHING);
    cr_expect_eq(does('d', ON_LIST), DO_DELETE);
    cr_expect_eq(does('d', ON_STRIP), DO_NOTHING); /* so that it stays h-error there */
    cr_expect_eq(does('d', ON_PLOTS), DO_H_ERROR_DOWN);
    cr_expect_eq(does(' ', ON_LIST), DO_MARK);
    cr_expect_eq(does('z', ON_LIST), DO_GROUP);
    cr_expect_eq(does('z', ON_PLOTS), DO_FRONT);
    cr_expect_eq(does(PRESS_LEFT, ON_LIST), DO_FOLD);
    cr_expect_eq(does(PRESS_LEFT, ON_PLOTS), DO_LAYER_PREVIOUS);
    cr_expect_eq(does(PRESS_CTRL_R, ON_PLOTS), DO_REDO);
    cr_expect_eq(does(PRESS_HOME, ON_PLOTS), DO_EPOCH_FIRST);
    cr_expect_eq(does(PRESS_HOME, ON_STRIP), DO_FIRST);
    cr_expect_eq(does('q', ON_STRIP), DO_QUIT);
    cr_expect_eq(does(':', ON_LIST), DO_COMMAND);
    cr_expect_eq(does(0, ON_PLOTS), DO_NOTHING);
    cr_expect_eq(does(PRESS_MOUSE, ON_PLOTS), DO_NOTHING);
    struct binding all = bindings_find(&none, '`', ON_PLOTS);
    cr_expect(all.command == DO_VIEW && strcmp(all.argument, "all") == 0);
}

Test(keys, fit_their_places_in_the_help)
{
    for (size_t row = 0; row < key_rows; row++) {
        char text[64];
        bindings_text(&none, &key_table[row], KEYS_A_ROW, text, sizeof text);
        cr_expect_leq(text_width(text), 12u, "`%s`", text);
        cr_expect_leq(text_width(key_table[row].what), 27u, "`%s`", key_table[row].what);
        cr_expect_eq(key_table[row].hint != NULL, key_table[row].hinted > 0);
    }
}

Test(keys, have_names_that_can_be_read_back)
{
    int key = 0;
    for (size_t row = 0; row < key_rows; row++)
        for (int k = 0; k < KEYS_A_ROW && key_table[row].keys[k].key != 0; k++) {
            char name[KEY_NAME];
            key_text(name, key_table[row].keys[k].key);
            cr_expect_eq(key_parse(name, &key, NULL), IFL_OK, "`%s`", name);
            cr_expect_eq(key, key_table[row].keys[k].key, "`%s`", name);
        }
    for (size_t k = 0; key_word(k) != NULL; k++) {
        char name[KEY_NAME];
        cr_assert_eq(key_parse(key_word(k), &key, NULL), IFL_OK);
        cr_expect_str_eq(key_text(name, key), key_word(k));
    }
    cr_expect(key_parse("pgdn", &key, NULL) == IFL_OK && key == PRESS_PAGE_DOWN);
    cr_expect(key_parse("^r", &key, NULL) == IFL_OK && key == PRESS_CTRL_R);
    cr_expect(key_parse("\xC3\xA4", &key, NULL) == IFL_OK && key == 0xE4);
    static const char *const wrong[] = {"", " ", "xx", "^1", "F13", "F0", "\x1B", "\xFF", "\xC3", "\xE2\x80\xAE"};
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++)
        cr_expect_eq(key_parse(wrong[k], &key, NULL), IFL_INVALID, "`%s`", wrong[k]);
}

/* ---- binding ---- */

static void bind(struct bindings *bindings, const char *text)
{
    struct ifl_error error = {0};
    cr_assert_eq(bindings_bind(bindings, text, &error), IFL_OK, "`%s`: %s", text, error.message);
}

static void unbind(struct bindings *bindings, const char *text)
{
    struct ifl_error error = {0};
    cr_assert_eq(bindings_unbind(bindings, text, &error), IFL_OK, "`%s`: %s", text, error.message);
}

Test(bindings, count_before_the_table)
{
    struct bindings b = {.count = 0};
    bind(&b, "F5 chain both");
    struct binding binding = bindings_find(&b, PRESS_F1 + 4, ON_PLOTS);
    cr_expect_eq(binding.command, DO_CHAIN);
    cr_expect_str_eq(binding.argument, "both");
    bind(&b, "  F5   export a b.csv ");
    binding = bindings_find(&b, PRESS_F1 + 4, ON_LIST);
    cr_expect_eq(binding.command, DO_EXPORT);
    cr_expect_str_eq(binding.argument, "a b.csv");
    cr_expect_eq(b.count, 1u); /* what it hid is forgotten */
}

Test(bindings, count_where_the_command_has_a_meaning)
{
    struct bindings b = {.count = 0};
    bind(&b, "d mark");
    cr_expect_eq(bindings_find(&b, 'd', ON_LIST).command, DO_MARK);
    cr_expect_eq(bindings_find(&b, 'd', ON_PLOTS).command, DO_H_ERROR_DOWN);
    bind(&b, "plots:d play");
    cr_expect_eq(bindings_find(&b, 'd', ON_LIST).command, DO_MARK);
    cr_expect_eq(bindings_find(&b, 'd', ON_PLOTS).command, DO_PLAY);
    bind(&b, "list:e help");
    cr_expect_eq(bindings_find(&b, 'e', ON_LIST).command, DO_HELP);
    cr_expect_eq(bindings_find(&b, 'e', ON_PLOTS).command, DO_EXPORT);
    struct ifl_error error = {0};
    cr_expect_eq(bindings_bind(&b, "plots:x mark", &error), IFL_INVALID);
    cr_expect(strstr(error.message, "mark has no meaning there") != NULL, "%s", error.message);
}

Test(bindings, can_be_taken_away)
{
    struct bindings b = {.count = 0};
    unbind(&b, "d");
    for (size_t c = 0; c < 3; c++)
        cr_expect_eq(bindings_find(&b, 'd', contexts[c]).command, DO_NOTHING);
    cr_expect_eq(bindings_find(&b, 'D', ON_PLOTS).command, DO_H_ERROR_UP);
    bind(&b, "d h-error-down");
    cr_expect_eq(bindings_find(&b, 'd', ON_PLOTS).command, DO_H_ERROR_DOWN);
    cr_expect_eq(bindings_find(&b, 'd', ON_LIST).command, DO_NOTHING);
    unbind(&b, "list:q");
    cr_expect_eq(bindings_find(&b, 'q', ON_LIST).command, DO_NOTHING);
    cr_expect_eq(bindings_find(&b, 'q', ON_PLOTS).command, DO_QUIT);
}

Test(bindings, refuse_what_they_do_not_understand)
{
    static const char *const wrong[] = {"",
                                        "x",
                                        "x # y",
                                        "Foo quit",
                                        "x quit now",
                                        "x unknown",
                                        "list: quit",
                                        "x h",
                                        " ",
                                        "waytoolongforakeyname quit",
                                        "plots:\xFF quit"};
    struct bindings b = {.count = 0};
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        struct ifl_error error = {0};
        cr_expect_eq(bindings_bind(&b, wrong[k], &error), IFL_INVALID, "`%s`", wrong[k]);
        cr_expect(strncmp(error.message, "bind: ", 6) == 0, "`%s`: `%s`", wrong[k], error.message);
    }
    cr_expect_eq(bindings_unbind(&b, "Foo", NULL), IFL_INVALID);
    cr_expect_eq(b.count, 0u);
}

Test(bindings, are_so_many_and_no_more)
{
    struct bindings b = {.count = 0};
    char text[32], key[5];
    for (unsigned k = 0; k < BINDINGS_MOST; k++) {
        text_encode(0x4E00 + k, key);
        snprintf(text, sizeof text, "%s play", key);
        bind(&b, text);
    }
    struct ifl_error error = {0};
    cr_expect_eq(bindings_bind(&b, "x play", &error), IFL_INVALID);
    cr_expect(strstr(error.message, "128") != NULL, "%s", error.message);
    bind(&b, text); /* one that is there may change */
}

static const struct key_row *row_of(enum command command)
{
    for (size_t row = 0; row < key_rows; row++)
        for (int k = 0; k < KEYS_A_ROW; k++)
            if (key_table[row].keys[k].key != 0 && key_table[row].keys[k].command == command)
                return &key_table[row];
    cr_assert_fail("no key for %d", command);
    return NULL;
}

Test(bindings, are_what_hints_and_help_say)
{
    struct bindings b = {.count = 0};
    const struct key_row *h = row_of(DO_H_DOWN);
    char text[64];
    cr_expect_str_eq(bindings_text(&b, h, h->hinted, text, sizeof text), "w W");
    bind(&b, "w play");
    cr_expect_str_eq(bindings_text(&b, h, h->hinted, text, sizeof text), "W");
    bind(&b, "x h-down");
    bind(&b, "F7 h-down");
    cr_expect_str_eq(bindings_text(&b, h, h->hinted, text, sizeof text), "F7 W");
    cr_expect_str_eq(bindings_text(&b, h, KEYS_A_ROW, text, sizeof text), "F7 W x");
    cr_expect_str_eq(bindings_text(&b, h, KEYS_A_ROW, text, 5), "F7 W");
    const struct key_row *play = row_of(DO_PLAY);
    cr_expect_str_eq(bindings_text(&b, play, KEYS_A_ROW, text, sizeof text), "p w");
    cr_expect(bindings_in_table(&b, 0));
    bind(&b, "F8 chain both");
    cr_expect(bindings_holds(&b, b.count - 1));
    cr_expect_not(bindings_in_table(&b, b.count - 1)); /* the table's chain has no argument */
    unbind(&b, "u");
    unbind(&b, "^R");
    cr_expect_str_eq(bindings_text(&b, row_of(DO_UNDO), KEYS_A_ROW, text, sizeof text), "");
}

/* ---- the help and the hints ---- */

static char *draw(int columns, int rows, const struct bindings *bindings, struct help *help)
{
    struct canvas canvas;
    cr_assert_eq(canvas_init(&canvas, columns, rows, CHARSET_BRAILLE, NULL), IFL_OK);
    draw_help(&canvas, bindings, help);
    char *text = fixture_text(&canvas);
    canvas_release(&canvas);
    return text;
}

/* Whether page after page shows a text. */
static bool shows(int columns, int rows, const struct bindings *bindings, const char *what)
{
    struct help help;
    bool found = false;
    help_open(&help, ON_PLOTS);
    for (int top = -1; !found && help.top != top;) {
        char *text = draw(columns, rows, bindings, &help);
        found = strstr(text, what) != NULL;
        free(text);
        top = help.top;
        cr_expect(help_key(&help, PRESS_PAGE_DOWN));
        free(draw(columns, rows, bindings, &help));
    }
    return found;
}

Test(help, shows_every_key_and_every_command_at_any_size)
{
    static const int sizes[][2] = {{40, 10}, {80, 24}, {120, 40}, {200, 60}, {47, 40}};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        for (size_t row = 0; row < key_rows; row++)
            cr_expect(shows(sizes[s][0], sizes[s][1], &none, key_table[row].what), "%s at %dx%d", key_table[row].what,
                      sizes[s][0], sizes[s][1]);
        for (int k = DO_NOTHING + 1; k < COMMANDS; k++)
            cr_expect(shows(sizes[s][0], sizes[s][1], &none, command_table[k].name), "%s", command_table[k].name);
    }
}

Test(help, scrolls_and_closes)
{
    struct help help;
    help_open(&help, ON_LIST);
    char *first = draw(80, 24, &none, &help);
    cr_expect(strstr(first, "Runs") != NULL);
    cr_expect(help_key(&help, 'G'));
    char *last = draw(80, 24, &none, &help);
    cr_expect_str_neq(first, last);
    cr_expect(help_key(&help, 'j'));
    char *behind = draw(80, 24, &none, &help);
    cr_expect_str_eq(last, behind); /* not over its end */
    free(behind);
    cr_expect(help_key(&help, 'g'));
    cr_expect(help_key(&help, 'k'));
    behind = draw(80, 24, &none, &help);
    cr_expect_str_eq(first, behind);
    cr_expect_not(help_key(&help, 'x'));
    cr_expect(help.open);
    cr_expect(help_key(&help, 'q'));
    cr_expect_not(help.open);
    free(first);
    free(last);
    free(behind);
}

Test(help, tells_what_the_user_has_bound)
{
    struct bindings b = {.count = 0};
    bind(&b, "F8 chain both");
    bind(&b, "x compare");
    bind(&b, "c fold");
    cr_expect(shows(80, 24, &b, "Bound by you"));
    cr_expect(shows(80, 24, &b, "F8          chain both"));
    cr_expect(shows(80, 24, &b, "x           compare what is marked"));
    cr_expect(shows(80, 24, &b, "Left Right c fold"));
    cr_expect_not(shows(80, 24, &none, "Bound by you"));
}

Test(help, draws_in_any_room)
{
    struct help help;
    help_open(&help, ON_PLOTS);
    for (int columns = 1; columns < 130; columns += 7)
        for (int rows = 1; rows < 70; rows += 3)
            free(draw(columns, rows, &none, &help));
}

Test(hints, say_what_holds)
{
    struct bindings b = {.count = 0};
    struct canvas canvas;
    cr_assert_eq(canvas_init(&canvas, 80, 1, CHARSET_ASCII, NULL), IFL_OK);
    bind(&b, "x open");
    unbind(&b, "Enter");
    unbind(&b, "/");
    unbind(&b, "F3");
    struct pen pen = pen_at(&canvas, (struct rect){0, 0, 80, 1}, 0);
    draw_hints(&pen, &b, ON_LIST);
    char *text = fixture_text(&canvas);
    cr_expect(strstr(text, "? help  q quit  x open  j k move  f filter  s sort  Space mark") != NULL, "%s", text);
    free(text);
    canvas_release(&canvas);
}
