#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/text.h>
#include <plot/plot.h>

#include "runs_fixture.h"

/* ---- runs ---- */

static struct field *add_field(struct field **fields, size_t *count, const char *key, enum field_type type,
                               const char *text)
{
    *fields = realloc(*fields, (*count + 1) * sizeof **fields);
    cr_assert_not_null(*fields);
    struct field *field = &(*fields)[(*count)++];
    *field = (struct field){strdup(key), type, strdup(text), type == FIELD_NUMBER ? atof(text) : 0};
    return field;
}

static void add_text(struct store_run *run, const char *key, const char *text)
{
    add_field(&run->run.params, &run->run.n_params, key, FIELD_TEXT, text);
}

static void add_number(struct store_run *run, const char *key, const char *text)
{
    add_field(&run->run.params, &run->run.n_params, key, FIELD_NUMBER, text);
}

static void add_metric(struct store_run *run, const char *name, double value)
{
    run->metrics = realloc(run->metrics, (run->n_metrics + 1) * sizeof *run->metrics);
    cr_assert_not_null(run->metrics);
    run->metrics[run->n_metrics++] = (struct metric){strdup(name), value};
}

static void set_layers(struct store_run *run, size_t count)
{
    run->run.layers = ifl_alloc(count, sizeof *run->run.layers);
    run->maps = ifl_alloc(count, sizeof *run->maps);
    run->run.n_layers = count;
    for (size_t k = 0; k < count; k++) {
        char name[32];
        snprintf(name, sizeof name, "layer%zu", k + 1);
        run->run.layers[k] = (struct layer){strdup(name), LAYER_OTHER, AXES_ND};
    }
}

static struct store_run start_run(int64_t id, const char *name, int64_t age)
{
    struct store_run run = {.id = id, .run = {.name = strdup(name)}, .note = strdup(""), .created = LIST_NOW - age};
    return run;
}

/* Numbers without a pattern, the same on every machine. */
static double noise(int k)
{
    uint32_t x = (uint32_t)k * 2654435761u;
    x ^= x >> 15;
    x *= 2246822519u;
    x ^= x >> 13;
    return (double)(x >> 8) / (1 << 24) - 0.5;
}

static struct store_run ordinary(int topology, int activation, int seed)
{
    static const char *const topologies[] = {"2-2", "6-12", "16-32"}, *const activations[] = {"relu", "sigmoid"};
    static const char *const rates[] = {"0.1", "0.01", "1e-03"};
    int k = (topology * 2 + activation) * 4 + seed;
    char name[64], number[16];
    snprintf(name, sizeof name, "mnist-%s-%s-s%d", topologies[topology], activations[activation], seed);
    struct store_run run = start_run(k + 1, name, 3600 * (k + 1) * (k + 1));
    add_text(&run, "dataset", "mnist");
    add_text(&run, "topology", topologies[topology]);
    add_text(&run, "activation", activations[activation]);
    add_number(&run, "lr", rates[topology]);
    snprintf(number, sizeof number, "%d", seed);
    add_number(&run, "seed", number);
    add_number(&run, "batch_size", "128");
    add_field(&run.run.tags, &run.run.n_tags, "made_by", FIELD_TEXT, "lenet5.py");
    set_layers(&run, topology == 2 ? 7 : 6);
    run.snapshots = k == 13 ? 4 : 10;
    run.n = 128;
    run.last_step = 469 * (k == 13 ? 4 : 10);
    add_metric(&run, "loss", (activation ? 0.12 : 0.04) + 0.01 * noise(k));
    add_metric(&run, "train_accuracy", 0.98 + 0.02 * noise(100 + k));
    add_metric(&run, "test_accuracy", (activation ? 0.96 : 0.985) + 0.004 * topology + 0.01 * noise(200 + k));
    return run;
}

static struct store_run hostile(int64_t id)
{
    struct store_run run = start_run(id,
                                     "x\x1B[2J\xE2\x80\xAE"
                                     "evil\n\tname\xFF\xC3",
                                     86400);
    add_text(&run, "dataset",
             "\x1B]0;title\x07"
             "a very long value that has no end and no blank at the right place");
    add_text(&run, "\x1B[31mkey\r", "\xE5\xAE\xBD\xE5\xAD\x97 wide");
    add_number(&run, "lr", "0.00012345");
    add_field(&run.run.tags, &run.run.n_tags, "made_by", FIELD_JSON, "{\"a\":[1,2,\"\xE2\x80\x8B\"]}");
    set_layers(&run, 1);
    free(run.note);
    run.note = strdup("do not\x1B[5m trust\nthis one");
    run.snapshots = 1;
    run.n = 16;
    run.last_step = 1000000;
    add_metric(&run, "loss", 123456.789);
    add_metric(&run, "test_accuracy", NAN);
    return run;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const struct store_run *)a)->run.name, ((const struct store_run *)b)->run.name);
}

struct store_run *list_items(size_t *count)
{
    struct store_run *items = ifl_alloc(LIST_RUNS, sizeof *items);
    size_t n = 0;
    for (int topology = 0; topology < 3; topology++)
        for (int activation = 0; activation < 2; activation++)
            for (int seed = 0; seed < 4; seed++)
                items[n++] = ordinary(topology, activation, seed);
    items[n++] = hostile(25);
    items[n++] = start_run(26, "bare", 5); /* no snapshot, no layer, no param */
    items[n++] = start_run(27, "a-name-that-is-so-long-that-no-table-will-ever-have-room-for-all-of-it-run-27", 59);
    add_text(&items[n - 1], "dataset", "mnist");
    qsort(items, n, sizeof *items, compare_names);
    *count = n;
    return items;
}

struct store_run *list_of_many(size_t count)
{
    struct store_run *items = ifl_alloc(count, sizeof *items);
    for (size_t k = 0; k < count; k++) {
        char text[64], key[32];
        snprintf(text, sizeof text, "mnist-%zu-sigmoid-s%zu", k / 10, k % 10);
        items[k] = start_run((int64_t)(count - k), text, (int64_t)k * 60);
        for (int p = 0; p < 18; p++) {
            snprintf(key, sizeof key, "param_%d", p);
            snprintf(text, sizeof text, "%zu", p % 2 ? (k / 10) % (size_t)(p + 2) : 7);
            add_number(&items[k], key, text);
        }
        snprintf(text, sizeof text, "%zu", k / 10);
        add_text(&items[k], "configuration", text);
        snprintf(text, sizeof text, "%zu", k % 10);
        add_number(&items[k], "seed", text);
        for (int m = 0; m < 10; m++) {
            snprintf(key, sizeof key, "%s_metric_%d", m < 2 ? "test" : "train", m);
            add_metric(&items[k], key, 0.5 + noise((int)k * 10 + m));
        }
        set_layers(&items[k], 6);
        items[k].snapshots = 10;
        items[k].n = 128;
        items[k].last_step = 4690;
    }
    qsort(items, count, sizeof *items, compare_names);
    return items;
}

struct runs list_runs(void)
{
    struct runs runs = {.now = LIST_NOW};
    struct ifl_error error;
    size_t count;
    struct store_run *items = list_items(&count);
    cr_assert_eq(runs_take(&runs, items, count, &error), IFL_OK, "%s", error.message);
    return runs;
}

/* ---- what is seen ---- */

char *list_table(struct runs *runs, int columns, int rows, enum charset charset)
{
    struct canvas canvas;
    char *text = NULL;
    cr_assert_eq(canvas_init(&canvas, columns, rows, charset, NULL), IFL_OK);
    runs_draw_table(runs, &canvas, (struct rect){0, 0, columns, rows - 1});
    runs_draw_readout(runs, &canvas, (struct rect){0, rows - 1, columns, 1});
    cr_assert_eq(plot_to_text(&canvas, PLOT_MONO, false, &text, NULL), IFL_OK);
    canvas_release(&canvas);
    return text;
}

const char *list_names(const struct runs *runs)
{
    static char names[8192];
    size_t used = 0;
    names[0] = '\0';
    for (size_t k = 0; k < runs->n_rows && used < sizeof names; k++) {
        const struct run_row *row = &runs->rows[k];
        bool group = row->item == RUNS_NONE;
        const char *name = group ? runs->groups[row->group].name : runs->items[row->item].run.name;
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s%s%s", k > 0 ? " " : "", group ? "[" : "",
                                 name, group ? "]" : "");
    }
    return names;
}

void list_expect_golden(const char *name, const char *text)
{
    char path[512];
    static char expected[1 << 16];
    snprintf(path, sizeof path, "%s/golden/tui/%s", TESTS_DIR, name);
    const char *mode = getenv("INFOFLOW_GOLDEN");
    bool update = mode != NULL && strcmp(mode, "update") == 0;
    FILE *file = fopen(path, update ? "w" : "r");
    cr_assert_not_null(file, "%s is missing", path);
    if (update)
        fputs(text, file);
    else
        expected[fread(expected, 1, sizeof expected - 1, file)] = '\0';
    fclose(file);
    cr_expect(update || strcmp(text, expected) == 0, "%s differs:\n%s\nbut expected is:\n%s", name, text, expected);
}
