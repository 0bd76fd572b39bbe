/* The one language. */
#include <criterion/criterion.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <base/text.h>
#include <tui/command.h>

static struct command_line parsed(const char *line)
{
    struct command_line out;
    struct ifl_error error = {0};
    cr_assert_eq(command_parse(line, &out, &error), IFL_OK, "`%s`: %s", line, error.message);
    return out;
}

static void expect(const char *line, enum command command, const char *argument)
{
    struct command_line out = parsed(line);
    cr_expect_eq(out.command, command, "`%s` is %d", line, (int)out.command);
    cr_expect_str_eq(out.argument, argument, "`%s`: `%s`", line, out.argument);
}

static void expect_refused(const char *line, const char *reason)
{
    struct command_line out = {.command = DO_QUIT};
    struct ifl_error error = {0};
    cr_expect_eq(command_parse(line, &out, &error), IFL_INVALID, "`%s`", line);
    cr_expect(strstr(error.message, reason) != NULL, "`%s`: `%s`", line, error.message);
    cr_expect_eq(out.command, DO_QUIT); /* untouched */
}

Test(command, is_a_name_and_an_argument)
{
    expect("quit", DO_QUIT, "");
    expect("  h \t 5.25  ", DO_H, "5.25");
    expect("h=3", DO_H, "3");
    expect("h = 3", DO_H, "3");
    expect("step == = 3", DO_STEP, "3"); /* which can be said again */
    expect("note  a = b # c ", DO_NOTE, "a = b # c");
    expect("search =x", DO_SEARCH, "=x");
    expect("tag lab=a=b", DO_TAG, "lab=a=b");
    expect("width", DO_WIDTH, "");
    expect("width knn", DO_WIDTH, "knn");
    expect("panel-5", DO_PANEL_5, "");
    expect("rename \xC3\xA4 \xE5\xB1\xA4", DO_RENAME, "\xC3\xA4 \xE5\xB1\xA4");
}

Test(command, is_nothing_where_nothing_is_said)
{
    expect("", DO_NOTHING, "");
    expect(" \t ", DO_NOTHING, "");
    expect("# h 5", DO_NOTHING, "");
    expect("  # \x1B[2J\xFF", DO_NOTHING, "");
}

Test(command, may_be_cut_short_as_far_as_it_is_one)
{
    expect("q", DO_QUIT, "");
    expect("exp x.csv", DO_EXPORT, "x.csv");
    expect("h-l delta", DO_H_LABEL, "delta");
    expect("h 5", DO_H, "5"); /* the name itself, though others begin so */
    expect("epoch 3", DO_EPOCH, "3");
    expect("search x", DO_SEARCH, "x");
    expect_refused("zoom", "`zoom` may be zoom-in, zoom-out");
    expect_refused("epoch-", "epoch-previous, epoch-next, epoch-back, epoch-forward...");
}

Test(command, unknown_is_answered_with_the_nearest)
{
    expect_refused("zom", "no command `zom`: zoom-in?");
    expect_refused("qiut", "no command `qiut`: quit?");
    expect_refused("compsition tensor", "composition?");
    expect_refused("Quit", "no command `Quit`: quit?");
    expect_refused("xyzzy", "no command `xyzzy`: help lists them");
    expect_refused("h5", "no command `h5`");
    expect_refused("\xE2\x82\xAC", "no command");
    expect_refused("=5", "no command");
}

Test(command, arguments_are_checked_as_far_as_words_go)
{
    expect_refused("width nearest", "width: `nearest` is none of silverman, scaled, median, knn, alignment, fixed");
    expect_refused("composition sum", "hadamard, tensor, geometric");
    expect_refused("view 3d", "dpi, ip, mip, pid, width, all");
    expect_refused("theme blue", "dark, light, mono, auto");
    expect_refused("chain sideways", "forward, backward, both");
    expect_refused("mouse maybe", "on, off");
    expect_refused("h", "h: something is missing: h V");
    expect_refused("bind", "bind KEY COMMAND");
    expect_refused("quit now", "quit takes no argument: `now`");
}

Test(command, is_only_what_can_be_typed)
{
    expect_refused("note \x1B[2J", "nobody can type");
    expect_refused("note \xFF", "nobody can type");
    expect_refused("note \xC3", "nobody can type");
    expect_refused("note \xE2\x80\xAE", "nobody can type");
    expect_refused("note a\x7F", "nobody can type");
}

Test(command, of_any_length_is_read_or_refused)
{
    size_t size = 1 << 20;
    char *line = malloc(size + 1);
    memset(line, 'z', size);
    line[size] = '\0';
    expect_refused(line, "no command `zzzz");
    memcpy(line, "note ", 5);
    expect_refused(line, "more than 2047 bytes");
    line[5 + COMMAND_ARGUMENT - 1] = '\0';
    cr_expect_eq(strlen(parsed(line).argument), COMMAND_ARGUMENT - 1u);
    free(line);
}

Test(command, survives_any_bytes)
{
    uint64_t random = 3;
    for (int turn = 0; turn < 20000; turn++) {
        char line[64];
        size_t length = (size_t)turn % 40;
        for (size_t k = 0; k < length; k++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            line[k] =
                (char)(turn % 2 == 0 ? random >> 56 : (unsigned char)"abehil-nopqrtuz =#\t5"[(random >> 40) % 20]);
        }
        line[length] = '\0';
        struct command_line out;
        struct ifl_error error = {0};
        if (command_parse(line, &out, &error) != IFL_OK)
            cr_assert_neq(error.message[0], '\0');
    }
}

Test(command, names_are_each_one_and_can_be_read_back)
{
    for (int k = DO_NOTHING + 1; k < COMMANDS; k++) {
        const struct command_info *info = &command_table[k];
        cr_expect_eq(command_name_length(info->name), strlen(info->name), "`%s`", info->name);
        cr_expect_eq(command_find(info->name, strlen(info->name)), (enum command)k, "`%s`", info->name);
        cr_expect_neq(info->contexts, 0u);
        cr_expect_eq(info->argument == ARGUMENT_NONE, info->shown[0] == '\0', "`%s`", info->name);
    }
}

Test(command, fit_their_places_in_the_help)
{
    for (int k = DO_NOTHING + 1; k < COMMANDS; k++) {
        const struct command_info *info = &command_table[k];
        cr_expect_lt(strlen(info->name) + (info->shown[0] != '\0') + strlen(info->shown), 17u, "`%s`", info->name);
        cr_expect_leq(strlen(info->what), 22u, "`%s`", info->what);
    }
}
