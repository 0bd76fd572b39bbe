#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <base/filter.h>

#include "runs_parts.h"

/* ---- finding ---- */

size_t runs_item(const struct runs *runs, int64_t id)
{
    size_t low = 0, high = runs->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int64_t at = runs->items[runs->by_id[middle]].id;
        if (at == id)
            return runs->by_id[middle];
        if (at < id)
            low = middle + 1;
        else
            high = middle;
    }
    return RUNS_NONE;
}

const struct store_run *runs_find(const struct runs *runs, int64_t id)
{
    size_t item = runs_item(runs, id);
    return item != RUNS_NONE ? &runs->items[item] : NULL;
}

struct named_item {
    int64_t id;
    size_t item;
};

static int compare_ids(const void *left, const void *right)
{
    const struct named_item *a = left, *b = right;
    return (a->id > b->id) - (a->id < b->id);
}

static bool index_ids(struct runs *runs)
{
    struct named_item *named = ifl_alloc(runs->count, sizeof *named);
    runs->by_id = ifl_alloc(runs->count, sizeof *runs->by_id);
    bool made = named != NULL && runs->by_id != NULL;
    for (size_t k = 0; made && k < runs->count; k++)
        named[k] = (struct named_item){runs->items[k].id, k};
    if (made && runs->count > 1)
        qsort(named, runs->count, sizeof *named, compare_ids);
    for (size_t k = 0; made && k < runs->count; k++)
        runs->by_id[k] = named[k].item;
    free(named);
    return made;
}

/* ---- taking ---- */

/* All that is made from a list; what the user chose stays. */
static void release_list(struct runs *runs)
{
    store_runs_free(runs->items, runs->count);
    for (size_t k = 0; k < runs->n_groups; k++)
        free(runs->groups[k].name);
    free(runs->groups);
    free(runs->by_id);
    free(runs->shares);
    columns_release(&runs->columns);
    free(runs->members);
    free(runs->ids);
    free(runs->rows);
}

void runs_release(struct runs *runs)
{
    release_list(runs);
    runs_marks_release(runs);
    filter_free(runs->filter);
    free(runs->filter_text);
    free(runs->sort);
    column_choice_release(&runs->choice);
    *runs = (struct runs){0};
}

static bool make_list(struct runs *fresh)
{
    fresh->shares = ifl_alloc(fresh->count, sizeof *fresh->shares);
    fresh->members = ifl_alloc(fresh->count, sizeof *fresh->members);
    fresh->ids = ifl_alloc(fresh->count, sizeof *fresh->ids);
    if (fresh->shares == NULL || fresh->members == NULL || fresh->ids == NULL || !index_ids(fresh) ||
        !runs_make_groups(fresh))
        return false;
    fresh->rows = ifl_alloc(fresh->count + fresh->n_groups, sizeof *fresh->rows);
    return fresh->rows != NULL && columns_make(&fresh->columns, fresh->items, fresh->count, fresh->n_groups > 0);
}

/* What the old list knew of the runs of the new one. */
static void carry_over(struct runs *fresh, const struct runs *old)
{
    for (size_t k = 0; k < fresh->count; k++) {
        size_t from = runs_item(old, fresh->items[k].id);
        if (from == RUNS_NONE)
            continue;
        struct run_share *share = &fresh->shares[k];
        const struct run_share *before = &old->shares[from];
        if (fresh->items[k].snapshots == old->items[from].snapshots &&
            fresh->items[k].last_step == old->items[from].last_step)
            *share = (struct run_share){.known = before->known,
                                        .forward = before->forward,
                                        .backward = before->backward,
                                        .group = share->group};
        if (share->group != RUNS_NONE && before->group != RUNS_NONE)
            fresh->groups[share->group].unfolded |= old->groups[before->group].unfolded;
    }
}

/* Moves what a list is made of from one to the other. */
static void move_list(struct runs *to, const struct runs *from)
{
    to->items = from->items;
    to->count = from->count;
    to->by_id = from->by_id;
    to->shares = from->shares;
    to->columns = from->columns;
    to->groups = from->groups;
    to->n_groups = from->n_groups;
    to->members = from->members;
    to->ids = from->ids;
    to->passing = 0;
    to->rows = from->rows;
    to->n_rows = 0;
}

enum ifl_status runs_take(struct runs *runs, struct store_run *items, size_t count, struct ifl_error *error)
{
    struct runs fresh = {.items = items, .count = count};
    if (!make_list(&fresh)) {
        release_list(&fresh);
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for the list of runs");
    }
    carry_over(&fresh, runs);
    column_choice_apply(&runs->choice, &fresh.columns);

    struct runs_place place = runs_place(runs);
    release_list(runs);
    move_list(runs, &fresh);
    runs_marks_renew(runs);
    runs_arrange(runs);
    runs_return(runs, &place);
    return IFL_OK;
}

/* ---- the cursor ---- */

bool runs_choice(const struct runs *runs, struct run_choice *out)
{
    if (runs->n_rows == 0)
        return false;
    const struct run_row *row = &runs->rows[runs->at];
    if (row->item != RUNS_NONE) {
        const struct store_run *run = &runs->items[row->item];
        *out = (struct run_choice){run->run.name, &run->id, 1};
    } else {
        const struct run_group *group = &runs->groups[row->group];
        *out = (struct run_choice){group->name, &runs->ids[group->first], group->count};
    }
    return true;
}

const struct store_run *runs_current(const struct runs *runs)
{
    return runs->n_rows > 0 ? &runs->items[runs_row_item(runs, &runs->rows[runs->at])] : NULL;
}

void runs_select(struct runs *runs, int64_t id)
{
    size_t item = runs_item(runs, id), row = item != RUNS_NONE ? runs_row_of(runs, item) : RUNS_NONE;
    if (row != RUNS_NONE)
        runs->at = row;
}

void runs_move(struct runs *runs, long by)
{
    size_t last = runs->n_rows > 0 ? runs->n_rows - 1 : 0;
    if (by < 0)
        runs->at = runs->at > (size_t)-by ? runs->at - (size_t)-by : 0;
    else
        runs->at = last - runs->at > (size_t)by ? runs->at + (size_t)by : last;
}

void runs_move_to(struct runs *runs, size_t row)
{
    if (row < runs->n_rows)
        runs->at = row;
}

/* ---- groups ---- */

void runs_set_grouped(struct runs *runs, bool grouped)
{
    runs->flat = !grouped;
    runs_arrange(runs);
}

bool runs_fold(struct runs *runs, bool folded)
{
    size_t group = runs->n_rows > 0 ? runs->rows[runs->at].group : RUNS_NONE;
    if (group == RUNS_NONE || runs->groups[group].unfolded == !folded)
        return false;
    runs->groups[group].unfolded = !folded;
    runs_arrange(runs);
    return true;
}

void runs_fold_all(struct runs *runs)
{
    bool any = false;
    for (size_t k = 0; k < runs->n_groups; k++)
        any |= runs->groups[k].unfolded && runs->groups[k].count > 1;
    for (size_t k = 0; k < runs->n_groups; k++)
        runs->groups[k].unfolded = !any;
    runs_arrange(runs);
}

/* ---- shares ---- */

static bool arranged_by_share(const struct runs *runs)
{
    bool sorted = runs->sort != NULL && strncmp(runs->sort, "dpi", 3) == 0;
    return sorted || (runs->filter_text != NULL && strstr(runs->filter_text, "dpi") != NULL);
}

void runs_set_share(struct runs *runs, int64_t run, double forward, double backward)
{
    size_t item = runs_item(runs, run);
    if (item == RUNS_NONE)
        return;
    struct run_share *share = &runs->shares[item];
    share->known = true;
    share->forward = forward;
    share->backward = backward;
    runs->stale |= arranged_by_share(runs);
}

void runs_forget_shares(struct runs *runs)
{
    for (size_t k = 0; k < runs->count; k++)
        runs->shares[k].known = false;
    runs->stale |= arranged_by_share(runs);
}

struct wanting {
    int64_t *ids;
    size_t count, room;
};

static void want(struct runs *runs, size_t item, struct wanting *wanting)
{
    struct run_share *share = &runs->shares[item];
    if (share->known || share->wanted || runs->items[item].snapshots == 0 || wanting->count == wanting->room)
        return;
    share->wanted = true;
    wanting->ids[wanting->count++] = runs->items[item].id;
}

static bool shares_shown(const struct runs *runs)
{
    for (size_t k = 0; k < runs->columns.count; k++)
        if (runs->columns.items[k].shown &&
            (runs->columns.items[k].kind == COLUMN_DPI_FORWARD || runs->columns.items[k].kind == COLUMN_DPI_BACKWARD))
            return true;
    return false;
}

size_t runs_wanting_share(struct runs *runs, int64_t *ids, size_t room)
{
    struct wanting wanting = {.ids = ids, .room = room};
    bool all = arranged_by_share(runs);
    for (size_t k = 0; k < runs->count; k++)
        runs->shares[k].wanted = false;
    if (!all && !shares_shown(runs))
        return 0;
    for (size_t k = runs->top; k < runs->n_rows && k < runs->top + runs->page; k++) {
        const struct run_row *row = &runs->rows[k];
        if (row->item != RUNS_NONE)
            want(runs, row->item, &wanting);
        for (size_t m = 0; row->item == RUNS_NONE && m < runs->groups[row->group].count; m++)
            want(runs, runs->members[runs->groups[row->group].first + m], &wanting);
    }
    for (size_t k = 0; all && k < runs->count; k++)
        want(runs, k, &wanting);
    return wanting.count;
}
