/* Which commands there are, and what they say of themselves. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <cli/cli.h>
#include <cli/interrupt.h>
#include <infoflow/infoflow.h>

#define RUN_HELP "RUN is a name, a unique prefix of one, or an id.\n"

const struct command workbench = {
    .name = "",
    .options = OPTIONS_PARAMS | OPTIONS_SCREEN | OPTIONS_WORKBENCH,
    .words = "[RUN...]",
    .summary = "the workbench: the list of runs, or these",
    .help = "In the workbench ? lists the keys. " RUN_HELP
            "\nExit status: 0 done, 1 failed while running, 2 wrong usage, 3 input refused, 4 a check failed.\n",
    .run = command_workbench,
};

const struct command commands[] = {
    {.name = "import",
     .options = OPTIONS_INTAKE | OPTIONS_IMPORT,
     .words = "PATH...",
     .summary = "run folders, folders of them, or single snapshots",
     .run = command_import,
     .help = "Imports activation dumps: run folders, folders of them, or single snapshots (.npz, .safetensors) of a "
             "run folder. A\n"
             "run is stored once: importing again adds only new snapshots. Where a snapshot is refused, nothing of its "
             "PATH's run\n"
             "is added.\n"},
    {.name = "watch",
     .options = OPTIONS_WATCH | OPTIONS_INTAKE,
     .words = "DIR",
     .summary = "import what appears in a folder, until interrupted",
     .run = command_watch,
     .help = "Imports what appears in DIR, a run folder or a folder of them, until it is interrupted. DIR may come "
             "later, and\n"
             "files are best renamed into place. A snapshot that is refused is named once and tried again when it "
             "changes; the\n"
             "others of its run are imported all the same.\n"},
    {.name = "runs",
     .options = OPTIONS_DATA | OPTIONS_RUNS,
     .words = "",
     .summary = "list the runs",
     .run = command_runs,
     .help = "Lists the runs of the database, of which a filter may choose.\n\n"
             "Filters: activation = sigmoid and not (test_accuracy > .97 or name ~ lenet)\n"
             "  FIELD OP VALUE      = != < <= > >=, as numbers where both are; ~ contains, whatever the case\n"
             "  WORD                the name or the text of a param or tag contains it\n"
             "  and or not ( )      also && || !; 'a b' and \"a b\" are one word\n"
             "A FIELD is name, note, snapshots, step, n, layers, or a param, tag or metric (param.x, tag.x and "
             "metric.x are\n"
             "just that). A comparison with a field that a run lacks does not hold.\n"},
    {.name = "show",
     .options = OPTIONS_DATA,
     .words = "RUN",
     .summary = "a run's parameters, layers and snapshots",
     .run = command_show,
     .help = "Shows a run's parameters, tags, note, layers and snapshots.\n" RUN_HELP},
    {.name = "estimate",
     .options = OPTIONS_DATA | OPTIONS_PARAMS | OPTIONS_ESTIMATE,
     .words = "RUN",
     .summary = "every quantity, as table, CSV or JSON",
     .run = command_estimate,
     .help =
         "Prints the quantities of a run's snapshots: entropies and informations in bits, % in percent.\n" RUN_HELP},
    {.name = "plot",
     .options = OPTIONS_PARAMS | OPTIONS_PLOT | OPTIONS_SCREEN,
     .words = "dpi|ip|mip|pid|width RUN...",
     .summary = "as text or SVG",
     .run = command_plot,
     .help =
         "Draws the data-processing inequalities (dpi) of one step, or the information plane (ip) or modified\n"
         "information plane (mip) over training. pid draws I(X;T) under H(X) and what of the pairs of feature maps is\n"
         "trade-off and non-redundant, over training or over topologies; width the layers' entropies and I(X;T)\n"
         "against h, and which h can be trusted. RUN,RUN,... is drawn as one, the mean of runs of the same layers, with\n"
         "its deviation (not by width).\n" RUN_HELP},
    {.name = "check",
     .options = OPTIONS_DATA | OPTIONS_PARAMS | OPTIONS_CHECK,
     .words = "RUN",
     .summary = "do the data-processing inequalities hold?",
     .run = command_check,
     .help =
         "Says whether the data-processing inequalities hold, and lists the links of the two chains that rise: I(X;T)\n"
         "from layer to layer forward, I(deltaK;delta) backward. Exit status 4 if one does.\n" RUN_HELP},
    {.name = "sweep",
     .options = OPTIONS_DATA | OPTIONS_PARAMS | OPTIONS_GRID | OPTIONS_SWEEP,
     .words = "RUN",
     .summary = "over many widths: which of them can be trusted?",
     .run = command_sweep,
     .help = "Estimates the chain of the activations at COUNT values of h, equal factors apart, and that of the errors "
             "at those\n"
             "of h-error; then says which of these can be trusted: of those at which no more than a share of the links "
             "rises,\n"
             "the ones at which no layer collapses or saturates in as many snapshots as possible. --h or --h-error is\n"
             "many.\n" RUN_HELP},
    {.name = "compute",
     .options = OPTIONS_PARAMS | OPTIONS_GRID | OPTIONS_COMPUTE,
     .words = "[RUN...]",
     .summary = "spectra ahead of time; --shard K/N: in many processes",
     .run = command_compute,
     .help =
         "Computes the spectra that the quantities take and keeps them in the database, for the named runs or all. "
         "What is\n"
         "there already is not computed again. With --shard it computes every N-th snapshot, from the K-th on, and "
         "keeps\n"
         "them in a part of the database, which it only reads: N processes share the work, on any number of machines, "
         "and\n"
         "infoflow merge brings it together. Started again after an interruption, it goes on where it was.\n" RUN_HELP},
    {.name = "merge",
     .words = "PART.db...",
     .summary = "bring together what they computed",
     .run = command_merge,
     .help = "Keeps the spectra of parts, which infoflow compute --shard made, in the database. A part of another "
             "database is\n"
             "refused. To merge one again changes nothing.\n"},
    {.name = "verify",
     .options = OPTIONS_DATA,
     .words = "",
     .summary = "is the database as it was stored?",
     .run = command_verify,
     .help = "Looks whether the database is as it was stored: the file's structure, every array of distances and "
             "labels and\n"
             "every spectrum against its digest. Names the run, step and array of what is damaged; exit status 3 if "
             "anything\n"
             "is. Damaged spectra are computed again when they are needed; a run with a damaged array is to be deleted "
             "for\n"
             "good and imported again.\n"},
    {.name = "delete",
     .options = OPTIONS_DELETE,
     .words = "RUN...",
     .summary = "put runs in the bin; --purge: remove them for good",
     .run = command_delete,
     .help = "Puts runs in the bin: no other command sees them, their names stay taken, and restore brings them "
             "back.\n" RUN_HELP},
    {.name = "restore",
     .words = "RUN...",
     .summary = "take them out of the bin",
     .among = STORE_DELETED,
     .run = command_restore,
     .help = "Takes runs out of the bin (infoflow runs --deleted lists it).\n" RUN_HELP},
    {.name = "rename",
     .words = "RUN NAME",
     .summary = "rename a run",
     .run = command_rename,
     .help = "Gives a run another name, which no other run has, a deleted one neither.\n" RUN_HELP},
    {.name = "tag",
     .words = "RUN KEY=VALUE...",
     .summary = "set a run's tags",
     .run = command_tag,
     .help = "Sets tags of a run; KEY= removes one. Importing a run again keeps its tags as they are.\n" RUN_HELP},
    {.name = "note",
     .words = "RUN [TEXT]",
     .summary = "a run's note",
     .run = command_note,
     .help = "Sets a run's note; an empty TEXT removes it. Without a TEXT, prints it.\n" RUN_HELP},
    {.name = NULL},
};

const struct command *find_command(const char *name)
{
    for (size_t k = 0; commands[k].name != NULL; k++)
        if (strcmp(commands[k].name, name) == 0)
            return &commands[k];
    return NULL;
}

const struct command *take_command(int *argc, char **argv)
{
    for (int k = 1; k < *argc; k++) {
        if (strcmp(argv[k], "--") == 0)
            return NULL;
        if (argv[k][0] == '-') {
            k += takes_next_word(argv[k]);
            continue;
        }
        const struct command *command = find_command(argv[k]);
        if (command != NULL) {
            memmove(argv + k, argv + k + 1, (size_t)(*argc - k) * sizeof *argv);
            (*argc)--;
        }
        return command;
    }
    return NULL;
}

/* The command that the words name, or the workbench; its exit code. */
static int run_command(int argc, char **argv)
{
    const struct command *command = take_command(&argc, argv);
    if (command == NULL)
        command = &workbench;
    struct arguments arguments;
    struct ifl_error error;
    if (arguments_parse(&arguments, command, argc - 1, argv + 1, &error) != IFL_OK)
        return fail(&error);
    int code = EXIT_DONE;
    if (arguments.help)
        print_help(command);
    else if (arguments.version)
        puts("infoflow " IFL_VERSION);
    else
        code = command->run(&arguments);
    arguments_release(&arguments);
    return code;
}

int infoflow_main(int argc, char **argv)
{
    capability_locale(false);
    signal(SIGXFSZ, SIG_IGN); /* a file at its size limit is a write that fails, and is reported as such */
    bool completing = argc > 1 && strcmp(argv[1], "--complete") == 0;
    int code = completing ? complete(argc - 1, argv + 1) : run_command(argc, argv);
    bool written = fflush(stdout) == 0 && !ferror(stdout);
    interrupt_end();
    if (!written) {
        say("standard output: write failed");
        return EXIT_FAILED;
    }
    return code;
}
