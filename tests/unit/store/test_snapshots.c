/* Snapshots in and out, and what is refused on either way. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

#define N 6

TestSuite(snapshots, .init = folder_make, .fini = folder_remove);

static void assert_same_distances(struct store *store, const struct store_snapshot *listed,
                                  const struct variable *variable, int32_t map, size_t row)
{
    float got[N * (N - 1) / 2];
    assert_ok(store_load_distances(store, listed, variable->of, variable->layer, map, got, &error));
    cr_assert_eq(memcmp(got, variable->distances + row * ifl_pair_count(N), sizeof got), 0);
}

Test(snapshots, come_back_as_they_were)
{
    struct store *store = open_store(STORE_CREATE);
    int64_t id = add_run(store, "run", 0, N);
    bool added = false;
    for (int64_t batch = 1; batch >= 0; batch--) {
        struct snapshot snapshot = make_snapshot(-20, batch, N);
        assert_ok(store_add_snapshot(store, id, &snapshot, &added, &error));
        snapshot_release(&snapshot);
    }
    struct store_snapshot *list;
    size_t count;
    assert_ok(store_list_snapshots(store, id, &list, &count, &error));
    cr_assert_eq(count, 2);
    for (size_t k = 0; k < count; k++) {
        struct snapshot sent = make_snapshot(-20, (int64_t)k, N);
        cr_assert_eq(list[k].run, id);
        cr_assert_eq(list[k].step, -20);
        cr_assert_eq(list[k].batch, (int64_t)k);
        cr_assert_eq(list[k].epoch, sent.epoch);
        cr_assert_eq(list[k].n, N);
        cr_assert_eq(list[k].layers, 3);
        cr_assert_eq(memcmp(list[k].labels, sent.labels, N * sizeof *sent.labels), 0);
        cr_assert_eq(list[k].classes, 10);
        cr_assert_eq(list[k].x_dim, 7);
        cr_assert_eq(list[k].n_metrics, 3);
        cr_assert_eq(list[k].metrics[0].value, sent.metrics[0].value);
        cr_assert(isnan(list[k].metrics[2].value));
        for (size_t v = 0; v < sent.n_variables; v++) {
            const struct variable *variable = &sent.variables[v];
            const struct store_shape *shape = variable->of == IFL_OF_T ? list[k].t : list[k].delta;
            if (variable->of != IFL_OF_X) {
                cr_assert_eq(shape[variable->layer].maps, variable->maps);
                cr_assert_eq(shape[variable->layer].dim, variable->dim);
            }
            for (size_t map = 0; map < variable->maps; map++)
                assert_same_distances(store, &list[k], variable, (int32_t)map, map);
            assert_same_distances(store, &list[k], variable, IFL_ALL_MAPS, variable->maps > 1 ? variable->maps : 0);
        }
        snapshot_release(&sent);
    }
    store_snapshots_free(list, count);
    store_close(store);
}

Test(snapshots, may_have_nothing)
{
    struct store *store = open_store(STORE_CREATE);
    int64_t id = add_run(store, "run", 0, N);
    struct snapshot bare = make_bare_snapshot(5, 2);
    bool added = false;
    assert_ok(store_add_snapshot(store, id, &bare, &added, &error));
    cr_assert(added);
    struct store_snapshot *list;
    size_t count;
    assert_ok(store_list_snapshots(store, id, &list, &count, &error));
    cr_assert_eq(count, 1);
    cr_assert(isnan(list[0].epoch));
    cr_assert(list[0].labels == NULL);
    cr_assert_eq(list[0].classes + list[0].x_dim + list[0].n_metrics + list[0].t[2].maps + list[0].delta[0].maps, 0);
    float out[1];
    assert_fails(store_load_distances(store, &list[0], IFL_OF_X, 0, IFL_ALL_MAPS, out, &error), IFL_INVALID, "step 5");
    store_snapshots_free(list, count);
    assert_fails(store_list_snapshots(store, id + 1, &list, &count, &error), IFL_NOT_FOUND, "no run with id 2");
    store_close(store);
}

Test(snapshots, are_added_once)
{
    struct store *store = open_store(STORE_CREATE);
    int64_t id = add_run(store, "run", 2, N), before = raw_int("SELECT sum(length(data)) FROM arrays");
    struct snapshot again = make_snapshot(10, 0, N);
    bool added = true, has = false;
    assert_ok(store_add_snapshot(store, id, &again, &added, &error));
    cr_assert(!added);
    cr_assert_eq(raw_int("SELECT sum(length(data)) FROM arrays"), before);
    assert_ok(store_has_snapshot(store, id, 10, 0, &has, &error));
    cr_assert(has);
    assert_ok(store_has_snapshot(store, id, 10, 1, &has, &error));
    cr_assert(!has);
    snapshot_release(&again);
    store_close(store);
}

/* Adding `snapshot` must be refused with that message and leave the file as it is. */
static void assert_refused(struct store *store, int64_t run, struct snapshot *snapshot, const char *message)
{
    bool added = true;
    uint64_t before = file_hash(database);
    assert_fails(store_add_snapshot(store, run, snapshot, &added, &error), IFL_REFUSED, message);
    cr_assert(added, "untouched on failure");
    cr_assert_eq(file_hash(database), before);
    snapshot_release(snapshot);
}

Test(snapshots, of_another_shape_are_refused)
{
    struct store *store = open_store(STORE_CREATE);
    int64_t id = add_run(store, "run", 2, N);
    struct snapshot snapshot = make_snapshot(160, 0, N + 1);
    assert_refused(store, id, &snapshot, "step 160: n = 7, but 6 in the snapshots before");

    snapshot = make_snapshot(160, 2, N);
    snapshot.variables[1].maps = snapshot.variables[1].kept = 2;
    assert_refused(store, id, &snapshot, "step 160, batch 2: T/conv1: 2 maps, but 3 in the snapshots before");

    snapshot = make_snapshot(160, 0, N);
    snapshot.variables[6].dim = 1;
    assert_refused(store, id, &snapshot, "step 160: delta/fc1: dim 1, but 27 in the snapshots before");

    snapshot = make_snapshot(160, 0, N);
    snapshot.variables[0].dim = 9;
    assert_refused(store, id, &snapshot, "step 160: X: dim 9, but 7");
    store_close(store);
}

Test(snapshots, that_make_no_sense_are_refused)
{
    struct store *store = open_store(STORE_CREATE);
    int64_t id = add_run(store, "run", 0, N);
    struct snapshot snapshot = make_bare_snapshot(1, 1);
    assert_refused(store, id, &snapshot, "step 1: n = 1");
    snapshot = make_bare_snapshot(1, (size_t)1 << 40);
    assert_refused(store, id, &snapshot, "step 1: n = 1099511627776");
    snapshot = make_snapshot(1, 0, N);
    snapshot.variables[2].layer = 3;
    assert_refused(store, id, &snapshot, "T/3: not a variable of this run");
    snapshot = make_snapshot(1, 0, N);
    snapshot.variables[2].maps = 0;
    assert_refused(store, id, &snapshot, "T/pool1: a shape that cannot be");
    snapshot = make_snapshot(1, 0, N);
    snapshot.variables[1].distances[4 * ifl_pair_count(N) - 1] = NAN;
    assert_refused(store, id, &snapshot, "T/conv1: distances that are not finite");
    snapshot = make_snapshot(1, 0, N);
    free(snapshot.variables[1].distances);
    snapshot.variables[1].distances = NULL;
    assert_refused(store, id, &snapshot, "T/conv1: no distances");
    snapshot = make_snapshot(1, 0, N);
    snapshot.labels[2] = 10;
    assert_refused(store, id, &snapshot, "Y: a label outside its classes");
    snapshot = make_snapshot(1, 0, N);
    snapshot.classes = (size_t)1 << 31;
    assert_refused(store, id, &snapshot, "Y: too many classes");
    snapshot = make_snapshot(1, 0, N);
    snapshot.variables[3].layer = 1; /* T/pool1 twice */
    assert_refused(store, id, &snapshot, "contradicts what is stored");
    bool added;
    snapshot = make_bare_snapshot(1, 2);
    assert_fails(store_add_snapshot(store, 99, &snapshot, &added, &error), IFL_NOT_FOUND, "no run with id 99");
    store_close(store);
}

/* ---- damage ---- */

static enum ifl_status load(struct store *store, int64_t run, enum ifl_of of, int32_t layer, int32_t map,
                            struct ifl_error *error)
{
    struct store_snapshot *list;
    size_t count;
    enum ifl_status status = store_list_snapshots(store, run, &list, &count, error);
    if (status != IFL_OK)
        return status;
    float out[N * (N - 1) / 2];
    status = store_load_distances(store, &list[0], of, layer, map, out, error);
    store_snapshots_free(list, count);
    return status;
}

Test(snapshots, damaged_arrays_are_refused)
{
    struct store *store = open_store(STORE_CREATE);
    int64_t id = add_run(store, "run", 1, N);
    raw("UPDATE arrays SET data = CAST(substr(data, 1, 40) || x'01' || substr(data, 42) AS BLOB)"
        " WHERE map = 1 AND variable = (SELECT id FROM variables WHERE role = 'T' AND layer = 0)");
    assert_fails(load(store, id, IFL_OF_T, 0, 1, &error), IFL_REFUSED, "runs.db: run/0: T/conv1: damaged");
    assert_ok(load(store, id, IFL_OF_T, 0, 2, &error));
    assert_ok(load(store, id, IFL_OF_T, 0, IFL_ALL_MAPS, &error));

    raw("UPDATE arrays SET data = CAST(data || x'00000000' AS BLOB) WHERE map = 2");
    assert_fails(load(store, id, IFL_OF_DELTA, 0, 2, &error), IFL_REFUSED, "run/0: delta/conv1: damaged");
    raw("DELETE FROM arrays WHERE map = -1");
    assert_fails(load(store, id, IFL_OF_DELTA, 0, IFL_ALL_MAPS, &error), IFL_REFUSED, "delta/conv1: missing");
    raw("UPDATE variables SET dim = dim + 1 WHERE role = 'X'");
    assert_fails(load(store, id, IFL_OF_X, 0, IFL_ALL_MAPS, &error), IFL_REFUSED, "run/0: X: damaged");
    raw("UPDATE snapshots SET step = 1");
    assert_fails(load(store, id, IFL_OF_T, 2, 0, &error), IFL_REFUSED, "run/1: Y: damaged");
    store_close(store);
}

Test(snapshots, damaged_rows_are_refused)
{
    static const char *const damages[] = {
        "UPDATE variables SET layer = 3 WHERE role = 'T' AND layer = 2",
        "UPDATE variables SET layer = -1 WHERE role = 'T' AND layer = 2",
        "UPDATE variables SET role = 'Z' WHERE role = 'T' AND layer = 2",
        "UPDATE variables SET maps = 0 WHERE role = 'T' AND layer = 2",
        "UPDATE variables SET maps = 9223372036854775807 WHERE role = 'T' AND layer = 2",
        "UPDATE variables SET dim = -5 WHERE role = 'X'",
        "UPDATE variables SET dim = 3 WHERE role = 'Y'",
        "UPDATE snapshots SET n = 1",
        "UPDATE snapshots SET n = 1000000000000",
        "DELETE FROM arrays WHERE kind = 'labels'",
        "DELETE FROM layers WHERE position > 0",
    };
    for (size_t k = 0; k < sizeof damages / sizeof *damages; k++) {
        struct store *store = open_store(STORE_CREATE);
        int64_t id = add_run(store, "run", 1, N);
        store_close(store);
        raw(damages[k]);
        store = open_store(STORE_READ);
        struct ifl_error error = {.message = ""};
        enum ifl_status status = load(store, id, IFL_OF_T, 0, 0, &error);
        cr_assert_eq(status, IFL_REFUSED, "%s: %s", damages[k], error.message);
        store_close(store);
        cr_assert_eq(remove(database), 0);
    }
}

Test(snapshots, made_to_do_harm_are_refused)
{
    static const float bad[] = {NAN, INFINITY, -INFINITY};
    struct store *store = open_store(STORE_CREATE);
    int64_t id = add_run(store, "run", 1, N);
    float distances[N * (N - 1) / 2] = {0};
    struct array x = {.n = N, .of = IFL_OF_X, .maps = 1, .dim = 7}, y = {.n = N, .of = IFL_OF_Y, .maps = 1, .dim = 10};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        distances[3] = bad[k];
        put_array(store, &x, distances);
        assert_fails(load(store, id, IFL_OF_X, 0, 0, &error), IFL_REFUSED, "runs.db: run/0: X: damaged");
    }
    distances[3] = 1;
    put_array(store, &x, distances);
    assert_ok(load(store, id, IFL_OF_X, 0, 0, &error));
    for (int32_t label = -1; label <= 10; label++) {
        const int32_t labels[N] = {0, 9, label};
        put_array(store, &y, labels);
        if (label >= 0 && label < 10)
            assert_ok(load(store, id, IFL_OF_X, 0, 0, &error));
        else
            assert_fails(load(store, id, IFL_OF_X, 0, 0, &error), IFL_REFUSED, "runs.db: run/0: Y: damaged");
    }
    store_close(store);
}

/* What is there of another snapshot is believed no more than this one's own shape. */
Test(snapshots, are_not_compared_with_damaged_ones)
{
    struct store *store = open_store(STORE_CREATE);
    int64_t id = add_run(store, "run", 1, N);
    raw("UPDATE variables SET maps = -1 WHERE role = 'T' AND layer = 1");
    struct snapshot snapshot = make_snapshot(160, 0, N);
    assert_refused(store, id, &snapshot, "damaged database (maps)");
    store_close(store);
}

/* Memory follows the layers of a run and the maps of a snapshot, one variable's and all together. */
Test(snapshots, of_more_layers_or_maps_than_can_be_are_refused)
{
    static const struct {
        const char *change, *refusal; /* NULL: it is read */
    } changes[] = {
        {"UPDATE runs SET map_limit = 8", NULL},
        {"UPDATE variables SET maps = 1048576 - 9 WHERE role = 'T' AND layer = 1", NULL}, /* the others have 9 */
        {"UPDATE variables SET maps = maps + 1 WHERE role = 'T' AND layer = 1", "1048577 feature maps, more than"},
        {"UPDATE variables SET maps = 1048577 WHERE role = 'T' AND layer = 1", "damaged database (maps)"},
        {"UPDATE variables SET maps = 9223372036854775807 WHERE role <> 'Y' AND layer = 1; UPDATE variables"
         " SET maps = 1 WHERE role <> 'Y' AND layer <> 1",
         "damaged database (maps)"}, /* together they wrap */
        {"UPDATE variables SET maps = 2 WHERE role <> 'Y' AND layer = 1", NULL},
        {"UPDATE variables SET maps = 2 WHERE role = 'X'", "damaged database (maps)"},
        {"UPDATE variables SET maps = 1 WHERE role = 'X'", NULL},
        {"UPDATE variables SET maps = 2 WHERE role = 'Y'", "damaged database (maps)"},
        {"UPDATE variables SET maps = 1 WHERE role = 'Y'", NULL},
        {"UPDATE runs SET map_limit = 0; UPDATE variables SET maps = 5000 WHERE role = 'T' AND layer = 1",
         " arrays missing"},
        {"UPDATE variables SET maps = 1 WHERE role = 'T'; WITH RECURSIVE rows(k) AS (SELECT 3 UNION ALL SELECT k + 1"
         " FROM rows WHERE k < 4095) INSERT INTO layers SELECT 1, k, 'layer' || k, 'fc', 'ND', 0 FROM rows",
         NULL},
        {"INSERT INTO layers VALUES(1, 4096, 'one more', 'fc', 'ND', 0)", "damaged database ("},
        {"DELETE FROM layers WHERE position > 2; UPDATE snapshots SET n = 1", "damaged database (n)"},
        {"UPDATE snapshots SET n = 4097", "damaged database (n)"},
        {"UPDATE snapshots SET n = -1", "damaged database (n)"},
        {"UPDATE snapshots SET n = 6", NULL},
    };
    struct store *store = open_store(STORE_CREATE);
    int64_t id = add_run(store, "run", 1, N);
    for (size_t k = 0; k < sizeof changes / sizeof *changes; k++) {
        struct store_snapshot *list = NULL;
        size_t count = 7;
        raw(changes[k].change);
        if (changes[k].refusal != NULL) {
            assert_fails(store_list_snapshots(store, id, &list, &count, &error), IFL_REFUSED, changes[k].refusal);
            cr_assert(list == NULL && count == 7, "untouched on failure");
        } else {
            assert_ok(store_list_snapshots(store, id, &list, &count, &error));
            store_snapshots_free(list, count);
        }
    }
    store_close(store);
}

Test(snapshots, that_are_gone_are_not_called_damaged)
{
    struct store *store = open_store(STORE_CREATE);
    int64_t id = add_run(store, "run", 1, N);
    struct store_snapshot *list;
    size_t count;
    float out[N * (N - 1) / 2];
    assert_ok(store_list_snapshots(store, id, &list, &count, &error));
    assert_ok(store_purge_run(store, id, &error));
    assert_fails(store_load_distances(store, &list[0], IFL_OF_X, 0, 0, out, &error), IFL_NOT_FOUND, "no longer there");
    assert_fails(store_load_distances(store, &list[0], IFL_OF_Y, 0, 0, out, &error), IFL_INVALID, "no such distances");
    assert_fails(store_load_distances(store, &list[0], IFL_OF_T, 3, 0, out, &error), IFL_INVALID, "no such distances");
    assert_fails(store_load_distances(store, &list[0], IFL_OF_T, 0, 3, out, &error), IFL_INVALID, "no such distances");
    assert_fails(store_load_distances(store, &list[0], IFL_OF_T, 0, -2, out, &error), IFL_INVALID, "no such distances");
    store_snapshots_free(list, count);
    store_close(store);
}
