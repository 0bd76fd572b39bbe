/* Lines of the workbench's language, as typed after `:`, in the config file, in a saved view or the session. */
#include <string.h>

#include <tui/complete.h>
#include <tui/keys.h>
#include <tui/settings.h>

#include "fuzz.h"

static const char *word(void *context, enum words kind, size_t k)
{
    static const char *const words[] = {"mnist-6-12", "a b", "\x1b[31mred", "\xff", "lr", ""};
    (void)context;
    (void)kind;
    return k < sizeof words / sizeof *words ? words[k] : NULL;
}

/* What was read of a line can be said again. */
static void require_same_again(const struct command_line *line)
{
    struct command_line again;
    char written[COMMAND_ARGUMENT + 64];
    REQUIRE(line->command > DO_NOTHING && line->command < COMMANDS && can_be_typed(line->argument));
    snprintf(written, sizeof written, "%s %s", command_table[line->command].name, line->argument);
    REQUIRE(command_parse(written, &again, NULL) == IFL_OK);
    REQUIRE(again.command == line->command && strcmp(again.argument, line->argument) == 0);
}

static void check_completion(const struct completion *completion, size_t cursor)
{
    REQUIRE(completion->start <= completion->end && completion->end == cursor);
    for (size_t k = 1; k < completion->count; k++)
        REQUIRE(strcmp(completion->items[k - 1].text, completion->items[k].text) < 0);
    size_t common = completion_common(completion);
    for (size_t k = 0; k < completion->count; k++)
        REQUIRE(common <= strlen(completion->items[k].text));
}

static void complete(const char *line)
{
    static const struct vocabulary vocabulary = {.word = word, .no_disk = true};
    struct completion completion;
    size_t length = strlen(line);
    for (size_t cursor = 0; cursor <= length && cursor < 12; cursor++) {
        complete_command(&completion, line, cursor, &vocabulary);
        check_completion(&completion, cursor);
        completion_release(&completion);
    }
    for (int kind = ARGUMENT_NONE; kind <= ARGUMENT_SWITCH; kind++) {
        complete_argument(&completion, (enum argument)kind, line, length, &vocabulary);
        check_completion(&completion, length);
        completion_release(&completion);
    }
}

static void take(struct bindings *bindings, struct settings *settings, const char *text)
{
    struct command_line line, untouched;
    struct ifl_error error;
    memset(&line, 0x5a, sizeof line);
    untouched = line;
    enum ifl_status status = command_parse(text, &line, &error);
    if (status != IFL_OK) {
        require_refusal(status, IFL_INVALID, &error);
        REQUIRE(memcmp(&line, &untouched, sizeof line) == 0);
        return;
    }
    if (line.command == DO_NOTHING)
        return;
    require_same_again(&line);
    if (line.command == DO_BIND)
        bindings_bind(bindings, line.argument, &error);
    if (line.command == DO_UNBIND)
        bindings_unbind(bindings, line.argument, &error);
    if (line.command == DO_SET)
        settings_type(settings, line.argument, &error);
}

/* The keys that are bound can be named again; the parameters are some that the estimators take. */
static void check_state(const struct bindings *bindings, const struct settings *settings)
{
    char text[256], name[KEY_NAME];
    REQUIRE(bindings->count <= BINDINGS_MOST);
    for (size_t k = 0; k < bindings->count; k++) {
        int key = 0;
        REQUIRE(key_parse(key_text(name, bindings->items[k].key), &key, NULL) == IFL_OK);
        REQUIRE(key == bindings->items[k].key);
        bindings_find(bindings, key, ON_LIST);
    }
    for (size_t k = 0; k < key_rows; k++)
        REQUIRE(strlen(bindings_text(bindings, &key_table[k], KEYS_A_ROW, text, 32)) < 32);
    const struct ifl_params *params = &settings->now.params;
    REQUIRE(params->h > 0 && params->h_error > 0 && params->h_label >= 0 && params->alpha >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = text_of(data, size), *rest = NULL;
    struct bindings *bindings = calloc(1, sizeof *bindings);
    struct settings *settings = calloc(1, sizeof *settings);
    REQUIRE(bindings != NULL && settings != NULL);
    const struct ifl_params usual = ifl_params_default();
    settings_init(settings, &usual);
    size_t lines = 0;
    for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        take(bindings, settings, line);
        if (lines++ < 2)
            complete(line);
    }
    check_state(bindings, settings);
    free(settings);
    free(bindings);
    free(text);
    return 0;
}
