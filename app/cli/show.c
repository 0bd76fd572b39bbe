/* infoflow show: one run. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <base/text.h>
#include <cli/cli.h>
#include <cli/json.h>

struct shown {
    struct store_run run;
    struct store_snapshot *snapshots;
    size_t count;
};

static void print_fields(const char *title, const struct field *fields, size_t count)
{
    for (size_t k = 0; k < count; k++)
        text_printf(stdout, "%s %s = %s\n", title, fields[k].key, fields[k].text);
}

static bool print_layers(const struct shown *s)
{
    struct table *table = table_new(6);
    static const char *const header[] = {"layer", "name", "kind", "maps", "dim", "errors"};
    for (size_t c = 0; c < 6; c++)
        table_cell(table, header[c]);
    for (size_t k = 0; k < s->run.run.n_layers; k++) {
        const struct layer *layer = &s->run.run.layers[k];
        table_format(table, "%zu", k + 1);
        table_cell(table, layer->name);
        table_cell(table, layer_kind_name(layer->kind));
        const struct store_snapshot *last = s->count > 0 ? &s->snapshots[s->count - 1] : NULL;
        table_format(table, "%zu", last ? last->t[k].maps : 0);
        table_format(table, "%zu", last ? last->t[k].dim : 0);
        table_cell(table, last && last->delta[k].maps > 0 ? "yes" : "no");
    }
    return table_print(table, stdout, false);
}

static double metric_value(const struct store_snapshot *snapshot, const char *name)
{
    for (size_t k = 0; k < snapshot->n_metrics; k++)
        if (strcmp(snapshot->metrics[k].name, name) == 0)
            return snapshot->metrics[k].value;
    return NAN;
}

/* The names of the metrics of all snapshots, in the order they come in; NULL without memory. They stay the
 * snapshots'. */
static const char **metric_names(const struct shown *s, size_t *count)
{
    size_t room = 0;
    *count = 0;
    for (size_t k = 0; k < s->count; k++)
        room += s->snapshots[k].n_metrics;
    const char **names = ifl_alloc(room, sizeof *names);
    for (size_t k = 0; k < s->count && names != NULL; k++) {
        for (size_t m = 0; m < s->snapshots[k].n_metrics; m++) {
            const char *name = s->snapshots[k].metrics[m].name;
            size_t at = 0;
            while (at < *count && strcmp(names[at], name) != 0)
                at++;
            if (at == *count)
                names[(*count)++] = name;
        }
    }
    return names;
}

static bool print_snapshots(const struct shown *s, bool csv)
{
    size_t metrics;
    const char **names = metric_names(s, &metrics);
    if (names == NULL)
        return false;
    struct table *table = table_new(4 + metrics);
    static const char *const header[] = {"step", "epoch", "batch", "n"};
    for (size_t c = 0; c < 4; c++)
        table_cell(table, header[c]);
    for (size_t m = 0; m < metrics; m++)
        table_cell(table, names[m]);
    for (size_t k = 0; k < s->count; k++) {
        const struct store_snapshot *snapshot = &s->snapshots[k];
        char number[32];
        table_format(table, "%lld", (long long)snapshot->step);
        table_cell(table, isnan(snapshot->epoch) ? "" : text_short(number, snapshot->epoch, 6));
        table_format(table, "%lld", (long long)snapshot->batch);
        table_format(table, "%zu", snapshot->n);
        for (size_t m = 0; m < metrics; m++) {
            double value = metric_value(snapshot, names[m]);
            table_cell(table, isnan(value) ? "" : text_short(number, value, 6));
        }
    }
    free(names);
    return table_print(table, stdout, csv);
}

/* The most single maps that are kept of a layer which has more; 0: there is no such layer. */
static size_t sampled_maps(const struct shown *s)
{
    const struct store_snapshot *last = s->count > 0 ? &s->snapshots[s->count - 1] : NULL;
    size_t most = 0;
    for (size_t k = 0; last != NULL && k < last->layers; k++)
        if (last->t[k].kept < last->t[k].maps && last->t[k].kept > most)
            most = last->t[k].kept;
    return most;
}

static bool print_text(const struct shown *s)
{
    text_printf(stdout, "run %s\n", s->run.run.name);
    printf("id %lld\n", (long long)s->run.id);
    print_fields("param", s->run.run.params, s->run.run.n_params);
    print_fields("tag", s->run.run.tags, s->run.run.n_tags);
    print_lines("note ", s->run.note);
    printf("%zu snapshots, %zu layers, n = %zu\n\n", s->run.snapshots, s->run.run.n_layers, s->run.n);
    bool ok = print_layers(s);
    if (sampled_maps(s) > 0)
        printf("of layers of more than %zu maps a sample of %zu is kept one by one, for pairs\n", sampled_maps(s),
               sampled_maps(s));
    putchar('\n');
    return ok && print_snapshots(s, false);
}

static json_t *layers_json(const struct shown *s)
{
    json_t *array = json_array();
    const struct store_snapshot *last = s->count > 0 ? &s->snapshots[s->count - 1] : NULL;
    for (size_t k = 0; k < s->run.run.n_layers; k++) {
        const struct layer *layer = &s->run.run.layers[k];
        json_array_append_new(
            array, json_pack("{so ss ss si si si sb}", "name", json_text(layer->name), "kind",
                             layer_kind_name(layer->kind), "axes", layer_axes_name(layer->axes), "maps",
                             last ? (int)last->t[k].maps : 0, "kept", last ? (int)last->t[k].kept : 0, "dim", last ? (int)last->t[k].dim : 0, "errors",
                             last != NULL && last->delta[k].maps > 0));
    }
    return array;
}

static json_t *snapshots_json(const struct shown *s)
{
    json_t *array = json_array();
    for (size_t k = 0; k < s->count; k++) {
        const struct store_snapshot *snapshot = &s->snapshots[k];
        json_array_append_new(array, json_pack("{sI so sI si so}", "step", (json_int_t)snapshot->step, "epoch",
                                               json_value(snapshot->epoch), "batch", (json_int_t)snapshot->batch, "n",
                                               (int)snapshot->n, "metrics",
                                               json_metrics(snapshot->metrics, snapshot->n_metrics)));
    }
    return array;
}

static bool print_json(const struct shown *s)
{
    return json_print(json_pack("{sI so so so so so so}", "id", (json_int_t)s->run.id, "name",
                                json_text(s->run.run.name), "params",
                                json_fields(s->run.run.params, s->run.run.n_params), "tags",
                                json_fields(s->run.run.tags, s->run.run.n_tags), "note", json_lines(s->run.note), "layers", layers_json(s),
                                "snapshots", snapshots_json(s)));
}

int command_show(struct arguments *arguments)
{
    struct store *store;
    struct shown s = {0};
    struct ifl_error error;
    int64_t id;
    if (arguments->n_words != 1) {
        say("show: needs one RUN (infoflow show --help)");
        return EXIT_USAGE;
    }
    enum ifl_status status = open_database(&store, arguments, STORE_READ, &error);
    if (status != IFL_OK)
        return fail(&error);
    status = store_find_run(store, arguments->words[0], &id, &error);
    if (status == IFL_OK)
        status = store_get_run(store, id, &s.run, &error);
    if (status == IFL_OK)
        status = store_list_snapshots(store, id, &s.snapshots, &s.count, &error);
    bool ok = true;
    if (status == IFL_OK && arguments->format == FORMAT_JSON)
        ok = print_json(&s);
    else if (status == IFL_OK)
        ok = arguments->format == FORMAT_CSV ? print_snapshots(&s, true) : print_text(&s);
    store_snapshots_free(s.snapshots, s.count);
    store_run_release(&s.run);
    store_close(store);
    if (!ok)
        status = ifl_fail(&error, IFL_NO_MEMORY, "out of memory");
    return status == IFL_OK ? EXIT_DONE : fail(&error);
}
