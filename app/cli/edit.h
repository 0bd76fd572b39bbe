/* What the commands that change runs have in common. */
#ifndef CLI_EDIT_H
#define CLI_EDIT_H

#include <cli/cli.h>

/* The run that `which` names among those: its id, and its name as a new string. */
enum ifl_status find_by_name(struct store *store, enum store_among among, const char *which, int64_t *id, char **name,
                             struct ifl_error *error);

/* Makes one change of each RUN of the words and says `NAME: done` on stderr; the exit code of the worst. */
int edit_runs(const struct arguments *arguments, enum store_among among,
              enum ifl_status (*edit)(struct store *store, int64_t id, struct ifl_error *error), const char *done);

#endif
