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

/* What the command line asks for. */
struct request {
    char *path;      /* of the database */
    int64_t runs[TUI_RUNS_MOST];
    size_t n_runs;
    const char *unknown; /* the word that is no run */
};

static enum ifl_status find_runs(struct request *request, struct store *store, const struct arguments *arguments,
                                 struct ifl_error *error)
{
    for (int k = 0; k < arguments->n_words; k++) {
        enum ifl_status status = store_find_run(store, arguments->words[k], &request->runs[k], error);
        if (status == IFL_NOT_FOUND)
            request->unknown = arguments->words[k];
        if (status != IFL_OK)
            return status;
        request->n_runs++;
    }
    return IFL_OK;
}

/* Checks that the database can be opened and the runs' names, before the screen is taken. Without a RUN there need be no
 * database yet: the workbench says how to get one, and waits for it. */
static enum ifl_status prepare(const struct arguments *arguments, struct request *request, struct ifl_error *error)
{
    struct store *store = NULL;
    request->path = database_path(arguments, error);
    if (request->path == NULL)
        return error->status;
    enum ifl_status status = IFL_OK;
    if (arguments->n_words > 0)
        status = open_database(&store, arguments, STORE_WRITE, error);
    else if (access(request->path, F_OK) == 0)
        status = store_open_within(&store, request->path, STORE_WRITE, LOCK_MILLISECONDS, NULL, error);
    if (status == IFL_LOCKED && arguments->n_words == 0) /* the workbench says so and tries again */
        status = IFL_OK;
    if (status == IFL_OK && arguments->n_words > 0)
        status = find_runs(request, store, arguments, error);
    store_close(store);
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
    struct request request = {0};
    bool slip = arguments->n_words > 0 && prepare(arguments, &request, &error) != IFL_OK;
    free(request.path);
    if (slip)
        say_no_command(request.unknown != NULL ? request.unknown : arguments->words[0]);
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
    struct request request = {0};
    int ended = 0;
    if (arguments->n_words > TUI_RUNS_MOST) {
        say("%s: the workbench compares at most %d runs", arguments->words[TUI_RUNS_MOST], TUI_RUNS_MOST);
        return EXIT_USAGE;
    }
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return without_terminal(arguments);
    enum ifl_status status = prepare(arguments, &request, &error);
    if (status == IFL_OK) {
        struct tui_options options = {.database = request.path,
                                      .runs = request.runs,
                                      .n_runs = request.n_runs,
                                      .params = arguments->params,
                                      .threads = arguments->threads,
                                      .watch = arguments->watch,
                                      .charset = arguments->charset,
                                      .colors = colors_wished(arguments->color)};
        status = tui_run(&options, &ended, &error);
    }
    free(request.path);
    if (request.unknown != NULL) {
        say_no_command(request.unknown);
        return EXIT_USAGE;
    }
    if (status != IFL_OK)
        return fail(&error);
    return ended != 0 ? 128 + ended : EXIT_DONE;
}
