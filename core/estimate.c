#include <stdlib.h>

#include "infoflow/quantity.h"

enum ifl_status ifl_estimate(const struct ifl_snapshot *snapshot, const struct ifl_params *params,
                             ifl_quantity_set wanted, const struct ifl_control *control, struct ifl_record **records,
                             size_t *count, struct ifl_error *error)
{
    struct ifl_plan *plan = NULL;
    double *entropies = NULL;
    struct ifl_record *found = NULL;
    size_t subsets;
    enum ifl_status status = ifl_plan_new(&plan, snapshot, params, wanted, error);
    if (status != IFL_OK)
        return status;
    const struct ifl_subset *subset = ifl_plan_subsets(plan, &subsets);
    entropies = ifl_alloc(subsets, sizeof *entropies);
    found = ifl_alloc(ifl_plan_records(plan), sizeof *found);
    if (entropies == NULL || found == NULL) {
        status = ifl_fail(error, IFL_NO_MEMORY, "no memory for %zu entropies", subsets);
        goto out;
    }
    status = ifl_entropies(snapshot, params, subset, subsets, control, entropies, error);
    if (status != IFL_OK)
        goto out;
    ifl_plan_evaluate(plan, entropies, found);
    *records = found;
    *count = ifl_plan_records(plan);
    found = NULL;

out:
    free(found);
    free(entropies);
    ifl_plan_free(plan);
    return status;
}
