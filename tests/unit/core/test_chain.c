/* The links of the two data-processing chains. */
#include "support.h"

enum { LAYERS = 6 };

static struct ifl_record record(int32_t layer, enum ifl_quantity quantity, double value)
{
    return (struct ifl_record){.layer = layer, .quantity = quantity, .value = value};
}

static void expect_link(const struct ifl_link *link, int32_t from, int32_t to, double rise, bool violated)
{
    cr_expect(link->from == from && link->to == to && link->violated == violated,
              "from %d to %d, violated %d; expected from %d to %d, %d", (int)link->from, (int)link->to, link->violated,
              (int)from, (int)to, violated);
    expect_near(link->rise, rise, 1e-15, "rise from %d to %d", (int)from, (int)to);
}

Test(chain, forward_falls_unless_violated)
{
    const struct ifl_record records[] = {record(-1, IFL_H_X, 9),   record(0, IFL_H_T, 9),   record(0, IFL_I_XT, 4),
                                         record(0, IFL_I_TY, 1),   record(1, IFL_I_XT, 3),  record(1, IFL_I_TY, 2),
                                         record(2, IFL_I_XT, 3.5), record(3, IFL_I_XT, 3.5)};
    struct ifl_link links[LAYERS];
    cr_assert_eq(ifl_chain_links(records, COUNT(records), 4, IFL_FORWARD, IFL_DPI_TOLERANCE, links), 3);
    expect_link(&links[0], 0, 1, -1, false);
    expect_link(&links[1], 1, 2, 0.5, true);
    expect_link(&links[2], 2, 3, 0, false);
}

Test(chain, backward_runs_from_the_last_layer_to_the_first)
{
    const struct ifl_record records[] = {record(0, IFL_I_XT, 1), record(3, IFL_H_DELTA, 5), record(2, IFL_I_DELTA, 3),
                                         record(1, IFL_I_DELTA, 2), record(0, IFL_I_DELTA, 2.25)};
    struct ifl_link links[LAYERS];
    cr_assert_eq(ifl_chain_links(records, COUNT(records), 4, IFL_BACKWARD, 0, links), 2);
    expect_link(&links[0], 2, 1, -1, false);
    expect_link(&links[1], 1, 0, 0.25, true);
}

Test(chain, a_rise_of_the_tolerance_is_none)
{
    const struct ifl_record records[] = {record(0, IFL_I_XT, 1), record(1, IFL_I_XT, 1.25)};
    struct ifl_link link;
    cr_assert_eq(ifl_chain_links(records, 2, 2, IFL_FORWARD, 0.25, &link), 1);
    expect_link(&link, 0, 1, 0.25, false);
    cr_assert_eq(ifl_chain_links(records, 2, 2, IFL_FORWARD, 0.2499, &link), 1);
    expect_link(&link, 0, 1, 0.25, true);
}

Test(chain, steps_over_layers_without_a_value)
{
    const struct ifl_record records[] = {record(1, IFL_I_XT, 3), record(4, IFL_I_XT, 4)};
    struct ifl_link links[LAYERS];
    cr_assert_eq(ifl_chain_links(records, COUNT(records), LAYERS, IFL_FORWARD, 0, links), 1);
    expect_link(&links[0], 1, 4, 1, true);
}

Test(chain, of_fewer_than_two_values_has_no_links)
{
    const struct ifl_record records[] = {record(1, IFL_I_XT, 3)};
    cr_expect_eq(ifl_chain_links(records, 1, LAYERS, IFL_FORWARD, 0, NULL), 0);
    cr_expect_eq(ifl_chain_links(records, 1, LAYERS, IFL_BACKWARD, 0, NULL), 0);
    cr_expect_eq(ifl_chain_links(records, 0, 0, IFL_FORWARD, 0, NULL), 0);
}

/* The records' order is of no matter. */
Test(chain, takes_records_in_any_order)
{
    const struct ifl_record records[] = {record(2, IFL_I_XT, 1), record(0, IFL_I_XT, 3), record(1, IFL_I_XT, 2)};
    struct ifl_link links[LAYERS];
    cr_assert_eq(ifl_chain_links(records, COUNT(records), 3, IFL_FORWARD, 0, links), 2);
    expect_link(&links[0], 0, 1, -1, false);
    expect_link(&links[1], 1, 2, -1, false);
}

/* A layer whose map is a copy of part of another's: information can but fall, and the chain says so. */
Test(chain, of_an_estimate)
{
    static const size_t maps[] = {4, 2, 1};
    struct world_spec spec = network_spec(21, 40, COUNT(maps), maps);
    struct world *w = world_new(&spec);
    struct ifl_params params = ifl_params_default();
    struct records r = estimate(&w->snapshot, &params, IFL_ALL_QUANTITIES);
    struct ifl_link links[LAYERS];
    cr_assert_eq(ifl_chain_links(r.at, r.count, COUNT(maps), IFL_FORWARD, 0, links), 2);
    for (int32_t k = 0; k < 2; k++) {
        double rise = value_of(&r, k + 1, IFL_I_XT) - value_of(&r, k, IFL_I_XT);
        expect_link(&links[k], k, k + 1, rise, rise > 0);
    }
    cr_assert_eq(ifl_chain_links(r.at, r.count, COUNT(maps), IFL_BACKWARD, 0, links), 1);
    double rise = value_of(&r, 0, IFL_I_DELTA) - value_of(&r, 1, IFL_I_DELTA);
    expect_link(&links[0], 1, 0, rise, rise > 0);
    records_free(&r);
    world_free(w);
}

/* ---- over a run ---- */

Test(dpi, counts_links_and_violations_and_keeps_the_worst)
{
    const struct ifl_record first[] = {record(0, IFL_I_XT, 4), record(1, IFL_I_XT, 4.5), record(2, IFL_I_XT, 3),
                                       record(2, IFL_I_DELTA, 2), record(0, IFL_I_DELTA, 1)};
    const struct ifl_record second[] = {record(0, IFL_I_XT, 4), record(1, IFL_I_XT, 3), record(2, IFL_I_XT, 4)};
    const struct ifl_record third[] = {record(0, IFL_I_XT, 1), record(1, IFL_I_XT, 2), record(2, IFL_I_XT, 2.25)};
    struct ifl_dpi forward = {0}, backward = {0};
    ifl_dpi_add(&forward, 0, first, COUNT(first), 3, IFL_FORWARD, 0.25);
    cr_expect(forward.links == 2 && forward.violated == 1 && forward.worst_snapshot == 0);
    expect_link(&forward.worst, 0, 1, 0.5, true);
    ifl_dpi_add(&forward, 1, second, COUNT(second), 3, IFL_FORWARD, 0.25);
    ifl_dpi_add(&forward, 2, third, COUNT(third), 3, IFL_FORWARD, 0.25);
    cr_expect(forward.links == 6 && forward.violated == 3 && forward.worst_snapshot == 1);
    expect_link(&forward.worst, 1, 2, 1, true);
    ifl_dpi_add(&backward, 0, first, COUNT(first), 3, IFL_BACKWARD, 0.25);
    cr_expect(backward.links == 1 && backward.violated == 0);
    ifl_dpi_add(&backward, 1, NULL, 0, 3, IFL_BACKWARD, 0.25);
    cr_expect(backward.links == 1 && backward.violated == 0);
}

/* Random values against ifl_chain_links. */
Test(dpi, is_the_sum_over_the_links_of_each_snapshot)
{
    uint64_t state = 3;
    for (int chain = IFL_FORWARD; chain <= IFL_BACKWARD; chain++) {
        struct ifl_dpi dpi = {0};
        size_t count = 0, violated = 0, where = 0;
        double worst = 0;
        for (size_t s = 0; s < 50; s++) {
            struct ifl_record records[LAYERS];
            struct ifl_link links[LAYERS];
            for (int32_t k = 0; k < LAYERS; k++)
                records[k] = record(k, chain == IFL_FORWARD ? IFL_I_XT : IFL_I_DELTA, uniform(&state));
            ifl_dpi_add(&dpi, s, records, LAYERS, LAYERS, (enum ifl_chain)chain, 0.1);
            size_t found = ifl_chain_links(records, LAYERS, LAYERS, (enum ifl_chain)chain, 0.1, links);
            count += found;
            for (size_t l = 0; l < found; l++) {
                violated += links[l].violated;
                if (links[l].rise > worst) {
                    worst = links[l].rise;
                    where = s;
                }
            }
        }
        cr_expect(dpi.links == count && dpi.violated == violated && dpi.worst_snapshot == where);
        cr_expect_eq(dpi.worst.rise, worst);
    }
}
