#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <plot/view_width.h>

/* ---- the grid ---- */

void view_width_grid(double from, double to, size_t count, double *out)
{
    for (size_t k = 0; k < count; k++)
        out[k] = count == 1 ? from : from * pow(to / from, (double)k / (double)(count - 1));
    if (count > 1)
        out[count - 1] = to;
}

void view_width_around(const struct ifl_params *params, enum ifl_chain chain, double out[VIEW_WIDTH_COUNT])
{
    struct ifl_params usual = ifl_params_default();
    ifl_params_set_width(&usual, params->width);
    double middle = chain == IFL_FORWARD ? usual.h : usual.h_error;
    double now = chain == IFL_FORWARD ? params->h : params->h_error;
    while (now < middle / 31 && middle > 1e-6)
        middle /= 10;
    while (now > middle * 31 && middle < 1e6)
        middle *= 10;
    view_width_grid(middle / 31.6227766016838, middle * 31.6227766016838, VIEW_WIDTH_COUNT, out);
}

/* ---- values at one h ---- */

/* The mean over the estimates; NAN where none has it. `health` gathers. */
static double mean(const struct view_run *at, int32_t layer, enum ifl_quantity quantity, unsigned *health)
{
    double sum = 0;
    size_t found = 0;
    for (size_t b = 0; b < at->count; b++) {
        const struct ifl_record *record = estimate_find(&at->estimates[b], layer, quantity);
        if (record == NULL)
            continue;
        sum += record->value;
        found++;
        *health |= record->health;
    }
    return found > 0 ? sum / (double)found : NAN;
}

/* The links of the chain over the means, in `scratch` of [layers] records and links each. */
struct scratch {
    struct ifl_record *records;
    struct ifl_link *links;
};

static void count_links(struct view_width *v, size_t k, const struct scratch *scratch,
                        const struct view_width_options *options)
{
    size_t count = 0;
    for (size_t l = 0; l < v->plot.layers; l++)
        if (!isnan(v->layers[l].information[k]))
            scratch->records[count++] =
                (struct ifl_record){.layer = (int32_t)l,
                                    .quantity = options->chain == IFL_BACKWARD ? IFL_I_DELTA : IFL_I_XT,
                                    .value = v->layers[l].information[k]};
    struct ifl_width_seen *seen = &v->seen[k];
    size_t links =
        ifl_chain_links(scratch->records, count, v->plot.layers, options->chain, options->tolerance, scratch->links);
    for (size_t link = 0; link < links; link++)
        v->violations[k] += scratch->links[link].violated;
    if (seen->fit[0]) {
        seen->fit_count = 1;
        seen->links = links;
        seen->violated = v->violations[k];
    }
}

static void fill(struct view_width *v, size_t k, const struct view_run *at, const struct view_width_options *options)
{
    bool backward = options->chain == IFL_BACKWARD;
    size_t count = v->plot.count, layers = v->plot.layers;
    size_t entropies = 0;
    unsigned none = 0;
    v->values[k] = backward ? (layers > 0 ? mean(at, (int32_t)layers - 1, IFL_H_DELTA, &v->health[k]) : NAN)
                            : mean(at, -1, IFL_H_X, &v->health[k]);
    for (size_t l = 0; l < layers; l++) {
        unsigned health = 0;
        double *entropy = v->values + (1 + 2 * l) * count, *information = entropy + count;
        entropy[k] = mean(at, (int32_t)l, backward ? IFL_H_DELTA : IFL_H_T, &health);
        information[k] = mean(at, (int32_t)l, backward ? IFL_I_DELTA : IFL_I_XT, &none);
        if (options->layer >= 0 && (int32_t)l != options->layer)
            continue;
        entropies += !isnan(entropy[k]);
        v->health[k] |= health;
    }
    v->seen[k].fit[0] = ifl_width_fits(entropies, v->health[k]);
}

static struct range trusted_range(const struct view_width *v, double share)
{
    struct ifl_width_advice advice;
    ifl_width_advise(v->seen, v->plot.count, 1, share, &advice);
    if (advice.fit_count == 0)
        return (struct range){.lo = INFINITY, .hi = -INFINITY};
    return (struct range){v->plot.h[advice.first], v->plot.h[advice.last]};
}

/* ---- the view ---- */

void view_width_release(struct view_width *view)
{
    free(view->layers);
    free(view->values);
    free(view->health);
    free(view->violations);
    free(view->seen);
    free(view->fit);
    memset(view, 0, sizeof *view);
}

/* Rows of `count`: the bound, entropy and information of each layer, h. */
static bool allocate(struct view_width *v, const struct run *run, const double *h, size_t count)
{
    size_t rows, values;
    v->layers = ifl_alloc(run->n_layers, sizeof *v->layers);
    v->health = ifl_alloc(count, sizeof *v->health);
    v->violations = ifl_alloc(count, sizeof *v->violations);
    v->seen = ifl_alloc(count, sizeof *v->seen);
    v->fit = ifl_alloc(count, sizeof *v->fit);
    if (ifl_size_mul(run->n_layers + 1, 2, &rows) && ifl_size_mul(rows, count, &values))
        v->values = ifl_alloc(values, sizeof *v->values);
    if (v->layers == NULL || v->health == NULL || v->violations == NULL || v->seen == NULL || v->fit == NULL ||
        v->values == NULL)
        return false;
    for (size_t k = 0; k < count; k++)
        v->seen[k].fit = &v->fit[k];
    double *grid = v->values + (1 + 2 * run->n_layers) * count;
    if (count > 0)
        memcpy(grid, h, count * sizeof *grid);
    for (size_t l = 0; l < run->n_layers; l++)
        v->layers[l] = (struct plot_width_layer){.name = run->layers[l].name,
                                                 .entropy = v->values + (1 + 2 * l) * count,
                                                 .information = v->values + (2 + 2 * l) * count};
    v->plot = (struct plot_width){.title = "width",
                                  .count = count,
                                  .h = grid,
                                  .layers = run->n_layers,
                                  .layer = v->layers,
                                  .bound = v->values,
                                  .health = v->health,
                                  .violations = v->violations};
    return true;
}

enum ifl_status view_width_init(struct view_width *out, const struct run *run, const double *h,
                                const struct view_run *at, size_t count, const struct view_width_options *options,
                                struct ifl_error *error)
{
    struct view_width v = {0};
    struct scratch scratch = {.records = ifl_alloc(run->n_layers, sizeof *scratch.records),
                              .links = ifl_alloc(run->n_layers, sizeof *scratch.links)};
    enum ifl_status status = IFL_NO_MEMORY;
    if (!allocate(&v, run, h, count) || scratch.records == NULL || scratch.links == NULL) {
        ifl_fail(error, IFL_NO_MEMORY, "no memory for a plot");
        goto out;
    }
    for (size_t k = 0; k < count; k++) {
        fill(&v, k, &at[k], options);
        count_links(&v, k, &scratch, options);
    }
    v.plot.backward = options->chain == IFL_BACKWARD;
    v.plot.current = options->current;
    v.plot.cursor = options->layer;
    v.plot.trusted = trusted_range(&v, options->share);
    *out = v;
    v = (struct view_width){0};
    status = IFL_OK;
out:
    free(scratch.records);
    free(scratch.links);
    view_width_release(&v);
    return status;
}
