#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <base/text.h>

#include "dpi_names.h"

enum { NAME_BYTES = 512, CUT_MIN = 4 };

int names_column(const struct names *names, size_t layer)
{
    const struct frame *frame = names->frame;
    return surface_cell(&frame->surface, frame_point(frame, dpi_place(names->facts, layer), 0)).x;
}

static char *layer_label(char out[NAME_BYTES], const struct names *names, const struct names_plan *plan, size_t layer)
{
    if (plan->form == NAMES_NUMBERS) {
        snprintf(out, NAME_BYTES, "%zu", layer + 1);
        return out;
    }
    const char *name = names->data->names[layer] == NULL ? "" : names->data->names[layer];
    char clean[NAME_BYTES];
    frame_fit(names->frame, clean, sizeof clean, name, NAME_BYTES);
    if (plan->form == NAMES_HEAD)
        return text_fit(out, NAME_BYTES, clean, (size_t)plan->columns);
    if (plan->form == NAMES_TAIL)
        return text_fit_tail(out, NAME_BYTES, clean, (size_t)plan->columns);
    memcpy(out, clean, sizeof clean);
    return out;
}

static int label_start(const struct frame *frame, int column, int width)
{
    int start = column - (width - 1) / 2, last = frame->where.x + frame->where.columns - width;
    start = start > last ? last : start;
    return start < frame->where.x ? frame->where.x : start;
}

static bool is_labelled(const struct names_plan *plan, size_t layer)
{
    return plan->form != NAMES_NUMBERS || (layer + 1) % (size_t)plan->every == 0;
}

static bool labels_fit(const struct names *names, const struct names_plan *plan)
{
    int end[2] = {INT_MIN, INT_MIN};
    for (size_t layer = names->facts->first; layer < names->facts->end; layer++) {
        if (!is_labelled(plan, layer))
            continue;
        char label[NAME_BYTES];
        int width = (int)text_width(layer_label(label, names, plan, layer)), row = (int)layer % plan->rows;
        int start = label_start(names->frame, names_column(names, layer), width);
        if (start <= end[row] || width > names->frame->where.columns)
            return false;
        end[row] = start + width;
    }
    return true;
}

static bool labels_differ(const struct names *names, const struct names_plan *plan)
{
    for (size_t a = names->facts->first; a < names->facts->end; a++) {
        char label[NAME_BYTES], other[NAME_BYTES];
        layer_label(label, names, plan, a);
        for (size_t b = names->facts->first; b < a; b++)
            if (strcmp(label, layer_label(other, names, plan, b)) == 0)
                return false;
    }
    return true;
}

/* The key's entries: all layers, or the one under the cursor where they are too many. */
struct key {
    const struct plot_dpi *data;
    size_t first;
};

static const char *key_entry(char *out, size_t size, size_t k, const void *context)
{
    const struct key *key = context;
    const char *name = key->data->names[key->first + k];
    snprintf(out, size, "%zu %s", key->first + k + 1, name == NULL ? "" : name);
    return out;
}

static bool has_cursor(const struct names *names)
{
    int cursor = names->data->cursor;
    return cursor >= 0 && (size_t)cursor >= names->facts->first && (size_t)cursor < names->facts->end;
}

static struct names_plan plan_numbers(const struct names *names, int key_rows)
{
    struct names_plan plan = {.form = NAMES_NUMBERS, .rows = 1, .every = 1};
    static const int steps[] = {1, 2, 5};
    for (int step = 1, ten = 1; !labels_fit(names, &plan); step++) {
        ten *= step % 3 == 0 ? 10 : 1;
        plan.every = steps[step % 3] * ten; /* 2, 5, 10, 20, 50, ... */
    }
    struct key key = {.data = names->data, .first = names->facts->first};
    size_t count = names->facts->end - names->facts->first;
    plan.key_rows = frame_key(names->frame, 0, key_rows + 1, count, key_entry, &key, FRAME_COUNT);
    if (plan.key_rows > key_rows)
        plan.key_rows = key_rows > 0;
    return plan;
}

struct names_plan names_plan(const struct names *names, int most_rows, int key_rows)
{
    double slots = names->facts->layers.hi - names->facts->layers.lo;
    for (int form = NAMES_WHOLE; form < NAMES_NUMBERS; form++)
        for (int rows = 1; rows <= most_rows; rows++) {
            struct names_plan plan = {.form = form, .rows = rows};
            plan.columns = (int)fmin(rows * names->frame->plot.columns / slots, NAME_BYTES) - 1;
            if (form == NAMES_WHOLE
                    ? labels_fit(names, &plan)
                    : plan.columns >= CUT_MIN && labels_fit(names, &plan) && labels_differ(names, &plan))
                return plan;
        }
    return plan_numbers(names, key_rows);
}

static void draw_label(const struct names *names, const struct names_plan *plan, size_t layer)
{
    char label[NAME_BYTES];
    const struct frame *frame = names->frame;
    bool under_cursor = has_cursor(names) && layer == (size_t)names->data->cursor;
    int width = (int)text_width(layer_label(label, names, plan, layer));
    int start = label_start(frame, names_column(names, layer), width);
    int y = frame->plot.y + frame->plot.rows + 1 + (int)layer % plan->rows;
    for (int x = start - 1; x <= start + width; x++) { /* only next to the cursor's number may there be another */
        const struct cell *cell = canvas_at(frame->canvas, x, y);
        if (cell != NULL && cell->glyph != 0 && x >= frame->where.x && x < frame->where.x + frame->where.columns)
            return;
    }
    frame_text(frame, start, y, label, under_cursor ? INK_CURSOR : INK_NONE, under_cursor ? CELL_REVERSE : 0);
}

static void draw_key(const struct names *names, const struct names_plan *plan)
{
    const struct frame *frame = names->frame;
    int y = frame->plot.y + frame->plot.rows + 1 + plan->rows;
    struct key key = {.data = names->data, .first = names->facts->first};
    size_t count = names->facts->end - names->facts->first;
    char text[64];
    if (frame_key(frame, y, plan->key_rows + 1, count, key_entry, &key, FRAME_COUNT) > plan->key_rows) {
        if (!has_cursor(names)) {
            snprintf(text, sizeof text, "layers %zu to %zu", key.first + 1, key.first + count);
            frame_text(frame, frame->where.x, y, text, INK_DIM, 0);
            return;
        }
        key.first = (size_t)names->data->cursor;
        count = 1;
    }
    int cursor = has_cursor(names) ? names->data->cursor - (int)key.first : FRAME_NO_ENTRY;
    frame_key(frame, y, plan->key_rows, count, key_entry, &key, cursor);
}

void names_draw(const struct names *names, const struct names_plan *plan)
{
    if (has_cursor(names))
        draw_label(names, plan, (size_t)names->data->cursor);
    for (size_t layer = names->facts->first; layer < names->facts->end; layer++)
        if (is_labelled(plan, layer) && (int)layer != names->data->cursor)
            draw_label(names, plan, layer);
    if (plan->key_rows > 0)
        draw_key(names, plan);
}
