/* Lists of runs without a database. */
#ifndef TESTS_TUI_RUNS_FIXTURE_H
#define TESTS_TUI_RUNS_FIXTURE_H

#include <tui/runs.h>

enum { LIST_RUNS = 27, LIST_NOW = 1700000000 };

/* 3 topologies x 2 activations x 4 seeds with ids 1 to 24, and 25 to 27, which are hostile or poor; by name. To be
 * taken over by runs_take. */
struct store_run *list_items(size_t *count);
/* `count` runs, ten to a group, of 20 params and 10 metrics. */
struct store_run *list_of_many(size_t count);

/* A list of list_items with `now` set. */
struct runs list_runs(void);

/* What is drawn of a list, on a canvas of its own: lines ended by newlines; free(). */
char *list_table(struct runs *runs, int columns, int rows, enum charset charset);

/* The names of the list's lines, separated by blanks, a group's in brackets; static. */
const char *list_names(const struct runs *runs);

/* Compares with a file of tests/golden/tui; INFOFLOW_GOLDEN=update writes it anew. */
void list_expect_golden(const char *name, const char *text);

#endif
