#include "support.h"

void *must_alloc(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size ? size : 1);
    cr_assert(memory != NULL);
    return memory;
}

/* ---- numbers ---- */

uint64_t splitmix64(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

double uniform(uint64_t *state)
{
    return (double)(splitmix64(state) >> 11) * 0x1p-53;
}

double bell(uint64_t *state)
{
    double sum = uniform(state);
    sum += uniform(state);
    sum += uniform(state);
    sum += uniform(state);
    return sum - 2;
}

/* ---- snapshots ---- */

/* One map's rows, [n][dim], in the order of the data. */
static void make_rows(const struct world_spec *spec, const struct data_spec *data, uint64_t *state, double *rows)
{
    size_t n = spec->n, d = data->dim, classes = spec->classes ? spec->classes : 1;
    double *centres = must_alloc(classes * d, sizeof *centres);
    if (data->kind == DATA_CLASSES)
        for (size_t k = 0; k < classes * d; k++)
            centres[k] = bell(state);
    for (size_t i = 0; i < n; i++) {
        const double *centre = centres + 7 * i % classes * d;
        for (size_t k = 0; k < d; k++) {
            double *value = &rows[i * d + k], noise = bell(state);
            switch (data->kind) {
            case DATA_ONE_HOT:
                *value = i % d == k ? data->scale : 0;
                break;
            case DATA_DUPLICATE:
                *value = i % 2 ? rows[(i - 1) * d + k] : data->offset + data->scale * noise;
                break;
            case DATA_CONSTANT:
                *value = data->offset;
                break;
            case DATA_RANGE:
                *value = ldexp(1 + noise / 4, (int)(100 * i / (n - 1)) - 50);
                break;
            default:
                *value = data->offset + data->scale * (centre[k] + noise);
            }
        }
    }
    free(centres);
}

static void reorder(const struct world_spec *spec, size_t d, double *rows)
{
    if (spec->order == NULL)
        return;
    double *copy = must_alloc(spec->n * d, sizeof *copy);
    memcpy(copy, rows, spec->n * d * sizeof *copy);
    for (size_t i = 0; i < spec->n; i++)
        memcpy(rows + i * d, copy + spec->order[i] * d, d * sizeof *copy);
    free(copy);
}

static void *stored(const double *distances, size_t count, bool float32)
{
    double *doubles = must_alloc(count, sizeof *doubles);
    float *floats = (float *)doubles;
    for (size_t k = 0; k < count; k++) {
        if (float32)
            floats[k] = (float)distances[k];
        else
            doubles[k] = distances[k];
    }
    return doubles;
}

static struct ifl_variable make_variable(const struct world_spec *spec, const struct data_spec *data, uint64_t *state)
{
    if (data->maps == 0)
        return (struct ifl_variable){0};
    size_t pairs = ifl_pair_count(spec->n);
    double *rows = must_alloc(spec->n * data->dim, sizeof *rows), *distances = must_alloc(pairs, sizeof *distances);
    double *sum = must_alloc(pairs, sizeof *sum);
    const void **map = must_alloc(data->maps, sizeof *map);
    for (size_t c = 0; c < data->maps; c++) {
        make_rows(spec, data, state, rows);
        reorder(spec, data->dim, rows);
        ifl_squared_distances(rows, spec->n, data->dim, data->dim, distances);
        map[spec->reverse_maps ? data->maps - 1 - c : c] = stored(distances, pairs, spec->float32);
        for (size_t k = 0; k < pairs; k++)
            sum[k] += distances[k];
    }
    struct ifl_variable variable = {.maps = data->maps,
                                    .dim = data->dim,
                                    .real = spec->float32 ? IFL_F32 : IFL_F64,
                                    .sum = stored(sum, pairs, spec->float32),
                                    .map = map};
    free(sum);
    free(distances);
    free(rows);
    return variable;
}

struct world *world_new(const struct world_spec *spec)
{
    struct world *world = must_alloc(1, sizeof *world);
    uint64_t state = spec->seed;
    bool errors = false;
    world->snapshot = (struct ifl_snapshot){.n = spec->n, .layers = spec->layers, .t = world->t};
    world->snapshot.x = make_variable(spec, &spec->x, &state);
    for (size_t k = 0; k < spec->layers; k++)
        world->t[k] = make_variable(spec, &spec->t[k], &state);
    for (size_t k = 0; k < spec->layers; k++) {
        world->delta[k] = make_variable(spec, &spec->delta[k], &state);
        errors = errors || spec->delta[k].maps > 0;
    }
    world->snapshot.delta = errors ? world->delta : NULL;
    if (spec->classes > 0) {
        world->labels = must_alloc(spec->n, sizeof *world->labels);
        for (size_t i = 0; i < spec->n; i++)
            world->labels[i] = (int32_t)(7 * (spec->order ? spec->order[i] : i) % spec->classes);
        world->snapshot.labels = world->labels;
        world->snapshot.classes = spec->classes;
    }
    return world;
}

static void variable_release(struct ifl_variable *variable)
{
    for (size_t c = 0; c < variable->maps; c++)
        free((void *)variable->map[c]);
    free((void *)variable->map);
    free((void *)variable->sum);
}

void world_free(struct world *world)
{
    variable_release(&world->snapshot.x);
    for (size_t k = 0; k < MAX_LAYERS; k++) {
        variable_release(&world->t[k]);
        variable_release(&world->delta[k]);
    }
    free(world->labels);
    free(world);
}

struct world_spec network_spec(uint64_t seed, size_t n, size_t layers, const size_t *maps)
{
    struct world_spec spec = {.seed = seed, .n = n, .classes = 5, .layers = layers};
    spec.x = (struct data_spec){1, 20, DATA_CLASSES, 1.5, 0};
    for (size_t k = 0; k < layers; k++) {
        spec.t[k] = (struct data_spec){maps[k], 4 + k, DATA_CLASSES, 2, 0};
        spec.delta[k] = (struct data_spec){maps[k], 4 + k, DATA_CLASSES, 0.05, 0};
    }
    return spec;
}

static const int32_t some_labels[1];

void shape_init(struct shape *s, size_t layers, const size_t *t_maps, const size_t *delta_maps)
{
    memset(s, 0, sizeof *s);
    for (size_t k = 0; k < layers; k++) {
        s->t[k] = (struct ifl_variable){.maps = t_maps[k], .dim = 3};
        s->delta[k] = (struct ifl_variable){.maps = delta_maps ? delta_maps[k] : 0, .dim = 3};
    }
    s->snapshot = (struct ifl_snapshot){.n = 32,
                                        .layers = layers,
                                        .x = {.maps = 1, .dim = 9},
                                        .labels = some_labels,
                                        .classes = 10,
                                        .t = s->t,
                                        .delta = delta_maps ? s->delta : NULL};
}

struct ifl_snapshot snapshot_of_distances(size_t n, size_t dim, const double *packed)
{
    return (struct ifl_snapshot){.n = n, .x = {.maps = 1, .dim = dim, .real = IFL_F64, .sum = packed}};
}

/* ---- the core ---- */

struct ifl_plan *plan_of(const struct ifl_snapshot *snapshot, const struct ifl_params *params, ifl_quantity_set wanted)
{
    struct ifl_plan *plan = NULL;
    struct ifl_error error = {0};
    enum ifl_status status = ifl_plan_new(&plan, snapshot, params, wanted, &error);
    cr_assert(status == IFL_OK, "%s", error.message);
    return plan;
}

struct records estimate(const struct ifl_snapshot *snapshot, const struct ifl_params *params, ifl_quantity_set wanted)
{
    struct records records = {0};
    struct ifl_error error = {0};
    enum ifl_status status = ifl_estimate(snapshot, params, wanted, NULL, &records.at, &records.count, &error);
    cr_assert(status == IFL_OK, "%s", error.message);
    return records;
}

void records_free(struct records *records)
{
    free(records->at);
    *records = (struct records){0};
}

double value_of(const struct records *records, int32_t layer, enum ifl_quantity quantity)
{
    const struct ifl_record *record = ifl_record_find(records->at, records->count, layer, quantity);
    return record == NULL ? (double)NAN : record->value;
}

void expect_records_near(const struct records *got, const struct records *want, double bits, double percent)
{
    cr_assert_eq(got->count, want->count);
    for (size_t k = 0; k < want->count; k++) {
        const struct ifl_record *g = &got->at[k], *w = &want->at[k];
        cr_assert(g->layer == w->layer && g->quantity == w->quantity && g->pairs == w->pairs);
        double tolerance = strcmp(ifl_quantity_unit(w->quantity), "%") == 0 ? percent : bits;
        expect_near(g->value, w->value, tolerance, "layer %d %s", (int)w->layer, ifl_quantity_name(w->quantity));
    }
}

struct ifl_subset subset_x(void)
{
    return (struct ifl_subset){.of = IFL_OF_X, .i = IFL_ALL_MAPS, .j = IFL_NO_MAP};
}

struct ifl_subset subset_y(void)
{
    return (struct ifl_subset){.of = IFL_OF_Y, .i = IFL_ALL_MAPS, .j = IFL_NO_MAP};
}

struct ifl_subset subset_t(int32_t layer, int32_t i, int32_t j, enum ifl_with with)
{
    return (struct ifl_subset){.of = IFL_OF_T, .with = with, .layer = layer, .i = i, .j = j};
}

struct ifl_subset subset_delta(int32_t layer, enum ifl_with with)
{
    return (struct ifl_subset){.of = IFL_OF_DELTA, .with = with, .layer = layer, .i = IFL_ALL_MAPS, .j = IFL_NO_MAP};
}

double subset_entropy(const struct ifl_snapshot *snapshot, const struct ifl_params *params, struct ifl_subset subset)
{
    double *spectrum = must_alloc(snapshot->n, sizeof *spectrum);
    struct ifl_error error = {0};
    enum ifl_status status = ifl_spectra(snapshot, params, &subset, 1, NULL, spectrum, &error);
    cr_assert(status == IFL_OK, "%s", error.message);
    double entropy = ifl_entropy(spectrum, snapshot->n, params->alpha);
    free(spectrum);
    return entropy;
}
