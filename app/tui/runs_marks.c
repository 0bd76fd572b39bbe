/* What is marked, for comparing. */
#include <stdlib.h>
#include <string.h>

#include "runs_parts.h"

static void release(struct run_mark *mark)
{
    free(mark->ids);
    free(mark->name);
}

void runs_marks_release(struct runs *runs)
{
    for (size_t k = 0; k < runs->n_marks; k++)
        release(&runs->marks[k]);
    free(runs->marks);
    runs->marks = NULL;
    runs->n_marks = 0;
}

void runs_unmark_all(struct runs *runs)
{
    runs_marks_release(runs);
}

void runs_marks_renew(struct runs *runs)
{
    size_t kept = 0;
    for (size_t k = 0; k < runs->n_marks; k++) {
        struct run_mark mark = runs->marks[k];
        size_t left = 0;
        for (size_t i = 0; i < mark.count; i++)
            if (runs_item(runs, mark.ids[i]) != RUNS_NONE)
                mark.ids[left++] = mark.ids[i];
        mark.count = left;
        if (left == 0) {
            release(&mark);
            continue;
        }
        mark.item = runs_item(runs, mark.ids[0]);
        runs->marks[kept++] = mark;
    }
    runs->n_marks = kept;
}

static bool has(const struct run_mark *mark, int64_t id)
{
    for (size_t k = 0; k < mark->count; k++)
        if (mark->ids[k] == id)
            return true;
    return false;
}

/* A member on a line of its own, without its group's line above, shows its group's mark. */
size_t runs_mark_of_row(const struct runs *runs, const struct run_row *row)
{
    size_t of_group = RUNS_NONE;
    for (size_t k = 0; k < runs->n_marks; k++) {
        const struct run_mark *mark = &runs->marks[k];
        if (row->item == RUNS_NONE) {
            if (mark->group && runs->shares[mark->item].group == row->group)
                return k;
        } else if (!mark->group) {
            if (mark->item == row->item)
                return k;
        } else if (row->group == RUNS_NONE && has(mark, runs->items[row->item].id)) {
            of_group = k;
        }
    }
    return of_group;
}

static enum ifl_status add(struct runs *runs, const struct run_choice *choice, struct ifl_error *error)
{
    struct run_mark *grown = realloc(runs->marks, (runs->n_marks + 1) * sizeof *grown);
    struct run_mark mark = {.ids = ifl_alloc(choice->count, sizeof *mark.ids), .name = strdup(choice->name)};
    if (grown != NULL)
        runs->marks = grown;
    if (grown == NULL || mark.ids == NULL || mark.name == NULL) {
        release(&mark);
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for another mark");
    }
    memcpy(mark.ids, choice->ids, choice->count * sizeof *mark.ids);
    mark.count = choice->count;
    mark.group = runs->rows[runs->at].item == RUNS_NONE;
    mark.item = runs_item(runs, mark.ids[0]);
    runs->marks[runs->n_marks++] = mark;
    return IFL_OK;
}

enum ifl_status runs_mark(struct runs *runs, struct ifl_error *error)
{
    struct run_choice choice;
    if (!runs_choice(runs, &choice))
        return IFL_OK;
    size_t k = runs_mark_of_row(runs, &runs->rows[runs->at]);
    if (k == RUNS_NONE)
        return add(runs, &choice, error);
    release(&runs->marks[k]);
    memmove(&runs->marks[k], &runs->marks[k + 1], (runs->n_marks - k - 1) * sizeof *runs->marks);
    runs->n_marks--;
    return IFL_OK;
}

size_t runs_marked(const struct runs *runs, struct run_choice *out, size_t room)
{
    for (size_t k = 0; k < runs->n_marks && k < room; k++)
        out[k] = (struct run_choice){runs->marks[k].name, runs->marks[k].ids, runs->marks[k].count};
    return runs->n_marks;
}
