/* Estimates kept at hand. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include <tui/sheets.h>

enum { SNAPSHOTS = 4 };

static struct store_snapshot snapshots[SNAPSHOTS] = {{.run = 1, .step = 10, .epoch = 1},
                                                     {.run = 1, .step = 20, .epoch = 2},
                                                     {.run = 1, .step = 20, .batch = 1, .epoch = 2},
                                                     {.run = 1, .step = 30, .epoch = 3}};

static struct ifl_params with_h(double h)
{
    struct ifl_params params = ifl_params_default();
    params.h = h;
    return params;
}

static struct sheet *get(struct sheets *sheets, size_t count, double h, const int64_t *step)
{
    struct ifl_params params = with_h(h);
    struct sheet *sheet = sheets_get(sheets, snapshots, count, &params, step);
    cr_assert_not_null(sheet);
    return sheet;
}

Test(sheets, are_one_for_a_run_and_parameters)
{
    struct sheets sheets = {0};
    struct sheet *all = get(&sheets, SNAPSHOTS, 5, NULL);
    cr_expect_eq(all->count, 4u);
    cr_expect_eq(all->estimates[2].batch, 1);
    cr_expect_eq(all->estimates[3].epoch, 3);
    cr_expect_eq(get(&sheets, SNAPSHOTS, 5, NULL), all);
    cr_expect_neq(get(&sheets, SNAPSHOTS, 6, NULL), all);
    cr_expect_neq(get(&sheets, SNAPSHOTS - 1, 5, NULL), all); /* there were fewer snapshots then */
    int64_t step = 20;
    struct sheet *one = get(&sheets, SNAPSHOTS, 5, &step);
    cr_expect_neq(one, all);
    cr_expect_eq(one->count, 2u);
    cr_expect_eq(get(&sheets, SNAPSHOTS, 5, &step), one);
    int64_t none = 77;
    cr_expect_eq(get(&sheets, SNAPSHOTS, 5, &none)->count, 0u);
    sheets_release(&sheets);
}

Test(sheets, stay_while_they_are_held)
{
    struct sheets sheets = {0};
    struct sheet *held = NULL;
    sheet_hold(&held, get(&sheets, SNAPSHOTS, 5, NULL));
    struct sheet *lately = get(&sheets, SNAPSHOTS, 1, NULL);
    for (int k = 0; k < 1000; k++) {
        get(&sheets, SNAPSHOTS, 10 + k, NULL);
        if (k % 100 == 0)
            cr_expect_eq(get(&sheets, SNAPSHOTS, 1, NULL), lately); /* what is asked for again stays too */
    }
    cr_expect_leq(sheets.count, (size_t)SHEETS_KEPT);
    cr_expect_eq(get(&sheets, SNAPSHOTS, 5, NULL), held);
    sheet_hold(&held, NULL);
    for (int k = 0; k < 1000; k++)
        get(&sheets, SNAPSHOTS, 2000 + k, NULL);
    for (size_t k = 0; k < sheets.count; k++)
        cr_expect_neq(sheets.items[k]->params.h, 5);
    sheets_release(&sheets);
}

/* An answer about the k-th snapshot with one record of each of these quantities. */
static struct engine_answer answer_of(size_t k, size_t of, const enum ifl_quantity *quantities, size_t count,
                                      double value)
{
    struct engine_answer answer = {.index = k, .of = of};
    answer.estimate = (struct estimate){.step = snapshots[k].step, .batch = snapshots[k].batch, .count = count};
    answer.estimate.records = ifl_alloc(count, sizeof *answer.estimate.records);
    for (size_t q = 0; q < count; q++)
        answer.estimate.records[q] = (struct ifl_record){.quantity = quantities[q], .value = value};
    return answer;
}

static double value_of(const struct sheet *sheet, size_t k, enum ifl_quantity quantity)
{
    const struct estimate *e = &sheet->estimates[k];
    const struct ifl_record *record = ifl_record_find(e->records, e->count, 0, quantity);
    return record != NULL ? record->value : -1;
}

/* Of a long run of many layers there are fewer. */
Test(sheets, take_so_many_bytes_at_most)
{
    enum { RECORDS = (4 << 20) / sizeof(struct ifl_record), LARGE = 40 }; /* 4 MB a sheet */
    struct sheets sheets = {0};
    struct sheet *held = NULL;
    size_t bytes = 0;
    for (int k = 0; k < LARGE; k++) {
        struct sheet *sheet = get(&sheets, SNAPSHOTS, 10 + k, NULL);
        struct engine_answer answer = {.of = SNAPSHOTS, .estimate = {.step = 10, .count = RECORDS}};
        answer.estimate.records = ifl_alloc(RECORDS, sizeof *answer.estimate.records);
        cr_assert(sheet_take(sheet, &answer));
        if (k == 0)
            sheet_hold(&held, sheet);
    }
    get(&sheets, SNAPSHOTS, 5, NULL);
    for (size_t k = 0; k < sheets.count; k++)
        bytes += sheets.items[k] != held ? RECORDS * sizeof(struct ifl_record) : 0;
    cr_expect(bytes <= SHEETS_BYTES + (8 << 20) && bytes > SHEETS_BYTES / 2, "%zu", bytes);
    cr_expect_eq(get(&sheets, SNAPSHOTS, 10, NULL), held);
    sheet_hold(&held, NULL);
    sheets_release(&sheets);
}

Test(sheets, take_answers_and_lose_none)
{
    static const enum ifl_quantity first[] = {IFL_I_XT}, all[] = {IFL_H_T, IFL_I_XT, IFL_I_TY}, other[] = {IFL_I_DELTA};
    struct sheets sheets = {0};
    struct sheet *sheet = get(&sheets, SNAPSHOTS, 5, NULL);
    struct engine_answer answer = answer_of(1, 4, first, 1, 1);
    cr_expect(sheet_take(sheet, &answer));
    cr_expect_null(answer.estimate.records);
    cr_expect(sheet_has(sheet, 1, 2, IFL_I_XT));
    cr_expect_not(sheet_has(sheet, 0, 2, IFL_I_XT));
    cr_expect_not(sheet_has(sheet, 1, 1, IFL_I_XT));

    answer = answer_of(1, 4, all, 3, 2); /* more takes the place of less */
    cr_expect(sheet_take(sheet, &answer));
    cr_expect_eq(sheet->estimates[1].count, 3u);
    cr_expect_eq(value_of(sheet, 1, IFL_I_XT), 2);

    answer = answer_of(1, 4, other, 1, 3); /* the sweep of the other chain */
    cr_expect(sheet_take(sheet, &answer));
    cr_expect_eq(sheet->estimates[1].count, 4u);
    cr_expect_eq(value_of(sheet, 1, IFL_I_DELTA), 3);
    cr_expect_eq(value_of(sheet, 1, IFL_I_TY), 2);

    answer = answer_of(1, 4, first, 1, 4); /* a request begun anew */
    cr_expect(sheet_take(sheet, &answer));
    cr_expect_eq(sheet->estimates[1].count, 4u);
    cr_expect_eq(value_of(sheet, 1, IFL_I_XT), 4);
    sheets_release(&sheets);
}

Test(sheets, tell_where_the_run_has_other_snapshots)
{
    static const enum ifl_quantity quantity = IFL_I_XT;
    struct sheets sheets = {0};
    struct sheet *sheet = get(&sheets, SNAPSHOTS, 5, NULL);
    struct engine_answer answer = answer_of(1, 5, &quantity, 1, 1);
    cr_expect_not(sheet_take(sheet, &answer)); /* one more */
    answer.of = 4;
    answer.index = 2;
    cr_expect_not(sheet_take(sheet, &answer)); /* not the same */
    answer.index = 9;
    cr_expect_not(sheet_take(sheet, &answer));
    cr_expect_not_null(answer.estimate.records); /* still the engine's */
    free(answer.estimate.records);
    sheets_release(&sheets);
}
