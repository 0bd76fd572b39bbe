/* Which commands there are, and what they say of themselves. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <cli/cli.h>
#include <infoflow/infoflow.h>

#define PARAMETERS_HELP                                                                                                \
    "\nParameters:\n"                                                                                                  \
    "  --alpha A           Renyi order, >= 0 or inf (1.01)\n"                                                          \
    "  --h H               kernel width factor of X and T (silverman, fixed: 5; scaled: 20; else 1)\n"                 \
    "  --h-error H         kernel width factor of the errors delta (silverman, fixed: 0.1; scaled: 20; else 1)\n"      \
    "  --h-label H         an RBF on one-hot labels instead of the delta kernel\n"                                     \
    "  --width RULE        silverman, scaled, median, knn, alignment or fixed (silverman)\n"                           \
    "  --composition C     hadamard, tensor or geometric (hadamard)\n"                                                 \
    "  --pairs all|N       pairs of feature maps to average over (all)\n"                                              \
    "  --seed S            of the sample of N pairs (0)\n"                                                             \
    "  --threads N         threads (all cores)\n"
#define DB_HELP "  --db FILE           run database ($INFOFLOW_DB, $XDG_DATA_HOME/infoflow/runs.db)\n"
#define MAPS_HELP                                                                                                      \
    "  --maps N|all        of a layer of more feature maps keep a sample of N one by one, for pairs (128); whole layers\n" \
    "                      are of all maps. A run that is there stays with what it has\n"
#define RUN_HELP "RUN is a name, a unique prefix of one, or an id.\n"

static const char help_all[] =
    "infoflow " IFL_VERSION ": how information flows through a neural network while it trains\n\n"
    "usage: infoflow [--db FILE] [RUN]          the workbench; --watch DIR: follows a folder meanwhile\n"
    "       infoflow import PATH...             run folders, folders of them, or single snapshots\n"
    "       infoflow watch DIR                  import what appears in a folder, until interrupted\n"
    "       infoflow runs                       list the runs\n"
    "       infoflow show RUN                   a run's parameters, layers and snapshots\n"
    "       infoflow estimate RUN               every quantity, as table, CSV or JSON\n"
    "       infoflow plot KIND RUN...           dpi, ip, mip, pid or width, as text or SVG\n"
    "       infoflow check RUN                  do the data-processing inequalities hold?\n"
    "       infoflow sweep RUN --h A:B:COUNT    over many widths: which of them can be trusted?\n"
    "       infoflow compute [RUN...]           spectra ahead of time; --shard K/N: in many processes\n"
    "       infoflow merge PART.db...           bring together what they computed\n"
    "       infoflow verify                     is the database as it was stored?\n"
    "       infoflow delete RUN...              put runs in the bin; --purge: remove them for good\n"
    "       infoflow restore RUN...             take them out of the bin\n"
    "       infoflow rename RUN NAME            rename a run\n"
    "       infoflow tag RUN KEY=VALUE...       set a run's tags\n"
    "       infoflow note RUN [TEXT]            a run's note\n"
    "       infoflow COMMAND --help\n\n"
    "In the workbench ? lists the keys. " RUN_HELP
    "\nExit status: 0 done, 1 failed while running, 2 wrong usage, 3 input refused, 4 a check failed.\n";

const struct command workbench = {"", OPTIONS_PARAMS | OPTIONS_SCREEN | OPTIONS_WORKBENCH, help_all, command_workbench};

const struct command commands[] = {
    {"import", OPTIONS_INTAKE,
     "usage: infoflow import [--db FILE] [--maps N|all] PATH...\n\n"
     "Imports activation dumps: run folders, folders of them, or single snapshots (.npz, .safetensors) of a run folder. A\n"
     "run is stored once: importing again adds only new snapshots. Where a snapshot is refused, nothing of its PATH's run\n"
     "is added.\n\n"
     "Options:\n" DB_HELP MAPS_HELP,
     command_import},
    {"watch", OPTIONS_WATCH | OPTIONS_INTAKE,
     "usage: infoflow watch [--db FILE] [--poll] [--maps N|all] DIR\n\n"
     "Imports what appears in DIR, a run folder or a folder of them, until it is interrupted. DIR may come later, and\n"
     "files are best renamed into place. A snapshot that is refused is named once and tried again when it changes; the\n"
     "others of its run are imported all the same.\n\n"
     "Options:\n" DB_HELP
     "  --poll              look every 2 seconds, without the notifications of the file system\n" MAPS_HELP,
     command_watch},
    {"runs", OPTIONS_DATA | OPTIONS_RUNS,
     "usage: infoflow runs [--db FILE] [--filter EXPR] [--deleted] [--csv | --json]\n\n"
     "Lists the runs of the database.\n\nOptions:\n" DB_HELP
     "  --filter EXPR       only the runs for which it holds\n"
     "  --deleted           those in the bin instead\n"
     "\nFilters: activation = sigmoid and not (test_accuracy > .97 or name ~ lenet)\n"
     "  FIELD OP VALUE      = != < <= > >=, as numbers where both are; ~ contains, whatever the case\n"
     "  WORD                the name or the text of a param or tag contains it\n"
     "  and or not ( )      also && || !; 'a b' and \"a b\" are one word\n"
     "A FIELD is name, note, snapshots, step, n, layers, or a param, tag or metric (param.x, tag.x and metric.x are\n"
     "just that). A comparison with a field that a run lacks does not hold.\n",
     command_runs},
    {"show", OPTIONS_DATA,
     "usage: infoflow show [--db FILE] RUN [--csv | --json]\n\n"
     "Shows a run's parameters, tags, note, layers and snapshots.\n" RUN_HELP "\nOptions:\n" DB_HELP,
     command_show},
    {"estimate", OPTIONS_DATA | OPTIONS_PARAMS | OPTIONS_ESTIMATE,
     "usage: infoflow estimate [--db FILE] RUN [PARAMETERS] [--steps A,B|first|last|all]\n"
     "                         [--quantities Q,...] [--no-pairs] [--no-cache] [--csv | --json]\n\n"
     "Prints the quantities of a run's snapshots: entropies and informations in bits, % in percent.\n" RUN_HELP
     "\nOptions:\n" DB_HELP
     "  --steps S           steps to estimate (all)\n"
     "  --quantities Q,...  only these: H(X) H(Y) H(T) I(X;T) I(T;Y) H(delta) I(deltaK;delta)\n"
     "                      tradeoff(X) nonredundant(X) tradeoff%(X) nonredundant%(X), the same with (Y)\n"
     "  --no-pairs          leave out what is averaged over pairs of feature maps\n"
     "  --no-cache          neither read nor keep spectra in the database\n" PARAMETERS_HELP,
     command_estimate},
    {"plot", OPTIONS_PARAMS | OPTIONS_PLOT | OPTIONS_SCREEN,
     "usage: infoflow plot [--db FILE] dpi|ip|mip|pid|width RUN... [PARAMETERS] [--step S]\n"
     "                     [--over training|topologies] [--layer NAME] [--with x|y] [--chain forward|backward]\n"
     "                     [--size COLSxROWS] [--charset ascii|braille] [--color auto|always|never]\n"
     "                     [--overlay] [--svg FILE]\n\n"
     "Draws the data-processing inequalities (dpi) of one step, or the information plane (ip) or modified\n"
     "information plane (mip) over training. pid draws I(X;T) under H(X) and what of the pairs of feature maps is\n"
     "trade-off and non-redundant, over training or over topologies; width the layers' entropies and I(X;T)\n"
     "against h, and which h can be trusted. RUN,RUN,... is drawn as one, the mean of runs of the same layers, with\n"
     "its deviation (not by width).\n" RUN_HELP "\nOptions:\n" DB_HELP
     "  --step S            the step of dpi, width and topologies, and the point marked elsewhere (the last)\n"
     "  --over WHAT         pid of several RUNs (topologies where their feature maps are not equally many)\n"
     "  --layer NAME        pid: the layer (of several RUNs the first with two maps); width: the one whose\n"
     "                      saturation and collapse count (any)\n"
     "  --with x|y          pid: of the input, or of the labels (x)\n"
     "  --chain C           width: of the activations against h, or of the errors against h-error (forward)\n"
     "  --tolerance BITS    width: how far a link may rise (0.0001)\n"
     "  --size COLSxROWS    (the terminal's, else 80x24)\n"
     "  --charset C         (braille where the locale has UTF-8, else ascii)\n"
     "  --color C           (auto: on a terminal, unless NO_COLOR is set)\n"
     "  --overlay           up to four RUNs on shared axes; else one plot after the other\n"
     "  --svg FILE          writes an SVG picture instead\n" PARAMETERS_HELP,
     command_plot},
    {"check", OPTIONS_DATA | OPTIONS_PARAMS | OPTIONS_CHECK,
     "usage: infoflow check [--db FILE] RUN [PARAMETERS] [--chain forward|backward] [--tolerance BITS]\n"
     "                      [--steps A,B|first|last|all] [--no-cache] [--csv | --json]\n\n"
     "Says whether the data-processing inequalities hold, and lists the links of the two chains that rise: I(X;T)\n"
     "from layer to layer forward, I(deltaK;delta) backward. Exit status 4 if one does.\n" RUN_HELP
     "\nOptions:\n" DB_HELP
     "  --chain C           one chain alone\n"
     "  --tolerance BITS    how far a link may rise (0.0001)\n"
     "  --steps S           steps to look at (all)\n"
     "  --no-cache          neither read nor keep spectra in the database\n" PARAMETERS_HELP,
     command_check},
    {"sweep", OPTIONS_DATA | OPTIONS_PARAMS | OPTIONS_GRID | OPTIONS_SWEEP,
     "usage: infoflow sweep [--db FILE] RUN --h FROM:TO:COUNT [--h-error FROM:TO:COUNT] [PARAMETERS]\n"
     "                      [--chain forward|backward] [--share S] [--tolerance BITS] [--layer NAME]\n"
     "                      [--steps A,B|first|last|all] [--no-cache] [--csv | --json]\n\n"
     "Estimates the chain of the activations at COUNT values of h, equal factors apart, and that of the errors at those\n"
     "of h-error; then says which of these can be trusted: the longest stretch in which no layer's entropy collapses\n"
     "or saturates, in no snapshot, and no more than a share of the links rises.\n" RUN_HELP
     "\nOptions:\n" DB_HELP
     "  --h FROM:TO:COUNT        widths of the activations: H(X), H(T) and I(X;T) at each\n"
     "  --h-error FROM:TO:COUNT  widths of the errors: H(delta) and I(deltaK;delta) at each\n"
     "  --chain C           one chain alone\n"
     "  --share S           of the links that may rise where an h is trusted, 0 to 1 (0)\n"
     "  --tolerance BITS    how far a link may rise (0.0001)\n"
     "  --layer NAME        the layer whose saturation and collapse count (any)\n"
     "  --steps S           steps to look at (all)\n"
     "  --no-cache          neither read nor keep spectra in the database\n" PARAMETERS_HELP,
     command_sweep},
    {"compute", OPTIONS_PARAMS | OPTIONS_GRID | OPTIONS_COMPUTE,
     "usage: infoflow compute [--db FILE] [RUN...] [PARAMETERS] [--steps A,B|first|last|all] [--quantities Q,...]\n"
     "                        [--no-pairs] [--shard K/N --out PART.db]\n\n"
     "Computes the spectra that the quantities take and keeps them in the database, for the named runs or all. What is\n"
     "there already is not computed again. With --shard it computes every N-th snapshot, from the K-th on, and keeps\n"
     "them in a part of the database, which it only reads: N processes share the work, on any number of machines, and\n"
     "infoflow merge brings it together. Started again after an interruption, it goes on where it was.\n" RUN_HELP
     "\nOptions:\n" DB_HELP
     "  --h, --h-error      may each be many, FROM:TO:COUNT, equal factors apart\n"
     "  --steps S           steps to compute (all)\n"
     "  --quantities Q,...  only what these take (infoflow estimate --help lists them)\n"
     "  --no-pairs          leave out what is averaged over pairs of feature maps\n"
     "  --shard K/N         the K-th of N shards, K from 1\n"
     "  --out PART.db       where the shard's spectra are kept\n" PARAMETERS_HELP,
     command_compute},
    {"merge", 0,
     "usage: infoflow merge [--db FILE] PART.db...\n\n"
     "Keeps the spectra of parts, which infoflow compute --shard made, in the database. A part of another database is\n"
     "refused. To merge one again changes nothing.\n\nOptions:\n" DB_HELP,
     command_merge},
    {"verify", OPTIONS_DATA,
     "usage: infoflow verify [--db FILE] [--csv | --json]\n\n"
     "Looks whether the database is as it was stored: the file's structure, every array of distances and labels and\n"
     "every spectrum against its digest. Names the run, step and array of what is damaged; exit status 3 if anything\n"
     "is. Damaged spectra are computed again when they are needed; a run with a damaged array is to be deleted for\n"
     "good and imported again.\n\nOptions:\n" DB_HELP,
     command_verify},
    {"delete", OPTIONS_DELETE,
     "usage: infoflow delete [--db FILE] RUN... [--purge]\n\n"
     "Puts runs in the bin: no other command sees them, their names stay taken, and restore brings them back.\n" RUN_HELP
     "\nOptions:\n" DB_HELP
     "  --purge             for good, with all they have; from the bin too\n",
     command_delete},
    {"restore", 0,
     "usage: infoflow restore [--db FILE] RUN...\n\n"
     "Takes runs out of the bin (infoflow runs --deleted lists it).\n" RUN_HELP "\nOptions:\n" DB_HELP,
     command_restore},
    {"rename", 0,
     "usage: infoflow rename [--db FILE] RUN NAME\n\n"
     "Gives a run another name, which no other run has, a deleted one neither.\n" RUN_HELP "\nOptions:\n" DB_HELP,
     command_rename},
    {"tag", 0,
     "usage: infoflow tag [--db FILE] RUN KEY=VALUE...\n\n"
     "Sets tags of a run; KEY= removes one. Importing a run again keeps its tags as they are.\n" RUN_HELP
     "\nOptions:\n" DB_HELP,
     command_tag},
    {"note", 0,
     "usage: infoflow note [--db FILE] RUN [TEXT]\n\n"
     "Sets a run's note; an empty TEXT removes it. Without a TEXT, prints it.\n" RUN_HELP "\nOptions:\n" DB_HELP,
     command_note},
    {.name = NULL},
};

const struct command *find_command(const char *name)
{
    for (size_t k = 0; commands[k].name != NULL; k++)
        if (strcmp(commands[k].name, name) == 0)
            return &commands[k];
    return NULL;
}

/* The first word that is neither an option nor its value, if it names a command; taken out of argv. */
static const struct command *take_command(int *argc, char **argv)
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
        fputs(command->help, stdout);
    else
        code = command->run(&arguments);
    arguments_release(&arguments);
    return code;
}

int infoflow_main(int argc, char **argv)
{
    int code = EXIT_DONE;
    capability_locale(false);
    signal(SIGXFSZ, SIG_IGN); /* a file at its size limit is a write that fails, and is reported as such */
    if (argc == 2 && strcmp(argv[1], "--version") == 0)
        puts("infoflow " IFL_VERSION);
    else
        code = run_command(argc, argv);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        say("standard output: write failed");
        return EXIT_FAILED;
    }
    return code;
}
