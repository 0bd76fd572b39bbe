/* Which options there are. */
#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include <cli/options.h>

#define AT(member) .stored = offsetof(struct arguments, member)

enum { CHAINS = OPTIONS_CHECK | OPTIONS_PLOT | OPTIONS_SWEEP };

/* In the order of the helps. What is meant differently by some commands comes before what it is to the others. */
const struct option options[] = {
    {"--db", 0, "FILE", "run database ($INFOFLOW_DB, $XDG_DATA_HOME/infoflow/runs.db)", AT(db)},
    {"--watch", OPTIONS_WORKBENCH, "DIR", "import what appears in DIR meanwhile", AT(watch)},
    {"--poll", OPTIONS_WATCH, NULL, "look every 2 seconds, without the notifications of the file system", AT(poll)},
    {"--maps", OPTIONS_INTAKE, "N|all",
     "of a layer of more feature maps keep a sample of N one by one, for pairs (128); whole layers\n"
     "are of all maps. A run that is there stays with what it has",
     .read = read_maps},
    {"--skip-bad", OPTIONS_IMPORT, NULL, "leave out a snapshot that is refused, say why, and store the others of its run",
     AT(skip_bad)},
    {"--filter", OPTIONS_RUNS, "EXPR", "only the runs for which it holds", AT(filter)},
    {"--deleted", OPTIONS_RUNS, NULL, "those in the bin instead", AT(deleted)},
    {"--purge", OPTIONS_DELETE, NULL, "for good, with all they have; from the bin too", AT(purge)},
    {"--h", OPTIONS_GRID, "H|FROM:TO:COUNT",
     "width factor of the kernels of X and T, or COUNT of them, equal factors apart", .read = read_h_grid},
    {"--h-error", OPTIONS_GRID, "H|FROM:TO:COUNT", "the same of the errors delta", .read = read_h_error_grid},
    {"--step", OPTIONS_PLOT, "S|first|last",
     "the step of dpi, width and topologies, and the point marked elsewhere (the last)", AT(step)},
    {"--steps", OPTIONS_ESTIMATE | OPTIONS_CHECK | OPTIONS_SWEEP | OPTIONS_COMPUTE, "A,B|first|last|all",
     "steps to take (all)", AT(steps)},
    {"--over", OPTIONS_PLOT, "training|topologies",
     "pid of several RUNs (topologies where their feature maps are not equally many)", .read = read_over},
    {"--layer", OPTIONS_PLOT, "NAME",
     "pid: the layer (of several RUNs the first with two maps); width: the one whose\n"
     "saturation and collapse count (any)",
     AT(layer)},
    {"--layer", OPTIONS_SWEEP, "NAME", "the layer whose saturation and collapse count (any)", AT(layer)},
    {"--with", OPTIONS_PLOT, "x|y", "pid: of the input, or of the labels (x)", .read = read_with},
    {"--chain", OPTIONS_PLOT, "forward|backward",
     "width: of the activations against h, or of the errors against h-error (forward)", .read = read_chain},
    {"--chain", CHAINS, "forward|backward", "one chain alone", .read = read_chain},
    {"--share", OPTIONS_PLOT, "S", "width: of the links that may rise where an h is trusted, 0 to 1 (0)",
     .read = read_share},
    {"--share", OPTIONS_SWEEP, "S", "of the links that may rise where an h is trusted, 0 to 1 (0)", .read = read_share},
    {"--tolerance", OPTIONS_PLOT, "BITS", "width: how far a link may rise (0.0001)", .read = read_tolerance},
    {"--tolerance", CHAINS, "BITS", "how far a link may rise (0.0001)", .read = read_tolerance},
    {"--quantities", OPTIONS_ESTIMATE, "Q,...",
     "only these: H(X) H(Y) H(T) I(X;T) I(T;Y) H(delta) I(deltaK;delta)\n"
     "tradeoff(X) nonredundant(X) tradeoff%(X) nonredundant%(X), the same with (Y)",
     .read = read_quantities},
    {"--quantities", OPTIONS_COMPUTE, "Q,...", "only what these take (infoflow estimate --help lists them)",
     .read = read_quantities},
    {"--no-pairs", OPTIONS_ESTIMATE | OPTIONS_COMPUTE, NULL, "leave out what is averaged over pairs of feature maps",
     AT(no_pairs)},
    {"--shard", OPTIONS_COMPUTE, "K/N", "the K-th of N shards, K from 1", .read = read_shard},
    {"--out", OPTIONS_COMPUTE, "PART.db", "where the shard's spectra are kept", AT(out)},
    {"--no-cache", OPTIONS_ESTIMATE | CHAINS, NULL, "neither read nor keep spectra in the database", AT(no_cache)},
    {"--overlay", OPTIONS_PLOT, NULL, "up to four RUNs on shared axes; else one plot after the other", AT(overlay)},
    {"--svg", OPTIONS_PLOT, "FILE", "write an SVG picture instead", AT(svg)},
    {"--size", OPTIONS_PLOT, "COLSxROWS", "how large (as the terminal, else 80x24; SVG 80x28)", .read = read_size},
    {"--charset", OPTIONS_SCREEN, "ascii|braille", "(braille where the locale has UTF-8, else ascii)",
     .read = read_charset},
    {"--color", OPTIONS_SCREEN, "auto|always|never", "(auto: on a terminal, unless NO_COLOR is set)",
     .read = read_color},
    {"--csv", OPTIONS_DATA, NULL, "as comma-separated values", .read = read_csv},
    {"--json", OPTIONS_DATA, NULL, "as JSON", .read = read_json},
    {"--help", 0, NULL, "print this", AT(help)},
    {"--version", OPTIONS_WORKBENCH, NULL, "print the version", AT(version)},
    {"--alpha", OPTIONS_PARAMS, "A", "Renyi order, >= 0 or inf (1.01)", .read = read_alpha},
    {"--h", OPTIONS_PARAMS, "H", "kernel width factor of X and T (silverman, fixed: 5; scaled: 20; else 1)",
     .read = read_h},
    {"--h-error", OPTIONS_PARAMS, "H",
     "kernel width factor of the errors delta (silverman, fixed: 0.1; scaled: 20; else 1)", .read = read_h_error},
    {"--h-label", OPTIONS_PARAMS, "H", "an RBF on one-hot labels instead of the delta kernel", .read = read_h_label},
    {"--width", OPTIONS_PARAMS, "silverman|scaled|median|knn|alignment|fixed",
     "how sigma follows from h and the distances (silverman)", .read = read_width},
    {"--composition", OPTIONS_PARAMS, "hadamard|tensor|geometric", "how feature maps become one kernel (hadamard)",
     .read = read_composition},
    {"--pairs", OPTIONS_PARAMS, "all|N", "pairs of feature maps to average over (all)", .read = read_pairs},
    {"--seed", OPTIONS_PARAMS, "S", "of the sample of N pairs (0)", .read = read_seed},
    {"--threads", OPTIONS_PARAMS, "N", "threads (all cores)", .read = read_threads},
    {.name = NULL},
};

const struct option *find_option(const struct command *command, const char *text, size_t length)
{
    for (const struct option *o = options; o->name != NULL; o++)
        if ((o->group == 0 || (o->group & command->options) != 0) && strlen(o->name) == length &&
            strncmp(o->name, text, length) == 0)
            return o;
    return NULL;
}

bool is_taken(const struct command *command, const struct option *option)
{
    return find_option(command, option->name, strlen(option->name)) == option;
}

bool takes_next_word(const char *name)
{
    for (const struct option *o = options; o->name != NULL; o++)
        if (strcmp(o->name, name) == 0)
            return o->value != NULL;
    return false;
}

static enum named what_is_named(const char *text, size_t length)
{
    static const struct {
        const char *name;
        enum named named;
    } known[] = {
        {"RUN", NAMED_RUN}, {"FILE", NAMED_FILE}, {"PATH", NAMED_FILE}, {"PART.db", NAMED_FILE}, {"DIR", NAMED_FOLDER}};
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        if (strlen(known[k].name) == length && strncmp(known[k].name, text, length) == 0)
            return known[k].named;
    return islower((unsigned char)*text) ? NAMED_ITSELF : NAMED_OTHER;
}

bool next_alternative(const char **at, struct alternative *out)
{
    const char *text = *at + strspn(*at, "[|");
    size_t length = strcspn(text, "|] ");
    *at = text + length;
    if (length > 3 && strncmp(text + length - 3, "...", 3) == 0)
        length -= 3;
    *out = (struct alternative){.text = text, .length = length, .named = what_is_named(text, length)};
    return length > 0;
}
