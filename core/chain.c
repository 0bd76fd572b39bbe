#include "infoflow/quantity.h"

/* Along a chain, link by link. */
struct walk {
    const struct ifl_record *records;
    size_t count, layers;
    enum ifl_chain chain;
    double tolerance;
    size_t passed;                   /* layers */
    const struct ifl_record *before; /* of the last of those that has a value */
};

static bool next_link(struct walk *w, struct ifl_link *link)
{
    enum ifl_quantity quantity = w->chain == IFL_FORWARD ? IFL_I_XT : IFL_I_DELTA;
    while (w->passed < w->layers) {
        int32_t layer = (int32_t)(w->chain == IFL_FORWARD ? w->passed : w->layers - 1 - w->passed);
        const struct ifl_record *before = w->before, *here = ifl_record_find(w->records, w->count, layer, quantity);
        w->passed++;
        if (here == NULL)
            continue;
        w->before = here;
        if (before == NULL)
            continue;
        double rise = here->value - before->value;
        *link = (struct ifl_link){before->layer, layer, rise, rise > w->tolerance};
        return true;
    }
    return false;
}

size_t ifl_chain_links(const struct ifl_record *records, size_t count, size_t layers, enum ifl_chain chain,
                       double tolerance, struct ifl_link *links)
{
    struct walk w = {records, count, layers, chain, tolerance, 0, NULL};
    struct ifl_link link;
    size_t found = 0;
    while (next_link(&w, &link))
        links[found++] = link;
    return found;
}

void ifl_dpi_add(struct ifl_dpi *dpi, size_t snapshot, const struct ifl_record *records, size_t count, size_t layers,
                 enum ifl_chain chain, double tolerance)
{
    struct walk w = {records, count, layers, chain, tolerance, 0, NULL};
    struct ifl_link link;
    while (next_link(&w, &link)) {
        dpi->links++;
        if (!link.violated)
            continue;
        if (dpi->violated++ == 0 || link.rise > dpi->worst.rise) {
            dpi->worst = link;
            dpi->worst_snapshot = snapshot;
        }
    }
}
