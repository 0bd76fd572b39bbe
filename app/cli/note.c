/* infoflow note: a run's note, set or printed. */
#include <cli/cli.h>

static enum ifl_status print_note(struct store *store, int64_t id, struct ifl_error *error)
{
    struct store_run run;
    enum ifl_status status = store_get_run(store, id, &run, error);
    if (status != IFL_OK)
        return status;
    print_lines("", run.note);
    store_run_release(&run);
    return IFL_OK;
}

int command_note(struct arguments *arguments)
{
    struct store *store;
    struct ifl_error error;
    int64_t id;
    bool sets = arguments->n_words == 2;
    if (arguments->n_words != 1 && !sets) {
        say("note: needs a RUN and at most one TEXT (infoflow note --help)");
        return EXIT_USAGE;
    }
    enum ifl_status status = open_database(&store, arguments, sets ? STORE_WRITE : STORE_READ, &error);
    if (status != IFL_OK)
        return fail(&error);
    status = store_find_run(store, arguments->words[0], &id, &error);
    if (status == IFL_OK)
        status = sets ? store_set_note(store, id, arguments->words[1], &error) : print_note(store, id, &error);
    store_close(store);
    return status == IFL_OK ? EXIT_DONE : fail(&error);
}
