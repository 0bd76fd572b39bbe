/* Which widths can be trusted. */
#include "support.h"

static const struct ifl_width_seen fit = {.values = 6, .links = 10};

Test(trust, is_for_widths_that_neither_collapse_nor_saturate)
{
    const unsigned faults[] = {IFL_CONSTANT, IFL_COLLAPSED, IFL_SATURATED, IFL_SATURATED | IFL_DEAD_MAPS};
    cr_expect(ifl_width_trusted(&fit, 0));
    for (size_t k = 0; k < COUNT(faults); k++) {
        struct ifl_width_seen seen = fit;
        seen.health = faults[k];
        cr_expect(!ifl_width_trusted(&seen, 1), "health %u", faults[k]);
    }
    struct ifl_width_seen seen = fit;
    seen.health = IFL_DEAD_MAPS | IFL_UNDEFINED; /* of the network, or a convention: no width mends these */
    cr_expect(ifl_width_trusted(&seen, 0));
}

Test(trust, takes_the_share_of_violated_links)
{
    struct ifl_width_seen seen = fit;
    seen.violated = 1;
    cr_expect(!ifl_width_trusted(&seen, 0));
    cr_expect(!ifl_width_trusted(&seen, 0.09));
    cr_expect(ifl_width_trusted(&seen, 0.1), "just the share");
    seen.violated = 10;
    cr_expect(ifl_width_trusted(&seen, 1));
}

Test(trust, needs_something_to_go_by)
{
    struct ifl_width_seen seen = {0};
    cr_expect(!ifl_width_trusted(&seen, 1));
    seen.values = 1; /* one layer has no links, and may be fit */
    cr_expect(ifl_width_trusted(&seen, 0));
}

/* `fitness`: a letter a width, + fit, - not. */
static void expect_stretch(const char *fitness, int want_first, int want_last)
{
    struct ifl_width_seen seen[16] = {{0}};
    size_t count = strlen(fitness), first = 77, last = 88;
    for (size_t k = 0; k < count; k++)
        seen[k].values = fitness[k] == '+';
    bool found = ifl_width_stretch(seen, count, 0, &first, &last);
    cr_expect_eq(found, want_first >= 0, "%s", fitness);
    if (want_first >= 0)
        cr_expect(first == (size_t)want_first && last == (size_t)want_last, "%s: %zu to %zu", fitness, first, last);
    else
        cr_expect(first == 77 && last == 88, "%s: touched", fitness);
}

Test(trust, advises_the_longest_stretch)
{
    expect_stretch("", -1, -1);
    expect_stretch("---", -1, -1);
    expect_stretch("+", 0, 0);
    expect_stretch("-++", 1, 2);
    expect_stretch("++-+++-+", 3, 5);
    expect_stretch("++-++", 0, 1);
    expect_stretch("+-++++", 2, 5);
}
