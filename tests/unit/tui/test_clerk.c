/* The thread that the database and the disk are waited for in. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tui/clerk.h>

#include "fixture.h"

struct noted {
    struct errand errand;
    int number;
    bool had_store;
};

static int ran[8], n_ran, discarded;

static enum ifl_status note(struct errand *errand, struct store *store, struct ifl_error *error)
{
    struct noted *noted = (struct noted *)errand;
    noted->had_store = store != NULL;
    ran[n_ran++] = noted->number;
    return noted->number < 0 ? ifl_fail(error, IFL_REFUSED, "no %d", noted->number) : IFL_OK;
}

static void discard(struct errand *errand)
{
    discarded++;
    free(errand);
}

static void send_note(struct clerk *clerk, int number)
{
    struct noted *noted = calloc(1, sizeof *noted);
    cr_assert_not_null(noted);
    *noted = (struct noted){.errand = {.run = note, .discard = discard}, .number = number};
    clerk_send(clerk, &noted->errand);
}

static struct noted *wait_for(struct clerk *clerk)
{
    struct errand *errand;
    while ((errand = clerk_take(clerk)) == NULL) {
        struct pollfd fd = {.fd = clerk_fd(clerk), .events = POLLIN};
        cr_assert_eq(poll(&fd, 1, 60000), 1);
    }
    return (struct noted *)errand;
}

static struct clerk *new_clerk(const char *database)
{
    struct clerk *clerk;
    struct ifl_error error;
    cr_assert_eq(clerk_new(&clerk, database, &error), IFL_OK, "%s", error.message);
    return clerk;
}

Test(clerk, runs_errands_in_order)
{
    struct clerk *clerk = new_clerk(fixture_database());
    cr_expect_not(clerk_busy(clerk));
    for (int k = 0; k < 5; k++)
        send_note(clerk, k);
    cr_expect(clerk_busy(clerk));
    for (int k = 0; k < 5; k++) {
        struct noted *noted = wait_for(clerk);
        cr_expect_eq(noted->number, k);
        cr_expect(noted->had_store);
        cr_expect_eq(noted->errand.status, IFL_OK);
        discard(&noted->errand);
    }
    cr_expect_not(clerk_busy(clerk));
    cr_expect_null(clerk_take(clerk));
    clerk_free(clerk);
    cr_expect_eq(discarded, 5);
}

Test(clerk, tells_how_an_errand_failed)
{
    struct clerk *clerk = new_clerk(fixture_database());
    send_note(clerk, -3);
    struct noted *noted = wait_for(clerk);
    cr_expect_eq(noted->errand.status, IFL_REFUSED);
    cr_expect_str_eq(noted->errand.error.message, "no -3");
    discard(&noted->errand);
    clerk_free(clerk);
}

/* They may be edits. */
Test(clerk, runs_what_waits_before_it_ends)
{
    struct clerk *clerk = new_clerk(fixture_database());
    for (int k = 0; k < 6; k++)
        send_note(clerk, k);
    clerk_free(clerk);
    cr_expect_eq(n_ran, 6);
    cr_expect_eq(discarded, 6);
}

Test(clerk, waits_for_a_database)
{
    struct clerk *clerk = new_clerk(fixture_nothing());
    send_note(clerk, 1);
    struct noted *noted = wait_for(clerk);
    cr_expect_not(noted->had_store);
    cr_expect_eq(noted->errand.status, IFL_OK);
    discard(&noted->errand);
    clerk_free(clerk);
}

Test(clerk, refuses_what_is_no_database)
{
    struct clerk *clerk;
    struct ifl_error error;
    fixture_nothing();
    FILE *file = fopen(fixture_file("text.db"), "w");
    cr_assert_not_null(file);
    for (int k = 0; k < 100; k++)
        fputs("this is not a database\n", file);
    fclose(file);
    cr_expect_neq(clerk_new(&clerk, fixture_file("text.db"), &error), IFL_OK);
    cr_expect(strstr(error.message, "text.db") != NULL, "%s", error.message);
}

/* Only a lock is waited for. */
Test(clerk, refuses_what_cannot_be_opened)
{
    struct clerk *clerk;
    struct ifl_error error;
    fixture_nothing();
    cr_assert_eq(symlink("loop.db", fixture_file("loop.db")), 0);
    cr_expect_eq(clerk_new(&clerk, fixture_file("loop.db"), &error), IFL_FAILED);
    cr_expect(strstr(error.message, "loop.db: cannot open: ") != NULL, "%s", error.message);
}

static void await_change(struct clerk *clerk)
{
    while (!clerk_changed(clerk)) {
        struct pollfd fd = {.fd = clerk_fd(clerk), .events = POLLIN};
        cr_assert_eq(poll(&fd, 1, 60000), 1);
        cr_assert_null(clerk_take(clerk));
    }
}

Test(clerk, sees_what_others_do)
{
    struct clerk *clerk = new_clerk(fixture_database());
    cr_expect_not(clerk_changed(clerk)); /* what was there at first is no change */
    fixture_train(1, 6);
    await_change(clerk);
    cr_expect_not(clerk_changed(clerk)); /* once */
    fixture_add("other");
    await_change(clerk);
    clerk_free(clerk);
}

/* ---- a database that another process holds ---- */

static pid_t holder;
static int leash; /* the holder lets go when it is closed */

/* As SQLite locks a file for writing: the bytes of all its locks. */
static void hold(const char *database)
{
    int ready[2], wait[2];
    cr_assert_eq(pipe(ready), 0);
    cr_assert_eq(pipe(wait), 0);
    holder = fork();
    if (holder == 0) {
        struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0x40000000, .l_len = 512};
        char byte = (char)(fcntl(open(database, O_RDWR), F_SETLKW, &lock) == 0);
        close(wait[1]);
        if (write(ready[1], &byte, 1) == 1 && read(wait[0], &byte, 1) == 0)
            _exit(0);
        _exit(1);
    }
    char locked = 0;
    close(wait[0]);
    leash = wait[1];
    cr_assert_eq(read(ready[0], &locked, 1), 1);
    cr_assert_eq(locked, 1);
    close(ready[0]);
    close(ready[1]);
}

static void let_go(void)
{
    close(leash);
    waitpid(holder, NULL, 0);
}

static enum ifl_status edit(struct errand *errand, struct store *store, struct ifl_error *error)
{
    (void)errand;
    ran[n_ran++] = 1;
    return store_set_note(store, 1, "x", error);
}

/* The patience of an errand is longer than that: it ends all the same. */
Test(clerk, ends_soon_whoever_holds_the_database, .timeout = 8)
{
    const char *database = fixture_database();
    struct clerk *clerk = new_clerk(database);
    send_note(clerk, 0);
    struct noted *first = wait_for(clerk);
    first->errand.discard(&first->errand);
    hold(database);
    n_ran = 0; /* before the thread counts again */
    for (int k = 0; k < 5; k++) {
        struct noted *noted = calloc(1, sizeof *noted);
        cr_assert_not_null(noted);
        noted->errand = (struct errand){.run = edit, .discard = discard, .reads = k == 4};
        clerk_send(clerk, &noted->errand);
    }
    clerk_free(clerk);
    cr_expect_eq(n_ran, 4, "what only reads is left");
    cr_expect_eq(discarded, 6);
    let_go();
}

static enum ifl_status fail_as_a_file_is_named(struct errand *errand, struct store *store, struct ifl_error *error)
{
    (void)errand, (void)store;
    return ifl_fail(error, IFL_FAILED, "a\x1b[31mb\n.db: disk full");
}

/* The terminal is given back by then. */
Test(clerk, says_what_was_not_done_in_one_harmless_line)
{
    char line[200] = "";
    struct clerk *clerk = new_clerk(fixture_database());
    struct noted *noted = calloc(1, sizeof *noted);
    cr_assert_not_null(noted);
    noted->errand = (struct errand){.run = fail_as_a_file_is_named, .discard = discard};
    clerk_send(clerk, &noted->errand);
    FILE *said = tmpfile();
    int kept = dup(STDERR_FILENO);
    cr_assert(said != NULL && kept >= 0 && dup2(fileno(said), STDERR_FILENO) >= 0);
    clerk_free(clerk);
    cr_assert(dup2(kept, STDERR_FILENO) >= 0);
    rewind(said);
    size_t size = fread(line, 1, sizeof line - 1, said);
    cr_expect_str_eq(line, "infoflow: not done: a\xEF\xBF\xBD[31mb\xEF\xBF\xBD.db: disk full\n");
    cr_expect_eq(size, strlen(line));
    fclose(said);
}

Test(clerk, begins_on_a_database_that_is_held)
{
    const char *database = fixture_database();
    hold(database);
    struct clerk *clerk = new_clerk(database);
    send_note(clerk, 0);
    struct noted *noted = wait_for(clerk);
    cr_expect_eq(noted->errand.status, IFL_LOCKED);
    noted->errand.discard(&noted->errand);
    let_go();
    send_note(clerk, 1);
    noted = wait_for(clerk);
    cr_expect_eq(noted->errand.status, IFL_OK, "%s", noted->errand.error.message);
    cr_expect(noted->had_store);
    noted->errand.discard(&noted->errand);
    clerk_free(clerk);
}
