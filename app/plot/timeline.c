#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <plot/view.h>

/* Where in its estimates each run stands on the way along their steps. */
struct walk {
    const struct view_run *runs;
    size_t n_runs;
    size_t *at; /* [n_runs] */
};

/* The first step that is still to come; false at the end. */
static bool next_step(const struct walk *walk, int64_t *step)
{
    bool any = false;
    for (size_t r = 0; r < walk->n_runs; r++) {
        const struct view_run *run = &walk->runs[r];
        if (walk->at[r] == run->count || (any && run->estimates[walk->at[r]].step >= *step))
            continue;
        *step = run->estimates[walk->at[r]].step;
        any = true;
    }
    return any;
}

/* Each run's estimates of a step; returns how many runs have it. */
static size_t take_step(const struct walk *walk, int64_t step, struct timeline_batches *batches)
{
    size_t having = 0;
    for (size_t r = 0; r < walk->n_runs; r++) {
        const struct view_run *run = &walk->runs[r];
        batches[r] = (struct timeline_batches){.first = walk->at[r]};
        while (walk->at[r] < run->count && run->estimates[walk->at[r]].step == step)
            walk->at[r]++;
        batches[r].count = walk->at[r] - batches[r].first;
        having += batches[r].count > 0;
    }
    return having;
}

/* The first epoch that a run gives for the step. */
static double epoch_of(const struct walk *walk, const struct timeline_batches *batches)
{
    for (size_t r = 0; r < walk->n_runs; r++)
        if (batches[r].count > 0 && !isnan(walk->runs[r].estimates[batches[r].first].epoch))
            return walk->runs[r].estimates[batches[r].first].epoch;
    return NAN;
}

/* All steps, or, from the first that all runs have, only such: those before it are overwritten. */
static void take_steps(struct timeline *t, struct walk *walk)
{
    bool common = false;
    for (int64_t step = 0; next_step(walk, &step);) {
        struct timeline_batches *batches = &t->batches[t->count * t->n_runs];
        bool all = take_step(walk, step, batches) == t->n_runs;
        if (all && !common) {
            memmove(t->batches, batches, t->n_runs * sizeof *batches);
            batches = t->batches;
            t->count = 0;
            common = true;
        }
        if (common && !all)
            continue;
        t->steps[t->count] = step;
        t->epochs[t->count++] = epoch_of(walk, batches);
    }
}

enum ifl_status timeline_init(struct timeline *out, const struct view_run *runs, size_t n_runs, struct ifl_error *error)
{
    struct timeline t = {.n_runs = n_runs};
    struct walk walk = {.runs = runs, .n_runs = n_runs};
    size_t most = 0, batches;
    for (size_t r = 0; r < n_runs; r++)
        most += runs[r].count;
    if (!ifl_size_mul(most, n_runs, &batches))
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for %zu snapshots", most);
    t.steps = ifl_alloc(most, sizeof *t.steps);
    t.epochs = ifl_alloc(most, sizeof *t.epochs);
    t.batches = ifl_alloc(batches, sizeof *t.batches);
    walk.at = ifl_alloc(n_runs, sizeof *walk.at);
    if (t.steps == NULL || t.epochs == NULL || t.batches == NULL || walk.at == NULL) {
        free(walk.at);
        timeline_release(&t);
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for %zu snapshots", most);
    }
    take_steps(&t, &walk);
    free(walk.at);
    *out = t;
    return IFL_OK;
}

void timeline_release(struct timeline *timeline)
{
    free(timeline->steps);
    free(timeline->epochs);
    free(timeline->batches);
    memset(timeline, 0, sizeof *timeline);
}

/* Over the mini-batches of one run; NAN where none has it. */
static double mean_of_batches(const struct view_run *run, struct timeline_batches batches, int32_t layer,
                              enum ifl_quantity quantity, unsigned *health)
{
    double sum = 0;
    size_t found = 0;
    for (size_t b = batches.first; b < batches.first + batches.count; b++) {
        const struct ifl_record *record = estimate_find(&run->estimates[b], layer, quantity);
        if (record == NULL)
            continue;
        sum += record->value;
        found++;
        if (health != NULL)
            *health |= record->health;
    }
    return found > 0 ? sum / (double)found : NAN;
}

double timeline_value(const struct timeline *timeline, const struct view_subject *subject, size_t k, int32_t layer,
                      enum ifl_quantity quantity, double *deviation, unsigned *health)
{
    double mean = 0, squares = 0; /* Welford's */
    size_t found = 0;
    for (size_t r = 0; r < timeline->n_runs; r++) {
        double value =
            mean_of_batches(&subject->runs[r], timeline->batches[k * timeline->n_runs + r], layer, quantity, health);
        if (isnan(value))
            continue;
        double before = value - mean;
        mean += before / (double)++found;
        squares += before * (value - mean);
    }
    if (deviation != NULL)
        *deviation = found > 1 ? sqrt(squares / (double)(found - 1)) : NAN;
    return found > 0 ? mean : NAN;
}
