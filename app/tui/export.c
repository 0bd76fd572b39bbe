/* What the screen shows as a file: its text, its plots, its numbers. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/records.h>
#include <base/text.h>

#include "entry.h"
#include "picture.h"

enum { SVG_WIDTH = 800, SVG_HEIGHT = 560 };

/* ---- a stream in memory ---- */

struct memory {
    FILE *file;
    char *text;
    size_t length;
};

/* Its file; NULL and IFL_NO_MEMORY in `error`. */
static FILE *memory_open(struct memory *memory, struct ifl_error *error)
{
    *memory = (struct memory){0};
    memory->file = open_memstream(&memory->text, &memory->length);
    if (memory->file == NULL)
        ifl_fail(error, IFL_NO_MEMORY, "no memory for the export");
    return memory->file;
}

/* The text, or NULL and IFL_NO_MEMORY in `error`. */
static char *memory_take(struct memory *memory, struct ifl_error *error)
{
    bool failed = ferror(memory->file) != 0;
    failed |= fclose(memory->file) != 0;
    if (!failed)
        return memory->text;
    free(memory->text);
    ifl_fail(error, IFL_NO_MEMORY, "no memory for the export");
    return NULL;
}

/* ---- text ---- */

static char *screen_text(struct workbench *w, struct ifl_error *error)
{
    struct canvas canvas;
    char *text = NULL;
    if (canvas_init(&canvas, w->columns, w->rows, w->charset, error) != IFL_OK)
        return NULL;
    w->exporting = true;
    workbench_draw(w, &canvas);
    w->exporting = false;
    plot_to_text(&canvas, PLOT_MONO, false, &text, error);
    canvas_release(&canvas);
    return text;
}

/* ---- SVG ---- */

static enum ifl_status panel_svg(const struct workbench *w, enum panel panel, int row, char **out,
                                 struct ifl_error *error)
{
    struct picture picture;
    enum ifl_status status = picture_init(&picture, w, panel, row, error);
    if (status != IFL_OK)
        return status;
    if (picture.any)
        picture_stand_alone(&picture, w);
    if (picture.any)
        status = picture_svg(&picture, SVG_WIDTH, SVG_HEIGHT, out, error);
    picture_release(&picture);
    return status;
}

static char *screen_svg(struct workbench *w, struct ifl_error *error)
{
    char *panels[PLOT_SUBJECTS * PANELS], *out = NULL;
    size_t count = 0;
    struct layout layout = workbench_layout(w);
    enum ifl_status status = IFL_OK;
    for (int row = 0; row < layout.rows; row++)
        for (int p = 0; p < PANELS && status == IFL_OK; p++) {
            panels[count] = NULL;
            if (layout.panels[row][p].columns > 0)
                status = panel_svg(w, (enum panel)p, layout.rows > 1 ? row : -1, &panels[count], error);
            count += panels[count] != NULL;
        }
    if (status == IFL_OK && count == 0)
        status = ifl_fail(error, IFL_INVALID, "there is no plot on the screen to export");
    if (status == IFL_OK)
        status = plot_svg_row((const char *const *)panels, count, SVG_WIDTH, SVG_HEIGHT, &out, error);
    for (size_t k = 0; k < count; k++)
        free(panels[k]);
    return status == IFL_OK ? out : NULL;
}

/* ---- numbers ---- */

static ifl_quantity_set quantities_on_screen(const struct workbench *w)
{
    ifl_quantity_set quantities = 0;
    struct layout layout = workbench_layout(w);
    for (int p = 0; p < PANELS; p++)
        if (layout.panels[0][p].columns > 0)
            quantities |= panel_quantities((enum panel)p);
    return quantities;
}

/* Whether the panels on screen show estimates of one set of parameters: a file is of one. */
static bool is_of_a_piece(const struct workbench *w)
{
    const struct member *member = &w->showing.subjects[0].members[0];
    const struct sheet *first = showing_sheet(&w->showing, w->panel, member);
    struct layout layout = workbench_layout(w);
    for (int p = 0; p < PANELS; p++)
        if (layout.panels[0][p].columns > 0 && showing_sheet(&w->showing, (enum panel)p, member) != first)
            return false;
    return true;
}

static void write_showing(const struct workbench *w, struct records *records)
{
    records->only = quantities_on_screen(w);
    for (size_t s = 0; s < w->showing.count; s++)
        for (size_t m = 0; m < w->showing.subjects[s].n_members; m++) {
            const struct member *member = &w->showing.subjects[s].members[m];
            const struct sheet *sheet = showing_sheet(&w->showing, w->panel, member);
            if (sheet != NULL)
                records_add(records, &member->run.run, sheet->estimates, sheet->count);
        }
}

/* As `infoflow sweep` prints it. The sheets may have been swept for the other chain too. */
static void write_sweep(const struct workbench *w, FILE *file, enum records_format format)
{
    const struct sweep *sweep = &w->showing.shown_sweep;
    struct records records;
    records_begin_sweep(&records, file, format);
    records.only = VIEW_WIDTH_QUANTITIES(sweep->chain);
    for (size_t k = 0; sweep->sheets != NULL && k < SWEEP_WIDTHS * sweep->n_members; k++) {
        const struct sheet *sheet = sweep->sheets[k];
        const struct member *member = &w->showing.subjects[sweep->subject].members[k % sweep->n_members];
        records_width(&records, sweep->chain == IFL_FORWARD ? "forward" : "backward",
                      sweep->widths[k / sweep->n_members]);
        records_add(&records, &member->run.run, sheet->estimates, sheet->count);
    }
    records_end(&records);
}

/* A value as other programs want it: numbers in full, an age as the time of the import, shares in percent. */
static void write_value(const struct runs *runs, const struct column *column, size_t item, FILE *file, bool json)
{
    const struct store_run *run = &runs->items[item];
    const char *text = entry_text(column, run);
    double value;
    if (column->kind == COLUMN_AGE)
        fprintf(file, "%" PRId64, run->created);
    else if (entry_number(runs, column, item, &value) && isfinite(value))
        fprintf(file, "%.17g", value);
    else if (json)
        text != NULL ? text_json(file, text) : (void)fputs("null", file);
    else if (text != NULL)
        text_csv(file, text);
}

static const char *column_name(const struct column *column)
{
    return column->kind == COLUMN_AGE ? "imported" : column_head(column);
}

/* The runs that pass the filter, in the order shown, with all columns. */
static void write_runs(const struct runs *runs, FILE *file, bool json)
{
    const struct columns *columns = &runs->columns;
    for (size_t c = 0; c < columns->count && !json; c++) {
        text_csv(file, column_name(&columns->items[c]));
        fputs(c + 1 < columns->count ? "," : "\n", file);
    }
    fputs(json ? "[" : "", file);
    for (size_t k = 0; k < runs->passing; k++) {
        fputs(json ? (k > 0 ? ",\n {" : "\n {") : "", file);
        for (size_t c = 0; c < columns->count; c++) {
            if (json) {
                text_json(file, column_name(&columns->items[c]));
                fputs(": ", file);
            }
            write_value(runs, &columns->items[c], runs->members[k], file, json);
            fputs(c + 1 < columns->count ? (json ? ", " : ",") : (json ? "}" : "\n"), file);
        }
    }
    fputs(json ? "\n]\n" : "", file);
}

static char *screen_numbers(struct workbench *w, enum records_format format, struct ifl_error *error)
{
    struct memory memory;
    if (w->screen == SCREEN_RUN && w->panel != PANEL_WIDTH && !is_of_a_piece(w)) {
        ifl_fail(error, IFL_INVALID, "export: the panels are of different parameters yet: wait, or export one alone");
        return NULL;
    }
    FILE *file = memory_open(&memory, error);
    if (file == NULL)
        return NULL;
    struct records records;
    if (w->screen == SCREEN_LIST) {
        write_runs(&w->runs, file, format == RECORDS_JSON);
    } else if (w->panel == PANEL_WIDTH) {
        write_sweep(w, file, format);
    } else {
        records_begin(&records, file, format);
        write_showing(w, &records);
        records_end(&records);
    }
    return memory_take(&memory, error);
}

/* What a file of numbers holds that the screen may not show, or not so. */
static void say_numbers(const struct workbench *w, char out[96])
{
    const struct showing *showing = &w->showing;
    size_t runs = 0, count = showing->count;
    if (w->screen == SCREEN_LIST) {
        snprintf(out, 96, "written: %zu run%s, all columns", w->runs.passing, w->runs.passing == 1 ? "" : "s");
        return;
    }
    if (w->panel == PANEL_WIDTH) {
        runs = showing->shown_sweep.n_members;
        count = 1;
    } else {
        for (size_t s = 0; s < count; s++)
            runs += showing->subjects[s].n_members;
    }
    if (runs > count)
        snprintf(out, 96, "written: %zu runs one by one, not their mean", runs);
    else if (runs > 1)
        snprintf(out, 96, "written: %zu runs", runs);
    else
        snprintf(out, 96, "written");
}

/* ---- all ---- */

static bool ends_in(const char *path, const char *ending)
{
    size_t length = strlen(path), tail = strlen(ending);
    return length > tail && strcmp(path + length - tail, ending) == 0;
}

enum ifl_status export_screen(struct workbench *w, const char *path, struct ifl_error *error)
{
    char *text = NULL, what[96] = "written";
    bool numbers = ends_in(path, ".csv") || ends_in(path, ".json");
    ifl_fail(error, IFL_FAILED, "export: failed");
    if (ends_in(path, ".txt"))
        text = screen_text(w, error);
    else if (ends_in(path, ".svg") && w->screen == SCREEN_RUN)
        text = screen_svg(w, error);
    else if (ends_in(path, ".csv"))
        text = screen_numbers(w, RECORDS_CSV, error);
    else if (ends_in(path, ".json"))
        text = screen_numbers(w, RECORDS_JSON, error);
    else
        return ifl_fail(error, IFL_INVALID, "export: `%s` ends in none of %s.csv, .json, .txt", path,
                        w->screen == SCREEN_RUN ? ".svg, " : "");
    if (text == NULL)
        return error != NULL ? error->status : IFL_FAILED;
    /* A file that is there is replaced by whoever says so twice. */
    bool again = w->refused != NULL && strcmp(w->refused, path) == 0;
    if (numbers)
        say_numbers(w, what);
    errand_write(w, path, text, again ? WRITE_EXPORT_AGAIN : WRITE_EXPORT, what);
    return IFL_OK;
}
