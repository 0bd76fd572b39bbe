#include "infoflow/quantity.h"

size_t ifl_chain_links(const struct ifl_record *records, size_t count, size_t layers, enum ifl_chain chain,
                       double tolerance, struct ifl_link *links)
{
    enum ifl_quantity quantity = chain == IFL_FORWARD ? IFL_I_XT : IFL_I_DELTA;
    const struct ifl_record *before = NULL;
    size_t found = 0;
    for (size_t k = 0; k < layers; k++) {
        int32_t layer = (int32_t)(chain == IFL_FORWARD ? k : layers - 1 - k);
        const struct ifl_record *here = ifl_record_find(records, count, layer, quantity);
        if (here == NULL)
            continue;
        if (before != NULL) {
            double rise = here->value - before->value;
            links[found++] = (struct ifl_link){before->layer, layer, rise, rise > tolerance};
        }
        before = here;
    }
    return found;
}
