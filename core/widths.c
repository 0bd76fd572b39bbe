#include <float.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "exponential.h"
#include "team.h"
#include "widths.h"

#define NEIGHBOURS 10

bool uniform_width(enum ifl_width_rule rule)
{
    return rule == IFL_WIDTH_SILVERMAN || rule == IFL_WIDTH_FIXED;
}

/* ---- one array ---- */

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* Silverman's sigma for data of unit variance, times the root of the average marginal variance. Over all pairs the mean
 * of |x - y|^2 is twice the sum of the d variances. */
static double scaled_factor(const double *d2, size_t n, double dim)
{
    double sum = 0;
    size_t pairs = ifl_pair_count(n);
    for (size_t k = 0; k < pairs; k++)
        sum += d2[k];
    return ifl_silverman(1, n, dim) * sqrt(sum / (double)pairs / (2 * dim));
}

/* The k-th smallest from 0; overwrites them. Of numbers >= +0 the bits are in their order: a byte at a time, those that
 * share it with the sought are kept. Linear whatever the numbers are, unlike a search with pivots. */
static double kth_smallest(double *values, size_t count, size_t k)
{
    for (int shift = 56; shift >= 0 && count > 1; shift -= 8) {
        size_t counts[256] = {0}, kept = 0;
        unsigned byte = 0;
        for (size_t i = 0; i < count; i++)
            counts[bits_of(values[i]) >> shift & 255]++;
        for (; k >= counts[byte]; byte++)
            k -= counts[byte];
        for (size_t i = 0; i < count; i++)
            if ((bits_of(values[i]) >> shift & 255) == byte)
                values[kept++] = values[i];
        count = kept;
    }
    return values[0];
}

/* `room`: as many numbers as there are pairs. */
static double median_factor(const double *d2, size_t n, double *room)
{
    size_t pairs = ifl_pair_count(n), until = 0;
    memcpy(room, d2, pairs * sizeof *d2);
    double middle = kth_smallest(room, pairs, (pairs - 1) / 2), next = INFINITY;
    for (size_t k = 0; k < pairs; k++) {
        until += d2[k] <= middle;
        next = d2[k] > middle ? fmin(next, d2[k]) : next;
    }
    return pairs % 2 || until > pairs / 2 ? sqrt(middle) : (sqrt(middle) + sqrt(next)) / 2;
}

/* The sum of the square roots of the `most` smallest of row i. */
static double sum_nearest(const double *d2, size_t n, size_t i, size_t most)
{
    double nearest[NEIGHBOURS], sum = 0;
    size_t count = 0;
    for (size_t j = 0; j < n; j++) {
        if (j == i)
            continue;
        double other = d2[i < j ? ifl_pair_index(n, i, j) : ifl_pair_index(n, j, i)];
        if (count == most && other >= nearest[count - 1])
            continue;
        size_t at = count < most ? count++ : count - 1;
        for (; at > 0 && nearest[at - 1] > other; at--)
            nearest[at] = nearest[at - 1];
        nearest[at] = other;
    }
    for (size_t k = 0; k < count; k++)
        sum += sqrt(nearest[k]);
    return sum;
}

/* Mean over the samples of the mean distance to the 10 nearest others (all others where there are fewer). */
static double knn_factor(const double *d2, size_t n)
{
    size_t nearest = n - 1 < NEIGHBOURS ? n - 1 : NEIGHBOURS;
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += sum_nearest(d2, n, i, nearest);
    return sum / ((double)n * (double)nearest);
}

/* Alignment <K, L> / (|K| |L|) with the labels' delta kernel L, less the constant |L|; both have unit diagonals. And
 * the slope of its logarithm over log sigma. */
struct aligned {
    double value, slope;
};

static struct aligned alignment(const double *d2, const struct ifl_snapshot *snapshot, double log_sigma, double *kernel)
{
    size_t n = snapshot->n, pairs = ifl_pair_count(n), k = 0;
    double sigma = exp(log_sigma), weight = fmin(1 / (2 * sigma * sigma), DBL_MAX);
    double product = (double)n, square = (double)n, product_fall = 0, square_fall = 0;
    for (size_t p = 0; p < pairs; p++)
        kernel[p] = weight * d2[p];
    exp_negative(kernel, pairs);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = i + 1; j < n; j++, k++) {
            double same = snapshot->labels[i] == snapshot->labels[j] ? 2 * kernel[k] : 0;
            double twice = 2 * kernel[k] * kernel[k];
            product += same;
            square += twice;
            product_fall += d2[k] * same;
            square_fall += d2[k] * twice;
        }
    }
    return (struct aligned){product / sqrt(square), 2 * weight * (product_fall / product - square_fall / square)};
}

/* Where between a and b the slope falls through 0 (regula falsi, Illinois), to rounding: where the maximum itself is
 * flat, its values say only half the digits. `otherwise`, where the slope does not fall from above 0 to below. */
static double flat_point(const double *d2, const struct ifl_snapshot *snapshot, double a, double b, double otherwise,
                         const struct ifl_control *control, double *kernel)
{
    double at_a = alignment(d2, snapshot, a, kernel).slope, at_b = alignment(d2, snapshot, b, kernel).slope;
    double c = otherwise;
    int moved = 0; /* a: 1, b: -1 */
    if (!(at_a > 0 && at_b < 0))
        return otherwise;
    for (int round = 0; round < 60 && b - a > 1e-15 && !team_canceled(control); round++) {
        c = b - at_b * (b - a) / (at_b - at_a);
        double at_c = alignment(d2, snapshot, c, kernel).slope;
        if (fabs(at_c) < 1e-15)
            break;
        if (at_c > 0) {
            a = c;
            at_a = at_c;
            at_b /= moved == 1 ? 2 : 1; /* b stays a second time */
            moved = 1;
        } else {
            b = c;
            at_b = at_c;
            at_a /= moved == -1 ? 2 : 1;
            moved = -1;
        }
    }
    return c;
}

/* Squared distances below this share of the largest, where single floats end, do not widen the search: a pair that is
 * nearly one sample would make it as long as its numbers allow. */
#define NEAREST 1e-16

/* The sigma of best alignment: a grid of ten a decade over the range of the distances, then the flat point around its
 * best. Anything, once canceled. */
static double alignment_factor(const double *d2, const struct ifl_snapshot *snapshot, const struct ifl_control *control,
                               double *kernel)
{
    size_t pairs = ifl_pair_count(snapshot->n);
    double low = INFINITY, high = 0;
    for (size_t k = 0; k < pairs; k++) {
        high = fmax(high, d2[k]);
        low = d2[k] > 0 ? fmin(low, d2[k]) : low;
    }
    if (high == 0)
        return 0;
    low = fmax(low, NEAREST * high);
    double from = log(low) / 2 - log(10), to = log(high) / 2 + log(10), step = log(10) / 10, best = from;
    double most = -INFINITY;
    for (int k = 0; from + k * step <= to && !team_canceled(control); k++) {
        double at = from + k * step, value = alignment(d2, snapshot, at, kernel).value;
        if (value > most) {
            most = value;
            best = at;
        }
    }
    return exp(flat_point(d2, snapshot, best - step, best + step, best, control, kernel));
}

/* ---- the table ---- */

struct ifl_widths {
    enum ifl_width_rule rule; /* of the factors */
    double *factor;           /* [slots] sigma / h; < 0: not asked for yet */
    size_t slots, layers;
    size_t first[]; /* [2 layers] where a layer's slots begin: T of layer k at [k], delta at [layers + k] */
};

static size_t lay_out_slots(size_t *first, const struct ifl_snapshot *snapshot)
{
    size_t slots = 1; /* X */
    for (size_t k = 0; k < snapshot->layers; k++) {
        first[k] = slots;
        slots += snapshot->t != NULL ? snapshot->t[k].maps + 1 : 1;
    }
    for (size_t k = 0; k < snapshot->layers; k++) {
        first[snapshot->layers + k] = slots;
        slots += snapshot->delta != NULL ? snapshot->delta[k].maps + 1 : 1;
    }
    return slots;
}

static void forget(struct ifl_widths *table, enum ifl_width_rule rule)
{
    table->rule = rule;
    for (size_t k = 0; k < table->slots; k++)
        table->factor[k] = -1;
}

enum ifl_status ifl_widths_new(struct ifl_widths **out, const struct ifl_snapshot *snapshot, struct ifl_error *error)
{
    size_t bytes;
    struct ifl_widths *table = NULL;
    if (ifl_size_mul(snapshot->layers, 2 * sizeof *table->first, &bytes) && bytes < SIZE_MAX - sizeof *table)
        table = ifl_alloc(1, sizeof *table + bytes);
    if (table != NULL) {
        table->layers = snapshot->layers;
        table->slots = lay_out_slots(table->first, snapshot);
        table->factor = ifl_alloc(table->slots, sizeof *table->factor);
    }
    if (table == NULL || table->factor == NULL) {
        free(table);
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for the kernel widths");
    }
    forget(table, IFL_WIDTH_SILVERMAN);
    *out = table;
    return IFL_OK;
}

void ifl_widths_free(struct ifl_widths *widths)
{
    if (widths == NULL)
        return;
    free(widths->factor);
    free(widths);
}

static bool same_layout(const struct ifl_widths *table, const struct ifl_snapshot *snapshot)
{
    if (table->layers != snapshot->layers)
        return false;
    for (size_t k = 0; k < 2 * table->layers; k++) {
        size_t end = k + 1 < 2 * table->layers ? table->first[k + 1] : table->slots;
        const struct ifl_variable *row = k < table->layers ? snapshot->t : snapshot->delta;
        if (end - table->first[k] != (row != NULL ? row[k < table->layers ? k : k - table->layers].maps + 1 : 1))
            return false;
    }
    return true;
}

static size_t slot_of(const struct ifl_widths *table, const struct term *term)
{
    if (term->of == IFL_OF_X)
        return 0;
    size_t row = (size_t)term->layer + (term->of == IFL_OF_DELTA ? table->layers : 0);
    return table->first[row] + (size_t)(term->map == IFL_ALL_MAPS ? 0 : term->map + 1);
}

/* ---- all arrays of a batch ---- */

/* A term whose width is to be found. */
struct measured {
    struct term term;
    size_t slot;
};

struct collection {
    struct ifl_widths *table;
    struct measured *items; /* [slots] */
    size_t count;
    struct ifl_error *error;
};

static enum ifl_status collect(void *context, const struct term *term)
{
    struct collection *c = context;
    size_t slot = slot_of(c->table, term);
    if (c->table->factor[slot] >= 0)
        return IFL_OK;
    if (term_array(term) == NULL)
        return ifl_fail(c->error, IFL_INVALID, "layer %d: the distances of map %d are not loaded", (int)term->layer,
                        (int)term->map);
    c->table->factor[slot] = 0;
    c->items[c->count++] = (struct measured){*term, slot};
    return IFL_OK;
}

static enum ifl_status measure(struct widths *w, const struct measured *m, const struct ifl_control *control,
                               struct ifl_error *error)
{
    size_t n = w->snapshot->n, pairs = ifl_pair_count(n);
    double *d2 = ifl_alloc(pairs, sizeof *d2), *room = ifl_alloc(pairs, sizeof *room);
    enum ifl_status status = IFL_OK;
    if (d2 == NULL || room == NULL) {
        status = ifl_fail(error, IFL_NO_MEMORY, "no memory for the pairs of %zu samples", n);
        goto out;
    }
    for (size_t k = 0; k < pairs; k++) {
        d2[k] = distance_at(m->term.variable, term_array(&m->term), k) + 0.0; /* of -0, +0 */
        if (!(d2[k] >= 0) || isinf(d2[k])) {
            status = ifl_fail(error, IFL_REFUSED, "layer %d: squared distance %zu is negative or not finite",
                              (int)m->term.layer, k);
            goto out;
        }
    }
    w->table->factor[m->slot] = w->rule == IFL_WIDTH_SCALED   ? scaled_factor(d2, n, m->term.dim)
                                : w->rule == IFL_WIDTH_MEDIAN ? median_factor(d2, n, room)
                                : w->rule == IFL_WIDTH_KNN    ? knn_factor(d2, n)
                                                              : alignment_factor(d2, w->snapshot, control, room);
    if (team_canceled(control))
        status = ifl_fail(error, IFL_CANCELED, "canceled");
out:
    free(d2);
    free(room);
    return status;
}

/* Shared by the threads that measure. */
struct measuring {
    struct widths *widths;
    const struct measured *items;
    size_t count;
    const struct ifl_control *control;
    atomic_size_t next; /* item that nobody has begun */
    pthread_mutex_t lock;
    atomic_int status; /* of the first failure */
    struct ifl_error *error;
};

static void *measure_share(void *context)
{
    struct measuring *m = context;
    for (size_t k; atomic_load(&m->status) == IFL_OK && (k = atomic_fetch_add(&m->next, 1)) < m->count;) {
        struct ifl_error own = {0};
        enum ifl_status status = team_canceled(m->control) ? ifl_fail(&own, IFL_CANCELED, "canceled")
                                                           : measure(m->widths, &m->items[k], m->control, &own);
        if (status == IFL_OK)
            continue;
        pthread_mutex_lock(&m->lock);
        if (atomic_load(&m->status) == IFL_OK) {
            atomic_store(&m->status, (int)status);
            if (m->error != NULL)
                *m->error = own;
        }
        pthread_mutex_unlock(&m->lock);
    }
    return NULL;
}

static enum ifl_status measure_all(struct widths *w, const struct measured *items, size_t count,
                                   const struct ifl_control *control, struct ifl_error *error)
{
    struct measuring m = {.widths = w, .items = items, .count = count, .control = control, .error = error};
    size_t threads = (size_t)team_size(control);
    atomic_init(&m.next, 0);
    atomic_init(&m.status, IFL_OK);
    pthread_mutex_init(&m.lock, NULL);
    team_run(threads < count ? threads : count, measure_share, &m);
    pthread_mutex_destroy(&m.lock);
    return (enum ifl_status)atomic_load(&m.status);
}

static enum ifl_status find_factors(struct widths *w, const struct ifl_params *params, const struct ifl_subset *subsets,
                                    size_t count, const struct ifl_control *control, struct ifl_error *error)
{
    struct collection c = {.table = w->table, .error = error};
    c.items = ifl_alloc(w->table->slots, sizeof *c.items);
    if (c.items == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for the kernel widths");
    enum ifl_status status = IFL_OK;
    for (size_t k = 0; k < count && status == IFL_OK; k++)
        status = subset_terms(w->snapshot, &subsets[k], params, collect, &c);
    if (status == IFL_OK)
        status = measure_all(w, c.items, c.count, control, error);
    for (size_t k = 0; k < c.count && status != IFL_OK; k++)
        w->table->factor[c.items[k].slot] = -1; /* some of them were not found */
    free(c.items);
    return status;
}

/* The caller's table, forgetting another rule's factors, or one of our own. */
static enum ifl_status choose_table(struct widths *w, const struct ifl_control *control, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    w->own = control == NULL || control->widths == NULL;
    if (w->own)
        status = ifl_widths_new(&w->table, w->snapshot, error);
    else if (same_layout(control->widths, w->snapshot))
        w->table = control->widths;
    else
        status = ifl_fail(error, IFL_INVALID, "the kernel widths are of another snapshot");
    if (status == IFL_OK && w->table->rule != w->rule)
        forget(w->table, w->rule);
    return status;
}

enum ifl_status widths_init(struct widths *out, const struct ifl_snapshot *snapshot, const struct ifl_params *params,
                            const struct ifl_subset *subsets, size_t count, const struct ifl_control *control,
                            struct ifl_error *error)
{
    struct widths w = {.snapshot = snapshot, .rule = params->width};
    if (w.rule == IFL_WIDTH_ALIGNMENT && snapshot->labels == NULL)
        return ifl_fail(error, IFL_INVALID, "width: alignment needs labels, and the snapshot has none");
    if (!uniform_width(w.rule)) {
        enum ifl_status status = choose_table(&w, control, error);
        if (status == IFL_OK)
            status = find_factors(&w, params, subsets, count, control, error);
        if (status != IFL_OK) {
            widths_release(&w);
            return status;
        }
    }
    *out = w;
    return IFL_OK;
}

void widths_release(struct widths *widths)
{
    if (widths->own)
        ifl_widths_free(widths->table);
    memset(widths, 0, sizeof *widths);
}

double widths_weight(const struct widths *w, const struct term *term)
{
    double sigma = w->rule == IFL_WIDTH_FIXED       ? term->h
                   : w->rule == IFL_WIDTH_SILVERMAN ? ifl_silverman(term->h, w->snapshot->n, term->dim)
                                                    : term->h * w->table->factor[slot_of(w->table, term)];
    /* Where sigma is 0, or as good as, equal samples stay equal: never 0 * inf. */
    return fmin(term->share / (2 * sigma * sigma), DBL_MAX);
}
