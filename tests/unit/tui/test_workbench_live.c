/* What others do to the database, and a folder that is followed. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tui/errands.h>

#include "fixture.h"
#include "fixtures.h"

static void store_do(const char *database, enum ifl_status (*edit)(struct store *, int64_t, struct ifl_error *),
                     int64_t id)
{
    struct store *store;
    cr_assert_eq(store_open(&store, database, STORE_WRITE, NULL), IFL_OK);
    cr_assert_eq(edit(store, id, NULL), IFL_OK);
    store_close(store);
}

Test(live, plots_grow_with_the_run)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 140, 45);
    fixture_shows(w, "epoch 5  step 500  snapshot 6/6");
    fixture_train(1, 6);
    fixture_await(w, "epoch 6  step 600  snapshot 7/7", true); /* who looks at the end goes on looking at it */
    fixture_keys(w, "[[");
    fixture_shows(w, "epoch 4 ");
    fixture_train(1, 7);
    fixture_await(w, "step 400  snapshot 5/8", true); /* who does not stays where he is */
    workbench_free(w);
}

Test(live, plots_of_a_group_grow)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 140, 45);
    fixture_command(w, "compare mnist-s0,mnist-s1 alpha");
    fixture_train(4, 6);
    fixture_train(5, 6);
    fixture_await(w, "snapshot 7/7", true);
    cr_expect_str_eq(fixture_subjects(w), "mnist-s* alpha");
    workbench_free(w);
}

Test(live, nothing_blinks_meanwhile)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 140, 45);
    fixture_train(1, 6);
    while (w->showing.subjects[0].timeline.count == 6) {
        struct pollfd fds[WORKBENCH_FDS];
        cr_assert_gt(poll(fds, workbench_fds(w, fds), 60000), 0);
        workbench_news(w);
    }
    for (;;) { /* at every moment until all is there */
        workbench_settle(w, fixture_now);
        fixture_lacks(w, "nothing to show");
        fixture_shows(w, "I(T;Y) [bits]");
        if (!workbench_waits(w))
            break;
        struct pollfd fds[WORKBENCH_FDS];
        cr_assert_gt(poll(fds, workbench_fds(w, fds), 60000), 0);
        workbench_news(w);
    }
    fixture_shows(w, "snapshot 7/7");
    workbench_free(w);
}

Test(live, list_sees_runs_come_and_go)
{
    const char *database = fixture_database();
    struct workbench *w = fixture_open(database, 0, 100, 24);
    fixture_keys(w, "j");
    fixture_add("aaron");
    fixture_await(w, "6 runs", true);
    fixture_shows(w, "aaron");
    cr_expect_str_eq(fixture_current(w), "beta"); /* the cursor stays on its run */
    store_do(database, store_delete_run, 1);
    fixture_await(w, "5 runs", true);
    fixture_lacks(w, "   alpha ");
    store_do(database, store_purge_run, 2);
    fixture_await(w, "4 runs", true);
    workbench_free(w);
}

Test(live, run_on_the_plots_may_be_gone)
{
    const char *database = fixture_database();
    struct workbench *w = fixture_open(database, 2, 140, 45);
    store_do(database, store_purge_run, 2);
    fixture_await(w, " of 3 ", true);
    fixture_keys(w, "ww[[r345`");
    fixture_wait(w);
    workbench_key(w, PRESS_ESCAPE);
    fixture_wait(w);
    if (w->screen == SCREEN_RUN) {
        workbench_key(w, PRESS_ESCAPE);
        fixture_wait(w);
    }
    fixture_shows(w, "4 runs");
    workbench_free(w);
}

Test(live, database_may_be_made_later)
{
    struct workbench *w = fixture_open(fixture_nothing(), 0, 100, 24);
    fixture_shows(w, "No runs yet.");
    struct store *store;
    cr_assert_eq(store_open(&store, w->database, STORE_CREATE, NULL), IFL_OK);
    store_close(store);
    fixture_add("first");
    fixture_await(w, "1 run ", true);
    fixture_shows(w, "first");
    fixture_keys(w, "\r");
    fixture_wait(w);
    fixture_shows(w, "no snapshots yet");
    workbench_free(w);
}

/* ---- a folder that is followed ---- */

static void put_in_place(const char *name)
{
    char from[256];
    snprintf(from, sizeof from, "%s", in_folder("part"));
    cr_assert_eq(rename(from, in_folder(name)), 0, "%s", name);
}

static void write_manifest(void)
{
    static const char text[] = "{\"format\": \"infoflow-run\", \"version\": 1, \"name\": \"trained\","
                               " \"layers\": [{\"name\": \"fc\", \"kind\": \"fc\", \"axes\": \"ND\"}]}";
    mkdir(in_folder("run"), 0755);
    write_file("part", text, strlen(text));
    put_in_place("run/run.json");
}

static void write_step(int step)
{
    double x[16], t[24];
    char name[64];
    for (int k = 0; k < 24; k++)
        t[k] = (k * k + 7 * step) % 11;
    for (int k = 0; k < 16; k++)
        x[k] = k * k % 7;
    const struct item items[] = {
        {"X", {"<f4", false, 2, {8, 2}, x}}, {"step", SCALAR("<i8", step)}, {"T/fc", {"<f4", false, 2, {8, 3}, t}}};
    write_npz("part", items, COUNT(items));
    snprintf(name, sizeof name, "run/step-%d.npz", step);
    put_in_place(name);
}

/* Clerk, engine and follower, each with a connection of its own, and keys meanwhile. */
Test(live, plots_grow_with_a_folder, .fini = remove_folder)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 140, 45);
    char line[300];
    snprintf(line, sizeof line, "watch %s", folder_path());
    fixture_command(w, line);
    fixture_shows(w, "follows ");
    write_manifest();
    write_step(0);
    fixture_await(w, "6 runs", true);
    fixture_shows(w, "trained");
    fixture_command(w, "open trained");
    fixture_await(w, "snapshot 1/1", true);
    for (int step = 1; step < 6; step++) {
        char shown[64];
        snprintf(shown, sizeof shown, "step %d  snapshot %d/%d", step, step + 1, step + 1);
        write_step(step);
        fixture_keys(w, "wwaW");
        fixture_await(w, shown, true);
    }
    fixture_command(w, "watch -");
    fixture_shows(w, "no folder is followed any more");
    cr_expect_null(w->follower);
    workbench_free(w);
}

Test(live, news_leave_an_error_on_screen_until_the_next_key)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 100, 24);
    struct follower_news news = {.kind = FOLLOWER_ADDED, .text = "b: 6 snapshots, 5 layers"};
    fixture_command(w, "theme pink");
    fixture_shows(w, "theme: `pink` is none of");
    workbench_told(w, &news);
    fixture_shows(w, "theme: `pink` is none of");
    fixture_keys(w, "j");
    workbench_told(w, &news);
    fixture_shows(w, "b: 6 snapshots, 5 layers");
    news = (struct follower_news){.kind = FOLLOWER_ERROR, .text = "c: no run.json"};
    workbench_told(w, &news);
    fixture_shows(w, "c: no run.json");
    workbench_free(w);
}

/* What was followed is followed until there is another. */
Test(live, follows_on_where_another_folder_is_none, .fini = remove_folder)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 140, 45);
    char line[300];
    snprintf(line, sizeof line, "watch %s", folder_path());
    fixture_command(w, line);
    snprintf(line, sizeof line, "watch %s", w->database);
    fixture_command(w, line);
    fixture_shows(w, "not a folder");
    write_manifest();
    write_step(0);
    fixture_await(w, "6 runs", true);
    fixture_shows(w, "trained");
    snprintf(line, sizeof line, "watch %s", in_folder("run"));
    fixture_command(w, line);
    write_step(1);
    fixture_await(w, "trained: 2 snapshots", true);
    workbench_free(w);
}

/* One after the other, before either is there. */
Test(live, follows_the_last_of_two_folders, .fini = remove_folder)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 140, 45);
    errand_watch(w, folder_path());
    errand_watch(w, in_folder("none"));
    fixture_wait(w);
    cr_expect_str_eq(w->followed, in_folder("none"));
    workbench_free(w);
}

Test(live, says_what_it_cannot_follow)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 100, 24);
    fixture_command(w, "watch");
    fixture_shows(w, "follow folder (- for none)");
    workbench_key(w, PRESS_ESCAPE);
    cr_expect_null(w->follower);
    workbench_free(w);
}
