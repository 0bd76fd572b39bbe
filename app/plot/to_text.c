#include <base/text.h>

#include <plot/plot.h>

#include "strbuf.h"

struct style {
    int color;
    uint8_t attributes;
};

/* Every sequence starts from nothing, so that any line can be looked at alone. */
static void add_style(struct strbuf *buffer, struct style style, enum plot_colors colors)
{
    strbuf_add(buffer, "\033[0");
    if (style.attributes & CELL_BOLD)
        strbuf_add(buffer, ";1");
    if (style.attributes & CELL_REVERSE)
        strbuf_add(buffer, ";7");
    if (style.color >= 0)
        strbuf_printf(buffer, ";%s%d", colors == PLOT_8 ? "3" : "38;5;", style.color);
    strbuf_add(buffer, "m");
}

static bool is_blank(const struct cell *cell)
{
    return (cell->glyph == 0 || cell->glyph == ' ') && !(cell->attributes & CELL_REVERSE);
}

static void add_glyph(struct strbuf *buffer, uint32_t glyph)
{
    char encoded[5], clean[5];
    text_encode(glyph == 0 ? ' ' : glyph, encoded);
    strbuf_add(buffer, text_clean(clean, sizeof clean, encoded, false));
}

static void add_row(struct strbuf *buffer, const struct cell *cells, int columns, enum plot_colors colors, bool light)
{
    while (columns > 0 && is_blank(&cells[columns - 1]))
        columns--;
    const struct style none = {.color = -1};
    struct style now = none;
    for (int x = 0; x < columns; x++) {
        struct style wanted = none;
        if (colors != PLOT_MONO && !is_blank(&cells[x]))
            wanted = (struct style){plot_color(cells[x].ink, colors, light), cells[x].attributes};
        if (wanted.color != now.color || wanted.attributes != now.attributes)
            add_style(buffer, wanted, colors);
        now = wanted;
        add_glyph(buffer, cells[x].glyph);
    }
    if (now.color != none.color || now.attributes != none.attributes)
        strbuf_add(buffer, "\033[0m");
    strbuf_add(buffer, "\n");
}

enum ifl_status plot_to_text(const struct canvas *canvas, enum plot_colors colors, bool light, char **out,
                             struct ifl_error *error)
{
    struct strbuf buffer = {0};
    for (int y = 0; y < canvas->rows; y++)
        add_row(&buffer, canvas->cells + (size_t)y * (size_t)canvas->columns, canvas->columns, colors, light);
    return strbuf_take(&buffer, out, "a plot as text", error);
}
