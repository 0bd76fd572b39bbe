/* What a line may go on with. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <tui/complete.h>

#include "places.h"

static const char *word(void *context, enum words kind, size_t k)
{
    static const char *const runs[] = {"mnist-s2",    "mnist-s1", "fashion", "with blank",
                                       "evil\x1B[2J", "mnist-s1", NULL};
    static const char *const fields[] = {"test_accuracy", "activation", "name", "note", NULL};
    static const char *const columns[] = {"name", "DPI share", "dpi", NULL};
    static const char *const one[] = {"one", NULL};
    (void)context;
    switch (kind) {
    case WORDS_RUNS:
        return runs[k];
    case WORDS_FIELDS:
        return fields[k];
    case WORDS_COLUMNS:
        return columns[k];
    default:
        return one[k];
    }
}

static const struct vocabulary vocabulary = {.word = word};

static void expect_found(struct completion *found, const char *line, size_t start, const char *words)
{
    char all[8192] = "";
    for (size_t k = 0; k < found->count; k++) {
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s|", found->items[k].text);
    }
    cr_expect_str_eq(all, words, "`%s`: `%s`", line, all);
    if (found->count > 0)
        cr_expect_eq(found->start, start, "`%s`: at %zu", line, found->start);
    cr_expect_eq(found->end, strlen(line));
    completion_release(found);
}

static void expect(const char *line, size_t start, const char *words)
{
    struct completion found;
    complete_command(&found, line, strlen(line), &vocabulary);
    expect_found(&found, line, start, words);
}

static void expect_argument(enum argument kind, const char *line, size_t start, const char *words)
{
    struct completion found;
    complete_argument(&found, kind, line, strlen(line), &vocabulary);
    expect_found(&found, line, start, words);
}

Test(complete, names_of_commands)
{
    expect("zoom", 0, "zoom-in|zoom-out|");
    expect("  zoo", 2, "zoom-in|zoom-out|");
    expect("qui", 0, "quit|");
    expect("xyz", 0, "");
    expect("xyz a", 0, "");
    struct completion all;
    complete_command(&all, "", 0, &vocabulary);
    cr_expect_eq(all.count, (size_t)COMMANDS - 1);
    completion_release(&all);
    struct vocabulary list = {.contexts = ON_LIST, .word = word};
    complete_command(&all, "z", 1, &list);
    cr_expect_eq(all.count, 0u);
    completion_release(&all);
}

Test(complete, arguments_by_their_kind)
{
    expect("width ", 6, "alignment|fixed|knn|median|scaled|silverman|");
    expect("wid s", 4, "scaled|silverman|");
    expect("width=k", 6, "knn|");
    expect("theme d", 6, "dark|");
    expect("chain b", 6, "backward|both|");
    expect("mouse o", 6, "off|on|");
    expect("view m", 5, "mip|");
    expect("open m", 5, "mnist-s1|mnist-s2|"); /* each once, sorted */
    expect("open W", 5, "with blank|");
    expect("compare mnist-s1 ", 17, "fashion|mnist-s1|mnist-s2|"); /* one with a blank would be two */
    expect("sort d", 5, "DPI share|dpi|");
    expect("columns name d", 13, "dpi|");
    expect("layer ", 6, "one|");
    expect("load ", 5, "one|");
    expect("restore ", 8, "one|");
    expect("tag o", 4, "one|");
    expect("tag one=o", 8, "");
    expect("filter ac", 7, "activation|");
    expect("filter lr>.1 and (n", 18, "name|not|note|");
    expect("quit ", 5, "");
    expect("note ", 5, "");
    expect("h ", 2, "");
    expect("bind Sp", 5, "Space|");
    expect("bind x zoo", 7, "zoom-in|zoom-out|");
    expect("bind x width kn", 13, "knn|");
    expect("unbind f1", 7, "F1|F10|F11|F12|");
}

Test(complete, lines_that_are_one_argument)
{
    expect_argument(ARGUMENT_SETTING, "h", 0, "h|h-error|h-label|");
    expect_argument(ARGUMENT_SETTING, "width ", 6, "alignment|fixed|knn|median|scaled|silverman|");
    expect_argument(ARGUMENT_SETTING, "composition=t", 12, "tensor|");
    expect_argument(ARGUMENT_SETTING, "h 5", 2, "");
    expect_argument(ARGUMENT_FILTER, "test", 0, "test_accuracy|");
    expect_argument(ARGUMENT_TEXT, "x", 0, "");
}

Test(complete, without_a_vocabulary)
{
    struct completion found;
    complete_command(&found, "open ", 5, NULL);
    cr_expect_eq(found.count, 0u);
    completion_release(&found);
    complete_command(&found, "zoom-i", 6, NULL);
    cr_expect_eq(found.count, 1u);
    cr_expect_str_eq(found.items[0].what, command_table[DO_ZOOM_IN].what);
    completion_release(&found);
}

Test(complete, at_the_cursor)
{
    struct completion found;
    complete_command(&found, "zoom x", 3, &vocabulary);
    cr_expect_eq(found.count, 2u);
    cr_expect_eq(found.end, 3u);
    completion_release(&found);
    complete_command(&found, "width s x", 7, &vocabulary);
    cr_expect_eq(found.count, 2u);
    cr_expect_eq(found.start, 6u);
    completion_release(&found);
}

Test(complete, as_far_as_all_go_together)
{
    struct completion found;
    complete_command(&found, "zo", 2, &vocabulary);
    cr_expect_eq(completion_common(&found), strlen("zoom-"));
    completion_release(&found);
    cr_expect_eq(completion_common(&found), 0u);
    struct candidate wide[] = {{(char *)"\xC3\xA4", NULL}, {(char *)"\xC3\xB6", NULL}};
    cr_expect_eq(completion_common(&(struct completion){.items = wide, .count = 2}), 0u); /* no half of a character */
}

Test(complete, files_and_folders)
{
    places_home();
    mkdir(places_in_home("runs"), 0700);
    mkdir(places_in_home("runs/deep"), 0700);
    mkdir(places_in_home(".hidden"), 0700);
    static const char *const files[] = {"runs/a.csv", "runs/a b.csv", "runs/\x1B[2J", "runs/\xFF", "rest"};
    for (size_t k = 0; k < sizeof files / sizeof *files; k++)
        places_write(places_in_home(files[k]), "", 0);
    expect("export ~/r", 7, "~/rest|~/runs/|");
    expect("export ~/runs/", 7, "~/runs/a b.csv|~/runs/a.csv|~/runs/deep/|");
    expect("export ~/runs/a b", 7, "~/runs/a b.csv|");
    expect("export ~", 7, "~/|");
    expect("export ~/.", 7, "~/.hidden/|");
    expect("watch ~/r", 6, "~/runs/|");
    expect("watch ~/none/", 6, "");
    expect("watch ~/rest/", 6, "");
    char line[300], words[300];
    snprintf(line, sizeof line, "export %s", places_in_home("re"));
    snprintf(words, sizeof words, "%s|", places_in_home("rest"));
    expect(line, 7, words);
}

Test(complete, leaves_the_disk_alone_where_told)
{
    static const struct vocabulary far = {.word = word, .no_disk = true};
    static const struct {
        const char *line;
        bool disk;
    } cases[] = {{"export /", true},   {"watch /", true}, {"load o", true}, {"bind x export /", true},
                 {"open m", false},    {"expo", false},   {"note /", false}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct completion found;
        complete_command(&found, cases[k].line, strlen(cases[k].line), &far);
        cr_expect_eq(found.disk, cases[k].disk, "%s", cases[k].line);
        cr_expect(!cases[k].disk || found.count == 0, "%s", cases[k].line);
        completion_release(&found);
    }
}

Test(complete, survives_any_line)
{
    struct completion found;
    size_t size = 1 << 20;
    char *line = malloc(size + 1);
    memset(line, '/', size);
    memcpy(line, "export ", 7);
    line[size] = '\0';
    complete_command(&found, line, size, &vocabulary);
    completion_release(&found);
    memset(line, 'z', size);
    complete_command(&found, line, size, &vocabulary);
    cr_expect_eq(found.count, 0u);
    completion_release(&found);
    free(line);
    static const char *const lines[] = {"\xFF", "open \xFF", "bind", "bind ", "bind  x  ", "=", "h=", "tag ==", "\t\t"};
    for (size_t k = 0; k < sizeof lines / sizeof *lines; k++)
        for (size_t cursor = 0; cursor <= strlen(lines[k]); cursor++) {
            complete_command(&found, lines[k], cursor, &vocabulary);
            completion_release(&found);
        }
}
