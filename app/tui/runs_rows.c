/* From runs to the lines of the list: filter, order, groups. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <base/filter.h>

#include "entry.h"
#include "runs_parts.h"

/* ---- rows and items ---- */

size_t runs_row_item(const struct runs *runs, const struct run_row *row)
{
    return row->item != RUNS_NONE ? row->item : runs->members[runs->groups[row->group].first];
}

size_t runs_row_of(const struct runs *runs, size_t item)
{
    size_t group = runs->shares[item].group, of_group = RUNS_NONE;
    for (size_t k = 0; k < runs->n_rows; k++) {
        if (runs->rows[k].item == item)
            return k;
        /* A group has a line of its own also where this run does not pass the filter. */
        if (runs->rows[k].item == RUNS_NONE && runs->rows[k].group == group)
            of_group = k;
    }
    return of_group;
}

struct runs_place runs_place(const struct runs *runs)
{
    if (runs->n_rows == 0)
        return (struct runs_place){.none = true};
    const struct run_row *row = &runs->rows[runs->at];
    return (struct runs_place){
        .group = row->item == RUNS_NONE, .id = runs->items[runs_row_item(runs, row)].id, .at = runs->at};
}

void runs_return(struct runs *runs, const struct runs_place *place)
{
    size_t last = runs->n_rows > 0 ? runs->n_rows - 1 : 0;
    size_t item = place->none ? RUNS_NONE : runs_item(runs, place->id);
    size_t row = item != RUNS_NONE ? runs_row_of(runs, item) : RUNS_NONE;
    while (row != RUNS_NONE && place->group && row > 0 && runs->rows[row].item != RUNS_NONE &&
           runs->rows[row].group != RUNS_NONE)
        row--;
    runs->at = row != RUNS_NONE ? row : place->at < last ? place->at : last;
}

/* ---- the filter ---- */

static bool passes(const struct runs *runs, size_t item)
{
    if (runs->filter == NULL)
        return true;
    struct filter_row row = store_run_row(&runs->items[item]);
    const struct run_share *share = &runs->shares[item];
    if (share->known) {
        row.dpi_forward = 100 * share->forward;
        row.dpi_backward = 100 * share->backward;
    }
    return filter_match(runs->filter, &row);
}

enum ifl_status runs_filter(struct runs *runs, const char *expression, struct ifl_error *error)
{
    struct filter *filter = NULL;
    char *text = NULL;
    if (expression[strspn(expression, " \t")] != '\0') {
        enum ifl_status status = filter_parse(&filter, expression, error);
        if (status != IFL_OK)
            return status;
        text = strdup(expression);
        if (text == NULL) {
            filter_free(filter);
            return ifl_fail(error, IFL_NO_MEMORY, "no memory for the filter");
        }
    }
    filter_free(runs->filter);
    free(runs->filter_text);
    runs->filter = filter;
    runs->filter_text = text;
    runs_arrange(runs);
    return IFL_OK;
}

const char *runs_filter_lacks(const struct runs *runs)
{
    return runs->filter != NULL ? store_runs_lack(runs->items, runs->count, runs->filter) : NULL;
}

/* ---- the order ---- */

struct sort_key {
    size_t index; /* what is equal keeps this order */
    struct run_row row;
    bool reverse, is_number, is_missing;
    double number;
    size_t parts; /* it is the mean of */
    const char *text;
};

/* As people count: `s2` before `s10`. */
static int compare_texts(const char *a, const char *b)
{
    const char *one = a, *other = b;
    while (*a != '\0' && *b != '\0') {
        if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
            a += strspn(a, "0");
            b += strspn(b, "0");
            size_t digits = strspn(a, "0123456789"), of_other = strspn(b, "0123456789");
            int order = digits != of_other ? (digits > of_other) - (digits < of_other) : memcmp(a, b, digits);
            if (order != 0)
                return order;
            a += digits;
            b += of_other;
        } else if (*a != *b) {
            break;
        } else {
            a++;
            b++;
        }
    }
    int order = ((unsigned char)*a > (unsigned char)*b) - ((unsigned char)*a < (unsigned char)*b);
    return order != 0 ? order : strcmp(one, other);
}

/* Numbers before texts, what is missing last either way. */
static int compare_keys(const void *left, const void *right)
{
    const struct sort_key *a = left, *b = right;
    int order = (int)a->is_missing - (int)b->is_missing;
    if (order != 0)
        return order;
    order = (int)b->is_number - (int)a->is_number;
    if (order == 0 && a->is_number)
        order = (a->number > b->number) - (a->number < b->number);
    else if (order == 0 && !a->is_missing)
        order = compare_texts(a->text, b->text);
    if (order != 0)
        return a->reverse ? -order : order;
    return (a->index > b->index) - (a->index < b->index);
}

size_t runs_sorted_by(const struct runs *runs)
{
    size_t k = runs->sort != NULL ? columns_find(&runs->columns, runs->sort) : 0;
    return k < runs->columns.count ? k : 0;
}

static struct sort_key key_of_run(const struct runs *runs, const struct column *column, size_t item)
{
    struct sort_key key = {
        .index = item, .row = {runs->shares[item].group, item}, .reverse = runs->reverse, .parts = 1};
    key.is_number = entry_number(runs, column, item, &key.number);
    key.text = key.is_number ? NULL : entry_text(column, &runs->items[item]);
    key.is_missing = !key.is_number && key.text == NULL;
    return key;
}

static void sort_keys(struct sort_key *keys, size_t count)
{
    if (count > 1)
        qsort(keys, count, sizeof *keys, compare_keys);
}

/* ---- rows ---- */

/* The sorted runs into members[]: those of a group together, in this order, and behind all groups the others. */
static void gather(struct runs *runs, const struct sort_key *keys, size_t count)
{
    size_t end = 0;
    for (size_t g = 0; g < runs->n_groups; g++)
        runs->groups[g].count = 0;
    for (size_t k = 0; k < count; k++)
        if (keys[k].row.group != RUNS_NONE)
            runs->groups[keys[k].row.group].count++;
    for (size_t g = 0; g < runs->n_groups; g++) {
        runs->groups[g].first = end;
        end += runs->groups[g].count;
        runs->groups[g].count = 0;
    }
    for (size_t k = 0; k < count; k++) {
        struct run_group *group = keys[k].row.group != RUNS_NONE ? &runs->groups[keys[k].row.group] : NULL;
        size_t to = group != NULL ? group->first + group->count++ : end++;
        runs->members[to] = keys[k].row.item;
        runs->ids[to] = runs->items[keys[k].row.item].id;
    }
    runs->passing = count;
}

static bool shown_as_group(const struct runs *runs, size_t group)
{
    return group != RUNS_NONE && !runs->flat && runs->groups[group].count > 1;
}

/* A group goes where the mean of its members goes. Keys of runs become, in place, fewer keys of what has a line of its
 * own. */
static size_t keys_of_lines(const struct runs *runs, struct sort_key *keys, size_t count, size_t *place)
{
    size_t lines = 0;
    for (size_t k = 0; k < count; k++) {
        struct sort_key key = keys[k];
        size_t group = key.row.group;
        key.index = lines;
        if (!shown_as_group(runs, group)) {
            key.row.group = RUNS_NONE;
            keys[lines++] = key;
        } else if (place[group] == RUNS_NONE) {
            place[group] = lines;
            key.row.item = RUNS_NONE;
            keys[lines++] = key;
        } else if (key.is_number) {
            struct sort_key *mean = &keys[place[group]];
            mean->number += (key.number - mean->number) / (double)++mean->parts;
        }
    }
    return lines;
}

static void lay_rows(struct runs *runs, const struct sort_key *lines, size_t count)
{
    runs->n_rows = 0;
    for (size_t k = 0; k < count; k++) {
        struct run_row row = lines[k].row;
        runs->rows[runs->n_rows++] = row;
        if (row.item != RUNS_NONE || !runs->groups[row.group].unfolded)
            continue;
        const struct run_group *group = &runs->groups[row.group];
        for (size_t m = 0; m < group->count; m++)
            runs->rows[runs->n_rows++] = (struct run_row){row.group, runs->members[group->first + m]};
    }
}

void runs_arrange(struct runs *runs)
{
    struct sort_key *keys = ifl_alloc(runs->count, sizeof *keys);
    size_t *place = ifl_alloc(runs->n_groups, sizeof *place), count = 0;
    if (keys == NULL || place == NULL || runs->columns.count == 0)
        goto out;
    struct runs_place cursor = runs_place(runs);
    const struct column *column = &runs->columns.items[runs_sorted_by(runs)];
    for (size_t k = 0; k < runs->count; k++)
        if (passes(runs, k))
            keys[count++] = key_of_run(runs, column, k);
    sort_keys(keys, count);
    gather(runs, keys, count);
    for (size_t g = 0; g < runs->n_groups; g++)
        place[g] = RUNS_NONE;
    size_t lines = keys_of_lines(runs, keys, count, place);
    sort_keys(keys, lines);
    lay_rows(runs, keys, lines);
    runs_return(runs, &cursor);
    runs->stale = false;
out:
    free(keys);
    free(place);
}

/* ---- sorting ---- */

static enum ifl_status sort_by(struct runs *runs, const char *word, bool reverse, struct ifl_error *error)
{
    char *kept = strdup(word);
    if (kept == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for the order of runs");
    free(runs->sort);
    runs->sort = kept;
    runs->reverse = reverse;
    runs->reveal = true;
    runs_arrange(runs);
    return IFL_OK;
}

enum ifl_status runs_sort(struct runs *runs, const char *column, bool reverse, struct ifl_error *error)
{
    if (runs->count == 0) /* its columns are yet to come */
        return sort_by(runs, column, reverse, error);
    size_t k = column[0] == '\0' ? 0 : columns_find(&runs->columns, column);
    if (k == runs->columns.count)
        return ifl_fail(error, IFL_INVALID, "sort: no column %s", column);
    return sort_by(runs, runs->columns.items[k].word, reverse, error);
}

void runs_sort_next(struct runs *runs)
{
    size_t next = runs_sorted_by(runs), count = runs->columns.count;
    if (count == 0)
        return;
    do
        next = (next + 1) % count;
    while (!runs->columns.items[next].shown);
    sort_by(runs, runs->columns.items[next].word, false, NULL);
}

void runs_sort_reverse(struct runs *runs)
{
    runs->reverse = !runs->reverse;
    runs_arrange(runs);
}
