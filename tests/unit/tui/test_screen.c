/* The workbench on a terminal, to the byte. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "stage.h"

static struct workbench *open_workbench(struct stage *stage, int64_t run, int columns, int rows, int charset,
                                        int colors)
{
    stage_open(stage, columns, rows, charset, colors);
    struct workbench *workbench = fixture_open(fixture_database(), run, columns, rows);
    workbench->charset = term_charset(stage->term);
    workbench->few_colors = term_colors(stage->term) != PLOT_256;
    snprintf(workbench->database, strlen(workbench->database) + 1, "runs.db"); /* a golden screen has no other path */
    return workbench;
}

/* Paints; the bytes that took. */
static long paint(struct stage *stage, struct workbench *workbench)
{
    workbench_draw(workbench, &stage->canvas);
    long bytes = stage_paint(stage);
    stage_expect_canvas(stage);
    return bytes;
}

static void close_all(struct stage *stage, struct workbench *workbench)
{
    stage_close(stage);
    workbench_free(workbench);
}

/* ---- golden screens ---- */

static const struct look {
    const char *name;
    int charset, colors;
} looks[] = {{"256", CHARSET_BRAILLE, PLOT_256}, {"8", CHARSET_BRAILLE, PLOT_8}, {"ascii", CHARSET_ASCII, PLOT_MONO}};

/* What it is of, and the keys and commands that lead there from the list of runs. */
static const struct scene {
    const char *name;
    const char *line; /* a command; NULL: none */
    const char *keys;
} scenes[] = {{"list", NULL, " jj "},
              {"groups", "group off", "G"},
              {"run", "open alpha", "[["},
              {"dpi", "open alpha", "1"},
              {"ip", "open alpha", "2"},
              {"mip", "open alpha", "3"},
              {"pid", "open alpha", "4"},
              {"topologies", "compare alpha mnist-s0,mnist-s1 #3", "4tt"},
              {"width", "open alpha", "5"},
              {"overlay", "compare mnist-s0,mnist-s1 beta", ""},
              {"rows", "compare mnist-s0,mnist-s1 beta", "v"},
              {"help", NULL, "?"},
              {"prompt", "open alpha", ":h\t\t"},
              {"chooser", NULL, "oj"}};

static void expect_scenes(int columns, int rows, enum charset charset, enum plot_colors colors, const char *look,
                          const char *names)
{
    struct stage stage;
    struct workbench *w = open_workbench(&stage, 0, columns, rows, (int)charset, (int)colors);
    for (size_t k = 0; k < sizeof scenes / sizeof *scenes; k++) {
        char name[96];
        if (strstr(names, scenes[k].name) == NULL)
            continue;
        if (scenes[k].line != NULL)
            fixture_command(w, scenes[k].line);
        fixture_keys(w, scenes[k].keys);
        fixture_wait(w);
        if (strchr(scenes[k].keys, ':') == NULL)
            w->message[0] = '\0';
        paint(&stage, w);
        snprintf(name, sizeof name, "screen_%s_%dx%d_%s.txt", scenes[k].name, columns, rows, look);
        stage_golden(&stage, name);
        prompt_close(&w->prompt);
        w->help.open = w->chooser.open = w->in_rows = w->zoomed = false;
        w->panel = PANEL_DPI;
        w->looks.pid = PID_OVER_TRAINING_X;
        if (w->screen == SCREEN_RUN)
            workbench_close_run(w);
        runs_unmark_all(&w->runs);
        fixture_command(w, "group on");
        fixture_keys(w, "g");
        fixture_wait(w);
    }
    close_all(&stage, w);
}

#define GOLDEN(columns, rows, look, names)                                                                             \
    Test(screen, is_golden_at_##columns##x##rows##_##look)                                                             \
    {                                                                                                                  \
        for (size_t k = 0; k < sizeof looks / sizeof *looks; k++)                                                      \
            if (strcmp(looks[k].name, #look) == 0)                                                                     \
                expect_scenes(columns, rows, (enum charset)looks[k].charset, (enum plot_colors)looks[k].colors, #look, \
                              names);                                                                                  \
    }
GOLDEN(40, 10, 256, "list run")
GOLDEN(40, 10, ascii, "list run dpi width help prompt chooser")
GOLDEN(80, 24, 256, "list groups run mip pid width help prompt chooser")
GOLDEN(80, 24, 8, "list dpi ip mip")
GOLDEN(80, 24, ascii, "list run ip mip pid width topologies")
GOLDEN(120, 40, 256, "list run pid width overlay rows")
GOLDEN(120, 40, 8, "run overlay")
GOLDEN(200, 60, 256, "run overlay rows topologies help")
GOLDEN(200, 60, ascii, "run rows")

/* ---- bytes ---- */

static const int sizes[][2] = {{40, 10}, {80, 24}, {120, 40}, {200, 60}};

#define ARRIVES(number)                                                                                                \
    Test(screen, arrives_as_drawn_##number)                                                                            \
    {                                                                                                                  \
        struct stage stage;                                                                                            \
        struct workbench *workbench = open_workbench(&stage, 1, sizes[number][0], sizes[number][1], -1, -1);           \
        paint(&stage, workbench);                                                                                      \
        static const char *const keys[] = {"www]", "?", "?", "4", "5", "`", "v", ":h\t", "\x1B\x1B"};                  \
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {                                                      \
            fixture_keys(workbench, keys[k]);                                                                          \
            workbench_settle(workbench, fixture_now);                                                                  \
            paint(&stage, workbench);                                                                                  \
            fixture_wait(workbench);                                                                                   \
            paint(&stage, workbench);                                                                                  \
        }                                                                                                              \
        close_all(&stage, workbench);                                                                                  \
    }
ARRIVES(0)
ARRIVES(1)
ARRIVES(2)
ARRIVES(3)

/* Bytes for a full painting, a step of h with all panels changed, a step through training and one through the layers;
 * and for nothing, none. */
static void expect_budget(int columns, int rows, long full, long step, long epoch, long layer)
{
    struct stage stage;
    struct workbench *workbench = open_workbench(&stage, 1, columns, rows, -1, -1);
    long bytes = paint(&stage, workbench);
    cr_expect_leq(bytes, full, "%dx%d: a full painting takes %ld bytes", columns, rows, bytes);
    cr_expect_eq(paint(&stage, workbench), 0, "%dx%d: an idle painting takes bytes", columns, rows);

    fixture_keys(workbench, "w");
    fixture_wait(workbench);
    bytes = paint(&stage, workbench);
    cr_expect_leq(bytes, step, "%dx%d: a step of h takes %ld bytes", columns, rows, bytes);

    fixture_keys(workbench, "[");
    bytes = paint(&stage, workbench);
    cr_expect_leq(bytes, epoch, "%dx%d: a step through training takes %ld bytes", columns, rows, bytes);

    workbench_key(workbench, PRESS_RIGHT);
    bytes = paint(&stage, workbench);
    cr_expect_leq(bytes, layer, "%dx%d: a step to the next layer takes %ld bytes", columns, rows, bytes);
    close_all(&stage, workbench);
}

Test(screen, takes_few_bytes_at_80x24)
{
    expect_budget(80, 24, 3000, 2000, 600, 600);
}

Test(screen, takes_few_bytes_at_120x40)
{
    expect_budget(120, 40, 8000, 3500, 1200, 1800);
}

Test(screen, takes_few_bytes_at_200x60)
{
    expect_budget(200, 60, 15000, 6500, 1500, 2500);
}

/* ---- what may be sent ---- */

Test(screen, is_ascii_where_it_must_be)
{
    struct stage stage;
    struct workbench *workbench = open_workbench(&stage, 1, 80, 24, CHARSET_ASCII, PLOT_MONO);
    for (int panel = '1'; panel <= '5'; panel++) {
        char key[] = {(char)panel, '\0'};
        fixture_keys(workbench, key);
        fixture_wait(workbench);
        paint(&stage, workbench);
        for (int k = 0; k < 80 * 24; k++)
            cr_assert_lt(stage.cells[k].glyph, 0x7Fu);
    }
    cr_expect_eq(term_charset(stage.term), CHARSET_ASCII);
    close_all(&stage, workbench);
}

/* Nothing that comes with the data reaches the terminal as it is: the stage fails at control characters. */
Test(screen, shows_hostile_names_harmless)
{
    struct stage stage;
    struct workbench *workbench = open_workbench(&stage, 3, 140, 45, -1, -1);
    static const char *const keys[] = {"", "?", "?", ":open \t", "\x1B\x1B", "\t", "v"};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        fixture_keys(workbench, keys[k]);
        fixture_wait(workbench);
        paint(&stage, workbench);
        for (int c = 0; c < 140 * 45; c++) {
            uint32_t glyph = stage.cells[c].glyph;
            cr_assert((glyph >= 0x20 && glyph < 0x7F) || glyph >= 0xA0);
            cr_assert_neq(glyph, 0x202Eu);
        }
    }
    close_all(&stage, workbench);
}
