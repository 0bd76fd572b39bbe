/* A small run database and a workbench on it, without a terminal. */
#ifndef TESTS_TUI_FIXTURE_H
#define TESTS_TUI_FIXTURE_H

#include <tui/workbench.h>

/* A fresh database of three runs, `alpha`, `beta` and one with a hostile name, 6 snapshots each; its path. */
const char *fixture_database(void);
/* One of two poor runs: `bare` has one snapshot of one layer, without labels, errors, metrics and epoch; `empty` has no
 * snapshot at all. */
const char *fixture_poor(void);
/* The path of a database that does not exist. */
const char *fixture_nothing(void);

/* Opened at run `run` (0: the list). */
struct workbench *fixture_open(const char *database, int64_t run, int columns, int rows);
void fixture_keys(struct workbench *workbench, const char *keys);
/* Lets the engine come to its end. */
void fixture_wait(struct workbench *workbench);

/* The canvas's text, lines ended by newlines, trailing blanks cut; free(). */
char *fixture_text(const struct canvas *canvas);
/* The screen as it is drawn now. */
char *fixture_draw(struct workbench *workbench);

#endif
