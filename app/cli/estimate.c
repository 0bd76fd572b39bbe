/* infoflow estimate: the numbers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <base/changed.h>
#include <base/records.h>
#include <base/text.h>
#include <cli/run.h>
#include <infoflow/summary.h>

static const char *layer_name(const struct estimated *e, int32_t layer)
{
    return layer < 0 ? "" : e->run.run.layers[layer].name;
}

/* ---- for people: a line a layer ---- */

static void print_whole(const struct estimate *s)
{
    for (int q = IFL_H_X; q <= IFL_H_Y; q++) {
        const struct ifl_record *record = ifl_record_find(s->records, s->count, -1, (enum ifl_quantity)q);
        if (record != NULL)
            printf("  %s = %.4f", ifl_quantity_name((enum ifl_quantity)q), record->value);
        if (record != NULL && record->sampled)
            printf(" +-%.4f", record->error);
        if (record != NULL)
            fputs(" bits", stdout);
    }
}

static bool has_quantity(const struct estimate *s, int quantity)
{
    for (size_t r = 0; r < s->count; r++)
        if ((int)s->records[r].quantity == quantity && s->records[r].layer >= 0)
            return true;
    return false;
}

/* The value, and its standard error where that is of a sample of pairs. */
static void value_cell(struct table *table, const struct ifl_record *record)
{
    int digits = strcmp(ifl_quantity_unit(record->quantity), "%") == 0 ? 1 : 4;
    if (record->sampled)
        table_format(table, "%.*f +-%.*f", digits, record->value, digits, record->error);
    else
        table_format(table, "%.*f", digits, record->value);
}

static bool print_layers(const struct estimated *e, const struct estimate *s)
{
    size_t columns = 2;
    for (int q = 0; q < IFL_QUANTITIES; q++)
        columns += has_quantity(s, q);
    if (columns == 2)
        return true;
    struct table *table = table_new(columns);
    table_cell(table, "layer");
    for (int q = 0; q < IFL_QUANTITIES; q++)
        if (has_quantity(s, q))
            table_cell(table, ifl_quantity_name((enum ifl_quantity)q));
    table_cell(table, "health");
    for (int32_t l = 0; l < (int32_t)e->run.run.n_layers; l++) {
        unsigned health = 0;
        table_cell(table, layer_name(e, l));
        for (int q = 0; q < IFL_QUANTITIES; q++) {
            const struct ifl_record *record = ifl_record_find(s->records, s->count, l, (enum ifl_quantity)q);
            if (!has_quantity(s, q))
                continue;
            if (record == NULL)
                table_cell(table, "");
            else
                value_cell(table, record);
            health |= record != NULL ? record->health : 0;
        }
        char words[IFL_HEALTH_TEXT];
        ifl_health_text(health, words);
        table_cell(table, words);
    }
    return table_print(table, stdout, false);
}

static void print_heading(const struct estimated *e, const struct estimate *s)
{
    char number[32], changed[CHANGED_BYTES];
    text_printf(stdout, "%s  step %lld", e->run.run.name, (long long)s->step);
    if (!isnan(s->epoch))
        printf("  epoch %s", text_short(number, s->epoch, 6));
    fputs(changed_text(changed, &e->params), stdout);
}

/* The mean over the mini-batches of a step, its standard deviation where a sample's error would stand. */
static bool print_mean(const struct estimated *e, const struct estimate *batches, size_t count)
{
    struct ifl_summary *summaries = NULL;
    struct ifl_record *means = NULL;
    size_t found = 0;
    struct ifl_record_set *sets = ifl_alloc(count, sizeof *sets);
    for (size_t k = 0; sets != NULL && k < count; k++)
        sets[k] = (struct ifl_record_set){batches[k].records, batches[k].count};
    bool ok = sets != NULL && ifl_summarise(sets, count, &summaries, &found, NULL) == IFL_OK;
    if (ok)
        means = ifl_alloc(found, sizeof *means);
    ok = ok && means != NULL;
    for (size_t k = 0; ok && k < found; k++)
        means[k] = (struct ifl_record){.layer = summaries[k].layer,
                                       .quantity = summaries[k].quantity,
                                       .health = summaries[k].health,
                                       .value = summaries[k].mean,
                                       .sampled = summaries[k].count > 1, /* of one there is no deviation */
                                       .error = summaries[k].deviation};
    if (ok) {
        struct estimate mean = {.step = batches->step, .epoch = batches->epoch, .records = means, .count = found};
        putchar('\n');
        print_heading(e, &mean);
        printf("  mean +-deviation of %zu mini-batches", count);
        print_whole(&mean);
        putchar('\n');
        ok = print_layers(e, &mean);
    }
    free(means);
    free(summaries);
    free(sets);
    return ok;
}

/* ---- as they come ---- */

struct printer {
    const struct arguments *arguments;
    struct estimated e;
    struct records records;
    size_t first; /* for people: the first mini-batch of the step */
    size_t count; /* of records */
    bool failed;  /* for want of memory */
};

/* A snapshot, and behind the last mini-batch of a step their mean. */
static bool print_table(struct printer *p, const struct estimate *all, size_t count, size_t k)
{
    bool more = k + 1 < count && all[k + 1].step == all[k].step;
    if (k > 0)
        putchar('\n');
    print_heading(&p->e, &all[k]);
    if (more || p->first < k)
        printf("  batch %lld", (long long)all[k].batch);
    print_whole(&all[k]);
    putchar('\n');
    bool ok = print_layers(&p->e, &all[k]);
    if (ok && !more && p->first < k)
        ok = print_mean(&p->e, &all[p->first], k + 1 - p->first);
    p->first = more ? p->first : k + 1;
    return ok;
}

/* Not before there is something: what fails at once prints nothing. */
static void begin_records(struct printer *p)
{
    if (p->arguments->format != FORMAT_TABLE && p->records.stream == NULL)
        records_begin(&p->records, stdout, p->arguments->format == FORMAT_CSV ? RECORDS_CSV : RECORDS_JSON);
}

/* Whoever reads along has each snapshot as soon as it is there; nobody, once stdout takes no more. */
static bool print_snapshot(void *context, const struct estimates *so_far, size_t k)
{
    struct printer *p = context;
    progress_end();
    begin_records(p);
    p->count += so_far->snapshots[k].count;
    if (p->arguments->format == FORMAT_TABLE)
        p->failed = !print_table(p, so_far->snapshots, so_far->count, k);
    else
        records_add(&p->records, &p->e.run.run, &so_far->snapshots[k], 1);
    return fflush(stdout) == 0 && !p->failed;
}

/* Says why nothing comes out, where nothing does. */
static void note_empty(const struct printer *p)
{
    if (p->e.chosen == 0)
        say("%s: no snapshots in it yet", p->e.run.run.name);
    else if (p->count == 0)
        say("%s: none of these quantities is defined for its layers", p->e.run.run.name);
}

static enum ifl_status print_run(struct printer *p, struct store *store, ifl_quantity_set wanted,
                                 struct ifl_error *error)
{
    const struct arguments *arguments = p->arguments;
    enum ifl_status status = estimated_find(&p->e, store, arguments, arguments->words[0], arguments->steps, error);
    if (status != IFL_OK)
        return status;
    status = estimated_compute(&p->e, store, arguments, wanted, print_snapshot, p, error);
    if (status == IFL_OK && p->failed)
        status = ifl_fail(error, IFL_NO_MEMORY, "out of memory");
    if (status == IFL_OK)
        begin_records(p);
    if (p->records.stream != NULL) /* after a failure too: what is there can be read, the exit status tells the rest */
        records_end(&p->records);
    if (status == IFL_OK && !ferror(stdout))
        note_empty(p);
    return status;
}

int command_estimate(struct arguments *arguments)
{
    struct store *store;
    struct printer printer = {.arguments = arguments};
    struct ifl_error error;
    ifl_quantity_set wanted = arguments->quantities;
    if (arguments->no_pairs)
        wanted &= ~(ifl_quantity_set)IFL_PAIR_QUANTITIES;
    if (wanted == 0) {
        say("--no-pairs: leaves nothing of --quantities");
        return EXIT_USAGE;
    }
    if (arguments->n_words != 1) {
        say("estimate: needs one RUN (infoflow estimate --help)");
        return EXIT_USAGE;
    }
    if (open_database(&store, arguments, arguments->no_cache ? STORE_READ : STORE_WRITE, &error) != IFL_OK)
        return fail(&error);
    enum ifl_status status = print_run(&printer, store, wanted, &error);
    estimated_release(&printer.e);
    store_close(store);
    return status == IFL_OK ? EXIT_DONE : fail(&error);
}
