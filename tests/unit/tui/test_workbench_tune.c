/* Parameters under the fingers: steps, typed values, what is computed meanwhile. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

static struct workbench *open_plots(void)
{
    return fixture_open(fixture_database(), 1, 120, 40);
}

Test(tune, steps_and_steps_back)
{
    static const struct {
        const char *keys, *shown;
    } steps[] = {{"w", "h 4.762*"},     {"W", "h 5 "},         {"WW", "h 5.513*"},        {"u", "h 5.25*"},
                 {"\x12", "h 5.513*"},  {"0", "h 5 "},         {"d", "h-error 0.09524*"}, {"D", "h-error 0.1 "},
                 {"a", "alpha 1*"},     {"AA", "alpha 1.02*"}, {"0", "alpha 1.01 "},      {"m", "composition tensor*"},
                 {"m", "composition "}, {"r", "width "}};
    struct workbench *w = open_plots();
    for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
        fixture_keys(w, steps[k].keys);
        fixture_shows(w, steps[k].shown);
    }
    fixture_wait(w);
    workbench_free(w);
}

Test(tune, types_values)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 80, 24);
    fixture_keys(w, "=");
    fixture_shows(w, "value of h:    or NAME VALUE");
    fixture_keys(w, "alpha 2\r");
    fixture_shows(w, "alpha 2*");
    fixture_keys(w, "=-1\r");
    fixture_shows(w, "alpha: must be at least 0");
    fixture_keys(w, "="); /* it is of what was set last, and says so */
    fixture_shows(w, "value of alpha: ");
    fixture_keys(w, "h\r");
    fixture_shows(w, "h: needs a value: h VALUE");
    fixture_shows(w, "alpha 2*");
    fixture_keys(w, "=h 7");
    workbench_key(w, PRESS_ESCAPE);
    fixture_shows(w, "h 5 ");
    workbench_free(w);
}

Test(tune, has_a_command_for_each_parameter)
{
    static const struct {
        const char *line, *shown;
    } lines[] = {{"h 7", "h 7*"},
                 {"h-error .2", "h-error 0.2*"},
                 {"h-label 3", "h-label 3*"},
                 {"h-label delta", "h-label delta "},
                 {"alpha inf", "alpha inf*"},
                 {"alpha 2", "alpha 2*"},
                 {"pairs 2", "pairs 2*"},
                 {"seed 4", "seed 4*"},
                 {"pairs all", "pairs all "},
                 {"width median", "width median*"},
                 {"width silverman", "width silverman"},
                 {"composition tensor", "composition tensor*"},
                 {"composition hadamard", "composition hadamard "},
                 {"tolerance .5", "tolerance 0.5*"},
                 {"set h 6", "h 6*"},
                 {"h-up", "h 6.3*"},
                 {"undo", "h 6*"},
                 {"redo", "h 6.3*"},
                 {"defaults", "h 5 "},
                 {"h", "something is missing: h V"},
                 {"h nonsense", "nonsense"},
                 {"h 0", "h: "},
                 {"tolerance -1", "is no number of bits"},
                 {"pairs -3", "pairs: "},
                 {"width wide", "`wide` is none of"},
                 {"h-up 3", "takes no argument"}};
    struct workbench *w = fixture_open(fixture_database(), 1, 160, 40);
    for (size_t k = 0; k < sizeof lines / sizeof *lines; k++) {
        fixture_command(w, lines[k].line);
        fixture_shows(w, lines[k].shown);
    }
    fixture_lacks(w, "tolerance 0.5*");
    workbench_free(w);
}

Test(tune, says_where_a_parameter_goes_no_further)
{
    struct workbench *w = open_plots();
    fixture_command(w, "alpha 0");
    fixture_keys(w, "a");
    fixture_shows(w, "goes no further");
    fixture_keys(w, "uu");
    fixture_shows(w, "nothing to undo");
    fixture_keys(w, "\x12\x12\x12");
    fixture_shows(w, "nothing was undone");
    workbench_free(w);
}

Test(tune, changes_numbers_and_comes_back_to_them)
{
    struct workbench *w = open_plots();
    double dpi = fixture_value(w, PANEL_DPI, IFL_I_XT), mip = fixture_value(w, PANEL_MIP, IFL_NONREDUNDANT_X);
    cr_assert(isfinite(dpi) && isfinite(mip));
    fixture_keys(w, "www");
    fixture_wait(w);
    cr_expect_neq(fixture_value(w, PANEL_DPI, IFL_I_XT), dpi);
    cr_expect_neq(fixture_value(w, PANEL_MIP, IFL_NONREDUNDANT_X), mip);
    fixture_keys(w, "uuu");
    fixture_turn(w); /* at once: the numbers are still at hand */
    cr_expect_eq(fixture_value(w, PANEL_DPI, IFL_I_XT), dpi);
    cr_expect_eq(fixture_value(w, PANEL_MIP, IFL_NONREDUNDANT_X), mip);
    cr_expect_not(workbench_waits(w));
    workbench_free(w);
}

Test(tune, keeps_the_old_plots_and_marks_them_until_the_new_are_there)
{
    struct workbench *w = open_plots();
    double before = fixture_value(w, PANEL_IP, IFL_I_TY);
    fixture_keys(w, "www");
    workbench_settle(w, fixture_now);
    cr_expect_eq(fixture_value(w, PANEL_IP, IFL_I_TY), before);
    fixture_lacks(w, "computing"); /* an answer that comes at once shall not flicker */
    cr_expect_eq(workbench_settle(w, fixture_now + 150), 50);
    fixture_lacks(w, "1 DPI (computing");
    workbench_settle(w, fixture_now + 200);
    fixture_shows(w, "1 DPI (computing");
    fixture_shows(w, "3 M-IP (computing");
    fixture_shows(w, " %  Esc cancels");
    fixture_now += 200;
    fixture_wait(w);
    fixture_lacks(w, "(computing");
    cr_expect_neq(fixture_value(w, PANEL_IP, IFL_I_TY), before);
    workbench_free(w);
}

Test(tune, cancels_what_is_computed)
{
    struct workbench *w = open_plots();
    double before = fixture_value(w, PANEL_IP, IFL_I_TY);
    fixture_keys(w, "w");
    workbench_settle(w, fixture_now);
    workbench_key(w, PRESS_ESCAPE);
    cr_expect_eq(w->screen, SCREEN_RUN);
    cr_expect_not(workbench_busy(w));
    fixture_shows(w, "canceled");
    cr_expect_eq(fixture_value(w, PANEL_IP, IFL_I_TY), before);
    fixture_keys(w, "w"); /* and on it goes */
    fixture_wait(w);
    cr_expect_neq(fixture_value(w, PANEL_IP, IFL_I_TY), before);
    fixture_lacks(w, "canceled");
    workbench_key(w, PRESS_ESCAPE); /* nothing is at work: back to the list */
    cr_expect_eq(w->screen, SCREEN_LIST);
    workbench_free(w);
}

/* Whatever was typed between two paintings is one request. */
Test(tune, asks_once_for_a_key_that_is_held)
{
    struct workbench *w = open_plots();
    fixture_keys(w, "w");
    fixture_turn(w);
    uint64_t ticket = w->request.ticket;
    for (int k = 0; k < 49; k++)
        fixture_keys(w, "w");
    fixture_turn(w);
    cr_expect_eq(w->request.ticket, ticket + 1);
    fixture_wait(w);
    cr_expect_eq(w->request.ticket, 0u);
    cr_expect_float_eq(w->settings.now.params.h, 5 / pow(1.05, 50), 1e-12);
    fixture_shows(w, "h 0.436*");
    for (int k = 0; k < 50; k++)
        fixture_keys(w, "W");
    fixture_wait(w);
    cr_expect_eq(w->settings.now.params.h, 5);
    workbench_free(w);
}

/* Paint by paint, with what comes in between. */
Test(tune, ends_at_the_right_numbers_however_fast_a_key_comes)
{
    struct workbench *w = open_plots();
    for (int k = 0; k < 50; k++) {
        fixture_keys(w, "w");
        fixture_turn(w);
        if (k % 3 == 0)
            workbench_news(w);
    }
    fixture_wait(w);
    double fast = fixture_value(w, PANEL_MIP, IFL_NONREDUNDANT_X);
    workbench_free(w);

    struct workbench *slow = open_plots();
    fixture_command(slow, "h 0.43601863525018") /* 5 / 1.05^50 */;
    cr_expect_float_eq(fixture_value(slow, PANEL_MIP, IFL_NONREDUNDANT_X), fast, 1e-9);
    workbench_free(slow);
}

/* The engine's last word may come after its last numbers were taken. */
Test(tune, waits_for_nothing_once_the_engine_is_done)
{
    struct workbench *w = open_plots();
    fixture_keys(w, "m"); /* tensor: no pairs, so nothing for the M-IP */
    fixture_wait(w);
    for (int p = 0; p < PANEL_WIDTH; p++)
        cr_expect_not(showing_stale(&w->showing, (enum panel)p), "panel %d", p);
    fixture_keys(w, "3");
    fixture_shows(w, "tensor knows no pairs");
    workbench_free(w);
}
