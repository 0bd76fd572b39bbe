#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <base/text.h>

#include "plane_cells.h"

enum { NAME_BYTES = 256, LABEL_NAMES = 32, RANGE_MIN = 3 };

/* ---- letters for layers ---- */

/* Without S, s and v, which mean something else here; behind them a plus sign for all. */
static const char letters[] = "abcdefghijklmnopqrtuwxyzABCDEFGHIJKLMNOPQRTUVWXYZ";

static char letter(size_t layer)
{
    if (layer < sizeof letters - 1)
        return letters[layer];
    return '+';
}

static const char *layer_name(const struct plot_plane *data, size_t layer)
{
    const char *name = data->trajectories[layer].name;
    return name == NULL ? "" : name;
}

/* The layers that have a letter: each name once. */
static size_t nth_name(const struct plot_plane *data, size_t k)
{
    size_t layer = 0;
    while (plane_namesake(data, layer) != layer || k-- > 0)
        layer++;
    return layer;
}

static size_t count_names(const struct plot_plane *data)
{
    size_t count = 0;
    for (size_t layer = 0; layer < data->count; layer++)
        count += plane_namesake(data, layer) == layer;
    return count;
}

/* The letter of a layer: of several subjects' layers of one name the same. */
static char letter_of(const struct plot_plane *data, size_t layer)
{
    size_t first = plane_namesake(data, layer), place = 0;
    for (size_t k = 0; k < first; k++)
        place += plane_namesake(data, k) == k;
    return letter(place);
}

static const char *key_entry(char *out, size_t size, size_t k, const void *context)
{
    size_t layer = nth_name(context, k);
    snprintf(out, size, "%c %s", letter(k), layer_name(context, layer));
    return out;
}

/* The entry of the cursor's layer, or FRAME_NO_ENTRY. */
static int cursor_entry(const struct plot_plane *data)
{
    size_t count = count_names(data);
    for (size_t k = 0; k < count && k < INT_MAX; k++)
        if (plane_under_cursor(data, nth_name(data, k)))
            return (int)k;
    return FRAME_NO_ENTRY;
}

int plane_key_rows(const struct plane_plot *plot, int most)
{
    return most <= 0 || plot->data->look.no_legend
               ? 0
               : frame_key(&plot->frame, 0, most, count_names(plot->data), key_entry, plot->data, FRAME_COUNT);
}

void plane_draw_key(const struct plane_plot *plot, int y)
{
    frame_key(&plot->frame, y, plot->key_rows, count_names(plot->data), key_entry, plot->data,
              cursor_entry(plot->data));
}

/* ---- labels at the ends ---- */

static bool ends_at(const struct plane_plot *plot, size_t layer, struct rect *at)
{
    size_t first, last;
    if (!plane_ends(&plot->data->trajectories[layer], &first, &last))
        return false;
    return plane_cell(plot, layer, last, at);
}

/* The trajectories that end in one cell: each name once, and whose they are. */
struct ending {
    struct rect at;
    size_t layers[LABEL_NAMES];
    unsigned subjects[LABEL_NAMES]; /* a bit each */
    size_t count;
};

/* False where the layer does not end in view, or an earlier one ends in the same cell. */
static bool gather(const struct plane_plot *plot, size_t layer, struct ending *out)
{
    *out = (struct ending){.count = 0};
    if (!ends_at(plot, layer, &out->at))
        return false;
    for (size_t k = 0; k < plot->data->count; k++) {
        struct rect other;
        size_t n = 0;
        if (!ends_at(plot, k, &other) || other.x != out->at.x || other.y != out->at.y)
            continue;
        if (k < layer)
            return false;
        while (n < out->count && !plane_same_name(plot->data, out->layers[n], k))
            n++;
        if (n == LABEL_NAMES)
            break;
        out->count += n == out->count;
        out->layers[n] = out->subjects[n] == 0 ? k : out->layers[n];
        out->subjects[n] |= 1U << plane_subject(plot->data, k);
    }
    return true;
}

/* A label and the part of it that is the cursor's layer's, in columns. */
struct label {
    char text[NAME_BYTES];
    size_t used;
    int cursor, cursor_columns;
};

static void append(struct label *label, const char *text)
{
    int length = snprintf(label->text + label->used, NAME_BYTES - label->used, "%s", text);
    label->used += (size_t)length < NAME_BYTES - label->used ? (size_t)length : NAME_BYTES - label->used - 1;
}

static void append_name(struct label *label, const struct plane_plot *plot, size_t layer)
{
    char name[NAME_BYTES] = {0};
    if (plot->labels == LABELS_LETTERS)
        name[0] = letter_of(plot->data, layer);
    else
        frame_fit(&plot->frame, name, sizeof name, layer_name(plot->data, layer), NAME_BYTES);
    append(label, name);
}

/* How many of the layers from the k-th on follow each other in their run and are the same subjects'. */
static size_t run_length(const struct ending *ending, size_t k)
{
    size_t length = 1;
    while (k + length < ending->count && ending->layers[k + length] == ending->layers[k] + length &&
           ending->subjects[k + length] == ending->subjects[k])
        length++;
    return length;
}

/* ` 1=2`: of which subjects the names are that end with the k-th, where the cell is not one subject's alone. */
static void append_subjects(const struct plot_look *look, struct label *label, const struct ending *ending, size_t k)
{
    unsigned all = 0;
    for (size_t n = 0; n < ending->count; n++)
        all |= ending->subjects[n];
    bool goes_on = k + 1 < ending->count && ending->subjects[k + 1] == ending->subjects[k];
    char text[] = " 1";
    for (unsigned s = 0; s < PLOT_SUBJECTS && (all & (all - 1)) != 0 && !goes_on; s++)
        if (ending->subjects[k] & 1U << s) {
            text[1] = plot_digit(look, s);
            append(label, text);
            text[0] = '=';
        }
}

/* `conv1,pool1`, of many layers that follow each other `conv1..fc1`; or their letters. */
static void write_label(const struct plane_plot *plot, const struct ending *ending, struct label *out)
{
    bool by_letters = plot->labels == LABELS_LETTERS;
    *out = (struct label){.used = 0};
    for (size_t k = 0, length; k < ending->count; k += length) {
        length = by_letters || run_length(ending, k) < RANGE_MIN ? 1 : run_length(ending, k);
        if (k > 0 && !by_letters)
            append(out, ",");
        int start = (int)text_width(out->text);
        append_name(out, plot, ending->layers[k]);
        if (length > 1) {
            append(out, "..");
            append_name(out, plot, ending->layers[k + length - 1]);
        }
        for (size_t n = k; n < k + length; n++)
            if (plane_under_cursor(plot->data, ending->layers[n])) {
                out->cursor = start;
                out->cursor_columns = (int)text_width(out->text) - start;
            }
        if (!by_letters)
            append_subjects(&plot->data->look, out, ending, k + length - 1);
    }
}

/* How a label may stand: with blanks around it, touching lines, or over them. */
enum stance { STANCE_CLEAR, STANCE_TOUCHING, STANCE_OVER_LINES };

static bool cell_allows(const struct plane_plot *plot, int x, int y, enum stance stance)
{
    const struct cell *cell = canvas_at(plot->frame.canvas, x, y);
    return frame_in_plot(&plot->frame, x, y) &&
           (cell->glyph == 0 || (stance == STANCE_OVER_LINES && plane_is_line(cell->glyph)));
}

/* Whether a label may have this cell for a neighbour: one that is blank, outside, or the end that it names; a line,
 * where it may touch lines; but no other name, which it would run into. */
static bool cell_stands_apart(const struct plane_plot *plot, int x, int y, struct rect end, enum stance stance)
{
    bool side_by_side = plot->labels == LABELS_LETTERS && stance != STANCE_CLEAR;
    if (!frame_in_plot(&plot->frame, x, y))
        return true;
    uint32_t glyph = canvas_at(plot->frame.canvas, x, y)->glyph;
    if (plane_is_overlay(plot->data) && glyph >= '0' && glyph <= '9')
        return false; /* an end that would read as a part of the name */
    if (side_by_side || (x == end.x && y == end.y))
        return true;
    return glyph == 0 || (stance != STANCE_CLEAR && plane_is_line(glyph));
}

static bool try_label(const struct plane_plot *plot, struct rect end, int dx, int dy, const struct label *label,
                      uint8_t ink, enum stance stance)
{
    int x = end.x + dx, y = end.y + dy, width = (int)text_width(label->text);
    for (int k = 0; k < width; k++)
        if (!cell_allows(plot, x + k, y, stance))
            return false;
    if (!cell_stands_apart(plot, x - 1, y, end, stance) || !cell_stands_apart(plot, x + width, y, end, stance))
        return false;
    frame_text(&plot->frame, x, y, label->text, ink, 0);
    for (int k = label->cursor; k < label->cursor + label->cursor_columns; k++) {
        struct cell *cell = canvas_at(plot->frame.canvas, x + k, y);
        cell->ink = INK_CURSOR;
        cell->attributes = CELL_REVERSE;
    }
    return true;
}

/* Beside the end, else anywhere above or below it where it touches it. */
static bool place_label(const struct plane_plot *plot, struct rect end, const struct label *label, uint8_t ink,
                        enum stance stance)
{
    int width = (int)text_width(label->text), gap = plane_is_overlay(plot->data); /* from a digit */
    if (try_label(plot, end, 1 + gap, 0, label, ink, stance) ||
        try_label(plot, end, -width - gap, 0, label, ink, stance))
        return true;
    for (int dx = 1; dx >= -width; dx--)
        if (try_label(plot, end, dx, -1, label, ink, stance) || try_label(plot, end, dx, 1, label, ink, stance))
            return true;
    return false;
}

static uint8_t label_ink(const struct plane_plot *plot, size_t layer)
{
    return plane_is_overlay(plot->data) ? plane_ink(plot, layer, 0) : INK_NONE;
}

/* Clear of everything if that can be, else not; false where it finds no place. */
static bool draw_label(const struct plane_plot *plot, struct rect end, const struct label *label, uint8_t ink)
{
    enum stance last =
        plot->labels == LABELS_NAMES || plot->labels == LABELS_FITTING ? STANCE_TOUCHING : STANCE_OVER_LINES;
    for (int stance = STANCE_CLEAR; stance <= (int)last; stance++)
        if (place_label(plot, end, label, ink, (enum stance)stance))
            return true;
    return false;
}

static void draw_cursor_label(const struct plane_plot *plot)
{
    for (size_t layer = 0; layer < plot->data->count; layer++) {
        struct ending ending = {.layers = {layer}, .count = 1};
        struct label label;
        if (!plane_under_cursor(plot->data, layer) || !ends_at(plot, layer, &ending.at))
            continue;
        write_label(plot, &ending, &label);
        draw_label(plot, ending.at, &label, label_ink(plot, layer));
    }
}

bool plane_draw_labels(const struct plane_plot *plot)
{
    if (plot->labels == LABELS_CURSOR) {
        draw_cursor_label(plot);
        return true;
    }
    for (size_t layer = 0; layer < plot->data->count; layer++) {
        struct label label;
        struct ending ending;
        if (!gather(plot, layer, &ending))
            continue;
        write_label(plot, &ending, &label);
        uint8_t ink = label_ink(plot, layer);
        if (draw_label(plot, ending.at, &label, ink) || plot->labels == LABELS_FITTING)
            continue;
        if (plot->labels == LABELS_NAMES)
            return false;
        canvas_put(plot->frame.canvas, ending.at.x, ending.at.y, (uint8_t)label.text[0], ink, 0);
    }
    return true;
}
