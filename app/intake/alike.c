#include <stdlib.h>

#include <intake/alike.h>

enum ifl_status seen_init(struct seen *out, const struct dump_run *dump, struct ifl_error *error)
{
    struct seen seen = {.dump = dump,
                        .files = ifl_alloc(dump->n_files, sizeof *seen.files),
                        .shapes = ifl_alloc(1 + 2 * dump->run.n_layers, sizeof *seen.shapes)};
    if (seen.files == NULL || seen.shapes == NULL) {
        seen_release(&seen);
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for %zu snapshots", dump->n_files);
    }
    *out = seen;
    return IFL_OK;
}

void seen_release(struct seen *seen)
{
    free(seen->files);
    free(seen->shapes);
}

static const struct seen_shape *find_shape(const struct seen *seen, const struct variable *like)
{
    for (size_t k = 0; k < seen->n_shapes; k++)
        if (seen->shapes[k].variable.of == like->of && seen->shapes[k].variable.layer == like->layer)
            return &seen->shapes[k];
    return NULL;
}

static void see_shape(struct seen *seen, enum ifl_of of, int32_t layer, const struct store_shape *shape)
{
    struct variable variable = {.of = of, .layer = layer, .maps = shape->maps, .dim = shape->dim};
    if (shape->maps > 0 && find_shape(seen, &variable) == NULL)
        seen->shapes[seen->n_shapes++] = (struct seen_shape){variable, seen->dump->n_files};
}

enum ifl_status seen_add_stored(struct seen *seen, struct store *store, int64_t run, struct ifl_error *error)
{
    struct store_snapshot *snapshots;
    size_t count;
    enum ifl_status status = store_list_snapshots(store, run, &snapshots, &count, error);
    if (status != IFL_OK)
        return status;
    for (size_t k = 0; k < count; k++) {
        struct store_shape x = {.maps = 1, .kept = 1, .dim = snapshots[k].x_dim};
        seen->n = snapshots[k].n;
        see_shape(seen, IFL_OF_X, 0, &x);
        for (size_t l = 0; l < snapshots[k].layers; l++) {
            see_shape(seen, IFL_OF_T, (int32_t)l, &snapshots[k].t[l]);
            see_shape(seen, IFL_OF_DELTA, (int32_t)l, &snapshots[k].delta[l]);
        }
    }
    store_snapshots_free(snapshots, count);
    return IFL_OK;
}

static enum ifl_status check_step(const struct seen *seen, size_t k, const struct snapshot *s, struct ifl_error *error)
{
    char **files = seen->dump->files;
    for (size_t j = 0; j < k; j++)
        if (seen->files[j].read && seen->files[j].step == s->step && seen->files[j].batch == s->batch)
            return ifl_fail(error, IFL_REFUSED, "%s: step: step %lld, batch %lld is in %s as well", files[k],
                            (long long)s->step, (long long)s->batch, files[j]);
    return IFL_OK;
}

static enum ifl_status check_shape(const struct seen *seen, size_t k, const struct variable *here,
                                   struct ifl_error *error)
{
    static const char *const keys[] = {[IFL_OF_X] = "X", [IFL_OF_T] = "T/", [IFL_OF_DELTA] = "delta/"};
    const struct dump_run *dump = seen->dump;
    const struct seen_shape *before = find_shape(seen, here);
    if (before == NULL || (before->variable.maps == here->maps && before->variable.dim == here->dim))
        return IFL_OK;
    const char *layer = here->of == IFL_OF_X ? "" : dump->run.layers[here->layer].name;
    return ifl_fail(error, IFL_REFUSED, "%s: %s%s: %zu maps of %zu, but %zu of %zu in %s", dump->files[k],
                    keys[here->of], layer, here->maps, here->dim, before->variable.maps, before->variable.dim,
                    before->file == dump->n_files ? "the database" : dump->files[before->file]);
}

static void remember(struct seen *seen, size_t k, const struct snapshot *s)
{
    seen->files[k] = (struct seen_step){true, s->step, s->batch};
    seen->n = s->n;
    for (size_t v = 0; v < s->n_variables; v++) {
        if (find_shape(seen, &s->variables[v]) != NULL)
            continue;
        struct seen_shape *shape = &seen->shapes[seen->n_shapes++];
        *shape = (struct seen_shape){.variable = s->variables[v], .file = k};
        shape->variable.distances = NULL;
    }
}

enum ifl_status seen_add(struct seen *seen, size_t k, const struct snapshot *s, struct ifl_error *error)
{
    enum ifl_status status = check_step(seen, k, s, error);
    if (status == IFL_OK && seen->n != 0 && seen->n != s->n)
        status = ifl_fail(error, IFL_REFUSED, "%s: n: %zu samples, but %zu in the snapshots before",
                          seen->dump->files[k], s->n, seen->n);
    for (size_t v = 0; v < s->n_variables && status == IFL_OK; v++)
        status = check_shape(seen, k, &s->variables[v], error);
    if (status == IFL_OK)
        remember(seen, k, s);
    return status;
}
