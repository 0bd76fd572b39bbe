/* ifl_entropies, distances to entropies in one go, against spectra and the entropies of those. */
#include <stdatomic.h>

#include "../../../core/solver.h"
#include "support.h"

static const size_t maps[] = {4, 2, 1};
static const double alphas[] = {0, 0.5, 1, 1.01, 2, 3, INFINITY};

/* Every kind of subset that a plan asks for. */
static void check_all(const struct ifl_snapshot *snapshot, struct ifl_params params, int threads)
{
    struct ifl_plan *plan = plan_of(snapshot, &params, IFL_ALL_QUANTITIES);
    size_t count, n = snapshot->n;
    const struct ifl_subset *subsets = ifl_plan_subsets(plan, &count);
    double *spectra = must_alloc(count * n, sizeof *spectra), *entropies = must_alloc(count, sizeof *entropies);
    struct ifl_control control = {.threads = threads};
    for (size_t a = 0; a < COUNT(alphas); a++) {
        params.alpha = alphas[a];
        cr_assert_eq(ifl_spectra(snapshot, &params, subsets, count, &control, spectra, NULL), IFL_OK);
        cr_assert_eq(ifl_entropies(snapshot, &params, subsets, count, &control, entropies, NULL), IFL_OK);
        for (size_t k = 0; k < count; k++)
            expect_near(entropies[k], ifl_entropy(spectra + k * n, n, alphas[a]), 1e-12, "n %zu, alpha %g, subset %zu",
                        n, alphas[a], k);
    }
    free(entropies);
    free(spectra);
    ifl_plan_free(plan);
}

Test(entropies, are_those_of_the_spectra)
{
    static const size_t sizes[] = {2, 3, 17, 100, 128};
    for (size_t s = 0; s < COUNT(sizes); s++) {
        struct world_spec spec = network_spec(s, sizes[s], COUNT(maps), maps);
        spec.float32 = s % 2 == 1;
        struct world *w = world_new(&spec);
        struct ifl_params params = ifl_params_default();
        for (params.composition = IFL_HADAMARD; params.composition < IFL_COMPOSITIONS; params.composition++) {
            params.h_label = 0;
            check_all(&w->snapshot, params, 1);
            params.h_label = 0.7;
            check_all(&w->snapshot, params, 3);
        }
        world_free(w);
    }
}

/* All samples equal, and no two alike: exactly 0 and log2 n. */
Test(entropies, of_order_2_are_exact_at_the_ends)
{
    static const double near[3] = {0, 0, 0}, far[3] = {1e30, 1e30, 1e30};
    struct ifl_params params = ifl_params_default();
    struct ifl_subset x = subset_x();
    struct ifl_snapshot snapshot = snapshot_of_distances(3, 2, near);
    double bits;
    params.alpha = 2;
    cr_assert_eq(ifl_entropies(&snapshot, &params, &x, 1, NULL, &bits, NULL), IFL_OK);
    cr_expect_eq(bits, 0);
    snapshot = snapshot_of_distances(3, 2, far);
    cr_assert_eq(ifl_entropies(&snapshot, &params, &x, 1, NULL, &bits, NULL), IFL_OK);
    expect_near(bits, log2(3), 1e-15, "far apart");
}

Test(entropies, refuse_what_spectra_refuse)
{
    double bad[3] = {1, NAN, 1}, bits = 7;
    struct ifl_params params = ifl_params_default();
    struct ifl_subset x = subset_x(), y = subset_y();
    struct ifl_snapshot snapshot = snapshot_of_distances(3, 2, bad);
    params.alpha = 2;
    cr_expect_eq(ifl_entropies(&snapshot, &params, &x, 1, NULL, &bits, NULL), IFL_REFUSED);
    cr_expect_eq(ifl_entropies(&snapshot, &params, &y, 1, NULL, &bits, NULL), IFL_INVALID);
    params.alpha = -1;
    cr_expect_eq(ifl_entropies(&snapshot, &params, &x, 1, NULL, &bits, NULL), IFL_INVALID);
    cr_expect_eq(ifl_entropies(&snapshot, &params, NULL, 0, NULL, NULL, NULL), IFL_INVALID);
}

struct watch {
    size_t done, total, cancel_at;
    atomic_bool cancel;
};

static void watch_progress(void *context, size_t done, size_t total)
{
    struct watch *w = context;
    cr_expect_gt(done, w->done);
    w->done = done;
    w->total = total;
    if (w->cancel_at != 0 && done >= w->cancel_at)
        atomic_store(&w->cancel, true);
}

Test(entropies, of_order_2_tell_progress_and_can_be_canceled)
{
    struct world_spec spec = network_spec(1, 32, COUNT(maps), maps);
    struct world *w = world_new(&spec);
    struct ifl_params params = ifl_params_default();
    params.alpha = 2;
    for (int threads = 1; threads <= 3; threads++) {
        for (size_t at = 0; at <= 4; at += 4) {
            struct watch watch = {.cancel_at = at};
            struct ifl_control control = {
                .threads = threads, .cancel = &watch.cancel, .progress = watch_progress, .context = &watch};
            struct records r = {0};
            enum ifl_status status =
                ifl_estimate(&w->snapshot, &params, IFL_ALL_QUANTITIES, &control, &r.at, &r.count, NULL);
            cr_expect_eq(status, at == 0 ? IFL_OK : IFL_CANCELED);
            cr_expect(at != 0 || watch.done == watch.total);
            records_free(&r);
        }
    }
    world_free(w);
}

/* Problems solved. The program is linked with --wrap for the solver; its threads are ended when this is looked at. */
static atomic_size_t solved;

enum ifl_status __real_solver_solve(struct solver *solver, size_t n, size_t used, const double *const *pairs,
                                    double scale, double *const *eigenvalues, struct ifl_error *error);
enum ifl_status __wrap_solver_solve(struct solver *solver, size_t n, size_t used, const double *const *pairs,
                                    double scale, double *const *eigenvalues, struct ifl_error *error);

enum ifl_status __wrap_solver_solve(struct solver *solver, size_t n, size_t used, const double *const *pairs,
                                    double scale, double *const *eigenvalues, struct ifl_error *error)
{
    solved += used;
    return __real_solver_solve(solver, n, used, pairs, scale, eigenvalues, error);
}

Test(entropies, of_order_2_solve_no_eigenvalue_problem)
{
    struct world_spec spec = network_spec(1, 32, COUNT(maps), maps);
    struct world *w = world_new(&spec);
    struct ifl_params params = ifl_params_default();
    for (int order = 2; order <= 3; order++) {
        struct records r = {0};
        params.alpha = order;
        solved = 0;
        cr_assert_eq(ifl_estimate(&w->snapshot, &params, IFL_ALL_QUANTITIES, NULL, &r.at, &r.count, NULL), IFL_OK);
        cr_expect_eq(solved > 0, order != 2, "%zu", solved);
        records_free(&r);
    }
    world_free(w);
}
