/* infoflow restore: runs out of the bin. */
#include <cli/edit.h>

int command_restore(struct arguments *arguments)
{
    if (arguments->n_words == 0) {
        say("restore: needs a RUN (infoflow runs --deleted lists them)");
        return EXIT_USAGE;
    }
    return edit_runs(arguments, STORE_DELETED, store_restore_run, "restored");
}
