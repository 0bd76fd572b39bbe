/* The workbench's list of runs, without a database or a terminal: what a new list, an order, a filter and a painting
 * take, and how that grows. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tui/runs.h>

#include "bench.h"

enum { PARAMS = 20, METRICS = 10, LAYERS = 6, ROUNDS = 15 };

static char *named(const char *format, size_t number)
{
    char text[64];
    snprintf(text, sizeof text, "%s%zu", format, number);
    return strdup(text);
}

static void fill(struct store_run *run, size_t k)
{
    run->id = (int64_t)k + 1;
    run->run.name = named("mnist-6-12-sigmoid-of-a-usual-length-s", k);
    run->run.params = allocated(PARAMS, sizeof *run->run.params);
    for (size_t p = 0; p < PARAMS; p++) {
        size_t value = p == 0 ? k % 10 : p < 6 ? (k / 10) % (p + 3) : p == 6 ? k / 10 : 7;
        run->run.params[p] = (struct field){p == 0 ? strdup("seed") : named("parameter_", p), FIELD_NUMBER,
                                            named("", value), (double)value};
    }
    run->run.n_params = PARAMS;
    run->run.layers = allocated(LAYERS, sizeof *run->run.layers);
    run->maps = allocated(LAYERS, sizeof *run->maps);
    for (size_t l = 0; l < LAYERS; l++)
        run->run.layers[l] = (struct layer){named("layer", l), LAYER_FC, AXES_ND};
    run->run.n_layers = LAYERS;
    run->metrics = allocated(METRICS, sizeof *run->metrics);
    for (size_t m = 0; m < METRICS; m++)
        run->metrics[m] = (struct metric){named(m < 2 ? "test_" : "train_", m), uniform()};
    run->n_metrics = METRICS;
    run->snapshots = 10;
    run->n = 128;
    run->note = strdup("");
}

static struct store_run *make(size_t count)
{
    struct store_run *items = allocated(count, sizeof *items);
    for (size_t k = 0; k < count; k++)
        fill(&items[k], k);
    return items;
}

static void check(enum ifl_status status, const struct ifl_error *error)
{
    if (status == IFL_OK)
        return;
    fprintf(stderr, "%s\n", error->message);
    exit(1);
}

struct times {
    double take, sort, filter, draw, memory;
};

static void round_of(struct runs *runs, size_t count, struct canvas *canvas, struct times *best)
{
    struct ifl_error error;
    struct store_run *items = make(count);
    double start = seconds();
    check(runs_take(runs, items, count, &error), &error);
    best->take = shorter(best->take, seconds() - start);

    start = seconds();
    check(runs_sort(runs, "test_0", true, &error), &error);
    best->sort = shorter(best->sort, seconds() - start);

    start = seconds();
    check(runs_filter(runs, "test_0 > .2 and not parameter_6 = 3", &error), &error);
    best->filter = shorter(best->filter, seconds() - start);

    start = seconds();
    canvas_clear(canvas);
    runs_draw_table(runs, canvas, (struct rect){0, 0, canvas->columns, canvas->rows});
    best->draw = shorter(best->draw, seconds() - start);
    check(runs_filter(runs, "", &error), &error);
    check(runs_sort(runs, "", false, &error), &error);
}

/* What the list takes besides the runs themselves. */
static double memory_of(size_t count)
{
    struct runs runs = {0};
    struct ifl_error error;
    struct store_run *items = make(count);
    size_t before = mallinfo2().uordblks;
    check(runs_take(&runs, items, count, &error), &error);
    double bytes = (double)(mallinfo2().uordblks - before);
    runs_release(&runs);
    return bytes;
}

static struct times measure(size_t count)
{
    struct times best = {1e9, 1e9, 1e9, 1e9, memory_of(count)};
    struct canvas canvas;
    struct runs runs = {0};
    struct ifl_error error;
    check(canvas_init(&canvas, 200, 60, CHARSET_BRAILLE, &error), &error);
    for (int k = 0; k < ROUNDS; k++)
        round_of(&runs, count, &canvas, &best);
    runs_release(&runs);
    canvas_release(&canvas);
    return best;
}

static void print(const char *what, double whole, double half)
{
    printf("{\"bench\": \"list\", \"what\": \"%s\", \"milliseconds\": %.3f, \"to_half\": %.2f}\n", what, 1e3 * whole,
           whole / half);
}

int main(int count, char **arguments)
{
    size_t runs = count > 1 ? strtoul(arguments[1], NULL, 10) : 1000;
    struct times half = measure(runs / 2), whole = measure(runs);
    print("take", whole.take, half.take);
    print("sort", whole.sort, half.sort);
    print("filter", whole.filter, half.filter);
    print("draw", whole.draw, half.draw);
    printf("{\"bench\": \"list\", \"what\": \"memory\", \"bytes\": %.0f, \"to_half\": %.2f}\n", whole.memory,
           whole.memory / half.memory);
    return 0;
}
