/* infoflow import: dumps into the run database. */
#include <base/text.h>
#include <cli/cli.h>
#include <cli/interrupt.h>
#include <intake/intake.h>

static void note(void *context, const char *text)
{
    (void)context;
    say("%s", text);
}

static void progress(void *context, size_t done, size_t total)
{
    static char reading[] = "reading";
    (void)context;
    progress_step(reading, done, total);
}

static void end_progress(void *context)
{
    (void)context;
    progress_end();
}

static void imported(void *context, const struct store_run *run)
{
    char line[512];
    (void)context;
    text_printf(stdout, "%s\n", intake_summary(line, sizeof line, run));
    if (run->snapshots == 0)
        say("%s: no snapshots in it yet", run->run.name);
}

/* The exit code is that of the worst. */
static void failed(void *context, const struct ifl_error *error)
{
    int *code = context, here = fail(error);
    if (here > *code)
        *code = here;
}

int command_import(struct arguments *arguments)
{
    struct store *store;
    struct ifl_error error;
    int code = EXIT_DONE;
    const struct intake_options options = {.maps = arguments->maps, .skip_bad = arguments->skip_bad, .cancel = &interrupted};
    const struct intake_listener listener = {note, progress, end_progress, imported, failed, &code};
    if (arguments->n_words == 0) {
        say("import: needs a PATH (infoflow import --help)");
        return EXIT_USAGE;
    }
    if (open_database(&store, arguments, STORE_CREATE, &error) != IFL_OK)
        return fail(&error);
    for (int k = 0; k < arguments->n_words; k++)
        if (intake_import(store, arguments->words[k], &options, &listener, &error) != IFL_OK)
            failed(&code, &error);
    store_close(store);
    return code;
}
