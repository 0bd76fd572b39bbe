/* The snapshots of a run must be alike. Private to intake/. */
#ifndef INTAKE_ALIKE_H
#define INTAKE_ALIKE_H

#include <dump/dump.h>
#include <store/store.h>

/* What the files before, and the database, have shown of a run. */
struct seen {
    const struct dump_run *dump;
    struct seen_step {
        bool read; /* by this import: the steps of those in the database are not looked at */
        int64_t step, batch;
    } * files; /* [dump->n_files] */
    struct seen_shape {
        struct variable variable; /* without its distances */
        size_t file;              /* the first that has it, or one past the last: the database */
    } * shapes;                   /* [1 + 2 layers] */
    size_t n_shapes;
    size_t n;
};

/* `dump` must outlive it. */
enum ifl_status seen_init(struct seen *out, const struct dump_run *dump, struct ifl_error *error);
void seen_release(struct seen *seen);

/* The run's snapshots in the database are files before, as it were. */
enum ifl_status seen_add_stored(struct seen *seen, struct store *store, int64_t run, struct ifl_error *error);

/* Holds the snapshot of file k against all before it, and remembers it. IFL_REFUSED names file and key. */
enum ifl_status seen_add(struct seen *seen, size_t k, const struct snapshot *snapshot, struct ifl_error *error);

#endif
