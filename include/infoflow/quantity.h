/* entropies -> quantities: what the paper plots, and which spectra each takes. */
#ifndef INFOFLOW_QUANTITY_H
#define INFOFLOW_QUANTITY_H

#include "infoflow/spectrum.h"

/* name on the command line; whether it is a percentage */
#define IFL_QUANTITY_LIST(X)                                                                                           \
    X(H_X, "H(X)")                                                                                                     \
    X(H_Y, "H(Y)")                                                                                                     \
    X(H_T, "H(T)")                                                                                                     \
    X(I_XT, "I(X;T)")                       /* Eq. (5), the layer's multivariate mutual information */                 \
    X(I_TY, "I(T;Y)")                                                                                                  \
    X(TRADEOFF_X, "tradeoff(X)")            /* Eq. (9), mean over pairs of maps, bits */                               \
    X(NONREDUNDANT_X, "nonredundant(X)")    /* Eq. (10) */                                                             \
    X(TRADEOFF_PCT_X, "tradeoff%(X)")       /* the same as percentages of the pair's I(X;{Ti,Tj}) */                   \
    X(NONREDUNDANT_PCT_X, "nonredundant%(X)")                                                                          \
    X(TRADEOFF_Y, "tradeoff(Y)")                                                                                       \
    X(NONREDUNDANT_Y, "nonredundant(Y)")                                                                               \
    X(TRADEOFF_PCT_Y, "tradeoff%(Y)")                                                                                  \
    X(NONREDUNDANT_PCT_Y, "nonredundant%(Y)")                                                                          \
    X(H_DELTA, "H(delta)")                                                                                             \
    X(I_DELTA, "I(deltaK;delta)")           /* errors of the last layer and of this one */

enum ifl_quantity {
#define X(id, name) IFL_##id,
    IFL_QUANTITY_LIST(X)
#undef X
    IFL_QUANTITIES
};

/* A set of quantities: bit q for quantity q. */
typedef uint32_t ifl_quantity_set;
#define IFL_BIT(q) ((ifl_quantity_set)1 << (q))
#define IFL_ALL_QUANTITIES (IFL_BIT(IFL_QUANTITIES) - 1)
#define IFL_PAIR_QUANTITIES_X (15 * IFL_BIT(IFL_TRADEOFF_X)) /* the four of the pairs of maps and X */
#define IFL_PAIR_QUANTITIES_Y (15 * IFL_BIT(IFL_TRADEOFF_Y))
#define IFL_PAIR_QUANTITIES (IFL_PAIR_QUANTITIES_X | IFL_PAIR_QUANTITIES_Y)

const char *ifl_quantity_name(enum ifl_quantity quantity);
bool ifl_quantity_parse(const char *name, enum ifl_quantity *out);
const char *ifl_quantity_unit(enum ifl_quantity quantity); /* "bits" or "%" */

enum ifl_estimator { IFL_ESTIMATOR_RENYI }; /* matrix-based Renyi; others are to come */
const char *ifl_estimator_name(enum ifl_estimator estimator);

/* What must be known about a value before it is trusted; a set of these. */
enum ifl_health {
    IFL_HEALTHY = 0,
    IFL_CONSTANT = 1,   /* its entropy is 0 to rounding: it does not vary over the mini-batch, or not at this width */
    IFL_COLLAPSED = 2,  /* S under 1 % of log2 n: the kernel is so wide that all samples look the same */
    IFL_SATURATED = 4,  /* S over 99 % of log2 n: so narrow that no two samples look alike */
    IFL_UNDEFINED = 8,  /* a percentage of pairs none of which carries information: wholly redundant by convention */
    IFL_DEAD_MAPS = 16, /* some of the layer's feature maps are constant; known where single maps were looked at: for
                         * pairs, and under rules whose sigma follows the data (a dead map's is 0) */
    IFL_SAMPLED_MAPS = 32 /* a layer composed of those of its maps that are kept, since the rule gives each its sigma */
};
#define IFL_HEALTH_TEXT 64
/* "constant", "collapsed", "saturated", "undefined", "dead maps", "sampled maps" joined by commas, "" when healthy, into
 * `out`. */
void ifl_health_text(unsigned health, char out[IFL_HEALTH_TEXT]);

/* One number, with all that says what it is. */
struct ifl_record {
    int32_t layer; /* index in forward order, or -1: a quantity of the whole snapshot */
    enum ifl_quantity quantity;
    enum ifl_estimator estimator;
    unsigned health;  /* set of enum ifl_health, of each variable behind the value; of a mean over pairs: of X, and of
                         more than half of the pairs, taking a pair for as bad as the worse of its maps */
    double value;     /* finite */
    size_t pairs;     /* for pair quantities: how many pairs were averaged over; else 0 */
    bool sampled;     /* those are a sample of the layer's pairs */
    double error;     /* where sampled: the standard error of the value as the mean over all pairs, in the same unit,
                         INFINITY for a sample of one; else 0. Where only a sample of maps is kept it is an upper bound,
                         as pairs that share a map go together */
};

/* The plan of one snapshot: each joint entropy that the wanted quantities take, once. */
struct ifl_plan;

/* Quantities the snapshot has no variables for, or the composition does not define (pairs under tensor), are left
 * out. The snapshot's arrays are not read, only its shape; `snapshot` need not outlive the call. *out is the caller's, to
 * free. IFL_INVALID: a parameter out of range, fewer than 2 samples, or an X that is not one variable. IFL_NO_MEMORY. */
enum ifl_status ifl_plan_new(struct ifl_plan **out, const struct ifl_snapshot *snapshot,
                             const struct ifl_params *params, ifl_quantity_set wanted, struct ifl_error *error);
void ifl_plan_free(struct ifl_plan *plan);

/* The distinct subsets, in the order in which ifl_plan_evaluate wants their entropies. Owned by the plan. */
const struct ifl_subset *ifl_plan_subsets(const struct ifl_plan *plan, size_t *count);

/* The number of records ifl_plan_evaluate gives. */
size_t ifl_plan_records(const struct ifl_plan *plan);

/* Every wanted quantity from the joint entropies (entropies[k]: S_alpha of subset k, bits). `records` holds
 * ifl_plan_records(plan); their order: H(X), H(Y); then layer by layer forward H(T), I(X;T), I(T;Y) and the pair
 * quantities; then the backward chain from delta_K down to delta_1. */
void ifl_plan_evaluate(const struct ifl_plan *plan, const double *entropies, struct ifl_record *records);

/* The record of (layer, quantity), or NULL. */
const struct ifl_record *ifl_record_find(const struct ifl_record *records, size_t count, int32_t layer,
                                         enum ifl_quantity quantity);

/* All in one: plan, spectra, quantities. *records is the caller's, to free(). Errors as ifl_plan_new and ifl_spectra;
 * `records` and `count` are untouched then. */
enum ifl_status ifl_estimate(const struct ifl_snapshot *snapshot, const struct ifl_params *params,
                             ifl_quantity_set wanted, const struct ifl_control *control, struct ifl_record **records,
                             size_t *count, struct ifl_error *error);

/* The two data-processing inequalities (Sec. III-A). Forward: I(X;T_1) >= ... >= I(X;T_K). Backward:
 * I(delta_K;delta_{K-1}) >= ... >= I(delta_K;delta_1). */
enum ifl_chain { IFL_FORWARD, IFL_BACKWARD };

/* One link: from a layer to the next of the chain that has a value. It is violated if the value rises by more than
 * the tolerance. */
struct ifl_link {
    int32_t from, to;
    double rise; /* value(to) - value(from), bits; positive is a rise */
    bool violated;
};

/* The links of a chain in chain order into `links` (room for `layers`), their number returned. */
size_t ifl_chain_links(const struct ifl_record *records, size_t count, size_t layers, enum ifl_chain chain,
                       double tolerance, struct ifl_link *links);

/* How far a run keeps to one chain's inequalities: over all links of its snapshots. Begins zeroed. */
struct ifl_dpi {
    size_t links;          /* all */
    size_t violated;       /* of these; the share is violated / links */
    struct ifl_link worst; /* the violated one with the largest rise, the first of equals; where violated > 0 */
    size_t worst_snapshot; /* the snapshot it is in */
};

/* Adds the links of one more snapshot, numbered `snapshot`. */
void ifl_dpi_add(struct ifl_dpi *dpi, size_t snapshot, const struct ifl_record *records, size_t count, size_t layers,
                 enum ifl_chain chain, double tolerance);

/* The default tolerance of a rise, in bits: what float32 storage of distances can move a value by, with a margin. */
#define IFL_DPI_TOLERANCE 1e-4

#endif
