#include <stdlib.h>

#include "infoflow/entropy.h"
#include "infoflow/quantity.h"

enum ifl_status ifl_estimate(const struct ifl_snapshot *snapshot, const struct ifl_params *params,
                             ifl_quantity_set wanted, const struct ifl_control *control, struct ifl_record **records,
                             size_t *count, struct ifl_error *error)
{
    struct ifl_plan *plan = NULL;
    double *spectra = NULL, *entropies = NULL;
    struct ifl_record *found = NULL;
    size_t subsets, values;
    enum ifl_status status = ifl_plan_new(&plan, snapshot, params, wanted, error);
    if (status != IFL_OK)
        return status;
    const struct ifl_subset *subset = ifl_plan_subsets(plan, &subsets);
    if (ifl_size_mul(subsets, snapshot->n, &values)) {
        spectra = ifl_alloc(values, sizeof *spectra);
        entropies = ifl_alloc(subsets, sizeof *entropies);
        found = ifl_alloc(ifl_plan_records(plan), sizeof *found);
    }
    if (spectra == NULL || entropies == NULL || found == NULL) {
        status = ifl_fail(error, IFL_NO_MEMORY, "no memory for %zu spectra of %zu samples", subsets, snapshot->n);
        goto out;
    }
    status = ifl_spectra(snapshot, params, subset, subsets, control, spectra, error);
    if (status != IFL_OK)
        goto out;
    for (size_t k = 0; k < subsets; k++)
        entropies[k] = ifl_entropy(spectra + k * snapshot->n, snapshot->n, params->alpha);
    ifl_plan_evaluate(plan, entropies, found);
    *records = found;
    *count = ifl_plan_records(plan);
    found = NULL;

out:
    free(found);
    free(entropies);
    free(spectra);
    ifl_plan_free(plan);
    return status;
}
