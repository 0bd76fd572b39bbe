#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <base/capability.h>

#include "crash.h"
#include "keys.h"
#include "term_inside.h"

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
    term->erases_in_color = tigetflag("bce") > 0;
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
    canvas_release(&term->sent);
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
    canvas_release(&term->sent);
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
