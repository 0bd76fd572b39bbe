/* The user's own files. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tui/config.h>

#include "places.h"

static void expect_path(char *path, const char *expected)
{
    cr_expect_str_eq(path, expected);
    free(path);
}

Test(config, is_where_xdg_says)
{
    places_home();
    expect_path(config_folder(), places_in_home(".config/infoflow"));
    expect_path(state_folder(), places_in_home(".local/state/infoflow"));
    expect_path(config_path(), places_in_home(".config/infoflow/config"));
    expect_path(history_path(), places_in_home(".local/state/infoflow/history"));
    setenv("XDG_CONFIG_HOME", "/x", 1);
    setenv("XDG_STATE_HOME", "/y", 1);
    expect_path(config_folder(), "/x/infoflow");
    expect_path(state_folder(), "/y/infoflow");
    setenv("XDG_CONFIG_HOME", "relative", 1);
    setenv("XDG_STATE_HOME", "", 1);
    expect_path(config_folder(), places_in_home(".config/infoflow"));
    expect_path(state_folder(), places_in_home(".local/state/infoflow"));
    unsetenv("HOME");
    cr_expect_null(config_folder());
    cr_expect_null(history_path());
    cr_expect_null(session_path("x.db"));
    expect_path(path_expand("~/x"), "~/x");
}

Test(config, knows_the_home_folder_in_paths)
{
    places_home();
    expect_path(path_expand("~/a/b"), places_in_home("a/b"));
    expect_path(path_expand("~"), getenv("HOME"));
    expect_path(path_expand("~user/a"), "~user/a");
    expect_path(path_expand("a/~"), "a/~");
}

/* ---- reading ---- */

struct lines {
    char text[4096];
    int count;
};

static enum ifl_status take(void *context, const char *line, struct ifl_error *error)
{
    struct lines *lines = context;
    lines->count++;
    if (strncmp(line, "bad", 3) == 0)
        return ifl_fail(error, IFL_INVALID, "%s is bad", line);
    size_t used = strlen(lines->text);
    snprintf(lines->text + used, sizeof lines->text - used, "%s|", line);
    return IFL_OK;
}

static enum ifl_status read_bytes(const char *bytes, size_t length, struct lines *lines, struct ifl_error *error)
{
    places_home();
    places_write(places_in_home("c"), bytes, length);
    *lines = (struct lines){.count = 0};
    return config_read(places_in_home("c"), take, lines, error);
}

Test(config, is_read_line_by_line)
{
    struct lines lines;
    cr_expect_eq(read_bytes("a\n\n b \r\nlast", 12, &lines, NULL), IFL_OK);
    cr_expect_str_eq(lines.text, "a|| b |last|");
    cr_expect_eq(read_bytes("", 0, &lines, NULL), IFL_OK);
    cr_expect_eq(lines.count, 0);
}

Test(config, goes_on_behind_a_bad_line_and_names_the_first)
{
    struct lines lines;
    struct ifl_error error = {0};
    cr_expect_eq(read_bytes("a\nbad1\nb\nbad2\nc\n", 16, &lines, &error), IFL_INVALID);
    cr_expect_str_eq(lines.text, "a|b|c|");
    char expected[256];
    snprintf(expected, sizeof expected, "%s:2: bad1 is bad (and 1 more)", places_in_home("c"));
    cr_expect_str_eq(error.message, expected);
    cr_expect_eq(read_bytes("bad\n", 4, &lines, &error), IFL_INVALID);
    snprintf(expected, sizeof expected, "%s:1: bad is bad", places_in_home("c"));
    cr_expect_str_eq(error.message, expected);
    cr_expect_eq(read_bytes("x\0y\nz\n", 6, &lines, &error), IFL_REFUSED);
    cr_expect_str_eq(lines.text, "z|");
    cr_expect(strstr(error.message, ":1: a NUL byte") != NULL, "%s", error.message);
}

Test(config, of_any_kind_does_no_harm)
{
    struct lines lines = {.count = 0};
    struct ifl_error error = {0};
    places_home();
    cr_expect_eq(config_read(places_in_home("none"), take, &lines, &error), IFL_NOT_FOUND);
    cr_expect_eq(config_read(places_in_home("none/none"), take, &lines, &error), IFL_NOT_FOUND);
    cr_expect_eq(config_read(getenv("HOME"), take, &lines, &error), IFL_REFUSED);
    cr_expect(strstr(error.message, "not a plain file") != NULL, "%s", error.message);
    cr_expect_eq(config_read("/dev/zero", take, &lines, &error), IFL_REFUSED);
    cr_assert_eq(mkfifo(places_in_home("fifo"), 0600), 0);
    cr_expect_eq(config_read(places_in_home("fifo"), take, &lines, &error), IFL_REFUSED); /* and does not wait */
    cr_expect_eq(lines.count, 0);
}

Test(config, of_many_bytes_is_refused_whole)
{
    size_t size = 1 << 20;
    char *bytes = malloc(size);
    memset(bytes, 'x', size);
    struct lines lines;
    struct ifl_error error = {0};
    cr_expect_eq(read_bytes(bytes, size, &lines, &error), IFL_REFUSED);
    cr_expect(strstr(error.message, "more than 256 KiB") != NULL, "%s", error.message);
    cr_expect_eq(lines.count, 0);
    cr_expect_eq(read_bytes(bytes, CONFIG_BYTES, &lines, &error), IFL_OK);
    cr_expect_eq(lines.count, 1);
    free(bytes);
}

/* ---- writing ---- */

static mode_t mode_of(const char *path)
{
    struct stat info;
    cr_assert_eq(stat(path, &info), 0, "%s", path);
    return info.st_mode & 0777;
}

static int entries_in(const char *path)
{
    int count = 0;
    DIR *folder = opendir(path);
    cr_assert_not_null(folder);
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count - 2;
}

Test(config, is_written_whole_into_folders_of_its_own)
{
    struct ifl_error error = {0};
    places_home();
    umask(0);
    const char *path = places_in_home("a/b/c");
    cr_expect_eq(config_write(path, "one\n", &error), IFL_OK, "%s", error.message);
    cr_expect_eq(mode_of(places_in_home("a")), 0700u);
    cr_expect_eq(mode_of(places_in_home("a/b")), 0700u);
    cr_expect_eq(mode_of(path), 0600u);
    cr_expect_eq(config_write(path, "two\n", &error), IFL_OK);
    char *text = places_read(path);
    cr_expect_str_eq(text, "two\n");
    free(text);
    cr_expect_eq(entries_in(places_in_home("a/b")), 1);
}

Test(config, that_is_there_keeps_its_mode_and_its_links)
{
    struct ifl_error error = {0};
    struct stat info;
    places_home();
    umask(022);
    const char *path = places_in_home("file"), *link = places_in_home("link");
    cr_expect_eq(config_export(path, "one\n", &error), IFL_OK, "%s", error.message);
    cr_expect_eq(mode_of(path), 0644u);
    cr_assert_eq(mkdir(places_in_home("elsewhere"), 0700), 0);
    cr_assert_eq(symlink("../file", places_in_home("elsewhere/link")), 0);
    cr_assert_eq(symlink("elsewhere/link", link), 0);
    static const mode_t modes[] = {0600, 0666};
    for (size_t k = 0; k < sizeof modes / sizeof *modes; k++) {
        cr_assert_eq(chmod(path, modes[k]), 0);
        cr_expect_eq(config_export(path, "two\n", &error), IFL_OK, "%s", error.message);
        cr_expect_eq(mode_of(path), modes[k]);
        cr_expect_eq(config_write(link, "three\n", &error), IFL_OK, "%s", error.message);
        cr_expect_eq(mode_of(path), modes[k]);
        cr_expect(lstat(link, &info) == 0 && S_ISLNK(info.st_mode));
        char *text = places_read(path);
        cr_expect_str_eq(text, "three\n");
        free(text);
    }
    cr_expect_eq(entries_in(places_in_home("elsewhere")), 1);
    cr_expect_eq(entries_in(places_in_home(".")), 3);
}

Test(config, that_cannot_be_written_says_why_and_leaves_nothing)
{
    struct ifl_error error = {0};
    places_home();
    places_write(places_in_home("file"), "x", 1);
    cr_expect_eq(config_write(places_in_home("file/c"), "y", &error), IFL_FAILED);
    cr_expect(strstr(error.message, "cannot make the folder") != NULL, "%s", error.message);
    cr_assert_eq(mkdir(places_in_home("d"), 0700), 0);
    cr_assert_eq(mkdir(places_in_home("d/c"), 0700), 0);
    cr_expect_eq(config_write(places_in_home("d/c"), "y", &error), IFL_REFUSED);
    cr_assert_eq(mkfifo(places_in_home("d/fifo"), 0600), 0);
    cr_expect_eq(config_write(places_in_home("d/fifo"), "y", &error), IFL_REFUSED);
    cr_expect(strstr(error.message, "not a plain file") != NULL, "%s", error.message);
    struct stat info;
    cr_expect(stat(places_in_home("d/fifo"), &info) == 0 && S_ISFIFO(info.st_mode));
    cr_expect_eq(config_write(places_in_home("d/"), "y", &error), IFL_REFUSED);
    cr_expect_eq(config_write(places_in_home("d/e/"), "y", &error), IFL_FAILED); /* what has no name */
    cr_expect(strstr(error.message, "cannot be written") != NULL, "%s", error.message);
    cr_expect_eq(entries_in(places_in_home("d")), 3);
    cr_expect_eq(entries_in(places_in_home("d/e")), 0);
}

/* ---- sessions ---- */

Test(session, belongs_to_a_database_by_its_real_path)
{
    places_home();
    cr_assert_eq(mkdir(places_in_home("d"), 0700), 0);
    char *before = session_path(places_in_home("d/runs.db")); /* before it is there */
    places_write(places_in_home("d/runs.db"), "", 0);
    cr_assert_eq(symlink(places_in_home("d"), places_in_home("link")), 0);
    char *there = session_path(places_in_home("d/runs.db"));
    char *linked = session_path(places_in_home("link/runs.db"));
    char *other = session_path(places_in_home("d/other.db"));
    cr_expect_str_eq(before, there);
    cr_expect_str_eq(there, linked);
    cr_expect_str_neq(there, other);
    cr_expect(strncmp(there, places_in_home(".local/state/infoflow/session-"), strlen(there) - 16) == 0, "%s", there);
    cr_assert_eq(chdir(places_in_home("d")), 0);
    char *relative = session_path("runs.db"), *missing = session_path("missing.db");
    char *absolute = session_path(places_in_home("d/missing.db"));
    cr_expect_str_eq(relative, there);
    cr_expect_str_eq(missing, absolute);
    char *all[] = {before, there, linked, other, relative, missing, absolute};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        free(all[k]);
}

/* ---- saved views ---- */

Test(views, are_kept_by_name)
{
    places_home();
    char *path = NULL;
    struct view_names names;
    view_names_read(&names);
    cr_expect_eq(names.count, 0u);
    static const char *const good[] = {"b", "a view", "\xC3\xA4"};
    for (size_t k = 0; k < 3; k++) {
        cr_assert_eq(view_path(good[k], &path, NULL), IFL_OK);
        cr_assert_eq(config_write(path, "h 5\n", NULL), IFL_OK);
        free(path);
    }
    cr_assert_eq(view_path("b", &path, NULL), IFL_OK);
    cr_expect_str_eq(path, places_in_home(".config/infoflow/views/b"));
    free(path);
    places_write(places_in_home(".config/infoflow/views/.b.abcdef"), "", 0); /* of a write that was cut off */
    places_write(places_in_home(".config/infoflow/views/\x1B[2J"), "", 0);
    view_names_read(&names);
    cr_assert_eq(names.count, 3u);
    cr_expect_str_eq(names.items[0], "a view");
    cr_expect_str_eq(names.items[1], "b");
    cr_expect_str_eq(names.items[2], "\xC3\xA4");
    view_names_release(&names);
}

Test(views, have_names_that_lead_nowhere_else)
{
    static const char *const wrong[] = {"",
                                        ".",
                                        "..",
                                        ".x",
                                        "a/b",
                                        "/a",
                                        "../x",
                                        " a",
                                        "a ",
                                        "a\x1B",
                                        "a\nb",
                                        "\xFF",
                                        "0123456789012345678901234567890123456789012345678901234567890123x"};
    places_home();
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        char *path = NULL;
        cr_expect_eq(view_path(wrong[k], &path, NULL), IFL_INVALID, "`%s`", wrong[k]);
        cr_expect_null(path);
    }
}
