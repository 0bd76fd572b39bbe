#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <tui/settings.h>

static struct settings fresh(void)
{
    struct settings settings;
    struct ifl_params params = ifl_params_default();
    settings_init(&settings, &params);
    return settings;
}

Test(settings, steps_h_by_a_twentieth)
{
    struct settings s = fresh();
    cr_assert(settings_step(&s, PARAMETER_H, 1));
    cr_expect_float_eq(s.now.params.h, 5.25, 1e-12);
    cr_assert(settings_step(&s, PARAMETER_H, -1));
    cr_assert(settings_step(&s, PARAMETER_H, -1));
    cr_expect_float_eq(s.now.params.h, 5 / 1.05, 1e-12);
    cr_assert(settings_step(&s, PARAMETER_H_ERROR, 1));
    cr_expect_float_eq(s.now.params.h_error, 0.105, 1e-12);
}

Test(settings, comes_back_to_the_very_same_h)
{
    struct settings s = fresh();
    double there[40];
    for (int k = 0; k < 40; k++) {
        there[k] = s.now.params.h;
        settings_step(&s, PARAMETER_H, 1);
    }
    for (int k = 39; k >= 0; k--) {
        settings_step(&s, PARAMETER_H, -1);
        cr_expect_eq(s.now.params.h, there[k]);
    }
    cr_expect(parameter_is_default(&s.now.params, PARAMETER_H));
}

Test(settings, steps_alpha_by_a_hundredth_and_never_below_0)
{
    struct settings s = fresh();
    settings_step(&s, PARAMETER_ALPHA, -1);
    cr_expect_eq(s.now.params.alpha, 1.0);
    for (int k = 0; k < 300; k++)
        settings_step(&s, PARAMETER_ALPHA, -1);
    cr_expect_eq(s.now.params.alpha, 0.0);
    cr_expect_not(settings_step(&s, PARAMETER_ALPHA, -1));
    cr_expect(settings_step(&s, PARAMETER_ALPHA, 1));
    cr_expect_eq(s.now.params.alpha, 0.01);
    cr_expect_eq(settings_type(&s, "alpha inf", NULL), IFL_OK);
    cr_expect_not(settings_step(&s, PARAMETER_ALPHA, 1));
}

Test(settings, stays_valid_however_long_a_key_is_held)
{
    for (int direction = -1; direction <= 1; direction += 2) {
        struct settings s = fresh();
        for (int k = 0; k < 5000; k++) {
            settings_step(&s, PARAMETER_H, direction);
            settings_step(&s, PARAMETER_H_ERROR, direction);
            settings_step(&s, PARAMETER_ALPHA, direction);
            settings_step(&s, PARAMETER_COMPOSITION, direction);
        }
        cr_expect_eq(ifl_params_check(&s.now.params, NULL), IFL_OK);
        cr_expect_eq(s.n_past, (size_t)SETTINGS_UNDO);
    }
}

Test(settings, cycles_through_the_compositions)
{
    struct settings s = fresh();
    for (int k = 1; k <= IFL_COMPOSITIONS; k++) {
        settings_step(&s, PARAMETER_COMPOSITION, 1);
        cr_expect_eq((int)s.now.params.composition, k % IFL_COMPOSITIONS);
    }
}

Test(settings, takes_with_a_width_rule_its_usual_h)
{
    struct settings s = fresh();
    settings_step(&s, PARAMETER_H, 1);
    cr_assert(settings_step(&s, PARAMETER_WIDTH, 1));
    cr_expect_eq(s.now.params.width, IFL_WIDTH_SCALED);
    cr_expect_eq(s.now.params.h, 20);
    cr_expect(parameter_is_default(&s.now.params, PARAMETER_H), "usual under its rule");
    cr_expect_not(parameter_is_default(&s.now.params, PARAMETER_WIDTH));
    settings_step(&s, PARAMETER_H, 1);
    cr_expect_float_eq(s.now.params.h, 21, 1e-12);
    cr_assert_eq(settings_type(&s, "width knn", NULL), IFL_OK);
    cr_expect_eq(s.now.params.h, 1);
    cr_expect_eq(s.now.params.h_error, 1);
    for (int k = 0; k < 3; k++)
        cr_assert(settings_undo(&s));
    cr_expect_eq(s.now.params.width, IFL_WIDTH_SILVERMAN);
    cr_expect_float_eq(s.now.params.h, 5.25, 1e-12);
    for (int k = 0; k < IFL_WIDTH_RULES; k++)
        settings_step(&s, PARAMETER_WIDTH, 1);
    cr_expect_eq(s.now.params.width, IFL_WIDTH_SILVERMAN, "around again");
}

Test(settings, undoes_change_by_change)
{
    struct settings s = fresh();
    settings_step(&s, PARAMETER_H, 1);
    settings_step(&s, PARAMETER_ALPHA, 1);
    cr_assert_eq(settings_type(&s, "pairs 10", NULL), IFL_OK);
    settings_default(&s);
    cr_expect_eq(s.now.params.pairs, 0u);
    cr_expect(settings_undo(&s));
    cr_expect_eq(s.now.params.pairs, 10u);
    cr_expect(settings_undo(&s));
    cr_expect_eq(s.now.params.pairs, 0u);
    cr_expect_float_eq(s.now.params.alpha, 1.02, 1e-12);
    cr_expect(settings_undo(&s));
    cr_expect_eq(s.now.params.alpha, 1.01);
    cr_expect(settings_undo(&s));
    cr_expect_eq(s.now.params.h, 5.0);
    cr_expect_not(settings_undo(&s));
}

/* The first change is forgotten, the last 256 are not. */
Test(settings, forgets_the_oldest_changes)
{
    struct settings s = fresh();
    for (int k = 0; k < SETTINGS_UNDO + 10; k++)
        settings_step(&s, PARAMETER_ALPHA, 1);
    while (settings_undo(&s))
        continue;
    cr_expect_float_eq(s.now.params.alpha, 1.11, 1e-9);
}

Test(settings, reads_what_is_typed)
{
    struct settings s = fresh();
    cr_expect_eq(settings_type(&s, "3.5", NULL), IFL_OK); /* h, touched last at first */
    cr_expect_eq(s.now.params.h, 3.5);
    cr_expect_eq(settings_type(&s, "alpha 2", NULL), IFL_OK);
    cr_expect_eq(settings_type(&s, "  1.5 ", NULL), IFL_OK); /* alpha now */
    cr_expect_eq(s.now.params.alpha, 1.5);
    cr_expect_eq(settings_type(&s, "h-error=0.2", NULL), IFL_OK);
    cr_expect_eq(settings_type(&s, "h-label 1", NULL), IFL_OK);
    cr_expect_eq(s.now.params.h_error, 0.2);
    cr_expect_eq(s.now.params.h_label, 1.0);
    cr_expect_eq(settings_type(&s, "h-label delta", NULL), IFL_OK);
    cr_expect_eq(s.now.params.h_label, 0.0);
    cr_expect_eq(settings_type(&s, "composition tensor", NULL), IFL_OK);
    cr_expect_eq(settings_type(&s, "geometric", NULL), IFL_OK);
    cr_expect_eq(s.now.params.composition, IFL_GEOMETRIC);
    cr_expect_eq(settings_type(&s, "width silverman", NULL), IFL_OK);
    cr_expect_eq(settings_type(&s, "pairs 12", NULL), IFL_OK);
    cr_expect_eq(s.now.params.pairs, 12u);
    cr_expect_eq(settings_type(&s, "pairs all", NULL), IFL_OK);
    cr_expect_eq(s.now.params.pairs, 0u);
    cr_expect_eq(settings_type(&s, "alpha inf", NULL), IFL_OK);
    cr_expect(isinf(s.now.params.alpha));
    settings_step(&s, PARAMETER_H, 1); /* steps go on from what was typed */
    cr_expect_float_eq(s.now.params.h, 3.675, 1e-12);
}

Test(settings, refuses_what_makes_no_sense_and_changes_nothing)
{
    static const struct {
        const char *typed, *says;
    } cases[] = {{"", "nothing typed"},
                 {"   ", "nothing typed"},
                 {"abc", "`abc` is not a number"},
                 {"0", "above 0"},
                 {"-1", "above 0"},
                 {"nan", "not a number"},
                 {"inf", "finite"},
                 {"1e999", "finite"},
                 {"5x", "`5x` is not a number"},
                 {"alpha -0.1", "at least 0"},
                 {"sigma 3", "no parameter `sigma`"},
                 {"h 3 4", "`4` is too much"},
                 {"composition sum", "none of hadamard"},
                 {"width wide", "`wide`"},
                 {"pairs 0", "above 0"},
                 {"pairs -3", "`-3`"},
                 {"pairs 99999999999999999999999", "whole number"},
                 {"pairs 1.5", "`1.5`"}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct settings s = fresh();
        struct ifl_error error = {0};
        cr_expect_eq(settings_type(&s, cases[k].typed, &error), IFL_INVALID, "`%s`", cases[k].typed);
        cr_expect(strstr(error.message, cases[k].says) != NULL, "`%s`: `%s`", cases[k].typed, error.message);
        struct settings untouched = fresh();
        cr_expect(params_equal(&s.now.params, &untouched.now.params));
        cr_expect_eq(s.n_past, 0u);
        cr_expect_eq(s.touched, PARAMETER_H);
    }
    char long_text[300];
    memset(long_text, '1', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    struct settings s = fresh();
    cr_expect_eq(settings_type(&s, long_text, NULL), IFL_INVALID);
}

Test(settings, says_values_as_they_can_be_typed)
{
    struct ifl_params params = ifl_params_default();
    static const char *const expected[PARAMETERS] = {"5", "0.1", "delta", "1.01", "silverman", "hadamard", "all", "0"};
    for (int k = 0; k < PARAMETERS; k++) {
        char value[32], typed[64];
        cr_expect_str_eq(parameter_text(value, &params, (enum parameter)k), expected[k]);
        cr_expect(parameter_is_default(&params, (enum parameter)k));
        struct settings s = fresh();
        snprintf(typed, sizeof typed, "%s %s", parameter_name((enum parameter)k), value);
        cr_expect_eq(settings_type(&s, typed, NULL), IFL_OK);
        cr_expect(params_equal(&s.now.params, &params));
    }
}
