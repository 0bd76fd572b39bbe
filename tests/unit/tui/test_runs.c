#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "runs_fixture.h"

static void expect_names(const struct runs *runs, const char *names)
{
    cr_expect_str_eq(list_names(runs), names, "%s", list_names(runs));
}

static void filter(struct runs *runs, const char *expression)
{
    struct ifl_error error;
    cr_assert_eq(runs_filter(runs, expression, &error), IFL_OK, "%s", error.message);
}

static void sort(struct runs *runs, const char *column, bool reverse)
{
    struct ifl_error error;
    cr_assert_eq(runs_sort(runs, column, reverse, &error), IFL_OK, "%s", error.message);
}

/* A new list of the same database, of which `gone` (0: none) was deleted. */
static void reload(struct runs *runs, int64_t gone)
{
    size_t count, kept = 0;
    struct store_run *items = list_items(&count);
    for (size_t k = 0; k < count; k++)
        if (items[k].id == gone)
            store_run_release(&items[k]);
        else
            items[kept++] = items[k];
    cr_assert_eq(runs_take(runs, items, kept, NULL), IFL_OK);
}

static int64_t current(const struct runs *runs)
{
    return runs_current(runs)->id;
}

/* ---- groups ---- */

Test(runs, are_folded_into_groups_at_first)
{
    struct runs runs = list_runs();
    struct run_choice choice;
    cr_assert_eq(runs.n_groups, 6u);
    cr_assert_eq(runs.n_rows, 9u);
    runs_select(&runs, 3);
    cr_assert(runs_choice(&runs, &choice));
    cr_expect_str_eq(choice.name, "mnist-2-2-relu-s*");
    cr_assert_eq(choice.count, 4u);
    for (int64_t k = 0; k < 4; k++)
        cr_expect_eq(choice.ids[k], k + 1);
    runs_release(&runs);
}

Test(runs, unfold_and_fold_under_the_cursor)
{
    struct runs runs = list_runs();
    struct run_choice choice;
    cr_expect_not(runs_fold(&runs, false)); /* a run on its own */
    runs_select(&runs, 1);
    cr_expect_not(runs_fold(&runs, true));
    cr_assert(runs_fold(&runs, false));
    cr_expect_eq(runs.n_rows, 13u);
    cr_expect_eq(runs.rows[runs.at].item, RUNS_NONE); /* still on the group */
    runs_select(&runs, 3);
    cr_assert(runs_choice(&runs, &choice));
    cr_expect_str_eq(choice.name, "mnist-2-2-relu-s2");
    cr_expect_eq(choice.count, 1u);
    cr_assert(runs_fold(&runs, true)); /* from a member to its group */
    cr_expect_eq(runs.n_rows, 9u);
    cr_assert(runs_choice(&runs, &choice));
    cr_expect_eq(choice.count, 4u);
    runs_fold_all(&runs);
    cr_expect_eq(runs.n_rows, 33u);
    runs_fold_all(&runs);
    cr_expect_eq(runs.n_rows, 9u);
    runs_set_grouped(&runs, false);
    cr_expect_eq(runs.n_rows, 27u);
    runs_release(&runs);
}

/* ---- order ---- */

Test(runs, are_sorted_by_name_as_people_count)
{
    struct runs runs = {0};
    struct store_run *items = list_of_many(20);
    cr_assert_eq(runs_take(&runs, items, 20, NULL), IFL_OK);
    runs_set_grouped(&runs, false);
    for (size_t k = 0; k < 20; k++)
        free(runs.items[k].run.name);
    for (size_t k = 0; k < 20; k++) {
        char name[16];
        snprintf(name, sizeof name, "s%zu", 19 - k);
        runs.items[k].run.name = strdup(name);
    }
    sort(&runs, "name", false);
    expect_names(&runs, "s0 s1 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 s12 s13 s14 s15 s16 s17 s18 s19");
    runs_release(&runs);
}

/* In and out of order, numbers as numbers; what has no such value comes last either way. */
Test(runs, are_sorted_by_numbers_with_what_is_missing_last)
{
    struct runs runs = list_runs();
    sort(&runs, "lr", false);
    cr_expect_eq(runs.items[runs.rows[0].item].id, 25); /* 0.00012345 */
    cr_expect_str_eq(runs.groups[runs.rows[1].group].name, "mnist-16-32-relu-s*");
    cr_expect_str_eq(runs.groups[runs.rows[6].group].name, "mnist-2-2-sigmoid-s*");
    cr_expect_eq(runs.items[runs.rows[8].item].id, 26);
    sort(&runs, "lr", true);
    cr_expect_str_eq(runs.groups[runs.rows[0].group].name, "mnist-2-2-relu-s*");
    cr_expect_eq(runs.items[runs.rows[8].item].id, 26);
    runs_release(&runs);
}

static double mean_of(const struct runs *runs, const struct run_group *group)
{
    double sum = 0;
    for (size_t m = 0; m < group->count; m++) {
        const struct store_run *run = &runs->items[runs->members[group->first + m]];
        sum += metric_find(run->metrics, run->n_metrics, "test_accuracy")->value;
    }
    return sum / (double)group->count;
}

Test(runs, are_sorted_within_groups_and_groups_by_their_means)
{
    struct runs runs = list_runs();
    sort(&runs, "test_accuracy", true);
    runs_fold_all(&runs);
    double group = INFINITY, member = INFINITY;
    for (size_t k = 0; k < 30; k++) {
        const struct run_row *row = &runs.rows[k];
        if (row->item == RUNS_NONE) {
            cr_expect_leq(mean_of(&runs, &runs.groups[row->group]), group);
            group = mean_of(&runs, &runs.groups[row->group]);
            member = INFINITY;
        } else {
            double value = metric_find(runs.items[row->item].metrics, 3, "test_accuracy")->value;
            cr_expect_leq(value, member);
            member = value;
        }
    }
    runs_release(&runs);
}

Test(runs, refuse_to_be_sorted_by_what_there_is_not)
{
    struct runs runs = list_runs();
    struct ifl_error error;
    cr_expect_eq(runs_sort(&runs, "zzz", false, &error), IFL_INVALID);
    cr_expect_str_eq(error.message, "sort: no column zzz");
    cr_expect_eq(runs_sorted_by(&runs), 0u);
    runs_release(&runs);
}

Test(runs, go_through_the_columns_that_are_shown)
{
    struct runs runs = list_runs();
    bool seen[64] = {false};
    size_t shown = 0;
    for (size_t k = 0; k < runs.columns.count; k++)
        shown += runs.columns.items[k].shown;
    for (size_t k = 0; k < shown; k++) {
        runs_sort_next(&runs);
        size_t column = runs_sorted_by(&runs);
        cr_expect(runs.columns.items[column].shown && !seen[column]);
        seen[column] = true;
    }
    cr_expect_eq(runs_sorted_by(&runs), 0u);
    runs_release(&runs);
}

/* ---- filter ---- */

Test(runs, pass_a_filter_and_groups_shrink_with_it)
{
    struct runs runs = list_runs();
    struct run_choice choice;
    filter(&runs, "activation = relu and seed < 3 and not (topology = 2-2 and seed > 0)");
    cr_expect_eq(runs.passing, 7u);
    /* of the first group one is left: a run on its own */
    expect_names(&runs, "mnist-2-2-relu-s0 [mnist-6-12-relu-s*] [mnist-16-32-relu-s*]");
    runs_move(&runs, 1);
    cr_assert(runs_choice(&runs, &choice));
    cr_expect_eq(choice.count, 3u);
    filter(&runs, "  ");
    cr_expect_eq(runs.passing, 27u);
    cr_expect_eq(runs.filter_text, NULL);
    runs_release(&runs);
}

Test(runs, keep_the_filter_before_where_one_is_wrong)
{
    struct runs runs = list_runs();
    struct ifl_error error = {0};
    filter(&runs, "seed = 1");
    cr_expect_eq(runs_filter(&runs, "seed = ", &error), IFL_INVALID);
    cr_expect_neq(error.message[0], '\0');
    cr_expect_str_eq(runs.filter_text, "seed = 1");
    cr_expect_eq(runs.passing, 6u);
    filter(&runs, "seed = 77");
    struct run_choice choice;
    cr_expect_not(runs_choice(&runs, &choice));
    cr_expect_eq(runs_current(&runs), NULL);
    runs_move(&runs, 5);
    runs_move(&runs, -5);
    cr_expect_eq(runs_mark(&runs, NULL), IFL_OK);
    cr_expect_not(runs_search(&runs, "x", 1, true));
    runs_release(&runs);
}

/* ---- marks ---- */

Test(runs, are_marked_in_order_and_stay_so)
{
    struct runs runs = list_runs();
    struct run_choice marked[4];
    runs_select(&runs, 13); /* a group */
    runs_mark(&runs, NULL);
    runs_select(&runs, 26);
    runs_mark(&runs, NULL);
    sort(&runs, "test_accuracy", true);
    filter(&runs, "seed = 1");
    reload(&runs, 0);
    cr_assert_eq(runs_marked(&runs, marked, 4), 2u);
    cr_expect_str_eq(marked[0].name, "mnist-6-12-sigmoid-s*");
    cr_expect_eq(marked[0].count, 4u); /* as when it was marked */
    cr_expect_eq(marked[1].ids[0], 26);
    filter(&runs, "");
    runs_select(&runs, 13);
    runs_mark(&runs, NULL); /* off */
    cr_assert_eq(runs_marked(&runs, marked, 4), 1u);
    cr_expect_eq(marked[0].ids[0], 26);
    runs_unmark_all(&runs);
    cr_expect_eq(runs_marked(&runs, marked, 4), 0u);
    runs_release(&runs);
}

Test(runs, lose_the_marks_of_those_that_are_gone)
{
    struct runs runs = list_runs();
    struct run_choice marked[4];
    runs_select(&runs, 26);
    runs_mark(&runs, NULL);
    runs_select(&runs, 1);
    runs_mark(&runs, NULL);
    reload(&runs, 26);
    cr_assert_eq(runs_marked(&runs, marked, 4), 1u);
    reload(&runs, 1);
    cr_assert_eq(runs_marked(&runs, marked, 4), 1u);
    cr_expect_eq(marked[0].count, 3u);
    cr_expect_eq(marked[0].ids[0], 2);
    runs_release(&runs);
}

/* What a line shows is what the key takes away, also where the group has no line. */
Test(runs, unmark_what_they_show)
{
    struct runs runs = list_runs();
    runs_select(&runs, 1);
    runs_mark(&runs, NULL);
    filter(&runs, "seed = 0 and topology = 2-2");
    runs_select(&runs, 1);
    cr_assert_neq(runs.rows[runs.at].item, RUNS_NONE);
    runs_mark(&runs, NULL);
    cr_expect_eq(runs_marked(&runs, NULL, 0), 0u);
    runs_release(&runs);
}

/* ---- a new list ---- */

Test(runs, keep_cursor_folds_and_order_over_a_new_list)
{
    struct runs runs = list_runs();
    runs_select(&runs, 5);
    runs_fold(&runs, false);
    runs_select(&runs, 7);
    sort(&runs, "seed", true);
    reload(&runs, 6);
    cr_expect_eq(current(&runs), 7);
    cr_expect_neq(runs.rows[runs.at].item, RUNS_NONE);
    cr_expect_eq(runs.n_rows, 12u);
    cr_expect(runs.reverse);
    cr_expect_str_eq(runs.columns.items[runs_sorted_by(&runs)].key, "seed");
    reload(&runs, 7); /* itself: the cursor stays near */
    cr_expect_lt(runs.at, runs.n_rows);
    runs_release(&runs);
}

Test(runs, stay_on_a_group_over_a_new_list)
{
    struct runs runs = list_runs();
    struct run_choice choice;
    runs_select(&runs, 5);
    runs_fold(&runs, false); /* on its own line */
    reload(&runs, 0);
    cr_assert(runs_choice(&runs, &choice));
    cr_expect_eq(choice.count, 4u);
    runs_release(&runs);
}

Test(runs, can_be_none)
{
    struct runs runs = {0};
    struct run_choice choice;
    cr_assert_eq(runs_take(&runs, NULL, 0, NULL), IFL_OK);
    cr_expect_not(runs_choice(&runs, &choice));
    runs_fold_all(&runs);
    runs_sort_next(&runs);
    runs_sort_reverse(&runs);
    cr_expect_not(runs_search(&runs, "x", 1, true));
    free(list_table(&runs, 80, 24, CHARSET_ASCII));
    reload(&runs, 0);
    cr_expect_eq(runs.n_rows, 9u);
    cr_assert_eq(runs_take(&runs, NULL, 0, NULL), IFL_OK);
    cr_expect_eq(runs.n_rows, 0u);
    runs_release(&runs);
}

/* ---- search ---- */

Test(runs, are_searched_into_folded_groups)
{
    struct runs runs = list_runs();
    cr_assert(runs_search(&runs, "ReLU", 1, true)); /* all members have it: their group */
    cr_expect_eq(runs.rows[runs.at].item, RUNS_NONE);
    cr_expect_eq(current(&runs), 1);
    cr_assert(runs_search(&runs, "sigmoid-s2", 1, true)); /* one has it */
    cr_expect_eq(current(&runs), 7);
    cr_assert(runs_search(&runs, NULL, 1, false));
    cr_expect_eq(current(&runs), 15);
    cr_assert(runs_search(&runs, NULL, -1, false));
    cr_expect_eq(current(&runs), 7);
    cr_assert(runs_search(&runs, "do not", 1, true)); /* a note */
    cr_expect_eq(current(&runs), 25);
    cr_assert(runs_search(&runs, "LR=1e-03", 1, true));
    cr_expect_eq(current(&runs), 17);
    cr_expect_not(runs_search(&runs, "zzz", 1, true));
    cr_expect_eq(current(&runs), 17);
    cr_expect_not(runs_search(&runs, "", 1, true));
    runs_release(&runs);
}

/* ---- shares ---- */

Test(runs, want_the_shares_on_screen_first)
{
    struct runs runs = list_runs();
    int64_t ids[LIST_RUNS];
    cr_expect_eq(runs_wanting_share(&runs, ids, LIST_RUNS), 0u); /* nothing is on screen yet */
    runs_select(&runs, 21);
    free(list_table(&runs, 80, 5, CHARSET_ASCII)); /* three lines */
    cr_expect_eq(runs_wanting_share(&runs, ids, LIST_RUNS), 12u);
    cr_expect_eq(ids[0], 13);
    runs_set_share(&runs, 13, 1, NAN);
    cr_expect_eq(runs_wanting_share(&runs, ids, LIST_RUNS), 11u);
    cr_expect_eq(runs_wanting_share(&runs, ids, 3), 3u);
    sort(&runs, "dpi", false);
    free(list_table(&runs, 80, 5, CHARSET_ASCII));
    cr_expect_eq(runs_wanting_share(&runs, ids, LIST_RUNS), 24u); /* but what has no snapshot, or is known */
    runs_forget_shares(&runs);
    cr_expect_eq(runs_wanting_share(&runs, ids, LIST_RUNS), 25u);
    runs_release(&runs);
}

Test(runs, move_with_a_share_at_the_next_drawing)
{
    struct runs runs = list_runs();
    runs_set_grouped(&runs, false);
    sort(&runs, "dpi", true);
    int64_t first = runs.items[runs.rows[0].item].id;
    runs_set_share(&runs, 20, .5, 1);
    runs_set_share(&runs, 9, .75, 1);
    cr_expect_eq(runs.items[runs.rows[0].item].id, first); /* not under a key */
    free(list_table(&runs, 80, 24, CHARSET_ASCII));
    cr_expect_eq(runs.items[runs.rows[0].item].id, 9);
    cr_expect_eq(runs.items[runs.rows[1].item].id, 20);
    filter(&runs, "dpi > 80");
    expect_names(&runs, "mnist-6-12-relu-s0");
    reload(&runs, 0); /* nothing new: they are still known */
    expect_names(&runs, "mnist-6-12-relu-s0");
    runs_release(&runs);
}

/* More snapshots, more links: what held before tells no more. */
Test(runs, forget_the_share_of_a_run_with_new_snapshots)
{
    struct runs runs = list_runs();
    size_t count;
    struct store_run *items = list_items(&count);
    runs_set_share(&runs, 5, 1, 1);
    runs_set_share(&runs, 6, 1, 1);
    for (size_t k = 0; k < count; k++)
        items[k].snapshots += items[k].id == 5;
    cr_assert_eq(runs_take(&runs, items, count, NULL), IFL_OK);
    for (size_t k = 0; k < count; k++)
        cr_expect_eq(runs.shares[k].known, runs.items[k].id == 6);
    runs_release(&runs);
}

/* A session is read before there are runs. */
Test(runs, remember_an_order_from_before_there_are_any)
{
    struct runs runs = {0};
    runs_sort(&runs, "param.lr", true, NULL);
    runs_filter(&runs, "seed = 1", NULL);
    reload(&runs, 0);
    cr_expect_str_eq(runs.columns.items[runs_sorted_by(&runs)].word, "param.lr");
    cr_expect_eq(runs.passing, 6u);
    cr_expect(runs.reverse);
    runs_release(&runs);
}
