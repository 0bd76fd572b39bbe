/* What keys do, seen on the canvas. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <tui/keys.h>

#include "fixture.h"

static void expect_shown(struct workbench *w, const char *text)
{
    char *screen = fixture_draw(w);
    cr_expect(strstr(screen, text) != NULL, "no `%s` in\n%s", text, screen);
    free(screen);
}

static void expect_not_shown(struct workbench *w, const char *text)
{
    char *screen = fixture_draw(w);
    cr_expect(strstr(screen, text) == NULL, "`%s` in\n%s", text, screen);
    free(screen);
}

Test(workbench, without_a_database_says_how_to_get_one)
{
    struct workbench *w = fixture_open(fixture_nothing(), 0, 80, 24);
    expect_shown(w, "No runs yet.");
    expect_shown(w, "infoflow import PATH");
    fixture_keys(w, "jkgGnNsS\r/x\r?q"); /* nothing of it harms */
    expect_shown(w, "No runs yet.");
    fixture_keys(w, "q");
    cr_expect(w->quit);
    workbench_free(w);
}

Test(workbench, fails_where_the_run_is_not_there)
{
    struct tui_options options = {.database = fixture_database(), .run = 99, .params = ifl_params_default()};
    struct workbench *w;
    struct ifl_error error;
    cr_expect_neq(workbench_new(&w, &options, &error), IFL_OK);
}

Test(workbench, lists_runs)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 80, 24);
    expect_shown(w, "3 runs");
    expect_shown(w, "alpha");
    expect_shown(w, ".85");      /* the last test_accuracy */
    expect_not_shown(w, "\x1B"); /* of the third run's name */
    expect_not_shown(w, "\xE2\x80\xAE");
    expect_shown(w, "gamma\xEF\xBF\xBD[2J\xEF\xBF\xBD");
    cr_expect_str_eq(runs_current(&w->runs)->run.name, "alpha");
    fixture_keys(w, "j");
    cr_expect_str_eq(runs_current(&w->runs)->run.name, "beta");
    fixture_keys(w, "jjjj");
    cr_expect_eq(w->runs.at, 2u);
    fixture_keys(w, "g");
    cr_expect_eq(w->runs.at, 0u);
    workbench_key(w, PRESS_END);
    cr_expect_eq(w->runs.at, 2u);
    workbench_free(w);
}

Test(workbench, searches_names_and_parameters)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 80, 24);
    fixture_keys(w, "/BET\r");
    cr_expect_str_eq(runs_current(&w->runs)->run.name, "beta");
    fixture_keys(w, "/lr=0.1\r");
    cr_expect_str_eq(runs_current(&w->runs)->run.name, "alpha");
    fixture_keys(w, "/topology=3\rn");
    cr_expect_str_eq(runs_current(&w->runs)->run.name, "beta");
    fixture_keys(w, "n");
    cr_expect_str_eq(runs_current(&w->runs)->run.name, "alpha");
    fixture_keys(w, "N");
    cr_expect_str_eq(runs_current(&w->runs)->run.name, "beta");
    fixture_keys(w, "/zzz\r");
    expect_shown(w, "no run has `zzz`");
    cr_expect_str_eq(runs_current(&w->runs)->run.name, "beta");
    workbench_free(w);
}

Test(workbench, sorts_numbers_as_numbers)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 80, 24);
    int presses = 0;
    while (strcmp(column_head(&w->runs.columns.items[runs_sorted_by(&w->runs)]), "lr") != 0 && presses++ < 20)
        fixture_keys(w, "s");
    cr_assert_lt(presses, 20);
    cr_expect_str_eq(runs_current(&w->runs)->run.name, "alpha"); /* the cursor stays on its run */
    cr_expect_eq(w->runs.at, 2u);
    fixture_keys(w, "S");
    cr_expect_eq(w->runs.at, 0u);
    workbench_free(w);
}

Test(workbench, opens_a_run_and_shows_its_numbers)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 120, 40);
    fixture_keys(w, "j\r");
    expect_shown(w, "beta");
    fixture_wait(w);
    static const char *const shown[] = {"1 DPI",          "2 IP",
                                        "3 M-IP",         "h 5 ",
                                        "alpha 1.01",     "epoch 5",
                                        "snapshot 6/6",   "test_accuracy 0.85",
                                        "I(X;T) ",        "non-redundant X ",
                                        "3 pairs of maps"};
    for (size_t k = 0; k < sizeof shown / sizeof *shown; k++)
        expect_shown(w, shown[k]);
    double value = opened_value(&w->opened, PANEL_MIP, 0, IFL_NONREDUNDANT_X, NULL);
    cr_expect(isfinite(value) && value != 0);
    cr_expect_eq(opened_stale(&w->opened, PANEL_DPI, &w->settings.now.params), false);
    workbench_key(w, PRESS_ESCAPE);
    expect_shown(w, "3 runs");
    cr_expect_str_eq(runs_current(&w->runs)->run.name, "beta");
    workbench_free(w);
}

Test(workbench, keeps_the_old_plots_until_the_new_are_there)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 120, 40);
    fixture_wait(w);
    double before = opened_value(&w->opened, PANEL_IP, 1, IFL_I_TY, NULL);
    fixture_keys(w, "www");
    workbench_settle(w, 1);
    for (int k = 0; k < PANELS; k++)
        cr_expect(opened_stale(&w->opened, (enum panel)k, &w->settings.now.params));
    cr_expect_eq(opened_value(&w->opened, PANEL_IP, 1, IFL_I_TY, NULL), before);
    expect_shown(w, "computing");
    fixture_wait(w);
    for (int k = 0; k < PANELS; k++)
        cr_expect_not(opened_stale(&w->opened, (enum panel)k, &w->settings.now.params));
    cr_expect_neq(opened_value(&w->opened, PANEL_IP, 1, IFL_I_TY, NULL), before);
    expect_shown(w, "h 4.319*");
    fixture_keys(w, "uuu");
    fixture_wait(w);
    cr_expect_float_eq(opened_value(&w->opened, PANEL_IP, 1, IFL_I_TY, NULL), before, 1e-9);
    expect_shown(w, "h 5 ");
    workbench_free(w);
}

Test(workbench, cancels_what_is_computed)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 120, 40);
    fixture_wait(w);
    fixture_keys(w, "w");
    workbench_settle(w, 1);
    workbench_key(w, PRESS_ESCAPE);
    cr_expect_eq(w->screen, SCREEN_RUN);
    cr_expect_not(workbench_busy(w));
    expect_shown(w, "canceled");
    fixture_keys(w, "w"); /* and on it goes */
    fixture_wait(w);
    cr_expect_not(opened_stale(&w->opened, PANEL_MIP, &w->settings.now.params));
    workbench_free(w);
}

Test(workbench, types_parameters)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 80, 24);
    fixture_keys(w, "=");
    expect_shown(w, "value of h, or NAME VALUE");
    fixture_keys(w, "alpha 2\r");
    expect_shown(w, "alpha 2*");
    fixture_keys(w, "=-1\r");
    expect_shown(w, "alpha: must be at least 0");
    expect_shown(w, "alpha 2*");
    fixture_keys(w, "=h 7");
    workbench_key(w, PRESS_ESCAPE);
    expect_shown(w, "h 5 ");
    fixture_keys(w, "d0");
    cr_expect(parameter_is_default(&w->settings.now.params, PARAMETER_ALPHA));
    cr_expect(parameter_is_default(&w->settings.now.params, PARAMETER_H_ERROR));
    fixture_keys(w, "m");
    cr_expect_eq(w->settings.now.params.composition, IFL_TENSOR);
    fixture_wait(w);
    fixture_keys(w, "3");
    expect_shown(w, "tensor knows no pairs");
    workbench_free(w);
}

Test(workbench, moves_through_training)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 80, 24);
    cr_expect_eq(w->opened.point, 5u);
    fixture_keys(w, "[");
    cr_expect_eq(w->opened.point, 4u);
    fixture_keys(w, "{");
    cr_expect_eq(w->opened.point, 0u);
    expect_shown(w, "epoch 0 ");
    fixture_keys(w, "]");
    cr_expect_eq(w->opened.point, 1u);
    fixture_keys(w, "}");
    cr_expect_eq(w->opened.point, 5u);
    workbench_key(w, PRESS_HOME);
    cr_expect_eq(w->opened.point, 0u);
    workbench_key(w, PRESS_RIGHT);
    workbench_key(w, PRESS_RIGHT);
    workbench_key(w, PRESS_RIGHT);
    cr_expect_eq(w->opened.layer, 2);
    expect_shown(w, " fc1  I(X;T)");
    workbench_free(w);
}

Test(workbench, plays_and_stops_at_the_end)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 80, 24);
    fixture_wait(w);
    fixture_keys(w, "p");
    cr_expect_eq(w->opened.point, 0u);
    int64_t now = 1000;
    size_t steps = 0;
    for (int wait; (wait = workbench_settle(w, now)) >= 0; now += wait)
        cr_assert_lt(steps++, 20u);
    cr_expect_eq(w->opened.point, 5u);
    cr_expect_not(w->playing);
    cr_expect_eq(workbench_settle(w, now), -1); /* nothing is due: the loop may sleep */
    fixture_keys(w, "p");
    cr_expect(w->playing);
    fixture_keys(w, "p");
    cr_expect_not(w->playing);
    workbench_free(w);
}

Test(workbench, zooms_where_there_is_room_and_switches_where_there_is_not)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 140, 45);
    fixture_wait(w);
    expect_shown(w, "Runs");
    fixture_keys(w, "2");
    expect_not_shown(w, "1 DPI");
    expect_not_shown(w, "Runs");
    expect_shown(w, "2 IP");
    fixture_keys(w, "2");
    expect_shown(w, "1 DPI");
    workbench_resize(w, 80, 24);
    expect_not_shown(w, "1 DPI");
    expect_shown(w, "2 IP");
    fixture_keys(w, "\t");
    expect_shown(w, "3 M-IP");
    fixture_keys(w, "1");
    expect_shown(w, "1 DPI");
    workbench_free(w);
}

Test(workbench, walks_the_runs_beside_the_plots)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 140, 45);
    fixture_keys(w, "\tj\r");
    cr_expect_str_eq(w->opened.run.run.name, "beta");
    cr_expect(w->on_strip);
    fixture_keys(w, "w"); /* the plots' keys work here too */
    cr_expect_not(parameter_is_default(&w->settings.now.params, PARAMETER_H));
    fixture_wait(w);
    workbench_key(w, PRESS_ESCAPE);
    cr_expect_not(w->on_strip);
    workbench_resize(w, 80, 24);
    workbench_key(w, PRESS_ESCAPE);
    cr_expect_eq(w->screen, SCREEN_LIST);
    workbench_free(w);
}

Test(workbench, helps)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 80, 24);
    fixture_keys(w, "?");
    expect_shown(w, "Parameters");
    expect_shown(w, "type VALUE or NAME VALUE");
    fixture_keys(w, "q");
    cr_expect_not(w->help.open);
    cr_expect_not(w->quit);
    workbench_resize(w, 40, 10);
    fixture_keys(w, "?");
    expect_not_shown(w, "Marks");
    fixture_keys(w, "G");
    expect_shown(w, "quit");
    expect_not_shown(w, "Parameters");
    workbench_free(w);
}

Test(workbench, says_when_it_has_too_little_room)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 39, 9);
    expect_shown(w, "39x9 is too small: 40x10");
    workbench_resize(w, 40, 10);
    expect_shown(w, "1 DPI");
    workbench_resize(w, 1, 1);
    fixture_keys(w, "?");
    fixture_keys(w, "q");
    cr_expect(w->quit);
    workbench_free(w);
}

Test(workbench, shows_what_a_poor_run_has)
{
    struct workbench *w = fixture_open(fixture_poor(), 1, 140, 45);
    fixture_wait(w);
    expect_shown(w, "1 DPI");
    expect_shown(w, "these snapshots have no labels");
    expect_shown(w, "step 1  snapshot 1/1");
    fixture_keys(w, "[]{}pwuda0m123");
    fixture_wait(w);
    workbench_open(w, 2);
    fixture_wait(w);
    expect_shown(w, "no snapshots yet");
    fixture_keys(w, "[]{}pwuda0m123");
    workbench_key(w, PRESS_LEFT);
    workbench_key(w, PRESS_RIGHT);
    fixture_wait(w);
    workbench_resize(w, 60, 12);
    expect_shown(w, "no snapshots yet");
    workbench_free(w);
}

/* Every key, in every state that keys lead to, at sizes that change meanwhile. */
Test(workbench, survives_any_keys)
{
    static const int sizes[][2] = {{140, 45}, {80, 24}, {100, 30}, {40, 10}, {1, 1}, {300, 100}, {60, 15}};
    struct workbench *w = fixture_open(fixture_database(), 0, 140, 45);
    uint64_t random = 7;
    for (int k = 0; k < 3000; k++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        unsigned draw = (unsigned)(random >> 33);
        int key = draw % 3 == 0 ? (int)(PRESS_UP + draw / 3 % 10) : (int)(draw / 3 % 128);
        if (key == 'q') {
            const int *size = sizes[draw % 7];
            workbench_resize(w, size[0], size[1]);
            continue;
        }
        workbench_key(w, key);
        workbench_settle(w, k);
        if (workbench_fd(w) >= 0 && k % 7 == 0)
            workbench_news(w);
        free(fixture_draw(w));
    }
    workbench_free(w);
}

/* The engine's last word may come after its last numbers were taken. */
Test(workbench, waits_for_nothing_once_the_engine_is_done)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 140, 45);
    fixture_wait(w);
    fixture_keys(w, "m"); /* tensor: no pairs, so nothing for the M-IP */
    workbench_settle(w, 0);
    struct engine_progress progress;
    do
        engine_watch(w->engine, &progress);
    while (progress.busy);
    struct engine_answer *answers;
    struct estimates estimates;
    size_t count;
    uint64_t ticket;
    cr_assert(engine_take(w->engine, &answers, &count, &ticket));
    cr_assert_eq(opened_grow(&w->opened, w->store, answers, count, &estimates, NULL), IFL_OK);
    engine_answers_free(answers, count);
    cr_assert_eq(opened_take(&w->opened, w->store, &estimates, false, NULL), IFL_OK);
    cr_assert(opened_stale(&w->opened, PANEL_MIP, &w->settings.now.params));
    workbench_news(w);
    cr_expect_not(opened_stale(&w->opened, PANEL_MIP, &w->settings.now.params));
    workbench_free(w);
}
