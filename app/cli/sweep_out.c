/* What a sweep prints: a line a width for people, every number for other programs, and the advice at the end. */
#include <string.h>

#include <base/text.h>
#include <cli/json.h>
#include <cli/sweep.h>

static const char *const width_names[] = {[IFL_FORWARD] = "h", [IFL_BACKWARD] = "h-error"};

void sweep_print_begin(struct sweep *s)
{
    if (s->arguments->format == FORMAT_CSV) {
        records_begin_sweep(&s->records, stdout, RECORDS_CSV);
    } else if (s->arguments->format == FORMAT_JSON) {
        fputs("{\n\"run\": ", stdout);
        text_json(stdout, s->run.run.run.name);
        fputs(",\n\"records\": ", stdout);
        records_begin_sweep(&s->records, stdout, RECORDS_JSON);
    }
}

void sweep_print_chain(const struct sweep *s, const struct sweep_chain *chain)
{
    if (s->arguments->format != FORMAT_TABLE)
        return;
    if (chain->chain == IFL_BACKWARD && s->chains[0].count > 0)
        putchar('\n');
    text_printf(stdout, "%s  %s  %zu snapshots\n", chain->name, s->run.run.run.name, s->run.chosen);
    printf("%9s  entropies  constant  collapsed  saturated  links  violated  largest rise\n",
           width_names[chain->chain]);
}

void sweep_print_snapshot(struct sweep *s, const struct sweep_chain *chain, size_t width,
                          const struct estimates *estimates)
{
    if (s->arguments->format == FORMAT_TABLE)
        return;
    records_width(&s->records, chain->name, chain->widths[width].h);
    records_add(&s->records, &s->run.run.run, estimates->snapshots, estimates->count);
}

void sweep_print_width(const struct sweep *s, const struct sweep_chain *chain, size_t k)
{
    const struct sweep_width *width = &chain->widths[k];
    const struct ifl_dpi *dpi = &width->dpi;
    char h[32], rise[32];
    if (s->arguments->format != FORMAT_TABLE)
        return;
    printf("%9s  %9zu  %8zu  %9zu  %9zu  %5zu  %8zu  %12s%s\n", text_short(h, width->h, 4), chain->seen[k].values,
           width->constant, width->collapsed, width->saturated, dpi->links, dpi->violated,
           dpi->violated > 0 ? text_short(rise, dpi->worst.rise, 4) : "",
           ifl_width_trusted(&chain->seen[k], s->arguments->share) ? "  trusted" : "");
}

/* ---- the advice ---- */

static bool is_empty(const struct sweep_chain *chain)
{
    for (size_t k = 0; k < chain->count; k++)
        if (chain->seen[k].values > 0)
            return false;
    return true;
}

/* `forward: trusted h 2.1 .. 9.6`, with what is meant by it. */
static char *advise(char out[160], const struct sweep *s, const struct sweep_chain *chain)
{
    char from[32], to[32], share[32];
    const char *name = width_names[chain->chain];
    size_t first, last;
    if (is_empty(chain)) {
        snprintf(out, 160, "%s: nothing to go by%s", chain->name,
                 chain->chain == IFL_BACKWARD ? ": no errors recorded" : "");
        return out;
    }
    text_short(share, 100 * s->arguments->share, 4);
    if (!ifl_width_stretch(chain->seen, chain->count, s->arguments->share, &first, &last))
        snprintf(out, 160, "%s: no %s of these can be trusted", chain->name, name);
    else if (first == last)
        snprintf(out, 160, "%s: trusted %s %s alone", chain->name, name, text_short(from, chain->widths[first].h, 4));
    else
        snprintf(out, 160, "%s: trusted %s %s .. %s", chain->name, name, text_short(from, chain->widths[first].h, 4),
                 text_short(to, chain->widths[last].h, 4));
    size_t used = strlen(out);
    snprintf(out + used, 160 - used, " (no collapse, no saturation, at most %s %% of links violated)", share);
    return out;
}

static json_t *widths_json(const struct sweep *s)
{
    json_t *array = json_array();
    for (size_t c = 0; c < SWEEP_CHAINS; c++)
        for (size_t k = 0; k < s->chains[c].count; k++) {
            const struct sweep_width *w = &s->chains[c].widths[k];
            json_array_append_new(array, json_pack("{ss sf si si si si si si sf sb}", "chain", s->chains[c].name, "h",
                                                   w->h, "entropies", (int)s->chains[c].seen[k].values, "constant",
                                                   (int)w->constant, "collapsed", (int)w->collapsed, "saturated",
                                                   (int)w->saturated, "links", (int)w->dpi.links, "violated",
                                                   (int)w->dpi.violated, "rise", w->dpi.worst.rise, "trusted",
                                                   ifl_width_trusted(&s->chains[c].seen[k], s->arguments->share)));
        }
    return array;
}

/* `from` and `to` are null where no width can be trusted. */
static json_t *advice_json(const struct sweep *s)
{
    json_t *array = json_array();
    for (size_t c = 0; c < SWEEP_CHAINS; c++) {
        const struct sweep_chain *chain = &s->chains[c];
        size_t first = 0, last = 0;
        if (chain->count == 0)
            continue;
        bool found = ifl_width_stretch(chain->seen, chain->count, s->arguments->share, &first, &last);
        json_array_append_new(array, json_pack("{ss sf so so}", "chain", chain->name, "share", s->arguments->share,
                                               "from", found ? json_real(chain->widths[first].h) : json_null(), "to",
                                               found ? json_real(chain->widths[last].h) : json_null()));
    }
    return array;
}

static bool print_json_end(const struct sweep *s)
{
    fputs(",\n\"widths\": ", stdout);
    bool ok = json_print(widths_json(s));
    fputs(",\n\"advice\": ", stdout);
    ok = json_print(advice_json(s)) && ok;
    fputs("}\n", stdout);
    return ok;
}

/* CSV is for programs: there the advice goes where people look. */
bool sweep_print_end(struct sweep *s)
{
    char advice[160];
    if (s->arguments->format != FORMAT_TABLE)
        records_end(&s->records);
    if (s->arguments->format == FORMAT_JSON)
        return print_json_end(s);
    if (s->arguments->format == FORMAT_TABLE)
        putchar('\n');
    for (size_t c = 0; c < SWEEP_CHAINS; c++) {
        if (s->chains[c].count == 0)
            continue;
        advise(advice, s, &s->chains[c]);
        if (s->arguments->format == FORMAT_CSV)
            say("%s", advice);
        else
            puts(advice);
    }
    return true;
}
