/* The help: the table of keys itself, section by section, in as many columns as there is room for. */
#include <stdio.h>
#include <string.h>

#include <base/text.h>

#include "draw.h"
#include "keys.h"
#include "pen.h"

enum { LINES_MOST = 80, COLUMN_WIDTH = 40, KEYS_WIDTH = 11 };

struct line {
    const char *head; /* of a section, or NULL */
    char keys[64];
    const char *what;
};

struct text {
    struct line lines[LINES_MOST];
    int count;
};

static const struct {
    const char *mark, *what;
} marks[] = {{"S ... *", "first and last snapshot"},
             {"> ^ < v", "which way training went"},
             {"@", "o and x in one place"},
             {"!", "a rise: violates the DPI"},
             {"5.25*", "not the default"},
             {"(stale)", "of the old parameters"}};

static struct line *add(struct text *text)
{
    return &text->lines[text->count < LINES_MOST ? text->count++ : LINES_MOST - 1];
}

static void add_head(struct text *text, const char *head)
{
    if (text->count > 0)
        *add(text) = (struct line){.head = ""};
    *add(text) = (struct line){.head = head};
}

static struct text whole_text(void)
{
    struct text text = {.count = 0};
    for (int section = 0; section < SECTIONS; section++) {
        add_head(&text, section_name((enum section)section));
        for (size_t k = 0; k < key_rows; k++)
            if (key_table[k].section == (enum section)section) {
                struct line *line = add(&text);
                *line = (struct line){.what = key_table[k].what};
                key_text(line->keys, &key_table[k], KEYS_A_ROW);
            }
    }
    add_head(&text, "Marks");
    for (size_t k = 0; k < sizeof marks / sizeof *marks; k++) {
        struct line *line = add(&text);
        *line = (struct line){.what = marks[k].what};
        snprintf(line->keys, sizeof line->keys, "%s", marks[k].mark);
    }
    return text;
}

static void draw_line(struct canvas *canvas, struct rect where, int row, const struct line *line)
{
    struct pen pen = pen_at(canvas, where, row);
    if (line->head != NULL) {
        pen_text(&pen, INK_TITLE, CELL_BOLD, line->head);
        return;
    }
    pen_text(&pen, INK_CURSOR, 0, line->keys);
    int next = where.x + 1 + KEYS_WIDTH;
    pen.x = pen.x + 1 > next ? pen.x + 1 : next;
    pen_text(&pen, INK_NONE, 0, line->what);
}

void draw_help(struct workbench *w, struct canvas *canvas)
{
    struct text text = whole_text();
    struct rect all = {0, 0, canvas->columns, canvas->rows};
    int rows = canvas->rows - 2, columns = canvas->columns / COLUMN_WIDTH;
    columns = columns < 1 ? 1 : columns > 3 ? 3 : columns;
    /* Columns no longer than they need to be. */
    int even = (text.count + columns - 1) / columns;
    rows = rows > even ? even : rows;
    int most = text.count - rows * columns;
    w->help_top = w->help_top > most ? most : w->help_top;
    w->help_top = w->help_top < 0 ? 0 : w->help_top;

    draw_brand(canvas, all);
    struct pen title = pen_at(canvas, all, 0), foot = pen_at(canvas, all, canvas->rows - 1);
    pen_skip(&title, 11);
    pen_text(&title, INK_TITLE, CELL_BOLD, "keys");
    for (int k = 0; k < rows * columns && w->help_top + k < text.count; k++) {
        int width = canvas->columns / columns < COLUMN_WIDTH + 6 ? canvas->columns / columns : COLUMN_WIDTH + 6;
        struct rect where = {k / rows * width, 1, width, rows};
        draw_line(canvas, where, k % rows, &text.lines[w->help_top + k]);
    }
    pen_text(&foot, INK_DIM, 0, most > 0 ? "j k scroll, q closes" : "q closes");
}
