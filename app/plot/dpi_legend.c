#include <stdio.h>
#include <string.h>

#include <base/text.h>

#include "dpi_cells.h"

enum { COMFORTABLE_ROWS = 14, BREVITY_MAX = 4, NAME_BYTES = 256 };

static size_t chains_shown(const struct plot_dpi *data)
{
    return (size_t)dpi_shows(data, DPI_FORWARD) + dpi_shows(data, DPI_BACKWARD);
}

int dpi_legend_rows(const struct plot_dpi *data, int rows)
{
    if (data->look.no_legend)
        return 0;
    if (dpi_is_overlay(data))
        return rows >= COMFORTABLE_ROWS + (int)data->subjects ? (int)data->subjects : 1;
    return rows >= COMFORTABLE_ROWS ? (int)chains_shown(data) : 1;
}

static const char *verdict(char out[96], const struct dpi_plot *plot, size_t subject, enum dpi_chain chain, int brevity)
{
    return dpi_verdict(out, plot->data, &plot->facts.of[subject], chain, brevity < 2 ? 0 : brevity < 3 ? 1 : 2);
}

static int draw_verdict(const struct dpi_plot *plot, int x, int y, size_t subject, enum dpi_chain chain, int brevity)
{
    char text[96];
    bool warned = plot->facts.of[subject].rises[chain] > 0;
    return frame_text(&plot->frame, x, y, verdict(text, plot, subject, chain, brevity), warned ? INK_WARN : INK_DIM,
                      warned ? CELL_BOLD : 0);
}

/* ---- one subject: a chain after or below the other ---- */

static const char *chain_key(const struct frame *frame, enum dpi_chain chain, int brevity)
{
    static const char *const ascii[DPI_CHAINS][BREVITY_MAX + 1] = {
        {"o---o-> forward I(X;T)", "o-o-> I(X;T)", "o-> I(X;T)", "o I(X;T)", "o fwd"},
        {"<-x- -x backward I(dK;d)", "<-x-x I(dK;d)", "<-x I(dK;d)", "x I(dK;d)", "x bwd"}};
    static const char *const lines[DPI_CHAINS][BREVITY_MAX + 1] = {
        {"o───o→ forward I(X;T)", "o─o→ I(X;T)", "o→ I(X;T)", "o I(X;T)", "o fwd"},
        {"←x╌╌╌x backward I(δK;δ)", "←x╌x I(δK;δ)", "←x I(δK;δ)", "x I(δK;δ)", "x bwd"}};
    return (frame->canvas->charset == CHARSET_ASCII ? ascii : lines)[chain][brevity];
}

/* Columns of the keys, the longer one's where they stand in two rows, so that the verdicts are in line. */
static int key_width(const struct dpi_plot *plot, enum dpi_chain chain, int brevity)
{
    size_t own = text_width(chain_key(&plot->frame, chain, brevity));
    size_t other = text_width(chain_key(&plot->frame, (enum dpi_chain) !chain, brevity));
    return (int)(plot->legend_rows == 2 && other > own ? other : own);
}

static int legend_gap(int brevity)
{
    return brevity < 3 ? 2 : 1;
}

static int chain_width(const struct dpi_plot *plot, enum dpi_chain chain, int brevity)
{
    char text[96];
    if (!dpi_shows(plot->data, chain))
        return 0;
    return key_width(plot, chain, brevity) + legend_gap(brevity) +
           (int)text_width(verdict(text, plot, 0, chain, brevity));
}

static bool chains_fit(const struct dpi_plot *plot, int brevity)
{
    int forward = chain_width(plot, DPI_FORWARD, brevity), backward = chain_width(plot, DPI_BACKWARD, brevity);
    bool beside = plot->legend_rows == 1 && forward > 0 && backward > 0;
    int needed = beside ? forward + 2 + backward : forward > backward ? forward : backward;
    return needed <= plot->frame.where.columns;
}

static void draw_chains(const struct dpi_plot *plot)
{
    const struct frame *frame = &plot->frame;
    int brevity = 0, x = frame->where.x, y = frame->where.y + 1, end = x;
    while (brevity < BREVITY_MAX && !chains_fit(plot, brevity))
        brevity++;
    for (int k = 0; k < DPI_CHAINS; k++) {
        enum dpi_chain chain = (enum dpi_chain)k;
        if (!dpi_shows(plot->data, chain))
            continue;
        int at = x + key_width(plot, chain, brevity) + legend_gap(brevity);
        frame_text(frame, x, y, chain_key(frame, chain, brevity), dpi_ink(plot->data, 0, chain), 0);
        end = at + draw_verdict(plot, at, y, 0, chain, brevity);
        if (plot->legend_rows == 1)
            x = end + 2;
        else
            y++;
    }
    static const char both[] = "  @ o and x";
    if (plot->both && end + (int)strlen(both) <= frame->where.x + frame->where.columns)
        frame_text_right(frame, frame->plot.y - 2, both, INK_DIM);
}

/* ---- several subjects: a row each, or all on one ---- */

static const char *line_key(const struct frame *frame, enum dpi_chain chain, int brevity)
{
    static const char *const ascii[DPI_CHAINS][BREVITY_MAX + 1] = {
        {"--- forward I(X;T)", "--- I(X;T)", "-- fwd", "-- fwd", "fwd"},
        {"- - backward I(dK;d)", "- - I(dK;d)", "- - bwd", "- - bwd", "bwd"}};
    static const char *const lines[DPI_CHAINS][BREVITY_MAX + 1] = {
        {"─── forward I(X;T)", "─── I(X;T)", "── fwd", "── fwd", "fwd"},
        {"╌╌╌ backward I(δK;δ)", "╌╌╌ I(δK;δ)", "╌╌ bwd", "╌╌ bwd", "bwd"}};
    return (frame->canvas->charset == CHARSET_ASCII ? ascii : lines)[chain][brevity];
}

/* Of a chain's key and the widest verdict on it. */
static int verdicts_width(const struct dpi_plot *plot, enum dpi_chain chain, int brevity)
{
    int widest = 0;
    for (size_t s = 0; s < plot->data->subjects; s++) {
        char text[96];
        int width = (int)text_width(verdict(text, plot, s, chain, brevity));
        widest = width > widest ? width : widest;
    }
    return (int)text_width(line_key(&plot->frame, chain, brevity)) + 1 + widest;
}

static int row_width(const struct dpi_plot *plot, int brevity)
{
    int width = 0;
    for (int chain = 0; chain < DPI_CHAINS; chain++)
        if (dpi_shows(plot->data, (enum dpi_chain)chain))
            width += legend_gap(brevity) + verdicts_width(plot, (enum dpi_chain)chain, brevity);
    return width;
}

static char *subject_name(char out[NAME_BYTES], const struct dpi_plot *plot, size_t subject, int columns)
{
    char text[NAME_BYTES];
    const char *name = plot->data->subject[subject].name;
    snprintf(text, sizeof text, "%zu %s", plot_number(&plot->data->look, subject), name == NULL ? "" : name);
    return frame_fit(&plot->frame, out, NAME_BYTES, text, (size_t)columns);
}

static int widest_name(const struct dpi_plot *plot)
{
    int widest = 0;
    for (size_t s = 0; s < plot->data->subjects; s++) {
        char text[NAME_BYTES];
        int width = (int)text_width(subject_name(text, plot, s, NAME_BYTES));
        widest = width > widest ? width : widest;
    }
    return widest;
}

static uint8_t subject_attributes(const struct plot_dpi *data, size_t subject)
{
    return subject == (size_t)data->look.front ? CELL_BOLD : 0;
}

static void draw_rows(const struct dpi_plot *plot)
{
    const struct frame *frame = &plot->frame;
    int brevity = 0, name = widest_name(plot), columns = frame->where.columns;
    while (brevity < BREVITY_MAX && name + row_width(plot, brevity) > columns)
        brevity++;
    int left = columns - row_width(plot, brevity);
    name = name > left ? left : name;
    name = name < 1 ? 1 : name;
    for (size_t s = 0; s < plot->data->subjects; s++) {
        char text[NAME_BYTES];
        int x = frame->where.x, y = frame->where.y + 1 + (int)s;
        frame_text(frame, x, y, subject_name(text, plot, s, name), dpi_ink(plot->data, s, DPI_FORWARD),
                   subject_attributes(plot->data, s));
        x += name;
        for (int k = 0; k < DPI_CHAINS; k++) {
            enum dpi_chain chain = (enum dpi_chain)k;
            if (!dpi_shows(plot->data, chain))
                continue;
            x += legend_gap(brevity);
            const char *key = line_key(frame, chain, brevity);
            frame_text(frame, x, y, key, dpi_ink(plot->data, s, chain), 0);
            draw_verdict(plot, x + (int)text_width(key) + 1, y, s, chain, brevity);
            x += verdicts_width(plot, chain, brevity);
        }
    }
}

/* `1 name ok/2!`: forward, backward. The names have what is left, or nothing. */
static int packed_width(const struct dpi_plot *plot)
{
    int width = 0;
    for (size_t s = 0; s < plot->data->subjects; s++) {
        width += (s > 0) + 1;
        for (int k = 0; k < DPI_CHAINS; k++) {
            char text[96];
            if (dpi_shows(plot->data, (enum dpi_chain)k))
                width += 1 + (int)text_width(verdict(text, plot, s, (enum dpi_chain)k, BREVITY_MAX));
        }
    }
    return width;
}

static void draw_packed(const struct dpi_plot *plot)
{
    const struct frame *frame = &plot->frame;
    int subjects = (int)plot->data->subjects, name = (frame->where.columns - packed_width(plot)) / subjects;
    int x = frame->where.x, y = frame->where.y + 1;
    for (size_t s = 0; s < plot->data->subjects; s++) {
        char text[NAME_BYTES];
        subject_name(text, plot, s, name > 3 ? name + 1 : 1);
        if (name <= 3)
            snprintf(text, sizeof text, "%zu", plot_number(&plot->data->look, s));
        x += frame_text(frame, x, y, text, dpi_ink(plot->data, s, DPI_FORWARD), subject_attributes(plot->data, s));
        const char *before = " ";
        for (int k = 0; k < DPI_CHAINS; k++) {
            if (!dpi_shows(plot->data, (enum dpi_chain)k))
                continue;
            x += frame_text(frame, x, y, before, INK_DIM, 0);
            x += draw_verdict(plot, x, y, s, (enum dpi_chain)k, BREVITY_MAX);
            before = "/";
        }
        x++;
    }
}

void dpi_draw_legend(const struct dpi_plot *plot)
{
    if (plot->legend_rows == 0)
        return;
    if (!dpi_is_overlay(plot->data))
        draw_chains(plot);
    else if (plot->legend_rows == (int)plot->data->subjects)
        draw_rows(plot);
    else
        draw_packed(plot);
}
