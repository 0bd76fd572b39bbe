/* What a follower takes, what it lives through, and what it says. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <intake/root.h>

#include "fixture.h"
#include "fixtures.h"

TestSuite(follower, .init = make, .fini = remove_folder, .timeout = 200);

/* ---- what appears ---- */

static void takes_what_is_there_and_what_appears(bool poll)
{
    struct follower_options options = quick(poll);
    make_folder("all");
    write_run("all/one", "one", 2);
    struct follower *follower = follow(&options);
    cr_assert_eq(expect_growth(follower, "one", 2), 2);
    write_snapshot("all/one/step-7.npz", 7, "fc", 4);
    cr_assert_eq(expect_growth(follower, "one", 3), 1);
    write_run("all/two", "two", 3); /* a new run, a file at a time */
    cr_assert_eq(expect_growth(follower, "two", 3), 3);
    write_run("three", "three", 3);
    move("three", "all/three"); /* as a whole */
    cr_assert_eq(expect_growth(follower, "three", 3), 3);
    write_snapshot("all/one/step-8.npz", 8, "fc", 4);
    cr_assert_eq(expect_growth(follower, "one", 4), 1);
    write_snapshot("all/one/step-9.safetensors", 9, "fc", 4);
    cr_assert_eq(expect_growth(follower, "one", 5), 1);
    expect_silence(follower);
    follower_free(follower);
    cr_assert_eq(stored_runs(), 3);
}

Test(follower, takes_what_is_there_and_what_appears)
{
    takes_what_is_there_and_what_appears(false);
}

Test(follower, polls)
{
    takes_what_is_there_and_what_appears(true);
}

Test(follower, news_are_of_the_run)
{
    struct follower_options options = quick(false);
    write_run("all", "one", 1); /* the folder itself is the run */
    struct follower *follower = follow(&options);
    struct follower_news news = expect_news(follower, FOLLOWER_ADDED, "one: 1 snapshots, 1 layers, n = 4");
    cr_assert_str_eq(news.run, "one");
    cr_assert_eq(news.run_id, 1);
    cr_assert_eq(news.snapshots, 1);
    write_snapshot("all/b.npz", 5, "fc", 4);
    expect_growth(follower, "one", 2);
    follower_free(follower);
}

static void waits_for_its_folder(bool poll)
{
    struct follower_options options = quick(poll);
    struct follower *follower = follow(&options);
    expect_news(follower, FOLLOWER_NOTE, "all: not there yet");
    make_folder("all");
    write_run("all/one", "one", 2);
    expect_growth(follower, "one", 2);
    remove_all("all");
    expect_news(follower, FOLLOWER_NOTE, "all: gone");
    make_folder("all");
    write_run("all/one", "one", 3);
    cr_assert_eq(expect_growth(follower, "one", 3), 1);
    remove_all("all/one");
    write_run("all/one", "one", 4);
    cr_assert_eq(expect_growth(follower, "one", 4), 1);
    follower_free(follower);
}

Test(follower, waits_for_its_folder_and_for_it_to_come_back)
{
    waits_for_its_folder(false);
}

Test(follower, waits_for_its_folder_when_it_polls)
{
    waits_for_its_folder(true);
}

/* A new follower knows nothing, and still does not read what the database has. */
Test(follower, a_restart_reads_only_what_is_new)
{
    struct follower_options options = quick(false);
    make_folder("all");
    write_run("all/one", "one", 3);
    struct follower *follower = follow(&options);
    expect_growth(follower, "one", 3);
    follower_free(follower);
    noted = true;
    write_snapshot("all/one/step-1.npz", 1, "fc", 4);
    noted = false;
    write_snapshot("all/one/step-9.npz", 9, "fc", 4);
    follower = follow(&options);
    cr_assert_eq(expect_growth(follower, "one", 4), 1);
    expect_silence(follower);
    follower_free(follower);
}

Test(follower, a_deleted_run_comes_back_whole)
{
    struct follower_options options = quick(false);
    struct store *store;
    make_folder("all");
    write_run("all/one", "one", 2);
    struct follower *follower = follow(&options);
    expect_growth(follower, "one", 2);
    assert_ok(store_open(&store, database, STORE_WRITE, &error));
    assert_ok(store_purge_run(store, 1, &error));
    store_close(store);
    write_snapshot("all/one/step-2.npz", 2, "fc", 4);
    expect_growth(follower, "one", 3);
    follower_free(follower);
}

/* ---- what is bad, or not whole yet ---- */

static void a_bad_file_holds_nothing_back(bool poll)
{
    struct follower_options options = quick(poll);
    make_folder("all");
    write_run("all/one", "one", 2);
    write_text("all/one/step-0.npz", "no zip");
    struct follower *follower = follow(&options);
    expect_growth(follower, "one", 1);
    expect_news(follower, FOLLOWER_ERROR, "all/one/step-0.npz: zip: ");
    write_snapshot("all/one/step-2.npz", 2, "fc", 4);
    expect_growth(follower, "one", 2); /* and not a word more of the bad one */
    write_snapshot("all/one/step-0.npz", 0, "fc", 4);
    expect_growth(follower, "one", 3);
    expect_silence(follower);
    follower_free(follower);
}

Test(follower, a_bad_file_holds_nothing_back)
{
    a_bad_file_holds_nothing_back(false);
}

Test(follower, a_bad_file_holds_nothing_back_when_it_polls)
{
    a_bad_file_holds_nothing_back(true);
}

Test(follower, the_same_complaint_is_made_once_another_again)
{
    struct follower_options options = quick(false);
    make_folder("all");
    write_run("all/one", "one", 1);
    struct follower *follower = follow(&options);
    expect_growth(follower, "one", 1);
    write_text("all/one/z.npz", "no zip");
    expect_news(follower, FOLLOWER_ERROR, "z.npz: zip: ");
    write_text("all/one/z.npz", "no zip either");
    write_snapshot("all/one/z.npz", 9, "other", 4);
    expect_news(follower, FOLLOWER_ERROR, "z.npz: T/other: ");
    write_snapshot("all/one/z.npz", 9, "fc", 5);
    expect_news(follower, FOLLOWER_ERROR, "z.npz: step 9: n = 5");
    expect_silence(follower);
    follower_free(follower);
}

/* What is written in place is not complained of while it grows. */
Test(follower, half_a_file_is_looked_at_again)
{
    struct follower_options options = quick(false);
    options.settle_ms = 1000000;
    make_folder("all");
    write_run("all/one", "one", 1);
    write_text("all/one/step-1.npz", "PK");
    write_text("all/one/step-2.npz.tmp", "PK");
    struct follower *follower = follow(&options);
    expect_growth(follower, "one", 1);
    write_text("all/one/step-1.npz", "PK more");
    write_snapshot("all/one/step-1.npz", 1, "fc", 4);
    expect_growth(follower, "one", 2);
    expect_silence(follower);
    follower_free(follower);
}

Test(follower, two_files_of_one_step)
{
    struct follower_options options = quick(false);
    make_folder("all");
    write_run("all/one", "one", 2);
    struct follower *follower = follow(&options);
    expect_growth(follower, "one", 2);
    write_snapshot("all/one/x.npz", 1, "fc", 4);
    expect_news(follower, FOLLOWER_ERROR, "x.npz: step: step 1, batch 0 is in step-1.npz as well");
    expect_silence(follower);
    follower_free(follower);
}

/* ---- run.json ---- */

static void manifest_comes_late(bool poll)
{
    struct follower_options options = quick(poll);
    make_folder("all");
    make_folder("all/a");
    write_snapshot("all/a/step-0.npz", 0, "fc", 4);
    write_run("all/b", "b", 1);
    struct follower *follower = follow(&options);
    expect_growth(follower, "b", 1); /* `a`, which comes before it, waits */
    write_manifest("all/a/run.json", "named", "fc");
    expect_growth(follower, "named", 1);
    follower_free(follower);
    cr_assert_eq(stored_runs(), 2);
}

Test(follower, first_snapshots_wait_for_run_json)
{
    manifest_comes_late(false);
}

Test(follower, first_snapshots_wait_for_run_json_when_it_polls)
{
    manifest_comes_late(true);
}

Test(follower, a_run_without_run_json)
{
    struct follower_options options = quick(false);
    options.grace_ms = 10;
    make_folder("all");
    make_folder("all/bare");
    write_text("all/bare/a.npz", "no zip");
    write_snapshot("all/bare/b.npz", 0, "fc", 4);
    struct follower *follower = follow(&options);
    expect_news(follower, FOLLOWER_NOTE, "b.npz: run.json: missing");
    expect_growth(follower, "bare", 1);
    expect_news(follower, FOLLOWER_ERROR, "a.npz: zip: ");
    write_snapshot("all/bare/c.npz", 1, "fc", 4);
    expect_growth(follower, "bare", 2);
    write_manifest("all/bare/run.json", "named", "fc"); /* after all */
    expect_growth(follower, "named", 2);
    follower_free(follower);
}

Test(follower, a_bad_run_json_is_tried_again)
{
    struct follower_options options = quick(false);
    make_folder("all");
    write_run("all/one", "one", 1);
    write_text("all/one/run.json", "{");
    struct follower *follower = follow(&options);
    expect_news(follower, FOLLOWER_ERROR, "run.json: line 1: ");
    write_snapshot("all/one/step-1.npz", 1, "fc", 4);
    write_manifest("all/one/run.json", "one", "fc");
    expect_growth(follower, "one", 2);
    write_text("all/one/run.json", "{"); /* of a run that goes on */
    expect_news(follower, FOLLOWER_ERROR, "run.json: line 1: ");
    write_snapshot("all/one/step-2.npz", 2, "fc", 4);
    expect_growth(follower, "one", 3);
    follower_free(follower);
}

Test(follower, a_run_that_contradicts_the_database)
{
    struct follower_options options = quick(true);
    make_folder("all");
    write_run("all/a", "same", 1);
    struct follower *follower = follow(&options);
    expect_growth(follower, "same", 1);
    make_folder("all/b");
    write_manifest("all/b/run.json", "same", "other");
    write_snapshot("all/b/step-1.npz", 1, "other", 4);
    expect_news(follower, FOLLOWER_ERROR, "all/b: layers[0]: other");
    write_snapshot("all/a/step-1.npz", 1, "fc", 4);
    expect_growth(follower, "same", 2); /* though the other was tried again meanwhile */
    write_manifest("all/b/run.json", "another", "other");
    expect_growth(follower, "another", 1);
    follower_free(follower);
}

Test(follower, a_note_is_passed_on_once)
{
    struct follower_options options = quick(false);
    make_folder("all");
    write_run("all/one", "one", 1);
    write_text("all/one/run.json", "{\"format\": \"infoflow-run\", \"version\": 1, \"name\": \"one\", \"more\": 1,"
                                   " \"layers\": [{\"name\": \"fc\", \"kind\": \"fc\", \"axes\": \"ND\"}]}");
    struct follower *follower = follow(&options);
    expect_news(follower, FOLLOWER_NOTE, "run.json: more: unknown key");
    expect_growth(follower, "one", 1);
    write_text("all/one/run.json", "{\"format\": \"infoflow-run\", \"version\": 1, \"name\": \"two\", \"more\": 1,"
                                   " \"layers\": [{\"name\": \"fc\", \"kind\": \"fc\", \"axes\": \"ND\"}]}");
    expect_growth(follower, "two", 1);
    expect_silence(follower);
    follower_free(follower);
}

/* ---- the database ---- */

static sqlite3 *lock_database(void)
{
    sqlite3 *other;
    cr_assert_eq(sqlite3_open(database, &other), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(other, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
    return other;
}

Test(follower, outlasts_a_lock)
{
    struct follower_options options = quick(false);
    make_folder("all");
    write_run("all/one", "one", 1);
    struct follower *follower = follow(&options);
    expect_growth(follower, "one", 1);
    sqlite3 *other = lock_database();
    write_snapshot("all/one/step-1.npz", 1, "fc", 4);
    expect_news(follower, FOLLOWER_ERROR, "locked");
    cr_assert_eq(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    expect_growth(follower, "one", 2);
    expect_silence(follower);
    follower_free(follower);
    sqlite3_close(other);
}

static void spoil(const char *sql)
{
    sqlite3 *other;
    cr_assert_eq(sqlite3_open(database, &other), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(other, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
}

/* What is damaged of one run is said, and holds back no run beside it. */
Test(follower, takes_the_runs_beside_a_damaged_one)
{
    struct follower_options options = quick(true);
    make_folder("all");
    write_run("all/a", "a", 1);
    struct follower *follower = follow(&options);
    expect_growth(follower, "a", 1);
    spoil("UPDATE runs SET map_limit = -5");
    write_snapshot("all/a/step-1.npz", 1, "fc", 4);
    expect_news(follower, FOLLOWER_ERROR, "damaged database (map_limit)");
    write_run("all/b", "b", 2);
    expect_growth(follower, "b", 2);
    spoil("UPDATE runs SET map_limit = 0");
    expect_growth(follower, "a", 2);
    follower_free(follower);
}

Test(follower, ends_while_the_database_is_locked, .timeout = 8) /* the store would wait for 10 s */
{
    struct follower_options options = quick(false);
    make_folder("all");
    write_run("all/one", "one", 1);
    struct follower *follower = follow(&options);
    expect_growth(follower, "one", 1);
    sqlite3 *other = lock_database();
    write_snapshot("all/one/step-1.npz", 1, "fc", 4);
    follower_free(follower);
    sqlite3_close(other);
    cr_assert_eq(stored_snapshots("one"), 1);
}

Test(follower, ends_at_once)
{
    struct follower_options options = quick(false);
    write_run("all", "one", 8);
    for (int k = 0; k < 20; k++)
        follower_free(follow(&options));
    cr_assert_leq(stored_snapshots("one"), 8);
    struct follower *follower = follow(&options);
    write_snapshot("all/z.npz", 100, "fc", 4);
    expect_growth(follower, "one", 9);
    follower_free(follower);
    follower_free(NULL);
}

Test(follower, what_cannot_be_followed)
{
    struct follower_options options = quick(false);
    struct follower *follower = NULL;
    struct ifl_error error;
    write_text("all", "a file");
    cr_assert_eq(follower_new(&follower, database, root, &options, &error), IFL_REFUSED);
    cr_assert(strstr(error.message, "all: not a folder") != NULL, "%s", error.message);
    cr_assert_eq(follower_new(&follower, database, "", &options, &error), IFL_INVALID);
    write_text("runs.db",
               "no database, but long enough to be looked at as one: 0123456789012345678901234567890123456789"
               "012345678901234567890123456789");
    cr_assert_eq(follower_new(&follower, database, folder_path(), &options, &error), IFL_REFUSED);
    cr_assert(follower == NULL);
}

/* ---- notifications ---- */

/* Where the system lost some, everything is looked at. */
Test(follower, lost_notifications)
{
    struct root watched;
    struct followed *folders[2];
    struct followed **list = ifl_alloc(2, sizeof *list);
    assert_ok(root_init(&watched, root, &error));
    for (int k = 0; k < 2; k++) {
        assert_ok(followed_new(&folders[k], k == 0 ? "a" : "b", &error));
        list[k] = folders[k];
        folders[k]->watch = k + 1;
        folders[k]->dirty = false;
    }
    watched.folders = list;
    watched.n_folders = 2;
    watched.watch = 3;
    watched.dirty = false;
    root_notified(&watched, &(struct notified){.watch = 2, .name = "a.npz.tmp"});
    cr_assert(!watched.dirty && !folders[0]->dirty && !folders[1]->dirty);
    root_notified(&watched, &(struct notified){.watch = 2, .name = "a.npz"});
    cr_assert(!watched.dirty && !folders[0]->dirty && folders[1]->dirty);
    root_notified(&watched, &(struct notified){.watch = 3, .name = "log", .written = true});
    cr_assert(!watched.dirty);
    root_notified(&watched, &(struct notified){.watch = -1, .name = ""});
    cr_assert(watched.dirty && folders[0]->dirty && folders[1]->dirty);
    root_release(&watched);
}
