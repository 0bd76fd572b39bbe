#include <math.h>
#include <stdio.h>
#include <string.h>

#include <base/text.h>

#include "dpi.h"
#include "svg.h"

enum { LEGEND_LINE = 18, SAMPLE = 44, BESIDE = 7, DIGIT = 9, NAME_BYTES = 512, TURN = 40 /* degrees */ };
static const double TURN_RADIANS = TURN * 3.14159265358979323846 / 180;

struct dpi_picture {
    struct svg svg;
    const struct plot_dpi *data;
    struct dpi_facts facts;
    struct axis y;
    size_t columns;  /* that a layer's name has */
    bool cut_before; /* names that are longer lose their beginnings */
};

static uint8_t data_ink(const struct plot_dpi *data, uint8_t ink)
{
    return data->look.stale ? INK_DIM : ink;
}

static const char *chain_dash(size_t subject, enum dpi_chain chain)
{
    static const char *const dashes[PLOT_SUBJECTS] = {"7 5", "3 4", "12 5", "1 5"};
    return chain == DPI_FORWARD ? NULL : dashes[subject];
}

static void draw_marker(struct svg *svg, enum dpi_chain chain, struct svg_point at, uint8_t ink)
{
    if (chain == DPI_FORWARD)
        svg_circle(svg, at, 4, ink);
    else
        svg_cross(svg, at, 4, ink);
}

/* ---- legend ---- */

static void draw_sample(struct dpi_picture *picture, size_t subject, enum dpi_chain chain, double x, double y)
{
    uint8_t ink = dpi_ink(picture->data, subject, chain);
    struct svg_point from = {x, y}, to = {x + SAMPLE, y};
    svg_line(&picture->svg, from, to, ink, 2, chain_dash(subject, chain));
    draw_marker(&picture->svg, chain, (struct svg_point){x + SAMPLE / 2.0, y}, ink);
    svg_arrow(&picture->svg, chain == DPI_FORWARD ? to : from, chain == DPI_FORWARD ? 1 : -1, 0, ink);
}

/* As brief as asked for, or as there is room. */
static void draw_verdict(struct dpi_picture *picture, size_t subject, enum dpi_chain chain, double x, double y,
                         int brevity)
{
    char text[96];
    bool warned = picture->facts.of[subject].rises[chain] > 0;
    dpi_verdict(text, picture->data, &picture->facts.of[subject], chain, brevity);
    while (brevity < 2 && x + svg_text_width(text) > picture->svg.width - SVG_MARGIN)
        dpi_verdict(text, picture->data, &picture->facts.of[subject], chain, ++brevity);
    svg_text(&picture->svg, x, y, SVG_START, warned ? INK_WARN : INK_DIM, warned, text);
}

static const char *const chain_names[DPI_CHAINS] = {"forward I(X;T)", "backward I(δK;δ)"};

/* A line each chain. */
static void draw_chain_legend(struct dpi_picture *picture)
{
    double y = SVG_MARGIN + 30;
    for (int k = 0; k < DPI_CHAINS; k++) {
        enum dpi_chain chain = (enum dpi_chain)k;
        if (!dpi_shows(picture->data, chain))
            continue;
        draw_sample(picture, 0, chain, SVG_MARGIN, y - SVG_FONT / 3.0);
        svg_text(&picture->svg, SVG_MARGIN + SAMPLE + 10, y, SVG_START, dpi_ink(picture->data, 0, chain), false,
                 chain_names[k]);
        draw_verdict(picture, 0, chain, SVG_MARGIN + SAMPLE + 30 + svg_text_width(chain_names[DPI_BACKWARD]), y, 0);
        y += LEGEND_LINE;
    }
}

/* Where the columns of the chains begin and how wide they are; in a narrow picture the names are left some room. */
struct columns {
    double first, width;
    int brevity;
};

static struct columns legend_columns(const struct dpi_picture *picture)
{
    const double narrow = 600;
    int chains = dpi_shows(picture->data, DPI_FORWARD) + dpi_shows(picture->data, DPI_BACKWARD);
    bool brief = picture->svg.width < narrow;
    struct columns columns = {.width = SAMPLE + (brief ? 36 : 99), .brevity = brief ? 2 : 1};
    columns.first = picture->svg.width - SVG_MARGIN - columns.width * chains;
    return columns;
}

static void draw_subject_name(struct dpi_picture *picture, size_t subject, double y, double room)
{
    char name[256], fitted[256];
    const char *given = picture->data->subject[subject].name;
    snprintf(name, sizeof name, "%zu %s", plot_number(&picture->data->look, subject), given == NULL ? "" : given);
    double columns = room / svg_text_width("0") - 2;
    text_fit(fitted, sizeof fitted, name, columns < 1 ? 1 : (size_t)columns);
    svg_text(&picture->svg, SVG_MARGIN, y, SVG_START, dpi_ink(picture->data, subject, DPI_FORWARD), true, fitted);
}

/* A line each subject: its name, and for each chain a sample and the verdict. */
static void draw_subject_legend(struct dpi_picture *picture)
{
    static const char *const brief_names[DPI_CHAINS] = {"forward", "backward"};
    const struct plot_dpi *data = picture->data;
    struct columns columns = legend_columns(picture);
    for (size_t s = 0; s < data->subjects; s++) {
        double y = SVG_MARGIN + 30 + LEGEND_LINE * (double)(s + 1), x = columns.first;
        draw_subject_name(picture, s, y, columns.first - SVG_MARGIN);
        for (int k = 0; k < DPI_CHAINS; k++) {
            if (!dpi_shows(data, (enum dpi_chain)k))
                continue;
            if (s == 0)
                svg_text(&picture->svg, x, y - LEGEND_LINE, SVG_START, INK_DIM, false,
                         (columns.brevity > 1 ? brief_names : chain_names)[k]);
            draw_sample(picture, s, (enum dpi_chain)k, x, y - SVG_FONT / 3.0);
            draw_verdict(picture, s, (enum dpi_chain)k, x + SAMPLE + 8, y, columns.brevity);
            x += columns.width;
        }
    }
}

static int legend_lines(const struct plot_dpi *data)
{
    if (data->look.no_legend)
        return 0;
    return dpi_is_overlay(data) ? (int)data->subjects + 1 : 2;
}

/* ---- places ---- */

static double layer_x(const struct dpi_picture *picture, size_t layer)
{
    return picture->svg.plot.x + picture->svg.plot.width * dpi_place(&picture->facts, layer);
}

static double bits_y(const struct dpi_picture *picture, double bits)
{
    return picture->svg.plot.y + picture->svg.plot.height * (1 - axis_fraction(&picture->y, bits));
}

static double slot(const struct dpi_picture *picture)
{
    return picture->svg.plot.width / (picture->facts.layers.hi - picture->facts.layers.lo);
}

/* Several subjects stand beside each other where there is room. */
static double subject_x(const struct dpi_picture *picture, size_t subject, size_t layer)
{
    double subjects = (double)picture->data->subjects, x = layer_x(picture, layer);
    return slot(picture) < (subjects + 2) * BESIDE ? x : x + ((double)subject - (subjects - 1) / 2) * BESIDE;
}

static struct svg_point value_at(const struct dpi_picture *picture, size_t subject, enum dpi_chain chain, size_t layer)
{
    return (struct svg_point){subject_x(picture, subject, layer),
                              bits_y(picture, dpi_value(picture->data, subject, chain, layer))};
}

/* ---- layers ---- */

static char *layer_name(char out[NAME_BYTES], const struct dpi_picture *picture, size_t layer)
{
    const char *name = picture->data->names[layer] == NULL ? "" : picture->data->names[layer];
    return (picture->cut_before ? text_fit_tail : text_fit)(out, NAME_BYTES, name, picture->columns);
}

static double widest_name(const struct dpi_picture *picture)
{
    double widest = 0;
    char name[NAME_BYTES];
    for (size_t layer = picture->facts.first; layer < picture->facts.end; layer++)
        widest = fmax(widest, svg_text_width(layer_name(name, picture, layer)));
    return widest;
}

static bool names_differ(const struct dpi_picture *picture)
{
    char name[NAME_BYTES], other[NAME_BYTES];
    for (size_t a = picture->facts.first; a < picture->facts.end; a++)
        for (size_t b = picture->facts.first; b < a; b++)
            if (strcmp(layer_name(name, picture, a), layer_name(other, picture, b)) == 0)
                return false;
    return true;
}

/* Turned where they would meet, and as many of them as are not too near. */
static void draw_names(struct dpi_picture *picture, bool turned)
{
    double needed = SVG_FONT + 3, width = slot(picture);
    size_t every = width >= needed ? 1 : (size_t)fmin(ceil(needed / width), 1e6);
    double y = picture->svg.plot.y + picture->svg.plot.height + 8 + SVG_FONT;
    char name[NAME_BYTES];
    for (size_t layer = picture->facts.first; layer < picture->facts.end; layer += every) {
        double x = layer_x(picture, layer);
        svg_x_tick(&picture->svg, x);
        if (turned)
            svg_text_turned(&picture->svg, x + 4, y - 4, -TURN, INK_NONE, layer_name(name, picture, layer));
        else
            svg_text(&picture->svg, x, y, SVG_MIDDLE, INK_NONE, false, layer_name(name, picture, layer));
    }
}

/* ---- data ---- */

static void draw_bound(struct dpi_picture *picture, size_t subject)
{
    const struct plot_dpi *data = picture->data;
    double bound = dpi_bound(data, subject), up = isnan(bound) ? NAN : axis_fraction(&picture->y, bound);
    if (!(up >= 0) || (picture->facts.one_bound && subject > 0 && !isnan(dpi_bound(data, 0))))
        return;
    struct box p = picture->svg.plot;
    char text[96];
    dpi_bound_text(text, data, &picture->facts, subject, up > 1);
    uint8_t ink = data_ink(data, picture->facts.one_bound ? INK_BOUND : (uint8_t)(INK_SERIES + subject));
    double y = p.y;
    if (up <= 1) {
        y = bits_y(picture, bound);
        svg_line(&picture->svg, (struct svg_point){p.x, y}, (struct svg_point){p.x + p.width, y}, ink, 1.5, "2 4");
    }
    /* those of several subjects may lie near each other */
    double x = p.x + p.width - (picture->facts.one_bound ? 0 : (double)subject * svg_text_width("1 H(X) = 6.128 "));
    svg_text(&picture->svg, x, y - 5, SVG_END, ink, false, text);
}

static void draw_whisker(struct dpi_picture *picture, size_t subject, enum dpi_chain chain, size_t layer)
{
    const double half = 4;
    struct svg *svg = &picture->svg;
    struct svg_point at = value_at(picture, subject, chain, layer);
    double value = dpi_value(picture->data, subject, chain, layer);
    double deviation = dpi_deviation(picture->data, subject, chain, layer);
    if (isnan(deviation))
        return;
    uint8_t ink = dpi_ink(picture->data, subject, chain);
    double low = bits_y(picture, value - deviation), high = bits_y(picture, value + deviation);
    low = isnan(low) ? svg->plot.y + svg->plot.height + half : low; /* a logarithmic axis never comes to nothing */
    svg_plot_line(svg, (struct svg_point){at.x, low}, (struct svg_point){at.x, high}, ink, 1.2, NULL);
    svg_plot_line(svg, (struct svg_point){at.x - half, low}, (struct svg_point){at.x + half, low}, ink, 1.2, NULL);
    svg_plot_line(svg, (struct svg_point){at.x - half, high}, (struct svg_point){at.x + half, high}, ink, 1.2, NULL);
}

static void draw_rise(struct dpi_picture *picture, size_t subject, enum dpi_chain chain, size_t layer)
{
    size_t next = dpi_next(picture->data, subject, chain, layer);
    if (next >= picture->data->layers || !dpi_rises(picture->data, subject, chain, layer, next))
        return;
    struct svg_point at = value_at(picture, subject, chain, layer), to = value_at(picture, subject, chain, next);
    struct svg_point middle = {(at.x + to.x) / 2, (at.y + to.y) / 2};
    if (svg_in_plot(&picture->svg, middle))
        svg_label(&picture->svg, middle.x, middle.y - 6, SVG_MIDDLE, INK_WARN, true, "!");
}

/* The digit of a subject behind the last value of its chain, where those of the others leave it free. */
static void draw_digit(struct dpi_picture *picture, size_t subject, enum dpi_chain chain)
{
    const char digit[] = {plot_digit(&picture->data->look, subject), '\0'};
    for (size_t layer = picture->data->layers; layer-- > 0;) {
        struct svg_point at = value_at(picture, subject, chain, layer);
        if (!svg_in_plot(&picture->svg, at))
            continue;
        double subjects = (double)picture->data->subjects, behind = 7 + subject_x(picture, (size_t)subjects - 1, layer);
        double first = fmin(behind, picture->svg.width - DIGIT * subjects - 4);
        svg_label(&picture->svg, first + DIGIT * (double)subject, at.y + SVG_FONT / 3.0, SVG_START,
                  dpi_ink(picture->data, subject, chain), true, digit);
        return;
    }
}

static void draw_chain(struct dpi_picture *picture, size_t subject, enum dpi_chain chain)
{
    const struct plot_dpi *data = picture->data;
    uint8_t ink = dpi_ink(data, subject, chain);
    bool crowded = slot(picture) < 12;
    for (size_t layer = 0; layer < data->layers; layer++) {
        if (isnan(dpi_value(data, subject, chain, layer)))
            continue;
        struct svg_point at = value_at(picture, subject, chain, layer);
        size_t next = dpi_neighbour(data, subject, layer);
        if (next < data->layers && !isnan(dpi_value(data, subject, chain, next)))
            svg_plot_line(&picture->svg, at, value_at(picture, subject, chain, next), ink, 2,
                          chain_dash(subject, chain));
        draw_whisker(picture, subject, chain, layer);
        if (!crowded && svg_in_plot(&picture->svg, at))
            draw_marker(&picture->svg, chain, at, ink);
        draw_rise(picture, subject, chain, layer);
    }
    if (dpi_is_overlay(data))
        draw_digit(picture, subject, chain);
}

/* ---- the picture ---- */

/* Turned names are as long as a quarter of the picture is high, or a fifth of it wide; cut so that they differ. */
static void fit_names(struct dpi_picture *picture)
{
    double longest = fmin(picture->svg.height / 4 / sin(TURN_RADIANS), picture->svg.width / 5 / cos(TURN_RADIANS));
    picture->columns = (size_t)(longest / svg_text_width("0"));
    picture->cut_before = !names_differ(picture);
}

/* The plot between the axes, below the legend and above the names, which reach out at its left where they are turned.
 */
static void lay_out(struct dpi_picture *picture, bool turned)
{
    struct svg *svg = &picture->svg;
    double top = SVG_MARGIN + 30 + legend_lines(picture->data) * LEGEND_LINE + 22;
    double widest = widest_name(picture), below = turned ? 24 + widest * sin(TURN_RADIANS) : 36;
    double height = fmax(svg->height - top - below, 1);
    picture->y = dpi_axis(picture->data, &picture->facts, svg_y_room(height));
    double left = SVG_MARGIN + 14 + (double)axis_label_width(&picture->y) * 7.3;
    double slots = picture->facts.layers.hi - picture->facts.layers.lo;
    if (turned)
        left = fmax(left, widest * cos(TURN_RADIANS) - (svg->width - left) / slots / 2);
    svg->plot = (struct box){.x = left, .y = top, .width = svg->width - left - SVG_MARGIN, .height = height};
}

static void draw(struct dpi_picture *picture)
{
    struct svg *svg = &picture->svg;
    const struct plot_dpi *data = picture->data;
    double slots = picture->facts.layers.hi - picture->facts.layers.lo;
    picture->columns = NAME_BYTES;
    bool turned = widest_name(picture) + 8 > (svg->width - 80) / slots;
    if (turned)
        fit_names(picture);
    lay_out(picture, turned);
    svg_y_axis(svg, &picture->y, "bits");
    svg_frame(svg);
    draw_names(picture, turned);
    if (data->cursor >= 0 && (size_t)data->cursor >= picture->facts.first &&
        (size_t)data->cursor < picture->facts.end) {
        double x = layer_x(picture, (size_t)data->cursor);
        svg_line(svg, (struct svg_point){x, svg->plot.y}, (struct svg_point){x, svg->plot.y + svg->plot.height},
                 INK_CURSOR, 1, "2 3");
    }
    for (size_t s = 0; s < data->subjects; s++)
        draw_bound(picture, s);
    for (size_t k = 0; k < data->subjects; k++)
        for (int chain = DPI_CHAINS; chain-- > 0;)
            if (dpi_shows(data, (enum dpi_chain)chain))
                draw_chain(picture, dpi_in_order(data, k), (enum dpi_chain)chain);
    if (legend_lines(data) > 0)
        (dpi_is_overlay(data) ? draw_subject_legend : draw_chain_legend)(picture);
}

enum ifl_status plot_dpi_svg(const struct plot_dpi *data, int width, int height, bool light, char **out,
                             struct ifl_error *error)
{
    struct dpi_picture picture = {.data = data, .facts = dpi_study(data)};
    enum ifl_status status = svg_open(&picture.svg, width, height, light, error);
    if (status != IFL_OK)
        return status;
    svg_title(&picture.svg, data->title, data->look.stale, 0);
    if (picture.facts.any)
        draw(&picture);
    else
        svg_text(&picture.svg, width / 2.0, height / 2.0, SVG_MIDDLE, INK_DIM, false, dpi_empty(data));
    return svg_close(&picture.svg, out, error);
}
