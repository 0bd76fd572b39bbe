#include <ctype.h>
#include <string.h>

#include "runs_parts.h"

bool runs_contains(const char *text, const char *sought, size_t *at)
{
    for (const char *from = text; *from != '\0'; from++) {
        size_t k = 0;
        while (sought[k] != '\0' && tolower((unsigned char)from[k]) == tolower((unsigned char)sought[k]))
            k++;
        if (sought[k] != '\0')
            continue;
        if (at != NULL)
            *at = (size_t)(from - text);
        return true;
    }
    return false;
}

static bool in_fields(const struct field *fields, size_t count, const char *sought)
{
    for (size_t k = 0; k < count; k++) {
        char text[512];
        snprintf(text, sizeof text, "%s=%s", fields[k].key, fields[k].text);
        if (runs_contains(text, sought, NULL))
            return true;
    }
    return false;
}

static bool in_run(const struct store_run *run, const char *sought)
{
    return runs_contains(run->run.name, sought, NULL) ||
           (run->note != NULL && runs_contains(run->note, sought, NULL)) ||
           in_fields(run->run.params, run->run.n_params, sought) || in_fields(run->run.tags, run->run.n_tags, sought);
}

/* A folded group has it where all its members have it: its line is found. Else the first or last that has is. */
static size_t find_in_group(const struct runs *runs, size_t k, int direction, bool *all)
{
    const struct run_group *group = &runs->groups[k];
    size_t found = RUNS_NONE, hits = 0;
    for (size_t m = 0; m < group->count; m++) {
        size_t item = runs->members[group->first + m];
        if (!in_run(&runs->items[item], runs->sought))
            continue;
        hits++;
        if (found == RUNS_NONE || direction < 0)
            found = item;
    }
    *all = hits == group->count;
    return found;
}

static bool find_in_row(struct runs *runs, size_t at, int direction)
{
    const struct run_row *row = &runs->rows[at];
    bool all = false;
    if (row->item != RUNS_NONE) {
        if (!in_run(&runs->items[row->item], runs->sought))
            return false;
        runs->at = at;
        return true;
    }
    if (runs->groups[row->group].unfolded) { /* its members have lines of their own */
        if (!runs_contains(runs->groups[row->group].name, runs->sought, NULL))
            return false;
        runs->at = at;
        return true;
    }
    size_t item = find_in_group(runs, row->group, direction, &all);
    if (item == RUNS_NONE)
        return false;
    runs->at = at;
    if (!all) {
        runs_fold(runs, false);
        runs->at = runs_row_of(runs, item);
    }
    return true;
}

bool runs_search(struct runs *runs, const char *text, int direction, bool here)
{
    if (text != NULL)
        snprintf(runs->sought, sizeof runs->sought, "%s", text);
    if (runs->sought[0] == '\0')
        return false;
    for (size_t k = here ? 0 : 1; k <= runs->n_rows && runs->n_rows > 0; k++) {
        size_t step = k % runs->n_rows;
        size_t at = (runs->at + (direction > 0 ? step : runs->n_rows - step)) % runs->n_rows;
        if (find_in_row(runs, at, direction))
            return true;
    }
    return false;
}
