/* What commands do, between the files that do it. */
#ifndef TUI_COMMANDS_H
#define TUI_COMMANDS_H

#include "workbench.h"

/* commands_view.c, commands_runs.c, commands_files.c: true where the command is one of theirs; *status says how it
 * went. */
bool commands_view(struct workbench *workbench, enum command command, const char *argument, enum ifl_status *status,
                   struct ifl_error *error);
bool commands_runs(struct workbench *workbench, enum command command, const char *argument, enum ifl_status *status,
                   struct ifl_error *error);
bool commands_files(struct workbench *workbench, enum command command, const char *argument, enum ifl_status *status,
                    struct ifl_error *error);
/* `on`, `off`, or, with nothing, the other way round. */
enum ifl_status commands_switch(const char *argument, bool *value, struct ifl_error *error);
/* Takes the runs last put into the bin out of it. */
void commands_restore_last(struct workbench *workbench);
void commands_zoom(struct workbench *workbench, enum panel panel, double factor);

#endif
