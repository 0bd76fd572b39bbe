/* Which columns there are: one pass over the runs, with a hash table of keys, whatever the runs bring. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <base/text.h>

#include "columns.h"

enum {
    TEXT_WIDTH = 20,
    NAME_WIDTH = 48,
    NOTE_WIDTH = 28,
    HEAD_WIDTH = 14,
    COLUMNS_MOST = 512, /* what runs have beyond is in their readout */
    SLOTS = 2048,       /* a power of two, and more than COLUMNS_MOST */
    DIGITS_MOST = 8,
    SIGNIFICANT = 4 /* digits of a metric */
};

/* A column while it is counted. */
struct census {
    struct column column;
    size_t order;             /* of appearance */
    size_t seen;              /* runs that have it */
    const char *first, *most; /* of the texts; `most` as the vote stands */
    long votes;               /* Boyer and Moore's */
    bool differs, rare, text, fraction;
    int before, after;                    /* columns */
    uint32_t digits[2 * DIGITS_MOST + 1]; /* of how many numbers, from -DIGITS_MOST on */
    size_t texts;                         /* that are not empty */
    uint32_t widths[NAME_WIDTH + 1];      /* how many texts are so wide */
};

struct census_table {
    struct census *items;
    size_t count, room;
    uint16_t slots[SLOTS]; /* index + 1 */
    bool failed;
};

static size_t slot_of(enum column_kind kind, const char *key)
{
    uint32_t hash = 2166136261u ^ (uint32_t)kind;
    for (; key != NULL && *key != '\0'; key++)
        hash = (hash ^ (unsigned char)*key) * 16777619u;
    return (hash ^ hash >> 15) & (SLOTS - 1);
}

static struct census *census_add(struct census_table *table, enum column_kind kind, const char *key)
{
    if (table->count == table->room) {
        size_t room = 2 * table->room + 32;
        struct census *items = realloc(table->items, room * sizeof *items);
        table->failed |= items == NULL;
        if (items == NULL)
            return NULL;
        table->items = items;
        table->room = room;
    }
    struct census *census = &table->items[table->count];
    *census = (struct census){.column = {.kind = kind, .key = key, .low = INFINITY, .high = -INFINITY},
                              .order = table->count++};
    return census;
}

/* NULL where there is no memory or there are columns enough. */
static struct census *census_of(struct census_table *table, enum column_kind kind, const char *key)
{
    size_t slot = slot_of(kind, key);
    for (; table->slots[slot] != 0; slot = (slot + 1) & (SLOTS - 1)) {
        struct census *census = &table->items[table->slots[slot] - 1];
        if (census->column.kind == kind && (key == NULL || strcmp(census->column.key, key) == 0))
            return census;
    }
    if (table->count == COLUMNS_MOST)
        return NULL;
    struct census *census = census_add(table, kind, key);
    if (census != NULL)
        table->slots[slot] = (uint16_t)table->count;
    return census;
}

/* ---- counting ---- */

static int at_least(int width, size_t wanted, int most)
{
    return wanted > (size_t)most ? most : (int)wanted > width ? (int)wanted : width;
}

/* The width of a text of which no more than `most` columns count, however long it is. */
static size_t width_within(const char *text, int most)
{
    char fitted[256];
    size_t length = 0;
    while (length <= (size_t)most && text[length] >= 0x20 && text[length] < 0x7F)
        length++;
    if (text[length] == '\0' || length > (size_t)most)
        return length;
    return text_width(text_fit(fitted, sizeof fitted, text, (size_t)most));
}

/* Columns before the decimal point of a number as somebody wrote it. */
static size_t before_point(const char *text)
{
    return strcspn(text, ".eE");
}

static void count_text(struct census *census, const char *text, bool number, int most)
{
    if (census == NULL)
        return;
    census->differs |= census->seen++ > 0 && strcmp(census->first, text) != 0;
    if (census->first == NULL)
        census->first = text;
    if (census->votes == 0)
        census->most = text;
    census->votes += strcmp(census->most, text) == 0 ? 1 : -1;
    census->text |= !number;
    census->texts += text[0] != '\0';
    census->widths[at_least(0, width_within(text, most), most)] += text[0] != '\0';
    if (number) {
        size_t before = before_point(text);
        census->before = at_least(census->before, before, most);
        census->after = at_least(census->after, strlen(text) - before, most);
    }
}

/* Digits before the decimal point, 0 for .985, less for .00985. */
static int digits_of(double value)
{
    if (value == 0 || !isfinite(value))
        return 0;
    double digits = floor(log10(fabs(value))) + 1;
    return digits < -DIGITS_MOST ? -DIGITS_MOST : digits > DIGITS_MOST ? DIGITS_MOST : (int)digits;
}

static void count_number(struct census *census, double value)
{
    if (census == NULL)
        return;
    struct column *column = &census->column;
    census->differs |= census->seen++ > 0 && !(value == column->low && value == column->high);
    census->fraction |= value != floor(value);
    column->low = fmin(column->low, value);
    column->high = fmax(column->high, value);
    census->digits[DIGITS_MOST + digits_of(value)]++;
}

static void count_run(struct census_table *table, const struct store_run *run)
{
    for (size_t k = 0; k < run->run.n_params; k++) {
        const struct field *field = &run->run.params[k];
        struct census *census = census_of(table, COLUMN_PARAM, field->key);
        count_text(census, field->text, field->type == FIELD_NUMBER, TEXT_WIDTH);
        if (census != NULL && field->type == FIELD_NUMBER) {
            census->column.low = fmin(census->column.low, field->number);
            census->column.high = fmax(census->column.high, field->number);
        }
    }
    for (size_t k = 0; k < run->run.n_tags; k++)
        count_text(census_of(table, COLUMN_TAG, run->run.tags[k].key), run->run.tags[k].text,
                   run->run.tags[k].type == FIELD_NUMBER, TEXT_WIDTH);
    for (size_t k = 0; k < run->n_metrics; k++)
        count_number(census_of(table, COLUMN_METRIC, run->metrics[k].name), run->metrics[k].value);
    count_text(census_of(table, COLUMN_NAME, NULL), run->run.name, false, NAME_WIDTH);
    count_text(census_of(table, COLUMN_NOTE, NULL), run->note != NULL ? run->note : "", false, NOTE_WIDTH);
    count_number(census_of(table, COLUMN_LAYERS, NULL), (double)run->run.n_layers);
    count_number(census_of(table, COLUMN_N, NULL), (double)run->n);
    count_number(census_of(table, COLUMN_SNAPSHOTS, NULL), (double)run->snapshots);
    count_number(census_of(table, COLUMN_STEP, NULL), (double)run->last_step);
}

/* ---- widths ---- */

/* Of nine numbers in ten at most. */
static int usual_digits(const struct census *census)
{
    size_t within = 0;
    for (int digits = -DIGITS_MOST; digits < DIGITS_MOST; digits++) {
        within += census->digits[DIGITS_MOST + digits];
        if (10 * within >= 9 * census->seen)
            return digits;
    }
    return DIGITS_MOST;
}

/* Four significant digits of what is usual, the same decimals for all. Very small and very great numbers do without. */
static void measure_metric(struct census *census, bool spread)
{
    struct column *column = &census->column;
    int sign = column->low<0, digits = usual_digits(census), whole = digits> 0 ? digits : 0;
    column->numeric = true;
    column->fixed = digits <= 6 && digits > -3;
    if (!column->fixed) {
        column->before = 1 + sign;
        column->content = spread ? 17 : 8 + sign;
        return;
    }
    if (!census->fraction)
        whole = whole > 1 ? whole : 1;
    else
        column->decimals = digits < SIGNIFICANT ? SIGNIFICANT - digits : 1;
    column->before = sign + whole;
    column->content = column->before + census->fraction + column->decimals;
    if (spread) /* `.985+-.002`, with a decimal less */
        column->content = column->before + 2 * column->decimals + (whole > 0) + 2;
}

/* Wide enough for nine texts in ten: what is longer is cut, lest one long text push the others off the screen. */
static int usual_width(const struct census *census)
{
    size_t within = 0;
    for (int width = 0; width <= NAME_WIDTH; width++) {
        within += census->widths[width];
        if (10 * within >= 9 * census->texts)
            return width;
    }
    return NAME_WIDTH;
}

static int whole_width(double value)
{
    int digits = digits_of(value);
    return (digits > 1 ? digits : 1) + (value < 0);
}

/* Nine runs in ten, or more, have one value there, or none, or those that have any have the same: it says little of
 * most of them. With a majority, `votes` is its runs less all others that have the param. */
static bool is_rare(const struct census *census, size_t count)
{
    size_t seen = census->seen < count ? census->seen : count;
    return !census->differs || 10 * ((size_t)census->votes + seen) >= 18 * count || 10 * (count - seen) >= 9 * count;
}

static void measure(struct census *census, size_t count, bool spread)
{
    struct column *column = &census->column;
    column->shared = !census->differs && census->seen >= count;
    census->rare = is_rare(census, count);
    switch (column->kind) {
    case COLUMN_PARAM:
    case COLUMN_TAG:
        column->numeric = !census->text;
        column->before = census->before;
        column->content = census->text ? usual_width(census) : census->before + census->after;
        column->content = at_least(0, (size_t)column->content, TEXT_WIDTH);
        break;
    case COLUMN_NAME:
    case COLUMN_NOTE:
        column->content = usual_width(census);
        break;
    case COLUMN_METRIC:
        measure_metric(census, spread);
        break;
    case COLUMN_AGE:
        column->content = 3;
        break;
    case COLUMN_DPI_FORWARD:
    case COLUMN_DPI_BACKWARD:
        column->content = spread ? 8 : 5;
        break;
    default:
        column->content = whole_width(column->high);
        if (spread && census->differs) /* `4..10` */
            column->content += 2 + whole_width(column->low);
    }
    size_t head = width_within(column_head(column), HEAD_WIDTH);
    column->width = at_least(column->content, head, HEAD_WIDTH > column->content ? HEAD_WIDTH : column->content);
}

/* ---- order ---- */

enum {
    RANK_NAME,
    RANK_VARYING,
    RANK_UNSEEN,
    RANK_DPI,
    RANK_STEP,
    RANK_SEED, /* in most names */
    RANK_SHAPE,
    RANK_METRIC,
    RANK_TAG,
    RANK_NOTE,
    RANK_RARE,
    RANK_SHARED
};

static int rank_of(const struct census *census)
{
    const struct column *column = &census->column;
    switch (column->kind) {
    case COLUMN_NAME:
        return RANK_NAME;
    case COLUMN_PARAM:
        if (column->shared || census->rare)
            return column->shared ? RANK_SHARED : RANK_RARE;
        return strcasecmp(column->key, "seed") == 0 ? RANK_SEED : RANK_VARYING;
    case COLUMN_METRIC:
        return metric_is_unseen(column->key) ? RANK_UNSEEN : RANK_METRIC;
    case COLUMN_DPI_FORWARD:
    case COLUMN_DPI_BACKWARD:
        return RANK_DPI;
    case COLUMN_STEP:
    case COLUMN_SNAPSHOTS:
    case COLUMN_AGE:
        return RANK_STEP;
    case COLUMN_LAYERS:
    case COLUMN_N:
        return RANK_SHAPE;
    case COLUMN_NOTE:
        return RANK_NOTE;
    default:
        return RANK_TAG;
    }
}

static int compare_census(const void *left, const void *right)
{
    const struct census *a = left, *b = right;
    int order = rank_of(a) - rank_of(b);
    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

/* What is the same everywhere tells nothing; how far and how good the runs are is told all the same. */
static bool shown_at_first(const struct column *column)
{
    switch (column->kind) {
    case COLUMN_PARAM:
    case COLUMN_TAG:
    case COLUMN_NOTE:
    case COLUMN_LAYERS:
    case COLUMN_N:
        return !column->shared;
    default:
        return true;
    }
}

static bool count_runs(struct census_table *table, const struct store_run *runs, size_t count)
{
    static const enum column_kind first[] = {COLUMN_NAME,   COLUMN_STEP,        COLUMN_SNAPSHOTS,
                                             COLUMN_AGE,    COLUMN_DPI_FORWARD, COLUMN_DPI_BACKWARD,
                                             COLUMN_LAYERS, COLUMN_N,           COLUMN_NOTE};
    for (size_t k = 0; k < sizeof first / sizeof *first; k++)
        census_of(table, first[k], NULL);
    for (size_t k = 0; k < count && !table->failed; k++)
        count_run(table, &runs[k]);
    return !table->failed;
}

bool columns_make(struct columns *out, const struct store_run *runs, size_t count, bool spread)
{
    struct census_table *table = ifl_alloc(1, sizeof *table);
    struct columns columns = {0};
    bool made = false;
    if (table == NULL || !count_runs(table, runs, count))
        goto out;
    for (size_t k = 0; k < table->count; k++)
        measure(&table->items[k], count, spread);
    qsort(table->items, table->count, sizeof *table->items, compare_census);
    columns.items = ifl_alloc(table->count, sizeof *columns.items);
    made = columns.items != NULL;
    for (; made && columns.count < table->count; columns.count++) {
        struct column column = table->items[columns.count].column;
        column.word = word_encode(column_kind_word(column.kind), column.key != NULL ? column.key : "");
        column.shown = shown_at_first(&column);
        columns.items[columns.count] = column;
        made = column.word != NULL;
    }
    if (made)
        *out = columns;
    else
        columns_release(&columns);
out:
    if (table != NULL)
        free(table->items);
    free(table);
    return made;
}
