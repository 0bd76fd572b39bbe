#include <string.h>

#include <cli/interrupt.h>
#include <cli/run.h>

enum ifl_status estimated_compute(struct estimated *e, struct store *store, const struct arguments *arguments,
                                  ifl_quantity_set wanted,
                                  bool (*each)(void *context, const struct estimates *so_far, size_t snapshot),
                                  void *context, struct ifl_error *error)
{
    static char computing[] = "computing spectra";
    struct estimate_options options = {
        .params = arguments->params,
        .wanted = wanted,
        .no_store = arguments->no_cache,
        .control = {.threads = arguments->threads,
                    .cancel = &interrupted,
                    .progress = progress_step,
                    .context = computing},
        .each = each,
        .each_context = context};
    enum ifl_status status =
        engine_estimate(store, NULL, e->snapshots, e->chosen, &options, &e->estimates, error);
    progress_end();
    return status;
}

enum ifl_status estimated_find(struct estimated *out, struct store *store, const struct arguments *arguments,
                               const char *which, const char *steps, struct ifl_error *error)
{
    struct estimated e = {.params = arguments->params};
    int64_t id;
    enum ifl_status status = store_find_run(store, which, &id, error);
    if (status == IFL_OK)
        status = store_get_run(store, id, &e.run, error);
    if (status == IFL_OK)
        status = store_list_snapshots(store, id, &e.snapshots, &e.count, error);
    e.chosen = e.count;
    if (status == IFL_OK) {
        status = choose_steps(e.snapshots, &e.chosen, steps, error);
        if (status == IFL_NOT_FOUND)
            ifl_error_prefix(error, "%s", e.run.run.name);
        if (status != IFL_OK)
            ifl_error_prefix(error, "%s", arguments->step != NULL ? "--step" : "--steps");
    }
    if (status != IFL_OK) {
        estimated_release(&e);
        return status;
    }
    *out = e;
    return IFL_OK;
}

enum ifl_status estimated_init(struct estimated *out, struct store *store, const struct arguments *arguments,
                               const char *which, const char *steps, ifl_quantity_set wanted, struct ifl_error *error)
{
    struct estimated e;
    enum ifl_status status = estimated_find(&e, store, arguments, which, steps, error);
    if (status != IFL_OK)
        return status;
    status = estimated_compute(&e, store, arguments, wanted, NULL, NULL, error);
    if (status != IFL_OK) {
        estimated_release(&e);
        return status;
    }
    *out = e;
    return IFL_OK;
}

void estimated_release(struct estimated *estimated)
{
    estimates_release(&estimated->estimates);
    store_snapshots_free(estimated->snapshots, estimated->count);
    store_run_release(&estimated->run);
    memset(estimated, 0, sizeof *estimated);
}
