/* What outlives the program: session, saved views, exports, the user's configuration. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tui/config.h>

#include "fixture.h"
#include "places.h"

/* ---- session ---- */

/* What the first one showed a second one shows, from the session that is left when it is killed. */
static void expect_session(int columns, int rows, const char *const *lines, size_t count)
{
    const char *database = fixture_database();
    struct workbench *w = fixture_start(database, 0, columns, rows, true);
    fixture_wait(w);
    for (size_t k = 0; k < count; k++)
        fixture_command(w, lines[k]);
    fixture_now += 10000;
    fixture_wait(w);
    fixture_keys(w, "\x0C"); /* the message goes */
    char *before = fixture_draw(w), *session = session_text(w, true);
    fixture_now += 10000;
    fixture_wait(w);
    workbench_free(w); /* not quit: killed */

    w = fixture_start(database, 0, columns, rows, true);
    fixture_wait(w);
    fixture_shows(w, "goes on where it was cut off");
    fixture_keys(w, "\x0C");
    char *after = fixture_draw(w), *again = session_text(w, true);
    cr_expect_str_eq(again, session);
    cr_expect_str_eq(after, before, "%s\nafter\n%s", after, before);
    free(before);
    free(session);
    free(after);
    free(again);
    fixture_keys(w, "q");
    workbench_free(w);

    w = fixture_start(database, 0, columns, rows, true); /* one that was quit leaves nothing */
    fixture_wait(w);
    cr_expect_eq(w->screen, SCREEN_LIST);
    fixture_shows(w, "5 runs");
    fixture_shows(w, "alpha");
    workbench_free(w);
}
#define EXPECT_SESSION(columns, rows, ...)                                                                             \
    do {                                                                                                               \
        const char *const lines[] = {__VA_ARGS__};                                                                     \
        expect_session(columns, rows, lines, sizeof lines / sizeof *lines);                                            \
    } while (0)

Test(session, brings_back_a_run)
{
    EXPECT_SESSION(140, 45, "open beta", "h 3", "alpha 2", "layer conv2", "step 300", "chain forward", "tolerance .2");
}

Test(session, brings_back_a_group_and_a_run)
{
    EXPECT_SESSION(140, 45, "compare mnist-s0,mnist-s1 alpha", "front", "rows on", "strip off", "legend off");
}

Test(session, brings_back_a_view)
{
    EXPECT_SESSION(100, 30, "open alpha", "view pid", "width median", "pairs 2", "h-label 2");
}

Test(session, brings_back_the_list)
{
    EXPECT_SESSION(100, 30, "filter lr > .01", "sort test_accuracy", "sort-reverse", "columns lr test_accuracy seed");
}

Test(session, brings_back_a_list_without_groups)
{
    EXPECT_SESSION(100, 30, "group off", "sort lr");
}

/* A layer may be called like two lines: what is after the first is no command. */
Test(session, says_nothing_that_a_name_says)
{
    const char *database = fixture_database();
    struct store *store;
    struct layer layer = {(char[]){"fc\nh 77"}, LAYER_FC, AXES_ND};
    struct run run = {.name = (char[]){"hostile"}, .layers = &layer, .n_layers = 1};
    int64_t id;
    cr_assert_eq(store_open(&store, database, STORE_WRITE, NULL), IFL_OK);
    cr_assert_eq(store_add_run(store, &run, &id, NULL), IFL_OK);
    store_close(store);
    struct workbench *w = fixture_open(database, id, 100, 30);
    cr_expect_str_eq(fixture_subjects(w), "hostile");
    char *text = session_text(w, true);
    cr_expect_null(strstr(text, "\nh 77"), "%s", text);
    free(text);
    workbench_free(w);
}

Test(session, is_kept_only_as_often_as_it_changes)
{
    struct workbench *w = fixture_start(fixture_database(), 1, 100, 30, true);
    fixture_wait(w);
    fixture_command(w, "h 3");
    fixture_now += 10000;
    fixture_wait(w);
    char *path = session_path(w->database), *text = places_read(path);
    cr_expect_not_null(strstr(text, "\nh 3\n"), "%s", text);
    free(text);
    cr_assert_eq(unlink(path), 0);
    fixture_keys(w, "]");
    fixture_now += 10000;
    fixture_wait(w);
    cr_expect_neq(access(path, F_OK), 0); /* nothing that the session says has changed */
    free(path);
    workbench_free(w);
}

static bool says(const char *path, const char *line)
{
    char *text = places_read(path);
    bool found = text != NULL && strstr(text, line) != NULL;
    free(text);
    return found;
}

/* A key is followed by others, and by runs that open: a second after the last change all of it is there, and nothing is
 * asked for any more. */
Test(session, has_what_changed_a_second_ago)
{
    struct workbench *w = fixture_start(fixture_database(), 0, 100, 30, true);
    char *path = session_path(w->database);
    fixture_wait(w);
    fixture_now += 10000;
    fixture_keys(w, "\r");
    fixture_wait(w);
    fixture_now += 1000;
    fixture_wait(w);
    cr_expect(says(path, "\ncompare #1\n")); /* without a further key */
    fixture_command(w, "h 3");
    fixture_command(w, "h 4");
    fixture_now += 999;
    cr_expect_eq(workbench_settle(w, fixture_now), 1);
    cr_expect(says(path, "\nh 3\n"));
    fixture_now += 1;
    fixture_wait(w);
    cr_expect(says(path, "\nh 4\n"));
    cr_expect_eq(workbench_settle(w, fixture_now), -1);
    free(path);
    workbench_free(w);
}

Test(session, of_a_program_that_is_ended_has_the_last_change)
{
    struct workbench *w = fixture_start(fixture_database(), 1, 100, 30, true);
    char *path = session_path(w->database);
    fixture_wait(w);
    fixture_command(w, "h 3");
    fixture_command(w, "h 4");
    cr_expect_not(says(path, "\nh 4\n"));
    workbench_free(w); /* as SIGTERM and SIGHUP have it */
    cr_expect(says(path, "\nh 4\n"));
    free(path);
}

Test(session, is_neither_read_nor_kept_where_it_is_not_wanted)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 100, 30);
    char *path = session_path(w->database);
    fixture_command(w, "h 3");
    fixture_now += 10000;
    fixture_wait(w);
    cr_expect_neq(access(path, F_OK), 0);
    free(path);
    workbench_free(w);
}

/* ---- saved views ---- */

Test(saved, view_is_brought_back)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 140, 45);
    fixture_command(w, "h 3");
    fixture_command(w, "view ip");
    fixture_command(w, "save mine");
    fixture_shows(w, ":load");
    char *before = session_text(w, false);
    fixture_command(w, "defaults");
    fixture_command(w, "view all");
    fixture_command(w, "filter lr < .02");
    fixture_command(w, "sort lr");
    fixture_command(w, "load mine");
    fixture_shows(w, "view mine");
    fixture_shows(w, "h 3*");
    fixture_lacks(w, "1 DPI");
    char *after = session_text(w, false);
    cr_expect_str_eq(after, before); /* what was not asked for then is not asked for now */
    free(before);
    free(after);
    fixture_command(w, "load nothing");
    fixture_shows(w, "there is no saved view `nothing`");
    fixture_command(w, "save ../../x");
    cr_expect(w->alarm);
    fixture_keys(w, ":load \t");
    fixture_await(w, "load mine", true);
    fixture_keys(w, "\x1B:watch ~/.conf\t");
    fixture_await(w, "watch ~/.config/", true);
    workbench_free(w);
}

Test(saved, view_that_is_wrong_in_places_is_obeyed_in_the_others)
{
    const char *database = fixture_database();
    cr_assert_eq(
        config_write(places_in_home(".config/infoflow/views/odd"), "h 3\nnonsense 7\n# words\nalpha 2\n", NULL),
        IFL_OK);
    struct workbench *w = fixture_open(database, 1, 140, 45);
    fixture_command(w, "load odd");
    fixture_shows(w, "no command `nonsense`");
    fixture_shows(w, "h 3*");
    fixture_shows(w, "alpha 2*");
    workbench_free(w);
}

/* ---- configuration ---- */

Test(configuration, binds_and_says_what_is_wrong)
{
    const char *database = fixture_database();
    cr_assert_eq(config_write(places_in_home(".config/infoflow/config"),
                              "# mine\nbind x h 7\nbind list:X sort lr\nunbind q\nnonsense\nalpha 2\n"
                              "bind ^X nothing-at-all\nsort loss\n",
                              NULL),
                 IFL_OK);
    struct workbench *w = fixture_open(database, 0, 140, 45);
    fixture_shows(w, "config:5: no command `nonsense`");
    fixture_shows(w, "1 more");
    fixture_keys(w, "X");
    fixture_shows(w, "sorted by lr");
    fixture_keys(w, "q");
    cr_expect_not(w->quit);
    fixture_shows(w, "no such key here");
    fixture_command(w, "open alpha");
    fixture_shows(w, "alpha 2*");
    fixture_keys(w, "x");
    fixture_shows(w, "h 7*");
    fixture_keys(w, "X");
    fixture_shows(w, "no such key here");
    fixture_keys(w, "?");
    fixture_shows(w, "Bound by you");
    fixture_keys(w, "?");
    fixture_command(w, "bind q quit");
    fixture_keys(w, "q");
    cr_expect(w->quit);
    workbench_free(w);
}

Test(configuration, of_the_list_holds_from_the_beginning)
{
    const char *database = fixture_database();
    cr_assert_eq(config_write(places_in_home(".config/infoflow/config"),
                              "sort test_accuracy\nfilter lr > .01\ncolumns test_accuracy lr\ntheme light\nmouse off\n",
                              NULL),
                 IFL_OK);
    struct workbench *w = fixture_open(database, 0, 100, 24);
    cr_expect_str_eq(w->message, "");
    fixture_lacks(w, "beta ");
    fixture_keys(w, "g");
    cr_expect_str_eq(fixture_current(w), "mnist-s*");
    cr_expect_eq(w->theme, THEME_LIGHT);
    cr_expect_not(w->mouse);
    workbench_free(w);
}

/* ---- export ---- */

static char *export(struct workbench *w, const char *name)
{
    char line[300];
    snprintf(line, sizeof line, "export %s", fixture_file(name));
    fixture_command(w, line);
    fixture_shows(w, "written");
    return places_read(fixture_file(name));
}

/* The value of a line that has all of these parts. */
static double value_of(char *csv, const char *start, const char *end)
{
    for (char *line = strtok(csv, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        char *found = strstr(line, end);
        if (strncmp(line, start, strlen(start)) == 0 && found != NULL)
            return atof(found + strlen(end));
    }
    return NAN;
}

Test(export, csv_has_the_numbers_shown)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 140, 45);
    fixture_command(w, "h 3");
    char *csv = export(w, "a.csv");
    cr_expect_null(strstr(csv, "tradeoff")); /* no panel shows it */
    double value = value_of(csv, "alpha,500,5.0,0", ",conv1,I(X;T),");
    free(csv);
    cr_expect_eq(value, fixture_value(w, PANEL_DPI, IFL_I_XT));
    fixture_keys(w, "4");
    fixture_wait(w);
    csv = export(w, "b.csv");
    value = value_of(csv, "alpha,500,5.0,0", ",conv1,tradeoff%(X),");
    free(csv);
    cr_expect_eq(value, fixture_value(w, PANEL_PID, IFL_TRADEOFF_PCT_X));
    workbench_free(w);
}

static size_t count_of(const char *text, char c)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += *text == c;
    return count;
}

Test(export, json_and_csv_say_the_same_of_a_sweep)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 140, 45);
    fixture_command(w, "view width");
    char *csv = export(w, "a.csv"), *json = export(w, "a.json");
    cr_expect_eq(count_of(json, '{'), SWEEP_WIDTHS * 7u);
    cr_expect_eq(count_of(csv, '\n'), SWEEP_WIDTHS * 7u + 1);
    cr_expect_not_null(strstr(csv, "chain,h,run,step,epoch,batch,layer,quantity,value,health\n"));
    fixture_command(w, "chain backward");
    fixture_command(w, "chain forward");
    char *again = export(w, "b.csv");
    cr_expect_eq(count_of(again, '\n'), SWEEP_WIDTHS * 7u + 1); /* the other chain's numbers are not among them */
    free(csv);
    free(json);
    free(again);
    workbench_free(w);
}

Test(export, says_what_is_in_the_file)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 140, 45);
    fixture_keys(w, "e");
    fixture_shows(w, "export (csv json txt): runs.csv"); /* a list is no plot */
    workbench_key(w, PRESS_ESCAPE);
    free(export(w, "list.csv"));
    fixture_shows(w, "list.csv written: 5 runs, all columns");
    fixture_command(w, "compare mnist-s0,mnist-s1 alpha");
    free(export(w, "a.json"));
    fixture_shows(w, "a.json written: 3 runs one by one, not their mean");
    free(export(w, "a.svg"));
    fixture_shows(w, "a.svg written");
    fixture_lacks(w, "a.svg written:");
    fixture_command(w, "compare beta alpha");
    free(export(w, "b.csv"));
    fixture_shows(w, "b.csv written: 2 runs");
    fixture_keys(w, "5");
    fixture_wait(w);
    free(export(w, "c.csv"));
    fixture_shows(w, "c.csv written");
    fixture_lacks(w, "c.csv written:"); /* a sweep is of one */
    workbench_free(w);
}

Test(export, text_is_the_screen)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 140, 45);
    char *text = export(w, "a.txt");
    fixture_keys(w, "\x0C");
    w->few_colors = true; /* a file has none */
    char *screen = fixture_draw(w);
    cr_expect_str_eq(text, screen, "%s\nis not\n%s", text, screen);
    free(text);
    free(screen);
    workbench_free(w);
}

Test(export, svg_has_the_panels)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 140, 45);
    char *svg = export(w, "a.svg");
    cr_expect_not_null(strstr(svg, ">DPI  alpha  step 500  epoch 5<"), "%s", svg);
    cr_expect_not_null(strstr(svg, ">M-IP  alpha<"));
    free(svg);
    fixture_keys(w, "4");
    fixture_command(w, "h 7");
    fixture_wait(w);
    svg = export(w, "b.svg");
    cr_expect_not_null(strstr(svg, ">PID  alpha  h 7<"), "%s", svg);
    cr_expect_null(strstr(svg, ">DPI"));
    free(svg);
    fixture_keys(w, "5");
    fixture_wait(w);
    svg = export(w, "c.svg");
    cr_expect_not_null(strstr(svg, ">width  alpha  step 500<"), "%s", svg);
    free(svg);
    workbench_free(w);
}

Test(export, of_the_list_is_its_rows)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 140, 45);
    fixture_command(w, "filter lr < .1");
    char *csv = export(w, "a.csv");
    cr_expect_not_null(strstr(csv, "\nbeta,"), "%s", csv);
    cr_expect_null(strstr(csv, "\nalpha,"));
    cr_expect_null(strchr(csv, '\x1B'));
    free(csv);
    char *json = export(w, "a.json");
    cr_expect_not_null(strstr(json, "\"beta\""));
    free(json);
    fixture_command(w, "export a.svg");
    fixture_shows(w, "ends in none of .csv, .json, .txt");
    workbench_free(w);
}

Test(export, asks_for_a_name_and_says_what_fails)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 140, 45);
    fixture_keys(w, "e");
    fixture_shows(w, "export (svg csv json txt): infoflow.svg");
    workbench_key(w, PRESS_ESCAPE);
    fixture_command(w, "export picture.png");
    fixture_shows(w, "ends in none of .svg");
    char line[300];
    snprintf(line, sizeof line, "export %s", fixture_file("runs.db/x.csv"));
    fixture_command(w, line);
    cr_expect(w->alarm);
    workbench_free(w);
}

Test(export, replaces_a_file_only_when_told_so_twice)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 120, 40);
    char *first = export(w, "a.csv"), line[256];
    fixture_command(w, "alpha 2");
    snprintf(line, sizeof line, "export %s", fixture_file("a.csv"));
    fixture_command(w, line);
    fixture_shows(w, "is there already");
    snprintf(line, sizeof line, "export %s", fixture_file("b.csv"));
    fixture_command(w, line); /* another one in between takes it back */
    snprintf(line, sizeof line, "export %s", fixture_file("a.csv"));
    fixture_command(w, line);
    fixture_shows(w, "is there already");
    char *same = places_read(fixture_file("a.csv"));
    cr_expect_str_eq(same, first);
    char *other = export(w, "a.csv");
    fixture_shows(w, "written");
    cr_expect_str_neq(other, first);
    free(first);
    free(same);
    free(other);
    workbench_free(w);
}
