/* infoflow runs: the list of runs. */
#include <stdlib.h>
#include <string.h>

#include <base/text.h>
#include <cli/cli.h>
#include <cli/json.h>

/* "a=1 b=x", new. */
static char *join_fields(const struct field *fields, size_t count)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL)
        return NULL;
    for (size_t k = 0; k < count; k++)
        fprintf(stream, "%s%s=%s", k ? " " : "", fields[k].key, fields[k].text);
    fclose(stream);
    return text;
}

static char *join_metrics(const struct metric *metrics, size_t count)
{
    char *text = NULL, number[32];
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL)
        return NULL;
    for (size_t k = 0; k < count; k++)
        fprintf(stream, "%s%s=%s", k ? " " : "", metrics[k].name, text_short(number, metrics[k].value, 4));
    fclose(stream);
    return text;
}

static bool print_table(const struct store_run *runs, size_t count, bool csv)
{
    static const char *const header[] = {"id", "name", "snapshots", "layers", "n", "last step", "params", "metrics"};
    struct table *table = table_new(sizeof header / sizeof *header);
    for (size_t c = 0; c < sizeof header / sizeof *header; c++)
        table_cell(table, header[c]);
    for (size_t k = 0; k < count; k++) {
        const struct store_run *r = &runs[k];
        char *params = join_fields(r->run.params, r->run.n_params);
        char *metrics = join_metrics(r->metrics, r->n_metrics);
        table_format(table, "%lld", (long long)r->id);
        table_cell(table, r->run.name);
        table_format(table, "%zu", r->snapshots);
        table_format(table, "%zu", r->run.n_layers);
        table_format(table, "%zu", r->n);
        table_format(table, "%lld", (long long)r->last_step);
        table_cell(table, params ? params : "");
        table_cell(table, metrics ? metrics : "");
        free(params);
        free(metrics);
    }
    return table_print(table, stdout, csv);
}

static bool print_json(const struct store_run *runs, size_t count)
{
    json_t *array = json_array();
    for (size_t k = 0; k < count; k++) {
        const struct store_run *r = &runs[k];
        json_array_append_new(array, json_pack("{sI so si si si sI so so so}", "id", (json_int_t)r->id, "name",
                                               json_text(r->run.name), "snapshots", (int)r->snapshots, "layers",
                                               (int)r->run.n_layers, "n", (int)r->n, "last_step",
                                               (json_int_t)r->last_step, "params",
                                               json_fields(r->run.params, r->run.n_params), "tags",
                                               json_fields(r->run.tags, r->run.n_tags), "metrics",
                                               json_metrics(r->metrics, r->n_metrics)));
    }
    return json_print(array);
}

int command_runs(struct arguments *arguments)
{
    struct store *store;
    struct store_run *runs;
    size_t count;
    struct ifl_error error;
    if (arguments->n_words > 0) {
        say("%s: runs takes no such word (infoflow runs --help)", arguments->words[0]);
        return EXIT_USAGE;
    }
    if (open_database(&store, arguments, STORE_READ, &error) != IFL_OK)
        return fail(&error);
    enum ifl_status status = store_list_runs(store, &runs, &count, &error);
    store_close(store);
    if (status != IFL_OK)
        return fail(&error);
    bool ok = arguments->format == FORMAT_JSON ? print_json(runs, count)
                                               : print_table(runs, count, arguments->format == FORMAT_CSV);
    store_runs_free(runs, count);
    if (!ok)
        say("out of memory");
    return ok ? EXIT_DONE : EXIT_FAILED;
}
