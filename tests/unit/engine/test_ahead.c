/* engine_compute: spectra that are there before they are asked for, in the database or in a part of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

TestSuite(ahead, .init = folder_make, .fini = folder_remove, .timeout = 120);

static struct ifl_params at(double h)
{
    struct ifl_params params = ifl_params_default();
    params.h = h;
    return params;
}

/* Computes all quantities' spectra of every snapshot at these two widths. */
static struct engine_kept compute(struct store *store, struct store *keep, const struct made *made, double h, double h2)
{
    const struct engine_ahead ahead[] = {{at(h), IFL_ALL_QUANTITIES}, {at(h2), IFL_ALL_QUANTITIES}};
    const struct ifl_control control = {.threads = 2};
    struct engine_kept kept = {0};
    for (size_t k = 0; k < made->count; k++)
        assert_ok(engine_compute(store, keep, &made->stored[k], ahead, 2, &control, &kept, &error));
    return kept;
}

/* That the database has all it takes, now that the distances are spoilt. */
static void check_without_distances(struct store *store, const struct made *made, double h)
{
    struct estimate_options options = {.params = at(h), .wanted = IFL_ALL_QUANTITIES};
    struct estimates estimates;
    assert_ok(engine_estimate(store, NULL, made->stored, made->count, &options, &estimates, &error));
    assert_core_values(&estimates, made);
    estimates_release(&estimates);
}

Test(ahead, keeps_all_that_an_estimate_takes)
{
    struct made made = make_run("run", &small);
    struct store *store = open_store(STORE_WRITE);
    struct engine_kept kept = compute(store, store, &made, 3, 7);
    struct ifl_params params = ifl_params_default();
    size_t one = count_subsets(&made, 0, &params, false);
    cr_expect_gt(kept.computed, one * made.count);
    cr_expect_lt(kept.computed, 2 * one * made.count, "of the labels and errors there is one set");
    cr_expect_eq(kept.there, 0);
    struct engine_kept again = compute(store, store, &made, 3, 7);
    cr_expect_eq(again.computed, 0);
    cr_expect_geq(again.there, kept.computed);
    spoil_distances(&made);
    check_without_distances(store, &made, 3);
    check_without_distances(store, &made, 7);
    store_close(store);
    made_release(&made);
}

Test(ahead, keeps_in_a_part_what_neither_has)
{
    char path[160];
    struct made made = make_run("run", &small);
    struct store *store = open_store(STORE_WRITE), *part = NULL;
    struct store_merged merged;
    compute(store, store, &made, 3, 3);
    snprintf(path, sizeof path, "%s/a.part", folder);
    assert_ok(store_open_part(&part, path, store, STORE_CREATE, &error));
    for (size_t k = 0; k < made.count; k++)
        assert_ok(store_part_add(part, store, made.stored[k].id, &error));
    struct engine_kept kept = compute(store, part, &made, 3, 7), again = compute(store, part, &made, 3, 7);
    cr_expect(kept.computed > 0 && kept.there > 0);
    cr_expect_eq(again.computed, 0);
    store_close(part);
    assert_ok(store_merge(store, path, NULL, NULL, &merged, &error));
    cr_expect(merged.spectra == kept.computed && merged.kept == kept.computed, "%zu %zu", merged.spectra,
              kept.computed);
    spoil_distances(&made);
    check_without_distances(store, &made, 7);
    store_close(store);
    made_release(&made);
}

Test(ahead, keeps_spectra_whatever_the_alpha)
{
    struct made made = make_run("run", &small);
    struct store *store = open_store(STORE_WRITE);
    struct engine_ahead ahead = {at(3), IFL_ALL_QUANTITIES};
    ahead.params.alpha = 2; /* for which alone none would be computed */
    struct engine_kept kept = {0};
    for (size_t k = 0; k < made.count; k++)
        assert_ok(engine_compute(store, store, &made.stored[k], &ahead, 1, NULL, &kept, &error));
    spoil_distances(&made);
    check_without_distances(store, &made, 3);
    store_close(store);
    made_release(&made);
}

Test(ahead, ends_where_nothing_can_be_kept)
{
    struct made made = make_run("run", &small);
    struct store *store = open_store(STORE_READ);
    store_keep_ahead(store);
    struct engine_ahead ahead = {at(3), IFL_ALL_QUANTITIES};
    struct engine_kept kept = {0};
    assert_fails(engine_compute(store, store, &made.stored[0], &ahead, 1, NULL, &kept, &error), IFL_FAILED,
                 "read-only");
    store_close(store);
    made_release(&made);
}
