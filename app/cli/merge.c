/* infoflow merge: what other processes computed into the database. */
#include <base/text.h>
#include <cli/cli.h>

static void progress(void *context, size_t done, size_t total)
{
    static char merging[] = "merging: snapshot";
    (void)context;
    progress_step(merging, done, total);
}

/* One part; its exit code. */
static int merge(struct store *store, const char *path)
{
    struct store_merged merged;
    struct ifl_error error;
    enum ifl_status status = store_merge(store, path, progress, NULL, &merged, &error);
    progress_end();
    if (status == IFL_NOT_FOUND)
        status = ifl_fail(&error, IFL_FAILED, "%s: no such part", path);
    if (status != IFL_OK)
        return fail(&error);
    text_printf(stdout, "%s: %zu snapshots, %zu spectra, %zu of them new\n", path, merged.snapshots, merged.spectra,
                merged.kept);
    if (merged.gone > 0)
        say("%s: %zu of its snapshots have been deleted since: left out", path, merged.gone);
    if (merged.damaged > 0)
        say("%s: %zu damaged spectra left out: compute the shard again", path, merged.damaged);
    return merged.damaged > 0 ? EXIT_FAILED : EXIT_DONE;
}

int command_merge(struct arguments *arguments)
{
    struct store *store;
    struct ifl_error error;
    int code = EXIT_DONE;
    if (arguments->n_words == 0) {
        say("merge: needs a PART.db (infoflow merge --help)");
        return EXIT_USAGE;
    }
    if (open_database(&store, arguments, STORE_WRITE, &error) != IFL_OK)
        return fail(&error);
    for (int k = 0; k < arguments->n_words; k++) {
        int one = merge(store, arguments->words[k]);
        code = one > code ? one : code;
    }
    store_close(store);
    return code;
}
