#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/text.h>

#include "runs.h"

/* ---- the list ---- */

const struct store_run *runs_current(const struct runs *runs)
{
    return runs->count > 0 ? &runs->items[runs->order[runs->at]] : NULL;
}

void runs_select(struct runs *runs, int64_t id)
{
    for (size_t k = 0; k < runs->count; k++)
        if (runs->items[runs->order[k]].id == id)
            runs->at = k;
}

void runs_move(struct runs *runs, long by)
{
    size_t last = runs->count > 0 ? runs->count - 1 : 0;
    if (by < 0)
        runs->at = runs->at > (size_t)-by ? runs->at - (size_t)-by : 0;
    else
        runs->at = last - runs->at > (size_t)by ? runs->at + (size_t)by : last;
}

void runs_release(struct runs *runs)
{
    store_runs_free(runs->items, runs->count);
    free(runs->order);
    free(runs->columns);
    *runs = (struct runs){0};
}

enum ifl_status runs_load(struct runs *runs, struct store *store, struct ifl_error *error)
{
    struct runs fresh = {0};
    enum ifl_status status = store_list_runs(store, &fresh.items, &fresh.count, error);
    if (status != IFL_OK)
        return status;
    fresh.order = ifl_alloc(fresh.count, sizeof *fresh.order);
    if (fresh.order == NULL || !columns_make(&fresh.columns, &fresh.n_columns, fresh.items, fresh.count)) {
        runs_release(&fresh);
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for the list of runs");
    }
    for (size_t k = 0; k < fresh.count; k++)
        fresh.order[k] = k;
    memcpy(fresh.sought, runs->sought, sizeof fresh.sought);

    const struct store_run *current = runs_current(runs);
    int64_t id = current != NULL ? current->id : 0;
    bool same_columns = fresh.n_columns == runs->n_columns;
    size_t sort = same_columns ? runs->sort : 0;
    bool reverse = same_columns && runs->reverse;
    runs_release(runs);
    *runs = fresh;
    runs_sort(runs, sort, reverse);
    runs_select(runs, id);
    return IFL_OK;
}

bool runs_differ(const struct runs *runs, const char *key)
{
    for (size_t k = 0; k < runs->n_columns; k++)
        if (runs->columns[k].kind == COLUMN_PARAM && strcmp(runs->columns[k].key, key) == 0)
            return runs->columns[k].rank == RANK_VARYING;
    return false;
}

/* ---- sorting ---- */

struct sort_key {
    size_t index;
    bool is_number, is_missing;
    double number;
    const char *text;
};

static void set_number(struct sort_key *key, double number)
{
    key->is_number = true;
    key->number = number;
}

static struct sort_key sort_key_of(const struct column *column, const struct store_run *run, size_t index)
{
    struct sort_key key = {.index = index, .text = ""};
    const struct field *field;
    const struct metric *metric;
    switch (column->kind) {
    case COLUMN_NAME:
        key.text = run->run.name;
        break;
    case COLUMN_PARAM:
        field = run_param(&run->run, column->key);
        key.is_missing = field == NULL;
        if (field != NULL && field->type == FIELD_NUMBER)
            set_number(&key, field->number);
        else if (field != NULL)
            key.text = field->text;
        break;
    case COLUMN_SNAPSHOTS:
        set_number(&key, (double)run->snapshots);
        break;
    case COLUMN_STEP:
        set_number(&key, (double)run->last_step);
        break;
    case COLUMN_METRIC:
        metric = metric_find(run->metrics, run->n_metrics, column->key);
        key.is_missing = metric == NULL;
        if (metric != NULL)
            set_number(&key, metric->value);
        break;
    }
    return key;
}

/* Numbers before texts, what is missing last; what is equal stays in the order of names. */
static int compare_keys(const void *left, const void *right)
{
    const struct sort_key *a = left, *b = right;
    int order = (int)a->is_missing - (int)b->is_missing;
    if (order == 0)
        order = (int)b->is_number - (int)a->is_number;
    if (order == 0 && a->is_number)
        order = (a->number > b->number) - (a->number < b->number);
    if (order == 0)
        order = strcmp(a->text, b->text);
    if (order == 0)
        order = (a->index > b->index) - (a->index < b->index);
    return order;
}

void runs_sort(struct runs *runs, size_t column, bool reverse)
{
    struct sort_key *keys = ifl_alloc(runs->count, sizeof *keys);
    if (keys == NULL || column >= runs->n_columns) {
        free(keys);
        return; /* unsorted is still a list */
    }
    const struct store_run *current = runs_current(runs);
    for (size_t k = 0; k < runs->count; k++)
        keys[k] = sort_key_of(&runs->columns[column], &runs->items[k], k);
    qsort(keys, runs->count, sizeof *keys, compare_keys);
    for (size_t k = 0; k < runs->count; k++)
        runs->order[reverse ? runs->count - 1 - k : k] = keys[k].index;
    free(keys);
    runs->sort = column;
    runs->reverse = reverse;
    if (current != NULL)
        runs_select(runs, current->id);
}

/* ---- searching ---- */

static bool contains(const char *text, const char *sought)
{
    for (; *text != '\0'; text++) {
        size_t k = 0;
        while (sought[k] != '\0' && tolower((unsigned char)text[k]) == tolower((unsigned char)sought[k]))
            k++;
        if (sought[k] == '\0')
            return true;
    }
    return false;
}

static bool matches(const struct store_run *run, const char *sought)
{
    if (contains(run->run.name, sought))
        return true;
    for (size_t k = 0; k < run->run.n_params; k++) {
        char text[512];
        snprintf(text, sizeof text, "%s=%s", run->run.params[k].key, run->run.params[k].text);
        if (contains(text, sought))
            return true;
    }
    return false;
}

bool runs_search(struct runs *runs, int direction, bool here)
{
    if (runs->sought[0] == '\0')
        return false;
    for (size_t k = here ? 0 : 1; k <= runs->count && runs->count > 0; k++) {
        size_t step = k % runs->count;
        size_t at = (runs->at + (direction > 0 ? step : runs->count - step)) % runs->count;
        if (matches(&runs->items[runs->order[at]], runs->sought)) {
            runs->at = at;
            return true;
        }
    }
    return false;
}
