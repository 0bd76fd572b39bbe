/* Readers of what a training script wrote: run.json, .npz and .safetensors, into runs and snapshots. */
#ifndef DUMP_H
#define DUMP_H

#include <stdatomic.h>

#include <base/run.h>

/* All that is believed of a file from outside, in one place; every size is in bytes. */
struct dump_limits {
    size_t json;        /* run.json; the header of a .safetensors */
    size_t json_depth;
    size_t header;      /* a .npy header */
    size_t rank;
    size_t array;       /* one array, as its header declares it */
    size_t snapshot;    /* all distances of one snapshot */
    size_t entries;     /* arrays in one file */
    size_t layers;
    size_t maps;        /* of all variables of a snapshot */
    size_t fields;      /* params; tags */
    size_t name;        /* a run's, layer's, param's or metric's name */
    size_t samples;     /* n */
};
struct dump_limits dump_limits_default(void);

/* What reader and caller say to each other meanwhile. */
struct dump_notes {
    /* Notes that are not errors (an unknown key, a missing run.json): `text` is one line, `PATH: KEY: what`. */
    void (*note)(void *context, const char *text);
    void *context;
    const atomic_bool *cancel; /* may be NULL; raised by any thread: dump_read ends soon with IFL_CANCELED */
};

/* A run on disk: its run.json and the snapshot files beside it. */
struct dump_run {
    struct run run;
    char **files; /* paths of the snapshots, sorted by name */
    size_t n_files;
};

/* Opens a run folder, or the folder of a single snapshot file (then `files` is just that one). Without a run.json the
 * layers come from the first file's keys, and a note says so. IFL_REFUSED where it breaks the format, IFL_FAILED
 * where it cannot be read, IFL_NOT_FOUND where the path is neither. */
enum ifl_status dump_open(struct dump_run *out, const char *path, const struct dump_limits *limits,
                          const struct dump_notes *notes, struct ifl_error *error);
void dump_close(struct dump_run *run);

/* True if `path` is a folder that holds a run.json or snapshot files itself. */
bool dump_is_run(const char *path);

/* The name of the file that describes a run, and whether a file of this name, in a run folder, is a snapshot. */
#define DUMP_MANIFEST "run.json"
bool dump_is_snapshot_name(const char *name);

/* Which snapshot a file is, without reading its arrays: for callers that have it already. Errors as dump_read's. */
enum ifl_status dump_peek(int64_t *step, int64_t *batch, const struct run *run, const char *path,
                          const struct dump_limits *limits, struct ifl_error *error);

/* Reads one snapshot file of `run` into distances, keeping those of single maps as run->map_limit says. Everything is
 * checked before anything is kept: types, shapes, n, finiteness. IFL_REFUSED names file, key and reason. */
enum ifl_status dump_read(struct snapshot *out, const struct run *run, const char *path,
                          const struct dump_limits *limits, const struct dump_notes *notes, struct ifl_error *error);

/* The same a variable at a time, for whoever cannot hold all distances of a snapshot. Errors as dump_read's. What
 * dump_reader_new is given must outlive the reader, but for the path. */
struct dump_reader;
enum ifl_status dump_reader_new(struct dump_reader **out, const struct run *run, const char *path,
                                const struct dump_limits *limits, const struct dump_notes *notes,
                                struct ifl_error *error);
void dump_reader_free(struct dump_reader *reader);
/* The snapshot, whose shapes are checked; its distances are NULL. The reader's. */
const struct snapshot *dump_reader_snapshot(const struct dump_reader *reader);
/* The distances of variable k as new memory (free()). */
enum ifl_status dump_reader_distances(struct dump_reader *reader, size_t k, float **out, struct ifl_error *error);
/* Whether dump_reader_distances would give them, found out in less time. */
enum ifl_status dump_reader_check(struct dump_reader *reader, size_t k, struct ifl_error *error);
/* The snapshot with all its distances, which is then the caller's; the reader is good for nothing any more. */
enum ifl_status dump_reader_take(struct dump_reader *reader, struct snapshot *out, struct ifl_error *error);

#endif
