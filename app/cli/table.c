#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <base/text.h>
#include <cli/cli.h>

struct table {
    size_t columns;
    char **cells; /* sanitised */
    size_t count, room;
    bool failed;
};

struct table *table_new(size_t columns)
{
    struct table *table = ifl_alloc(1, sizeof *table);
    if (table != NULL)
        table->columns = columns;
    return table;
}

void table_cell(struct table *table, const char *text)
{
    if (table == NULL || table->failed)
        return;
    if (table->count == table->room) {
        size_t room = table->room ? 2 * table->room : 64, bytes;
        char **cells = ifl_size_mul(room, sizeof *cells, &bytes) ? realloc(table->cells, bytes) : NULL;
        table->failed = cells == NULL;
        if (table->failed)
            return;
        table->cells = cells;
        table->room = room;
    }
    char *copy = text_clean_new(text);
    table->failed = copy == NULL;
    if (copy != NULL)
        table->cells[table->count++] = copy;
}

void table_format(struct table *table, const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    table_cell(table, text);
}

static void print_csv(const struct table *table, FILE *stream)
{
    for (size_t k = 0; k < table->count; k++) {
        text_csv(stream, table->cells[k]);
        fputs((k + 1) % table->columns == 0 ? "\n" : ",", stream);
    }
}

/* Also one in percent, or with its error: "0.5 +-0.1". */
static bool is_number(const char *text)
{
    char *end;
    (void)strtod(text, &end);
    return end != text && (*end == '\0' || strcmp(end, "%") == 0 || strncmp(end, " +-", 3) == 0);
}

/* The width of a column, and whether all of it below the header is numbers or empty. */
static size_t measure(const struct table *table, size_t column, bool *numbers)
{
    size_t width = 0;
    *numbers = table->count > table->columns;
    for (size_t k = column; k < table->count; k += table->columns) {
        size_t w = text_width(table->cells[k]);
        width = w > width ? w : width;
        if (k >= table->columns && table->cells[k][0] != '\0' && !is_number(table->cells[k]))
            *numbers = false;
    }
    return width;
}

static bool print_aligned(const struct table *table, FILE *stream)
{
    size_t *widths = ifl_alloc(table->columns, sizeof *widths);
    bool *right = ifl_alloc(table->columns, sizeof *right);
    bool ok = widths != NULL && right != NULL;
    for (size_t c = 0; ok && c < table->columns; c++)
        widths[c] = measure(table, c, &right[c]);
    for (size_t k = 0, c = 0; ok && k < table->count; k++) {
        bool last = c + 1 == table->columns;
        int blanks = (int)(widths[c] - text_width(table->cells[k]));
        fprintf(stream, "%*s%s", right[c] ? blanks : 0, "", table->cells[k]);
        if (last)
            fputc('\n', stream);
        else
            fprintf(stream, "%*s  ", right[c] ? 0 : blanks, "");
        c = last ? 0 : c + 1;
    }
    free(widths);
    free(right);
    return ok;
}

void table_free(struct table *table)
{
    for (size_t k = 0; table != NULL && k < table->count; k++)
        free(table->cells[k]);
    free(table != NULL ? table->cells : NULL);
    free(table);
}

bool table_print(struct table *table, FILE *stream, bool csv)
{
    if (table == NULL)
        return false;
    bool ok = !table->failed;
    if (ok && csv)
        print_csv(table, stream);
    else if (ok)
        ok = print_aligned(table, stream);
    table_free(table);
    return ok;
}
