#include <criterion/criterion.h>
#include <stdlib.h>

#include <base/estimate.h>

static uint64_t state = 7;

static uint32_t roll(uint32_t sides)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % sides;
}

/* With an index as without one, for records in any order, with gaps and twins. */
Test(estimate, finds_what_a_search_finds)
{
    for (int turn = 0; turn < 200; turn++) {
        struct estimate e = {.count = roll(60)};
        e.records = ifl_alloc(e.count, sizeof *e.records);
        for (size_t k = 0; k < e.count; k++)
            e.records[k] = (struct ifl_record){.layer = (int32_t)roll(9) - 1,
                                               .quantity = (enum ifl_quantity)roll(IFL_QUANTITIES),
                                               .value = (double)k};
        ifl_quantity_set quantities = estimate_quantities(&e);
        estimate_index(&e);
        cr_assert_not_null(e.index);
        cr_expect_eq(estimate_quantities(&e), quantities);
        for (int32_t layer = -1; layer < 12; layer++)
            for (int q = 0; q < IFL_QUANTITIES; q++)
                cr_expect_eq(estimate_find(&e, layer, (enum ifl_quantity)q),
                             ifl_record_find(e.records, e.count, layer, (enum ifl_quantity)q));
        e.count /= 2;
        estimate_index(&e); /* anew */
        for (int q = 0; q < IFL_QUANTITIES; q++)
            cr_expect_eq(estimate_find(&e, 3, (enum ifl_quantity)q),
                         ifl_record_find(e.records, e.count, 3, (enum ifl_quantity)q));
        estimate_clear(&e);
        cr_expect_null(e.records);
        cr_expect_null(estimate_find(&e, 0, IFL_H_T));
    }
}
