/* Runs renamed, tagged, annotated, put into the bin and out of it. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

static void say(struct workbench *w, const char *keys)
{
    fixture_keys(w, keys);
    fixture_wait(w);
}

Test(edit, renames)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 100, 24);
    fixture_keys(w, "R");
    fixture_shows(w, "name: alpha");
    say(w, "-one\r");
    fixture_shows(w, "renamed");
    fixture_shows(w, "alpha-one");
    cr_expect_str_eq(fixture_current(w), "alpha-one"); /* the cursor stays on its run */
    fixture_command(w, "rename beta");
    cr_expect(w->alarm);
    fixture_shows(w, "alpha-one");
    say(w, "G");
    fixture_command(w, "rename all");
    fixture_shows(w, "a group has the names of its runs");
    workbench_free(w);
}

Test(edit, tags)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 120, 24);
    say(w, "Tgood=yes\r");
    fixture_shows(w, "tagged");
    fixture_command(w, "filter good = yes");
    fixture_shows(w, "alpha");
    fixture_lacks(w, "beta");
    fixture_command(w, "filter -");
    fixture_command(w, "tag good=");
    fixture_command(w, "filter good = yes");
    fixture_lacks(w, "   alpha ");
    fixture_command(w, "filter -");
    fixture_command(w, "tag nothing");
    fixture_shows(w, "KEY=VALUE");
    say(w, "G");
    fixture_command(w, "tag both=1"); /* of a group: all of its runs */
    fixture_command(w, "filter both = 1");
    fixture_shows(w, "mnist-s* x2");
    workbench_free(w);
}

Test(edit, notes)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 120, 24);
    say(w, "ithe best of them\r");
    fixture_shows(w, "noted");
    say(w, "j");
    say(w, "/best\r"); /* notes are searched */
    cr_expect_str_eq(fixture_current(w), "alpha");
    fixture_keys(w, "i");
    fixture_shows(w, "the best of them");
    workbench_key(w, PRESS_CTRL_U);
    say(w, "\r"); /* emptied on purpose */
    say(w, "j/best\r");
    fixture_shows(w, "no run has `best`");
    workbench_free(w);
}

Test(edit, deletes_and_brings_back)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 100, 24);
    say(w, "d");
    fixture_shows(w, "alpha in the bin: u brings it back, :bin shows the bin");
    fixture_lacks(w, "   alpha ");
    fixture_shows(w, "4 runs");
    say(w, "u");
    fixture_shows(w, "1 run restored");
    fixture_shows(w, "alpha");
    say(w, "u");
    fixture_shows(w, "nothing was deleted here");
    say(w, "Gd"); /* a group: all of its runs */
    fixture_shows(w, "3 runs");
    fixture_shows(w, "2 runs in the bin: u brings them back");
    say(w, "u");
    fixture_shows(w, "2 runs restored");
    fixture_shows(w, "mnist-s* x2");
    workbench_free(w);
}

Test(edit, shows_the_bin)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 100, 24);
    fixture_command(w, "bin");
    fixture_shows(w, "The bin is empty.");
    workbench_key(w, PRESS_ESCAPE);
    fixture_wait(w);
    fixture_shows(w, "5 runs");
    say(w, "d");
    say(w, "d");
    fixture_command(w, "bin");
    fixture_shows(w, "bin: 2 runs");
    fixture_shows(w, "beta");
    say(w, "\r");
    fixture_shows(w, "it is in the bin");
    say(w, "d");
    fixture_shows(w, "it is in the bin");
    say(w, "gu");
    fixture_shows(w, "bin: 1 run");
    fixture_command(w, "restore beta");
    fixture_shows(w, "beta restored");
    fixture_shows(w, "The bin is empty.");
    fixture_command(w, "bin");
    fixture_shows(w, "5 runs");
    fixture_command(w, "restore beta");
    cr_expect(w->alarm);
    workbench_free(w);
}

Test(edit, is_of_the_run_in_front_on_the_plots)
{
    struct workbench *w = fixture_open(fixture_database(), 2, 100, 30);
    fixture_command(w, "rename second");
    fixture_await(w, "infoflow   second", true);
    fixture_command(w, "note of the open one");
    fixture_shows(w, "noted");
    fixture_command(w, "delete");
    fixture_shows(w, "delete: not here, but in the list of runs");
    workbench_free(w);
}

/* What is on the plots is deleted by somebody else: they stay, and nothing fails. */
Test(edit, keeps_what_is_open_when_it_is_deleted)
{
    struct workbench *w = fixture_open(fixture_database(), 2, 140, 45);
    fixture_keys(w, "\t");
    fixture_command(w, "delete");
    fixture_await(w, "in the bin", true);
    fixture_await(w, " of 3 ", true);
    fixture_shows(w, "1 DPI");
    workbench_free(w);
}

/* A deletion is undone as a whole, and stays to be undone where that failed. */
Test(edit, brings_back_a_whole_group)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 100, 24);
    fixture_keys(w, "G");
    fixture_shows(w, "mnist-s*");
    say(w, "d");
    fixture_lacks(w, "mnist-s");
    cr_expect_eq(w->n_deletions, 1u);
    struct store *store;
    cr_assert_eq(store_open(&store, w->database, STORE_WRITE, NULL), IFL_OK);
    cr_assert_eq(store_purge_run(store, 5, NULL), IFL_OK);
    say(w, "u");
    cr_expect(w->alarm);
    fixture_shows(w, "1 of 2: ");
    cr_expect_eq(w->n_deletions, 1u);
    cr_assert_eq(store_delete_run(store, 4, NULL), IFL_OK);
    store_close(store);
    workbench_free(w);

    w = fixture_open(fixture_database(), 0, 100, 24);
    say(w, "Gd");
    say(w, "u");
    fixture_shows(w, "restored");
    fixture_shows(w, "mnist-s* x2");
    cr_expect_eq(w->n_deletions, 0u);
    workbench_free(w);
}

/* Until the list has come back, the run under the cursor may be one that is gone. */
Test(edit, deletes_one_run_at_a_time)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 100, 24);
    say(w, "ddd");
    cr_expect_eq(w->n_deletions, 1u);
    cr_expect_eq(w->runs.count, 4u);
    workbench_free(w);
}
