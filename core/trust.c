#include <string.h>

#include "infoflow/trust.h"

bool ifl_width_fits(size_t entropies, unsigned health)
{
    return entropies > 0 && (health & (IFL_CONSTANT | IFL_COLLAPSED | IFL_SATURATED)) == 0;
}

double ifl_width_violated(const struct ifl_width_seen *seen)
{
    return seen->links > 0 ? (double)seen->violated / (double)seen->links : 0;
}

bool ifl_width_trusted(const struct ifl_width_seen *seen, const struct ifl_width_advice *advice, double share)
{
    return advice->fit_count > 0 && seen->fit_count == advice->fit_count && ifl_width_violated(seen) <= share;
}

/* The most snapshots that a width is fit in at which at most this share of the links is violated. */
static size_t most_fit(const struct ifl_width_seen *seen, size_t count, double share)
{
    size_t most = 0;
    for (size_t k = 0; k < count; k++)
        if (seen[k].fit_count > most && ifl_width_violated(&seen[k]) <= share)
            most = seen[k].fit_count;
    return most;
}

static double least_share(const struct ifl_width_seen *seen, size_t count, size_t fit_count)
{
    double least = 1;
    for (size_t k = 0; k < count; k++)
        if (fit_count > 0 && seen[k].fit_count == fit_count && ifl_width_violated(&seen[k]) < least)
            least = ifl_width_violated(&seen[k]);
    return least;
}

void ifl_width_advise(const struct ifl_width_seen *seen, size_t count, size_t snapshots, double share,
                      struct ifl_width_advice *out)
{
    struct ifl_width_advice advice = {.fit_count = most_fit(seen, count, share), .most_fit = most_fit(seen, count, 1)};
    size_t longest = 0;
    advice.most_share = least_share(seen, count, advice.most_fit);
    for (size_t k = 0, end; k < count; k = end > k ? end : k + 1) {
        for (end = k; end < count && ifl_width_trusted(&seen[end], &advice, share) &&
                      memcmp(seen[end].fit, seen[k].fit, snapshots * sizeof *seen[k].fit) == 0;
             end++)
            ;
        if (end - k <= longest)
            continue;
        longest = end - k;
        advice.first = k;
        advice.last = end - 1;
    }
    *out = advice;
}
