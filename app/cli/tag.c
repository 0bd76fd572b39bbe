/* infoflow tag: a run's tags. */
#include <stdlib.h>
#include <string.h>

#include <cli/cli.h>

/* KEY=VALUE within the database's bounds: all are looked at before the first is set. */
static enum ifl_status check_word(const char *word, struct ifl_error *error)
{
    const char *equal = strchr(word, '=');
    if (equal == NULL || equal == word)
        return ifl_fail(error, IFL_INVALID, "%s: is not KEY=VALUE (infoflow tag --help)", word);
    if (equal - word > STORE_MAX_NAME)
        return ifl_fail(error, IFL_INVALID, "%.40s...: the key is longer than %d bytes", word, STORE_MAX_NAME);
    if (strlen(equal + 1) > STORE_MAX_TAG)
        return ifl_fail(error, IFL_INVALID, "%.*s: the value is longer than %d bytes", (int)(equal - word), word,
                        STORE_MAX_TAG);
    return IFL_OK;
}

static enum ifl_status set_word(struct store *store, int64_t id, const char *word, struct ifl_error *error)
{
    const char *equal = strchr(word, '=');
    char *key = strndup(word, (size_t)(equal - word));
    if (key == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "out of memory");
    enum ifl_status status = store_set_tag(store, id, key, equal[1] != '\0' ? equal + 1 : NULL, error);
    free(key);
    return status;
}

int command_tag(struct arguments *arguments)
{
    struct store *store;
    struct ifl_error error;
    int64_t id;
    if (arguments->n_words < 2) {
        say("tag: needs a RUN and KEY=VALUE (infoflow tag --help)");
        return EXIT_USAGE;
    }
    for (int k = 1; k < arguments->n_words; k++)
        if (check_word(arguments->words[k], &error) != IFL_OK)
            return fail(&error);
    enum ifl_status status = open_database(&store, arguments, STORE_WRITE, &error);
    if (status != IFL_OK)
        return fail(&error);
    status = store_find_run(store, arguments->words[0], &id, &error);
    for (int k = 1; k < arguments->n_words && status == IFL_OK; k++)
        status = set_word(store, id, arguments->words[k], &error);
    store_close(store);
    return status == IFL_OK ? EXIT_DONE : fail(&error);
}
