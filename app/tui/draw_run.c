/* The lines around the plots: title, parameters, epoch, readout. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <base/text.h>

#include "draw.h"
#include "pen.h"
#include "picture.h"

/* ---- title ---- */

static bool draw_field(struct pen *pen, const struct field *field)
{
    char key[64], value[64];
    return pen_pair(pen, text_fit(key, sizeof key, field->key, 20), text_fit(value, sizeof value, field->text, 24),
                    INK_NONE, 0);
}

/* Whether a param is that of all the subject's runs, and not of the first alone. */
static bool is_common(const struct subject *subject, const struct field *field)
{
    for (size_t m = 1; m < subject->n_members; m++) {
        const struct field *other = run_param(&subject->members[m].run.run, field->key);
        if (other == NULL || strcmp(other->text, field->text) != 0)
            return false;
    }
    return true;
}

/* The params that tell this subject from the others first. */
static void draw_fields(const struct workbench *w, struct pen *pen, const struct subject *subject)
{
    const struct run *run = subject_run(subject);
    for (int varying = 1; varying >= 0; varying--)
        for (size_t k = 0; k < run->n_params; k++)
            if (is_common(subject, &run->params[k]) &&
                runs_differ(&w->runs, run->params[k].key) == (varying == 1) && !draw_field(pen, &run->params[k]))
                return;
}

enum { SUBJECT_TEXT = 512 };

/* `1 relu 2-2`, or, in full, `1 activation=relu topology=2-2`. */
static void subject_text(char out[SUBJECT_TEXT], const struct showing *showing, size_t s, bool in_full)
{
    const struct subject *subject = &showing->subjects[s];
    const struct run *run = subject_run(subject);
    char text[SUBJECT_TEXT];
    size_t used = (size_t)snprintf(text, sizeof text, "%zu", s + 1);
    for (size_t k = 0; in_full && k < run->n_params && used < sizeof text; k++)
        if (showing_differs(showing, run->params[k].key))
            used += (size_t)snprintf(text + used, sizeof text - used, " %s=%s", run->params[k].key, run->params[k].text);
    if (!in_full)
        used += (size_t)snprintf(text + used, sizeof text - used, " %s", subject->label);
    if (used < sizeof text)
        snprintf(text + used, sizeof text - used, "%s", subject->n_members > 1 ? " (mean)" : "");
    text_fit(out, SUBJECT_TEXT, text, in_full ? SUBJECT_TEXT / 4 : 30);
}

/* Those that are on the plots, and whether there was room for all of them. */
static bool draw_cast(const struct showing *showing, struct pen *pen, size_t first, size_t count, bool in_full)
{
    size_t wanted = 0;
    char text[SUBJECT_TEXT];
    for (size_t s = first; s < first + count && in_full; s++) {
        subject_text(text, showing, s, true);
        wanted += text_width(text) + 2;
    }
    if (in_full && wanted > (size_t)pen_room(pen) + 2)
        return false;
    for (size_t s = first; s < first + count; s++) {
        bool front = s == showing->front;
        subject_text(text, showing, s, in_full);
        pen_text(pen, front ? INK_CURSOR : (uint8_t)(INK_SERIES + (s - first) % INK_SERIES_COUNT),
                 front ? CELL_BOLD : 0, text);
        pen_skip(pen, 2);
    }
    return true;
}

/* `4 of 12`, the four, then what they are told apart by, where they do not say it themselves. */
static void draw_subjects(const struct workbench *w, struct pen *pen)
{
    const struct showing *showing = &w->showing;
    size_t first, count = picture_subjects(w, w->panel == PANEL_PID ? PANEL_PID : PANEL_DPI, &first);
    if (count < showing->count) {
        pen_printf(pen, INK_DIM, 0, "%zu of %zu", count, showing->count);
        pen_skip(pen, 2);
    }
    if (showing->labeled && draw_cast(showing, pen, first, count, true))
        return;
    draw_cast(showing, pen, first, count, false);
    pen_text(pen, INK_DIM, 0, "differ in");
    const struct run *run = subject_run(&showing->subjects[0]);
    bool any = false;
    for (size_t k = 0; k < run->n_params; k++)
        if (showing_differs(showing, run->params[k].key)) {
            char key[64];
            pen_printf(pen, INK_NONE, 0, "%s%s", any ? ", " : " ", text_fit(key, sizeof key, run->params[k].key, 20));
            any = true;
        }
    if (!any)
        pen_text(pen, INK_DIM, 0, " nothing but their names");
}

static void draw_title(const struct workbench *w, struct canvas *canvas, struct rect where)
{
    struct pen pen = pen_at(canvas, where, 0);
    const struct subject *front = showing_front(&w->showing);
    draw_brand(canvas, where);
    pen_skip(&pen, 11);
    if (w->showing.count > 1) {
        draw_subjects(w, &pen);
        return;
    }
    pen_text(&pen, INK_TITLE, CELL_BOLD, front->name);
    pen_skip(&pen, 3);
    if (front->n_members > 1) {
        pen_printf(&pen, INK_CURSOR, 0, "mean of %zu", front->n_members);
        pen_skip(&pen, 2);
    }
    draw_fields(w, &pen, front);
}

/* ---- parameters ---- */

/* What is not the default carries a star. What gives way first on a narrow screen comes last. */
static void draw_params(const struct workbench *w, struct canvas *canvas, struct rect where)
{
    static const enum parameter order[] = {PARAMETER_H,           PARAMETER_H_ERROR, PARAMETER_ALPHA,
                                           PARAMETER_COMPOSITION, PARAMETER_PAIRS,   PARAMETER_H_LABEL,
                                           PARAMETER_WIDTH,       PARAMETER_SEED};
    struct pen pen = pen_at(canvas, where, 0);
    const struct ifl_params *params = &w->settings.now.params;
    char value[32], marked[40];
    for (size_t k = 0; k < sizeof order / sizeof *order; k++) {
        enum parameter parameter = order[k];
        bool standard = parameter_is_default(params, parameter);
        if (parameter == PARAMETER_SEED && standard)
            continue;
        /* `silverman`, `hadamard` say themselves what they are */
        bool named = where.columns >= 100 || (parameter != PARAMETER_WIDTH && parameter != PARAMETER_COMPOSITION);
        snprintf(marked, sizeof marked, "%s%s", parameter_text(value, params, parameter), standard ? "" : "*");
        pen_pair(&pen, named ? parameter_name(parameter) : "", marked, standard ? INK_NONE : INK_CURSOR,
                 standard ? 0 : CELL_BOLD);
    }
    if (w->looks.tolerance != IFL_DPI_TOLERANCE) {
        snprintf(marked, sizeof marked, "%s*", text_short(value, w->looks.tolerance, 3));
        pen_pair(&pen, "tolerance", marked, INK_CURSOR, CELL_BOLD);
    }
}

/* ---- epoch ---- */

static bool has_before(const struct showing *showing, size_t member, const char *name)
{
    double value;
    while (member > 0)
        if (showing_metric(showing, --member, name, &value))
            return true;
    return false;
}

/* Of a group the mean over the runs that have it, and as long as there is room their deviation. */
static void draw_metric(const struct showing *showing, const char *name, struct pen *pen)
{
    double value, mean = 0, squares = 0;
    char fitted[64], text[32], off[32], both[80];
    size_t count = 0, members = showing_front(showing)->n_members;
    for (size_t m = 0; m < members; m++)
        if (showing_metric(showing, m, name, &value)) {
            double difference = value - mean;
            mean += difference / (double)++count;
            squares += difference * (value - mean);
        }
    text_fit(fitted, sizeof fitted, name, 24);
    text_short(text, mean, 4);
    if (squares > 0) {
        snprintf(both, sizeof both, "%s+-%s", text, text_short(off, sqrt(squares / (double)(count - 1)), 2));
        if (pen_pair(pen, fitted, both, INK_NONE, 0))
            return;
    }
    pen_pair(pen, fitted, text, INK_NONE, 0);
}

static void draw_metrics(const struct showing *showing, struct pen *pen)
{
    for (int unseen = 1; unseen >= 0; unseen--)
        for (size_t m = 0; m < showing_front(showing)->n_members; m++) {
            const struct store_snapshot *snapshot = showing_snapshot(showing, m);
            for (size_t k = 0; snapshot != NULL && k < snapshot->n_metrics; k++)
                if (metric_is_unseen(snapshot->metrics[k].name) == (unseen == 1) &&
                    !has_before(showing, m, snapshot->metrics[k].name))
                    draw_metric(showing, snapshot->metrics[k].name, pen);
        }
}

/* A cell of the bar for each part of training, in the colours of the trajectories up to the cursor. */
static void draw_bar(struct workbench *w, struct pen *pen, const struct subject *front, int width)
{
    size_t last = front->timeline.count - 1, at = front->point;
    bool ascii = pen->canvas->charset == CHARSET_ASCII;
    int cursor = last > 0 ? (int)lround((double)at / (double)last * (width - 1)) : 0;
    w->drawn.bar = (struct rect){pen->x, pen->y, width, 1};
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

/* A value in a place as wide as the widest, so that what stands behind it does not move, and need not be sent, at each
 * step. */
static void draw_padded(struct pen *pen, const char *name, const char *value, int width, uint8_t ink,
                        uint8_t attributes)
{
    int spare = width - (int)strlen(value);
    if (pen_pair(pen, name, value, ink, attributes))
        pen_skip(pen, spare > 0 ? spare : 0);
}

static int epoch_width(const struct timeline *timeline)
{
    size_t widest = 0;
    for (size_t k = 0; k < timeline->count; k++) {
        char value[32];
        size_t length = strlen(text_short(value, timeline->epochs[k], 5));
        widest = length > widest ? length : widest;
    }
    return (int)widest;
}

static void draw_epoch(struct workbench *w, struct canvas *canvas, struct rect where)
{
    const struct subject *front = showing_front(&w->showing);
    struct pen pen = pen_at(canvas, where, 0);
    char value[32];
    if (front->timeline.count == 0) {
        pen_text(&pen, INK_WARN, 0, "this run has no snapshots yet");
        return;
    }
    size_t at = front->point;
    if (!isnan(front->timeline.epochs[at]))
        draw_padded(&pen, "epoch", text_short(value, front->timeline.epochs[at], 5), epoch_width(&front->timeline),
                    INK_TITLE, CELL_BOLD);
    int width = snprintf(value, sizeof value, "%" PRId64, front->timeline.steps[front->timeline.count - 1]);
    snprintf(value, sizeof value, "%" PRId64, front->timeline.steps[at]);
    draw_padded(&pen, "step", value, width, INK_NONE, 0);
    width = snprintf(value, sizeof value, "%zu", front->timeline.count);
    snprintf(value, sizeof value, "%*zu/%zu", width, at + 1, front->timeline.count);
    if (w->playing)
        pen_pair(&pen, "playing", value, INK_CURSOR, CELL_BOLD);
    else
        pen_pair(&pen, "snapshot", value, INK_NONE, 0);
    width = where.columns / 4;
    draw_bar(w, &pen, front, width > 48 ? 48 : width);
    draw_metrics(&w->showing, &pen);
}

/* ---- readout ---- */

struct reading {
    const char *name;
    enum panel panel;
    enum ifl_quantity quantity;
    bool on_second_row;
};

static const struct reading usual[] = {{"I(X;T)", PANEL_DPI, IFL_I_XT, false},
                                       {"I(T;Y)", PANEL_IP, IFL_I_TY, false},
                                       {"H(T)", PANEL_DPI, IFL_H_T, false},
                                       {"I(dK;d)", PANEL_DPI, IFL_I_DELTA, true},
                                       {"non-redundant X", PANEL_MIP, IFL_NONREDUNDANT_X, true},
                                       {"Y", PANEL_MIP, IFL_NONREDUNDANT_Y, true},
                                       {NULL, PANEL_DPI, 0, false}};
static const struct reading of_pairs[] = {{"I(X;T)", PANEL_PID, IFL_I_XT, false},
                                          {"trade-off X", PANEL_PID, IFL_TRADEOFF_PCT_X, false},
                                          {"non-redundant X", PANEL_PID, IFL_NONREDUNDANT_PCT_X, false},
                                          {"I(T;Y)", PANEL_PID, IFL_I_TY, true},
                                          {"trade-off Y", PANEL_PID, IFL_TRADEOFF_PCT_Y, true},
                                          {"non-redundant Y", PANEL_PID, IFL_NONREDUNDANT_PCT_Y, true},
                                          {NULL, PANEL_PID, 0, false}};

static void draw_reading(const struct workbench *w, struct pen *pen, const struct reading *reading)
{
    unsigned health = 0;
    double deviation, value = picture_value(w, reading->panel, w->showing.layer, reading->quantity, &deviation, &health);
    bool percent = strcmp(ifl_quantity_unit(reading->quantity), "%") == 0;
    char text[64], word[IFL_HEALTH_TEXT];
    if (isnan(value))
        strcpy(text, "-");
    else if (isnan(deviation))
        snprintf(text, sizeof text, percent ? "%5.1f %%" : "%6.3f", value);
    else
        snprintf(text, sizeof text, percent ? "%.1f+-%.1f %%" : "%.3f+-%.3f", value, deviation);
    bool dim = w->stale[reading->panel] || isnan(value);
    if (!pen_pair(pen, reading->name, text, dim ? INK_DIM : INK_TITLE, 0) || health == 0)
        return;
    ifl_health_text(health, word);
    pen->x--;
    pen_text(pen, INK_WARN, CELL_BOLD, word);
    pen_skip(pen, 2);
}

static void draw_pairs(const struct workbench *w, struct pen *pen)
{
    const struct subject *front = showing_front(&w->showing);
    const struct sheet *sheet = showing_sheet(&w->showing, PANEL_MIP, &front->members[0]);
    const struct ifl_record *record = NULL;
    for (size_t k = 0; sheet != NULL && k < sheet->count && record == NULL; k++)
        record = estimate_find(&sheet->estimates[k], w->showing.layer, IFL_NONREDUNDANT_X);
    if (record != NULL)
        pen_printf(pen, INK_DIM, 0, "%zu pair%s of maps%s", record->pairs, record->pairs == 1 ? "" : "s",
                   record->sampled ? ", sampled" : "");
}

static void draw_readout(const struct workbench *w, struct canvas *canvas, struct rect where)
{
    const struct run *run = subject_run(showing_front(&w->showing));
    char name[64];
    struct pen pen = pen_at(canvas, where, 0);
    if ((size_t)w->showing.layer >= run->n_layers)
        return;
    text_fit(name, sizeof name, run->layers[w->showing.layer].name, 16);
    if (w->showing.count > 1)
        pen_printf(&pen, INK_CURSOR, CELL_BOLD, "%zu ", w->showing.front + 1);
    pen_text(&pen, INK_CURSOR, CELL_BOLD, name);
    int left = pen.x + 2;
    pen_skip(&pen, 2);
    bool second = false;
    for (const struct reading *r = w->panel == PANEL_PID ? of_pairs : usual; r->name != NULL; r++) {
        if (r->on_second_row && !second && where.rows > 1) {
            pen = pen_at(canvas, where, 1);
            pen.x = left;
        }
        second |= r->on_second_row;
        draw_reading(w, &pen, r);
    }
    draw_pairs(w, &pen);
}

void draw_run_lines(struct workbench *w, struct canvas *canvas, const struct layout *layout)
{
    if (layout->title.rows == 0 || w->showing.count == 0)
        return;
    draw_title(w, canvas, layout->title);
    draw_params(w, canvas, layout->params);
    draw_epoch(w, canvas, layout->epoch);
    draw_readout(w, canvas, layout->readout);
}
