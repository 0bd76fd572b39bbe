/* infoflow delete: runs out of the database. */
#include <stdlib.h>

#include <cli/cli.h>

static enum ifl_status delete_named(struct store *store, const char *which, struct ifl_error *error)
{
    struct store_run run;
    int64_t id;
    enum ifl_status status = store_find_run(store, which, &id, error);
    if (status == IFL_OK)
        status = store_get_run(store, id, &run, error);
    if (status != IFL_OK)
        return status;
    status = store_delete_run(store, id, error);
    if (status == IFL_OK)
        say("%s: deleted", run.run.name);
    store_run_release(&run);
    return status;
}

int command_delete(struct arguments *arguments)
{
    struct store *store;
    struct ifl_error error;
    int code = EXIT_DONE;
    if (arguments->n_words == 0) {
        say("delete: needs a RUN (infoflow delete --help)");
        return EXIT_USAGE;
    }
    if (open_database(&store, arguments, STORE_WRITE, &error) != IFL_OK)
        return fail(&error);
    for (int k = 0; k < arguments->n_words; k++) {
        if (delete_named(store, arguments->words[k], &error) != IFL_OK) {
            int failed = fail(&error);
            code = failed > code ? failed : code;
        }
    }
    store_close(store);
    return code;
}
