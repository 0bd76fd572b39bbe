/* The list of runs: what the workbench's first paint waits for, and what it asks every second.
 *
 *     bench_runs [RUNS [FOLDER]]
 *
 * The list is timed against a stamp, against itself with half the runs deleted, and against SQLite's own walk over the
 * same rows without making anything of them. */
#include <math.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include <store/store.h>

#include "bench.h"

enum { SNAPSHOTS = 10, FIELDS = 30, LAYERS = 30, SAMPLES = 4, ROUNDS = 15 };

static void check(enum ifl_status status, const struct ifl_error *error)
{
    if (status != IFL_OK) {
        fprintf(stderr, "%s\n", error->message);
        exit(1);
    }
}

/* "param7", new. */
static char *text_of(const char *before, int k)
{
    char text[64];
    snprintf(text, sizeof text, "%s%d", before, k);
    return strdup(text);
}

static struct run make_run(int k)
{
    struct run run = {.name = text_of("mnist-6-12-sigmoid-s", k), .n_params = FIELDS, .n_tags = 2, .n_layers = LAYERS};
    run.params = allocated(FIELDS, sizeof *run.params);
    run.tags = allocated(2, sizeof *run.tags);
    run.layers = allocated(LAYERS, sizeof *run.layers);
    for (int f = 0; f < FIELDS; f++)
        run.params[f] = (struct field){text_of("param", f), FIELD_NUMBER, text_of("", k * f), (double)k * f};
    for (int f = 0; f < 2; f++)
        run.tags[f] = (struct field){text_of("tag", f), FIELD_TEXT, text_of("value ", k), 0};
    for (int l = 0; l < LAYERS; l++)
        run.layers[l] = (struct layer){text_of("layer", l), LAYER_CONV, AXES_NCHW};
    return run;
}

static struct snapshot make_snapshot(int step)
{
    struct snapshot s = {.step = step, .n = SAMPLES, .n_metrics = 4, .n_variables = LAYERS};
    s.metrics = allocated(4, sizeof *s.metrics);
    s.variables = allocated(LAYERS, sizeof *s.variables);
    for (int m = 0; m < 4; m++)
        s.metrics[m] = (struct metric){text_of("metric", m), uniform()};
    for (int l = 0; l < LAYERS; l++) {
        s.variables[l] = (struct variable){.of = IFL_OF_T, .layer = l, .maps = 1, .kept = 1, .dim = 5};
        s.variables[l].distances = allocated(ifl_pair_count(SAMPLES), sizeof(float));
    }
    return s;
}

static void fill(struct store *store, int runs)
{
    struct ifl_error error;
    for (int k = 0; k < runs; k++) {
        struct run run = make_run(k);
        int64_t id;
        check(store_add_run(store, &run, &id, &error), &error);
        run_release(&run);
        for (int step = 0; step < SNAPSHOTS; step++) {
            struct snapshot snapshot = make_snapshot(step);
            bool added;
            check(store_add_snapshot(store, id, &snapshot, &added, &error), &error);
            snapshot_release(&snapshot);
        }
    }
}

/* Opening, listing, closing: what a program that starts does. */
static double time_list(const char *path)
{
    struct store *store;
    struct store_run *runs;
    size_t count;
    struct ifl_error error;
    double from = seconds();
    check(store_open(&store, path, STORE_WRITE, &error), &error);
    check(store_list_runs(store, &runs, &count, &error), &error);
    double took = seconds() - from;
    store_runs_free(runs, count);
    store_close(store);
    return took;
}

static double time_stamp(struct store *store)
{
    enum { TIMES = 100 };
    struct ifl_error error;
    uint64_t stamp;
    double from = seconds();
    for (int k = 0; k < TIMES; k++)
        check(store_stamp(store, &stamp, &error), &error);
    return (seconds() - from) / TIMES;
}

static int see_nothing(void *context, int columns, char **values, char **names)
{
    (void)context, (void)columns, (void)values, (void)names;
    return 0;
}

static double time_walk(const char *path)
{
    sqlite3 *db;
    double from = seconds();
    if (sqlite3_open(path, &db) != SQLITE_OK ||
        sqlite3_exec(db,
                     "SELECT * FROM params; SELECT * FROM tags; SELECT * FROM layers; SELECT run, step FROM snapshots",
                     see_nothing, NULL, NULL) != SQLITE_OK)
        exit(1);
    double took = seconds() - from;
    sqlite3_close(db);
    return took;
}

static void measure(struct store *store, const char *path, int runs)
{
    double list = HUGE_VAL, half = HUGE_VAL, stamp = HUGE_VAL, walk = HUGE_VAL;
    struct ifl_error error;
    for (int round = 0; round < ROUNDS; round++) {
        list = shorter(list, time_list(path));
        walk = shorter(walk, time_walk(path));
        stamp = shorter(stamp, time_stamp(store));
    }
    for (int k = 0; k < runs; k += 2)
        check(store_delete_run(store, k + 1, &error), &error);
    for (int round = 0; round < ROUNDS; round++)
        half = shorter(half, time_list(path));
    printf("{\"bench\": \"runs\", \"runs\": %d, \"list_seconds\": %.4f, \"list_to_walk\": %.2f, \"list_to_half\": %.2f,"
           " \"list_to_stamp\": %.0f}\n",
           runs, list, list / walk, list / half, list / stamp);
}

int main(int argc, char **argv)
{
    int runs = argc > 1 ? atoi(argv[1]) : 1000;
    char path[256];
    struct store *store;
    struct ifl_error error;
    snprintf(path, sizeof path, "%s/infoflow-bench-%ld.db", argc > 2 ? argv[2] : "/dev/shm", (long)getpid());
    check(store_open(&store, path, STORE_CREATE, &error), &error);
    fill(store, runs);
    measure(store, path, runs);
    store_close(store);
    remove(path);
    return 0;
}
