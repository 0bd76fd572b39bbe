/* From cells to what curses is told. Curses finds out what has changed, but what it costs is decided here: it changes
 * colour for a blank as it does for a letter (10 bytes), and sends an attribute with a reset and the colour again (20).
 */
#include <stdlib.h>

#include "term_inside.h"

/* Where an ink has no colour of its own, what it means is said by an attribute. */
static attr_t plain_attributes(const struct term *term, uint8_t ink)
{
    if (term->colors == PLOT_256)
        return A_NORMAL;
    if (ink == INK_DIM)
        return A_DIM;
    if (ink == INK_TITLE)
        return A_BOLD;
    return term->colors == PLOT_MONO && (ink == INK_WARN || ink == INK_CURSOR) ? A_BOLD : A_NORMAL;
}

/* Dots of bold weight look like dots, or are drawn in another colour. Where every ink has a colour, bold says nothing
 * that the colour does not, but for text without one. */
static bool is_bold(const struct term *term, const struct cell *cell)
{
    bool braille = (cell->glyph & ~0xFFu) == 0x2800;
    bool colored = term->colors == PLOT_256 && cell->ink != INK_NONE && cell->ink != INK_TITLE;
    return cell->attributes & CELL_BOLD && !braille && !colored;
}

static void to_curses(const struct term *term, const struct cell *cell, cchar_t *out)
{
    wchar_t glyph[2] = {cell->glyph == 0 ? L' ' : (wchar_t)cell->glyph, L'\0'};
    short pair = term->colors == PLOT_MONO || cell->glyph == 0 ? 0 : (short)(cell->ink + 1);
    attr_t attributes = plain_attributes(term, cell->ink);
    attributes |= is_bold(term, cell) ? A_BOLD : A_NORMAL;
    attributes |= cell->attributes & CELL_REVERSE ? A_REVERSE : A_NORMAL;
    setcchar(out, glyph, attributes, pair, NULL);
}

static bool is_blank(const struct cell *cell)
{
    return (cell->glyph == 0 || cell->glyph == ' ') && !(cell->attributes & CELL_REVERSE);
}

/* Whether a cell has to be sent. A blank looks the same in every ink. */
static bool differs(const struct cell *cell, const struct cell *sent)
{
    if (is_blank(cell) && is_blank(sent))
        return false;
    return cell->glyph != sent->glyph || cell->ink != sent->ink || cell->attributes != sent->attributes;
}

/* One line of the screen. */
struct row {
    const struct cell *cells; /* [columns], what shall be there */
    struct cell *sent;        /* [columns] */
    int columns;
    struct cell *pen; /* what was sent last, of whatever line: blanks are sent in its ink */
};

/* Blanks from x to end. Short of a jump's price curses writes on over what stays between two changes; and one sequence
 * erases the end of a line, if all of it is in one ink. */
static bool update_blanks(const struct term *term, const struct row *row, int x, int end, bool before)
{
    enum { JUMP = 8 };
    bool touched = false, after = end < row->columns && differs(&row->cells[end], &row->sent[end]);
    for (int k = x; k < end; k++)
        touched |= differs(&row->cells[k], &row->sent[k]);
    struct cell blank = {.glyph = ' ', .ink = row->pen->ink, .attributes = row->pen->attributes & CELL_BOLD};
    bool tail = end == row->columns;
    if (tail && !term->erases_in_color)
        blank = (struct cell){0};
    bool all = tail ? touched : end - x <= JUMP && (before || touched) && (after || touched);
    for (int k = x; k < end; k++)
        if (all || differs(&row->cells[k], &row->sent[k]))
            row->sent[k] = blank;
    return touched || all;
}

/* Brings the row's `sent` to what its cells show. False: there was nothing to do. */
static bool update(const struct term *term, const struct row *row)
{
    bool any = false, before = false;
    for (int x = 0, end; x < row->columns; x = end) {
        end = x;
        while (end < row->columns && is_blank(&row->cells[end]))
            end++;
        if (end > x) {
            before = update_blanks(term, row, x, end, before);
        } else {
            before = differs(&row->cells[x], &row->sent[x]);
            if (before)
                row->sent[x] = *row->pen = row->cells[x];
            end = x + 1;
        }
        any |= before;
    }
    return any;
}

/* ---- painting ---- */

static bool same_size(const struct canvas *a, const struct canvas *b)
{
    return a->cells != NULL && a->columns == b->columns && a->rows == b->rows;
}

static bool make_room(struct term *term, const struct canvas *canvas)
{
    if (same_size(&term->sent, canvas))
        return true;
    canvas_release(&term->sent);
    cchar_t *row = realloc(term->row, (size_t)canvas->columns * sizeof *row);
    if (row == NULL)
        return false;
    term->row = row;
    if (canvas_init(&term->sent, canvas->columns, canvas->rows, canvas->charset, NULL) != IFL_OK)
        return false;
    erase();
    return true;
}

void term_paint(struct term *term, const struct canvas *canvas)
{
    if (!make_room(term, canvas))
        return;
    struct cell pen = {0};
    size_t columns = (size_t)canvas->columns;
    for (int y = 0; y < canvas->rows; y++) {
        struct row row = {canvas->cells + (size_t)y * columns, term->sent.cells + (size_t)y * columns, canvas->columns,
                          &pen};
        if (!update(term, &row))
            continue;
        for (int x = 0; x < canvas->columns; x++)
            to_curses(term, &row.sent[x], &term->row[x]);
        mvadd_wchnstr(y, 0, term->row, canvas->columns);
    }
    refresh();
}
