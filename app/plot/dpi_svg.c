#include <math.h>
#include <stdio.h>

#include "dpi.h"
#include "svg.h"

enum { LEGEND_LINE = 18, SAMPLE = 44 };

struct dpi_picture {
    struct svg svg;
    const struct plot_dpi *data;
    struct dpi_facts facts;
    struct axis y;
};

static uint8_t data_ink(const struct plot_dpi *data, uint8_t ink)
{
    return data->stale ? INK_DIM : ink;
}

static const char *chain_dash(enum dpi_chain chain)
{
    return chain == DPI_FORWARD ? NULL : "7 5";
}

static void draw_marker(struct svg *svg, enum dpi_chain chain, struct svg_point at, uint8_t ink)
{
    if (chain == DPI_FORWARD)
        svg_circle(svg, at, 4, ink);
    else
        svg_cross(svg, at, 4, ink);
}

static void draw_legend(struct dpi_picture *picture)
{
    static const char *const names[DPI_CHAINS] = {"forward I(X;T)", "backward I(δK;δ)"};
    for (int k = 0; k < DPI_CHAINS; k++) {
        enum dpi_chain chain = (enum dpi_chain)k;
        uint8_t ink = data_ink(picture->data, (uint8_t)(INK_SERIES + k));
        double y = SVG_MARGIN + 30 + k * LEGEND_LINE, middle = y - SVG_FONT / 3.0, x = SVG_MARGIN;
        struct svg_point from = {x, middle}, to = {x + SAMPLE, middle};
        svg_line(&picture->svg, from, to, ink, 2, chain_dash(chain));
        draw_marker(&picture->svg, chain, (struct svg_point){x + SAMPLE / 2.0, middle}, ink);
        double direction = chain == DPI_FORWARD ? 1 : -1;
        svg_arrow(&picture->svg, chain == DPI_FORWARD ? to : from, direction, 0, ink);
        svg_text(&picture->svg, x + SAMPLE + 10, y, SVG_START, ink, false, names[k]);
        char verdict[96];
        bool warned = picture->facts.rises[k] > 0;
        svg_text(&picture->svg, x + SAMPLE + 30 + svg_text_width(names[DPI_BACKWARD]), y, SVG_START,
                 warned ? INK_WARN : INK_DIM, warned, dpi_verdict(verdict, picture->data, &picture->facts, chain, 0));
    }
}

static double layer_x(const struct dpi_picture *picture, size_t layer)
{
    return picture->svg.plot.x + picture->svg.plot.width * dpi_place(picture->data, layer);
}

static double bits_y(const struct dpi_picture *picture, double bits)
{
    return picture->svg.plot.y + picture->svg.plot.height * (1 - axis_fraction(&picture->y, bits));
}

static struct svg_point value_at(const struct dpi_picture *picture, enum dpi_chain chain, size_t layer)
{
    return (struct svg_point){layer_x(picture, layer), bits_y(picture, dpi_value(picture->data, chain, layer))};
}

static const char *layer_name(const struct plot_dpi *data, size_t layer)
{
    return data->names[layer] == NULL ? "" : data->names[layer];
}

static double widest_name(const struct plot_dpi *data)
{
    double widest = 0;
    for (size_t layer = 0; layer < data->layers; layer++)
        widest = fmax(widest, svg_text_width(layer_name(data, layer)));
    return widest;
}

/* Turned where they would meet, and as many of them as are not too near. */
static void draw_names(struct dpi_picture *picture, bool turned)
{
    const struct plot_dpi *data = picture->data;
    double slot = picture->svg.plot.width / (double)data->layers, needed = SVG_FONT + 3;
    size_t every = slot >= needed ? 1 : (size_t)ceil(needed / slot);
    double y = picture->svg.plot.y + picture->svg.plot.height + 8 + SVG_FONT;
    for (size_t layer = 0; layer < data->layers; layer += every) {
        double x = layer_x(picture, layer);
        svg_x_tick(&picture->svg, x);
        if (turned)
            svg_text_turned(&picture->svg, x + 4, y - 4, -40, INK_NONE, layer_name(data, layer));
        else
            svg_text(&picture->svg, x, y, SVG_MIDDLE, INK_NONE, false, layer_name(data, layer));
    }
}

static void draw_bound(struct dpi_picture *picture)
{
    const struct plot_dpi *data = picture->data;
    if (!picture->facts.has_bound)
        return;
    struct box p = picture->svg.plot;
    char text[64];
    dpi_bound_text(text, data, &picture->facts);
    uint8_t ink = data_ink(data, INK_BOUND);
    double y = p.y;
    if (picture->facts.bound_in_range) {
        y = bits_y(picture, data->bound);
        svg_line(&picture->svg, (struct svg_point){p.x, y}, (struct svg_point){p.x + p.width, y}, ink, 1.5, "2 4");
    }
    svg_text(&picture->svg, p.x + p.width, y - 5, SVG_END, ink, false, text);
}

static void draw_chain(struct dpi_picture *picture, enum dpi_chain chain)
{
    const struct plot_dpi *data = picture->data;
    uint8_t ink = data_ink(data, (uint8_t)(INK_SERIES + chain));
    bool crowded = picture->svg.plot.width < 12 * (double)data->layers;
    for (size_t layer = 0; layer < data->layers; layer++) {
        if (isnan(dpi_value(data, chain, layer)))
            continue;
        struct svg_point at = value_at(picture, chain, layer);
        if (layer + 1 < data->layers && !isnan(dpi_value(data, chain, layer + 1)))
            svg_line(&picture->svg, at, value_at(picture, chain, layer + 1), ink, 2, chain_dash(chain));
        if (!crowded)
            draw_marker(&picture->svg, chain, at, ink);
        size_t next = dpi_next(data, chain, layer);
        if (next >= data->layers || !dpi_rises(data, chain, layer, next))
            continue;
        struct svg_point to = value_at(picture, chain, next);
        svg_text(&picture->svg, (at.x + to.x) / 2, (at.y + to.y) / 2 - 6, SVG_MIDDLE, INK_WARN, true, "!");
    }
}

static void draw(struct dpi_picture *picture)
{
    struct svg *svg = &picture->svg;
    const struct plot_dpi *data = picture->data;
    bool turned = widest_name(data) + 8 > (svg->width - 80) / (double)data->layers;
    double top = SVG_MARGIN + 30 + 2 * LEGEND_LINE + 22;
    double below = turned ? 24 + fmin(widest_name(data) * 0.65, svg->height / 4) : 36;
    double height = svg->height - top - below;
    picture->y = axis_make(picture->facts.bits, svg_y_room(height));
    double left = SVG_MARGIN + 14 + (double)axis_label_width(&picture->y) * 7.3;
    svg->plot = (struct box){.x = left, .y = top, .width = svg->width - left - SVG_MARGIN, .height = height};

    svg_y_axis(svg, &picture->y, "bits");
    svg_frame(svg);
    draw_names(picture, turned);
    if (data->cursor >= 0 && (size_t)data->cursor < data->layers) {
        double x = layer_x(picture, (size_t)data->cursor);
        svg_line(svg, (struct svg_point){x, top}, (struct svg_point){x, top + height}, INK_CURSOR, 1, "2 3");
    }
    draw_bound(picture);
    draw_chain(picture, DPI_BACKWARD);
    draw_chain(picture, DPI_FORWARD);
    draw_legend(picture);
}

enum ifl_status plot_dpi_svg(const struct plot_dpi *data, int width, int height, bool light, char **out,
                             struct ifl_error *error)
{
    struct dpi_picture picture = {.data = data, .facts = dpi_study(data)};
    enum ifl_status status = svg_open(&picture.svg, width, height, light, error);
    if (status != IFL_OK)
        return status;
    svg_title(&picture.svg, data->title, data->stale);
    if (dpi_has_values(&picture.facts))
        draw(&picture);
    else
        svg_text(&picture.svg, width / 2.0, height / 2.0, SVG_MIDDLE, INK_DIM, false, plot_empty(data->empty));
    return svg_close(&picture.svg, out, error);
}
