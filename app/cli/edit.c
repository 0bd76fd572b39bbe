#include <stdlib.h>

#include <cli/edit.h>

enum ifl_status find_by_name(struct store *store, enum store_among among, const char *which, int64_t *id, char **name,
                             struct ifl_error *error)
{
    int64_t found;
    enum ifl_status status = store_find_run_among(store, among, which, &found, error);
    if (status == IFL_OK)
        status = store_run_name(store, found, name, error);
    if (status == IFL_OK)
        *id = found;
    return status;
}

int edit_runs(const struct arguments *arguments, enum store_among among,
              enum ifl_status (*edit)(struct store *store, int64_t id, struct ifl_error *error), const char *done)
{
    struct store *store;
    struct ifl_error error;
    int code = EXIT_DONE;
    if (open_database(&store, arguments, STORE_WRITE, &error) != IFL_OK)
        return fail(&error);
    for (int k = 0; k < arguments->n_words; k++) {
        int64_t id;
        char *name = NULL;
        enum ifl_status status = find_by_name(store, among, arguments->words[k], &id, &name, &error);
        if (status == IFL_OK)
            status = edit(store, id, &error);
        if (status == IFL_OK)
            say("%s: %s", name, done);
        int failed = status == IFL_OK ? EXIT_DONE : fail(&error);
        code = failed > code ? failed : code;
        free(name);
    }
    store_close(store);
    return code;
}
