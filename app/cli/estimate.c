/* infoflow estimate: the numbers. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <base/records.h>
#include <base/text.h>
#include <cli/run.h>
#include <infoflow/summary.h>

static const char *layer_name(const struct estimated *e, int32_t layer)
{
    return layer < 0 ? "" : e->run.run.layers[layer].name;
}

static void print_records(const struct estimated *e, enum records_format format)
{
    struct records records;
    records_begin(&records, stdout, format);
    records_add(&records, &e->run.run, e->estimates.snapshots, e->estimates.count);
    records_end(&records);
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
    char number[32];
    text_printf(stdout, "%s  step %lld", e->run.run.name, (long long)s->step);
    if (!isnan(s->epoch))
        printf("  epoch %s", text_short(number, s->epoch, 6));
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
                                       .sampled = true,
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

static bool print_table(const struct estimated *e)
{
    const struct estimate *all = e->estimates.snapshots;
    size_t first = 0; /* mini-batch of the step */
    bool ok = true;
    for (size_t k = 0; ok && k < e->estimates.count; k++) {
        bool more = k + 1 < e->estimates.count && all[k + 1].step == all[k].step;
        if (k > 0)
            putchar('\n');
        print_heading(e, &all[k]);
        if (more || first < k)
            printf("  batch %lld", (long long)all[k].batch);
        print_whole(&all[k]);
        putchar('\n');
        ok = print_layers(e, &all[k]);
        if (ok && !more && first < k)
            ok = print_mean(e, &all[first], k + 1 - first);
        first = more ? first : k + 1;
    }
    return ok;
}

/* Says why nothing comes out, where nothing does. */
static void note_empty(const struct estimated *e)
{
    size_t records = 0;
    for (size_t k = 0; k < e->estimates.count; k++)
        records += e->estimates.snapshots[k].count;
    if (e->estimates.count == 0)
        say("%s: no snapshots in it yet", e->run.run.name);
    else if (records == 0)
        say("%s: none of these quantities is defined for its layers", e->run.run.name);
}

int command_estimate(struct arguments *arguments)
{
    struct store *store;
    struct estimated e;
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
    enum ifl_status status =
        estimated_init(&e, store, arguments, arguments->words[0], arguments->steps, wanted, &error);
    store_close(store);
    if (status != IFL_OK)
        return fail(&error);
    bool ok = true;
    note_empty(&e);
    if (arguments->format == FORMAT_TABLE)
        ok = print_table(&e);
    else
        print_records(&e, arguments->format == FORMAT_CSV ? RECORDS_CSV : RECORDS_JSON);
    estimated_release(&e);
    if (!ok)
        say("out of memory");
    return ok ? EXIT_DONE : EXIT_FAILED;
}
