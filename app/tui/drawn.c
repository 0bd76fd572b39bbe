#include <stdlib.h>

#include "workbench.h"

/* Enough for a hundred snapshots of forty layers; what is beyond cannot be pointed at. */
enum { MARKS = 4096 };

void drawn_forget(struct drawn *drawn, const struct layout *layout)
{
    drawn->layout = *layout;
    drawn->bar = (struct rect){0};
    for (int row = 0; row < PLOT_SUBJECTS; row++)
        for (int p = 0; p < PANELS; p++)
            drawn->marks[row][p].count = 0;
}

void drawn_release(struct drawn *drawn)
{
    for (int row = 0; row < PLOT_SUBJECTS; row++)
        for (int p = 0; p < PANELS; p++)
            free(drawn->marks[row][p].items);
    *drawn = (struct drawn){0};
}

struct plot_marks *drawn_marks(struct drawn *drawn, int row, enum panel panel)
{
    struct plot_marks *marks = &drawn->marks[row][panel];
    if (marks->items == NULL) {
        marks->items = ifl_alloc(MARKS, sizeof *marks->items);
        marks->room = marks->items != NULL ? MARKS : 0;
    }
    return marks->items != NULL ? marks : NULL;
}

static bool inside(struct rect rect, int x, int y)
{
    return x >= rect.x && x < rect.x + rect.columns && y >= rect.y && y < rect.y + rect.rows;
}

bool drawn_panel_at(const struct drawn *drawn, int x, int y, int *row, enum panel *panel)
{
    for (int r = 0; r < drawn->layout.rows; r++)
        for (int p = 0; p < PANELS; p++)
            if (inside(drawn->layout.panels[r][p], x, y)) {
                *row = r;
                *panel = (enum panel)p;
                return true;
            }
    return false;
}

const struct plot_mark *drawn_nearest(const struct drawn *drawn, int row, enum panel panel, int x, int y)
{
    const struct plot_marks *marks = &drawn->marks[row][panel];
    const struct plot_mark *best = NULL;
    int least = 8 * 8; /* so far off that nothing is meant; a cell is twice as high as it is wide */
    for (size_t k = 0; k < marks->count; k++) {
        int dx = marks->items[k].x - x, dy = 2 * (marks->items[k].y - y), distance = dx * dx + dy * dy;
        if (distance < least) {
            least = distance;
            best = &marks->items[k];
        }
    }
    return best;
}
