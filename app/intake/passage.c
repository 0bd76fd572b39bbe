#include <stdlib.h>

#include <intake/intake.h>
#include <intake/passage.h>

enum ifl_status passage_open(struct passage *out, const struct run *run, const char *path,
                             const struct dump_limits *limits, const struct dump_notes *notes, struct ifl_error *error)
{
    struct passage passage = {0};
    enum ifl_status status = dump_reader_new(&passage.reader, run, path, limits, notes, error);
    if (status == IFL_OK)
        *out = passage;
    return status;
}

void passage_release(struct passage *passage)
{
    dump_reader_free(passage->reader);
    snapshot_release(&passage->held);
    passage->reader = NULL;
}

const struct snapshot *passage_snapshot(const struct passage *passage)
{
    return passage->held.n > 0 ? &passage->held : dump_reader_snapshot(passage->reader);
}

size_t passage_bytes(const struct passage *passage)
{
    const struct snapshot *s = passage_snapshot(passage);
    size_t arrays = 0;
    for (size_t k = 0; k < s->n_variables; k++)
        arrays += s->variables[k].kept + (s->variables[k].maps > 1);
    return arrays * ifl_pair_count(s->n) * sizeof(float); /* within the limits of what is read */
}

enum ifl_status passage_check(struct passage *passage, size_t room, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    if (passage_bytes(passage) <= room)
        return dump_reader_take(passage->reader, &passage->held, error);
    size_t count = passage_snapshot(passage)->n_variables;
    for (size_t k = 0; k < count && status == IFL_OK; k++)
        status = dump_reader_check(passage->reader, k, error);
    return status;
}

struct loading {
    struct dump_reader *reader;
    bool failed; /* in reading, whose errors name the file already */
};

static enum ifl_status load(void *context, size_t variable, float **distances, struct ifl_error *error)
{
    struct loading *loading = context;
    enum ifl_status status = dump_reader_distances(loading->reader, variable, distances, error);
    loading->failed = status != IFL_OK;
    return status;
}

enum ifl_status passage_store(struct passage *passage, struct store *store, int64_t run, const char *path, bool *added,
                              struct ifl_error *error)
{
    struct loading loading = {.reader = passage->reader};
    const struct store_source source = {load, &loading};
    enum ifl_status status = store_add_snapshot_from(store, run, passage_snapshot(passage), &source, added, error);
    if (status == IFL_REFUSED && !loading.failed)
        ifl_error_prefix(error, "%s", path);
    return status;
}

enum ifl_status find_map_limit(struct store *store, int64_t id, size_t wanted, size_t *limit, struct ifl_error *error)
{
    if (id != 0)
        return store_map_limit(store, id, limit, error);
    *limit = wanted == 0 ? INTAKE_MAPS : wanted == INTAKE_ALL_MAPS ? 0 : wanted;
    return IFL_OK;
}
