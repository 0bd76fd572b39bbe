/* Any keys, any commands, anywhere. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

static const int sizes[][2] = {{140, 45}, {80, 24}, {100, 30}, {40, 10}, {1, 1}, {300, 100}, {60, 15}};

static uint64_t state = 7;

static unsigned draw_lot(unsigned below)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % below;
}

/* `q` ends it and ^Z and the folder's `watch` are the loop's: all others, in every state they lead to. */
static void press(struct workbench *w, int k)
{
    int key = draw_lot(3) == 0 ? (int)(PRESS_UP + (int)draw_lot(30)) : (int)draw_lot(128);
    if (key == 'q' || key == PRESS_F1 + 9) {
        const int *size = sizes[draw_lot(7)];
        workbench_resize(w, size[0], size[1]);
        return;
    }
    if (key == PRESS_MOUSE) {
        struct pointer pointer = {.kind = (enum pointer_kind)draw_lot(4),
                                  .x = (int)draw_lot((unsigned)w->columns + 2) - 1,
                                  .y = (int)draw_lot((unsigned)w->rows + 2) - 1};
        workbench_pointer(w, &pointer);
    } else {
        workbench_key(w, key);
    }
    workbench_settle(w, k);
    if (k % 7 == 0)
        workbench_news(w);
    free(fixture_draw(w));
}

static void survive(uint64_t seed, int presses)
{
    state = seed;
    struct workbench *w = fixture_open(fixture_database(), 0, 140, 45);
    if (seed % 2 == 1)
        fixture_command(w, "compare alpha mnist-s0,mnist-s1 #3");
    for (int k = 0; k < presses && !w->quit; k++)
        press(w, k);
    workbench_free(w);
}

Test(any, keys_on_the_list)
{
    survive(2, 2000);
}

Test(any, keys_on_the_plots)
{
    survive(3, 2000);
}

/* Every command in every place, with nothing, with something and with nonsense behind it: it does something or says
 * why not, and the workbench goes on. */
static void say_all(struct workbench *w)
{
    static const char *const arguments[] = {"", " 1", " -1", " on", " conv1", " alpha", " x=y", " \"", " %s%n", " , ,"};
    for (int k = DO_NOTHING + 1; k < COMMANDS; k++)
        for (size_t a = 0; a < sizeof arguments / sizeof *arguments; a++) {
            char line[64];
            struct ifl_error error = {0};
            if (k == DO_QUIT || k == DO_EXPORT || k == DO_SAVE || k == DO_WATCH)
                continue;
            snprintf(line, sizeof line, "%s%s", command_table[k].name, arguments[a]);
            enum ifl_status status = workbench_line(w, line, &error);
            cr_expect((status == IFL_OK) == (error.message[0] == '\0'), "%s: %s", line, error.message);
            workbench_settle(w, fixture_now);
            workbench_news(w);
            free(fixture_draw(w));
            prompt_close(&w->prompt);
            w->help.open = w->chooser.open = false;
        }
    fixture_wait(w);
}

Test(any, commands_on_the_list)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 100, 30);
    say_all(w);
    workbench_free(w);
}

Test(any, commands_on_the_plots)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 140, 45);
    say_all(w);
    workbench_free(w);
}

Test(any, commands_without_a_database)
{
    struct workbench *w = fixture_open(fixture_nothing(), 0, 100, 30);
    say_all(w);
    workbench_free(w);
}

Test(any, commands_without_snapshots)
{
    struct workbench *w = fixture_open(fixture_poor(), 2, 140, 45);
    say_all(w);
    workbench_free(w);
}

Test(any, says_what_has_no_meaning_where_it_is)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 100, 30);
    static const struct {
        const char *line, *said;
    } lines[] = {{"zoom-in", "zoom-in: not here, where no run is open"},
                 {"epoch 3", "epoch: not here"},
                 {"nonsense", "no command `nonsense`"},
                 {"opne alpha", "open?"},
                 {"e", "`e` may be "},
                 {"quit now", "quit takes no argument"}};
    for (size_t k = 0; k < sizeof lines / sizeof *lines; k++) {
        fixture_command(w, lines[k].line);
        fixture_shows(w, lines[k].said);
        cr_expect(w->alarm);
    }
    fixture_keys(w, "\x01");
    fixture_shows(w, "no such key here: ? lists them");
    fixture_command(w, "open alpha");
    fixture_command(w, "unmark");
    fixture_shows(w, "unmark: not here, but in the list of runs");
    workbench_free(w);
}

/* What the loop is for is left to it. */
Test(any, tells_the_loop_what_is_for_it)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 100, 30);
    workbench_key(w, PRESS_CTRL_Z);
    cr_expect(w->suspend);
    workbench_key(w, PRESS_CTRL_L);
    cr_expect(w->redraw);
    fixture_command(w, "theme light");
    cr_expect(w->theme == THEME_LIGHT && w->theme_changed);
    fixture_keys(w, "q");
    cr_expect(w->quit);
    workbench_free(w);
}
