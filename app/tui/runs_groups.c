/* Runs that differ in the seed alone. */
#include <stdlib.h>

#include <base/group.h>

#include "runs_parts.h"

/* What making groups takes, by number of a group as base has it, single runs too. */
struct grouping {
    const struct run **runs;   /* [count] */
    size_t *of;                /* [count] */
    size_t *members;           /* [n] how many */
    size_t *first;             /* [n] of `sorted` */
    const struct run **sorted; /* [count] those of a group together */
    size_t n;
};

static void release(struct grouping *grouping)
{
    free(grouping->runs);
    free(grouping->of);
    free(grouping->members);
    free(grouping->first);
    free(grouping->sorted);
}

static bool find_groups(struct grouping *grouping, const struct store_run *items, size_t count)
{
    grouping->runs = ifl_alloc(count, sizeof *grouping->runs);
    grouping->of = ifl_alloc(count, sizeof *grouping->of);
    grouping->sorted = ifl_alloc(count, sizeof *grouping->sorted);
    if (grouping->runs == NULL || grouping->of == NULL || grouping->sorted == NULL)
        return false;
    for (size_t k = 0; k < count; k++)
        grouping->runs[k] = &items[k].run;
    if (!run_groups(grouping->of, &grouping->n, grouping->runs, count))
        return false;
    grouping->members = ifl_alloc(grouping->n, sizeof *grouping->members);
    grouping->first = ifl_alloc(grouping->n, sizeof *grouping->first);
    return grouping->members != NULL && grouping->first != NULL;
}

static void sort_members(struct grouping *grouping, size_t count)
{
    for (size_t k = 0; k < count; k++)
        grouping->members[grouping->of[k]]++;
    for (size_t g = 1; g < grouping->n; g++)
        grouping->first[g] = grouping->first[g - 1] + grouping->members[g - 1];
    for (size_t g = 0; g < grouping->n; g++)
        grouping->members[g] = 0;
    for (size_t k = 0; k < count; k++) {
        size_t g = grouping->of[k];
        grouping->sorted[grouping->first[g] + grouping->members[g]++] = grouping->runs[k];
    }
}

/* Numbers those of two and more anew, in `members`' place RUNS_NONE for the others. */
static bool name_groups(struct runs *runs, struct grouping *grouping)
{
    for (size_t g = 0; g < grouping->n; g++) {
        size_t all = grouping->members[g];
        grouping->members[g] = RUNS_NONE;
        if (all < 2)
            continue;
        struct run_group group = {.all = all, .name = run_group_name(&grouping->sorted[grouping->first[g]], all)};
        if (group.name == NULL)
            return false;
        grouping->members[g] = runs->n_groups;
        runs->groups[runs->n_groups++] = group;
    }
    return true;
}

bool runs_make_groups(struct runs *runs)
{
    struct grouping grouping = {0};
    runs->groups = ifl_alloc(runs->count / 2, sizeof *runs->groups);
    bool made = runs->groups != NULL && find_groups(&grouping, runs->items, runs->count);
    if (made) {
        sort_members(&grouping, runs->count);
        made = name_groups(runs, &grouping);
    }
    for (size_t k = 0; made && k < runs->count; k++)
        runs->shares[k].group = grouping.members[grouping.of[k]];
    release(&grouping);
    return made;
}
