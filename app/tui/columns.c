#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/text.h>

#include "columns.h"

enum { WIDTH_MAX = 24, NAME_WIDTH_MAX = 40 };

const struct metric *metric_find(const struct metric *metrics, size_t count, const char *name)
{
    for (size_t k = 0; k < count; k++)
        if (strcmp(metrics[k].name, name) == 0)
            return &metrics[k];
    return NULL;
}

bool metric_is_unseen(const char *name)
{
    return strstr(name, "test") != NULL || strstr(name, "val") != NULL;
}

char *column_text(char out[128], const struct column *column, const struct store_run *run)
{
    const struct field *field;
    const struct metric *metric;
    out[0] = '\0';
    switch (column->kind) {
    case COLUMN_NAME:
        snprintf(out, 128, "%s", run->run.name);
        break;
    case COLUMN_PARAM:
        field = run_param(&run->run, column->key);
        if (field != NULL)
            snprintf(out, 128, "%s", field->text);
        break;
    case COLUMN_SNAPSHOTS:
        snprintf(out, 128, "%zu", run->snapshots);
        break;
    case COLUMN_STEP:
        if (run->snapshots > 0)
            snprintf(out, 128, "%" PRId64, run->last_step);
        break;
    case COLUMN_METRIC:
        metric = metric_find(run->metrics, run->n_metrics, column->key);
        if (metric != NULL)
            text_short(out, metric->value, 4);
        break;
    }
    return out;
}

const char *column_head(const struct column *column)
{
    switch (column->kind) {
    case COLUMN_NAME:
        return "run";
    case COLUMN_SNAPSHOTS:
        return "snaps";
    case COLUMN_STEP:
        return "step";
    default:
        return column->key;
    }
}

/* ---- which there are ---- */

struct table {
    const struct store_run *runs;
    size_t n_runs;
    struct column *columns;
    size_t count, room;
    bool failed;
};

static bool has(const struct table *table, enum column_kind kind, const char *key)
{
    for (size_t k = 0; k < table->count; k++)
        if (table->columns[k].kind == kind && (key == NULL || strcmp(table->columns[k].key, key) == 0))
            return true;
    return false;
}

static int width_of(const struct table *table, const struct column *column)
{
    size_t most = column->kind == COLUMN_NAME ? NAME_WIDTH_MAX : WIDTH_MAX, width = text_width(column_head(column));
    for (size_t k = 0; k < table->n_runs && width < most; k++) {
        char text[128];
        size_t wanted = text_width(column_text(text, column, &table->runs[k]));
        width = wanted > width ? wanted : width;
    }
    return (int)(width < most ? width : most);
}

static void add(struct table *table, enum column_kind kind, const char *key, int rank)
{
    if (table->count == table->room) {
        size_t room = 2 * table->room + 8;
        struct column *columns = realloc(table->columns, room * sizeof *columns);
        table->failed |= columns == NULL;
        if (columns == NULL)
            return;
        table->columns = columns;
        table->room = room;
    }
    struct column column = {.kind = kind, .key = key, .rank = rank};
    column.width = width_of(table, &column);
    table->columns[table->count++] = column;
}

static bool same_param(const struct store_run *a, const struct store_run *b, const char *key)
{
    const struct field *one = run_param(&a->run, key), *other = run_param(&b->run, key);
    if (one == NULL || other == NULL)
        return one == other;
    return strcmp(one->text, other->text) == 0;
}

static bool varies(const struct store_run *runs, size_t count, const char *key)
{
    for (size_t k = 1; k < count; k++)
        if (!same_param(&runs[0], &runs[k], key))
            return true;
    return false;
}

static void add_metrics(struct table *table)
{
    for (size_t r = 0; r < table->n_runs; r++)
        for (size_t k = 0; k < table->runs[r].n_metrics; k++) {
            const char *name = table->runs[r].metrics[k].name;
            if (!has(table, COLUMN_METRIC, name))
                add(table, COLUMN_METRIC, name, k == 0 || metric_is_unseen(name) ? RANK_FIRST_METRIC : RANK_MORE);
        }
}

/* Params that all runs share tell nothing here: they come last, and only where there is room. */
static void add_params(struct table *table, struct table *shared)
{
    for (size_t r = 0; r < table->n_runs; r++)
        for (size_t k = 0; k < table->runs[r].run.n_params; k++) {
            const char *key = table->runs[r].run.params[k].key;
            if (has(table, COLUMN_PARAM, key) || has(shared, COLUMN_PARAM, key))
                continue;
            if (varies(table->runs, table->n_runs, key))
                add(table, COLUMN_PARAM, key, RANK_VARYING);
            else
                add(shared, COLUMN_PARAM, key, RANK_SHARED);
        }
}

bool columns_make(struct column **out, size_t *n_out, const struct store_run *runs, size_t count)
{
    struct table table = {.runs = runs, .n_runs = count}, shared = table;
    add(&table, COLUMN_NAME, NULL, RANK_NAME);
    add_params(&table, &shared);
    add(&table, COLUMN_SNAPSHOTS, NULL, RANK_SNAPSHOTS);
    add(&table, COLUMN_STEP, NULL, RANK_MORE);
    add_metrics(&table);
    for (size_t k = 0; k < shared.count; k++)
        add(&table, COLUMN_PARAM, shared.columns[k].key, RANK_SHARED);
    free(shared.columns);
    if (table.failed || shared.failed) {
        free(table.columns);
        return false;
    }
    *out = table.columns;
    *n_out = table.count;
    return true;
}
