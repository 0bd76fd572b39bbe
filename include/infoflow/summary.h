/* Mean and standard deviation of quantities over several estimates of one thing: the mini-batches of a step, or runs
 * that differ in nothing but the seed. */
#ifndef INFOFLOW_SUMMARY_H
#define INFOFLOW_SUMMARY_H

#include "infoflow/quantity.h"

struct ifl_summary {
    int32_t layer; /* as in ifl_record */
    enum ifl_quantity quantity;
    enum ifl_estimator estimator;
    unsigned health;   /* of any of them */
    size_t count;      /* estimates that have this quantity */
    double mean;
    double deviation;  /* sample standard deviation, over count - 1; 0 where count is 1 */
};

/* One estimate's records, as ifl_plan_evaluate gives them. */
struct ifl_record_set {
    const struct ifl_record *records;
    size_t count;
};

/* Summarises `sets` estimates. *out holds each (layer, quantity) that any of them has, in the order of the first that has
 * it; it is the caller's, to free(). IFL_NO_MEMORY. */
enum ifl_status ifl_summarise(const struct ifl_record_set *sets, size_t count, struct ifl_summary **out,
                              size_t *out_count, struct ifl_error *error);

#endif
