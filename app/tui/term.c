#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <base/capability.h>

#include "crash.h"
#include "outlet.h"
#include "term_inside.h"
#include "terminfo.h"

/* ---- what it can do ---- */

static enum charset choose_charset(int wanted)
{
    bool unicode = capability_locale(wanted == CHARSET_BRAILLE); /* curses reads keys by the locale, too */
    return wanted != CHARSET_ASCII && unicode ? CHARSET_BRAILLE : CHARSET_ASCII;
}

static enum plot_colors choose_colors(int wanted)
{
    int described = has_colors() ? tigetnum("colors") : 0;
    enum color_wish wish = wanted < 0 ? COLOR_AUTO : wanted == PLOT_MONO ? COLOR_NEVER : COLOR_ALWAYS;
    enum plot_colors able = plot_colors_of(capability_colors(wish, true, described));
    return wanted < 0 || wanted > (int)able ? able : (enum plot_colors)wanted;
}

enum charset term_charset(const struct term *term)
{
    return term->charset;
}

enum plot_colors term_colors(const struct term *term)
{
    return term->colors;
}

bool term_light(const struct term *term)
{
    return term->light;
}

void term_theme(struct term *term, enum theme theme)
{
    term->theme = theme;
    term->colors = theme == THEME_MONO ? PLOT_MONO : term->able;
    term->light = theme == THEME_LIGHT || (theme == THEME_AUTO && term->background_light);
    term_forget(term);
}

void term_size(const struct term *term, int *columns, int *rows)
{
    (void)term;
    getmaxyx(stdscr, *rows, *columns);
}

/* ---- taking it over ---- */

static void set_modes(struct term *term, FILE *input)
{
    term_define_keys(term, isatty(fileno(input)));
    cbreak();
    noecho();
    nonl();
    set_escdelay(25); /* milliseconds an escape sequence may be torn apart by */
    curs_set(0);
    refresh(); /* takes the screen; from here on curses only reads */
}

static void find_background(struct term *term, FILE *input)
{
    bool known;
    term->background_light = capability_light(&known);
    if (!known && term->able != PLOT_MONO && isatty(fileno(term->output)) && isatty(fileno(input)))
        term_ask_background(term);
}

static void give_up(struct term *term)
{
    outlet_close(term->outlet, fileno(term->output));
    if (term->keys != NULL)
        delwin(term->keys);
    if (term->screen != NULL)
        delscreen(term->screen);
    free(term);
}

enum ifl_status term_new(struct term **out, FILE *output, FILE *input, int charset, int colors, struct ifl_error *error)
{
    struct term *term = ifl_alloc(1, sizeof *term);
    if (term == NULL)
        return ifl_fail(error, IFL_NO_MEMORY, "no memory for the screen");
    term->charset = choose_charset(charset);
    term->pressed = -1;
    term->output = output;
    use_env(TRUE);
    use_tioctl(isatty(fileno(output))); /* the terminal knows better than LINES and COLUMNS, where it is one */
    term->outlet = outlet_open(fileno(output));
    crash_remember(term->outlet, fileno(input));
    term->screen = newterm(NULL, output, input);
    term->keys = term->screen != NULL ? newpad(1, 1) : NULL;
    if (term->keys == NULL || terminfo("cup") == NULL || terminfo("clear") == NULL) {
        const char *name = getenv("TERM");
        if (term->screen != NULL)
            endwin();
        give_up(term);
        return ifl_fail(error, IFL_FAILED, "TERM=%s: a terminal that cannot show a screen", name != NULL ? name : "");
    }
    set_modes(term, input);
    wire_init(&term->wire, term->outlet);
    term->able = choose_colors(colors);
    term_take_input(term, true);
    find_background(term, input);
    term_theme(term, THEME_AUTO);
    crash_arm();
    *out = term;
    return IFL_OK;
}

void term_free(struct term *term)
{
    if (term == NULL)
        return;
    crash_give_back(); /* not endwin(), which waits for a terminal that takes nothing */
    crash_disarm();
    canvas_release(&term->sent);
    give_up(term);
}

void term_interrupt(struct term *term, int fd)
{
    term->wire.interrupt = fd;
}

void term_forget(struct term *term)
{
    term->lost = true;
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
    crash_disarm();
    term_take_input(term, false);
    endwin();
}

void term_resume(struct term *term)
{
    reset_prog_mode();
    refresh();
    term_take_input(term, true);
    crash_arm();
    term_resize(term);
}
