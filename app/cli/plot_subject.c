#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/text.h>
#include <cli/plot_subject.h>

char *plot_subject_first(const char *which)
{
    return strndup(which, strcspn(which, ","));
}

static bool same_layers(const struct run *a, const struct run *b)
{
    if (a->n_layers != b->n_layers)
        return false;
    for (size_t l = 0; l < a->n_layers; l++)
        if (strcmp(a->layers[l].name, b->layers[l].name) != 0)
            return false;
    return true;
}

static enum ifl_status add_run(struct plot_subject *s, struct store *store, const struct arguments *arguments,
                               const char *which, const char *steps, ifl_quantity_set wanted, struct ifl_error *error)
{
    struct estimated *e = &s->estimated[s->count];
    enum ifl_status status = estimated_init(e, store, arguments, which, steps, wanted, error);
    if (status != IFL_OK)
        return status;
    s->runs[s->count++] = (struct view_run){e->estimates.snapshots, e->estimates.count};
    const struct run *run = &e->run.run, *first = &s->estimated[0].run.run;
    return same_layers(run, first)
               ? IFL_OK
               : ifl_fail(error, IFL_INVALID, "%s has other layers than %s: no mean of both", run->name, first->name);
}

/* ---- steps that all of the runs have ---- */

struct common_steps {
    int64_t *steps; /* ascending */
    size_t count;
};

static bool has_step(const struct estimated *e, int64_t step)
{
    size_t k = 0;
    while (k < e->count && e->snapshots[k].step < step)
        k++;
    return k < e->count && e->snapshots[k].step == step;
}

/* Of the first run all steps, of each other what it leaves of them. */
static enum ifl_status take_common(struct common_steps *common, const struct estimated *e, struct ifl_error *error)
{
    size_t kept = 0;
    if (common->steps == NULL) {
        common->steps = ifl_alloc(e->count, sizeof *common->steps);
        if (common->steps == NULL)
            return ifl_fail(error, IFL_NO_MEMORY, "no memory for a plot");
        for (size_t k = 0; k < e->count; k++)
            common->steps[common->count++] = e->snapshots[k].step;
    }
    for (size_t k = 0; k < common->count; k++)
        if (has_step(e, common->steps[k]))
            common->steps[kept++] = common->steps[k];
    common->count = kept;
    if (kept > 0)
        return IFL_OK;
    return ifl_fail(error, IFL_INVALID,
                    e->count > 0 ? "%s has no step that the runs before it have: no mean of them"
                                 : "%s has no snapshots",
                    e->run.run.name);
}

/* The first or the last of them, as a text: a mean is of one step of all runs, not of the last of each. */
static enum ifl_status common_step(struct store *store, const struct arguments *arguments, const char *which,
                                   bool first, char out[32], struct ifl_error *error)
{
    struct common_steps common = {0};
    enum ifl_status status = IFL_OK;
    for (const char *rest = which; rest != NULL && status == IFL_OK; rest = strchr(rest, ',')) {
        struct estimated e = {0};
        rest += *rest == ',';
        char *one = plot_subject_first(rest);
        status = one == NULL ? ifl_fail(error, IFL_NO_MEMORY, "no memory for a plot")
                             : estimated_find(&e, store, arguments, one, "all", error);
        if (status == IFL_OK)
            status = take_common(&common, &e, error);
        estimated_release(&e);
        free(one);
    }
    if (status == IFL_OK)
        snprintf(out, 32, "%lld", (long long)common.steps[first ? 0 : common.count - 1]);
    free(common.steps);
    return status;
}

/* ---- the runs ---- */

static enum ifl_status add_runs(struct plot_subject *s, struct store *store, const struct arguments *arguments,
                                const char *which, const char *steps, ifl_quantity_set wanted, struct ifl_error *error)
{
    char common[32];
    enum ifl_status status = IFL_OK;
    bool first = strcmp(steps, "first") == 0;
    if (strchr(which, ',') != NULL && (first || strcmp(steps, "last") == 0)) {
        status = common_step(store, arguments, which, first, common, error);
        steps = common;
    }
    for (const char *rest = which; rest != NULL && status == IFL_OK; rest = strchr(rest, ',')) {
        rest += *rest == ',';
        char *one = plot_subject_first(rest);
        status = one == NULL ? ifl_fail(error, IFL_NO_MEMORY, "no memory for a plot")
                             : add_run(s, store, arguments, one, steps, wanted, error);
        free(one);
    }
    return status;
}

static enum ifl_status name_subject(struct plot_subject *s, struct ifl_error *error)
{
    const char *first = s->estimated[0].run.run.name;
    size_t bytes = strlen(first) + 32;
    s->name = ifl_alloc(bytes, 1);
    if (s->name == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for a plot");
    if (s->count == 1)
        snprintf(s->name, bytes, "%s", first);
    else
        snprintf(s->name, bytes, "%s + %zu run%s", first, s->count - 1, s->count > 2 ? "s" : "");
    return IFL_OK;
}

enum ifl_status plot_subject_init(struct plot_subject *out, struct store *store, const struct arguments *arguments,
                                  const char *which, const char *steps, ifl_quantity_set wanted,
                                  struct ifl_error *error)
{
    struct plot_subject s = {0};
    size_t most = 1;
    for (const char *comma = which; (comma = strchr(comma, ',')) != NULL; comma++)
        most++;
    s.estimated = ifl_alloc(most, sizeof *s.estimated);
    s.runs = ifl_alloc(most, sizeof *s.runs);
    enum ifl_status status = s.estimated != NULL && s.runs != NULL
                                 ? add_runs(&s, store, arguments, which, steps, wanted, error)
                                 : ifl_fail(error, IFL_NO_MEMORY, "no memory for a plot");
    if (status == IFL_OK)
        status = name_subject(&s, error);
    if (status == IFL_OK)
        status = timeline_init(&s.timeline, s.runs, s.count, error);
    if (status != IFL_OK) {
        plot_subject_release(&s);
        return status;
    }
    *out = s;
    return IFL_OK;
}

void plot_subject_release(struct plot_subject *subject)
{
    timeline_release(&subject->timeline);
    for (size_t k = 0; k < subject->count; k++)
        estimated_release(&subject->estimated[k]);
    free(subject->estimated);
    free(subject->runs);
    free(subject->name);
    memset(subject, 0, sizeof *subject);
}

struct view_subject plot_subject_view(const struct plot_subject *subject)
{
    return (struct view_subject){
        .name = subject->name, .run = &subject->estimated[0].run.run, .runs = subject->runs, .n_runs = subject->count};
}
