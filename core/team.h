/* Work shared by several threads. Private to the core. */
#ifndef CORE_TEAM_H
#define CORE_TEAM_H

#include "infoflow/spectrum.h"

/* How many threads `control` (may be NULL) asks for. */
int team_size(const struct ifl_control *control);

/* Whether it has been canceled. */
bool team_canceled(const struct ifl_control *control);

/* Calls share(context) in this thread and in threads - 1 others, fewer where they cannot be started, and waits for
 * them. What is shared out is for `share` to agree on. */
void team_run(size_t threads, void *(*share)(void *context), void *context);

#endif
