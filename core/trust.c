#include "infoflow/trust.h"

bool ifl_width_trusted(const struct ifl_width_seen *seen, double share)
{
    const unsigned unfit = IFL_CONSTANT | IFL_COLLAPSED | IFL_SATURATED;
    return seen->values > 0 && (seen->health & unfit) == 0 && (double)seen->violated <= share * (double)seen->links;
}

bool ifl_width_stretch(const struct ifl_width_seen *seen, size_t count, double share, size_t *first, size_t *last)
{
    size_t longest = 0;
    for (size_t k = 0, end; k < count; k = end + 1) {
        for (end = k; end < count && ifl_width_trusted(&seen[end], share); end++)
            ;
        if (end - k <= longest)
            continue;
        longest = end - k;
        *first = k;
        *last = end - 1;
    }
    return longest > 0;
}
