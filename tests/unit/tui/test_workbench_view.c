/* The plots: cursor, views, looks. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

Test(view, opens_a_run_and_shows_its_numbers)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 120, 40);
    fixture_keys(w, "j\r");
    fixture_wait(w);
    static const char *const shown[] = {"infoflow   beta",
                                        "1 DPI",
                                        "2 IP",
                                        "3 M-IP",
                                        "h 5 ",
                                        "alpha 1.01",
                                        "epoch 5",
                                        "snapshot 6/6",
                                        "test_accuracy 0.84",
                                        "I(X;T) ",
                                        "non-redundant X ",
                                        "3 pairs of maps"};
    for (size_t k = 0; k < sizeof shown / sizeof *shown; k++)
        fixture_shows(w, shown[k]);
    cr_expect(isfinite(fixture_value(w, PANEL_MIP, IFL_NONREDUNDANT_X)));
    workbench_key(w, PRESS_ESCAPE);
    fixture_wait(w);
    fixture_shows(w, "5 runs");
    cr_expect_str_eq(fixture_current(w), "beta");
    workbench_free(w);
}

Test(view, has_one_cursor_on_all_panels)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 120, 40);
    static const struct {
        const char *keys, *shown;
    } moves[] = {{"[", "epoch 4  step 400  snapshot 5/6"},
                 {"{", "epoch 0 "},
                 {"]", "epoch 1 "},
                 {"}", "epoch 5 "},
                 {",", "epoch 4 "},
                 {".", "epoch 5 "}};
    for (size_t k = 0; k < sizeof moves / sizeof *moves; k++) {
        fixture_keys(w, moves[k].keys);
        fixture_shows(w, moves[k].shown);
    }
    workbench_key(w, PRESS_HOME);
    fixture_shows(w, "epoch 0 ");
    workbench_key(w, PRESS_END);
    fixture_shows(w, "epoch 5 ");
    fixture_command(w, "epoch 2");
    fixture_shows(w, "step 200");
    fixture_lacks(w, "no snapshot");
    fixture_command(w, "step 330");
    fixture_shows(w, "step 300");
    fixture_shows(w, "no snapshot at step 330: at 300");
    fixture_command(w, "step 300");
    fixture_lacks(w, "no snapshot");
    fixture_command(w, "epoch -1");
    fixture_shows(w, "no snapshot at epoch -1: at 0");
    fixture_command(w, "epoch 3");
    fixture_command(w, "layer 60");
    fixture_shows(w, "layer: there is no `60` among the 3");
    fixture_command(w, "layer 3");
    fixture_shows(w, " fc1  I(X;T)");
    fixture_command(w, "layer 1");
    fixture_command(w, "epoch soon");
    fixture_shows(w, "`soon` is not a number");
    fixture_shows(w, " conv1  I(X;T)");
    double first = fixture_value(w, PANEL_DPI, IFL_I_XT);
    workbench_key(w, PRESS_RIGHT);
    fixture_shows(w, " conv2  I(X;T)");
    cr_expect_neq(fixture_value(w, PANEL_DPI, IFL_I_XT), first);
    workbench_key(w, PRESS_RIGHT);
    workbench_key(w, PRESS_RIGHT);
    fixture_shows(w, " fc1  I(X;T)");
    workbench_key(w, PRESS_LEFT);
    fixture_shows(w, " conv2  I(X;T)");
    fixture_command(w, "layer conv1");
    fixture_shows(w, " conv1  I(X;T)");
    fixture_command(w, "layer conv9");
    fixture_shows(w, "there is no `conv9`");
    workbench_free(w);
}

Test(view, plays_and_stops_at_the_end)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 80, 24);
    fixture_keys(w, "p");
    fixture_shows(w, "playing");
    fixture_shows(w, "epoch 0 ");
    int64_t now = 1000;
    size_t steps = 0;
    for (int wait; (wait = workbench_settle(w, now)) >= 0; now += wait)
        cr_assert_lt(steps++, 20u);
    cr_expect_eq(now, 1000 + 6 * 150);
    fixture_shows(w, "epoch 5 ");
    fixture_lacks(w, "playing");
    cr_expect_eq(workbench_settle(w, now), -1); /* nothing is due: the loop may sleep */
    fixture_keys(w, "[p");
    fixture_shows(w, "playing");
    fixture_keys(w, "p");
    fixture_lacks(w, "playing");
    fixture_keys(w, "p[");
    fixture_lacks(w, "playing"); /* who moves the cursor has stopped it */
    workbench_free(w);
}

Test(view, shows_one_panel_or_all)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 140, 45);
    fixture_shows(w, "Runs ");
    fixture_keys(w, "2");
    fixture_lacks(w, "1 DPI");
    fixture_lacks(w, "Runs ");
    fixture_shows(w, "2 IP");
    fixture_keys(w, "2");
    fixture_shows(w, "1 DPI");
    workbench_resize(w, 80, 24);
    fixture_lacks(w, "1 DPI");
    fixture_shows(w, "2 IP");
    fixture_keys(w, "\t");
    fixture_shows(w, "3 M-IP");
    fixture_keys(w, "1");
    fixture_shows(w, "1 DPI");
    static const struct {
        const char *view, *shown;
    } views[] = {{"view dpi", "1 DPI"}, {"view ip", "2 IP"},       {"view mip", "3 M-IP"},
                 {"view pid", "4 PID"}, {"view width", "5 width"}, {"view all", "1 DPI"}};
    workbench_resize(w, 140, 45);
    for (size_t k = 0; k < sizeof views / sizeof *views; k++) {
        fixture_command(w, views[k].view);
        fixture_shows(w, views[k].shown);
    }
    fixture_shows(w, "3 M-IP");
    fixture_keys(w, "5`");
    fixture_shows(w, "3 M-IP");
    fixture_command(w, "view everything");
    fixture_shows(w, "is none of");
    workbench_free(w);
}

Test(view, decomposes_pairs)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 120, 40);
    fixture_keys(w, "4");
    fixture_wait(w);
    fixture_shows(w, "I(X;T) [bits]");
    fixture_shows(w, "trade-off");
    fixture_shows(w, "H(X)");
    fixture_shows(w, "trade-off X ");
    cr_expect(isfinite(fixture_value(w, PANEL_PID, IFL_TRADEOFF_PCT_X)));
    fixture_keys(w, "t");
    fixture_shows(w, "about Y, over training");
    fixture_shows(w, "H(Y)");
    fixture_command(w, "compare alpha mnist-s0,mnist-s1 gamma");
    fixture_keys(w, "t");
    fixture_shows(w, "about X, over topologies");
    fixture_keys(w, "4");
    fixture_keys(w, "4");
    fixture_shows(w, "feature maps");
    workbench_free(w);
}

Test(view, sweeps_widths)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 120, 40);
    fixture_keys(w, "5");
    fixture_wait(w);
    static const char *const shown[] = {"5 width", "trusted h ", "saturated", "DPI violations at each h", "conv2"};
    for (size_t k = 0; k < sizeof shown / sizeof *shown; k++)
        fixture_shows(w, shown[k]);
    struct sheet *before = w->showing.shown_sweep.sheets[0];
    fixture_keys(w, "w"); /* the sweep stays as it is, only the line moves */
    fixture_wait(w);
    cr_expect_eq(w->showing.shown_sweep.sheets[0], before);
    fixture_keys(w, "[");
    fixture_wait(w);
    cr_expect_neq(w->showing.shown_sweep.sheets[0], before);
    fixture_command(w, "chain backward");
    fixture_shows(w, "no h can be trusted");
    fixture_shows(w, "H(δK)");
    fixture_command(w, "chain forward");
    fixture_shows(w, "trusted h ");
    workbench_free(w);
}

/* Who reads a message wants it away, not the run. */
Test(view, escape_takes_a_message_away_first)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 120, 40);
    fixture_command(w, "theme pink");
    fixture_shows(w, "theme: `pink`");
    workbench_key(w, PRESS_ESCAPE);
    fixture_lacks(w, "theme: `pink`");
    cr_expect_eq(w->screen, SCREEN_RUN);
    workbench_key(w, PRESS_ESCAPE);
    cr_expect_eq(w->screen, SCREEN_LIST);
    fixture_command(w, "bin"); /* whose message says what Esc does */
    fixture_shows(w, "Esc leaves it");
    workbench_key(w, PRESS_ESCAPE);
    cr_expect_not(w->in_bin);
    fixture_wait(w);
    workbench_free(w);
}

/* What the first widths say by themselves is not what all of them will say. */
Test(view, trusts_no_width_before_all_are_there)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 120, 40);
    fixture_keys(w, "5");
    for (size_t missing = SWEEP_WIDTHS; missing > 0;) {
        struct pollfd fds[WORKBENCH_FDS];
        workbench_settle(w, fixture_now);
        fixture_lacks(w, "trust");
        cr_assert_gt(poll(fds, workbench_fds(w, fds), 60000), 0);
        workbench_news(w);
        missing = sweep_missing(&w->showing.sweep);
        if (missing > 0 && missing < SWEEP_WIDTHS) {
            char said[32];
            snprintf(said, sizeof said, "%zu of %d h", SWEEP_WIDTHS - missing, SWEEP_WIDTHS);
            fixture_shows(w, said);
        }
    }
    fixture_wait(w);
    fixture_shows(w, "trusted h ");
    workbench_free(w);
}

static char *screen_after(struct workbench *w, const char *keys)
{
    fixture_keys(w, keys);
    fixture_wait(w);
    return fixture_draw(w);
}

/* Each key changes what is seen, and its counterpart changes it back. */
Test(view, zooms_and_turns_and_turns_back)
{
    static const struct {
        const char *panel, *there, *back;
    } looks[] = {{"1", "+", "-"},   {"1", "++", "_"}, {"1", "y", "y"},  {"1", "L", "L"},   {"1", "t", "tt"},
                 {"2", "+++", "_"}, {"2", "y", "y"},  {"2", "L", "L"},  {"3", "++", "--"}, {"3", "y", "y"},
                 {"4", "+", "_"},   {"4", "L", "L"},  {"5", "++", "_"}, {"5", "tt", "t"}};
    struct workbench *w = fixture_open(fixture_database(), 1, 80, 24);
    for (size_t k = 0; k < sizeof looks / sizeof *looks; k++) {
        char *before = screen_after(w, looks[k].panel);
        char *there = screen_after(w, looks[k].there);
        char *back = screen_after(w, looks[k].back);
        cr_expect_str_neq(there, before, "%s %s changes nothing:\n%s", looks[k].panel, looks[k].there, there);
        cr_expect_str_eq(back, before, "%s %s:\n%s\nis not\n%s", looks[k].panel, looks[k].back, back, before);
        free(before);
        free(there);
        free(back);
    }
    workbench_free(w);
}

Test(view, says_its_looks_as_commands)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 120, 40);
    fixture_shows(w, "forward I(X;T)");
    fixture_command(w, "chain backward");
    fixture_lacks(w, "forward I(X;T)");
    fixture_command(w, "chain forward");
    fixture_lacks(w, "backward I(");
    fixture_command(w, "chain both");
    fixture_shows(w, "backward I(");
    fixture_command(w, "legend off");
    fixture_lacks(w, "forward I(X;T)");
    fixture_command(w, "legend on");
    fixture_shows(w, "forward I(X;T)");
    fixture_command(w, "log on");
    cr_expect(w->looks.log[PANEL_IP]);
    fixture_command(w, "log off");
    cr_expect_not(w->looks.log[PANEL_IP]);
    fixture_command(w, "log perhaps");
    fixture_shows(w, "`perhaps` is none of on, off");
    workbench_resize(w, 140, 45);
    fixture_command(w, "strip off");
    fixture_lacks(w, "Runs ");
    fixture_keys(w, "B");
    fixture_shows(w, "Runs ");
    workbench_free(w);
}

Test(view, walks_the_runs_beside_the_plots)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 140, 45);
    fixture_keys(w, "\tj\r");
    fixture_wait(w);
    cr_expect_str_eq(fixture_subjects(w), "beta");
    cr_expect(w->on_strip);
    fixture_keys(w, "w"); /* the plots' keys work here too */
    fixture_shows(w, "h 4.762*");
    fixture_wait(w);
    workbench_key(w, PRESS_ESCAPE);
    cr_expect_not(w->on_strip);
    workbench_resize(w, 80, 24);
    workbench_key(w, PRESS_ESCAPE);
    cr_expect_eq(w->screen, SCREEN_LIST);
    workbench_free(w);
}

Test(view, helps)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 80, 24);
    fixture_keys(w, "?");
    fixture_shows(w, "Parameters");
    fixture_shows(w, "type VALUE or NAME VALUE");
    fixture_keys(w, "q");
    cr_expect_not(w->help.open);
    cr_expect_not(w->quit);
    workbench_resize(w, 40, 10);
    fixture_keys(w, "?");
    fixture_lacks(w, "Marks");
    fixture_keys(w, "G");
    fixture_shows(w, "quit");
    fixture_lacks(w, "Parameters");
    workbench_free(w);
}

Test(view, says_when_it_has_too_little_room)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 39, 9);
    fixture_shows(w, "39x9 is too small: 40x10");
    workbench_resize(w, 40, 10);
    fixture_wait(w);
    fixture_shows(w, "1 DPI");
    workbench_resize(w, 1, 1);
    fixture_keys(w, "?");
    fixture_keys(w, "q");
    cr_expect(w->quit);
    workbench_free(w);
}
