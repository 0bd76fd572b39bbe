/* Memory that runs out at any allocation: the status says so, out-parameters are untouched and nothing is kept. */
#include "failing_memory.h"
#include "support.h"

static const size_t maps[] = {3, 1};

/* What is run out of memory. */
struct work {
    struct ifl_snapshot snapshot;
    struct ifl_params params;
    int threads;
};

static enum ifl_status summarise(const struct ifl_record *records, size_t count, struct ifl_error *error)
{
    const struct ifl_record_set sets[] = {{records, count}, {records, count}};
    struct ifl_summary *summaries = NULL;
    size_t out = 12345;
    enum ifl_status status = ifl_summarise(sets, COUNT(sets), &summaries, &out, error);
    if (status != IFL_OK && (summaries != NULL || out != 12345))
        abort();
    free(summaries);
    return status;
}

static enum ifl_status estimate_all(const struct work *work, struct ifl_error *error)
{
    struct ifl_control control = {.threads = work->threads};
    struct ifl_record *records = NULL;
    size_t count = 12345;
    enum ifl_status status = ifl_widths_new(&control.widths, &work->snapshot, error);
    if (status != IFL_OK && control.widths != NULL)
        abort();
    if (status == IFL_OK)
        status = ifl_estimate(&work->snapshot, &work->params, IFL_ALL_QUANTITIES, &control, &records, &count, error);
    if (status != IFL_OK && (records != NULL || count != 12345))
        abort();
    if (status == IFL_OK)
        status = summarise(records, count, error);
    free(records);
    ifl_widths_free(control.widths);
    return status;
}

static enum ifl_status plan(const struct work *work, struct ifl_error *error)
{
    struct ifl_plan *made = NULL;
    enum ifl_status status = ifl_plan_new(&made, &work->snapshot, &work->params, IFL_ALL_QUANTITIES, error);
    if (status != IFL_OK && made != NULL)
        abort();
    ifl_plan_free(made);
    return status;
}

/* So large that LAPACK solves it; the quantities of so many samples would take too long. */
static enum ifl_status one_spectrum(const struct work *work, struct ifl_error *error)
{
    const struct ifl_subset x = subset_x();
    struct ifl_control control = {.threads = work->threads};
    static double spectrum[600];
    cr_assert_leq(work->snapshot.n, COUNT(spectrum));
    return ifl_spectra(&work->snapshot, &work->params, &x, 1, &control, spectrum, error);
}

/* Fails each allocation, and all after it if `on`, until none is left to fail; how many there were. */
static long run_out(const struct work *work, enum ifl_status (*run)(const struct work *, struct ifl_error *), bool on)
{
    struct ifl_error error = {.message = ""};
    enum ifl_status status = run(work, &error); /* what a library makes once is made */
    cr_assert_eq(status, IFL_OK, "%s", error.message);
    for (long at = 1;; at++) {
        error.message[0] = '\0';
        memory_fail(at, on);
        status = run(work, &error);
        struct memory_use use = memory_end();
        cr_assert(use.kept <= 0, "allocation %ld: %ld blocks are left (%s)", at, use.kept, error.message);
        if (use.allocations < at) {
            cr_assert_eq(status, IFL_OK, "%s", error.message);
            return at - 1;
        }
        /* with fewer threads it goes on */
        cr_assert(status == IFL_NO_MEMORY || (status == IFL_OK && work->threads > 1), "allocation %ld: %s: %s", at,
                  ifl_status_text(status), error.message);
        cr_assert(status == IFL_OK || strstr(error.message, "memory") != NULL, "%s", error.message);
    }
}

static void run_out_both(const struct work *work, enum ifl_status (*run)(const struct work *, struct ifl_error *),
                         long least)
{
    for (int on = 0; on < 2; on++) {
        long allocations = run_out(work, run, on != 0);
        cr_assert_geq(allocations, least, "%ld allocations", allocations);
    }
}

static void run_out_of_params(struct ifl_params params, int threads)
{
    struct world_spec spec = network_spec(1, 12, COUNT(maps), maps);
    struct world *world = world_new(&spec);
    struct work work = {world->snapshot, params, threads};
    run_out_both(&work, estimate_all, 10);
    world_free(world);
}

Test(memory, of_each_width_rule, .timeout = 600)
{
    for (int rule = 0; rule < IFL_WIDTH_RULES; rule++) {
        struct ifl_params params = ifl_params_default();
        params.width = (enum ifl_width_rule)rule;
        run_out_of_params(params, 1);
    }
}

Test(memory, of_each_composition, .timeout = 600)
{
    for (int composition = 0; composition < IFL_COMPOSITIONS; composition++) {
        struct ifl_params params = ifl_params_default();
        params.composition = (enum ifl_composition)composition;
        params.h_label = 0.5;
        run_out_of_params(params, 1);
    }
}

/* A plan grows with its subsets: of so many sizes, wherever it takes one. */
Test(memory, of_plans_that_grow, .timeout = 600)
{
    for (int rule = 0; rule < 2; rule++)
        for (size_t first = 1; first <= 24; first++) {
            const size_t some[] = {first, 2, 1, 1, 1, 1};
            struct shape shape;
            shape_init(&shape, COUNT(some), some, some);
            struct work work = {shape.snapshot, ifl_params_default(), 1};
            work.params.width = rule == 0 ? IFL_WIDTH_SILVERMAN : IFL_WIDTH_MEDIAN;
            run_out_both(&work, plan, 5);
        }
}

Test(memory, of_alpha_2, .timeout = 600)
{
    struct ifl_params params = ifl_params_default();
    params.alpha = 2;
    run_out_of_params(params, 1);
}

Test(memory, of_several_threads, .timeout = 600)
{
#ifdef __SANITIZE_ADDRESS__
    cr_skip_test("a thread of AddressSanitizer's cannot do without memory");
#endif
    run_out_of_params(ifl_params_default(), 3);
}

Test(memory, of_a_large_matrix, .timeout = 600)
{
    size_t one = 1;
    struct world_spec spec = network_spec(1, 600, 1, &one);
    struct world *world = world_new(&spec);
    struct work work = {world->snapshot, ifl_params_default(), 1};
    run_out_both(&work, one_spectrum, 5);
    world_free(world);
}
