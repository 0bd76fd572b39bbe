#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/text.h>

#include "palette.h"
#include "surface.h"
#include "svg.h"

enum { WIDTH_MIN = 200, HEIGHT_MIN = 150, SIZE_MAX_PX = 10000, TITLE_FONT = 15, NAME_BYTES = 512 };

static const double digit_width = 7.3, title_digit_width = 10, tick = 5, minor_spacing = 3;

/* ---- the document ---- */

static void number(struct svg *svg, const char *before, double value, const char *after)
{
    /* Tenths, from an integer: no locale's decimal point. */
    long tenths = lround(fmax(fmin(value, 1e6), -1e6) * 10);
    strbuf_printf(&svg->out, "%s%s%ld.%ld%s", before, tenths < 0 ? "-" : "", labs(tenths) / 10, labs(tenths) % 10,
                  after);
}

static void color(struct svg *svg, const char *attribute, uint8_t ink)
{
    strbuf_printf(&svg->out, " %s=\"#%06x\"", attribute, (unsigned)palette_rgb(ink, svg->light));
}

enum ifl_status svg_open(struct svg *svg, int width, int height, bool light, struct ifl_error *error)
{
    if (width < WIDTH_MIN || width > SIZE_MAX_PX || height < HEIGHT_MIN || height > SIZE_MAX_PX)
        return ifl_fail(error, IFL_INVALID, "a picture of %dx%d: must be %dx%d to %dx%d", width, height, WIDTH_MIN,
                        HEIGHT_MIN, SIZE_MAX_PX, SIZE_MAX_PX);
    *svg = (struct svg){.width = width, .height = height, .light = light};
    strbuf_printf(
        &svg->out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
        "xml:space=\"preserve\" font-family=\"DejaVu Sans, Helvetica, Arial, sans-serif\" font-size=\"%d\">\n",
        width, height, width, height, SVG_FONT);
    strbuf_printf(&svg->out, "<rect width=\"100%%\" height=\"100%%\" fill=\"#%06x\"/>\n",
                  (unsigned)palette_background(light));
    return IFL_OK;
}

enum ifl_status svg_close(struct svg *svg, char **out, struct ifl_error *error)
{
    strbuf_add(&svg->out, "</svg>\n");
    return strbuf_take(&svg->out, out, "a plot as SVG", error);
}

/* ---- text ---- */

double svg_text_width(const char *text)
{
    return (double)text_width(text) * digit_width;
}

static void add_escaped(struct svg *svg, const char *text)
{
    char clean[NAME_BYTES];
    text_clean(clean, sizeof clean, text, false);
    for (const char *at = clean; *at != '\0'; at++) {
        const char one[] = {*at, '\0'};
        strbuf_add(&svg->out, *at == '<'   ? "&lt;"
                              : *at == '>' ? "&gt;"
                              : *at == '&' ? "&amp;"
                              : *at == '"' ? "&quot;"
                                           : one);
    }
}

static void text_element(struct svg *svg, double x, double y, enum svg_anchor anchor, uint8_t ink, const char *style,
                         const char *text)
{
    static const char *const anchors[] = {"start", "middle", "end"};
    number(svg, "<text x=\"", x, "\"");
    number(svg, " y=\"", y, "\"");
    strbuf_printf(&svg->out, " text-anchor=\"%s\"%s", anchors[anchor], style);
    color(svg, "fill", ink);
    strbuf_add(&svg->out, ">");
    add_escaped(svg, text);
    strbuf_add(&svg->out, "</text>\n");
}

void svg_text(struct svg *svg, double x, double y, enum svg_anchor anchor, uint8_t ink, bool bold, const char *text)
{
    text_element(svg, x, y, anchor, ink, bold ? " font-weight=\"bold\"" : "", text);
}

void svg_label(struct svg *svg, double x, double y, enum svg_anchor anchor, uint8_t ink, bool bold, const char *text)
{
    const char *weight = bold ? " font-weight=\"bold\"" : "";
    char style[128];
    unsigned background = (unsigned)palette_background(svg->light);
    snprintf(style, sizeof style, "%s stroke=\"#%06x\" stroke-width=\"3\" stroke-linejoin=\"round\"", weight, background);
    text_element(svg, x, y, anchor, ink, style, text); /* not by paint-order, which not all programs know */
    text_element(svg, x, y, anchor, ink, weight, text);
}

void svg_text_turned(struct svg *svg, double x, double y, double degrees, uint8_t ink, const char *text)
{
    number(svg, "<g transform=\"translate(", x, "");
    number(svg, ",", y, ")");
    number(svg, " rotate(", degrees, ")\">");
    text_element(svg, 0, 0, SVG_END, ink, "", text);
    strbuf_add(&svg->out, "</g>\n");
}

/* ---- shapes ---- */

void svg_line(struct svg *svg, struct svg_point a, struct svg_point b, uint8_t ink, double width, const char *dash)
{
    number(svg, "<line x1=\"", a.x, "\"");
    number(svg, " y1=\"", a.y, "\"");
    number(svg, " x2=\"", b.x, "\"");
    number(svg, " y2=\"", b.y, "\"");
    number(svg, " stroke-linecap=\"round\" stroke-width=\"", width, "\"");
    color(svg, "stroke", ink);
    if (dash != NULL)
        strbuf_printf(&svg->out, " stroke-dasharray=\"%s\"", dash);
    strbuf_add(&svg->out, "/>\n");
}

bool svg_in_plot(const struct svg *svg, struct svg_point at)
{
    const double slack = 0.5;
    struct box p = svg->plot;
    return at.x >= p.x - slack && at.x <= p.x + p.width + slack && at.y >= p.y - slack &&
           at.y <= p.y + p.height + slack;
}

void svg_plot_line(struct svg *svg, struct svg_point a, struct svg_point b, uint8_t ink, double width, const char *dash)
{
    struct box p = svg->plot;
    struct point from = {a.x, a.y}, to = {b.x, b.y};
    if (clip_line(&from, &to, (struct point){p.x, p.y}, (struct point){p.x + p.width, p.y + p.height}))
        svg_line(svg, (struct svg_point){from.x, from.y}, (struct svg_point){to.x, to.y}, ink, width, dash);
}

void svg_circle(struct svg *svg, struct svg_point at, double radius, uint8_t ink)
{
    number(svg, "<circle cx=\"", at.x, "\"");
    number(svg, " cy=\"", at.y, "\"");
    number(svg, " r=\"", radius, "\"");
    color(svg, "fill", ink);
    strbuf_add(&svg->out, "/>\n");
}

void svg_cross(struct svg *svg, struct svg_point at, double radius, uint8_t ink)
{
    struct svg_point corners[] = {{at.x - radius, at.y - radius},
                                  {at.x + radius, at.y + radius},
                                  {at.x - radius, at.y + radius},
                                  {at.x + radius, at.y - radius}};
    svg_line(svg, corners[0], corners[1], ink, 2, NULL);
    svg_line(svg, corners[2], corners[3], ink, 2, NULL);
}

void svg_arrow(struct svg *svg, struct svg_point at, double dx, double dy, uint8_t ink)
{
    double length = hypot(dx, dy);
    if (!(length > 0))
        return;
    const double long_side = 11, half_width = 3.5;
    double ux = dx / length, uy = dy / length;
    struct svg_point back = {at.x - long_side * ux, at.y - long_side * uy};
    number(svg, "<polygon points=\"", at.x, ",");
    number(svg, "", at.y, " ");
    number(svg, "", back.x - half_width * uy, ",");
    number(svg, "", back.y + half_width * ux, " ");
    number(svg, "", back.x + half_width * uy, ",");
    number(svg, "", back.y - half_width * ux, "\"");
    color(svg, "fill", ink);
    strbuf_add(&svg->out, "/>\n");
}

static void box_element(struct svg *svg, struct box box, uint8_t ink, const char *style)
{
    number(svg, "<rect x=\"", box.x, "\"");
    number(svg, " y=\"", box.y, "\"");
    number(svg, " width=\"", box.width, "\"");
    number(svg, " height=\"", box.height, "\"");
    color(svg, "fill", ink);
    strbuf_printf(&svg->out, "%s/>\n", style);
}

void svg_box(struct svg *svg, struct box box, uint8_t ink)
{
    box_element(svg, box, ink, "");
}

void svg_shade(struct svg *svg, struct box box, uint8_t ink)
{
    box_element(svg, box, ink, " fill-opacity=\"0.18\"");
}

/* ---- subjects ---- */

int svg_subjects(struct svg *svg, double y, size_t count, const char *const *names, const struct plot_look *look)
{
    const double gap = 18, room = svg->width - 2 * SVG_MARGIN;
    const int line = 18;
    int row = 0;
    double x = 0;
    for (size_t s = 0; s < count; s++) {
        char text[NAME_BYTES], fitted[NAME_BYTES];
        snprintf(text, sizeof text, "%zu %s", plot_number(look, s), names[s] == NULL ? "" : names[s]);
        text_fit(fitted, sizeof fitted, text, (size_t)(room / digit_width / SVG_BOLD));
        double width = SVG_BOLD * svg_text_width(fitted);
        if (x > 0 && x + width > room) {
            row++;
            x = 0;
        }
        svg_text(svg, SVG_MARGIN + x, y + row * line, SVG_START, look->stale ? INK_DIM : (uint8_t)(INK_SERIES + s), true,
                 fitted);
        x += width + gap;
    }
    return row + (count > 0);
}

/* ---- axes ---- */

void svg_title(struct svg *svg, const char *title, bool stale, double room)
{
    char text[NAME_BYTES], fitted[NAME_BYTES];
    double columns = (svg->width - 2 * SVG_MARGIN - room) / title_digit_width;
    snprintf(text, sizeof text, "%s%s", title == NULL ? "" : title, stale ? " (computing…)" : "");
    text_fit_middle(fitted, sizeof fitted, text, columns > 0 ? (size_t)columns : 0);
    char style[64];
    snprintf(style, sizeof style, " font-weight=\"bold\" font-size=\"%d\"", TITLE_FONT);
    text_element(svg, SVG_MARGIN, SVG_MARGIN + 8, SVG_START, INK_TITLE, style, fitted);
}

struct axis_room svg_x_room(double length)
{
    return (struct axis_room){.length = length,
                              .before = 2 * SVG_MARGIN,
                              .after = SVG_MARGIN,
                              .spacing = 90,
                              .gap = 14,
                              .digit = digit_width};
}

struct axis_room svg_y_room(double length)
{
    return (struct axis_room){
        .length = length, .before = SVG_FONT, .after = SVG_FONT, .spacing = 55, .gap = 10, .label = SVG_FONT};
}

void svg_frame(struct svg *svg)
{
    struct box p = svg->plot;
    svg_line(svg, (struct svg_point){p.x, p.y}, (struct svg_point){p.x, p.y + p.height}, INK_DIM, 1, NULL);
    svg_line(svg, (struct svg_point){p.x, p.y + p.height}, (struct svg_point){p.x + p.width, p.y + p.height}, INK_DIM,
             1, NULL);
}

void svg_y_axis(struct svg *svg, const struct axis *y, const char *title)
{
    struct box p = svg->plot;
    double minor;
    for (int k = 0; axis_minor(y, k, minor_spacing / p.height, &minor); k++) {
        double at = p.y + p.height * (1 - axis_fraction(y, minor));
        if (minor > y->view.lo && minor < y->view.hi)
            svg_line(svg, (struct svg_point){p.x - tick / 2, at}, (struct svg_point){p.x, at}, INK_DIM, 1, NULL);
    }
    for (int k = 0; k < y->ticks.count; k++) {
        char text[32];
        axis_label(text, y, k);
        double at = p.y + p.height * (1 - axis_fraction(y, tick_value(&y->ticks, k)));
        svg_line(svg, (struct svg_point){p.x - tick, at}, (struct svg_point){p.x, at}, INK_DIM, 1, NULL);
        svg_line(svg, (struct svg_point){p.x, at}, (struct svg_point){p.x + p.width, at}, INK_DIM, 0.2, NULL);
        svg_text(svg, p.x - 2 * tick, at + SVG_FONT / 3.0, SVG_END, INK_NONE, false, text);
    }
    char text[NAME_BYTES];
    svg_text(svg, SVG_MARGIN, p.y - SVG_FONT, SVG_START, INK_NONE, false, axis_title(text, sizeof text, y, title));
}

void svg_x_tick(struct svg *svg, double x)
{
    double bottom = svg->plot.y + svg->plot.height;
    svg_line(svg, (struct svg_point){x, bottom}, (struct svg_point){x, bottom + tick}, INK_DIM, 1, NULL);
}

void svg_x_axis(struct svg *svg, const struct axis *x, const char *title)
{
    struct box p = svg->plot;
    double minor;
    for (int k = 0; axis_minor(x, k, minor_spacing / p.width, &minor); k++) {
        double at = p.x + p.width * axis_fraction(x, minor), bottom = p.y + p.height;
        if (minor > x->view.lo && minor < x->view.hi)
            svg_line(svg, (struct svg_point){at, bottom}, (struct svg_point){at, bottom + tick / 2}, INK_DIM, 1, NULL);
    }
    for (int k = 0; k < x->ticks.count; k++) {
        char text[32];
        axis_label(text, x, k);
        double at = p.x + p.width * axis_fraction(x, tick_value(&x->ticks, k));
        svg_x_tick(svg, at);
        svg_line(svg, (struct svg_point){at, p.y}, (struct svg_point){at, p.y + p.height}, INK_DIM, 0.2, NULL);
        svg_text(svg, at, p.y + p.height + tick + SVG_FONT + 2, SVG_MIDDLE, INK_NONE, false, text);
    }
    char text[NAME_BYTES];
    svg_text(svg, p.x + p.width, p.y + p.height + tick + 2.5 * SVG_FONT + 4, SVG_END, INK_NONE, false,
             axis_title(text, sizeof text, x, title));
}
