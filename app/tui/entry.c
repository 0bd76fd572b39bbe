#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <base/text.h>

#include "entry.h"

int64_t runs_now(const struct runs *runs)
{
    return runs->now != 0 ? runs->now : (int64_t)time(NULL);
}

/* ---- values ---- */

static const struct field *field_of(const struct column *column, const struct store_run *run)
{
    if (column->kind == COLUMN_PARAM)
        return run_param(&run->run, column->key);
    for (size_t k = 0; column->kind == COLUMN_TAG && k < run->run.n_tags; k++)
        if (strcmp(run->run.tags[k].key, column->key) == 0)
            return &run->run.tags[k];
    return NULL;
}

static bool set(double *out, double value)
{
    *out = value;
    return !isnan(value);
}

bool entry_number(const struct runs *runs, const struct column *column, size_t item, double *out)
{
    const struct store_run *run = &runs->items[item];
    const struct run_share *share = &runs->shares[item];
    const struct field *field;
    const struct metric *metric;
    switch (column->kind) {
    case COLUMN_PARAM:
    case COLUMN_TAG:
        field = field_of(column, run);
        return field != NULL && field->type == FIELD_NUMBER && set(out, field->number);
    case COLUMN_METRIC:
        metric = metric_find(run->metrics, run->n_metrics, column->key);
        return metric != NULL && set(out, metric->value);
    case COLUMN_LAYERS:
        return set(out, (double)run->run.n_layers);
    case COLUMN_N:
        return run->snapshots > 0 && set(out, (double)run->n);
    case COLUMN_SNAPSHOTS:
        return set(out, (double)run->snapshots);
    case COLUMN_STEP:
        return run->snapshots > 0 && set(out, (double)run->last_step);
    case COLUMN_AGE:
        return set(out, (double)(runs_now(runs) - run->created));
    case COLUMN_DPI_FORWARD:
        return share->known && set(out, 100 * share->forward);
    case COLUMN_DPI_BACKWARD:
        return share->known && set(out, 100 * share->backward);
    default:
        return false;
    }
}

const char *entry_text(const struct column *column, const struct store_run *run)
{
    const struct field *field = field_of(column, run);
    if (column->kind == COLUMN_NAME)
        return run->run.name;
    if (column->kind == COLUMN_NOTE)
        return run->note != NULL && run->note[0] != '\0' ? run->note : NULL;
    return field != NULL ? field->text : NULL;
}

/* ---- numbers as text ---- */

/* `.985`, `2.301`: without a nought before the point, whatever a locale's point is. */
static char *print_fixed(char *out, double value, int decimals)
{
    static const double powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000};
    int64_t units = (int64_t)llround(fabs(value) * powers[decimals]);
    char digits[24], *at = out;
    int count = snprintf(digits, sizeof digits, "%0*" PRId64, decimals > 0 ? decimals : 1, units);
    if (value < 0 && units > 0)
        *at++ = '-';
    for (int k = 0; k < count; k++) {
        if (decimals > 0 && k == count - decimals)
            *at++ = '.';
        *at++ = digits[k];
    }
    *at = '\0';
    return at;
}

/* What the column's decimals would round away is printed as short as can be; what is far greater than the others goes
 * without them. */
static char *print_metric(char *out, const struct column *column, double value, int decimals)
{
    bool vanishes = value != 0 && fabs(value) * pow(10, decimals) < 0.5;
    if (column->fixed && isfinite(value) && fabs(value) < 1e9 && !vanishes) {
        while (decimals > 0 && fabs(value) * pow(10, decimals) >= 1e6)
            decimals--;
        return print_fixed(out, value, decimals);
    }
    text_short(out, value, 3);
    return out + strlen(out);
}

static void set_before(struct entry *entry)
{
    entry->before = (int)strcspn(entry->text, ".eE");
}

/* `45s` `3h` `12d` `5y` */
static void print_age(char *out, size_t size, double seconds)
{
    static const struct {
        double seconds;
        char unit;
    } units[] = {{365.25 * 86400, 'y'}, {7 * 86400, 'w'}, {86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
    size_t k = 0, last = sizeof units / sizeof *units - 1;
    seconds = fmax(seconds, 0);
    while (k < last && seconds < units[k].seconds * (units[k].unit == 'w' ? 2 : 1))
        k++;
    snprintf(out, size, "%.0f%c", fmin(floor(seconds / units[k].seconds), 99), units[k].unit);
}

/* 100 % is said of nothing less. */
static double short_of_all(double percent)
{
    return percent < 100 ? fmin(percent, 99) : percent;
}

/* ---- of a run ---- */

static void print_number(struct entry *entry, const struct column *column, double value)
{
    char *out = entry->room;
    switch (column->kind) {
    case COLUMN_METRIC:
        print_metric(out, column, value, column->decimals);
        break;
    case COLUMN_AGE:
        print_age(out, sizeof entry->room, value);
        break;
    case COLUMN_DPI_FORWARD:
    case COLUMN_DPI_BACKWARD:
        snprintf(out, sizeof entry->room, "%.0f %%", short_of_all(value));
        break;
    default:
        text_short(out, value, 9);
    }
    set_before(entry);
}

static bool is_share(const struct column *column)
{
    return column->kind == COLUMN_DPI_FORWARD || column->kind == COLUMN_DPI_BACKWARD;
}

static void start(struct entry *entry)
{
    entry->room[0] = '\0';
    entry->text = entry->room;
    entry->before = 0;
    entry->dim = false;
}

void entry_of_run(struct entry *entry, const struct runs *runs, const struct column *column, size_t item)
{
    double value;
    start(entry);
    const char *text = entry_text(column, &runs->items[item]);
    if (text != NULL) {
        entry->text = text;
        if (column->numeric)
            set_before(entry);
    } else if (entry_number(runs, column, item, &value)) {
        print_number(entry, column, value);
    } else if (is_share(column)) {
        strcpy(entry->room, "-");
        entry->dim = !runs->shares[item].known && runs->items[item].snapshots > 0;
    }
}

/* ---- of a group ---- */

struct spread {
    size_t count;
    double mean, squares; /* about the mean */
    double low, high;
};

static void add(struct spread *spread, double value)
{
    double off = value - spread->mean;
    spread->low = spread->count == 0 ? value : fmin(spread->low, value);
    spread->high = spread->count == 0 ? value : fmax(spread->high, value);
    spread->mean += off / (double)++spread->count;
    spread->squares += off * (value - spread->mean);
}

static struct spread spread_of(const struct runs *runs, const struct column *column, const struct run_group *group)
{
    struct spread spread = {0};
    double value;
    for (size_t k = 0; k < group->count; k++)
        if (entry_number(runs, column, runs->members[group->first + k], &value))
            add(&spread, value);
    return spread;
}

/* Of a sample: over n - 1. */
static double deviation(const struct spread *spread)
{
    return spread->count > 1 ? sqrt(spread->squares / (double)(spread->count - 1)) : 0;
}

static void print_spread(struct entry *entry, const struct column *column, const struct spread *spread, bool ascii)
{
    char *at = entry->room;
    const char *sign = ascii ? "+-" : "\xC2\xB1";
    int decimals = column->decimals > 1 ? column->decimals - 1 : column->decimals;
    if (is_share(column)) {
        snprintf(at, sizeof entry->room, "%.0f%s%.0f %%", short_of_all(spread->mean), sign, deviation(spread));
    } else {
        at = print_metric(at, column, spread->mean, decimals);
        at += sprintf(at, "%s", sign);
        print_metric(at, column, deviation(spread), decimals);
    }
    set_before(entry);
}

static void print_two(char out[ENTRY_SIZE], double low, const char *between, double high)
{
    char one[32], other[32];
    snprintf(out, ENTRY_SIZE, "%.28s%.4s%.28s", text_short(one, low, 9), between, text_short(other, high, 9));
}

static void print_range(struct entry *entry, const struct column *column, const struct spread *spread)
{
    if (spread->low == spread->high || column->kind == COLUMN_AGE)
        print_number(entry, column, spread->low); /* the youngest */
    else
        print_two(entry->room, spread->low, "..", spread->high);
}

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* What the members share, else how far it goes; a star for texts that differ. */
static void common_text(struct entry *entry, const struct runs *runs, const struct column *column,
                        const struct run_group *group)
{
    const char *first = entry_text(column, &runs->items[runs->members[group->first]]);
    for (size_t k = 1; k < group->count; k++) {
        if (!same_text(first, entry_text(column, &runs->items[runs->members[group->first + k]]))) {
            struct spread spread = spread_of(runs, column, group);
            snprintf(entry->room, sizeof entry->room, "*");
            if (spread.count == group->count)
                print_range(entry, column, &spread);
            return;
        }
    }
    entry->text = first != NULL ? first : entry->room;
    if (column->numeric)
        set_before(entry);
}

void entry_of_group(struct entry *entry, const struct runs *runs, const struct column *column,
                    const struct run_group *group, bool ascii)
{
    start(entry);
    if (column->kind == COLUMN_PARAM || column->kind == COLUMN_TAG || column->kind == COLUMN_NOTE) {
        common_text(entry, runs, column, group);
        return;
    }
    struct spread spread = spread_of(runs, column, group);
    bool measured = is_share(column) || column->kind == COLUMN_METRIC;
    if (spread.count > 0 && measured && group->count > 1)
        print_spread(entry, column, &spread, ascii);
    else if (spread.count > 0)
        print_range(entry, column, &spread);
    else if (is_share(column))
        snprintf(entry->room, sizeof entry->room, "-");
    for (size_t k = 0; is_share(column) && k < group->count; k++) {
        size_t item = runs->members[group->first + k];
        entry->dim |= !runs->shares[item].known && runs->items[item].snapshots > 0;
    }
}
