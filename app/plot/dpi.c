#include <string.h>

#include "dpi_cells.h"

enum { PLOT_ROWS_MIN = 3, COMFORTABLE_ROWS = 14 };

/* ---- layout ---- */

/* The rows of names depend on the columns that the bits leave, and the bits' labels on the rows: settled in two
 * rounds. */
static void lay_out(struct dpi_plot *plot)
{
    struct frame *frame = &plot->frame;
    struct names names = dpi_names(plot);
    int rows = frame->where.rows, above = 2 + plot->legend_rows, below = 2, gutter = 0;
    int spare = rows - above - below - PLOT_ROWS_MIN;
    int name_rows = spare > 0 ? 2 : 1, key_rows = rows >= COMFORTABLE_ROWS ? rows / 4 : spare > 0;
    for (int round = 0; round < 2; round++) {
        plot->y = dpi_axis(plot->data, &plot->facts, frame_y_room(rows - above - below));
        int wanted = frame_gutter(&plot->y);
        gutter = wanted > gutter ? wanted : gutter;
        frame_set_plot(frame, gutter, above, below);
        plot->names = names_plan(&names, name_rows, key_rows);
        below = 1 + plot->names.rows + plot->names.key_rows;
    }
    frame_set_plot(frame, gutter, above, below);
    plot->y = dpi_axis(plot->data, &plot->facts, frame_y_room(frame->plot.rows));
}

static void draw_axes(const struct dpi_plot *plot)
{
    const struct frame *frame = &plot->frame;
    struct names names = dpi_names(plot);
    char title[64];
    axis_title(title, sizeof title, &plot->y, "[bits]");
    size_t length = strlen(title);
    title[length - 1] = '\0'; /* without its brackets */
    frame_text(frame, frame->where.x, frame->plot.y - 1, title + 1, INK_DIM, 0);
    frame_y_axis(frame, &plot->y);
    frame_x_line(frame);
    for (size_t layer = plot->facts.first; layer < plot->facts.end && !dpi_is_crowded(plot); layer++)
        frame_x_tick(frame, names_column(&names, layer));
    names_draw(&names, &plot->names);
}

void plot_dpi(struct canvas *canvas, struct rect where, const struct plot_dpi *data)
{
    struct dpi_plot plot = {.data = data};
    if (!frame_open(&plot.frame, canvas, where))
        return;
    frame_clear(&plot.frame);
    plot.facts = dpi_study(data);
    plot.legend_rows = dpi_legend_rows(data, plot.frame.where.rows);
    frame_title(&plot.frame, data->title, &data->look);
    if (!plot.facts.any) {
        frame_set_plot(&plot.frame, 0, 1, 0);
        frame_message(&plot.frame, dpi_empty(data));
        return;
    }
    lay_out(&plot);
    draw_axes(&plot);
    dpi_draw_data(&plot);
    dpi_draw_legend(&plot);
}
