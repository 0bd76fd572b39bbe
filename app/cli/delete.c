/* infoflow delete: runs into the bin, or out of the database. */
#include <cli/edit.h>

int command_delete(struct arguments *arguments)
{
    if (arguments->n_words == 0) {
        say("delete: needs a RUN (infoflow delete --help)");
        return EXIT_USAGE;
    }
    if (arguments->purge)
        return edit_runs(arguments, STORE_ANY, store_purge_run, "deleted for good");
    return edit_runs(arguments, STORE_ALIVE, store_delete_run, "deleted (infoflow restore brings it back)");
}
