/* What a step of the cursor changes: little enough for a slow terminal, and it can be seen without colours. */
#include <criterion/criterion.h>
#include <string.h>

#include "sample_charts.h"
#include "sample_plots.h"

static const int sizes[][2] = {{80, 24}, {47, 40}, {33, 30}, {120, 40}, {200, 60}};
enum { SIZES = sizeof sizes / sizeof *sizes };

typedef void draw_at(struct canvas *canvas, int layer, size_t point);

static void draw_dpi(struct canvas *canvas, int layer, size_t point)
{
    (void)point;
    struct plot_dpi data = sample_dpi();
    data.cursor = layer;
    plot_dpi(canvas, (struct rect){0, 0, canvas->columns, canvas->rows}, &data);
}

static void draw_plane(struct canvas *canvas, int layer, size_t point)
{
    struct plot_trajectory trajectories[SAMPLE_IP];
    struct plot_plane data = sample_plane(trajectories, SAMPLE_IP);
    data.layer = layer;
    data.cursor[0] = point;
    plot_plane(canvas, (struct rect){0, 0, canvas->columns, canvas->rows}, &data);
}

static void draw_planes(struct canvas *canvas, int layer, size_t point)
{
    struct plot_trajectory trajectories[SAMPLE_TRAJECTORIES];
    struct plot_plane data = sample_plane_overlay(trajectories, 4);
    data.layer = layer;
    for (int s = 0; s < 4; s++)
        data.cursor[s] = point;
    plot_plane(canvas, (struct rect){0, 0, canvas->columns, canvas->rows}, &data);
}

static void draw_pid(struct canvas *canvas, int layer, size_t point)
{
    struct sample_pid sample;
    struct plot_pid data = sample_pid(&sample);
    data.layer = layer;
    data.cursor = point;
    plot_pid(canvas, (struct rect){0, 0, canvas->columns, canvas->rows}, &data);
}

static void draw_width(struct canvas *canvas, int layer, size_t point)
{
    (void)point;
    struct sample_sweep sample;
    struct plot_width data = sample_width(&sample); /* its zones stay the third layer's */
    data.cursor = layer;
    plot_width(canvas, (struct rect){0, 0, canvas->columns, canvas->rows}, &data);
}

static bool is_blank(const struct cell *cell)
{
    return (cell->glyph == 0 || cell->glyph == ' ') && !(cell->attributes & CELL_REVERSE);
}

/* How many cells look different; of these in reverse, on `b`, go to `reversed`. */
static int count_changed(const struct canvas *a, const struct canvas *b, int *reversed)
{
    int changed = 0;
    *reversed = 0;
    for (int k = 0; k < a->columns * a->rows; k++) {
        const struct cell *p = &a->cells[k], *q = &b->cells[k];
        if ((is_blank(p) && is_blank(q)) ||
            (p->glyph == q->glyph && p->ink == q->ink && p->attributes == q->attributes))
            continue;
        changed++;
        *reversed += (q->attributes & CELL_REVERSE) != 0;
    }
    return changed;
}

/* From layer to layer and from point to point; `most` cells may change. Points may share a cell, but not all do. */
static void expect_cheap_steps(draw_at *draw, int layers, size_t points, int most)
{
    for (int size = 0; size < SIZES; size++)
        for (int charset = 0; charset < 2; charset++) {
            int seen = 0;
            for (int step = 0; step + 1 < layers + (int)points; step++) {
                struct canvas before, after;
                canvas_init(&before, sizes[size][0], sizes[size][1], (enum charset)charset, NULL);
                canvas_init(&after, sizes[size][0], sizes[size][1], (enum charset)charset, NULL);
                bool by_layer = step + 1 < layers;
                size_t point = by_layer ? 1 : (size_t)(step + 1 - layers);
                draw(&before, by_layer ? step : 1, point);
                draw(&after, by_layer ? step + 1 : 1, by_layer ? 1 : point + 1);
                int reversed, changed = count_changed(&before, &after, &reversed);
                cr_expect(changed <= most && (!by_layer || reversed > 0),
                          "%dx%d, step %d: %d cells change, %d to reverse", sizes[size][0], sizes[size][1], step,
                          changed, reversed);
                seen += !by_layer && changed > 0;
                canvas_release(&before);
                canvas_release(&after);
            }
            cr_expect(points == 0 || seen > (int)points / 2, "%dx%d: %d steps of %zu are seen", sizes[size][0],
                      sizes[size][1], seen, points);
        }
}

Test(cursor, of_dpi_takes_few_cells)
{
    expect_cheap_steps(draw_dpi, SAMPLE_LAYERS, 0, 20);
}

Test(cursor, of_a_plane_takes_few_cells)
{
    expect_cheap_steps(draw_plane, SAMPLE_IP, SAMPLE_SNAPSHOTS - 1, 30);
}

Test(cursor, of_several_subjects_planes_takes_few_cells)
{
    expect_cheap_steps(draw_planes, SAMPLE_IP, SAMPLE_SNAPSHOTS - 1, 100); /* with a cross of deviations */
}

Test(cursor, of_pid_takes_few_cells)
{
    expect_cheap_steps(draw_pid, SAMPLE_PID, SAMPLE_SNAPSHOTS - 1, 30);
}

Test(cursor, of_width_takes_few_cells)
{
    expect_cheap_steps(draw_width, SWEEP_LAYERS, 0, 40);
}
