/* What a sweep prints: a line a width for people, every number for other programs, and the advice at the end. */
#include <math.h>

#include <base/text.h>
#include <cli/json.h>
#include <cli/sweep.h>

enum { ADVICE_SIZE = 320 };

static const char *const width_names[] = {[IFL_FORWARD] = "h", [IFL_BACKWARD] = "h-error"};

/* Not before there is something: what fails at once prints nothing. */
static void begin_records(struct sweep *s)
{
    if (s->records.stream != NULL)
        return;
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
    printf("%9s  entropies  constant  collapsed  saturated  fit for  links  violated  largest rise\n",
           width_names[chain->chain]);
}

void sweep_print_snapshot(struct sweep *s, const struct sweep_chain *chain, size_t width,
                          const struct estimates *estimates)
{
    if (s->arguments->format == FORMAT_TABLE)
        return;
    begin_records(s);
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
    printf("%9s  %9zu  %8zu  %9zu  %9zu  %7zu  %5zu  %8zu  %12s\n", text_short(h, width->h, 4), width->entropies,
           width->constant, width->collapsed, width->saturated, chain->seen[k].fit_count, dpi->links, dpi->violated,
           dpi->violated > 0 ? text_short(rise, dpi->worst.rise, 4) : "-");
}

/* ---- the advice ---- */

static bool is_empty(const struct sweep_chain *chain)
{
    for (size_t k = 0; k < chain->count; k++)
        if (chain->widths[k].entropies > 0)
            return false;
    return true;
}

/* `5 of 9 snapshots, step 800 to 4690`: those that seen->fit says. The steps where none between them is left out. */
static void put_snapshots(char *out, size_t size, const struct sweep *s, const struct ifl_width_seen *seen)
{
    size_t first = 0, last = s->run.chosen - 1;
    while (!seen->fit[first])
        first++;
    while (!seen->fit[last])
        last--;
    long long from = (long long)s->run.snapshots[first].step, to = (long long)s->run.snapshots[last].step;
    int used = snprintf(out, size, "%zu of %zu snapshots", seen->fit_count, s->run.chosen);
    if (seen->fit_count == s->run.chosen || last - first + 1 != seen->fit_count)
        return;
    if (from == to)
        snprintf(out + used, size - (size_t)used, ", step %lld", from);
    else
        snprintf(out + used, size - (size_t)used, ", step %lld to %lld", from, to);
}

/* What else there is to say than which widths can be trusted. */
static void put_remark(char *out, size_t size, const struct sweep *s, const struct ifl_width_advice *advice)
{
    char least[32];
    text_short(least, ceil(advice->most_share * 1000) / 1000, 4);
    if (advice->most_fit == 0)
        snprintf(out, size, "at each X or some layer is collapsed or saturated in every snapshot%s",
                 s->layer < 0 ? " (--layer NAME looks at one)" : "");
    else if (advice->most_fit > advice->fit_count)
        snprintf(out, size, "with --share %s in %zu of %zu snapshots", least, advice->most_fit, s->run.chosen);
    else
        snprintf(out, size, "no collapse, no saturation, at most %s %% of links violated",
                 text_short(least, 100 * s->arguments->share, 4));
}

/* `forward: trusted h 2.1 .. 9.6 in 5 of 9 snapshots, step 800 to 4690; ...` */
static char *advise(char out[ADVICE_SIZE], const struct sweep *s, const struct sweep_chain *chain)
{
    char from[32], to[32], where[96], remark[128];
    const char *name = width_names[chain->chain];
    struct ifl_width_advice advice;
    if (is_empty(chain)) {
        snprintf(out, ADVICE_SIZE, "%s: nothing to go by%s", chain->name,
                 chain->chain == IFL_BACKWARD ? ": no errors recorded" : "");
        return out;
    }
    ifl_width_advise(chain->seen, chain->count, s->run.chosen, s->arguments->share, &advice);
    put_remark(remark, sizeof remark, s, &advice);
    if (advice.fit_count == 0) {
        snprintf(out, ADVICE_SIZE, "%s: no %s of these can be trusted; %s", chain->name, name, remark);
        return out;
    }
    put_snapshots(where, sizeof where, s, &chain->seen[advice.first]);
    text_short(from, chain->widths[advice.first].h, 4);
    text_short(to, chain->widths[advice.last].h, 4);
    bool one = advice.first == advice.last;
    snprintf(out, ADVICE_SIZE, "%s: trusted %s %s%s%s in %s; %s", chain->name, name, from, one ? "" : " .. ",
             one ? " alone" : to, where, remark);
    return out;
}

static json_t *widths_json(const struct sweep *s)
{
    json_t *array = json_array();
    for (size_t c = 0; c < SWEEP_CHAINS; c++) {
        const struct sweep_chain *chain = &s->chains[c];
        struct ifl_width_advice advice;
        ifl_width_advise(chain->seen, chain->count, s->run.chosen, s->arguments->share, &advice);
        for (size_t k = 0; k < chain->count; k++) {
            const struct sweep_width *w = &chain->widths[k];
            json_array_append_new(
                array, json_pack("{ss sf si si si si si si si sf sb}", "chain", chain->name, "h", w->h, "entropies",
                                 (int)w->entropies, "constant", (int)w->constant, "collapsed", (int)w->collapsed,
                                 "saturated", (int)w->saturated, "fit", (int)chain->seen[k].fit_count, "links",
                                 (int)w->dpi.links, "violated", (int)w->dpi.violated, "rise", w->dpi.worst.rise,
                                 "trusted", ifl_width_trusted(&chain->seen[k], &advice, s->arguments->share)));
        }
    }
    return array;
}

/* `from` and `to` are null where no width can be trusted, `most_share` where none can whatever the share. */
static json_t *advice_json(const struct sweep *s)
{
    json_t *array = json_array();
    for (size_t c = 0; c < SWEEP_CHAINS; c++) {
        const struct sweep_chain *chain = &s->chains[c];
        struct ifl_width_advice a;
        if (chain->count == 0)
            continue;
        ifl_width_advise(chain->seen, chain->count, s->run.chosen, s->arguments->share, &a);
        bool found = a.fit_count > 0;
        json_array_append_new(
            array, json_pack("{ss sf so so si si si so}", "chain", chain->name, "share", s->arguments->share, "from",
                             found ? json_real(chain->widths[a.first].h) : json_null(), "to",
                             found ? json_real(chain->widths[a.last].h) : json_null(), "fit", (int)a.fit_count,
                             "snapshots", (int)s->run.chosen, "most_fit", (int)a.most_fit, "most_share",
                             a.most_fit > 0 ? json_real(a.most_share) : json_null()));
    }
    return array;
}

void sweep_print_broken(struct sweep *s)
{
    if (s->records.stream == NULL || s->arguments->format != FORMAT_JSON)
        return;
    records_end(&s->records);
    fputs("}\n", stdout);
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
    char advice[ADVICE_SIZE];
    begin_records(s);
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
