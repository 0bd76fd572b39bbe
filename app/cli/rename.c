/* infoflow rename: another name for a run. */
#include <stdlib.h>

#include <cli/edit.h>

int command_rename(struct arguments *arguments)
{
    struct store *store;
    struct ifl_error error;
    int64_t id;
    char *name = NULL;
    if (arguments->n_words != 2) {
        say("rename: needs a RUN and a NAME (infoflow rename --help)");
        return EXIT_USAGE;
    }
    if (open_database(&store, arguments, STORE_WRITE, &error) != IFL_OK)
        return fail(&error);
    enum ifl_status status = find_by_name(store, STORE_ALIVE, arguments->words[0], &id, &name, &error);
    if (status == IFL_OK)
        status = store_rename_run(store, id, arguments->words[1], &error);
    if (status == IFL_OK)
        say("%s: renamed to %s", name, arguments->words[1]);
    free(name);
    store_close(store);
    return status == IFL_OK ? EXIT_DONE : fail(&error);
}
