/* The lines around the plots: title, parameters, epoch, readout. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <base/text.h>

#include "draw.h"
#include "pen.h"

/* ---- title ---- */

static bool draw_field(struct pen *pen, const struct field *field)
{
    char key[64], value[64];
    return pen_pair(pen, text_fit(key, sizeof key, field->key, 20), text_fit(value, sizeof value, field->text, 24),
                    INK_NONE, 0);
}

/* The params that tell this run from the others first. */
void draw_fields(struct canvas *canvas, struct rect where, const struct workbench *w, const struct run *run, bool title)
{
    struct pen pen = pen_at(canvas, where, 0);
    if (title) {
        draw_brand(canvas, where);
        pen_skip(&pen, 11);
        pen_text(&pen, INK_TITLE, CELL_BOLD, run->name);
        pen_skip(&pen, 3);
    }
    for (int varying = 1; varying >= 0; varying--)
        for (size_t k = 0; k < run->n_params; k++)
            if (runs_differ(&w->runs, run->params[k].key) == (varying == 1) && !draw_field(&pen, &run->params[k]))
                return;
}

/* ---- parameters ---- */

/* What is not the default carries a star. What gives way first on a narrow screen comes last. */
static void draw_params(const struct workbench *w, struct canvas *canvas, struct rect where)
{
    static const enum parameter order[PARAMETERS] = {PARAMETER_H,           PARAMETER_H_ERROR, PARAMETER_ALPHA,
                                                     PARAMETER_COMPOSITION, PARAMETER_PAIRS,   PARAMETER_H_LABEL,
                                                     PARAMETER_WIDTH};
    struct pen pen = pen_at(canvas, where, 0);
    const struct ifl_params *params = &w->settings.now.params;
    for (int k = 0; k < PARAMETERS; k++) {
        enum parameter parameter = order[k];
        char value[32], marked[40];
        bool standard = parameter_is_default(params, parameter);
        /* `silverman`, `hadamard` say themselves what they are */
        bool named = where.columns >= 100 || (parameter != PARAMETER_WIDTH && parameter != PARAMETER_COMPOSITION);
        snprintf(marked, sizeof marked, "%s%s", parameter_text(value, params, parameter), standard ? "" : "*");
        pen_pair(&pen, named ? parameter_name(parameter) : "", marked, standard ? INK_NONE : INK_CURSOR,
                 standard ? 0 : CELL_BOLD);
    }
}

/* ---- epoch ---- */

static void draw_metrics(const struct workbench *w, struct pen *pen)
{
    const struct opened *opened = &w->opened;
    const struct store_snapshot *snapshot = &opened->snapshots[opened->timeline.batches[opened->point].first];
    for (int unseen = 1; unseen >= 0; unseen--)
        for (size_t k = 0; k < snapshot->n_metrics; k++) {
            const struct metric *metric = &snapshot->metrics[k];
            char name[64], value[32];
            if (metric_is_unseen(metric->name) == (unseen == 1))
                pen_pair(pen, text_fit(name, sizeof name, metric->name, 24), text_short(value, metric->value, 4),
                         INK_NONE, 0);
        }
}

/* A cell of the bar for each part of training, in the colours of the trajectories up to the cursor. */
static void draw_bar(const struct workbench *w, struct pen *pen, int width)
{
    size_t last = w->opened.timeline.count - 1, at = w->opened.point;
    bool ascii = pen->canvas->charset == CHARSET_ASCII;
    int cursor = last > 0 ? (int)lround((double)at / (double)last * (width - 1)) : 0;
    for (int k = 0; k < width; k++) {
        int time = (int)lround((double)k / (width > 1 ? width - 1 : 1) * (INK_TIME_COUNT - 1));
        if (k == cursor)
            canvas_put(pen->canvas, pen->x, pen->y, 'o', INK_CURSOR, CELL_BOLD | CELL_REVERSE);
        else if (k < cursor)
            canvas_put(pen->canvas, pen->x, pen->y, ascii ? '=' : 0x2501, (uint8_t)(INK_TIME + time), 0);
        else
            canvas_put(pen->canvas, pen->x, pen->y, ascii ? '-' : 0x2500, INK_DIM, 0);
        pen_skip(pen, 1);
    }
    pen_skip(pen, 2);
}

static void draw_epoch(const struct workbench *w, struct canvas *canvas, struct rect where)
{
    const struct timeline *timeline = &w->opened.timeline;
    struct pen pen = pen_at(canvas, where, 0);
    char value[32];
    if (timeline->count == 0) {
        pen_text(&pen, INK_WARN, 0, "this run has no snapshots yet");
        return;
    }
    size_t at = w->opened.point;
    if (!isnan(timeline->epochs[at]))
        pen_pair(&pen, "epoch", text_short(value, timeline->epochs[at], 5), INK_TITLE, CELL_BOLD);
    snprintf(value, sizeof value, "%" PRId64, timeline->steps[at]);
    pen_pair(&pen, "step", value, INK_NONE, 0);
    snprintf(value, sizeof value, "%zu/%zu", at + 1, timeline->count);
    if (w->playing)
        pen_pair(&pen, "playing", value, INK_CURSOR, CELL_BOLD);
    else
        pen_pair(&pen, "snapshot", value, INK_NONE, 0);
    int width = where.columns / 4;
    draw_bar(w, &pen, width > 48 ? 48 : width);
    draw_metrics(w, &pen);
}

/* ---- readout ---- */

struct reading {
    const char *name;
    enum panel panel;
    enum ifl_quantity quantity;
};

static void draw_reading(const struct workbench *w, struct pen *pen, const struct reading *reading)
{
    unsigned health = 0;
    double value = opened_value(&w->opened, reading->panel, w->opened.layer, reading->quantity, &health);
    bool stale = w->stale[reading->panel];
    char text[64], word[48];
    if (isnan(value))
        strcpy(text, "-");
    else
        snprintf(text, sizeof text, "%.3f", value);
    if (!pen_pair(pen, reading->name, text, stale || isnan(value) ? INK_DIM : INK_TITLE, 0) || health == 0)
        return;
    ifl_health_text(health, word);
    pen->x--;
    pen_text(pen, INK_WARN, CELL_BOLD, word);
    pen_skip(pen, 2);
}

static void draw_pairs(const struct workbench *w, struct pen *pen)
{
    const struct answer *answer = opened_answer(&w->opened, PANEL_MIP);
    if (answer == NULL || w->opened.point >= answer->timeline.count)
        return;
    const struct estimate *e = &answer->estimates.snapshots[answer->timeline.batches[w->opened.point].first];
    const struct ifl_record *record =
        e->records == NULL ? NULL : ifl_record_find(e->records, e->count, w->opened.layer, IFL_NONREDUNDANT_X);
    if (record != NULL)
        pen_printf(pen, INK_DIM, 0, "%zu pair%s of maps", record->pairs, record->pairs == 1 ? "" : "s");
}

static void draw_readout(const struct workbench *w, struct canvas *canvas, struct rect where)
{
    static const struct reading readings[] = {{"I(X;T)", PANEL_DPI, IFL_I_XT},
                                              {"I(T;Y)", PANEL_IP, IFL_I_TY},
                                              {"H(T)", PANEL_DPI, IFL_H_T},
                                              {"I(dK;d)", PANEL_DPI, IFL_I_DELTA},
                                              {"non-redundant X", PANEL_MIP, IFL_NONREDUNDANT_X},
                                              {"Y", PANEL_MIP, IFL_NONREDUNDANT_Y}};
    const int on_first_row = 3;
    if (w->opened.run.run.n_layers == 0)
        return;
    char name[64];
    struct pen pen = pen_at(canvas, where, 0);
    text_fit(name, sizeof name, w->opened.run.run.layers[w->opened.layer].name, 16);
    pen_text(&pen, INK_CURSOR, CELL_BOLD, name);
    int left = pen.x + 2;
    pen_skip(&pen, 2);
    for (int k = 0; k < (int)(sizeof readings / sizeof *readings); k++) {
        if (k == on_first_row && where.rows > 1) {
            pen = pen_at(canvas, where, 1);
            pen.x = left;
        }
        draw_reading(w, &pen, &readings[k]);
    }
    draw_pairs(w, &pen);
}

void draw_run_lines(const struct workbench *w, struct canvas *canvas, const struct layout *layout)
{
    if (layout->title.rows == 0)
        return;
    draw_fields(canvas, layout->title, w, &w->opened.run.run, true);
    draw_params(w, canvas, layout->params);
    draw_epoch(w, canvas, layout->epoch);
    draw_readout(w, canvas, layout->readout);
}
