#define NCURSES_WIDECHAR 1

#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <base/capability.h>
#include <plot/plot.h>

#include "crash.h"
#include "keys.h"
#include "term.h"

struct term {
    SCREEN *screen;
    FILE *output;
    enum charset charset;
    enum plot_colors colors;
    struct canvas shown; /* what curses was last told; no cells: nothing yet */
    cchar_t *row;        /* [shown.columns] */
};

/* ---- taking it over ---- */

static enum charset choose_charset(int wanted)
{
    bool unicode = capability_locale(wanted == CHARSET_BRAILLE); /* curses needs a locale that can say it */
    return wanted != CHARSET_ASCII && unicode ? CHARSET_BRAILLE : CHARSET_ASCII;
}

static enum plot_colors choose_colors(int wanted)
{
    int described = has_colors() ? tigetnum("colors") : 0;
    enum color_wish wish = wanted < 0 ? COLOR_AUTO : wanted == PLOT_MONO ? COLOR_NEVER : COLOR_ALWAYS;
    enum plot_colors able = plot_colors_of(capability_colors(wish, true, described));
    return wanted < 0 || wanted > (int)able ? able : (enum plot_colors)wanted;
}

static void make_colors(enum plot_colors colors)
{
    if (colors == PLOT_MONO || start_color() == ERR)
        return;
    use_default_colors();
    bool known, light = capability_light(&known);
    for (int ink = 0; ink < INK_COUNT; ink++)
        init_pair((short)(ink + 1), (short)plot_color((uint8_t)ink, colors, light), -1);
}

/* What some terminals send whatever mode they were put into. */
static void define_keys(void)
{
    static const struct {
        const char *sent;
        int key;
    } keys[] = {{"\033[A", KEY_UP},    {"\033[B", KEY_DOWN}, {"\033[C", KEY_RIGHT}, {"\033[D", KEY_LEFT},
                {"\033OA", KEY_UP},    {"\033OB", KEY_DOWN}, {"\033OC", KEY_RIGHT}, {"\033OD", KEY_LEFT},
                {"\033[H", KEY_HOME},  {"\033[F", KEY_END},  {"\033OH", KEY_HOME},  {"\033OF", KEY_END},
                {"\033[1~", KEY_HOME}, {"\033[4~", KEY_END}};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        if (key_defined(keys[k].sent) == 0)
            define_key(keys[k].sent, keys[k].key);
}

static void set_modes(void)
{
    define_keys();
    cbreak();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    set_escdelay(25); /* milliseconds an escape sequence may be torn apart by */
    leaveok(stdscr, TRUE);
    curs_set(0);
}

static bool can_move_cursor(void)
{
    const char *sequence = tigetstr("cup");
    return sequence != NULL && sequence != (const char *)-1;
}

enum ifl_status term_new(struct term **out, FILE *output, FILE *input, int charset, int colors, struct ifl_error *error)
{
    struct term *term = ifl_alloc(1, sizeof *term);
    if (term == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for the screen");
    term->charset = choose_charset(charset);
    term->output = output;
    use_env(TRUE);
    use_tioctl(isatty(fileno(output))); /* the terminal knows better than LINES and COLUMNS, where it is one */
    crash_remember(fileno(output), fileno(input));
    term->screen = newterm(NULL, output, input);
    if (term->screen == NULL || !can_move_cursor()) {
        const char *name = getenv("TERM");
        if (term->screen != NULL) {
            endwin();
            delscreen(term->screen);
        }
        free(term);
        return ifl_fail(error, IFL_FAILED, "TERM=%s: a terminal that cannot show a screen", name != NULL ? name : "");
    }
    set_modes();
    term->colors = choose_colors(colors);
    make_colors(term->colors);
    crash_arm();
    *out = term;
    return IFL_OK;
}

void term_free(struct term *term)
{
    if (term == NULL)
        return;
    endwin();
    crash_disarm();
    delscreen(term->screen);
    canvas_release(&term->shown);
    free(term->row);
    free(term);
}

enum charset term_charset(const struct term *term)
{
    return term->charset;
}

void term_size(const struct term *term, int *columns, int *rows)
{
    (void)term;
    getmaxyx(stdscr, *rows, *columns);
}

void term_forget(struct term *term)
{
    canvas_release(&term->shown);
    clearok(curscr, TRUE);
}

void term_resize(struct term *term)
{
    struct winsize size;
    if (ioctl(fileno(term->output), TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
        resizeterm(size.ws_row, size.ws_col);
    term_forget(term);
}

void term_suspend(struct term *term)
{
    (void)term;
    crash_disarm();
    endwin();
}

void term_resume(struct term *term)
{
    reset_prog_mode();
    crash_arm();
    term_resize(term);
    refresh();
}

/* ---- painting ---- */

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

static bool is_blank(const struct cell *cell)
{
    return (cell->glyph == 0 || cell->glyph == ' ') && !(cell->attributes & CELL_REVERSE);
}

/* Dots of bold weight look like dots, or are drawn in another colour, and cost 20 bytes at each end of each line. */
static bool is_braille(uint32_t glyph)
{
    return (glyph & ~0xFFu) == 0x2800;
}

static void to_curses(const struct term *term, const struct cell *cell, const struct cell *as, cchar_t *out)
{
    wchar_t glyph[2] = {cell->glyph == 0 ? L' ' : (wchar_t)cell->glyph, L'\0'};
    attr_t attributes = A_NORMAL;
    short pair = 0;
    if (as != NULL) {
        attributes = plain_attributes(term, as->ink);
        attributes |= as->attributes & CELL_BOLD && !is_braille(as->glyph) ? A_BOLD : A_NORMAL;
        attributes |= as->attributes & CELL_REVERSE ? A_REVERSE : A_NORMAL;
        pair = term->colors == PLOT_MONO ? 0 : (short)(as->ink + 1);
    }
    setcchar(out, glyph, attributes, pair, NULL);
}

/* A blank looks the same in every colour: a short one between two texts goes in the colour of the text before it, which
 * saves curses two changes of colour (20 bytes); a long one stays plain, so that curses can jump over it. */
static void row_to_curses(struct term *term, const struct cell *cells, int columns)
{
    const int short_gap = 8;
    const struct cell *before = NULL;
    for (int x = 0; x < columns;) {
        if (!is_blank(&cells[x])) {
            before = &cells[x];
            to_curses(term, &cells[x], before, &term->row[x]);
            x++;
            continue;
        }
        int end = x;
        while (end < columns && is_blank(&cells[end]))
            end++;
        bool plain = end == columns || end - x > short_gap || (before != NULL && before->attributes & CELL_REVERSE);
        for (; x < end; x++)
            to_curses(term, &cells[x], plain ? NULL : before, &term->row[x]);
    }
}

static bool same_size(const struct canvas *a, const struct canvas *b)
{
    return a->cells != NULL && a->columns == b->columns && a->rows == b->rows;
}

static bool make_room(struct term *term, const struct canvas *canvas)
{
    if (same_size(&term->shown, canvas))
        return true;
    canvas_release(&term->shown);
    cchar_t *row = realloc(term->row, (size_t)canvas->columns * sizeof *row);
    if (row == NULL)
        return false;
    term->row = row;
    if (canvas_init(&term->shown, canvas->columns, canvas->rows, canvas->charset, NULL) != IFL_OK)
        return false;
    erase();
    return true;
}

void term_paint(struct term *term, const struct canvas *canvas)
{
    if (!make_room(term, canvas))
        return;
    size_t columns = (size_t)canvas->columns;
    for (int y = 0; y < canvas->rows; y++) {
        const struct cell *cells = canvas->cells + (size_t)y * columns;
        struct cell *shown = term->shown.cells + (size_t)y * columns;
        if (memcmp(cells, shown, columns * sizeof *cells) == 0)
            continue;
        row_to_curses(term, cells, canvas->columns);
        mvadd_wchnstr(y, 0, term->row, canvas->columns);
        memcpy(shown, cells, columns * sizeof *cells);
    }
    refresh();
}

/* ---- keys ---- */

static int special_key(wint_t key)
{
    static const struct {
        wint_t curses;
        int key;
    } keys[] = {{KEY_UP, PRESS_UP},         {KEY_DOWN, PRESS_DOWN},
                {KEY_LEFT, PRESS_LEFT},     {KEY_RIGHT, PRESS_RIGHT},
                {KEY_HOME, PRESS_HOME},     {KEY_END, PRESS_END},
                {KEY_PPAGE, PRESS_PAGE_UP}, {KEY_NPAGE, PRESS_PAGE_DOWN},
                {KEY_DC, PRESS_DELETE},     {KEY_BACKSPACE, PRESS_BACKSPACE},
                {KEY_ENTER, PRESS_ENTER},   {KEY_F(1), PRESS_F1},
                {KEY_FIND, PRESS_HOME},     {KEY_SELECT, PRESS_END}};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        if (keys[k].curses == key)
            return keys[k].key;
    return 0; /* none of ours, but a key */
}

int term_key(struct term *term)
{
    (void)term;
    wint_t key;
    int kind = get_wch(&key);
    if (kind == ERR)
        return -1;
    if (kind == KEY_CODE_YES)
        return special_key(key);
    if (key == '\n')
        return PRESS_ENTER;
    return key == '\b' ? PRESS_BACKSPACE : (int)key;
}
