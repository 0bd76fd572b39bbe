/* infoflow [RUN]: the workbench. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <base/nearest.h>
#include <cli/cli.h>
#include <tui/tui.h>

enum { LOCK_MILLISECONDS = 300 };

/* Checks that the database can be opened and the run's name, before the screen is taken. Without a RUN there need be no
 * database yet: the workbench says how to get one, and waits for it. */
static enum ifl_status prepare(const struct arguments *arguments, char **path, int64_t *run, struct ifl_error *error)
{
    struct store *store = NULL;
    char *found = database_path(arguments, error);
    if (found == NULL)
        return error->status;
    enum ifl_status status = IFL_OK;
    if (arguments->n_words > 0)
        status = open_database(&store, arguments, STORE_WRITE, error);
    else if (access(found, F_OK) == 0)
        status = store_open_within(&store, found, STORE_WRITE, LOCK_MILLISECONDS, error);
    if (status == IFL_LOCKED && arguments->n_words == 0) /* the workbench says so and tries again */
        status = IFL_OK;
    if (status == IFL_OK && arguments->n_words > 0)
        status = store_find_run(store, arguments->words[0], run, error);
    store_close(store);
    if (status == IFL_OK)
        *path = found;
    else
        free(found);
    return status;
}

static void say_no_command(const char *word)
{
    const char *names[64];
    size_t count = 0;
    for (; commands[count].name != NULL && count < sizeof names / sizeof *names; count++)
        names[count] = commands[count].name;
    const char *meant = nearest_name(names, count, word, strlen(word));
    if (meant != NULL)
        say("%s: no such command, and no such run: %s?", word, meant);
    else
        say("%s: no such command, and no such run", word);
}

/* The help, unless the words are a slip: neither a command nor a run. */
static int without_terminal(const struct arguments *arguments)
{
    struct ifl_error error;
    char *path = NULL;
    int64_t run;
    bool slip = arguments->n_words > 0 && prepare(arguments, &path, &run, &error) != IFL_OK;
    free(path);
    if (slip)
        say_no_command(arguments->words[0]);
    else
        print_help(&workbench);
    return EXIT_USAGE;
}

/* As tui_options has it; a terminal that can do less does less. */
static int colors_wished(enum color_wish wish)
{
    return wish == COLOR_AUTO ? -1 : wish == COLOR_NEVER ? (int)PLOT_MONO : (int)PLOT_256;
}

int command_workbench(struct arguments *arguments)
{
    struct ifl_error error;
    int ended = 0;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return without_terminal(arguments);
    if (arguments->n_words > 1) {
        say("%s: the workbench opens one run", arguments->words[1]);
        return EXIT_USAGE;
    }
    char *path = NULL;
    struct tui_options options = {.params = arguments->params,
                                  .threads = arguments->threads,
                                  .watch = arguments->watch,
                                  .charset = arguments->charset,
                                  .colors = colors_wished(arguments->color)};
    enum ifl_status status = prepare(arguments, &path, &options.run, &error);
    if (status == IFL_OK) {
        options.database = path;
        status = tui_run(&options, &ended, &error);
    }
    free(path);
    if (status == IFL_NOT_FOUND && arguments->n_words > 0) {
        say_no_command(arguments->words[0]);
        return EXIT_USAGE;
    }
    if (status != IFL_OK)
        return fail(&error);
    return ended != 0 ? 128 + ended : EXIT_DONE;
}
