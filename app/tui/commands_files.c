/* Commands that read and write files, and the folder that is followed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "config.h"

/* ---- saved views ---- */

static enum ifl_status save(struct workbench *w, const char *argument, struct ifl_error *error)
{
    char *path;
    if (argument[0] == '\0') {
        workbench_prompt(w, DO_SAVE, "save this view as: ", "");
        return IFL_OK;
    }
    enum ifl_status status = view_path(argument, &path, error);
    if (status != IFL_OK)
        return status;
    errand_write(w, path, session_text(w, false), WRITE_OWN, "saved: `:load` brings it back");
    free(path);
    return IFL_OK;
}

static enum ifl_status load(struct workbench *w, const char *argument, struct ifl_error *error)
{
    char *path;
    if (argument[0] == '\0') {
        workbench_prompt(w, DO_LOAD, "load view: ", "");
        return IFL_OK;
    }
    enum ifl_status status = view_path(argument, &path, error);
    if (status != IFL_OK)
        return status;
    errand_load(w, path, argument);
    free(path);
    return IFL_OK;
}

/* ---- export ---- */

static enum ifl_status export(struct workbench *w, const char *argument, struct ifl_error *error)
{
    if (argument[0] == '\0') {
        bool list = w->screen == SCREEN_LIST;
        workbench_prompt(w, DO_EXPORT, list ? "export (csv json txt): " : "export (svg csv json txt): ",
                         list ? "runs.csv" : "infoflow.svg");
        return IFL_OK;
    }
    char *path = path_expand(argument);
    enum ifl_status status = path == NULL ? ifl_fail(error, IFL_NO_MEMORY, "export: out of memory")
                                          : export_screen(w, path, error);
    free(path);
    return status;
}

/* ---- following ---- */

static enum ifl_status watch(struct workbench *w, const char *argument, struct ifl_error *error)
{
    if (argument[0] == '\0') {
        workbench_prompt(w, DO_WATCH, "follow folder (- for none): ", w->followed != NULL ? w->followed : "");
        return IFL_OK;
    }
    bool none = strcmp(argument, "-") == 0;
    char *path = none ? NULL : path_expand(argument);
    if (!none && path == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "watch: out of memory");
    errand_watch(w, path);
    free(path);
    return IFL_OK;
}

bool commands_files(struct workbench *w, enum command command, const char *argument, enum ifl_status *status,
                    struct ifl_error *error)
{
    if (command == DO_SAVE)
        *status = save(w, argument, error);
    else if (command == DO_LOAD)
        *status = load(w, argument, error);
    else if (command == DO_EXPORT)
        *status = export(w, argument, error);
    else if (command == DO_WATCH)
        *status = watch(w, argument, error);
    else
        return false;
    return true;
}
