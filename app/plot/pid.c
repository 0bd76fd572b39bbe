#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <base/text.h>
#include <plot/pid.h>

#include "chart.h"

/* A chart of a PID, and what it points to. */
struct pid_chart {
    struct chart chart;
    struct chart_series *series; /* MMI; trade-off and non-redundant */
    char cursor_text[32];
};

static bool is_front(const struct plot_pid *data, const struct plot_pid_series *series)
{
    return series->subject == data->look.front && (data->layer < 0 || series->layer == data->layer);
}

static const struct plot_pid_series *front_series(const struct plot_pid *data)
{
    for (size_t k = 0; k < data->count; k++)
        if (is_front(data, &data->series[k]))
            return &data->series[k];
    return data->count > 0 ? &data->series[0] : NULL;
}

/* Series of several subjects have their numbers, those of one are counted. */
static char marker(const struct plot_pid *data, size_t k)
{
    for (size_t j = 1; j < data->count; j++)
        if (data->series[j].subject != data->series[0].subject)
            return plot_digit(&data->look, (size_t)data->series[k].subject);
    return chart_marker(k);
}

static struct chart_series make_series(const struct plot_pid *data, size_t k, enum pid_value value)
{
    const struct plot_pid_series *s = &data->series[k];
    return (struct chart_series){.name = value == PID_MMI ? s->name : NULL, /* the same below */
                                 .count = s->count,
                                 .x = s->x,
                                 .y = s->values[value],
                                 .deviation = s->deviations[value],
                                 .ink = (uint8_t)(INK_SERIES + k % INK_SERIES_COUNT),
                                 .marker = marker(data, k),
                                 .dash = value == PID_TRADEOFF ? CHART_DASHED : CHART_SOLID,
                                 .bold = data->count > 1 && data->layer >= 0 && is_front(data, s),
                                 .at_cursor = is_front(data, s),
                                 .subject = s->subject,
                                 .layer = s->layer};
}

static struct chart_panel mmi_panel(const struct plot_pid *data, const struct chart_series *series)
{
    struct chart_panel panel = {.title = data->with_y ? "I(T;Y) [bits]" : "I(X;T) [bits]",
                                .brief = data->with_y ? "I(T;Y)" : "I(X;T)",
                                .count = data->count,
                                .series = series};
    const struct plot_pid_series *front = front_series(data);
    if (front != NULL && front->values[PID_BOUND] != NULL)
        panel.bound = (struct chart_series){.name = data->with_y ? "H(Y)" : "H(X)",
                                            .count = front->count,
                                            .x = front->x,
                                            .y = front->values[PID_BOUND]};
    return panel;
}

/* Trade-off and non-redundant come to 100 % by their definition, Eqs. (9) and (10): of many series the lines of one say
 * both, and the other's, each mirrored in the middle of the panel, would only be in their way. */
static bool shows_tradeoff(const struct plot_pid *data)
{
    return data->count <= 2;
}

static const char *pairs_key(bool both, bool brief, bool ascii)
{
    if (both && brief)
        return ascii ? "- - trade-off --- non-red." : "╌╌ trade-off ── non-red.";
    if (both)
        return ascii ? "-- -- trade-off  ----- non-redundant" : "╌╌╌ trade-off  ─── non-redundant";
    if (brief)
        return "non-red.; rest trade-off";
    return ascii ? "--- non-redundant, the rest trade-off" : "─── non-redundant, the rest trade-off";
}

static struct chart_panel pairs_panel(const struct plot_pid *data, const struct chart_series *series, bool ascii)
{
    bool both = shows_tradeoff(data);
    return (struct chart_panel){.title = data->with_y ? "% of the pairs' I({Ti,Tj};Y)" : "% of the pairs' I(X;{Ti,Tj})",
                                .brief = "%",
                                .key = pairs_key(both, false, ascii),
                                .brief_key = pairs_key(both, true, ascii),
                                .count = (both ? 2 : 1) * data->count,
                                .series = series,
                                .percent = true,
                                .empty = "no pairs of feature maps"};
}

/* Without memory it is an empty chart that says so. */
static void pid_chart_init(struct pid_chart *out, const struct plot_pid *data, struct plot_look *look, bool ascii)
{
    *out = (struct pid_chart){0};
    *look = data->look;
    out->chart = (struct chart){.title = data->title,
                                .look = look,
                                .x_label = data->x_label,
                                .categories = data->categories,
                                .n_categories = data->count > 0 ? data->series[0].count : 0,
                                .cursor = NAN,
                                .cursor_text = out->cursor_text};
    out->series = ifl_alloc(data->count, 3 * sizeof *out->series);
    if (out->series == NULL) {
        look->empty = "no memory for a plot";
        return;
    }
    struct chart_series *next = out->series + data->count;
    for (size_t k = 0; k < data->count; k++) {
        out->series[k] = make_series(data, k, PID_MMI);
        if (shows_tradeoff(data))
            *next++ = make_series(data, k, PID_TRADEOFF);
        *next++ = make_series(data, k, PID_NONREDUNDANT);
    }
    out->chart.n_panels = 2;
    out->chart.panels[0] = mmi_panel(data, out->series);
    out->chart.panels[1] = pairs_panel(data, out->series + data->count, ascii);
    const struct plot_pid_series *front = front_series(data);
    if (front != NULL && data->cursor < front->count) {
        out->chart.cursor = chart_x(&out->series[front - data->series], data->cursor);
        text_short(out->cursor_text, out->chart.cursor, 4);
    }
}

void plot_pid(struct canvas *canvas, struct rect where, const struct plot_pid *data)
{
    struct pid_chart chart;
    struct plot_look look;
    pid_chart_init(&chart, data, &look, canvas->charset == CHARSET_ASCII);
    chart_draw(canvas, where, &chart.chart);
    free(chart.series);
}

enum ifl_status plot_pid_svg(const struct plot_pid *data, int width, int height, bool light, char **out,
                             struct ifl_error *error)
{
    struct pid_chart chart;
    struct plot_look look;
    pid_chart_init(&chart, data, &look, false);
    enum ifl_status status = chart_svg(&chart.chart, width, height, light, out, error);
    free(chart.series);
    return status;
}
