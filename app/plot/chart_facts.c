#include <math.h>
#include <stdio.h>

#include <base/text.h>

#include "chart.h"

/* A bound more than this many times the largest value is named, not drawn. */
static const double bound_reach = 6;

/* ---- points ---- */

bool chart_is_log(const struct chart *chart, size_t panel)
{
    return chart->look->log && !chart->panels[panel].percent;
}

double chart_x(const struct chart_series *series, size_t point)
{
    return series->x == NULL ? (double)point + 0.5 : series->x[point];
}

bool chart_has(const struct chart *chart, size_t panel, const struct chart_series *series, size_t point)
{
    double x = chart_x(series, point), y = series->y[point];
    return value_usable(x) && value_usable(y) && (!chart->x_log || x > 0) && (!chart_is_log(chart, panel) || y > 0);
}

bool chart_shows(const struct chart *chart, size_t panel, const struct axis *x, const struct axis *y,
                 const struct chart_series *series, size_t point)
{
    const double slack = 1e-9;
    if (!chart_has(chart, panel, series, point))
        return false;
    double right = axis_fraction(x, chart_x(series, point)), up = axis_fraction(y, series->y[point]);
    return right >= -slack && right <= 1 + slack && up >= -slack && up <= 1 + slack;
}

char chart_marker(size_t k)
{
    static const char markers[] = "123456789abcdefghijklmnopqrstuvwxyz";
    if (k < sizeof markers - 1)
        return markers[k];
    return '+';
}

uint8_t chart_ink(const struct chart *chart, uint8_t ink)
{
    return chart->look->stale ? INK_DIM : ink;
}

int chart_rank(const struct chart *chart, const struct chart_series *series)
{
    return 2 * (series->subject == chart->look->front) + series->bold;
}

/* ---- ranges ---- */

static void add_series(const struct chart *chart, size_t panel, const struct chart_series *series, struct range *x,
                       struct range *y)
{
    for (size_t k = 0; k < series->count; k++) {
        if (!chart_has(chart, panel, series, k))
            continue;
        range_add(x, chart_x(series, k));
        range_add(y, series->y[k]);
        double deviation = series->deviation == NULL ? NAN : series->deviation[k];
        if (!(deviation > 0))
            continue;
        range_add(y, series->y[k] + deviation);
        if (!chart_is_log(chart, panel) || series->y[k] > deviation)
            range_add(y, series->y[k] - deviation);
    }
}

static void study_bound(struct chart_facts *facts, const struct chart *chart, size_t panel)
{
    struct range x = range_empty(), bound = range_empty(), *y = &facts->y[panel];
    add_series(chart, panel, &chart->panels[panel].bound, &x, &bound);
    bool any = !range_is_empty(bound);
    facts->bound_in_range[panel] = any && (chart_is_log(chart, panel) || bound.hi <= bound_reach * y->hi);
    if (facts->bound_in_range[panel]) {
        range_add(y, bound.lo);
        range_add(y, bound.hi);
    }
}

static void study_panel(struct chart_facts *facts, const struct chart *chart, size_t panel)
{
    const struct chart_panel *p = &chart->panels[panel];
    struct range *y = &facts->y[panel];
    *y = range_empty();
    for (size_t k = 0; k < p->count; k++)
        add_series(chart, panel, &p->series[k], &facts->x, y);
    facts->has[panel] = !range_is_empty(*y);
    facts->any |= facts->has[panel];
    study_bound(facts, chart, panel);
    if (chart_is_log(chart, panel)) {
        *y = range_settle_log(*y);
        return;
    }
    range_add(y, 0); /* bits are measured from nothing */
    if (p->percent)
        range_add(y, 100);
    *y = range_settle(*y);
}

struct chart_facts chart_study(const struct chart *chart)
{
    struct chart_facts facts = {.x = range_empty()};
    for (size_t panel = 0; panel < chart->n_panels; panel++)
        study_panel(&facts, chart, panel);
    if (chart->categories != NULL)
        facts.x = (struct range){0, (double)chart->n_categories};
    else if (chart->x_log)
        facts.x = range_settle_log(facts.x);
    else
        facts.x = range_settle(facts.x);
    return facts;
}

struct axis chart_x_axis(const struct chart *chart, const struct chart_facts *facts, struct axis_room room)
{
    room.log = chart->x_log;
    room.exact = chart->categories != NULL;
    return axis_show(chart->look->x, facts->x, room);
}

struct axis chart_y_axis(const struct chart *chart, const struct chart_facts *facts, size_t panel,
                         struct axis_room room)
{
    room.log = chart_is_log(chart, panel);
    return axis_show(chart->panels[panel].percent ? range_empty() : chart->look->y, facts->y[panel], room);
}

/* ---- the bound ---- */

bool chart_bound_is_level(const struct chart *chart, size_t panel, double *level)
{
    struct range x = range_empty(), y = range_empty();
    add_series(chart, panel, &chart->panels[panel].bound, &x, &y);
    if (range_is_empty(y) || y.hi - y.lo > 1e-3 * fmax(fabs(y.lo), fabs(y.hi)))
        return false;
    *level = y.lo + (y.hi - y.lo) / 2;
    return true;
}

struct chart_heading chart_heading(const struct chart_panel *panel, const char *bound, int way)
{
    const char *key = panel->key != NULL ? panel->key : bound;
    bool brief_key = way >= 2 && panel->brief_key != NULL;
    return (struct chart_heading){.left = way % 2 == 1 ? panel->brief : panel->title,
                                  .right = brief_key ? panel->brief_key : key};
}

char *chart_bound_text(char out[96], const struct chart *chart, const struct chart_facts *facts, size_t panel)
{
    const struct chart_series *bound = &chart->panels[panel].bound;
    struct range x = range_empty(), y = range_empty();
    double level;
    char value[32];
    add_series(chart, panel, bound, &x, &y);
    const char *name = bound->name == NULL ? "" : bound->name, *where = facts->bound_in_range[panel] ? "" : ", above ^";
    if (range_is_empty(y))
        out[0] = '\0';
    else if (chart_bound_is_level(chart, panel, &level))
        snprintf(out, 96, "%.40s = %s%s", name, text_short(value, level, 3), where);
    else
        snprintf(out, 96, "%.40s%s", name, where);
    return out;
}
