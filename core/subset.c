#include "subset.h"
#include "widths.h"

int ifl_subset_compare(const struct ifl_subset *a, const struct ifl_subset *b)
{
    const int64_t left[] = {a->of, a->with, a->layer, a->i, a->j};
    const int64_t right[] = {b->of, b->with, b->layer, b->i, b->j};
    for (size_t k = 0; k < sizeof left / sizeof *left; k++)
        if (left[k] != right[k])
            return left[k] < right[k] ? -1 : 1;
    return 0;
}

static const struct ifl_variable *variable_of(const struct ifl_snapshot *snapshot, enum ifl_of of, int32_t layer)
{
    if (of == IFL_OF_X)
        return &snapshot->x;
    const struct ifl_variable *variables = of == IFL_OF_T ? snapshot->t : of == IFL_OF_DELTA ? snapshot->delta : NULL;
    return variables == NULL || layer < 0 || (size_t)layer >= snapshot->layers ? NULL : &variables[layer];
}

struct ifl_subset ifl_subset_normal(const struct ifl_snapshot *snapshot, struct ifl_subset subset)
{
    const struct ifl_variable *variable = variable_of(snapshot, subset.of, subset.layer);
    if (subset.of == IFL_OF_X || subset.of == IFL_OF_Y)
        subset.layer = 0;
    bool whole = variable == NULL || subset.of == IFL_OF_X || variable->maps == 1 ||
                 (variable->maps == 2 && subset.j != IFL_NO_MAP && subset.i != IFL_ALL_MAPS);
    if (whole)
        subset.i = IFL_ALL_MAPS;
    if (subset.i == IFL_ALL_MAPS)
        subset.j = IFL_NO_MAP;
    return subset;
}

const void *term_array(const struct term *term)
{
    if (term->map == IFL_ALL_MAPS || term->variable->maps == 1)
        return term->variable->sum;
    return term->variable->map == NULL ? NULL : term->variable->map[term->map];
}

bool subset_labels(const struct ifl_subset *subset)
{
    return subset->of == IFL_OF_Y || subset->with == IFL_WITH_Y;
}

int32_t last_delta(const struct ifl_snapshot *snapshot)
{
    int32_t last = -1;
    for (size_t k = 0; snapshot->delta != NULL && k < snapshot->layers; k++)
        if (snapshot->delta[k].maps > 0)
            last = (int32_t)k;
    return last;
}

/* Whether there are distances of this map alone. */
static bool is_kept(const struct ifl_variable *variable, int32_t map)
{
    if (map < 0 || (size_t)map >= variable->maps || variable->kept == NULL)
        return map >= 0 && (size_t)map < variable->maps;
    size_t low = 0, high = variable->n_kept;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (variable->kept[middle] < map)
            low = middle + 1;
        else
            high = middle;
    }
    return low < variable->n_kept && variable->kept[low] == map;
}

enum ifl_status samples_check(const struct ifl_snapshot *snapshot, struct ifl_error *error)
{
    if (snapshot->n >= 2)
        return IFL_OK;
    return ifl_fail(error, IFL_INVALID, "%zu samples are too few: at least 2", snapshot->n);
}

enum ifl_status subset_check(const struct ifl_snapshot *snapshot, const struct ifl_subset *subset,
                             const struct ifl_params *params, struct ifl_error *error)
{
    const struct ifl_variable *variable = variable_of(snapshot, subset->of, subset->layer);
    if (subset->of == IFL_OF_Y ? snapshot->labels == NULL : variable == NULL || variable->maps == 0)
        return ifl_fail(error, IFL_INVALID, "the snapshot lacks a variable of the subset (layer %d)",
                        (int)subset->layer);
    bool joined = subset->with == IFL_WITH_NOTHING || (subset->with == IFL_WITH_X && snapshot->x.maps > 0) ||
                  (subset->with == IFL_WITH_Y && snapshot->labels != NULL) ||
                  (subset->with == IFL_WITH_LAST_DELTA && last_delta(snapshot) >= 0);
    if (!joined)
        return ifl_fail(error, IFL_INVALID, "the snapshot lacks the reference variable of the subset");
    if (variable == NULL || subset->of == IFL_OF_X || subset->i == IFL_ALL_MAPS)
        return IFL_OK; /* NULL: Y */
    bool pair = subset->j != IFL_NO_MAP;
    if (!is_kept(variable, subset->i) || (pair && (subset->j <= subset->i || !is_kept(variable, subset->j))))
        return ifl_fail(error, IFL_INVALID, "no such feature map in layer %d", (int)subset->layer);
    if (pair && params->composition == IFL_TENSOR)
        return ifl_fail(error, IFL_INVALID, "pairs of feature maps are not defined under the tensor composition");
    return IFL_OK;
}

bool subset_by_maps(const struct ifl_variable *variable, const struct ifl_params *params)
{
    /* Maps of one sigma (they share d, which is all Silverman looks at): the product of their kernels is one exp of
     * their summed distances. */
    return variable->maps > 1 && params->composition != IFL_TENSOR && !uniform_width(params->width);
}

/* The terms of all maps of a variable, composed. */
static enum ifl_status whole_terms(struct term term, const struct ifl_params *params,
                                   enum ifl_status (*visit)(void *, const struct term *), void *context)
{
    bool by_maps = subset_by_maps(term.variable, params);
    size_t maps = by_maps ? kept_count(term.variable) : term.variable->maps;
    term.map = IFL_ALL_MAPS;
    if (params->composition == IFL_TENSOR)
        term.dim *= (double)maps;
    if (params->composition == IFL_GEOMETRIC)
        term.share = 1.0 / (double)maps;
    if (!by_maps)
        return visit(context, &term);
    enum ifl_status status = IFL_OK;
    for (size_t k = 0; k < maps && status == IFL_OK; k++) {
        term.map = kept_map(term.variable, k);
        status = visit(context, &term);
    }
    return status;
}

static enum ifl_status of_terms(const struct ifl_snapshot *snapshot, const struct ifl_subset *subset,
                                const struct ifl_params *params, enum ifl_status (*visit)(void *, const struct term *),
                                void *context)
{
    const struct ifl_variable *variable = variable_of(snapshot, subset->of, subset->layer);
    if (variable == NULL)
        return IFL_INVALID;
    struct term term = {.variable = variable,
                        .of = subset->of,
                        .layer = subset->of == IFL_OF_X ? 0 : subset->layer,
                        .map = subset->i,
                        .h = subset->of == IFL_OF_DELTA ? params->h_error : params->h,
                        .dim = (double)variable->dim,
                        .share = 1};
    if (subset->of == IFL_OF_X || subset->i == IFL_ALL_MAPS)
        return whole_terms(term, params, visit, context);
    if (subset->j == IFL_NO_MAP)
        return visit(context, &term);
    if (params->composition == IFL_GEOMETRIC)
        term.share = 0.5;
    enum ifl_status status = visit(context, &term);
    term.map = subset->j;
    return status == IFL_OK ? visit(context, &term) : status;
}

enum ifl_status subset_terms(const struct ifl_snapshot *snapshot, const struct ifl_subset *subset,
                             const struct ifl_params *params,
                             enum ifl_status (*visit)(void *context, const struct term *term), void *context)
{
    enum ifl_status status = IFL_OK;
    if (subset->of != IFL_OF_Y)
        status = of_terms(snapshot, subset, params, visit, context);
    if (status != IFL_OK)
        return status;
    struct ifl_subset reference = {.i = IFL_ALL_MAPS, .j = IFL_NO_MAP};
    if (subset->with == IFL_WITH_X) {
        reference.of = IFL_OF_X;
        status = of_terms(snapshot, &reference, params, visit, context);
    } else if (subset->with == IFL_WITH_LAST_DELTA) {
        reference.of = IFL_OF_DELTA;
        reference.layer = last_delta(snapshot);
        status = of_terms(snapshot, &reference, params, visit, context);
    }
    return status;
}

struct arrays_visit {
    enum ifl_status (*visit)(void *context, enum ifl_of of, int32_t layer, int32_t map);
    void *context;
};

static enum ifl_status visit_array(void *context, const struct term *term)
{
    struct arrays_visit *outer = context;
    return outer->visit(outer->context, term->of, term->layer, term->map);
}

enum ifl_status ifl_subset_arrays(const struct ifl_snapshot *snapshot, const struct ifl_subset *subset,
                                  const struct ifl_params *params,
                                  enum ifl_status (*visit)(void *context, enum ifl_of of, int32_t layer, int32_t map),
                                  void *context)
{
    struct arrays_visit inner = {visit, context};
    return subset_terms(snapshot, subset, params, visit_array, &inner);
}

struct relevance {
    const struct ifl_params *from;
    struct ifl_params *to;
};

static enum ifl_status mark_relevant(void *context, const struct term *term)
{
    struct relevance *r = context;
    r->to->width = r->from->width;
    if (term->of == IFL_OF_DELTA)
        r->to->h_error = r->from->h_error;
    else
        r->to->h = r->from->h;
    if (term->map == IFL_ALL_MAPS ? term->variable->maps > 1 : term->share != 1)
        r->to->composition = r->from->composition;
    return IFL_OK;
}

struct ifl_params ifl_subset_params(const struct ifl_snapshot *snapshot, const struct ifl_subset *subset,
                                    const struct ifl_params *params)
{
    struct ifl_params relevant = ifl_params_default();
    struct relevance r = {params, &relevant};
    subset_terms(snapshot, subset, params, mark_relevant, &r);
    if (subset_labels(subset))
        relevant.h_label = params->h_label;
    return relevant;
}
