#include <math.h>
#include <stdlib.h>

#include "infoflow/summary.h"

static struct ifl_summary *find_summary(struct ifl_summary *summaries, size_t count, const struct ifl_record *record)
{
    for (size_t k = 0; k < count; k++)
        if (summaries[k].layer == record->layer && summaries[k].quantity == record->quantity &&
            summaries[k].estimator == record->estimator)
            return &summaries[k];
    return NULL;
}

/* Welford's update: mean and sum of squared deviations (kept in `deviation` meanwhile) value by value, so that a large
 * mean takes no digits from a small spread. */
static void add_value(struct ifl_summary *s, const struct ifl_record *record)
{
    double before = record->value - s->mean;
    s->count++;
    s->mean += before / (double)s->count;
    s->deviation += before * (record->value - s->mean);
    s->health |= record->health;
}

enum ifl_status ifl_summarise(const struct ifl_record_set *sets, size_t count, struct ifl_summary **out,
                              size_t *out_count, struct ifl_error *error)
{
    size_t room = 0, found = 0;
    for (size_t k = 0; k < count; k++)
        room += sets[k].count;
    struct ifl_summary *summaries = ifl_alloc(room, sizeof *summaries);
    if (summaries == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for the summary of %zu estimates", count);
    for (size_t k = 0; k < count; k++) {
        for (size_t r = 0; r < sets[k].count; r++) {
            const struct ifl_record *record = &sets[k].records[r];
            struct ifl_summary *s = find_summary(summaries, found, record);
            if (s == NULL) {
                s = &summaries[found++];
                s->layer = record->layer;
                s->quantity = record->quantity;
                s->estimator = record->estimator;
            }
            add_value(s, record);
        }
    }
    for (size_t k = 0; k < found; k++)
        summaries[k].deviation =
            summaries[k].count > 1 ? sqrt(summaries[k].deviation / (double)(summaries[k].count - 1)) : 0;
    *out = summaries;
    *out_count = found;
    return IFL_OK;
}
