/* Layers of which a sample of maps is kept, and snapshots whose distances come one variable at a time. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/maps.h>

#include "fixture.h"

enum { N = 6, PAIRS = N * (N - 1) / 2, LIMIT = 1 };

TestSuite(wide, .init = folder_make, .fini = folder_remove);

/* A run that keeps one map of the three of conv1, which is not the first. */
static int64_t add_wide_run(struct store *store)
{
    struct run run = make_run("wide");
    int64_t id = 0;
    run.map_limit = LIMIT;
    assert_ok(store_add_run(store, &run, &id, &error));
    run_release(&run);
    return id;
}

/* Of conv1 the map of the sample and the sum: the array has room for all three. */
static struct snapshot make_wide_snapshot(int64_t step)
{
    struct snapshot snapshot = make_snapshot(step, 0, N);
    for (size_t v = 0; v < snapshot.n_variables; v++) {
        struct variable *variable = &snapshot.variables[v];
        variable->kept = maps_kept(variable->maps, LIMIT);
    }
    return snapshot;
}

static void expect_stored(struct store *store, int64_t id)
{
    struct store_snapshot *list;
    size_t count;
    int32_t kept[LIMIT];
    assert_ok(store_list_snapshots(store, id, &list, &count, &error));
    cr_assert_eq(count, 1);
    struct snapshot sent = make_wide_snapshot(list[0].step);
    cr_assert_eq(list[0].t[0].maps, 3);
    cr_assert_eq(list[0].t[0].kept, LIMIT);
    cr_assert_eq(list[0].delta[0].kept, LIMIT);
    cr_assert_eq(list[0].t[1].kept, 1);
    maps_sample(kept, 3, LIMIT);
    for (size_t v = 0; v < sent.n_variables; v++) {
        const struct variable *variable = &sent.variables[v];
        float got[PAIRS];
        for (int32_t map = IFL_ALL_MAPS, row = 0; variable->maps == 3 && map < 3; map++) {
            bool there = map == IFL_ALL_MAPS || (row < LIMIT && kept[row] == map);
            if (!there) {
                assert_fails(store_load_distances(store, &list[0], variable->of, variable->layer, map, got, &error),
                             IFL_INVALID, "no such distances");
                continue;
            }
            assert_ok(store_load_distances(store, &list[0], variable->of, variable->layer, map, got, &error));
            size_t from = map == IFL_ALL_MAPS ? LIMIT : (size_t)row++;
            cr_assert_eq(memcmp(got, variable->distances + from * PAIRS, sizeof got), 0, "map %d", (int)map);
        }
    }
    snapshot_release(&sent);
    store_snapshots_free(list, count);
}

Test(wide, a_sample_of_maps_comes_back)
{
    struct store *store = open_store(STORE_CREATE);
    int64_t id = add_wide_run(store);
    struct snapshot snapshot = make_wide_snapshot(10);
    struct store_run run;
    size_t limit = 0;
    bool added = false;
    assert_ok(store_add_snapshot(store, id, &snapshot, &added, &error));
    cr_assert(added);
    snapshot_release(&snapshot);
    expect_stored(store, id);
    cr_assert_eq(raw_int("SELECT count(*) FROM arrays JOIN variables ON variables.id = variable WHERE maps = 3"),
                 2 * (LIMIT + 1));
    assert_ok(store_map_limit(store, id, &limit, &error));
    cr_assert_eq(limit, LIMIT);
    assert_fails(store_map_limit(store, id + 1, &limit, &error), IFL_NOT_FOUND, "no run with id");
    assert_ok(store_get_run(store, id, &run, &error));
    cr_assert_eq(run.run.map_limit, LIMIT);
    store_run_release(&run);
    store_close(store);
}

static void take_damage(void *context, const struct store_damage *damage)
{
    char *text = context;
    snprintf(text + strlen(text), 512 - strlen(text), "%s: %s\n", damage->what, damage->how);
}

/* Maps that were never kept are not missing; one that was is, and one beside the sample does not belong. */
Test(wide, verifying_knows_the_sample)
{
    struct store *store = open_store(STORE_CREATE);
    int64_t id = add_wide_run(store);
    struct snapshot snapshot = make_wide_snapshot(10);
    struct store_verified found;
    char text[512] = "";
    const struct store_verifier verifier = {.damage = take_damage, .context = text};
    bool added;
    assert_ok(store_add_snapshot(store, id, &snapshot, &added, &error));
    snapshot_release(&snapshot);
    assert_ok(store_verify(store, &verifier, &found, &error));
    cr_assert_str_eq(text, "");
    cr_assert_eq(found.damages, 0);
    raw("UPDATE arrays SET map = 2 WHERE map = 1");
    assert_ok(store_verify(store, &verifier, &found, &error));
    cr_assert(strstr(text, "T/conv1: map 2: not an array of this variable") != NULL, "%s", text);
    cr_assert(strstr(text, "delta/conv1: 1 of 2 arrays missing") != NULL, "%s", text);
    store_close(store);
}

Test(wide, another_sample_is_refused)
{
    struct store *store = open_store(STORE_CREATE);
    int64_t id = add_wide_run(store);
    struct snapshot snapshot = make_snapshot(10, 0, N); /* all three maps */
    bool added;
    assert_fails(store_add_snapshot(store, id, &snapshot, &added, &error), IFL_REFUSED,
                 "step 10: T/conv1: 3 single maps, where the run keeps 1");
    snapshot_release(&snapshot);
    store_close(store);
}

/* ---- from a source ---- */

struct source {
    struct snapshot *whole;
    size_t asked, fails_at;
    float bad; /* put in place of the first distance, if it is not 0 */
};

static enum ifl_status load(void *context, size_t k, float **distances, struct ifl_error *error)
{
    struct source *source = context;
    struct variable *variable = &source->whole->variables[k];
    cr_assert_eq(k, source->asked++, "one after the other");
    if (k == source->fails_at)
        return ifl_fail(error, IFL_FAILED, "the disk is gone");
    *distances = variable->distances;
    variable->distances = NULL;
    if (source->bad != 0)
        (*distances)[0] = source->bad;
    return IFL_OK;
}

static enum ifl_status add_from(struct store *store, int64_t id, struct source *source, struct ifl_error *error)
{
    const struct store_source from = {load, source};
    struct snapshot whole = make_wide_snapshot(10), bare = make_wide_snapshot(10);
    bool added = false;
    for (size_t v = 0; v < bare.n_variables; v++) {
        free(bare.variables[v].distances);
        bare.variables[v].distances = NULL;
    }
    source->whole = &whole;
    enum ifl_status status = store_add_snapshot_from(store, id, &bare, &from, &added, error);
    cr_assert_eq(added, status == IFL_OK);
    snapshot_release(&whole);
    snapshot_release(&bare);
    return status;
}

Test(wide, distances_may_come_one_variable_at_a_time)
{
    struct store *store = open_store(STORE_CREATE);
    int64_t id = add_wide_run(store);
    struct source source = {.fails_at = SIZE_MAX};
    assert_ok(add_from(store, id, &source, &error));
    expect_stored(store, id);
    store_close(store);
}

Test(wide, a_source_that_fails_leaves_nothing)
{
    struct store *store = open_store(STORE_CREATE);
    int64_t id = add_wide_run(store);
    struct source fails = {.fails_at = 2}, infinite = {.fails_at = SIZE_MAX, .bad = INFINITY};
    assert_fails(add_from(store, id, &fails, &error), IFL_FAILED, "the disk is gone");
    assert_fails(add_from(store, id, &infinite, &error), IFL_REFUSED, "step 10: X: distances that are not finite");
    cr_assert_eq(raw_int("SELECT count(*) FROM snapshots"), 0);
    cr_assert_eq(raw_int("SELECT count(*) FROM variables"), 0);
    struct source source = {.fails_at = SIZE_MAX};
    assert_ok(add_from(store, id, &source, &error));
    expect_stored(store, id);
    store_close(store);
}
