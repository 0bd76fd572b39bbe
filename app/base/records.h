/* Estimates as records (run, step, epoch, batch, layer, quantity, value) for other programs: CSV or JSON. Those of a sweep
 * of widths begin with (chain, h) and end with health. */
#ifndef BASE_RECORDS_H
#define BASE_RECORDS_H

#include <stdio.h>

#include <base/estimate.h>
#include <base/run.h>

enum records_format { RECORDS_CSV, RECORDS_JSON };

/* One document on a stream that is the caller's: begun, any number of runs added, ended. Names go out sanitised, values
 * so that they read back as the same doubles. Whether the stream took it all is ferror's to say. */
struct records {
    FILE *stream;
    enum records_format format;
    ifl_quantity_set only; /* these quantities alone; 0, as it begins: all */
    size_t count;          /* written so far */
    bool swept;
    const char *chain; /* of a sweep: whose width it is */
    double h;
};

void records_begin(struct records *records, FILE *stream, enum records_format format);
/* The same of a sweep; before any is added, and at each width, records_width says which. `chain` must live on. */
void records_begin_sweep(struct records *records, FILE *stream, enum records_format format);
void records_width(struct records *records, const char *chain, double h);
/* `estimates` [count], snapshot after snapshot of the run. CSV keeps to its columns; JSON has the standard `error`,
 * too, of a value that is of a sample of pairs. */
void records_add(struct records *records, const struct run *run, const struct estimate *estimates, size_t count);
void records_end(struct records *records);

#endif
