/* Runs changed after the fact: the bin, names, tags, notes; the stamp that says so. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <store/db.h>

#include "fixture.h"

TestSuite(edit, .init = folder_make, .fini = folder_remove);

static size_t count_runs(struct store *store, enum store_among among)
{
    struct store_run *runs;
    size_t count;
    assert_ok(store_list_runs_among(store, among, &runs, &count, NULL, &error));
    store_runs_free(runs, count);
    return count;
}

/* ---- the bin ---- */

Test(edit, deleted_runs_come_back_as_they_were)
{
    struct store *store = open_store(STORE_CREATE);
    int64_t id = add_run(store, "mnist", 2, 4), kept = add_run(store, "kept", 0, 4), found = 0;
    int64_t before = (int64_t)time(NULL);
    assert_ok(store_delete_run(store, id, &error));
    cr_assert_eq(count_runs(store, STORE_ALIVE), 1);
    cr_assert_eq(count_runs(store, STORE_DELETED), 1);
    cr_assert_eq(count_runs(store, STORE_ANY), 2);
    cr_assert_eq(raw_int("SELECT count(*) FROM arrays"), 2 * (1 + 1 + 2 * (4 + 1 + 1)), "nothing is lost");

    struct store_run run;
    assert_ok(store_get_run(store, id, &run, &error));
    cr_assert(run.deleted >= before - 60 && run.deleted <= before + 60);
    store_run_release(&run);
    raw("UPDATE runs SET deleted = 77 WHERE deleted IS NOT NULL");
    assert_ok(store_delete_run(store, id, &error));
    cr_assert_eq(raw_int("SELECT deleted FROM runs WHERE name = 'mnist'"), 77, "the first time counts");

    assert_fails(store_find_run(store, "mnist", &found, &error), IFL_NOT_FOUND, "mnist: no such run (it was deleted)");
    assert_fails(store_find_run(store, "mn", &found, &error), IFL_NOT_FOUND, "mn: no such run");
    assert_fails(store_find_run(store, "1", &found, &error), IFL_NOT_FOUND, "1: no such run");
    assert_fails(store_find_run_among(store, STORE_DELETED, "kept", &found, &error), IFL_NOT_FOUND,
                 "kept: no such deleted run (it is not deleted)");
    assert_fails(store_find_run_among(store, STORE_DELETED, "2", &found, &error), IFL_NOT_FOUND, "2: no such");
    for (const char *const *which = (const char *const[]){"mnist", "mn", "1", NULL}; *which != NULL; which++) {
        assert_ok(store_find_run_among(store, STORE_DELETED, *which, &found, &error));
        cr_assert_eq(found, id);
        assert_ok(store_find_run_among(store, STORE_ANY, *which, &found, &error));
        cr_assert_eq(found, id);
    }
    assert_ok(store_restore_run(store, id, &error));
    assert_ok(store_restore_run(store, kept, &error));
    cr_assert_eq(count_runs(store, STORE_ALIVE), 2);
    assert_ok(store_find_run(store, "mnist", &found, &error));
    store_close(store);
}

Test(edit, a_deleted_name_stays_taken)
{
    struct store *store = open_store(STORE_CREATE);
    int64_t id = add_run(store, "mnist", 1, 4), again = -7;
    struct run run = make_run("mnist");
    struct snapshot snapshot = make_snapshot(70, 0, 4);
    bool added = false;
    assert_ok(store_delete_run(store, id, &error));
    assert_fails(store_add_run(store, &run, &again, &error), IFL_REFUSED,
                 "run mnist was deleted; restore it or delete it for good");
    assert_fails(store_add_snapshot(store, id, &snapshot, &added, &error), IFL_REFUSED,
                 "run mnist was deleted; restore it or delete it for good");
    cr_assert(again == -7 && !added);
    assert_ok(store_find_named(store, "mnist", &again, &error));
    cr_assert_eq(again, id);
    assert_ok(store_restore_run(store, id, &error));
    assert_ok(store_add_snapshot(store, id, &snapshot, &added, &error));
    cr_assert(added);
    assert_ok(store_purge_run(store, id, &error));
    assert_ok(store_add_run(store, &run, &again, &error));
    cr_assert_gt(again, id);
    snapshot_release(&snapshot);
    run_release(&run);
    store_close(store);
}

Test(edit, runs_are_purged_with_all_they_have)
{
    struct store *store = open_store(STORE_CREATE);
    int64_t gone = add_run(store, "gone", 2, 4), kept = add_run(store, "kept", 1, 4);
    assert_ok(store_purge_run(store, gone, &error));
    cr_assert_eq(raw_int("SELECT count(*) FROM runs"), 1);
    cr_assert_eq(raw_int("SELECT count(*) FROM params"), 5);
    cr_assert_eq(raw_int("SELECT count(*) FROM tags"), 1);
    cr_assert_eq(raw_int("SELECT count(*) FROM layers"), 3);
    cr_assert_eq(raw_int("SELECT count(*) FROM snapshots"), 1);
    cr_assert_eq(raw_int("SELECT count(*) FROM metrics"), 3);
    cr_assert_eq(raw_int("SELECT count(*) FROM variables"), 8);
    cr_assert_eq(raw_int("SELECT count(*) FROM arrays"), 1 + 1 + 2 * (4 + 1 + 1));
    assert_fails(store_purge_run(store, gone, &error), IFL_NOT_FOUND, "no run with id 1");
    assert_fails(store_delete_run(store, gone, &error), IFL_NOT_FOUND, "no run with id 1");
    assert_fails(store_restore_run(store, gone, &error), IFL_NOT_FOUND, "no run with id 1");
    assert_ok(store_delete_run(store, kept, &error));
    assert_ok(store_purge_run(store, kept, &error));
    cr_assert(add_run(store, "new", 0, 4) > kept, "an id is never used twice");
    store_close(store);
}

/* ---- names ---- */

Test(edit, names_are_unique_and_bounded)
{
    struct store *store = open_store(STORE_CREATE);
    int64_t id = add_run(store, "a", 0, 4), other = add_run(store, "b", 0, 4), found = 0;
    char longest[STORE_MAX_NAME + 2];
    memset(longest, 'x', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    assert_fails(store_rename_run(store, id, "", &error), IFL_INVALID, "cannot rename the run: the name is empty");
    assert_fails(store_rename_run(store, id, longest, &error), IFL_INVALID, "the name is longer than 255 bytes");
    assert_fails(store_rename_run(store, id, "b", &error), IFL_REFUSED, "b: the name of another run");
    assert_ok(store_delete_run(store, other, &error));
    assert_fails(store_rename_run(store, id, "b", &error), IFL_REFUSED, "b: the name of another run, a deleted one");
    assert_fails(store_rename_run(store, 99, "c", &error), IFL_NOT_FOUND, "no run with id 99");
    cr_assert_eq(raw_int("SELECT count(*) FROM runs WHERE name = 'a'"), 1);
    assert_ok(store_rename_run(store, id, "a", &error));
    longest[STORE_MAX_NAME] = '\0';
    assert_ok(store_rename_run(store, id, longest, &error));
    assert_ok(store_find_run(store, longest, &found, &error));
    cr_assert_eq(found, id);
    store_close(store);
}

/* ---- tags and notes ---- */

static void assert_tag(const struct store_run *run, size_t at, const char *key, enum field_type type, const char *text,
                       double number)
{
    cr_assert_lt(at, run->run.n_tags);
    const struct field *tag = &run->run.tags[at];
    cr_assert_str_eq(tag->key, key);
    cr_assert_eq(tag->type, type, "%s", key);
    cr_assert_str_eq(tag->text, text);
    cr_assert_eq(tag->number, number);
}

Test(edit, tags_keep_their_place)
{
    struct store *store = open_store(STORE_CREATE);
    int64_t id = add_run(store, "run", 0, 4), other = add_run(store, "other", 0, 4); /* tagged `note` */
    struct store_run run;
    assert_ok(store_set_tag(store, id, "lr", "0.10", &error));
    assert_ok(store_set_tag(store, id, "who", "me", &error));
    assert_ok(store_set_tag(store, id, "empty", "", &error));
    assert_ok(store_set_tag(store, id, "hex", "0x10", &error));
    assert_ok(store_set_tag(store, id, "inf", "inf", &error));
    assert_ok(store_set_tag(store, id, "note", "12", &error));
    assert_ok(store_set_tag(store, id, "who", "you", &error));
    assert_ok(store_get_run(store, id, &run, &error));
    cr_assert_eq(run.run.n_tags, 6);
    assert_tag(&run, 0, "note", FIELD_NUMBER, "12", 12);
    assert_tag(&run, 1, "lr", FIELD_NUMBER, "0.10", 0.1);
    assert_tag(&run, 2, "who", FIELD_TEXT, "you", 0);
    assert_tag(&run, 3, "empty", FIELD_TEXT, "", 0);
    assert_tag(&run, 4, "hex", FIELD_TEXT, "0x10", 0);
    assert_tag(&run, 5, "inf", FIELD_TEXT, "inf", 0);
    store_run_release(&run);
    assert_ok(store_set_tag(store, id, "lr", NULL, &error));
    assert_ok(store_set_tag(store, id, "never", NULL, &error));
    assert_ok(store_set_tag(store, id, "last", "1", &error));
    assert_ok(store_get_run(store, id, &run, &error));
    cr_assert_eq(run.run.n_tags, 6);
    assert_tag(&run, 1, "who", FIELD_TEXT, "you", 0);
    assert_tag(&run, 5, "last", FIELD_NUMBER, "1", 1);
    store_run_release(&run);
    assert_ok(store_get_run(store, other, &run, &error));
    cr_assert_eq(run.run.n_tags, 1, "the other run's are its own");
    assert_tag(&run, 0, "note", FIELD_TEXT, "a \x1b[31m 'note' \xff", 0);
    store_run_release(&run);
    store_close(store);
}

Test(edit, tags_and_notes_are_bounded)
{
    struct store *store = open_store(STORE_CREATE);
    int64_t id = add_run(store, "run", 0, 4);
    char *text = ifl_alloc(STORE_MAX_NOTE + 2, 1);
    memset(text, 'x', STORE_MAX_NOTE + 1);
    assert_fails(store_set_note(store, id, text, &error), IFL_INVALID, "the note is longer than 65536 bytes");
    assert_fails(store_set_tag(store, id, "k", text, &error), IFL_INVALID, "the value is longer than 4096 bytes");
    assert_fails(store_set_tag(store, id, text, "v", &error), IFL_INVALID, "the key is longer than 255 bytes");
    assert_fails(store_set_tag(store, id, "", "v", &error), IFL_INVALID, "the key is empty");
    assert_fails(store_set_tag(store, 99, "k", "v", &error), IFL_NOT_FOUND, "no run with id 99");
    assert_fails(store_set_note(store, 99, "", &error), IFL_NOT_FOUND, "no run with id 99");
    cr_assert_eq(raw_int("SELECT count(*) FROM tags"), 1);
    text[STORE_MAX_NOTE] = '\0';
    struct store_run run;
    assert_ok(store_set_note(store, id, text, &error));
    assert_ok(store_get_run(store, id, &run, &error));
    cr_assert_str_eq(run.note, text);
    store_run_release(&run);
    assert_ok(store_set_note(store, id, "", &error));
    cr_assert_eq(raw_int("SELECT length(note) FROM runs"), 0);
    free(text);
    store_close(store);
}

/* ---- the stamp ---- */

static uint64_t stamp_of(struct store *store)
{
    uint64_t stamp = 0;
    assert_ok(store_stamp(store, &stamp, &error));
    return stamp;
}

/* The stamp, as another connection sees it, is not *last; it is now. */
static void assert_moved(struct store *watcher, uint64_t *last, const char *what)
{
    uint64_t now = stamp_of(watcher);
    cr_assert_neq(now, *last, "%s", what);
    *last = now;
}

Test(edit, the_stamp_moves_with_every_change)
{
    struct store *store = open_store(STORE_CREATE), *watcher = open_store(STORE_READ);
    uint64_t last = stamp_of(watcher);
    int64_t id = add_run(store, "run", 0, 4);
    assert_moved(watcher, &last, "a run");
    struct snapshot snapshot = make_snapshot(10, 0, 4);
    bool added;
    assert_ok(store_add_snapshot(store, id, &snapshot, &added, &error));
    assert_moved(watcher, &last, "a snapshot");
    assert_ok(store_rename_run(store, id, "other", &error));
    assert_moved(watcher, &last, "a name");
    assert_ok(store_set_tag(store, id, "k", "v", &error));
    assert_moved(watcher, &last, "a tag");
    assert_ok(store_set_tag(store, id, "k", NULL, &error));
    assert_moved(watcher, &last, "a tag removed");
    assert_ok(store_set_note(store, id, "n", &error));
    assert_moved(watcher, &last, "a note");
    assert_ok(store_delete_run(store, id, &error));
    assert_moved(watcher, &last, "into the bin");
    assert_ok(store_restore_run(store, id, &error));
    assert_moved(watcher, &last, "out of the bin");
    assert_ok(store_purge_run(store, id, &error));
    assert_moved(watcher, &last, "for good");
    snapshot_release(&snapshot);
    store_close(watcher);
    store_close(store);
}

Test(edit, the_stamp_rests_with_spectra)
{
    struct store *store = open_store(STORE_CREATE);
    int64_t id = add_run(store, "run", 1, 4), again;
    uint64_t last = stamp_of(store);
    double row[4] = {1, 2, 3, 4};
    const double *rows = row;
    struct store_spectrum_key key = {.snapshot = 1, .params = {.h = 5}};
    struct run run = make_run("run");
    struct snapshot snapshot = make_snapshot(0, 0, 4);
    bool added = true;
    assert_ok(store_keep_spectra(store, &key, &rows, 1, 4, &error));
    cr_assert_eq(raw_int("SELECT count(*) FROM spectra"), 1);
    assert_ok(store_add_run(store, &run, &again, &error));
    assert_ok(store_add_snapshot(store, id, &snapshot, &added, &error));
    cr_assert(!added && again == id);
    assert_fails(store_rename_run(store, id, "", &error), IFL_INVALID, "empty");
    cr_assert_eq(stamp_of(store), last);
    snapshot_release(&snapshot);
    run_release(&run);
    store_close(store);
}

Test(edit, processes_that_edit_at_once_lose_nothing)
{
    enum { PROCESSES = 4, EDITS = 25 };
    struct store *store = open_store(STORE_CREATE);
    int64_t id = add_run(store, "run", 0, 4);
    uint64_t before = stamp_of(store);
    store_close(store);
    for (int k = 0; k < PROCESSES; k++) {
        if (fork() == 0) {
            bool good = store_open(&store, database, STORE_WRITE, NULL) == IFL_OK;
            for (int edit = 0; good && edit < EDITS; edit++) {
                char tag[16];
                snprintf(tag, sizeof tag, "%d-%d", k, edit);
                good = store_set_tag(store, id, tag, tag, NULL) == IFL_OK;
            }
            store_close(store);
            _exit(good ? 0 : 1);
        }
    }
    for (int k = 0; k < PROCESSES; k++) {
        int status;
        cr_assert(wait(&status) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    cr_assert_eq(raw_int("SELECT count(*) FROM tags"), 1 + PROCESSES * EDITS);
    store = open_store(STORE_READ);
    cr_assert_eq(stamp_of(store), before + PROCESSES * EDITS);
    store_close(store);
}

/* One that is patient waits for longer than this test may take. */
Test(edit, patience_bounds_the_wait, .timeout = 8)
{
    struct store *store = open_store(STORE_CREATE);
    int64_t id = add_run(store, "run", 0, 4);
    raw_hold();
    store_set_patience(store, 20);
    assert_fails(store_set_note(store, id, "n", &error), IFL_LOCKED,
                 "runs.db: cannot annotate the run: locked by another process");
    raw_let_go();
    assert_ok(store_set_note(store, id, "n", &error));
    store_close(store);
}

static atomic_bool canceled;

static void cancel(int signal)
{
    (void)signal;
    atomic_store(&canceled, true);
}

/* Raises the flag a moment from now. */
static void cancel_soon(void)
{
    const struct itimerval soon = {.it_value = {.tv_usec = 20000}};
    atomic_store(&canceled, false);
    cr_assert(signal(SIGALRM, cancel) != SIG_ERR && setitimer(ITIMER_REAL, &soon, NULL) == 0);
}

/* A lock that nobody gives back, and a statement without end. */
Test(edit, a_connection_ends_when_it_is_canceled, .timeout = 8)
{
    struct store *store = open_store(STORE_CREATE);
    int64_t id = add_run(store, "run", 0, 4);
    store_close(store);
    assert_ok(store_open_within(&store, database, STORE_WRITE, STORE_PATIENCE, &canceled, &error));
    raw_hold();
    cancel_soon();
    assert_fails(store_set_note(store, id, "n", &error), IFL_CANCELED, "cannot annotate the run: canceled");
    raw_let_go();
    cancel_soon();
    cr_assert_eq(sqlite3_exec(store->db,
                              "WITH RECURSIVE endless(k) AS (SELECT 1 UNION ALL SELECT k FROM endless)"
                              " SELECT count(*) FROM endless",
                              NULL, NULL, NULL),
                 SQLITE_INTERRUPT);
    atomic_store(&canceled, false);
    assert_ok(store_set_note(store, id, "n", &error));
    store_close(store);
}
