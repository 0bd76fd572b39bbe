#define _XOPEN_SOURCE 700

#include <criterion/criterion.h>
#include <ftw.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <base/text.h>
#include <tui/picture.h>

#include "fixture.h"
#include "places.h"

enum { SAMPLES = 16, LAYERS = 3, SNAPSHOTS = 6, PAIRS = SAMPLES * (SAMPLES - 1) / 2 };

static char folder[64], path[96];

static int remove_one(const char *name, const struct stat *info, int kind, struct FTW *walk)
{
    (void)info, (void)kind, (void)walk;
    return remove(name);
}

static void remove_folder(void)
{
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* With a home folder, so that no file of the user's is read or written. */
static void make_folder(void)
{
    places_home();
    strcpy(folder, "/tmp/infoflow-tui-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/runs.db", folder);
    atexit(remove_folder);
}

const char *fixture_nothing(void)
{
    make_folder();
    return path;
}

const char *fixture_file(const char *name)
{
    static char paths[4][256];
    static unsigned next;
    char *out = paths[next++ % 4];
    snprintf(out, sizeof paths[0], "%s/%s", folder, name);
    return out;
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

/* What the runs are: their last layer has one map, so no pairs. */
static const struct sample {
    const char *name, *topology;
    double lr;
    int seed; /* -1: not given */
    size_t maps[LAYERS];
} samples[] = {{"alpha", "3-2", 0.1, -1, {3, 2, 1}},
               {"beta", "3-2", 0.01, -1, {3, 2, 1}},
               {"gamma\x1B[2J\xE2\x80\xAE", "6-12", 0.05, -1, {4, 3, 1}},
               {"mnist-s0", "2-2", 0.1, 0, {2, 2, 1}},
               {"mnist-s1", "2-2", 0.1, 1, {2, 2, 1}}};
enum { RUNS = sizeof samples / sizeof *samples };

static void add_snapshot(struct store *store, int64_t run, int k)
{
    const size_t *maps = samples[(run - 1) % RUNS].maps;
    struct snapshot snapshot = {.step = 100 * k, .epoch = k, .n = SAMPLES, .classes = 3};
    state = (uint64_t)(100 * run + k); /* the same whatever was made before */
    snapshot.labels = ifl_alloc(SAMPLES, sizeof *snapshot.labels);
    for (int s = 0; s < SAMPLES; s++)
        snapshot.labels[s] = s % 3;
    snapshot.metrics = ifl_alloc(2, sizeof *snapshot.metrics);
    add_metric(&snapshot, "loss", 2.3 / (k + 1));
    add_metric(&snapshot, "test_accuracy", 1 - 0.9 / (k + 1) - 0.01 * (double)(run - 1));
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

static void add_param(struct run *run, const char *key, enum field_type type, const char *text)
{
    run->params[run->n_params++] =
        (struct field){strdup(key), type, strdup(text), type == FIELD_NUMBER ? atof(text) : 0};
}

static int64_t add_run(struct store *store, const struct sample *sample)
{
    char text[32];
    char *layers[LAYERS] = {strdup("conv1"), strdup("conv2"), strdup("fc1")};
    struct run run = {.name = strdup(sample->name), .n_layers = LAYERS};
    run.params = ifl_alloc(4, sizeof *run.params);
    run.layers = ifl_alloc(LAYERS, sizeof *run.layers);
    add_param(&run, "dataset", FIELD_TEXT, "toy");
    add_param(&run, "topology", FIELD_TEXT, sample->topology);
    add_param(&run, "lr", FIELD_NUMBER, text_double(text, sample->lr));
    snprintf(text, sizeof text, "%d", sample->seed);
    if (sample->seed >= 0)
        add_param(&run, "seed", FIELD_NUMBER, text);
    for (int l = 0; l < LAYERS; l++)
        run.layers[l] = (struct layer){layers[l], l < 2 ? LAYER_CONV : LAYER_FC, l < 2 ? AXES_NCHW : AXES_ND};
    int64_t id;
    struct ifl_error error;
    cr_assert_eq(store_add_run(store, &run, &id, &error), IFL_OK, "%s", error.message);
    run_release(&run);
    return id;
}

static struct store *open_store(enum store_mode mode)
{
    struct store *store;
    struct ifl_error error;
    cr_assert_eq(store_open(&store, path, mode, &error), IFL_OK, "%s", error.message);
    return store;
}

const char *fixture_database(void)
{
    make_folder();
    struct store *store = open_store(STORE_CREATE);
    for (int r = 0; r < RUNS; r++) {
        int64_t id = add_run(store, &samples[r]);
        cr_assert_eq(id, r + 1);
        for (int k = 0; k < SNAPSHOTS; k++)
            add_snapshot(store, id, k);
    }
    store_close(store);
    return path;
}

void fixture_train(int64_t run, int k)
{
    struct store *store = open_store(STORE_WRITE);
    add_snapshot(store, run, k);
    store_close(store);
}

int64_t fixture_add(const char *name)
{
    struct store *store = open_store(STORE_WRITE);
    struct sample sample = samples[0];
    sample.name = name;
    sample.lr = 0.7;
    int64_t id = add_run(store, &sample);
    store_close(store);
    return id;
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

int64_t fixture_now = 1;

struct workbench *fixture_start(const char *database, int64_t run, int columns, int rows, bool session)
{
    struct tui_options options = {.database = database,
                                  .runs = &run,
                                  .n_runs = run != 0,
                                  .params = ifl_params_default(),
                                  .charset = -1,
                                  .colors = -1,
                                  .threads = 1,
                                  .no_session = !session};
    struct workbench *workbench;
    struct ifl_error error;
    cr_assert_eq(workbench_new(&workbench, &options, &error), IFL_OK, "%s", error.message);
    workbench->charset = CHARSET_BRAILLE;
    workbench->runs.now = 1700000000; /* ages do not count here */
    workbench_resize(workbench, columns, rows);
    return workbench;
}

struct workbench *fixture_open(const char *database, int64_t run, int columns, int rows)
{
    struct workbench *workbench = fixture_start(database, run, columns, rows, false);
    fixture_wait(workbench);
    return workbench;
}

void fixture_keys(struct workbench *workbench, const char *keys)
{
    for (; *keys != '\0'; keys++)
        workbench_key(workbench, (unsigned char)*keys);
}

void fixture_command(struct workbench *workbench, const char *line)
{
    fixture_keys(workbench, ":");
    fixture_keys(workbench, line);
    fixture_keys(workbench, "\r");
    fixture_wait(workbench);
}

void fixture_turn(struct workbench *workbench)
{
    workbench_settle(workbench, fixture_now);
    free(fixture_draw(workbench)); /* which may find that something is lacking */
    workbench_settle(workbench, fixture_now);
}

/* Sleeps until there is news, and takes it. */
static void take_news(struct workbench *workbench)
{
    struct pollfd fds[WORKBENCH_FDS];
    size_t count = workbench_fds(workbench, fds);
    cr_assert_gt(poll(fds, count, 60000), 0, "there is no news");
    workbench_news(workbench);
}

void fixture_wait(struct workbench *workbench)
{
    for (fixture_turn(workbench); workbench_waits(workbench); fixture_turn(workbench))
        take_news(workbench);
}

void fixture_await(struct workbench *workbench, const char *text, bool shown)
{
    for (;;) {
        fixture_wait(workbench);
        char *screen = fixture_draw(workbench);
        bool found = strstr(screen, text) != NULL;
        free(screen);
        if (found == shown)
            return;
        take_news(workbench);
    }
}

/* ---- the screen ---- */

char *fixture_text(const struct canvas *canvas)
{
    char *text = NULL;
    cr_assert_eq(plot_to_text(canvas, PLOT_MONO, false, &text, NULL), IFL_OK);
    return text;
}

char *fixture_draw(struct workbench *workbench)
{
    struct canvas canvas;
    cr_assert_eq(canvas_init(&canvas, workbench->columns, workbench->rows, workbench->charset, NULL), IFL_OK);
    workbench_draw(workbench, &canvas);
    char *text = fixture_text(&canvas);
    canvas_release(&canvas);
    return text;
}

void fixture_shows(struct workbench *workbench, const char *text)
{
    char *screen = fixture_draw(workbench);
    cr_expect(strstr(screen, text) != NULL, "no `%s` in\n%s", text, screen);
    free(screen);
}

void fixture_lacks(struct workbench *workbench, const char *text)
{
    char *screen = fixture_draw(workbench);
    cr_expect(strstr(screen, text) == NULL, "`%s` in\n%s", text, screen);
    free(screen);
}

void fixture_find(struct workbench *workbench, const char *text, int k, int *x, int *y)
{
    char *screen = fixture_draw(workbench), *at = screen, *line = screen;
    for (; (at = strstr(at, text)) != NULL && k > 0; k--)
        at++;
    cr_assert(at != NULL, "no `%s` in\n%s", text, screen);
    *y = 0;
    for (char *end; (end = strchr(line, '\n')) != NULL && end < at; line = end + 1)
        ++*y;
    char before = *at;
    *at = '\0';
    *x = (int)text_width(line);
    *at = before;
    free(screen);
}

/* ---- the state ---- */

const char *fixture_current(const struct workbench *workbench)
{
    struct run_choice choice = {0};
    return runs_choice(&workbench->runs, &choice) ? choice.name : "";
}

const char *fixture_subjects(const struct workbench *workbench)
{
    static char out[1024];
    out[0] = '\0';
    for (size_t s = 0; s < workbench->showing.count; s++)
        snprintf(out + strlen(out), sizeof out - strlen(out), "%s%s", s > 0 ? " " : "",
                 workbench->showing.subjects[s].name);
    return out;
}

double fixture_value(const struct workbench *workbench, enum panel panel, enum ifl_quantity quantity)
{
    return picture_value(workbench, panel, workbench->showing.layer, quantity, NULL, NULL);
}
