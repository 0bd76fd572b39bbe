/* Between the drawings of the list of runs. */
#ifndef TUI_RUNS_DRAW_H
#define TUI_RUNS_DRAW_H

#include "pen.h"
#include "runs_parts.h"

/* Columns before a name: mark, blank, and, where there are groups, the sign of a fold and another. */
int runs_gutter(const struct runs *runs);

/* A line's mark, left of the pen, its fold and name in `columns`, what was sought in it standing out. */
void runs_draw_row_name(const struct runs *runs, struct pen pen, int columns, const struct run_row *row, uint8_t ink,
                        uint8_t attributes);

/* The line under the cursor; what stands out of it is turned back. */
void runs_reverse(struct canvas *canvas, struct rect where, int row);

/* Notes where the rows are now drawn, after putting them in order, and scrolls to the cursor. */
void runs_turn(struct runs *runs, struct rect where, int head);

#endif
