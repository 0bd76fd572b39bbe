/* The runs: as a table on a screen of their own, and as a strip beside the plots. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/text.h>

#include "draw.h"
#include "pen.h"

/* ---- without runs ---- */

/* Where the runs go without being told is not said. */
static void import_line(const struct workbench *w, char *out, size_t size)
{
    char *usual = store_default_path();
    bool told = usual == NULL || strcmp(usual, w->database) != 0;
    snprintf(out, size, "    infoflow import %s%s%sPATH", told ? "--db " : "", told ? w->database : "", told ? " " : "");
    free(usual);
}

static void draw_empty(const struct workbench *w, struct canvas *canvas, struct rect where)
{
    char text[1024];
    const char *to_import[] = {"No runs yet.",
                               "",
                               "Import what your training wrote, then come back:",
                               "",
                               text,
                               "",
                               "PATH is a run folder (run.json and step-*.npz),",
                               "or a folder of such folders.",
                               "",
                               w->database};
    const char *to_wait[] = {"No runs yet.", "", "Waits for snapshots in", "", text, "", w->database};
    bool waits = w->followed != NULL;
    const char *const *lines = waits ? to_wait : to_import;
    int count = (int)(waits ? sizeof to_wait / sizeof *to_wait : sizeof to_import / sizeof *to_import);
    if (waits)
        snprintf(text, sizeof text, "    %s", w->followed);
    else
        import_line(w, text, sizeof text);
    const char *reason = !w->listed ? "Reading the runs." : w->in_bin ? "The bin is empty." : NULL;
    if (reason != NULL) {
        lines = &reason;
        count = 1;
    }
    int left = where.columns > 52 ? (where.columns - 50) / 2 : 1, top = (where.rows - count) / 3;
    top = top < 0 ? 0 : top;
    for (int k = 0; k < count && top + k < where.rows; k++) {
        struct pen pen = pen_at(canvas, where, top + k);
        pen_skip(&pen, left - 1);
        bool stressed = k == 0 || k == 4, last = k > 0 && k == count - 1;
        if (last)
            pen_text(&pen, INK_DIM, 0, "database ");
        pen_text(&pen, stressed ? INK_TITLE : last ? INK_DIM : INK_NONE, stressed ? CELL_BOLD : 0, lines[k]);
    }
}

/* ---- the screen and the strip ---- */

static bool shows_shares(const struct workbench *w)
{
    const struct columns *columns = &w->runs.columns;
    for (size_t k = 0; k < columns->count && !w->in_bin; k++)
        if (columns->items[k].shown &&
            (columns->items[k].kind == COLUMN_DPI_FORWARD || columns->items[k].kind == COLUMN_DPI_BACKWARD))
            return true;
    return false;
}

/* The parameters of the shares in the table, `h 5  h-error 0.1  alpha 1.01`, and of the others those that are not the
 * default, at the right end: what is at the left keeps half of the line. Returns the columns left. */
static int draw_shares_of(const struct workbench *w, struct canvas *canvas, struct rect where)
{
    const struct ifl_params *params = &w->settings.now.params;
    struct pair {
        const char *name;
        char value[40];
        bool standard;
    } pairs[PARAMETERS + 1];
    char value[32];
    int count = 0, width = 0;
    if (w->runs.count == 0 || !shows_shares(w))
        return where.columns;
    for (int k = 0; k < PARAMETERS; k++) {
        enum parameter parameter = (enum parameter)k;
        bool standard = parameter_is_default(params, parameter);
        if (standard && parameter != PARAMETER_H && parameter != PARAMETER_H_ERROR && parameter != PARAMETER_ALPHA)
            continue;
        pairs[count] = (struct pair){.name = parameter_name(parameter), .standard = standard};
        snprintf(pairs[count].value, sizeof pairs[count].value, "%s%s", parameter_text(value, params, parameter),
                 standard ? "" : "*");
        count++;
    }
    if (w->looks.tolerance != IFL_DPI_TOLERANCE) {
        pairs[count] = (struct pair){.name = "tolerance"};
        snprintf(pairs[count++].value, sizeof pairs->value, "%s*", text_short(value, w->looks.tolerance, 3));
    }
    for (int k = 0; k < count; k++) {
        int more = (int)(strlen(pairs[k].name) + strlen(pairs[k].value)) + 3;
        count = width + more > where.columns / 2 ? k : count;
        width += k < count ? more : 0;
    }
    struct pen pen = pen_at(canvas, where, 0);
    pen.x = where.x + where.columns - width;
    for (int k = 0; k < count; k++)
        pen_pair(&pen, pairs[k].name, pairs[k].value, pairs[k].standard ? INK_NONE : INK_CURSOR,
                 pairs[k].standard ? 0 : CELL_BOLD);
    return where.columns - width;
}

static void draw_title(const struct workbench *w, struct canvas *canvas, struct rect where)
{
    where.columns = draw_shares_of(w, canvas, where);
    struct pen pen = pen_at(canvas, where, 0);
    draw_brand(canvas, where);
    pen_skip(&pen, 11);
    if (w->in_bin)
        pen_text(&pen, INK_WARN, CELL_BOLD, "bin: ");
    pen_printf(&pen, INK_TITLE, CELL_BOLD, "%zu run%s", w->runs.count, w->runs.count == 1 ? "" : "s");
    pen_skip(&pen, 2);
    pen_text(&pen, INK_DIM, 0, w->database);
    if (w->followed == NULL)
        return;
    pen_text(&pen, INK_CURSOR, 0, "  follows ");
    pen_text(&pen, INK_NONE, 0, w->followed);
}

void draw_list(struct workbench *w, struct canvas *canvas, const struct layout *layout)
{
    if (layout->title.rows > 0)
        draw_title(w, canvas, layout->title);
    if (!w->listed || w->runs.count == 0) {
        draw_empty(w, canvas, layout->runs);
        return;
    }
    runs_draw_table(&w->runs, canvas, layout->runs);
    w->ask |= workbench_list_lacks(w); /* only now it is known which rows are seen */
    if (layout->readout.rows > 0)
        runs_draw_readout(&w->runs, canvas, layout->readout);
    if (w->chooser.open)
        chooser_draw(&w->chooser, &w->runs, canvas, layout->runs);
}

void draw_strip(struct workbench *w, struct canvas *canvas, struct rect where)
{
    int64_t open[SUBJECTS_MOST];
    for (size_t s = 0; s < w->showing.count; s++)
        open[s] = w->showing.subjects[s].members[0].run.id;
    runs_draw_strip(&w->runs, canvas, where, open, w->showing.count, w->on_strip);
}
