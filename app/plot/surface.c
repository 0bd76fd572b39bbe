#include <math.h>
#include <stdlib.h>

#include "surface.h"

enum { BRAILLE = 0x2800 };

struct surface surface_make(struct canvas *canvas, struct rect area)
{
    bool braille = canvas->charset == CHARSET_BRAILLE;
    return (struct surface){.canvas = canvas, .area = area, .dots_x = braille ? 2 : 1, .dots_y = braille ? 4 : 1};
}

int surface_width(const struct surface *surface)
{
    return surface->area.columns * surface->dots_x;
}

int surface_height(const struct surface *surface)
{
    return surface->area.rows * surface->dots_y;
}

/* One edge: the line is inside where t * slope <= distance. */
static bool clip_edge(double slope, double distance, double *start, double *end)
{
    if (slope == 0)
        return distance >= 0;
    double t = distance / slope;
    if (slope < 0)
        *start = fmax(*start, t);
    else
        *end = fmin(*end, t);
    return *start <= *end;
}

/* From far outside the cut is off by rounding. */
static struct point clamp(struct point point, struct point low, struct point high)
{
    return (struct point){fmax(low.x, fmin(point.x, high.x)), fmax(low.y, fmin(point.y, high.y))};
}

bool clip_line(struct point *from, struct point *to, struct point low, struct point high)
{
    struct point a = *from, b = *to;
    double dx = b.x - a.x, dy = b.y - a.y, start = 0, end = 1;
    if (!isfinite(dx) || !isfinite(dy))
        return false;
    if (!clip_edge(-dx, a.x - low.x, &start, &end) || !clip_edge(dx, high.x - a.x, &start, &end) ||
        !clip_edge(-dy, a.y - low.y, &start, &end) || !clip_edge(dy, high.y - a.y, &start, &end))
        return false;
    *from = clamp((struct point){a.x + start * dx, a.y + start * dy}, low, high);
    *to = clamp((struct point){a.x + end * dx, a.y + end * dy}, low, high);
    return true;
}

static void put_dot(const struct surface *surface, const struct pen *pen, int x, int y)
{
    static const uint8_t bits[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    struct cell *cell = canvas_at(surface->canvas, surface->area.x + x / 2, surface->area.y + y / 4);
    if (cell == NULL)
        return;
    uint32_t united = (cell->glyph & ~0xFFu) == BRAILLE ? cell->glyph : BRAILLE;
    *cell = (struct cell){.glyph = united | bits[y % 4][x % 2], .ink = pen->ink, .attributes = pen->attributes};
}

/* The character of a step to the neighbour (dx, dy). */
static uint32_t stroke(int dx, int dy)
{
    if (dy == 0)
        return '-';
    if (dx == 0)
        return '|';
    return dx == dy ? '\\' : '/';
}

static bool pen_down(struct pen *pen)
{
    int period = pen->on + pen->off;
    if (period <= 0)
        return true;
    bool down = pen->phase < pen->on;
    pen->phase = (pen->phase + 1) % period;
    return down;
}

/* A quarter of a dot around the grid, so that what lies on its edge is not lost to rounding. */
static struct point lowest(void)
{
    return (struct point){-0.25, -0.25};
}

static struct point highest(const struct surface *surface)
{
    return (struct point){surface_width(surface) - 0.75, surface_height(surface) - 0.75};
}

bool surface_has(const struct surface *surface, struct point point)
{
    struct point low = lowest(), high = highest(surface);
    return point.x >= low.x && point.x <= high.x && point.y >= low.y && point.y <= high.y;
}

void surface_line(const struct surface *surface, struct pen *pen, struct point from, struct point to)
{
    if (!clip_line(&from, &to, lowest(), highest(surface)))
        return;

    int x = (int)lround(from.x), y = (int)lround(from.y), end_x = (int)lround(to.x), end_y = (int)lround(to.y);
    int dx = abs(end_x - x), dy = -abs(end_y - y), step_x = x < end_x ? 1 : -1, step_y = y < end_y ? 1 : -1;
    uint32_t glyph = '.';
    for (int error = dx + dy;;) {
        bool last = x == end_x && y == end_y;
        int move_x = 2 * error >= dy ? step_x : 0, move_y = 2 * error <= dx ? step_y : 0;
        if (!last)
            glyph = stroke(move_x, move_y);
        if (pen_down(pen)) {
            if (surface->dots_x == 2)
                put_dot(surface, pen, x, y);
            else
                canvas_put(surface->canvas, surface->area.x + x, surface->area.y + y, glyph, pen->ink, pen->attributes);
        }
        if (last)
            return;
        error += (move_x != 0 ? dy : 0) + (move_y != 0 ? dx : 0);
        x += move_x;
        y += move_y;
    }
}

static int nearest(double dot, int dots, int cells)
{
    double at = fmax(0, fmin(round(dot), (double)dots * cells - 1));
    return (int)at / dots;
}

struct rect surface_cell(const struct surface *surface, struct point point)
{
    return (struct rect){.x = surface->area.x + nearest(point.x, surface->dots_x, surface->area.columns),
                         .y = surface->area.y + nearest(point.y, surface->dots_y, surface->area.rows),
                         .columns = 1,
                         .rows = 1};
}
