/* What a run is: the records that dump/ reads, store/ keeps and the screens name. */
#ifndef BASE_RUN_H
#define BASE_RUN_H

#include <infoflow/snapshot.h>
#include <infoflow/spectrum.h>

enum field_type { FIELD_NULL, FIELD_BOOL, FIELD_NUMBER, FIELD_TEXT, FIELD_JSON };

/* One entry of `params` or `tags`. */
struct field {
    char *key;
    enum field_type type;
    char *text;    /* as a person would write it: `sigmoid`, `0.1`, `true`, `null`, compact JSON of a list or object */
    double number; /* of a FIELD_NUMBER */
};

enum layer_kind { LAYER_CONV, LAYER_POOL, LAYER_FC, LAYER_OTHER, LAYER_KINDS };
enum layer_axes { AXES_NCHW, AXES_NHWC, AXES_ND, AXES_KINDS };

const char *layer_kind_name(enum layer_kind kind);
bool layer_kind_parse(const char *name, enum layer_kind *out);
const char *layer_axes_name(enum layer_axes axes);
bool layer_axes_parse(const char *name, enum layer_axes *out);

struct layer {
    char *name;
    enum layer_kind kind;
    enum layer_axes axes;
};

/* A run without its snapshots. Owns everything it points to; zeroed, it is empty. */
struct run {
    char *name;
    struct field *params;
    size_t n_params;
    struct field *tags;
    size_t n_tags;
    struct layer *layers; /* in forward order */
    size_t n_layers;
    size_t map_limit; /* of no layer are more single maps kept; 0: of all layers all */
};

void run_release(struct run *run);
void fields_free(struct field *fields, size_t count);
/* The param of that key, or NULL. */
const struct field *run_param(const struct run *run, const char *key);
/* The index of the layer of that name, or -1. */
int32_t run_layer(const struct run *run, const char *name);

/* One variable of a snapshot as squared distances, float32: the maps that are kept (maps_sample) one after the other,
 * then, where maps > 1, the sum over all. */
struct variable {
    enum ifl_of of; /* X, T or DELTA */
    int32_t layer;  /* 0 for X */
    size_t maps;
    size_t kept; /* maps_kept(maps, run's map_limit) */
    size_t dim;
    float *distances; /* [kept + (maps > 1)][ifl_pair_count(n)], owned */
};

struct metric {
    char *name;
    double value;
};

/* Owns everything it points to; zeroed, it is empty. */
struct snapshot {
    int64_t step;
    int64_t batch;
    double epoch; /* NAN: not given */
    size_t n;
    int32_t *labels; /* [n], or NULL */
    size_t classes;
    struct metric *metrics;
    size_t n_metrics;
    struct variable *variables;
    size_t n_variables;
};

void snapshot_release(struct snapshot *snapshot);
void metrics_free(struct metric *metrics, size_t count);

#endif
