#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "records.h"
#include "text.h"

/* Scripts read both: neither the columns nor the layout of the JSON changes. */
void records_begin(struct records *records, FILE *stream, enum records_format format)
{
    *records = (struct records){.stream = stream, .format = format};
    fputs(format == RECORDS_CSV ? "run,step,epoch,batch,layer,quantity,value\n" : "[", stream);
}

void records_begin_sweep(struct records *records, FILE *stream, enum records_format format)
{
    *records = (struct records){.stream = stream, .format = format, .swept = true};
    fputs(format == RECORDS_CSV ? "chain,h,run,step,epoch,batch,layer,quantity,value,health\n" : "[", stream);
}

void records_width(struct records *records, const char *chain, double h)
{
    records->chain = chain;
    records->h = h;
}

static const char *layer_name(const struct run *run, const struct ifl_record *record)
{
    return record->layer < 0 ? "" : run->layers[record->layer].name;
}

static void add_csv(const struct records *records, const struct run *run, const struct estimate *s,
                    const struct ifl_record *record)
{
    FILE *stream = records->stream;
    char epoch[32], health[64];
    if (records->swept)
        fprintf(stream, "%s,%.17g,", records->chain, records->h);
    text_csv(stream, run->name);
    fprintf(stream, ",%lld,%s,%lld,", (long long)s->step, text_double(epoch, s->epoch), (long long)s->batch);
    text_csv(stream, layer_name(run, record));
    fprintf(stream, ",%s,%.17g", ifl_quantity_name(record->quantity), record->value);
    if (records->swept) {
        ifl_health_text(record->health, health);
        putc(',', stream);
        text_csv(stream, health);
    }
    putc('\n', stream);
}

/* A member of an object: 17 digits, seen to be no integer, and exponents as short as they can be, `1e-5`. */
static void add_real(FILE *stream, const char *key, double value)
{
    char number[32];
    snprintf(number, sizeof number, "%.17g", value);
    char *exponent = strchr(number, 'e');
    fprintf(stream, ",\n  \"%s\": ", key);
    if (!isfinite(value))
        fputs("null", stream);
    else if (exponent != NULL)
        fprintf(stream, "%.*s%d", (int)(exponent + 1 - number), number, (int)strtol(exponent + 1, NULL, 10));
    else
        fprintf(stream, "%s%s", number, strchr(number, '.') == NULL ? ".0" : "");
}

static void add_json(const struct records *records, const struct run *run, const struct estimate *s,
                     const struct ifl_record *record)
{
    FILE *stream = records->stream;
    char health[64];
    fputs("\n {\n  \"run\": ", stream);
    text_json(stream, run->name);
    fprintf(stream, ",\n  \"step\": %lld", (long long)s->step);
    add_real(stream, "epoch", s->epoch);
    fprintf(stream, ",\n  \"batch\": %lld,\n  \"layer\": ", (long long)s->batch);
    text_json(stream, layer_name(run, record));
    fprintf(stream, ",\n  \"quantity\": \"%s\"", ifl_quantity_name(record->quantity));
    add_real(stream, "value", record->value);
    if (record->sampled)
        add_real(stream, "error", record->error);
    if (records->swept) {
        ifl_health_text(record->health, health);
        fprintf(stream, ",\n  \"health\": \"%s\",\n  \"chain\": \"%s\"", health, records->chain);
        add_real(stream, "h", records->h);
    }
    fputs("\n }", stream);
}

void records_add(struct records *records, const struct run *run, const struct estimate *estimates, size_t count)
{
    for (size_t k = 0; k < count; k++)
        for (size_t r = 0; r < estimates[k].count; r++) {
            if (records->only != 0 && !(records->only & IFL_BIT(estimates[k].records[r].quantity)))
                continue;
            if (records->format == RECORDS_CSV) {
                add_csv(records, run, &estimates[k], &estimates[k].records[r]);
            } else {
                fputs(records->count > 0 ? "," : "", records->stream);
                add_json(records, run, &estimates[k], &estimates[k].records[r]);
            }
            records->count++;
        }
}

void records_end(struct records *records)
{
    if (records->format == RECORDS_JSON)
        fputs(records->count > 0 ? "\n]\n" : "]\n", records->stream);
}
