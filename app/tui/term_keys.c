/* What the terminal sends: keys, the mouse, pastes, and its answers. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

#include "keys.h"
#include "term_inside.h"

/* Codes of our own, far behind those that curses gives to what a description names. */
enum { OWN = 0x1000, OWN_BACKGROUND = 0x2000 };

#define BACKGROUND_ANSWER "\033]11;"

/* What has no name in terminfo, or is sent by some terminals whatever mode they were put into. */
static const struct {
    const char *sent;
    int key;
} sequences[] = {{"\033[A", PRESS_UP},
                 {"\033[B", PRESS_DOWN},
                 {"\033[C", PRESS_RIGHT},
                 {"\033[D", PRESS_LEFT},
                 {"\033OA", PRESS_UP},
                 {"\033OB", PRESS_DOWN},
                 {"\033OC", PRESS_RIGHT},
                 {"\033OD", PRESS_LEFT},
                 {"\033[H", PRESS_HOME},
                 {"\033[F", PRESS_END},
                 {"\033OH", PRESS_HOME},
                 {"\033OF", PRESS_END},
                 {"\033[1~", PRESS_HOME},
                 {"\033[4~", PRESS_END},
                 {"\033[Z", PRESS_BACKTAB},
                 {"\033[1;5D", PRESS_CTRL_LEFT},
                 {"\033[1;5C", PRESS_CTRL_RIGHT},
                 {"\033[200~", PRESS_PASTE_BEGIN},
                 {"\033[201~", PRESS_PASTE_END}};
enum { SEQUENCES = sizeof sequences / sizeof *sequences };

void term_define_keys(struct term *term, bool terminal)
{
    keypad(term->keys, TRUE);
    nodelay(term->keys, TRUE);
    if (!terminal)
        meta(term->keys, TRUE); /* all eight bits; a terminal's modes say whether it has them */
    for (int k = 0; k < SEQUENCES; k++)
        define_key(sequences[k].sent, OWN + k);
    define_key(BACKGROUND_ANSWER, OWN_BACKGROUND);
}

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
                {KEY_ENTER, PRESS_ENTER},   {KEY_BTAB, PRESS_BACKTAB},
                {KEY_FIND, PRESS_HOME},     {KEY_SELECT, PRESS_END}};
    if (key >= OWN && key < OWN + SEQUENCES)
        return sequences[key - OWN].key;
    if (key >= KEY_F(1) && key <= KEY_F(12))
        return PRESS_F1 + (int)(key - KEY_F(1));
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        if (keys[k].curses == key)
            return keys[k].key;
    return 0; /* none of ours, but a key */
}

/* ---- the mouse ---- */

void term_take_input(struct term *term, bool on)
{
    const mmask_t wanted = BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED | BUTTON_CTRL | BUTTON_SHIFT;
    term->taken = on;
    wire_mode(&term->wire, 2004, on);
    mouseinterval(0); /* a press is told at once, whatever may follow */
    mousemask(on && term->mouse ? wanted : 0, NULL);
}

void term_mouse(struct term *term, bool on)
{
    if (on == term->mouse) /* curses sends its bytes again, and waits for a stalled terminal */
        return;
    term->mouse = on;
    term_take_input(term, term->taken);
}

void term_pointer(const struct term *term, struct pointer *out)
{
    *out = term->pointer;
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool is_second(const struct term *term, const MEVENT *event, int64_t now)
{
    const int64_t shortly = 400;
    const struct pointer *last = &term->pointer;
    return term->pressed >= 0 && now - term->pressed <= shortly && event->x == last->x && event->y == last->y;
}

/* Whether the event is one of those that are told. */
static bool take_pointer(struct term *term)
{
    MEVENT event;
    if (getmouse(&event) != OK)
        return false;
    struct pointer pointer = {.x = event.x,
                              .y = event.y,
                              .control = (event.bstate & BUTTON_CTRL) != 0,
                              .shift = (event.bstate & BUTTON_SHIFT) != 0};
    int64_t now = now_ms(), pressed = -1;
    if (event.bstate & BUTTON4_PRESSED) {
        pointer.kind = POINTER_UP;
    } else if (event.bstate & BUTTON5_PRESSED) {
        pointer.kind = POINTER_DOWN;
    } else if (event.bstate & BUTTON1_PRESSED) {
        bool second = is_second(term, &event, now);
        pointer.kind = second ? POINTER_DOUBLE : POINTER_PRESS;
        pressed = second ? -1 : now; /* a third press is a first one */
    } else {
        return false;
    }
    term->pointer = pointer;
    term->pressed = pressed;
    return true;
}

/* ---- the background ---- */

void term_ask_background(struct term *term)
{
    const char *name = getenv("TERM");
    if (name != NULL && strcmp(name, "linux") == 0) /* older ones would print it */
        return;
    wire_ask(&term->wire, BACKGROUND_ANSWER "?\033\\");
}

/* `rgb:RRRR/GGGG/BBBB`, each of 1 to 4 digits. */
static bool read_background(const char *answer, bool *light)
{
    const double weights[] = {0.2126, 0.7152, 0.0722};
    double luminance = 0;
    const char *at = strchr(answer, ':');
    if (at == NULL || strncmp(answer, "rgb", 3) != 0)
        return false;
    for (int k = 0; k < 3; k++) {
        char *end;
        size_t digits = strspn(++at, "0123456789abcdefABCDEF");
        unsigned long value = strtoul(at, &end, 16);
        if (digits < 1 || digits > 4 || (k < 2 && *end != '/'))
            return false;
        luminance += weights[k] * (double)value / (double)((1UL << 4 * digits) - 1);
        at = end;
    }
    *light = luminance > 0.5;
    return true;
}

/* One more byte of the answer, which ends with BEL or ESC and a backslash. */
static void take_answer(struct term *term, wint_t byte)
{
    bool light;
    if (byte != '\a' && byte != '\\' && term->answered + 1 < sizeof term->answer) {
        if (byte >= 0x80)
            byte = '?';
        if (byte != 0x1B)
            term->answer[term->answered++] = (char)byte;
        return;
    }
    term->answer[term->answered] = '\0';
    term->answering = false;
    if (!read_background(term->answer, &light) || light == term->background_light)
        return;
    term->background_light = light;
    if (term->theme == THEME_AUTO) {
        term_theme(term, THEME_AUTO);
        term->stale = true;
    }
}

bool term_stale(const struct term *term)
{
    return term->stale;
}

/* ---- keys ---- */

/* Of a paste only the text counts: no key, no control character, and no newline that could run it. */
static bool take_pasted(struct term *term, bool special, wint_t code, int *key)
{
    int pressed = special ? special_key(code) : (int)code;
    if (pressed == PRESS_PASTE_BEGIN || pressed == PRESS_PASTE_END) {
        bool was = term->pasting;
        term->pasting = pressed == PRESS_PASTE_BEGIN;
        *key = pressed;
        return was != term->pasting;
    }
    if (pressed == '\n' || pressed == '\r' || pressed == '\t')
        pressed = ' ';
    *key = pressed;
    return !special && pressed >= ' ' && pressed != PRESS_BACKSPACE;
}

static int plain_key(wint_t code)
{
    if (code == '\n')
        return PRESS_ENTER;
    return code == '\b' ? PRESS_BACKSPACE : (int)code;
}

/* The next character or key that curses knows, *special. False: there is none. Characters are put together here: one
 * byte that is no text in this locale would have curses drop all that comes with it. */
static bool next_code(struct term *term, wint_t *code, bool *special)
{
    int byte;
    while ((byte = wgetch(term->keys)) != ERR) {
        wchar_t character;
        char one = (char)byte;
        *special = byte > 0xFF;
        *code = (wint_t)byte;
        if (*special)
            return true;
        bool begun = !mbsinit(&term->decoding);
        /* NOLINTBEGIN(concurrency-mt-unsafe): it is, with a state of our own */
        size_t length = mbrtowc(&character, &one, 1, &term->decoding);
        if (length == (size_t)-1) {
            memset(&term->decoding, 0, sizeof term->decoding);
            length = begun ? mbrtowc(&character, &one, 1, &term->decoding) : length;
            /* NOLINTEND(concurrency-mt-unsafe) */
        }
        if (length == (size_t)-1)
            memset(&term->decoding, 0, sizeof term->decoding);
        *code = (wint_t)character;
        if (length <= 1)
            return true;
    }
    return false;
}

int term_key(struct term *term)
{
    wint_t code;
    bool special;
    int key;
    while (next_code(term, &code, &special)) {
        if (term->answering && !special) {
            take_answer(term, code);
        } else if (special && code == OWN_BACKGROUND) {
            term->answering = true;
            term->answered = 0;
        } else if (term->pasting || (special && special_key(code) == PRESS_PASTE_BEGIN)) {
            if (take_pasted(term, special, code, &key))
                return key;
        } else if (special && code == KEY_MOUSE) {
            if (take_pointer(term))
                return PRESS_MOUSE;
        } else if (!special || code != KEY_RESIZE) { /* the loop knows of it by the signal */
            return special ? special_key(code) : plain_key(code);
        }
    }
    return -1;
}
