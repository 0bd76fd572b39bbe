/* Runs that differ in the seed alone, their common name, and what differs between runs. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/group.h>

#define OWN(text) ((char[]){text})

static struct layer layers[] = {{OWN("conv1"), LAYER_CONV, AXES_NCHW}, {OWN("fc1"), LAYER_FC, AXES_ND}};

static struct run make_run(char *name, struct field *params, size_t n_params)
{
    return (struct run){.name = name, .params = params, .n_params = n_params, .layers = layers, .n_layers = 2};
}

static bool same(struct field *a, size_t n_a, struct field *b, size_t n_b)
{
    struct run x = make_run(OWN("x"), a, n_a), y = make_run(OWN("y"), b, n_b);
    bool equal = run_same_group(&x, &y);
    cr_assert_eq(run_same_group(&y, &x), equal, "either way");
    size_t groups[2], n_groups;
    cr_assert(run_groups(groups, &n_groups, (const struct run *const[]){&x, &y}, 2));
    cr_assert_eq(n_groups, equal ? 1 : 2, "the hash agrees");
    return equal;
}

Test(group, is_all_params_but_the_seed)
{
    struct field a[] = {{OWN("lr"), FIELD_NUMBER, OWN("0.1"), 0.1},
                        {OWN("act"), FIELD_TEXT, OWN("relu"), 0},
                        {OWN("seed"), FIELD_NUMBER, OWN("0"), 0}};
    struct field turned[] = {{OWN("SEED"), FIELD_TEXT, OWN("x"), 0},
                             {OWN("act"), FIELD_TEXT, OWN("relu"), 0},
                             {OWN("lr"), FIELD_NUMBER, OWN("1e-1"), 0.1}};
    struct field other[] = {{OWN("lr"), FIELD_NUMBER, OWN("0.1"), 0.1}, {OWN("act"), FIELD_TEXT, OWN("tanh"), 0}};
    struct field text[] = {{OWN("lr"), FIELD_TEXT, OWN("0.1"), 0}, {OWN("act"), FIELD_TEXT, OWN("relu"), 0}};
    struct field zero[] = {{OWN("z"), FIELD_NUMBER, OWN("0"), 0.0}},
                 minus[] = {{OWN("z"), FIELD_NUMBER, OWN("-0"), -0.0}};
    cr_assert(same(a, 3, a, 3));
    cr_assert(same(a, 3, turned, 3));
    cr_assert(same(a, 2, turned, 3), "a seed may be lacking");
    cr_assert(!same(a, 2, other, 2));
    cr_assert(!same(a, 2, text, 2));
    cr_assert(!same(a, 1, a, 2));
    cr_assert(!same(a, 1, other + 1, 1));
    cr_assert(same(a + 2, 1, turned, 1));
    cr_assert(!same(a, 0, a + 2, 1));
    cr_assert(!same(a, 0, a, 0), "of no params nothing is known");
    cr_assert(same(zero, 1, minus, 1));
}

Test(group, is_the_same_layers)
{
    struct layer turned[] = {layers[1], layers[0]}, pool[] = {layers[0], layers[1]}, nhwc[] = {layers[0], layers[1]};
    pool[0].kind = LAYER_POOL;
    nhwc[0].axes = AXES_NHWC;
    struct field seed = {OWN("seed"), FIELD_NUMBER, OWN("0"), 0};
    struct run run = make_run(OWN("run"), &seed, 1), other = run;
    cr_assert(run_same_group(&run, &other));
    for (struct layer *const *way = (struct layer *const[]){turned, pool, nhwc, NULL}; *way != NULL; way++) {
        other.layers = *way;
        cr_assert(!run_same_group(&run, &other));
    }
    other = run;
    other.n_layers = 1;
    cr_assert(!run_same_group(&run, &other) && !run_same_group(&other, &run));
}

/* A thousand runs in some order, against every pair compared. */
Test(group, groups_are_numbered_by_their_first)
{
    enum { RUNS = 1000 };
    static struct run runs[RUNS];
    static struct field params[RUNS][2];
    static char texts[RUNS][2][12], lr[] = "lr", seed[] = "seed";
    const struct run *pointers[RUNS];
    size_t groups[RUNS], n_groups = 0, expected = 0, next = 0;
    for (unsigned k = 0; k < RUNS; k++) {
        snprintf(texts[k][0], 12, "%u", k * 7919 % 101);
        snprintf(texts[k][1], 12, "%u", k);
        params[k][0] = (struct field){lr, FIELD_TEXT, texts[k][0], 0};
        params[k][1] = (struct field){seed, FIELD_NUMBER, texts[k][1], k};
        runs[k] = make_run(texts[k][1], params[k], 2);
        pointers[k] = &runs[k];
    }
    cr_assert(run_groups(groups, &n_groups, pointers, RUNS));
    for (size_t k = 0; k < RUNS; k++) {
        expected = next;
        for (size_t before = 0; before < k && expected == next; before++)
            if (strcmp(texts[before][0], texts[k][0]) == 0)
                expected = groups[before];
        cr_assert_eq(groups[k], expected, "%zu", k);
        next += expected == next;
    }
    cr_assert_eq(n_groups, 101);
    cr_assert(run_groups(groups, &n_groups, NULL, 0));
    cr_assert_eq(n_groups, 0);
}

static void assert_name(const char *expected, const char *const *names)
{
    struct run runs[8];
    const struct run *pointers[8];
    char copies[8][64];
    size_t count = 0;
    for (; names[count] != NULL; count++) {
        snprintf(copies[count], sizeof copies[count], "%s", names[count]);
        runs[count] = make_run(copies[count], NULL, 0);
        pointers[count] = &runs[count];
    }
    char *name = run_group_name(pointers, count);
    cr_expect_str_eq(name, expected);
    free(name);
}

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

Test(group, names_have_a_star_where_they_differ)
{
    assert_name("mnist-6-12-sigmoid-s*", NAMES("mnist-6-12-sigmoid-s0", "mnist-6-12-sigmoid-s1"));
    assert_name("mnist-s*-relu", NAMES("mnist-s0-relu", "mnist-s1-relu", "mnist-s10-relu"));
    assert_name("one-s1", NAMES("one-s1"));
    assert_name("s*", NAMES("s1", "s12"));
    assert_name("s*", NAMES("s10", "s11"));
    assert_name("s*x", NAMES("s1x", "s11x"));
    assert_name("s*-10", NAMES("s1-10", "s2-10"));
    assert_name("run*", NAMES("run", "run-1"));
    assert_name("*", NAMES("a", "b"));
    assert_name("*", NAMES("0", "10", "110"));
    assert_name("aa*", NAMES("aa", "aaa"));
    assert_name("s*z", NAMES("s\xc3\xa9z", "s\xc3\xa8z")); /* e acute and e grave have their first byte in common */
    assert_name("s*z", NAMES("s\xc3\xa9z", "s\xc4\xa9z")); /* and these their second */
    assert_name("*", NAMES("", "a"));
    char *none = run_group_name(NULL, 0);
    cr_assert_str_eq(none, "");
    free(none);
}

Test(group, differences_are_named)
{
    struct field a[] = {{OWN("lr"), FIELD_NUMBER, OWN("0.1"), 0.1},
                        {OWN("act"), FIELD_TEXT, OWN("relu"), 0},
                        {OWN("seed"), FIELD_NUMBER, OWN("0"), 0}};
    struct field b[] = {{OWN("seed"), FIELD_NUMBER, OWN("1"), 1},
                        {OWN("lr"), FIELD_NUMBER, OWN("1e-1"), 0.1},
                        {OWN("act"), FIELD_TEXT, OWN("relu"), 0}};
    struct field c[] = {{OWN("act"), FIELD_TEXT, OWN("tanh"), 0},
                        {OWN("lr"), FIELD_NUMBER, OWN("0.1"), 0.1},
                        {OWN("new"), FIELD_NULL, OWN("null"), 0}};
    struct run x = make_run(OWN("x"), a, 3), y = make_run(OWN("y"), b, 3), z = make_run(OWN("z"), c, 3);
    const struct run *const runs[] = {&x, &y, &z};
    const char **keys;
    size_t count;
    cr_assert(runs_difference(&keys, &count, runs, 2));
    cr_assert_eq(count, 1);
    cr_assert_str_eq(keys[0], "seed");
    free(keys);
    cr_assert(runs_difference(&keys, &count, runs, 3));
    cr_assert_eq(count, 3);
    cr_assert_str_eq(keys[0], "act");
    cr_assert_str_eq(keys[1], "seed");
    cr_assert_str_eq(keys[2], "new");
    free(keys);
    for (size_t few = 0; few < 2; few++) {
        cr_assert(runs_difference(&keys, &count, runs, few));
        cr_assert_eq(count, 0);
        free(keys);
    }
}
