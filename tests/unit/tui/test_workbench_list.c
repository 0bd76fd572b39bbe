/* The list of runs, by keys, seen on the canvas. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

/* The shares of links that hold are of parameters: they are in sight, and so is the way back from them. */
Test(list, shows_what_its_shares_are_of)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 120, 24);
    fixture_shows(w, "h 5  h-error 0.1  alpha 1.01\n");
    fixture_command(w, "h 20");
    fixture_command(w, "tolerance .3");
    fixture_shows(w, "h 20*  h-error 0.1  alpha 1.01  tolerance 0.3*\n");
    fixture_keys(w, "0");
    fixture_wait(w);
    fixture_shows(w, "h 5  h-error 0.1  alpha 1.01\n");
    fixture_keys(w, "=h 7\r");
    fixture_wait(w);
    fixture_shows(w, "h 7*  h-error 0.1  alpha 1.01\n");
    fixture_command(w, "columns lr");
    fixture_lacks(w, "h-error");
    workbench_free(w);
}

/* What nobody has is no choice of columns: the ones on screen stay. */
Test(list, takes_no_column_that_there_is_not)
{
    static const struct {
        const char *line, *said;
    } cases[] = {{"columns zzz", "columns: there is no `zzz`: o shows which there are"},
                 {"columns all", "columns: there is no `all`"},
                 {"columns seed,topolgy", "columns: there is no `topolgy`: topology?"},
                 {"columns seed tset_accuracy", "columns: there is no `tset_accuracy`: test_accuracy?"}};
    struct workbench *w = fixture_open(fixture_database(), 0, 100, 24);
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        fixture_command(w, cases[k].line);
        fixture_shows(w, cases[k].said);
        fixture_shows(w, "run^           topology    lr  test_accuracy ");
    }
    static const char *const lines[] = {"columns seed,lr", "columns seed lr", "columns name, seed , lr"};
    for (size_t k = 0; k < sizeof lines / sizeof *lines; k++) {
        fixture_command(w, "columns loss");
        fixture_command(w, lines[k]);
        fixture_lacks(w, "loss");
        fixture_shows(w, "seed    lr\n");
    }
    workbench_free(w);
}

Test(list, without_a_database_says_how_to_get_one)
{
    struct workbench *w = fixture_open(fixture_nothing(), 0, 80, 24);
    char line[300];
    fixture_shows(w, "No runs yet.");
    snprintf(line, sizeof line, "infoflow import --db %s PATH", w->database);
    fixture_shows(w, line);
    setenv("INFOFLOW_DB", w->database, 1);
    fixture_shows(w, "infoflow import PATH"); /* it goes there by itself */
    unsetenv("INFOFLOW_DB");
    fixture_keys(w, "jkgGnNsS\r/x\rcz d?q"); /* nothing of it harms */
    fixture_wait(w);
    fixture_shows(w, "No runs yet.");
    fixture_keys(w, "q");
    cr_expect(w->quit);
    workbench_free(w);
}

Test(list, without_runs_waits_for_those_of_a_folder)
{
    struct workbench *w = fixture_open(fixture_nothing(), 0, 80, 24);
    char line[300];
    snprintf(line, sizeof line, "watch %s", fixture_file("runs"));
    fixture_command(w, line);
    fixture_shows(w, "Waits for snapshots in");
    fixture_lacks(w, "infoflow import");
    fixture_command(w, "watch -");
    fixture_shows(w, "infoflow import");
    workbench_free(w);
}

Test(list, is_there_before_the_database_has_answered)
{
    struct workbench *w = fixture_start(fixture_database(), 0, 80, 24, false);
    fixture_shows(w, "Reading the runs.");
    fixture_keys(w, "jjc /x\r:sort lr\r");
    fixture_wait(w);
    fixture_shows(w, "5 runs");
    workbench_free(w);
}

Test(list, says_where_the_run_asked_for_is_not_there)
{
    struct workbench *w = fixture_open(fixture_database(), 99, 80, 24);
    fixture_shows(w, "no run `#99`");
    cr_expect_eq(w->screen, SCREEN_LIST);
    workbench_free(w);
}

Test(list, shows_runs_and_groups)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 100, 24);
    static const char *const shown[] = {"5 runs", "alpha", "beta",      "mnist-s* x2",
                                        "0.01",   ".8500", ".815±.007", "100 %"};
    for (size_t k = 0; k < sizeof shown / sizeof *shown; k++)
        fixture_shows(w, shown[k]);
    fixture_lacks(w, "mnist-s0");
    fixture_lacks(w, "toy "); /* the same in all: in the readout alone */
    fixture_lacks(w, "\x1B");
    workbench_free(w);
}

Test(list, moves_the_cursor)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 80, 24);
    cr_expect_str_eq(fixture_current(w), "alpha");
    fixture_keys(w, "j");
    cr_expect_str_eq(fixture_current(w), "beta");
    fixture_keys(w, "jjjj");
    cr_expect_str_eq(fixture_current(w), "mnist-s*");
    fixture_keys(w, "k");
    cr_expect_eq(w->runs.at, 2u);
    fixture_keys(w, "g");
    cr_expect_str_eq(fixture_current(w), "alpha");
    fixture_keys(w, "G");
    cr_expect_str_eq(fixture_current(w), "mnist-s*");
    static const struct {
        int key;
        const char *run;
    } keys[] = {{PRESS_HOME, "alpha"},   {PRESS_DOWN, "beta"},     {PRESS_UP, "alpha"},
                {PRESS_END, "mnist-s*"}, {PRESS_PAGE_UP, "alpha"}, {PRESS_PAGE_DOWN, "mnist-s*"}};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        workbench_key(w, keys[k].key);
        cr_expect_str_eq(fixture_current(w), keys[k].run, "key %zu: %s", k, fixture_current(w));
    }
    workbench_free(w);
}

Test(list, folds_groups)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 100, 24);
    fixture_keys(w, "G");
    workbench_key(w, PRESS_RIGHT);
    fixture_shows(w, "mnist-s0");
    fixture_shows(w, "mnist-s1");
    workbench_key(w, PRESS_LEFT);
    fixture_lacks(w, "mnist-s0");
    fixture_keys(w, "z");
    fixture_shows(w, "mnist-s0");
    fixture_keys(w, "z");
    fixture_lacks(w, "mnist-s0");
    fixture_command(w, "group off");
    fixture_shows(w, "mnist-s0");
    fixture_lacks(w, "mnist-s*");
    fixture_command(w, "group on");
    fixture_shows(w, "mnist-s*");
    fixture_command(w, "group sideways");
    fixture_shows(w, "`sideways` is none of on, off");
    workbench_free(w);
}

Test(list, searches_names_and_parameters)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 80, 24);
    fixture_keys(w, "/BET\r");
    cr_expect_str_eq(fixture_current(w), "beta");
    fixture_keys(w, "/lr=0.05\r");
    cr_expect_eq(w->runs.at, 2u);
    fixture_keys(w, "/topology=3\rn");
    cr_expect_str_eq(fixture_current(w), "beta");
    fixture_keys(w, "n");
    cr_expect_str_eq(fixture_current(w), "alpha");
    fixture_keys(w, "N");
    cr_expect_str_eq(fixture_current(w), "beta");
    fixture_keys(w, "/zzz\r");
    fixture_shows(w, "no run has `zzz`");
    cr_expect_str_eq(fixture_current(w), "beta");
    fixture_command(w, "search alp");
    cr_expect_str_eq(fixture_current(w), "alpha");
    workbench_free(w);
}

Test(list, searches_for_nothing_before_it_is_told_what)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 80, 24);
    fixture_keys(w, "n");
    fixture_shows(w, "nothing to search for yet");
    workbench_free(w);
}

Test(list, filters)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 100, 24);
    fixture_keys(w, "flr < 0.1 and not name = beta\r");
    fixture_wait(w);
    fixture_shows(w, "1 of 5 runs");
    fixture_shows(w, "gamma");
    fixture_keys(w, "f");
    fixture_shows(w, "filter: lr < 0.1 and not name = beta");
    workbench_key(w, PRESS_CTRL_U);
    fixture_keys(w, "\r");
    fixture_wait(w);
    fixture_shows(w, "alpha");
    fixture_command(w, "filter test_accuracy > .835");
    fixture_shows(w, "alpha");
    fixture_lacks(w, "gamma");
    fixture_command(w, "filter lr >");
    cr_expect(w->alarm);
    fixture_lacks(w, "gamma"); /* the one before stays */
    fixture_command(w, "filter -");
    fixture_shows(w, "gamma");
    fixture_command(w, "filter seed = 1");
    fixture_shows(w, "mnist-s1");
    workbench_free(w);
}

Test(list, sorts_numbers_as_numbers)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 80, 24);
    int presses = 0;
    while (strcmp(column_head(&w->runs.columns.items[runs_sorted_by(&w->runs)]), "lr") != 0 && presses++ < 20)
        fixture_keys(w, "s");
    cr_assert_lt(presses, 20);
    fixture_shows(w, "sorted by lr");
    cr_expect_str_eq(fixture_current(w), "alpha"); /* the cursor stays on its run */
    cr_expect_eq(w->runs.at, 2u);
    fixture_keys(w, "g");
    cr_expect_str_eq(fixture_current(w), "beta");
    fixture_keys(w, "Sg");
    cr_expect_str_neq(fixture_current(w), "beta");
    fixture_command(w, "sort test_accuracy");
    fixture_keys(w, "G");
    cr_expect_str_eq(fixture_current(w), "alpha");
    fixture_command(w, "sort nonsense");
    fixture_shows(w, "nonsense");
    cr_expect(w->alarm);
    workbench_free(w);
}

Test(list, chooses_columns)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 100, 24);
    fixture_command(w, "columns loss step");
    fixture_shows(w, "loss");
    fixture_lacks(w, "6-12");
    fixture_keys(w, "or\r");
    fixture_wait(w);
    fixture_shows(w, "6-12");
    fixture_keys(w, "o q");
    cr_expect_not(w->quit);
    fixture_lacks(w, "6-12");
    fixture_command(w, "columns nonsense");
    workbench_free(w);
}

Test(list, reverses_marks_with_space)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 100, 24);
    fixture_keys(w, "  ");
    fixture_shows(w, "1  alpha");
    fixture_shows(w, "2  beta");
    fixture_keys(w, "g ");
    fixture_shows(w, "1  beta");
    fixture_command(w, "unmark");
    fixture_lacks(w, "1  beta");
    fixture_keys(w, "c");
    fixture_shows(w, "nothing to compare: Space marks runs");
    workbench_free(w);
}

Test(list, shows_the_share_of_links_that_hold)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 100, 24);
    fixture_shows(w, "100 %");
    fixture_command(w, "h-error 5");
    fixture_command(w, "filter dpi_bwd < 100");
    cr_expect_not(w->alarm, "%s", w->message);
    fixture_command(w, "filter dpi_backward < 1");
    cr_expect_str_eq(w->message, "no run has a field `dpi_backward`");
    fixture_command(w, "filter -");
    fixture_command(w, "tolerance 0");
    fixture_shows(w, "%");
    workbench_free(w);
}

Test(list, shows_what_a_poor_run_has)
{
    struct workbench *w = fixture_open(fixture_poor(), 1, 140, 45);
    fixture_shows(w, "1 DPI");
    fixture_shows(w, "these snapshots have no labels");
    fixture_shows(w, "step 1  snapshot 1/1");
    fixture_keys(w, "[]{}pwuda0m12345tyLvzB+-_`");
    fixture_wait(w);
    fixture_command(w, "open empty");
    fixture_shows(w, "no snapshots yet");
    fixture_keys(w, "[]{}pwuda0m12345tyLvzB+-_`");
    workbench_key(w, PRESS_LEFT);
    workbench_key(w, PRESS_RIGHT);
    fixture_wait(w);
    workbench_resize(w, 60, 12);
    fixture_shows(w, "no snapshots yet");
    workbench_free(w);
}
