/* Runs that differ in the seed alone: a group, over which means and deviations are taken. */
#ifndef BASE_GROUP_H
#define BASE_GROUP_H

#include <base/run.h>

/* Equal in their layers, in order, and in all params, in whatever order, but `seed` (in any case). Numbers are equal
 * where their values are. Names and tags do not count. Runs that say nothing of their params are nobody's equals. */
bool run_same_group(const struct run *a, const struct run *b);

/* Numbers groups in the order of their first runs: groups[k], of [count], is that of runs[k]; *n_groups of them. False
 * without memory. About count log count. */
bool run_groups(size_t *groups, size_t *n_groups, const struct run *const *runs, size_t count);

/* What the names of a group's runs have in common, with a `*` where they differ: `mnist-6-12-sigmoid-s*`. A number is
 * never cut: s1 and s12 give s*. Of one run, its name. A new string, not sanitised; NULL without memory. */
char *run_group_name(const struct run *const *runs, size_t count);

/* The keys of the params in which the runs are not all equal, seed too, in the order in which they come. A param that
 * one lacks and another has is one of them. *keys is freed by free(); the strings are the runs'. False without
 * memory. */
bool runs_difference(const char ***keys, size_t *n_keys, const struct run *const *runs, size_t count);

#endif
