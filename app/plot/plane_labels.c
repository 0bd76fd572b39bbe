#include <stdio.h>
#include <string.h>

#include <base/text.h>

#include "plane_cells.h"

enum { NAME_BYTES = 256 };

/* ---- letters for layers ---- */

/* Without S, s and v, which mean something else here; behind them a plus sign for all. */
static const char letters[] = "abcdefghijklmnopqrtuwxyzABCDEFGHIJKLMNOPQRTUVWXYZ";

static char letter(size_t layer)
{
    return layer < sizeof letters - 1 ? letters[layer] : '+';
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

int plane_key_rows(const struct plane_plot *plot, int most)
{
    return most <= 0 || plot->data->look.no_legend
               ? 0
               : frame_key(&plot->frame, 0, most, count_names(plot->data), key_entry, plot->data, false);
}

void plane_draw_key(const struct plane_plot *plot, int y)
{
    frame_key(&plot->frame, y, plot->key_rows, count_names(plot->data), key_entry, plot->data, true);
}

/* ---- labels at the ends ---- */

static bool ends_at(const struct plane_plot *plot, size_t layer, struct rect *at)
{
    size_t first, last;
    if (!plane_ends(&plot->data->trajectories[layer], &first, &last))
        return false;
    return plane_cell(plot, layer, last, at);
}

/* Whether a label that begins with trajectory `first` has another subject's layer of that name already. */
static bool named_before(const struct plane_plot *plot, size_t first, size_t layer)
{
    struct rect at, other;
    if (!ends_at(plot, layer, &at))
        return false;
    for (size_t k = first; k < layer; k++)
        if (plane_same_name(plot->data, k, layer) && ends_at(plot, k, &other) && other.x == at.x && other.y == at.y)
            return true;
    return false;
}

/* The names or letters of all trajectories that end in a layer's cell; false where an earlier layer has them. */
static bool end_label(const struct plane_plot *plot, size_t layer, char out[NAME_BYTES], struct rect *at)
{
    size_t used = 0;
    out[0] = '\0';
    if (!ends_at(plot, layer, at))
        return false;
    for (size_t k = 0; k < plot->data->count; k++) {
        struct rect other;
        if (!ends_at(plot, k, &other) || other.x != at->x || other.y != at->y)
            continue;
        if (k < layer)
            return false;
        if (named_before(plot, layer, k))
            continue;
        char name[NAME_BYTES];
        if (plot->labels == LABELS_LETTERS)
            snprintf(name, sizeof name, "%c", letter_of(plot->data, k));
        else
            frame_fit(&plot->frame, name, sizeof name, layer_name(plot->data, k), NAME_BYTES);
        int length = snprintf(out + used, NAME_BYTES - used, "%s%s",
                              used > 0 && plot->labels != LABELS_LETTERS ? "," : "", name);
        used += (size_t)length < NAME_BYTES - used ? (size_t)length : NAME_BYTES - used - 1;
    }
    return true;
}

struct style {
    uint8_t ink, attributes;
};

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
    if (side_by_side || !frame_in_plot(&plot->frame, x, y) || (x == end.x && y == end.y))
        return true;
    uint32_t glyph = canvas_at(plot->frame.canvas, x, y)->glyph;
    return glyph == 0 || (stance != STANCE_CLEAR && plane_is_line(glyph));
}

static bool try_label(const struct plane_plot *plot, struct rect end, int dx, int dy, const char *label,
                      struct style style, enum stance stance)
{
    int x = end.x + dx, y = end.y + dy, width = (int)text_width(label);
    for (int k = 0; k < width; k++)
        if (!cell_allows(plot, x + k, y, stance))
            return false;
    if (!cell_stands_apart(plot, x - 1, y, end, stance) || !cell_stands_apart(plot, x + width, y, end, stance))
        return false;
    frame_text(&plot->frame, x, y, label, style.ink, style.attributes);
    return true;
}

/* Beside the end, else anywhere above or below it where it touches it. */
static bool place_label(const struct plane_plot *plot, struct rect end, const char *label, struct style style,
                        enum stance stance)
{
    int width = (int)text_width(label);
    if (try_label(plot, end, 1, 0, label, style, stance) || try_label(plot, end, -width, 0, label, style, stance))
        return true;
    for (int dx = 1; dx >= -width; dx--)
        if (try_label(plot, end, dx, -1, label, style, stance) || try_label(plot, end, dx, 1, label, style, stance))
            return true;
    return false;
}

/* Bold where the cursor's layer is one of those that end there. */
static uint8_t label_attributes(const struct plane_plot *plot, struct rect at)
{
    struct rect end;
    for (size_t k = 0; k < plot->data->count; k++)
        if (plane_under_cursor(plot->data, k) && ends_at(plot, k, &end) && end.x == at.x && end.y == at.y)
            return CELL_BOLD;
    return 0;
}

static uint8_t label_ink(const struct plane_plot *plot, size_t layer)
{
    return plane_is_overlay(plot->data) ? plane_ink(plot, layer, 0) : INK_NONE;
}

/* Clear of everything if that can be, else not; false where it finds no place. */
static bool draw_label(const struct plane_plot *plot, struct rect end, const char *label, struct style style)
{
    enum stance last =
        plot->labels == LABELS_NAMES || plot->labels == LABELS_FITTING ? STANCE_TOUCHING : STANCE_OVER_LINES;
    for (int stance = STANCE_CLEAR; stance <= (int)last; stance++)
        if (place_label(plot, end, label, style, (enum stance)stance))
            return true;
    return false;
}

static void draw_cursor_label(const struct plane_plot *plot)
{
    for (size_t layer = 0; layer < plot->data->count; layer++) {
        struct rect end;
        char name[NAME_BYTES];
        if (!plane_under_cursor(plot->data, layer) || !ends_at(plot, layer, &end))
            continue;
        frame_fit(&plot->frame, name, sizeof name, layer_name(plot->data, layer), NAME_BYTES);
        draw_label(plot, end, name, (struct style){label_ink(plot, layer), CELL_BOLD});
    }
}

bool plane_draw_labels(const struct plane_plot *plot)
{
    if (plot->labels == LABELS_CURSOR) {
        draw_cursor_label(plot);
        return true;
    }
    for (size_t layer = 0; layer < plot->data->count; layer++) {
        char label[NAME_BYTES];
        struct rect end;
        if (!end_label(plot, layer, label, &end))
            continue;
        struct style style = {label_ink(plot, layer), label_attributes(plot, end)};
        if (draw_label(plot, end, label, style))
            continue;
        if (plot->labels == LABELS_NAMES)
            return false;
        if (plot->labels == LABELS_FITTING)
            continue;
        canvas_put(plot->frame.canvas, end.x, end.y, (uint8_t)label[0], style.ink, style.attributes);
    }
    return true;
}
