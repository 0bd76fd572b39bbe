#include <stdlib.h>
#include <string.h>

#include <cli/cli.h>

/* The steps of a list such as "3,7", at most `room`. */
static enum ifl_status read_steps(const char *steps, int64_t *list, size_t room, size_t *count,
                                  struct ifl_error *error)
{
    *count = 0;
    for (const char *at = steps;;) {
        char *end;
        long long step = strtoll(at, &end, 10);
        if (end == at || (*end != ',' && *end != '\0') || *count == room)
            return ifl_fail(error, IFL_INVALID, "'%s' is not first, last, all or a list such as 0,469", steps);
        list[(*count)++] = step;
        if (*end == '\0')
            return IFL_OK;
        at = end + 1;
    }
}

static bool contains(const int64_t *list, size_t count, int64_t step)
{
    for (size_t k = 0; k < count; k++)
        if (list[k] == step)
            return true;
    return false;
}

static enum ifl_status check_known(const struct store_snapshot *snapshots, size_t count, const int64_t *list,
                                   size_t wanted, struct ifl_error *error)
{
    for (size_t k = 0; k < wanted; k++) {
        bool known = false;
        for (size_t s = 0; s < count && !known; s++)
            known = snapshots[s].step == list[k];
        if (!known)
            return ifl_fail(error, IFL_NOT_FOUND, "the run has no snapshot at step %lld", (long long)list[k]);
    }
    return IFL_OK;
}

/* Moves the snapshots of the listed steps to the front; the others stay behind, still owned by the array. */
static void keep_listed(struct store_snapshot *snapshots, size_t *count, const int64_t *list, size_t wanted)
{
    size_t kept = 0;
    for (size_t k = 0; k < *count; k++) {
        if (contains(list, wanted, snapshots[k].step)) {
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
    int64_t list[1024];
    size_t wanted = 1;
    if (steps == NULL || strcmp(steps, "all") == 0 || *count == 0)
        return IFL_OK;
    enum ifl_status status = IFL_OK;
    if (strcmp(steps, "first") == 0)
        list[0] = snapshots[0].step;
    else if (strcmp(steps, "last") == 0)
        list[0] = snapshots[*count - 1].step;
    else
        status = read_steps(steps, list, sizeof list / sizeof *list, &wanted, error);
    if (status == IFL_OK)
        status = check_known(snapshots, *count, list, wanted, error);
    if (status == IFL_OK)
        keep_listed(snapshots, count, list, wanted);
    return status;
}
