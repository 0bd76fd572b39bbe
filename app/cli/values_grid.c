/* The values of options of work on many widths, and of its share among processes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cli/options.h>
#include <plot/view_width.h>

enum { GRID_MOST = 1000 };

/* `text` up to the first ':' as a number, and what is behind that. */
static enum ifl_status read_part(const char **text, double *out, struct ifl_error *error)
{
    char part[64];
    size_t length = strcspn(*text, ":");
    snprintf(part, sizeof part, "%.*s", (int)(length < sizeof part ? length : sizeof part - 1), *text);
    *text += length + ((*text)[length] == ':');
    return read_number(part, out, error);
}

static enum ifl_status read_grid(const char *value, struct grid *out, struct ifl_error *error)
{
    struct grid grid = {0};
    unsigned long long count = 0;
    const char *at = value;
    enum ifl_status status = read_part(&at, &grid.from, error);
    if (status == IFL_OK)
        status = read_part(&at, &grid.to, error);
    if (status == IFL_OK)
        status = read_count(at, GRID_MOST, &count, error);
    if (status == IFL_OK && (count < 2 || !(grid.from > 0) || !(grid.from < grid.to) || isinf(grid.to)))
        status = ifl_fail(error, IFL_INVALID, "'%s' is not FROM:TO:COUNT, 0 < FROM < TO and COUNT from 2 to %d", value,
                          (int)GRID_MOST);
    grid.count = (size_t)count;
    if (status == IFL_OK)
        *out = grid;
    return status;
}

/* One of many widths, or, without a ':', the only one. */
static enum ifl_status read_widths(const char *value, struct grid *grid, double *one, struct ifl_error *error)
{
    if (strchr(value, ':') != NULL)
        return read_grid(value, grid, error);
    enum ifl_status status = read_number(value, one, error);
    if (status == IFL_OK)
        *grid = (struct grid){0};
    return status;
}

enum ifl_status read_h_grid(struct arguments *a, const char *value, struct ifl_error *error)
{
    a->h_given = true;
    return read_widths(value, &a->h_grid, &a->params.h, error);
}

enum ifl_status read_h_error_grid(struct arguments *a, const char *value, struct ifl_error *error)
{
    a->h_error_given = true;
    return read_widths(value, &a->h_error_grid, &a->params.h_error, error);
}

enum ifl_status read_share(struct arguments *a, const char *value, struct ifl_error *error)
{
    enum ifl_status status = read_number(value, &a->share, error);
    if (status == IFL_OK && !(a->share >= 0 && a->share <= 1))
        return ifl_fail(error, IFL_INVALID, "must be from 0 to 1, not %s", value);
    return status;
}

enum ifl_status read_shard(struct arguments *a, const char *value, struct ifl_error *error)
{
    enum { MOST = 1000000 };
    char first[32];
    unsigned long long shard = 0, shards = 0;
    size_t length = strcspn(value, "/");
    snprintf(first, sizeof first, "%.*s", (int)(length < sizeof first ? length : sizeof first - 1), value);
    if (value[length] != '/' || read_count(first, MOST, &shard, NULL) != IFL_OK ||
        read_count(value + length + 1, MOST, &shards, NULL) != IFL_OK || shard < 1 || shard > shards)
        return ifl_fail(error, IFL_INVALID, "'%s' is not K/N, K from 1 to N", value);
    a->shard = (size_t)shard;
    a->shards = (size_t)shards;
    return IFL_OK;
}

enum ifl_status grid_widths(const struct grid *grid, double one, double **out, size_t *count, struct ifl_error *error)
{
    size_t widths = grid->count > 0 ? grid->count : 1;
    double *h = ifl_alloc(widths, sizeof *h);
    if (h == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for %zu widths", widths);
    if (grid->count > 0)
        view_width_grid(grid->from, grid->to, widths, h);
    else
        h[0] = one;
    *out = h;
    *count = widths;
    return IFL_OK;
}
