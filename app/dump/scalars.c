#include <math.h>
#include <string.h>

#include <dump/scalars.h>

/* Shape () or (1,): looked at in the header, so that nothing larger is ever read. */
static enum ifl_status read_scalar(struct npy *out, struct archive *archive, size_t index, struct ifl_error *error)
{
    struct npy_header header;
    enum ifl_status status = archive_header(archive, index, &header, error);
    if (status != IFL_OK)
        return status;
    if (header.rank > 1 || header.count != 1)
        return ifl_fail(error, IFL_REFUSED, "%s: not a scalar", archive_key(archive, index));
    return archive_read(archive, index, out, error);
}

enum ifl_status scalar_integer(int64_t *out, struct archive *archive, size_t index, int64_t least,
                               struct ifl_error *error)
{
    struct npy array;
    int64_t value = 0;
    enum ifl_status status = read_scalar(&array, archive, index, error);
    if (status != IFL_OK)
        return status;
    if (!npy_integer(&array, 0, &value))
        status = ifl_fail(error, IFL_REFUSED, "%s: %g is not an integer", archive_key(archive, index),
                          npy_number(&array, 0));
    else if (value < least)
        status = ifl_fail(error, IFL_REFUSED, "%s: %lld is less than %lld", archive_key(archive, index),
                          (long long)value, (long long)least);
    else
        *out = value;
    npy_release(&array);
    return status;
}

static enum ifl_status scalar_number(double *out, struct archive *archive, size_t index, struct ifl_error *error)
{
    struct npy array;
    enum ifl_status status = read_scalar(&array, archive, index, error);
    if (status != IFL_OK)
        return status;
    *out = npy_number(&array, 0);
    npy_release(&array);
    return IFL_OK;
}

static enum ifl_status read_epoch(struct snapshot *snapshot, ptrdiff_t index, struct archive *archive,
                                  const struct dump_input *input, struct ifl_error *error)
{
    snapshot->epoch = NAN;
    if (index == ABSENT)
        return IFL_OK;
    double epoch = NAN;
    enum ifl_status status = scalar_number(&epoch, archive, (size_t)index, error);
    if (status != IFL_OK)
        return status;
    if (!isfinite(epoch))
        dump_note(input, archive_key(archive, (size_t)index), "not finite, left out");
    else
        snapshot->epoch = epoch;
    return IFL_OK;
}

/* Appends the metric, for which there is room, if it is a finite number. */
static enum ifl_status read_metric(struct snapshot *snapshot, size_t index, struct archive *archive,
                                   const struct dump_input *input, struct ifl_error *error)
{
    const char *key = archive_key(archive, index);
    const char *name = key_after(key, "metrics/");
    double value = NAN;
    if (*name == '\0')
        return ifl_fail(error, IFL_REFUSED, "%s: a metric without a name", key);
    if (strlen(name) > input->limits->name)
        return ifl_fail(error, IFL_REFUSED, "%s: name longer than %zu bytes", key, input->limits->name);
    enum ifl_status status = scalar_number(&value, archive, index, error);
    if (status != IFL_OK)
        return status;
    if (!isfinite(value)) {
        dump_note(input, key, "not finite, left out");
        return IFL_OK;
    }
    struct metric metric = {.name = strdup(name), .value = value};
    if (metric.name == NULL)
        return dump_no_memory(error);
    snapshot->metrics[snapshot->n_metrics++] = metric;
    return IFL_OK;
}

enum ifl_status scalars_read(struct snapshot *snapshot, const struct contents *contents, struct archive *archive,
                             const struct dump_input *input, struct ifl_error *error)
{
    enum ifl_status status = scalar_integer(&snapshot->step, archive, (size_t)contents->step, 0, error);
    if (status == IFL_OK && contents->batch != ABSENT)
        status = scalar_integer(&snapshot->batch, archive, (size_t)contents->batch, 0, error);
    if (status == IFL_OK)
        status = read_epoch(snapshot, contents->epoch, archive, input, error);
    if (status != IFL_OK)
        return status;
    snapshot->metrics = ifl_alloc(contents->n_metrics, sizeof *snapshot->metrics);
    if (snapshot->metrics == NULL)
        return dump_no_memory(error);
    for (size_t k = 0; k < contents->n_metrics && status == IFL_OK; k++)
        status = read_metric(snapshot, contents->metrics[k], archive, input, error);
    return status;
}
