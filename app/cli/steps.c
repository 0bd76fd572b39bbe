#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <cli/cli.h>

static bool mark_step(const struct store_snapshot *snapshots, size_t count, int64_t step, bool *marked)
{
    bool known = false;
    for (size_t k = 0; k < count; k++) {
        bool meant = snapshots[k].step == step;
        marked[k] = marked[k] || meant;
        known = known || meant;
    }
    return known;
}

/* The steps of a list such as "3,7". */
static enum ifl_status mark_listed(const struct store_snapshot *snapshots, size_t count, const char *steps,
                                   bool *marked, struct ifl_error *error)
{
    for (const char *at = steps;;) {
        char *end;
        errno = 0;
        long long step = strtoll(at, &end, 10);
        if (end == at || (*end != ',' && *end != '\0'))
            return ifl_fail(error, IFL_INVALID, "'%s' is not first, last, all or a list such as 0,469", steps);
        if (errno == ERANGE || !mark_step(snapshots, count, step, marked))
            return ifl_fail(error, IFL_NOT_FOUND, "the run has no snapshot at step %.*s", (int)(end - at), at);
        if (*end == '\0')
            return IFL_OK;
        at = end + 1;
    }
}

/* Moves those that are marked to the front; the others stay behind, still owned by the array. */
static void keep_marked(struct store_snapshot *snapshots, size_t *count, const bool *marked)
{
    size_t kept = 0;
    for (size_t k = 0; k < *count; k++) {
        if (marked[k]) {
            struct store_snapshot swapped = snapshots[kept];
            snapshots[kept++] = snapshots[k];
            snapshots[k] = swapped;
        }
    }
    *count = kept;
}

enum ifl_status choose_steps(struct store_snapshot *snapshots, size_t *count, const char *steps,
                             struct ifl_error *error)
{
    if (steps == NULL || strcmp(steps, "all") == 0 || *count == 0)
        return IFL_OK;
    bool *marked = ifl_alloc(*count, sizeof *marked);
    enum ifl_status status = IFL_OK;
    if (marked == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for the steps");
    if (strcmp(steps, "first") == 0)
        mark_step(snapshots, *count, snapshots[0].step, marked);
    else if (strcmp(steps, "last") == 0)
        mark_step(snapshots, *count, snapshots[*count - 1].step, marked);
    else
        status = mark_listed(snapshots, *count, steps, marked, error);
    if (status == IFL_OK)
        keep_marked(snapshots, count, marked);
    free(marked);
    return status;
}
