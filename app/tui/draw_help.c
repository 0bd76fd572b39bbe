#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/text.h>

#include "draw_help.h"

/* Columns of text are at least so wide; so much of it is for keys, or for commands with their arguments. */
enum { COLUMN_LEAST = 40, COLUMN_MOST = 46, COLUMNS_MOST = 4, KEYS_WIDTH = 12, COMMANDS_WIDTH = 17 };

struct line {
    bool head; /* of a section */
    int tab;   /* where `what` begins */
    char left[128];
    const char *what;
};

enum { LINES_MOST = 400 };

struct text {
    struct line lines[LINES_MOST];
    int count;
};

static const struct {
    const char *mark, *what;
} marks[] = {{"S ... *", "first and last snapshot"}, {"> ^ < v", "which way training went"},
             {"@", "o and x in one place"},          {"!", "a rise: violates the DPI"},
             {"5.25*", "not the default"},           {"computing", "of the old parameters"},
             {"+", "a count above 9, a layer beyond z"}};

/* ---- keys of the help itself ---- */

void help_open(struct help *help, unsigned context)
{
    *help = (struct help){.open = true, .context = context};
}

bool help_key(struct help *help, int key)
{
    int page = help->page > 1 ? help->page : 1;
    switch (key) {
    case 'q':
    case '?':
    case PRESS_ESCAPE:
    case PRESS_F1:
        help->open = false;
        return true;
    case 'j':
    case PRESS_DOWN:
        help->top++;
        return true;
    case 'k':
    case PRESS_UP:
        help->top--;
        return true;
    case ' ':
    case PRESS_PAGE_DOWN:
        help->top += page;
        return true;
    case PRESS_PAGE_UP:
        help->top -= page;
        return true;
    case 'g':
    case PRESS_HOME:
        help->top = 0;
        return true;
    case 'G':
    case PRESS_END:
        help->top = LINES_MOST; /* held within the text by the next drawing */
        return true;
    default:
        return false;
    }
}

/* ---- its text ---- */

static struct line *add(struct text *text, int tab, const char *left, const char *what)
{
    struct line *line = &text->lines[text->count < LINES_MOST ? text->count++ : LINES_MOST - 1];
    *line = (struct line){.tab = tab, .what = what};
    snprintf(line->left, sizeof line->left, "%s", left);
    return line;
}

static void add_head(struct text *text, const char *head)
{
    if (text->count > 0)
        add(text, 0, "", "");
    add(text, 0, head, "")->head = true;
}

static void add_keys(struct text *text, const struct bindings *bindings, enum section section)
{
    add_head(text, section_name(section));
    for (size_t k = 0; k < key_rows; k++) {
        char keys[sizeof text->lines->left];
        if (key_table[k].section != section)
            continue;
        bindings_text(bindings, &key_table[k], KEYS_A_ROW, keys, sizeof keys);
        if (keys[0] != '\0') /* else a user has taken them all away */
            add(text, KEYS_WIDTH, keys, key_table[k].what);
    }
}

/* What a user has bound that no row of the table says. */
static void add_bound(struct text *text, const struct bindings *bindings)
{
    bool any = false;
    for (size_t k = 0; k < bindings->count; k++) {
        const struct bound *bound = &bindings->items[k];
        char key[KEY_NAME];
        if (!bindings_holds(bindings, k) || bindings_in_table(bindings, k))
            continue;
        if (!any)
            add_head(text, "Bound by you");
        any = true;
        struct line *line = add(text, KEYS_WIDTH, key_text(key, bound->key), command_table[bound->line.command].what);
        if (bound->line.argument[0] != '\0')
            snprintf(line->left, sizeof line->left, "%-*s%s %.64s", KEYS_WIDTH, key,
                     command_table[bound->line.command].name, bound->line.argument);
        line->what = bound->line.argument[0] != '\0' ? "" : line->what;
    }
}

static void add_commands(struct text *text, enum section section)
{
    char head[32];
    snprintf(head, sizeof head, ": %s", section_name(section));
    add_head(text, head);
    for (int k = DO_NOTHING + 1; k < COMMANDS; k++) {
        const struct command_info *info = &command_table[k];
        char said[64];
        if (info->section != section)
            continue;
        snprintf(said, sizeof said, "%s%s%s", info->name, info->shown[0] != '\0' ? " " : "", info->shown);
        add(text, COMMANDS_WIDTH, said, info->what);
    }
}

/* Without memory: NULL. */
static struct text *whole_text(const struct bindings *bindings, unsigned context)
{
    static const enum section on_plots[SECTIONS] = {SECTION_PARAMETERS, SECTION_TRAINING, SECTION_VIEW, SECTION_RUNS,
                                                    SECTION_ALWAYS};
    static const enum section on_list[SECTIONS] = {SECTION_RUNS, SECTION_ALWAYS, SECTION_VIEW, SECTION_PARAMETERS,
                                                   SECTION_TRAINING};
    const enum section *order = context == ON_LIST ? on_list : on_plots;
    struct text *text = ifl_alloc(1, sizeof *text);
    if (text == NULL)
        return NULL;
    for (int k = 0; k < SECTIONS; k++)
        add_keys(text, bindings, order[k]);
    add_bound(text, bindings);
    add_head(text, "Marks");
    for (size_t k = 0; k < sizeof marks / sizeof *marks; k++)
        add(text, KEYS_WIDTH, marks[k].mark, marks[k].what);
    for (int k = 0; k < SECTIONS; k++)
        add_commands(text, order[k]);
    return text;
}

/* ---- drawing ---- */

static void draw_line(struct canvas *canvas, struct rect where, int row, const struct line *line)
{
    struct pen pen = pen_at(canvas, where, row);
    if (line->head) {
        pen_text(&pen, INK_TITLE, CELL_BOLD, line->left);
        return;
    }
    int tab = pen.x + line->tab;
    pen_text(&pen, INK_CURSOR, 0, line->left);
    pen.x = pen.x + 1 > tab ? pen.x + 1 : tab;
    pen_text(&pen, INK_NONE, 0, line->what);
}

static int held(int value, int most)
{
    value = value > most ? most : value;
    return value < 0 ? 0 : value;
}

static void draw_frame(struct canvas *canvas, const struct help *help, int count)
{
    struct rect all = {0, 0, canvas->columns, canvas->rows};
    struct pen title = pen_at(canvas, all, 0), foot = pen_at(canvas, all, canvas->rows - 1);
    canvas_text(canvas, 0, 0, canvas->columns, " infoflow ", INK_TITLE, CELL_BOLD | CELL_REVERSE);
    pen_skip(&title, 11);
    pen_text(&title, INK_TITLE, CELL_BOLD, "keys and : commands");
    if (count <= help->page) {
        pen_text(&foot, INK_DIM, 0, "q closes");
        return;
    }
    int last = help->top + help->page < count ? help->top + help->page : count;
    pen_printf(&foot, INK_DIM, 0, "j k scroll, q closes  %d-%d of %d", help->top + 1, last, count);
}

void draw_help(struct canvas *canvas, const struct bindings *bindings, struct help *help)
{
    struct text *text = whole_text(bindings, help->context);
    int rows = canvas->rows - 2, columns = held(canvas->columns / COLUMN_LEAST, COLUMNS_MOST);
    if (text == NULL || rows < 1) {
        free(text);
        return;
    }
    columns = columns < 1 ? 1 : columns;
    /* Columns no longer than they need to be. */
    int even = (text->count + columns - 1) / columns;
    rows = rows > even ? even : rows;
    help->page = rows * columns;
    help->top = held(help->top, text->count - help->page);

    int width = canvas->columns / columns < COLUMN_MOST ? canvas->columns / columns : COLUMN_MOST;
    for (int k = 0; k < help->page && help->top + k < text->count; k++) {
        struct rect where = {k / rows * width, 1, width, rows};
        draw_line(canvas, where, k % rows, &text->lines[help->top + k]);
    }
    draw_frame(canvas, help, text->count);
    free(text);
}

void draw_hints(struct pen *pen, const struct bindings *bindings, unsigned context)
{
    for (size_t k = 0; k < key_rows; k++) {
        const struct key_row *row = &key_table[k];
        char keys[64];
        if (!(row->contexts & context) || row->hint == NULL)
            continue;
        bindings_text(bindings, row, row->hinted, keys, sizeof keys);
        if (keys[0] == '\0')
            continue;
        if ((int)(text_width(keys) + 1 + strlen(row->hint)) > pen_room(pen))
            return;
        pen_text(pen, INK_TITLE, 0, keys);
        pen_skip(pen, 1);
        pen_text(pen, INK_DIM, 0, row->hint);
        pen_skip(pen, 2);
    }
}
