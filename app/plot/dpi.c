#include <math.h>
#include <stdio.h>
#include <string.h>

#include <base/text.h>

#include "dpi.h"
#include "dpi_names.h"

enum { PLOT_ROWS_MIN = 3, COMFORTABLE_ROWS = 14, BREVITY_MAX = 4 };

struct dpi_plot {
    struct frame frame;
    const struct plot_dpi *data;
    struct dpi_facts facts;
    struct axis y;
    struct names_plan names;
    int legend_rows;
    bool both; /* two markers met in a cell */
};

static const uint8_t marker[DPI_CHAINS] = {'o', 'x'};
static const uint8_t marker_of_both = '@';

static uint8_t chain_ink(const struct plot_dpi *data, enum dpi_chain chain)
{
    return data->stale ? INK_DIM : (uint8_t)(INK_SERIES + chain);
}

/* ---- legend ---- */

static const char *legend_key(const struct frame *frame, enum dpi_chain chain, int brevity)
{
    static const char *const ascii[DPI_CHAINS][BREVITY_MAX + 1] = {
        {"o---o-> forward I(X;T)", "o-o-> I(X;T)", "o-> I(X;T)", "o I(X;T)", "o fwd"},
        {"<-x- -x backward I(dK;d)", "<-x-x I(dK;d)", "<-x I(dK;d)", "x I(dK;d)", "x bwd"}};
    static const char *const lines[DPI_CHAINS][BREVITY_MAX + 1] = {
        {"o───o→ forward I(X;T)", "o─o→ I(X;T)", "o→ I(X;T)", "o I(X;T)", "o fwd"},
        {"←x╌╌╌x backward I(δK;δ)", "←x╌x I(δK;δ)", "←x I(δK;δ)", "x I(δK;δ)", "x bwd"}};
    return (frame->canvas->charset == CHARSET_ASCII ? ascii : lines)[chain][brevity];
}

static const char *legend_verdict(char out[96], const struct dpi_plot *plot, enum dpi_chain chain, int brevity)
{
    return dpi_verdict(out, plot->data, &plot->facts, chain, brevity < 2 ? 0 : brevity < 3 ? 1 : 2);
}

/* Columns of the keys, the longer one's where they stand in two rows, so that the verdicts are in line. */
static int key_width(const struct dpi_plot *plot, enum dpi_chain chain, int brevity)
{
    size_t own = text_width(legend_key(&plot->frame, chain, brevity));
    size_t other = text_width(legend_key(&plot->frame, (enum dpi_chain) !chain, brevity));
    return (int)(plot->legend_rows == 2 && other > own ? other : own);
}

static int legend_gap(int brevity)
{
    return brevity < 3 ? 2 : 1;
}

static int legend_width(const struct dpi_plot *plot, enum dpi_chain chain, int brevity)
{
    char verdict[96];
    return key_width(plot, chain, brevity) + legend_gap(brevity) +
           (int)text_width(legend_verdict(verdict, plot, chain, brevity));
}

static bool legend_fits(const struct dpi_plot *plot, int brevity)
{
    int forward = legend_width(plot, DPI_FORWARD, brevity), backward = legend_width(plot, DPI_BACKWARD, brevity);
    int needed = plot->legend_rows == 1 ? forward + 2 + backward : forward > backward ? forward : backward;
    return needed <= plot->frame.where.columns;
}

static void draw_legend(const struct dpi_plot *plot)
{
    const struct frame *frame = &plot->frame;
    int brevity = 0, x = frame->where.x, y = frame->where.y + 1, end = x;
    while (brevity < BREVITY_MAX && !legend_fits(plot, brevity))
        brevity++;
    for (int k = 0; k < DPI_CHAINS; k++) {
        enum dpi_chain chain = (enum dpi_chain)k;
        char verdict[96];
        legend_verdict(verdict, plot, chain, brevity);
        bool warned = plot->facts.rises[chain] > 0;
        int at = x + key_width(plot, chain, brevity) + legend_gap(brevity);
        frame_text(frame, x, y, legend_key(frame, chain, brevity), chain_ink(plot->data, chain), 0);
        at += frame_text(frame, at, y, verdict, warned ? INK_WARN : INK_DIM, warned ? CELL_BOLD : 0);
        end = at;
        if (plot->legend_rows == 1)
            x = at + 2;
        else
            y++;
    }
    static const char both[] = "  @ o and x";
    if (plot->both && end + (int)strlen(both) <= frame->where.x + frame->where.columns)
        frame_text_right(frame, frame->plot.y - 2, both, INK_DIM);
}

/* ---- layout ---- */

/* The rows of names depend on the columns that the bits leave, and the bits' labels on the rows: settled in two
 * rounds. */
static void lay_out(struct dpi_plot *plot)
{
    struct frame *frame = &plot->frame;
    int rows = frame->where.rows, above = 2 + plot->legend_rows, below = 2, gutter = 0;
    int spare = rows - above - below - PLOT_ROWS_MIN;
    int name_rows = spare > 0 ? 2 : 1, key_rows = rows >= COMFORTABLE_ROWS ? rows / 4 : spare > 0;
    for (int round = 0; round < 2; round++) {
        plot->y = axis_make(plot->facts.bits, frame_y_room(rows - above - below));
        int wanted = frame_gutter(&plot->y);
        gutter = wanted > gutter ? wanted : gutter;
        frame_set_plot(frame, gutter, above, below);
        plot->names = names_plan(frame, plot->data, name_rows, key_rows);
        below = 1 + plot->names.rows + plot->names.key_rows;
    }
    frame_set_plot(frame, gutter, above, below);
    plot->y = axis_make(plot->facts.bits, frame_y_room(frame->plot.rows));
}

/* ---- data ---- */

static struct point value_point(const struct dpi_plot *plot, enum dpi_chain chain, size_t layer)
{
    double value = dpi_value(plot->data, chain, layer);
    return frame_point(&plot->frame, dpi_place(plot->data, layer), axis_fraction(&plot->y, value));
}

static void draw_chain(const struct dpi_plot *plot, enum dpi_chain chain)
{
    const struct plot_dpi *data = plot->data;
    bool braille = plot->frame.canvas->charset == CHARSET_BRAILLE;
    struct pen pen = {.ink = chain_ink(data, chain)};
    if (chain == DPI_BACKWARD) {
        pen.on = braille ? 4 : 2;
        pen.off = braille ? 2 : 1;
    }
    for (size_t layer = 0; layer + 1 < data->layers; layer++)
        if (!isnan(dpi_value(data, chain, layer)) && !isnan(dpi_value(data, chain, layer + 1)))
            surface_line(&plot->frame.surface, &pen, value_point(plot, chain, layer),
                         value_point(plot, chain, layer + 1));
}

static bool is_crowded(const struct dpi_plot *plot)
{
    return (size_t)plot->frame.plot.columns < 2 * plot->data->layers;
}

/* Where layers are nearer than markers, only those without neighbours have one. */
static bool is_marked(const struct dpi_plot *plot, enum dpi_chain chain, size_t layer)
{
    const struct plot_dpi *data = plot->data;
    if (isnan(dpi_value(data, chain, layer)))
        return false;
    bool alone = (layer == 0 || isnan(dpi_value(data, chain, layer - 1))) &&
                 (layer + 1 == data->layers || isnan(dpi_value(data, chain, layer + 1)));
    return !is_crowded(plot) || alone;
}

static void draw_markers(struct dpi_plot *plot, enum dpi_chain chain)
{
    const struct plot_dpi *data = plot->data;
    for (size_t layer = 0; layer < data->layers; layer++) {
        if (!is_marked(plot, chain, layer))
            continue;
        struct rect at = surface_cell(&plot->frame.surface, value_point(plot, chain, layer));
        const struct cell *cell = canvas_at(plot->frame.canvas, at.x, at.y);
        bool both = chain == DPI_FORWARD && cell->glyph == marker[DPI_BACKWARD];
        plot->both |= both;
        bool under_cursor = data->cursor >= 0 && layer == (size_t)data->cursor;
        canvas_put(plot->frame.canvas, at.x, at.y, both ? marker_of_both : marker[chain], chain_ink(data, chain),
                   under_cursor ? CELL_BOLD | CELL_REVERSE : CELL_BOLD);
    }
}

static void draw_rise(const struct dpi_plot *plot, enum dpi_chain chain, size_t first, size_t second)
{
    struct point a = value_point(plot, chain, first), b = value_point(plot, chain, second);
    struct rect middle = surface_cell(&plot->frame.surface, (struct point){(a.x + b.x) / 2, (a.y + b.y) / 2});
    static const int tries[] = {-1, 1, -2, 2};
    int y = middle.y;
    for (size_t k = 0; k < sizeof tries / sizeof *tries; k++)
        if (frame_is_free(&plot->frame, middle.x, middle.y + tries[k], 1)) {
            y = middle.y + tries[k];
            break;
        }
    canvas_put(plot->frame.canvas, middle.x, y, '!', INK_WARN, CELL_BOLD);
}

static void draw_rises(const struct dpi_plot *plot, enum dpi_chain chain)
{
    for (size_t layer = 0; layer < plot->data->layers; layer++) {
        size_t next = dpi_next(plot->data, chain, layer);
        if (next < plot->data->layers && dpi_rises(plot->data, chain, layer, next))
            draw_rise(plot, chain, layer, next);
    }
}

static double bound_row_up(const struct dpi_plot *plot)
{
    return axis_fraction(&plot->y, plot->data->bound);
}

static void draw_bound(const struct dpi_plot *plot)
{
    if (!plot->facts.bound_in_range)
        return;
    bool braille = plot->frame.canvas->charset == CHARSET_BRAILLE;
    struct pen pen = {.ink = plot->data->stale ? INK_DIM : INK_BOUND, .on = braille ? 2 : 1, .off = braille ? 2 : 1};
    double up = bound_row_up(plot);
    surface_line(&plot->frame.surface, &pen, frame_point(&plot->frame, 0, up), frame_point(&plot->frame, 1, up));
}

static void draw_bound_label(const struct dpi_plot *plot)
{
    const struct frame *frame = &plot->frame;
    if (!plot->facts.has_bound)
        return;
    char text[64];
    dpi_bound_text(text, plot->data, &plot->facts);
    int width = (int)strlen(text), unit_row = frame->plot.y - 1;
    int y = unit_row, x = frame->where.x + frame->where.columns - width;
    if (plot->facts.bound_in_range) {
        int line = surface_cell(&frame->surface, frame_point(frame, 0, bound_row_up(plot))).y;
        const struct rect places[] = {{.x = x, .y = line - 1},
                                      {.x = frame->plot.x + 1, .y = line - 1},
                                      {.x = x, .y = line + 1},
                                      {.x = frame->plot.x + 1, .y = line + 1}};
        for (size_t k = 0; k < sizeof places / sizeof *places && line > frame->plot.y; k++)
            if (frame_is_free(frame, places[k].x, places[k].y, width)) {
                x = places[k].x;
                y = places[k].y;
                break;
            }
    }
    frame_text(frame, x, y, text, plot->data->stale ? INK_DIM : INK_BOUND, 0);
}

static void draw_cursor(const struct dpi_plot *plot)
{
    const struct plot_dpi *data = plot->data;
    if (data->cursor < 0 || (size_t)data->cursor >= data->layers)
        return;
    const struct frame *frame = &plot->frame;
    int x = names_column(frame, data, (size_t)data->cursor);
    for (int y = frame->plot.y; y < frame->plot.y + frame->plot.rows; y++)
        if (frame_is_free(frame, x, y, 1))
            canvas_put(frame->canvas, x, y, frame->canvas->charset == CHARSET_ASCII ? ':' : 0x250A, INK_CURSOR, 0);
}

static void draw_axes(const struct dpi_plot *plot)
{
    const struct frame *frame = &plot->frame;
    char title[64];
    axis_title(title, sizeof title, &plot->y, "[bits]");
    size_t length = strlen(title);
    title[length - 1] = '\0'; /* without its brackets */
    frame_text(frame, frame->where.x, frame->plot.y - 1, title + 1, INK_DIM, 0);
    frame_y_axis(frame, &plot->y);
    frame_x_line(frame);
    for (size_t layer = 0; layer < plot->data->layers && !is_crowded(plot); layer++)
        frame_x_tick(frame, names_column(frame, plot->data, layer));
    names_draw(frame, plot->data, &plot->names);
}

static void draw_data(struct dpi_plot *plot)
{
    draw_bound(plot);
    draw_chain(plot, DPI_BACKWARD);
    draw_chain(plot, DPI_FORWARD);
    draw_markers(plot, DPI_BACKWARD);
    draw_markers(plot, DPI_FORWARD);
    draw_rises(plot, DPI_BACKWARD);
    draw_rises(plot, DPI_FORWARD);
    draw_bound_label(plot);
    draw_cursor(plot);
}

void plot_dpi(struct canvas *canvas, struct rect where, const struct plot_dpi *data)
{
    struct dpi_plot plot = {.data = data};
    if (!frame_open(&plot.frame, canvas, where))
        return;
    frame_clear(&plot.frame);
    plot.facts = dpi_study(data);
    plot.legend_rows = plot.frame.where.rows >= COMFORTABLE_ROWS ? 2 : 1;
    frame_title(&plot.frame, data->title, data->stale);
    if (!dpi_has_values(&plot.facts)) {
        frame_set_plot(&plot.frame, 0, 1, 0);
        frame_message(&plot.frame, plot_empty(data->empty));
        return;
    }
    lay_out(&plot);
    draw_axes(&plot);
    draw_data(&plot);
    draw_legend(&plot);
}
