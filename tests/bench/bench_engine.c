/* The engine as keys see it: from a request to its first answer, and to the last, over a run like a LeNet 6-12 of 18
 * snapshots in a database of its own. Prints a JSON line a finding, in milliseconds.
 *
 *     bench_engine [ROUNDS] */
#include <math.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <engine/engine.h>
#include <infoflow/infoflow.h>

#include "bench.h"

#define SAMPLES   128
#define SNAPSHOTS 18
#define RUNS      10
#define CLASSES   10
#define LAYERS    6

static const struct {
    const char *name;
    size_t maps, dim;
} lenet[LAYERS] = {{"conv1", 6, 576}, {"pool1", 6, 144}, {"conv2", 12, 64},
                   {"pool2", 12, 16}, {"fc1", 1, 120},   {"fc2", 1, 84}};

static void must(enum ifl_status status, const struct ifl_error *error)
{
    if (status != IFL_OK) {
        fprintf(stderr, "%s\n", error->message);
        exit(1);
    }
}

/* ---- the database ---- */

/* Rows about a centre for each class, as activations are. */
static struct variable variable(enum ifl_of of, int32_t layer, size_t maps, size_t dim, double scale)
{
    size_t pairs = ifl_pair_count(SAMPLES);
    double *rows = allocated(SAMPLES * dim, sizeof *rows), *distances = allocated(pairs, sizeof *distances);
    double *centres = allocated(CLASSES * dim, sizeof *centres);
    struct variable v = {.of = of, .layer = layer, .maps = maps, .dim = dim};
    v.distances = allocated((maps + (maps > 1)) * pairs, sizeof *v.distances);
    for (size_t m = 0; m < maps; m++) {
        for (size_t k = 0; k < CLASSES * dim; k++)
            centres[k] = scale * uniform();
        for (size_t k = 0; k < SAMPLES * dim; k++)
            rows[k] = centres[k / dim % CLASSES * dim + k % dim] + scale * uniform();
        ifl_squared_distances(rows, SAMPLES, dim, dim, distances);
        for (size_t k = 0; k < pairs; k++) {
            v.distances[m * pairs + k] = (float)distances[k];
            if (maps > 1)
                v.distances[maps * pairs + k] += (float)distances[k];
        }
    }
    free(rows);
    free(distances);
    free(centres);
    return v;
}

static void add_snapshot(struct store *store, int64_t run, int64_t step)
{
    struct ifl_error error;
    struct snapshot s = {.step = step, .epoch = (double)step, .n = SAMPLES, .classes = CLASSES};
    bool added;
    s.labels = allocated(SAMPLES, sizeof *s.labels);
    for (size_t k = 0; k < SAMPLES; k++)
        s.labels[k] = (int32_t)(k % CLASSES);
    s.variables = allocated(1 + 2 * LAYERS, sizeof *s.variables);
    s.variables[s.n_variables++] = variable(IFL_OF_X, 0, 1, 784, 1);
    for (int32_t k = 0; k < LAYERS; k++) {
        s.variables[s.n_variables++] = variable(IFL_OF_T, k, lenet[k].maps, lenet[k].dim, 1);
        s.variables[s.n_variables++] = variable(IFL_OF_DELTA, k, lenet[k].maps, lenet[k].dim, 0.01);
    }
    must(store_add_snapshot(store, run, &s, &added, &error), &error);
    snapshot_release(&s);
}

static int64_t add_run(struct store *store, int number)
{
    struct ifl_error error;
    struct run run = {.name = allocated(16, 1), .n_layers = LAYERS};
    int64_t id;
    snprintf(run.name, 16, "lenet-%d", number);
    run.layers = allocated(LAYERS, sizeof *run.layers);
    for (size_t k = 0; k < LAYERS; k++)
        run.layers[k].name = strcpy(allocated(8, 1), lenet[k].name);
    must(store_add_run(store, &run, &id, &error), &error);
    for (int64_t step = 0; step < SNAPSHOTS; step++)
        add_snapshot(store, id, step);
    run_release(&run);
    return id;
}

/* ---- requests ---- */

#define LAYERS_ONLY (IFL_ALL_QUANTITIES & ~(ifl_quantity_set)IFL_PAIR_QUANTITIES)
#define DPI         (IFL_BIT(IFL_H_X) | IFL_BIT(IFL_I_XT) | IFL_BIT(IFL_I_DELTA) | IFL_BIT(IFL_H_T))

struct lapse {
    double first, last; /* milliseconds from the request to the first answer, and to the end */
    size_t answers;
};

static void take(struct engine *engine, struct lapse *lapse, double start)
{
    struct engine_answer *answers;
    size_t taken;
    uint64_t ticket;
    if (!engine_take(engine, &answers, &taken, &ticket))
        return;
    if (lapse->answers == 0)
        lapse->first = 1e3 * (seconds() - start);
    lapse->answers += taken;
    engine_answers_free(answers, taken);
}

static struct lapse answer(struct engine *engine, const struct engine_task *tasks, size_t count)
{
    struct lapse lapse = {0};
    struct engine_progress progress;
    double start = seconds();
    engine_ask(engine, tasks, count);
    do {
        struct pollfd news = {.fd = engine_fd(engine), .events = POLLIN};
        poll(&news, 1, 10000);
        take(engine, &lapse, start);
        engine_watch(engine, &progress);
    } while (progress.busy);
    take(engine, &lapse, start);
    lapse.last = 1e3 * (seconds() - start);
    if (progress.failed)
        must(IFL_FAILED, &progress.error);
    return lapse;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double percentile(double *times, size_t count, double share)
{
    qsort(times, count, sizeof *times, compare);
    return times[(size_t)(share * (double)(count - 1) + 0.5)];
}

static void print(const char *what, double *first, double *last, size_t rounds, size_t answers)
{
    printf("{\"bench\": \"engine\", \"what\": \"%s\", \"rounds\": %zu, \"answers\": %zu, \"first_p50\": %.2f,"
           " \"first_p95\": %.2f, \"all_p50\": %.2f, \"all_p95\": %.2f}\n",
           what, rounds, answers, percentile(first, rounds, .5), percentile(first, rounds, .95),
           percentile(last, rounds, .5), percentile(last, rounds, .95));
    fflush(stdout);
}

/* The same request again and again, moved by `move` each time. */
static void measure(struct engine *engine, const char *what, struct engine_task *tasks, size_t count, size_t rounds,
                    void (*move)(struct ifl_params *params))
{
    double *first = allocated(rounds, sizeof *first), *last = allocated(rounds, sizeof *last);
    struct lapse lapse = {0};
    for (size_t k = 0; k < rounds; k++) {
        for (size_t t = 0; t < count; t++)
            move(&tasks[t].params);
        lapse = answer(engine, tasks, count);
        first[k] = lapse.first;
        last[k] = lapse.last;
    }
    print(what, first, last, rounds, lapse.answers);
    free(first);
    free(last);
}

/* A key held down: each request comes as soon as the one before has its first answer. */
static void measure_held(struct engine *engine, struct engine_task task, size_t rounds)
{
    double *first = allocated(rounds, sizeof *first);
    for (size_t k = 0; k < rounds; k++) {
        struct engine_answer *answers;
        size_t taken;
        uint64_t ticket;
        task.params.h *= 1.03;
        double start = seconds();
        engine_ask(engine, &task, 1);
        while (!engine_take(engine, &answers, &taken, &ticket))
            poll(&(struct pollfd){.fd = engine_fd(engine), .events = POLLIN}, 1, 10000);
        first[k] = 1e3 * (seconds() - start);
        engine_answers_free(answers, taken);
        while (seconds() - start < 0.033) /* how often a keyboard repeats */
            poll(NULL, 0, 1);
    }
    print("h held down, pairs wanted", first, first, rounds, 1);
    free(first);
}

static void next_h(struct ifl_params *params)
{
    params->h = params->h < 50 ? params->h * 1.01 : 1;
}

static void next_alpha(struct ifl_params *params)
{
    params->alpha += 0.01;
}

/* ---- what is measured ---- */

static void measure_one(struct engine *engine, int64_t run, size_t rounds)
{
    struct engine_task task = {.run = run, .params = ifl_params_default(), .first = SNAPSHOTS / 2, .wanted = DPI};
    answer(engine, &task, 1);
    measure(engine, "h, DPI of all snapshots", &task, 1, rounds, next_h);
    task.wanted = LAYERS_ONLY;
    measure(engine, "h, DPI and IP of all snapshots", &task, 1, rounds, next_h);
    task.wanted = IFL_ALL_QUANTITIES;
    measure(engine, "h, everything with pairs", &task, 1, rounds / 5, next_h);
    measure(engine, "alpha, everything with pairs", &task, 1, rounds, next_alpha);
    measure_held(engine, task, rounds);
    task.wanted = LAYERS_ONLY;
    ifl_params_set_width(&task.params, IFL_WIDTH_MEDIAN);
    measure(engine, "the median rule, then h, DPI and IP", &task, 1, rounds / 5, next_h);
}

static void measure_sweep(struct engine *engine, int64_t run, size_t rounds)
{
    struct engine_task tasks[30];
    for (size_t k = 0; k < 30; k++) {
        tasks[k] = (struct engine_task){.run = run, .params = ifl_params_default(), .wanted = DPI, .only_first = true};
        tasks[k].params.h = pow(10, (double)k / 10 - 1);
    }
    measure(engine, "DPI over 30 widths", tasks, 30, rounds / 5, next_h);
}

static void measure_group(struct engine *engine, const int64_t *runs, size_t rounds)
{
    struct engine_task tasks[RUNS];
    for (size_t k = 0; k < RUNS; k++)
        tasks[k] = (struct engine_task){.run = runs[k], .params = ifl_params_default(), .wanted = LAYERS_ONLY};
    answer(engine, tasks, RUNS);
    measure(engine, "h, DPI and IP of 10 runs", tasks, RUNS, rounds / 5, next_h);
    measure(engine, "alpha, DPI and IP of 10 runs", tasks, RUNS, rounds / 5, next_alpha);
}

/* What another session has computed: read from the database. */
static void measure_kept(const char *database, int64_t run, size_t rounds)
{
    struct engine_task task = {.run = run, .params = ifl_params_default(), .wanted = IFL_ALL_QUANTITIES};
    double *first = allocated(rounds, sizeof *first), *last = allocated(rounds, sizeof *last);
    struct ifl_error error;
    struct lapse lapse = {0};
    for (size_t k = 0; k < rounds; k++) {
        struct engine *engine;
        must(engine_new(&engine, database, 0, &error), &error);
        lapse = answer(engine, &task, 1);
        first[k] = lapse.first;
        last[k] = lapse.last;
        double start = seconds();
        engine_free(engine);
        if (k == 0)
            printf("{\"bench\": \"engine\", \"what\": \"end with everything to write\", \"all\": %.2f}\n",
                   1e3 * (seconds() - start));
    }
    print("opened again, everything with pairs", first + 1, last + 1, rounds - 1, lapse.answers);
    free(first);
    free(last);
}

int main(int argc, char **argv)
{
    char folder[] = "/tmp/infoflow-bench-XXXXXX", database[64], command[64];
    size_t rounds = argc > 1 ? (size_t)atoi(argv[1]) : 50;
    struct ifl_error error;
    struct store *store;
    struct engine *engine;
    int64_t runs[RUNS];
    if (mkdtemp(folder) == NULL || rounds < 5)
        return 1;
    snprintf(database, sizeof database, "%s/runs.db", folder);
    must(store_open(&store, database, STORE_CREATE, &error), &error);
    for (int k = 0; k < RUNS; k++)
        runs[k] = add_run(store, k);
    store_close(store);
    must(engine_new(&engine, database, 0, &error), &error);
    measure_one(engine, runs[0], rounds);
    measure_sweep(engine, runs[0], rounds);
    measure_group(engine, runs, rounds);
    engine_free(engine);
    measure_kept(database, runs[1], rounds / 5 + 1);
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}
