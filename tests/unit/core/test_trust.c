/* Which widths can be trusted. */
#include "support.h"

enum { MOST = 16 };

Test(trust, is_for_widths_that_neither_collapse_nor_saturate)
{
    const unsigned faults[] = {IFL_CONSTANT, IFL_COLLAPSED, IFL_SATURATED, IFL_SATURATED | IFL_DEAD_MAPS};
    cr_expect(ifl_width_fits(1, IFL_HEALTHY));
    cr_expect(!ifl_width_fits(0, IFL_HEALTHY), "nothing to go by");
    for (size_t k = 0; k < COUNT(faults); k++)
        cr_expect(!ifl_width_fits(6, faults[k]), "health %u", faults[k]);
    /* of the network, or a convention: no width mends these */
    cr_expect(ifl_width_fits(6, IFL_DEAD_MAPS | IFL_UNDEFINED));
}

/* Widths between blanks, a letter a snapshot: + fit, - not; behind it, links and of these violated: `-++3/1`. */
struct widths {
    struct ifl_width_seen seen[MOST];
    bool fit[MOST][MOST];
    size_t count, snapshots;
};

static struct ifl_width_advice advise(struct widths *w, const char *text, double share)
{
    *w = (struct widths){0};
    for (const char *at = text; *at != '\0';) {
        struct ifl_width_seen *seen = &w->seen[w->count];
        seen->fit = w->fit[w->count++];
        for (w->snapshots = 0; *at == '+' || *at == '-'; at++) {
            seen->fit[w->snapshots++] = *at == '+';
            seen->fit_count += *at == '+';
        }
        if (sscanf(at, "%zu/%zu", &seen->links, &seen->violated) == 2)
            at += strcspn(at, " ");
        at += strspn(at, " ");
    }
    struct ifl_width_advice advice;
    ifl_width_advise(w->seen, w->count, w->snapshots, share, &advice);
    return advice;
}

static void expect_stretch(const char *text, double share, size_t fit_count, size_t first, size_t last)
{
    struct widths w;
    struct ifl_width_advice a = advise(&w, text, share);
    cr_expect(a.fit_count == fit_count, "%s: fit in %zu", text, a.fit_count);
    cr_expect(fit_count == 0 || (a.first == first && a.last == last), "%s: %zu to %zu", text, a.first, a.last);
    for (size_t k = first; k <= last && fit_count > 0; k++)
        cr_expect(ifl_width_trusted(&w.seen[k], &a, share), "%s: %zu", text, k);
    for (size_t k = 0; k < w.count && fit_count == 0; k++)
        cr_expect(!ifl_width_trusted(&w.seen[k], &a, share), "%s: %zu", text, k);
}

Test(trust, advises_the_longest_stretch)
{
    expect_stretch("", 0, 0, 0, 0);
    expect_stretch("- - -", 0, 0, 0, 0);
    expect_stretch("+", 0, 1, 0, 0);
    expect_stretch("- + +", 0, 1, 1, 2);
    expect_stretch("+ + - + + + - +", 0, 1, 3, 5);
    expect_stretch("+ + - + +", 0, 1, 0, 1);
    expect_stretch("+ - + + + +", 0, 1, 2, 5);
}

Test(trust, is_for_as_much_of_training_as_any_width_is_fit_in)
{
    expect_stretch("--- --+ -++ -++ --+ --+ --+ ---", 0, 2, 2, 3);
    expect_stretch("+++ +-- +-- +-- +--", 0, 3, 0, 0);
    expect_stretch("++- ++- -++ -++ -++", 0, 2, 2, 4); /* not over both: there is no snapshot's h from 0 to 4 but one's */
}

Test(trust, takes_the_share_of_violated_links)
{
    expect_stretch("-+10/1 -+10/2", 0, 0, 0, 0);
    expect_stretch("-+10/1 -+10/2", 0.09, 0, 0, 0);
    expect_stretch("-+10/1 -+10/2", 0.1, 1, 0, 0);
    expect_stretch("-+10/1 -+10/2", 0.2, 1, 0, 1);
    expect_stretch("-+10/9 ++10/10", 1, 2, 1, 1);
    expect_stretch("++0/0", 0, 2, 0, 0); /* one layer has no links */
    /* a width that is fit in fewer, where the others' links are violated */
    expect_stretch("+++10/1 ++-5/0 ++-5/0", 0, 2, 1, 2);
    expect_stretch("+++10/1 ++-5/0 ++-5/0", 0.1, 3, 0, 0);
}

Test(trust, tells_what_a_larger_share_would_bring)
{
    struct widths w;
    struct ifl_width_advice a = advise(&w, "+++8/2 +++8/1 ++-5/0", 0);
    cr_expect(a.fit_count == 2 && a.most_fit == 3 && a.most_share == 0.125, "%zu %g", a.most_fit, a.most_share);
    a = advise(&w, "+++8/2 +++8/1 ++-5/0", 0.125);
    cr_expect(a.fit_count == 3 && a.most_fit == 3 && a.most_share == 0.125);
    a = advise(&w, "--- ---", 1);
    cr_expect(a.fit_count == 0 && a.most_fit == 0 && a.most_share == 1);
}
