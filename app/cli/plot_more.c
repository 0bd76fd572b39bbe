#include <string.h>

#include <base/text.h>
#include <cli/plot_more.h>

plot_more *plot_more_find(const struct arguments *arguments)
{
    const char *name = arguments->n_words > 0 ? arguments->words[0] : "";
    return strcmp(name, "pid") == 0 ? plot_pid_runs : strcmp(name, "width") == 0 ? plot_width_run : NULL;
}

int command_plot_more(const struct arguments *arguments, plot_more *plot)
{
    struct store *store;
    struct ifl_error error;
    if (arguments->n_words < 2) {
        say("plot %s: needs a RUN (infoflow plot --help)", arguments->words[0]);
        return EXIT_USAGE;
    }
    enum ifl_status status = open_database(&store, arguments, arguments->no_cache ? STORE_READ : STORE_WRITE, &error);
    if (status != IFL_OK)
        return fail(&error);
    status = plot(store, arguments, &error);
    store_close(store);
    return status == IFL_OK ? EXIT_DONE : fail(&error);
}

char *plot_point_text(char out[96], const struct store_snapshot *snapshot)
{
    char epoch[32];
    bool known = snapshot->epoch >= 0;
    snprintf(out, 96, "  step %lld%s%s", (long long)snapshot->step, known ? "  epoch " : "",
             known ? text_short(epoch, snapshot->epoch, 4) : "");
    return out;
}

enum ifl_status plot_find_layer(const struct run *run, const struct arguments *arguments, int32_t *layer,
                                struct ifl_error *error)
{
    *layer = -1;
    if (arguments->layer == NULL)
        return IFL_OK;
    *layer = run_layer(run, arguments->layer);
    return *layer >= 0 ? IFL_OK
                       : ifl_fail(error, IFL_NOT_FOUND, "--layer: %s has no layer '%s'", run->name, arguments->layer);
}
