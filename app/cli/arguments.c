/* Options, anywhere among the words. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <base/nearest.h>
#include <cli/arguments.h>
#include <intake/intake.h>

struct option {
    const char *name;
    unsigned group; /* 0: every command */
    bool takes_value;
    enum ifl_status (*read)(struct arguments *arguments, const char *value, struct ifl_error *error);
};

/* ---- values ---- */

enum ifl_status read_number(const char *text, double *out, struct ifl_error *error)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || isnan(value))
        return ifl_fail(error, IFL_INVALID, "'%s' is not a number", text);
    *out = value;
    return IFL_OK;
}

enum ifl_status read_count(const char *text, unsigned long long most, unsigned long long *out,
                           struct ifl_error *error)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || value > most)
        return ifl_fail(error, IFL_INVALID, "'%s' is not a whole number from 0 to %llu", text, most);
    *out = value;
    return IFL_OK;
}

static enum ifl_status no_such(const char *text, const char *known, struct ifl_error *error)
{
    return ifl_fail(error, IFL_INVALID, "'%s' is not one of %s", text, known);
}

static enum ifl_status read_db(struct arguments *a, const char *value, struct ifl_error *error)
{
    if (*value == '\0')
        return ifl_fail(error, IFL_INVALID, "the file's name is empty");
    a->db = value;
    return IFL_OK;
}

static enum ifl_status read_alpha(struct arguments *a, const char *value, struct ifl_error *error)
{
    return read_number(value, &a->params.alpha, error);
}

static enum ifl_status read_h(struct arguments *a, const char *value, struct ifl_error *error)
{
    a->h_given = true;
    return read_number(value, &a->params.h, error);
}

static enum ifl_status read_h_error(struct arguments *a, const char *value, struct ifl_error *error)
{
    a->h_error_given = true;
    return read_number(value, &a->params.h_error, error);
}

static enum ifl_status read_h_label(struct arguments *a, const char *value, struct ifl_error *error)
{
    double h = 0;
    enum ifl_status status = read_number(value, &h, error);
    if (status == IFL_OK && !(h > 0)) /* 0 is how the core is told of the delta kernel */
        return ifl_fail(error, IFL_INVALID, "must be above 0, not %s", value);
    if (status == IFL_OK)
        a->params.h_label = h;
    return status;
}

static enum ifl_status read_width(struct arguments *a, const char *value, struct ifl_error *error)
{
    return ifl_width_rule_parse(value, &a->params.width)
               ? IFL_OK
               : no_such(value, "silverman, scaled, median, knn, alignment, fixed", error);
}

static enum ifl_status read_composition(struct arguments *a, const char *value, struct ifl_error *error)
{
    return ifl_composition_parse(value, &a->params.composition)
               ? IFL_OK
               : no_such(value, "hadamard, tensor, geometric", error);
}

static enum ifl_status read_pairs(struct arguments *a, const char *value, struct ifl_error *error)
{
    unsigned long long count = 0;
    enum ifl_status status = strcmp(value, "all") == 0 ? IFL_OK : read_count(value, SIZE_MAX, &count, error);
    if (status == IFL_OK && count == 0 && strcmp(value, "all") != 0)
        return ifl_fail(error, IFL_INVALID, "at least one pair, or all");
    if (status == IFL_OK)
        a->params.pairs = (size_t)count;
    return status;
}

static enum ifl_status read_seed(struct arguments *a, const char *value, struct ifl_error *error)
{
    unsigned long long seed = 0;
    enum ifl_status status = read_count(value, UINT64_MAX, &seed, error);
    if (status == IFL_OK)
        a->params.seed = seed;
    return status;
}

static enum ifl_status read_threads(struct arguments *a, const char *value, struct ifl_error *error)
{
    unsigned long long threads = 0;
    enum ifl_status status = read_count(value, 1024, &threads, error);
    if (status == IFL_OK && threads == 0)
        return ifl_fail(error, IFL_INVALID, "at least one thread");
    if (status == IFL_OK)
        a->threads = (int)threads;
    return status;
}

static enum ifl_status read_csv(struct arguments *a, const char *value, struct ifl_error *error)
{
    (void)value, (void)error;
    a->format = FORMAT_CSV;
    return IFL_OK;
}

static enum ifl_status read_json(struct arguments *a, const char *value, struct ifl_error *error)
{
    (void)value, (void)error;
    a->format = FORMAT_JSON;
    return IFL_OK;
}

static enum ifl_status read_steps(struct arguments *a, const char *value, struct ifl_error *error)
{
    (void)error;
    a->steps = value;
    return IFL_OK;
}

static enum ifl_status read_step(struct arguments *a, const char *value, struct ifl_error *error)
{
    (void)error;
    a->step = value;
    return IFL_OK;
}

static enum ifl_status read_quantities(struct arguments *a, const char *value, struct ifl_error *error)
{
    ifl_quantity_set set = 0;
    for (const char *at = value; *at != '\0';) {
        size_t length = strcspn(at, ",");
        char name[32];
        enum ifl_quantity quantity;
        snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), at);
        if (length >= sizeof name || !ifl_quantity_parse(name, &quantity))
            return ifl_fail(error, IFL_INVALID, "'%.*s' is no quantity (infoflow estimate --help lists them)",
                            (int)length, at);
        set |= IFL_BIT(quantity);
        at += length + (at[length] == ',');
    }
    if (set == 0)
        return ifl_fail(error, IFL_INVALID, "at least one quantity");
    a->quantities = set;
    return IFL_OK;
}

static enum ifl_status read_no_pairs(struct arguments *a, const char *value, struct ifl_error *error)
{
    (void)value, (void)error;
    a->no_pairs = true;
    return IFL_OK;
}

static enum ifl_status read_no_cache(struct arguments *a, const char *value, struct ifl_error *error)
{
    (void)value, (void)error;
    a->no_cache = true;
    return IFL_OK;
}

static enum ifl_status read_size(struct arguments *a, const char *value, struct ifl_error *error)
{
    int columns, rows, used = 0;
    if (sscanf(value, "%5dx%5d%n", &columns, &rows, &used) != 2 || value[used] != '\0' || columns < 1 || rows < 1 ||
        columns > 2000 || rows > 1000)
        return ifl_fail(error, IFL_INVALID, "'%s' is no size such as 80x24 (at most 2000x1000)", value);
    a->columns = columns;
    a->rows = rows;
    return IFL_OK;
}

static enum ifl_status read_charset(struct arguments *a, const char *value, struct ifl_error *error)
{
    if (strcmp(value, "ascii") == 0)
        a->charset = CHARSET_ASCII;
    else if (strcmp(value, "braille") == 0)
        a->charset = CHARSET_BRAILLE;
    else
        return no_such(value, "ascii, braille", error);
    return IFL_OK;
}

static enum ifl_status read_color(struct arguments *a, const char *value, struct ifl_error *error)
{
    if (strcmp(value, "auto") == 0)
        a->color = COLOR_AUTO;
    else if (strcmp(value, "always") == 0)
        a->color = COLOR_ALWAYS;
    else if (strcmp(value, "never") == 0)
        a->color = COLOR_NEVER;
    else
        return no_such(value, "auto, always, never", error);
    return IFL_OK;
}

static enum ifl_status read_svg(struct arguments *a, const char *value, struct ifl_error *error)
{
    if (*value == '\0')
        return ifl_fail(error, IFL_INVALID, "the file's name is empty");
    a->svg = value;
    return IFL_OK;
}

static enum ifl_status read_overlay(struct arguments *a, const char *value, struct ifl_error *error)
{
    (void)value;
    (void)error;
    a->overlay = true;
    return IFL_OK;
}

static enum ifl_status read_chain(struct arguments *a, const char *value, struct ifl_error *error)
{
    if (strcmp(value, "forward") == 0)
        a->chain = IFL_FORWARD;
    else if (strcmp(value, "backward") == 0)
        a->chain = IFL_BACKWARD;
    else
        return no_such(value, "forward, backward", error);
    return IFL_OK;
}

static enum ifl_status read_over(struct arguments *a, const char *value, struct ifl_error *error)
{
    if (strcmp(value, "training") == 0)
        a->over = OVER_TRAINING;
    else if (strcmp(value, "topologies") == 0)
        a->over = OVER_TOPOLOGIES;
    else
        return no_such(value, "training, topologies", error);
    return IFL_OK;
}

static enum ifl_status read_layer(struct arguments *a, const char *value, struct ifl_error *error)
{
    (void)error;
    a->layer = value;
    return IFL_OK;
}

static enum ifl_status read_with(struct arguments *a, const char *value, struct ifl_error *error)
{
    if (strcmp(value, "x") != 0 && strcmp(value, "y") != 0)
        return no_such(value, "x, y", error);
    a->with_y = value[0] == 'y';
    return IFL_OK;
}

static enum ifl_status read_tolerance(struct arguments *a, const char *value, struct ifl_error *error)
{
    enum ifl_status status = read_number(value, &a->tolerance, error);
    if (status == IFL_OK && !(a->tolerance >= 0))
        return ifl_fail(error, IFL_INVALID, "must be at least 0, not %s", value);
    return status;
}

static enum ifl_status read_filter(struct arguments *a, const char *value, struct ifl_error *error)
{
    (void)error;
    a->filter = value;
    return IFL_OK;
}

static enum ifl_status read_deleted(struct arguments *a, const char *value, struct ifl_error *error)
{
    (void)value, (void)error;
    a->deleted = true;
    return IFL_OK;
}

static enum ifl_status read_purge(struct arguments *a, const char *value, struct ifl_error *error)
{
    (void)value, (void)error;
    a->purge = true;
    return IFL_OK;
}

static enum ifl_status read_watch(struct arguments *a, const char *value, struct ifl_error *error)
{
    if (*value == '\0')
        return ifl_fail(error, IFL_INVALID, "the folder's name is empty");
    a->watch = value;
    return IFL_OK;
}

static enum ifl_status read_poll(struct arguments *a, const char *value, struct ifl_error *error)
{
    (void)value, (void)error;
    a->poll = true;
    return IFL_OK;
}

static enum ifl_status read_maps(struct arguments *a, const char *value, struct ifl_error *error)
{
    unsigned long long count = 0;
    if (strcmp(value, "all") == 0) {
        a->maps = INTAKE_ALL_MAPS;
        return IFL_OK;
    }
    enum ifl_status status = read_count(value, INT32_MAX, &count, error);
    if (status == IFL_OK && count < 2)
        return ifl_fail(error, IFL_INVALID, "at least 2 maps, so that there is a pair, or all");
    if (status == IFL_OK)
        a->maps = (size_t)count;
    return status;
}

static enum ifl_status read_help(struct arguments *a, const char *value, struct ifl_error *error)
{
    (void)value, (void)error;
    a->help = true;
    return IFL_OK;
}

static const struct option options[] = {
    {"--help", 0, false, read_help},
    {"--db", 0, true, read_db},
    {"--csv", OPTIONS_DATA, false, read_csv},
    {"--json", OPTIONS_DATA, false, read_json},
    {"--alpha", OPTIONS_PARAMS, true, read_alpha},
    {"--h", OPTIONS_GRID, true, read_h_grid}, /* before the same of other commands */
    {"--h-error", OPTIONS_GRID, true, read_h_error_grid},
    {"--h", OPTIONS_PARAMS, true, read_h},
    {"--h-error", OPTIONS_PARAMS, true, read_h_error},
    {"--h-label", OPTIONS_PARAMS, true, read_h_label},
    {"--width", OPTIONS_PARAMS, true, read_width},
    {"--composition", OPTIONS_PARAMS, true, read_composition},
    {"--pairs", OPTIONS_PARAMS, true, read_pairs},
    {"--seed", OPTIONS_PARAMS, true, read_seed},
    {"--threads", OPTIONS_PARAMS, true, read_threads},
    {"--steps", OPTIONS_ESTIMATE | OPTIONS_CHECK | OPTIONS_SWEEP | OPTIONS_COMPUTE, true, read_steps},
    {"--quantities", OPTIONS_ESTIMATE | OPTIONS_COMPUTE, true, read_quantities},
    {"--no-pairs", OPTIONS_ESTIMATE | OPTIONS_COMPUTE, false, read_no_pairs},
    {"--no-cache", OPTIONS_ESTIMATE | OPTIONS_PLOT | OPTIONS_CHECK | OPTIONS_SWEEP, false, read_no_cache},
    {"--chain", OPTIONS_CHECK | OPTIONS_PLOT | OPTIONS_SWEEP, true, read_chain},
    {"--tolerance", OPTIONS_CHECK | OPTIONS_PLOT | OPTIONS_SWEEP, true, read_tolerance},
    {"--share", OPTIONS_SWEEP, true, read_share},
    {"--shard", OPTIONS_COMPUTE, true, read_shard},
    {"--out", OPTIONS_COMPUTE, true, read_out},
    {"--over", OPTIONS_PLOT, true, read_over},
    {"--layer", OPTIONS_PLOT | OPTIONS_SWEEP, true, read_layer},
    {"--with", OPTIONS_PLOT, true, read_with},
    {"--filter", OPTIONS_RUNS, true, read_filter},
    {"--deleted", OPTIONS_RUNS, false, read_deleted},
    {"--purge", OPTIONS_DELETE, false, read_purge},
    {"--step", OPTIONS_PLOT, true, read_step},
    {"--size", OPTIONS_PLOT, true, read_size},
    {"--svg", OPTIONS_PLOT, true, read_svg},
    {"--overlay", OPTIONS_PLOT, false, read_overlay},
    {"--watch", OPTIONS_WORKBENCH, true, read_watch},
    {"--poll", OPTIONS_WATCH, false, read_poll},
    {"--maps", OPTIONS_INTAKE, true, read_maps},
    {"--charset", OPTIONS_SCREEN, true, read_charset},
    {"--color", OPTIONS_SCREEN, true, read_color},
};

/* ---- the line ---- */

bool takes_next_word(const char *option)
{
    for (size_t k = 0; k < sizeof options / sizeof *options; k++)
        if (strcmp(options[k].name, option) == 0)
            return options[k].takes_value;
    return false;
}

static bool is_taken(const struct command *command, const struct option *option)
{
    return option->group == 0 || (option->group & command->options) != 0;
}

/* The option of this name (`length` bytes of `text`) that the command takes, or NULL. */
static const struct option *find_option(const struct command *command, const char *text, size_t length)
{
    for (size_t k = 0; k < sizeof options / sizeof *options; k++) {
        const struct option *o = &options[k];
        if (is_taken(command, o) && strlen(o->name) == length && strncmp(o->name, text, length) == 0)
            return o;
    }
    return NULL;
}

static enum ifl_status unknown_option(const struct command *command, const char *text, struct ifl_error *error)
{
    const char *names[sizeof options / sizeof *options]; /* without their dashes, which are no likeness */
    size_t count = 0, dashes = strspn(text, "-"), length = strcspn(text, "=");
    for (size_t k = 0; k < sizeof options / sizeof *options; k++)
        if (is_taken(command, &options[k]))
            names[count++] = options[k].name + 2;
    const char *meant = length > dashes ? nearest_name(names, count, text + dashes, length - dashes) : NULL;
    if (meant != NULL)
        return ifl_fail(error, IFL_INVALID, "no such option %.*s: --%s?", (int)length, text, meant);
    const char *space = command->name[0] == '\0' ? "" : " ";
    return ifl_fail(error, IFL_INVALID, "no such option %.*s (infoflow%s%s --help lists them)", (int)length, text, space,
                    command->name);
}

/* Reads argv[*at], an option, and its value; moves *at to the last word used. */
static enum ifl_status read_option(struct arguments *a, const struct command *command, int argc, char **argv, int *at,
                                   struct ifl_error *error)
{
    const char *text = argv[*at];
    if (strcmp(text, "-h") == 0)
        text = "--help";
    size_t length = strcspn(text, "=");
    const struct option *option = find_option(command, text, length);
    if (option == NULL)
        return unknown_option(command, text, error);
    if (!option->takes_value && text[length] == '=')
        return ifl_fail(error, IFL_INVALID, "%s: takes no value", option->name);
    const char *value = NULL;
    if (option->takes_value && text[length] == '=')
        value = text + length + 1;
    else if (option->takes_value && ++*at < argc)
        value = argv[*at];
    if (option->takes_value && value == NULL)
        return ifl_fail(error, IFL_INVALID, "%s: needs a value", option->name);
    enum ifl_status status = option->read(a, value, error);
    if (status != IFL_OK)
        ifl_error_prefix(error, "%s", option->name);
    return status;
}

/* What is not given is what is usual under the width rule, wherever in the line that stands. */
static void settle_widths(struct arguments *a)
{
    struct ifl_params usual = a->params;
    ifl_params_set_width(&usual, a->params.width);
    if (!a->h_given)
        a->params.h = usual.h;
    if (!a->h_error_given)
        a->params.h_error = usual.h_error;
}

enum ifl_status arguments_parse(struct arguments *out, const struct command *command, int argc, char **argv,
                                struct ifl_error *error)
{
    struct arguments a = {.params = ifl_params_default(), .quantities = IFL_ALL_QUANTITIES, .charset = -1, .chain = -1, .over = -1, .tolerance = IFL_DPI_TOLERANCE};
    enum ifl_status status = IFL_OK;
    bool only_words = false;
    a.words = ifl_alloc((size_t)argc, sizeof *a.words);
    if (a.words == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for the command line");
    for (int k = 0; k < argc && status == IFL_OK; k++) {
        if (!only_words && strcmp(argv[k], "--") == 0)
            only_words = true;
        else if (!only_words && argv[k][0] == '-' && argv[k][1] != '\0')
            status = read_option(&a, command, argc, argv, &k, error);
        else
            a.words[a.n_words++] = argv[k];
    }
    settle_widths(&a);
    if (status == IFL_OK && !a.help) {
        status = ifl_params_check(&a.params, error);
        if (status != IFL_OK) { /* "alpha: ..." of the core is the option's value here */
            struct ifl_error core = *error;
            ifl_fail(error, status, "--%s", core.message);
        }
    }
    if (status != IFL_OK) {
        arguments_release(&a);
        return status;
    }
    *out = a;
    return IFL_OK;
}

void arguments_release(struct arguments *arguments)
{
    free(arguments->words);
    arguments->words = NULL;
}
