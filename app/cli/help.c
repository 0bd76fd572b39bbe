/* What the commands say of themselves: each its own words, and of its options what the table has. */
#include <string.h>

#include <cli/options.h>
#include <infoflow/infoflow.h>

enum { COLUMN = 22 }; /* where what an option does begins */

static void print_option(const struct option *option)
{
    int width = option->value == NULL ? printf("  %s", option->name) : printf("  %s %s", option->name, option->value);
    const char *line = option->help;
    if (width > COLUMN - 2) {
        putchar('\n');
        width = 0;
    }
    for (; *line != '\0'; width = 0) {
        size_t length = strcspn(line, "\n");
        printf("%*s%.*s\n", COLUMN - width, "", (int)length, line);
        line += length + (line[length] == '\n');
    }
}

static void print_options(const struct command *command, unsigned of, const char *title)
{
    bool titled = false;
    for (const struct option *o = options; o->name != NULL; o++) {
        if (!is_taken(command, o) || (o->group == OPTIONS_PARAMS) != (of == OPTIONS_PARAMS))
            continue;
        if (!titled)
            printf("\n%s:\n", title);
        titled = true;
        print_option(o);
    }
}

static void print_commands(void)
{
    enum { SUMMARIES = 52 };
    printf("infoflow " IFL_VERSION ": how information flows through a neural network while it trains\n\n");
    printf("usage: %-*s%s\n", SUMMARIES - 7, "infoflow [RUN]", workbench.summary);
    for (const struct command *c = commands; c->name != NULL; c++) {
        int width = printf("       infoflow %s %s", c->name, c->words);
        printf("%*s%s\n", width < SUMMARIES ? SUMMARIES - width : 1, "", c->summary);
    }
    puts("       infoflow COMMAND --help\n");
}

void print_help(const struct command *command)
{
    if (command == &workbench)
        print_commands();
    else
        printf("usage: infoflow %s [OPTION...]%s%s\n\n", command->name, *command->words != '\0' ? " " : "", command->words);
    fputs(command->help, stdout);
    print_options(command, 0, "Options");
    print_options(command, OPTIONS_PARAMS, "Parameters");
}
