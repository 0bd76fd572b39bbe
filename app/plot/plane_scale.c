#include <string.h>

#include <base/text.h>

#include "plane_cells.h"

enum { COMFORTABLE_ROWS = 14 };

uint8_t plane_ink(const struct plane_plot *plot, size_t layer, size_t snapshot)
{
    if (plot->data->look.stale)
        return INK_DIM;
    if (plane_is_overlay(plot->data))
        return (uint8_t)(INK_SERIES + plane_subject(plot->data, layer));
    return (uint8_t)(INK_TIME + plane_time(&plot->facts, snapshot));
}

uint8_t plane_end_glyph(const struct plane_plot *plot, size_t layer)
{
    return plane_is_overlay(plot->data) ? (uint8_t)plot_digit(&plot->data->look, plane_subject(plot->data, layer))
                                        : PLANE_END;
}

/* `epoch 0 to 10  early S12345678* late`, or less of it. */
enum scale { SCALE_WORDS, SCALE_SPAN, SCALE_BARE, SCALE_NONE };

static int scale_width(const struct plane_plot *plot, int scale)
{
    char span[96];
    int bare = 2 + INK_TIME_COUNT, with_span = bare + 2 + (int)strlen(plane_span(span, plot->data, &plot->facts));
    const int widths[] = {with_span + (int)strlen("early  late"), with_span, bare, 0};
    return widths[scale];
}

/* Several subjects have a legend in the scale's place; where rows are few, as much of it as fits on one. */
static void choose_legend(struct plane_plot *plot)
{
    const struct frame *frame = &plot->frame;
    const struct plot_plane *data = plot->data;
    int most = frame->where.rows >= COMFORTABLE_ROWS ? (int)data->subjects : 1;
    plot->scale = SCALE_NONE;
    plot->legend_rows =
        data->names == NULL ? 0 : frame_subjects(frame, 0, most, data->subjects, data->names, &data->look, false);
}

void plane_choose_scale(struct plane_plot *plot)
{
    const struct frame *frame = &plot->frame;
    const char *title = plot->data->y_label == NULL ? "" : plot->data->y_label;
    int taken = (int)text_width(title) + (int)strlen(" 1e-99") + 2;
    plot->scale = plot->data->look.no_legend ? SCALE_NONE : SCALE_WORDS;
    if (plot->data->look.no_legend)
        return;
    if (plane_is_overlay(plot->data)) {
        choose_legend(plot);
        return;
    }
    while (plot->scale < SCALE_NONE && taken + scale_width(plot, plot->scale) > frame->where.columns)
        plot->scale++;
    plot->scale_below_title = plot->scale >= SCALE_BARE && frame->where.rows >= COMFORTABLE_ROWS;
    if (!plot->scale_below_title)
        return;
    plot->scale = SCALE_WORDS;
    while (scale_width(plot, plot->scale) > frame->where.columns)
        plot->scale++;
}

void plane_draw_scale(const struct plane_plot *plot)
{
    const struct frame *frame = &plot->frame;
    const struct plot_plane *data = plot->data;
    frame_subjects(frame, frame->where.y + 1, plot->legend_rows, data->subjects, data->names, &data->look, true);
    if (plot->scale == SCALE_NONE)
        return;
    int x = frame->where.x + frame->where.columns - scale_width(plot, plot->scale), y = frame->where.y + 1;
    if (plot->scale <= SCALE_SPAN) {
        char span[96];
        x += frame_text(frame, x, y, plane_span(span, data, &plot->facts), INK_DIM, 0) + 2;
    }
    if (plot->scale == SCALE_WORDS)
        x += frame_text(frame, x, y, "early ", INK_DIM, 0);
    canvas_put(frame->canvas, x++, y, PLANE_START, INK_NONE, CELL_BOLD);
    for (unsigned k = 0; k < INK_TIME_COUNT; k++) {
        uint32_t glyph = plot->digits ? (uint32_t)'1' + k : 0x2501; /* a heavy line */
        canvas_put(frame->canvas, x++, y, glyph, data->look.stale ? INK_DIM : (uint8_t)(INK_TIME + k), 0);
    }
    canvas_put(frame->canvas, x++, y, PLANE_END, INK_NONE, CELL_BOLD);
    if (plot->scale == SCALE_WORDS)
        frame_text(frame, x, y, " late", INK_DIM, 0);
}
