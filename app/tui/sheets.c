#include <stdlib.h>
#include <string.h>

#include "settings.h"
#include "sheets.h"

static void sheet_free(struct sheet *sheet)
{
    for (size_t k = 0; sheet->estimates != NULL && k < sheet->count; k++)
        estimate_clear(&sheet->estimates[k]);
    free(sheet->estimates);
    free(sheet);
}

void sheets_release(struct sheets *sheets)
{
    for (size_t k = 0; k < sheets->count; k++)
        sheet_free(sheets->items[k]);
    free(sheets->items);
    *sheets = (struct sheets){0};
}

void sheet_hold(struct sheet **place, struct sheet *sheet)
{
    if (sheet != NULL)
        sheet->holders++;
    if (*place != NULL)
        (*place)->holders--;
    *place = sheet;
}

/* ---- finding and making ---- */

static bool chosen(const struct store_snapshot *snapshot, const int64_t *step)
{
    return step == NULL || snapshot->step == *step;
}

/* Whether the sheet is of just these snapshots. */
static bool is_of(const struct sheet *sheet, const struct store_snapshot *snapshots, size_t count, const int64_t *step)
{
    size_t at = 0;
    for (size_t k = 0; k < count; k++) {
        if (!chosen(&snapshots[k], step))
            continue;
        if (at == sheet->count || sheet->estimates[at].step != snapshots[k].step ||
            sheet->estimates[at].batch != snapshots[k].batch)
            return false;
        at++;
    }
    return at == sheet->count;
}

static bool same_name(const struct sheet *sheet, int64_t run, const struct ifl_params *params, const int64_t *step)
{
    return sheet->run == run && sheet->one_step == (step != NULL) && (step == NULL || sheet->step == *step) &&
           params_equal(&sheet->params, params);
}

static struct sheet *make(const struct store_snapshot *snapshots, size_t count, const struct ifl_params *params,
                          const int64_t *step)
{
    struct sheet *sheet = ifl_alloc(1, sizeof *sheet);
    if (sheet == NULL)
        return NULL;
    *sheet = (struct sheet){.run = count > 0 ? snapshots[0].run : 0, .params = *params, .one_step = step != NULL};
    if (step != NULL)
        sheet->step = *step;
    sheet->estimates = ifl_alloc(count, sizeof *sheet->estimates);
    if (sheet->estimates == NULL) {
        free(sheet);
        return NULL;
    }
    for (size_t k = 0; k < count; k++)
        if (chosen(&snapshots[k], step))
            sheet->estimates[sheet->count++] =
                (struct estimate){.step = snapshots[k].step, .batch = snapshots[k].batch, .epoch = snapshots[k].epoch};
    sheet->bytes = sizeof *sheet + count * sizeof *sheet->estimates;
    return sheet;
}

/* Gives up the sheet that nobody holds and that was longest not asked for; false where there is none. */
static bool drop_oldest(struct sheets *sheets)
{
    size_t oldest = sheets->count;
    for (size_t k = 0; k < sheets->count; k++)
        if (sheets->items[k]->holders == 0 &&
            (oldest == sheets->count || sheets->items[k]->used < sheets->items[oldest]->used))
            oldest = k;
    if (oldest == sheets->count)
        return false;
    sheet_free(sheets->items[oldest]);
    sheets->items[oldest] = sheets->items[--sheets->count];
    return true;
}

/* Of those that nobody holds. */
static size_t bytes_kept(const struct sheets *sheets)
{
    size_t bytes = 0;
    for (size_t k = 0; k < sheets->count; k++)
        bytes += sheets->items[k]->holders == 0 ? sheets->items[k]->bytes : 0;
    return bytes;
}

static bool make_room(struct sheets *sheets)
{
    while ((sheets->count >= SHEETS_KEPT || bytes_kept(sheets) > SHEETS_BYTES) && drop_oldest(sheets))
        continue;
    if (sheets->count < sheets->room)
        return true;
    size_t room = 2 * sheets->room + 64, bytes;
    struct sheet **items = ifl_size_mul(room, sizeof *items, &bytes) ? realloc(sheets->items, bytes) : NULL;
    if (items == NULL)
        return false;
    sheets->items = items;
    sheets->room = room;
    return true;
}

struct sheet *sheets_get(struct sheets *sheets, const struct store_snapshot *snapshots, size_t count,
                         const struct ifl_params *params, const int64_t *step)
{
    int64_t run = count > 0 ? snapshots[0].run : 0;
    for (size_t k = 0; k < sheets->count; k++) {
        struct sheet *sheet = sheets->items[k];
        if (same_name(sheet, run, params, step) && is_of(sheet, snapshots, count, step)) {
            sheet->used = ++sheets->clock;
            return sheet;
        }
    }
    struct sheet *sheet = make_room(sheets) ? make(snapshots, count, params, step) : NULL;
    if (sheet == NULL)
        return NULL;
    sheet->used = ++sheets->clock;
    sheets->items[sheets->count++] = sheet;
    return sheet;
}

/* ---- filling ---- */

/* What is there and what has come have the same parameters, so the same values; but they may be answers to different
 * questions (two sweeps that meet in one width; a request begun anew, whose first answers have fewer quantities). What
 * the new one lacks stays. Without memory it goes. */
static void keep_others(struct estimate *fresh, const struct estimate *old)
{
    ifl_quantity_set there = estimate_quantities(fresh);
    size_t kept = 0;
    for (size_t k = 0; k < old->count && old->records != NULL; k++)
        kept += !(there & IFL_BIT(old->records[k].quantity));
    if (kept == 0)
        return;
    size_t count = fresh->count, bytes;
    struct ifl_record *records =
        ifl_size_mul(count + kept, sizeof *records, &bytes) ? realloc(fresh->records, bytes) : NULL;
    if (records == NULL)
        return;
    fresh->records = records;
    for (size_t k = 0; k < old->count; k++)
        if (!(there & IFL_BIT(old->records[k].quantity)))
            records[fresh->count++] = old->records[k];
}

bool sheet_take(struct sheet *sheet, struct engine_answer *answer)
{
    struct estimate *estimate = answer->index < sheet->count ? &sheet->estimates[answer->index] : NULL;
    if (answer->of != sheet->count || estimate == NULL || estimate->step != answer->estimate.step ||
        estimate->batch != answer->estimate.batch)
        return false;
    keep_others(&answer->estimate, estimate);
    sheet->bytes -= estimate_bytes(estimate);
    estimate_clear(estimate);
    estimate->records = answer->estimate.records;
    estimate->count = answer->estimate.count;
    estimate_index(estimate);
    sheet->bytes += estimate_bytes(estimate);
    answer->estimate.records = NULL;
    answer->estimate.count = 0;
    return true;
}

bool sheet_has(const struct sheet *sheet, size_t from, size_t to, enum ifl_quantity quantity)
{
    for (size_t k = from; k < to; k++)
        if (!(estimate_quantities(&sheet->estimates[k]) & IFL_BIT(quantity)))
            return false;
    return to > from;
}
