#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <base/text.h>

#define GOLDEN_FOLDER "tui"
#include "../plot/golden.h"
#include "stage.h"

static const struct style plain = {.color = -1};

/* ---- opening ---- */

static void set_size(const char *name, int value)
{
    char text[16];
    snprintf(text, sizeof text, "%d", value);
    setenv(name, text, 1);
}

static void stage_erase(struct stage *stage, int x, int y, int count)
{
    for (int k = 0; k < count; k++)
        stage->cells[y * stage->columns + x + k] = (struct stage_cell){' ', plain};
}

void stage_open_as(struct stage *stage, const char *terminal, int columns, int rows, int charset, int colors)
{
    int ends[2];
    struct ifl_error error;
    setenv("TERM", terminal, 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    unsetenv("NO_COLOR");
    unsetenv("COLORTERM");
    set_size("COLUMNS", columns);
    set_size("LINES", rows);
    *stage =
        (struct stage){.columns = columns, .rows = rows, .output = tmpfile(), .style = plain, .modes = STAGE_CURSOR};
    stage->cells = ifl_alloc((size_t)columns * (size_t)rows, sizeof *stage->cells);
    for (int y = 0; y < rows; y++)
        stage_erase(stage, 0, y, columns);
    cr_assert_eq(pipe(ends), 0);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    stage->input = ends[1];
    cr_assert_eq(term_new(&stage->term, stage->output, fdopen(ends[0], "r"), charset, colors, &error), IFL_OK, "%s",
                 error.message);
    int width, height;
    term_size(stage->term, &width, &height);
    cr_assert(width == columns && height == rows, "%dx%d", width, height);
    cr_assert_eq(canvas_init(&stage->canvas, columns, rows, term_charset(stage->term), NULL), IFL_OK);
    stage_read(stage);
}

void stage_open(struct stage *stage, int columns, int rows, int charset, int colors)
{
    unsetenv("COLORFGBG");
    stage_open_as(stage, "xterm-256color", columns, rows, charset, colors);
}

void stage_close(struct stage *stage)
{
    term_free(stage->term);
    stage_read(stage);
    canvas_release(&stage->canvas);
    fclose(stage->output);
    close(stage->input);
    free(stage->cells);
}

void stage_type(struct stage *stage, const char *bytes)
{
    cr_assert_eq(write(stage->input, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
}

/* ---- the terminal ---- */

static void set_graphics(struct stage *stage, const int *numbers, int count)
{
    for (int k = 0; k < count; k++) {
        int number = numbers[k];
        if (number == 0)
            stage->style = plain;
        else if (number == 1)
            stage->style.attributes |= STYLE_BOLD;
        else if (number == 2)
            stage->style.attributes |= STYLE_DIM;
        else if (number == 7)
            stage->style.attributes |= STYLE_REVERSE;
        else if (number >= 30 && number <= 37)
            stage->style.color = number - 30;
        else if (number == 39)
            stage->style.color = -1;
        else if (number == 38 && k + 2 < count && numbers[k + 1] == 5)
            stage->style.color = numbers[k += 2];
        else if (number != 49) /* no background is ever set */
            cr_assert_fail("SGR %d", number);
    }
}

static void set_mode(struct stage *stage, int number, bool on)
{
    unsigned mode = number == 1049   ? STAGE_ALTERNATE
                    : number == 25   ? STAGE_CURSOR
                    : number == 1000 ? STAGE_MOUSE
                    : number == 2004 ? STAGE_PASTE
                                     : 0u;
    stage->modes = on ? stage->modes | mode : stage->modes & ~mode;
    if (number == 2026) {
        cr_assert_not(on && stage->synchronized, "a painting in a painting"); /* the end may be said twice */
        stage->synchronized = on;
    }
}

static void erase_line(struct stage *stage)
{
    cr_assert_lt(stage->x, stage->columns, "erasing behind the last column");
    stage_erase(stage, stage->x, stage->y, stage->columns - stage->x);
}

static void move_to(struct stage *stage, int x, int y)
{
    cr_assert(x >= 0 && x < stage->columns && y >= 0 && y < stage->rows, "the cursor to %d,%d", x, y);
    stage->x = x;
    stage->y = y;
}

/* The numbers of a sequence, a missing one 0. */
static int numbers_of(const char *text, int numbers[8])
{
    int count = 0;
    do {
        char *end;
        cr_assert_lt(count, 8);
        numbers[count++] = (int)strtol(text, &end, 10);
        text = end;
    } while (*text++ == ';');
    return count;
}

/* ESC [ ... : `text` up to its last character. */
static void obey(struct stage *stage, const char *text, char last)
{
    bool private = text[0] == '?';
    int numbers[8], count = numbers_of(text + private, numbers), n = numbers[0] > 0 ? numbers[0] : 1;
    int column = stage->x < stage->columns ? stage->x : stage->columns - 1;
    if (private) {
        cr_assert(last == 'h' || last == 'l' || last == 'c', "ESC [ %s%c", text, last); /* c: the console's cursor */
        for (int k = 0; k < count && last != 'c'; k++)
            set_mode(stage, numbers[k], last == 'h');
        return;
    }
    switch (last) {
    case 'm':
        set_graphics(stage, numbers, count);
        break;
    case 'H':
        move_to(stage, count > 1 ? numbers[1] - 1 : 0, n - 1);
        break;
    case 'A':
        move_to(stage, column, stage->y - n);
        break;
    case 'B':
        move_to(stage, column, stage->y + n);
        break;
    case 'C':
        move_to(stage, column + n, stage->y);
        break;
    case 'D':
        move_to(stage, column - n, stage->y);
        break;
    case 'G':
        move_to(stage, n - 1, stage->y);
        break;
    case 'd':
        move_to(stage, column, n - 1);
        break;
    case 'K':
        erase_line(stage);
        break;
    case 'X':
        stage_erase(stage, stage->x, stage->y, n);
        break;
    case 'J':
        for (int y = 0; y < stage->rows; y++)
            stage_erase(stage, 0, y, stage->columns);
        break;
    case 'r':
    case 'l':
    case 't':
        break; /* the scrolling region, insertion, the title: as curses begins and ends */
    default:
        cr_assert_fail("ESC [ %s%c", text, last);
    }
}

static void put_glyph(struct stage *stage, uint32_t glyph)
{
    cr_assert_lt(stage->x, stage->columns, "a glyph behind the last column");
    stage->cells[stage->y * stage->columns + stage->x++] = (struct stage_cell){glyph, stage->style};
}

/* One sequence or character; returns its length. */
static int obey_next(struct stage *stage, const char *text)
{
    unsigned glyph;
    if (text[0] == '\033' && text[1] == '[') {
        size_t length = strspn(text + 2, "?0123456789;");
        char numbers[64] = "";
        cr_assert_lt(length, sizeof numbers);
        memcpy(numbers, text + 2, length);
        obey(stage, numbers, text[2 + length]);
        return (int)length + 3;
    }
    if (text[0] == '\033') {
        cr_assert(strchr("()=>", text[1]) != NULL, "ESC %c", text[1]);
        return text[1] == '(' || text[1] == ')' ? 3 : 2;
    }
    int length = text_decode(text, &glyph);
    cr_assert_gt(length, 0, "no UTF-8");
    if (glyph == '\r')
        stage->x = 0;
    else if (glyph == '\b')
        move_to(stage, stage->x - 1, stage->y);
    else if (glyph == '\n')
        move_to(stage, stage->x, stage->y + 1);
    else if (glyph >= ' ' && glyph != 0x7F)
        put_glyph(stage, glyph);
    else
        cr_assert_eq(glyph, 0xFu, "a control character %u", glyph);
    return length;
}

void stage_read(struct stage *stage)
{
    static char sent[1 << 20];
    long before = stage->read;
    fflush(stage->output);
    ssize_t length = pread(fileno(stage->output), sent, sizeof sent - 1, stage->read);
    cr_assert_geq(length, 0);
    sent[length] = '\0';
    for (const char *at = sent; *at != '\0';) {
        bool was = stage->synchronized;
        int taken = obey_next(stage, at);
        stage->painted += was || stage->synchronized ? taken : 0;
        at += taken;
    }
    stage->read = before + length;
}

long stage_paint(struct stage *stage)
{
    stage_read(stage);
    long before = stage->read;
    term_paint(stage->term, &stage->canvas);
    stage_read(stage);
    cr_assert_not(stage->synchronized, "a painting without an end");
    return stage->read - before;
}

/* ---- what is seen ---- */

void stage_expect_canvas(const struct stage *stage)
{
    enum plot_colors colors = term_colors(stage->term);
    for (int k = 0; k < stage->columns * stage->rows; k++) {
        const struct cell *cell = &stage->canvas.cells[k];
        const struct stage_cell *seen = &stage->cells[k];
        int x = k % stage->columns, y = k / stage->columns,
            color = plot_color(cell->ink, colors, term_light(stage->term));
        uint32_t glyph = cell->glyph == 0 ? ' ' : cell->glyph;
        bool reversed = cell->attributes & CELL_REVERSE;
        cr_assert_eq(seen->glyph, glyph, "at %d,%d: U+%04X, not U+%04X", x, y, (unsigned)seen->glyph, (unsigned)glyph);
        cr_assert_eq((seen->style.attributes & STYLE_REVERSE) != 0, reversed, "at %d,%d", x, y);
        if (glyph != ' ' || reversed)
            cr_assert_eq(seen->style.color, color, "at %d,%d: colour %d, not %d", x, y, seen->style.color, color);
    }
}

static const char ink_letters[INK_COUNT + 1] = ".-t!=@abcdefgh12345678";

/* The letter of the first ink that looks so. */
static char letter_of(const struct stage *stage, int color)
{
    for (int ink = 0; ink < INK_COUNT; ink++)
        if (plot_color((uint8_t)ink, term_colors(stage->term), term_light(stage->term)) == color)
            return ink_letters[ink];
    cr_assert_fail("colour %d is no ink's", color);
    return '?';
}

enum grid { GRID_GLYPHS, GRID_COLORS, GRID_ATTRIBUTES };

static uint32_t seen_at(const struct stage *stage, enum grid grid, int k)
{
    const struct stage_cell *cell = &stage->cells[k];
    bool blank = cell->glyph == ' ' && !(cell->style.attributes & STYLE_REVERSE);
    if (grid == GRID_GLYPHS)
        return cell->glyph;
    if (blank)
        return ' ';
    if (grid == GRID_COLORS)
        return (unsigned char)letter_of(stage, cell->style.color);
    return cell->style.attributes == 0 ? ' ' : '0' + cell->style.attributes; /* 1 bold, 2 dim, 4 reversed */
}

static void print_grid(FILE *out, const struct stage *stage, enum grid grid)
{
    for (int y = 0; y < stage->rows; y++) {
        int end = stage->columns, from = y * stage->columns;
        while (end > 0 && seen_at(stage, grid, from + end - 1) == ' ')
            end--;
        for (int x = 0; x < end; x++) {
            char text[5];
            text_encode(seen_at(stage, grid, from + x), text);
            fputs(text, out);
        }
        fputc('\n', out);
    }
}

/* Which colour each letter stands for. */
static void print_letters(FILE *out, const struct stage *stage)
{
    for (int ink = 0; ink < INK_COUNT; ink++) {
        int color = plot_color((uint8_t)ink, term_colors(stage->term), term_light(stage->term));
        bool found = false;
        for (int k = 0; !found && k < stage->columns * stage->rows; k++)
            found = seen_at(stage, GRID_COLORS, k) == (unsigned char)ink_letters[ink] && color >= 0;
        if (found)
            fprintf(out, " %c %d", ink_letters[ink], color);
    }
    fputc('\n', out);
}

void stage_golden(const struct stage *stage, const char *name)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    fprintf(out, "---- glyphs, %dx%d\n", stage->columns, stage->rows);
    print_grid(out, stage, GRID_GLYPHS);
    fputs("---- colours:", out);
    print_letters(out, stage);
    print_grid(out, stage, GRID_COLORS);
    fputs("---- attributes: 1 bold, 2 dim, 4 reversed\n", out);
    print_grid(out, stage, GRID_ATTRIBUTES);
    fclose(out);
    expect_golden(name, text);
    free(text);
}
