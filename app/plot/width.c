#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/text.h>
#include <infoflow/quantity.h>
#include <plot/width.h>

#include "chart.h"

/* A chart of a sweep over h, and what it points to. */
struct width_chart {
    struct chart chart;
    struct chart_series *series; /* [2][layers] */
    struct chart_zone *zones;
    char verdict[96], cursor_text[48];
};

char *width_verdict(char out[96], const struct plot_width *data)
{
    char from[32], to[32];
    if (data->missing > 0)
        snprintf(out, 96, "%zu of %zu h", data->count - data->missing, data->count);
    else if (data->trusted.lo > data->trusted.hi)
        snprintf(out, 96, "no h can be trusted");
    else if (data->trusted.lo == data->trusted.hi)
        snprintf(out, 96, "trusted h %s alone", text_short(from, data->trusted.lo, 2));
    else
        snprintf(out, 96, "trusted h %s .. %s", text_short(from, data->trusted.lo, 2),
                 text_short(to, data->trusted.hi, 2));
    return out;
}

static struct chart_series make_series(const struct plot_width *data, size_t layer, const double *values)
{
    return (struct chart_series){.name = data->layer[layer].name,
                                 .count = data->count,
                                 .x = data->h,
                                 .y = values,
                                 .ink = (uint8_t)(INK_SERIES + layer % INK_SERIES_COUNT),
                                 .marker = chart_marker(layer),
                                 .bold = data->cursor >= 0 && layer == (size_t)data->cursor,
                                 .subject = data->look.front,
                                 .layer = (int)layer};
}

/* ---- zones ---- */

static const char *fault(const struct plot_width *data, size_t k)
{
    unsigned health = data->health[k];
    return (health & IFL_SATURATED) != 0                    ? "saturated"
           : (health & (IFL_COLLAPSED | IFL_CONSTANT)) != 0 ? "collapsed"
                                                            : NULL;
}

/* Half way, on the logarithmic axis, to the h before; the end of the axis for the first. */
static double border(const struct plot_width *data, size_t k)
{
    if (k == 0)
        return data->h[0];
    return k == data->count ? data->h[k - 1] : sqrt(data->h[k - 1]) * sqrt(data->h[k]);
}

static size_t make_zones(const struct plot_width *data, struct chart_zone *zones)
{
    size_t count = 0;
    for (size_t k = 0, end; k < data->count; k = end) {
        const char *word = fault(data, k);
        for (end = k + 1; end < data->count && fault(data, end) == word; end++)
            ;
        if (word != NULL)
            zones[count++] = (struct chart_zone){.from = border(data, k), .to = border(data, end), .word = word};
    }
    return count;
}

/* ---- the chart ---- */

static struct chart_panel make_panel(const struct plot_width *data, const struct chart_series *series, bool information,
                                     bool ascii)
{
    static const char *const titles[2][2][2] = {
        {{"H(T) [bits]", "H(T) [bits]"}, {"I(X;T) [bits]", "I(X;T) [bits]"}},
        {{"H(δ) [bits]", "H(delta) [bits]"}, {"I(δK;δ) [bits]", "I(deltaK;delta) [bits]"}}};
    struct chart_panel panel = {
        .title = titles[data->backward][information][ascii], .count = data->layers, .series = series};
    panel.brief = panel.title;
    if (data->bound != NULL)
        panel.bound = (struct chart_series){.name = !data->backward ? (ascii ? "- - H(X)" : "╌╌ H(X)")
                                                                    : (ascii ? "- - H(deltaK)" : "╌╌ H(δK)"),
                                            .count = data->count,
                                            .x = data->h,
                                            .y = data->bound};
    return panel;
}

static bool width_chart_allocate(struct width_chart *out, const struct plot_width *data)
{
    out->series = ifl_alloc(data->layers, 2 * sizeof *out->series);
    out->zones = ifl_alloc(data->count, sizeof *out->zones);
    return out->series != NULL && out->zones != NULL;
}

/* Without memory it is an empty chart that says so. */
static void width_chart_init(struct width_chart *out, const struct plot_width *data, struct plot_look *look, bool ascii)
{
    char value[32];
    *out = (struct width_chart){0};
    *look = data->look;
    snprintf(out->cursor_text, sizeof out->cursor_text, "h %s", text_short(value, data->current, 4));
    out->chart = (struct chart){.title = data->title,
                                .verdict = width_verdict(out->verdict, data),
                                .warned = data->missing == 0 && data->trusted.lo > data->trusted.hi,
                                .look = look,
                                .x_label = data->backward ? "h of the errors" : "h",
                                .x_log = true,
                                .cursor = data->current,
                                .has_line = true,
                                .trusted = data->missing == 0 ? &data->trusted : NULL,
                                .cursor_text = out->cursor_text,
                                .counts_x = data->h,
                                .counts = data->violations,
                                .n_counts = data->violations == NULL ? 0 : data->count,
                                .counts_label = "DPI violations at each h"};
    if (!width_chart_allocate(out, data)) {
        look->empty = "no memory for a plot";
        return;
    }
    for (size_t layer = 0; layer < data->layers; layer++) {
        out->series[layer] = make_series(data, layer, data->layer[layer].entropy);
        out->series[data->layers + layer] = make_series(data, layer, data->layer[layer].information);
    }
    out->chart.zones = out->zones;
    out->chart.n_zones = data->health == NULL ? 0 : make_zones(data, out->zones);
    out->chart.n_panels = 2;
    out->chart.panels[0] = make_panel(data, out->series, false, ascii);
    out->chart.panels[1] = make_panel(data, out->series + data->layers, true, ascii);
}

static void width_chart_release(struct width_chart *chart)
{
    free(chart->series);
    free(chart->zones);
}

void plot_width(struct canvas *canvas, struct rect where, const struct plot_width *data)
{
    struct width_chart chart;
    struct plot_look look;
    width_chart_init(&chart, data, &look, canvas->charset == CHARSET_ASCII);
    chart_draw(canvas, where, &chart.chart);
    width_chart_release(&chart);
}

enum ifl_status plot_width_svg(const struct plot_width *data, int width, int height, bool light, char **out,
                               struct ifl_error *error)
{
    struct width_chart chart;
    struct plot_look look;
    width_chart_init(&chart, data, &look, false);
    enum ifl_status status = chart_svg(&chart.chart, width, height, light, out, error);
    width_chart_release(&chart);
    return status;
}
