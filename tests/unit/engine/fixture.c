#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fixture.h"

char folder[64];
char database[96];

const struct shape small = {.n = 24, .layers = 3, .maps = {3, 1, 2}, .snapshots = 3};

void folder_make(void)
{
    strcpy(folder, "/tmp/infoflow-engine-XXXXXX");
    cr_assert(mkdtemp(folder) != NULL);
    cr_assert_eq(chmod(folder, 0777), 0);
    snprintf(database, sizeof database, "%s/runs.db", folder);
}

void folder_remove(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    cr_assert_eq(system(command), 0);
}

struct store *open_store(enum store_mode mode)
{
    struct store *store = NULL;
    assert_ok(store_open(&store, database, mode, &error));
    return store;
}

double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void become_nobody(void)
{
    if (geteuid() == 0 && setuid(65534) != 0)
        _exit(1);
}

/* ---- files ---- */

static unsigned char *read_all(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    cr_assert(file != NULL, "%s", path);
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    unsigned char *bytes = ifl_alloc(*size, 1);
    cr_assert_eq(fread(bytes, 1, *size, file), *size);
    fclose(file);
    return bytes;
}

uint64_t file_hash(const char *path)
{
    size_t size;
    unsigned char *bytes = read_all(path, &size);
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t k = 0; k < size; k++)
        hash = (hash ^ bytes[k]) * UINT64_C(1099511628211);
    free(bytes);
    return hash;
}

/* Changes a byte of every place in `bytes` that holds the first four floats of an array; how many there were. */
static size_t spoil(unsigned char *bytes, size_t size, const float *array)
{
    size_t found = 0;
    for (size_t k = 0; k + 16 <= size; k++) {
        if (memcmp(bytes + k, array, 16) == 0) {
            bytes[k] ^= 1;
            found++;
        }
    }
    return found;
}

void spoil_distances(const struct made *made)
{
    size_t size;
    unsigned char *bytes = read_all(database, &size);
    for (size_t s = 0; s < made->count; s++) {
        const struct snapshot *snapshot = &made->snapshots[s];
        size_t pairs = ifl_pair_count(snapshot->n);
        for (size_t v = 0; v < snapshot->n_variables; v++) {
            const struct variable *variable = &snapshot->variables[v];
            for (size_t map = 0; map < variable->maps + (variable->maps > 1); map++)
                cr_assert_eq(spoil(bytes, size, variable->distances + map * pairs), 1);
        }
    }
    FILE *file = fopen(database, "r+b");
    cr_assert(file != NULL);
    cr_assert_eq(fwrite(bytes, 1, size, file), size);
    cr_assert_eq(fclose(file), 0);
    free(bytes);
}

/* ---- made-up runs ---- */

static double uniform(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(*state >> 11) / 9007199254740992.0;
}

/* Squared distances of n random points of d numbers. */
static void random_distances(float *out, size_t n, size_t d, double spread, uint64_t *state)
{
    double *points = ifl_alloc(n * d, sizeof *points);
    size_t k = 0;
    for (size_t i = 0; i < n * d; i++)
        points[i] = spread * uniform(state);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = i + 1; j < n; j++, k++) {
            double sum = 0;
            for (size_t c = 0; c < d; c++) {
                double difference = points[i * d + c] - points[j * d + c];
                sum += difference * difference;
            }
            out[k] = (float)sum;
        }
    }
    free(points);
}

static struct variable random_variable(enum ifl_of of, int32_t layer, size_t maps, size_t n, double spread,
                                       uint64_t *state)
{
    size_t pairs = ifl_pair_count(n), dim = 2 + (size_t)layer;
    struct variable variable = {.of = of, .layer = layer, .maps = maps, .kept = maps, .dim = dim};
    variable.distances = ifl_alloc((maps + (maps > 1)) * pairs, sizeof *variable.distances);
    float *sum = variable.distances + maps * pairs;
    for (size_t map = 0; map < maps; map++) {
        float *array = variable.distances + map * pairs;
        random_distances(array, n, dim, spread, state);
        for (size_t k = 0; maps > 1 && k < pairs; k++)
            sum[k] += array[k];
    }
    return variable;
}

static struct snapshot random_snapshot(const struct shape *shape, int64_t step, uint64_t *state)
{
    struct snapshot s = {.step = step, .epoch = (double)step / 10, .n = shape->n};
    s.variables = ifl_alloc(1 + 2 * shape->layers, sizeof *s.variables);
    s.variables[s.n_variables++] = random_variable(IFL_OF_X, 0, 1, shape->n, 8, state);
    for (size_t k = 0; k < shape->layers; k++) {
        s.variables[s.n_variables++] = random_variable(IFL_OF_T, (int32_t)k, shape->maps[k], shape->n, 6, state);
        if (!shape->no_errors)
            s.variables[s.n_variables++] =
                random_variable(IFL_OF_DELTA, (int32_t)k, shape->maps[k], shape->n, 0.1, state);
    }
    if (shape->no_labels)
        return s;
    s.classes = 4;
    s.labels = ifl_alloc(shape->n, sizeof *s.labels);
    for (size_t k = 0; k < shape->n; k++)
        s.labels[k] = k == 0 ? 3 : (int32_t)(4 * uniform(state)); /* at least one of the last class */
    return s;
}

static struct run bare_run(const char *name, size_t layers)
{
    struct run run = {.name = strdup(name), .n_layers = layers};
    run.layers = ifl_alloc(layers, sizeof *run.layers);
    for (size_t k = 0; k < layers; k++) {
        char layer[32];
        snprintf(layer, sizeof layer, "layer%zu", k);
        run.layers[k].name = strdup(layer);
    }
    return run;
}

struct made make_run(const char *name, const struct shape *shape)
{
    uint64_t state = UINT64_C(0x1f0f10);
    for (const char *at = name; *at != '\0'; at++)
        state = 31 * state + (unsigned char)*at;
    struct made made = {.run = bare_run(name, shape->layers), .count = shape->snapshots};
    struct store *store = open_store(STORE_CREATE);
    assert_ok(store_add_run(store, &made.run, &made.id, &error));
    made.snapshots = ifl_alloc(made.count, sizeof *made.snapshots);
    for (size_t k = 0; k < made.count; k++) {
        bool added = false;
        made.snapshots[k] = random_snapshot(shape, 10 * (int64_t)k, &state);
        assert_ok(store_add_snapshot(store, made.id, &made.snapshots[k], &added, &error));
        cr_assert(added);
    }
    size_t listed = 0;
    assert_ok(store_list_snapshots(store, made.id, &made.stored, &listed, &error));
    cr_assert_eq(listed, made.count);
    store_close(store);
    cr_assert_eq(chmod(database, 0666), 0);
    return made;
}

void made_release(struct made *made)
{
    for (size_t k = 0; k < made->count; k++)
        snapshot_release(&made->snapshots[k]);
    free(made->snapshots);
    store_snapshots_free(made->stored, made->count);
    run_release(&made->run);
}

/* ---- the same as the core sees it ---- */

/* A snapshot's floats behind the core's struct. */
struct view {
    struct ifl_snapshot core;
    struct ifl_variable *variables; /* t, then delta */
    const void **maps[64];
    size_t n_maps;
};

static struct ifl_variable view_variable(struct view *view, const struct variable *from, size_t n)
{
    size_t pairs = ifl_pair_count(n);
    const void **maps = ifl_alloc(from->maps, sizeof *maps);
    for (size_t k = 0; k < from->maps; k++)
        maps[k] = from->distances + k * pairs;
    view->maps[view->n_maps++] = maps;
    return (struct ifl_variable){.maps = from->maps,
                                 .dim = from->dim,
                                 .real = IFL_F32,
                                 .sum = from->distances + (from->maps > 1 ? from->maps * pairs : 0),
                                 .map = maps};
}

static void view_init(struct view *view, const struct snapshot *from, size_t layers)
{
    *view = (struct view){.variables = ifl_alloc(2 * layers, sizeof *view->variables)};
    view->core = (struct ifl_snapshot){.n = from->n,
                                       .layers = layers,
                                       .labels = from->labels,
                                       .classes = from->classes,
                                       .t = view->variables,
                                       .delta = view->variables + layers};
    for (size_t v = 0; v < from->n_variables; v++) {
        const struct variable *variable = &from->variables[v];
        struct ifl_variable *slot = variable->of == IFL_OF_X   ? &view->core.x
                                    : variable->of == IFL_OF_T ? &view->variables[variable->layer]
                                                               : &view->variables[layers + (size_t)variable->layer];
        *slot = view_variable(view, variable, from->n);
    }
}

static void view_release(struct view *view)
{
    for (size_t k = 0; k < view->n_maps; k++)
        free(view->maps[k]);
    free(view->variables);
}

struct estimate core_estimate(const struct made *made, size_t snapshot, const struct ifl_params *params,
                              ifl_quantity_set wanted)
{
    struct view view;
    const struct snapshot *from = &made->snapshots[snapshot];
    struct estimate out = {.step = from->step, .batch = from->batch, .epoch = from->epoch};
    struct ifl_control control = {.threads = 1};
    view_init(&view, from, made->run.n_layers);
    assert_ok(ifl_estimate(&view.core, params, wanted, &control, &out.records, &out.count, &error));
    view_release(&view);
    return out;
}

size_t count_subsets(const struct made *made, size_t snapshot, const struct ifl_params *params, bool only_errors)
{
    struct view view;
    struct ifl_plan *plan;
    size_t count, counted = 0;
    view_init(&view, &made->snapshots[snapshot], made->run.n_layers);
    assert_ok(ifl_plan_new(&plan, &view.core, params, IFL_ALL_QUANTITIES, &error));
    const struct ifl_subset *subsets = ifl_plan_subsets(plan, &count);
    for (size_t k = 0; k < count; k++)
        counted += !only_errors || subsets[k].of == IFL_OF_DELTA;
    ifl_plan_free(plan);
    view_release(&view);
    return counted;
}

struct ifl_params error_widths(const struct made *made, const struct ifl_params *params)
{
    struct view view;
    struct ifl_subset errors = {.of = IFL_OF_DELTA, .i = IFL_ALL_MAPS, .j = IFL_NO_MAP};
    view_init(&view, &made->snapshots[0], made->run.n_layers);
    struct ifl_params widths = ifl_subset_params(&view.core, &errors, params);
    view_release(&view);
    return widths;
}

struct snapshot next_snapshot(const struct shape *shape, int64_t step)
{
    uint64_t state = 31 + (uint64_t)step;
    return random_snapshot(shape, step, &state);
}

void assert_same_estimate(const struct estimate *a, const struct estimate *b, double tolerance)
{
    cr_assert_eq(a->step, b->step);
    cr_assert_eq(a->batch, b->batch);
    cr_assert_eq(a->count, b->count);
    for (size_t k = 0; k < a->count; k++) {
        const struct ifl_record *x = &a->records[k], *y = &b->records[k];
        cr_assert(x->layer == y->layer && x->quantity == y->quantity && x->estimator == y->estimator);
        cr_assert(x->health == y->health && x->pairs == y->pairs && x->sampled == y->sampled);
        cr_assert(isfinite(x->value));
        bool same = memcmp(&x->value, &y->value, sizeof x->value) == 0;
        cr_assert(same || fabs(x->value - y->value) < tolerance, "%s of layer %d: %.17g and %.17g",
                  ifl_quantity_name(x->quantity), (int)x->layer, x->value, y->value);
    }
}

void assert_core_values(const struct estimates *estimates, const struct made *made)
{
    cr_assert_eq(estimates->run, made->id);
    cr_assert_eq(estimates->count, made->count);
    double tolerance = estimates->params.alpha == 2 ? 1e-10 : 0;
    for (size_t k = 0; k < estimates->count; k++) {
        struct estimate core = core_estimate(made, k, &estimates->params, estimates->wanted);
        cr_assert_neq(estimates->snapshots[k].records, NULL);
        assert_same_estimate(&estimates->snapshots[k], &core, tolerance);
        free(core.records);
    }
}

void lose_distances(const struct made *made)
{
    struct shape none = small;
    none.snapshots = 0;
    spoil_distances(made);
    struct made change = make_run("change", &none);
    made_release(&change);
}
