#include <stdlib.h>
#include <string.h>

#include <base/run.h>

static const char *const kind_names[LAYER_KINDS] = {"conv", "pool", "fc", "other"};
static const char *const axes_names[AXES_KINDS] = {"NCHW", "NHWC", "ND"};

static int find_name(const char *const *names, int count, const char *name)
{
    for (int k = 0; k < count; k++)
        if (strcmp(names[k], name) == 0)
            return k;
    return -1;
}

const char *layer_kind_name(enum layer_kind kind)
{
    return kind_names[kind];
}

bool layer_kind_parse(const char *name, enum layer_kind *out)
{
    int k = find_name(kind_names, LAYER_KINDS, name);
    if (k >= 0)
        *out = (enum layer_kind)k;
    return k >= 0;
}

const char *layer_axes_name(enum layer_axes axes)
{
    return axes_names[axes];
}

bool layer_axes_parse(const char *name, enum layer_axes *out)
{
    int k = find_name(axes_names, AXES_KINDS, name);
    if (k >= 0)
        *out = (enum layer_axes)k;
    return k >= 0;
}

void fields_free(struct field *fields, size_t count)
{
    for (size_t k = 0; fields != NULL && k < count; k++) {
        free(fields[k].key);
        free(fields[k].text);
    }
    free(fields);
}

void run_release(struct run *run)
{
    free(run->name);
    fields_free(run->params, run->n_params);
    fields_free(run->tags, run->n_tags);
    for (size_t k = 0; run->layers != NULL && k < run->n_layers; k++)
        free(run->layers[k].name);
    free(run->layers);
    memset(run, 0, sizeof *run);
}

const struct field *run_param(const struct run *run, const char *key)
{
    for (size_t k = 0; k < run->n_params; k++)
        if (strcmp(run->params[k].key, key) == 0)
            return &run->params[k];
    return NULL;
}

int32_t run_layer(const struct run *run, const char *name)
{
    for (size_t k = 0; k < run->n_layers; k++)
        if (strcmp(run->layers[k].name, name) == 0)
            return (int32_t)k;
    return -1;
}

void snapshot_release(struct snapshot *snapshot)
{
    for (size_t k = 0; snapshot->variables != NULL && k < snapshot->n_variables; k++)
        free(snapshot->variables[k].distances);
    free(snapshot->variables);
    metrics_free(snapshot->metrics, snapshot->n_metrics);
    free(snapshot->labels);
    memset(snapshot, 0, sizeof *snapshot);
}

void metrics_free(struct metric *metrics, size_t count)
{
    for (size_t k = 0; metrics != NULL && k < count; k++)
        free(metrics[k].name);
    free(metrics);
}
