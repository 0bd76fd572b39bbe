/* infoflow check: whether the data-processing inequalities hold. */
#include <stdlib.h>

#include <base/text.h>
#include <cli/json.h>
#include <cli/run.h>

struct checked {
    const char *name;
    enum ifl_chain chain;
    enum ifl_quantity quantity; /* what the chain is made of */
    struct ifl_dpi dpi;
};

#define CHAINS 2

static const char *layer_name(const struct estimated *e, int32_t layer)
{
    return e->run.run.layers[layer].name;
}

/* One row for each violated link. */
static enum ifl_status add_violations(struct table *table, const struct estimated *e, const struct checked *c,
                                      const struct estimate *s, double tolerance, struct ifl_error *error)
{
    struct ifl_link *links = ifl_alloc(e->run.run.n_layers, sizeof *links);
    if (links == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for the links of a chain");
    size_t count = ifl_chain_links(s->records, s->count, e->run.run.n_layers, c->chain, tolerance, links);
    for (size_t k = 0; k < count; k++) {
        if (!links[k].violated)
            continue;
        table_cell(table, c->name);
        table_format(table, "%lld", (long long)s->step);
        table_format(table, "%lld", (long long)s->batch);
        table_cell(table, layer_name(e, links[k].from));
        table_cell(table, layer_name(e, links[k].to));
        table_format(table, "%.6g", links[k].rise);
    }
    free(links);
    return IFL_OK;
}

static enum ifl_status print_violations(const struct estimated *e, const struct checked *chains,
                                        const struct arguments *arguments, struct ifl_error *error)
{
    static const char *const header[] = {"chain", "step", "batch", "from", "to", "rise"};
    struct table *table = table_new(sizeof header / sizeof *header);
    enum ifl_status status = IFL_OK;
    for (size_t k = 0; k < sizeof header / sizeof *header; k++)
        table_cell(table, header[k]);
    for (size_t c = 0; c < CHAINS; c++)
        for (size_t k = 0; k < e->estimates.count && status == IFL_OK && chains[c].dpi.links > 0; k++)
            status = add_violations(table, e, &chains[c], &e->estimates.snapshots[k], arguments->tolerance, error);
    if (!table_print(table, stdout, arguments->format == FORMAT_CSV) && status == IFL_OK)
        status = ifl_fail(error, IFL_NO_MEMORY, "out of memory");
    return status;
}

static void print_summary(const struct estimated *e, const struct checked *chains, double tolerance)
{
    for (size_t c = 0; c < CHAINS; c++) {
        const struct ifl_dpi *dpi = &chains[c].dpi;
        if (dpi->links == 0)
            continue;
        text_printf(stdout, "%s: %zu of %zu links hold (%.1f %%)", chains[c].name, dpi->links - dpi->violated,
                    dpi->links, 100 * (double)(dpi->links - dpi->violated) / (double)dpi->links);
        if (dpi->violated > 0)
            text_printf(stdout, "; rises above %g bits: %zu, the largest %.4g bits, %s to %s at step %lld", tolerance,
                        dpi->violated, dpi->worst.rise, layer_name(e, dpi->worst.from), layer_name(e, dpi->worst.to),
                        (long long)e->estimates.snapshots[dpi->worst_snapshot].step);
        putchar('\n');
    }
}

static json_t *dpi_json(const struct estimated *e, const struct checked *c)
{
    json_t *object = json_pack("{ss si si}", "chain", c->name, "links", (int)c->dpi.links, "violated",
                               (int)c->dpi.violated);
    if (c->dpi.violated > 0)
        json_object_set_new(object, "worst",
                            json_pack("{sI so so sf}", "step",
                                      (json_int_t)e->estimates.snapshots[c->dpi.worst_snapshot].step, "from",
                                      json_text(layer_name(e, c->dpi.worst.from)), "to",
                                      json_text(layer_name(e, c->dpi.worst.to)), "rise", c->dpi.worst.rise));
    return object;
}

static enum ifl_status print_json(const struct estimated *e, const struct checked *chains, struct ifl_error *error)
{
    json_t *array = json_array();
    for (size_t c = 0; c < CHAINS; c++)
        if (chains[c].dpi.links > 0)
            json_array_append_new(array, dpi_json(e, &chains[c]));
    return json_print(array) ? IFL_OK : ifl_fail(error, IFL_NO_MEMORY, "out of memory");
}

/* Adds up what the run's estimates say of the chains that were asked for. */
static void count_links(struct checked *chains, const struct estimated *e, const struct arguments *arguments)
{
    for (size_t c = 0; c < CHAINS; c++) {
        if (arguments->chain >= 0 && arguments->chain != (int)chains[c].chain)
            continue;
        for (size_t k = 0; k < e->estimates.count; k++)
            ifl_dpi_add(&chains[c].dpi, k, e->estimates.snapshots[k].records, e->estimates.snapshots[k].count,
                        e->run.run.n_layers, chains[c].chain, arguments->tolerance);
    }
}

static ifl_quantity_set wanted_by(const struct checked *chains, const struct arguments *arguments)
{
    ifl_quantity_set wanted = 0;
    for (size_t c = 0; c < CHAINS; c++)
        if (arguments->chain < 0 || arguments->chain == (int)chains[c].chain)
            wanted |= IFL_BIT(chains[c].quantity);
    return wanted;
}

int command_check(struct arguments *arguments)
{
    struct store *store;
    struct estimated e;
    struct ifl_error error;
    struct checked chains[CHAINS] = {{.name = "forward", .chain = IFL_FORWARD, .quantity = IFL_I_XT},
                                     {.name = "backward", .chain = IFL_BACKWARD, .quantity = IFL_I_DELTA}};
    if (arguments->n_words != 1) {
        say("check: needs one RUN (infoflow check --help)");
        return EXIT_USAGE;
    }
    if (open_database(&store, arguments, arguments->no_cache ? STORE_READ : STORE_WRITE, &error) != IFL_OK)
        return fail(&error);
    enum ifl_status status = estimated_init(&e, store, arguments, arguments->words[0], arguments->steps,
                                            wanted_by(chains, arguments), &error);
    store_close(store);
    if (status != IFL_OK)
        return fail(&error);
    count_links(chains, &e, arguments);
    size_t violated = chains[0].dpi.violated + chains[1].dpi.violated;
    if (arguments->format == FORMAT_JSON) {
        status = print_json(&e, chains, &error);
    } else {
        if (arguments->format == FORMAT_TABLE)
            print_summary(&e, chains, arguments->tolerance);
        if (arguments->format == FORMAT_CSV || violated > 0)
            status = print_violations(&e, chains, arguments, &error);
    }
    estimated_release(&e);
    if (status != IFL_OK)
        return fail(&error);
    return violated > 0 ? EXIT_CHECK : EXIT_DONE;
}
