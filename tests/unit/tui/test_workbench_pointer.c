/* The mouse, and what is pasted. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

static void point(struct workbench *w, enum pointer_kind kind, int x, int y)
{
    struct pointer pointer = {.kind = kind, .x = x, .y = y};
    workbench_pointer(w, &pointer);
    fixture_wait(w);
}

static void point_at(struct workbench *w, enum pointer_kind kind, const char *text)
{
    int x, y;
    fixture_find(w, text, 0, &x, &y);
    point(w, kind, x, y);
}

Test(pointer, chooses_opens_and_sorts_runs)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 100, 24);
    point_at(w, POINTER_PRESS, "mnist-s*");
    cr_expect_str_eq(fixture_current(w), "mnist-s*");
    point_at(w, POINTER_PRESS, "lr ");
    fixture_keys(w, "g");
    cr_expect_str_eq(fixture_current(w), "beta");
    point_at(w, POINTER_PRESS, "lr");
    fixture_keys(w, "G");
    cr_expect_str_eq(fixture_current(w), "beta");
    point(w, POINTER_UP, 10, 10);
    cr_expect_eq(w->runs.at, 2u);
    point(w, POINTER_DOWN, 10, 10);
    cr_expect_eq(w->runs.at, 3u);
    point(w, POINTER_PRESS, 50, 20); /* where nothing is */
    point_at(w, POINTER_PRESS, "alpha   ");
    point_at(w, POINTER_DOUBLE, "alpha   ");
    cr_expect_str_eq(fixture_subjects(w), "alpha");
    workbench_free(w);
}

Test(pointer, moves_through_training_on_the_bar)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 100, 30);
    fixture_shows(w, "epoch 5 ");
    point(w, POINTER_PRESS, w->drawn.bar.x, w->drawn.bar.y);
    fixture_shows(w, "epoch 0 ");
    struct rect bar = w->drawn.bar; /* it moves with what stands before it */
    point(w, POINTER_PRESS, bar.x + bar.columns - 1, bar.y);
    fixture_shows(w, "epoch 5 ");
    bar = w->drawn.bar;
    point(w, POINTER_PRESS, bar.x + bar.columns / 2, bar.y);
    fixture_shows(w, "epoch 3 ");
    point(w, POINTER_UP, bar.x, bar.y);
    fixture_shows(w, "epoch 2 ");
    point(w, POINTER_DOWN, bar.x, bar.y);
    fixture_shows(w, "epoch 3 ");
    workbench_free(w);
}

static const struct plot_mark *mark_of(const struct workbench *w, enum panel panel, int layer, long at)
{
    const struct plot_marks *marks = &w->drawn.marks[0][panel];
    for (size_t k = 0; k < marks->count; k++)
        if (marks->items[k].layer == layer && marks->items[k].point == at)
            return &marks->items[k];
    cr_assert_fail("panel %d has no mark of layer %d, point %ld", panel, layer, at);
    return NULL;
}

Test(pointer, chooses_what_is_nearest_in_a_plot)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 120, 40);
    fixture_shows(w, "epoch 5 ");
    struct plot_mark mark = *mark_of(w, PANEL_IP, 1, 1);
    point(w, POINTER_PRESS, mark.x, mark.y);
    fixture_shows(w, "epoch 1 ");
    fixture_shows(w, " conv2  I(X;T)");
    point(w, POINTER_PRESS, w->drawn.marks[0][PANEL_DPI].items[0].x, w->drawn.marks[0][PANEL_DPI].items[0].y);
    fixture_shows(w, "epoch 1 "); /* a chain is of one step */
    workbench_free(w);
}

Test(pointer, zooms_with_the_wheel_and_shows_alone_by_the_title)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 120, 40);
    char *before = fixture_draw(w);
    struct rect ip = w->drawn.layout.panels[0][PANEL_IP];
    point(w, POINTER_UP, ip.x + 10, ip.y + 10);
    char *closer = fixture_draw(w);
    cr_expect_str_neq(closer, before);
    cr_expect_leq(w->looks.zoom[PANEL_DPI], 1); /* the one under the pointer alone */
    point(w, POINTER_DOWN, ip.x + 10, ip.y + 10);
    char *back = fixture_draw(w);
    cr_expect_str_eq(back, before);
    free(before);
    free(closer);
    free(back);
    point_at(w, POINTER_PRESS, "2 IP");
    fixture_lacks(w, "1 DPI");
    point_at(w, POINTER_PRESS, "2 IP");
    fixture_shows(w, "1 DPI");
    point(w, POINTER_DOUBLE, ip.x + 10, ip.y + 10);
    fixture_lacks(w, "1 DPI");
    workbench_free(w);
}

Test(pointer, takes_a_width_from_the_sweep)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 120, 40);
    fixture_keys(w, "5");
    fixture_wait(w);
    free(fixture_draw(w));
    struct plot_mark mark = *mark_of(w, PANEL_WIDTH, 0, 10);
    point(w, POINTER_PRESS, mark.x, mark.y);
    cr_expect_float_eq(w->settings.now.params.h, w->showing.shown_sweep.widths[10], 0.05);
    workbench_free(w);
}

Test(pointer, is_of_the_row_it_is_in)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 140, 45);
    fixture_command(w, "compare alpha beta");
    fixture_command(w, "rows on");
    const struct plot_marks *marks = &w->drawn.marks[1][PANEL_IP];
    free(fixture_draw(w));
    cr_assert_gt(marks->count, 0u);
    cr_expect_eq(marks->items[0].subject, 1);
    point(w, POINTER_PRESS, marks->items[0].x, marks->items[0].y);
    cr_expect_eq(w->showing.front, 1u);
    workbench_free(w);
}

Test(pointer, walks_the_strip)
{
    struct workbench *w = fixture_open(fixture_database(), 1, 140, 45);
    point_at(w, POINTER_PRESS, "beta");
    cr_expect(w->on_strip);
    cr_expect_str_eq(fixture_subjects(w), "alpha");
    point_at(w, POINTER_PRESS, "beta");
    cr_expect_str_eq(fixture_subjects(w), "beta");
    workbench_free(w);
}

Test(pointer, does_nothing_where_it_is_not_wanted)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 100, 24);
    fixture_command(w, "mouse off");
    point_at(w, POINTER_PRESS, "beta");
    cr_expect_str_eq(fixture_current(w), "alpha");
    fixture_command(w, "mouse on");
    fixture_keys(w, ":");
    point_at(w, POINTER_PRESS, "beta");
    workbench_key(w, PRESS_ESCAPE);
    cr_expect_str_eq(fixture_current(w), "alpha");
    fixture_keys(w, "?");
    point(w, POINTER_DOWN, 10, 10);
    cr_expect_eq(w->help.top, 3);
    point(w, POINTER_PRESS, 3, 3);
    fixture_keys(w, "?");
    cr_expect_str_eq(fixture_current(w), "alpha");
    point(w, POINTER_PRESS, -1, 500);
    point(w, POINTER_UP, 500, -1);
    workbench_free(w);
}

static void paste(struct workbench *w, const char *text)
{
    workbench_key(w, PRESS_PASTE_BEGIN);
    fixture_keys(w, text);
    workbench_key(w, PRESS_PASTE_END);
}

Test(pointer, text_that_is_pasted_is_for_a_prompt_alone)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 100, 24);
    paste(w, "jddqQ:q"); /* of these each does something when typed */
    fixture_wait(w);
    cr_expect_not(w->quit);
    cr_expect_str_eq(fixture_current(w), "alpha");
    fixture_shows(w, "5 runs");
    fixture_keys(w, "/");
    paste(w, "beta");
    fixture_keys(w, "\r");
    cr_expect_str_eq(fixture_current(w), "beta");
    fixture_keys(w, "k");
    cr_expect_str_eq(fixture_current(w), "alpha");
    workbench_free(w);
}

/* The end of a paste that got lost on the way must not leave the program deaf. */
Test(pointer, a_paste_without_an_end_ends)
{
    struct workbench *w = fixture_open(fixture_database(), 0, 100, 24);
    workbench_key(w, PRESS_PASTE_BEGIN);
    workbench_key(w, 'q');
    cr_expect_not(w->quit);
    fixture_turn(w);
    fixture_now += 1500;
    fixture_turn(w);
    workbench_key(w, 'q');
    cr_expect(w->quit);
    workbench_free(w);

    w = fixture_open(fixture_database(), 0, 100, 24);
    workbench_key(w, PRESS_PASTE_BEGIN);
    workbench_key(w, PRESS_ESCAPE);
    workbench_key(w, 'q');
    cr_expect(w->quit);
    workbench_free(w);
}
