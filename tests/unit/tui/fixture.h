/* A small run database and a workbench on it, without a terminal and without a user's own files. */
#ifndef TESTS_TUI_FIXTURE_H
#define TESTS_TUI_FIXTURE_H

#include <tui/keys.h>
#include <tui/workbench.h>

/* A fresh database of five runs with ids 1 to 5, 6 snapshots each (epochs 0 to 5, steps 0 to 500): `alpha`, `beta`
 * (another lr), one with a hostile name (another topology), and `mnist-s0`, `mnist-s1`, which differ in the seed alone.
 * Its path. */
const char *fixture_database(void);
/* One of two poor runs: `bare` has one snapshot of one layer, without labels, errors, metrics and epoch; `empty` has no
 * snapshot at all. */
const char *fixture_poor(void);
/* The path of a database that does not exist. */
const char *fixture_nothing(void);
/* Through a connection of its own: epoch `k` of a run; another run, without snapshots, its id. */
void fixture_train(int64_t run, int k);
int64_t fixture_add(const char *name);
/* A path in the database's folder, in one of a few buffers. */
const char *fixture_file(const char *name);

/* On the list, or, where run != 0, on that run with all its estimates. */
struct workbench *fixture_open(const char *database, int64_t run, int columns, int rows);
/* The same with nothing done yet, and a session of the user's where `session`. */
struct workbench *fixture_start(const char *database, int64_t run, int columns, int rows, bool session);

/* What workbench_settle is told: milliseconds. */
extern int64_t fixture_now;

/* Each byte a key. */
void fixture_keys(struct workbench *workbench, const char *keys);
/* `:` and the line and Enter, then fixture_wait. */
void fixture_command(struct workbench *workbench, const char *line);
/* What the loop does before it paints. */
void fixture_turn(struct workbench *workbench);
/* Until nothing is under way: errands, estimates, the shares of the list. */
void fixture_wait(struct workbench *workbench);
/* Until the text is on screen (or, shown = false, no more), which needs news from elsewhere. */
void fixture_await(struct workbench *workbench, const char *text, bool shown);

/* The canvas's text, lines ended by newlines, trailing blanks cut; free(). */
char *fixture_text(const struct canvas *canvas);
/* The screen as it is drawn now. */
char *fixture_draw(struct workbench *workbench);
void fixture_shows(struct workbench *workbench, const char *text);
void fixture_lacks(struct workbench *workbench, const char *text);
/* Where on screen a text begins, the k-th one of it; the test fails where it is not. */
void fixture_find(struct workbench *workbench, const char *text, int k, int *x, int *y);

/* The name under the cursor of the list, a group's with its star. */
const char *fixture_current(const struct workbench *workbench);
/* The names of what is on the plots, between blanks; static. */
const char *fixture_subjects(const struct workbench *workbench);
/* What a panel shows of the layer under the cursor. */
double fixture_value(const struct workbench *workbench, enum panel panel, enum ifl_quantity quantity);

#endif
