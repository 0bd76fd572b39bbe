/* What was typed before. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <tui/config.h>
#include <tui/history.h>

#include "places.h"

static void expect_lines(const struct history *history, enum history_kind kind, const char *newest_first)
{
    char all[4096] = "";
    const char *line;
    for (size_t k = 0; (line = history_line(history, kind, k)) != NULL; k++) {
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s|", line);
    }
    cr_expect_str_eq(all, newest_first);
}

Test(history, keeps_each_line_once_the_newest_first)
{
    struct history h = {.kinds = {{.count = 0}}};
    history_add(&h, HISTORY_COMMAND, "a");
    history_add(&h, HISTORY_COMMAND, "b");
    history_add(&h, HISTORY_COMMAND, "a");
    history_add(&h, HISTORY_COMMAND, "");
    history_add(&h, HISTORY_SEARCH, "s");
    expect_lines(&h, HISTORY_COMMAND, "a|b|");
    expect_lines(&h, HISTORY_SEARCH, "s|");
    expect_lines(&h, HISTORY_VALUE, "");
    history_release(&h);
    expect_lines(&h, HISTORY_COMMAND, "");
}

Test(history, keeps_no_more_than_it_has_room_for)
{
    struct history h = {.kinds = {{.count = 0}}};
    char line[HISTORY_LINE + 1];
    for (int k = 0; k < 3 * HISTORY_LINES; k++) {
        snprintf(line, sizeof line, "%d", k);
        history_add(&h, HISTORY_FILTER, line);
    }
    cr_expect_str_eq(history_line(&h, HISTORY_FILTER, 0), "599");
    cr_expect_str_eq(history_line(&h, HISTORY_FILTER, HISTORY_LINES - 1), "400");
    cr_expect_null(history_line(&h, HISTORY_FILTER, HISTORY_LINES));
    memset(line, 'x', HISTORY_LINE);
    line[HISTORY_LINE] = '\0';
    history_add(&h, HISTORY_FILTER, line);
    cr_expect_str_eq(history_line(&h, HISTORY_FILTER, 0), "599");
    history_release(&h);
}

Test(history, comes_back_from_its_file)
{
    struct history h = {.kinds = {{.count = 0}}}, back = {.kinds = {{.count = 0}}};
    places_home();
    char *path = history_path();
    cr_expect_not(history_read(&back, path));
    history_add(&h, HISTORY_COMMAND, "h 5");
    history_add(&h, HISTORY_COMMAND, "note a\nb\tc\x1B");
    history_add(&h, HISTORY_VALUE, "alpha 2");
    cr_expect(history_write(&h, path));
    cr_expect(history_read(&back, path));
    expect_lines(&back, HISTORY_COMMAND,
                 "note a\xEF\xBF\xBD"
                 "b\xEF\xBF\xBD"
                 "c\xEF\xBF\xBD|h 5|");
    expect_lines(&back, HISTORY_VALUE, "alpha 2|");
    history_release(&h);
    history_release(&back);
    free(path);
}

Test(history, keeps_what_another_process_has_written)
{
    struct history a = {.kinds = {{.count = 0}}}, b = {.kinds = {{.count = 0}}};
    places_home();
    char *path = history_path();
    history_add(&a, HISTORY_COMMAND, "old");
    cr_assert(history_write(&a, path));
    cr_assert(history_read(&b, path));
    history_add(&a, HISTORY_COMMAND, "of a");
    history_add(&b, HISTORY_COMMAND, "of b");
    history_add(&b, HISTORY_COMMAND, "old");
    cr_assert(history_write(&a, path));
    cr_assert(history_write(&b, path));
    expect_lines(&b, HISTORY_COMMAND, "old|of b|of a|");
    cr_assert(history_write(&a, path)); /* nothing new: what b wrote stays as it is */
    expect_lines(&a, HISTORY_COMMAND, "old|of b|of a|");
    history_release(&a);
    history_release(&b);
    free(path);
}

Test(history, of_any_length_can_be_read_again)
{
    struct history h = {.kinds = {{.count = 0}}}, back = {.kinds = {{.count = 0}}};
    places_home();
    char *path = history_path(), line[HISTORY_LINE];
    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    for (int kind = 0; kind < HISTORY_KINDS; kind++)
        for (int k = 0; k < HISTORY_LINES; k++) {
            char number[16];
            memcpy(line, number, (size_t)snprintf(number, sizeof number, "%04d", k));
            history_add(&h, (enum history_kind)kind, line);
        }
    cr_expect(history_write(&h, path));
    cr_expect(history_read(&back, path));
    for (int kind = 0; kind < HISTORY_KINDS; kind++)
        cr_expect_str_eq(history_line(&back, (enum history_kind)kind, 0), line);
    history_release(&h);
    history_release(&back);
    free(path);
}

Test(history, passes_over_what_is_none)
{
    static const char bytes[] = "command\tgood\nnonsense\nunknown\tx\ncommand\n\tx\ncommand\t\nx\0y\tz\n"
                                "command\tbad \x1B[2J\xFF\n\xFF\xFE\n";
    struct history h = {.kinds = {{.count = 0}}};
    places_home();
    places_write(places_in_home("h"), bytes, sizeof bytes - 1);
    history_read(&h, places_in_home("h"));
    expect_lines(&h, HISTORY_COMMAND, "bad \xEF\xBF\xBD[2J\xEF\xBF\xBD|good|");
    history_add(&h, HISTORY_COMMAND, "x");
    cr_expect_not(history_write(&h, getenv("HOME"))); /* a folder */
    cr_assert_eq(mkfifo(places_in_home("fifo"), 0600), 0);
    cr_expect_not(history_write(&h, places_in_home("fifo")));
    expect_lines(&h, HISTORY_COMMAND, "x|bad \xEF\xBF\xBD[2J\xEF\xBF\xBD|good|");
    history_release(&h);
}
