#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ticks.h"

/* Steps are j * q * 10^z; the nicer the earlier. */
static const double nice[] = {1, 5, 2, 2.5, 4, 3};
enum { NICE_COUNT = sizeof nice / sizeof *nice, SKIP_MAX = 12 };

static const double weight_simplicity = 0.25, weight_coverage = 0.2, weight_density = 0.5, weight_legibility = 0.05;

static double score(double simplicity, double coverage, double density)
{
    /* Labels that collide are no candidates at all, so that legibility is always 1. */
    return weight_simplicity * simplicity + weight_coverage * coverage + weight_density * density + weight_legibility;
}

static double simplicity(int nice_index, int skip, bool has_zero)
{
    return 1 - nice_index / (double)(NICE_COUNT - 1) - skip + (has_zero ? 1 : 0);
}

static double coverage(double lo, double hi, double first, double last)
{
    double tenth = 0.1 * (hi - lo);
    double above = (hi - last) / tenth, below = (lo - first) / tenth;
    return 1 - 0.5 * (above * above + below * below);
}

/* Of labels that span `span` and lie as well as they can. */
static double coverage_limit(double lo, double hi, double span)
{
    double excess = (span - (hi - lo)) / 2 / (0.1 * (hi - lo));
    return excess > 0 ? 1 - excess * excess : 1;
}

static double density(const struct ticks *ticks, double target, double lo, double hi)
{
    double last = ticks->first + ticks->step * (ticks->count - 1);
    double is = (ticks->count - 1) / (last - ticks->first);
    double wanted = (target - 1) / (fmax(last, hi) - fmin(ticks->first, lo));
    return 2 - fmax(is / wanted, wanted / is);
}

static double density_limit(int count, double target)
{
    return count >= target ? 2 - (count - 1) / (target - 1) : 1;
}

struct search {
    double lo, hi, target;
    ticks_legible *legible;
    const void *context;
    double best_score;
    struct ticks best;
};

/* All places for `count` labels a step of skip * nice * 10^z apart. */
static void try_places(struct search *search, int nice_index, int skip, int count, double step)
{
    double first_start = (floor(search->hi / step) - (count - 1)) * skip;
    double last_start = ceil(search->lo / step) * skip;
    for (int k = 0; first_start + k <= last_start; k++) {
        double start = first_start + k;
        struct ticks ticks = {.first = start * (step / skip), .step = step, .count = count};
        double last = ticks.first + step * (count - 1);
        bool has_zero = ticks.first <= 0 && last >= 0 && fmod(start, skip) == 0;
        double total =
            score(simplicity(nice_index, skip, has_zero), coverage(search->lo, search->hi, ticks.first, last),
                  density(&ticks, search->target, search->lo, search->hi));
        if (total > search->best_score && (search->legible == NULL || search->legible(&ticks, search->context))) {
            search->best_score = total;
            search->best = ticks;
        }
    }
}

static void try_steps(struct search *search, int nice_index, int skip)
{
    double simple = simplicity(nice_index, skip, true), range = search->hi - search->lo;
    for (int count = 2; count <= TICKS_MAX; count++) {
        double dense = density_limit(count, search->target);
        if (score(simple, 1, dense) < search->best_score)
            return;
        double unit = skip * nice[nice_index];
        for (int z = (int)ceil(log10(range / (count + 1) / unit));; z++) {
            double step = unit * pow(10, z);
            if (score(simple, coverage_limit(search->lo, search->hi, step * (count - 1)), dense) < search->best_score)
                break;
            try_places(search, nice_index, skip, count, step);
        }
    }
}

struct ticks ticks_choose(double lo, double hi, double target, ticks_legible *legible, const void *context)
{
    struct search search = {
        .lo = lo, .hi = hi, .target = fmax(target, 2), .legible = legible, .context = context, .best_score = -2};
    for (int skip = 1; skip <= SKIP_MAX; skip++)
        for (int index = 0; index < NICE_COUNT; index++) {
            if (score(simplicity(index, skip, true), 1, 1) < search.best_score)
                return search.best;
            try_steps(&search, index, skip);
        }
    return search.best;
}

/* ---- logarithmic ---- */

static const double mantissas[] = {1, 2, 5};
enum { PER_DECADE = sizeof mantissas / sizeof *mantissas };

static double log_value(const struct ticks *ticks, double place)
{
    if (ticks->per_decade == 1)
        return pow(10, place);
    double decade = floor(place / PER_DECADE);
    return mantissas[(int)(place - decade * PER_DECADE)] * pow(10, decade);
}

void ticks_clip(struct ticks *ticks, double lo, double hi)
{
    const double slack = 1e-9; /* of the value: a label at the very end is not lost to rounding */
    while (ticks->count > 0 && tick_value(ticks, 0) < lo - slack * fabs(lo)) {
        ticks->first += ticks->step;
        ticks->count--;
    }
    while (ticks->count > 0 && tick_value(ticks, ticks->count - 1) > hi + slack * fabs(hi))
        ticks->count--;
}

/* Every `step`-th place that lies within lo..hi; none where they are too many. */
static struct ticks log_places(double lo, double hi, int per_decade, double step)
{
    struct ticks ticks = {.step = step, .per_decade = per_decade};
    ticks.first = floor(floor(log10(lo)) * per_decade / step) * step;
    double last = ceil(log10(hi)) * per_decade + step, count = (last - ticks.first) / step;
    if (count > TICKS_MAX)
        return (struct ticks){0};
    ticks.count = (int)count + 1;
    ticks_clip(&ticks, lo, hi);
    return ticks;
}

struct ticks ticks_choose_log(double lo, double hi, double target, ticks_legible *legible, const void *context)
{
    struct ticks best = {0}, ticks = log_places(lo, hi, PER_DECADE, 1);
    for (int step = 1; step <= 256; step *= 2) {
        if (ticks.count > best.count && (legible == NULL || legible(&ticks, context)))
            best = ticks;
        ticks = log_places(lo, hi, 1, step);
    }
    if (best.count >= 2 || hi / lo >= 10)
        return best;
    best = ticks_choose(lo, hi, target, legible, context);
    ticks_clip(&best, lo, hi);
    return best;
}

/* ---- values and labels ---- */

double tick_value(const struct ticks *ticks, int k)
{
    if (ticks->per_decade > 0)
        return log_value(ticks, ticks->first + k * ticks->step);
    double value = ticks->first + k * ticks->step;
    return fabs(value) < 1e-6 * ticks->step ? 0 : value;
}

/* Decimals that write value / 10^exponent, up to a millionth of the step. */
static int decimals_of(double value, double step, int exponent)
{
    double power = pow(10, exponent);
    value /= power;
    step /= power;
    int decimals = 0;
    while (decimals < 9 && fabs(value - round(value)) > 1e-6 * step) {
        value *= 10;
        step *= 10;
        decimals++;
    }
    return decimals;
}

static int format_decimals(const struct ticks *ticks, int exponent)
{
    int most = 0;
    for (int k = 0; k < ticks->count; k++) {
        int decimals = decimals_of(tick_value(ticks, k), ticks->step, exponent);
        most = decimals > most ? decimals : most;
    }
    return most;
}

struct tick_format tick_format(const struct ticks *ticks)
{
    struct tick_format format = {0};
    if (ticks->count == 0 || ticks->per_decade > 0)
        return format;
    double largest = fmax(fabs(tick_value(ticks, 0)), fabs(tick_value(ticks, ticks->count - 1)));
    if (largest == 0) /* one label, at zero */
        return format;
    int exponent = largest > 0 ? (int)floor(log10(largest) + 1e-9) : 0; /* a zoom may leave the label of zero alone */
    format.decimals = format_decimals(ticks, 0);
    if (exponent >= 5 || exponent <= -4 || format.decimals > 4) {
        format.exponent = exponent;
        format.decimals = format_decimals(ticks, exponent);
    }
    return format;
}

/* `0.02`, `5`, `1000`; `2e-6` where the zeros would have to be counted. */
static int log_text(char out[32], double value)
{
    int decade = (int)floor(log10(value) + 1e-9);
    int mantissa = (int)lround(value / pow(10, decade));
    if (decade < -4 || decade > 4)
        return snprintf(out, 32, "%de%d", mantissa, decade);
    if (decade < 0)
        return snprintf(out, 32, "0.%0*d", -decade, mantissa);
    return snprintf(out, 32, "%ld", lround(value));
}

int tick_text(char out[32], const struct ticks *ticks, int k, struct tick_format format)
{
    if (ticks->per_decade > 0)
        return log_text(out, tick_value(ticks, k));
    /* From an integer, as a locale may print anything for a decimal point. */
    double scaled = tick_value(ticks, k) / pow(10, format.exponent) * pow(10, format.decimals);
    long long digits = llround(scaled);
    char text[32];
    int length = snprintf(text, sizeof text, "%0*lld", format.decimals + 1, llabs(digits));
    int whole = length - format.decimals;
    return snprintf(out, 32, "%s%.*s%s%s", digits < 0 ? "-" : "", whole, text, format.decimals > 0 ? "." : "",
                    text + whole);
}
