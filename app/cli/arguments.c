/* Reading a command line: options, anywhere among the words. */
#include <stdlib.h>
#include <string.h>

#include <base/nearest.h>
#include <cli/options.h>

static enum ifl_status unknown_option(const struct command *command, const char *text, struct ifl_error *error)
{
    const char *names[64]; /* without their dashes, which are no likeness */
    size_t count = 0, dashes = strspn(text, "-"), length = strcspn(text, "=");
    for (const struct option *o = options; o->name != NULL && count < sizeof names / sizeof *names; o++)
        if (is_taken(command, o))
            names[count++] = o->name + 2;
    const char *meant = length > dashes ? nearest_name(names, count, text + dashes, length - dashes) : NULL;
    if (meant != NULL)
        return ifl_fail(error, IFL_INVALID, "no such option %.*s: --%s?", (int)length, text, meant);
    const char *space = command->name[0] == '\0' ? "" : " ";
    return ifl_fail(error, IFL_INVALID, "no such option %.*s (infoflow%s%s --help lists them)", (int)length, text,
                    space, command->name);
}

/* Of a pattern without names of things, the value is one of its words. */
static enum ifl_status check_choice(const char *pattern, const char *value, struct ifl_error *error)
{
    struct alternative choice;
    for (const char *at = pattern; next_alternative(&at, &choice);)
        if (choice.named != NAMED_ITSELF ||
            (strlen(value) == choice.length && strncmp(value, choice.text, choice.length) == 0))
            return IFL_OK;
    return ifl_fail(error, IFL_INVALID, "'%s' is not one of %s", value, pattern);
}

/* A switch, or a text as it stands; the name of a file or folder is not empty. */
static enum ifl_status store_value(struct arguments *a, const struct option *option, const char *value,
                                   struct ifl_error *error)
{
    void *place = (char *)a + option->stored;
    if (option->value == NULL) {
        *(bool *)place = true;
        return IFL_OK;
    }
    struct alternative what;
    const char *at = option->value;
    if (*value == '\0' && next_alternative(&at, &what) && (what.named == NAMED_FILE || what.named == NAMED_FOLDER))
        return ifl_fail(error, IFL_INVALID, "the name is empty");
    *(const char **)place = value;
    return IFL_OK;
}

static enum ifl_status take_value(struct arguments *a, const struct option *option, const char *value,
                                  struct ifl_error *error)
{
    enum ifl_status status = option->value != NULL ? check_choice(option->value, value, error) : IFL_OK;
    if (status == IFL_OK)
        status = option->read != NULL ? option->read(a, value, error) : store_value(a, option, value, error);
    if (status != IFL_OK)
        ifl_error_prefix(error, "%s", option->name);
    return status;
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
    if (option->value == NULL && text[length] == '=')
        return ifl_fail(error, IFL_INVALID, "%s: takes no value", option->name);
    const char *value = NULL;
    if (option->value != NULL && text[length] == '=')
        value = text + length + 1;
    else if (option->value != NULL && ++*at < argc)
        value = argv[*at];
    if (option->value != NULL && value == NULL)
        return ifl_fail(error, IFL_INVALID, "%s: needs a value", option->name);
    return take_value(a, option, value, error);
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
    struct arguments a = {.params = ifl_params_default(),
                          .quantities = IFL_ALL_QUANTITIES,
                          .charset = -1,
                          .chain = -1,
                          .over = -1,
                          .tolerance = IFL_DPI_TOLERANCE};
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
