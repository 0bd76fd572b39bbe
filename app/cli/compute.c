/* infoflow compute: spectra ahead of time, all of them or every N-th snapshot's into a part. */
#include <stdlib.h>

#include <base/text.h>
#include <cli/cli.h>
#include <cli/interrupt.h>
#include <engine/engine.h>

#define OF_ERRORS (IFL_BIT(IFL_H_DELTA) | IFL_BIT(IFL_I_DELTA))

struct work_run {
    int64_t id;
    char *name;
    struct store_snapshot *snapshots; /* all; the chosen first */
    size_t count, chosen;
    size_t done; /* snapshots */
    struct engine_kept kept;
};

struct work {
    const struct arguments *arguments;
    struct store *store;
    struct store *part; /* NULL: the database itself */
    struct work_run *runs;
    size_t n_runs;
    struct work_item {
        const struct store_snapshot *snapshot;
        struct work_run *run;
    } * items; /* by the snapshots' ids */
    size_t n_items;
    struct engine_ahead *ahead;
    size_t n_ahead;
};

static void work_release(struct work *w)
{
    for (size_t k = 0; k < w->n_runs; k++) {
        free(w->runs[k].name);
        store_snapshots_free(w->runs[k].snapshots, w->runs[k].count);
    }
    free(w->runs);
    free(w->items);
    free(w->ahead);
    store_close(w->part);
    store_close(w->store);
}

/* ---- what there is to do ---- */

/* A set of parameters for each width: the activations know nothing of h-error and the errors nothing of h, so the two
 * grids are one after the other, not a product. */
static enum ifl_status list_parameters(struct work *w, struct ifl_error *error)
{
    const struct arguments *a = w->arguments;
    const ifl_quantity_set wanted =
        a->no_pairs ? a->quantities & ~(ifl_quantity_set)IFL_PAIR_QUANTITIES : a->quantities;
    double *h = NULL, *h_error = NULL;
    size_t n_h = 0, n_h_error = 0;
    enum ifl_status status = grid_widths(&a->h_grid, a->params.h, &h, &n_h, error);
    if (status == IFL_OK)
        status = grid_widths(&a->h_error_grid, a->params.h_error, &h_error, &n_h_error, error);
    if (status == IFL_OK && (w->ahead = ifl_alloc(n_h + n_h_error, sizeof *w->ahead)) == NULL)
        status = ifl_fail(error, IFL_NO_MEMORY, "no memory for %zu widths", n_h + n_h_error);
    for (size_t k = 0; k < n_h && status == IFL_OK && (wanted & ~OF_ERRORS) != 0; k++) {
        w->ahead[w->n_ahead] = (struct engine_ahead){a->params, wanted & ~OF_ERRORS};
        w->ahead[w->n_ahead++].params.h = h[k];
    }
    for (size_t k = 0; k < n_h_error && status == IFL_OK && (wanted & OF_ERRORS) != 0; k++) {
        w->ahead[w->n_ahead] = (struct engine_ahead){a->params, wanted & OF_ERRORS};
        w->ahead[w->n_ahead++].params.h_error = h_error[k];
    }
    free(h);
    free(h_error);
    return status;
}

/* A run that is named twice is one. */
static enum ifl_status name_runs(struct work *w, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    size_t named = (size_t)w->arguments->n_words;
    w->runs = ifl_alloc(named, sizeof *w->runs);
    if (w->runs == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for %zu runs", named);
    for (size_t k = 0; k < named && status == IFL_OK; k++) {
        int64_t id;
        status = store_find_run(w->store, w->arguments->words[k], &id, error);
        size_t at = 0;
        while (status == IFL_OK && at < w->n_runs && w->runs[at].id != id)
            at++;
        if (status == IFL_OK && at == w->n_runs)
            w->runs[w->n_runs++].id = id;
    }
    return status;
}

static enum ifl_status name_all_runs(struct work *w, struct ifl_error *error)
{
    struct store_run *runs;
    size_t count;
    enum ifl_status status = store_list_runs(w->store, &runs, &count, error);
    if (status != IFL_OK)
        return status;
    w->runs = ifl_alloc(count, sizeof *w->runs);
    if (w->runs == NULL)
        status = ifl_fail(error, IFL_NO_MEMORY, "no memory for %zu runs", count);
    for (size_t k = 0; k < count && status == IFL_OK; k++)
        w->runs[w->n_runs++].id = runs[k].id;
    store_runs_free(runs, count);
    return status;
}

static enum ifl_status list_run(struct work *w, struct work_run *run, struct ifl_error *error)
{
    struct store_run stored;
    enum ifl_status status = store_get_run(w->store, run->id, &stored, error);
    if (status != IFL_OK)
        return status;
    run->name = stored.run.name;
    stored.run.name = NULL;
    store_run_release(&stored);
    status = store_list_snapshots(w->store, run->id, &run->snapshots, &run->count, error);
    run->chosen = run->count;
    if (status == IFL_OK && choose_steps(run->snapshots, &run->chosen, w->arguments->steps, error) != IFL_OK) {
        ifl_error_prefix(error, "--steps: %s", run->name);
        status = error->status;
    }
    return status;
}

static int compare_items(const void *a, const void *b)
{
    int64_t left = ((const struct work_item *)a)->snapshot->id, right = ((const struct work_item *)b)->snapshot->id;
    return (left > right) - (left < right);
}

/* By id: what is imported while the shards are at work comes behind and moves none from one to another. */
static enum ifl_status list_items(struct work *w, struct ifl_error *error)
{
    size_t count = 0;
    for (size_t k = 0; k < w->n_runs; k++)
        count += w->runs[k].chosen;
    w->items = ifl_alloc(count, sizeof *w->items);
    if (w->items == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for %zu snapshots", count);
    for (size_t k = 0; k < w->n_runs; k++)
        for (size_t s = 0; s < w->runs[k].chosen; s++)
            w->items[w->n_items++] = (struct work_item){&w->runs[k].snapshots[s], &w->runs[k]};
    qsort(w->items, w->n_items, sizeof *w->items, compare_items);
    if (w->arguments->shards == 0)
        return IFL_OK;
    size_t kept = 0;
    for (size_t k = w->arguments->shard - 1; k < w->n_items; k += w->arguments->shards)
        w->items[kept++] = w->items[k];
    w->n_items = kept;
    return IFL_OK;
}

static enum ifl_status list_work(struct work *w, struct ifl_error *error)
{
    enum ifl_status status = list_parameters(w, error);
    if (status == IFL_OK)
        status = w->arguments->n_words > 0 ? name_runs(w, error) : name_all_runs(w, error);
    for (size_t k = 0; k < w->n_runs && status == IFL_OK; k++)
        status = list_run(w, &w->runs[k], error);
    return status == IFL_OK ? list_items(w, error) : status;
}

/* ---- doing it ---- */

/* What another process deletes meanwhile is done. */
static enum ifl_status compute(struct work *w, const struct work_item *item, struct ifl_error *error)
{
    const struct ifl_control control = {.threads = w->arguments->threads, .cancel = &interrupted};
    enum ifl_status status = IFL_OK;
    if (w->part != NULL)
        status = store_part_add(w->part, w->store, item->snapshot->id, error);
    if (status == IFL_OK)
        status = engine_compute(w->store, w->part != NULL ? w->part : w->store, item->snapshot, w->ahead, w->n_ahead,
                                &control, &item->run->kept, error);
    item->run->done += status == IFL_OK;
    return status == IFL_NOT_FOUND ? IFL_OK : status;
}

static enum ifl_status compute_all(struct work *w, struct ifl_error *error)
{
    static char computing[] = "computing spectra: snapshot";
    enum ifl_status status = IFL_OK;
    for (size_t k = 0; k < w->n_items && status == IFL_OK; k++) {
        progress_step(computing, k, w->n_items);
        status = compute(w, &w->items[k], error);
    }
    progress_end();
    return status;
}

static void print_runs(const struct work *w)
{
    for (size_t k = 0; k < w->n_runs; k++) {
        const struct work_run *run = &w->runs[k];
        if (run->done > 0 || w->part == NULL)
            text_printf(stdout, "%s: %zu snapshots, %zu spectra computed, %zu there already\n", run->name, run->done,
                        run->kept.computed, run->kept.there);
    }
}

static enum ifl_status open_files(struct work *w, struct ifl_error *error)
{
    const struct arguments *a = w->arguments;
    enum ifl_status status = open_database(&w->store, a, a->out != NULL ? STORE_READ : STORE_WRITE, error);
    if (status == IFL_OK && a->out != NULL)
        status = store_open_part(&w->part, a->out, w->store, STORE_CREATE, error);
    else if (status == IFL_OK)
        store_keep_ahead(w->store);
    return status;
}

int command_compute(struct arguments *arguments)
{
    struct work w = {.arguments = arguments};
    struct ifl_error error;
    if ((arguments->shards > 0) != (arguments->out != NULL)) {
        say(arguments->out != NULL ? "--out: needs --shard K/N" : "--shard: needs --out PART.db");
        return EXIT_USAGE;
    }
    enum ifl_status status = open_files(&w, &error);
    if (status == IFL_OK)
        status = list_work(&w, &error);
    if (status == IFL_OK)
        status = compute_all(&w, &error);
    if (status == IFL_OK)
        print_runs(&w);
    work_release(&w);
    return status == IFL_OK ? EXIT_DONE : fail(&error);
}
