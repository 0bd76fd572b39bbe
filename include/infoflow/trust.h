/* Which kernel widths can be trusted. Where a kernel collapses or saturates, an entropy says nothing about the data;
 * and since the network itself keeps the data-processing inequalities, a link that rises is the estimate's fault. */
#ifndef INFOFLOW_TRUST_H
#define INFOFLOW_TRUST_H

#include "infoflow/quantity.h"

/* Whether a width is fit for a snapshot in which so many layers have an entropy, H(T) or H(delta), and this is the health
 * of any of these and of what their chain begins with, X or deltaK, without which it says nothing: there is one, and none
 * is constant, collapsed or saturated. */
bool ifl_width_fits(size_t entropies, unsigned health);

/* What was seen at one width. */
struct ifl_width_seen {
    bool *fit; /* [snapshots] the caller's */
    size_t fit_count;
    size_t links;    /* of the chain in the fit snapshots: in others it says nothing */
    size_t violated; /* of these */
};

/* The share of the links that is violated, 0..1; 0 without links. */
double ifl_width_violated(const struct ifl_width_seen *seen);

/* Of the widths at which at most a given share of the links is violated, those can be trusted that are fit in the most
 * snapshots. (Not in all: the layers of a network that has not begun to learn may differ so much that no one width suits
 * them.) */
struct ifl_width_advice {
    size_t fit_count;   /* in so many; 0: no width can be trusted */
    size_t first, last; /* where one can: the longest stretch of them fit in the same snapshots, the first of equals */
    size_t most_fit;    /* in so many snapshots a width is fit that has a larger share, or this one */
    double most_share;  /* the least share that such a width takes, 0..1; 1 where most_fit is 0 */
};

/* `share`: 0..1. */
void ifl_width_advise(const struct ifl_width_seen *seen, size_t count, size_t snapshots, double share,
                      struct ifl_width_advice *out);

/* Whether a width is one of those from which the advice for this share chose. */
bool ifl_width_trusted(const struct ifl_width_seen *seen, const struct ifl_width_advice *advice, double share);

#endif
