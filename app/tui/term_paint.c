/* From cells to bytes. curses could do this, in twice as many: it goes from line to line and changes colour (10 bytes)
 * at every word, and where a curve crosses an axis on each line. Here all that is to be in one style is sent, over the
 * whole screen, before the next style begins: the way to the next cell has to be paid anyway. */
#include "term_inside.h"

/* A blank looks the same in every style that is not a reversed one. */
static bool is_blank(const struct cell *cell)
{
    return (cell->glyph == 0 || cell->glyph == ' ') && !(cell->attributes & CELL_REVERSE);
}

static bool looks_equal(const struct cell *a, const struct cell *b)
{
    if (is_blank(a) || is_blank(b))
        return is_blank(a) && is_blank(b);
    return a->glyph == b->glyph && a->ink == b->ink && a->attributes == b->attributes;
}

/* Where an ink has no colour of its own, what it means is said by an attribute. Where all have one, bold says nothing
 * more, but for text without a colour; and dots of bold weight look like dots, or are drawn in another colour. */
static struct style style_of(const struct term *term, const struct cell *cell)
{
    struct style style = {.color = plot_color(cell->ink, term->colors, term->light)};
    bool many = term->colors == PLOT_256;
    bool bold = cell->attributes & CELL_BOLD && (cell->glyph & ~0xFFu) != 0x2800 &&
                (!many || cell->ink == INK_NONE || cell->ink == INK_TITLE);
    bold |= !many && cell->ink == INK_TITLE;
    bold |= term->colors == PLOT_MONO && (cell->ink == INK_WARN || cell->ink == INK_CURSOR);
    style.attributes |= bold ? STYLE_BOLD : 0u;
    style.attributes |= !many && cell->ink == INK_DIM ? STYLE_DIM : 0u;
    style.attributes |= cell->attributes & CELL_REVERSE ? STYLE_REVERSE : 0u;
    return style;
}

/* One line of the screen: what shall be there, and what is. */
struct row {
    const struct cell *cells; /* [columns] */
    struct cell *sent;
    int columns, y;
};

static struct row row_of(const struct term *term, const struct canvas *canvas, int y)
{
    size_t from = (size_t)y * (size_t)canvas->columns;
    int columns = canvas->columns;
    if (!term->wire.wraps_late && y == canvas->rows - 1)
        columns--; /* the last cell of all would move the screen up */
    return (struct row){canvas->cells + from, term->sent.cells + from, columns, y};
}

static bool is_due(const struct row *row, int x)
{
    return x < row->columns && !looks_equal(&row->cells[x], &row->sent[x]);
}

static bool is_due_glyph(const struct row *row, int x)
{
    return is_due(row, x) && !is_blank(&row->cells[x]);
}

static bool is_due_blank(const struct row *row, int x)
{
    return is_due(row, x) && is_blank(&row->cells[x]);
}

/* ---- blanks ---- */

/* Those from x on that are due, with what is blank anyway between them. Returns where they end. */
static int erase_from(struct term *term, const struct row *row, int x)
{
    int end = x, blank = x;
    for (; blank < row->columns && is_blank(&row->cells[blank]); blank++)
        if (is_due(row, blank))
            end = blank + 1;
    if (end == x)
        return x;
    wire_move(&term->wire, x, row->y);
    wire_erase(&term->wire, end - x, blank == row->columns);
    for (int k = x; k < end; k++)
        row->sent[k] = row->cells[k];
    return end;
}

static void erase_rest(struct term *term, const struct canvas *canvas)
{
    for (int y = 0; y < canvas->rows; y++) {
        struct row row = row_of(term, canvas, y);
        for (int x = 0; x < row.columns; x++) {
            if (!is_due_blank(&row, x))
                continue;
            if (term->wire.style.attributes & STYLE_REVERSE)
                wire_style(&term->wire, (struct style){.color = -1});
            x = erase_from(term, &row, x) - 1;
        }
    }
}

/* ---- glyphs ---- */

/* Whether the cell at x may be sent in this style on the way to a due one behind it: a blank or a letter costs less
 * than the way around it. */
static bool is_on_the_way(const struct term *term, const struct row *row, int x, struct style style)
{
    const struct cell *cell = &row->cells[x];
    if (is_blank(cell))
        return !(style.attributes & STYLE_REVERSE);
    return cell->glyph < 0x80 && style_equal(style_of(term, cell), style);
}

/* How many cells there are between x and the next due glyph of this style, 0: one is at x; -1: none near. */
static int gap_at(const struct term *term, const struct row *row, int x, struct style style)
{
    enum { NEAR = 5 };
    for (int gap = 0; gap < NEAR && x + gap < row->columns; gap++) {
        if (is_due_glyph(row, x + gap) && style_equal(style_of(term, &row->cells[x + gap]), style))
            return gap;
        if (!is_on_the_way(term, row, x + gap, style))
            break;
    }
    return -1;
}

static void send_cell(struct term *term, const struct row *row, int x)
{
    wire_glyph(&term->wire, row->cells[x].glyph == 0 ? ' ' : row->cells[x].glyph);
    row->sent[x] = row->cells[x];
}

/* From a due glyph at x on, all that goes with it: blanks to erase before and behind it, more glyphs of its style.
 * Returns where it ends. */
static int send_run(struct term *term, const struct row *row, int x, struct style style)
{
    enum { BEFORE = 10 };
    bool reverse = style.attributes & STYLE_REVERSE;
    int start = x, gap;
    while (!reverse && start > 0 && x - start < BEFORE && is_due_blank(row, start - 1))
        start--;
    wire_move(&term->wire, start, row->y);
    wire_style(&term->wire, style);
    for (; start < x; start++)
        send_cell(term, row, start);
    while ((gap = gap_at(term, row, x, style)) >= 0)
        for (int end = x + gap + 1; x < end; x++)
            send_cell(term, row, x);
    if (!reverse && is_due_blank(row, x))
        x = erase_from(term, row, x);
    return x;
}

/* Everything in one style, from line `y` on. */
static void send_style(struct term *term, const struct canvas *canvas, int y, struct style style)
{
    for (; y < canvas->rows; y++) {
        struct row row = row_of(term, canvas, y);
        for (int x = 0; x < row.columns; x++)
            if (is_due_glyph(&row, x) && style_equal(style_of(term, &row.cells[x]), style))
                x = send_run(term, &row, x, style) - 1;
    }
}

static void send_all(struct term *term, const struct canvas *canvas)
{
    for (int y = 0; y < canvas->rows; y++) {
        struct row row = row_of(term, canvas, y);
        for (int x = 0; x < row.columns; x++)
            if (is_due_glyph(&row, x))
                send_style(term, canvas, y, style_of(term, &row.cells[x]));
    }
    erase_rest(term, canvas);
}

/* ---- painting ---- */

/* Whether an empty screen is nearer to the new one than the old is. */
static bool is_better_cleared(const struct canvas *canvas, const struct canvas *sent)
{
    enum { MARGIN = 64 };
    size_t cells = (size_t)canvas->columns * (size_t)canvas->rows, erased = 0, kept = 0;
    for (size_t k = 0; k < cells; k++) {
        bool blank = is_blank(&canvas->cells[k]);
        erased += blank && !is_blank(&sent->cells[k]);
        kept += !blank && looks_equal(&canvas->cells[k], &sent->cells[k]);
    }
    return erased > kept + MARGIN;
}

static bool make_room(struct term *term, const struct canvas *canvas)
{
    const struct canvas *sent = &term->sent;
    if (sent->cells != NULL && sent->columns == canvas->columns && sent->rows == canvas->rows)
        return true;
    canvas_release(&term->sent);
    term->lost = true;
    return canvas_init(&term->sent, canvas->columns, canvas->rows, canvas->charset, NULL) == IFL_OK;
}

void term_paint(struct term *term, const struct canvas *canvas)
{
    if (!make_room(term, canvas))
        return;
    wire_begin(&term->wire, canvas->columns, term->lost);
    if (term->lost || is_better_cleared(canvas, &term->sent)) {
        wire_clear(&term->wire);
        canvas_clear(&term->sent);
    }
    term->lost = term->stale = false;
    send_all(term, canvas);
    if (!wire_end(&term->wire))
        term_forget(term);
}
