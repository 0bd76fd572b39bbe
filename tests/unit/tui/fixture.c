#include <criterion/criterion.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <base/text.h>

#include "fixture.h"

enum { SAMPLES = 16, LAYERS = 3, SNAPSHOTS = 6, PAIRS = SAMPLES * (SAMPLES - 1) / 2 };

static char folder[64], path[96];

static void remove_database(void)
{
    unlink(path);
    rmdir(folder);
}

static void make_folder(void)
{
    strcpy(folder, "/tmp/infoflow-tui-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/runs.db", folder);
    atexit(remove_database);
}

const char *fixture_nothing(void)
{
    make_folder();
    return path;
}

/* ---- snapshots ---- */

static uint64_t state = 1;

static double uniform(void)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (double)(state >> 40) / (1 << 24) - 0.5;
}

/* Distances of points that stand apart the more the further training is: classes come apart. */
static void fill(struct variable *variable, enum ifl_of of, int32_t layer, size_t maps, size_t dim, double apart)
{
    size_t arrays = maps + (maps > 1);
    float *distances = ifl_alloc(arrays * PAIRS, sizeof *distances), *sum = distances + maps * PAIRS;
    for (size_t m = 0; m < maps; m++) {
        double rows[SAMPLES * 8], packed[PAIRS];
        for (size_t s = 0; s < SAMPLES; s++)
            for (size_t d = 0; d < dim; d++)
                rows[s * dim + d] = 4 * uniform() + (d == 0 ? apart * (double)(s % 3) : 0);
        ifl_squared_distances(rows, SAMPLES, dim, dim, packed);
        for (size_t p = 0; p < PAIRS; p++) {
            distances[m * PAIRS + p] = (float)packed[p];
            if (maps > 1)
                sum[p] += (float)packed[p];
        }
    }
    *variable = (struct variable){.of = of, .layer = layer, .maps = maps, .kept = maps, .dim = dim, .distances = distances};
}

static void add_metric(struct snapshot *snapshot, const char *name, double value)
{
    snapshot->metrics[snapshot->n_metrics++] = (struct metric){strdup(name), value};
}

static void add_snapshot(struct store *store, int64_t run, int k)
{
    static const size_t maps[LAYERS] = {3, 2, 1};
    struct snapshot snapshot = {.step = 100 * k, .epoch = k, .n = SAMPLES, .classes = 3};
    snapshot.labels = ifl_alloc(SAMPLES, sizeof *snapshot.labels);
    for (int s = 0; s < SAMPLES; s++)
        snapshot.labels[s] = s % 3;
    snapshot.metrics = ifl_alloc(2, sizeof *snapshot.metrics);
    add_metric(&snapshot, "loss", 2.3 / (k + 1));
    add_metric(&snapshot, "test_accuracy", 1 - 0.9 / (k + 1));
    snapshot.variables = ifl_alloc(2 * LAYERS + 1, sizeof *snapshot.variables);
    fill(&snapshot.variables[snapshot.n_variables++], IFL_OF_X, 0, 1, 8, 2);
    for (int l = 0; l < LAYERS; l++)
        fill(&snapshot.variables[snapshot.n_variables++], IFL_OF_T, l, maps[l], (size_t)(8 >> l), k);
    for (int l = 0; l < LAYERS; l++)
        fill(&snapshot.variables[snapshot.n_variables++], IFL_OF_DELTA, l, maps[l], (size_t)(8 >> l), 1);
    bool added;
    struct ifl_error error;
    cr_assert_eq(store_add_snapshot(store, run, &snapshot, &added, &error), IFL_OK, "%s", error.message);
    snapshot_release(&snapshot);
}

static void add_run(struct store *store, const char *name, const char *topology, double lr)
{
    char lr_text[32], *texts[] = {strdup("toy"), strdup(topology), strdup(text_double(lr_text, lr))};
    char *keys[] = {strdup("dataset"), strdup("topology"), strdup("lr")};
    char *layers[LAYERS] = {strdup("conv1"), strdup("conv2"), strdup("fc1")};
    struct run run = {.name = strdup(name), .n_params = 3, .n_layers = LAYERS};
    run.params = ifl_alloc(3, sizeof *run.params);
    run.layers = ifl_alloc(LAYERS, sizeof *run.layers);
    for (int k = 0; k < 3; k++)
        run.params[k] = (struct field){keys[k], k == 2 ? FIELD_NUMBER : FIELD_TEXT, texts[k], k == 2 ? lr : 0};
    for (int l = 0; l < LAYERS; l++)
        run.layers[l] = (struct layer){layers[l], l < 2 ? LAYER_CONV : LAYER_FC, l < 2 ? AXES_NCHW : AXES_ND};
    int64_t id;
    struct ifl_error error;
    cr_assert_eq(store_add_run(store, &run, &id, &error), IFL_OK, "%s", error.message);
    run_release(&run);
    for (int k = 0; k < SNAPSHOTS; k++)
        add_snapshot(store, id, k);
}

const char *fixture_database(void)
{
    struct store *store;
    struct ifl_error error;
    make_folder();
    cr_assert_eq(store_open(&store, path, STORE_CREATE, &error), IFL_OK, "%s", error.message);
    add_run(store, "alpha", "3-2", 0.1);
    add_run(store, "beta", "3-2", 0.01);
    add_run(store, "gamma\x1B[2J\xE2\x80\xAE", "6-12", 0.05);
    store_close(store);
    return path;
}

static int64_t add_poor_run(struct store *store, const char *name)
{
    struct run run = {.name = strdup(name), .n_layers = 1};
    run.layers = ifl_alloc(1, sizeof *run.layers);
    run.layers[0] = (struct layer){strdup("fc"), LAYER_FC, AXES_ND};
    int64_t id;
    cr_assert_eq(store_add_run(store, &run, &id, NULL), IFL_OK);
    run_release(&run);
    return id;
}

const char *fixture_poor(void)
{
    struct store *store;
    struct snapshot snapshot = {.step = 1, .epoch = NAN, .n = SAMPLES, .n_variables = 2};
    bool added;
    make_folder();
    cr_assert_eq(store_open(&store, path, STORE_CREATE, NULL), IFL_OK);
    int64_t bare = add_poor_run(store, "bare");
    snapshot.variables = ifl_alloc(2, sizeof *snapshot.variables);
    fill(&snapshot.variables[0], IFL_OF_X, 0, 1, 8, 2);
    fill(&snapshot.variables[1], IFL_OF_T, 0, 1, 4, 1);
    cr_assert_eq(store_add_snapshot(store, bare, &snapshot, &added, NULL), IFL_OK);
    snapshot_release(&snapshot);
    add_poor_run(store, "empty");
    store_close(store);
    return path;
}

/* ---- the workbench ---- */

struct workbench *fixture_open(const char *database, int64_t run, int columns, int rows)
{
    struct tui_options options = {
        .database = database, .run = run, .params = ifl_params_default(), .charset = -1, .colors = -1, .threads = 1};
    struct workbench *workbench;
    struct ifl_error error;
    cr_assert_eq(workbench_new(&workbench, &options, &error), IFL_OK, "%s", error.message);
    workbench_resize(workbench, columns, rows);
    return workbench;
}

void fixture_keys(struct workbench *workbench, const char *keys)
{
    for (; *keys != '\0'; keys++)
        workbench_key(workbench, (unsigned char)*keys);
}

void fixture_wait(struct workbench *workbench)
{
    workbench_settle(workbench, 1);
    while (workbench_busy(workbench)) {
        struct pollfd fd = {.fd = workbench_fd(workbench), .events = POLLIN};
        cr_assert_eq(poll(&fd, 1, 60000), 1, "the engine says nothing");
        workbench_news(workbench);
    }
}

char *fixture_text(const struct canvas *canvas)
{
    char *text = NULL;
    cr_assert_eq(plot_to_text(canvas, PLOT_MONO, false, &text, NULL), IFL_OK);
    return text;
}

char *fixture_draw(struct workbench *workbench)
{
    struct canvas canvas;
    cr_assert_eq(canvas_init(&canvas, workbench->columns, workbench->rows, CHARSET_BRAILLE, NULL), IFL_OK);
    workbench_draw(workbench, &canvas);
    char *text = fixture_text(&canvas);
    canvas_release(&canvas);
    return text;
}
