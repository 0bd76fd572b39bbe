#include <math.h>
#include <stdio.h>
#include <string.h>

#include <base/text.h>

#include "chart.h"
#include "surface.h"
#include "svg.h"

enum { TEXT_BYTES = 256, LABELS_MAX = 64, LABEL_COLUMNS = 30, TITLE_ROOM = 44, PANEL_TITLE = 24, COUNT_ROW = 18, X_TITLE = 40 };

static const double digit_columns = 7.3;

struct picture {
    struct svg svg;
    const struct chart *chart;
    struct chart_facts facts;
    struct axis x, y[CHART_PANELS];
    struct box panel[CHART_PANELS];
};

static struct svg_point point_at(const struct picture *picture, size_t panel, double x, double y)
{
    struct box p = picture->panel[panel];
    return (struct svg_point){p.x + p.width * axis_fraction(&picture->x, x),
                              p.y + p.height * (1 - axis_fraction(&picture->y[panel], y))};
}

/* A line cut to its panel. */
static void line(struct picture *picture, size_t panel, struct svg_point a, struct svg_point b, uint8_t ink,
                 double width, const char *dash)
{
    picture->svg.plot = picture->panel[panel];
    svg_plot_line(&picture->svg, a, b, chart_ink(picture->chart, ink), width, dash);
}

/* ---- series ---- */

static const char *const dashes[] = {[CHART_SOLID] = NULL, [CHART_DASHED] = "7 5", [CHART_DOTTED] = "2 4"};

static void draw_line(struct picture *picture, size_t panel, const struct chart_series *series)
{
    for (size_t k = 1; k < series->count; k++)
        if (chart_has(picture->chart, panel, series, k - 1) && chart_has(picture->chart, panel, series, k))
            line(picture, panel, point_at(picture, panel, chart_x(series, k - 1), series->y[k - 1]),
                 point_at(picture, panel, chart_x(series, k), series->y[k]), series->ink, series->bold ? 3.2 : 1.8,
                 dashes[series->dash]);
}

static void draw_whisker(struct picture *picture, size_t panel, const struct chart_series *series, size_t k)
{
    double deviation = series->deviation == NULL ? NAN : series->deviation[k];
    if (!(deviation > 0) || !value_usable(deviation))
        return;
    double x = chart_x(series, k), low = axis_fraction(&picture->y[panel], series->y[k] - deviation);
    struct svg_point top = point_at(picture, panel, x, series->y[k] + deviation), bottom = top;
    bottom.y = picture->panel[panel].y + picture->panel[panel].height * (1 - (isnan(low) ? 0 : low));
    const double cap = 4;
    line(picture, panel, bottom, top, series->ink, 1.2, NULL);
    line(picture, panel, (struct svg_point){top.x - cap, top.y}, (struct svg_point){top.x + cap, top.y}, series->ink,
         1.2, NULL);
    line(picture, panel, (struct svg_point){bottom.x - cap, bottom.y}, (struct svg_point){bottom.x + cap, bottom.y},
         series->ink, 1.2, NULL);
}

static void draw_points(struct picture *picture, size_t panel, const struct chart_series *series)
{
    for (size_t k = 0; k < series->count; k++) {
        if (!chart_shows(picture->chart, panel, &picture->x, &picture->y[panel], series, k))
            continue;
        draw_whisker(picture, panel, series, k);
        svg_circle(&picture->svg, point_at(picture, panel, chart_x(series, k), series->y[k]),
                   series->count > 30 ? 2 : 3.2, chart_ink(picture->chart, series->ink));
    }
}

static void draw_bound(struct picture *picture, size_t panel)
{
    struct chart_series bound = picture->chart->panels[panel].bound;
    struct box p = picture->panel[panel];
    double level;
    bound.ink = INK_BOUND;
    bound.dash = CHART_DOTTED;
    if (!picture->facts.bound_in_range[panel])
        return;
    if (!chart_bound_is_level(picture->chart, panel, &level)) {
        draw_line(picture, panel, &bound);
        return;
    }
    double y = p.y + p.height * (1 - axis_fraction(&picture->y[panel], level));
    line(picture, panel, (struct svg_point){p.x, y}, (struct svg_point){p.x + p.width, y}, INK_BOUND, 1.5,
         dashes[CHART_DOTTED]);
}

/* ---- labels at the ends ---- */

struct end {
    const struct chart_series *series;
    double y;
};

/* Where a line ends, or leaves the view. */
static bool line_end(const struct picture *picture, size_t panel, struct end *end)
{
    const struct chart_series *s = end->series;
    struct box p = picture->panel[panel];
    for (size_t k = s->count; s->name != NULL && k-- > 0;) {
        if (!chart_has(picture->chart, panel, s, k))
            continue;
        size_t before = k > 0 && chart_has(picture->chart, panel, s, k - 1) ? k - 1 : k;
        struct svg_point a = point_at(picture, panel, chart_x(s, before), s->y[before]);
        struct svg_point b = point_at(picture, panel, chart_x(s, k), s->y[k]);
        struct point from = {a.x, a.y}, to = {b.x, b.y}, low = {p.x - 0.5, p.y - 0.5};
        if (!clip_line(&from, &to, low, (struct point){p.x + p.width + 0.5, p.y + p.height + 0.5}))
            continue;
        end->y = to.y;
        return true;
    }
    return false;
}

/* A line's height apart: down from where they belong, then up again from the lowest place. */
static void spread(struct end *ends, size_t count, double lowest)
{
    const double apart = SVG_FONT + 2;
    for (size_t k = 1; k < count; k++)
        ends[k].y = fmax(ends[k].y, ends[k - 1].y + apart);
    for (size_t k = count; k-- > 0;) {
        ends[k].y = fmin(ends[k].y, lowest);
        lowest = ends[k].y - apart;
    }
}

/* Every how many of a panel's lines can be labelled beside it. */
static size_t labelled(const struct picture *picture, size_t panel)
{
    const struct chart_panel *p = &picture->chart->panels[panel];
    struct end end = {0};
    size_t count = 0, room = (size_t)(picture->panel[panel].height / (SVG_FONT + 2)) + 1;
    for (size_t k = 0; k < p->count; k++) {
        end.series = &p->series[k];
        count += line_end(picture, panel, &end);
    }
    return count == 0 ? 1 : (count + room - 1) / room;
}

/* A label cut at its end, or at its beginning where the ends are what differs. */
static char *fit_label(char out[TEXT_BYTES], const struct chart_panel *p, const char *name)
{
    for (size_t a = 0; a < p->count; a++)
        for (size_t b = 0; b < a; b++) {
            char one[TEXT_BYTES], other[TEXT_BYTES];
            const char *names[] = {p->series[a].name, p->series[b].name};
            if (names[0] != NULL && names[1] != NULL && strcmp(names[0], names[1]) != 0 &&
                strcmp(text_fit(one, sizeof one, names[0], LABEL_COLUMNS),
                       text_fit(other, sizeof other, names[1], LABEL_COLUMNS)) == 0)
                return text_fit_tail(out, TEXT_BYTES, name, LABEL_COLUMNS);
        }
    return text_fit(out, TEXT_BYTES, name, LABEL_COLUMNS);
}

static void draw_labels(struct picture *picture, size_t panel)
{
    const struct chart_panel *p = &picture->chart->panels[panel];
    struct box box = picture->panel[panel];
    struct end ends[LABELS_MAX];
    size_t count = 0, every = labelled(picture, panel);
    for (size_t k = 0; k < p->count && count < LABELS_MAX && !picture->chart->look->no_legend; k++) {
        struct end end = {.series = &p->series[k]};
        if ((k % every != 0 && !p->series[k].bold) || !line_end(picture, panel, &end))
            continue;
        size_t at = count++;
        for (; at > 0 && ends[at - 1].y > end.y; at--)
            ends[at] = ends[at - 1];
        ends[at] = end;
    }
    spread(ends, count, box.y + box.height);
    for (size_t k = 0; k < count; k++) {
        char name[TEXT_BYTES];
        svg_text(&picture->svg, box.x + box.width + 8, ends[k].y + SVG_FONT / 3.0, SVG_START,
                 chart_ink(picture->chart, ends[k].series->ink), ends[k].series->bold,
                 fit_label(name, p, ends[k].series->name));
    }
}

static double label_room(const struct chart *chart)
{
    double widest = 0;
    for (size_t panel = 0; panel < chart->n_panels && !chart->look->no_legend; panel++)
        for (size_t k = 0; k < chart->panels[panel].count; k++)
            if (chart->panels[panel].series[k].name != NULL)
                widest = fmax(widest, svg_text_width(chart->panels[panel].series[k].name));
    return widest > 0 ? fmin(widest, LABEL_COLUMNS * digit_columns) + 12 : 0;
}

/* ---- zones, cursor, counts ---- */

/* How far a height keeps from all that is drawn in a zone. */
static double distance(const struct picture *picture, size_t panel, const struct chart_zone *zone, double y)
{
    const struct chart_panel *p = &picture->chart->panels[panel];
    double nearest = INFINITY;
    for (size_t s = 0; s < p->count; s++)
        for (size_t k = 0; k < p->series[s].count; k++) {
            double x = chart_x(&p->series[s], k);
            if (x >= zone->from && x <= zone->to && chart_has(picture->chart, panel, &p->series[s], k))
                nearest = fmin(nearest, fabs(point_at(picture, panel, x, p->series[s].y[k]).y - y));
        }
    return nearest;
}

static void draw_zone_word(struct picture *picture, size_t panel, const struct chart_zone *zone, struct box shade)
{
    double first = shade.y + SVG_FONT + 4, best = first, middle = SVG_FONT / 3.0;
    for (int line = 0; first + line * SVG_FONT < shade.y + shade.height - middle; line++) {
        double y = first + line * SVG_FONT;
        if (distance(picture, panel, zone, y - middle) > distance(picture, panel, zone, best - middle) + 1)
            best = y;
    }
    if (svg_text_width(zone->word) <= shade.width)
        svg_text(&picture->svg, shade.x + shade.width / 2, best, SVG_MIDDLE, INK_WARN, false, zone->word);
    else
        svg_text_turned(&picture->svg, shade.x + shade.width / 2 + middle, shade.y + 6, -90, INK_WARN, zone->word);
}

/* False where none of it is in view. */
static bool zone_box(const struct picture *picture, size_t panel, const struct chart_zone *zone, struct box *out)
{
    struct box p = picture->panel[panel];
    double left = fmax(axis_fraction(&picture->x, zone->from), 0),
           right = fmin(axis_fraction(&picture->x, zone->to), 1);
    *out = (struct box){p.x + left * p.width, p.y, (right - left) * p.width, p.height};
    return left < right;
}

/* The shades under all lines, then the words over them. */
static void draw_zones(struct picture *picture, size_t panel, bool words)
{
    for (size_t k = 0; k < picture->chart->n_zones; k++) {
        const struct chart_zone *zone = &picture->chart->zones[k];
        struct box box;
        if (!zone_box(picture, panel, zone, &box))
            continue;
        if (words)
            draw_zone_word(picture, panel, zone, box);
        else
            svg_shade(&picture->svg, box, INK_DIM);
    }
}

/* A thick line on the x axis of each panel. */
static void draw_trusted(struct picture *picture, size_t panel)
{
    const struct range *trusted = picture->chart->trusted;
    struct chart_zone stretch = {0};
    struct box box;
    if (trusted != NULL)
        stretch = (struct chart_zone){.from = trusted->lo, .to = trusted->hi};
    if (trusted != NULL && trusted->lo <= trusted->hi && zone_box(picture, panel, &stretch, &box))
        line(picture, panel, (struct svg_point){box.x, box.y + box.height},
             (struct svg_point){box.x + box.width, box.y + box.height}, INK_TITLE, 3, NULL);
}

static bool in_view(const struct axis *axis, double value, double *fraction)
{
    *fraction = axis_fraction(axis, value);
    return *fraction >= -1e-9 && *fraction <= 1 + 1e-9;
}

static void draw_cursor(struct picture *picture)
{
    const struct chart *chart = picture->chart;
    double right;
    if (!in_view(&picture->x, chart->cursor, &right))
        return;
    double x = picture->panel[0].x + picture->panel[0].width * right;
    for (size_t panel = 0; panel < chart->n_panels; panel++)
        line(picture, panel, (struct svg_point){x, picture->panel[panel].y},
             (struct svg_point){x, picture->panel[panel].y + picture->panel[panel].height}, INK_CURSOR, 1.2, "2 3");
    if (chart->cursor_text != NULL && chart->categories == NULL)
        svg_text(&picture->svg, x, picture->panel[0].y - 5, SVG_MIDDLE, INK_CURSOR, true, chart->cursor_text);
}

static void draw_counts(struct picture *picture, double y)
{
    const struct chart *chart = picture->chart;
    struct box p = picture->panel[0];
    for (size_t k = 0; k < chart->n_counts; k++) {
        char text[32];
        double right;
        snprintf(text, sizeof text, "%zu", chart->counts[k]);
        if (in_view(&picture->x, chart->counts_x[k], &right))
            svg_text(&picture->svg, p.x + p.width * right, y, SVG_MIDDLE, chart->counts[k] > 0 ? INK_WARN : INK_DIM,
                     false, chart->counts[k] > 0 ? text : "·");
    }
    if (chart->n_counts > 0 && chart->counts_label != NULL)
        svg_text(&picture->svg, p.x, y - COUNT_ROW, SVG_START, INK_DIM, false, chart->counts_label);
}

/* ---- axes ---- */

static const char *category(const struct chart *chart, size_t k)
{
    return chart->categories[k] == NULL ? "" : chart->categories[k];
}

static void draw_categories(struct picture *picture)
{
    const struct chart *chart = picture->chart;
    double slot = picture->svg.plot.width / (double)chart->n_categories, widest = 0;
    for (size_t k = 0; k < chart->n_categories; k++)
        widest = fmax(widest, svg_text_width(category(chart, k)));
    double y = picture->svg.plot.y + picture->svg.plot.height + 8 + SVG_FONT, right;
    for (size_t k = 0; k < chart->n_categories; k++) {
        if (!in_view(&picture->x, (double)k + 0.5, &right))
            continue;
        double x = picture->svg.plot.x + picture->svg.plot.width * right;
        svg_x_tick(&picture->svg, x);
        if (widest + 8 > slot) {
            char fitted[TEXT_BYTES]; /* between the axis and the edges at the left and below */
            text_fit_middle(fitted, sizeof fitted, category(chart, k), (size_t)(fmin(x, 100) / digit_columns));
            svg_text_turned(&picture->svg, x + 4, y - 4, -25, INK_NONE, fitted);
        } else
            svg_text(&picture->svg, x, y, SVG_MIDDLE, INK_NONE, false, category(chart, k));
    }
    svg_text(&picture->svg, picture->svg.plot.x + picture->svg.plot.width, y + 2 * SVG_FONT, SVG_END, INK_NONE, false,
             chart->x_label == NULL ? "" : chart->x_label);
}

static void draw_axes(struct picture *picture, size_t panel)
{
    const struct chart *chart = picture->chart;
    const struct chart_panel *p = &chart->panels[panel];
    struct svg *svg = &picture->svg;
    char bound[96];
    svg->plot = picture->panel[panel];
    double right = svg->plot.x + svg->plot.width, room = right - SVG_MARGIN - 2 * digit_columns;
    struct chart_heading heading;
    bool fits = false;
    chart_bound_text(bound, chart, &picture->facts, panel);
    for (int way = 0; way < CHART_HEADINGS && !fits; way++) {
        heading = chart_heading(p, bound, way);
        fits = svg_text_width(heading.left) + svg_text_width(heading.right) <= room;
    }
    svg_y_axis(svg, &picture->y[panel], heading.left);
    svg_frame(svg);
    if (fits)
        svg_text(svg, right, svg->plot.y - SVG_FONT, SVG_END, p->key != NULL ? INK_DIM : chart_ink(chart, INK_BOUND),
                 false, heading.right);
    if (panel + 1 < chart->n_panels) {
        for (int k = 0; k < picture->x.ticks.count && chart->categories == NULL; k++)
            svg_x_tick(svg,
                       svg->plot.x + svg->plot.width * axis_fraction(&picture->x, tick_value(&picture->x.ticks, k)));
        return;
    }
    if (chart->categories != NULL)
        draw_categories(picture);
    else
        svg_x_axis(svg, &picture->x, chart->x_label == NULL ? "" : chart->x_label);
}

/* ---- the picture ---- */

static void lay_out(struct picture *picture)
{
    const struct chart *chart = picture->chart;
    double below = X_TITLE + (chart->n_counts > 0 ? COUNT_ROW : 0), left = 0;
    double room = picture->svg.height - TITLE_ROOM - below, each = room / (double)chart->n_panels;
    double height = fmax(each - PANEL_TITLE - SVG_MARGIN, 10);
    for (size_t panel = 0; panel < chart->n_panels; panel++) {
        picture->y[panel] = chart_y_axis(chart, &picture->facts, panel, svg_y_room(height));
        left = fmax(left, SVG_MARGIN + 14 + (double)axis_label_width(&picture->y[panel]) * digit_columns);
    }
    double width = fmax(picture->svg.width - left - SVG_MARGIN - label_room(chart), 40);
    for (size_t panel = 0; panel < chart->n_panels; panel++)
        picture->panel[panel] = (struct box){left, TITLE_ROOM + (double)panel * each + PANEL_TITLE, width, height};
    picture->x = chart_x_axis(chart, &picture->facts, svg_x_room(width));
}

static void draw_panel(struct picture *picture, size_t panel)
{
    const struct chart *chart = picture->chart;
    const struct chart_panel *p = &chart->panels[panel];
    draw_zones(picture, panel, false);
    draw_axes(picture, panel);
    draw_bound(picture, panel);
    for (int rank = 0; rank < CHART_RANKS; rank++)
        for (size_t k = 0; k < p->count; k++)
            if (chart_rank(chart, &p->series[k]) == rank) {
                draw_line(picture, panel, &p->series[k]);
                draw_points(picture, panel, &p->series[k]);
            }
    draw_zones(picture, panel, true);
    draw_trusted(picture, panel);
    draw_labels(picture, panel);
    struct box box = picture->panel[panel];
    if (!picture->facts.has[panel] && p->empty != NULL)
        svg_text(&picture->svg, box.x + box.width / 2, box.y + box.height / 2, SVG_MIDDLE, INK_DIM, false, p->empty);
}

enum ifl_status chart_svg(const struct chart *chart, int width, int height, bool light, char **out,
                          struct ifl_error *error)
{
    struct picture picture = {.chart = chart, .facts = chart_study(chart)};
    enum ifl_status status = svg_open(&picture.svg, width, height, light, error);
    if (status != IFL_OK)
        return status;
    double verdict = chart->verdict == NULL ? 0 : SVG_BOLD * svg_text_width(chart->verdict) + SVG_MARGIN;
    svg_title(&picture.svg, chart->title, chart->look->stale, verdict);
    if (chart->verdict != NULL)
        svg_text(&picture.svg, width - SVG_MARGIN, SVG_MARGIN + 8, SVG_END, chart->warned ? INK_WARN : INK_TITLE, true,
                 chart->verdict);
    if (!picture.facts.any) {
        svg_text(&picture.svg, width / 2.0, height / 2.0, SVG_MIDDLE, INK_DIM, false, plot_empty(chart->look->empty));
        return svg_close(&picture.svg, out, error);
    }
    lay_out(&picture);
    for (size_t panel = 0; panel < chart->n_panels; panel++)
        draw_panel(&picture, panel);
    draw_cursor(&picture);
    struct box last = picture.panel[chart->n_panels - 1];
    draw_counts(&picture, last.y + last.height + X_TITLE + COUNT_ROW);
    return svg_close(&picture.svg, out, error);
}
