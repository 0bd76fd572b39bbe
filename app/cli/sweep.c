/* infoflow sweep: the chains over many widths, and which of these can be trusted. */
#include <stdlib.h>

#include <cli/plot_more.h>
#include <cli/interrupt.h>
#include <cli/sweep.h>
#include <plot/view_width.h>

static void sweep_release(struct sweep *s)
{
    for (size_t c = 0; c < SWEEP_CHAINS; c++) {
        free(s->chains[c].widths);
        free(s->chains[c].seen);
        free(s->chains[c].fit);
    }
    engine_series_free(s->series);
    estimated_release(&s->run);
}

/* Which chains there are to sweep: those with a grid, unless --chain names the other. */
static bool is_swept(const struct arguments *arguments, enum ifl_chain chain)
{
    const struct grid *grid = chain == IFL_BACKWARD ? &arguments->h_error_grid : &arguments->h_grid;
    return grid->count > 0 && (arguments->chain < 0 || arguments->chain == (int)chain);
}

/* A wrong usage has its line said. */
static bool usage_is_right(const struct arguments *arguments)
{
    if (arguments->n_words != 1)
        say("sweep: needs one RUN (infoflow sweep --help)");
    else if (arguments->chain == IFL_BACKWARD && arguments->h_error_grid.count == 0)
        say("--chain backward: needs --h-error FROM:TO:COUNT");
    else if (!is_swept(arguments, IFL_FORWARD) && !is_swept(arguments, IFL_BACKWARD))
        say("sweep: needs --h FROM:TO:COUNT (infoflow sweep --help)");
    else
        return true;
    return false;
}

static enum ifl_status chain_init(struct sweep_chain *chain, const struct grid *grid, size_t snapshots,
                                  struct ifl_error *error)
{
    double *h;
    size_t count, cells;
    enum ifl_status status = grid_widths(grid, 0, &h, &count, error);
    if (status != IFL_OK)
        return status;
    chain->widths = ifl_alloc(count, sizeof *chain->widths);
    chain->seen = ifl_alloc(count, sizeof *chain->seen);
    if (ifl_size_mul(count, snapshots, &cells))
        chain->fit = ifl_alloc(cells, sizeof *chain->fit);
    if (chain->widths != NULL && chain->seen != NULL && chain->fit != NULL) {
        chain->count = count;
        for (size_t k = 0; k < count; k++) {
            chain->widths[k].h = h[k];
            chain->seen[k].fit = chain->fit + k * snapshots;
        }
    } else {
        status = ifl_fail(error, IFL_NO_MEMORY, "no memory for a sweep");
    }
    free(h);
    return status;
}

static enum ifl_status sweep_init(struct sweep *s, struct store *store, const struct arguments *arguments,
                                  struct ifl_error *error)
{
    *s = (struct sweep){
        .arguments = arguments,
        .chains = {{.name = "forward", .chain = IFL_FORWARD}, {.name = "backward", .chain = IFL_BACKWARD}}};
    enum ifl_status status = estimated_find(&s->run, store, arguments, arguments->words[0], arguments->steps, error);
    if (status == IFL_OK)
        status = engine_series_new(&s->series, store, s->run.snapshots, s->run.chosen, error);
    if (status == IFL_OK)
        status = plot_find_layer(&s->run.run.run, arguments, &s->layer, error);
    if (status == IFL_OK && is_swept(arguments, IFL_FORWARD))
        status = chain_init(&s->chains[0], &arguments->h_grid, s->run.chosen, error);
    if (status == IFL_OK && is_swept(arguments, IFL_BACKWARD))
        status = chain_init(&s->chains[1], &arguments->h_error_grid, s->run.chosen, error);
    return status;
}

/* ---- at one width ---- */

static void count_health(struct sweep_width *width, unsigned health)
{
    width->entropies++;
    width->constant += (health & IFL_CONSTANT) != 0;
    width->collapsed += (health & IFL_COLLAPSED) != 0;
    width->saturated += (health & IFL_SATURATED) != 0;
}

/* Snapshot `at` of those that were chosen. */
static void see(const struct sweep *s, const struct sweep_chain *chain, size_t k, size_t at, const struct estimate *e)
{
    bool backward = chain->chain == IFL_BACKWARD;
    const enum ifl_quantity entropy = backward ? IFL_H_DELTA : IFL_H_T;
    int32_t last = (int32_t)s->run.run.run.n_layers - 1;
    struct sweep_width *width = &chain->widths[k];
    struct ifl_width_seen *seen = &chain->seen[k];
    size_t layers = 0;
    unsigned health = 0;
    for (size_t r = 0; r < e->count; r++) {
        const struct ifl_record *record = &e->records[r];
        bool layers_own = record->quantity == entropy && (s->layer < 0 || record->layer == s->layer);
        bool source = backward ? record->quantity == entropy && record->layer == last : record->quantity == IFL_H_X;
        if (!layers_own && !source)
            continue;
        layers += layers_own;
        count_health(width, record->health);
        health |= record->health;
    }
    seen->fit[at] = ifl_width_fits(layers, health);
    if (!seen->fit[at])
        return;
    seen->fit_count++;
    ifl_dpi_add(&width->dpi, 0, e->records, e->count, s->run.run.run.n_layers, chain->chain, s->arguments->tolerance);
    seen->links = width->dpi.links;
    seen->violated = width->dpi.violated;
}

/* Snapshot by snapshot: of a long run there are no more estimates than one at a time. */
static enum ifl_status sweep_width(struct sweep *s, const struct sweep_chain *chain, size_t k, struct ifl_error *error)
{
    static char sweeping[] = "sweeping";
    struct estimate_options options = {.params = s->arguments->params,
                                       .wanted = VIEW_WIDTH_QUANTITIES(chain->chain),
                                       .no_store = s->arguments->no_cache,
                                       .control = {.threads = s->arguments->threads, .cancel = &interrupted}};
    if (chain->chain == IFL_BACKWARD)
        options.params.h_error = chain->widths[k].h;
    else
        options.params.h = chain->widths[k].h;
    enum ifl_status status = IFL_OK;
    for (size_t at = 0; at < s->run.chosen && status == IFL_OK; at++) {
        struct estimates one;
        progress_step(sweeping, k * s->run.chosen + at, chain->count * s->run.chosen);
        status = engine_series_estimate(s->series, at, 1, &options, &one, error);
        if (status != IFL_OK)
            break;
        see(s, chain, k, at, &one.snapshots[0]);
        progress_end();
        sweep_print_snapshot(s, chain, k, &one);
        estimates_release(&one);
    }
    progress_end();
    return status;
}

/* Whoever reads along has each width as soon as it is there; nobody, once stdout takes no more. */
static enum ifl_status sweep_chain(struct sweep *s, const struct sweep_chain *chain, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    if (chain->count > 0)
        sweep_print_chain(s, chain);
    for (size_t k = 0; k < chain->count && status == IFL_OK && !ferror(stdout); k++) {
        status = sweep_width(s, chain, k, error);
        if (status == IFL_OK)
            sweep_print_width(s, chain, k);
        fflush(stdout);
    }
    return status;
}

static enum ifl_status sweep(struct sweep *s, struct ifl_error *error)
{
    enum ifl_status status = IFL_OK;
    for (size_t c = 0; c < SWEEP_CHAINS && status == IFL_OK; c++)
        status = sweep_chain(s, &s->chains[c], error);
    if (status == IFL_OK && !ferror(stdout) && !sweep_print_end(s))
        return ifl_fail(error, IFL_NO_MEMORY, "out of memory");
    if (status != IFL_OK)
        sweep_print_broken(s);
    return status;
}

int command_sweep(struct arguments *arguments)
{
    struct store *store;
    struct sweep s;
    struct ifl_error error;
    if (!usage_is_right(arguments))
        return EXIT_USAGE;
    if (open_database(&store, arguments, arguments->no_cache ? STORE_READ : STORE_WRITE, &error) != IFL_OK)
        return fail(&error);
    enum ifl_status status = sweep_init(&s, store, arguments, &error);
    if (status == IFL_OK && s.run.chosen == 0)
        say("%s: no snapshots in it yet", s.run.run.run.name);
    if (status == IFL_OK)
        status = sweep(&s, &error);
    sweep_release(&s);
    store_close(store);
    return status == IFL_OK ? EXIT_DONE : fail(&error);
}
