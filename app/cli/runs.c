/* infoflow runs: the list of runs. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <base/text.h>
#include <cli/cli.h>
#include <cli/json.h>

/* Parameters that all runs of a list have alike: `count` of those of its first run. */
struct common {
    const struct field **fields;
    size_t count;
};

static bool is_common(const struct common *common, const char *key)
{
    for (size_t k = 0; k < common->count; k++)
        if (strcmp(common->fields[k]->key, key) == 0)
            return true;
    return false;
}

/* Of one run nothing is left out. Without memory there are none. */
static struct common find_common(const struct store_run *runs, size_t count)
{
    struct common common = {0};
    if (count < 2 || (common.fields = ifl_alloc(runs[0].run.n_params, sizeof *common.fields)) == NULL)
        return common;
    for (size_t p = 0; p < runs[0].run.n_params; p++) {
        const struct field *field = &runs[0].run.params[p], *other = field;
        for (size_t k = 1; k < count && other != NULL; k++) {
            other = run_param(&runs[k].run, field->key);
            other = other != NULL && strcmp(other->text, field->text) == 0 ? other : NULL;
        }
        if (other != NULL)
            common.fields[common.count++] = field;
    }
    return common;
}

/* "a=1 b=x" of those that are not common, new. */
static char *join_params(const struct run *run, const struct common *common)
{
    char *text = NULL;
    size_t size, joined = 0;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL)
        return NULL;
    for (size_t k = 0; k < run->n_params; k++)
        if (!is_common(common, run->params[k].key))
            fprintf(stream, "%s%s=%s", joined++ ? " " : "", run->params[k].key, run->params[k].text);
    fclose(stream);
    return text;
}

static void print_common(const struct common *common)
{
    if (common->count > 0)
        fputs("\nall: ", stdout);
    for (size_t k = 0; k < common->count; k++)
        text_printf(stdout, "%s%s=%s", k ? " " : "", common->fields[k]->key, common->fields[k]->text);
    if (common->count > 0)
        putchar('\n');
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

/* When a run was deleted, in local time, as a last column. */
static void deleted_cell(struct table *table, const struct store_run *run)
{
    char text[32] = "";
    time_t when = (time_t)run->deleted;
    struct tm tm;
    if (localtime_r(&when, &tm) != NULL)
        strftime(text, sizeof text, "%Y-%m-%d %H:%M", &tm);
    table_cell(table, text);
}

/* For people, what all runs have alike stands below the table, once. */
static bool print_table(const struct store_run *runs, size_t count, const struct arguments *arguments)
{
    static const char *const header[] = {"id",        "name",   "snapshots", "layers", "n",
                                         "last step", "params", "metrics",   "deleted"};
    size_t columns = sizeof header / sizeof *header - !arguments->deleted;
    struct table *table = table_new(columns);
    struct common common = {0};
    if (arguments->format == FORMAT_TABLE)
        common = find_common(runs, count);
    for (size_t c = 0; c < columns; c++)
        table_cell(table, header[c]);
    for (size_t k = 0; k < count; k++) {
        const struct store_run *r = &runs[k];
        char *params = join_params(&r->run, &common);
        char *metrics = join_metrics(r->metrics, r->n_metrics);
        table_format(table, "%lld", (long long)r->id);
        table_cell(table, r->run.name);
        table_format(table, "%zu", r->snapshots);
        table_format(table, "%zu", r->run.n_layers);
        table_format(table, "%zu", r->n);
        table_format(table, "%lld", (long long)r->last_step);
        table_cell(table, params ? params : "");
        table_cell(table, metrics ? metrics : "");
        if (arguments->deleted)
            deleted_cell(table, r);
        free(params);
        free(metrics);
    }
    bool ok = table_print(table, stdout, arguments->format == FORMAT_CSV);
    print_common(&common);
    free(common.fields);
    return ok;
}

static json_t *run_json(const struct store_run *r)
{
    json_t *object = json_pack(
        "{sI so si si si sI so so so so}", "id", (json_int_t)r->id, "name", json_text(r->run.name), "snapshots",
        (int)r->snapshots, "layers", (int)r->run.n_layers, "n", (int)r->n, "last_step", (json_int_t)r->last_step,
        "params", json_fields(r->run.params, r->run.n_params), "tags", json_fields(r->run.tags, r->run.n_tags), "note",
        json_lines(r->note), "metrics", json_metrics(r->metrics, r->n_metrics));
    if (object != NULL && r->deleted != 0)
        json_object_set_new(object, "deleted", json_integer((json_int_t)r->deleted));
    return object;
}

static bool print_json(const struct store_run *runs, size_t count)
{
    json_t *array = json_array();
    for (size_t k = 0; k < count; k++)
        json_array_append_new(array, run_json(&runs[k]));
    return json_print(array);
}

/* Leaves only the runs for which the filter holds. */
static void keep_matching(struct store_run *runs, size_t *count, const struct filter *filter)
{
    size_t kept = 0;
    for (size_t k = 0; k < *count; k++) {
        struct filter_row row = store_run_row(&runs[k]);
        if (filter_match(filter, &row))
            runs[kept++] = runs[k];
        else
            store_run_release(&runs[k]);
    }
    *count = kept;
}

/* The runs of the list that the arguments ask for. */
static enum ifl_status list_runs(struct store_run **runs, size_t *count, struct store_left_out *left_out,
                                 const struct arguments *arguments, struct ifl_error *error)
{
    struct filter *filter = NULL;
    struct store *store = NULL;
    enum ifl_status status = filter_parse(&filter, arguments->filter != NULL ? arguments->filter : "", error);
    if (status != IFL_OK) {
        ifl_error_prefix(error, "--filter");
        return status;
    }
    status = open_database(&store, arguments, STORE_READ, error);
    if (status == IFL_OK)
        status = store_list_runs_among(store, arguments->deleted ? STORE_DELETED : STORE_ALIVE, runs, count, left_out,
                                       error);
    if (status == IFL_OK) {
        const char *lacking = store_runs_lack(*runs, *count, filter);
        if (lacking != NULL)
            say("--filter: no run has a field `%s`", lacking);
        keep_matching(*runs, count, filter);
    }
    store_close(store);
    filter_free(filter);
    return status;
}

int command_runs(struct arguments *arguments)
{
    struct store_run *runs;
    struct store_left_out left_out;
    size_t count;
    struct ifl_error error;
    if (arguments->n_words > 0) {
        say("%s: runs takes no such word (infoflow runs --help)", arguments->words[0]);
        return EXIT_USAGE;
    }
    if (list_runs(&runs, &count, &left_out, arguments, &error) != IFL_OK)
        return fail(&error);
    bool ok = arguments->format == FORMAT_JSON ? print_json(runs, count) : print_table(runs, count, arguments);
    store_runs_free(runs, count);
    if (!ok) {
        say("out of memory");
        return EXIT_FAILED;
    }
    if (left_out.count > 1)
        say("%s (and %zu runs more)", left_out.first.message, left_out.count - 1);
    return left_out.count == 0 ? EXIT_DONE : left_out.count > 1 ? EXIT_REFUSED : fail(&left_out.first);
}
