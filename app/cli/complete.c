/* What a command line that is being typed in a shell may go on with. The completions of the shells ask the program, so
 * that what they offer is what it takes: infoflow --complete WORD..., the last WORD up to the cursor. It answers with a
 * line that says what the shell itself is to complete, `words` (nothing), `files` or `folders`, and then with words,
 * one a line, some with a tab and what they are. */
#include <stdlib.h>
#include <string.h>

#include <base/text.h>
#include <cli/options.h>

struct line {
    const struct command *command;
    const struct option *option; /* whose value is being typed, or NULL */
    const char *word;            /* what is being typed */
    size_t prefix;               /* of it: "--option=" */
    const char *db;
    int position;    /* among the command's words */
    bool only_words; /* behind "--" */
};

/* ---- what there is before the cursor ---- */

static void read_words(struct line *line, int count, char **words)
{
    for (int k = 0; k < count; k++) {
        if (line->option != NULL) {
            if (strcmp(line->option->name, "--db") == 0)
                line->db = words[k];
            line->option = NULL;
        } else if (line->only_words || words[k][0] != '-' || words[k][1] == '\0') {
            line->position++;
        } else if (strcmp(words[k], "--") == 0) {
            line->only_words = true;
        } else {
            if (strncmp(words[k], "--db=", 5) == 0)
                line->db = words[k] + 5;
            line->option = find_option(line->command, words[k], strlen(words[k]));
            if (line->option != NULL && line->option->value == NULL)
                line->option = NULL;
        }
    }
}

/* The word under the cursor may be an option and its value in one. */
static void read_word(struct line *line)
{
    const char *equals = strchr(line->word, '=');
    if (line->option != NULL || line->only_words || line->word[0] != '-' || equals == NULL)
        return;
    line->option = find_option(line->command, line->word, (size_t)(equals - line->word));
    if (line->option != NULL)
        line->prefix = (size_t)(equals - line->word) + 1;
}

/* ---- what is offered ---- */

static void offer(const struct line *line, const char *text, size_t length, const char *what)
{
    const char *typed = line->word + line->prefix;
    if (strlen(typed) > length || strncmp(text, typed, strlen(typed)) != 0)
        return;
    printf("%.*s%.*s", (int)line->prefix, line->word, (int)length, text);
    if (what != NULL)
        printf("\t%.*s", (int)strcspn(what, "\n"), what);
    putchar('\n');
}

static void offer_options(const struct line *line)
{
    for (const struct option *o = options; o->name != NULL; o++)
        if (is_taken(line->command, o))
            offer(line, o->name, strlen(o->name), o->help);
}

static void offer_commands(const struct line *line)
{
    for (const struct command *c = commands; c->name != NULL; c++)
        offer(line, c->name, strlen(c->name), c->summary);
}

/* A name that a line could not be told of as it is, or that would be taken for something else. */
static bool cannot_be_typed(const struct line *line, const char *name)
{
    char *clean = text_clean_new(name);
    bool other = clean == NULL || strcmp(clean, name) != 0;
    free(clean);
    return other || (!line->only_words && (name[0] == '-' || (line->command == &workbench && find_command(name))));
}

/* A new string: the shells leave "~/" as it was typed. NULL: the line names no database. */
static char *typed_database(const struct line *line)
{
    const char *home = getenv("HOME");
    if (line->db == NULL)
        return NULL;
    if (strncmp(line->db, "~/", 2) != 0 || home == NULL)
        return strdup(line->db);
    size_t size = strlen(home) + strlen(line->db);
    char *path = ifl_alloc(size, 1);
    if (path != NULL)
        snprintf(path, size, "%s%s", home, line->db + 1);
    return path;
}

/* Where there is no database, or one that is no such, there are no runs. */
static void offer_runs(const struct line *line)
{
    char *db = typed_database(line);
    struct arguments arguments = {.db = db};
    struct store *store = NULL;
    struct store_run *runs = NULL;
    size_t count = 0;
    struct store_left_out left_out;
    struct ifl_error error;
    enum ifl_status status = open_database(&store, &arguments, STORE_READ, &error);
    if (status == IFL_OK)
        status = store_list_runs_among(store, line->command->among, &runs, &count, &left_out, &error);
    for (size_t k = 0; status == IFL_OK && k < count; k++)
        if (!cannot_be_typed(line, runs[k].run.name))
            offer(line, runs[k].run.name, strlen(runs[k].run.name), NULL);
    store_runs_free(runs, count);
    store_close(store);
    free(db);
}

static void offer_pattern(const struct line *line, const char *pattern)
{
    struct alternative a, first = {.named = NAMED_OTHER};
    const char *at = pattern;
    next_alternative(&at, &first);
    puts(first.named == NAMED_FILE ? "files" : first.named == NAMED_FOLDER ? "folders" : "words");
    if (line->command == &workbench && line->option == NULL && !line->only_words)
        offer_commands(line);
    for (at = pattern; next_alternative(&at, &a);) {
        if (a.named == NAMED_ITSELF)
            offer(line, a.text, a.length, NULL);
        else if (a.named == NAMED_RUN)
            offer_runs(line);
    }
}

/* The pattern of the command's word at `position`; NULL where it takes no such word. The last may be many. */
static const char *pattern_at(const char *words, int position)
{
    for (; position > 0; position--) {
        const char *end = words + strcspn(words, " ");
        if (*end == '\0')
            return strstr(words, "...") != NULL ? words : NULL;
        words = end + 1;
    }
    return *words != '\0' ? words : NULL;
}

int complete(int argc, char **argv)
{
    char empty[] = "";
    struct line line = {.word = argc > 1 ? argv[--argc] : empty};
    const struct command *command = take_command(&argc, argv);
    line.command = command != NULL ? command : &workbench;
    read_words(&line, argc - 1, argv + 1);
    read_word(&line);
    const char *pattern = line.option != NULL ? line.option->value : pattern_at(line.command->words, line.position);
    if (line.option == NULL && !line.only_words && (line.word[0] == '-' || pattern == NULL)) {
        puts("words");
        offer_options(&line);
    } else if (pattern != NULL) {
        offer_pattern(&line, pattern);
    }
    return EXIT_DONE;
}
