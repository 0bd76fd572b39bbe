/* entropies -> quantities. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "infoflow/entropy.h"
#include "plan.h"

/* Below this, in bits, a pair's mutual information is rounding noise of the spectra, and so would its shares be. Two
 * maps that say nothing (both constant) say the same: the pair counts as wholly redundant. */
#define NO_INFORMATION 1e-11

/* Where the records go: counted with records == NULL, so that counting and writing cannot differ. */
struct writer {
    const struct ifl_plan *plan;
    const double *entropy; /* [n_subsets], NULL while counting */
    struct ifl_record *records;
    size_t count;
};

static unsigned matrix_health(const struct writer *w, size_t subset)
{
    double most = log2((double)w->plan->n), s = w->entropy[subset];
    if (w->plan->subsets[subset].of == IFL_OF_Y)
        return IFL_HEALTHY; /* classes are few and equal by design */
    if (s < 1e-12)
        return IFL_CONSTANT | IFL_COLLAPSED;
    return s < 0.01 * most ? IFL_COLLAPSED : s > 0.99 * most ? IFL_SATURATED : IFL_HEALTHY;
}

static void emit(struct writer *w, struct ifl_record record)
{
    if (!(w->plan->wanted & IFL_BIT(record.quantity)))
        return;
    record.estimator = IFL_ESTIMATOR_RENYI;
    if (w->records != NULL)
        w->records[w->count] = record;
    w->count++;
}

static void emit_entropy(struct writer *w, int32_t layer, enum ifl_quantity quantity, size_t subset)
{
    if (subset == NO_SUBSET)
        return;
    bool writing = w->records != NULL;
    emit(w, (struct ifl_record){.layer = layer,
                                .quantity = quantity,
                                .value = writing ? w->entropy[subset] : 0,
                                .health = writing ? matrix_health(w, subset) : 0});
}

/* I(a;b) = S(a) + S(b) - S(a,b), Eq. (5). */
static double information(const struct writer *w, size_t a, size_t b, size_t joint)
{
    return w->entropy[a] + w->entropy[b] - w->entropy[joint];
}

static void emit_information(struct writer *w, int32_t layer, enum ifl_quantity quantity, size_t a, size_t b,
                             size_t joint)
{
    if (joint == NO_SUBSET)
        return;
    bool writing = w->records != NULL;
    emit(w, (struct ifl_record){.layer = layer,
                                .quantity = quantity,
                                .value = writing ? information(w, a, b, joint) : 0,
                                .health = writing ? matrix_health(w, a) | matrix_health(w, b) : 0});
}

static size_t joint_with(const struct joint *joint, bool y)
{
    return y ? joint->with_y : joint->with_x;
}

/* The mean of values that come one by one, and the sum of their squared deviations from it (Welford's update). */
struct spread {
    double mean, squares;
};

static void spread_add(struct spread *s, size_t before, double value)
{
    double off = value - s->mean;
    s->mean += off / (double)(before + 1);
    s->squares += off * (value - s->mean);
}

/* Of the mean over the pairs of a layer of which `count` were drawn, without replacement, from those of the maps that
 * are kept, a sample in turn. Pairs that share a map are not independent: the mean over all pairs of a sample of m maps
 * has at most 2/m of their variance (Hoeffding 1948, on U-statistics). Both with the correction for a finite
 * population. */
static double standard_error(const struct spread *s, size_t count, const struct layer_plan *layer)
{
    double maps = (double)layer->n_kept, pairs = (double)ifl_pair_count(layer->n_kept);
    if (count == ifl_pair_count(layer->n_maps))
        return 0;
    if (count == 1)
        return INFINITY;
    double variance = s->squares / (double)(count - 1);
    double of_pairs = variance / (double)count * (1 - (double)count / pairs);
    double of_maps = 2 * variance / maps * (1 - maps / (double)layer->n_maps);
    return sqrt(of_pairs + of_maps);
}

enum { PAIR_KINDS = 4 }; /* as in enum ifl_quantity: trade-off and non-redundant in bits, then in percent */

enum { HEALTH_BITS = 3 }; /* those of a matrix: constant, collapsed, saturated */

struct pair_means {
    struct spread kind[PAIR_KINDS];
    bool informative; /* any of them */
    unsigned health;
};

/* What is true of a matrix behind more than half of the pairs: their own, or one of their two maps'. */
static unsigned health_of_most(const struct writer *w, const struct layer_plan *layer)
{
    size_t count[HEALTH_BITS] = {0};
    unsigned most = IFL_HEALTHY;
    for (size_t p = 0; p < layer->n_pairs; p++) {
        const struct pair *pair = &layer->pairs[p];
        unsigned health = matrix_health(w, pair->joint.alone) | matrix_health(w, layer->maps[pair->i].alone) |
                          matrix_health(w, layer->maps[pair->j].alone);
        for (unsigned bit = 0; bit < HEALTH_BITS; bit++)
            count[bit] += health >> bit & 1;
    }
    for (unsigned bit = 0; bit < HEALTH_BITS; bit++)
        most |= count[bit] > layer->n_pairs / 2 ? 1u << bit : 0;
    return most;
}

/* Means over pairs of Eqs. (9) and (10), and of their shares of I(R;{Ti,Tj}). */
static struct pair_means average_pairs(const struct writer *w, const struct layer_plan *layer, bool y)
{
    size_t reference = y ? w->plan->y : w->plan->x;
    struct pair_means m = {.health = matrix_health(w, reference) | health_of_most(w, layer)};
    for (size_t p = 0; p < layer->n_pairs; p++) {
        const struct pair *pair = &layer->pairs[p];
        const struct joint *i = &layer->maps[pair->i], *j = &layer->maps[pair->j];
        double both = information(w, reference, pair->joint.alone, joint_with(&pair->joint, y));
        double single = information(w, reference, i->alone, joint_with(i, y)) +
                        information(w, reference, j->alone, joint_with(j, y));
        bool informative = both > NO_INFORMATION;
        m.informative |= informative;
        spread_add(&m.kind[0], p, single - both);
        spread_add(&m.kind[1], p, 2 * both - single);
        spread_add(&m.kind[2], p, informative ? 100 * (single - both) / both : 100);
        spread_add(&m.kind[3], p, informative ? 100 * (2 * both - single) / both : 0);
    }
    return m;
}

static void emit_pairs(struct writer *w, int32_t k, bool y)
{
    const struct layer_plan *layer = &w->plan->layers[k];
    if (layer->n_pairs == 0 || joint_with(&layer->pairs[0].joint, y) == NO_SUBSET)
        return;
    struct pair_means m = {0};
    if (w->records != NULL)
        m = average_pairs(w, layer, y);
    size_t all = ifl_pair_count(layer->n_maps);
    for (int kind = 0; kind < PAIR_KINDS; kind++) {
        bool share = kind >= 2;
        emit(w, (struct ifl_record){.layer = k,
                                    .quantity = (enum ifl_quantity)((y ? IFL_TRADEOFF_Y : IFL_TRADEOFF_X) + kind),
                                    .value = m.kind[kind].mean,
                                    .health = share && !m.informative ? m.health | IFL_UNDEFINED : m.health,
                                    .pairs = layer->n_pairs,
                                    .sampled = layer->n_pairs < all,
                                    .error = standard_error(&m.kind[kind], layer->n_pairs, layer)});
    }
}

/* Says something of all records from `first` on. */
static void mark(struct writer *w, size_t first, unsigned health)
{
    for (size_t r = first; w->records != NULL && r < w->count; r++)
        w->records[r].health |= health;
}

/* Says of the records from `first` on that maps of their layer are dead, as far as single maps were looked at. */
static void mark_dead(struct writer *w, const struct layer_plan *layer, size_t first)
{
    bool dead = false;
    for (size_t m = 0; w->records != NULL && m < layer->n_maps; m++)
        dead = dead || (layer->maps[m].alone != NO_SUBSET && (matrix_health(w, layer->maps[m].alone) & IFL_CONSTANT));
    if (dead)
        mark(w, first, IFL_DEAD_MAPS);
}

static void emit_layer(struct writer *w, int32_t k)
{
    size_t first = w->count;
    const struct joint *t = &w->plan->layers[k].whole;
    emit_entropy(w, k, IFL_H_T, t->alone);
    emit_information(w, k, IFL_I_XT, w->plan->x, t->alone, t->with_x);
    emit_information(w, k, IFL_I_TY, w->plan->y, t->alone, t->with_y);
    mark(w, first, w->plan->layers[k].sampled_t ? IFL_SAMPLED_MAPS : 0);
    emit_pairs(w, k, false);
    emit_pairs(w, k, true);
    mark_dead(w, &w->plan->layers[k], first);
}

static void emit_all(struct writer *w)
{
    const struct ifl_plan *plan = w->plan;
    emit_entropy(w, -1, IFL_H_X, plan->x);
    emit_entropy(w, -1, IFL_H_Y, plan->y);
    for (int32_t k = 0; k < (int32_t)plan->n_layers; k++)
        emit_layer(w, k);
    for (int32_t k = plan->last_delta; k >= 0; k--) {
        const struct layer_plan *layer = &plan->layers[k], *last = &plan->layers[plan->last_delta];
        size_t first = w->count;
        emit_entropy(w, k, IFL_H_DELTA, layer->delta);
        mark(w, first, layer->sampled_delta ? IFL_SAMPLED_MAPS : 0);
        first = w->count;
        emit_information(w, k, IFL_I_DELTA, last->delta, layer->delta, layer->delta_joint);
        mark(w, first, layer->sampled_delta || last->sampled_delta ? IFL_SAMPLED_MAPS : 0);
    }
}

size_t evaluate_count(const struct ifl_plan *plan)
{
    struct writer w = {.plan = plan};
    emit_all(&w);
    return w.count;
}

void ifl_plan_evaluate(const struct ifl_plan *plan, const double *entropies, struct ifl_record *records)
{
    struct writer w = {.plan = plan, .entropy = entropies, .records = records};
    emit_all(&w);
}
