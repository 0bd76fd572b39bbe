#define NCURSES_WIDECHAR 1

#include <curses.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>

#include <base/text.h>

#include "outlet.h"
#include "terminfo.h"
#include "wire.h"

/* Around a painting, so that it is shown at once (DEC private mode 2026). */
#define SYNC_BEGIN "\033[?2026h"
#define SYNC_END   "\033[?2026l"

enum {
    SYNC_LENGTH = sizeof SYNC_BEGIN - 1, /* the room for it at the front of wire->bytes */
    SYNC_FROM = 1024,                    /* bytes: what is shorter arrives in one piece anyway */
    SEQUENCE = 64                        /* bytes of one, at most */
};

static const struct style plain = {.color = -1};

/* ---- bytes ---- */

/* What is left of a painting that was given up has no use. */
static void send(struct wire *wire, const char *bytes, size_t length)
{
    if (!wire->given_up)
        wire->given_up = !outlet_send(wire->fd, bytes, length, wire->interrupt, -1);
}

static void flush(struct wire *wire, bool more)
{
    bool begin = wire->private_modes && !wire->begun && (more || wire->length >= SYNC_FROM);
    size_t from = begin ? 0 : SYNC_LENGTH;
    if (begin)
        memcpy(wire->bytes, SYNC_BEGIN, SYNC_LENGTH);
    wire->begun |= begin;
    send(wire, wire->bytes + from, wire->length - from);
    wire->length = SYNC_LENGTH;
}

static void add(struct wire *wire, const char *bytes, size_t length)
{
    if (wire->length + length > sizeof wire->bytes - sizeof SYNC_END)
        flush(wire, true);
    memcpy(wire->bytes + wire->length, bytes, length);
    wire->length += length;
}

/* A capability with its parameters. */
static size_t expand(char out[SEQUENCE], const char *capability, int first, int second)
{
    return terminfo_copy(out, SEQUENCE, tiparm(capability, first, second));
}

static void add_capability(struct wire *wire, const char *capability)
{
    char text[SEQUENCE];
    add(wire, text, terminfo_copy(text, sizeof text, capability));
}

static void add_number(struct wire *wire, const char *capability, int number)
{
    char text[SEQUENCE];
    add(wire, text, expand(text, capability, number, 0));
}

/* ---- the terminal ---- */

/* A newline moves down alone only where the system does not add a return to it. */
static bool newline_returns(int fd)
{
    struct termios modes;
    return tcgetattr(fd, &modes) == 0 && (modes.c_oflag & OPOST) && (modes.c_oflag & ONLCR);
}

/* The reset of many begins with leaving the line-drawing characters, which are never used here. */
static const char *short_reset(const char *sgr0)
{
    return sgr0 != NULL && strncmp(sgr0, "\033(B\033[", 5) == 0 ? sgr0 + 3 : sgr0;
}

void wire_init(struct wire *wire, int fd)
{
    *wire = (struct wire){.fd = fd, .interrupt = -1, .x = -1, .y = -1, .style = plain, .length = SYNC_LENGTH};
    wire->cup = terminfo("cup");
    wire->hpa = terminfo("hpa");
    wire->cuf = terminfo("cuf");
    wire->cuu = terminfo("cuu");
    wire->cud = terminfo("cud");
    wire->cub1 = terminfo("cub1");
    wire->cud1 = terminfo("cud1");
    wire->cr = terminfo("cr");
    wire->el = terminfo("el");
    wire->ech = terminfo("ech");
    wire->clear = terminfo("clear");
    wire->setaf = terminfo("setaf");
    wire->sgr0 = short_reset(terminfo("sgr0"));
    wire->bold = terminfo("bold");
    wire->dim = terminfo("dim");
    wire->reverse = terminfo("rev");
    wire->wraps_late = terminfo_flag("xenl") || !terminfo_flag("am");
    wire->private_modes = wire->cup != NULL && strncmp(wire->cup, "\033[", 2) == 0;
    if (wire->cud1 != NULL && strcmp(wire->cud1, "\n") == 0 && newline_returns(fd))
        wire->cud1 = NULL;
}

void wire_begin(struct wire *wire, int columns, bool lost)
{
    wire->columns = columns;
    wire->given_up = false;
    if (!lost)
        return;
    wire->x = wire->y = -1;
    add_capability(wire, wire->sgr0);
    wire->style = plain;
}

bool wire_end(struct wire *wire)
{
    wire_style(wire, plain);
    if (wire->length > SYNC_LENGTH)
        flush(wire, false);
    if (wire->begun)
        send(wire, SYNC_END, sizeof SYNC_END - 1);
    wire->begun &= wire->given_up; /* the next painting ends it */
    return !wire->given_up;
}

void wire_mode(struct wire *wire, int mode, bool on)
{
    char text[SEQUENCE];
    int length = snprintf(text, sizeof text, "\033[?%d%c", mode, on ? 'h' : 'l');
    if (wire->private_modes)
        outlet_send(wire->fd, text, (size_t)length, wire->interrupt, -1);
}

void wire_ask(struct wire *wire, const char *question)
{
    if (wire->private_modes)
        outlet_send(wire->fd, question, strlen(question), wire->interrupt, -1);
}

/* ---- the cursor ---- */

static bool append(char out[SEQUENCE], size_t *used, const char *capability, int number)
{
    char text[SEQUENCE];
    if (capability == NULL)
        return false;
    size_t length = expand(text, capability, number, 0);
    if (*used + length > SEQUENCE)
        return false;
    memcpy(out + *used, text, length);
    *used += length;
    return true;
}

static bool append_column(const struct wire *wire, char out[SEQUENCE], size_t *used, int x)
{
    int right = x - wire->x;
    if (right == 0)
        return true;
    if (x == 0 && append(out, used, wire->cr, 0))
        return true;
    if (right > 0 && append(out, used, wire->cuf, right))
        return true;
    for (; right < 0 && right >= -3; right++)
        if (!append(out, used, wire->cub1, 0))
            return false;
    return right == 0 || append(out, used, wire->hpa, x);
}

static bool append_row(const struct wire *wire, char out[SEQUENCE], size_t *used, int y)
{
    int down = y - wire->y;
    if (down < 0)
        return append(out, used, wire->cuu, -down);
    for (; wire->cud1 != NULL && down > 0 && down <= 3; down--)
        if (!append(out, used, wire->cud1, 0))
            return false;
    return down == 0 || append(out, used, wire->cud, down);
}

void wire_move(struct wire *wire, int x, int y)
{
    char there[SEQUENCE], steps[SEQUENCE];
    size_t used = 0;
    if (x == wire->x && y == wire->y)
        return;
    size_t length = expand(there, wire->cup, y, x);
    bool walks = wire->x >= 0 && append_column(wire, steps, &used, x) && append_row(wire, steps, &used, y);
    if (walks && used < length)
        add(wire, steps, used);
    else
        add(wire, there, length);
    wire->x = x;
    wire->y = y;
}

/* ---- cells ---- */

void wire_clear(struct wire *wire)
{
    wire_style(wire, plain);
    add_capability(wire, wire->clear);
    wire->x = wire->y = 0;
}

void wire_style(struct wire *wire, struct style style)
{
    struct style *now = &wire->style;
    if ((now->attributes & ~style.attributes) != 0 || (style.color < 0 && now->color >= 0)) {
        add_capability(wire, wire->sgr0);
        *now = plain;
    }
    unsigned fresh = style.attributes & ~now->attributes;
    if (fresh & STYLE_BOLD)
        add_capability(wire, wire->bold);
    if (fresh & STYLE_DIM)
        add_capability(wire, wire->dim);
    if (fresh & STYLE_REVERSE)
        add_capability(wire, wire->reverse);
    if (style.color != now->color && wire->setaf != NULL)
        add_number(wire, wire->setaf, style.color);
    *now = style;
}

/* Behind the last column terminals differ in where the cursor is. */
static void advance(struct wire *wire)
{
    if (++wire->x >= wire->columns)
        wire->x = wire->y = -1;
}

void wire_glyph(struct wire *wire, uint32_t glyph)
{
    char text[5];
    add(wire, text, (size_t)text_encode(glyph, text));
    advance(wire);
}

void wire_erase(struct wire *wire, int cells, bool tail)
{
    char text[SEQUENCE];
    size_t length = wire->ech != NULL ? expand(text, wire->ech, cells, 0) : 0;
    if (tail && wire->el != NULL && cells > 2) {
        add_capability(wire, wire->el);
    } else if (length > 0 && length < (size_t)cells) {
        add(wire, text, length);
    } else {
        for (; cells > 0; cells--)
            wire_glyph(wire, ' ');
    }
}
