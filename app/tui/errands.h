/* Between the errands of the workbench. */
#ifndef TUI_ERRANDS_H
#define TUI_ERRANDS_H

#include "workbench.h"

/* An errand of `size` bytes, zeroed but for its first member, to be sent or discarded; NULL without memory, of which
 * the workbench says so. */
void *errand_new(struct workbench *workbench, size_t size, const struct errand *how);

#endif
